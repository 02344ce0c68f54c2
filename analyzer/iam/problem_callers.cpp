// The part of Problem about callers: which candidates principals of statements and formulas cover.
#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "iam/problem.h"
#include "iam/signature.h"

namespace gabion::iam {

namespace {

bool of_account(PrincipalType type) {
  return type != PrincipalType::kService && type != PrincipalType::kFederated && type != PrincipalType::kAnonymous;
}

/// Could the identifier, whose ground text does not cover the caller, do so all the same, given that holes may be
/// anything of their kind?
bool may_cover(const NamedPrincipal& ground, const Text& value, const Candidate& candidate) {
  const std::string_view type = ground.type;
  const Caller& caller = candidate.caller;
  const Caller& named = ground.caller;
  const bool account_caller = of_account(caller.type);
  if (value.known()) {
    if (!candidate.symbolic) {
      return false;
    }
    // A service or provider that is not known may be the one that is named.
    if (type == "Service" || type == "Federated") {
      return caller.type == (type == "Service" ? PrincipalType::kService : PrincipalType::kFederated);
    }
    if (type != "AWS" || !account_caller) {
      return false;
    }
    return candidate.unknown_kind || !ground.account.empty() || named.type == caller.type ||
           (named.type == PrincipalType::kRole && caller.type == PrincipalType::kSession);
  }
  if (type.empty()) {
    return true;
  }
  if (is_handed_out(value) && !candidate.symbolic && caller.account == kNoAccount) {
    return false;  // nothing that AWS hands out is of that account
  }
  if (type == "Service") {
    return caller.type == PrincipalType::kService;
  }
  if (type == "Federated") {
    return caller.type == PrincipalType::kFederated;
  }
  if (type == "CanonicalUser") {
    return caller.type != PrincipalType::kAnonymous;
  }
  const bool whole = value.segments().size() == 1;
  const Hole& hole = std::ranges::find_if(value.segments(), &Segment::is_hole)->hole;
  if (whole && !hole.literal) {
    return true;  // also "*"
  }
  if (!account_caller) {
    return false;
  }
  if (!ground.account.empty() || (whole && resource_type(hole).empty())) {
    return true;
  }
  if (candidate.unknown_kind) {
    return true;
  }
  if (named.type == PrincipalType::kRole) {
    return caller.type == PrincipalType::kRole || caller.type == PrincipalType::kSession;
  }
  return named.type == caller.type;
}

/// Is everybody whom an identifier with holes covers among the candidates by its ground text?
bool covers_by_name(const Identifier& identifier, const std::string& ground) {
  const auto& segments = identifier.value.segments();
  const Hole& hole = std::ranges::find_if(segments, &Segment::is_hole)->hole;
  if (hole.many) {
    return false;
  }
  if (identifier.type == "Service") {
    return segments.size() == 1;
  }
  if (identifier.type != "AWS") {
    return false;
  }
  if (!account_of_identifier(ground).empty()) {
    return segments.size() > 1 || hole.literal;
  }
  if (!std::ranges::all_of(segments, [](const Segment& one) { return !one.is_hole || one.hole.literal; })) {
    return false;
  }
  if (segments.size() > 1) {
    const PrincipalType type = read_caller(ground).type;
    return ground.starts_with("arn:") && (type == PrincipalType::kRole || type == PrincipalType::kUser);
  }
  const std::string_view type = resource_type(hole);
  return type == "aws_iam_role" || type == "aws_iam_user";
}

/// Does an identifier with holes name callers of one account, unknown as it may be?
bool names_an_account(const Identifier& identifier, const std::string& ground) {
  if (identifier.value.known() || identifier.type != "AWS") {
    return false;
  }
  return is_handed_out(identifier.value) && (!account_of_identifier(ground).empty() || ground.starts_with("arn:"));
}

/// Identifiers that are known, found by what a caller that they cover must have: its text, account or name. Lists may
/// have hundreds, and so has a problem callers.
class KnownPrincipals {
 public:
  void add(const NamedPrincipal& principal) {
    for (const std::string_view key : {principal.value, principal.account, std::string_view(principal.caller.name)}) {
      if (!key.empty()) {
        by_key_[key].push_back(&principal);
      }
    }
  }

  [[nodiscard]] bool covers(const Caller& caller, OpenPoints alternatives) const {
    const std::array<std::string_view, 4> keys{"*", caller.text, caller.account, caller.name};
    return std::ranges::any_of(keys, [&](std::string_view key) {
      const auto found = by_key_.find(key);
      return found != by_key_.end() && std::ranges::any_of(found->second, [&](const NamedPrincipal* principal) {
               return iam::covers(*principal, caller, alternatives);
             });
    });
  }

