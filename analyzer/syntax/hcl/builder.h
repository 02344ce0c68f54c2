// The parser's inside: one pass of recursive descent over the bytes, with the scanner merged into it, because what a
// byte means depends on where it stands (template, heredoc, brackets). Used by parser.cpp only. Every byte is looked
// at a bounded number of times, recursion is bounded by Limits::nesting, and the first syntax error ends the pass.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "syntax/hcl/ast.h"
#include "syntax/hcl/characters.h"

namespace gabion::syntax::hcl {

class Builder {
 public:
  Builder(const source::Artifact& artifact, Region region, source::Arena& arena, const source::Limits& limits);

  /// Everything in the region as a body; never null.
  const Body* whole_body();
  /// Everything in the region as one expression; an ErrorExpression when it is none.
  const Expression* whole_expression();
  /// Everything in the region as a bare template.
  const Expression* whole_template();

  /// What went wrong, in the order of the source.
  findings::Diagnostics take_diagnostics();

 private:
  // --- scanning (inline: this is where the time goes) ---
  [[nodiscard]] char look(const char* p) const { return p < end_ ? *p : '\0'; }
  [[nodiscard]] char look() const { return look(cursor_); }
  [[nodiscard]] char look(std::ptrdiff_t offset) const { return end_ - cursor_ > offset ? cursor_[offset] : '\0'; }
  [[nodiscard]] bool at_end() const { return cursor_ == end_; }
  [[nodiscard]] bool at_newline() const { return look() == '\n' || (look() == '\r' && look(1) == '\n'); }
  /// "..." begins here.
  [[nodiscard]] bool at_ellipsis() const { return look() == '.' && look(1) == '.' && look(2) == '.'; }
  /// "=" that is not part of "==" or "=>".
  [[nodiscard]] bool at_equals() const { return look() == '=' && look(1) != '=' && look(1) != '>'; }
  /// ":" that is not part of "::".
  [[nodiscard]] bool at_colon() const { return look() == ':' && look(1) != ':'; }
  /// White space and comments, newlines included unless they mean something here.
  void skip() {
    if (look() == ' ') {
      ++cursor_;
    }
    const char c = look();
    if (static_cast<unsigned char>(c) > ' ' ? c != '#' && c != '/' : c == '\n' && newlines_matter_) {
      return;
    }
    skip_slowly();
  }
  void skip_slowly();
  void skip_lines() {
    const bool saved = newlines_matter_;
    newlines_matter_ = false;
    skip();
    newlines_matter_ = saved;
  }
  const char* after_comment(const char* p);
  /// The end of the identifier at `p`, or `p` when there is none.
  [[nodiscard]] const char* after_identifier(const char* p) const {
    if (p < end_ && is(*p, kIdentifierStart)) {
      do {
        ++p;
      } while (p < end_ && is(*p, kIdentifierContinue));
      if (p == end_ || !is(*p, kNonAscii)) {
        return p;
      }
      return after_identifier_rest(p);
    }
    return p < end_ && is(*p, kNonAscii) ? after_identifier_slowly(p) : p;
  }
  [[nodiscard]] const char* after_identifier_slowly(const char* p) const;
  [[nodiscard]] const char* after_identifier_rest(const char* p) const;
  [[nodiscard]] const char* after_number(const char* p) const;
  /// The cursor stands on exactly this word.
  [[nodiscard]] bool at_word(std::string_view word) const;
  [[nodiscard]] static std::string_view text(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  [[nodiscard]] std::uint32_t offset(const char* p) const { return static_cast<std::uint32_t>(p - base_); }
  [[nodiscard]] Region region(const char* begin, const char* end) const {
    return {region_.artifact, offset(begin), offset(end)};
  }
  [[nodiscard]] Region region(std::string_view text) const { return region(text.data(), text.data() + text.size()); }

  // --- structure (build_body.cpp) ---
  bool body_items(const char* open_brace);
  bool attribute(std::string_view name);
  bool block(std::string_view type);
  bool one_line_body(const char* open_brace, const Body*& body);
  bool label();
  const Body* finish_body(std::size_t first_attribute, std::size_t first_block, Region region);
  std::size_t drop_duplicates(std::size_t first_attribute);
  bool end_of_item(std::string_view attribute_name);

  // --- expressions (build_expression.cpp, build_steps.cpp) ---
  const Expression* expression();
  const Expression* conditional();
  const Expression* binary(int minimum);
  const Expression* operand();
  const Expression* unary(UnaryOperator op);
  const Expression* name_or_call();
  const Expression* call(const char* name, const char* name_end);
  const Expression* number();
  Traversal* name_expression(std::string_view name, Region place) {
    return arena_.make<Traversal>(Expression{ExpressionKind::kTraversal, place}, name, std::span<const Step>{});
  }
  const Expression* anonymous_item(Region marker) { return name_expression({}, marker); }
  bool check_number(const char* begin, const char* end);
  const Expression* parentheses();
  const Expression* tuple();
  const Expression* object();
  bool object_key(ObjectItem& item);
  const Expression* for_expression(const char* open, bool is_object);
  /// Steps after `from`; `root` is the same node when constant steps may be added to it.
  const Expression* steps_after(const Expression* from, Traversal* root);
  const Expression* flush_steps(std::size_t mark, const Expression* from, Traversal*& root);
  /// One ".name" or ".0" whose dot is at `dot`; the cursor is behind the dot and white space.
  bool dot_step(const char* dot);
  const Expression* attribute_splat(const Expression* from, const char* dot);
  const Expression* full_splat(const Expression* from, const char* bracket);
  const Expression* bracket_step(const Expression* from, Traversal*& root, std::size_t mark);
  bool enter() {
    if (depth_ >= depth_limit_) {
      return too_deep();
    }
    ++depth_;
    return true;
  }
  bool too_deep();
  void leave() { --depth_; }

  // --- templates (build_template.cpp, build_parts.cpp) ---
  struct Token {
    enum class Kind : std::uint8_t { kLiteral, kInterpolation, kIf, kElse, kEndIf, kFor, kEndFor };
    Kind kind;
    Region region;
    std::string_view text;
    const Expression* expression;
    std::string_view key_variable;
    std::string_view value_variable;
  };
  static TemplatePart literal_part(Region place, std::string_view text) { return {place, text}; }
  const Expression* quoted_template();
  const Expression* heredoc();
  bool at_heredoc() const;
  bool quoted_tokens(const char* open);
  bool heredoc_tokens(const char* open, std::string_view marker, std::string_view& closing);
  bool bare_tokens();
  /// Pushes the literal [begin, end) as a token; `escapes` when something in it needs decoding.
  bool push_literal(const char* begin, const char* end, bool quoted, bool escapes);
  const char* after_quoted_run(const char* p, const char* open, bool& escapes);
  const char* after_line_run(const char* p, bool bare, bool& escapes);
  /// "${ }" or "%{ }" with the cursor on its first byte; the template's tokens begin at `mark`.
  bool sequence(std::size_t mark);
  bool directive(const char* open);
  bool close_sequence(const char* open, std::string_view what);
  bool closing_marker(std::string_view marker, std::string_view& closing, const char*& line_end) const;
  void remove_indentation(std::size_t mark);
  std::span<const TemplatePart> finish_parts(std::size_t mark);
  bool build_parts(std::size_t& index);
  bool build_if(std::size_t& index);
  bool build_for(std::size_t& index);
  std::nullptr_t unbalanced(const Region& place, std::string_view name);
  std::size_t build_literal(std::size_t index);
  bool unescape(const char* begin, const char* end, bool quoted, std::string_view& result);
  bool unicode_escape(const char*& p, const char* end);

  // --- problems (problems.cpp) ---
  /// Records the first syntax error. Always null, so that callers can return it.
  std::nullptr_t fail(const char* begin, const char* end, std::string_view code, std::string message,
                      std::string hint = {});
  /// What stands at the cursor is not what `expected` says.
  std::nullptr_t unexpected(std::string_view code, std::string_view expected, std::string hint = {});
  /// As unexpected(), but blames the bracket at `open` when the input just ends.
  std::nullptr_t unclosed(const char* open, std::string_view code, std::string_view what, std::string_view expected,
                          std::string hint = {});
  bool fail_on_bad_character();
  [[nodiscard]] std::string seen(const char*& end) const;
  std::nullptr_t invalid_utf8(const char* p);

  const source::Artifact& artifact_;
  source::Arena& arena_;
  Region region_;       ///< what to parse
  const char* base_;    ///< first byte of the artifact
  const char* cursor_;  ///< next byte
  const char* end_;     ///< end of the region
  std::uint32_t depth_ = 0;
  std::uint32_t depth_limit_;
  std::uint32_t template_depth_ = 0;  ///< depth_ where the current template began
  bool newlines_matter_ = true;
  bool failed_ = false;
  bool trim_next_ = false;  ///< the sequence before the next literal ended with "~}"
  findings::Diagnostics diagnostics_;

  // Stacks: each construct pushes on top of what its parents have and takes it off when it is complete.
  std::vector<Attribute> attributes_;
  std::vector<Block> blocks_;
  std::vector<Label> labels_;
  std::vector<const Expression*> expressions_;
  std::vector<ObjectItem> items_;
  std::vector<Step> steps_;
  std::vector<Token> tokens_;
  std::vector<TemplatePart> parts_;
  std::string scratch_;
};

}  // namespace gabion::syntax::hcl
