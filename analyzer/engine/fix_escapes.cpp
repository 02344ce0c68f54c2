#include "engine/fix_escapes.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/fix_text.h"
#include "source/arena.h"
#include "source/budget.h"
#include "syntax/hcl/parser.h"
#include "syntax/json/string_literal.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;

/// The number that so many hexadecimal digits stand for; 0 where there are fewer.
std::uint32_t hex_at(std::string_view bytes, std::size_t at, std::size_t digits) {
  std::uint32_t value = 0;
  if (at + digits > bytes.size()) {
    return 0;
  }
  const char* const first = bytes.data() + at;
  const auto read = std::from_chars(first, first + digits, value, 16);
  return read.ptr == first + digits ? value : 0;
}

constexpr bool is_high_surrogate(std::uint32_t code) {
  return code >= 0xD800 && code < 0xDC00;
}

constexpr bool is_low_surrogate(std::uint32_t code) {
  return code >= 0xDC00 && code < 0xE000;
}

}  // namespace

EscapedText EscapedText::of_quoted(const source::Artifact& artifact, const hcl::TemplateExpression& quoted) {
  EscapedText result(artifact.id());
  result.quoted_ = true;
  const source::Region content = quoted.content();
  std::size_t at = content.begin;
  for (const hcl::TemplatePart& part : quoted.parts()) {
    if (part.kind != hcl::TemplatePartKind::kLiteral) {
      result.literal(artifact.bytes(), at, part.region.begin);
      result.as_written(artifact.bytes(), part.region.begin, part.region.end);
      at = part.region.end;
    }
  }
  result.literal(artifact.bytes(), at, content.end);
  result.places_.push_back(content.end);
  return result;
}

EscapedText EscapedText::of_json(const source::Artifact& artifact, source::Region string) {
  EscapedText result(artifact.id());
  result.literal(artifact.bytes(), string.begin + 1, string.end - 1);
  result.places_.push_back(string.end - 1);
  return result;
}

void EscapedText::as_written(std::string_view bytes, std::size_t begin, std::size_t end) {
  for (; begin < end; ++begin) {
    text_ += bytes[begin];
    places_.push_back(static_cast<std::uint32_t>(begin));
  }
}

void EscapedText::add(std::uint32_t code_point, std::size_t place) {
  std::array<char, 4> memory{};
  const std::size_t size = syntax::json::encode_utf8(code_point, memory.data());
  text_.append(memory.data(), size);
  places_.resize(places_.size() + size, static_cast<std::uint32_t>(place));
}

void EscapedText::literal(std::string_view bytes, std::size_t begin, std::size_t end) {
  static constexpr std::string_view kSelectors = "nrtbf";
  static constexpr std::string_view kMeanings = "\n\r\t\b\f";
  bytes = bytes.substr(0, end);
  for (std::size_t at = begin; at < end;) {
    if (bytes[at] != '\\' || at + 1 == end) {
      as_written(bytes, at, at + 1);
      ++at;
      continue;
    }
    const char selector = bytes[at + 1];
    const std::size_t digits = selector == 'u' ? 4 : selector == 'U' && quoted_ ? 8 : 0;
    std::size_t length = 2 + digits;
    if (digits == 0) {
      const std::size_t known = kSelectors.find(selector);
      add(static_cast<unsigned char>(known == std::string_view::npos ? selector : kMeanings[known]), at);
    } else {
      std::uint32_t code = hex_at(bytes, at + 2, digits);
      const std::uint32_t next =
          bytes.substr(std::min(at + length, end), 2) == "\\u" ? hex_at(bytes, at + length + 2, 4) : 0;
      if (is_high_surrogate(code) && is_low_surrogate(next)) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (next - 0xDC00);  // two escapes for one character
        length *= 2;
      }
      add(code, at);
    }
    at += length;
  }
}

source::Region EscapedText::inside(source::Region region) const {
  const auto offset = [&](std::uint32_t place) {
    const auto found = std::lower_bound(places_.begin(), places_.end(), place);
    return static_cast<std::uint32_t>(std::min(found, places_.end() - 1) - places_.begin());
  };
  return {region.artifact, offset(region.begin), offset(region.end)};
}

std::optional<findings::Edit> EscapedText::in_file(const findings::Edit& edit) const {
  findings::Edit result{written(edit.region.begin, edit.region.end), {}};
  if (!quoted_) {
    append_escaped(edit.text, false, result.text);
    return result;
  }
  source::ArtifactStore artifacts;
  source::Arena arena;
  const source::Artifact& text = artifacts.add("edit", edit.text);
  const hcl::ParsedExpression parsed = hcl::parse_template(text, text.whole(), arena, source::Limits{});
  if (!parsed.ok() || parsed.expression->kind != hcl::ExpressionKind::kTemplate) {
    return std::nullopt;
  }
  std::size_t at = 0;
  for (const hcl::TemplatePart& part : hcl::as<hcl::TemplateExpression>(*parsed.expression).parts()) {
    if (part.kind != hcl::TemplatePartKind::kLiteral) {
      append_escaped(text.bytes().substr(at, part.region.begin - at), false, result.text);
      result.text += text.text(part.region);
      at = part.region.end;
    }
  }
  append_escaped(text.bytes().substr(at), false, result.text);
  return result;
}

}  // namespace gabion::engine
