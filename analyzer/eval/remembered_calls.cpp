#include "eval/remembered_calls.h"

#include <algorithm>
#include <array>
#include <functional>

#include "source/hash.h"

namespace gabion::eval {

namespace {

/// How deep arguments are looked into, and how many elements or members of one are: what is larger is the same when it
/// is one thing.
constexpr int kDepth = 4;
constexpr std::size_t kMostInside = 32;
/// Calls with the same texts that came in different ways: more than these are not compared.
constexpr std::size_t kMostAlike = 64;

/// Do two chains say the same? Longer ones than any that people read are not compared.
bool same_way(const Origin* a, const Origin* b) {
  constexpr int kMostLinks = 64;
  for (int i = 0; i < kMostLinks; ++i, a = a->via(), b = b->via()) {
    if (a == b) {
      return true;
    }
    if (a == nullptr || b == nullptr || a->kind != b->kind || a->region != b->region || a->name() != b->name()) {
      return false;
    }
  }
  return false;
}

bool same_argument(const Value& a, const Value& b, int depth);

/// Are two texts put together from the same pieces?
bool same_detail(const StringDetail* a, const StringDetail* b, int depth) {
  if (a == b) {
    return true;
  }
  const auto same_part = [&](const Part& one, const Part& other) {
    const bool same_value = one.value == other.value || (one.value != nullptr && other.value != nullptr &&
                                                         same_argument(*one.value, *other.value, depth - 1));
    return same_value && one.region == other.region && one.exact == other.exact && one.text == other.text;
  };
  return a != nullptr && b != nullptr && a->encoded == b->encoded && std::ranges::equal(a->parts, b->parts, same_part);
}

bool same_argument(const Value& a, const Value& b, int depth) {
  if (depth == 0 || !same_way(a.origin(), b.origin())) {
    return false;
  }
  if (&a.node() == &b.node()) {
    return true;
  }
  if (a.kind() != b.kind() || a.marks() != b.marks()) {
    return false;
  }
  switch (a.kind()) {
    case Kind::kBool:
      return a.boolean() == b.boolean();
    case Kind::kNumber:
      return a.number() == b.number();
    case Kind::kString:
      return a.text() == b.text() && same_detail(a.detail(), b.detail(), depth);
    case Kind::kMap:
    case Kind::kObject:
      return a.node().type() == b.node().type() && a.node().rest_kind == b.node().rest_kind && a.rest() == b.rest() &&
             a.members().size() <= kMostInside &&
             std::ranges::equal(a.members(), b.members(), [&](const Member& one, const Member& other) {
               return one.name == other.name && one.name_region == other.name_region &&
                      same_argument(one.value, other.value, depth - 1);
             });
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet:
      return a.node().type() == b.node().type() && a.elements().size() <= kMostInside &&
             std::ranges::equal(a.elements(), b.elements(), [&](const Value& one, const Value& other) {
               return same_argument(one, other, depth - 1);
             });
    default:
      return false;
  }
}

std::size_t hash_of(const Value& value, int depth) {
  constexpr std::size_t kFactor = 31;
  if (value.is_string()) {
    return source::hash_of(value.text());
  }
  const std::size_t inside = value.members().size() + value.elements().size();
  if (depth == 0 || inside > kMostInside) {
    return std::hash<const Node*>()(&value.node());
  }
  std::size_t hash = static_cast<std::size_t>(value.kind()) * kFactor + inside;
  for (const Member& member : value.members()) {
    hash = (hash * kFactor + source::hash_of(member.name)) * kFactor + hash_of(member.value, depth - 1);
  }
  for (const Value& element : value.elements()) {
    hash = hash * kFactor + hash_of(element, depth - 1);
  }
  return hash;
}

std::size_t hash_of(source::Region call, std::span<const Value> arguments) {
  constexpr std::size_t kFactor = 131;
  std::size_t hash = static_cast<std::size_t>(call.artifact) * kFactor + call.begin;
  for (const Value& argument : arguments) {
    hash = hash * kFactor + hash_of(argument, kDepth);
  }
  return hash;
}

}  // namespace

bool RememberedCalls::pays(std::string_view function, std::span<const Value> arguments) {
  constexpr std::size_t kLongText = 256;
  constexpr std::size_t kLargeMap = 16;
  if (arguments.size() != 1 || arguments[0].node().marks_inside != kNoMark || !arguments[0].wholly_known()) {
    return false;
  }
  if (arguments[0].is_string()) {
    return arguments[0].text().size() >= kLongText &&
           (function == "jsondecode" || function == "yamldecode" || function == "csvdecode");
  }
  return arguments[0].members().size() >= kLargeMap && (function == "keys" || function == "values");
}

const Value* RememberedCalls::find(source::Region call, std::span<const Value> arguments) const {
  const auto [first, last] = entries_.equal_range(hash_of(call, arguments));
  for (auto place = first; place != last; ++place) {
    const Entry& entry = place->second;
    const bool same = entry.call == call && entry.size == arguments.size() &&
                      std::ranges::equal(std::span(entry.arguments).first(entry.size), arguments,
                                         [](const Value& a, const Value& b) { return same_argument(a, b, kDepth); });
    if (same) {
      return &entry.result;
    }
  }
  return nullptr;
}

void RememberedCalls::add(source::Region call, std::span<const Value> arguments, const Value& result) {
  Entry entry{.call = call, .arguments = {}, .size = arguments.size(), .result = result};
  const std::size_t hash = hash_of(call, arguments);
  if (arguments.size() <= entry.arguments.size() && entries_.count(hash) < kMostAlike) {
    std::ranges::copy(arguments, entry.arguments.begin());
    entries_.emplace(hash, entry);
  }
}

std::size_t RememberedCalls::HashOfMade::operator()(const Made& made) const {
  const std::array<const void*, 3> parts{made.node, made.origin, made.symbol};
  return source::hash_of({reinterpret_cast<const char*>(parts.data()), sizeof(parts)});
}

const Value* RememberedCalls::find_element(const Value& pattern, const Symbol& symbol) const {
  const auto found = elements_.find(Made{&pattern.node(), pattern.origin(), &symbol});
  return found == elements_.end() ? nullptr : &found->second;
}

void RememberedCalls::add_element(const Value& pattern, const Symbol& symbol, const Value& element) {
  elements_.emplace(Made{&pattern.node(), pattern.origin(), &symbol}, element);
}

}  // namespace gabion::eval
