// Values as Terraform computes them (cty), plus what a static analysis needs: unknowns that have an identity and
// a reason, symbolic strings with holes, alternatives, and the origin of each value in the source.
// A Value is a 16-byte handle to an immutable node in an arena: copy it freely; it lives as long as the arena.
#pragma once

#include <bitset>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/number.h"
#include "eval/truth.h"
#include "eval/type.h"
#include "source/arena.h"
#include "source/origin.h"
#include "source/region.h"

namespace gabion::eval {

class Value;
struct Node;

using source::Origin;
using source::OriginKind;

/// An origin in the arena. The text of the name has to outlive it.
[[nodiscard]] inline const Origin* make_origin(source::Arena& arena, OriginKind kind, source::Region region,
                                               std::string_view name = {}, const Origin* via = nullptr) {
  if (name.empty() && via == nullptr) {
    return arena.make<Origin>(kind, region);
  }
  return arena.make<source::LinkedOrigin>(kind, region, name, via);
}

/// Why a value is not known.
enum class Reason : std::uint8_t {
  kVariable,       ///< input variable without a value
  kComputed,       ///< known after apply: the provider decides
  kData,           ///< data source that is read from the outside
  kModule,         ///< output of a module that is not here
  kFunction,       ///< provider function or one that is not deterministic (timestamp, uuid, bcrypt)
  kFile,           ///< file that may not or cannot be read
  kInstance,       ///< each.key and the like under an unknown count or for_each
  kInvalid,        ///< the configuration is in error there
  kBudget,         ///< a limit was reached
  kUnsupported,    ///< a feature that the analysis lacks
  kConfiguration,  ///< a rule parameter that is not set
};

/// Bytes that a text may have.
using CharacterSet = std::bitset<256>;

/// A stretch of a text that follows from other things: literal text, or else a value, known or not.
struct FactPiece {
  std::string_view text{};
  const Value* value = nullptr;              ///< null where nothing is known but the characters
  std::optional<CharacterSet> characters{};  ///< of what is not known of it; nothing when it may have any
};

/// What whoever made an object knows about texts in it that are not known. Whoever makes symbols derives from it.
struct SymbolFacts {
  /// What can be asked.
  struct Questions {
    /// The characters of the text at the path below the object; nothing when it may have any.
    std::optional<CharacterSet> (*characters)(const SymbolFacts& self, std::string_view path) = nullptr;
    /// Whether the path below the object surely leads to a text, not to null.
    bool (*is_text)(const SymbolFacts& self, std::string_view path) = nullptr;
    /// What the text at the path is put together of, in order; empty when that is not known. Null: it never is.
    std::vector<FactPiece> (*pieces)(const SymbolFacts& self, std::string_view path) = nullptr;
  };

