#include "terraform/policy_document.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "terraform/expansion.h"
#include "terraform/policy_merge.h"
#include "terraform/policy_source.h"

namespace gabion::terraform {
namespace {

using eval::Value;

constexpr std::string_view kOldVersion = "2008-10-17";
constexpr std::string_view kNewVersion = "2012-10-17";

/// Texts of an argument: known ones in a list, or the unknown that stands for all of them.
struct Texts {
  std::vector<Value> items;
  std::optional<Value> open;
  [[nodiscard]] bool known() const {
    return !open && std::all_of(items.begin(), items.end(), [](const Value& v) { return v.is_string(); });
  }
};

/// One principals block.
struct PrincipalsBlock {
  std::string type;
  Texts identifiers;
};
/// One condition block. The variable may be unknown.
struct ConditionBlock {
  std::string test;
  Value variable;
  Texts values;
};

class Rendering {
 public:
  Rendering(const model::Body& body, const eval::Symbol& owner, source::Region region, eval::Context& context,
            Expansion& expansion)
      : body_(body), owner_(owner), region_(region), context_(context), expansion_(expansion) {}

  /// The merged document. Of one that the provider refuses, what it is refused for is not known.
  DraftDocument run();

 private:
  void warn(const std::string& message, source::Region region) {
    expansion_.report(findings::DiagnosticSeverity::kWarning, "policy-document", message,
                      "the provider refuses this document", region.valid() ? region : region_);
  }
  void fail(const std::string& message, source::Region region) {
    warn(message, region);
    failed_ = true;
  }
  std::optional<Value> text(const model::Body& body, std::string_view name);
  std::optional<Value> required_text(const model::Block& block, std::string_view name);
  Texts texts(const model::Body& body, std::string_view name);
  Value without_null(const Value& element);
  Value refused_text();
  DraftStatement refused_statement(source::Region region);
  void unique_sids(std::string_view argument, DraftDocument& document, std::set<std::string>& sids);
  void check_names(const model::Body& body, std::span<const std::string_view> attributes,
                   std::span<const std::string_view> blocks);

  DraftDocument own_document();
  DraftStatement statement(const model::Block& block);
  void add_texts(DraftStatement& out, StatementElement element, const model::Body& body, std::string_view name,
                 bool replace);
  void add_principals(DraftStatement& out, StatementElement element, const model::Body& body, std::string_view type);
  void add_conditions(DraftStatement& out, const model::Body& body);
  Value object_of(std::span<const eval::Entry> entries);
  Value with_variables(const Value& value, source::Region region);
  void merge_all(std::string_view name, std::set<std::string>* sids, DraftDocument& into);
  void merge_one(std::string_view name, DraftDocument& into);
  std::optional<DraftDocument> read(std::string_view name, const Value& source);
  const eval::Symbol* symbol_of(const Value& value, std::string_view what);
  Value open(const Value& cause, std::string_view what);

