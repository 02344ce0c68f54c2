#include "iam/document.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "iam/json_size.h"
#include "iam/tree.h"
#include "source/arena.h"
#include "source/ascii.h"

namespace gabion::iam {

namespace {

using findings::Diagnostic;
using findings::Diagnostics;
using findings::DiagnosticSeverity;

/// Nesting of a policy: document, statement, condition, operator, key, values. Deeper is no policy.
constexpr std::uint32_t kMaxDepth = 32;

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// Adds up what a policy's JSON text has, written without white space; holes count nothing.
void measure(const TreeText& text, JsonSize& size) {
  if (text.known()) {
    size.text(text.plain);
    return;
  }
  for (const Segment& segment : text.with_holes->segments()) {
    size.text(segment.text);
  }
}

void measure(const Tree& tree, JsonSize& size) {
  switch (tree.kind) {
    case Tree::Kind::kNull:
      size.marks(4);
      break;
    case Tree::Kind::kBool:
    case Tree::Kind::kNumber:
      measure(tree.text, size);
      break;
    case Tree::Kind::kString:
      size.marks(2);
      measure(tree.text, size);
      break;
    case Tree::Kind::kArray:
      size.array(tree.elements.size());
      for (const Tree& element : tree.elements) {
        measure(element, size);
      }
      break;
    case Tree::Kind::kObject:
      size.object(tree.members.size());
      for (const TreeMember& member : tree.members) {
        size.marks(2);
        measure(member.name, size);
        measure(member.value, size);
      }
      break;
    case Tree::Kind::kHole:
      break;
  }
}

/// Reads one document from structured data. What does not fit is reported; what can be read is kept.
class Reader {
 public:
  explicit Reader(PolicyReading& reading) : diagnostics_(reading.diagnostics), suggestions_(reading.suggestions) {}

  PolicyDocument document(const Tree& tree) {
    PolicyDocument out;
    out.region = tree.region;
    out.origin = tree.origin;
    JsonSize size;
    measure(tree, size);
    out.compact_size = size.compact();
    out.visible_size = size.visible();
    if (tree.kind != Tree::Kind::kObject) {
      report("policy-type", "the policy is no JSON object", tree.region);
      return out;
    }
    constexpr std::array<std::string_view, 3> kNames{"Version", "Id", "Statement"};
    const auto [version, id, statements] = members(tree, kNames, "a policy");
    if (const Tree* value = element(version, kNames[0])) {
      out.version = scalar(*value, kNames[0]);
    }
    if (const Tree* value = element(id, kNames[1])) {
      out.id = scalar(*value, kNames[1]);
    }
    if (const Tree* value = element(statements, kNames[2])) {
      statement_list(*value, out);
    }
    return out;
  }

  /// Was a null read where AWS takes none, so that there can be no such policy?
  [[nodiscard]] bool refused_null() const { return refused_null_; }

 private:
  void report(std::string code, std::string message, Region region,
              DiagnosticSeverity severity = DiagnosticSeverity::kError, std::string hint = {}) {
    diagnostics_.push_back(Diagnostic{.severity = severity,
                                      .code = std::move(code),
                                      .message = std::move(message),
                                      .hint = std::move(hint),
                                      .region = region,
                                      .path = {}});
  }

  /// The same about a name that `better` should stand for.
  void report_spelling(std::string code, std::string message, const TreeMember& member, std::string_view better) {
    report(std::move(code), std::move(message), member.name_region, DiagnosticSeverity::kError,
           better.empty() ? "" : "nearest is " + quoted(better));
    if (!better.empty()) {
      suggest({.region = member.name_region, .from = member.name.str(), .to = std::string(better)});
    }
  }

  /// What to write instead, for what was reported last.
  void suggest(Replacement better) { suggestions_.emplace_back(diagnostics_.size() - 1, std::move(better)); }

