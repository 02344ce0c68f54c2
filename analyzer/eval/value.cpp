#include "eval/value.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "eval/limits.h"
#include "eval/symbol_text.h"
#include "source/words.h"
#include "syntax/hcl/characters.h"

namespace gabion::eval {

constexpr NullNode kNullNode{{.kind = Kind::kNull}, &kDynamicType};

namespace {

constexpr std::string_view kTooDeep = "value is nested too deeply";
constexpr std::string_view kTooLarge = "value is too large";

constexpr std::array<Node, 2> kBoolNodes{Node{.kind = Kind::kBool, .boolean = false},
                                         Node{.kind = Kind::kBool, .boolean = true}};

/// What a container takes over from what is inside.
struct Summary {
  bool holds_unknown = false;
  std::uint8_t marks = 0;
  std::uint16_t depth = 0;
  std::uint32_t size = 1;

  void add(const Value& value) {
    size = static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{size} + value.node().size, 0xffffffffU));
    holds_unknown = holds_unknown || value.node().holds_unknown;
    marks = static_cast<std::uint8_t>(marks | value.node().marks_inside);
    depth = std::max(depth, static_cast<std::uint16_t>(value.node().depth + 1));
  }

  [[nodiscard]] bool too_big() const { return depth > kMaxValueDepth || size > kMaxValueSize; }
};

Value too_big(source::Arena& arena, const Summary& summary) {
  const bool deep = summary.depth > kMaxValueDepth;
  return make_error(arena, deep ? kTooDeep : kTooLarge, source::Region{});
}

/// Of elements that are in the arena.
Value make_sequence_of(source::Arena& arena, Kind kind, const Type* type, std::span<const Value> elements) {
  Summary summary;
  for (const Value& element : elements) {
    summary.add(element);
  }
  if (summary.too_big()) {
    return too_big(arena, summary);
  }
  const Node node{.kind = kind,
                  .marks_inside = summary.marks,
                  .holds_unknown = summary.holds_unknown,
                  .depth = summary.depth,
                  .size = summary.size,
                  .count = static_cast<std::uint32_t>(elements.size())};
  return Value(arena.make<SequenceNode>(node, elements.data(), type));
}

Value make_sequence(source::Arena& arena, Kind kind, const Type* type, std::span<const Value> elements) {
  return make_sequence_of(arena, kind, type, arena.copy(elements));
}

/// Byte order, of which the first byte says most.
[[gnu::always_inline]] inline bool is_before(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a[0] != b[0] ? static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0])
                                                  : a < b;
}

/// Sorts by name; those of equal names stay in their order.
void sort_by_name(std::span<Member> members) {
  constexpr std::size_t kFew = 24;  // as objects that somebody writes have
  if (members.size() > kFew) {
    std::ranges::stable_sort(members, is_before, &Member::name);
    return;
  }
  // Members are large: where they stand is put in order, and each is moved once.
  alignas(Member) std::array<std::byte, kFew * sizeof(Member)> room;
  std::memcpy(room.data(), members.data(), members.size_bytes());
  const auto* given = reinterpret_cast<const Member*>(room.data());
  std::array<const Member*, kFew> order;
  for (std::size_t i = 0; i < members.size(); ++i) {
    std::size_t place = i;
    for (; place > 0 && is_before(given[i].name, order[place - 1]->name); --place) {
      order[place] = order[place - 1];
    }
    order[place] = given + i;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i] = *order[i];
  }
}

/// Who owns the names of members.
enum class Names : std::uint8_t { kCopied, kLasting };

/// A map of the type, or an object without one, of members that are in the arena.
Value make_mapping(source::Arena& arena, const Type* type, std::span<Member> unique, Rest rest,
                   const Symbol* rest_symbol, Names names) {
  const auto in_order = [](const Member& a, const Member& b) { return is_before(a.name, b.name); };
  if (std::ranges::adjacent_find(unique, std::not_fn(in_order)) != unique.end()) {
    sort_by_name(unique);
    // The last of equal names wins.
    std::size_t count = 0;
    for (const Member& member : unique) {
      const bool again = count > 0 && unique[count - 1].name == member.name;
      count += again ? 0U : 1U;
      unique[count - 1] = member;
    }
    unique = unique.first(count);
  }
  Summary summary;
  for (Member& member : unique) {
    if (names == Names::kCopied) {
      member.name = arena.copy(member.name);
    }
    summary.add(member.value);
  }
  if (summary.too_big()) {
    return too_big(arena, summary);
  }
  const Node node{.kind = type == nullptr ? Kind::kObject : Kind::kMap,
                  .rest_kind = rest,
                  .marks_inside = summary.marks,
                  .holds_unknown = summary.holds_unknown || rest == Rest::kComputed,
                  .depth = summary.depth,
                  .size = summary.size,
                  .count = static_cast<std::uint32_t>(unique.size())};
  return type == nullptr ? Value(arena.make<ObjectNode>(node, unique.data(), rest_symbol))
                         : Value(arena.make<MapNode>(node, unique.data(), type));
}

