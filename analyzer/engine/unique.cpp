#include "engine/unique.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace gabion::engine {
namespace {

/// Do two claims surely (or perhaps, when a part is not known) say the same?
bool may_equal(const Claim& a, const Claim& b) {
  if (a.open || b.open) {
    return true;
  }
  if (a.parts.size() != b.parts.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    if (a.parts[i] && b.parts[i] && *a.parts[i] != *b.parts[i]) {
      return false;
    }
  }
  return true;
}

bool is_known(const Claim& claim) {
  return !claim.open && std::all_of(claim.parts.begin(), claim.parts.end(), [](const auto& part) { return part; });
}

/// Claims of two root modules, of different text: a module that both call does not compete with itself.
bool compete(const Claim& a, const Claim& b) {
  return a.root != b.root && a.finding.region != b.finding.region;
}

std::string place(source::Region region, const source::ArtifactStore& artifacts) {
  return std::string(artifacts.get(region.artifact).path()) + ":" + std::to_string(artifacts.begin_of(region).line);
}

/// The finding of a claim with the places of the others, which are sorted and not empty.
findings::Finding finding_of(const Claim& claim, const std::vector<const Claim*>& others,
                             const source::ArtifactStore& artifacts) {
  constexpr std::size_t kMaxSteps = 8;
  findings::Finding finding = claim.finding;
  finding.message += ", see " + place(others.front()->finding.region, artifacts);
  if (others.size() > 1) {
    finding.message += " and " + std::to_string(others.size() - 1) + " more";
  }
  for (std::size_t i = 0; i < std::min(others.size(), kMaxSteps); ++i) {
    finding.trace.push_back({others[i]->finding.region, "the same here"});
  }
  return finding;
}

/// Claims that say the same, by their places.
using Places = std::map<std::pair<std::string_view, std::uint32_t>, std::vector<const Claim*>>;

void add(const Claim& claim, const source::ArtifactStore& artifacts, Places& places) {
  const source::Region region = claim.finding.region;
  places[{artifacts.get(region.artifact).path(), region.begin}].push_back(&claim);
}

/// Those that compete with the claim, once for a place, in the order of places.
std::vector<const Claim*> rivals(const Claim& claim, const Places& places) {
  std::vector<const Claim*> result;
  for (const auto& [at, candidates] : places) {
    const auto rival =
        std::ranges::find_if(candidates, [&](const Claim* candidate) { return compete(claim, *candidate); });
    if (rival != candidates.end()) {
      result.push_back(*rival);
    }
  }
  return result;
}

}  // namespace

void settle(std::vector<Claim> claims, const source::ArtifactStore& artifacts, std::vector<findings::Finding>& findings,
            std::vector<findings::Unresolved>& unresolved) {
  std::erase_if(claims, [](const Claim& claim) { return !claim.finding.region.valid(); });
  std::map<std::pair<std::string_view, std::size_t>, std::vector<const Claim*>> by_check;
  for (const Claim& claim : claims) {
    by_check[{claim.finding.rule->id, claim.check}].push_back(&claim);
  }
  // Of which places a rule has spoken: where an earlier check says more, a later one is silent.
  std::set<std::tuple<std::string_view, source::Region, std::string_view>> settled;
  for (const auto& [check, made] : by_check) {
    std::map<std::vector<std::optional<std::string>>, Places> equal;
    for (const Claim* claim : made) {
      if (is_known(*claim)) {
        add(*claim, artifacts, equal[claim->parts]);
      }
    }
    std::vector<std::tuple<std::string_view, source::Region, std::string_view>> reported;
    for (const Claim* claim : made) {
      const std::tuple subject{check.first, claim->finding.region, std::string_view(claim->root)};
      if (settled.contains(subject)) {
        continue;
      }
      if (is_known(*claim)) {
        if (const auto others = rivals(*claim, equal[claim->parts]); !others.empty()) {
          findings.push_back(finding_of(*claim, others, artifacts));
          reported.push_back(subject);
        }
      } else if (const auto other = std::ranges::find_if(
                     made, [&](const Claim* one) { return compete(*claim, *one) && may_equal(*claim, *one); });
                 other != made.end()) {
        unresolved.push_back(claim->unresolved);
        unresolved.back().message += "; it may be the same at " + place((*other)->finding.region, artifacts);
      }
    }
    settled.insert(reported.begin(), reported.end());
  }
}

}  // namespace gabion::engine