 private:
  std::unordered_map<std::string_view, std::vector<const NamedPrincipal*>> by_key_;
};

}  // namespace

NodeId Problem::principal(const PrincipalSet& set, bool complement) {
  if (!complement) {
    const bool everyone = std::ranges::any_of(set.identifiers, [](const Identifier& identifier) {
      return identifier.value.is("*") && (identifier.type == "*" || identifier.type == "AWS");
    });
    if (everyone) {
      return constant(true);
    }
  }
  make_candidates();
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  atom.must.resize(candidates_.size());
  atom.may.resize(candidates_.size());
  atom.sure.resize(candidates_.size());
  std::string text = complement ? "not-principal\1" : "principal\1";
  std::vector<std::pair<std::string, std::string>> grounds;
  bool holes = false;
  bool by_name = true;
  for (const Identifier& identifier : set.identifiers) {
    grounds.emplace_back(identifier.type, survey_.ground(identifier.value));
    text += identifier.type + '\1' + grounds.back().second + '\2';
    if (!identifier.value.known()) {
      holes = true;
      by_name = by_name && covers_by_name(identifier, grounds.back().second);
    }
    if (identifier.type == "AWS" && !account_of_identifier(grounds.back().second).empty()) {
      touched_.add(OpenPoint::kFedAccount);
    }
  }
  atom.principal_spelled = holes && by_name;
  std::vector<NamedPrincipal> named;
  for (const auto& [type, ground] : grounds) {
    named.push_back(read_identifier(type, ground));
  }
  KnownPrincipals known;
  std::vector<std::size_t> unknown;
  for (std::size_t j = 0; j < named.size(); ++j) {
    if (set.identifiers[j].value.known()) {
      known.add(named[j]);
    } else {
      unknown.push_back(j);
    }
  }
  const bool strict = complement && alternatives_.has(OpenPoint::kNpExempt);
  if (complement) {
    touched_.add(OpenPoint::kNpExempt);
  }
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (strict) {
      atom.must[i] = lists_every_identity(grounds, candidate.caller);
      atom.may[i] = atom.must[i] || holes || candidate.symbolic;
      atom.sure[i] = atom.may[i];
      continue;
    }
    bool must = false;
    bool may = false;
    bool sure = false;
    const bool plain = !candidate.symbolic;
    if (plain) {
      must = may = sure = known.covers(candidate.caller, alternatives_);
    }
    const std::size_t count = plain ? unknown.size() : named.size();
    for (std::size_t k = 0; k < count && !(must && may && sure); ++k) {
      const std::size_t j = plain ? unknown[k] : k;
      const Text& value = set.identifiers[j].value;
      const bool covered = covers(named[j], candidate.caller, alternatives_);
      // A hole that stands for a list names nobody in particular.
      const bool somebody = value.known() || !value.segments().front().is_hole || !value.segments().front().hole.many;
      const bool possible = covered || may_cover(named[j], value, candidate);
      must = must || (somebody && covered);
      may = may || possible;
      sure = sure || (possible && !(candidate.fresh && names_an_account(set.identifiers[j], grounds[j].second)));
    }
    atom.must[i] = must;
    atom.may[i] = may;
    atom.sure[i] = sure;
  }
  return literal(intern(text, std::move(atom)), true);
}

NodeId Problem::principal(const PrincipalFilter& filter) {
  make_candidates();
  std::string text = "caller\1";
  for (const PrincipalType type : filter.types) {
    text += name(type);
    text += '\1';
  }
  text += signature(filter.accounts) + '\4' + signature(filter.is);
  return literal(intern(text, passing(filter)), true);
}

