#include "iam/survey.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_set>

#include "iam/pattern.h"

namespace gabion::iam {

namespace {

constexpr std::uint32_t kMaxDepth = 128;

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) {
    list.push_back(std::move(text));
  }
}

/// Does the unknown hold an account number? Told by what it is the attribute of.
bool is_account(const Hole& hole) {
  return hole.symbol != nullptr ? hole.symbol->path.ends_with("account_id") || hole.symbol->path.ends_with("owner_id")
                                : hole.name.ends_with("account_id") || hole.name.starts_with("account of ");
}

/// Account numbers that stand for unknown ones: no account has so many zeros.
std::string ground_account(std::size_t number) {
  std::string digits = std::to_string(number);
  return "9" + std::string(11 - std::min<std::size_t>(digits.size(), 11), '0') + digits;
}

/// The number that a text begins with, if it ends where `end` says, which is not part of it.
std::optional<std::size_t> number_before(std::string_view text, std::string_view end) {
  std::size_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view left(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  return error == std::errc() && (end.empty() ? left.empty() : left.starts_with(end)) ? std::optional(number)
                                                                                      : std::nullopt;
}

/// Numbers of the holes whose ground texts stand in a caller, and perhaps of others that there are not.
std::vector<std::size_t> ground_numbers(const Caller& caller) {
  std::vector<std::size_t> out;
  if (caller.account.starts_with('9')) {
    const auto number = number_before(std::string_view(caller.account).substr(1), {});
    if (number && caller.account.size() == kNoAccount.size()) {  // see ground_account
      out.push_back(*number);
    }
  }
  const std::string_view text = caller.text;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    if (const auto number = number_before(text.substr(open + 1), "}")) {
      out.push_back(*number);
    }
  }
  return out;
}

/// The account that is spelled out in an ARN or is all of a text, or empty.
std::string account_in(std::string_view text) {
  std::string account = text.starts_with("arn:") ? read_caller(text).account : std::string(text);
  return account_of_identifier(account).empty() ? std::string() : account;
}

/// The first of numbered texts that is none of those.
template <class Text, class Taken>
std::string first_other(std::uint64_t number, const Text& text, const Taken& taken) {
  std::string one = text(number);
  while (taken.contains(one)) {
    one = text(++number);
  }
  return one;
}

/// Known characters at one end of a text.
std::string known_end(const Text& text, bool front) {
  const auto& segments = text.segments();
  if (segments.empty()) {
    return {};
  }
  const Segment& one = front ? segments.front() : segments.back();
  return one.is_hole ? std::string() : fold_case(one.text);
}

/// Could two texts be the same but for case? Judged by their known ends.
bool may_be_same(const Text& a, const Text& b) {
  if (a.known() && b.known()) {
    return equal_folded(a.str(), b.str());
  }
  for (const bool front : {true, false}) {
    std::string one = known_end(a, front);
    std::string other = known_end(b, front);
    if (one.size() > other.size()) {
      std::swap(one, other);
    }
    if (front ? !other.starts_with(one) : !other.ends_with(one)) {
      return false;
    }
  }
  return true;
}

/// Type of a resource whose ARN names an identity provider.
bool is_provider(std::string_view resource_type) {
  return resource_type == "aws_iam_openid_connect_provider" || resource_type == "aws_iam_saml_provider";
}

}  // namespace

std::optional<KeyType> type_of(OperatorFamily family) {
  switch (family) {
    case OperatorFamily::kNumericEquals:
    case OperatorFamily::kNumericLessThan:
    case OperatorFamily::kNumericLessThanEquals:
    case OperatorFamily::kNumericGreaterThan:
    case OperatorFamily::kNumericGreaterThanEquals:
      return KeyType::kNumeric;
    case OperatorFamily::kDateEquals:
    case OperatorFamily::kDateLessThan:
    case OperatorFamily::kDateLessThanEquals:
    case OperatorFamily::kDateGreaterThan:
    case OperatorFamily::kDateGreaterThanEquals:
      return KeyType::kDate;
    case OperatorFamily::kBool:
      return KeyType::kBool;
    case OperatorFamily::kIpAddress:
      return KeyType::kIp;
    case OperatorFamily::kArnLike:
      return KeyType::kArn;
    case OperatorFamily::kBinaryEquals:
      return KeyType::kBinary;
    default:
      return std::nullopt;
  }
}

