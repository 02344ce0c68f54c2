#include "engine/comments.h"

#include <algorithm>
#include <array>
#include <string>

#include "source/ascii.h"

namespace gabion::engine {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_word(char c) {
  return source::is_alphanumeric(c) || c == '_' || c == '-';
}

// Where a character means something; all others are stepped over.
constexpr std::uint8_t kInCode = 1;
constexpr std::uint8_t kInQuoted = 2;
constexpr std::uint8_t kInHeredoc = 4;
constexpr auto kMarks = [] {
  std::array<std::uint8_t, 256> marks{};
  const auto mark = [&](std::string_view characters, std::uint8_t where) {
    for (const char c : characters) {
      marks[static_cast<unsigned char>(c)] |= where;
    }
  };
  mark("#/\"<{}", kInCode);
  mark("$%\\\"\n", kInQuoted);
  mark("$%\n", kInHeredoc);
  return marks;
}();

/// Walks code, quoted texts and heredocs, each of which may nest in the one before through ${ }.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<CommentLine> run() {
    stack_.push_back({});
    while (at_ < text_.size()) {
      switch (stack_.back().kind) {
        case Kind::kCode:
          code();
          break;
        case Kind::kQuoted:
          quoted();
          break;
        case Kind::kHeredoc:
          heredoc();
          break;
      }
    }
    return std::move(found_);
  }

 private:
  enum class Kind : std::uint8_t { kCode, kQuoted, kHeredoc };
  struct Frame {
    Kind kind = Kind::kCode;
    std::uint32_t braces = 0;
    std::string_view mark{};
  };

  [[nodiscard]] bool next(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  [[nodiscard]] std::size_t line_end(std::size_t from) const {
    const std::size_t end = text_.find('\n', from);
    return end == std::string_view::npos ? text_.size() : end;
  }

  /// Goes on to what means something there; false at the end of the text.
  bool skip(std::uint8_t where) {
    while (at_ < text_.size() && (kMarks[static_cast<unsigned char>(text_[at_])] & where) == 0) {
      ++at_;
    }
    return at_ < text_.size();
  }

  void code() {
    if (!skip(kInCode)) {
      return;
    }
    const char c = text_[at_];
    if (c == '#' || next("//")) {
      line_comment(c == '#' ? 1 : 2);
    } else if (next("/*")) {
      block_comment();
    } else if (c == '"') {
      stack_.push_back({Kind::kQuoted});
      ++at_;
    } else if (next("<<") && begins_heredoc()) {
      return;
    } else {
      if (c == '{') {
        ++stack_.back().braces;
      } else if (c == '}') {
        if (stack_.back().braces > 0) {
          --stack_.back().braces;
        } else if (stack_.size() > 1) {
          stack_.pop_back();
        }
      }
      ++at_;
    }
  }

  /// Steps over a template's marks; true when it opened an interpolation.
  bool interpolation() {
    if (next("$${") || next("%%{")) {
      at_ += 3;
      return true;
    }
    if (next("${") || next("%{")) {
      stack_.push_back({});
      at_ += 2;
      return true;
    }
    return false;
  }

  void quoted() {
    if (!skip(kInQuoted) || interpolation()) {
      return;
    }
    const char c = text_[at_];
    if (c == '\\') {
      at_ += 2;
    } else {
      if (c == '"' || c == '\n') {  // a text that is not closed ends with its line
        stack_.pop_back();
      }
      ++at_;
    }
  }

  bool begins_heredoc() {
    std::size_t begin = at_ + 2;
    if (begin < text_.size() && text_[begin] == '-') {
      ++begin;
    }
    std::size_t end = begin;
    while (end < text_.size() && is_word(text_[end])) {
      ++end;
    }
    if (end == begin) {
      return false;
    }
    stack_.push_back({Kind::kHeredoc, 0, text_.substr(begin, end - begin)});
    at_ = line_end(end) + 1;
    return true;
  }

  void heredoc() {
    if (at_ == 0 || text_[at_ - 1] == '\n') {
      const std::size_t end = line_end(at_);
      std::string_view line = text_.substr(at_, end - at_);
      while (!line.empty() && is_blank(line.front())) {
        line.remove_prefix(1);
      }
      while (!line.empty() && is_blank(line.back())) {
        line.remove_suffix(1);
      }
      if (line == stack_.back().mark) {
        stack_.pop_back();
        at_ = end;
        return;
      }
    }
    if (skip(kInHeredoc) && !interpolation()) {
      ++at_;
    }
  }

  [[nodiscard]] bool begins_line(std::size_t place) const {
    while (place > 0 && is_blank(text_[place - 1])) {
      --place;
    }
    return place == 0 || text_[place - 1] == '\n';
  }

  void line_comment(std::size_t mark) {
    std::size_t end = line_end(at_);
    const std::size_t next_line = end;
    if (end > at_ && text_[end - 1] == '\r') {
      --end;
    }
    add(at_, end, at_ + mark, end, begins_line(at_));
    at_ = next_line;
  }

  void block_comment() {
    const std::size_t close = text_.find("*/", at_ + 2);
    const std::size_t inner = close == std::string_view::npos ? text_.size() : close;
    const std::size_t end = close == std::string_view::npos ? text_.size() : close + 2;
    std::size_t rest = end;
    while (rest < text_.size() && is_blank(text_[rest])) {
      ++rest;
    }
    const bool alone = begins_line(at_) && (rest == text_.size() || text_[rest] == '\n');
    std::size_t line = at_ + 2;
    while (line <= inner) {
      const std::size_t stop = std::min(line_end(line), inner);
      add(at_, end, line, stop, alone);
      line = stop + 1;
    }
    at_ = end;
  }

  void add(std::size_t begin, std::size_t end, std::size_t text_begin, std::size_t text_end, bool alone) {
    while (text_begin < text_end && (is_blank(text_[text_begin]) || text_[text_begin] == '#' ||
                                     text_[text_begin] == '*' || text_[text_begin] == '/')) {
      ++text_begin;
    }
    while (text_end > text_begin && is_blank(text_[text_end - 1])) {
      --text_end;
    }
    if (text_end > text_begin) {
      found_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                        static_cast<std::uint32_t>(text_begin), text_.substr(text_begin, text_end - text_begin),
                        alone});
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Frame> stack_;
  std::vector<CommentLine> found_;
};

}  // namespace

std::vector<CommentLine> comment_lines(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace gabion::engine