  const Questions* questions;  ///< never null
};

/// Identity of an unknown. Two unknowns with the same Symbol are the same value. Interned: compare addresses.
struct Symbol {
  Reason reason = Reason::kUnsupported;
  std::string_view text{};     ///< as people know it, unique: "var.x", "module.a.aws_kms_key.k[0].arn", "lower(var.x)"
  std::string_view subject{};  ///< kComputed, kData: instance address of the resource; kModule: address of the call
  std::string_view path{};     ///< kComputed, kData, kModule: attribute path below the subject: "arn", "ebs[0].id"
  source::Region region{};     ///< the declaration, where there is one
  bool any_element = false;    ///< stands for whichever element of an unknown collection: a pattern, not one value
  const Symbol* cause = nullptr;       ///< of something computed: the unknown it came from
  const SymbolFacts* facts = nullptr;  ///< about the object and what is below it; derived symbols have none
};

/// A piece of a string that was put together: literal text, or a value (known or not).
struct Part;

/// How a string came about; kept for known strings too, so that what is inside can be placed in the source.
struct StringDetail {
  std::span<const Part> parts{};   ///< template pieces in order; empty when it is not a template
  const Value* encoded = nullptr;  ///< the string is the JSON encoding of this value (jsonencode, policy documents)
};

/// A key and a value of an object or map of which not all keys are known.
struct Entry;

/// A member of an object or map; members are sorted by name in byte order.
struct Member;

/// What is known of an unknown value.
struct Unknown {
  const Symbol* symbol = nullptr;  ///< never null
  bool not_null = false;
  bool filtered = false;  ///< of a collection: whether what looks like `element` is in it hangs on an open condition
  std::span<const Value> alternatives{};  ///< if not empty, the value is one of these (which may be unknown themselves)
  const Symbol* choice = nullptr;         ///< what picks the alternative: values with one choice take the same one
  std::string_view prefix{};              ///< known start of a string (when `detail` has no parts)
  std::uint32_t min_length = 0;           ///< of a collection
  std::uint32_t max_length = 0xffffffffU;
  const Number* at_least = nullptr;    ///< of a number: not below that, if it is not null
  const Number* at_most = nullptr;     ///< of a number: not above that
  const Value* element = nullptr;      ///< what each element of the collection looks like, if known
  const Value* element_key = nullptr;  ///< same for the keys of a map
  /// Of a list, tuple or set of which a part is known: elements that it surely holds, wherever, perhaps one twice.
  std::span<const Value> held{};
  /// Of an object written as { (key) = value ... } with keys that are not known: all of it, in order. Of equal keys the
  /// last one counts.
  std::span<const Entry> entries{};
  /// Of a map or object of which a part is known: members that it surely has, sorted by name. What has some is not
  /// null.
  std::span<const Member> members{};
};

enum class Kind : std::uint8_t { kError, kUnknown, kNull, kBool, kNumber, kString, kTuple, kList, kSet, kMap, kObject };

/// Marks that values carry along.
enum Mark : std::uint8_t { kNoMark = 0, kSensitive = 1, kEphemeral = 2 };

/// What an object answers for attributes that it does not have.
enum class Rest : std::uint8_t {
  kClosed,    ///< an error, as Terraform says
  kComputed,  ///< an unknown that belongs to the resource (Value::rest names it): attributes that providers compute
  kNull,      ///< null: how rules see a resource
};

/// An evaluation error as a value: it makes everything it touches an error, so that one mistake gives one message.
struct EvaluationError {
  std::string_view message;  ///< lower case, no full stop
  source::Region region;
};

/// Storage of a value: what each of them has. What else it holds stands behind that, by its kind: see the nodes below.
/// Use Value's accessors. There are millions, so it is small.
struct Node {
  Kind kind = Kind::kNull;
  std::uint8_t marks = 0;
  Rest rest_kind = Rest::kClosed;
  std::uint8_t marks_inside = 0;  ///< marks of this value and of everything inside
  bool boolean : 1 = false;
  bool holds_unknown : 1 = false;  ///< an unknown (or an open object) is somewhere inside
  bool detailed : 1 = false;       ///< a string, known or not, that has a StringDetail
  bool simple : 1 = false;         ///< an unknown of which there is a symbol, and `not_null`, and nothing else
  bool not_null : 1 = false;       ///< of a simple unknown
  std::uint16_t depth = 0;         ///< nesting of collections below
  std::uint32_t size = 1;          ///< values in it, counted as often as a walk meets them
  std::uint32_t count = 0;         ///< bytes of a text, elements, members

  /// Unknown, null: its type; list, set, map: full type; else null.
  [[nodiscard]] const Type* type() const;
};
struct NumberNode : Node {
  Number number;
};
struct TextNode : Node {
  const char* text;
};
struct DetailedTextNode : TextNode {
  const StringDetail* detail;
};
/// A null.
struct NullNode : Node {
  const Type* own;
};
/// Tuple, list, set (sets in canonical order, without duplicates).
struct SequenceNode : Node {
  const Value* elements;
  const Type* own;  ///< null of a tuple
};
struct MapNode : Node {
  const Member* members;
  const Type* own;
};
struct ObjectNode : Node {
  const Member* members;
  const Symbol* rest;  ///< Rest::kComputed: symbol of the object as a whole
};
struct UnknownNode : Node {
  const Type* own;
  union {
    const Symbol* symbol;  ///< of a simple one
    const Unknown* unknown;
  };
};
struct DetailedUnknownNode : UnknownNode {
  const StringDetail* detail;
};
struct ErrorNode : Node {
  const EvaluationError* error;
};
/// A node as what its kind says that it is.
template <class T>
[[nodiscard]] const T& as(const Node& node) {
  return static_cast<const T&>(node);
}

inline const Type* Node::type() const {
  switch (kind) {
    case Kind::kUnknown:
      return as<UnknownNode>(*this).own;
    case Kind::kNull:
      return as<NullNode>(*this).own;
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet:
      return as<SequenceNode>(*this).own;
    case Kind::kMap:
      return as<MapNode>(*this).own;
    default:
      return nullptr;
  }
}

/// Handle to an immutable value.
class Value {
 public:
  /// The null of dynamic type, without origin.
  Value();
  explicit Value(const Node* node, const Origin* origin = nullptr) : node_(node), origin_(origin) {}

