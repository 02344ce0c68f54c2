// The template language. A template becomes a flat list of tokens first (literals, interpolations, directive markers),
// because strip markers and heredoc indentation act on neighbours in that list; then the tokens become parts.
// Literals that need no decoding stay views of the source all the way.
#include <algorithm>
#include <string>
#include <utility>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

namespace {

/// White space inside a line.
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

}  // namespace

// --- the three forms ---

const Expression* Builder::quoted_template() {
  const char* const open = cursor_++;
  const char* p = cursor_;
  while (p < end_ && !is(*p, kQuotedSpecial)) {
    ++p;
  }
  if (p < end_ && *p == '"') {  // a plain string
    const Region content = region(cursor_, p);
    const std::string_view literal = text(cursor_, p);
    cursor_ = p + 1;
    const Region all = region(open, cursor_);
    if (literal.empty()) {
      return arena_.make<EmptyTemplate>(all, TemplateKind::kQuoted, content);
    }
    return arena_.make<PlainTemplate>(all, TemplateKind::kQuoted, literal_part(content, literal));
  }
  const std::size_t mark = tokens_.size();
  const std::uint32_t saved_depth = std::exchange(template_depth_, depth_);
  if (!quoted_tokens(open)) {
    return nullptr;
  }
  template_depth_ = saved_depth;
  const Region content = region(open + 1, cursor_);
  ++cursor_;
  const Region all = region(open, cursor_);
  const auto parts = finish_parts(mark);
  return failed_ ? nullptr : arena_.make<TemplateOfParts>(all, TemplateKind::kQuoted, content, parts);
}

/// "<<" or "<<-", a name, and the end of the line.
bool Builder::at_heredoc() const {
  if (look() != '<' || look(1) != '<') {
    return false;
  }
  const char* const name = cursor_ + (look(2) == '-' ? 3 : 2);
  const char* const end = after_identifier(name);
  return end != name && (look(end) == '\n' || (look(end) == '\r' && look(end + 1) == '\n'));
}

const Expression* Builder::heredoc() {
  const char* const open = cursor_;
  const bool indented = look(2) == '-';
  const char* const name = cursor_ + (indented ? 3 : 2);
  const char* const name_end = after_identifier(name);
  const std::string_view marker = text(name, name_end);
  cursor_ = name_end + (look(name_end) == '\r' ? 2 : 1);
  const char* const content = cursor_;
  const std::size_t mark = tokens_.size();
  std::string_view closing;
  const std::uint32_t saved_depth = std::exchange(template_depth_, depth_);
  if (!heredoc_tokens(open, marker, closing)) {
    return nullptr;
  }
  template_depth_ = saved_depth;
  if (indented) {
    remove_indentation(mark);
  }
  // The content ends with its last newline; the closing marker's indentation is not part of it.
  const char* content_end = closing.data();
  while (content_end > content && content_end[-1] != '\n') {
    --content_end;
  }
  const Region all = region(open, closing.data() + closing.size());
  const auto parts = finish_parts(mark);
  const TemplateKind form = indented ? TemplateKind::kHeredocIndented : TemplateKind::kHeredoc;
  return failed_ ? nullptr : arena_.make<HeredocExpression>(all, form, region(content, content_end), parts, marker);
}

const Expression* Builder::whole_template() {
  const char* const begin = cursor_;
  if (!failed_ && bare_tokens()) {
    const auto parts = finish_parts(0);
    if (!failed_) {
      return arena_.make<TemplateOfParts>(region_, TemplateKind::kBare, region(begin, end_), parts);
    }
  }
  return arena_.make<ErrorExpression>(Expression{ExpressionKind::kError, region_});
}

// --- tokens ---

/// Up to the closing quote, which is left at the cursor.
bool Builder::quoted_tokens(const char* open) {
  const std::size_t mark = tokens_.size();
  trim_next_ = false;
  for (;;) {
    const char* const begin = cursor_;
    bool escapes = false;
    const char* const end = after_quoted_run(begin, open, escapes);
    if (end == nullptr || (end != begin && !push_literal(begin, end, true, escapes))) {
      return false;
    }
    cursor_ = end;
    if (*end == '"') {
      return true;
    }
    if (!sequence(mark)) {
      return false;
    }
  }
}

