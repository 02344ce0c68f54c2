#include "syntax/json/parser.h"

#include <cstring>
#include <string>
#include <utility>

#include "source/ascii.h"
#include "syntax/json/source_map.h"
#include "syntax/json/string_literal.h"

namespace gabion::syntax::json {
namespace {

/// After so many problems the text is not JSON at all, and more of them help nobody.
constexpr std::size_t kMaxDiagnostics = 20;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

using source::is_digit;
constexpr bool is_letter(char c) {
  return source::is_letter(c) || c == '_' || c == '$';
}
constexpr bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '+' || c == '-';
}

/// Reads one JSON text with an explicit stack of open containers. A mistake whose meaning is plain (a trailing comma,
/// a comment) is reported and read on; any other ends the parse.
class Parser {
 public:
  Parser(const SourceMap& map, source::Arena& arena, const source::Limits& limits)
      : map_(map), text_(map.text()), arena_(arena), limits_(limits) {}

  Parsed run();

 private:
  enum class Next : std::uint8_t { kValue, kName, kSeparator, kDone, kFailed };

  /// An object or array that is not closed yet; its items so far are the tops of members_ or values_.
  struct Open {
    bool is_object = false;
    std::size_t begin = 0;
    std::size_t first_item = 0;
  };

  struct String {
    std::string_view text;
    std::span<const StringPart> parts;
  };

  Next read_value();
  Next read_name();
  Next read_separator();
  Next open(char bracket);
  Next close();
  Value& add_value(Kind kind, std::size_t begin);
  Next after_value() const { return open_.empty() ? Next::kDone : Next::kSeparator; }
  bool read_string(String& string);
  Next read_string_value();
  Next read_number();
  Next read_word();
  Next read_hole();

  bool skip_space();
  bool skip_comment();
  std::size_t end_of_word(std::size_t offset) const;
  bool at_hole(std::size_t offset) const {
    return offset < text_.size() && text_[offset] == '\0' && map_.hole_at(offset) >= 0;
  }
  std::string_view decode_segment(std::size_t begin, std::size_t end);
  Next finish_torn_token(std::size_t begin);

  /// Reports; false when that was one too many.
  bool report(std::string code, std::size_t begin, std::size_t end, std::string message, std::string hint);
  Next fail(std::string code, std::size_t begin, std::size_t end, std::string message, std::string hint = {});
  Next fail_unexpected(std::string_view expected);
  Next fail_unclosed();
  /// Where to go on after a problem that was reported and repaired.
  static Next next_if(bool go_on, Next next) { return go_on ? next : Next::kFailed; }
  Next next_item() const { return open_.back().is_object ? Next::kName : Next::kValue; }

