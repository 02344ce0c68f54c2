// Equality in its two senses, the order of set elements, and what is known of how a string begins.
#include <utf8proc.h>

#include <algorithm>
#include <string>
#include <vector>

#include "eval/value.h"

namespace gabion::eval {

namespace {

/// A run of a symbolic string: literal text, or an unknown when `hole` is set.
struct Piece {
  std::string text;
  const Value* hole = nullptr;
};

void flatten(const Value& value, std::vector<Piece>& out);

void append_text(std::vector<Piece>& out, std::string_view text) {
  if (text.empty()) {
    return;
  }
  if (out.empty() || out.back().hole != nullptr) {
    out.emplace_back();
  }
  out.back().text += text;
}

void flatten(const Value& value, std::vector<Piece>& out) {
  if (!value.is_unknown()) {
    append_text(out, primitive_text(value));
    return;
  }
  if (value.detail() == nullptr || value.detail()->parts.empty()) {
    out.push_back({.text = {}, .hole = &value});
    return;
  }
  for (const Part& part : value.detail()->parts) {
    if (part.value == nullptr) {
      append_text(out, part.text);
    } else {
      flatten(*part.value, out);
    }
  }
}

bool same_hole(const Piece& a, const Piece& b) {
  return a.hole != nullptr && b.hole != nullptr && a.hole->unknown().symbol == b.hole->unknown().symbol;
}

/// What a piece is known to begin with.
std::string_view start_of(const Piece& piece) {
  return piece.hole == nullptr ? std::string_view(piece.text) : piece.hole->unknown().prefix;
}

/// True when the text cannot be an instance of the pieces: literal runs must occur in order, the first and last at the
/// ends.
bool excludes(const std::vector<Piece>& pieces, std::string_view text) {
  if (!pieces.empty() && !text.starts_with(start_of(pieces.front()))) {
    return true;
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].hole != nullptr) {
      continue;
    }
    const std::string& run = pieces[i].text;
    if (i + 1 == pieces.size()) {
      return i == 0 ? text != run : text.size() < at + run.size() || !text.ends_with(run);
    }
    const std::size_t found = i == 0 ? (text.starts_with(run) ? 0 : std::string_view::npos) : text.find(run, at);
    if (found == std::string_view::npos) {
      return true;
    }
    at = found + run.size();
  }
  return false;
}

Truth compare_symbolic(const Value& a, const Value& b) {
  std::vector<Piece> left;
  std::vector<Piece> right;
  flatten(a, left);
  flatten(b, right);
  const auto literal = [](const std::vector<Piece>& pieces) { return pieces.size() == 1 && pieces[0].hole == nullptr; };
  if (left.empty() || literal(left)) {
    if (excludes(right, left.empty() ? std::string_view() : std::string_view(left[0].text))) {
      return Truth::kNo;
    }
  } else if (right.empty() || literal(right)) {
    if (excludes(left, right.empty() ? std::string_view() : std::string_view(right[0].text))) {
      return Truth::kNo;
    }
  }
  // Equal ends fall away; what is left decides.
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() && j < right.size()) {
    if (same_hole(left[i], right[j])) {
      ++i;
      ++j;
      continue;
    }
    const std::string_view x = start_of(left[i]);
    const std::string_view y = start_of(right[j]);
    const std::size_t shared = std::min(x.size(), y.size());
    if (x.substr(0, shared) != y.substr(0, shared)) {
      return Truth::kNo;
    }
    if (left[i].hole != nullptr || right[j].hole != nullptr) {
      break;
    }
    left[i].text.erase(0, shared);
    right[j].text.erase(0, shared);
    i += left[i].text.empty() ? 1 : 0;
    j += right[j].text.empty() ? 1 : 0;
  }
  while (i < left.size() && j < right.size()) {
    if (same_hole(left.back(), right.back())) {
      left.pop_back();
      right.pop_back();
      continue;
    }
    if (left.back().hole != nullptr || right.back().hole != nullptr) {
      break;
    }
    std::string& x = left.back().text;
    std::string& y = right.back().text;
    const std::size_t shared = std::min(x.size(), y.size());
    if (x.compare(x.size() - shared, shared, y, y.size() - shared, shared) != 0) {
      return Truth::kNo;
    }
    x.resize(x.size() - shared);
    y.resize(y.size() - shared);
    if (x.empty()) {
      left.pop_back();
    }
    if (y.empty()) {
      right.pop_back();
    }
  }
  if (i == left.size() && j == right.size()) {
    return Truth::kYes;
  }
  const auto has_text = [](const std::vector<Piece>& pieces, std::size_t from) {
    return std::any_of(pieces.begin() + static_cast<std::ptrdiff_t>(from), pieces.end(),
                       [](const Piece& piece) { return piece.hole == nullptr && !piece.text.empty(); });
  };
  if ((i == left.size() && has_text(right, j)) || (j == right.size() && has_text(left, i))) {
    return Truth::kNo;
  }
  return Truth::kUnknown;
}

