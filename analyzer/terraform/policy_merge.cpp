#include "terraform/policy_merge.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "eval/json_text.h"

namespace gabion::terraform {
namespace {

using eval::Value;

/// Uncertain statements for which every combination is listed; with more of them each becomes an unknown element.
constexpr std::size_t kMaxUncertain = 4;

/// Go's encoding of a float64: shortest digits, an exponent below 1e-6 and from 1e21 on.
void write_number(double number, std::string& out) {
  const double size = std::fabs(number);
  const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
  std::array<char, 512> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number,
                                 exponent ? std::chars_format::scientific : std::chars_format::fixed);
  std::string text(digits.data(), end.ptr);
  // e-09 becomes e-9
  if (const std::size_t at = text.find("e-0"); at != std::string::npos) {
    text.erase(at + 2, 1);
  }
  out += text;
}

void new_line(std::string& out, bool indented, std::size_t depth) {
  if (indented) {
    out += '\n';
    out.append(depth * 2, ' ');
  }
}

void write_key(std::string_view name, bool indented, std::size_t depth, bool& first, std::string& out) {
  out += first ? "" : ",";
  first = false;
  new_line(out, indented, depth);
  eval::append_json_string(out, name, true);
  out += indented ? ": " : ":";
}

/// Depth is that of values, which the evaluator and the JSON parser bound.
void write_value(const Value& value, bool indented, std::size_t depth, std::string& out) {
  if (value.is_string()) {
    eval::append_json_string(out, value.text(), true);
  } else if (value.is_bool()) {
    out += value.boolean() ? "true" : "false";
  } else if (value.is_number()) {
    write_number(value.number().to_double(), out);
  } else if (value.is_sequence()) {
    out += '[';
    bool first = true;
    for (const Value& element : value.elements()) {
      out += first ? "" : ",";
      first = false;
      new_line(out, indented, depth + 1);
      write_value(element, indented, depth + 1, out);
    }
    if (!first) {
      new_line(out, indented, depth);
    }
    out += ']';
  } else if (value.is_mapping()) {
    out += '{';
    bool first = true;
    for (const eval::Member& member : value.members()) {
      write_key(member.name, indented, depth + 1, first, out);
      write_value(member.value, indented, depth + 1, out);
    }
    if (!first) {
      new_line(out, indented, depth);
    }
    out += '}';
  } else {
    out += "null";
  }
}

Value statement_value(const DraftStatement& statement, source::Arena& arena) {
  if (statement.opaque) {
    return *statement.opaque;
  }
  std::vector<eval::Member> members;
  members.reserve(kStatementElements.size());
  for (std::size_t index = 0; index < kStatementElements.size(); ++index) {
    if (statement.elements[index]) {
      members.push_back({kStatementElements[index], *statement.elements[index]});
    }
  }
  return eval::make_object(arena, members).with_origin(statement.origin);
}

bool is_text(const std::optional<Value>& value) {
  return value && value->is_string() && !value->text().empty();
}

}  // namespace

std::string_view DraftStatement::sid() const {
  const std::optional<Value>& sid = elements[static_cast<std::size_t>(StatementElement::kSid)];
  return is_text(sid) ? sid->text() : std::string_view{};
}

void DraftDocument::merge(const DraftDocument& other) {
  if (other.id && (other.id->is_unknown() || is_text(other.id))) {
    id = other.id;
  }
  if (other.version &&
      (!version || other.version->is_unknown() ||
       (version->is_string() && other.version->is_string() && other.version->text() > version->text()))) {
    version = other.version;
  }
  for (const DraftStatement& statement : other.statements) {
    const std::string_view sid = statement.sid();
    const auto known = sid.empty() ? statements.end()
                                   : std::find_if(statements.begin(), statements.end(),
                                                  [&](const DraftStatement& mine) { return mine.sid() == sid; });
    // A statement that may not be made leaves the one it would replace where it is.
    if (known != statements.end() && statement.certain) {
      *known = statement;
    } else {
      statements.push_back(statement);
    }
  }
}

bool DraftDocument::wholly_known() const {
  return first_unknown() == nullptr;
}

