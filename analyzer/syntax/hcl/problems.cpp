// Wording of syntax errors: what was seen, what was expected, what to do.
#include <algorithm>
#include <string>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

namespace {

std::string code_point_name(std::uint32_t value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string digits;
  for (int shift = 20; shift >= 0; shift -= 4) {
    const std::uint32_t digit = (value >> static_cast<unsigned>(shift)) & 0xFU;
    if (digit != 0 || !digits.empty() || shift < 16) {
      digits.push_back(kHex[digit]);
    }
  }
  return "U+" + digits;
}

}  // namespace

std::nullptr_t Builder::fail(const char* begin, const char* end, std::string_view code, std::string message,
                             std::string hint) {
  if (!failed_) {
    failed_ = true;
    diagnostics_.push_back({findings::DiagnosticSeverity::kError,
                            std::string(code),
                            std::move(message),
                            std::move(hint),
                            region(begin, std::min(end, end_)),
                            {}});
  }
  return nullptr;
}

findings::Diagnostics Builder::take_diagnostics() {
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [](const auto& a, const auto& b) { return a.region.begin < b.region.begin; });
  return std::move(diagnostics_);
}

/// Words for what stands at the cursor; `end` is set behind it.
std::string Builder::seen(const char*& end) const {
  end = cursor_;
  if (at_end()) {
    return end_ == base_ + artifact_.bytes().size() ? "the end of the file" : "the end of the text";
  }
  if (at_newline()) {
    end = cursor_ + (look() == '\n' ? 1 : 2);
    return "the end of the line";
  }
  constexpr std::size_t kLongest = 40;
  const auto quote = [&] {
    std::string_view word = text(cursor_, end);
    std::size_t length = std::min(word.size(), kLongest);
    while (length < word.size() && length > 0 && (static_cast<unsigned char>(word[length]) & 0xC0U) == 0x80U) {
      --length;
    }
    return '"' + std::string(word.substr(0, length)) + (length < word.size() ? "...\"" : "\"");
  };
  if (end = after_identifier(cursor_); end != cursor_) {
    return "the name " + quote();
  }
  if (is(look(), kDigit)) {
    end = after_number(cursor_);
    return "the number " + quote();
  }
  if (look() == '"') {
    end = cursor_ + 1;
    return "a quoted string";
  }
  for (const std::string_view longer : {"...", "==", "!=", "<=", ">=", "=>", "&&", "||", "::", "~}", "<<"}) {
    if (text(cursor_, end_).starts_with(longer)) {
      end = cursor_ + longer.size();
      return quote();
    }
  }
  end = cursor_ + 1;
  return quote();
}

/// Characters that mean nothing anywhere in the language get their own message.
bool Builder::fail_on_bad_character() {
  if (at_end()) {
    return false;
  }
  const char c = look();
  const char next = look(1);
  if (is(c, kNonAscii)) {
    const CodePoint point = decode_utf8(cursor_, end_);
    if (point.length == 0) {
      invalid_utf8(cursor_);
      return true;
    }
    if (is_id_start(point.value)) {
      return false;
    }
    const bool curly = point.value == 0x201C || point.value == 0x201D || point.value == 0x2018 || point.value == 0x2019;
    fail(cursor_, cursor_ + point.length, "hcl-invalid-character",
         (curly ? "saw a typographic quote, " : "saw the character ") + code_point_name(point.value) +
             (curly ? "" : ", which means nothing here"),
         curly ? "use straight double quotes" : "remove it, or put it into a quoted string");
    return true;
  }
  const auto bad = [&](std::string_view code, std::string message, std::string hint) {
    fail(cursor_, cursor_ + 1, code, std::move(message), std::move(hint));
    return true;
  };
  switch (c) {
    case '\'':
      return bad("hcl-invalid-character", "saw a single quote", "use double quotes around strings");
    case '`':
      return bad("hcl-invalid-character", "saw a backtick",
                 "use double quotes around strings, or a heredoc for several lines");
    case ';':
      return bad("hcl-invalid-character", "saw a semicolon",
                 "use new lines between attributes and commas between elements");
    case '&':
      return next != '&' && bad("hcl-unsupported-operator", "saw \"&\", which is no operator", "use \"&&\"");
    case '|':
      return next != '|' && bad("hcl-unsupported-operator", "saw \"|\", which is no operator", "use \"||\"");
    case '^':
      return bad("hcl-unsupported-operator", "saw \"^\", which is no operator", "");
    case '~':
      return next != '}' && bad("hcl-unsupported-operator", "saw \"~\", which is no operator", "use \"!\" for not");
    case '\r':
      return next != '\n' &&
             bad("hcl-invalid-character", "saw a carriage return without a line feed", "end lines with a line feed");
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n') {
    return bad("hcl-invalid-character",
               "saw the character " + code_point_name(static_cast<unsigned char>(c)) + ", which means nothing here",
               "remove it");
  }
  if (c == '\\' || c == '@' || c == '$' || c == '\x7F') {
    return bad("hcl-invalid-character",
               "saw the character " + code_point_name(static_cast<unsigned char>(c)) + ", which means nothing here",
               c == '$' ? "references are written without \"${\" and \"}\" outside of strings"
                        : "remove it, or put it into a quoted string");
  }
  return false;
}

std::nullptr_t Builder::unexpected(std::string_view code, std::string_view expected, std::string hint) {
  if (failed_ || fail_on_bad_character()) {
    return nullptr;
  }
  const char* end = cursor_;
  const std::string what = seen(end);
  return fail(cursor_, end, code, "saw " + what + ", expected " + std::string(expected), std::move(hint));
}

std::nullptr_t Builder::unclosed(const char* open, std::string_view code, std::string_view what,
                                 std::string_view expected, std::string hint) {
  if (at_end()) {
    return fail(open, open + 1, code, "this " + std::string(what) + " is not closed before the end of the file",
                std::move(hint));
  }
  return unexpected(code, expected, std::move(hint));
}

std::nullptr_t Builder::invalid_utf8(const char* p) {
  return fail(p, p + 1, "hcl-invalid-utf8", "saw a byte that is not valid UTF-8", "save the file as UTF-8");
}

}  // namespace gabion::syntax::hcl