Truth all_agree(std::span<const Value> alternatives, const Value& other) {
  Truth result = Truth::kUnknown;
  bool first = true;
  for (const Value& alternative : alternatives) {
    const Truth truth = equals(alternative, other);
    if (truth == Truth::kUnknown || (!first && truth != result)) {
      return Truth::kUnknown;
    }
    result = truth;
    first = false;
  }
  return result;
}

std::uint32_t size_of(const Value& value) {
  return static_cast<std::uint32_t>(value.elements().size() + value.members().size());
}

TypeKind type_kind(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      return TypeKind::kBool;
    case Kind::kNumber:
      return TypeKind::kNumber;
    case Kind::kString:
      return TypeKind::kString;
    case Kind::kTuple:
      return TypeKind::kTuple;
    case Kind::kObject:
      return TypeKind::kObject;
    case Kind::kError:
      return TypeKind::kDynamic;
    default:
      return value.node().type()->kind;
  }
}

/// Whether two types are equal, as far as unknowns inside let one say.
Truth same_type(const Value& a, const Value& b);

Truth same_type(const Type& a, const Type& b) {
  if (equal(a, b)) {
    return has_dynamic(a) ? Truth::kUnknown : Truth::kYes;
  }
  return may_convert(a, b) && (has_dynamic(a) || has_dynamic(b)) ? Truth::kUnknown : Truth::kNo;
}

/// Type of anything but a tuple or object, whose types are those of their parts.
const Type* plain_type(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      return &kBoolType;
    case Kind::kNumber:
      return &kNumberType;
    case Kind::kString:
      return &kStringType;
    case Kind::kTuple:
    case Kind::kObject:
    case Kind::kError:
      return nullptr;
    default:
      return value.node().type();
  }
}

Truth same_type(const Value& a, const Value& b) {
  const Type* x = plain_type(a);
  const Type* y = plain_type(b);
  if ((a.is_unknown() && x->kind == TypeKind::kDynamic) || (b.is_unknown() && y->kind == TypeKind::kDynamic)) {
    return Truth::kUnknown;
  }
  if (x != nullptr && y != nullptr) {
    if (x->kind == TypeKind::kDynamic || y->kind == TypeKind::kDynamic) {
      return truth_of(x->kind == y->kind);  // the literal null has a type of its own
    }
    if (a.wholly_known() && b.wholly_known() && equal(*x, *y)) {
      return Truth::kYes;  // empty collections of any type stay what they are
    }
    return same_type(*x, *y);
  }
  if (type_kind(a) != type_kind(b)) {
    return Truth::kNo;
  }
  if (x != nullptr || y != nullptr) {
    return Truth::kUnknown;  // a typed null or unknown beside a tuple or object
  }
  if (a.kind() == Kind::kTuple) {
    if (a.elements().size() != b.elements().size()) {
      return Truth::kNo;
    }
    Truth result = Truth::kYes;
    for (std::size_t i = 0; i < a.elements().size() && result != Truth::kNo; ++i) {
      result = result & same_type(a.elements()[i], b.elements()[i]);
    }
    return result;
  }
  const bool open = a.node().rest_kind != Rest::kClosed || b.node().rest_kind != Rest::kClosed;
  if (open) {
    return Truth::kUnknown;
  }
  if (a.members().size() != b.members().size()) {
    return Truth::kNo;
  }
  Truth result = Truth::kYes;
  for (std::size_t i = 0; i < a.members().size() && result != Truth::kNo; ++i) {
    result = a.members()[i].name != b.members()[i].name
                 ? Truth::kNo
                 : result & same_type(a.members()[i].value, b.members()[i].value);
  }
  return result;
}

