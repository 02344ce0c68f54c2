// Writes JSON as a stream: keys in the order given, bytes that are no UTF-8 replaced, nothing thrown. Used by the
// formats for programs.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace gabion::report {

/// Objects and arrays are opened and closed by the caller; commas, line ends and indentation come by themselves.
class JsonWriter {
 public:
  explicit JsonWriter(std::ostream& out) : out_(out) {}
  ~JsonWriter() { flush(); }
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  /// The name of the next value; only inside of an object.
  void key(std::string_view name);

  void string(std::string_view text);
  void number(std::uint64_t number);
  /// 985 as 98.5.
  void tenths(std::uint64_t tenths);
  void boolean(bool value);
  void null();

  /// A name and its value at once.
  void member(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void member_number(std::string_view name, std::uint64_t value) {
    key(name);
    number(value);
  }
  void member_boolean(std::string_view name, bool value) {
    key(name);
    boolean(value);
  }
  void member_null(std::string_view name) {
    key(name);
    null();
  }
  void begin_object(std::string_view name) {
    key(name);
    begin_object();
  }
  void begin_array(std::string_view name) {
    key(name);
    begin_array();
  }
  /// A value that `write` writes and that `known` keeps for the next time: it must come at the same depth again.
  template <class Write>
  void repeated(std::string& known, const Write& write) {
    separate();
    if (!known.empty()) {
      buffer_ += known;
      return;
    }
    const std::size_t begin = buffer_.size();
    keeping_ = true;
    after_key_ = true;
    write();
    keeping_ = false;
    known = buffer_.substr(begin);
  }

 private:
  static constexpr char kEmpty = 0;
  static constexpr char kSome = 1;

  void begin(char bracket);
  void end(char bracket);
  /// What stands before a value or a name: comma, line end, indentation.
  void separate();
  void quoted(std::string_view text);
  /// A comma or none, the end of the line, indentation.
  void line(bool comma);
  void flush();

  std::ostream& out_;
  std::string buffer_;     // written at once when it is long, or the outermost container ends
  std::string has_items_;  // one for each open container, kEmpty or kSome
  bool after_key_ = false;
  bool keeping_ = false;  // what is written stays in the buffer
};

/// A JSON document of another writer, with everything that is not printable in its texts written as escapes.
[[nodiscard]] std::string printable_json(std::string_view document);

}  // namespace gabion::report
