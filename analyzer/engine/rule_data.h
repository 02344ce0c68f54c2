// A rule as data: what a rule file says, checked, with the place of every expression in that file. The build compiles
// the files of rules/ into constants of these types; users' files become the same types at run time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "findings/finding.h"

namespace gabion::engine {

/// Text of a rule file and where it starts there (1-based); empty text means "not given".
struct TextAt {
  std::string_view text;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  [[nodiscard]] constexpr bool given() const { return !text.empty(); }
};

/// A name and an expression.
struct NamedText {
  std::string_view name;
  TextAt value;
};

/// A parameter that users set in their configuration: `config.<name>` in expressions.
struct ParameterData {
  std::string_view name;
  TextAt type;      ///< type constraint: number, list(string) ...
  TextAt fallback;  ///< default, an expression
  std::string_view description;
};

/// Inserts a block into the judged resource or block.
struct InsertData {
  std::string_view type;           ///< block type
  std::span<const NamedText> set;  ///< its attributes, in order
};

/// Changes a policy document where it is written. Names in `set`, `add`, `remove` and `replace` are elements of
/// statements.
struct PolicyFixData {
  TextAt of;      ///< the document, for example self.assume_role_policy
  TextAt kind;    ///< identity, resource or trust
  TextAt where;   ///< which statements: a condition on `statement`; not given: none
  TextAt append;  ///< a statement to add, or a list of them
  TextAt keeps;   ///< formula: requests that must stay allowed
  std::span<const NamedText> set;
  std::span<const NamedText> add;
  std::span<const NamedText> remove;
  bool drop = false;    ///< the statements chosen go altogether
  bool widens = false;  ///< the fix is meant to allow more
  TextAt split;         ///< what of each statement chosen becomes a statement of its own, by elements of statements
  std::span<const NamedText> replace;  ///< texts of the element, each by what it becomes, changed where they stand
  TextAt version;                      ///< what the document's Version becomes
};

/// Adds a resource beside the judged one.
struct CompanionData {
  std::string_view type;
  TextAt name;                       ///< template; not given: the name of the judged resource
  std::span<const NamedText> set;    ///< attribute path = value expression
  std::span<const NamedText> refer;  ///< attribute path = attribute of the judged resource
  std::span<const NamedText> json;   ///< attribute path = value to write in jsonencode()
  bool once = false;                 ///< one for all instances of the judged resource
  TextAt when;                       ///< condition; not given: always
};

/// Adds a variable or a provider configuration to the module.
struct DeclareData {
  std::string_view block;          ///< variable or provider
  TextAt name;                     ///< template; names of variables are made free
  std::span<const NamedText> set;  ///< attribute path = value expression
};

/// Adds a line to a text file, which is made when there is none.
struct LineData {
  TextAt file;  ///< template: path below the directory of the module
  TextAt text;  ///< template
};

/// What mends a violation. Paths are dotted names below the judged object.
struct FixData {
  findings::Safety safety = findings::Safety::kSafe;
  TextAt title;                    ///< template; derived from the verbs when not given
  std::span<const NamedText> set;  ///< attribute path = value expression
  std::span<const InsertData> insert;
  std::span<const TextAt> remove;   ///< attribute or block paths
  std::span<const NamedText> add;   ///< attribute path = entries to add to its list or map
  std::span<const NamedText> take;  ///< attribute path = entries to take out of its list or map
  std::span<const PolicyFixData> policies;
  std::span<const CompanionData> companions;
  std::span<const TextAt> blocks;  ///< attributes to write as blocks
  std::span<const DeclareData> declares;
  std::span<const LineData> lines;
  TextAt on;  ///< another resource, which is edited instead of the judged one
  /// Ids of rules that have more to ask of what the fix makes: it may be made although they then find something.
  std::span<const TextAt> leads_to;
};

/// One condition of a rule with its message. A rule has one or several; each may report.
struct CheckData {
  TextAt given;     ///< applies only when true
  TextAt each;      ///< list to judge element by element; the element is `item`
  TextAt require;   ///< must be true
  TextAt unique;    ///< instead: what no other root module of the analysis may have as well, a value or a list
  TextAt message;   ///< template
  TextAt at;        ///< what the finding points at
  TextAt severity;  ///< expression that yields a severity name, when it differs from the rule's
  const FixData* fix = nullptr;
};

enum class ExampleKind : std::uint8_t { kBad, kGood, kUnknown };

/// An example of a rule file: documentation and test at once.
struct ExampleData {
  ExampleKind kind = ExampleKind::kGood;
  TextAt text;                        ///< Terraform; "# file: name" lines split it into several files
  TextAt fixed;                       ///< what the text becomes when the fix is applied
  TextAt by_hand;                     ///< what a fix by hand shows, with holes for what a person has to fill in
  std::string_view title;             ///< what the example shows
  std::span<const NamedText> config;  ///< parameters set for it
  std::uint32_t findings = 1;         ///< how many findings a bad example has
  std::optional<findings::Severity> severity{};  ///< of each of them, when the example says so
};

/// Framework and its controls, or peer and its rule ids.
struct NamedList {
  std::string_view name;
  std::span<const std::string_view> items;
};

/// A rule file.
struct RuleData {
  std::string_view path;  ///< of the file, for errors
  std::string_view id;
  std::string_view title;
  findings::Severity severity = findings::Severity::kMedium;
  std::string_view since;
  std::string_view why;
  std::span<const std::string_view> references;
  std::span<const NamedList> aliases;
  std::span<const NamedList> controls;
  std::span<const std::string_view> targets;  ///< resource types, or one of the words in kTargetWords
  std::span<const ParameterData> parameters;
  std::span<const NamedText> let;  ///< names for expressions, usable in all checks, evaluated when used
  std::span<const CheckData> checks;
  std::span<const ExampleData> examples;
};

}  // namespace gabion::engine
