#include "engine/identity.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
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

struct Move {
  std::string from;
  std::string to;
};

std::vector<Move> moves_of(const model::Configuration& configuration) {
  std::vector<Move> result;
  for (const model::Module& module : configuration.modules()) {
    const std::string prefix = module.address.empty() ? "" : std::string(module.address) + ".";
    for (const model::ConfigurationBlock& block : module.blocks) {
      if (block.kind != "moved" || block.syntax == nullptr) {
        continue;
      }
      const hcl::Attribute* from = block.syntax->body->attribute("from");
      const hcl::Attribute* to = block.syntax->body->attribute("to");
      const auto old_address = from == nullptr ? std::nullopt : address_of(*from->expression);
      const auto new_address = to == nullptr ? std::nullopt : address_of(*to->expression);
      if (old_address && new_address) {
        result.push_back({prefix + *old_address, prefix + *new_address});
      }
    }
  }
  return result;
}

/// Whether one of the addresses is this one or above it.
bool is_at_or_below(std::string_view address, const std::set<std::string_view>& targets) {
  std::size_t end = 0;
  do {
    end = address.find_first_of(".[", end + 1);
    if (targets.contains(address.substr(0, end))) {
      return true;
    }
  } while (end != std::string_view::npos);
  return false;
}

/// The address before a move, if the move is about it: the address itself or something below it.
std::optional<std::string> undo(const Move& move, const std::string& address) {
  // Most are about something else, which the last letter tells as a rule.
  if (move.to.empty() || address.size() < move.to.size() || address[move.to.size() - 1] != move.to.back() ||
      !address.starts_with(move.to)) {
    return std::nullopt;
  }
  const std::string rest = address.substr(move.to.size());
  if (!rest.empty() && rest.front() != '.' && rest.front() != '[') {
    return std::nullopt;
  }
  return move.from + rest;
}

/// Gives a finding the number that it has among those that are alike.
void number(findings::Finding& finding, std::uint32_t number) {
  for (std::string& identity : finding.identities) {
    identity = findings::fingerprint(identity, "", std::to_string(number));
  }
  finding.fingerprint = finding.identities.front();
}

}  // namespace

void trace_addresses(const model::Configuration& configuration, std::span<findings::Finding> findings) {
  const std::vector<Move> moves = findings.empty() ? std::vector<Move>{} : moves_of(configuration);
  std::set<std::string_view> targets;
  for (const Move& move : moves) {
    targets.insert(move.to);
  }
  const std::string root = configuration.directory() == "." ? "" : std::string(configuration.directory());
  for (findings::Finding& finding : findings) {
    finding.root = root;
    if (moves.empty() || !is_at_or_below(finding.resource, targets)) {
      continue;
    }
    std::string address = finding.resource;
    // Moves follow each other; one that was undone is not undone again, so that circles end.
    std::vector<bool> done(moves.size(), false);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < moves.size(); ++i) {
        if (done[i]) {
          continue;
        }
        if (auto before = undo(moves[i], address)) {
          done[i] = true;
          changed = true;
          address = std::move(*before);
          finding.former_addresses.push_back(address);
        }
      }
    }
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
