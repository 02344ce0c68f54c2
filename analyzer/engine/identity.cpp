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
/// is found: they are read once for a directory, and looked up by what an address has behind that of a module.
class Moves {
 public:
  explicit Moves(const model::Configuration& configuration) : modules_(configuration.modules()) {
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      if (const model::Module& module = modules_[i]; !written_in(module).moves.empty()) {
        by_address_.emplace(module.address, i);
        address_sizes_.resize(std::max(address_sizes_.size(), module.address.size() + 1));
        address_sizes_[module.address.size()] = true;
      }
    }
  }

  /// The addresses that something had before, the latest first. Moves follow each other, in the order in which they are
  /// written, over and over; one that was undone is not undone again, so that circles end.
  [[nodiscard]] std::vector<std::string> former(std::string address) {
    std::vector<std::string> result;
    std::set<Place> done;
    std::optional<Step> next = first_about(address, {}, done);
    while (next) {
      const auto& [from, to] = written_in(modules_[next->place.module]).moves[next->place.number];
      address.replace(next->begin, to.size(), from);
      result.push_back(address);
      done.insert(next->place);
      const std::optional<Step> behind =
          first_about(address, {.module = next->place.module, .number = next->place.number + 1}, done);
      next = behind ? behind : first_about(address, {}, done);
    }
    return result;
  }

 private:
  struct Move {
    std::string from;
    std::string to;
  };

  /// What is written in a directory, for all modules that are there.
  struct Written {
    std::vector<Move> moves;
    std::unordered_map<std::string_view, std::vector<std::size_t>, source::TextHash> by_target;
    std::vector<bool> sizes;  ///< of targets
  };

  /// A move of a module, by the number of that and its own in it. Their order is that of all moves.
  struct Place {
    std::size_t module = 0;
    std::size_t number = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
  };

  /// A move about an address, the part of which that it changes begins there.
  struct Step {
    Place place;
    std::size_t begin = 0;
  };

  [[nodiscard]] static std::optional<std::string> address_in(const hcl::Block& block, std::string_view name) {
    const hcl::Attribute* attribute = block.body->attribute(name);
    return attribute == nullptr ? std::nullopt : address_of(*attribute->expression);
  }

  [[nodiscard]] const Written& written_in(const model::Module& module) {
    const auto [known, is_new] = written_.try_emplace(module.directory);
    Written& written = known->second;
    if (!is_new) {
      return written;
    }
    for (const model::ConfigurationBlock& block : module.blocks) {
      if (block.kind != "moved" || block.syntax == nullptr) {
        continue;
      }
      auto from = address_in(*block.syntax, "from");
      auto to = address_in(*block.syntax, "to");
      if (from && to) {
        written.moves.push_back({std::move(*from), std::move(*to)});
      }
    }
    for (std::size_t i = 0; i < written.moves.size(); ++i) {
      const std::string_view to = written.moves[i].to;
      written.by_target[to].push_back(i);
      written.sizes.resize(std::max(written.sizes.size(), to.size() + 1));
      written.sizes[to.size()] = true;
    }
    return written;
  }

  /// The first move, from a place on, that led to the address or to something above it and is not done.
  [[nodiscard]] std::optional<Step> first_about(std::string_view address, Place from, const std::set<Place>& done) {
    std::optional<Step> first;
    const auto look_in = [&](std::string_view module, std::size_t begin) {
      if (module.size() >= address_sizes_.size() || !address_sizes_[module.size()]) {
        return;
      }
      const auto found = by_address_.find(module);
      if (found == by_address_.end() || found->second < from.module || (first && first->place.module < found->second)) {
        return;
      }
      if (const auto place = first_in(found->second, address.substr(begin), from, done);
          place && (!first || *place < first->place)) {
        first = {.place = *place, .begin = begin};
      }
    };
    if (by_address_.empty()) {
      return first;
    }
    look_in({}, 0);
    for (std::size_t end = address.find('.'); end != std::string_view::npos; end = address.find('.', end + 1)) {
      look_in(address.substr(0, end), end + 1);
    }
    return first;
  }

  /// The same among those of one module, about an address in that.
  [[nodiscard]] std::optional<Place> first_in(std::size_t module, std::string_view address, Place from,
                                              const std::set<Place>& done) {
    const Written& written = written_in(modules_[module]);
    std::optional<Place> first;
    const std::size_t most = std::min(address.size(), written.sizes.size() - 1);
    for (std::size_t end = 1; end <= most; ++end) {
      const bool ends = end == address.size() || address[end] == '.' || address[end] == '[';
      if (!ends || !written.sizes[end]) {
        continue;
      }
      const auto found = written.by_target.find(address.substr(0, end));
      if (found == written.by_target.end()) {
        continue;
      }
      const auto open = std::ranges::find_if(found->second, [&](std::size_t number) {
        const Place place{.module = module, .number = number};
        return place >= from && !done.contains(place);
      });
      if (open != found->second.end() && (!first || *open < first->number)) {
        first = {.module = module, .number = *open};
      }
    }
    return first;
  }

  std::span<const model::Module> modules_;
  std::unordered_map<std::string_view, std::size_t, source::TextHash> by_address_;  ///< numbers of modules with moves
  std::vector<bool> address_sizes_;                                                 ///< of these
  std::unordered_map<std::string_view, Written, source::TextHash> written_;         ///< by directories
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
  Moves moves(configuration);
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