/// True when a number that is known within bounds cannot be the other one.
bool out_of_bounds(const Unknown& number, const Value& other) {
  if (!other.is_number() && !other.is_unknown()) {
    return false;
  }
  const Number* low = other.is_number() ? &other.number() : other.unknown().at_least;
  const Number* high = other.is_number() ? &other.number() : other.unknown().at_most;
  return (number.at_least != nullptr && high != nullptr && *high < *number.at_least) ||
         (number.at_most != nullptr && low != nullptr && *low > *number.at_most);
}

/// True when a member that the one surely has is missing or another one in the other.
bool differs_in_member(const Value& unknown, const Value& other) {
  const bool all = other.is_mapping() && other.node().rest_kind == Rest::kClosed;
  return std::ranges::any_of(unknown.held_members(), [&](const Member& member) {
    const Value* there = other.held_member(member.name);
    return there == nullptr ? all : equals(member.value, *there) == Truth::kNo;
  });
}

Truth compare_unknown(const Value& unknown, const Value& other) {
  const Unknown& what = unknown.unknown();
  if (other.is_unknown() && other.unknown().symbol == what.symbol) {
    return equal(*unknown.node().type(), *other.node().type()) ? Truth::kYes : Truth::kUnknown;
  }
  if (!what.alternatives.empty()) {
    return all_agree(what.alternatives, other);
  }
  if (other.is_unknown() && !other.unknown().alternatives.empty()) {
    return all_agree(other.unknown().alternatives, unknown);
  }
  const bool other_not_null = other.is_unknown() ? other.unknown().not_null : !other.is_null();
  if (other.is_null()) {
    return what.not_null ? Truth::kNo : Truth::kUnknown;
  }
  if (same_type(unknown, other) == Truth::kNo && (what.not_null || other_not_null)) {
    return Truth::kNo;
  }
  const bool strings = type_kind(unknown) == TypeKind::kString && type_kind(other) == TypeKind::kString;
  if (strings) {
    const Truth truth = compare_symbolic(unknown, other);
    const bool may_be_null = !what.not_null && !other_not_null;
    return truth == Truth::kNo && may_be_null ? Truth::kUnknown : truth;
  }
  if (out_of_bounds(what, other)) {
    return other_not_null || what.not_null ? Truth::kNo : Truth::kUnknown;
  }
  if (other.is_known() && (size_of(other) < what.min_length || size_of(other) > what.max_length) &&
      (other.is_sequence() || other.is_mapping())) {
    return Truth::kNo;
  }
  return differs_in_member(unknown, other) ? Truth::kNo : Truth::kUnknown;
}

Truth compare_sets(const Value& a, const Value& b) {
  if (a.elements().size() != b.elements().size()) {
    return Truth::kNo;  // sets of unknown size are unknown themselves
  }
  Truth result = Truth::kYes;
  for (const Value& element : a.elements()) {
    Truth found = Truth::kNo;
    for (const Value& candidate : b.elements()) {
      found = found | equals(element, candidate);
    }
    result = result & found;
  }
  return result;
}

