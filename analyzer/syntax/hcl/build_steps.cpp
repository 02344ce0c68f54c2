// What follows a term: attributes, indexes and splats.
#include <string>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

const Expression* Builder::steps_after(const Expression* from, Traversal* root) {
  const std::size_t mark = steps_.size();
  for (;;) {
    skip();
    const char c = look();
    if (c == '.') {
      if (at_ellipsis()) {
        break;
      }
      const char* const dot = cursor_++;
      skip();
      if (look() == '*') {
        from = attribute_splat(flush_steps(mark, from, root), dot);
        root = nullptr;
        if (from == nullptr) {
          return nullptr;
        }
      } else if (!dot_step(dot)) {
        return nullptr;
      }
    } else if (c == '[') {
      from = bracket_step(from, root, mark);
      if (from == nullptr) {
        return nullptr;
      }
    } else {
      break;
    }
  }
  return flush_steps(mark, from, root);
}

/// Puts the steps above `mark` onto `from`.
const Expression* Builder::flush_steps(std::size_t mark, const Expression* from, Traversal*& root) {
  if (steps_.size() == mark) {
    return from;
  }
  const auto steps = arena_.copy(std::span<const Step>(steps_).subspan(mark));
  steps_.resize(mark);
  const Region all{region_.artifact, from->region.begin, steps.back().region.end};
  if (root != nullptr) {
    root->steps = steps;
    root->region = all;
    root = nullptr;
    return from;
  }
  return arena_.make<RelativeTraversal>(Expression{ExpressionKind::kRelative, all}, from, steps);
}

bool Builder::dot_step(const char* dot) {
  const char* const begin = cursor_;
  const char* end = after_identifier(begin);
  if (end != begin) {
    cursor_ = end;
    steps_.push_back({StepKind::kAttribute, false, text(begin, end), {}, region(dot, end)});
    return true;
  }
  if (!is(look(), kDigit)) {
    unexpected("hcl-expected-attribute-name", "the name of an attribute after \".\"");
    return false;
  }
  end = after_number(begin);
  const std::string_view digits = text(begin, end);
  if (const std::size_t point = digits.find('.'); point != std::string_view::npos) {
    fail(begin, end, "hcl-legacy-index", "saw \"" + std::string(digits) + "\" after \".\", expected one index",
         "write [" + std::string(digits.substr(0, point)) + "][" + std::string(digits.substr(point + 1)) + "]");
    return false;
  }
  if (!check_number(begin, end)) {
    return false;
  }
  cursor_ = end;
  steps_.push_back({StepKind::kIndexNumber, true, {}, digits, region(dot, end)});
  return true;
}

/// ".*" takes the ".name" and ".0" steps behind it; the cursor is on the star.
const Expression* Builder::attribute_splat(const Expression* from, const char* dot) {
  ++cursor_;
  const Region marker = region(dot, cursor_);
  const Expression* item = anonymous_item(marker);
  const std::size_t mark = steps_.size();
  for (;;) {
    skip();
    if (look() != '.' || at_ellipsis()) {
      break;
    }
    const char* const next_dot = cursor_++;
    skip();
    if (look() == '*') {
      return unexpected("hcl-nested-splat", "the name of an attribute after \".\"",
                        "\".*\" cannot be used twice in a row; use \"[*]\"");
    }
    if (!dot_step(next_dot)) {
      return nullptr;
    }
  }
  Traversal* no_root = nullptr;
  const Expression* each = flush_steps(mark, item, no_root);
  return arena_.make<SplatExpression>(
      Expression{ExpressionKind::kSplat, {region_.artifact, from->region.begin, each->region.end}}, from, false, marker,
      each, item);
}

/// "[*]" takes all steps behind it; the cursor is on the star.
const Expression* Builder::full_splat(const Expression* from, const char* bracket) {
  ++cursor_;
  skip();
  if (look() != ']') {
    return unclosed(bracket, "hcl-unclosed-bracket", "index", "\"]\" after \"[*\"");
  }
  ++cursor_;
  const Region marker = region(bracket, cursor_);
  const Expression* item = anonymous_item(marker);
  if (!enter()) {
    return nullptr;
  }
  const Expression* each = steps_after(item, nullptr);
  leave();
  if (each == nullptr) {
    return nullptr;
  }
  return arena_.make<SplatExpression>(
      Expression{ExpressionKind::kSplat, {region_.artifact, from->region.begin, each->region.end}}, from, true, marker,
      each, item);
}

/// A "[...]": a constant key becomes a step, others an IndexExpression or a splat.
const Expression* Builder::bracket_step(const Expression* from, Traversal*& root, std::size_t mark) {
  const char* const open = cursor_++;
  skip();  // newlines still mean what they mean outside: HashiCorp's parser looks for the star first
  if (look() == '*') {
    const Expression* base = flush_steps(mark, from, root);
    root = nullptr;
    return full_splat(base, open);
  }
  const bool saved = newlines_matter_;
  newlines_matter_ = false;
  skip();
  const Expression* key = nullptr;
  std::string_view digits;
  if (is(look(), kDigit)) {  // the usual case needs no node
    const char* const begin = cursor_;
    const char* const end = after_number(begin);
    if (!check_number(begin, end)) {
      return nullptr;
    }
    cursor_ = end;
    skip();
    if (look() == ']') {
      digits = text(begin, end);
    } else {
      cursor_ = begin;
    }
  }
  if (digits.empty()) {
    key = expression();
    if (key == nullptr) {
      return nullptr;
    }
    skip();
    if (look() != ']') {
      return unclosed(open, "hcl-unclosed-bracket", "index", "\"]\" after the index");
    }
  }
  ++cursor_;
  newlines_matter_ = saved;
  if (key == nullptr) {
    steps_.push_back({StepKind::kIndexNumber, false, {}, digits, region(open, cursor_)});
    return from;
  }
  if (key->kind == ExpressionKind::kTemplate && as<TemplateExpression>(*key).is_literal()) {
    steps_.push_back(
        {StepKind::kIndexString, false, as<TemplateExpression>(*key).literal(), {}, region(open, cursor_)});
    return from;
  }
  const Expression* base = flush_steps(mark, from, root);
  root = nullptr;
  return arena_.make<IndexExpression>(
      Expression{ExpressionKind::kIndex, {region_.artifact, base->region.begin, offset(cursor_)}}, base, key);
}

}  // namespace gabion::syntax::hcl
