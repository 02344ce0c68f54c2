#include "lsp/syntax_at.h"

namespace gabion::lsp {
namespace {

namespace hcl = syntax::hcl;
using hcl::as;
using hcl::Expression;
using hcl::ExpressionKind;

/// A cursor behind the last character of something still means it.
bool covers(const source::Region& region, std::uint32_t offset) {
  return region.begin <= offset && offset <= region.end;
}

/// Calls `visit` with every expression right below one.
template <class Visit>
void each_child(const Expression& expression, const Visit& visit);

template <class Visit>
void each_part(std::span<const hcl::TemplatePart> parts, const Visit& visit, int depth) {
  constexpr int kMaxDepth = 250;
  for (const hcl::TemplatePart& part : parts) {
    visit(part.expression);
    if (depth < kMaxDepth) {
      each_part(part.body, visit, depth + 1);
      each_part(part.otherwise, visit, depth + 1);
    }
  }
}

template <class Visit>
void each_child(const Expression& expression, const Visit& visit) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
    case ExpressionKind::kTraversal:
    case ExpressionKind::kError:
      return;
    case ExpressionKind::kTemplate:
      each_part(as<hcl::TemplateExpression>(expression).parts, visit, 0);
      return;
    case ExpressionKind::kRelative:
      visit(as<hcl::RelativeTraversal>(expression).base);
      return;
    case ExpressionKind::kIndex:
      visit(as<hcl::IndexExpression>(expression).base);
      visit(as<hcl::IndexExpression>(expression).key);
      return;
    case ExpressionKind::kSplat:
      visit(as<hcl::SplatExpression>(expression).base);
      return;
    case ExpressionKind::kFunctionCall:
      for (const Expression* argument : as<hcl::FunctionCall>(expression).arguments) {
        visit(argument);
      }
      return;
    case ExpressionKind::kConditional:
      visit(as<hcl::ConditionalExpression>(expression).condition);
      visit(as<hcl::ConditionalExpression>(expression).true_result);
      visit(as<hcl::ConditionalExpression>(expression).false_result);
      return;
    case ExpressionKind::kBinary:
      visit(as<hcl::BinaryExpression>(expression).left);
      visit(as<hcl::BinaryExpression>(expression).right);
      return;
    case ExpressionKind::kUnary:
      visit(as<hcl::UnaryExpression>(expression).operand);
      return;
    case ExpressionKind::kParentheses:
      visit(as<hcl::ParenthesesExpression>(expression).inner);
      return;
    case ExpressionKind::kTuple:
      for (const Expression* element : as<hcl::TupleExpression>(expression).elements) {
        visit(element);
      }
      return;
    case ExpressionKind::kObject:
      for (const hcl::ObjectItem& item : as<hcl::ObjectExpression>(expression).items) {
        if (!item.key_is_name) {
          visit(item.key);
        }
        visit(item.value);
      }
      return;
    case ExpressionKind::kFor:
      for (const Expression* inner :
           {as<hcl::ForExpression>(expression).collection, as<hcl::ForExpression>(expression).key,
            as<hcl::ForExpression>(expression).value, as<hcl::ForExpression>(expression).condition}) {
        visit(inner);
      }
      return;
  }
}

/// The key of an object item stands for its value.
const Expression* item_at(const Expression& expression, std::uint32_t offset) {
  if (expression.kind == ExpressionKind::kObject) {
    for (const hcl::ObjectItem& item : as<hcl::ObjectExpression>(expression).items) {
      if (item.key_is_name && covers(item.key->region, offset)) {
        return item.value;
      }
    }
  }
  return nullptr;
}

void add_loops(std::span<const hcl::TemplatePart> parts, std::uint32_t offset, SyntaxAt& found) {
  constexpr int kMaxDepth = 250;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    const hcl::TemplatePart* inside = nullptr;
    for (const hcl::TemplatePart& part : parts) {
      if (part.kind == hcl::TemplatePartKind::kFor && covers(part.region, offset)) {
        inside = &part;
      }
    }
    if (inside == nullptr) {
      return;
    }
    found.loops.push_back(inside);
    parts = inside->body;
  }
}

void descend(const Expression& outermost, std::uint32_t offset, SyntaxAt& found) {
  constexpr std::size_t kMaxDepth = 10'000;
  const Expression* at = &outermost;
  while (at != nullptr && found.expressions.size() < kMaxDepth) {
    found.expressions.push_back(at);
    if (at->kind == ExpressionKind::kTemplate) {
      add_loops(as<hcl::TemplateExpression>(*at).parts, offset, found);
    }
    const Expression* next = nullptr;
    each_child(*at, [&](const Expression* child) {
      // Of two that touch, the one that begins here is meant.
      if (child != nullptr && covers(child->region, offset) && (next == nullptr || child->region.begin == offset)) {
        next = child;
      }
    });
    if (next == nullptr) {
      if (const Expression* value = item_at(*at, offset)) {
        found.expressions.push_back(value);
      }
    }
    at = next;
  }
}

}  // namespace

SyntaxAt syntax_at(const hcl::Body& body, std::uint32_t offset) {
  SyntaxAt found;
  const hcl::Body* at = &body;
  constexpr std::size_t kMaxDepth = 1000;
  while (at != nullptr && found.blocks.size() < kMaxDepth) {
    const hcl::Body* next = nullptr;
    for (const hcl::Attribute& attribute : at->attributes) {
      if (covers(attribute.region, offset)) {
        found.attribute = &attribute;
        found.on_name = covers(attribute.name_region, offset);
        if (covers(attribute.expression->region, offset)) {
          descend(*attribute.expression, offset, found);
        }
        return found;
      }
    }
    for (const hcl::Block& block : at->blocks) {
      if (covers(block.region, offset)) {
        found.blocks.push_back(&block);
        found.on_header = covers(block.header, offset);
        next = found.on_header ? nullptr : block.body;
        break;
      }
    }
    at = next;
  }
  return found;
}

}  // namespace gabion::lsp