Truth compare_members(const Value& a, const Value& b) {
  const bool open = a.node().rest_kind != Rest::kClosed || b.node().rest_kind != Rest::kClosed;
  if (!open && a.members().size() != b.members().size()) {
    return Truth::kNo;
  }
  Truth result = open && &a.node() != &b.node() ? Truth::kUnknown : Truth::kYes;
  for (const Member& member : a.members()) {
    const Value* other = b.member(member.name);
    if (other == nullptr) {
      result = result & (open ? Truth::kUnknown : Truth::kNo);
    } else {
      result = result & equals(member.value, *other);
    }
    if (result == Truth::kNo) {
      break;
    }
  }
  return result;
}

int rank(const Value& value) {
  return value.is_unknown() ? 1 : (value.is_null() ? 2 : 0);
}

void append_hex(std::uint32_t value, int digits, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += kDigits[(value >> static_cast<unsigned>(shift)) & 0xFU];
  }
}

/// Letters, marks, numbers, punctuation, symbols and the plain space.
bool is_printable(std::uint32_t c) {
  const int category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return c == ' ' || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO);
}

/// The text in quotes with escapes for what is not printable, as Go writes it: the order of sets goes by that.
void append_quoted(std::string_view text, std::string& out) {
  constexpr std::string_view kControls = "\a\b\t\n\v\f\r";
  constexpr std::string_view kLetters = "abtnvfr";
  out += '"';
  while (!text.empty()) {
    utf8proc_int32_t point = -1;
    const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                     static_cast<utf8proc_ssize_t>(text.size()), &point);
    const std::size_t size = length > 0 ? static_cast<std::size_t>(length) : 1;
    const auto c = length > 0 ? static_cast<std::uint32_t>(point) : static_cast<unsigned char>(text[0]);
    const std::size_t control = c < 0x20 ? kControls.find(static_cast<char>(c)) : std::string_view::npos;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (length > 0 && is_printable(c)) {
      out += text.substr(0, size);
    } else if (control != std::string_view::npos) {
      out += '\\';
      out += kLetters[control];
    } else if (c < 0x20 || c == 0x7F || length <= 0) {
      out += "\\x";
      append_hex(c, 2, out);
    } else {
      out += c < 0x10000 ? "\\u" : "\\U";
      append_hex(c, c < 0x10000 ? 4 : 8, out);
    }
    text.remove_prefix(size);
  }
  out += '"';
}

void append_set_key(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::kError:
    case Kind::kUnknown:
      out += '?';
      return;
    case Kind::kNull:
      out += '~';
      return;
    case Kind::kBool:
      out += value.boolean() ? 'T' : 'F';
      return;
    case Kind::kNumber:
      out += value.number().to_short_string();
      return;
    case Kind::kString:
      append_quoted(value.text(), out);
      return;
    case Kind::kMap:
      out += '{';
      for (const Member& member : value.members()) {
        append_quoted(member.name, out);
        out += ':';
        append_set_key(member.value, out);
        out += ';';
      }
      out += '}';
      return;
    case Kind::kObject:
      out += '<';
      for (const Member& member : value.members()) {
        append_set_key(member.value, out);
        out += ';';
      }
      out += '>';
      return;
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet:
      out += value.kind() == Kind::kTuple ? '<' : '[';
      for (const Value& element : value.elements()) {
        append_set_key(element, out);
        out += ';';
      }
      out += value.kind() == Kind::kTuple ? '>' : ']';
      return;
  }
}

}  // namespace

