#include "terraform/policy_source.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "source/ascii.h"
#include "syntax/json/parser.h"

namespace gabion::terraform {
namespace {

namespace json = syntax::json;
using eval::Value;

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return source::to_lower(x) == source::to_lower(y); });
}

// ---- From JSON text (with holes) to values. ----

class Reader {
 public:
  Reader(const std::vector<Value>& holes, eval::Context& context) : holes_(holes), context_(context) {}

  Value value(const json::Value& in) {
    const auto* origin = eval::make_origin(context_.arena, eval::OriginKind::kExpression, in.region);
    return plain(in).with_origin(origin);
  }

 private:
  Value plain(const json::Value& in) {
    switch (in.kind) {
      case json::Kind::kNull:
        return {};
      case json::Kind::kBool:
        return eval::make_bool(in.boolean);
      case json::Kind::kNumber: {
        const auto number = eval::Number::parse(context_.arena, in.text);
        return number ? eval::make_number(context_.arena, *number) : Value{};
      }
      case json::Kind::kString:
        return in.parts.empty() ? eval::make_string(context_.arena, in.text) : joined(in.parts, in.region);
      case json::Kind::kArray: {
        std::vector<Value> elements;
        for (const json::Value& element : in.elements) {
          elements.push_back(value(element));
        }
        return eval::make_tuple(context_.arena, elements);
      }
      case json::Kind::kObject: {
        std::vector<eval::Member> members;
        std::vector<eval::Entry> entries;
        bool known = true;
        for (const json::Member& member : in.members) {
          const Value name = member.name_parts.empty() ? eval::make_string(context_.arena, member.name)
                                                       : joined(member.name_parts, member.name_region);
          known = known && name.is_string();
          members.push_back({member.name, value(member.value), member.name_region});
          entries.push_back({name, members.back().value, member.name_region});
        }
        return known ? eval::make_object(context_.arena, members) : eval::object_of_entries(entries, context_);
      }
      case json::Kind::kHole:
        break;
    }
    return hole(in.hole);
  }

  Value hole(std::int32_t index) {
    const auto at = static_cast<std::size_t>(index);
    return at < holes_.size() ? holes_[at] : Value{};
  }

  Value joined(std::span<const json::StringPart> parts, source::Region region) {
    std::vector<eval::Part> pieces;
    const eval::Symbol* cause = nullptr;
    for (const json::StringPart& part : parts) {
      if (part.hole < 0) {
        pieces.push_back({part.text, nullptr, region, false});
        continue;
      }
      const Value in = hole(part.hole);
      cause = cause == nullptr ? eval::first_unknown(in) : cause;
      pieces.push_back({{}, context_.arena.make<Value>(in), region, false});
    }
    if (cause == nullptr) {
      return {};
    }
    eval::StringDetail detail;
    detail.parts = context_.arena.copy(pieces);
    eval::Unknown unknown;
    unknown.symbol = context_.symbols.derive("text with " + std::string(cause->text), *cause);
    unknown.not_null = true;
    return eval::make_unknown(context_.arena, eval::kStringType, unknown,
                              context_.arena.make<eval::StringDetail>(detail));
  }

  const std::vector<Value>& holes_;
  eval::Context& context_;
};

/// Literal text and unknowns of a template string, in order. Depth is that of nested templates.
void collect_pieces(const Value& value, std::vector<json::Piece>& pieces, std::vector<Value>& holes,
                    std::uint32_t depth) {
  const eval::StringDetail* detail = value.is_string() || value.is_unknown() ? value.detail() : nullptr;
  if (detail != nullptr && !detail->parts.empty() && depth > 0) {
    for (const eval::Part& part : detail->parts) {
      if (part.value == nullptr) {
        pieces.push_back({part.text, -1, part.region, part.exact});
      } else {
        collect_pieces(*part.value, pieces, holes, depth - 1);
      }
    }
    return;
  }
  const source::Region region = value.origin() != nullptr ? value.origin()->region : source::Region{};
  if (value.is_string()) {
    pieces.push_back({value.text(), -1, region, false});
    return;
  }
  pieces.push_back({{}, static_cast<std::int32_t>(holes.size()), region, false});
  holes.push_back(value);
}

// ---- From values to a document: what Go's decoder makes of them. ----

using Failure = std::optional<std::string>;

