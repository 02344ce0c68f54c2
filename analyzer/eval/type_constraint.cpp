// Type constraint expressions of variables: string, list(any), object({name = optional(string, "x")}).
#include <algorithm>
#include <string>
#include <vector>

#include "eval/evaluation.h"

namespace gabion::eval {

namespace {

using syntax::hcl::as;
using syntax::hcl::Expression;
using syntax::hcl::ExpressionKind;
using syntax::hcl::FunctionCall;

/// No names: defaults in type constraints are constants.
class NoNames final : public Scope {
 public:
  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, Context& context) const override {
    return {.value = make_error(context.arena, "variables may not be used here", reference.region),
            .consumed = reference.steps.size()};
  }
};

class TypeReader {
 public:
  TypeReader(Context& context, findings::Diagnostics& diagnostics) : context_(context), diagnostics_(diagnostics) {}

  const Type* read(const Expression& expression) {
    switch (expression.kind) {
      case ExpressionKind::kTraversal:
        return keyword(expression);
      case ExpressionKind::kFunctionCall:
        return constructor(as<FunctionCall>(expression));
      case ExpressionKind::kParentheses:
        return read(*as<syntax::hcl::ParenthesesExpression>(expression).inner);
      case ExpressionKind::kTemplate: {
        const auto& text = as<syntax::hcl::TemplateExpression>(expression);
        if (text.is_literal()) {
          return quoted(text);
        }
        break;
      }
      default:
        break;
    }
    return problem(expression.region, "this is not a type",
                   "write string, number, bool, any, list(...), map(...), object({...})");
  }

 private:
  const Type* problem(source::Region region, std::string message, std::string hint) {
    diagnostics_.push_back({.severity = findings::DiagnosticSeverity::kError,
                            .code = "type-constraint",
                            .message = std::move(message),
                            .hint = std::move(hint),
                            .region = region,
                            .path = {}});
    return &kDynamicType;
  }

  static const Type* simple(std::string_view name) {
    if (name == "string") {
      return &kStringType;
    }
    if (name == "number") {
      return &kNumberType;
    }
    if (name == "bool") {
      return &kBoolType;
    }
    return name == "any" ? &kDynamicType : nullptr;
  }

  const Type* keyword(const Expression& expression) {
    const auto& traversal = as<syntax::hcl::Traversal>(expression);
    if (traversal.steps.empty()) {
      if (const Type* type = simple(traversal.root)) {
        return type;
      }
      // Without an argument these mean collections of anything, from the days before type arguments.
      if (traversal.root == "list") {
        return list_type(context_.arena, kDynamicType);
      }
      if (traversal.root == "map") {
        return map_type(context_.arena, kDynamicType);
      }
      if (traversal.root == "set") {
        return set_type(context_.arena, kDynamicType);
      }
      if (traversal.root == "object" || traversal.root == "tuple") {
        return problem(expression.region, std::string(traversal.root) + " needs an argument that describes its parts",
                       traversal.root == "object" ? "write object({name = type})" : "write tuple([type])");
      }
    }
    return problem(expression.region, "\"" + std::string(traversal.root) + "\" is not the name of a type",
                   "write string, number, bool, any, list(...), set(...), map(...), object({...}) or tuple([...])");
  }

  /// Types in quotes, as Terraform 0.11 wrote them.
  const Type* quoted(const syntax::hcl::TemplateExpression& text) {
    const std::string_view name = text.literal();
    const Type* type = simple(name);
    if (name == "list") {
      type = list_type(context_.arena, kStringType);
    } else if (name == "map") {
      type = map_type(context_.arena, kStringType);
    }
    if (type == nullptr) {
      return problem(text.region, "\"" + std::string(name) + "\" is not the name of a type",
                     "write the type without quotes");
    }
    diagnostics_.push_back({.severity = findings::DiagnosticSeverity::kWarning,
                            .code = "quoted-type-constraint",
                            .message = "the type is in quotes, which Terraform no longer accepts",
                            .hint = "remove the quotes",
                            .region = text.region,
                            .path = {}});
    return type;
  }