  [[nodiscard]] Kind kind() const { return node_->kind; }
  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] const Origin* origin() const { return origin_; }
  /// Same value, seen from another place.
  [[nodiscard]] Value with_origin(const Origin* origin) const { return Value(node_, origin); }

  [[nodiscard]] bool is_error() const { return node_->kind == Kind::kError; }
  [[nodiscard]] bool is_null() const { return node_->kind == Kind::kNull; }
  /// Not known at this level; a known collection may still hold unknown elements (see wholly_known).
  [[nodiscard]] bool is_unknown() const { return node_->kind == Kind::kUnknown; }
  [[nodiscard]] bool is_known() const { return !is_unknown() && !is_error(); }
  [[nodiscard]] bool is_string() const { return node_->kind == Kind::kString; }
  [[nodiscard]] bool is_bool() const { return node_->kind == Kind::kBool; }
  [[nodiscard]] bool is_number() const { return node_->kind == Kind::kNumber; }
  /// Known tuple, list or set.
  [[nodiscard]] bool is_sequence() const {
    return kind() == Kind::kTuple || kind() == Kind::kList || kind() == Kind::kSet;
  }
  /// Known map or object.
  [[nodiscard]] bool is_mapping() const { return kind() == Kind::kMap || kind() == Kind::kObject; }
  [[nodiscard]] bool is_sensitive() const { return (node_->marks & kSensitive) != 0; }
  [[nodiscard]] std::uint8_t marks() const { return node_->marks; }

  // The accessors below need the right kind.
  [[nodiscard]] bool boolean() const { return node_->boolean; }
  [[nodiscard]] const Number& number() const { return as<NumberNode>(*node_).number; }
  /// Put together for most, of which there is little to say.
  [[nodiscard]] Unknown unknown() const {
    const auto& node = as<UnknownNode>(*node_);
    return node.simple ? Unknown{.symbol = node.symbol, .not_null = node.not_null} : *node.unknown;
  }
  /// Of an unknown that is one of some values: these. Empty for any other value.
  [[nodiscard]] std::span<const Value> alternatives() const;
  [[nodiscard]] const EvaluationError& error() const { return *as<ErrorNode>(*node_).error; }

  // These are empty for other kinds.
  [[nodiscard]] std::string_view text() const {
    return is_string() ? std::string_view(as<TextNode>(*node_).text, node_->count) : std::string_view();
  }
  [[nodiscard]] std::span<const Value> elements() const;
  [[nodiscard]] std::span<const Member> members() const;
  /// Elements that a sequence surely holds: all of a known one, and those of an unknown one that are known to be in it.
  [[nodiscard]] std::span<const Value> held() const { return is_unknown() ? unknown().held : elements(); }
  /// Members that a map or object surely has: all that are written of a known one, and those of an unknown one that are
  /// known to be in it.
  [[nodiscard]] std::span<const Member> held_members() const;
  /// Of a string, known or not: how it came about.
  [[nodiscard]] const StringDetail* detail() const {
    return !node_->detailed ? nullptr
           : is_string()    ? as<DetailedTextNode>(*node_).detail
                            : as<DetailedUnknownNode>(*node_).detail;
  }
  /// Of an object that leaves attributes open: the symbol that it goes by as a whole.
  [[nodiscard]] const Symbol* rest() const { return kind() == Kind::kObject ? as<ObjectNode>(*node_).rest : nullptr; }

  /// Member of a known map or object, or null.
  [[nodiscard]] const Value* member(std::string_view name) const;
  /// Member that a map or object surely has, or null.
  [[nodiscard]] const Value* held_member(std::string_view name) const;