/// The next closing quote, "${" or "%{"; null after an error.
const char* Builder::after_quoted_run(const char* p, const char* open, bool& escapes) {
  for (;;) {
    while (p < end_ && !is(*p, kQuotedSpecial)) {
      ++p;
    }
    if (p == end_) {
      return fail(open, end_, "hcl-unclosed-string", "this string is not closed before the end of the file",
                  "add the missing double quote");
    }
    switch (*p) {
      case '"':
        return p;
      case '$':
      case '%':
        if (look(p + 1) == '{') {
          return p;
        }
        if (look(p + 1) == *p && look(p + 2) == '{') {
          escapes = true;
          p += 2;
        }
        ++p;
        break;
      case '\\':
        escapes = true;
        ++p;
        if (p < end_ && !is(*p, kNonAscii) && *p != '\n' && *p != '\r') {
          ++p;
        }
        break;
      case '\n':
      case '\r':
        return fail(open, p, "hcl-unclosed-string", "this string is not closed before the end of the line",
                    "add the missing double quote; for several lines use \\n or a heredoc");
      default: {
        const CodePoint c = decode_utf8(p, end_);
        if (c.length == 0) {
          return invalid_utf8(p);
        }
        p += c.length;
      }
    }
  }
}

/// The end of the line (behind its newline), "${", "%{" or the end of the input; null after an error.
/// HashiCorp's scanner makes two tokens of a line that ends with "$" or "%" and one more byte, one of the newline
/// alone; that shows when a strip marker follows, so it is so here.
/// A carriage return alone is an error in a heredoc; it makes all that follows in a bare template literal.
const char* Builder::after_line_run(const char* p, bool bare, bool& escapes) {
  for (;;) {
    while (p < end_ && !is(*p, kLineSpecial)) {
      ++p;
    }
    if (p == end_) {
      return p;
    }
    switch (*p) {
      case '$':
      case '%':
        if (look(p + 1) == '{') {
          return p;
        }
        if (look(p + 1) == *p && look(p + 2) == '{') {
          escapes = true;
          p += 2;
        } else if (is_blank(look(p + 1)) && (look(p + 2) == '\n' || (look(p + 2) == '\r' && look(p + 3) == '\n'))) {
          return p + 2;
        }
        ++p;
        break;
      case '\n':
        return p + 1;
      case '\r':
        if (look(p + 1) != '\n' && bare) {
          escapes = true;
          return end_;
        }
        if (look(p + 1) != '\n') {
          return fail(p, p + 1, "hcl-invalid-character", "saw a carriage return without a line feed",
                      "end lines with a line feed");
        }
        return p + 2;
      default: {
        const CodePoint c = decode_utf8(p, end_);
        if (c.length == 0) {
          return invalid_utf8(p);
        }
        p += c.length;
      }
    }
  }
}

/// Up to the closing marker; the cursor ends where its line does.
bool Builder::heredoc_tokens(const char* open, std::string_view marker, std::string_view& closing) {
  const std::size_t mark = tokens_.size();
  trim_next_ = false;
  bool line_start = true;
  for (;;) {
    if (const char* line_end = nullptr; line_start && closing_marker(marker, closing, line_end)) {
      cursor_ = line_end;
      return true;
    }
    const char* const begin = cursor_;
    bool escapes = false;
    const char* const end = after_line_run(begin, false, escapes);
    if (end == nullptr || (end != begin && !push_literal(begin, end, false, escapes))) {
      return false;
    }
    cursor_ = end;
    if (at_end()) {
      const bool marker_without_newline =
          line_start && trim_left(trim_right(text(begin, end))) == marker && end_ == base_ + artifact_.bytes().size();
      fail(open, open + 2 + (open[2] == '-' ? 1 : 0) + marker.size(), "hcl-unclosed-heredoc",
           "this heredoc is not closed before the end of the file",
           marker_without_newline ? "end the line of the closing \"" + std::string(marker) + "\" with a newline"
                                  : "put \"" + std::string(marker) + "\" on a line of its own");
      return false;
    }
    if (end != begin && end[-1] == '\n') {
      line_start = true;
      continue;
    }
    line_start = false;
    if (at_newline()) {
      continue;
    }
    if (!sequence(mark)) {
      return false;
    }
  }
}

