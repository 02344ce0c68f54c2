// Typed syntax tree of HCL native syntax (the words are HCL's own). Nodes live in an Arena, are trivially
// destructible and refer to the artifact's bytes; every node knows its byte-exact region. There is one
// tree, made by one builder (parser.h), whatever the state of the file.
//
// Limits::nesting bounds how deep brackets, blocks, templates, unary operators and conditionals nest. Chains that lean
// to the left (a + b + c, a[x][y], a.*.b[0].*.c) do not count: whoever walks BinaryExpression::left or the base of an
// index, relative traversal or splat has to do so in a loop, or count depth.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "source/origin.h"
#include "source/region.h"

namespace gabion::syntax::hcl {

using source::Region;

enum class ExpressionKind : std::uint8_t {
  kNull,       ///< null
  kBool,       ///< true, false
  kNumber,     ///< number literal
  kTemplate,   ///< quoted string or heredoc, with or without interpolations
  kTraversal,  ///< a.b[0].c with a root name and constant steps
  kRelative,   ///< constant steps applied to another expression: f(x).a
  kIndex,      ///< e[key] with a key that is not constant
  kSplat,      ///< e[*].a, e.*.a
  kFunctionCall,
  kConditional,
  kBinary,
  kUnary,
  kParentheses,
  kTuple,
  kObject,
  kFor,
  kError,  ///< what could not be parsed
};

/// Base of all expressions, and the origin of a value that is written as one. `region` covers the whole expression,
/// parentheses and quotes included.
struct Expression : source::Origin {
  constexpr Expression(ExpressionKind which, Region place)
      : Origin(source::OriginKind::kExpression, place), kind(which) {}

  ExpressionKind kind;
};
static_assert(sizeof(Expression) == sizeof(source::Origin));

/// The literal null.
struct NullLiteral : Expression {};
struct BoolLiteral : Expression {
  bool value;
};
/// The digits as written ("1e5", "00012", also "1.e5"); their value is the evaluator's business.
struct NumberLiteral : Expression {
  std::string_view text;
};

enum class StepKind : std::uint8_t { kAttribute, kIndexNumber, kIndexString };
/// One constant step: ".name", ".0" (legacy index), "[0]", "[\"key\"]".
struct Step {
  StepKind kind;
  bool legacy;              ///< ".0" rather than "[0]"
  std::string_view name;    ///< attribute name or unescaped string key
  std::string_view number;  ///< digits of a number index, as written
  Region region;            ///< from the dot or bracket to the end of the step
};

/// A reference: root name and constant steps.
struct Traversal : Expression {
  std::string_view root;
  std::span<const Step> steps;

  /// Where the root stands: at the beginning.
  [[nodiscard]] Region root_region() const {
    const auto size = static_cast<std::uint32_t>(root.size());
    return {region.artifact, region.begin, std::min(region.begin + size, region.end)};
  }
};
/// Constant steps on an expression that is not a plain reference.
struct RelativeTraversal : Expression {
  const Expression* base;
  std::span<const Step> steps;
};
struct IndexExpression : Expression {
  const Expression* base;
  const Expression* key;
};
/// `full` for "[*]"; legacy ".*" stops at the next index step. The steps after it apply to each element.
struct SplatExpression : Expression {
  const Expression* base;
  bool full;
  Region marker;  ///< the "[*]" or ".*"
  /// What is evaluated for each element, with `item` (an AnonymousItem) standing for it; equal to `item` when
  /// nothing follows the marker.
  const Expression* each;
  const Expression* item;
};
/// Stands for the current element inside SplatExpression::each. Has kind kTraversal with an empty root.

struct FunctionCall : Expression {
  std::string_view name;  ///< with namespaces as written: "provider::aws::arn_parse"
  Region name_region;
  std::span<const Expression* const> arguments;
  bool expand_final;  ///< last argument is followed by "..."
};
struct ConditionalExpression : Expression {
  const Expression* condition;
  const Expression* true_result;
  const Expression* false_result;
};

enum class BinaryOperator : std::uint8_t {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo
};
enum class UnaryOperator : std::uint8_t { kNegate, kNot };
struct BinaryExpression : Expression {
  BinaryOperator op;
  Region operator_region;
  const Expression* left;
  const Expression* right;
};
struct UnaryExpression : Expression {
  UnaryOperator op;
  const Expression* operand;
};
struct ParenthesesExpression : Expression {
  const Expression* inner;
};
struct TupleExpression : Expression {
  std::span<const Expression* const> elements;
};
struct ObjectItem {
  const Expression* key;  ///< a bare name is a Traversal without steps: see `key_is_name`
  const Expression* value;
  bool key_is_name;  ///< the key is a bare word, which means its own text

