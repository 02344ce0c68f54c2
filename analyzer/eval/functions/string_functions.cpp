// Functions over strings, regular expressions excepted (regex_functions.cpp) and format() (format_functions.cpp).
#include <algorithm>
#include <string>
#include <vector>

#include "eval/functions/format.h"
#include "eval/functions/regex.h"
#include "eval/functions/support.h"
#include "eval/functions/symbolic_text.h"
#include "eval/functions/unicode.h"

namespace gabion::eval {

namespace functions {
namespace {

std::string_view argument(const Call& call, std::size_t index) {
  return call.arguments[index].text();
}

/// Pieces of a text without what `first` and `last` cut off: they give the number of bytes to keep of a literal text at
/// the start (if `cut_start`) and at the end. Nothing when all of the literal text there would go, so that a hole is
/// next.
template <class First, class Last>
std::optional<std::vector<TextPiece>> trimmed(const Value& text, bool cut_start, First first, Last last) {
  std::vector<TextPiece> pieces = pieces_of(text);
  const auto keep = [&](TextPiece& piece, std::size_t size, bool at_start) {
    piece = cut(piece, at_start ? piece.text.size() - size : 0, size);
    return size > 0;
  };
  while (cut_start && !pieces.empty()) {
    if (pieces.front().hole != nullptr) {
      return std::nullopt;
    }
    if (keep(pieces.front(), first(pieces.front().text), true)) {
      break;
    }
    pieces.erase(pieces.begin());
  }
  while (!pieces.empty()) {
    if (pieces.back().hole != nullptr) {
      return std::nullopt;
    }
    if (keep(pieces.back(), last(pieces.back().text), false)) {
      break;
    }
    pieces.pop_back();
  }
  return pieces;
}

/// A function that cuts characters off at the ends, of a text with holes.
template <class First, class Last>
Value trim_symbolic(const Call& call, bool cut_start, First first, Last last, Context& context) {
  const StringDetail* detail = call.arguments[0].detail();
  if (detail != nullptr && detail->encoded != nullptr &&
      (detail->encoded->is_mapping() || detail->encoded->is_sequence())) {
    // JSON text begins and ends with brackets.
    const bool kept = first("{") == 1 && first("[") == 1 && last("}") == 1 && last("]") == 1;
    return kept ? call.arguments[0] : unknown_result(call, kStringType, context);
  }
  const auto pieces = trimmed(call.arguments[0], cut_start, first, last);
  return pieces ? text_of_pieces(call, *pieces, context) : unknown_result(call, kStringType, context);
}

Value chomp(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    return trim_symbolic(
        call, false, [](std::string_view text) { return text.size(); },
        [](std::string_view text) {
          const std::size_t end = text.find_last_not_of("\r\n");
          return end == std::string_view::npos ? 0 : end + 1;
        },
        context);
  }
  std::string_view text = argument(call, 0);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text_result(call, text, context);
}

/// The known end of a symbolic string.
std::string known_suffix(const Value& value) {
  if (value.is_string()) {
    return std::string(value.text());
  }
  if (value.detail() == nullptr || value.detail()->parts.empty()) {
    return {};
  }
  std::string suffix;
  const auto parts = value.detail()->parts;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (part->value == nullptr) {
      suffix.insert(0, part->text);
    } else if (part->value->is_string()) {
      suffix.insert(0, part->value->text());
    } else {
      break;
    }
  }
  return suffix;
}

Value startswith(const Call& call, Context& context) {
  const Value& text = call.arguments[0];
  const Value& prefix = call.arguments[1];
  if (text.is_string() && prefix.is_string()) {
    return make_bool(text.text().starts_with(prefix.text()));
  }
  const std::string start = known_prefix(text);
  const std::string wanted = known_prefix(prefix);
  if (prefix.is_string() && start.starts_with(wanted)) {
    return make_bool(true);
  }
  // The same position holds different bytes in both: no.
  const std::size_t common = std::min(start.size(), wanted.size());
  const bool all_of_text = text.is_string() && wanted.size() > start.size();
  if (start.compare(0, common, wanted, 0, common) != 0 || all_of_text) {
    return make_bool(false);
  }
  return unknown_result(call, kBoolType, context);
}

Value endswith(const Call& call, Context& context) {
  const Value& text = call.arguments[0];
  const Value& suffix = call.arguments[1];
  if (text.is_string() && suffix.is_string()) {
    return make_bool(text.text().ends_with(suffix.text()));
  }
  const std::string end = known_suffix(text);
  const std::string wanted = known_suffix(suffix);
  if (suffix.is_string() && end.ends_with(wanted)) {
    return make_bool(true);
  }
  const std::size_t common = std::min(end.size(), wanted.size());
  const bool all_of_text = text.is_string() && wanted.size() > end.size();
  if (end.compare(end.size() - common, common, wanted, wanted.size() - common, common) != 0 || all_of_text) {
    return make_bool(false);
  }
  return unknown_result(call, kBoolType, context);
}

Value strcontains(const Call& call, Context& context) {
  const Value& text = call.arguments[0];
  const Value& inner = call.arguments[1];
  if (!inner.is_string()) {
    return unknown_result(call, kBoolType, context);
  }
  if (text.is_string()) {
    return make_bool(text.text().find(inner.text()) != std::string_view::npos);
  }
  if (inner.text().empty()) {
    return make_bool(true);
  }
  if (text.detail() != nullptr && text.detail()->encoded != nullptr) {
    const std::optional<bool> occurs = occurs_in_encoded(*text.detail()->encoded, inner.text());
    return occurs ? make_bool(*occurs) : unknown_result(call, kBoolType, context);
  }
  // One known run of the text is enough for a yes; for a no there must be no place for it in the holes either.
  const Occurrences occurrences = find_occurrences(finest_pieces_of(text), inner.text());
  if (occurrences.literal) {
    return make_bool(true);
  }
  return occurrences.only_literal() ? make_bool(false) : unknown_result(call, kBoolType, context);
}

Value indent(const Call& call, Context& context) {
  const auto spaces = whole(call.arguments[0]);
  if (!spaces) {
    return whole_number_error(call, 0, context);
  }
  if (*spaces < 0) {
    return argument_error(call, 0, "value must not be negative", context);
  }
  if (call.arguments[1].is_unknown()) {
    constexpr std::int64_t kMostSpaces = 1000;
    if (*spaces > kMostSpaces) {
      return unknown_result(call, kStringType, context);
    }
    const std::string line = "\n" + std::string(static_cast<std::size_t>(*spaces), ' ');
    return map_characters(
        call, 1,
        [&](std::string_view text) {
          std::string out;
          for (const char c : text) {
            out += c == '\n' ? line : std::string(1, c);
          }
          return out;
        },
        [](unsigned char c) { return c != '\n'; }, context);
  }
  const std::string_view text = argument(call, 1);
  const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  const auto width = static_cast<std::uint64_t>(*spaces);
  constexpr std::uint64_t kImpossible = std::uint64_t{1} << 40U;  // Terraform runs out of memory
  if (width > kImpossible) {
    return argument_error(call, 0, "too many spaces", context);
  }
  if (lines > 0 && width > context.limits.value_bytes / lines) {
    return budget_result(call, kStringType, context);
  }
  std::string out;
  out.reserve(text.size() + lines * width);
  for (const char c : text) {
    out.push_back(c);
    if (c == '\n') {
      out.append(width, ' ');
    }
  }
  return text_result(call, out, context);
}

Value join(const Call& call, Context& context) {
  const Value& separator = call.arguments[0];
  const auto lists = call.arguments.subspan(1);
  if (lists.empty()) {
    return call_error(call, "at least one list is required", context);
  }
  TemplateBuilder builder(context);
  bool first = true;
  for (std::size_t l = 0; l < lists.size(); ++l) {
    const Value& list = lists[l];
    if (!list.is_sequence() && !(context.for_people && !list.held().empty())) {
      return unknown_result(call, kStringType, context);
    }
    for (std::size_t e = 0; e < list.held().size(); ++e) {
      const Value& element = list.held()[e];
      if (element.is_null()) {
        return argument_error(call, l + 1, "element " + std::to_string(e) + " is null; cannot concatenate null values",
                              context);
      }
      if (!first) {
        builder.add_value(separator, region_of(call, separator));
      }
      first = false;
      builder.add_value(element, region_of(call, element));
    }
  }
  return builder.finish(call.region, true);
}

Value lower(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    return map_characters(
        call, 0, [](std::string_view text) { return to_lower(text); },
        [](unsigned char c) { return c < 0x80 && (c < 'A' || c > 'Z'); }, context);
  }
  return text_result(call, to_lower(argument(call, 0)), context);
}