  /// True when no unknown is anywhere inside.
  [[nodiscard]] bool wholly_known() const { return !is_error() && !node_->holds_unknown; }

 private:
  const Node* node_;
  const Origin* origin_;
};

/// What all nulls without a type are.
extern const NullNode kNullNode;

inline Value::Value() : node_(&kNullNode), origin_(nullptr) {}

struct Member {
  std::string_view name;
  Value value;
  source::Region name_region{};  ///< where the key was written, if it was
};

inline std::span<const Value> Value::alternatives() const {
  if (!is_unknown()) {
    return {};
  }
  const auto& node = as<UnknownNode>(*node_);
  return node.simple ? std::span<const Value>() : node.unknown->alternatives;
}

inline std::span<const Value> Value::elements() const {
  return is_sequence() ? std::span(as<SequenceNode>(*node_).elements, node_->count) : std::span<const Value>();
}

inline std::span<const Member> Value::members() const {
  return kind() == Kind::kObject ? std::span(as<ObjectNode>(*node_).members, node_->count)
         : kind() == Kind::kMap  ? std::span(as<MapNode>(*node_).members, node_->count)
                                 : std::span<const Member>();
}

inline std::span<const Member> Value::held_members() const {
  return is_unknown() ? unknown().members : members();
}

struct Entry {
  Value key;
  Value value;
  source::Region key_region{};
};

struct Part {
  std::string_view text{};       ///< literal text (when `value` is null)
  const Value* value = nullptr;  ///< interpolated value
  source::Region region{};       ///< where it was written
  bool exact = false;            ///< literal text equals the bytes of the region
};

/// Makes symbols unique by their text. One per root module.
class SymbolTable;

/// More alternatives than this are not kept apart.
inline constexpr std::size_t kMaxAlternatives = 16;
/// Values nested deeper become errors, so that walks over values need no bound of their own.
inline constexpr std::uint16_t kMaxValueDepth = 400;
/// Larger values become errors too: a value that refers to another one many times, level by level, is short to write.
inline constexpr std::uint32_t kMaxValueSize = 4'000'000;
/// Strings of more parts are unknown as a whole.
inline constexpr std::size_t kMaxParts = 10'000;

// ---- Construction. All of them allocate in the arena; strings are copied unless said otherwise. ----

[[nodiscard]] Value make_null(source::Arena& arena, const Type& type = kDynamicType);
[[nodiscard]] Value make_bool(bool value);
[[nodiscard]] Value make_number(source::Arena& arena, Number value);
[[nodiscard]] Value make_number(source::Arena& arena, std::int64_t value);
/// Whether a text is plain ASCII, and so NFC.
[[nodiscard]] bool is_ascii(std::string_view text);
/// NFC-normalises as Terraform does.
[[nodiscard]] Value make_string(source::Arena& arena, std::string_view text, const StringDetail* detail = nullptr);
/// Keeps the view: the text must outlive the arena's values and be NFC already.
[[nodiscard]] Value make_string_view(source::Arena& arena, std::string_view text, const StringDetail* detail = nullptr);
/// As make_string(), of a text that outlives the arena's values: it is copied only where it is not NFC already.
[[nodiscard]] Value make_string_of(source::Arena& arena, std::string_view text);
[[nodiscard]] Value make_tuple(source::Arena& arena, std::span<const Value> elements);
/// The same for containers, which would else find std::make_tuple.
template <class Elements>
requires std::convertible_to<Elements&, std::span<const Value>>
[[nodiscard]] Value make_tuple(source::Arena& arena, Elements&& elements) {
  return make_tuple(arena, std::span<const Value>(elements));
}
/// The same of elements that are in the arena already.
[[nodiscard]] Value make_tuple_of(std::span<const Value> elements, source::Arena& arena);
[[nodiscard]] Value make_list(source::Arena& arena, const Type& element, std::span<const Value> elements);
/// Sorts and removes duplicates; with unknown elements the set is unknown (with its elements as exemplars) unless it
/// has one element.
[[nodiscard]] Value make_set(source::Arena& arena, const Type& element, std::span<const Value> elements);
/// Sorts by name; the last of duplicate names wins.
[[nodiscard]] Value make_map(source::Arena& arena, const Type& element, std::span<const Member> members);
[[nodiscard]] Value make_object(source::Arena& arena, std::span<const Member> members, Rest rest = Rest::kClosed,
                                const Symbol* rest_symbol = nullptr);
