// Values as text: for people (describe, explain) and as keys of symbols (identity_text).
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "eval/loop_places.h"
#include "eval/symbol_text.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace {

constexpr std::size_t kDescriptionLimit = 80;
constexpr std::string_view kUntyped = ":any";
/// Before the hash of the type that a value was converted to.
constexpr std::string_view kConverted = ":as#";
/// Stands where a long symbol was cut, before # and the 32 digits of its hash.
constexpr std::string_view kCut = "...";
constexpr std::size_t kHashDigits = 32;
constexpr std::size_t kHash = kCut.size() + 1 + kHashDigits;

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  switch (c) {
    case '\n':
      out += 'n';
      break;
    case '\r':
      out += 'r';
      break;
    case '\t':
      out += 't';
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += "u00";
        out += kHex[static_cast<unsigned char>(c) >> 4U];
        out += kHex[static_cast<unsigned char>(c) & 0xfU];
      } else {
        out += c;
      }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || text[i] == '\\' || static_cast<unsigned char>(text[i]) < 0x20) {
      out += text.substr(begin, i - begin);
      append_escaped(out, text[i]);
      begin = i + 1;
    }
  }
  out += text.substr(begin);
}

bool is_plain_name(std::string_view text) {
  return !text.empty() && (text[0] < '0' || text[0] > '9') &&
         std::ranges::all_of(text, [](char c) { return source::is_alphanumeric(c) || c == '_' || c == '-'; });
}

bool is_hash_digit(char c) {
  return source::is_digit(c) || (c >= 'a' && c <= 'f');
}

/// Does the text begin with what shorten() leaves of a long one?
bool is_hash(std::string_view text) {
  return text.size() >= kHash && text.starts_with(kCut) && text[kCut.size()] == '#' &&
         std::ranges::all_of(text.substr(kCut.size() + 1, kHashDigits), is_hash_digit);
}

/// Symbols carry what tells them apart but nobody wants to read: places of loops ("var.l[*]@120.name"), types, hashes.
std::string readable(std::string_view symbol) {
  std::string text;
  for (std::size_t i = 0; i < symbol.size(); ++i) {
    if (is_hash(symbol.substr(i))) {
      text += kCut;
      i += kHash - 1;
      continue;
    }
    if (symbol.substr(i).starts_with(kUntyped)) {
      i += kUntyped.size() - 1;
      continue;
    }
    if (symbol.substr(i).starts_with(kConverted)) {
      // Some digits are missing where a long symbol was cut.
      const std::string_view digits = symbol.substr(i + kConverted.size()).substr(0, kHashDigits);
      i += kConverted.size() - 1;
      i += static_cast<std::size_t>(std::ranges::find_if_not(digits, is_hash_digit) - digits.begin());
      continue;
    }
    const bool place = symbol[i] == '@' && i + 1 < symbol.size() && symbol[i + 1] >= '0' && symbol[i + 1] <= '9';
    if (!place) {
      text += symbol[i];
      continue;
    }
    while (i + 1 < symbol.size() && symbol[i + 1] >= '0' && symbol[i + 1] <= '9') {
      ++i;
    }
  }
  return text;
}

/// Writes a value as HCL; stops soon after `limit` bytes.
class Writer {
 public:
  Writer(std::string& out, std::size_t limit, bool exact) : out_(out), limit_(limit), exact_(exact) {}

