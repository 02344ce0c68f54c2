#include "engine/identity.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "findings/fingerprint.h"
#include "source/hash.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;

/// An address as instances print it: aws_x.a["k"], module.m[0].aws_y.b. Nothing for what is no address.
std::optional<std::string> address_of(const hcl::Expression& expression) {
  if (expression.kind != hcl::ExpressionKind::kTraversal) {
    return std::nullopt;
  }
  const auto& traversal = hcl::as<hcl::Traversal>(expression);
  std::string result(traversal.root);
  for (const hcl::Step& step : traversal.steps) {
    switch (step.kind) {
      case hcl::StepKind::kAttribute:
        result += "." + std::string(step.name);
        break;
      case hcl::StepKind::kIndexNumber:
        result += "[" + std::string(step.number) + "]";
        break;
      case hcl::StepKind::kIndexString:
        result += "[\"" + std::string(step.name) + "\"]";
        break;
    }
  }
  return result;
}

/// The `moved` blocks of a configuration. Modules that are called many times have many of them, and few are about what
/// is found.
class Moves {
 public:
  explicit Moves(const model::Configuration& configuration) {
    using Addresses = std::pair<std::optional<std::string>, std::optional<std::string>>;
    std::unordered_map<const hcl::Block*, Addresses> written;  // the same for all instances of a module
    for (const model::Module& module : configuration.modules()) {
      const std::string prefix = module.address.empty() ? "" : std::string(module.address) + ".";
      for (const model::ConfigurationBlock& block : module.blocks) {
        if (block.kind != "moved" || block.syntax == nullptr) {
          continue;
        }
        const auto [known, is_new] = written.try_emplace(block.syntax);
        auto& [from, to] = known->second;
        if (is_new) {
          from = address_in(*block.syntax, "from");
          to = address_in(*block.syntax, "to");
        }
        if (from && to) {
          moves_.push_back({prefix + *from, prefix + *to});
        }
      }
    }
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      const std::string_view to = moves_[i].to;
      by_target_[to].push_back(i);
      sizes_.resize(std::max(sizes_.size(), to.size() + 1));
      sizes_[to.size()] = true;
    }
  }

  /// The addresses that something had before, the latest first. Moves follow each other, in the order in which they are
  /// written, over and over; one that was undone is not undone again, so that circles end.
  [[nodiscard]] std::vector<std::string> former(std::string address) const {
    std::vector<std::string> result;
    std::set<std::size_t> done;
    std::optional<std::size_t> next = first_about(address, 0, done);
    while (next) {
      const auto& [from, to] = moves_[*next];
      address = from + address.substr(to.size());
      result.push_back(address);
      done.insert(*next);
      const std::optional<std::size_t> behind = first_about(address, *next + 1, done);
      next = behind ? behind : first_about(address, 0, done);
    }
    return result;
  }

 private:
  struct Move {
    std::string from;
    std::string to;
  };

  [[nodiscard]] static std::optional<std::string> address_in(const hcl::Block& block, std::string_view name) {
    const hcl::Attribute* attribute = block.body->attribute(name);
    return attribute == nullptr ? std::nullopt : address_of(*attribute->expression);
  }

  /// The first move, from a number on, that led to the address or to something above it and is not done.
  [[nodiscard]] std::optional<std::size_t> first_about(std::string_view address, std::size_t from,
                                                       const std::set<std::size_t>& done) const {
    std::optional<std::size_t> first;
    if (by_target_.empty()) {
      return first;
    }
    const std::size_t most = std::min(address.size(), sizes_.size() - 1);
    for (std::size_t end = 1; end <= most; ++end) {
      const bool ends = end == address.size() || address[end] == '.' || address[end] == '[';
      if (!ends || !sizes_[end]) {
        continue;
      }
      const auto found = by_target_.find(address.substr(0, end));
      if (found == by_target_.end()) {
        continue;
      }
      const auto open =
          std::ranges::find_if(found->second, [&](std::size_t move) { return move >= from && !done.contains(move); });
      if (open != found->second.end() && (!first || *open < *first)) {
        first = *open;
      }
    }
    return first;
  }

  std::vector<Move> moves_;
  std::unordered_map<std::string_view, std::vector<std::size_t>, source::TextHash> by_target_;
  std::vector<bool> sizes_;  ///< of targets
};

/// Gives a finding the number that it has among those that are alike.
void number(findings::Finding& finding, std::uint32_t number) {
  for (std::string& identity : finding.identities) {
    identity = findings::fingerprint(identity, "", std::to_string(number));
  }
  finding.fingerprint = finding.identities.front();
}

}  // namespace

void trace_addresses(const model::Configuration& configuration, std::span<findings::Finding> findings) {
  if (findings.empty()) {
    return;
  }
  const Moves moves(configuration);
  const std::string root = configuration.directory() == "." ? "" : std::string(configuration.directory());
  for (findings::Finding& finding : findings) {
    finding.root = root;
    finding.former_addresses = moves.former(finding.resource);
  }
}

void identify(findings::Finding& finding) {
  // Places and paths are left out on purpose; the message carries the values that were seen.
  const auto identity = [&](std::string_view address) {
    return findings::fingerprint(
        finding.rule->id, (finding.root.empty() ? "" : finding.root + ":") + std::string(address), finding.message);
  };
  finding.identities.clear();
  for (auto address = finding.former_addresses.rbegin(); address != finding.former_addresses.rend(); ++address) {
    finding.identities.push_back(identity(*address));
  }
  finding.identities.push_back(identity(finding.resource));
  // The oldest: it stays while the block says so, and what was known under a later address is known all the same.
  finding.fingerprint = finding.identities.front();
}

void tell_apart(std::span<findings::Finding> findings) {
  std::map<std::string, std::uint32_t> counts;
  for (findings::Finding& finding : findings) {
    if (const std::uint32_t count = ++counts[finding.fingerprint]; count > 1) {
      number(finding, count);
    }
  }
}

void tell_apart(findings::PackedFindings& findings) {
  // There may be very many, and few are alike: first which may be.
  const auto hash = [&](std::size_t i) { return static_cast<std::uint32_t>(source::hash_of(findings.fingerprint(i))); };
  std::vector<std::uint32_t> repeated;
  repeated.reserve(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    repeated.push_back(hash(i));
  }
  std::ranges::sort(repeated);
  auto kept = repeated.begin();
  for (auto next = repeated.begin(); next != repeated.end();) {
    const auto end = std::upper_bound(next, repeated.end(), *next);
    if (end - next > 1) {
      *kept++ = *next;
    }
    next = end;
  }
  repeated.erase(kept, repeated.end());
  std::map<std::string, std::uint32_t> counts;
  findings::Finding finding;
  for (std::size_t i = 0; !repeated.empty() && i < findings.size(); ++i) {
    if (!std::ranges::binary_search(repeated, hash(i))) {
      continue;
    }
    if (const std::uint32_t count = ++counts[findings.fingerprint(i)]; count > 1) {
      findings.read(i, finding);
      number(finding, count);
      findings.replace(i, finding);
    }
  }
  findings.close();
}

}  // namespace gabion::engine
