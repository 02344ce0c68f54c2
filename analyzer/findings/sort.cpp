#include <algorithm>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <utility>

#include "findings/finding.h"

namespace gabion::findings {
namespace {

/// Puts the entry with number order[i] at place i, one after the other where they are. `order` is used up.
void arrange(std::vector<Finding>& findings, std::vector<std::uint32_t>& order) {
  for (std::uint32_t start = 0; start < order.size(); ++start) {
    std::uint32_t place = start;
    while (order[place] != start) {
      const std::uint32_t from = order[place];
      std::swap(findings[place], findings[from]);
      order[place] = place;
      place = from;
    }
    order[place] = place;
  }
}

}  // namespace

void sort(std::vector<Finding>& findings, const source::ArtifactStore& artifacts) {
  // Ids of artifacts depend on the order of reading, paths do not. Findings without a place come first.
  const auto path = [&](const Finding& finding) {
    return finding.region.valid() ? artifacts.get(finding.region.artifact).path() : std::string_view();
  };
  const auto rule = [](const Finding& finding) {
    return finding.rule == nullptr ? std::string_view() : finding.rule->id;
  };
  const auto key = [&](std::uint32_t number) {
    const Finding& finding = findings[number];
    return std::tuple(path(finding), finding.region.begin, finding.region.end, rule(finding),
                      std::string_view(finding.resource), std::string_view(finding.message), number);
  };
  std::vector<std::uint32_t> order(findings.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  arrange(findings, order);
}

}  // namespace gabion::findings