  void write(const Value& value) {
    if (full()) {
      return;
    }
    if (exact_ && value.marks() != 0) {
      out_ += value.is_sensitive() ? "sensitive " : "ephemeral ";
    }
    switch (value.kind()) {
      case Kind::kError:
        out_ += "error: ";
        out_ += value.error().message;
        return;
      case Kind::kUnknown:
        write_unknown(value);
        return;
      case Kind::kNull:
        out_ += "null";
        return;
      case Kind::kBool:
      case Kind::kNumber:
        out_ += primitive_text(value);
        return;
      case Kind::kString:
        out_ += '"';
        append_quoted(out_, exact_ ? value.text() : value.text().substr(0, limit_));
        out_ += '"';
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

 private:
  [[nodiscard]] bool full() const { return !exact_ && out_.size() > limit_; }

  void write_unknown(const Value& value) {
    const StringDetail* detail = value.detail();
    if (detail == nullptr || detail->parts.empty()) {
      write_symbol(value);
      return;
    }
    out_ += '"';
    for (const Part& part : detail->parts) {
      if (part.value == nullptr) {
        append_quoted(out_, part.text);
      } else if (part.value->is_unknown()) {
        out_ += "${";
        write_symbol(*part.value);
        out_ += '}';
      } else {
        append_quoted(out_, primitive_text(*part.value));
      }
    }
    out_ += '"';
  }

  void write_symbol(const Value& value) {
    const std::string_view text = value.unknown().symbol->text;
    if (exact_) {
      // An unknown of unknown type and the same converted to a type are two values.
      out_ += text;
      out_ += value.node().type()->kind == TypeKind::kDynamic ? kUntyped : std::string_view();
    } else {
      out_ += readable(text);
    }
  }

  void write_sequence(const Value& value) {
    if (exact_ && value.kind() != Kind::kTuple) {
      out_ += to_string(*value.node().type());
    }
    out_ += '[';
    bool first = true;
    for (const Value& element : value.elements()) {
      out_ += first ? "" : ", ";
      first = false;
      if (full()) {
        out_ += "...";
        break;
      }
      write(element);
    }
    out_ += ']';
  }

  void write_mapping(const Value& value) {
    if (exact_ && value.kind() == Kind::kMap) {
      out_ += to_string(*value.node().type());
    }
    out_ += '{';
    bool first = true;
    for (const Member& member : value.members()) {
      out_ += first ? "" : ", ";
      first = false;
      if (full()) {
        out_ += "...";
        break;
      }
      if (is_plain_name(member.name)) {
        out_ += member.name;
      } else {
        out_ += '"';
        append_quoted(out_, member.name);
        out_ += '"';
      }
      out_ += " = ";
      write(member.value);
    }
    if (exact_ && value.rest() != nullptr) {
      out_ += " ...";
      out_ += value.rest()->text;
    }
    out_ += '}';
  }

  std::string& out_;
  std::size_t limit_;
  bool exact_;
};

/// Eight bytes as a number, the same on every machine.
std::uint64_t word_at(const char* bytes) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes, sizeof word);
  } else {
    for (std::size_t i = 0; i < sizeof word; ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
  }
  return word;
}

/// Where the character begins that the byte belongs to.
std::size_t boundary(std::string_view text, std::size_t at) {
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) {
    --at;
  }
  return at;
}

/// The places of loops in a text that is cut: they stay to be read behind it, each once, and are numbers within it. So
/// a loop that moves makes the same text but for its place.
class LoopPlaces {
 public:
  /// `most`: bytes of places that there is room for; where there are more of them, all stay what they are.
  LoopPlaces(std::string_view given, std::size_t most) : text_(given), shown_(given) {
    std::size_t at = find_loop_place(given, 0, 0);
    if (at == std::string_view::npos) {
      return;
    }
    numbered_.reserve(given.size());
    std::size_t copied = 0;
    while (at != std::string_view::npos) {
      const std::size_t end = end_of_loop_place(given, at);
      const std::optional<char> number = number_of(given.substr(at, end - at), most);
      if (!number) {
        named_ = 0;
        return;
      }
      const std::string_view between = given.substr(copied, at - copied);
      show(between);
      numbered_ += between;
      numbered_ += '@';
      numbered_ += *number;
      copied = end;
      at = find_loop_place(given, end, end);
    }
    show(given.substr(copied));
    text_ = numbered_ += given.substr(copied);
    shown_ = {plain_.data(), length_};
  }
  LoopPlaces(const LoopPlaces&) = delete;
  LoopPlaces& operator=(const LoopPlaces&) = delete;