std::string_view resource_type(const Hole& hole) {
  std::string_view subject =
      hole.symbol != nullptr && !hole.symbol->subject.empty() ? hole.symbol->subject : std::string_view(hole.name);
  const std::size_t first = subject.find("aws_");
  if (first == std::string_view::npos) {
    return {};
  }
  const std::size_t bracket = std::min(subject.find('['), subject.size());
  const std::size_t dot = std::min(subject.find('.', first), subject.size());
  if (dot <= bracket && (first == 0 || subject[first - 1] == '.')) {
    return subject.substr(first, dot - first);
  }
  // "module.a[\"x.y\"].aws_iam_role.b[0]": the first name outside of brackets that is one of the provider's.
  std::size_t begin = 0;
  std::size_t brackets = 0;
  for (std::size_t i = 0; i <= subject.size(); ++i) {
    if (i == subject.size() || (subject[i] == '.' && brackets == 0)) {
      const std::string_view part = subject.substr(begin, i - begin);
      if (part.starts_with("aws_")) {
        return part;
      }
      begin = i + 1;
    } else if (subject[i] == '[') {
      ++brackets;
    } else if (subject[i] == ']' && brackets > 0) {
      --brackets;
    }
  }
  return {};
}

KeyUse& Survey::use(std::string_view key) {
  KeyUse& out = keys_[fold_case(key)];
  if (out.name.empty()) {
    out.name = std::string(key);
  }
  return out;
}

std::vector<std::string_view> Survey::key_names() const {
  std::vector<std::string_view> out;
  out.reserve(keys_.size());
  for (const auto& [name, unused] : keys_) {
    out.push_back(name);
  }
  return out;
}

void Survey::add(const PolicyDocument& document, PolicyKind kind) {
  const bool variables = document.has_variables() != Truth::kNo;
  for (const Statement& statement : document.statements) {
    if (kind != PolicyKind::kIdentity) {
      for (const PrincipalSet* set : {&statement.principals, &statement.not_principals}) {
        for (const Identifier& identifier : set->identifiers) {
          add_identifier(identifier.type, identifier.value);
        }
      }
    }
    if (variables) {
      for (const TextList* list : {&statement.resources, &statement.not_resources}) {
        for (const Text& text : list->items) {
          add_variables(text);
        }
      }
    }
    for (const Condition& condition : statement.conditions) {
      add_condition(condition, variables);
    }
  }
}

void Survey::add_condition(const Condition& condition, bool variables) {
  KeyUse& key = use(condition.key.str());
  if (!condition.key.known()) {
    key.ambiguous = key.ambiguous || (key.open_name && !(*key.open_name == condition.key));
    key.open_name = condition.key;
  }
  if (const auto type = type_of(condition.op.family)) {
    key.types.insert(*type);
  }
  key.in_set = key.in_set || condition.op.qualifier != Qualifier::kNone;
  for (const Text& value : condition.values.items) {
    if (value.known() && condition.op.family != OperatorFamily::kNull) {
      add_constant(key, value.literal());
    }
    if (variables) {
      add_variables(value);
    }
  }
}

void Survey::add_constant(KeyUse& key, std::string_view text) {
  add_once(key.constants, std::string(text));
  // Callers who are of the account by such a test may be of an unknown one, unlike those of any other account.
  if (equal_folded(key.name, "aws:PrincipalArn") || equal_folded(key.name, "aws:PrincipalAccount")) {
    if (std::string account = account_in(text); !account.empty() && account != kNoAccount) {
      add_once(mentioned_.accounts, std::move(account));
    }
  }
}