  /// The hole that a value is as a whole, also when it was taken for a text.
  static const Hole* hole_of(const Tree& tree) {
    if (tree.kind == Tree::Kind::kHole) {
      return tree.hole;
    }
    if (!tree.is_scalar() || tree.text.known()) {
      return nullptr;
    }
    const auto segments = tree.text.with_holes->segments();
    return segments.size() == 1 ? segments.front().hole.get() : nullptr;
  }

  /// Value of a member; a null counts as not there.
  const Tree* element(const TreeMember* member, std::string_view name) {
    if (member == nullptr) {
      return nullptr;
    }
    if (member->value.kind == Tree::Kind::kNull) {
      report("policy-null", quoted(name) + " is null and was left out", member->name_region,
             DiagnosticSeverity::kWarning);
      return nullptr;
    }
    return &member->value;
  }

  /// Members of these names, null for those that are not there; other case counts when nothing else is there, as some
  /// readers take it. Reports names that a policy object does not have, has twice, or has in another case.
  template <std::size_t kCount>
  std::array<const TreeMember*, kCount> members(const Tree& tree, const std::array<std::string_view, kCount>& names,
                                                std::string_view where) {
    std::array<const TreeMember*, kCount> found{};
    std::array<bool, kCount> seen{};
    std::array<bool, kCount> spelled{};
    std::set<std::string> seen_others;  // in lower case
    for (const TreeMember& member : tree.members) {
      const std::string with_holes = member.name.known() ? std::string() : member.name.str();
      const std::string_view name = member.name.known() ? member.name.plain : with_holes;
      auto same = std::ranges::find(names, name);
      const bool exact = same != names.end();
      if (!exact) {
        same = std::ranges::find_if(names, [&](std::string_view one) { return equal_folded(one, name); });
        check_spelling(tree, member, name, names, where);
      }
      const auto at = static_cast<std::size_t>(same - names.begin());
      const bool twice = at < kCount ? std::exchange(seen[at], true) : !seen_others.insert(fold_case(name)).second;
      if (twice) {
        report("policy-duplicate-element", quoted(name) + " is there twice; the last one counts", member.name_region);
      }
      if (at < kCount && (exact || !spelled[at])) {
        spelled[at] = exact;
        found[at] = &member;
      }
    }
    return found;
  }

  /// Reports a name that is none of these.
  void check_spelling(const Tree& tree, const TreeMember& member, std::string_view name,
                      std::span<const std::string_view> names, std::string_view where) {
    const std::string_view near = nearest(name, names);
    if (!near.empty() && equal_folded(near, name)) {
      report("policy-element-case", quoted(name) + " should be spelled " + quoted(near), member.name_region,
             DiagnosticSeverity::kWarning);
      suggest({.region = member.name_region, .from = std::string(name), .to = std::string(near)});
      return;
    }
    // What stands there under its right name is no slip of it.
    const bool free = std::ranges::none_of(tree.members, [&](const TreeMember& other) {
      return other.name.known() && equal_folded(other.name.plain, near);
    });
    report_spelling("policy-unknown-element", quoted(name) + " is no element of " + std::string(where), member,
                    free ? near : std::string_view());
  }

  std::optional<Text> scalar(const Tree& tree, std::string_view name) {
    if (tree.is_scalar()) {
      return tree.whole_text();
    }
    if (tree.kind == Tree::Kind::kHole) {
      Hole hole = *tree.hole;
      hole.many = false;
      return Text(std::move(hole), tree.region, tree.origin);
    }
    report("policy-type", quoted(name) + " is no string", tree.region);
    return std::nullopt;
  }

  TextList text_list(const Tree& tree, std::string_view name, Region key_region) {
    TextList out;
    out.present = true;
    out.region = tree.region;
    out.key_region = key_region;
    if (tree.kind == Tree::Kind::kArray) {
      out.items.reserve(tree.elements.size());
      for (const Tree& item : tree.elements) {
        if (item.is_scalar()) {
          out.items.push_back(item.whole_text());
        } else if (item.kind == Tree::Kind::kHole) {
          out.items.emplace_back(*item.hole, item.region, item.origin);
        } else {
          refused_null_ = refused_null_ || item.kind == Tree::Kind::kNull;
          report("policy-type", "an entry of " + quoted(name) + " is no string", item.region);
        }
      }
      return out;
    }
    out.scalar = true;
    if (tree.is_scalar()) {
      out.items.push_back(tree.whole_text());
    } else if (tree.kind == Tree::Kind::kHole) {
      out.items.emplace_back(*tree.hole, tree.region, tree.origin);
    } else {
      report("policy-type", quoted(name) + " is neither a string nor a list of strings", tree.region);
    }
    return out;
  }