  const model::Body& body_;
  const eval::Symbol& owner_;
  source::Region region_;
  eval::Context& context_;
  Expansion& expansion_;
  bool old_version_ = false;
  bool failed_ = false;  ///< the statement that is read, or the document around them
};

std::optional<Value> Rendering::text(const model::Body& body, std::string_view name) {
  const model::Attribute* attribute = body.attribute(name);
  if (attribute == nullptr || attribute->value.is_null()) {
    return std::nullopt;
  }
  const Value value = eval::convert(attribute->value, eval::kStringType, context_);
  if (value.is_error()) {
    fail(std::string(name) + ": " + std::string(value.error().message), attribute->region());
    return std::nullopt;
  }
  return value.with_origin(attribute->value.origin());
}

std::optional<Value> Rendering::required_text(const model::Block& block, std::string_view name) {
  auto value = text(*block.body, name);
  if (!value) {
    fail(std::string(block.type) + " has no " + std::string(name), block.header);
  }
  return value;
}

/// What stands for a null, which Terraform refuses in a list of strings.
Value Rendering::refused_text() {
  const eval::Symbol* refused = context_.symbols.intern({.reason = eval::Reason::kInvalid,
                                                         .text = "null in a list of strings",
                                                         .subject = {},
                                                         .path = {},
                                                         .region = region_});
  return eval::make_unknown(context_.arena, eval::kStringType, refused);
}

/// What stands for a statement, or for some, that cannot be what is written.
DraftStatement Rendering::refused_statement(source::Region region) {
  DraftStatement statement;
  statement.opaque = expansion_.invalid("a statement of " + std::string(owner_.text), region);
  return statement;
}

/// An element of which one alternative is null: Terraform refuses null in a list of strings, so it is no text of a
/// document then, and not one that is left out.
Value Rendering::without_null(const Value& element) {
  if (!eval::may_be_null(element)) {
    return element;
  }
  eval::Unknown unknown = element.unknown();
  std::vector<Value> alternatives(unknown.alternatives.begin(), unknown.alternatives.end());
  for (Value& one : alternatives) {
    if (one.is_null()) {
      one = refused_text();
    }
  }
  unknown.not_null = true;
  unknown.alternatives = context_.arena.copy(alternatives);
  return eval::make_unknown(context_.arena, eval::kStringType, unknown).with_origin(element.origin());
}

/// The strings of a list or set argument, in source order.
Texts Rendering::texts(const model::Body& body, std::string_view name) {
  Texts result;
  const model::Attribute* attribute = body.attribute(name);
  if (attribute == nullptr || attribute->value.is_null()) {
    return result;
  }
  if (attribute->value.is_unknown()) {
    result.open = attribute->value;
    return result;
  }
  if (!attribute->value.is_sequence()) {
    fail(std::string(name) + " is not a list of strings", attribute->region());
    return result;
  }
  for (const Value& element : attribute->value.elements()) {
    if (element.is_null()) {
      warn(std::string(name) + " holds null", attribute->region());
      result.items.push_back(refused_text());
      continue;
    }
    const Value converted = eval::convert(element, eval::kStringType, context_);
    if (converted.is_error()) {
      fail(std::string(name) + " holds a value that is no string", attribute->region());
      continue;
    }
    result.items.push_back(without_null(converted).with_origin(element.origin()));
  }
  return result;
}

void Rendering::check_names(const model::Body& body, std::span<const std::string_view> attributes,
                            std::span<const std::string_view> blocks) {
  const auto unknown = [](std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) == names.end();
  };
  for (const model::Attribute& attribute : body.attributes) {
    if (unknown(attributes, attribute.name())) {
      fail("there is no argument " + std::string(attribute.name()), attribute.region());
    }
  }
  for (const model::Block& block : body.blocks) {
    if (unknown(blocks, block.type)) {
      fail("there is no block " + std::string(block.type), block.header);
    } else if (!block.labels.empty()) {
      fail(std::string(block.type) + " takes no label", block.header);
    }
  }
}

const eval::Symbol* Rendering::symbol_of(const Value& value, std::string_view what) {
  const std::string name = std::string(owner_.text) + " " + std::string(what);
  const eval::Symbol* cause = eval::first_unknown(value);
  return cause != nullptr ? context_.symbols.derive(name, *cause)
                          : context_.symbols.intern({eval::Reason::kInstance, name, {}, {}, region_});
}

Value Rendering::open(const Value& cause, std::string_view what) {
  return eval::make_unknown(context_.arena, eval::kDynamicType, symbol_of(cause, what)).with_origin(cause.origin());
}

/// "&{aws:username}" stands for "${aws:username}", which Terraform itself would take for an interpolation.
Value Rendering::with_variables(const Value& value, source::Region region) {
  const auto replaced = [&](std::string_view in) {
    std::string out(in);
    for (std::size_t at = out.find("&{"); at != std::string::npos; at = out.find("&{", at + 2)) {
      out[at] = '$';
    }
    return context_.arena.copy(out);
  };
  if (value.is_unknown() && !value.held().empty()) {
    eval::Unknown list = value.unknown();
    std::vector<Value> held;
    for (const Value& text : list.held) {
      held.push_back(with_variables(text, region));
    }
    list.held = context_.arena.copy(held);
    return eval::make_unknown(context_.arena, *value.node().type(), list).with_origin(value.origin());
  }
  const eval::StringDetail* detail = value.is_string() || value.is_unknown() ? value.detail() : nullptr;
  bool found = value.is_string() && value.text().find("&{") != std::string_view::npos;
  if (detail != nullptr) {
    found = found || std::any_of(detail->parts.begin(), detail->parts.end(), [](const eval::Part& part) {
              return part.value == nullptr && part.text.find("&{") != std::string_view::npos;
            });
  }
  if (!found) {
    return value;
  }
  if (old_version_) {
    fail("policy variables need version " + std::string(kNewVersion), region);
    return value;
  }
  const eval::StringDetail* new_detail = nullptr;
  if (detail != nullptr && !detail->parts.empty()) {
    std::vector<eval::Part> parts(detail->parts.begin(), detail->parts.end());
    for (eval::Part& part : parts) {
      if (part.value == nullptr && part.text.find("&{") != std::string_view::npos) {
        part.text = replaced(part.text);
        part.exact = false;
      }
    }
    new_detail = context_.arena.make<eval::StringDetail>(context_.arena.copy(parts), nullptr);
  }
  const Value result = value.is_string()
                           ? eval::make_string_view(context_.arena, replaced(value.text()), new_detail)
                           : eval::make_unknown(context_.arena, eval::kStringType, value.unknown(), new_detail);
  return result.with_origin(value.origin());
}

void sort_descending(std::vector<Value>& items) {
  // Unknown ones keep their place at the end: their order cannot be told.
  const auto unknown =
      std::stable_partition(items.begin(), items.end(), [](const Value& item) { return item.is_string(); });
  std::sort(items.begin(), unknown, [](const Value& a, const Value& b) { return a.text() > b.text(); });
}

/// The provider's sets of strings: without duplicates, in descending order.
void sort_as_set(std::vector<Value>& items) {
  std::vector<Value> unique;
  for (const Value& item : items) {
    const bool known = item.is_string() && std::any_of(unique.begin(), unique.end(), [&](const Value& other) {
                         return other.is_string() && other.text() == item.text();
                       });
    if (!known) {
      unique.push_back(item);
    }
  }
  sort_descending(unique);
  items = std::move(unique);
}

void Rendering::add_texts(DraftStatement& out, StatementElement element, const model::Body& body, std::string_view name,
                          bool replace) {
  Texts given = texts(body, name);
  const model::Attribute* attribute = body.attribute(name);
  if (given.open) {
    out[element] = replace ? with_variables(*given.open, attribute->region()) : *given.open;
    return;
  }
  if (given.items.empty()) {
    return;
  }
  sort_as_set(given.items);
  if (replace) {
    for (Value& item : given.items) {
      item = with_variables(item, attribute->region());
    }
  }
  out[element] = given.items.size() == 1
                     ? given.items.front()
                     : eval::make_tuple(context_.arena, given.items).with_origin(attribute->value.origin());
}

/// Blocks of a set: identical ones once, in the order of the provider's hash. Blocks that are not wholly known keep
/// their order.
template <class Block, class Serialize>
void order_as_set(std::vector<Block>& blocks, bool known, const Serialize& serialize) {
  if (!known) {
    return;
  }
  std::map<std::string, std::string> seen;  // serialization -> hash
  std::vector<std::pair<std::string, Block>> hashed;
  for (Block& block : blocks) {
    const std::string text = serialize(block);
    if (seen.emplace(text, "").second) {
      hashed.emplace_back(crc32_text(text), std::move(block));
    }
  }
  std::stable_sort(hashed.begin(), hashed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  blocks.clear();
  for (auto& [hash, block] : hashed) {
    blocks.push_back(std::move(block));
  }
}

std::string serialize_principals(const PrincipalsBlock& block) {
  std::vector<std::pair<std::string, std::string_view>> identifiers;
  for (const Value& item : block.identifiers.items) {
    identifiers.emplace_back(crc32_text(std::string(item.text()) + ";"), item.text());
  }
  std::sort(identifiers.begin(), identifiers.end());
  identifiers.erase(std::unique(identifiers.begin(), identifiers.end()), identifiers.end());
  std::string text = "identifiers:{";
  for (const auto& [hash, identifier] : identifiers) {
    text.append(identifier).append(";");
  }
  return text + "};type:" + block.type + ";";
}

std::string serialize_condition(const ConditionBlock& block) {
  std::string text = "test:" + block.test + ";values:(";
  for (const Value& value : block.values.items) {
    text.append(value.text()).append(";");
  }
  return text.append(");variable:").append(block.variable.text()) + ";";
}

/// Lists that grow by key, as the provider joins blocks of the same type.
struct Joined {
  std::vector<Value> items;
  std::optional<Value> open;
  bool scalar = false;
};

Value joined_value(const Joined& joined, source::Arena& arena) {
  if (joined.open) {
    return *joined.open;
  }
  return joined.scalar ? joined.items.front() : eval::make_tuple(arena, joined.items);
}

void join(Joined& into, const Texts& texts, bool first) {
  if (texts.open) {
    into.open = texts.open;
  }
  into.scalar = first && texts.items.size() == 1;
  into.items.insert(into.items.end(), texts.items.begin(), texts.items.end());
}

void Rendering::add_principals(DraftStatement& out, StatementElement element, const model::Body& body,
                               std::string_view type) {
  static constexpr std::array<std::string_view, 2> kAttributes{"type", "identifiers"};
  std::vector<PrincipalsBlock> blocks;
  bool known = true;
  for (const model::Block& block : body.blocks) {
    if (block.type != type) {
      continue;
    }
    check_names(*block.body, kAttributes, {});
    const auto given_type = required_text(block, "type");
    if (block.body->attribute("identifiers") == nullptr || block.body->attribute("identifiers")->value.is_null()) {
      fail(std::string(type) + " has no identifiers", block.header);
    }
    Texts identifiers = texts(*block.body, "identifiers");
    if (failed_) {
      continue;
    }
    if (!block.certain || !given_type->is_string()) {
      out[element] =
          open(block.certain ? *given_type
                             : (block.body->attributes.empty() ? *given_type : block.body->attributes.front().value),
               type);
      return;
    }
    known = known && identifiers.known();
    blocks.push_back({std::string(given_type->text()), std::move(identifiers)});
  }
  if (blocks.empty()) {
    return;
  }
  order_as_set(blocks, known, serialize_principals);
  std::map<std::string, Joined> by_type;
  for (PrincipalsBlock& block : blocks) {
    sort_as_set(block.identifiers.items);
    for (Value& item : block.identifiers.items) {
      item = with_variables(item, region_);
    }
    sort_descending(block.identifiers.items);
    const auto [joined, is_new] = by_type.try_emplace(block.type);
    join(joined->second, block.identifiers, is_new);
  }
  if (blocks.size() == 1 && blocks.front().type == "*") {
    const Joined& only = by_type.begin()->second;
    if (only.scalar && only.items.front().is_string() && only.items.front().text() == "*") {
      out[element] = only.items.front();
      return;
    }
  }
  std::vector<eval::Member> members;
  for (const auto& [name, joined] : by_type) {
    members.push_back({context_.arena.copy(name), joined_value(joined, context_.arena)});
  }
  out[element] = eval::make_object(context_.arena, members);
}

/// An object, known or not, of keys that may be unknown.
Value Rendering::object_of(std::span<const eval::Entry> entries) {
  if (!std::ranges::all_of(entries, [](const eval::Entry& entry) { return entry.key.is_string(); })) {
    return eval::object_of_entries(entries, context_);
  }
  std::vector<eval::Member> members;
  for (const eval::Entry& entry : entries) {
    members.push_back({entry.key.text(), entry.value});
  }
  return eval::make_object(context_.arena, members);
}

void Rendering::add_conditions(DraftStatement& out, const model::Body& body) {
  static constexpr std::array<std::string_view, 3> kAttributes{"test", "variable", "values"};
  std::vector<ConditionBlock> blocks;
  bool known = true;
  for (const model::Block& block : body.blocks) {
    if (block.type != "condition") {
      continue;
    }
    check_names(*block.body, kAttributes, {});
    const auto test = required_text(block, "test");
    const auto variable = required_text(block, "variable");
    const model::Attribute* given = block.body->attribute("values");
    if (given == nullptr || given->value.is_null()) {
      fail("condition has no values", block.header);
    }
    Texts values = texts(*block.body, "values");
    if (failed_) {
      continue;
    }
    if (!block.certain || !test->is_string()) {
      out[StatementElement::kCondition] = open(!block.certain ? given->value : *test, "condition");
      return;
    }
    known = known && values.known() && variable->is_string();
    blocks.push_back({std::string(test->text()), *variable, std::move(values)});
  }
  if (blocks.empty()) {
    return;
  }
  order_as_set(blocks, known, serialize_condition);
  // By what the variable is: the same unknown is the same key.
  struct Variable {
    Value name;
    Joined values;
  };
  std::map<std::string, std::map<std::string, Variable>> tests;
  for (ConditionBlock& block : blocks) {
    for (Value& item : block.values.items) {
      item = with_variables(item, region_);
    }
    const auto [variable, is_new] =
        tests[block.test].try_emplace(eval::identity_text(block.variable), Variable{block.variable, {}});
    join(variable->second.values, block.values, is_new);
    // One value is a scalar even when a block without any stands beside it; identifiers are not written so.
    variable->second.values.scalar = variable->second.values.items.size() == 1;
  }
  std::vector<eval::Member> members;
  for (const auto& [test, variables] : tests) {
    std::vector<eval::Entry> entries;
    for (const auto& [identity, variable] : variables) {
      entries.push_back({variable.name, joined_value(variable.values, context_.arena)});
    }
    members.push_back({context_.arena.copy(test), object_of(entries)});
  }
  out[StatementElement::kCondition] = eval::make_object(context_.arena, members);
}

/// May an argument be null, so that its element is left out, and is it not known what it says otherwise? That is what
/// try(statement.value.actions, null) is of a statement that nobody knows.
bool may_be_left_out(const model::Attribute* attribute) {
  return attribute != nullptr && eval::may_be_null(attribute->value) &&
         std::ranges::any_of(attribute->value.unknown().alternatives, &Value::is_unknown);
}

/// Is one of two arguments that exclude each other null, whichever?
bool is_one_of_both(const model::Attribute* attribute, const model::Attribute* other) {
  const auto may_be_null = [](const model::Attribute& one) {
    return one.value.is_unknown() && one.value.unknown().alternatives.empty() && !one.value.unknown().not_null;
  };
  return attribute != nullptr && other != nullptr && !attribute->value.is_null() && !other->value.is_null() &&
         (may_be_null(*attribute) || may_be_null(*other));
}

/// A statement of which it is not known which elements it has: whatever is said of one of them may be false of all that
/// there will ever be.
const model::Attribute* open_shape(const model::Body& body) {
  for (const std::string_view name : {"effect", "actions", "not_actions", "resources", "not_resources"}) {
    if (const model::Attribute* attribute = body.attribute(name); may_be_left_out(attribute)) {
      return attribute;
    }
  }
  for (const auto& [name, other] : {std::pair{"actions", "not_actions"}, std::pair{"resources", "not_resources"}}) {
    const model::Attribute* attribute = body.attribute(name);
    if (is_one_of_both(attribute, body.attribute(other))) {
      return attribute->value.is_unknown() ? attribute : body.attribute(other);
    }
  }
  return nullptr;
}

DraftStatement Rendering::statement(const model::Block& block) {
  failed_ = false;
  static constexpr std::array<std::string_view, 6> kAttributes{"sid",         "effect",    "actions",
                                                               "not_actions", "resources", "not_resources"};
  static constexpr std::array<std::string_view, 3> kBlocks{"principals", "not_principals", "condition"};
  check_names(*block.body, kAttributes, kBlocks);
  DraftStatement out;
  out.certain = block.certain;
  out.origin = eval::make_origin(context_.arena, eval::OriginKind::kExpression, block.header);
  if (const model::Attribute* attribute = open_shape(*block.body)) {
    out.opaque = open(attribute->value, "statement");
    return out;
  }
  if (const auto sid = text(*block.body, "sid"); sid && !(sid->is_string() && sid->text().empty())) {
    out[StatementElement::kSid] = sid;
  }
  const auto effect = text(*block.body, "effect");
  out[StatementElement::kEffect] =
      effect ? *effect : eval::make_string(context_.arena, "Allow").with_origin(out.origin);
  if (effect && effect->is_string() && effect->text() != "Allow" && effect->text() != "Deny") {
    fail("effect is \"" + std::string(effect->text()) + "\", neither Allow nor Deny",
         block.body->attribute("effect")->region());
  }
  add_texts(out, StatementElement::kAction, *block.body, "actions", false);
  add_texts(out, StatementElement::kNotAction, *block.body, "not_actions", false);
  add_texts(out, StatementElement::kResource, *block.body, "resources", true);
  add_texts(out, StatementElement::kNotResource, *block.body, "not_resources", true);
  add_principals(out, StatementElement::kPrincipal, *block.body, "principals");
  add_principals(out, StatementElement::kNotPrincipal, *block.body, "not_principals");
  add_conditions(out, *block.body);
  if (failed_) {
    out = refused_statement(block.header);
    out.certain = block.certain;
  }
  return out;
}

DraftDocument Rendering::own_document() {
  DraftDocument document;
  if (const auto version = text(body_, "version")) {
    document.version = version;
    if (version->is_string() && version->text() != kOldVersion && version->text() != kNewVersion) {
      warn("version is \"" + std::string(version->text()) + "\"", body_.attribute("version")->region());
      document.version = expansion_.invalid("version of " + std::string(owner_.text), region_);
    }
  } else {
    document.version = eval::make_string(context_.arena, kNewVersion);
  }
  old_version_ = document.version->is_string() && document.version->text() == kOldVersion;
  if (const auto id = text(body_, "policy_id"); id && !(id->is_string() && id->text().empty())) {
    document.id = id;
  }
  for (const model::Block& block : body_.blocks) {
    if (block.type == "statement") {
      document.statements.push_back(statement(block));
    }
  }
  return document;
}

/// A document that an argument gives, or nothing when the provider would refuse it.
std::optional<DraftDocument> Rendering::read(std::string_view name, const Value& source) {
  auto read = read_policy_source(source, context_);
  if (const std::string* refused = std::get_if<std::string>(&read)) {
    warn(std::string(name) + " holds a document that cannot be used: " + *refused, body_.attribute(name)->region());
    return std::nullopt;
  }
  return std::get<DraftDocument>(std::move(read));
}

/// Reports Sids that are there twice, in the statements of the data source itself or in the documents that an argument
/// gives; the later ones are not known. A statement that may not be made is none of both.
void Rendering::unique_sids(std::string_view argument, DraftDocument& document, std::set<std::string>& sids) {
  for (DraftStatement& statement : document.statements) {
    if (statement.sid().empty() || !statement.certain || sids.insert(std::string(statement.sid())).second) {
      continue;
    }
    const std::string sid = "Sid \"" + std::string(statement.sid()) + "\"";
    if (argument.empty()) {
      warn(sid + " is used twice", statement.origin != nullptr ? statement.origin->region : region_);
    } else {
      warn(std::string(argument) + " holds " + sid + " twice", body_.attribute(argument)->region());
    }
    statement[StatementElement::kSid] = expansion_.invalid("a " + sid + " that is there twice", region_);
  }
}

/// Sids of all documents have to differ where `sids` are given.
void Rendering::merge_all(std::string_view name, std::set<std::string>* sids, DraftDocument& into) {
  const Texts sources = texts(body_, name);
  if (sources.open) {
    into.merge(read_policy_sources(*sources.open, context_));
    return;
  }
  for (const Value& source : sources.items) {
    std::optional<DraftDocument> document = read(name, source);
    if (!document) {
      into.statements.push_back(refused_statement(body_.attribute(name)->region()));
      continue;
    }
    if (sids != nullptr) {
      unique_sids(name, *document, *sids);
    }
    into.merge(*document);
  }
}

/// An argument that holds one document, of versions of the provider before 5: the first of the sources, the last of the
/// overrides.
void Rendering::merge_one(std::string_view name, DraftDocument& into) {
  const auto given = text(body_, name);
  if (!given || (given->is_string() && given->text().empty())) {
    return;
  }
  const std::optional<DraftDocument> document = read(name, *given);
  if (!document) {
    into.statements.push_back(refused_statement(body_.attribute(name)->region()));
    return;
  }
  expansion_.report(
      findings::DiagnosticSeverity::kWarning, "policy-document",
      std::string(name) + " is gone from version 5 of the provider",
      "a list takes its place: " + std::string(name == "source_json" ? "source" : "override") + "_policy_documents",
      body_.attribute(name)->region());
  into.merge(*document);
}

DraftDocument Rendering::run() {
  static constexpr std::array<std::string_view, 6> kAttributes{
      "version", "policy_id", "source_policy_documents", "override_policy_documents", "source_json", "override_json"};
  static constexpr std::array<std::string_view, 1> kBlocks{"statement"};
  check_names(body_, kAttributes, kBlocks);
  DraftDocument merged;
  if (failed_) {
    merged.statements.push_back(refused_statement(region_));
  }
  merge_one("source_json", merged);
  std::set<std::string> sids;
  merge_all("source_policy_documents", &sids, merged);
  DraftDocument own = own_document();
  std::set<std::string> own_sids;
  unique_sids({}, own, own_sids);
  merged.merge(own);
  merge_all("override_policy_documents", nullptr, merged);
  merge_one("override_json", merged);
  return merged;
}

}  // namespace

std::span<const eval::Member> rendered_policy(const model::Body& body, const eval::Symbol& owner, source::Region region,
                                              eval::Context& context, Expansion& expansion) {
  const DraftDocument document = Rendering(body, owner, region, context, expansion).run();
  std::vector<eval::Member> computed;
  const auto* origin = eval::make_origin(context.arena, eval::OriginKind::kComputed, region, owner.text);
  const auto add = [&](std::string_view name, const Value& value) {
    computed.push_back({name, value.with_origin(origin)});
  };
  const std::string name(owner.text);
  eval::StringDetail detail;
  detail.encoded = context.arena.make<Value>(document.to_value(context));
  const auto* encoded = context.arena.make<eval::StringDetail>(detail);
  const bool certain = std::all_of(document.statements.begin(), document.statements.end(),
                                   [](const DraftStatement& statement) { return statement.certain; });
  const eval::Symbol* cause = document.first_unknown();
  if (cause == nullptr && certain) {
    const std::string text = document.to_text(true);
    add("json", eval::make_string(context.arena, text, encoded));
    add("minified_json", eval::make_string(context.arena, document.to_text(false), encoded));
    add("id", eval::make_string(context.arena, crc32_text(text)));
    return context.arena.copy(computed);
  }
  for (const std::string_view attribute : {"json", "minified_json"}) {
    const std::string text = name + "." + std::string(attribute);
    eval::Unknown unknown;
    unknown.symbol = cause != nullptr ? context.symbols.derive(text, *cause)
                                      : context.symbols.intern({eval::Reason::kInstance, text, {}, {}, region});
    unknown.not_null = true;
    unknown.prefix = "{";
    add(attribute, eval::make_unknown(context.arena, eval::kStringType, unknown, encoded));
  }
  return context.arena.copy(computed);
}

}  // namespace gabion::terraform