void Survey::add_variables(const Text& text) {
  // Most texts have none, which is seen without compiling them.
  if (std::ranges::none_of(text.segments(),
                           [](const Segment& one) { return one.text.find('$') != std::string::npos; })) {
    return;
  }
  const Pattern pattern = compile_pattern(text, {.wildcards = true, .variables = true});
  for (const PolicyVariable& variable : pattern.variables) {
    KeyUse& key = use(variable.key);
    key.as_variable = true;
    if (variable.fallback) {
      add_once(key.constants, *variable.fallback);
    }
  }
}

void Survey::ground_holes(const std::string& type, const Text& value) {
  const bool whole = value.segments().size() == 1;
  for (const Segment& segment : value.segments()) {
    if (!segment.is_hole) {
      continue;
    }
    HoleTable::Entry& entry = holes_.entries[holes_.number(*segment.hole, false)];
    // Nobody gave it another text, and neither does this.
    if (entry.ground.front() != '{' || (type != "AWS" && type != "Service")) {
      continue;
    }
    const std::string own = std::to_string(entry.text);
    if (entry.ground.size() != own.size() + 2 || entry.ground.compare(1, own.size(), own) != 0) {
      continue;  // grounded by an earlier use
    }
    const auto in_account_field = [&] {
      return value.str().find("::{" + segment.hole->name + "}:") != std::string::npos;
    };
    if (type == "AWS" && (whole ? is_account(*segment.hole) : in_account_field())) {
      entry.ground = ground_account(entry.text);
    } else if (type == "AWS" && whole) {
      const bool user = resource_type(*segment.hole) == "aws_iam_user";
      entry.ground = "arn:aws:iam::" + ground_account(entry.text) + (user ? ":user/{" : ":role/{") + own + "}";
    } else if (type == "Service" && whole) {
      entry.ground = "{" + own + "}.amazonaws.com";
    }
  }
}

void Survey::add_identifier(const std::string& type, const Text& value) {
  ground_holes(type, value);
  const std::string text = ground(value);
  if (type == "AWS" && value.segments().size() == 1 && !value.known() && account_of_identifier(text).empty()) {
    const std::string_view kind = resource_type(*value.segments().front().hole);
    if (kind != "aws_iam_role" && kind != "aws_iam_user") {
      unknown_principals_.insert(text);
      return;
    }
  }
  if (type == "Service") {
    services_.insert(text);
  } else if (type == "Federated") {
    providers_.insert(text);
  } else if (type == "AWS" && text != "*") {
    if (const std::string_view account = account_of_identifier(text); !account.empty()) {
      add_once(mentioned_.accounts, std::string(account));
    } else if (text.starts_with("arn:") && text.find('*') == std::string::npos) {
      add_once(mentioned_.accounts, read_caller(text).account);
      add_once(mentioned_.principals, text);
    }
  }
}