const eval::Symbol* DraftDocument::first_unknown() const {
  const eval::Symbol* found = nullptr;
  const auto look = [&](const std::optional<Value>& value) {
    if (found == nullptr && value && !value->wholly_known()) {
      found = eval::first_unknown(*value);
    }
  };
  look(version);
  look(id);
  for (const DraftStatement& statement : statements) {
    look(statement.opaque);
    std::for_each(statement.elements.begin(), statement.elements.end(), look);
  }
  return found;
}

Value DraftDocument::to_value(eval::Context& context) const {
  std::vector<Value> all;
  std::vector<std::size_t> uncertain;
  for (std::size_t index = 0; index < statements.size(); ++index) {
    all.push_back(statement_value(statements[index], context.arena));
    if (!statements[index].certain) {
      uncertain.push_back(index);
    }
  }
  Value list = eval::make_tuple(context.arena, all);
  if (!uncertain.empty()) {
    const eval::Symbol* cause = eval::first_unknown(all[uncertain.front()]);
    const eval::Symbol* symbol =
        cause != nullptr
            ? context.symbols.derive("statements that depend on " + std::string(cause->text), *cause)
            : context.symbols.intern(
                  {eval::Reason::kInstance,
                   eval::shorten("whether there is the statement " + eval::identity_text(all[uncertain.front()])),
                   {},
                   {},
                   {}});
    if (uncertain.size() <= kMaxUncertain) {
      std::vector<Value> combinations;
      for (std::size_t mask = (std::size_t{1} << uncertain.size()); mask-- > 0;) {
        std::vector<Value> chosen;
        std::map<std::string_view, std::size_t> places;  // of the Sids
        for (std::size_t index = 0; index < all.size(); ++index) {
          const auto position = std::find(uncertain.begin(), uncertain.end(), index);
          const bool there = position == uncertain.end() ||
                             ((mask >> static_cast<std::size_t>(position - uncertain.begin())) & 1U) != 0;
          if (!there) {
            continue;
          }
          // One Sid is not there twice: the later statement is the one that stays.
          const std::string_view sid = statements[index].sid();
          const auto [place, is_new] = places.try_emplace(sid, chosen.size());
          if (is_new || sid.empty()) {
            chosen.push_back(all[index]);
          } else {
            chosen[place->second] = all[index];
          }
        }
        combinations.push_back(eval::make_tuple(context.arena, chosen));
      }
      list = eval::make_alternatives(context.arena, combinations, symbol);
    } else {
      for (const std::size_t index : uncertain) {
        all[index] = eval::make_unknown(context.arena, eval::kDynamicType, symbol);
      }
      list = eval::make_tuple(context.arena, all);
    }
  }
  std::vector<eval::Member> members;
  if (version && !version->is_null()) {
    members.push_back({"Version", *version});
  }
  if (id) {
    members.push_back({"Id", *id});
  }
  members.push_back({"Statement", list});
  return eval::make_object(context.arena, members);
}

std::string DraftDocument::to_text(bool indented) const {
  std::string out = "{";
  bool first = true;
  if (is_text(version)) {
    write_key("Version", indented, 1, first, out);
    write_value(*version, indented, 1, out);
  }
  if (is_text(id)) {
    write_key("Id", indented, 1, first, out);
    write_value(*id, indented, 1, out);
  }
  if (!statements.empty()) {
    write_key("Statement", indented, 1, first, out);
    out += '[';
    bool first_statement = true;
    for (const DraftStatement& statement : statements) {
      out += first_statement ? "" : ",";
      first_statement = false;
      new_line(out, indented, 2);
      out += '{';
      bool first_element = true;
      for (std::size_t index = 0; index < kStatementElements.size(); ++index) {
        if (statement.elements[index]) {
          write_key(kStatementElements[index], indented, 3, first_element, out);
          write_value(*statement.elements[index], indented, 3, out);
        }
      }
      if (!first_element) {
        new_line(out, indented, 2);
      }
      out += '}';
    }
    new_line(out, indented, 1);
    out += ']';
  }
  if (!first) {
    new_line(out, indented, 0);
  }
  return out + "}";
}

std::string crc32_text(std::string_view text) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t crc = byte;
      for (int bit = 0; bit < 8; ++bit) {
        crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
      }
      table[byte] = crc;
    }
    return table;
  }();
  std::uint32_t crc = 0xffffffffU;
  for (const char c : text) {
    crc = (crc >> 8U) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xffU];
  }
  return std::to_string(crc ^ 0xffffffffU);
}

}  // namespace gabion::terraform