  /// With numbers for the places.
  [[nodiscard]] std::string_view text() const { return text_; }
  /// Without them, as much as can be shown.
  [[nodiscard]] std::string_view shown() const { return shown_; }
  [[nodiscard]] std::string_view names() const { return {names_.data(), named_}; }

 private:
  void show(std::string_view text) { length_ += text.copy(plain_.data() + length_, plain_.size() - length_); }

  /// The number of a place ("@120"), as a character; nothing where there is no room for another one.
  std::optional<char> number_of(std::string_view place, std::size_t most) {
    char number = '0';
    for (std::size_t at = 0; at < named_; ++number) {
      const std::size_t end = std::min(names().find('@', at + 1), named_);
      if (names().substr(at, end - at) == place) {
        return number;
      }
      at = end;
    }
    if (named_ + place.size() > std::min(most, names_.size())) {
      return std::nullopt;
    }
    named_ += place.copy(names_.data() + named_, place.size());
    return number;
  }

  std::string_view text_;
  std::string_view shown_;
  std::string numbered_;
  std::array<char, kSymbolLimit> plain_;
  std::size_t length_ = 0;
  std::array<char, kSymbolLimit / 4> names_;
  std::size_t named_ = 0;
};

/// Each byte in hexadecimal digits.
constexpr auto kHexPairs = [] {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {kHex[byte >> 4U], kHex[byte & 0xfU]};
  }
  return pairs;
}();

/// Two hashes of every other word, so that no two expressions meet by chance.
std::array<char, kHashDigits> hash_digits(std::string_view whole) {
  std::uint64_t first = 0xcbf29ce484222325U ^ whole.size();
  std::uint64_t second = 0x9ae16a3b2f90404fU;
  const auto mix = [&](const char* words) {
    first = (first ^ word_at(words)) * 0x9e3779b97f4a7c15U;
    first ^= first >> 32U;
    second = (second + word_at(words + sizeof(std::uint64_t))) * 0xc2b2ae3d27d4eb4fU;
    second ^= second >> 29U;
  };
  constexpr std::size_t kTogether = 2 * sizeof(std::uint64_t);
  std::size_t at = 0;
  for (; at + kTogether <= whole.size(); at += kTogether) {
    mix(whole.data() + at);
  }
  std::array<char, kTogether> last{};
  std::ranges::copy(whole.substr(at), last.begin());
  mix(last.data());
  std::array<char, kHashDigits> digits;
  char* end = digits.data();
  for (const std::uint64_t hash : {first, second}) {
    for (unsigned shift = 64; shift != 0; shift -= 8) {
      end = std::ranges::copy(kHexPairs[hash >> (shift - 8) & 0xffU], end).out;
    }
  }
  return digits;
}

}  // namespace

std::size_t find_loop_place(std::string_view text, std::size_t from, std::size_t behind) {
  for (std::size_t at = text.find('@', from); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::string_view before = text.substr(0, at);
    const bool of_loop = before.ends_with("[*]") || before.ends_with("[*].key");
    // More of them may follow behind a text that was cut.
    const bool of_cut = at >= kHash && before.substr(at - kHash).starts_with(kCut) && text[at - kHashDigits - 1] == '#';
    if (of_loop || (at == behind && at != 0) || of_cut) {
      return at;
    }
  }
  return std::string_view::npos;
}

std::size_t end_of_loop_place(std::string_view text, std::size_t at) {
  const auto digits = text.substr(at + 1);
  return at + 1 +
         static_cast<std::size_t>(std::ranges::find_if_not(digits, [](char c) { return source::is_digit(c); }) -
                                  digits.begin());
}

std::string without_places(std::string_view text) {
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = find_loop_place(text, 0, 0); at != std::string_view::npos;) {
    result += text.substr(copied, at - copied);
    copied = end_of_loop_place(text, at);
    at = find_loop_place(text, copied, copied);
  }
  result += text.substr(copied);
  for (std::size_t at = result.find(kCut); at != std::string::npos; at = result.find(kCut, at + kCut.size())) {
    if (is_hash(std::string_view(result).substr(at))) {
      result.erase(at + kCut.size(), kHash - kCut.size());
    }
  }
  return result;
}