  const SourceMap& map_;
  std::string_view text_;
  source::Arena& arena_;
  const source::Limits& limits_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::vector<Value> values_;
  std::vector<Member> members_;
  std::vector<StringPart> parts_;
  Value root_;
  bool stopped_ = false;  // a diagnostic too many, found where no Next can be returned
  findings::Diagnostics diagnostics_;
};

std::string describe(std::string_view text, std::size_t offset) {
  const char c = text[offset];
  const auto byte = static_cast<std::uint8_t>(c);
  if (byte >= 0x20 && byte < 0x7F) {
    return c == '\'' ? "\"'\"" : std::string("'") + c + "'";
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::uint32_t code_point = byte;
  int digits = 4;
  const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
  if (length > 1 && is_valid_utf8(text.substr(offset, length))) {
    code_point = byte & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      code_point = (code_point << 6U) | (static_cast<std::uint8_t>(text[offset + i]) & 0x3FU);
    }
    digits = code_point > 0xFFFF ? 6 : 4;
  } else if (byte >= 0x80) {
    return std::string("byte 0x") + kDigits[byte >> 4U] + kDigits[byte & 0xFU];
  }
  std::string name = "U+";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    name += kDigits[(code_point >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return name;
}

Parsed Parser::run() {
  if (text_.size() >= 0xffffffffU) {
    fail("json-too-large", 0, 0, "JSON text of 4 GiB or more");
    return {nullptr, std::move(diagnostics_)};
  }
  if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    at_ = kByteOrderMark.size();
    report("json-byte-order-mark", 0, at_, "byte order mark before the JSON text",
           "save the file as UTF-8 without a byte order mark");
  }
  Next next = Next::kValue;
  while (next != Next::kDone && next != Next::kFailed) {
    if (stopped_ || !skip_space()) {
      next = Next::kFailed;
      break;
    }
    if (at_ == text_.size()) {
      next = fail_unclosed();
    } else if (next == Next::kValue) {
      next = read_value();
    } else if (next == Next::kName) {
      next = read_name();
    } else {
      next = read_separator();
    }
  }
  if (next == Next::kFailed) {
    return {nullptr, std::move(diagnostics_)};
  }
  if (skip_space() && at_ < text_.size()) {
    if (at_hole(at_)) {
      report("json-hole", at_, at_ + 1, "interpolation after the end of the JSON text", "remove it");
    } else {
      report("json-trailing-data", at_, text_.size(),
             "unexpected " + describe(text_, at_) + " after the end of the JSON text", "one text holds one value");
    }
  }
  return {arena_.make<Value>(root_), std::move(diagnostics_)};
}

bool Parser::report(std::string code, std::size_t begin, std::size_t end, std::string message, std::string hint) {
  findings::Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  diagnostic.region = map_.region(begin, end);
  diagnostics_.push_back(std::move(diagnostic));
  stopped_ = stopped_ || diagnostics_.size() >= kMaxDiagnostics;
  return !stopped_;
}

Parser::Next Parser::fail(std::string code, std::size_t begin, std::size_t end, std::string message, std::string hint) {
  report(std::move(code), begin, end, std::move(message), std::move(hint));
  return Next::kFailed;
}

Parser::Next Parser::fail_unexpected(std::string_view expected) {
  std::string hint;
  std::size_t length = 1;
  const auto byte = static_cast<std::uint8_t>(text_[at_]);
  if (byte >= 0x80) {
    const std::size_t sequence = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    if (is_valid_utf8(text_.substr(at_, sequence))) {
      length = sequence;
    }
    const std::string_view character = text_.substr(at_, length);
    if (character == "\u201C" || character == "\u201D" || character == "\u201E") {
      hint = "write straight double quotes";
    } else {
      hint = "only spaces, tabs and line ends may stand between values";
    }
  }
  return fail("json-unexpected-character", at_, at_ + length,
              std::string(expected) + " expected, " + describe(text_, at_) + " found", std::move(hint));
}

Parser::Next Parser::fail_unclosed() {
  if (open_.empty()) {
    return fail("json-empty", at_, at_, "no JSON value in this text", "an empty policy or object is written {}");
  }
  const Open& last = open_.back();
  if (last.is_object) {
    return fail("json-unclosed-object", last.begin, last.begin + 1, "'{' is never closed", "add the missing '}'");
  }
  return fail("json-unclosed-array", last.begin, last.begin + 1, "'[' is never closed", "add the missing ']'");
}

/// Offset of the first character from `offset` on that is no white space.
std::size_t end_of_space(std::string_view text, std::size_t offset) {
  constexpr std::uint64_t kSpaces = 0x2020202020202020U;
  while (offset < text.size()) {
    const char c = text[offset];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
      break;
    }
    ++offset;
    std::uint64_t word = kSpaces;
    while (text.size() - offset >= sizeof word) {  // indentation
      std::memcpy(&word, text.data() + offset, sizeof word);
      if (word != kSpaces) {
        break;
      }
      offset += sizeof word;
    }
  }
  return offset;
}

bool Parser::skip_space() {
  while (true) {
    at_ = end_of_space(text_, at_);
    if (at_ == text_.size() || (text_[at_] != '/' && text_[at_] != '#')) {
      return true;
    }
    if (!skip_comment()) {
      return !stopped_;  // a lone slash is left to the caller
    }
  }
}

/// Steps over a comment; false when there is none, or when its report was one too many.
bool Parser::skip_comment() {
  const std::size_t begin = at_;
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("/*")) {
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
  } else if (rest.starts_with("//") || rest.starts_with('#')) {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    if (text_[at_ - 1] == '\r') {
      --at_;
    }
  } else {
    return false;
  }
  return report("json-comment", begin, at_, "comment in JSON", "JSON has no comments: remove it");
}

