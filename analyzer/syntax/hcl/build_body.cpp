// The structural language: bodies, attributes, blocks and labels.
#include <algorithm>
#include <string>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

const Body* Builder::whole_body() {
  if (!failed_) {
    body_items(nullptr);
  }
  // After a failure inside a block the stacks hold what the file itself had before that block.
  return finish_body(0, 0, region_);
}

/// Items up to the closing brace (left at the cursor) or the end of a file.
bool Builder::body_items(const char* open_brace) {
  for (;;) {
    skip_lines();
    if (failed_) {
      return false;
    }
    if (at_end()) {
      if (open_brace == nullptr) {
        return true;
      }
      fail(open_brace, open_brace + 1, "hcl-unclosed-block", "this block is not closed before the end of the file",
           "add the missing \"}\"");
      return false;
    }
    const char* const name_end = after_identifier(cursor_);
    if (name_end == cursor_) {
      if (look() == '}' && open_brace != nullptr) {
        return true;
      }
      if (look() == '}') {
        fail(cursor_, cursor_ + 1, "hcl-unmatched-brace", "saw \"}\" without a block that it could close",
             "remove it, or look for a brace that closes a block too early");
      } else if (look() == '"') {
        unexpected("hcl-quoted-name", "the name of an attribute or a block", "names are not quoted");
      } else {
        unexpected("hcl-expected-item", "the name of an attribute or a block");
      }
      return false;
    }
    const std::string_view name = text(cursor_, name_end);
    cursor_ = name_end;
    skip();
    const char c = look();
    const bool done = [&] {
      if (at_equals()) {
        return attribute(name);
      }
      if (c == '"' || c == '{' || is(c, kIdentifierStart) ||
          (is(c, kNonAscii) && after_identifier(cursor_) != cursor_)) {
        return block(name);
      }
      unexpected("hcl-expected-item", "\"=\" or \"{\" after the name \"" + std::string(name) + "\"",
                 "an attribute is written name = value, a block name { ... }");
      return false;
    }();
    if (!done) {
      return false;
    }
  }
}

/// The newline (or end of file) that has to follow an attribute, or a block when `attribute_name` is empty.
bool Builder::end_of_item(std::string_view attribute_name) {
  skip();
  if (at_end() || at_newline()) {
    return !failed_;
  }
  unexpected("hcl-missing-newline",
             attribute_name.empty() ? "a new line after the block"
                                    : "a new line after the value of \"" + std::string(attribute_name) + "\"",
             look() == ',' ? "attributes are separated by new lines, not commas" : "");
  return false;
}

/// The cursor is on the equals sign.
bool Builder::attribute(std::string_view name) {
  ++cursor_;
  const Expression* value = expression();
  if (value == nullptr || !end_of_item(name)) {
    return false;
  }
  attributes_.push_back({name, value, region(name), {region_.artifact, offset(name.data()), value->region.end}});
  return true;
}

/// The cursor is on the first label or the brace.
bool Builder::block(std::string_view type) {
  const std::size_t first_label = labels_.size();
  while (look() != '{') {
    if (!label()) {
      return false;
    }
    skip();
  }
  const char* const open_brace = cursor_++;
  const char* const header_end =
      labels_.size() == first_label ? type.data() + type.size() : base_ + labels_.back().region.end;
  const std::span<const Label> labels = arena_.copy(std::span<const Label>(labels_).subspan(first_label));
  labels_.erase(labels_.begin() + static_cast<std::ptrdiff_t>(first_label), labels_.end());

  if (!enter()) {
    return false;
  }
  skip();
  const Body* body = nullptr;
  if (at_newline() || at_end() || look() == '}') {
    const std::size_t first_attribute = attributes_.size();
    const std::size_t first_block = blocks_.size();
    if (!body_items(open_brace)) {
      attributes_.resize(first_attribute);
      blocks_.resize(first_block);
      return false;
    }
    body = finish_body(first_attribute, first_block, region(open_brace + 1, cursor_));
  } else if (!one_line_body(open_brace, body)) {
    return false;
  }
  leave();
  const char* const close_brace = cursor_++;
  blocks_.push_back({type, labels, body, region(type.data(), header_end), region(type.data(), close_brace + 1)});
  if (!end_of_item({})) {
    blocks_.pop_back();
    return false;
  }
  return true;
}