std::string describe(const Value& value) {
  std::string text;
  Writer(text, kDescriptionLimit, false).write(value);
  if (text.size() > kDescriptionLimit + 3) {
    text.resize(boundary(text, kDescriptionLimit));
    text += "...";
  }
  return text;
}

std::string identity_text(const Value& value) {
  return symbol_text(value);
}

void append_identity(std::string& text, const Value& value) {
  Writer(text, 0, true).write(value);
}

std::string shorten(std::string_view whole, std::size_t limit) {
  if (whole.size() <= limit) {
    return std::string(whole);
  }
  std::string text(limit, ' ');
  text.resize(shorten_to(whole, text).size());
  return text;
}

std::string_view shorten_to(std::string_view given, std::span<char> place) {
  const std::size_t most = place.size() / 4;
  const LoopPlaces loops(given, most);
  const std::string_view whole = loops.text();
  constexpr std::size_t kRoom = 40;
  std::string_view shown = loops.shown();
  // As much is shown whatever the number of their digits: another analysis has other numbers for its files.
  const std::size_t room = std::min(shown.size(), place.size() - kRoom - (loops.names().empty() ? 0 : most));
  shown = room == shown.size() ? shown : shown.substr(0, boundary(shown, room));
  // No part of a hash: nobody could tell that it is one.
  const std::size_t tail = shown.size() - std::min(shown.size(), kHashDigits);
  const std::size_t cut = shown.find('#', tail);
  if (cut != std::string_view::npos && shown.substr(0, cut).ends_with(kCut)) {
    shown = shown.substr(0, cut - kCut.size());
  }
  const std::array<char, kHashDigits> digits = hash_digits(whole);
  std::size_t size = 0;
  for (const std::string_view piece :
       {shown, kCut, std::string_view("#"), std::string_view(digits.data(), digits.size()), loops.names()}) {
    size += piece.copy(place.data() + size, piece.size());
  }
  return {place.data(), size};
}

void append_conversion(std::string& text, const Type& type) {
  const std::array<char, kHashDigits> digits = hash_digits(to_string(type));
  text += kConverted;
  text.append(digits.data(), digits.size());
}

std::string explain(const Symbol& computed) {
  const Symbol& symbol = computed.cause != nullptr ? *computed.cause : computed;
  const std::string text = readable(symbol.text);
  switch (symbol.reason) {
    case Reason::kVariable:
      return text + " has no value";
    case Reason::kComputed:
      return text + " is known after apply";
    case Reason::kData:
      return text + " is read from outside the configuration";
    case Reason::kModule:
      return text + " belongs to a module that is not available";
    case Reason::kFunction:
      if (text.starts_with("provider::")) {
        return text + " is computed by a provider";
      }
      return text + " differs from run to run";
    case Reason::kFile:
      return text + " needs a file that cannot be read";
    case Reason::kInstance:
      return text + " depends on instances that are not known";
    case Reason::kInvalid:
      return text + " is in error";
    case Reason::kBudget:
      return text + " was not evaluated: a limit was reached";
    case Reason::kUnsupported:
      return text + " is not supported";
    case Reason::kConfiguration:
      return text + " is not configured";
  }
  return text;
}

const Symbol* first_unknown(const Value& value) {
  if (!value.node().holds_unknown) {
    return nullptr;
  }
  if (value.is_unknown()) {
    if (const StringDetail* detail = value.detail()) {
      for (const Part& part : detail->parts) {
        if (part.value != nullptr && part.value->is_unknown()) {
          return part.value->unknown().symbol;
        }
      }
    }
    return value.unknown().symbol;
  }
  for (const Value& element : value.elements()) {
    if (const Symbol* found = first_unknown(element)) {
      return found;
    }
  }
  for (const Member& member : value.members()) {
    if (const Symbol* found = first_unknown(member.value)) {
      return found;
    }
  }
  return value.rest();
}

}  // namespace gabion::eval