/// The line at the cursor is the marker, perhaps with white space around it. A marker at the very end of the region
/// counts when a newline follows in the artifact.
bool Builder::closing_marker(std::string_view marker, std::string_view& closing, const char*& line_end) const {
  const char* p = cursor_;
  while (p < end_ && (*p == ' ' || *p == '\t')) {
    ++p;
  }
  if (p < end_ && *p != marker.front() && !is(*p, kNonAscii) && *p != '\v' && *p != '\f') {
    return false;
  }
  const char* const artifact_end = base_ + artifact_.bytes().size();
  const char* newline = std::find(p, end_, '\n');
  if (newline == end_) {
    newline = std::find_if(end_, artifact_end, [](char c) { return c != ' ' && c != '\t' && c != '\r'; });
    if (newline == artifact_end || *newline != '\n') {
      return false;
    }
    newline = end_;
  }
  line_end = newline;
  if (line_end > cursor_ && line_end[-1] == '\r') {
    --line_end;
  }
  const std::string_view line = text(cursor_, line_end);
  const std::string_view trimmed = trim_right(trim_left(line));
  if (trimmed != marker || line.find('\r') != std::string_view::npos) {
    return false;
  }
  closing = trimmed;
  return true;
}

/// Up to the end of the region.
bool Builder::bare_tokens() {
  trim_next_ = false;
  while (!at_end()) {
    const char* const begin = cursor_;
    bool escapes = false;
    const char* const end = after_line_run(begin, true, escapes);
    if (end == nullptr || (end != begin && !push_literal(begin, end, false, escapes))) {
      return false;
    }
    cursor_ = end;
    const bool newline = end != begin && (end[-1] == '\n' || at_newline());
    if (!newline && !at_end() && !sequence(0)) {
      return false;
    }
  }
  return true;
}

bool Builder::push_literal(const char* begin, const char* end, bool quoted, bool escapes) {
  std::string_view value = text(begin, end);
  if (escapes && !unescape(begin, end, quoted, value)) {
    return false;
  }
  if (trim_next_) {
    value = trim_left(value);
    trim_next_ = false;
  }
  tokens_.push_back({Token::Kind::kLiteral, region(begin, end), value, nullptr, {}, {}});
  return true;
}

bool Builder::sequence(std::size_t mark) {
  const char* const begin = cursor_;
  const bool interpolation = *begin == '$';
  cursor_ += 2;
  if (look() == '~') {
    ++cursor_;
    if (tokens_.size() > mark && tokens_.back().kind == Token::Kind::kLiteral) {
      tokens_.back().text = trim_right(tokens_.back().text);
    }
  }
  const bool saved = newlines_matter_;
  newlines_matter_ = false;
  const std::size_t index = tokens_.size();
  if (interpolation) {
    const Expression* value = expression();
    if (value == nullptr || !close_sequence(begin, "interpolation")) {
      return false;
    }
    tokens_.push_back({Token::Kind::kInterpolation, {}, {}, value, {}, {}});
  } else if (!directive(begin)) {
    return false;
  }
  tokens_[index].region = region(begin, cursor_);
  newlines_matter_ = saved;
  return true;
}

/// The closing brace of a sequence, perhaps with a strip marker.
bool Builder::close_sequence(const char* open, std::string_view what) {
  skip();
  trim_next_ = look() == '~' && look(1) == '}';
  if (trim_next_) {
    ++cursor_;
  }
  if (look() == '}' && !failed_) {
    ++cursor_;
    return true;
  }
  const std::string name(what);
  if (at_end() || look() == '"') {
    fail(open, open + 2, "hcl-unclosed-" + name, "this " + name + " is not closed before the end of the template",
         "add the missing \"}\"");
  } else {
    unexpected("hcl-unclosed-" + name, "\"}\" after the " + name,
               look() == ':' ? std::string("write \"") + *open + *open + "{\" when this is not meant for HCL" : "");
  }
  return false;
}