std::size_t Parser::end_of_word(std::size_t offset) const {
  while (offset < text_.size() && is_word(text_[offset])) {
    ++offset;
  }
  return offset;
}

Parser::Next Parser::open(char bracket) {
  if (open_.size() >= limits_.nesting) {
    return fail("json-too-deep", at_, at_ + 1, "nested more than " + std::to_string(limits_.nesting) + " levels deep");
  }
  const bool is_object = bracket == '{';
  open_.push_back({is_object, at_, is_object ? members_.size() : values_.size()});
  ++at_;
  if (!skip_space()) {
    return Next::kFailed;
  }
  if (at_ < text_.size() && text_[at_] == (is_object ? '}' : ']')) {
    return close();
  }
  return next_item();
}

Parser::Next Parser::close() {
  const Open done = open_.back();
  open_.pop_back();
  ++at_;
  if (done.is_object) {
    const auto members = arena_.copy(std::span<const Member>(members_).subspan(done.first_item));
    members_.resize(done.first_item);
    add_value(Kind::kObject, done.begin).members = members;
  } else {
    const auto elements = arena_.copy(std::span<const Value>(values_).subspan(done.first_item));
    values_.resize(done.first_item);
    add_value(Kind::kArray, done.begin).elements = elements;
  }
  return after_value();
}

/// The place of the value that was read from `begin` to here: in the innermost open container, or the root.
Value& Parser::add_value(Kind kind, std::size_t begin) {
  Value* value = &root_;
  if (!open_.empty()) {
    value = open_.back().is_object ? &members_.back().value : &values_.emplace_back();
  }
  value->kind = kind;
  value->region = map_.region(begin, at_);
  return *value;
}

Parser::Next Parser::read_value() {
  const char c = text_[at_];
  switch (c) {
    case '"':
      return read_string_value();
    case '{':
    case '[':
      return open(c);
    case '\'':
      return read_string_value();
    case '\0':
      if (at_hole(at_)) {
        return read_hole();
      }
      break;
    case ',':
      if (!open_.empty() && !open_.back().is_object) {
        const bool go_on = report("json-extra-comma", at_, at_ + 1, "',' without a value before it", "remove it");
        ++at_;
        return next_if(go_on, Next::kValue);
      }
      [[fallthrough]];
    case '}':
      if (!open_.empty() && open_.back().is_object) {
        const bool go_on =
            report("json-missing-value", at_, at_ + 1, "value expected, " + describe(text_, at_) + " found",
                   "give the name before it a value");
        add_value(Kind::kNull, at_);
        return next_if(go_on, Next::kSeparator);
      }
      break;
    case ']':
      if (!open_.empty() && !open_.back().is_object) {
        return close();  // after a comma too many, which has been reported
      }
      break;
    default:
      break;
  }
  if (is_digit(c) || c == '-' || c == '+' || c == '.') {
    return read_number();
  }
  if (is_letter(c)) {
    return read_word();
  }
  return fail_unexpected("value");
}