Value upper(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    return map_characters(
        call, 0, [](std::string_view text) { return to_upper(text); },
        [](unsigned char c) { return c < 0x80 && (c < 'a' || c > 'z'); }, context);
  }
  return text_result(call, to_upper(argument(call, 0)), context);
}

Value title(const Call& call, Context& context) {
  return text_result(call, to_title(argument(call, 0)), context);
}

Value replace(const Call& call, Context& context) {
  const std::string_view inner = argument(call, 1);  // empty when it is not known
  if (!call.arguments[0].is_string() || !call.arguments[1].is_string() || !call.arguments[2].is_string()) {
    const bool pattern = inner.size() > 1 && inner.front() == '/' && inner.back() == '/';
    return pattern ? unknown_result(call, kStringType, context) : replace_symbolic(call, context);
  }
  const std::string_view text = argument(call, 0);
  const std::string_view replacement = argument(call, 2);
  if (inner.size() > 1 && inner.front() == '/' && inner.back() == '/') {
    return replace_by_pattern(call, text, inner.substr(1, inner.size() - 2), replacement, context);
  }
  std::string out;
  if (inner.empty()) {
    // Before each character and at the end.
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint code_point = decode(text, at);
      out += replacement;
      out += text.substr(at, code_point.size);
      at += code_point.size;
      if (out.size() > context.limits.value_bytes) {
        return budget_result(call, kStringType, context);
      }
    }
    out += replacement;
    return text_result(call, out, context);
  }
  std::size_t at = 0;
  while (true) {
    const std::size_t found = text.find(inner, at);
    if (found == std::string_view::npos) {
      break;
    }
    out += text.substr(at, found - at);
    out += replacement;
    at = found + inner.size();
    if (out.size() > context.limits.value_bytes) {
      return budget_result(call, kStringType, context);
    }
  }
  out += text.substr(at);
  return text_result(call, out, context);
}