void Survey::add(const Formula& formula) {
  if (depth_ == kMaxDepth) {
    return;
  }
  ++depth_;
  for (const Formula& child : formula.children) {
    add(child);
  }
  --depth_;
  const auto constants = [&](KeyUse& key) {
    for (const Text& value : formula.values) {
      if (value.known()) {
        add_constant(key, value.literal());
      }
    }
  };
  switch (formula.kind) {
    case FormulaKind::kPrincipal:
      for (const Text& account : formula.principal.accounts) {
        if (!account.known()) {
          for (const Segment& segment : account.segments()) {
            HoleTable::Entry& entry = holes_.entries[holes_.number(*segment.hole, false)];
            if (entry.ground == "{" + std::to_string(entry.text) + "}") {
              entry.ground = ground_account(entry.text);
            }
          }
        }
        add_once(mentioned_.accounts, ground(account));
      }
      for (const Text& one : formula.principal.is) {
        const bool whole = !one.known() && one.segments().size() == 1;
        const std::string_view kind = whole ? resource_type(*one.segments().front().hole) : std::string_view();
        const std::vector<PrincipalType>& types = formula.principal.types;
        const auto only = [&](PrincipalType type) { return types.size() == 1 && types.front() == type; };
        // What kind of caller an unknown text is can be told by the question, or by the resource that it comes from.
        if (whole && (only(PrincipalType::kFederated) || only(PrincipalType::kService) || is_provider(kind))) {
          add_identifier(only(PrincipalType::kService) ? "Service" : "Federated", one);
          continue;
        }
        const bool anybody = whole && kind != "aws_iam_role" && kind != "aws_iam_user";
        ground_holes(anybody ? "" : "AWS", one);
        if (anybody) {
          unknown_principals_.insert(ground(one));
          continue;
        }
        const Caller caller = read_caller(ground(one));
        switch (caller.type) {
          case PrincipalType::kAnonymous:
            break;
          case PrincipalType::kService:
            services_.insert(caller.text);
            break;
          case PrincipalType::kFederated:
            providers_.insert(caller.text);
            break;
          default:
            add_once(mentioned_.accounts, caller.account);
            add_once(mentioned_.principals, caller.text);
        }
      }
      break;
    case FormulaKind::kResourceIs:
      for (const Text& text : formula.values) {
        add_variables(text);
      }
      break;
    case FormulaKind::kKeyEquals:
      use(formula.key).as_variable = true;
      use(formula.other).as_variable = true;
      break;
    case FormulaKind::kAbsent:
    case FormulaKind::kPresent:
    case FormulaKind::kIn:
    case FormulaKind::kLike:
      constants(use(formula.key));
      break;
    case FormulaKind::kHas:
    case FormulaKind::kSubset:
      use(formula.key).as_list = true;
      constants(use(formula.key));
      break;
    case FormulaKind::kLess:
    case FormulaKind::kNotLess:
      use(formula.key).types.insert(KeyType::kNumeric);
      constants(use(formula.key));
      break;
    case FormulaKind::kBefore:
    case FormulaKind::kNotBefore:
      use(formula.key).types.insert(KeyType::kDate);
      constants(use(formula.key));
      break;
    case FormulaKind::kIp:
      use(formula.key).types.insert(KeyType::kIp);
      constants(use(formula.key));
      break;
    case FormulaKind::kArnLike:
      use(formula.key).types.insert(KeyType::kArn);
      constants(use(formula.key));
      break;
    default:
      break;
  }
}

bool Survey::is_key_of_its_own(const Text& name) const {
  const auto own = keys_.find(fold_case(name.str()));
  if (own == keys_.end() || own->second.ambiguous) {
    return false;
  }
  const bool one_of_the_question = std::ranges::any_of(keys_, [&](const auto& entry) {
    const KeyUse& other = entry.second;
    return &other != &own->second && may_be_same(name, other.open_name.value_or(Text(other.name)));
  });
  return !one_of_the_question && std::ranges::none_of(known_keys(), [&](const KnownKey& known) {
    return known.has_facts() && may_be_same(name, Text(known.key));
  });
}

std::string Survey::ground(const Text& text) const {
  std::string out;
  for (const Segment& segment : text.segments()) {
    if (!segment.is_hole) {
      out += segment.text;
      continue;
    }
    const auto entry = std::ranges::find(holes_.entries, *segment.hole, &HoleTable::Entry::hole);
    out += entry == holes_.entries.end() ? "{" + segment.hole->name + "}" : holes_.entries[entry->text].ground;
  }
  return out;
}

std::optional<Text> Survey::spelled(std::string_view ground) const {
  Text out;
  std::string known;
  while (!ground.empty()) {
    const HoleTable::Entry* longest = nullptr;
    for (const HoleTable::Entry& entry : holes_.entries) {
      if (!entry.pattern && !entry.ground.empty() && ground.starts_with(entry.ground) &&
          (longest == nullptr || longest->ground.size() < entry.ground.size())) {
        longest = &entry;
      }
    }
    if (longest == nullptr) {
      known += ground.front();
      ground.remove_prefix(1);
      continue;
    }
    out.append(known);
    known.clear();
    out.append(longest->hole);
    ground.remove_prefix(longest->ground.size());
  }
  out.append(known);
  const bool hidden = std::ranges::any_of(holes_.entries, [&](const HoleTable::Entry& entry) {
    return std::ranges::any_of(out.segments(), [&](const Segment& segment) {
      return segment.text.find(ground_account(entry.text)) != std::string::npos ||
             segment.text.find("{" + std::to_string(entry.text) + "}") != std::string::npos;
    });
  });
  return hidden ? std::nullopt : std::optional(out);
}