Parser::Next Parser::read_name() {
  const char c = text_[at_];
  Member member;
  const std::size_t begin = at_;
  if (c == '"' || c == '\'') {
    String name;
    if (!read_string(name)) {
      return Next::kFailed;
    }
    member.name = name.text;
    member.name_parts = name.parts;
  } else if (at_hole(at_)) {
    const StringPart part{{}, map_.hole_at(at_)};
    member.name_parts = arena_.copy(std::span<const StringPart>(&part, 1));
    ++at_;
    if (!report("json-hole", begin, at_, "interpolation where a name in double quotes is expected",
                "whether it is one member, several or none cannot be told") ||
        !skip_space()) {
      return Next::kFailed;
    }
    if (at_ == text_.size() || text_[at_] != ':') {
      return Next::kSeparator;
    }
  } else if (is_letter(c)) {
    at_ = end_of_word(at_);
    member.name = text_.substr(begin, at_ - begin);
    if (!report("json-unquoted-name", begin, at_, "name '" + std::string(member.name) + "' without quotes",
                "put it in double quotes")) {
      return Next::kFailed;
    }
  } else if (c == ',') {
    ++at_;
    return next_if(report("json-extra-comma", begin, at_, "',' without a member before it", "remove it"), Next::kName);
  } else if (c == '}') {
    return close();  // after a comma too many, which has been reported
  } else {
    return fail_unexpected("name in double quotes");
  }
  member.name_region = map_.region(begin, at_);
  members_.push_back(member);
  if (!skip_space()) {
    return Next::kFailed;
  }
  if (at_ == text_.size()) {
    return fail_unclosed();
  }
  if (text_[at_] == ':') {
    ++at_;
    return Next::kValue;
  }
  if (text_[at_] == '=') {
    const std::size_t sign = at_;
    at_ += text_.substr(at_).starts_with("=>") ? 2 : 1;
    return next_if(report("json-missing-colon", sign, at_, "'=' after a name", "write ':'"), Next::kValue);
  }
  if (text_[at_] == ',' || text_[at_] == '}') {
    members_.back().value.region = map_.region(at_, at_);
    return next_if(report("json-missing-value", begin, at_, "name without a value", "write ':' and the value after it"),
                   Next::kSeparator);
  }
  return fail_unexpected("':'");
}

Parser::Next Parser::read_separator() {
  const char c = text_[at_];
  const bool is_object = open_.back().is_object;
  const char closer = is_object ? '}' : ']';
  if (c == ',') {
    const std::size_t comma = at_++;
    if (!skip_space()) {
      return Next::kFailed;
    }
    if (at_ < text_.size() && text_[at_] == closer) {
      const bool go_on = report("json-trailing-comma", comma, comma + 1, "',' after the last item", "remove the comma");
      return go_on ? close() : Next::kFailed;
    }
    return next_item();
  }
  if (c == closer) {
    return close();
  }
  if (c == '}' || c == ']') {
    return fail("json-mismatched-bracket", at_, at_ + 1,
                std::string(is_object ? "'{'" : "'['") + " is closed by " + describe(text_, at_),
                std::string("close it with '") + closer + "' first");
  }
  if (at_hole(at_)) {
    ++at_;
    return next_if(
        report("json-hole", at_ - 1, at_, "interpolation between two values", "what stands here cannot be told"),
        Next::kSeparator);
  }
  if (c == '"' || c == '\'' || c == '{' || c == '[' || is_letter(c) || is_digit(c) || c == '-') {
    return next_if(report("json-missing-comma", at_, at_ + 1, "',' expected before this", "add the comma"),
                   next_item());
  }
  return fail_unexpected(is_object ? "',' or '}'" : "',' or ']'");
}