Value split(const Call& call, Context& context) {
  if (!call.arguments[0].is_string() || !call.arguments[1].is_string()) {
    return split_symbolic(call, context);
  }
  const std::string_view separator = argument(call, 0);
  const std::string_view text = argument(call, 1);
  std::vector<Value> pieces;
  if (separator.empty()) {
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint code_point = decode(text, at);
      pieces.push_back(make_string(context.arena, text.substr(at, code_point.size)));
      at += code_point.size;
    }
    return make_list(context.arena, kStringType, pieces);
  }
  std::size_t at = 0;
  while (true) {
    const std::size_t found = text.find(separator, at);
    if (found == std::string_view::npos) {
      break;
    }
    pieces.push_back(make_string(context.arena, text.substr(at, found - at)));
    at = found + separator.size();
  }
  pieces.push_back(make_string(context.arena, text.substr(at)));
  return make_list(context.arena, kStringType, pieces);
}

Value strrev(const Call& call, Context& context) {
  std::string_view text = argument(call, 0);
  std::string out(text.size(), '\0');
  std::size_t end = out.size();
  while (!text.empty()) {
    const std::size_t size = cluster_size(text);
    end -= size;
    text.copy(out.data() + end, size);
    text.remove_prefix(size);
  }
  return text_result(call, out, context);
}

/// The part of a text with holes, as far as it lies in the literal text at its start. The text there is taken by its
/// characters; that a hole begins with a mark that joins the last one is left out of account, as everywhere.
Value substr_symbolic(const Call& call, std::int64_t offset, std::int64_t length, Context& context) {
  std::vector<TextPiece> pieces = pieces_of(call.arguments[0]);
  std::vector<TextPiece> out;
  for (std::size_t index = 0; index < pieces.size() && length != 0; ++index) {
    const TextPiece& piece = pieces[index];
    if (piece.hole != nullptr) {
      if (offset > 0 || length > 0) {
        return unknown_result(call, kStringType, context);
      }
      out.push_back(piece);
      continue;
    }
    std::size_t begin = 0;
    while (offset > 0 && begin < piece.text.size()) {
      begin += cluster_size(piece.text.substr(begin));
      --offset;
    }
    std::size_t end = length < 0 ? piece.text.size() : begin;
    while (length > 0 && end < piece.text.size()) {
      end += cluster_size(piece.text.substr(end));
      --length;
    }
    if (begin < end) {
      out.push_back(cut(piece, begin, end - begin));
    }
  }
  // What is missing lies behind the end of all pieces.
  return text_of_pieces(call, out, context);
}