  const Type* constructor(const FunctionCall& call) {
    if (call.name == "optional") {
      return problem(call.region, "optional() is meant for the attributes of an object type", "remove it here");
    }
    if (simple(call.name) != nullptr) {
      return problem(call.region, "type " + std::string(call.name) + " takes no argument", "remove the parentheses");
    }
    const bool collection = call.name == "list" || call.name == "set" || call.name == "map";
    if (!collection && call.name != "object" && call.name != "tuple") {
      return problem(call.name_region, "\"" + std::string(call.name) + "\" is not the name of a type",
                     "write list(...), set(...), map(...), object({...}) or tuple([...])");
    }
    if (call.arguments.size() != 1) {
      return problem(call.region, "type " + std::string(call.name) + " takes exactly one argument",
                     "give one argument");
    }
    const Expression& argument = *call.arguments[0];
    if (collection) {
      const Type* element = read(argument);
      return call.name == "list"  ? list_type(context_.arena, *element)
             : call.name == "set" ? set_type(context_.arena, *element)
                                  : map_type(context_.arena, *element);
    }
    return call.name == "object" ? object(argument) : tuple(argument);
  }

  const Type* tuple(const Expression& argument) {
    if (argument.kind != ExpressionKind::kTuple) {
      return problem(argument.region, "tuple takes a list of types", "write tuple([type, type])");
    }
    std::vector<const Type*> elements;
    for (const Expression* element : as<syntax::hcl::TupleExpression>(argument).elements) {
      elements.push_back(read(*element));
    }
    return tuple_type(context_.arena, elements);
  }

  const Type* object(const Expression& argument) {
    if (argument.kind != ExpressionKind::kObject) {
      return problem(argument.region, "object takes a map of attribute types", "write object({name = type})");
    }
    std::vector<AttributeType> attributes;
    for (const syntax::hcl::ObjectItem& item : as<syntax::hcl::ObjectExpression>(argument).items) {
      const std::optional<std::string_view> name = attribute_name(item);
      if (!name) {
        problem(item.key->region, "the name of an attribute must be a plain name", "write name = type");
        continue;
      }
      if (std::ranges::find(attributes, *name, &AttributeType::name) != attributes.end()) {
        problem(item.key->region, "attribute \"" + std::string(*name) + "\" occurs twice", "remove one of them");
        continue;
      }
      attributes.push_back(attribute(*name, *item.value));
    }
    return object_type(context_.arena, attributes);
  }

  std::optional<std::string_view> attribute_name(const syntax::hcl::ObjectItem& item) {
    if (item.key->kind == ExpressionKind::kTraversal && as<syntax::hcl::Traversal>(*item.key).steps.empty()) {
      return context_.arena.copy(as<syntax::hcl::Traversal>(*item.key).root);
    }
    if (item.key->kind == ExpressionKind::kTemplate) {
      const auto& text = as<syntax::hcl::TemplateExpression>(*item.key);
      if (text.is_literal()) {
        return context_.arena.copy(text.literal());
      }
    }
    return std::nullopt;
  }

  AttributeType attribute(std::string_view name, const Expression& expression) {
    if (expression.kind != ExpressionKind::kFunctionCall || as<FunctionCall>(expression).name != "optional") {
      return {.name = name, .type = read(expression)};
    }
    const auto& call = as<FunctionCall>(expression);
    if (call.arguments.empty() || call.arguments.size() > 2) {
      return {
          .name = name,
          .type = problem(call.region, "optional takes a type and possibly a default", "write optional(type, default)"),
          .optional = true};
    }
    AttributeType result{.name = name, .type = read(*call.arguments[0]), .optional = true};
    if (call.arguments.size() == 2) {
      const NoNames scope;
      const Value given = evaluate(*call.arguments[1], scope, context_);
      const Value value = convert(given, *result.type, context_);
      if (value.is_error()) {
        problem(call.arguments[1]->region,
                "the default does not have the attribute's type: " + std::string(value.error().message),
                "give a constant of that type");
      } else if (!value.is_null()) {
        result.fallback = context_.arena.make<Value>(value);
      }
    }
    return result;
  }

  Context& context_;
  findings::Diagnostics& diagnostics_;
};

}  // namespace

ParsedType parse_type(const syntax::hcl::Expression& expression, Context& context) {
  ParsedType result;
  result.type = TypeReader(context, result.diagnostics).read(expression);
  return result;
}

}  // namespace gabion::eval