std::string_view Parser::decode_segment(std::size_t begin, std::size_t end) {
  std::vector<LiteralProblem> problems;
  const std::string_view decoded = decode(text_.substr(begin, end - begin), arena_, problems);
  for (const LiteralProblem& problem : problems) {
    const std::size_t from = begin + problem.begin;
    const std::size_t to = begin + problem.end;
    using Kind = LiteralProblem::Kind;
    if (stopped_) {
      break;
    }
    if (problem.kind == Kind::kInvalidUtf8) {
      report("json-invalid-utf8", from, to, describe(text_, from) + " is not UTF-8", "save the file as UTF-8");
    } else if (problem.kind == Kind::kIncompleteEscape && to == end && at_hole(end)) {
      report("json-hole", from, to, "interpolation within an escape sequence", "write the backslash as \\\\");
    } else if (problem.kind == Kind::kIncompleteEscape) {
      report("json-escape", from, to, "\\u without four hexadecimal digits", "write a backslash as \\\\");
    } else {
      report("json-escape", from, to, "'" + std::string(text_.substr(from, to - from)) + "' is no escape sequence",
             "write a backslash as \\\\");
    }
  }
  return decoded;
}

bool Parser::read_string(String& string) {
  const std::size_t begin = at_;
  const char quote = text_[begin];
  std::size_t segment = begin + 1;
  std::size_t at = segment;
  bool escaped = false;
  bool non_ascii = false;
  parts_.clear();
  const auto finish_segment = [&](std::size_t end) {
    const std::string_view raw = text_.substr(segment, end - segment);
    const bool as_written = !escaped && (!non_ascii || is_valid_utf8(raw));
    return as_written ? raw : decode_segment(segment, end);
  };
  while (true) {
    const Scan scan = scan_plain(text_, at, quote);
    at = scan.offset;
    non_ascii = non_ascii || scan.non_ascii;
    if (at == text_.size()) {
      return fail("json-unclosed-string", begin, begin + 1, "string is never closed", "add the missing quote") !=
             Next::kFailed;
    }
    const char c = text_[at];
    if (c == quote) {
      break;
    }
    if (c == '\\') {
      escaped = true;
      const bool takes_next = at + 1 < text_.size() && static_cast<std::uint8_t>(text_[at + 1]) >= 0x20;
      at += takes_next ? 2 : 1;
    } else if (at_hole(at)) {
      if (const std::string_view before = finish_segment(at); !before.empty()) {
        parts_.push_back({before, -1});
      }
      parts_.push_back({{}, map_.hole_at(at)});
      segment = ++at;
      escaped = false;
      non_ascii = false;
    } else {
      const bool line_end = c == '\n' || c == '\r';
      const std::string message = line_end ? "line end within a string" : describe(text_, at) + " within a string";
      if (!report("json-control-character", at, at + 1, message,
                  line_end ? "close the string, or write the line end as \\n" : "write it as an escape sequence")) {
        return false;
      }
      at += text_.substr(at).starts_with("\r\n") ? 2 : 1;
    }
  }
  const std::string_view last = finish_segment(at);
  at_ = at + 1;
  if (parts_.empty()) {
    string.text = last;
  } else {
    if (!last.empty()) {
      parts_.push_back({last, -1});
    }
    string.parts = arena_.copy(parts_);
  }
  if (quote == '\'') {
    report("json-single-quotes", begin, at_, "string in single quotes", "use double quotes");
  }
  return !stopped_;
}

Parser::Next Parser::read_string_value() {
  const std::size_t begin = at_;
  String string;
  if (!read_string(string)) {
    return Next::kFailed;
  }
  Value& value = add_value(Kind::kString, begin);
  value.text = string.text;
  value.parts = string.parts;
  return after_value();
}

