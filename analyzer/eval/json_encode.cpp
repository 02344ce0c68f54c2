#include <array>
#include <vector>

#include "eval/evaluation.h"
#include "eval/evaluator.h"
#include "eval/json_text.h"

namespace gabion::eval {

namespace {

/// Writes JSON until the first unknown. What was written by then is a prefix of the result whatever the unknown
/// becomes.
class Encoder {
 public:
  explicit Encoder(std::uint64_t limit) : limit_(limit) {}

  void write(const Value& value) {
    if (stopped_ || !error_.empty()) {
      return;
    }
    if (out_.size() > limit_) {
      too_long_ = true;
      stopped_ = true;
      return;
    }
    switch (value.kind()) {
      case Kind::kError:
      case Kind::kUnknown:
        write_unknown(value);
        return;
      case Kind::kNull:
        out_ += "null";
        return;
      case Kind::kBool:
        out_ += value.boolean() ? "true" : "false";
        return;
      case Kind::kNumber:
        if (value.number().is_infinite()) {
          error_ = "cannot encode an infinite number";
          return;
        }
        out_ += value.number().to_string();
        return;
      case Kind::kString:
        append_json_string(out_, value.text(), true);
        return;
      case Kind::kTuple:
      case Kind::kList:
      case Kind::kSet:
        write_sequence(value);
        return;
      case Kind::kMap:
      case Kind::kObject:
        write_mapping(value);
        return;
    }
  }

  [[nodiscard]] const std::string& text() const { return out_; }
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Whether it stopped because the text took more bytes than a value may have.
  [[nodiscard]] bool too_long() const { return too_long_; }

 private:
  void write_unknown(const Value& value) {
    const bool surely_string =
        value.is_unknown() && value.node().type()->kind == TypeKind::kString && value.unknown().not_null;
    if (surely_string) {
      append_json_string(out_, known_prefix(value), true);
      out_.pop_back();
    }
    stopped_ = true;
  }

  void write_sequence(const Value& value) {
    out_ += '[';
    bool first = true;
    for (const Value& element : value.elements()) {
      out_ += first ? "" : ",";
      first = false;
      write(element);
      if (stopped_) {
        return;
      }
    }
    out_ += ']';
  }

  void write_mapping(const Value& value) {
    out_ += '{';
    if (value.node().rest_kind == Rest::kComputed) {
      stopped_ = true;  // further attributes may come before those that are here
      return;
    }
    bool first = true;
    for (const Member& member : value.members()) {
      out_ += first ? "" : ",";
      first = false;
      append_json_string(out_, member.name, true);
      out_ += ':';
      write(member.value);
      if (stopped_) {
        return;
      }
    }
    out_ += '}';
  }

  std::string out_;
  std::string error_;
  std::uint64_t limit_;
  bool stopped_ = false;
  bool too_long_ = false;
};

}  // namespace

void append_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u00";
  out += kHex[c >> 4U];
  out += kHex[c & 0xfU];
}

namespace {

/// Characters that stand for themselves in a JSON string, whoever reads it and whatever follows.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < plain.size(); ++c) {
    plain[c] = true;
  }
  for (const char c : {'"', '\\', '<', '>', '&'}) {
    plain[static_cast<unsigned char>(c)] = false;
  }
  constexpr std::size_t kFirstOfLineSeparators = 0xe2;
  plain[kFirstOfLineSeparators] = false;
  return plain;
}();

/// Appends the character at a place that may need an escape; returns where the next one begins.
std::size_t append_special(std::string& out, std::string_view text, std::size_t at, bool html) {
  const auto c = static_cast<unsigned char>(text[at]);
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (c < 0x20 || (html && (c == '<' || c == '>' || c == '&'))) {
        append_escape(out, c);
      } else if (text.substr(at, 3) == "\xe2\x80\xa8" || text.substr(at, 3) == "\xe2\x80\xa9") {
        out += text[at + 2] == '\xa8' ? "\\u2028" : "\\u2029";
        return at + 3;
      } else {
        out += text[at];
      }
  }
  return at + 1;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, bool html) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && kPlain[static_cast<unsigned char>(text[end])]) {
      ++end;
    }
    out += text.substr(at, end - at);
    at = end == text.size() ? end : append_special(out, text, end, html);
  }
  out += '"';
}

Value json_encode(const Value& value, Context& context) {
  if (value.is_error()) {
    return value;
  }
  Encoder encoder(context.limits.value_bytes);
  encoder.write(value);
  if (encoder.too_long()) {
    return unevaluated(Reason::kBudget, "a long JSON text", source::Region{}, context);
  }
  const std::uint8_t marks = value.node().marks_inside;
  if (!encoder.error().empty()) {
    return make_error(context.arena, encoder.error(), source::Region{});
  }
  const auto* detail = context.arena.make<StringDetail>(
      StringDetail{.encoded = context.arena.make<Value>(without_marks(context.arena, value))});
  if (value.wholly_known()) {
    return with_marks(context.arena, make_string(context.arena, encoder.text(), detail), marks);
  }
  const Symbol* cause = first_unknown(value);
  const Symbol* symbol = context.symbols.derive(symbol_text("jsonencode(", value, ")"), *cause);
  const Unknown unknown{
      .symbol = symbol, .not_null = true, .prefix = context.arena.copy(std::string_view(encoder.text()))};
  return with_marks(context.arena, make_unknown(context.arena, kStringType, unknown, detail), marks);
}

}  // namespace gabion::eval