std::string Survey::principal_arn(const Caller& caller) const {
  if (caller.type != PrincipalType::kSession) {
    return caller.text;
  }
  for (const std::string& principal : mentioned_.principals) {
    const Caller role = read_caller(principal);
    if (role.type == PrincipalType::kRole && role.account == caller.account && role.name == caller.name) {
      return principal;
    }
  }
  return "arn:" + caller.partition + ":iam::" + caller.account + ":role/" + caller.name;
}

Mentioned Survey::mentioned_by_name() const {
  Mentioned named = mentioned_;
  const auto unknown_account = [&](const std::string& account) {
    return std::ranges::any_of(holes_.entries, [&](const HoleTable::Entry& entry) {
      return account == ground_account(entry.text) ||
             account.find("{" + std::to_string(entry.text) + "}") != std::string::npos;
    });
  };
  std::erase_if(named.accounts, unknown_account);
  std::erase_if(named.principals, [&](const std::string& principal) {
    return principal.find('{') != std::string::npos || unknown_account(read_caller(principal).account);
  });
  return named;
}

/// Notes whether unknown texts stand in a candidate, and which: the account of an unknown role is as unknown as the
/// role.
void Survey::name_holes(Candidate& candidate) const {
  if (holes_.entries.empty()) {
    return;
  }
  bool literal = true;
  for (const std::size_t number : ground_numbers(candidate.caller)) {
    if (number < holes_.entries.size() && holes_.entries[number].text == number) {
      const Hole& hole = holes_.entries[number].hole;
      candidate.symbolic = true;
      literal = literal && hole.literal && !hole.many;
    }
  }
  candidate.handed_out = candidate.symbolic && literal;
}

std::string Survey::unmentioned_account() const {
  const auto has_provider = [&](std::string_view account) {
    return std::ranges::any_of(providers_, [&](const std::string& one) { return read_caller(one).account == account; });
  };
  for (const std::string_view known : {"444455556666", "111122223333", "777788889999", "123456789012"}) {
    if (std::ranges::find(mentioned_.accounts, known) == mentioned_.accounts.end() && !has_provider(known)) {
      return std::string(known);
    }
  }
  std::unordered_set<std::string> taken(mentioned_.accounts.begin(), mentioned_.accounts.end());
  for (const std::string& provider : providers_) {
    taken.insert(read_caller(provider).account);
  }
  constexpr std::uint64_t kFirst = 100'000'000'000;
  return first_other(
      kFirst, [&](std::uint64_t number) { return std::to_string(number); }, taken);
}

std::string Survey::unmentioned_service() const {
  for (const std::string_view known : {"ec2.amazonaws.com", "lambda.amazonaws.com"}) {
    if (!services_.contains(std::string(known))) {
      return std::string(known);
    }
  }
  return first_other(
      1,
      [](std::uint64_t number) { return "example" + (number == 1 ? "" : std::to_string(number)) + ".amazonaws.com"; },
      services_);
}