Parser::Next Parser::read_number() {
  const std::size_t begin = at_;
  const auto digits = [&] {
    const std::size_t first = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) {
      ++at_;
    }
    return at_ - first;
  };
  const auto next_is = [&](char c) { return at_ < text_.size() && text_[at_] == c; };
  if (next_is('-')) {
    ++at_;
  }
  const std::size_t integer = at_;
  std::string hint;
  const std::size_t integer_digits = digits();
  bool good = integer_digits > 0;
  if (integer_digits > 1 && text_[integer] == '0') {
    good = false;
    hint = "remove the zeros before it";
  }
  if (next_is('.')) {
    ++at_;
    if (digits() == 0 || integer_digits == 0) {
      good = false;
      hint = "write a digit on both sides of the point";
    }
  }
  if (next_is('e') || next_is('E')) {
    ++at_;
    if (next_is('+') || next_is('-')) {
      ++at_;
    }
    good = digits() > 0 && good;
  }
  if (at_hole(at_) || (at_ < text_.size() && is_word(text_[at_]) && at_hole(end_of_word(at_)))) {
    return finish_torn_token(begin);
  }
  if (const std::size_t end = end_of_word(at_); end > at_) {
    at_ = end;
    good = false;
  }
  if (!good) {
    const std::string written(text_.substr(begin, at_ - begin));
    if (!report("json-number", begin, at_, "'" + written + "' is no JSON number",
                hint.empty() ? "write a decimal number, or a string in double quotes" : hint)) {
      return Next::kFailed;
    }
  }
  add_value(Kind::kNumber, begin).text = text_.substr(begin, at_ - begin);
  return after_value();
}

Parser::Next Parser::read_word() {
  const std::size_t begin = at_;
  at_ = end_of_word(at_);
  if (at_hole(at_)) {
    return finish_torn_token(begin);
  }
  const std::string_view word = text_.substr(begin, at_ - begin);
  const auto misspelt = [&](const char* right) {
    return report("json-literal", begin, at_, "'" + std::string(word) + "' is no JSON value",
                  std::string("write ") + right);
  };
  bool go_on = true;
  if (word == "true" || word == "True" || word == "TRUE") {
    add_value(Kind::kBool, begin).boolean = true;
    go_on = word == "true" || misspelt("true");
  } else if (word == "false" || word == "False" || word == "FALSE") {
    add_value(Kind::kBool, begin);
    go_on = word == "false" || misspelt("false");
  } else if (word == "null" || word == "None" || word == "NULL" || word == "nil" || word == "undefined") {
    add_value(Kind::kNull, begin);
    go_on = word == "null" || misspelt("null");
  } else {
    add_value(Kind::kString, begin).text = word;
    go_on = report("json-unquoted-string", begin, at_, "'" + std::string(word) + "' without quotes",
                   "put it in double quotes");
  }
  return next_if(go_on, after_value());
}

Parser::Next Parser::read_hole() {
  const std::size_t begin = at_;
  const std::size_t after = begin + 1;
  if (after < text_.size() && (is_word(text_[after]) || at_hole(after))) {
    return finish_torn_token(begin);
  }
  at_ = after;
  add_value(Kind::kHole, begin).hole = map_.hole_at(begin);
  return after_value();
}

/// Takes a run of word characters and holes outside of quotes as one unknown value, with a diagnostic.
Parser::Next Parser::finish_torn_token(std::size_t begin) {
  std::int32_t hole = -1;
  at_ = begin;
  while (at_ < text_.size() && (is_word(text_[at_]) || at_hole(at_))) {
    if (hole < 0) {
      hole = map_.hole_at(at_);
    }
    ++at_;
  }
  add_value(Kind::kHole, begin).hole = hole;
  const bool go_on = report("json-hole", begin, at_, "interpolation within a number or word",
                            "put the whole value into one interpolation");
  return next_if(go_on, after_value());
}

}  // namespace

Parsed parse(std::span<const Piece> pieces, source::Arena& arena, const source::Limits& limits) {
  const SourceMap map(pieces, arena);
  return Parser(map, arena, limits).run();
}

Parsed parse(std::string_view text, source::Region region, source::Arena& arena, const source::Limits& limits) {
  const Piece piece{text, -1, region, region.size() == text.size()};
  return parse(std::span<const Piece>(&piece, 1), arena, limits);
}

}  // namespace gabion::syntax::json