/// The same, closed, of members that are in the arena already, where they are put in order; so may be their names, or
/// they outlive the arena's values.
[[nodiscard]] Value make_object_of(std::span<Member> members, source::Arena& arena);
[[nodiscard]] Value make_unknown(source::Arena& arena, const Type& type, const Unknown& unknown,
                                 const StringDetail* detail = nullptr);
[[nodiscard]] Value make_unknown(source::Arena& arena, const Type& type, const Symbol* symbol);
[[nodiscard]] Value make_error(source::Arena& arena, std::string_view message, source::Region region);
/// One of several values, when it is not known which: equal ones are merged, one left is that one.
[[nodiscard]] Value make_alternatives(source::Arena& arena, std::span<const Value> values, const Symbol* symbol);
/// Is one of the listed possible values of an unknown null?
[[nodiscard]] bool may_be_null(const Value& value);
/// The element of a list that has that one or none, with nothing else known of it; null for any other value.
[[nodiscard]] const Value* possible_element(const Value& value);
/// A copy of what a value is stored in, to be changed before anybody sees it.
[[nodiscard]] Node& duplicate(source::Arena& arena, const Node& node);
/// Other members for a copy of a map or object.
void set_members(Node& node, std::span<const Member> members);
/// Of a value that lacks some of these marks; for with_marks() alone.
[[nodiscard]] Value add_marks(source::Arena& arena, const Value& value, std::uint8_t marks);
[[nodiscard]] inline Value with_marks(source::Arena& arena, const Value& value, std::uint8_t marks) {
  return (value.marks() | marks) == value.marks() ? value : add_marks(arena, value, marks);
}
/// The value without any marks, at any depth.
[[nodiscard]] Value without_marks(source::Arena& arena, const Value& value);
/// Unicode normal form C, which all of Terraform's strings have; text that is not UTF-8 stays as it is.
[[nodiscard]] std::string normalize(std::string_view text);

// ---- Questions. ----

/// The type of a value (computed for tuples and objects; kDynamic for objects that are open).
[[nodiscard]] const Type& type_of(source::Arena& arena, const Value& value);
/// HCL's == : same type and same value; symbolic strings are compared as far as they are known; the same
/// unknown equals itself; alternatives decide when all of them agree.
[[nodiscard]] Truth equals(const Value& a, const Value& b);
/// Identity of representation (unknowns by symbol), for tests and memo tables; unlike equals() never unknown.
[[nodiscard]] bool same(const Value& a, const Value& b);
/// The order of elements in a set: numbers and strings by value, others by a stable key; nulls and unknowns last.
[[nodiscard]] bool set_order(const Value& a, const Value& b);
/// Text of a primitive as templates and conversions to string write it; empty for other values.
[[nodiscard]] std::string primitive_text(const Value& value);
/// Text that tells values apart for symbols: values of equal text are the same value.
[[nodiscard]] std::string identity_text(const Value& value);
/// Texts of symbols up to this length are kept as they are.
inline constexpr std::size_t kSymbolLimit = 200;
/// The same for symbols of what was worked out of others, whose cause is what people read.
inline constexpr std::size_t kDerivedLimit = 120;
/// A text for symbols cut to a readable length; what is cut off is replaced by a hash, so that different texts stay
/// different.
[[nodiscard]] std::string shorten(std::string_view whole, std::size_t limit = kSymbolLimit);
/// The longest text that the string surely starts with.
[[nodiscard]] std::string known_prefix(const Value& value);
/// For messages: short HCL-like text; strings quoted, long values cut, unknowns by their symbol's text.
[[nodiscard]] std::string describe(const Value& value);
/// "var.x has no value", "aws_kms_key.k.arn is known after apply".
[[nodiscard]] std::string explain(const Symbol& symbol);
/// First unknown symbol found inside, or null.
[[nodiscard]] const Symbol* first_unknown(const Value& value);

}  // namespace gabion::eval