  /// From the key to the end of the value.
  [[nodiscard]] Region region() const { return {key->region.artifact, key->region.begin, value->region.end}; }
};
struct ObjectExpression : Expression {
  std::span<const ObjectItem> items;
};
struct ForExpression : Expression {
  std::string_view key_variable;  ///< empty when there is only one variable
  std::string_view value_variable;
  const Expression* collection;
  const Expression* key;  ///< object result only, else null
  const Expression* value;
  const Expression* condition;  ///< null without "if"
  bool grouping;                ///< "..." after the value
  bool is_object;               ///< { for ... } rather than [ for ... ]
};
/// What could not be parsed.
struct ErrorExpression : Expression {};

enum class TemplatePartKind : std::uint8_t { kLiteral, kInterpolation, kIf, kFor };
struct Directive;
/// A piece of a template. Most are literal and there are many, so it has room for what one kind holds.
class TemplatePart {
 public:
  /// A literal; of more than a gigabyte, the rest is not kept.
  TemplatePart(Region place, std::string_view literal)
      : region(place),
        size_(static_cast<std::uint32_t>(std::min(literal.size(), kLargest)) & kLargest),
        kind(TemplatePartKind::kLiteral),
        text_(literal.data()) {}
  TemplatePart(Region place, const Expression* interpolated)
      : region(place), size_(0), kind(TemplatePartKind::kInterpolation), expression_(interpolated) {}
  /// An if or a for.
  TemplatePart(TemplatePartKind which, Region place, const Directive* directive)
      : region(place), size_(0), kind(which), directive_(directive) {}

  Region region;  ///< as written, with ${ } or %{ } markers

 private:
  static constexpr std::size_t kLargest = 0x3fffffff;
  std::uint32_t size_ : 30;  ///< of a literal

 public:
  TemplatePartKind kind : 2;

  /// Of a literal: after escapes, heredoc indentation and strip markers.
  [[nodiscard]] std::string_view text() const {
    return kind == TemplatePartKind::kLiteral ? std::string_view(text_, size_) : std::string_view();
  }
  /// Of an interpolation; condition of an if; collection of a for; null for a literal.
  [[nodiscard]] const Expression* expression() const;
  /// Of an if or a for, else null.
  [[nodiscard]] const Directive* directive() const {
    return kind == TemplatePartKind::kIf || kind == TemplatePartKind::kFor ? directive_ : nullptr;
  }
  /// The parts below: of a directive's body and of its else.
  [[nodiscard]] std::span<const TemplatePart> body() const;
  [[nodiscard]] std::span<const TemplatePart> otherwise() const;

 private:
  union {
    const char* text_;
    const Expression* expression_;
    const Directive* directive_;
  };
};
static_assert(sizeof(TemplatePart) == 24);
/// An if or a for.
struct Directive {
  const Expression* expression;             ///< condition or collection
  std::string_view key_variable;            ///< for; empty when there is only one variable
  std::string_view value_variable;          ///< for
  std::span<const TemplatePart> body;       ///< if (true), for
  std::span<const TemplatePart> otherwise;  ///< else
  bool has_else;
};
inline const Expression* TemplatePart::expression() const {
  const Directive* outer = directive();
  return outer != nullptr ? outer->expression : kind == TemplatePartKind::kInterpolation ? expression_ : nullptr;
}
inline std::span<const TemplatePart> TemplatePart::body() const {
  return directive() == nullptr ? std::span<const TemplatePart>() : directive_->body;
}
inline std::span<const TemplatePart> TemplatePart::otherwise() const {
  return directive() == nullptr ? std::span<const TemplatePart>() : directive_->otherwise;
}
enum class TemplateKind : std::uint8_t { kQuoted, kHeredoc, kHeredocIndented, kBare };
/// How many parts a template has, which says how it is kept.
enum class TemplateParts : std::uint8_t { kNone, kOneLiteral, kList };
/// A string with its parts. A plain string has no part or one literal part, as nearly all of them.
/// A template that is one interpolation and nothing else ("${x}") keeps the value's type.
struct TemplateExpression : Expression {
  TemplateKind form : 2;
  TemplateParts kept_as : 2;

  /// Between the quotes or heredoc marker lines.
  [[nodiscard]] Region content() const;
  [[nodiscard]] std::span<const TemplatePart> parts() const;
  /// The marker of a heredoc; empty for other forms.
  [[nodiscard]] std::string_view delimiter() const;

  /// True when there is no interpolation or directive.
  [[nodiscard]] bool is_literal() const {
    return parts().empty() || (parts().size() == 1 && parts()[0].kind == TemplatePartKind::kLiteral);
  }
  [[nodiscard]] std::string_view literal() const { return parts().empty() ? std::string_view{} : parts()[0].text(); }

 protected:
  TemplateExpression(Region all, TemplateKind how, TemplateParts kept)
      : Expression(ExpressionKind::kTemplate, all), form(how), kept_as(kept) {}
};
/// A template with nothing in it.
struct EmptyTemplate : TemplateExpression {
  EmptyTemplate(Region all, TemplateKind how, Region content)
      : TemplateExpression(all, how, TemplateParts::kNone), inside(content) {}

