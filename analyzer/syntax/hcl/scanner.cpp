// The rare and the long cases of scanning: comments, identifiers outside ASCII, numbers.
#include <cstring>
#include <limits>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

Builder::Builder(const source::Artifact& artifact, Region region, source::Arena& arena, const source::Limits& limits)
    : artifact_(artifact),
      arena_(arena),
      region_(region),
      base_(artifact.bytes().data()),
      cursor_(base_ + region.begin),
      end_(base_ + region.end),
      depth_limit_(limits.nesting) {
  if (artifact.bytes().size() > std::numeric_limits<std::uint32_t>::max()) {
    end_ = cursor_;
    fail(cursor_, cursor_, "hcl-too-large", "the file is larger than 4 GiB", "split the file");
    return;
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (region.begin == 0 && text(cursor_, end_).starts_with(kByteOrderMark)) {
    cursor_ += kByteOrderMark.size();
  }
}

void Builder::skip_slowly() {
  const char* p = cursor_;
  for (;;) {
    constexpr std::string_view kIndentation = "        ";
    while (end_ - p >= 8 && std::memcmp(p, kIndentation.data(), 8) == 0) {
      p += 8;
    }
    while (p < end_ && (*p == ' ' || *p == '\t')) {
      ++p;
    }
    const char c = look(p);
    if (c == '\n' && !newlines_matter_) {
      ++p;
    } else if (c == '\r' && !newlines_matter_ && look(p + 1) == '\n') {
      p += 2;
    } else if (c == '#' || (c == '/' && (look(p + 1) == '/' || look(p + 1) == '*'))) {
      p = after_comment(p);
    } else {
      break;
    }
  }
  cursor_ = p;
}

/// A line comment ends before its newline, which may mean something.
const char* Builder::after_comment(const char* p) {
  if (*p == '/' && p[1] == '*') {
    const std::size_t close = text(p, end_).find("*/", 2);
    if (close == std::string_view::npos) {
      fail(p, p + 2, "hcl-unclosed-comment", "this comment is not closed before the end of the file",
           "close it with \"*/\"");
      return end_;
    }
    return p + close + 2;
  }
  const void* newline = std::memchr(p, '\n', static_cast<std::size_t>(end_ - p));
  if (newline == nullptr) {
    return end_;
  }
  const char* end = static_cast<const char*>(newline);
  return end[-1] == '\r' ? end - 1 : end;
}

const char* Builder::after_identifier_slowly(const char* p) const {
  const CodePoint c = decode_utf8(p, end_);
  return c.length != 0 && is_id_start(c.value) ? after_identifier_rest(p + c.length) : p;
}

const char* Builder::after_identifier_rest(const char* p) const {
  while (p < end_) {
    if (is(*p, kIdentifierContinue)) {
      ++p;
      continue;
    }
    if (!is(*p, kNonAscii)) {
      break;
    }
    const CodePoint c = decode_utf8(p, end_);
    if (c.length == 0 || !is_id_continue(c.value)) {
      break;
    }
    p += c.length;
  }
  return p;
}

/// The longest run of digits, dots and exponents that does not end with a dot; check_number() judges it.
const char* Builder::after_number(const char* p) const {
  const char* end = p;
  for (;;) {
    if (is(look(p), kDigit)) {
      end = ++p;
    } else if (look(p) == '.') {
      ++p;
    } else if (look(p) == 'e' || look(p) == 'E') {
      const char* digit = p + 1;
      if (look(digit) == '+' || look(digit) == '-') {
        ++digit;
      }
      if (!is(look(digit), kDigit)) {
        return end;
      }
      end = p = digit + 1;
    } else {
      return end;
    }
  }
}

bool Builder::at_word(std::string_view word) const {
  return text(cursor_, end_).starts_with(word) && after_identifier(cursor_) == cursor_ + word.size();
}

}  // namespace gabion::syntax::hcl
