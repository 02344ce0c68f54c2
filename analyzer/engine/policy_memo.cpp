#include "engine/policy_memo.h"

#include <array>
#include <cstring>

namespace gabion::engine {
namespace {

using eval::Kind;
using eval::Value;

void append_number(std::size_t number, std::string& out) {
  std::array<char, sizeof(number)> bytes{};
  std::memcpy(bytes.data(), &number, sizeof(number));
  out.append(bytes.data(), bytes.size());
}

/// Symbols are interned: their address is their identity.
void append_symbol(const eval::Symbol* symbol, std::string& out) {
  std::array<char, sizeof(symbol)> bytes{};
  std::memcpy(bytes.data(), &symbol, sizeof(symbol));
  out.append(bytes.data(), bytes.size());
}

void append_text(std::string_view text, std::string& out) {
  append_number(text.size(), out);
  out += text;
}

void append_optional(const Value* value, std::string& out) {
  out += value == nullptr ? '-' : '+';
  if (value != nullptr) {
    append_identity(*value, out);
  }
}

void append_detail(const eval::StringDetail* detail, std::string& out) {
  if (detail == nullptr) {
    out += '-';
    return;
  }
  append_number(detail->parts.size(), out);
  for (const eval::Part& part : detail->parts) {
    append_text(part.text, out);
    append_optional(part.value, out);
  }
  append_optional(detail->encoded, out);
}

void append_unknown(const Value& value, std::string& out) {
  const eval::Unknown& unknown = value.unknown();
  append_symbol(unknown.symbol, out);
  append_symbol(unknown.choice, out);
  out += static_cast<char>(value.node().type->kind);
  out += unknown.not_null ? '!' : '?';
  append_text(unknown.prefix, out);
  append_number(unknown.min_length, out);
  append_number(unknown.max_length, out);
  append_number(unknown.alternatives.size(), out);
  for (const Value& alternative : unknown.alternatives) {
    append_identity(alternative, out);
  }
  append_optional(unknown.element, out);
  append_optional(unknown.element_key, out);
  append_number(unknown.entries.size(), out);
  for (const eval::Entry& entry : unknown.entries) {
    append_identity(entry.key, out);
    append_identity(entry.value, out);
  }
  append_detail(value.detail(), out);
}

}  // namespace

void append_identity(const Value& value, std::string& out) {
  out += static_cast<char>(value.kind());
  switch (value.kind()) {
    case Kind::kError:
      append_text(value.error().message, out);
      return;
    case Kind::kUnknown:
      append_unknown(value, out);
      return;
    case Kind::kNull:
      return;
    case Kind::kBool:
      out += value.boolean() ? '1' : '0';
      return;
    case Kind::kNumber:
      append_text(eval::primitive_text(value), out);
      return;
    case Kind::kString:
      // Texts that were put together may be read by their parts.
      append_text(value.text(), out);
      append_detail(value.detail(), out);
      return;
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet:
      append_number(value.elements().size(), out);
      for (const Value& element : value.elements()) {
        append_identity(element, out);
      }
      return;
    case Kind::kMap:
    case Kind::kObject:
      out += static_cast<char>(value.node().rest_kind);
      append_symbol(value.node().rest, out);
      append_number(value.members().size(), out);
      for (const eval::Member& member : value.members()) {
        append_text(member.name, out);
        append_identity(member.value, out);
      }
      return;
  }
}

}  // namespace gabion::engine
