#include "eval/functions/csv.h"

#include <utility>

namespace gabion::eval::functions {
namespace {

/// Reads one record after the other.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  CsvRows read() {
    while (!rest_.empty() && result_.error_line == 0) {
      std::string_view line = next_line();
      if (line == "\n" || line.empty()) {
        continue;
      }
      read_record(line);
    }
    return std::move(result_);
  }

 private:
  /// The next line with a plain line feed at its end (none at the end of the text).
  std::string_view next_line() {
    ++line_number_;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end == std::string_view::npos ? end : end + 1);
    rest_.remove_prefix(line.size());
    // A carriage return goes with its line feed, and alone at the end of the text.
    if (line.ends_with("\r\n")) {
      buffer_.assign(line.substr(0, line.size() - 2));
      buffer_ += '\n';
      return buffer_;
    }
    if (rest_.empty() && line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    return line;
  }

  void fail(std::string_view what) {
    result_.error_line = line_number_;
    result_.error = what;
  }

  static std::string_view without_break(std::string_view line) {
    if (line.ends_with('\n')) {
      line.remove_suffix(1);
    }
    return line;
  }

  void read_record(std::string_view line) {
    std::vector<std::string> fields;
    bool more = true;
    while (more && result_.error_line == 0) {
      more = line.starts_with('"') ? read_quoted(line, fields) : read_plain(line, fields);
    }
    if (result_.error_line == 0) {
      result_.rows.push_back(std::move(fields));
    }
  }

  /// True when another field follows.
  bool read_plain(std::string_view& line, std::vector<std::string>& fields) {
    const std::size_t comma = line.find(',');
    const std::string_view field = comma == std::string_view::npos ? without_break(line) : line.substr(0, comma);
    if (field.find('"') != std::string_view::npos) {
      fail("bare \" in non-quoted field");
      return false;
    }
    fields.emplace_back(field);
    if (comma == std::string_view::npos) {
      return false;
    }
    line.remove_prefix(comma + 1);
    return true;
  }

  bool read_quoted(std::string_view& line, std::vector<std::string>& fields) {
    std::string field;
    line.remove_prefix(1);
    while (true) {
      const std::size_t quote = line.find('"');
      if (quote == std::string_view::npos) {
        field += line;
        if (rest_.empty()) {
          fail("extraneous or missing \" in quoted-field");
          return false;
        }
        line = next_line();
        continue;
      }
      field += line.substr(0, quote);
      line.remove_prefix(quote + 1);
      if (line.starts_with('"')) {
        field += '"';
        line.remove_prefix(1);
        continue;
      }
      fields.push_back(std::move(field));
      if (line.starts_with(',')) {
        line.remove_prefix(1);
        return true;
      }
      if (!without_break(line).empty()) {
        fail("extraneous or missing \" in quoted-field");
      }
      return false;
    }
  }

  std::string_view rest_;
  std::string buffer_;
  std::size_t line_number_ = 0;
  CsvRows result_;
};

}  // namespace

CsvRows read_csv(std::string_view text) {
  return CsvReader(text).read();
}

}  // namespace gabion::eval::functions
