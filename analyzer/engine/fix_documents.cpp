#include "engine/fix_documents.h"

#include <algorithm>

#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using hcl::ExpressionKind;

/// Is all of it text, interpolations and literals of data, with calls of refer(), hole() and code() for given texts?
/// Notes what refer() is given.
bool hangs_on_references(const hcl::Expression& expression, std::vector<std::string_view>& referred) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
    case ExpressionKind::kParentheses:
    case ExpressionKind::kTuple:
    case ExpressionKind::kObject:
      break;
    case ExpressionKind::kTemplate:
      if (!std::ranges::all_of(hcl::as<hcl::TemplateExpression>(expression).parts(), [](const hcl::TemplatePart& part) {
            return part.kind == hcl::TemplatePartKind::kLiteral || part.kind == hcl::TemplatePartKind::kInterpolation;
          })) {
        return false;
      }
      break;
    case ExpressionKind::kFunctionCall: {
      const auto& call = hcl::as<hcl::FunctionCall>(expression);
      if ((call.name != "refer" && call.name != "hole" && call.name != "code") || call.expand_final ||
          call.arguments.size() != 1 || call.arguments[0]->kind != ExpressionKind::kTemplate) {
        return false;
      }
      const auto& given = hcl::as<hcl::TemplateExpression>(*call.arguments[0]);
      if (given.is_literal() && call.name == "refer" &&
          std::ranges::find(referred, given.literal()) == referred.end()) {
        referred.push_back(given.literal());
      }
      return given.is_literal();
    }
    default:
      return false;
  }
  bool all = true;
  hcl::for_each_child(expression,
                      [&](const hcl::Expression& child) { all = all && hangs_on_references(child, referred); });
  return all;
}

}  // namespace

const std::vector<std::string_view>* FixDocuments::referred(const hcl::Expression& expression) {
  auto known = documents_.find(&expression);
  if (known == documents_.end()) {
    Document made;
    if (!hangs_on_references(expression, made.referred.emplace())) {
      made.referred.reset();
    }
    known = documents_.emplace(&expression, std::move(made)).first;
  }
  const std::optional<std::vector<std::string_view>>& result = known->second.referred;
  return result ? &*result : nullptr;
}

const FixDocuments::Text* FixDocuments::find(const hcl::Expression& expression, const References& references,
                                             const FixStyle& style) const {
  const auto document = documents_.find(&expression);
  if (document == documents_.end()) {
    return nullptr;
  }
  const auto text = document->second.texts.find({references, style});
  return text == document->second.texts.end() ? nullptr : &text->second;
}

void FixDocuments::keep(const hcl::Expression& expression, References references, const FixStyle& style, Text text) {
  constexpr std::size_t kMost = 32;  // directories that write it in ways of their own
  auto& texts = documents_[&expression].texts;
  if (texts.size() == kMost) {
    texts.clear();
  }
  texts.insert_or_assign({std::move(references), style}, std::move(text));
}

}  // namespace gabion::engine
