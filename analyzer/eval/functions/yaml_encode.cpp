// Writing YAML byte for byte as Terraform does: block style, strings and keys in double quotes (folded at 80 columns),
// strings of several lines as literal blocks. What is not known becomes a hole that takes the rest of its line.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/functions/support.h"
#include "eval/functions/symbolic_text.h"
#include "eval/functions/unicode.h"
#include "eval/functions/yaml.h"

namespace gabion::eval::functions {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kWidth = 80;

bool is_break(std::uint32_t c) {
  return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// Characters that may stand as they are; those beyond the basic plane may not.
bool is_printable(std::uint32_t c) {
  return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

/// What the characters of a string allow.
struct Analysis {
  bool multiline = false;
  bool literal = true;  ///< may be a literal block
};

Analysis analyze(std::string_view text) {
  Analysis result;
  bool previous_space = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    const bool last = at + c.size == text.size();
    result.multiline = result.multiline || is_break(c.value);
    const bool trailing_space = c.value == ' ' && last;
    const bool space_before_break = is_break(c.value) && previous_space;
    if (!is_printable(c.value) || trailing_space || space_before_break) {
      result.literal = false;
    }
    previous_space = c.value == ' ';
    at += c.size;
  }
  return result;
}

/// Keeps track of where on the page it is, as the layout depends on it.
class Emitter {
 public:
  /// Something that is not known, behind the text before it.
  struct Hole {
    std::string before;
    Value value;
    int indent = 0;  ///< of what is around it, on which its layout depends
  };

  explicit Emitter(const Context& context) : limit_(context.limits.value_bytes) {}

  [[nodiscard]] bool fits() const { return out_.size() <= limit_; }
  /// What is behind the last hole.
  [[nodiscard]] std::string take() { return std::move(out_); }
  [[nodiscard]] const std::vector<Hole>& holes() const { return holes_; }

  void document(const Value& value) {
    const bool plain = !value.is_string() && !value.is_sequence() && !value.is_mapping();
    node(value, -1, false, true);
    break_line(0);
    // A plain scalar alone could go on: the document is closed explicitly.
    if (plain) {
      out_ += "...\n";
    }
  }

 private:
  void put(std::string_view text) {
    out_ += text;
    for (const char c : text) {
      column_ += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    }
  }

  /// A new line unless at the start of one, then spaces up to the indentation.
  void break_line(std::size_t indent) {
    if (!line_open_ || column_ > indent || (column_ == indent && !after_space_)) {
      out_ += '\n';
      column_ = 0;
    }
    while (column_ < indent) {
      out_ += ' ';
      ++column_;
    }
    after_space_ = true;
    line_open_ = true;
  }

  /// A token; a space goes before it unless there is one. `opens` keeps the line open for a nested block.
  void indicator(std::string_view text, bool needs_space, bool opens) {
    if (needs_space && !after_space_) {
      put(" ");
    }
    put(text);
    after_space_ = false;
    line_open_ = line_open_ && opens;
  }

  void node(const Value& value, int indent, bool in_mapping, bool root) {
    if (!fits()) {
      return;
    }
    if (value.is_unknown() || is_open(value)) {
      hole(value, indent);
    } else if (value.is_sequence()) {
      sequence(value, indent, in_mapping);
    } else if (value.is_mapping()) {
      mapping(value, indent);
    } else if (value.is_string()) {
      text(value.text(), indent < 0 ? kIndent : static_cast<std::size_t>(indent) + kIndent, false);
    } else {
      indicator(value.is_null() ? "null" : scalar_text(value), !root, false);
    }
  }

  /// May there be members between those that are known?
  static bool is_open(const Value& value) { return value.is_mapping() && value.node().rest_kind == Rest::kComputed; }

  /// Goes on at the start of a line: the hole has the space before the value, and the line's end behind it.
  void hole(const Value& value, int indent) {
    holes_.push_back({std::exchange(out_, {}), value, indent});
    column_ = 0;
    after_space_ = true;
    line_open_ = true;
  }

  static std::string scalar_text(const Value& value) {
    if (value.is_bool()) {
      return value.boolean() ? "true" : "false";
    }
    return value.number().to_string();
  }

  void sequence(const Value& value, int indent, bool in_mapping) {
    if (value.elements().empty()) {
      indicator("[", true, false);
      put("]");
      return;
    }
    // The dashes of a sequence below a key stand under the key.
    const bool indentless = in_mapping && !line_open_;
    const int inner = indent < 0 ? 0 : (indentless ? indent : indent + static_cast<int>(kIndent));
    for (const Value& element : value.elements()) {
      break_line(static_cast<std::size_t>(inner));
      indicator("-", true, true);
      node(element, inner, false, false);
    }
  }

  void mapping(const Value& value, int indent) {
    if (value.members().empty()) {
      indicator("{", true, false);
      put("}");
      return;
    }
    constexpr std::size_t kLongestSimpleKey = 128;
    const int inner = indent < 0 ? 0 : indent + static_cast<int>(kIndent);
    const auto column = static_cast<std::size_t>(inner);
    for (const Member& member : value.members()) {
      break_line(column);
      if (member.name.size() <= kLongestSimpleKey && !analyze(member.name).multiline) {
        text(member.name, column + kIndent, true);
        indicator(":", false, false);
      } else {
        indicator("?", true, true);
        text(member.name, column + kIndent, false);
        break_line(column);
        indicator(":", true, true);
      }
      node(member.value, inner, true, false);
    }
  }

  void text(std::string_view value, std::size_t indent, bool simple_key) {
    if (value.find('\n') != std::string_view::npos && !simple_key && analyze(value).literal) {
      literal(value, indent);
    } else {
      quoted(value, indent, !simple_key);
    }
  }

  void literal(std::string_view value, std::size_t indent) {
    indicator("|", true, false);
    const CodePoint first = decode(value, 0);
    if (first.value == ' ' || is_break(first.value)) {
      put(std::to_string(kIndent));
    }
    put(chomping(value));
    out_ += '\n';
    column_ = 0;
    after_space_ = true;
    line_open_ = true;
    bool at_start = true;
    for (std::size_t at = 0; at < value.size();) {
      const CodePoint c = decode(value, at);
      if (is_break(c.value)) {
        out_ += value.substr(at, c.size);
        column_ = 0;
        line_open_ = true;
        at_start = true;
      } else {
        if (at_start) {
          break_line(indent);
        }
        put(value.substr(at, c.size));
        line_open_ = false;
        at_start = false;
      }
      at += c.size;
    }
  }

  /// "-" without a break at the end, "+" with several, nothing with one.
  static std::string_view chomping(std::string_view value) {
    const auto last_break = [](std::string_view text) {
      if (text.empty()) {
        return std::size_t{0};
      }
      std::size_t at = text.size() - 1;
      while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
        --at;
      }
      return is_break(decode(text, at).value) ? text.size() - at : std::size_t{0};
    };
    const std::size_t size = last_break(value);
    if (size == 0) {
      return "-";
    }
    const std::string_view before = value.substr(0, value.size() - size);
    return before.empty() || last_break(before) > 0 ? "+" : "";
  }

  void quoted(std::string_view value, std::size_t indent, bool fold) {
    indicator("\"", true, false);
    bool spaces = false;
    for (std::size_t at = 0; at < value.size();) {
      const CodePoint c = decode(value, at);
      if (!is_printable(c.value) || is_break(c.value) || c.value == '"' || c.value == '\\') {
        escape(c.value);
        spaces = false;
      } else if (c.value == ' ') {
        if (fold && !spaces && column_ > kWidth && at > 0 && at + 1 < value.size()) {
          break_line(indent);
          if (value[at + 1] == ' ') {
            put("\\");
          }
        } else {
          put(" ");
        }
        spaces = true;
      } else {
        put(value.substr(at, c.size));
        spaces = false;
      }
      // What is inside the quotes is no white space of the layout.
      after_space_ = false;
      line_open_ = false;
      at += c.size;
    }
    put("\"");
    after_space_ = false;
    line_open_ = false;
  }

  void escape(std::uint32_t c) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    struct Short {
      std::uint32_t value;
      char letter;
    };
    constexpr Short kShort[] = {{0, '0'},     {7, 'a'},    {8, 'b'},    {9, 't'},      {10, 'n'},
                                {11, 'v'},    {12, 'f'},   {13, 'r'},   {27, 'e'},     {'"', '"'},
                                {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
    std::string text = "\\";
    for (const Short& known : kShort) {
      if (known.value == c) {
        text += known.letter;
        put(text);
        return;
      }
    }
    const unsigned width = c <= 0xFF ? 2 : (c <= 0xFFFF ? 4 : 8);
    text += width == 2 ? 'x' : (width == 4 ? 'u' : 'U');
    for (unsigned i = width; i-- > 0;) {
      text += kDigits[(c >> (4 * i)) & 15U];
    }
    put(text);
  }

  std::uint64_t limit_;
  std::string out_;  ///< since the last hole
  std::vector<Hole> holes_;
  std::size_t column_ = 0;
  bool after_space_ = true;  ///< nothing or white space before the cursor
  bool line_open_ = true;    ///< only indentation and dashes so far on this line
};

}  // namespace

Value yamlencode(const Call& call, Context& context) {
  const Value& value = call.arguments[0];
  constexpr std::size_t kMostHoles = 1000;
  if (value.is_unknown() || value.is_error()) {
    return unknown_result(call, kStringType, context);
  }
  Emitter emitter(context);
  emitter.document(value);
  if (!emitter.fits()) {
    return budget_result(call, kStringType, context);
  }
  const std::vector<Emitter::Hole>& holes = emitter.holes();
  if (holes.empty()) {
    return text_result(call, emitter.take(), context);
  }
  if (holes.size() > kMostHoles) {
    return unknown_result(call, kStringType, context);
  }
  std::vector<Value> values;
  values.reserve(holes.size());
  std::vector<TextPiece> pieces;
  for (const Emitter::Hole& hole : holes) {
    if (!hole.before.empty()) {
      pieces.push_back({.text = context.arena.copy(std::string_view(hole.before))});
    }
    const std::string name = "yamlencode(" + identity_text(hole.value) + ") at " + std::to_string(hole.indent);
    values.push_back(derived(name, kStringType, {&hole.value, 1}, context));
    pieces.push_back({.text = {}, .hole = &values.back()});
  }
  const std::string rest = emitter.take();
  if (!rest.empty()) {
    pieces.push_back({.text = context.arena.copy(std::string_view(rest))});
  }
  return text_of_pieces(call, pieces, context);
}

}  // namespace gabion::eval::functions