/// The one attribute of a block on one line; ends on the closing brace.
bool Builder::one_line_body(const char* open_brace, const Body*& body) {
  const char* const name = cursor_;
  const char* const name_end = after_identifier(name);
  if (name_end == name) {
    unexpected("hcl-expected-item", "an attribute, \"}\" or a new line after \"{\"");
    return false;
  }
  cursor_ = name_end;
  skip();
  if (!at_equals()) {
    unexpected("hcl-one-line-block", "\"=\" after the name \"" + std::string(text(name, name_end)) + "\"",
               "a block on one line holds one attribute at most; put what is inside on lines of its own");
    return false;
  }
  ++cursor_;
  const Expression* value = expression();
  if (value == nullptr) {
    return false;
  }
  skip();
  if (failed_) {
    return false;
  }
  if (at_end()) {
    fail(open_brace, open_brace + 1, "hcl-unclosed-block", "this block is not closed before the end of the file",
         "add the missing \"}\"");
    return false;
  }
  if (look() != '}') {
    unexpected("hcl-one-line-block", "\"}\" after the only attribute of a block on one line",
               "a block on one line holds one attribute and its closing brace; otherwise start a new line after \"{\"");
    return false;
  }
  const Attribute only{text(name, name_end), value, region(name, name_end),
                       Region{region_.artifact, offset(name), value->region.end}};
  body = arena_.make<Body>(arena_.copy(std::span<const Attribute>(&only, 1)), std::span<const Block>{},
                           region(open_brace + 1, cursor_), true);
  return true;
}

bool Builder::label() {
  const char* const begin = cursor_;
  const char* const name_end = after_identifier(begin);
  if (name_end != begin) {
    cursor_ = name_end;
    labels_.push_back({text(begin, name_end), false, region(begin, name_end)});
    return true;
  }
  if (look() != '"') {
    unexpected("hcl-invalid-block-header", "a label or \"{\"",
               at_newline() || at_end() ? "the opening brace stands on the line of the block's type" : "");
    return false;
  }
  ++cursor_;
  bool escapes = false;
  const char* const close = after_quoted_run(cursor_, begin, escapes);
  if (close == nullptr) {
    return false;
  }
  if (*close != '"') {
    fail(close, close + 2, "hcl-template-in-label", "saw a template sequence in a label, expected plain text",
         std::string("write \"") + *close + *close + "{\" for the characters \"" + *close + "{\"");
    return false;
  }
  std::string_view value = text(begin + 1, close);
  if (escapes && !unescape(begin + 1, close, true, value)) {
    return false;
  }
  cursor_ = close + 1;
  labels_.push_back({value, true, region(begin, cursor_)});
  return true;
}

const Body* Builder::finish_body(std::size_t first_attribute, std::size_t first_block, Region region) {
  const std::size_t dropped = drop_duplicates(first_attribute);
  const auto attributes = arena_.copy(std::span<const Attribute>(attributes_).subspan(first_attribute));
  const auto blocks = arena_.copy(std::span<const Block>(blocks_).subspan(first_block));
  attributes_.resize(first_attribute);
  blocks_.resize(first_block);
  return arena_.make<Body>(attributes, blocks, region, !failed_ && dropped == 0);
}

/// Keeps the first attribute of each name and reports the others; returns how many went.
std::size_t Builder::drop_duplicates(std::size_t first_attribute) {
  const auto begin = attributes_.begin() + static_cast<std::ptrdiff_t>(first_attribute);
  const auto count = static_cast<std::size_t>(attributes_.end() - begin);
  std::vector<std::uint32_t> repeated;  // begins of the regions to drop
  constexpr std::size_t kFew = 12;
  if (count <= kFew) {
    for (auto later = begin; later != attributes_.end(); ++later) {
      if (std::any_of(begin, later, [&](const Attribute& earlier) { return earlier.name == later->name; })) {
        repeated.push_back(later->region.begin);
      }
    }
  } else {
    std::vector<const Attribute*> sorted;
    sorted.reserve(count);
    std::for_each(begin, attributes_.end(), [&](const Attribute& each) { sorted.push_back(&each); });
    std::sort(sorted.begin(), sorted.end(), [](const Attribute* a, const Attribute* b) {
      return a->name != b->name ? a->name < b->name : a->region.begin < b->region.begin;
    });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i]->name == sorted[i - 1]->name) {
        repeated.push_back(sorted[i]->region.begin);
      }
    }
    std::sort(repeated.begin(), repeated.end());
  }
  if (repeated.empty()) {
    return 0;
  }
  attributes_.erase(
      std::remove_if(begin, attributes_.end(),
                     [&](const Attribute& each) {
                       if (!std::binary_search(repeated.begin(), repeated.end(), each.region.begin)) {
                         return false;
                       }
                       diagnostics_.push_back({findings::DiagnosticSeverity::kError,
                                               "hcl-duplicate-attribute",
                                               "\"" + std::string(each.name) + "\" is set a second time in this body",
                                               "keep one of the two",
                                               each.name_region(),
                                               {}});
                       return true;
                     }),
      attributes_.end());
  return repeated.size();
}

}  // namespace gabion::syntax::hcl
