// What AWS documents about global context keys: their types, which of them have lists, and in which requests they are
// there at all. Facts about AWS, not semantics of policies: the prover takes them as assumptions.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
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

  /// More is known than that there are such keys: a type, or when they are there.
  [[nodiscard]] bool has_facts() const {
    return type != KeyType::kString || multivalued || always || key.starts_with("aws:");
  }
};

/// All documented keys, by name.
[[nodiscard]] std::span<const KnownKey> known_keys();

/// The documented key of that name in any case, or null.
[[nodiscard]] const KnownKey* find_known_key(std::string_view key);

/// Accounts and principals that a question mentions.
struct Mentioned {
  std::vector<std::string> accounts;
  std::vector<std::string> principals;  ///< exact ARNs
};

/// By PrincipalType.
using PrincipalTypes = std::bitset<8>;

/// Facts about the keys of a question (folded names, sorted): which callers have them, and which exclude each other.
/// What says nothing about callers of these types is left out.
[[nodiscard]] std::vector<Fact> aws_facts(std::span<const std::string_view> keys, const Mentioned& mentioned,
                                          PrincipalTypes callers);

/// What facts about AWS say of requests that do not carry a key.
struct Absence {
  bool possible = true;              ///< any request may go without it
  bool free = true;                  ///< and no fact is about the key at all
  bool tells_callers_apart = false;  ///< some callers never carry it
  std::string_view unless{};         ///< a key that does not come without it, folded; or empty
};

/// Of a key by its folded name, as far as callers of these types are concerned.
[[nodiscard]] Absence absence_of(std::string_view folded, PrincipalTypes callers);

/// Names of the facts that say what the caller's own keys hold.
inline constexpr std::string_view kCallerAccountFact = "aws:principalaccount is the caller's account";
inline constexpr std::string_view kCallerArnFact = "aws:principalarn is the caller, or the role of a session";

/// Name of the fact that a key is in every request.
[[nodiscard]] std::string always_present_fact(std::string_view key);
/// Name of the fact that a key has no empty values.
[[nodiscard]] std::string not_empty_fact(std::string_view key);
/// Name of the fact that no request is made at a time that is long over.
[[nodiscard]] std::string not_in_the_past_fact(std::string_view key);
/// Name of the fact about how accounts, users and roles are spelled; IAM itself would allow ':' in paths.
inline constexpr std::string_view kSpellingFact = "accounts have 12 digits, names and paths of users and roles no ':'";

/// What the values of a key are spelled like, by kSpellingFact.
enum class Spelling : std::uint8_t { kAny, kPrincipalArn, kAccount, kAccountOrAnonymous };
[[nodiscard]] Spelling spelling_of(std::string_view key);

/// Actions that people recognise, for witnesses.
[[nodiscard]] std::span<const std::string_view> sample_actions();
/// A resource of the action's service.
[[nodiscard]] std::string_view sample_resource(std::string_view action);

}  // namespace gabion::iam