/// The types of alternatives, if they agree.
const Type* common_type(source::Arena& arena, std::span<const Value> values) {
  const Type* type = nullptr;
  for (const Value& value : values) {
    const Type& own = type_of(arena, value);
    if (type != nullptr && !equal(*type, own)) {
      return &kDynamicType;
    }
    type = &own;
  }
  return type == nullptr ? &kDynamicType : type;
}

const Value* find_member(std::span<const Member> members, std::string_view name) {
  constexpr std::size_t kFew = 16;  // most names differ in length, which is quicker to see than which comes first
  if (members.size() <= kFew) {
    for (const Member& member : members) {
      if (source::same_text(member.name, name)) {
        return &member.value;
      }
    }
    return nullptr;
  }
  const auto found = std::ranges::lower_bound(members, name, is_before, &Member::name);
  return found != members.end() && found->name == name ? &found->value : nullptr;
}

}  // namespace

const Value* Value::member(std::string_view name) const {
  return find_member(members(), name);
}

const Value* Value::held_member(std::string_view name) const {
  return find_member(held_members(), name);
}

// Eight bytes at a time: every text is asked this.
bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t seen = 0;
  source::for_each_word(text, [&](std::uint64_t word) { seen |= word; });
  return (seen & kHighBits) == 0;
}