/// A string element: null leaves it out, anything else is refused.
Failure read_text(const Value& value, std::string_view name, std::optional<Value>& out) {
  if (value.is_null()) {
    return std::nullopt;
  }
  if (!value.is_string() && !value.is_unknown()) {
    return std::string(name) + " is not a string";
  }
  out = value;
  return std::nullopt;
}

Failure read_principals(const Value& value, std::optional<Value>& out, eval::Context& context) {
  if (value.is_unknown()) {
    out = value;
    return std::nullopt;
  }
  if (value.is_string()) {
    out = eval::make_string(context.arena, "*").with_origin(value.origin());
    return std::nullopt;
  }
  if (!value.is_mapping()) {
    return "a principal is neither a string nor an object";
  }
  std::vector<eval::Member> members;
  for (const eval::Member& member : value.members()) {
    if (member.value.is_string() || member.value.is_unknown()) {
      members.push_back(member);
      continue;
    }
    if (!member.value.is_sequence()) {
      return "identifiers of principal " + std::string(member.name) + " are neither a string nor a list";
    }
    std::vector<Value> identifiers(member.value.elements().begin(), member.value.elements().end());
    const bool known =
        std::all_of(identifiers.begin(), identifiers.end(), [](const Value& v) { return v.is_string(); });
    const bool texts = std::all_of(identifiers.begin(), identifiers.end(),
                                   [](const Value& v) { return v.is_string() || v.is_unknown(); });
    if (!texts) {
      return "an identifier of principal " + std::string(member.name) + " is not a string";
    }
    if (known) {
      std::sort(identifiers.begin(), identifiers.end(),
                [](const Value& a, const Value& b) { return a.text() > b.text(); });
    }
    members.push_back({member.name, eval::make_tuple(context.arena, identifiers).with_origin(member.value.origin()),
                       member.name_region});
  }
  if (!members.empty()) {
    // {"*": "*"} alone is written as the plain star.
    const Value& only = members.front().value;
    const bool star = members.size() == 1 && members.front().name == "*" &&
                      ((only.is_string() && only.text() == "*") ||
                       (only.is_sequence() && only.elements().size() == 1 && only.elements()[0].is_string() &&
                        only.elements()[0].text() == "*"));
    out = star ? eval::make_string(context.arena, "*").with_origin(value.origin())
               : eval::make_object(context.arena, members).with_origin(value.origin());
  }
  return std::nullopt;
}

Failure read_conditions(const Value& value, std::optional<Value>& out, eval::Context& context) {
  if (value.is_null()) {
    return std::nullopt;
  }
  if (value.is_unknown()) {
    out = value;
    return std::nullopt;
  }
  if (!value.is_mapping()) {
    return "Condition is not an object";
  }
  std::vector<eval::Member> tests;
  for (const eval::Member& test : value.members()) {
    if (test.value.is_unknown()) {
      tests.push_back(test);
      continue;
    }
    if (!test.value.is_mapping()) {
      return "Condition." + std::string(test.name) + " is not an object";
    }
    std::vector<eval::Member> variables;
    for (const eval::Member& variable : test.value.members()) {
      const Value& given = variable.value;
      if (given.is_string() || given.is_unknown()) {
        variables.push_back(variable);
      } else if (given.is_bool()) {
        variables.push_back(
            {variable.name,
             eval::make_string(context.arena, given.boolean() ? "true" : "false").with_origin(given.origin()),
             variable.name_region});
      } else if (given.is_sequence()) {
        const bool texts = std::all_of(given.elements().begin(), given.elements().end(),
                                       [](const Value& v) { return v.is_string() || v.is_unknown(); });
        if (!texts) {
          return "a value of condition " + std::string(variable.name) + " is not a string";
        }
        variables.push_back(variable);
      }  // Numbers and objects are dropped.
    }
    if (!variables.empty()) {
      tests.push_back(
          {test.name, eval::make_object(context.arena, variables).with_origin(test.value.origin()), test.name_region});
    }
  }
  if (!tests.empty()) {
    out = eval::make_object(context.arena, tests).with_origin(value.origin());
  }
  return std::nullopt;
}

/// Stands for statements that nobody can see.
DraftStatement opaque_statement(const Value& unknown, eval::Context& context) {
  const eval::Symbol& cause = *unknown.unknown().symbol;
  const eval::Symbol* symbol = context.symbols.derive("statements of " + eval::identity_text(unknown), cause);
  DraftStatement statement;
  statement.opaque = eval::make_unknown(context.arena, eval::kDynamicType, symbol);
  return statement;
}

