#include "engine/iam_functions.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <utility>

#include "eval/loop_places.h"
#include "iam/narrowing.h"

namespace gabion::engine {

namespace {

using eval::Truth;
using eval::Value;

/// Combinations of alternatives of several policies that are asked about; more leave the answer open.
constexpr std::size_t kMaxCombinations = 64;

std::optional<std::string> known_string(const Value* value) {
  return value != nullptr && value->is_string() ? std::optional(std::string(value->text())) : std::nullopt;
}

std::optional<iam::KeyType> key_type(std::string_view name) {
  const auto types = iam::key_type_names();
  const auto found = std::ranges::find(types, name, &std::pair<std::string_view, iam::KeyType>::first);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

bool is_true(const Value* value) {
  return value != nullptr && value->is_bool() && value->boolean();
}

/// Reads {key: {type, always, multivalued, only}}; returns what is wrong, or nothing.
std::string read_keys(const Value& keys, iam::Assumptions& out) {
  if (!keys.is_mapping()) {
    return "the option \"keys\" must be an object of objects";
  }
  for (const eval::Member& member : keys.members()) {
    if (!member.value.is_mapping()) {
      return "the option \"keys\" must be an object of objects";
    }
    iam::KeyFact fact;
    fact.key = std::string(member.name);
    fact.always = is_true(member.value.member("always"));
    fact.multivalued = is_true(member.value.member("multivalued"));
    if (const auto type = known_string(member.value.member("type"))) {
      fact.type = key_type(*type);
      if (!fact.type) {
        return "\"" + *type + "\" is no type of a key; there are string, bool, numeric, date, ip, arn and binary";
      }
    }
    if (const Value* only = member.value.member("only"); only != nullptr && only->is_sequence()) {
      for (const Value& one : only->elements()) {
        if (!one.is_string()) {
          return "the values of the option \"only\" must be known strings";
        }
        fact.only.emplace_back(one.text());
      }
    }
    out.keys.push_back(std::move(fact));
  }
  return {};
}

std::string read_options(const Value& options, const iam::ReadOptions& reading, iam::Assumptions& out) {
  if (options.is_null()) {
    return {};
  }
  if (!options.is_mapping()) {
    return "the options must be an object with facts, keys, aws or without";
  }
  for (const eval::Member& member : options.members()) {
    if (member.name == "aws") {
      if (!member.value.is_bool()) {
        return "the option \"aws\" must be true or false";
      }
      out.aws = member.value.boolean();
    } else if (member.name == "keys") {
      if (std::string error = read_keys(member.value, out); !error.empty()) {
        return error;
      }
    } else if (member.name == "facts") {
      if (!member.value.is_sequence()) {
        return "the option \"facts\" must be a list of formulas";
      }
      for (const Value& fact : member.value.elements()) {
        iam::ParsedFormula formula = iam::read_formula(fact, reading);
        if (!formula.formula) {
          return "in the option \"facts\": " + formula.error;
        }
        out.facts.push_back(iam::Fact{.name = eval::describe(fact), .formula = std::move(*formula.formula)});
      }
    } else if (member.name == "without") {
      if (!member.value.is_sequence()) {
        return "the option \"without\" must be a list of names of facts";
      }
      for (const Value& fact : member.value.elements()) {
        if (!fact.is_string()) {
          return "the option \"without\" must be a list of names of facts";
        }
        out.without.emplace_back(fact.text());
      }
    } else {
      return "\"" + std::string(member.name) + "\" is no option; there are facts, keys, aws and without";
    }
  }
  return {};
}

/// All that a policy value, or each of a list of them, may be.
struct Policies {
  std::vector<std::shared_ptr<const iam::PolicyReading>> readings;  ///< per policy: its documents are alternatives
  bool complete = true;
  std::vector<iam::Hole> unknown;
  std::string unreadable;
};

void add_policy(const Value& value, const PolicySource& source, Policies& out) {
  const iam::PolicyReading& read = *out.readings.emplace_back(source(value));
  if (read.complete != Truth::kYes) {
    out.complete = false;
    if (read.unknown) {
      out.unknown.push_back(*read.unknown);
    }
    if (read.complete == Truth::kNo) {
      out.unreadable = read.diagnostics.empty() ? "it is no policy" : read.diagnostics.front().message;
    }
  }
}

Policies read_policies(const Value& policy, const PolicySource& source) {
  Policies out;
  if (policy.is_sequence()) {
    for (const Value& one : policy.elements()) {
      add_policy(one, source, out);
    }
  } else {
    add_policy(policy, source, out);
  }
  return out;
}

using Prove = std::function<iam::Proof(std::span<const iam::PolicyDocument* const>)>;

void add_unique(std::vector<iam::Hole>& to, const std::vector<iam::Hole>& from) {
  for (const iam::Hole& one : from) {
    if (std::ranges::find(to, one) == to.end()) {
      to.push_back(one);
    }
  }
}

/// Asks about every combination of alternatives: an answer is one when all of them agree.
iam::Proof over_alternatives(const Value& policy, const PolicySource& source, const Prove& prove) {
  const Policies policies = read_policies(policy, source);
  iam::Proof out;
  std::optional<iam::Proof> agreed;
  bool differs = false;
  std::size_t combinations = 0;
  std::vector<std::size_t> at(policies.readings.size(), 0);
  const bool empty = std::ranges::any_of(policies.readings, [](const auto& one) { return one->documents.empty(); });
  for (bool more = !empty; more;) {
    if (++combinations > kMaxCombinations) {
      differs = true;
      break;
    }
    std::vector<const iam::PolicyDocument*> documents;
    for (std::size_t i = 0; i < at.size(); ++i) {
      documents.push_back(&policies.readings[i]->documents[at[i]]);
    }
    iam::Proof proof = prove(documents);
    add_unique(out.holes, proof.holes);
    out.open_points.add(proof.open_points);
    if (!agreed) {
      agreed = std::move(proof);
    } else {
      differs = differs || agreed->answer != proof.answer;
    }
    more = false;
    for (std::size_t i = 0; i < at.size() && !more; ++i) {
      more = ++at[i] < policies.readings[i]->documents.size();
      if (!more) {
        at[i] = 0;
      }
    }
  }
  if (agreed && !differs && policies.complete) {
    agreed->holes = std::move(out.holes);
    agreed->open_points = out.open_points;
    return *agreed;
  }
  add_unique(out.holes, policies.unknown);
  out.answer = Truth::kUnknown;
  if (!policies.unreadable.empty()) {
    out.because = "the policy cannot be read: " + policies.unreadable;
  } else if (!out.holes.empty()) {
    out.because = "it depends on " + out.holes.front().name;
  } else {
    out.because = "it depends on which of several policies it is";
  }
  return out;
}

// ---- Statements as values. ----

// What is null or unknown has the type that it has in other statements, so that a list of statements has one type.
constexpr eval::Type kTextsType{.kind = eval::TypeKind::kList, .element = &eval::kStringType};
constexpr std::array<eval::AttributeType, 2> kPrincipalAttributes{
    {{.name = "identifiers", .type = &kTextsType}, {.name = "type", .type = &eval::kStringType}}};
constexpr eval::Type kPrincipalType{.kind = eval::TypeKind::kObject, .attributes = kPrincipalAttributes};
constexpr eval::Type kPrincipalsType{.kind = eval::TypeKind::kList, .element = &kPrincipalType};
constexpr std::array<eval::AttributeType, 3> kConditionAttributes{{{.name = "key", .type = &eval::kStringType},
                                                                   {.name = "operator", .type = &eval::kStringType},
                                                                   {.name = "values", .type = &kTextsType}}};
constexpr eval::Type kConditionType{.kind = eval::TypeKind::kObject, .attributes = kConditionAttributes};
constexpr eval::Type kConditionsType{.kind = eval::TypeKind::kList, .element = &kConditionType};

/// Makes values that know where they were written.
class StatementValues {
 public:
  StatementValues(eval::Context& context) : context_(context) {}

  Value statement(const iam::Statement& from) {
    // In order, as in all objects here: then they need not be put in order.
    const std::array<eval::Member, 10> members{
        member("actions", list(from.actions)),
        member("conditions", conditions(from)),
        member("effect", effect(from)),
        member("index", eval::make_number(arena(), static_cast<std::int64_t>(from.index))),
        member("not_actions", list(from.not_actions)),
        member("not_principals", principals(from.not_principals)),
        member("not_resources", list(from.not_resources)),
        member("principals", principals(from.principals)),
        member("resources", list(from.resources)),
        member("sid", from.sid ? text(*from.sid) : null(eval::kStringType)),
    };
    return object(members, from.region, from.origin);
  }

  /// What is known of a list alone: elements that it surely holds.
  Value unknown(const iam::Hole& hole, const eval::Type& type, std::span<const Value> held = {}) {
    const eval::Symbol* symbol = hole.symbol;
    if (symbol == nullptr) {
      symbol = context_.symbols.intern(eval::Symbol{
          .reason = eval::Reason::kComputed, .text = arena().copy(hole.name), .subject = {}, .path = {}, .region = {}});
    }
    return eval::make_unknown(arena(), type, eval::Unknown{.symbol = symbol, .held = arena().copy(held)});
  }

 private:
  [[nodiscard]] source::Arena& arena() const { return context_.arena; }
  static eval::Member member(std::string_view name, Value value) {
    return eval::Member{.name = name, .value = value, .name_region = {}};
  }
  [[nodiscard]] Value null(const eval::Type& type) const { return eval::make_null(arena(), type); }
  /// Of members whose names are literals; in their order, as they then need not be put into it.
  Value object(std::span<const eval::Member> members, source::Region region, const eval::Origin* origin) {
    return placed(eval::make_object_of(arena().duplicate(members), arena()), region, origin);
  }

  Value placed(Value value, source::Region region, const eval::Origin* origin) {
    if (origin == nullptr && region.valid()) {
      origin = eval::make_origin(arena(), eval::OriginKind::kExpression, region);
    }
    return origin == nullptr ? value : value.with_origin(origin);
  }

  Value text(const iam::Text& from) {
    if (from.known()) {
      return placed(eval::make_string(arena(), from.literal()), from.region, from.origin);
    }
    const auto& segments = from.segments();
    if (segments.size() == 1) {
      return placed(unknown(*segments[0].hole, eval::kStringType), from.region, from.origin);
    }
    std::vector<eval::Part> parts;
    const iam::Hole* first = nullptr;
    for (const iam::Segment& segment : segments) {
      eval::Part part;
      part.region = from.region;
      if (segment.is_hole) {
        first = first == nullptr ? segment.hole.get() : first;
        part.value = arena().make<Value>(unknown(*segment.hole, eval::kStringType));
      } else {
        part.text = arena().copy(segment.text);
      }
      parts.push_back(part);
    }
    const auto* detail =
        arena().make<eval::StringDetail>(eval::StringDetail{.parts = arena().copy(parts), .encoded = nullptr});
    const Value whole = unknown(*first, eval::kStringType);
    eval::Unknown about;
    about.symbol = context_.symbols.derive("text(" + from.str() + ")", *whole.unknown().symbol);
    about.not_null = true;
    return placed(eval::make_unknown(arena(), eval::kStringType, about, detail), from.region, from.origin);
  }

  Value effect(const iam::Statement& from) {
    if (from.effect == iam::Effect::kInvalid && from.effect_text.segments().empty()) {
      return null(eval::kStringType);
    }
    return text(from.effect_text);
  }

  /// `from`: texts, or what holds them.
  template <class Holders, class Projection = std::identity>
  Value texts(const Holders& from, source::Region region, const Projection& text_of = {}) {
    std::vector<Value> elements;
    elements.reserve(from.size());
    const iam::Text* rest = nullptr;  // further texts that are not known
    for (const auto& holder : from) {
      const iam::Text& one = std::invoke(text_of, holder);
      if (one.segments().size() == 1 && one.segments()[0].is_hole && one.segments()[0].hole->many) {
        rest = &one;
      } else {
        elements.push_back(text(one));
      }
    }
    if (rest != nullptr) {
      return placed(unknown(*rest->segments()[0].hole, kTextsType, elements), region, rest->origin);
    }
    return placed(eval::make_tuple(arena(), elements), region, nullptr);
  }

  /// What makes a text unknown; a known one stands under a type that is not known.
  static iam::Hole hole_of(const iam::Text& from) {
    const auto hole = std::ranges::find_if(from.segments(), &iam::Segment::is_hole);
    return hole == from.segments().end() ? iam::Hole{.name = "the type of " + from.str()} : *hole->hole;
  }

  Value list(const iam::TextList& from) { return from.present ? texts(from.items, from.region) : null(kTextsType); }

  Value principals(const iam::PrincipalSet& from) {
    if (!from.present) {
      return null(kPrincipalsType);
    }
    std::vector<std::pair<std::string_view, std::vector<const iam::Identifier*>>> types;
    for (const iam::Identifier& identifier : from.identifiers) {
      if (identifier.type.empty()) {
        return placed(unknown(hole_of(identifier.value), kPrincipalsType), from.region, nullptr);
      }
      const auto known = std::ranges::find(types, identifier.type, [](const auto& type) { return type.first; });
      if (known == types.end()) {
        types.emplace_back(identifier.type, std::vector{&identifier});
      } else {
        known->second.push_back(&identifier);
      }
    }
    std::vector<Value> elements;
    for (const auto& [type, identifiers] : types) {
      const std::array<eval::Member, 2> members{
          member("identifiers", texts(identifiers, from.region, &iam::Identifier::value)),
          member("type", placed(eval::make_string(arena(), type), from.region, nullptr))};
      elements.push_back(object(members, from.region, nullptr));
    }
    return placed(eval::make_tuple(arena(), elements), from.region, nullptr);
  }

  Value conditions(const iam::Statement& from) {
    if (from.open) {
      return placed(unknown(*from.open, kConditionsType), from.conditions_region, nullptr);
    }
    std::vector<Value> elements;
    for (const iam::Condition& condition : from.conditions) {
      const std::array<eval::Member, 3> members{
          member("key", text(condition.key)), member("operator", text(condition.operator_text)),
          member("values", texts(condition.values.items, condition.values.region))};
      elements.push_back(object(members, condition.region, nullptr));
    }
    return placed(eval::make_tuple(arena(), elements), from.conditions_region, nullptr);
  }

  eval::Context& context_;
};

}  // namespace

PolicySource reading_with(iam::ReadOptions options) {
  return [options = std::move(options)](const Value& policy) {
    return std::make_shared<const iam::PolicyReading>(iam::read_policy(policy, options));
  };
}

ReadQuestion read_question(const Value& kind, const Value& formula, const Value* options,
                           const iam::ReadOptions& reading) {
  ReadQuestion out;
  const auto name = known_string(&kind);
  const auto known_kind = name ? iam::policy_kind_from_name(*name) : std::nullopt;
  if (!known_kind) {
    out.error = "the kind of the policy must be \"identity\", \"resource\" or \"trust\"";
    return out;
  }
  iam::ParsedFormula parsed = iam::read_formula(formula, reading);
  if (!parsed.formula) {
    out.error = parsed.error;
    out.open = parsed.open;
    return out;
  }
  IamQuestion question;
  question.assumptions.name_assumed = false;  // rules do not tell them
  question.kind = *known_kind;
  question.formula = std::move(*parsed.formula);
  if (options != nullptr) {
    out.error = read_options(*options, reading, question.assumptions);
    if (!out.error.empty()) {
      return out;
    }
  }
  out.question = std::move(question);
  return out;
}

Value unreadable(const ReadQuestion& read, const Value& formula, const eval::Call& call, eval::Context& context) {
  const eval::Symbol* cause = read.open ? eval::first_unknown(formula) : nullptr;
  return cause == nullptr
             ? eval::make_error(context.arena, read.error, call.region)
             : eval::make_unknown(context.arena, eval::kBoolType, eval::Unknown{.symbol = cause, .not_null = true});
}

iam::Proof iam_denies(const Value& policy, const IamQuestion& question, const PolicySource& source) {
  const iam::Subject subject(question.formula);
  return over_alternatives(policy, source, [&](std::span<const iam::PolicyDocument* const> documents) {
    return iam::prove_denies(documents, question.kind, subject, question.assumptions);
  });
}

iam::Proof iam_never_allows(const Value& policy, const IamQuestion& question, const PolicySource& source) {
  const iam::Subject subject(question.formula);
  return over_alternatives(policy, source, [&](std::span<const iam::PolicyDocument* const> documents) {
    return iam::prove_never_allows(documents, question.kind, subject, question.assumptions);
  });
}

iam::Proof iam_allows(const Value& policy, const IamQuestion& question, const PolicySource& source) {
  iam::Proof out = iam_never_allows(policy, question, source);
  out.answer = !out.answer;
  return out;
}

namespace {

/// Lists of statements of which one counts. Where they differ in single statements only, the others are known: one list
/// of statements, some of which are one of several.
Value one_of_lists(std::span<const std::vector<Value>> lists, const eval::Symbol& symbol, eval::Context& context) {
  const std::size_t size = lists.front().size();
  if (!std::ranges::all_of(lists, [&](const std::vector<Value>& list) { return list.size() == size; })) {
    std::vector<Value> tuples;
    for (const std::vector<Value>& list : lists) {
      tuples.push_back(eval::make_tuple(context.arena, list));
    }
    return eval::make_alternatives(context.arena, tuples, &symbol);
  }
  std::vector<Value> statements;
  for (std::size_t index = 0; index < size; ++index) {
    std::vector<Value> alternatives;
    for (const std::vector<Value>& list : lists) {
      alternatives.push_back(list[index]);
    }
    const eval::Symbol* own =
        context.symbols.derive("statement " + std::to_string(index) + " of " + std::string(symbol.text), symbol);
    Value statement = eval::make_alternatives(context.arena, alternatives, own);
    if (statement.is_unknown() && statement.unknown().alternatives.size() == lists.size()) {
      eval::Unknown picked = statement.unknown();
      picked.choice = &symbol;
      statement = eval::make_unknown(context.arena, *statement.node().type(), picked);
    }
    statements.push_back(statement);
  }
  return eval::make_tuple(context.arena, statements);
}

}  // namespace

Value policy_statements(const Value& policy, eval::Context& context, const PolicySource& source) {
  const auto reading = source(policy);
  const iam::PolicyReading& read = *reading;
  StatementValues values(context);
  if (read.complete == Truth::kUnknown) {
    iam::Hole why = read.unknown.value_or(iam::Hole{.name = "the policy"});
    if (why.name == iam::kTooManyWays) {
      why.symbol = context.symbols.intern({.reason = eval::Reason::kData,
                                           .text = context.arena.copy("it depends on " + why.name),
                                           .subject = {},
                                           .path = {},
                                           .region = {}});
    }
    return values.unknown(why, eval::kDynamicType);
  }
  std::vector<std::vector<Value>> lists;
  for (const iam::PolicyDocument& document : read.documents) {
    std::vector<Value>& statements = lists.emplace_back();
    for (const iam::Statement& statement : document.statements) {
      statements.push_back(values.statement(statement));
    }
    if (document.open) {
      return values.unknown(*document.open, eval::kDynamicType, statements);
    }
  }
  const eval::Symbol* symbol = eval::first_unknown(policy);
  if (lists.size() < 2 || symbol == nullptr) {
    return eval::make_tuple(context.arena, lists.empty() ? std::vector<Value>() : lists.front());
  }
  return one_of_lists(lists, *symbol, context);
}

std::optional<findings::Witness> to_witness(const iam::Proof& proof, const iam::PolicyDocument* document,
                                            iam::PolicyKind kind) {
  if (!proof.witness) {
    return std::nullopt;
  }
  (void)document;
  findings::Witness out;
  out.principal = eval::without_places(proof.witness->principal);
  out.action = eval::without_places(proof.witness->action);
  if (kind != iam::PolicyKind::kTrust) {
    out.resource = eval::without_places(proof.witness->resource);
  }
  for (const auto& [key, value] : proof.witness->context) {
    std::vector<std::string> values;
    std::ranges::transform(value.values, std::back_inserter(values), eval::without_places);
    out.context.emplace(key, std::move(values));
  }
  for (const std::string& key : proof.absent) {
    out.context.emplace(key, std::nullopt);
  }
  return out;
}

std::string depends_on(const eval::Symbol& symbol) {
  // The reason why an answer is open is a sentence, and no name that something can be said of.
  constexpr std::string_view kSentence = "it ";
  const eval::Symbol& named = symbol.cause != nullptr ? *symbol.cause : symbol;
  if (named.reason == eval::Reason::kData && named.subject.empty() && named.text.starts_with(kSentence)) {
    return std::string(named.text.substr(kSentence.size()));
  }
  // What is said of the name follows it: of no name, it is all that is said.
  const std::string whole = eval::explain(symbol);
  const std::string said = eval::explain(eval::Symbol{.reason = named.reason, .text = {}});
  return "depends on " + whole.substr(0, whole.size() - std::min(said.size(), whole.size())) + ", which" + said;
}

}  // namespace gabion::engine