  void statement_list(const Tree& tree, PolicyDocument& out) {
    if (tree.kind == Tree::Kind::kArray) {
      out.statements.reserve(tree.elements.size());
      for (const Tree& item : tree.elements) {
        statement(item, out);
      }
      return;
    }
    out.statement_scalar = tree.kind == Tree::Kind::kObject;
    statement(tree, out);
  }

  void statement(const Tree& tree, PolicyDocument& out) {
    if (const Hole* hole = hole_of(tree)) {
      out.open = out.open ? out.open : std::optional(*hole);
      return;
    }
    if (tree.kind != Tree::Kind::kObject) {
      report("policy-type", "a statement is no object", tree.region);
      return;
    }
    constexpr std::array<std::string_view, 9> kNames{"Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
                                                     "NotAction", "Resource", "NotResource", "Condition"};
    const auto [sid, effect_member, principal, not_principal, action, not_action, resource, not_resource, condition] =
        members(tree, kNames, "a statement");
    Statement& made = out.statements.emplace_back();
    made.index = out.statements.size() - 1;
    made.region = tree.region;
    made.origin = tree.origin;
    if (const Tree* value = element(sid, "Sid")) {
      made.sid = scalar(*value, "Sid");
    }
    effect(tree, effect_member, made);
    list_element(action, "Action", made.actions);
    list_element(not_action, "NotAction", made.not_actions);
    list_element(resource, "Resource", made.resources);
    list_element(not_resource, "NotResource", made.not_resources);
    refused_null_ = refused_null_ || is_null_alone(action, not_action) || is_null_alone(resource, not_resource);
    principal_element(principal, "Principal", made.principals);
    principal_element(not_principal, "NotPrincipal", made.not_principals);
    if (const Tree* value = element(condition, "Condition")) {
      conditions(*value, made);
    }
  }

  /// Is one of two elements, of which a statement needs one, there as a null, and the other one not at all?
  static bool is_null_alone(const TreeMember* one, const TreeMember* other) {
    const auto is_null = [](const TreeMember* member) {
      return member == nullptr || member->value.kind == Tree::Kind::kNull;
    };
    return (one != nullptr || other != nullptr) && is_null(one) && is_null(other);
  }

  void effect(const Tree& tree, const TreeMember* member, Statement& out) {
    const Tree* value = element(member, "Effect");
    if (value == nullptr) {
      report("policy-effect", "the statement has no Effect", tree.region);
      return;
    }
    std::optional<Text> read = scalar(*value, "Effect");
    if (!read) {
      return;
    }
    out.effect_text = std::move(*read);
    const Text* const text = &out.effect_text;
    if (!text->known()) {
      out.effect = Effect::kUnknown;
    } else if (text->is("Allow")) {
      out.effect = Effect::kAllow;
    } else if (text->is("Deny")) {
      out.effect = Effect::kDeny;
    } else {
      report("policy-effect", "the effect " + quoted(text->str()) + " is neither Allow nor Deny", text->region);
    }
  }

  void list_element(const TreeMember* member, std::string_view name, TextList& out) {
    if (const Tree* value = element(member, name)) {
      out = text_list(*value, name, member->name_region);
    }
  }

