// From the tokens of a template to its parts: indentation of "<<-" heredocs, literals in a row, directives and their
// bodies.
#include <algorithm>
#include <limits>
#include <string>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

// --- "<<-" ---

/// Takes the smallest indentation of any line off every line. Lines that are only white space neither count nor
/// change; a line that begins with a sequence has no indentation.
void Builder::remove_indentation(std::size_t mark) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::size_t smallest = kNone;
  const auto is_blank_line = [](std::string_view line) { return trim_left(line).empty() && line.ends_with('\n'); };
  const auto for_each_line_start = [&](const auto& visit) {
    bool line_start = true;
    for (std::size_t i = mark; i < tokens_.size(); ++i) {
      Token& token = tokens_[i];
      const bool literal = token.kind == Token::Kind::kLiteral;
      const bool ends_line = literal && token.text.ends_with('\n');
      if (line_start && !(literal && is_blank_line(token.text))) {
        visit(token, literal);
      }
      line_start = ends_line;
    }
  };
  for_each_line_start([&](const Token& token, bool literal) {
    const std::string_view line = token.text;
    const std::size_t indentation = literal ? count_graphemes(line.substr(0, line.size() - trim_left(line).size())) : 0;
    smallest = std::min(smallest, indentation);
  });
  if (smallest == 0 || smallest == kNone) {
    return;
  }
  for_each_line_start([&](Token& token, bool literal) {
    if (literal) {
      token.text.remove_prefix(bytes_of_graphemes(token.text, smallest));
    }
  });
}

// --- parts ---

/// Takes the tokens above `mark` off and makes the parts of a template of them.
std::span<const TemplatePart> Builder::finish_parts(std::size_t mark) {
  const std::size_t first_part = parts_.size();
  std::size_t index = mark;
  if (build_parts(index) && index < tokens_.size()) {
    const Token& token = tokens_[index];
    const std::string_view name = token.kind == Token::Kind::kElse    ? "else"
                                  : token.kind == Token::Kind::kEndIf ? "endif"
                                                                      : "endfor";
    unbalanced(token.region, name);
  }
  if (failed_) {
    return {};
  }
  const auto parts = arena_.copy(std::span<const TemplatePart>(parts_).subspan(first_part));
  parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(first_part), parts_.end());
  tokens_.resize(mark);
  return parts;
}

std::nullptr_t Builder::unbalanced(const Region& place, std::string_view name) {
  return fail(
      base_ + place.begin, base_ + place.end, "hcl-unbalanced-directive",
      "saw \"" + std::string(name) + "\" without the \"" + (name == "endfor" ? "for" : "if") + "\" it belongs to",
      "remove it, or add what it should end");
}

/// Parts up to an "else", "endif", "endfor" or the end.
bool Builder::build_parts(std::size_t& index) {
  while (index < tokens_.size()) {
    const Token& token = tokens_[index];
    switch (token.kind) {
      case Token::Kind::kLiteral:
        index = build_literal(index);
        break;
      case Token::Kind::kInterpolation:
        parts_.emplace_back(token.region, token.expression);
        ++index;
        break;
      case Token::Kind::kIf:
        if (!build_if(index)) {
          return false;
        }
        break;
      case Token::Kind::kFor:
        if (!build_for(index)) {
          return false;
        }
        break;
      default:
        return true;
    }
  }
  return true;
}

bool Builder::build_if(std::size_t& index) {
  const std::size_t open = index++;
  Directive directive{};
  directive.expression = tokens_[open].expression;
  for (;;) {
    const std::size_t first = parts_.size();
    if (!build_parts(index)) {
      return false;
    }
    const auto body = arena_.copy(std::span<const TemplatePart>(parts_).subspan(first));
    parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(first), parts_.end());
    (directive.has_else ? directive.otherwise : directive.body) = body;
    if (index < tokens_.size() && tokens_[index].kind == Token::Kind::kElse && !directive.has_else) {
      directive.has_else = true;
      ++index;
      continue;
    }
    break;
  }
  if (index == tokens_.size() || tokens_[index].kind != Token::Kind::kEndIf) {
    const Region& place = tokens_[open].region;
    fail(base_ + place.begin, base_ + place.end, "hcl-unbalanced-directive",
         index == tokens_.size()                     ? "this \"if\" has no \"endif\""
         : tokens_[index].kind == Token::Kind::kElse ? "this \"if\" has more than one \"else\""
                                                     : "saw \"endfor\" before the \"endif\" of this \"if\"",
         "end it with \"%{ endif }\"");
    return false;
  }
  const Region whole = source::cover(tokens_[open].region, tokens_[index].region);
  ++index;
  parts_.emplace_back(TemplatePartKind::kIf, whole, arena_.make<Directive>(directive));
  return true;
}

bool Builder::build_for(std::size_t& index) {
  const std::size_t open = index++;
  Directive directive{};
  directive.expression = tokens_[open].expression;
  directive.key_variable = tokens_[open].key_variable;
  directive.value_variable = tokens_[open].value_variable;
  const std::size_t first = parts_.size();
  if (!build_parts(index)) {
    return false;
  }
  if (index == tokens_.size() || tokens_[index].kind != Token::Kind::kEndFor) {
    const Region& place = tokens_[open].region;
    fail(base_ + place.begin, base_ + place.end, "hcl-unbalanced-directive",
         index == tokens_.size()                     ? "this \"for\" has no \"endfor\""
         : tokens_[index].kind == Token::Kind::kElse ? "saw \"else\" before the \"endfor\" of this \"for\""
                                                     : "saw \"endif\" before the \"endfor\" of this \"for\"",
         "end it with \"%{ endfor }\"");
    return false;
  }
  directive.body = arena_.copy(std::span<const TemplatePart>(parts_).subspan(first));
  parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(first), parts_.end());
  const Region whole = source::cover(tokens_[open].region, tokens_[index].region);
  ++index;
  parts_.emplace_back(TemplatePartKind::kFor, whole, arena_.make<Directive>(directive));
  return true;
}

/// One part of the literals in a row from `index` on; returns the index behind them.
std::size_t Builder::build_literal(std::size_t index) {
  const std::size_t first = index;
  std::size_t total = 0;
  bool contiguous = true;
  const auto in_source = [this](std::string_view s) { return s.data() >= base_ && s.data() + s.size() <= end_; };
  std::string_view run = tokens_[first].text;
  for (; index < tokens_.size() && tokens_[index].kind == Token::Kind::kLiteral; ++index) {
    const std::string_view next = tokens_[index].text;
    total += next.size();
    if (index == first) {
      continue;
    }
    if (next.empty()) {
      continue;
    }
    if (run.empty()) {
      run = next;
    } else if (contiguous && in_source(run) && in_source(next) && run.data() + run.size() == next.data()) {
      run = {run.data(), run.size() + next.size()};
    } else {
      contiguous = false;
    }
  }
  if (!contiguous) {
    auto* memory = static_cast<char*>(arena_.allocate(total, 1));
    char* end = memory;
    for (std::size_t i = first; i < index; ++i) {
      end = std::copy(tokens_[i].text.begin(), tokens_[i].text.end(), end);
    }
    run = {memory, total};
  }
  const Region place = source::cover(tokens_[first].region, tokens_[index - 1].region);
  parts_.push_back(literal_part(place, run));
  return index;
}

}  // namespace gabion::syntax::hcl