Failure read_statement(const Value& value, DraftStatement& out, eval::Context& context) {
  if (value.is_unknown()) {
    out = opaque_statement(value, context);
    return std::nullopt;
  }
  if (!value.is_mapping()) {
    return "a statement is not an object";
  }
  out.origin = value.origin();
  for (const eval::Member& member : value.members()) {
    const auto name = std::find_if(kStatementElements.begin(), kStatementElements.end(),
                                   [&](std::string_view candidate) { return same_name(candidate, member.name); });
    if (name == kStatementElements.end()) {
      continue;
    }
    const auto element = static_cast<StatementElement>(name - kStatementElements.begin());
    std::optional<Value>& slot = out[element];
    Failure failure;
    switch (element) {
      case StatementElement::kSid:
      case StatementElement::kEffect:
        failure = read_text(member.value, *name, slot);
        if (slot && slot->is_string() && slot->text().empty()) {
          slot.reset();
        }
        break;
      case StatementElement::kPrincipal:
      case StatementElement::kNotPrincipal:
        failure = read_principals(member.value, slot, context);
        break;
      case StatementElement::kCondition:
        failure = read_conditions(member.value, slot, context);
        break;
      default:
        if (!member.value.is_null()) {
          slot = member.value;
        }
    }
    if (failure) {
      return failure;
    }
  }
  return std::nullopt;
}

bool same_elements(const std::optional<Value>& a, const std::optional<Value>& b) {
  return a.has_value() == b.has_value() && (!a || eval::same(*a, *b));
}

bool same_statement(const DraftStatement& a, const DraftStatement& b) {
  return same_elements(a.opaque, b.opaque) &&
         std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(), same_elements);
}

/// One of several lists of statements, nobody knows which: those that all of them have, and the others as such that may
/// be missing.
std::vector<DraftStatement> one_of(const std::vector<std::vector<DraftStatement>>& lists) {
  std::vector<DraftStatement> result;
  std::vector<std::size_t> counts;
  for (const std::vector<DraftStatement>& list : lists) {
    for (const DraftStatement& statement : list) {
      const auto known = std::find_if(result.begin(), result.end(),
                                      [&](const DraftStatement& other) { return same_statement(other, statement); });
      const auto index = static_cast<std::size_t>(known - result.begin());
      if (known == result.end()) {
        counts.push_back(0);
        result.push_back(statement);
      } else {
        known->certain = known->certain && statement.certain;
      }
      ++counts[index];
    }
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    result[i].certain = result[i].certain && counts[i] >= lists.size();
  }
  return result;
}

Failure read_statements(const Value& list, std::vector<DraftStatement>& out, eval::Context& context) {
  if (list.is_unknown()) {
    const std::span<const Value> alternatives = list.unknown().alternatives;
    std::vector<std::vector<DraftStatement>> lists;
    for (const Value& alternative : alternatives) {
      if (!alternative.is_sequence() || read_statements(alternative, lists.emplace_back(), context)) {
        lists.clear();
        break;
      }
    }
    if (!lists.empty()) {
      out = one_of(lists);
      return std::nullopt;
    }
  } else if (!list.is_sequence()) {
    return "Statement is not a list";
  }
  for (const Value& element : list.held()) {
    if (const Failure failure = read_statement(element, out.emplace_back(), context)) {
      return failure;
    }
  }
  if (list.is_unknown()) {
    out.push_back(opaque_statement(list, context));
  }
  return std::nullopt;
}

std::variant<DraftDocument, std::string> read_document(const Value& value, eval::Context& context) {
  DraftDocument document;
  if (value.is_null()) {
    return document;
  }
  if (!value.is_mapping()) {
    return "it is not a JSON object";
  }
  for (const eval::Member& member : value.members()) {
    Failure failure;
    if (same_name(member.name, "Version")) {
      failure = read_text(member.value, "Version", document.version);
    } else if (same_name(member.name, "Id")) {
      failure = read_text(member.value, "Id", document.id);
    } else if (same_name(member.name, "Statement") && !member.value.is_null()) {
      document.statements.clear();
      failure = read_statements(member.value, document.statements, context);
    }
    if (failure) {
      return *failure;
    }
  }
  return document;
}