Atom Problem::passing(const PrincipalFilter& filter) const {
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  enum class Degree : std::uint8_t { kMust, kMay, kSure };
  struct Wanted {
    std::string ground;
    bool known = false;
    PrincipalType type = PrincipalType::kAnonymous;
  };
  const auto read = [&](const std::vector<Text>& texts) {
    std::vector<Wanted> wanted;
    for (const Text& one : texts) {
      std::string ground = survey_.ground(one);
      const PrincipalType type = read_caller(ground).type;
      wanted.push_back({.ground = std::move(ground), .known = one.known(), .type = type});
    }
    return wanted;
  };
  const std::vector<Wanted> accounts = read(filter.accounts);
  const std::vector<Wanted> is = read(filter.is);
  const auto matches = [&](const std::vector<Wanted>& wanted, const std::string& actual, const Candidate& candidate,
                           Degree degree) {
    const PrincipalType type = candidate.caller.type;
    return std::ranges::any_of(wanted, [&](const Wanted& one) {
      if (one.ground == actual) {
        return true;
      }
      return degree != Degree::kMust && !(degree == Degree::kSure && candidate.fresh) &&
             (!one.known || candidate.symbolic) &&
             (of_account(type) ||
              (&wanted == &is ? one.type == type
                              : !actual.empty() || (candidate.symbolic && type == PrincipalType::kFederated)));
    });
  };
  atom.principal_spelled =
      filter.is.empty() && std::ranges::any_of(filter.accounts, [](const Text& one) { return !one.known(); });
  const bool nobodys = !filter.accounts.empty() &&
                       std::ranges::all_of(filter.accounts, [](const Text& one) { return one.is(kNoAccount); });
  for (const Candidate& candidate : candidates_) {
    const Caller& caller = candidate.caller;
    if (candidate.handed_out && nobodys) {
      for (std::vector<bool>* degree : {&atom.must, &atom.may, &atom.sure}) {
        degree->push_back(false);
      }
      continue;
    }
    const bool type = filter.types.empty() || std::ranges::find(filter.types, caller.type) != filter.types.end();
    const auto fits = [&](Degree degree) {
      if (candidate.unknown_kind && !(filter.types.empty() && filter.accounts.empty())) {
        return degree != Degree::kMust;
      }
      return type && (accounts.empty() || matches(accounts, caller.account, candidate, degree)) &&
             (is.empty() || matches(is, caller.text, candidate, degree));
    };
    atom.must.push_back(fits(Degree::kMust));
    atom.may.push_back(fits(Degree::kMay));
    atom.sure.push_back(fits(Degree::kSure));
  }
  return atom;
}

NodeId Problem::one_of(const std::vector<bool>& callers) {
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  std::string text = "one of\1";
  for (const bool one : callers) {
    text += one ? '1' : '0';
  }
  atom.must = callers;
  atom.may = callers;
  atom.sure = callers;
  return literal(intern(text, std::move(atom)), true);
}

NodeId Problem::sessions_of_roles() {
  constexpr std::string_view kArnKey = "aws:principalarn";
  make_candidates();
  std::vector<NodeId> parts;
  for (std::size_t i = 0; find_key(kArnKey) && i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (candidate.symbolic || candidate.caller.type != PrincipalType::kSession) {
      continue;
    }
    std::vector<Text> roles;
    for (const std::string& principal : survey_.mentioned().principals) {
      const Caller role = read_caller(principal);
      if (role.type == PrincipalType::kRole && role.account == candidate.caller.account &&
          role.name == candidate.caller.name) {
        roles.emplace_back(principal);
      }
    }
    if (roles.size() == 1) {
      std::vector<bool> only(candidates_.size(), false);
      only[i] = true;
      parts.push_back(any(
          {negate(one_of(only)), formula(Formula::test(FormulaKind::kIn, std::string(kArnKey), std::move(roles)))}));
    }
  }
  return all(std::move(parts));
}

NodeId Problem::caller_keys(std::span<const Fact* const> known) {
  make_candidates();
  std::vector<bool> unknown;
  for (const Candidate& candidate : candidates_) {
    unknown.push_back(candidate.symbolic && (candidate.unknown_kind || of_account(candidate.caller.type)));
  }
  std::vector<NodeId> parts;
  for (const Fact* fact : known) {
    parts.push_back(any({one_of(unknown), formula(fact->formula)}));
  }
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (!unknown[i]) {
      continue;
    }
    std::vector<bool> only(candidates_.size(), false);
    only[i] = true;
    const Candidate candidate = candidates_[i];  // a copy: holes get numbers below
    const auto has = [&](std::string_view key, std::string_view ground) {
      if (!find_key(key)) {
        return constant(true);
      }
      const std::optional<Text> text = candidate.unknown_kind ? std::nullopt : survey_.spelled(ground);
      return text ? formula(Formula::test(FormulaKind::kIn, std::string(key), {*text})) : constant(false);
    };
    parts.push_back(any({negate(one_of(only)), all({has("aws:principalarn", survey_.principal_arn(candidate.caller)),
                                                    has("aws:principalaccount", candidate.caller.account)})}));
  }
  return all(std::move(parts));
}

}  // namespace gabion::iam
