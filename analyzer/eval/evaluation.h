// What the parts of the evaluator share: one function per kind of expression, and the handling of unknowns,
// alternatives and origins. Internal to eval; everybody else uses evaluator.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluator.h"
#include "eval/function.h"
#include "eval/symbol_text.h"

namespace gabion::eval {

// ---- One function per kind of expression. `evaluate` guards depth and budget and sets the origin of the result. ----

[[nodiscard]] Value evaluate_binary(const syntax::hcl::BinaryExpression& expression, const Scope& scope,
                                    Context& context);
[[nodiscard]] Value evaluate_unary(const syntax::hcl::UnaryExpression& expression, const Scope& scope,
                                   Context& context);
[[nodiscard]] Value evaluate_conditional(const syntax::hcl::ConditionalExpression& expression, const Scope& scope,
                                         Context& context);
[[nodiscard]] Value evaluate_template(const syntax::hcl::TemplateExpression& expression, const Scope& scope,
                                      Context& context);
[[nodiscard]] Value evaluate_traversal(const syntax::hcl::Traversal& expression, const Scope& scope, Context& context);
[[nodiscard]] Value evaluate_splat(const syntax::hcl::SplatExpression& expression, const Scope& scope,
                                   Context& context);
[[nodiscard]] Value evaluate_for(const syntax::hcl::ForExpression& expression, const Scope& scope, Context& context);
[[nodiscard]] Value evaluate_call(const syntax::hcl::FunctionCall& expression, const Scope& scope, Context& context);
[[nodiscard]] Value evaluate_tuple(const syntax::hcl::TupleExpression& expression, const Scope& scope,
                                   Context& context);
[[nodiscard]] Value evaluate_object(const syntax::hcl::ObjectExpression& expression, const Scope& scope,
                                    Context& context);

/// The literal that a template is of, where that stands in the file as it is meant: without escapes. Or null.
[[nodiscard]] inline const syntax::hcl::TemplatePart* written_text(const syntax::hcl::TemplateExpression& expression) {
  if (expression.kept_as != syntax::hcl::TemplateParts::kOneLiteral) {
    return nullptr;
  }
  const syntax::hcl::TemplatePart& part = static_cast<const syntax::hcl::PlainTemplate&>(expression).part;
  return part.region.size() == part.text().size() ? &part : nullptr;
}

/// What the names of built-in functions may begin with.
inline constexpr std::string_view kCore = "core::";

/// Whether evaluate_special_call() may know the function: few names begin as those do, and have their lengths.
[[nodiscard]] inline bool may_be_special(std::string_view name) {
  constexpr auto kLengths = [] {
    std::uint32_t lengths = 0;
    for (const std::string_view special : {"try", "can", "convert", "templatefile", "templatestring"}) {
      lengths |= 1U << special.size() | 1U << (special.size() + kCore.size());
    }
    return lengths;
  }();
  constexpr std::size_t kLongest = 31;
  return (name.starts_with('t') || name.starts_with('c')) && name.size() <= kLongest &&
         (kLengths >> name.size() & 1U) != 0;
}
/// try, can, templatefile and templatestring, which look at their arguments' syntax or parse; nothing for other names.
[[nodiscard]] std::optional<Value> evaluate_special_call(const syntax::hcl::FunctionCall& expression,
                                                         const Scope& scope, Context& context);
/// Calls a built-in function on evaluated arguments as cty's function package does.
[[nodiscard]] Value call_builtin(const Builtin& builtin, const Call& call, Context& context);

// ---- Unknowns. ----

/// The symbol that a result computed from these values depends on, or null when all of them are known.
[[nodiscard]] const Symbol* cause_of(std::span<const Value> values);
/// Unknown result computed from `causes`, of which one is unknown; never null.
[[nodiscard]] Value derived(std::string_view text, const Type& type, std::span<const Value> causes, Context& context);
/// Unknown that stands for what could not be evaluated for the given reason; equal to no other.
[[nodiscard]] Value unevaluated(Reason reason, std::string_view what, source::Region region, Context& context);
/// True for unknowns of which all possible values are listed.
[[nodiscard]] inline bool has_alternatives(const Value& value) {
  return !value.alternatives().empty();
}
/// Notes that evaluation may turn out to fail because of an unknown.
void put_in_doubt(Context& context, const Value& because);
/// True for an unknown condition that may turn out to be null or no boolean, which is an error.
[[nodiscard]] inline bool may_not_be_bool(const Value& condition) {
  return condition.is_unknown() && (!condition.unknown().not_null || condition.node().type()->kind != TypeKind::kBool);
}
/// What decides which alternative an unknown takes.
[[nodiscard]] inline const Symbol* choice_of(const Value& value) {
  return value.unknown().choice != nullptr ? value.unknown().choice : value.unknown().symbol;
}
/// An unknown whose alternatives, which must be `count` still, are picked by a symbol.
[[nodiscard]] Value picked_by(const Value& value, std::size_t count, const Symbol* choice, Context& context);
/// A list that may have one element, which is known, and no more, as the two lists that it may be; so with maps whose
/// one key is known. Any other value as it is. The first is the one that has it; what picks alternatives picks it, if
/// the collection hangs on that.
[[nodiscard]] Value none_or_one(const Value& collection, Context& context);
/// Of operands some of which have alternatives; for map_alternatives() alone.
[[nodiscard]] std::optional<Value> map_choices(std::span<const Value> operands, Context& context,
                                               const std::function<Value(std::span<const Value>)>& compute,
                                               const std::function<std::string()>& text);
/// The result of `compute` for each combination of the operands' alternatives, as alternatives again. Equal symbols
/// among the operands take the same alternative. Nothing when no operand has alternatives or there are too many
/// combinations.
template <class Compute, class Text>
[[nodiscard]] std::optional<Value> map_alternatives(std::span<const Value> operands, Context& context,
                                                    const Compute& compute, const Text& text) {
  // Few operands have any.
  return std::ranges::any_of(operands, has_alternatives)
             ? map_choices(operands, context, std::cref(compute), std::cref(text))
             : std::nullopt;
}
/// The value with unknowns replaced, at any depth, by what `replace` gives for them (nothing: kept).
[[nodiscard]] Value replace_unknowns(const Value& value, Context& context,
                                     const std::function<std::optional<Value>(const Value&)>& replace);
/// One element of an unknown collection whose elements look like `pattern`; `symbol` names the element.
[[nodiscard]] Value element_like(const Value& pattern, const Symbol& symbol, Context& context);
/// What stands for any element of an unknown collection in a loop at `place`.
[[nodiscard]] Value any_element(const Value& collection, source::Region place, Context& context);
[[nodiscard]] Value any_key(const Value& collection, source::Region place, Context& context);
/// The symbol of an attribute (".name") or element ("[0]") of something unknown.
[[nodiscard]] const Symbol* child_symbol(const Symbol& parent, std::string_view step, Context& context);
/// A reference as it is written, without white space.
[[nodiscard]] std::string_view reference_text(const syntax::hcl::Traversal& traversal, Context& context);
/// The step to what has this name in an object or map: however it is written, one thing has one symbol. ".a", ["a b"].
[[nodiscard]] std::string member_step(std::string_view name);
/// An unknown map or object as far as it stays what it is when it is brought to one type with others of which the types
/// are not known: numbers in it may become texts.
[[nodiscard]] Value before_unification(const Value& value, Context& context);
/// An element or attribute of an unknown value, by what is known of all of them.
[[nodiscard]] Value part_of_unknown(const Value& value, std::string_view step, const Type& type, Context& context);
/// Whether a name can stand in an expression without quotes.
[[nodiscard]] bool is_identifier(std::string_view text);

// ---- Origins. ----

/// Where what an expression there computes of a value comes from, given where that comes from. Nobody is told what a
/// rule computes of a value.
[[nodiscard]] inline const Origin* origin_of_computed(const Origin* from, source::Region region, Context& context) {
  return context.for_rules && from != nullptr ? from
                                              : make_origin(context.arena, OriginKind::kComputed, region, {}, from);
}

// ---- Iteration. ----

/// One turn of a loop.
struct Iteration {
  Value key;
  Value value;
};
/// The turns of a loop over a known collection, in Terraform's order.
[[nodiscard]] std::vector<Iteration> iterate(const Value& collection, Context& context);
/// An error when no loop can go over the value, whatever it turns out to be.
[[nodiscard]] std::optional<Value> not_iterable(const Value& collection, source::Region region, Context& context);

// ---- Strings with parts. ----

/// Puts a string together from literal text and values. Nulls and values that are no text make it an error.
class TemplateBuilder {
 public:
  /// With room for so many pieces.
  explicit TemplateBuilder(Context& context, std::size_t pieces = 0) : context_(context) { pieces_.reserve(pieces); }
  void add_literal(std::string_view text, source::Region region);
  void add_value(const Value& value, source::Region region);
  /// Marks of what decided over the parts: conditions and collections of directives.
  void add_marks(std::uint8_t marks);
  /// The string; its parts are kept when `keep_parts` or when there are several.
  [[nodiscard]] Value finish(source::Region region, bool keep_parts);

 private:
  struct Piece {
    std::string_view text;
    std::optional<Value> value;
    source::Region region;
  };
  [[nodiscard]] Value join(std::span<const Value> values, source::Region region, bool keep_parts) const;

  Context& context_;
  std::vector<Piece> pieces_;
  std::uint8_t marks_ = 0;
};

// ---- Marks and origins. ----

[[nodiscard]] std::uint8_t all_marks(std::span<const Value> values);
/// A value taken out of another one: without an origin of its own it has that one's.
[[nodiscard]] inline Value taken_from(const Value& container, const Value& value) {
  return value.origin() != nullptr || value.is_error() ? value : value.with_origin(container.origin());
}
/// The same for everything inside of a value, at any depth.
[[nodiscard]] Value spread_origin(const Value& value, Context& context);
/// Raises the depth while in scope.
class DepthGuard {
 public:
  explicit DepthGuard(Context& context) : context_(context) { ++context_.depth; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  ~DepthGuard() { --context_.depth; }

 private:
  Context& context_;
};

}  // namespace gabion::eval
