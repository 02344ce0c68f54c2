#include "cli/console_input.h"

#include <algorithm>
#include <string>
#include <vector>

#include "source/ascii.h"

namespace gabion::cli {
namespace {

bool is_name(char c) {
  return source::is_alphanumeric(c) || c == '_' || c == '-';
}

/// Walks over the text and keeps what is open: the characters that close it, '"' for a quoted text.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  bool ends_open() {
    while (at_ < text_.size()) {
      if (!open_.empty() && open_.back() == '"') {
        inside_quotes();
      } else if (!code()) {
        return true;
      }
    }
    // Quoted text cannot go on in the next line: that is an error to report now.
    return !open_.empty() && open_.back() != '"';
  }

 private:
  void inside_quotes() {
    const std::string_view rest = text_.substr(at_);
    if (rest[0] == '\\') {
      at_ += 2;
    } else if (rest[0] == '"' || rest[0] == '\n') {
      open_.pop_back();  // a quoted text ends with its line, closed or not
      ++at_;
    } else if (rest.starts_with("$${") || rest.starts_with("%%{")) {
      at_ += 3;
    } else if (rest.starts_with("${") || rest.starts_with("%{")) {
      open_.push_back('}');
      at_ += 2;
    } else {
      ++at_;
    }
  }

  /// One token outside of quotes; false when the text ends in a comment or heredoc.
  bool code() {
    const std::string_view rest = text_.substr(at_);
    if (rest[0] == '#' || rest.starts_with("//")) {
      at_ += std::min(rest.find('\n'), rest.size());
      return true;
    }
    if (rest.starts_with("/*")) {
      const std::size_t end = rest.find("*/", 2);
      at_ += end == std::string_view::npos ? rest.size() : end + 2;
      return end != std::string_view::npos;
    }
    if (rest.starts_with("<<")) {
      return heredoc();
    }
    switch (rest[0]) {
      case '(':
        open_.push_back(')');
        break;
      case '[':
        open_.push_back(']');
        break;
      case '{':
        open_.push_back('}');
        break;
      case '"':
        open_.push_back('"');
        break;
      default:
        if (!open_.empty() && rest[0] == open_.back()) {
          open_.pop_back();
        }
        break;
    }
    ++at_;
    return true;
  }

  bool heredoc() {
    std::size_t begin = at_ + 2;
    begin += begin < text_.size() && text_[begin] == '-' ? 1 : 0;
    std::size_t end = begin;
    while (end < text_.size() && is_name(text_[end])) {
      ++end;
    }
    const std::string_view name = text_.substr(begin, end - begin);
    if (name.empty()) {
      at_ += 2;
      return true;
    }
    while ((end = text_.find('\n', end)) != std::string_view::npos) {
      ++end;
      const std::size_t first = text_.find_first_not_of(" \t", end);
      if (first == std::string_view::npos) {
        return false;
      }
      const std::string_view line = text_.substr(first, std::min(text_.find('\n', first), text_.size()) - first);
      if (line == name || line == std::string(name) + '\r') {
        at_ = first + name.size();
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<char> open_;
};

}  // namespace

bool goes_on(std::string_view text) {
  return Walk(text).ends_open();
}

}  // namespace gabion::cli