  void principal_element(const TreeMember* member, std::string_view name, PrincipalSet& out) {
    const Tree* value = element(member, name);
    if (value == nullptr) {
      return;
    }
    out.present = true;
    out.region = value->region;
    out.key_region = member->name_region;
    if (value->kind == Tree::Kind::kHole) {
      // Neither the type nor the identifiers are known.
      out.identifiers.push_back(Identifier{.type = {}, .value = Text(*value->hole, value->region, value->origin)});
      return;
    }
    if (value->is_scalar()) {
      if (value->text.known() && !value->text.is("*")) {
        bare_principal(value->text.plain, value->region);
      }
      out.identifiers.push_back(Identifier{.type = "*", .value = value->whole_text()});
      return;
    }
    if (value->kind == Tree::Kind::kArray) {
      // IAM refuses a list without a type, but whom it was meant for can be told.
      report("policy-type", quoted(name) + " is a list, which needs a type of principal before it", value->region,
             DiagnosticSeverity::kError, "write {\"AWS\": [...]}");
      TextList list = text_list(*value, name, member->name_region);
      for (Text& text : list.items) {
        const std::string type = principal_type(text.str());
        out.identifiers.push_back(Identifier{.type = text.is("*")   ? "*"
                                                     : type.empty() ? "AWS"
                                                                    : type,
                                             .value = std::move(text)});
      }
      return;
    }
    if (value->kind != Tree::Kind::kObject) {
      report("policy-type", quoted(name) + " is neither \"*\" nor an object", value->region);
      return;
    }
    for (const TreeMember& type : value->members) {
      if (type.value.kind == Tree::Kind::kNull) {
        report("policy-null", quoted(type.name.str()) + " is null and was left out", type.name_region,
               DiagnosticSeverity::kWarning);
        continue;
      }
      constexpr std::array<std::string_view, 5> kTypes{"AWS", "Service", "Federated", "CanonicalUser", "*"};
      const std::string type_name = type.name.str();
      if (std::ranges::find(kTypes, type_name) == kTypes.end() && type.name.known()) {
        report_spelling("policy-principal", quoted(type_name) + " is no type of principal", type,
                        nearest(type_name, std::span(kTypes).first(4)));
      }
      TextList list = text_list(type.value, type_name, type.name_region);
      for (Text& text : list.items) {
        out.identifiers.push_back(
            Identifier{.type = type.name.known() ? type_name : std::string(), .value = std::move(text)});
      }
    }
  }

  /// The type that an identifier has to stand under; empty if it cannot be told.
  static std::string principal_type(std::string_view value) {
    const bool account = value.size() == 12 && std::ranges::all_of(value, source::is_digit);
    if (value.find(":saml-provider/") != std::string_view::npos ||
        value.find(":oidc-provider/") != std::string_view::npos) {
      return "Federated";
    }
    if (value.starts_with("arn:") || account) {
      return "AWS";
    }
    return value.ends_with(".amazonaws.com") ? "Service" : "";
  }

  /// An identifier without its type, which can be told for most of them.
  void bare_principal(std::string_view value, Region region) {
    const std::string type = principal_type(value);
    const std::string better = "{" + quoted(type) + ": " + quoted(value) + "}";
    report("policy-principal", quoted(value) + " is no principal; only \"*\" may stand without a type", region,
           DiagnosticSeverity::kError, type.empty() ? "" : "write " + better);
    if (!type.empty()) {
      suggest({.region = region, .from = std::string(value), .to = better, .raw = true});
    }
  }

  void conditions(const Tree& tree, Statement& out) {
    out.conditions_region = tree.region;
    if (const Hole* hole = hole_of(tree)) {
      out.open = *hole;
      return;
    }
    if (tree.kind != Tree::Kind::kObject) {
      report("policy-type", "\"Condition\" is no object", tree.region);
      out.open = Hole{.name = "a condition that cannot be read"};
      return;
    }
    for (const TreeMember& operator_member : tree.members) {
      const Tree& keys = operator_member.value;
      if (keys.kind == Tree::Kind::kNull) {
        report("policy-null", quoted(operator_member.name.str()) + " is null and was left out",
               operator_member.name_region, DiagnosticSeverity::kWarning);
        continue;
      }
      if (const Hole* hole = hole_of(keys)) {
        out.open = *hole;
        continue;
      }
      if (keys.kind != Tree::Kind::kObject) {
        report("policy-type", "the condition " + quoted(operator_member.name.str()) + " is no object", keys.region);
        out.open = Hole{.name = "a condition that cannot be read"};
        continue;
      }
      for (const TreeMember& key : keys.members) {
        condition(operator_member, key, out);
      }
    }
  }