namespace {

struct CharacterRange {
  std::uint32_t first;
  std::uint32_t last;
};
/// Characters that no normal form changes, whatever stands before or behind them as long as that is one of these too:
/// ASCII, Latin and Cyrillic letters, punctuation, currencies, arrows and other symbols, kana, ideographs, and pictures
/// with what chooses how they look. Left out are accents, and what is written in two ways.
constexpr auto kPlainCharacters = std::to_array<CharacterRange>({{0, 0x2ff},
                                                                 {0x400, 0x482},
                                                                 {0x48a, 0x52f},
                                                                 {0x2010, 0x205f},
                                                                 {0x20a0, 0x20cf},
                                                                 {0x2190, 0x2328},
                                                                 {0x232b, 0x2adb},
                                                                 {0x3041, 0x3096},
                                                                 {0x309b, 0x30ff},
                                                                 {0x4e00, 0x9fff},
                                                                 {0xfe00, 0xfe0f},
                                                                 {0x1f000, 0x1ffff}});

bool is_plain(std::uint32_t character) {
  return std::ranges::any_of(kPlainCharacters, [&](const CharacterRange& range) {
    return character >= range.first && character <= range.last;
  });
}

/// Whether a text is plainly in normal form: of such characters alone.
bool is_plainly_normal(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  while (!text.empty()) {
    std::size_t size = sizeof kHighBits;
    const bool ascii = text.size() >= size && (source::word_at<std::uint64_t>(text.data()) & kHighBits) == 0;
    if (!ascii) {
      const auto [character, length] = syntax::hcl::decode_utf8(text.data(), text.data() + text.size());
      if (length == 0 || !is_plain(character)) {
        return false;
      }
      size = length;
    }
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

std::string normalize(std::string_view text) {
  if (is_plainly_normal(text)) {
    return std::string(text);
  }
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &mapped, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (length < 0 || mapped == nullptr) {
    return std::string(text);
  }
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length)};
}

Value make_null(source::Arena& arena, const Type& type) {
  if (type.kind == TypeKind::kDynamic) {
    return {};
  }
  return Value(arena.make<NullNode>(Node{.kind = Kind::kNull}, &type));
}

Value make_bool(bool value) {
  return Value(&kBoolNodes[value ? 1 : 0]);
}

Value make_number(source::Arena& arena, Number value) {
  return Value(arena.make<NumberNode>(Node{.kind = Kind::kNumber}, value));
}

Value make_number(source::Arena& arena, std::int64_t value) {
  return make_number(arena, Number(value));
}

Value make_string(source::Arena& arena, std::string_view text, const StringDetail* detail) {
  const std::string_view stored = is_ascii(text) ? arena.copy(text) : arena.copy(std::string_view(normalize(text)));
  return make_string_view(arena, stored, detail);
}

Value make_string_view(source::Arena& arena, std::string_view text, const StringDetail* detail) {
  const TextNode node{{.kind = Kind::kString,
                       .detailed = detail != nullptr,
                       .size = static_cast<std::uint32_t>(1 + text.size() / 64),
                       .count = static_cast<std::uint32_t>(text.size())},
                      text.data()};
  return detail == nullptr ? Value(arena.make<TextNode>(node)) : Value(arena.make<DetailedTextNode>(node, detail));
}

Value make_string_of(source::Arena& arena, std::string_view text) {
  return is_ascii(text) ? make_string_view(arena, text) : make_string(arena, text);
}

Value make_tuple(source::Arena& arena, std::span<const Value> elements) {
  return make_sequence(arena, Kind::kTuple, nullptr, elements);
}

Value make_tuple_of(std::span<const Value> elements, source::Arena& arena) {
  return make_sequence_of(arena, Kind::kTuple, nullptr, elements);
}

Value make_list(source::Arena& arena, const Type& element, std::span<const Value> elements) {
  return make_sequence(arena, Kind::kList, list_type(arena, element), elements);
}

Value make_set(source::Arena& arena, const Type& element, std::span<const Value> elements) {
  std::vector<Value> sorted(elements.begin(), elements.end());
  std::ranges::stable_sort(sorted, set_order);
  std::vector<Value> unique;
  Summary summary;
  std::size_t known = 0;
  for (const Value& value : sorted) {
    const auto repeats = [&](const Value& other) { return same(other, value) || equals(other, value) == Truth::kYes; };
    // Texts come in their order and before what is not known, so only the one before can be equal.
    const bool text_after_text = value.is_string() && !unique.empty() && unique.back().is_string();
    const bool repeated = text_after_text ? repeats(unique.back()) : std::ranges::any_of(unique, repeats);
    if (!repeated) {
      unique.push_back(value);
      summary.add(value);
      known += value.wholly_known() ? 1 : 0;
    }
  }
  if (!summary.holds_unknown || unique.size() <= 1) {
    // Marks of elements cannot stay with them in a set, whose elements have no place of their own.
    std::vector<Value> plain;
    plain.reserve(unique.size());
    for (const Value& value : unique) {
      plain.push_back(summary.marks == 0 ? value : without_marks(arena, value));
    }
    const Value set = make_sequence(arena, Kind::kSet, set_type(arena, element), plain);
    return with_marks(arena, set, summary.marks);
  }
  // How many elements there are depends on which of the unknowns are equal.
  const Symbol* cause = first_unknown(unique.back());
  std::string text = symbol_text("toset([");
  for (const Value& value : unique) {
    append_pieces(text, text.back() == '[' ? "" : ", ", value);
  }
  text += "])";
  Symbol symbol{.reason = Reason::kUnsupported, .text = arena.copy(std::string_view(shorten(text)))};
  if (cause != nullptr) {
    symbol.reason = cause->reason;
    symbol.subject = cause->subject;
    symbol.region = cause->region;
    symbol.any_element = cause->any_element;
  }
  const Symbol* shared = arena.make<Symbol>(symbol);
  const auto* exemplar = arena.make<Value>(make_alternatives(arena, unique, shared));
  const Unknown unknown{.symbol = shared,
                        .not_null = true,
                        .min_length = static_cast<std::uint32_t>(std::max<std::size_t>(known, 1)),
                        .max_length = static_cast<std::uint32_t>(unique.size()),
                        .element = exemplar,
                        .held = arena.copy(unique)};
  return with_marks(arena, make_unknown(arena, *set_type(arena, element), unknown), summary.marks);
}

Value make_map(source::Arena& arena, const Type& element, std::span<const Member> members) {
  return make_mapping(arena, map_type(arena, element), arena.duplicate(members), Rest::kClosed, nullptr,
                      Names::kCopied);
}

Value make_object(source::Arena& arena, std::span<const Member> members, Rest rest, const Symbol* rest_symbol) {
  return make_mapping(arena, nullptr, arena.duplicate(members), rest, rest_symbol, Names::kCopied);
}

Value make_object_of(std::span<Member> members, source::Arena& arena) {
  return make_mapping(arena, nullptr, members, Rest::kClosed, nullptr, Names::kLasting);
}

namespace {

/// Whether there is a symbol alone, and whether it may be null.
bool is_simple(const Unknown& unknown) {
  return !unknown.filtered && unknown.alternatives.empty() && unknown.choice == nullptr && unknown.prefix.empty() &&
         unknown.min_length == 0 && unknown.max_length == Unknown{}.max_length && unknown.at_least == nullptr &&
         unknown.at_most == nullptr && unknown.element == nullptr && unknown.element_key == nullptr &&
         unknown.held.empty() && unknown.entries.empty() && unknown.members.empty();
}

Value make_simple_unknown(source::Arena& arena, const Type& type, const Symbol* symbol, bool not_null,
                          const StringDetail* detail) {
  const std::size_t parts = detail == nullptr ? 0 : detail->parts.size();
  const UnknownNode node{{.kind = Kind::kUnknown,
                          .holds_unknown = true,
                          .detailed = detail != nullptr,
                          .simple = true,
                          .not_null = not_null,
                          .size = static_cast<std::uint32_t>(1 + parts)},
                         &type,
                         {.symbol = symbol}};
  return detail == nullptr ? Value(arena.make<UnknownNode>(node))
                           : Value(arena.make<DetailedUnknownNode>(node, detail));
}

}  // namespace

Value make_unknown(source::Arena& arena, const Type& type, const Unknown& unknown, const StringDetail* detail) {
  if (is_simple(unknown)) {
    return make_simple_unknown(arena, type, unknown.symbol, unknown.not_null, detail);
  }
  Summary summary;
  for (const Value& alternative : unknown.alternatives) {
    summary.add(alternative);
  }
  for (const Value* pattern : {unknown.element, unknown.element_key}) {
    if (pattern != nullptr) {
      summary.add(*pattern);
    }
  }
  for (const Value& element : unknown.held) {
    summary.add(element);
  }
  for (const Entry& entry : unknown.entries) {
    summary.add(entry.key);
    summary.add(entry.value);
  }
  std::uint8_t marks = 0;
  for (const Member& member : unknown.members) {
    summary.add(member.value);
    marks = static_cast<std::uint8_t>(marks | member.value.node().marks_inside);
  }
  if (summary.too_big()) {
    return make_unknown(arena, type, Unknown{.symbol = unknown.symbol, .not_null = unknown.not_null});
  }
  const std::size_t parts = detail == nullptr ? 0 : detail->parts.size();
  const UnknownNode node{{.kind = Kind::kUnknown,
                          .marks_inside = marks,
                          .holds_unknown = true,
                          .detailed = detail != nullptr,
                          .depth = summary.depth,
                          .size = summary.size + static_cast<std::uint32_t>(parts)},
                         &type,
                         {.unknown = arena.make<Unknown>(unknown)}};
  return detail == nullptr ? Value(arena.make<UnknownNode>(node))
                           : Value(arena.make<DetailedUnknownNode>(node, detail));
}

Value make_unknown(source::Arena& arena, const Type& type, const Symbol* symbol) {
  return make_simple_unknown(arena, type, symbol, false, nullptr);
}

Value make_error(source::Arena& arena, std::string_view message, source::Region region) {
  const auto* error = arena.make<EvaluationError>(EvaluationError{.message = arena.copy(message), .region = region});
  return Value(arena.make<ErrorNode>(Node{.kind = Kind::kError}, error));
}

Value make_alternatives(source::Arena& arena, std::span<const Value> values, const Symbol* symbol) {
  std::vector<Value> flat;
  std::uint8_t marks = 0;
  bool too_many = false;
  bool not_null = true;
  const auto add = [&](const Value& value) {
    if (std::ranges::none_of(flat, [&](const Value& other) { return same(other, value); })) {
      not_null = not_null && !value.is_null() && (!value.is_unknown() || value.unknown().not_null);
      flat.push_back(value);
      too_many = too_many || flat.size() > kMaxAlternatives;
    }
  };
  for (const Value& value : values) {
    marks = static_cast<std::uint8_t>(marks | value.marks());
    if (value.is_unknown() && !value.unknown().alternatives.empty()) {
      for (const Value& inner : value.unknown().alternatives) {
        add(inner);
      }
    } else {
      add(value);
    }
  }
  if (flat.size() == 1) {
    return with_marks(arena, flat[0], marks);
  }
  Unknown unknown{.symbol = symbol, .not_null = not_null};
  if (!too_many) {
    unknown.alternatives = arena.copy(flat);
  }
  const Type* type = common_type(arena, flat);
  if (is_collection(*type) || type->kind == TypeKind::kTuple || type->kind == TypeKind::kObject) {
    std::uint32_t shortest = 0xffffffffU;
    std::uint32_t longest = 0;
    for (const Value& value : flat) {
      const auto size = static_cast<std::uint32_t>(value.elements().size() + value.members().size());
      const bool counted = value.is_known() && !value.is_null();
      shortest = std::min(shortest, counted ? size : (value.is_unknown() ? value.unknown().min_length : 0));
      longest = std::max(longest, counted ? size : (value.is_unknown() ? value.unknown().max_length : 0));
    }
    unknown.min_length = shortest;
    unknown.max_length = longest;
  }
  return with_marks(arena, make_unknown(arena, *type, unknown), marks);
}

Node& duplicate(source::Arena& arena, const Node& node) {
  switch (node.kind) {
    case Kind::kError:
      return *arena.make<ErrorNode>(as<ErrorNode>(node));
    case Kind::kUnknown:
      return node.detailed ? *arena.make<DetailedUnknownNode>(as<DetailedUnknownNode>(node))
                           : *arena.make<UnknownNode>(as<UnknownNode>(node));
    case Kind::kNull:
      return *arena.make<NullNode>(as<NullNode>(node));
    case Kind::kBool:
      return *arena.make<Node>(node);
    case Kind::kNumber:
      return *arena.make<NumberNode>(as<NumberNode>(node));
    case Kind::kString:
      return node.detailed ? *arena.make<DetailedTextNode>(as<DetailedTextNode>(node))
                           : *arena.make<TextNode>(as<TextNode>(node));
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet:
      return *arena.make<SequenceNode>(as<SequenceNode>(node));
    case Kind::kMap:
      return *arena.make<MapNode>(as<MapNode>(node));
    case Kind::kObject:
      return *arena.make<ObjectNode>(as<ObjectNode>(node));
  }
  std::abort();
}

void set_members(Node& node, std::span<const Member> members) {
  if (node.kind == Kind::kMap) {
    static_cast<MapNode&>(node).members = members.data();
  } else {
    static_cast<ObjectNode&>(node).members = members.data();
  }
  node.count = static_cast<std::uint32_t>(members.size());
}

Value add_marks(source::Arena& arena, const Value& value, std::uint8_t marks) {
  Node& node = duplicate(arena, value.node());
  node.marks = static_cast<std::uint8_t>(node.marks | marks);
  node.marks_inside = static_cast<std::uint8_t>(node.marks_inside | marks);
  return Value(&node, value.origin());
}

Value without_marks(source::Arena& arena, const Value& value) {
  if (value.node().marks_inside == 0) {
    return value;
  }
  Node& node = duplicate(arena, value.node());
  node.marks = 0;
  node.marks_inside = 0;
  if (value.is_sequence()) {
    std::vector<Value> elements;
    elements.reserve(value.elements().size());
    for (const Value& element : value.elements()) {
      elements.push_back(without_marks(arena, element));
    }
    static_cast<SequenceNode&>(node).elements = arena.copy(elements).data();
  } else if (value.is_mapping()) {
    std::vector<Member> members(value.members().begin(), value.members().end());
    for (Member& member : members) {
      member.value = without_marks(arena, member.value);
    }
    set_members(node, arena.copy(members));
  }
  return Value(&node, value.origin());
}

const Type& type_of(source::Arena& arena, const Value& value) {
  switch (value.kind()) {
    case Kind::kError:
      return kDynamicType;
    case Kind::kBool:
      return kBoolType;
    case Kind::kNumber:
      return kNumberType;
    case Kind::kString:
      return kStringType;
    case Kind::kTuple: {
      std::vector<const Type*> elements;
      elements.reserve(value.elements().size());
      for (const Value& element : value.elements()) {
        elements.push_back(&type_of(arena, element));
      }
      return *tuple_type(arena, elements);
    }
    case Kind::kObject: {
      if (value.node().rest_kind != Rest::kClosed) {
        return kDynamicType;  // only some of its attributes are known
      }
      std::vector<AttributeType> attributes;
      attributes.reserve(value.members().size());
      for (const Member& member : value.members()) {
        attributes.push_back({.name = member.name, .type = &type_of(arena, member.value)});
      }
      return *object_type(arena, attributes);
    }
    default:
      return *value.node().type();
  }
}

bool may_be_null(const Value& value) {
  return value.is_unknown() && std::ranges::any_of(value.unknown().alternatives, &Value::is_null);
}

const Value* possible_element(const Value& value) {
  if (!value.is_unknown()) {
    return nullptr;
  }
  const Unknown& list = value.unknown();
  const bool one_or_none =
      list.alternatives.empty() && list.held.empty() && list.not_null && list.min_length == 0 && list.max_length == 1;
  return one_or_none ? list.element : nullptr;
}

bool is_limit(const EvaluationError& error) {
  return error.message == kTooDeep || error.message == kTooLarge;
}

}  // namespace gabion::eval