Truth equals(const Value& a, const Value& b) {
  if (a.is_error() || b.is_error()) {
    return Truth::kUnknown;
  }
  if (a.is_unknown()) {
    return compare_unknown(a, b);
  }
  if (b.is_unknown()) {
    return compare_unknown(b, a);
  }
  if (a.is_null() || b.is_null()) {
    return truth_of(a.is_null() && b.is_null());
  }
  if (a.kind() != b.kind()) {
    return Truth::kNo;
  }
  switch (a.kind()) {
    case Kind::kBool:
      return truth_of(a.boolean() == b.boolean());
    case Kind::kNumber:
      return truth_of(a.number() == b.number());
    case Kind::kString:
      return truth_of(a.text() == b.text());
    default:
      break;
  }
  const Truth types = same_type(a, b);
  if (types == Truth::kNo) {
    return Truth::kNo;
  }
  if (a.is_mapping()) {
    return compare_members(a, b) & types;
  }
  if (a.kind() == Kind::kSet) {
    return compare_sets(a, b) & types;
  }
  if (a.elements().size() != b.elements().size()) {
    return Truth::kNo;
  }
  Truth result = types;
  for (std::size_t i = 0; i < a.elements().size() && result != Truth::kNo; ++i) {
    result = result & equals(a.elements()[i], b.elements()[i]);
  }
  return result;
}

bool same(const Value& a, const Value& b) {
  if (&a.node() == &b.node()) {
    return true;
  }
  if (a.kind() != b.kind() || a.marks() != b.marks()) {
    return false;
  }
  const auto same_types = [&] { return equal(*a.node().type(), *b.node().type()); };
  switch (a.kind()) {
    case Kind::kError:
      return a.error().message == b.error().message && a.error().region == b.error().region;
    case Kind::kUnknown:
      return a.unknown().symbol == b.unknown().symbol && same_types();
    case Kind::kNull:
      return same_types();
    case Kind::kBool:
      return a.boolean() == b.boolean();
    case Kind::kNumber:
      // Zeros of either sign are equal, but their texts differ.
      return a.number() == b.number() && (a.number().sign() != 0 || a.number().to_string() == b.number().to_string());
    case Kind::kString:
      return a.text() == b.text();
    case Kind::kList:
    case Kind::kSet:
      if (!same_types()) {
        return false;
      }
      [[fallthrough]];
    case Kind::kTuple:
      return std::ranges::equal(a.elements(), b.elements(), [](const Value& x, const Value& y) { return same(x, y); });
    case Kind::kMap:
      if (!same_types()) {
        return false;
      }
      [[fallthrough]];
    case Kind::kObject:
      return a.node().rest_kind == b.node().rest_kind && a.rest() == b.rest() &&
             std::ranges::equal(a.members(), b.members(), [](const Member& x, const Member& y) {
               return x.name == y.name && same(x.value, y.value);
             });
  }
  return false;
}

bool set_order(const Value& a, const Value& b) {
  if (rank(a) != rank(b) || rank(a) != 0) {
    return rank(a) < rank(b);
  }
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::kString:
        return a.text() < b.text();
      case Kind::kNumber:
        return a.number() < b.number();
      case Kind::kBool:
        return !a.boolean() && b.boolean();
      default:
        break;
    }
  }
  std::string left;
  std::string right;
  append_set_key(a, left);
  append_set_key(b, right);
  return left < right;
}

std::string primitive_text(const Value& value) {
  switch (value.kind()) {
    case Kind::kString:
      return std::string(value.text());
    case Kind::kNumber:
      return value.number().to_string();
    case Kind::kBool:
      return value.boolean() ? "true" : "false";
    default:
      return {};
  }
}

std::string known_prefix(const Value& value) {
  if (!value.is_unknown()) {
    return primitive_text(value);
  }
  const Unknown& unknown = value.unknown();
  if (!unknown.alternatives.empty()) {
    std::string common = known_prefix(unknown.alternatives[0]);
    for (const Value& alternative : unknown.alternatives.subspan(1)) {
      const std::string other = known_prefix(alternative);
      const auto ends = std::ranges::mismatch(common, other);
      common.erase(ends.in1, common.end());
    }
    return common;
  }
  std::vector<Piece> pieces;
  flatten(value, pieces);
  std::string prefix;
  for (const Piece& piece : pieces) {
    if (piece.hole != nullptr) {
      prefix += &piece.hole->node() == &value.node() ? std::string(unknown.prefix) : known_prefix(*piece.hole);
      break;
    }
    prefix += piece.text;
  }
  return prefix;
}

}  // namespace gabion::eval
