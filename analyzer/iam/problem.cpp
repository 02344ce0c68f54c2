#include "iam/problem.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "iam/signature.h"

namespace gabion::iam {

namespace {

constexpr std::uint32_t kMaxDepth = 200;

Token token(TokenKind kind, char byte = 0) {
  return Token{.kind = kind, .byte = byte};
}

/// Any text with a hole in it: what it really is depends on the hole.
Pattern with_any_hole() {
  Pattern out;
  out.tokens = {token(TokenKind::kStar), token(TokenKind::kAnyHole), token(TokenKind::kStar)};
  return out;
}

/// service:Name
std::vector<Pattern> action_texts() {
  Pattern out;
  out.tokens = {token(TokenKind::kLowerAny), token(TokenKind::kLowerStar), token(TokenKind::kChar, ':'),
                token(TokenKind::kFieldAny), token(TokenKind::kFieldStar)};
  return {out, with_any_hole()};
}

/// arn:partition:service:region:account:resource; region and account may be empty, capitals are in the resource only.
Pattern arn_texts() {
  Pattern out;
  for (const char c : {'a', 'r', 'n', ':'}) {
    out.tokens.push_back(token(TokenKind::kChar, c));
  }
  for (int field = 0; field < 4; ++field) {
    if (field < 2) {
      out.tokens.push_back(token(TokenKind::kLowerAny));
    }
    out.tokens.push_back(token(TokenKind::kLowerStar));
    out.tokens.push_back(token(TokenKind::kChar, ':'));
  }
  out.tokens.push_back(token(TokenKind::kAny));
  out.tokens.push_back(token(TokenKind::kStar));
  return out;
}

/// Appends characters.
void spell(Pattern& to, std::string_view text) {
  for (const char c : text) {
    to.tokens.push_back(token(TokenKind::kChar, c));
  }
}

void repeat(Pattern& to, TokenKind kind, int times) {
  for (int i = 0; i < times; ++i) {
    to.tokens.push_back(token(kind));
  }
}

constexpr int kAccountDigits = 12;

/// ARNs that aws:PrincipalArn can have by kSpellingFact. Unknown texts may stand where an unknown part does.
std::vector<Pattern> principal_arns() {
  std::vector<Pattern> out;
  for (const std::string_view who : {"iam:root", "iam:user/", "iam:role/", "sts:federated-user/"}) {
    const std::size_t colon = who.find(':');
    Pattern& one = out.emplace_back();
    spell(one, "arn:");
    one.tokens.push_back(token(TokenKind::kLowerAny));
    one.tokens.push_back(token(TokenKind::kLowerStar));
    spell(one, ":");
    spell(one, who.substr(0, colon));
    spell(one, "::");
    repeat(one, TokenKind::kDigit, kAccountDigits);
    spell(one, ":");
    spell(one, who.substr(colon + 1));
    if (who.ends_with('/')) {
      one.tokens.push_back(token(TokenKind::kFieldAny));
      one.tokens.push_back(token(TokenKind::kFieldStar));
    }
  }
  // The fields of an ARN; a hole in place of the partition, of the account, or in the last field.
  for (int hole = 0; hole < 3; ++hole) {
    Pattern& one = out.emplace_back();
    spell(one, "arn:");
    one.tokens.push_back(token(hole == 0 ? TokenKind::kAnyHole : TokenKind::kFieldStar));
    spell(one, ":");
    one.tokens.push_back(token(TokenKind::kLowerStar));
    spell(one, "::");
    one.tokens.push_back(token(hole == 1 ? TokenKind::kAnyHole : TokenKind::kFieldStar));
    spell(one, ":");
    one.tokens.push_back(token(TokenKind::kFieldStar));
    if (hole == 2) {
      one.tokens.push_back(token(TokenKind::kAnyHole));
      one.tokens.push_back(token(TokenKind::kFieldStar));
    }
  }
  Pattern& whole = out.emplace_back();
  whole.tokens = {token(TokenKind::kAnyHole), token(TokenKind::kStar)};
  return out;
}

std::vector<Pattern> accounts(bool anonymous) {
  std::vector<Pattern> out(2);
  repeat(out[0], TokenKind::kDigit, kAccountDigits);
  repeat(out[1], TokenKind::kAnyHole, 1);
  if (anonymous) {
    spell(out.emplace_back(), "anonymous");
  }
  return out;
}

std::vector<Pattern> arns_and_star() {
  Pattern all;
  all.tokens = {token(TokenKind::kChar, '*')};
  return {arn_texts(), all, with_any_hole()};
}

}  // namespace

Problem::Problem(const ProblemInput& input)
    : alternatives_(input.alternatives),
      surveyed_(*input.surveyed),
      callers_(input.callers.begin(), input.callers.end()) {
  for (const Fact* fact : input.facts) {
    survey_.add(fact->formula);
  }
  // As many as most questions have: atoms are large to be moved.
  constexpr std::size_t kUsualAtoms = 32;
  constexpr std::size_t kUsualNodes = 128;
  atoms_.reserve(kUsualAtoms);
  nodes_.reserve(kUsualNodes);
  candidates_.push_back(Candidate{.caller = read_caller("arn:aws:iam::111122223333:user/example"), .generic = true});
  nodes_.push_back(Node{.kind = NodeKind::kTrue, .atom = 0, .positive = true, .children = {}});
  nodes_.push_back(Node{.kind = NodeKind::kFalse, .atom = 0, .positive = true, .children = {}});
  make_keys(input);
}

std::vector<Pattern> Problem::texts_of(Domain which) {
  switch (which) {
    case Domain::kAction:
      return action_texts();
    case Domain::kResource:
      return arns_and_star();
    case Domain::kArn:
      return {arn_texts(), with_any_hole()};
    case Domain::kPrincipalArn:
      return principal_arns();
    case Domain::kAccount:
      return accounts(false);
    case Domain::kAccountOrAnonymous:
      return accounts(true);
    case Domain::kText:
      break;
  }
  Pattern text;
  text.tokens = {token(TokenKind::kAny), token(TokenKind::kStar)};
  return {text, with_any_hole()};
}

const TextSet& Problem::domain(Domain which) const {
  std::unique_ptr<TextSet>& set = domains_[static_cast<std::size_t>(which)];
  if (set == nullptr) {
    set = std::make_unique<TextSet>(texts_of(which), holes_);
  }
  return *set;
}

void Problem::make_candidates() {
  if (has_candidates_) {
    return;
  }
  has_candidates_ = true;
  const PrincipalTypes all = PrincipalTypes().set();
  const PrincipalTypes types = Subject::types_of(callers_);
  if (!take_candidates(types) && types != all) {
    (void)take_candidates(all);
  }
}

bool Problem::take_candidates(PrincipalTypes types) {
  candidates_ = survey_.candidates(types);
  // Nobody looks at those who cannot be the caller.
  for (const Subject::Either& either : callers_) {
    std::vector<bool> kept(candidates_.size(), false);
    for (const PrincipalFilter* filter : either) {
      const std::vector<bool> may = passing(*filter).may;
      std::transform(kept.begin(), kept.end(), may.begin(), kept.begin(), std::logical_or<>());
    }
    if (std::ranges::find(kept, true) == kept.end()) {
      return false;
    }
    if (std::ranges::find(kept, false) == kept.end()) {
      continue;
    }
    std::vector<Candidate> left;
    left.reserve(candidates_.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (kept[i]) {
        left.push_back(std::move(candidates_[i]));
      }
    }
    candidates_ = std::move(left);
  }
  return true;
}

void Problem::make_keys(const ProblemInput& input) {
  for (const auto& entry : survey_.keys()) {
    const std::string& folded = entry.first;
    const KeyUse& use = entry.second;
    Key key;
    key.name = use.name;
    key.constants = use.constants;
    const KnownKey* known = find_known_key(folded);
    const auto fact =
        std::ranges::find_if(input.keys, [&](const KeyFact& one) { return equal_folded(one.key, folded); });
    const bool has_fact = fact != input.keys.end();
    if (has_fact && fact->type) {
      key.type = *fact->type;
    } else if (known != nullptr) {
      key.type = known->type;
    } else if (!use.types.empty()) {
      key.type = *use.types.begin();
    }
    if (known != nullptr) {
      key.sample = known->sample;
    }
    const bool multivalued = (has_fact && fact->multivalued) || (known != nullptr && known->multivalued) || use.as_list;
    if (multivalued) {
      key.may_list = true;
      key.may_scalar = false;
    } else if (use.in_set && known == nullptr && !has_fact) {
      key.may_list = true;
      if (use.as_variable) {
        key.may_list = false;
        assumed_.push_back(key.name + " has a single value");
      }
    }
    const auto assume = [&](std::string_view named) {
      return input.aws_keys && std::ranges::find(input.without, named) == input.without.end();
    };
    key.no_empty = use.in_set && assume(not_empty_fact(key.name));
    if (has_fact) {
      key.only = fact->only;
      key.may_absent = !fact->always;
    }
    if (known != nullptr && known->always && assume(always_present_fact(key.name))) {
      key.may_absent = false;
    }
    if (key.type == KeyType::kBool && key.only.empty()) {
      key.only = {"true", "false"};
    }
    if (key.only.empty() && !(has_fact && fact->type) && assume(kSpellingFact)) {
      key.spelling = spelling_of(folded);
    }
    keys_.push_back(std::move(key));
  }
}

const TextSet& Problem::key_domain(const Key& key) const {
  switch (key.spelling) {
    case Spelling::kPrincipalArn:
      return domain(Domain::kPrincipalArn);
    case Spelling::kAccount:
      return domain(Domain::kAccount);
    case Spelling::kAccountOrAnonymous:
      return domain(Domain::kAccountOrAnonymous);
    case Spelling::kAny:
      break;
  }
  return domain(key.type == KeyType::kArn ? Domain::kArn : Domain::kText);
}

std::optional<KeyId> Problem::find_key(std::string_view name) const {
  const auto found = std::ranges::find_if(keys_, [&](const Key& key) { return equal_folded(key.name, name); });
  return found == keys_.end() ? std::nullopt : std::optional(static_cast<KeyId>(found - keys_.begin()));
}

// ---- Nodes. ----

NodeId Problem::literal(AtomId atom, bool positive) {
  literals_.resize(atoms_.size());
  NodeId& known = literals_[atom][positive ? 1 : 0];
  if (known == 0) {
    known = static_cast<NodeId>(nodes_.size());
    nodes_.push_back(Node{.kind = NodeKind::kLiteral, .atom = atom, .positive = positive, .children = {}});
  }
  return known;
}

AtomId Problem::intern(std::string signature, Atom&& atom) {
  const auto [known, added] = atom_ids_.try_emplace(std::move(signature), static_cast<AtomId>(atoms_.size()));
  if (added) {
    atoms_.push_back(std::move(atom));
  }
  return known->second;
}

std::optional<NodeId> Problem::known_literal(const std::string& signature) {
  const auto known = atom_ids_.find(signature);
  return known == atom_ids_.end() ? std::nullopt : std::optional(literal(known->second, true));
}

NodeId Problem::all(std::vector<NodeId> children) {
  std::vector<NodeId> kept;
  for (const NodeId child : children) {
    if (nodes_[child].kind == NodeKind::kFalse) {
      return constant(false);
    }
    if (nodes_[child].kind == NodeKind::kAll) {
      kept.insert(kept.end(), nodes_[child].children.begin(), nodes_[child].children.end());
    } else if (nodes_[child].kind != NodeKind::kTrue) {
      kept.push_back(child);
    }
  }
  if (kept.size() < 2) {
    return kept.empty() ? constant(true) : kept.front();
  }
  nodes_.push_back(Node{.kind = NodeKind::kAll, .atom = 0, .positive = true, .children = std::move(kept)});
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId Problem::any(std::vector<NodeId> children) {
  std::vector<NodeId> kept;
  for (const NodeId child : children) {
    if (nodes_[child].kind == NodeKind::kTrue) {
      return constant(true);
    }
    if (nodes_[child].kind == NodeKind::kAny) {
      kept.insert(kept.end(), nodes_[child].children.begin(), nodes_[child].children.end());
    } else if (nodes_[child].kind != NodeKind::kFalse) {
      kept.push_back(child);
    }
  }
  if (kept.size() < 2) {
    return kept.empty() ? constant(false) : kept.front();
  }
  nodes_.push_back(Node{.kind = NodeKind::kAny, .atom = 0, .positive = true, .children = std::move(kept)});
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId Problem::negate(NodeId node) {
  if (depth_ >= kMaxDepth) {
    return open(Hole{.name = "a formula that is nested too deeply"});
  }
  const Node at = nodes_[node];  // a copy: nodes are added below
  switch (at.kind) {
    case NodeKind::kTrue:
      return constant(false);
    case NodeKind::kFalse:
      return constant(true);
    case NodeKind::kLiteral:
      return literal(at.atom, !at.positive);
    default:
      break;
  }
  ++depth_;
  std::vector<NodeId> children;
  children.reserve(at.children.size());
  for (const NodeId child : at.children) {
    children.push_back(negate(child));
  }
  --depth_;
  return at.kind == NodeKind::kAll ? any(std::move(children)) : all(std::move(children));
}

NodeId Problem::open(Hole hole, const void* owner) {
  Atom atom;
  atom.kind = AtomKind::kOpen;
  atom.hole = hole;
  return literal(
      intern("open\1" + signature(hole) + std::to_string(reinterpret_cast<std::uintptr_t>(owner)), std::move(atom)),
      true);
}

Pattern Problem::pattern(const Text& text, PatternSyntax syntax) {
  Pattern out = compile_pattern(text, syntax);
  if (out.holes.empty()) {
    return out;
  }
  const bool whole = text.segments().size() == 1;
  std::vector<std::uint16_t> numbers;
  for (std::size_t i = 0; i < out.holes.size(); ++i) {
    const Hole& hole = out.holes[i];
    const std::uint16_t number = holes_.number(hole, syntax.wildcards && whole && !hole.literal);
    numbers.push_back(number);
    HoleTable::Entry& entry = holes_.entries[number];
    if (std::ranges::find(out.wide, static_cast<std::uint16_t>(i)) != out.wide.end()) {
      entry.wide = true;
      HoleTable::Entry& plain = holes_.entries[entry.text];
      plain.wide = true;
      const std::string own = "{" + std::to_string(entry.text) + "}";
      if (plain.ground == own) {
        plain.ground = "arn:aws:s3:::" + own;
      }
      entry.ground = plain.ground;
    }
    if (!whole && syntax.wildcards && !hole.literal) {
      const std::string note = "the text of " + hole.name + " has no wildcards";
      if (std::ranges::find(assumed_, note) == assumed_.end()) {
        assumed_.push_back(note);
      }
    }
  }
  for (Token& one : out.tokens) {
    if (one.kind == TokenKind::kHole) {
      one.index = numbers[one.index];
    }
  }
  return out;
}

// ---- Actions and resources. ----

NodeId Problem::action(const std::vector<Text>& list, bool policy) {
  const auto is_star_colon = [](const Text& one) { return one.is("*:*"); };
  if (policy && std::ranges::any_of(list, is_star_colon)) {
    touched_.add(OpenPoint::kActStarColon);
  }
  std::string text = "action\1" + fold_case(signature(list)) + (policy ? policy_mark() : "");
  if (const auto known = known_literal(text)) {
    return *known;
  }
  std::vector<Pattern> patterns;
  for (const Text& one : list) {
    if (policy && alternatives_.has(OpenPoint::kActStarColon) && is_star_colon(one)) {
      continue;
    }
    patterns.push_back(pattern(one, {.wildcards = true, .fold = true}));
    for (const Token& token : patterns.back().tokens) {
      if (token.kind == TokenKind::kHole) {
        holes_.entries[token.index].wide = true;
      }
    }
    if (patterns.back().everything) {
      return constant(true);
    }
  }
  if (patterns.empty()) {
    return constant(false);
  }
  Atom atom;
  atom.kind = AtomKind::kAction;
  atom.set = std::make_shared<TextSet>(std::move(patterns), holes_);
  return literal(intern(std::move(text), std::move(atom)), true);
}

NodeId Problem::resource(const std::vector<Text>& list, bool variables, bool policy) {
  std::vector<Pattern> plain;
  std::vector<NodeId> either;
  std::vector<Text> plain_texts;
  for (const Text& one : list) {
    Pattern made = pattern(one, {.wildcards = true,
                                 .variables = variables,
                                 .arn = PatternSyntax::Arn::kResource,
                                 .alternatives = policy ? alternatives_ : OpenPoints()});
    if (policy) {
      touched_.add(made.touched);
    }
    if (made.everything) {
      return constant(true);
    }
    if (made.malformed) {
      continue;
    }
    if (!made.has_variables()) {
      plain_texts.push_back(one);
      plain.push_back(std::move(made));
      continue;
    }
    touched_.add(OpenPoint::kEmptyVar);
    Atom link;
    link.kind = AtomKind::kResourceLink;
    link.patterns.push_back(made);
    link.set = std::make_shared<TextSet>(link.patterns, holes_);
    const std::string link_signature = "resource-link\1" + signature(made);
    const NodeId values = variables_have_values({std::move(made)});
    either.push_back(all({literal(intern(link_signature, std::move(link)), true), values}));
  }
  if (!plain.empty()) {
    Atom atom;
    atom.kind = AtomKind::kResource;
    atom.set = std::make_shared<TextSet>(std::move(plain), holes_);
    const bool escapes = variables && std::ranges::any_of(plain_texts, [](const Text& one) {
                           return one.str().find("${") != std::string::npos;
                         });
    const std::string text = std::string("resource\1") + (escapes ? "escapes\1" : "") + signature(plain_texts);
    either.push_back(literal(intern(text + (policy ? policy_mark() : ""), std::move(atom)), true));
  }
  return any(std::move(either));
}

NodeId Problem::resource_is(const std::vector<Text>& list) {
  std::vector<NodeId> either;
  for (const Text& one : list) {
    Pattern made = pattern(one, {.wildcards = false, .variables = true});
    Atom atom;
    const bool linked = made.has_variables();
    atom.kind = linked ? AtomKind::kResourceLink : AtomKind::kResource;
    const std::string text = "resource-link\1" + signature(made);
    const NodeId values = linked ? variables_have_values({made}) : constant(true);
    if (linked) {
      atom.patterns.push_back(made);
    }
    atom.set = std::make_shared<TextSet>(std::vector<Pattern>{std::move(made)}, holes_);
    either.push_back(all({literal(intern(text, std::move(atom)), true), values}));
  }
  return any(std::move(either));
}

// ---- Statements and documents. ----

NodeId Problem::statement(const Statement& one, bool variables, PolicyKind kind) {
  std::vector<NodeId> parts;
  if (one.actions.present) {
    parts.push_back(action(one.actions.items, true));
  } else if (one.not_actions.present) {
    parts.push_back(negate(action(one.not_actions.items, true)));
  } else {
    return constant(false);
  }
  if (kind != PolicyKind::kIdentity) {
    if (one.principals.present) {
      parts.push_back(principal(one.principals, false));
    } else if (one.not_principals.present) {
      parts.push_back(negate(principal(one.not_principals, true)));
    } else {
      return constant(false);
    }
  }
  if (one.resources.present) {
    parts.push_back(resource(one.resources.items, variables, true));
  } else if (one.not_resources.present) {
    parts.push_back(negate(resource(one.not_resources.items, variables, true)));
  }
  for (const Condition& each : one.conditions) {
    parts.push_back(condition(each, variables));
  }
  if (one.open) {
    parts.push_back(open(*one.open, &one));
  }
  return all(std::move(parts));
}

Problem::Matches Problem::matches(std::span<const PolicyDocument* const> documents, PolicyKind kind, bool allowing) {
  Matches out;
  for (const PolicyDocument* document : documents) {
    const bool variables = document->has_variables() != Truth::kNo;
    if (document->has_variables() == Truth::kUnknown) {
      assumed_.emplace_back("the version of the policy is 2012-10-17");
    }
    for (const Statement& one : document->statements) {
      if (one.effect == Effect::kInvalid) {
        continue;
      }
      if (one.effect == Effect::kAllow && !allowing) {
        // Callers whom it names are told apart all the same: people know them, and may be shown one.
        if (kind != PolicyKind::kIdentity && names_callers(one)) {
          make_candidates();
        }
        continue;
      }
      const NodeId match = statement(one, variables, kind);
      if (one.effect == Effect::kUnknown) {
        const NodeId deny = open(Hole{.name = one.effect_text.str()});
        out.deny.push_back(all({deny, match}));
        out.allow.push_back(all({negate(deny), match}));
      } else {
        (one.effect == Effect::kDeny ? out.deny : out.allow).push_back(match);
      }
    }
    if (document->open) {
      out.deny.push_back(
          open(Hole{.name = document->open->name + " (denies)", .symbol = document->open->symbol}, document));
      out.allow.push_back(
          open(Hole{.name = document->open->name + " (allows)", .symbol = document->open->symbol}, document));
    }
  }
  return out;
}

NodeId Problem::denied(std::span<const PolicyDocument* const> documents, PolicyKind kind) {
  return any(matches(documents, kind, false).deny);
}

NodeId Problem::allowed(std::span<const PolicyDocument* const> documents, PolicyKind kind) {
  Matches found = matches(documents, kind, true);
  return all({negate(any(std::move(found.deny))), any(std::move(found.allow))});
}

// ---- Formulas. ----

NodeId Problem::formula(const Formula& given) {
  if (depth_ >= kMaxDepth) {
    return open(Hole{.name = "a formula that is nested too deeply"});
  }
  switch (given.kind) {
    case FormulaKind::kTrue:
      return constant(true);
    case FormulaKind::kAll:
    case FormulaKind::kAny:
    case FormulaKind::kNot: {
      ++depth_;
      std::vector<NodeId> children;
      for (const Formula& child : given.children) {
        children.push_back(formula(child));
      }
      --depth_;
      if (given.kind == FormulaKind::kNot) {
        return negate(children.front());
      }
      return given.kind == FormulaKind::kAll ? all(std::move(children)) : any(std::move(children));
    }
    case FormulaKind::kKeyEquals:
      return keys_equal(*find_key(given.key), *find_key(given.other), false);
    case FormulaKind::kAction:
      return action(given.values, false);
    case FormulaKind::kResource:
      return resource(given.values, false, false);
    case FormulaKind::kResourceIs:
      return resource_is(given.values);
    case FormulaKind::kPrincipal:
      return principal(given.principal);
    default:
      return key_formula(given);
  }
}

std::unique_ptr<TextSet> Problem::substituted(const std::vector<Pattern>& patterns,
                                              const std::map<KeyId, std::string>& values) const {
  std::vector<Pattern> made;
  made.reserve(patterns.size());
  for (const Pattern& one : patterns) {
    made.push_back(substitute(one, [&](const std::string& name) -> std::optional<std::string> {
      const auto key = find_key(name);
      const auto value = key ? values.find(*key) : values.end();
      return value == values.end() ? std::nullopt : std::optional(value->second);
    }));
  }
  return std::make_unique<TextSet>(std::move(made), holes_);
}

}  // namespace gabion::iam
