// What AWS documents about global context keys: their types, which of them have lists, and in which requests they are
// there at all. Facts about AWS, not semantics of policies: the prover takes them as assumptions.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/prove.h"

namespace gabion::iam {

/// A key as the documentation describes it.
struct KnownKey {
  std::string_view key;  ///< lower case
  KeyType type = KeyType::kString;
  bool multivalued = false;
  bool always = false;      ///< in every request
  std::string_view sample;  ///< a value that people recognise, or empty
};

/// The documented key of that name in any case, or null.
[[nodiscard]] const KnownKey* find_known_key(std::string_view key);

/// Accounts and principals that a question mentions.
struct Mentioned {
  std::vector<std::string> accounts;
  std::vector<std::string> principals;  ///< exact ARNs
};

/// Facts about the keys of a question (folded names): which callers have them, and which exclude each other.
[[nodiscard]] std::vector<Fact> aws_facts(const std::set<std::string>& keys, const Mentioned& mentioned);

/// Name of the fact that a key is in every request.
[[nodiscard]] std::string always_present_fact(std::string_view key);

/// Actions that people recognise, for witnesses.
[[nodiscard]] std::span<const std::string_view> sample_actions();
/// A resource of the action's service.
[[nodiscard]] std::string_view sample_resource(std::string_view action);

}  // namespace gabion::iam
