#include "iam/key_facts.h"

#include <algorithm>
#include <array>

#include "iam/principal.h"

namespace gabion::iam {

namespace {

/// Before the first release.
constexpr std::string_view kPastUntil = "2026-01-01T00:00:00Z";

constexpr std::array kKnownKeys{
    KnownKey{"aws:calledvia", KeyType::kString, true, false, "cloudformation.amazonaws.com"},
    KnownKey{"aws:calledviafirst", KeyType::kString, false, false, "cloudformation.amazonaws.com"},
    KnownKey{"aws:calledvialast", KeyType::kString, false, false, "cloudformation.amazonaws.com"},
    KnownKey{"aws:currenttime", KeyType::kDate, false, true, "2026-01-01T00:00:00Z"},
    KnownKey{"aws:ec2instancesourceprivateipv4", KeyType::kIp, false, false, "10.0.0.7"},
    KnownKey{"aws:ec2instancesourcevpc", KeyType::kString, false, false, "vpc-0123456789abcdef0"},
    KnownKey{"aws:epochtime", KeyType::kDate, false, true, "1767225600"},
    KnownKey{"aws:federatedprovider", KeyType::kString, false, false, ""},
    KnownKey{"aws:multifactorauthage", KeyType::kNumeric, false, false, "60"},
    KnownKey{"aws:multifactorauthpresent", KeyType::kBool, false, false, ""},
    KnownKey{"aws:principalaccount", KeyType::kString, false, true, "111122223333"},
    KnownKey{"aws:principalarn", KeyType::kArn, false, false, "arn:aws:iam::111122223333:role/example"},
    KnownKey{"aws:principalisawsservice", KeyType::kBool, false, false, ""},
    KnownKey{"aws:principalorgid", KeyType::kString, false, false, "o-example1234"},
    KnownKey{"aws:principalorgpaths", KeyType::kString, true, false, "o-example1234/r-ab12/ou-ab12-11111111/"},
    KnownKey{"aws:principalservicename", KeyType::kString, false, false, "cloudtrail.amazonaws.com"},
    KnownKey{"aws:principalservicenameslist", KeyType::kString, true, false, "cloudtrail.amazonaws.com"},
    KnownKey{"aws:principaltype", KeyType::kString, false, true, "User"},
    KnownKey{"aws:referer", KeyType::kString, false, false, "https://example.com/"},
    KnownKey{"aws:requestedregion", KeyType::kString, false, true, "us-east-1"},
    KnownKey{"aws:resourceaccount", KeyType::kString, false, false, "111122223333"},
    KnownKey{"aws:resourceorgid", KeyType::kString, false, false, "o-example1234"},
    KnownKey{"aws:resourceorgpaths", KeyType::kString, true, false, "o-example1234/r-ab12/ou-ab12-11111111/"},
    KnownKey{"aws:securetransport", KeyType::kBool, false, true, ""},
    KnownKey{"aws:sourceaccount", KeyType::kString, false, false, "111122223333"},
    KnownKey{"aws:sourcearn", KeyType::kArn, false, false, "arn:aws:sns:us-east-1:111122223333:example"},
    KnownKey{"aws:sourceidentity", KeyType::kString, false, false, "example"},
    KnownKey{"aws:sourceip", KeyType::kIp, false, false, "198.51.100.7"},
    KnownKey{"aws:sourceorgid", KeyType::kString, false, false, "o-example1234"},
    KnownKey{"aws:sourceorgpaths", KeyType::kString, true, false, "o-example1234/r-ab12/ou-ab12-11111111/"},
    KnownKey{"aws:sourcevpc", KeyType::kString, false, false, "vpc-0123456789abcdef0"},
    KnownKey{"aws:sourcevpce", KeyType::kString, false, false, "vpce-0123456789abcdef0"},
    KnownKey{"aws:tagkeys", KeyType::kString, true, false, "team"},
    KnownKey{"aws:tokenissuetime", KeyType::kDate, false, false, "2026-01-01T00:00:00Z"},
    KnownKey{"aws:useragent", KeyType::kString, false, true, "aws-cli/2"},
    KnownKey{"aws:userid", KeyType::kString, false, true, "AIDAEXAMPLE"},
    KnownKey{"aws:username", KeyType::kString, false, false, "example"},
    KnownKey{"aws:viaawsservice", KeyType::kBool, false, true, ""},
    KnownKey{"aws:vpcsourceip", KeyType::kIp, false, false, "10.0.0.7"},
    KnownKey{"iam:passedtoservice", KeyType::kString, false, false, "lambda.amazonaws.com"},
    KnownKey{"kms:calleraccount", KeyType::kString, false, false, "111122223333"},
    KnownKey{"kms:grantisforawsresource", KeyType::kBool, false, false, ""},
    KnownKey{"kms:viaservice", KeyType::kString, false, false, "s3.us-east-1.amazonaws.com"},
    KnownKey{"s3:prefix", KeyType::kString, false, false, "home/"},
    KnownKey{"s3:tlsversion", KeyType::kNumeric, false, false, "1.2"},
    KnownKey{"s3:x-amz-acl", KeyType::kString, false, false, "private"},
    KnownKey{"s3:x-amz-server-side-encryption", KeyType::kString, false, false, "AES256"},
    KnownKey{"sts:externalid", KeyType::kString, false, false, "example"},
    KnownKey{"token.actions.githubusercontent.com:aud", KeyType::kString, false, false, "sts.amazonaws.com"},
    KnownKey{"token.actions.githubusercontent.com:sub", KeyType::kString, false, false,
             "repo:example/example:ref:refs/heads/main"},
};

constexpr std::array<std::string_view, 46> kActions{"s3:GetObject",
                                                    "s3:PutObject",
                                                    "s3:ListBucket",
                                                    "s3:DeleteObject",
                                                    "s3:PutBucketPolicy",
                                                    "s3:AbortMultipartUpload",
                                                    "s3:GetBucketLocation",
                                                    "s3:ListAllMyBuckets",
                                                    "ec2:RunInstances",
                                                    "ec2:DescribeInstances",
                                                    "ec2:TerminateInstances",
                                                    "ec2:StopInstances",
                                                    "iam:CreateUser",
                                                    "iam:PassRole",
                                                    "iam:CreateAccessKey",
                                                    "iam:AttachRolePolicy",
                                                    "iam:PutRolePolicy",
                                                    "iam:GetUser",
                                                    "iam:ChangePassword",
                                                    "iam:EnableMFADevice",
                                                    "sts:AssumeRole",
                                                    "sts:TagSession",
                                                    "sts:AssumeRoleWithSAML",
                                                    "sts:AssumeRoleWithWebIdentity",
                                                    "sts:GetSessionToken",
                                                    "kms:Decrypt",
                                                    "kms:Encrypt",
                                                    "kms:GenerateDataKey",
                                                    "kms:PutKeyPolicy",
                                                    "kms:CreateGrant",
                                                    "kms:ScheduleKeyDeletion",
                                                    "kms:DescribeKey",
                                                    "lambda:InvokeFunction",
                                                    "lambda:CreateFunction",
                                                    "dynamodb:GetItem",
                                                    "dynamodb:PutItem",
                                                    "sqs:SendMessage",
                                                    "sns:Publish",
                                                    "ecr:BatchGetImage",
                                                    "ecr:PutImage",
                                                    "ecr:GetAuthorizationToken",
                                                    "logs:PutLogEvents",
                                                    "cloudtrail:StopLogging",
                                                    "secretsmanager:GetSecretValue",
                                                    "rds:DeleteDBInstance",
                                                    "organizations:LeaveOrganization"};

struct ServiceResource {
  std::string_view prefix;
  std::string_view resource;
};

constexpr std::array kResources{
    ServiceResource{"s3:listallmybuckets", "*"},
    ServiceResource{"s3:listbucket", "arn:aws:s3:::example-bucket"},
    ServiceResource{"s3:putbucket", "arn:aws:s3:::example-bucket"},
    ServiceResource{"s3:getbucket", "arn:aws:s3:::example-bucket"},
    ServiceResource{"s3:", "arn:aws:s3:::example-bucket/key"},
    ServiceResource{"ec2:describe", "*"},
    ServiceResource{"ec2:", "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"},
    ServiceResource{"iam:passrole", "arn:aws:iam::111122223333:role/example"},
    ServiceResource{"iam:attachrolepolicy", "arn:aws:iam::111122223333:role/example"},
    ServiceResource{"iam:putrolepolicy", "arn:aws:iam::111122223333:role/example"},
    ServiceResource{"iam:updateassumerolepolicy", "arn:aws:iam::111122223333:role/example"},
    ServiceResource{"iam:", "arn:aws:iam::111122223333:user/example"},
    ServiceResource{"sts:assumerole", "arn:aws:iam::111122223333:role/example"},
    ServiceResource{"kms:", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    ServiceResource{"lambda:", "arn:aws:lambda:us-east-1:111122223333:function:example"},
    ServiceResource{"dynamodb:", "arn:aws:dynamodb:us-east-1:111122223333:table/example"},
    ServiceResource{"sqs:", "arn:aws:sqs:us-east-1:111122223333:example"},
    ServiceResource{"sns:", "arn:aws:sns:us-east-1:111122223333:example"},
    ServiceResource{"ecr:getauthorizationtoken", "*"},
    ServiceResource{"ecr:", "arn:aws:ecr:us-east-1:111122223333:repository/example"},
    ServiceResource{"logs:", "arn:aws:logs:us-east-1:111122223333:log-group:example"},
    ServiceResource{"rds:", "arn:aws:rds:us-east-1:111122223333:db:example"},
    ServiceResource{"secretsmanager:", "arn:aws:secretsmanager:us-east-1:111122223333:secret:example-AbCdEf"},
};

Formula key_test(FormulaKind kind, std::string_view key, std::vector<std::string_view> values = {}) {
  std::vector<Text> texts;
  texts.reserve(values.size());
  for (const std::string_view value : values) {
    texts.emplace_back(value);
  }
  return Formula::test(kind, std::string(key), std::move(texts));
}

Formula callers(std::vector<PrincipalType> types) {
  Formula out;
  out.kind = FormulaKind::kPrincipal;
  out.principal.types = std::move(types);
  return out;
}

Formula implies(Formula condition, Formula consequence) {
  std::vector<Formula> either;
  either.push_back(Formula::negation(std::move(condition)));
  either.push_back(std::move(consequence));
  return Formula::any(std::move(either));
}

Formula equivalent(const Formula& a, const Formula& b) {
  std::vector<Formula> both;
  both.push_back(implies(a, b));
  both.push_back(implies(b, a));
  return Formula::all(std::move(both));
}

/// Callers that belong to an account.
constexpr std::array kAccountTypes{PrincipalType::kRoot, PrincipalType::kUser, PrincipalType::kRole,
                                   PrincipalType::kSession, PrincipalType::kFederatedUser};

std::vector<PrincipalType> account_types() {
  return {kAccountTypes.begin(), kAccountTypes.end()};
}

/// Names of the keys of a question, folded and sorted.
using Keys = std::span<const std::string_view>;

bool has(Keys keys, std::string_view key) {
  return std::ranges::binary_search(keys, key);
}

/// Callers that never carry a key.
struct KeylessCallers {
  std::string_view key;
  std::string_view who;
  std::span<const PrincipalType> types;
};

constexpr std::array kNotUsers{PrincipalType::kRoot,    PrincipalType::kRole,      PrincipalType::kSession,
                               PrincipalType::kService, PrincipalType::kFederated, PrincipalType::kAnonymous};
constexpr std::array kNotServices{PrincipalType::kRoot,     PrincipalType::kUser,          PrincipalType::kRole,
                                  PrincipalType::kSession,  PrincipalType::kFederatedUser, PrincipalType::kFederated,
                                  PrincipalType::kAnonymous};
constexpr std::array kStrangers{PrincipalType::kAnonymous, PrincipalType::kService, PrincipalType::kFederated};
constexpr std::span<const PrincipalType> kAnonymousCallers = std::span(kStrangers).first(1);
constexpr std::span<const PrincipalType> kAnonymousAndServices = std::span(kStrangers).first(2);

constexpr std::array kKeylessCallers{
    KeylessCallers{"aws:principalarn", "anonymous callers", kAnonymousCallers},
    KeylessCallers{"aws:principalorgid", "anonymous callers and services", kAnonymousAndServices},
    KeylessCallers{"aws:principalorgpaths", "anonymous callers and services", kAnonymousAndServices},
    KeylessCallers{"aws:username", "callers other than users", kNotUsers},
    KeylessCallers{"aws:tokenissuetime", "anonymous callers and services", kAnonymousAndServices},
    KeylessCallers{"aws:multifactorauthpresent", "services, providers and anonymous callers", kStrangers},
    KeylessCallers{"aws:multifactorauthage", "services, providers and anonymous callers", kStrangers},
    KeylessCallers{"aws:principalisawsservice", "anonymous callers", kAnonymousCallers},
    KeylessCallers{"aws:principalservicename", "callers other than services", kNotServices},
    KeylessCallers{"aws:principalservicenameslist", "callers other than services", kNotServices},
    KeylessCallers{"aws:sourcearn", "callers other than services", kNotServices},
    KeylessCallers{"aws:sourceaccount", "callers other than services", kNotServices},
};

/// Keys that no request carries both of.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kExclusive{{
    {"aws:sourceip", "aws:sourcevpc"},
    {"aws:sourceip", "aws:sourcevpce"},
    {"aws:sourceip", "aws:vpcsourceip"},
}};

/// Is any of the types among those of the callers?
bool may_be(std::span<const PrincipalType> types, PrincipalTypes callers) {
  return std::ranges::any_of(types, [&](PrincipalType type) { return callers.test(static_cast<std::size_t>(type)); });
}

void keyless_facts(std::vector<Fact>& out, Keys keys, PrincipalTypes callers_of_question) {
  for (const auto& [key, who, types] : kKeylessCallers) {
    if (has(keys, key) && may_be(types, callers_of_question)) {
      out.push_back(
          Fact{.name = std::string(who) + " do not carry " + std::string(key),
               .formula = implies(callers({types.begin(), types.end()}), key_test(FormulaKind::kAbsent, key))});
    }
  }
}

void exclusive_facts(std::vector<Fact>& out, Keys keys) {
  for (const auto& [one, other] : kExclusive) {
    if (has(keys, one) && has(keys, other)) {
      std::vector<Formula> either;
      either.push_back(key_test(FormulaKind::kAbsent, one));
      either.push_back(key_test(FormulaKind::kAbsent, other));
      out.push_back(Fact{.name = "no request carries both " + std::string(one) + " and " + std::string(other),
                         .formula = Formula::any(std::move(either))});
    }
  }
}

/// aws:PrincipalAccount is the caller's account.
void account_facts(std::vector<Fact>& out, Keys keys, const Mentioned& mentioned, PrincipalTypes callers_of_question) {
  constexpr std::string_view kKey = "aws:principalaccount";
  if (!has(keys, kKey)) {
    return;
  }
  std::vector<Formula> parts;
  if (may_be(kAnonymousCallers, callers_of_question)) {
    parts.push_back(implies(callers({PrincipalType::kAnonymous}), key_test(FormulaKind::kIn, kKey, {"anonymous"})));
  }
  const bool of_accounts = may_be(kAccountTypes, callers_of_question);
  if (of_accounts) {
    parts.push_back(implies(callers(account_types()), key_test(FormulaKind::kLike, kKey, {"????????????"})));
  }
  for (const std::string& account : of_accounts ? std::span(mentioned.accounts) : std::span<const std::string>()) {
    Formula of_account;
    of_account.kind = FormulaKind::kPrincipal;
    of_account.principal.accounts.emplace_back(account);
    parts.push_back(
        implies(callers(account_types()), equivalent(of_account, key_test(FormulaKind::kIn, kKey, {account}))));
  }
  out.push_back(Fact{.name = std::string(kCallerAccountFact), .formula = Formula::all(std::move(parts))});
}

/// aws:PrincipalArn is the caller, or the role of a session.
void arn_facts(std::vector<Fact>& out, Keys keys, const Mentioned& mentioned, PrincipalTypes callers_of_question) {
  constexpr std::string_view kKey = "aws:principalarn";
  if (!has(keys, kKey)) {
    return;
  }
  std::vector<Formula> parts;
  const auto wanted = [&](PrincipalType type) { return callers_of_question.test(static_cast<std::size_t>(type)); };
  const auto of_type = [&](PrincipalType type, std::string_view pattern) {
    if (wanted(type)) {
      parts.push_back(implies(callers({type}), key_test(FormulaKind::kArnLike, kKey, {pattern})));
    }
  };
  of_type(PrincipalType::kRoot, "arn:aws*:iam::????????????:root");
  of_type(PrincipalType::kUser, "arn:aws*:iam::????????????:user/?*");
  of_type(PrincipalType::kRole, "arn:aws*:iam::????????????:role/?*");
  of_type(PrincipalType::kSession, "arn:aws*:iam::????????????:role/?*");
  of_type(PrincipalType::kFederatedUser, "arn:aws*:sts::????????????:federated-user/?*");
  const bool of_accounts = may_be(kAccountTypes, callers_of_question);
  for (const std::string& account : of_accounts ? std::span(mentioned.accounts) : std::span<const std::string>()) {
    Formula of_account;
    of_account.kind = FormulaKind::kPrincipal;
    of_account.principal.accounts.emplace_back(account);
    parts.push_back(
        implies(callers(account_types()),
                equivalent(of_account, key_test(FormulaKind::kArnLike, kKey, {"arn:aws*:*::" + account + ":*"}))));
  }
  for (const std::string& principal : mentioned.principals) {
    const Caller caller = read_caller(principal);
    if (!wanted(caller.type)) {
      continue;
    }
    Formula is;
    is.kind = FormulaKind::kPrincipal;
    is.principal.is.emplace_back(principal);
    if (caller.type == PrincipalType::kUser || caller.type == PrincipalType::kFederatedUser) {
      parts.push_back(implies(callers({caller.type}), equivalent(is, key_test(FormulaKind::kIn, kKey, {principal}))));
    } else if (caller.type == PrincipalType::kRole) {
      parts.push_back(implies(callers({caller.type}), equivalent(is, key_test(FormulaKind::kIn, kKey, {principal}))));
    } else if (caller.type == PrincipalType::kSession) {
      const std::string account = "arn:aws*:iam::" + caller.account + ":role/";
      parts.push_back(
          implies(is, key_test(FormulaKind::kArnLike, kKey, {account + caller.name, account + "*/" + caller.name})));
    }
  }
  out.push_back(Fact{.name = std::string(kCallerArnFact), .formula = Formula::all(std::move(parts))});
}

/// What AWS calls a type of callers. Roles act in sessions.
struct TypeName {
  PrincipalType type;
  std::string_view name;
};

constexpr std::array kTypeNames{
    TypeName{PrincipalType::kRoot, "Account"},
    TypeName{PrincipalType::kUser, "User"},
    TypeName{PrincipalType::kRole, "AssumedRole"},
    TypeName{PrincipalType::kSession, "AssumedRole"},
    TypeName{PrincipalType::kFederatedUser, "FederatedUser"},
    TypeName{PrincipalType::kAnonymous, "Anonymous"},
};

/// aws:PrincipalType says what the caller is, and aws:userid is the id of a user, or ids with a colon between them.
void identity_facts(std::vector<Fact>& out, Keys keys, PrincipalTypes callers_of_question) {
  constexpr std::string_view kType = "aws:principaltype";
  constexpr std::string_view kId = "aws:userid";
  const auto wanted = [&](PrincipalType type) { return callers_of_question.test(static_cast<std::size_t>(type)); };
  if (has(keys, kType)) {
    std::vector<Formula> parts;
    for (const auto& [type, name] : kTypeNames) {
      if (wanted(type)) {
        parts.push_back(implies(callers({type}), key_test(FormulaKind::kIn, kType, {name})));
      }
    }
    out.push_back(
        Fact{.name = "aws:principaltype is the type of the caller", .formula = Formula::all(std::move(parts))});
  }
  if (has(keys, kId) && wanted(PrincipalType::kUser)) {
    out.push_back(Fact{.name = "the id of a user has no colon",
                       .formula = implies(callers({PrincipalType::kUser}),
                                          Formula::negation(key_test(FormulaKind::kLike, kId, {"*:*"})))});
  }
}

/// Time that is over when this program runs: whatever else may be, no request is made then any more. What is granted
/// for longer is granted, since nobody here asks a clock and answers stay the same from day to day.
void time_facts(std::vector<Fact>& out, Keys keys) {
  for (const std::string_view key : {"aws:currenttime", "aws:epochtime"}) {
    if (has(keys, key)) {
      std::vector<Formula> either;
      either.push_back(key_test(FormulaKind::kAbsent, key));
      either.push_back(key_test(FormulaKind::kNotBefore, key, {kPastUntil}));
      out.push_back(Fact{.name = not_in_the_past_fact(key), .formula = Formula::any(std::move(either))});
    }
  }
}

const KnownKey* find_folded(std::string_view key) {
  const auto* found = std::ranges::lower_bound(kKnownKeys, key, {}, &KnownKey::key);
  return found != kKnownKeys.end() && found->key == key ? found : nullptr;
}

}  // namespace

