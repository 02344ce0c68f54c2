// Decides whether tests of one part of a request (the caller, the action, the resource, one context key) can all come
// out as wanted, and gives a value for which they do. The solver asks here for every set of literals it tries.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/problem.h"
#include "iam/text_search.h"

namespace gabion::iam {

/// An atom that must be true or false.
struct Literal {
  AtomId atom = 0;
  bool positive = true;
  friend bool operator==(const Literal&, const Literal&) = default;
};

/// Values of the policy variables of a pattern for which it matches the text, as far as they can be read off.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> capture(const Pattern& pattern, const std::string& text);

/// The resource that a request for the action has when a pattern without holes and variables is all that is asked of
/// it.
[[nodiscard]] std::optional<std::string> example_resource(std::string_view action, const Text& pattern);

/// The state of one context key.
struct KeyState {
  enum class Shape : std::uint8_t { kAbsent, kScalar, kList };
  Shape shape = Shape::kAbsent;
  std::vector<std::string> values;
};

class Theory {
 public:
  Theory(const Problem& problem, Search search, std::span<const std::string_view> actions);

  /// Steps that are left; searches stop at zero.
  [[nodiscard]] std::uint64_t& steps() { return steps_; }

  /// First caller for whom the literals hold.
  [[nodiscard]] std::optional<std::size_t> caller(std::span<const Literal> literals);
  [[nodiscard]] Found action(std::span<const Literal> literals, std::string& out);
  /// Another action with the literals, where requests for this one are never about the resource and one of the samples
  /// is: a witness should be a request that can be made.
  void fit_action(std::span<const Literal> literals, const std::string& resource, std::string& action);
  /// Whether there is an action, or a resource, with the literals, whichever: quicker when asked again and again.
  [[nodiscard]] Found some_action(std::span<const Literal> literals);
  [[nodiscard]] Found some_resource(std::span<const Literal> literals);
  /// `extra` are sets that come from links; `action` chooses samples.
  [[nodiscard]] Found resource(std::span<const Literal> literals, std::span<const TextLiteral> extra,
                               std::string_view action, std::string& out);
  /// Literals of key atoms (kKey) of one key. `extra` are further tests, from links.
  struct KeyTest {
    const KeyAtom* atom = nullptr;
    bool positive = true;
  };
  [[nodiscard]] Found key(KeyId key, std::span<const KeyTest> tests, KeyState& out);
  /// Whether there is a state with the tests, whichever: quicker when asked again and again.
  [[nodiscard]] Found some_state(KeyId key, std::span<const KeyTest> tests);
  /// A single value for several keys at once that is none of `excluded`.
  struct Shared {
    std::vector<KeyId> keys;
    std::vector<KeyTest> tests;
  };
  [[nodiscard]] Found shared_value(const Shared& shared, const std::vector<std::string>& excluded, std::string& out);
  /// Does a test hold for a concrete state?
  [[nodiscard]] bool holds(const KeyTest& test, const KeyState& state) const;

 private:
  /// A resource that was found, or that there is none, for literals alone.
  struct KnownResource {
    std::vector<Literal> literals;
    std::string action;
    Found found = Found::kNo;
    std::string text;
  };
  struct Unary {
    const ValueTest* test = nullptr;
    bool wanted = true;
    std::optional<bool> on_empty;  ///< whether the literal holds for ""
  };

  [[nodiscard]] TextQuestion about_action(std::span<const Literal> literals) const;
  /// An action that AWS has, for literals that hold of one which it does not have: patterns may be wider than what
  /// there is. Nothing when none is found.
  [[nodiscard]] std::optional<std::string> existing_action(std::span<const Literal> literals, std::string_view found);
  [[nodiscard]] TextQuestion about_resource(std::span<const Literal> literals) const;
  [[nodiscard]] bool holds_for(const Unary& unary, const std::string& value) const;
  /// `known`: texts to try before any others, where it does not matter which is found.
  [[nodiscard]] Found state(KeyId key, std::span<const KeyTest> tests, std::vector<FoundText>* known, KeyState& out);
  [[nodiscard]] Found value(std::span<const KeyId> keys, std::span<const Unary> tests,
                            const std::vector<std::string>& excluded, std::vector<FoundText>* known, std::string& out);
  [[nodiscard]] Found typed_value(const Key& key, std::span<const Unary> tests,
                                  const std::vector<std::string>& excluded, std::string& out);
  [[nodiscard]] Found text_value(const Key& key, std::span<const Unary> tests, const std::vector<std::string>& excluded,
                                 std::vector<FoundText>* known, std::string& out);
  [[nodiscard]] Found list(KeyId key, std::span<const KeyTest> tests, std::vector<FoundText>* known, KeyState& out);
  [[nodiscard]] std::optional<std::vector<Unary>> scalar_tests(std::span<const KeyTest> tests, bool in_list) const;

  const Problem& problem_;
  Search search_;
  std::vector<std::string_view> actions_;
  std::uint64_t steps_ = 0;
  std::vector<FoundText> known_actions_;
  std::vector<FoundText> known_resources_;
  std::vector<std::vector<FoundText>> known_values_;  ///< by key, once somebody asked
  std::vector<KnownResource> answers_;                ///< the last few
};

}  // namespace gabion::iam