/// What stands in "%{ }"; the cursor is behind the opening marker.
bool Builder::directive(const char* open) {
  skip();
  Token token{};
  const char* const word = cursor_;
  const char* const word_end = after_identifier(word);
  const std::string_view keyword = text(word, word_end);
  cursor_ = word_end;
  const auto variable = [&](std::string_view& name) {
    skip();
    const char* const end = after_identifier(cursor_);
    if (end == cursor_) {
      unexpected("hcl-invalid-for", "the name of a variable after \"for\"", "written %{ for value in list }");
      return false;
    }
    name = text(cursor_, end);
    cursor_ = end;
    skip();
    return true;
  };
  if (keyword == "if") {
    token.kind = Token::Kind::kIf;
    token.expression = expression();
    if (token.expression == nullptr) {
      return false;
    }
  } else if (keyword == "for") {
    token.kind = Token::Kind::kFor;
    if (!variable(token.value_variable)) {
      return false;
    }
    if (look() == ',') {
      ++cursor_;
      token.key_variable = token.value_variable;
      if (!variable(token.value_variable)) {
        return false;
      }
    }
    if (!at_word("in")) {
      unexpected("hcl-invalid-for", "\"in\" after the variables of \"for\"", "written %{ for value in list }");
      return false;
    }
    cursor_ += 2;
    token.expression = expression();
    if (token.expression == nullptr) {
      return false;
    }
  } else if (keyword == "else") {
    token.kind = Token::Kind::kElse;
  } else if (keyword == "endif") {
    token.kind = Token::Kind::kEndIf;
  } else if (keyword == "endfor") {
    token.kind = Token::Kind::kEndFor;
  } else {
    cursor_ = word;
    unexpected("hcl-unknown-directive", "\"if\", \"else\", \"endif\", \"for\" or \"endfor\" after \"%{\"",
               "write \"%%{\" for the characters \"%{\"");
    return false;
  }
  if (!close_sequence(open, "directive")) {
    return false;
  }
  // Directives nest, so what is inside counts against the limit of nesting like the rest.
  if (token.kind == Token::Kind::kIf || token.kind == Token::Kind::kFor) {
    if (!enter()) {
      return false;
    }
  } else if (token.kind == Token::Kind::kEndIf || token.kind == Token::Kind::kEndFor) {
    if (depth_ == template_depth_) {
      unbalanced(region(open, cursor_), keyword);
      return false;
    }
    leave();
  }
  tokens_.push_back(token);
  return true;
}

// --- escapes ---

bool Builder::unescape(const char* p, const char* end, bool quoted, std::string_view& result) {
  scratch_.clear();
  while (p < end) {
    const char c = *p;
    if ((c == '$' || c == '%') && end - p >= 3 && p[1] == c && p[2] == '{') {
      scratch_.append(p + 1, 2);
      p += 3;
      continue;
    }
    if (c != '\\' || !quoted) {
      const char* next = p + 1;
      while (next < end && *next != '\\' && *next != '$' && *next != '%') {
        ++next;
      }
      scratch_.append(p, next);
      p = next;
      continue;
    }
    const char selector = end - p > 1 ? p[1] : '\0';
    switch (selector) {
      case 'n':
        scratch_.push_back('\n');
        break;
      case 'r':
        scratch_.push_back('\r');
        break;
      case 't':
        scratch_.push_back('\t');
        break;
      case '"':
      case '\\':
        scratch_.push_back(selector);
        break;
      case 'u':
      case 'U':
        if (!unicode_escape(p, end)) {
          return false;
        }
        continue;
      default: {
        const CodePoint point = end - p > 1 ? decode_utf8(p + 1, end) : CodePoint{};
        fail(p, p + 1 + point.length, "hcl-invalid-escape",
             "saw the escape \"" + std::string(p, p + 1 + point.length) + "\", which does not exist",
             selector == '$' || selector == '%'
                 ? std::string("write \"") + selector + selector + "{\" for the characters \"" + selector + "{\""
                 : "write \"\\\\\" for a backslash");
        return false;
      }
    }
    p += 2;
  }
  result = arena_.copy(scratch_);
  return true;
}

/// "\uNNNN" or "\UNNNNNNNN" at `p`, which moves behind it.
bool Builder::unicode_escape(const char*& p, const char* end) {
  const std::ptrdiff_t wanted = p[1] == 'u' ? 4 : 8;
  const char* digit = p + 2;
  std::uint32_t value = 0;
  while (digit < end && digit - p - 2 < wanted && is(*digit, kHexDigit)) {
    const auto lower = static_cast<unsigned char>(static_cast<unsigned char>(*digit) | 0x20U);
    value = value << 4U | (is(*digit, kDigit) ? lower - std::uint32_t{'0'} : lower - std::uint32_t{'a'} + 10U);
    ++digit;
  }
  if (digit - p - 2 != wanted) {
    fail(p, digit, "hcl-invalid-escape",
         "saw \"" + std::string(p, digit) + "\", expected " + (wanted == 4 ? "four" : "eight") + " hexadecimal digits",
         "write \"\\\\\" for a backslash");
    return false;
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
    fail(p, digit, "hcl-invalid-escape", "saw \"" + std::string(p, digit) + "\", which is not a Unicode character",
         "characters end at U+10FFFF and U+D800 to U+DFFF are not among them");
    return false;
  }
  append_utf8(scratch_, value);
  p = digit;
  return true;
}

}  // namespace gabion::syntax::hcl