std::vector<Candidate> Survey::candidates(PrincipalTypes types) const {
  std::vector<Candidate> out;
  // Room for all, so that views of their texts stay good.
  constexpr std::size_t kOfPrincipal = 3;
  constexpr std::size_t kOfAccount = 7;
  constexpr std::size_t kOthers = 3;
  out.reserve(mentioned_.principals.size() * kOfPrincipal + (mentioned_.accounts.size() + 1) * kOfAccount +
              unknown_principals_.size() + providers_.size() + services_.size() + kOthers);
  std::unordered_set<std::string_view> texts;
  texts.reserve(out.capacity());
  const auto wanted = [&](PrincipalType type) { return types.test(static_cast<std::size_t>(type)); };
  const auto add = [&](std::string text, bool generic, bool unknown = false) {
    if (texts.contains(text)) {
      return;
    }
    Caller caller = take_caller(std::move(text));
    if (unknown || wanted(caller.type)) {
      Candidate& added = out.emplace_back(Candidate{.caller = std::move(caller), .generic = generic});
      name_holes(added);
      texts.insert(added.caller.text);
    }
  };
  std::vector<std::string> accounts = mentioned_.accounts;
  const std::string fresh_account = accounts.emplace_back(unmentioned_account());
  // A name that nobody mentions, so that it stands for all of them.
  std::string name = "example";
  const auto is_mentioned = [&](const std::string& text) {
    return text.ends_with(name) && text.size() > name.size() && text[text.size() - name.size() - 1] == '/';
  };
  while (std::ranges::any_of(mentioned_.principals, is_mentioned)) {
    name += "-1";
  }
  for (const std::string& principal : mentioned_.principals) {
    const Caller caller = read_caller(principal);
    add(principal, false);
    if (caller.type == PrincipalType::kRole || caller.type == PrincipalType::kSession) {
      add("arn:" + caller.partition + ":sts::" + caller.account + ":assumed-role/" + caller.name + "/" + name, true);
      if (caller.type == PrincipalType::kSession) {
        add("arn:" + caller.partition + ":iam::" + caller.account + ":role/" + caller.name, true);
      }
    }
  }
  const std::string provider = name + ".com";
  for (const std::string& account : accounts) {
    const std::string iam = "arn:aws:iam::" + account + ":";
    const std::string sts = "arn:aws:sts::" + account + ":";
    if (account.find(':') != std::string::npos) {
      add(iam + "user/" + name, true);
      add(iam + "role/" + name, true);
      add(sts + "assumed-role/" + name + "/session", true);
      add(iam + "root", false);
      add(sts + "federated-user/" + name, true);
      continue;
    }
    // What such a text says is known without taking it apart, and what is unknown about one is so about all.
    Candidate of_account;
    of_account.caller.text = iam;
    of_account.caller.partition = "aws";
    of_account.caller.account = account;
    of_account.generic = true;
    name_holes(of_account);
    const auto add_type = [&](PrincipalType type, const std::string& service, std::string_view kind,
                              std::string_view called) {
      if (!wanted(type)) {
        return;
      }
      std::string& text = of_account.caller.text;
      text.assign(service).append(kind).append(called);
      of_account.caller.type = type;
      if (!texts.contains(text)) {
        texts.insert(out.emplace_back(of_account).caller.text);
      }
    };
    of_account.caller.name = name;
    add_type(PrincipalType::kUser, iam, "user/", name);
    add_type(PrincipalType::kRole, iam, "role/", name);
    of_account.caller.session = "session";
    add_type(PrincipalType::kSession, sts, "assumed-role/", name + "/session");
    of_account.caller.session.clear();
    of_account.caller.name.clear();
    of_account.generic = false;
    add_type(PrincipalType::kRoot, iam, "root", {});
    of_account.generic = true;
    of_account.caller.name = name;
    add_type(PrincipalType::kFederatedUser, sts, "federated-user/", name);
  }
  for (const std::string& unknown : unknown_principals_) {
    add(unknown, false, true);
    out.back().unknown_kind = true;
  }
  for (const std::string& named : providers_) {
    add(named, false);
  }
  for (const std::string& service : services_) {
    add(service, false);
  }
  add(unmentioned_service(), true);
  // Providers sign people in and make hardly any other request, so they are shown where nobody else will do.
  add("anonymous", false);
  for (const std::string& account : wanted(PrincipalType::kFederated) ? accounts : std::vector<std::string>{}) {
    const std::string iam = "arn:aws:iam::" + account + ":";
    add(iam + "saml-provider/" + name, true);
    add(iam + "oidc-provider/" + provider, true);
  }
  add("idp." + provider, true);
  for (Candidate& candidate : out) {
    candidate.fresh = candidate.caller.account == fresh_account;
  }
  return out;
}

}  // namespace gabion::iam