Value substr(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    const auto from = whole(call.arguments[1]);
    const auto count = whole(call.arguments[2]);
    if (from && count && *from >= 0 && known_in_part(call.arguments[0])) {
      return substr_symbolic(call, *from, *count, context);
    }
    return unknown_result(call, kStringType, context);
  }
  std::string_view text = argument(call, 0);
  auto offset = whole(call.arguments[1]);
  const auto length = whole(call.arguments[2]);
  if (!offset) {
    return whole_number_error(call, 1, context);
  }
  if (!length) {
    return whole_number_error(call, 2, context);
  }
  if (*offset < 0) {
    *offset += static_cast<std::int64_t>(cluster_count(text));
  } else if (*length == 0) {
    return text_result(call, {}, context);
  }
  for (std::int64_t skipped = 0; skipped < *offset; ++skipped) {
    if (text.empty()) {
      return text_result(call, {}, context);
    }
    text.remove_prefix(cluster_size(text));
  }
  if (*length < 0) {
    return text_result(call, text, context);
  }
  std::size_t size = 0;
  std::int64_t taken = 0;
  while (size < text.size()) {
    size += cluster_size(text.substr(size));
    // Counting comes after taking, so that a length of zero from the end means all of the rest, as in Terraform.
    if (++taken == *length) {
      break;
    }
  }
  return text_result(call, text.substr(0, size), context);
}

bool in_set(std::string_view set, const CodePoint& code_point) {
  for (std::size_t at = 0; at < set.size();) {
    const CodePoint candidate = decode(set, at);
    if (candidate.value == code_point.value) {
      return true;
    }
    at += candidate.size;
  }
  return false;
}

/// Bytes of a text from its first character on that is not in the set, and up to the last one.
std::size_t without_start(std::string_view text, std::string_view set) {
  while (!text.empty() && in_set(set, decode(text, 0))) {
    text.remove_prefix(decode(text, 0).size);
  }
  return text.size();
}
std::size_t without_end(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
      --at;
    }
    if (!in_set(set, decode(text, at))) {
      break;
    }
    text.remove_suffix(text.size() - at);
  }
  return text.size();
}

Value trim(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    return trim_symbolic(
        call, true, [&](std::string_view text) { return without_start(text, argument(call, 1)); },
        [&](std::string_view text) { return without_end(text, argument(call, 1)); }, context);
  }
  std::string_view text = argument(call, 0);
  const std::string_view set = argument(call, 1);
  text.remove_prefix(text.size() - without_start(text, set));
  return text_result(call, text.substr(0, without_end(text, set)), context);
}

Value trimspace(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    // A letter on the other side stops it from cutting off there.
    return trim_symbolic(
        call, true, [](std::string_view text) { return trim_space(std::string(text) + "x").size() - 1; },
        [](std::string_view text) { return trim_space("x" + std::string(text)).size() - 1; }, context);
  }
  return text_result(call, trim_space(argument(call, 0)), context);
}

/// trimprefix and trimsuffix of a text with holes: decided when the literal text there is long enough or differs.
Value trim_affix(const Call& call, bool at_start, Context& context) {
  const std::string_view affix = argument(call, 1);
  std::vector<TextPiece> pieces = pieces_of(call.arguments[0]);
  if (!at_start) {
    std::reverse(pieces.begin(), pieces.end());
  }
  std::size_t matched = 0;
  std::vector<TextPiece> rest;
  for (const TextPiece& piece : pieces) {
    if (matched == affix.size()) {
      rest.push_back(piece);
      continue;
    }
    if (piece.hole != nullptr) {
      return unknown_result(call, kStringType, context);
    }
    const std::size_t size = std::min(piece.text.size(), affix.size() - matched);
    const std::string_view wanted =
        at_start ? affix.substr(matched, size) : affix.substr(affix.size() - matched - size, size);
    const std::string_view given =
        at_start ? piece.text.substr(0, size) : piece.text.substr(piece.text.size() - size, size);
    if (wanted != given) {
      return call.arguments[0];
    }
    matched += size;
    if (size < piece.text.size()) {
      rest.push_back(cut(piece, at_start ? size : 0, piece.text.size() - size));
    }
  }
  if (!at_start) {
    std::reverse(rest.begin(), rest.end());
  }
  return text_of_pieces(call, rest, context);
}

