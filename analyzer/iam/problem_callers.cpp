// The part of Problem about callers: which candidates principals of statements and formulas cover.
#include <algorithm>
#include <array>
#include <cstdint>
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

enum class IdentifierType : std::uint8_t { kNone, kAws, kService, kFederated, kCanonicalUser, kOther };

IdentifierType identifier_type(std::string_view type) {
  if (type.empty()) {
    return IdentifierType::kNone;
  }
  return type == "AWS"             ? IdentifierType::kAws
         : type == "Service"       ? IdentifierType::kService
         : type == "Federated"     ? IdentifierType::kFederated
         : type == "CanonicalUser" ? IdentifierType::kCanonicalUser
                                   : IdentifierType::kOther;
}

bool names_everyone(const PrincipalSet& set) {
  return std::ranges::any_of(set.identifiers, [](const Identifier& identifier) {
    return identifier.value.is("*") && (identifier.type == "*" || identifier.type == "AWS");
  });
}

/// Is everybody whom an identifier with holes covers among the candidates by its ground text?
bool covers_by_name(const Identifier& identifier, const std::string& ground) {
  const auto& segments = identifier.value.segments();
  const Hole& hole = *std::ranges::find_if(segments, &Segment::is_hole)->hole;
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
  if (!std::ranges::all_of(segments, [](const Segment& one) { return !one.is_hole || one.hole->literal; })) {
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

/// What may be said of the callers of an identifier, whoever it names. Long lists are of a few kinds.
struct IdentifierKind {
  IdentifierKind(const Identifier& identifier, const std::string& ground, const NamedPrincipal& principal)
      : type(identifier_type(identifier.type)),
        named(principal.caller.type),
        of_whole_account(!principal.account.empty()),
        known(identifier.value.known()) {
    if (known) {
      return;
    }
    const auto& segments = identifier.value.segments();
    const Hole& hole = *std::ranges::find_if(segments, &Segment::is_hole)->hole;
    const bool whole = segments.size() == 1;
    handed_out = is_handed_out(identifier.value);
    everybody = whole && !hole.literal;
    any_identity = of_whole_account || (whole && resource_type(hole).empty());
    somebody = !segments.front().is_hole || !segments.front().hole->many;
    of_an_account = names_an_account(identifier, ground);
  }

  /// Could the identifier, whose ground text does not cover the caller, do so all the same, given that holes may be
  /// anything of their kind?
  [[nodiscard]] bool may_cover(const Candidate& candidate) const {
    const Caller& caller = candidate.caller;
    const bool account_caller = of_account(caller.type);
    if (known) {
      if (!candidate.symbolic) {
        return false;
      }
      // A service or provider that is not known may be the one that is named.
      if (type == IdentifierType::kService || type == IdentifierType::kFederated) {
        return caller.type == (type == IdentifierType::kService ? PrincipalType::kService : PrincipalType::kFederated);
      }
      if (type != IdentifierType::kAws || !account_caller) {
        return false;
      }
      return candidate.unknown_kind || of_whole_account || is_same_kind(caller);
    }
    if (type == IdentifierType::kNone) {
      return true;
    }
    if (handed_out && !candidate.symbolic && caller.account == kNoAccount) {
      return false;  // nothing that AWS hands out is of that account
    }
    if (type == IdentifierType::kService) {
      return caller.type == PrincipalType::kService;
    }
    if (type == IdentifierType::kFederated) {
      return caller.type == PrincipalType::kFederated;
    }
    if (type == IdentifierType::kCanonicalUser) {
      return caller.type != PrincipalType::kAnonymous;
    }
    if (everybody) {
      return true;  // also "*"
    }
    return account_caller && (any_identity || candidate.unknown_kind || is_same_kind(caller));
  }

  friend bool operator==(const IdentifierKind&, const IdentifierKind&) = default;

  IdentifierType type;
  PrincipalType named;    ///< that its text is
  bool of_whole_account;  ///< names an account
  bool known;
  bool handed_out = false;
  bool everybody = false;      ///< may be "*"
  bool any_identity = false;   ///< may be any account, user or role
  bool somebody = true;        ///< a hole that stands for a list names nobody in particular
  bool of_an_account = false;  ///< names callers of one account

 private:
  [[nodiscard]] bool is_same_kind(const Caller& other) const {
    return named == other.type || (named == PrincipalType::kRole && other.type == PrincipalType::kSession);
  }
};

/// Does it surely hold of no caller?
bool holds_of_none(const Atom& atom) {
  return std::ranges::find(atom.may, true) == atom.may.end();
}

/// Does it surely hold of every caller? How the unknown texts of one are spelled can decide about others.
bool holds_of_all(const Atom& atom) {
  return !atom.principal_spelled && std::ranges::find(atom.must, false) == atom.must.end();
}

/// Identifiers found by what a caller that they cover must have: its text, account or name. Lists may have hundreds,
/// and so has a problem callers.
class Identifiers {
 public:
  struct Named {
    NamedPrincipal principal;
    std::size_t kind;  ///< by its place in kinds()
  };

  /// Borrows the texts.
  void add(const Identifier& identifier, const std::string& ground) {
    NamedPrincipal named = read_identifier(identifier.type, ground);
    const IdentifierKind kind(identifier, ground, named);
    auto known = std::ranges::find(kinds_, kind);
    if (known == kinds_.end()) {
      known = kinds_.insert(known, kind);
    }
    named_.push_back({.principal = std::move(named), .kind = static_cast<std::size_t>(known - kinds_.begin())});
  }

  /// After all were added. A few are quicker compared than found.
  void index() {
    constexpr std::size_t kFew = 4;
    if (named_.size() <= kFew) {
      return;
    }
    for (const Named& one : named_) {
      const NamedPrincipal& principal = one.principal;
      for (const std::string_view key : {principal.value, principal.account, std::string_view(principal.caller.name)}) {
        if (!key.empty()) {
          by_key_[key].push_back(&one);
        }
      }
    }
  }

  [[nodiscard]] const std::vector<IdentifierKind>& kinds() const { return kinds_; }

  /// Calls with the kind of each that covers the caller by its ground text.
  template <class Visit>
  void for_covering(const Caller& caller, OpenPoints alternatives, const Visit& visit) const {
    const auto compare = [&](const Named& one) {
      if (covers(one.principal, caller, alternatives)) {
        visit(kinds_[one.kind]);
      }
    };
    if (by_key_.empty()) {
      std::ranges::for_each(named_, compare);
      return;
    }
    for (const std::string_view key : {std::string_view("*"), std::string_view(caller.text),
                                       std::string_view(caller.account), std::string_view(caller.name)}) {
      if (const auto found = by_key_.find(key); found != by_key_.end()) {
        std::ranges::for_each(found->second, [&](const Named* one) { compare(*one); });
      }
    }
  }

 private:
  std::vector<IdentifierKind> kinds_;
  std::vector<Named> named_;
  std::unordered_map<std::string_view, std::vector<const Named*>> by_key_;
};

}  // namespace

bool Problem::names_callers(const Statement& statement) {
  const bool has_actions = statement.actions.present || statement.not_actions.present;
  return has_actions &&
         (statement.principals.present ? !names_everyone(statement.principals) : statement.not_principals.present);
}

NodeId Problem::principal(const PrincipalSet& set, bool complement) {
  if (!complement && names_everyone(set)) {
    return constant(true);
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
    text += signature(identifier.type) + signature(grounds.back().second);
    if (!identifier.value.known()) {
      holes = true;
      by_name = by_name && covers_by_name(identifier, grounds.back().second);
    }
    if (identifier.type == "AWS" && !account_of_identifier(grounds.back().second).empty()) {
      touched_.add(OpenPoint::kFedAccount);
    }
  }
  if (const auto known = known_literal(text)) {
    return *known;
  }
  atom.principal_spelled = holes && by_name;
  Identifiers identifiers;
  for (std::size_t j = 0; j < grounds.size(); ++j) {
    identifiers.add(set.identifiers[j], grounds[j].second);
  }
  identifiers.index();
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
    const auto takes = [&](const IdentifierKind& kind) {
      may = true;
      sure = sure || !(candidate.fresh && kind.of_an_account);
    };
    identifiers.for_covering(candidate.caller, alternatives_, [&](const IdentifierKind& kind) {
      must = must || kind.somebody;
      takes(kind);
    });
    for (const IdentifierKind& kind : identifiers.kinds()) {
      if (may && sure) {
        break;
      }
      if (kind.may_cover(candidate)) {
        takes(kind);
      }
    }
    atom.must[i] = must;
    atom.may[i] = may;
    atom.sure[i] = sure;
  }
  if (holds_of_all(atom)) {
    return constant(true);
  }
  return literal(intern(std::move(text), std::move(atom)), true);
}