  void condition(const TreeMember& test, const TreeMember& key, Statement& out) {
    Condition& made = out.conditions.emplace_back();
    made.operator_text = test.name.at(test.name_region);
    made.key = key.name.at(key.name_region);
    made.region = key.name_region.valid() && key.value.region.artifact == key.name_region.artifact
                      ? source::cover(key.name_region, key.value.region)
                      : key.value.region;
    if (key.value.kind == Tree::Kind::kNull) {
      report("policy-null", "the values of " + quoted(key.name.str()) + " are null", key.name_region);
      made.values.present = true;
    } else {
      made.values = text_list(key.value, key.name.str(), key.name_region);
    }
    if (!test.name.known()) {
      return;
    }
    made.op = parse_operator(test.name.plain);
    if (made.op.family == OperatorFamily::kUnknown) {
      report("policy-unknown-operator", quoted(test.name.plain) + " is no condition operator", test.name_region);
    }
  }

  Diagnostics& diagnostics_;
  std::vector<std::pair<std::size_t, Replacement>>& suggestions_;
  bool refused_null_ = false;
};

struct FamilyName {
  std::string_view name;
  OperatorFamily family;
  bool negated;
};

constexpr std::array<FamilyName, 27> kFamilies{{
    {"StringEquals", OperatorFamily::kStringEquals, false},
    {"StringNotEquals", OperatorFamily::kStringEquals, true},
    {"StringEqualsIgnoreCase", OperatorFamily::kStringEqualsIgnoreCase, false},
    {"StringNotEqualsIgnoreCase", OperatorFamily::kStringEqualsIgnoreCase, true},
    {"StringLike", OperatorFamily::kStringLike, false},
    {"StringNotLike", OperatorFamily::kStringLike, true},
    {"NumericEquals", OperatorFamily::kNumericEquals, false},
    {"NumericNotEquals", OperatorFamily::kNumericEquals, true},
    {"NumericLessThan", OperatorFamily::kNumericLessThan, false},
    {"NumericLessThanEquals", OperatorFamily::kNumericLessThanEquals, false},
    {"NumericGreaterThan", OperatorFamily::kNumericGreaterThan, false},
    {"NumericGreaterThanEquals", OperatorFamily::kNumericGreaterThanEquals, false},
    {"DateEquals", OperatorFamily::kDateEquals, false},
    {"DateNotEquals", OperatorFamily::kDateEquals, true},
    {"DateLessThan", OperatorFamily::kDateLessThan, false},
    {"DateLessThanEquals", OperatorFamily::kDateLessThanEquals, false},
    {"DateGreaterThan", OperatorFamily::kDateGreaterThan, false},
    {"DateGreaterThanEquals", OperatorFamily::kDateGreaterThanEquals, false},
    {"Bool", OperatorFamily::kBool, false},
    {"BinaryEquals", OperatorFamily::kBinaryEquals, false},
    {"IpAddress", OperatorFamily::kIpAddress, false},
    {"NotIpAddress", OperatorFamily::kIpAddress, true},
    {"ArnLike", OperatorFamily::kArnLike, false},
    {"ArnNotLike", OperatorFamily::kArnLike, true},
    {"ArnEquals", OperatorFamily::kArnLike, false},
    {"ArnNotEquals", OperatorFamily::kArnLike, true},
    {"Null", OperatorFamily::kNull, false},
}};

bool starts_folded(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_folded(text.substr(0, prefix.size()), prefix);
}

void collect(const Text& text, std::set<Hole>& out) {
  for (const Segment& segment : text.segments()) {
    if (segment.is_hole) {
      out.insert(*segment.hole);
    }
  }
}

/// One way in which a value can be read, by the alternatives that were taken.
struct Way {
  PolicyReading reading;
  bool refused_null = false;  ///< see Reader
};

/// Adds one document read from a tree of the policy as a whole.
void add_document(const Tree& tree, Way& way) {
  if (tree.kind == Tree::Kind::kHole) {
    way.reading.complete = Truth::kUnknown;
    way.reading.unknown = *tree.hole;
    return;
  }
  Reader reader(way.reading);
  way.reading.documents.push_back(reader.document(tree));
  way.refused_null = reader.refused_null();
}

/// Adds the document that JSON text with holes spells.
void add_json(std::span<const syntax::json::Piece> pieces, std::span<const Hole> holes, const ReadOptions& options,
              Way& way) {
  PolicyReading& reading = way.reading;
  source::Arena arena;
  syntax::json::Parsed parsed = syntax::json::parse(pieces, arena, options.limits);
  reading.diagnostics.insert(reading.diagnostics.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  if (parsed.value == nullptr) {
    // With holes the text may be fine once they are filled.
    if (holes.empty()) {
      reading.complete = Truth::kNo;
    } else if (reading.complete == Truth::kYes) {
      reading.complete = Truth::kUnknown;
      reading.unknown = holes.front();
    }
    return;
  }
  TreeStore store;
  add_document(read_tree(*parsed.value, holes, kMaxDepth, store), way);
}

/// The value behind alternatives, by the choices made.
const eval::Value& chosen(const eval::Value& value, Choices& choices) {
  const eval::Value* at = &value;
  for (std::uint32_t depth = 0;
       depth < kMaxDepth && at->is_unknown() && !at->unknown().alternatives.empty() && at->unknown().symbol != nullptr;
       ++depth) {
    at = &at->unknown().alternatives[choices.choose(*at->unknown().symbol, at->unknown().alternatives.size())];
  }
  return *at;
}

void add_value(const eval::Value& given, const ReadOptions& options, Choices& choices, Way& way) {
  PolicyReading& reading = way.reading;
  TreeStore store;
  const eval::Value& value = chosen(given, choices);
  if (value.is_null()) {
    reading.documents.emplace_back();  // no policy: a document that says nothing
    return;
  }
  const eval::StringDetail* detail = value.is_string() || value.is_unknown() ? value.detail() : nullptr;
  if (detail != nullptr && detail->encoded != nullptr) {
    add_document(read_tree(*detail->encoded, options, &choices, kMaxDepth, store), way);
    return;
  }
  if (detail != nullptr && detail->parts.size() == 1 && detail->parts[0].value != nullptr) {
    const eval::Value& inner = *detail->parts[0].value;
    if (inner.kind() == eval::Kind::kString || inner.is_unknown()) {
      const eval::StringDetail* inner_detail = inner.detail();
      if (inner_detail != nullptr && inner_detail->encoded != nullptr) {
        add_document(read_tree(*inner_detail->encoded, options, &choices, kMaxDepth, store), way);
        return;
      }
    }
  }
  if (value.is_string() || (value.is_unknown() && detail != nullptr && !detail->parts.empty())) {
    if (value.is_string() && value.text().empty()) {
      reading.documents.emplace_back();
      return;
    }
    JsonPieces pieces;
    append_pieces(value, options, &choices, kMaxDepth, pieces);
    if (pieces.pieces.size() == 1 && !pieces.holes.empty()) {
      reading.complete = Truth::kUnknown;
      reading.unknown = pieces.holes.front();
      return;
    }
    add_json(pieces.pieces, pieces.holes, options, way);
    return;
  }
  if (value.is_mapping()) {
    add_document(read_tree(value, options, &choices, kMaxDepth, store), way);
    return;
  }
  if (value.is_unknown() || value.is_error()) {
    reading.complete = Truth::kUnknown;
    reading.unknown = hole_of(value);
    return;
  }
  reading.complete = Truth::kNo;
  reading.diagnostics.push_back(Diagnostic{.severity = DiagnosticSeverity::kError,
                                           .code = "policy-type",
                                           .message = "the policy is neither JSON text nor an object",
                                           .hint = {},
                                           .region = value.origin() == nullptr ? Region{} : value.origin()->region,
                                           .path = {}});
}

bool same(const Diagnostic& one, const Diagnostic& other) {
  return one.code == other.code && one.region == other.region && one.message == other.message;
}

/// A null that only some ways have is none that was written: what stands there depends on something. Does every way say
/// what one of them says, if it is that?
bool is_said(const Diagnostic& diagnostic, std::span<const Way> ways) {
  return diagnostic.code != "policy-null" || std::ranges::all_of(ways, [&](const Way& way) {
           return std::ranges::any_of(way.reading.diagnostics,
                                      [&](const Diagnostic& other) { return same(diagnostic, other); });
         });
}

/// Adds what was read in one way to what was read in others, which repeat what they have in common.
void merge(PolicyReading& way, std::span<const Way> ways, PolicyReading& into) {
  std::ranges::move(way.documents, std::back_inserter(into.documents));
  std::vector<std::size_t> places;
  for (const Diagnostic& diagnostic : way.diagnostics) {
    const auto known =
        std::ranges::find_if(into.diagnostics, [&](const Diagnostic& other) { return same(diagnostic, other); });
    places.push_back(static_cast<std::size_t>(known - into.diagnostics.begin()));
    if (known == into.diagnostics.end() && is_said(diagnostic, ways)) {
      into.diagnostics.push_back(diagnostic);
    }
  }
  for (auto& [index, better] : way.suggestions) {
    const std::size_t place = places[index];
    if (std::ranges::none_of(into.suggestions, [&](const auto& other) { return other.first == place; })) {
      into.suggestions.emplace_back(place, std::move(better));
    }
  }
  if (way.complete != Truth::kYes) {
    into.complete = way.complete;
    into.unknown = way.unknown;
  }
}

}  // namespace

std::string_view name(PolicyKind kind) {
  switch (kind) {
    case PolicyKind::kResource:
      return "resource";
    case PolicyKind::kTrust:
      return "trust";
    default:
      return "identity";
  }
}

std::optional<PolicyKind> policy_kind_from_name(std::string_view text) {
  for (const PolicyKind kind : {PolicyKind::kIdentity, PolicyKind::kResource, PolicyKind::kTrust}) {
    if (name(kind) == text) {
      return kind;
    }
  }
  return std::nullopt;
}

ConditionOperator parse_operator(std::string_view text) {
  ConditionOperator out;
  constexpr std::string_view kAll = "ForAllValues:";
  constexpr std::string_view kAny = "ForAnyValue:";
  constexpr std::string_view kIfExists = "IfExists";
  if (starts_folded(text, kAll)) {
    out.qualifier = Qualifier::kForAllValues;
    text.remove_prefix(kAll.size());
  } else if (starts_folded(text, kAny)) {
    out.qualifier = Qualifier::kForAnyValue;
    text.remove_prefix(kAny.size());
  }
  if (text.size() > kIfExists.size() && equal_folded(text.substr(text.size() - kIfExists.size()), kIfExists)) {
    out.if_exists = true;
    text.remove_suffix(kIfExists.size());
  }
  for (const FamilyName& family : kFamilies) {
    if (equal_folded(text, family.name)) {
      out.family = family.family;
      out.negated = family.negated;
      out.arn_equals = family.name == "ArnEquals" || family.name == "ArnNotEquals";
      return out;
    }
  }
  return {};
}

std::string spelling_of(const ConditionOperator& op) {
  const auto* const family = std::ranges::find_if(kFamilies, [&](const FamilyName& one) {
    const bool arn_equals = one.name == "ArnEquals" || one.name == "ArnNotEquals";
    return one.family == op.family && one.negated == op.negated && arn_equals == op.arn_equals;
  });
  if (family == kFamilies.end()) {
    return {};
  }
  const std::string_view qualifier = op.qualifier == Qualifier::kForAllValues  ? "ForAllValues:"
                                     : op.qualifier == Qualifier::kForAnyValue ? "ForAnyValue:"
                                                                               : "";
  return std::string(qualifier) + std::string(family->name) + (op.if_exists ? "IfExists" : "");
}

std::vector<std::string_view> operator_names() {
  std::vector<std::string_view> out;
  std::ranges::transform(kFamilies, std::back_inserter(out), &FamilyName::name);
  return out;
}

Truth PolicyDocument::has_variables() const {
  if (!version) {
    return Truth::kNo;
  }
  return version->known() ? eval::truth_of(version->is("2012-10-17")) : Truth::kUnknown;
}

std::vector<const Text*> texts_in(const Statement& statement) {
  std::vector<const Text*> out{&statement.effect_text};
  const auto add = [&](const Text& text) { out.push_back(&text); };
  for (const TextList* list :
       {&statement.actions, &statement.not_actions, &statement.resources, &statement.not_resources}) {
    std::ranges::for_each(list->items, add);
  }
  for (const PrincipalSet* set : {&statement.principals, &statement.not_principals}) {
    std::ranges::for_each(set->identifiers, add, &Identifier::value);
  }
  for (const Condition& condition : statement.conditions) {
    add(condition.operator_text);
    add(condition.key);
    std::ranges::for_each(condition.values.items, add);
  }
  return out;
}

std::vector<Hole> PolicyDocument::holes() const {
  std::set<Hole> out;
  if (open) {
    out.insert(*open);
  }
  if (version) {
    collect(*version, out);
  }
  for (const Statement& statement : statements) {
    if (statement.open) {
      out.insert(*statement.open);
    }
    for (const Text* text : texts_in(statement)) {
      collect(*text, out);
    }
  }
  return {out.begin(), out.end()};
}

PolicyReading read_policy(const eval::Value& value, const ReadOptions& options) {
  std::vector<Way> ways;
  Choices choices;
  bool all = true;
  do {
    if (ways.size() == options.max_alternatives) {
      all = false;
      break;
    }
    Way& way = ways.emplace_back();
    add_value(value, options, choices, way);
    for (PolicyDocument& document : way.reading.documents) {
      document.up_to_others = choices.hang_on_others();
    }
  } while (choices.advance());
  // A condition that leaves a null where AWS takes none is never that way where the policy is made: it is what the
  // number of instances hangs on, say. That counts only when there is another way.
  if (!std::ranges::all_of(ways, &Way::refused_null)) {
    std::erase_if(ways, [](const Way& way) { return way.refused_null; });
  }
  PolicyReading reading;
  for (Way& way : ways) {
    merge(way.reading, ways, reading);
  }
  if (!all) {
    reading.complete = Truth::kUnknown;
    reading.unknown = Hole{.name = std::string(kTooManyWays)};
  }
  return reading;
}

PolicyReading read_policy_json(std::string_view text, Region region, const ReadOptions& options) {
  Way way;
  source::Arena arena;
  syntax::json::Parsed parsed = syntax::json::parse(text, region, arena, options.limits);
  way.reading.diagnostics = std::move(parsed.diagnostics);
  if (parsed.value == nullptr) {
    way.reading.complete = Truth::kNo;
    return std::move(way.reading);
  }
  TreeStore store;
  add_document(read_tree(*parsed.value, {}, kMaxDepth, store), way);
  return std::move(way.reading);
}

PolicyReading read_policy_json(std::span<const syntax::json::Piece> pieces, std::span<const Hole> holes,
                               const ReadOptions& options) {
  Way way;
  add_json(pieces, holes, options, way);
  return std::move(way.reading);
}

Text read_text(const eval::Value& value, const ReadOptions& options) {
  Text out(std::string_view(), value.origin() == nullptr ? Region{} : value.origin()->region, value.origin());
  append_text(value, options, nullptr, kMaxDepth, out);
  return out;
}

}  // namespace gabion::iam