/// The document of an unknown text: what its alternatives have in common and what they may add, or statements that
/// nobody can see.
DraftDocument opaque_or_one_of(const Value& text, eval::Context& context) {
  DraftDocument result;
  bool some = false;     // one of them is a document
  bool missing = false;  // one of them is none
  std::vector<std::vector<DraftStatement>> lists;
  for (const Value& alternative : text.unknown().alternatives) {
    const bool text_like = alternative.is_string() || alternative.is_unknown();
    auto read = text_like ? read_policy_source(alternative, context) : std::string();
    auto* document = std::get_if<DraftDocument>(&read);
    // A text without a document says nothing about the version either.
    const bool nothing = document != nullptr && !document->version && !document->id && document->statements.empty();
    const bool fits = document != nullptr &&
                      (nothing || !some ||
                       (same_elements(document->version, result.version) && same_elements(document->id, result.id)));
    if (!fits) {
      lists.clear();
      break;
    }
    lists.push_back(std::move(document->statements));
    missing = missing || nothing;
    if (!nothing) {
      some = true;
      result.version = document->version;
      result.id = document->id;
    }
  }
  if (lists.empty() || (missing && result.id)) {
    DraftDocument opaque;
    opaque.statements.push_back(opaque_statement(text, context));
    return opaque;
  }
  result.statements = one_of(lists);
  return result;
}

}  // namespace

std::variant<DraftDocument, std::string> read_policy_source(const Value& text, eval::Context& context) {
  if (text.is_string() && text.text().empty()) {
    return DraftDocument{};
  }
  const eval::StringDetail* detail = text.is_string() || text.is_unknown() ? text.detail() : nullptr;
  if (detail != nullptr && detail->encoded != nullptr) {
    return read_document(*detail->encoded, context);
  }
  if (!text.is_string() && (detail == nullptr || detail->parts.empty())) {
    return opaque_or_one_of(text, context);
  }
  std::vector<json::Piece> pieces;
  std::vector<Value> holes;
  collect_pieces(text, pieces, holes, 16);
  const json::Parsed parsed = json::parse(pieces, context.arena, context.limits);
  if (!parsed.ok()) {
    if (!text.is_string()) {
      return opaque_or_one_of(text, context);
    }
    return "it is no JSON: " +
           (parsed.diagnostics.empty() ? std::string("nothing was read") : parsed.diagnostics.front().message);
  }
  return read_document(Reader(holes, context).value(*parsed.value), context);
}

DraftDocument read_policy_sources(const Value& list, eval::Context& context) {
  const auto read_element = [&](const Value& element) {
    return element.is_string() || element.is_unknown() ? read_policy_source(element, context) : std::string();
  };
  DraftDocument opaque;
  for (const Value& element : list.held()) {
    const auto read = read_element(element);
    if (const auto* document = std::get_if<DraftDocument>(&read)) {
      opaque.merge(*document);
    }
  }
  opaque.statements.push_back(opaque_statement(list, context));
  // Of a list that may have one element and no more, it is known what it may be.
  const Value* lone = eval::possible_element(list);
  const std::array<Value, 2> either{
      eval::make_tuple(context.arena, {}),
      lone == nullptr ? Value() : eval::make_tuple(context.arena, std::span(lone, 1))};
  const std::span<const Value> alternatives =
      lone == nullptr ? list.unknown().alternatives : std::span<const Value>(either);
  DraftDocument result;
  std::vector<std::vector<DraftStatement>> lists;
  for (const Value& alternative : alternatives) {
    if (!alternative.is_null() && !alternative.is_sequence()) {
      return opaque;
    }
    DraftDocument merged;
    for (const Value& element : alternative.is_null() ? std::span<const Value>{} : alternative.elements()) {
      const auto read = read_element(element);
      const auto* document = std::get_if<DraftDocument>(&read);
      if (document == nullptr) {
        return opaque;
      }
      merged.merge(*document);
    }
    if (merged.id) {
      return opaque;  // whether the document has it is one more thing that would have to depend on the list
    }
    lists.push_back(std::move(merged.statements));
    merged.statements.clear();
    result.merge(merged);  // the highest version; the document itself has one in any case
  }
  if (lists.empty()) {
    return opaque;
  }
  result.statements = one_of(lists);
  return result;
}

}  // namespace gabion::terraform