std::span<const KnownKey> known_keys() {
  return kKnownKeys;
}

const KnownKey* find_known_key(std::string_view key) {
  return find_folded(fold_case(key));
}

std::string always_present_fact(std::string_view key) {
  return "every request carries " + std::string(key);
}

std::string not_empty_fact(std::string_view key) {
  return "the values of " + std::string(key) + " are not empty";
}

std::string not_in_the_past_fact(std::string_view key) {
  return std::string(key) + " is not before 2026";
}

Spelling spelling_of(std::string_view key) {
  const std::string folded = fold_case(key);
  if (folded == "aws:principalarn") {
    return Spelling::kPrincipalArn;
  }
  if (folded == "aws:principalaccount") {
    return Spelling::kAccountOrAnonymous;
  }
  const bool account = folded == "aws:sourceaccount" || folded == "aws:resourceaccount" ||
                       folded == "kms:calleraccount" || folded == "s3:resourceaccount";
  return account ? Spelling::kAccount : Spelling::kAny;
}

std::vector<Fact> aws_facts(std::span<const std::string_view> keys, const Mentioned& mentioned,
                            PrincipalTypes callers_of_question) {
  std::vector<Fact> out;
  keyless_facts(out, keys, callers_of_question);
  exclusive_facts(out, keys);
  if (has(keys, "aws:multifactorauthage") && has(keys, "aws:multifactorauthpresent")) {
    out.push_back(Fact{.name = "aws:multifactorauthage comes with aws:multifactorauthpresent",
                       .formula = implies(key_test(FormulaKind::kPresent, "aws:multifactorauthage"),
                                          key_test(FormulaKind::kIn, "aws:multifactorauthpresent", {"true"}))});
  }
  if (has(keys, "aws:principalisawsservice")) {
    using enum PrincipalType;
    out.push_back(Fact{.name = "signed requests carry aws:principalisawsservice",
                       .formula = implies(callers({kRoot, kUser, kRole, kSession, kFederatedUser, kService}),
                                          key_test(FormulaKind::kPresent, "aws:principalisawsservice"))});
    Formula service = callers({kService});
    out.push_back(
        Fact{.name = "aws:principalisawsservice is true for services alone",
             .formula = equivalent(service, key_test(FormulaKind::kIn, "aws:principalisawsservice", {"true"}))});
  }
  identity_facts(out, keys, callers_of_question);
  account_facts(out, keys, mentioned, callers_of_question);
  arn_facts(out, keys, mentioned, callers_of_question);
  time_facts(out, keys);
  return out;
}

Absence absence_of(std::string_view folded, PrincipalTypes callers) {
  Absence out;
  const KnownKey* known = find_folded(folded);
  // Of the last two, facts say who carries them.
  out.possible =
      !(known != nullptr && known->always) && folded != "aws:principalarn" && folded != "aws:principalisawsservice";
  out.tells_callers_apart = std::ranges::any_of(
      kKeylessCallers, [&](const KeylessCallers& one) { return one.key == folded && may_be(one.types, callers); });
  const bool exclusive =
      std::ranges::any_of(kExclusive, [&](const auto& pair) { return pair.first == folded || pair.second == folded; });
  if (folded == "aws:multifactorauthpresent") {
    out.unless = "aws:multifactorauthage";
  }
  out.free = out.possible && !out.tells_callers_apart && !exclusive && folded != "aws:multifactorauthage";
  return out;
}

std::span<const std::string_view> sample_actions() {
  return kActions;
}

std::string_view sample_resource(std::string_view action) {
  const std::string folded = fold_case(action);
  for (const ServiceResource& entry : kResources) {
    if (folded.starts_with(entry.prefix)) {
      return entry.resource;
    }
  }
  return "arn:aws:s3:::example-bucket/key";
}

}  // namespace gabion::iam