Value trimprefix(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    return trim_affix(call, true, context);
  }
  std::string_view text = argument(call, 0);
  if (text.starts_with(argument(call, 1))) {
    text.remove_prefix(argument(call, 1).size());
  }
  return text_result(call, text, context);
}

Value trimsuffix(const Call& call, Context& context) {
  if (call.arguments[0].is_unknown()) {
    return trim_affix(call, false, context);
  }
  std::string_view text = argument(call, 0);
  if (text.ends_with(argument(call, 1))) {
    text.remove_suffix(argument(call, 1).size());
  }
  return text_result(call, text, context);
}

constexpr Parameter kText[] = {{.name = "str", .type = &kStringType}};
constexpr Parameter kSymbolicText[] = {{.name = "str", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kStartsWith[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                     {.name = "prefix", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kEndsWith[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                   {.name = "suffix", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kContains[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                   {.name = "substr", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kFormat[] = {{.name = "format", .type = &kStringType}};
constexpr Parameter kFormatArguments{.name = "args", .allow_null = true, .allow_unknown = true};
constexpr Parameter kIndent[] = {{.name = "spaces", .type = &kNumberType},
                                 {.name = "str", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kSeparator[] = {{.name = "separator", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kLists{.name = "lists", .type = &kListOfString, .allow_unknown = true};
constexpr Parameter kRegex[] = {{.name = "pattern", .type = &kStringType, .allow_unknown = true},
                                {.name = "string", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kReplace[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                  {.name = "substr", .type = &kStringType, .allow_unknown = true},
                                  {.name = "replace", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kSplit[] = {{.name = "separator", .type = &kStringType, .allow_unknown = true},
                                {.name = "str", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kSubstr[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                 {.name = "offset", .type = &kNumberType},
                                 {.name = "length", .type = &kNumberType}};
constexpr Parameter kTrim[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                               {.name = "cutset", .type = &kStringType}};
constexpr Parameter kTrimPrefix[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                     {.name = "prefix", .type = &kStringType}};
constexpr Parameter kTrimSuffix[] = {{.name = "str", .type = &kStringType, .allow_unknown = true},
                                     {.name = "suffix", .type = &kStringType}};

constexpr Builtin kTable[] = {
    {.name = "chomp", .parameters = kSymbolicText, .result = &kStringType, .call = &chomp},
    {.name = "endswith", .parameters = kEndsWith, .result = &kBoolType, .call = &endswith},
    {.name = "format",
     .parameters = kFormat,
     .variadic = &kFormatArguments,
     .result = &kStringType,
     .call = &format_function},
    {.name = "formatlist",
     .parameters = kFormat,
     .variadic = &kFormatArguments,
     .result = &kListOfString,
     .call = &formatlist_function},
    {.name = "indent", .parameters = kIndent, .result = &kStringType, .call = &indent},
    {.name = "join", .parameters = kSeparator, .variadic = &kLists, .result = &kStringType, .call = &join},
    {.name = "lower", .parameters = kSymbolicText, .result = &kStringType, .call = &lower},
    {.name = "regex", .parameters = kRegex, .call = &regex_function, .type_of_result = &regex_type},
    {.name = "regexall", .parameters = kRegex, .call = &regexall_function, .type_of_result = &regexall_type},
    {.name = "replace", .parameters = kReplace, .result = &kStringType, .call = &replace},
    {.name = "split", .parameters = kSplit, .result = &kListOfString, .call = &split},
    {.name = "startswith", .parameters = kStartsWith, .result = &kBoolType, .call = &startswith},
    {.name = "strcontains", .parameters = kContains, .result = &kBoolType, .call = &strcontains},
    {.name = "strrev", .parameters = kText, .result = &kStringType, .call = &strrev},
    {.name = "substr", .parameters = kSubstr, .result = &kStringType, .call = &substr},
    {.name = "title", .parameters = kText, .result = &kStringType, .call = &title},
    {.name = "trim", .parameters = kTrim, .result = &kStringType, .call = &trim},
    {.name = "trimprefix", .parameters = kTrimPrefix, .result = &kStringType, .call = &trimprefix},
    {.name = "trimspace", .parameters = kSymbolicText, .result = &kStringType, .call = &trimspace},
    {.name = "trimsuffix", .parameters = kTrimSuffix, .result = &kStringType, .call = &trimsuffix},
    {.name = "upper", .parameters = kSymbolicText, .result = &kStringType, .call = &upper},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> string_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