  Region inside;
};
/// A template of one literal, which is all of its content.
struct PlainTemplate : TemplateExpression {
  PlainTemplate(Region all, TemplateKind how, TemplatePart literal)
      : TemplateExpression(all, how, TemplateParts::kOneLiteral), part(literal) {}

  TemplatePart part;
};
static_assert(sizeof(PlainTemplate) == 40);
/// A template with a list of parts. One with a heredoc form is a HeredocExpression.
struct TemplateOfParts : TemplateExpression {
  TemplateOfParts(Region all, TemplateKind how, Region content, std::span<const TemplatePart> pieces)
      : TemplateExpression(all, how, TemplateParts::kList), list(pieces), inside(content) {}

  std::span<const TemplatePart> list;
  Region inside;
};
/// A template with one of the heredoc forms.
struct HeredocExpression : TemplateOfParts {
  HeredocExpression(Region all, TemplateKind how, Region content, std::span<const TemplatePart> pieces,
                    std::string_view name)
      : TemplateOfParts(all, how, content, pieces), marker(name) {}

  std::string_view marker;
};
inline std::span<const TemplatePart> TemplateExpression::parts() const {
  switch (kept_as) {
    case TemplateParts::kOneLiteral:
      return {&static_cast<const PlainTemplate&>(*this).part, 1};
    case TemplateParts::kList:
      return static_cast<const TemplateOfParts&>(*this).list;
    default:
      return {};
  }
}
inline Region TemplateExpression::content() const {
  switch (kept_as) {
    case TemplateParts::kOneLiteral:
      return static_cast<const PlainTemplate&>(*this).part.region;
    case TemplateParts::kList:
      return static_cast<const TemplateOfParts&>(*this).inside;
    default:
      return static_cast<const EmptyTemplate&>(*this).inside;
  }
}
inline std::string_view TemplateExpression::delimiter() const {
  const bool heredoc = form == TemplateKind::kHeredoc || form == TemplateKind::kHeredocIndented;
  return heredoc ? static_cast<const HeredocExpression&>(*this).marker : std::string_view();
}

/// name = expression
struct Attribute {
  constexpr Attribute() = default;
  constexpr Attribute(std::string_view which, const Expression* value, Region name_place, Region all)
      : name(which), expression(value), region(all), name_size(name_place.size()) {}

  std::string_view name;
  const Expression* expression = nullptr;
  Region region;                ///< from the name to the end of the expression
  std::uint32_t name_size = 0;  ///< bytes of the name as written

  [[nodiscard]] constexpr Region name_region() const {
    return {region.artifact, region.begin, region.begin + name_size};
  }
};
static_assert(sizeof(Attribute) == 40);

struct Body;

/// A label as written: quoted or a bare word.
class Label {
 public:
  /// Of a text of more than two gigabytes, the rest is not kept.
  Label(std::string_view text, bool in_quotes, Region place)
      : region(place),
        size_(static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), 0x7fffffffU)) & 0x7fffffffU),
        quoted(in_quotes),
        text_(text.data()) {}

  Region region;

 private:
  std::uint32_t size_ : 31;

 public:
  bool quoted : 1;

  [[nodiscard]] std::string_view text() const { return {text_, size_}; }

 private:
  const char* text_;
};
static_assert(sizeof(Label) == 24);
/// type "label" { body }
struct Block {
  std::string_view type;
  std::span<const Label> labels;
  const Body* body;  ///< what is between its braces
  Region header;     ///< from the type to the last label
  Region region;     ///< from the type to the closing brace

  [[nodiscard]] Region open_brace() const;
  /// An empty region at the end of the body when recovery had to assume it.
  [[nodiscard]] Region close_brace() const;
};
static_assert(sizeof(Block) == 64);

/// Attributes and blocks of one body, both in source order.
struct Body {
  std::span<const Attribute> attributes;
  std::span<const Block> blocks;
  Region region;  ///< of a block's body: between the braces; of a file: all of it
  bool complete;  ///< false when recovery left something out of it

  /// The attribute of that name, or null.
  [[nodiscard]] const Attribute* attribute(std::string_view name) const {
    for (const Attribute& candidate : attributes) {
      if (candidate.name == name) {
        return &candidate;
      }
    }
    return nullptr;
  }
};

inline Region Block::open_brace() const {
  return {region.artifact, body->region.begin - 1, body->region.begin};
}
inline Region Block::close_brace() const {
  return {region.artifact, body->region.end, region.end};
}

/// Downcast after looking at the kind.
template <class T>
[[nodiscard]] const T& as(const Expression& expression) {
  return static_cast<const T&>(expression);
}

}  // namespace gabion::syntax::hcl
