#include "lsp/syntax_at.h"

#include "syntax/hcl/walk.h"

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
    parts = inside->body();
  }
}

void descend(const Expression& outermost, std::uint32_t offset, SyntaxAt& found) {
  constexpr std::size_t kMaxDepth = 10'000;
  const Expression* at = &outermost;
  while (at != nullptr && found.expressions.size() < kMaxDepth) {
    found.expressions.push_back(at);
    if (at->kind == ExpressionKind::kTemplate) {
      add_loops(as<hcl::TemplateExpression>(*at).parts(), offset, found);
    }
    const Expression* next = nullptr;
    hcl::for_each_child(*at, [&](const Expression& child) {
      // Of two that touch, the one that begins here is meant.
      if (covers(child.region, offset) && (next == nullptr || child.region.begin == offset)) {
        next = &child;
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
        found.on_name = covers(attribute.name_region(), offset);
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