NodeId Problem::principal(const PrincipalFilter& filter) {
  make_candidates();
  std::string text = "caller\1";
  for (const PrincipalType type : filter.types) {
    text += name(type);
    text += '\1';
  }
  text += signature(filter.accounts) + '\4' + signature(filter.is);
  if (const auto known = known_literal(text)) {
    return *known;
  }
  Atom atom = passing(filter);
  if (holds_of_none(atom) || holds_of_all(atom)) {
    return constant(!holds_of_none(atom));
  }
  return literal(intern(std::move(text), std::move(atom)), true);
}

Atom Problem::passing(const PrincipalFilter& filter) const {
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  struct Degrees {
    bool must = false;
    bool may = false;
    bool sure = false;
  };
  struct Wanted {
    std::string ground;
    bool known = false;
    PrincipalType type = PrincipalType::kAnonymous;
  };
  const auto read = [&](const std::vector<Text>& texts) {
    std::vector<Wanted> wanted;
    wanted.reserve(texts.size());
    for (const Text& one : texts) {
      std::string ground = survey_.ground(one);
      const PrincipalType type = read_caller(ground).type;
      wanted.push_back({.ground = std::move(ground), .known = one.known(), .type = type});
    }
    return wanted;
  };
  const std::vector<Wanted> accounts = read(filter.accounts);
  const std::vector<Wanted> is = read(filter.is);
  const auto matches = [&](const std::vector<Wanted>& wanted, const std::string& actual, const Candidate& candidate) {
    const PrincipalType type = candidate.caller.type;
    Degrees out;
    for (const Wanted& one : wanted) {
      if (one.ground == actual) {
        return Degrees{true, true, true};
      }
      out.may = out.may ||
                ((!one.known || candidate.symbolic) &&
                 (of_account(type) ||
                  (&wanted == &is ? one.type == type
                                  : !actual.empty() || (candidate.symbolic && type == PrincipalType::kFederated))));
    }
    out.sure = out.may && !candidate.fresh;
    return out;
  };
  atom.principal_spelled =
      filter.is.empty() && std::ranges::any_of(filter.accounts, [](const Text& one) { return !one.known(); });
  const bool nobodys = !filter.accounts.empty() &&
                       std::ranges::all_of(filter.accounts, [](const Text& one) { return one.is(kNoAccount); });
  const bool any_kind = filter.types.empty() && filter.accounts.empty();
  std::array<bool, 8> wanted_types{};  // by PrincipalType
  wanted_types.fill(filter.types.empty());
  for (const PrincipalType type : filter.types) {
    wanted_types[static_cast<std::size_t>(type)] = true;
  }
  atom.must.resize(candidates_.size());
  atom.may.resize(candidates_.size());
  atom.sure.resize(candidates_.size());
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    const Caller& caller = candidate.caller;
    Degrees fits;
    if (candidate.handed_out && nobodys) {
      continue;
    }
    if (candidate.unknown_kind && !any_kind) {
      fits.may = fits.sure = true;
    } else if (wanted_types[static_cast<std::size_t>(caller.type)]) {
      fits = Degrees{true, true, true};
      if (!accounts.empty()) {
        fits = matches(accounts, caller.account, candidate);
      }
      if (!is.empty() && (fits.must || fits.may || fits.sure)) {
        const Degrees named = matches(is, caller.text, candidate);
        fits = Degrees{fits.must && named.must, fits.may && named.may, fits.sure && named.sure};
      }
    }
    atom.must[i] = fits.must;
    atom.may[i] = fits.may;
    atom.sure[i] = fits.sure;
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

NodeId Problem::only(std::size_t caller) {
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  atom.must.resize(candidates_.size());
  atom.must[caller] = true;
  atom.sure = atom.may = atom.must;
  return literal(intern("only\1" + std::to_string(caller), std::move(atom)), true);
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
      parts.push_back(
          any({negate(only(i)), formula(Formula::test(FormulaKind::kIn, std::string(kArnKey), std::move(roles)))}));
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
    const Candidate candidate = candidates_[i];  // a copy: holes get numbers below
    const auto has = [&](std::string_view key, std::string_view ground) {
      if (!find_key(key)) {
        return constant(true);
      }
      const std::optional<Text> text = candidate.unknown_kind ? std::nullopt : survey_.spelled(ground);
      return text ? formula(Formula::test(FormulaKind::kIn, std::string(key), {*text})) : constant(false);
    };
    parts.push_back(any({negate(only(i)), all({has("aws:principalarn", survey_.principal_arn(candidate.caller)),
                                               has("aws:principalaccount", candidate.caller.account)})}));
  }
  return all(std::move(parts));
}

}  // namespace gabion::iam
