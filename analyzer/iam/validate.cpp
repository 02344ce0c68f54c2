#include "iam/validate.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include "iam/validate_parts.h"
#include "source/ascii.h"

namespace gabion::iam {

namespace {

using findings::DiagnosticSeverity;

struct UseRow {
  std::string_view name;
  PolicyUse use;
  PolicyKind kind;
  std::size_t quota;  ///< characters of one document; 0: none is known
  bool white_space;   ///< white space counts
};

// Sizes as the services document them:
// - IAM: "IAM and AWS STS quotas" of the IAM User Guide. White space does not count, inline policies of one principal
//   share their quota (one document alone must not exceed it), that of trust policies is 2048 and can be raised to
//   4096.
// - Session policies: AssumeRole in the STS API Reference; plain text, white space included.
// - Organizations: "Quotas and service limits" of its User Guide. Since May 2026 an SCP may have 10240 characters,
//   before 5120; an RCP 5120. White space between elements counts unless the console saves the policy; Terraform
//   normalises it away.
// - Permission sets: PutInlinePolicyToPermissionSet in the API Reference of IAM Identity Center.
// - S3: "Bucket policies and user policies" of its User Guide, 20 KB. KMS: PutKeyPolicy, 32 KB. ECR:
//   SetRepositoryPolicy, 10240 characters. SNS: "Amazon SNS quotas", 30 KB. SQS: "Amazon SQS policy quotas", 8192
//   bytes. Secrets Manager: PutResourcePolicy, 20480 characters.
constexpr std::array<UseRow, 17> kUses{{
    {"identity", PolicyUse::kIdentity, PolicyKind::kIdentity, 6144, false},
    {"role-inline", PolicyUse::kRoleInline, PolicyKind::kIdentity, 10240, false},
    {"user-inline", PolicyUse::kUserInline, PolicyKind::kIdentity, 2048, false},
    {"group-inline", PolicyUse::kGroupInline, PolicyKind::kIdentity, 5120, false},
    {"boundary", PolicyUse::kBoundary, PolicyKind::kIdentity, 6144, false},
    {"session", PolicyUse::kSession, PolicyKind::kIdentity, 2048, true},
    {"trust", PolicyUse::kTrust, PolicyKind::kTrust, 4096, false},
    {"scp", PolicyUse::kScp, PolicyKind::kIdentity, 10240, true},
    {"rcp", PolicyUse::kRcp, PolicyKind::kResource, 5120, true},
    {"resource", PolicyUse::kResource, PolicyKind::kResource, 0, true},
    {"bucket", PolicyUse::kBucket, PolicyKind::kResource, 20480, true},
    {"key", PolicyUse::kKey, PolicyKind::kResource, 32768, true},
    {"repository", PolicyUse::kRepository, PolicyKind::kResource, 10240, true},
    {"topic", PolicyUse::kTopic, PolicyKind::kResource, 30720, true},
    {"queue", PolicyUse::kQueue, PolicyKind::kResource, 8192, true},
    {"secret", PolicyUse::kSecret, PolicyKind::kResource, 20480, true},
    {"permission-set", PolicyUse::kPermissionSet, PolicyKind::kIdentity, 32768, true},
}};

/// The quota of trust policies before it is raised.
constexpr std::size_t kTrustDefault = 2048;

constexpr std::string_view kCurrentVersion = "2012-10-17";

const UseRow& row(PolicyUse use) {
  return *std::ranges::find(kUses, use, &UseRow::use);
}

void add(std::vector<PolicyProblem>& problems, DiagnosticSeverity severity, std::string code, std::string message,
         std::string hint, Region region, std::optional<std::size_t> statement = {},
         std::optional<Replacement> fix = {}, std::string_view element = {}) {
  problems.push_back(PolicyProblem{.what = {.severity = severity,
                                            .code = std::move(code),
                                            .message = std::move(message),
                                            .hint = std::move(hint),
                                            .region = region,
                                            .path = {}},
                                   .statement = statement,
                                   .fix = std::move(fix),
                                   .element = element});
}

bool has_variable(const TextList& list) {
  return std::ranges::any_of(list.items,
                             [](const Text& text) { return Marked(text).view().find("${") != std::string_view::npos; });
}

bool uses_variables(const PolicyDocument& document) {
  return std::ranges::any_of(document.statements, [](const Statement& one) {
    return has_variable(one.resources) || has_variable(one.not_resources) ||
           std::ranges::any_of(one.conditions,
                               [](const Condition& condition) { return has_variable(condition.values); });
  });
}

void check_version(const PolicyDocument& document, PolicyUse use, std::vector<PolicyProblem>& problems) {
  const bool organization = use == PolicyUse::kScp || use == PolicyUse::kRcp;
  const auto report = [&](DiagnosticSeverity severity, std::string code, std::string message, std::string hint,
                          Replacement fix) {
    const Region region = fix.region;
    add(problems, severity, std::move(code), std::move(message), std::move(hint), region, {}, std::move(fix),
        "Version");
  };
  if (!document.version) {
    const Replacement fix{
        .region = document.region, .from = {}, .to = std::string(kCurrentVersion), .member = "Version"};
    const std::string hint = "add " + quoted(fix.member) + ": " + quoted(fix.to);
    if (organization) {
      report(DiagnosticSeverity::kError, "policy-version", "the policy has no Version", hint, fix);
    } else if (uses_variables(document)) {
      report(DiagnosticSeverity::kWarning, "policy-version-variables",
             "the policy has no Version, so its variables are plain text", hint, fix);
    }
    return;
  }
  const Text& version = *document.version;
  if (!version.known() || version.is(kCurrentVersion)) {
    return;
  }
  const Replacement fix{.region = version.region, .from = version.str(), .to = std::string(kCurrentVersion)};
  if (!version.is("2008-10-17")) {
    report(DiagnosticSeverity::kError, "policy-version",
           quoted(version.str()) + " is no version of the policy language", "it is \"2012-10-17\"", fix);
  } else if (organization) {
    report(DiagnosticSeverity::kError, "policy-version", "a policy of an organization needs the Version \"2012-10-17\"",
           {}, fix);
  } else if (uses_variables(document)) {
    report(DiagnosticSeverity::kWarning, "policy-version-variables",
           "with the Version \"2008-10-17\" policy variables are plain text", "use \"2012-10-17\"", fix);
  }
}

void check_size(const PolicyDocument& document, PolicyUse use, std::vector<PolicyProblem>& problems) {
  const std::size_t quota = size_quota(use);
  const std::size_t size = counted_size(document, use);
  if (quota == 0 || size <= std::min(quota, kTrustDefault)) {
    return;
  }
  const std::string count = (document.holes().empty() ? "" : "at least ") + std::to_string(size) + " characters";
  if (size > quota) {
    const bool shared =
        use == PolicyUse::kRoleInline || use == PolicyUse::kUserInline || use == PolicyUse::kGroupInline;
    add(problems, DiagnosticSeverity::kError, "policy-size",
        "the policy has " + count + ", more than the " + std::to_string(quota) + " that " +
            (shared ? "all inline policies together may have" : "are possible"),
        "split it, or name actions and resources with wildcards", document.region);
  } else if (use == PolicyUse::kTrust) {
    add(problems, DiagnosticSeverity::kWarning, "policy-size",
        "the trust policy has " + count + ", more than the " + std::to_string(kTrustDefault) + " of the default quota",
        "shorten it, or have the quota raised (4096 at most)", document.region);
  }
}

/// Numbers of things that policies of queues may have, in "Amazon SQS policy quotas".
void check_queue(const PolicyDocument& document, std::vector<PolicyProblem>& problems) {
  constexpr std::size_t kStatements = 20;
  constexpr std::size_t kActions = 7;
  const auto report = [&](std::size_t count, std::size_t most, const std::string& what, Region region,
                          std::optional<std::size_t> statement) {
    if (count > most) {
      add(problems, DiagnosticSeverity::kWarning, "policy-quota",
          "there are " + std::to_string(count) + " " + what + ", more than the " + std::to_string(most) +
              " that Amazon SQS documents as possible",
          "use wildcards, or one for several", region, statement);
    }
  };
  report(document.statements.size(), kStatements, "statements in the policy of a queue", document.region, {});
  for (const Statement& one : document.statements) {
    report(one.actions.items.size(), kActions, "actions in a statement about a queue", one.actions.region, one.index);
  }
}

/// Eight bytes at a time.
bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighest = 0x8080808080808080U;
  std::uint64_t bytes = 0;
  for (; text.size() >= sizeof bytes; text.remove_prefix(sizeof bytes)) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if ((bytes & kHighest) != 0) {
      return false;
    }
  }
  bytes = 0;
  if (!text.empty()) {
    std::memcpy(&bytes, text.data(), text.size());
  }
  return (bytes & kHighest) == 0;
}

/// IAM takes characters up to U+00FF.
bool has_far_characters(const Text& text) {
  return std::ranges::any_of(text.segments(), [](const Segment& segment) {
    return !is_ascii(segment.text) &&
           std::ranges::any_of(segment.text, [](char c) { return static_cast<unsigned char>(c) >= 0xC4U; });
  });
}

void check_characters(const Checker& checker) {
  const bool iam = is_identity_document(checker.use) || checker.use == PolicyUse::kTrust;
  if (!iam) {
    return;
  }
  const auto check = [&](const Text& text) {
    if (has_far_characters(text)) {
      checker.error("policy-characters", quoted(text.str()) + " has characters beyond U+00FF", text.region);
    }
  };
  const Statement& statement = checker.statement;
  for (const TextList* list :
       {&statement.actions, &statement.not_actions, &statement.resources, &statement.not_resources}) {
    std::ranges::for_each(list->items, check);
  }
  for (const Condition& condition : statement.conditions) {
    check(condition.key);
    std::ranges::for_each(condition.values.items, check);
  }
}

void check_sids(const PolicyDocument& document, PolicyUse use, std::vector<PolicyProblem>& problems) {
  std::map<std::string, std::size_t> seen;
  const bool iam = is_identity_document(use) || use == PolicyUse::kTrust;
  // Services differ in whether they refuse what is there twice.
  const bool strict = iam || use == PolicyUse::kScp || use == PolicyUse::kBucket;
  const auto used = [&](const std::string& sid) {
    return seen.contains(sid) ||
           std::ranges::any_of(document.statements, [&](const Statement& one) { return one.sid && one.sid->is(sid); });
  };
  /// The Sid with the first number that makes it one of its own.
  const auto unused = [&](const std::string& sid) {
    std::size_t number = 2;
    while (used(sid + std::to_string(number))) {
      ++number;
    }
    return sid + std::to_string(number);
  };
  for (const Statement& one : document.statements) {
    if (!one.sid || !one.sid->known() || one.sid->str().empty()) {
      continue;
    }
    const std::string sid = one.sid->str();
    const auto [first, added] = seen.emplace(sid, one.index);
    if (!added) {
      const std::string fresh = unused(sid);
      add(problems, strict ? DiagnosticSeverity::kError : DiagnosticSeverity::kWarning, "policy-sid-duplicate",
          "statement " + std::to_string(first->second + 1) + " has the Sid " + quoted(sid) + " too",
          "give every statement its own, for example " + quoted(fresh), one.sid->region, one.index,
          Replacement{.region = one.sid->region, .from = sid, .to = fresh}, "Sid");
      seen.emplace(fresh, one.index);
      continue;
    }
    if (iam && !std::ranges::all_of(sid, source::is_alphanumeric)) {
      std::string better;
      std::ranges::copy_if(sid, std::back_inserter(better), source::is_alphanumeric);
      std::optional<Replacement> fix;
      if (!better.empty() && !used(better)) {
        fix = Replacement{.region = one.sid->region, .from = sid, .to = better};
      }
      add(problems, DiagnosticSeverity::kError, "policy-sid-characters",
          "the Sid " + quoted(sid) + " has characters other than letters and digits",
          better.empty() ? "" : "for example " + quoted(better), one.sid->region, one.index, std::move(fix), "Sid");
    }
  }
}

void check_effect(const Checker& checker) {
  const Statement& statement = checker.statement;
  if (statement.effect != Effect::kInvalid) {
    return;
  }
  const Text& text = statement.effect_text;
  if (text.segments().empty()) {
    checker.error("policy-effect", "the statement has no Effect", checker.place(), "it is \"Allow\" or \"Deny\"");
    return;
  }
  constexpr std::array<std::string_view, 2> kEffects{"Allow", "Deny"};
  const std::string_view right = nearest(text.str(), kEffects);
  checker.error("policy-effect", "the effect " + quoted(text.str()) + " is neither \"Allow\" nor \"Deny\"", text.region,
                right.empty() ? "" : "it is spelled " + quoted(right), replacement(text, right), "Effect");
}

bool is_everything(const TextList& list) {
  return list.present && std::ranges::any_of(list.items, [](const Text& text) { return text.is("*"); });
}

void check_rcp(const Checker& checker) {
  const Statement& statement = checker.statement;
  if (statement.effect == Effect::kAllow &&
      !(is_everything(statement.actions) && is_everything(statement.resources) && statement.conditions.empty())) {
    checker.error("policy-rcp", "a resource control policy can only deny", statement.effect_text.region,
                  "the one Allow is that of RCPFullAWSAccess");
  }
  if (statement.not_actions.present) {
    checker.error("policy-rcp", "a resource control policy cannot have NotAction", statement.not_actions.key_region,
                  "list the actions in Action");
  }
  if (statement.not_principals.present) {
    checker.error("policy-rcp", "a resource control policy cannot have NotPrincipal",
                  statement.not_principals.key_region, "use \"Principal\": \"*\" with conditions");
  }
  for (const Identifier& identifier : statement.principals.identifiers) {
    if (identifier.value.known() && !(identifier.type == "*" && identifier.value.is("*"))) {
      checker.error("policy-rcp", "the Principal of a resource control policy can only be \"*\"",
                    identifier.value.region, "exempt principals by conditions");
      break;
    }
  }
}

void check_statement(const Checker& checker) {
  check_effect(checker);
  check_actions(checker);
  check_resources(checker);
  check_principals(checker);
  check_conditions(checker);
  check_characters(checker);
  if (checker.use == PolicyUse::kRcp) {
    check_rcp(checker);
  }
}

void sort_problems(std::vector<PolicyProblem>& problems) {
  std::ranges::stable_sort(problems, [](const PolicyProblem& a, const PolicyProblem& b) {
    const auto key = [](const PolicyProblem& one) {
      return std::tuple(one.what.region.artifact, one.what.region.begin, one.what.region.end);
    };
    return key(a) < key(b);
  });
}

void check_document(const PolicyDocument& document, PolicyUse use, std::vector<PolicyProblem>& problems) {
  check_version(document, use, problems);
  if (document.statements.empty() && !document.open) {
    add(problems, DiagnosticSeverity::kError, "policy-no-statement", "the policy has no statement", {},
        document.region);
  }
  check_size(document, use, problems);
  if (use == PolicyUse::kQueue) {
    check_queue(document, problems);
  }
  check_sids(document, use, problems);
  for (const Statement& statement : document.statements) {
    check_statement(Checker{.document = document, .statement = statement, .use = use, .problems = problems});
  }
}

/// Is a problem that something is not there, or that something else stands beside it?
bool is_of_the_whole(const PolicyProblem& problem, const PolicyDocument& document) {
  constexpr std::array<std::string_view, 7> kOfTheWhole{
      "policy-no-statement",     "policy-empty-list",        "policy-empty-text",   "policy-action-missing",
      "policy-resource-missing", "policy-principal-missing", "policy-sid-duplicate"};
  const std::string_view code = problem.what.code;
  if (code == "policy-version" || code == "policy-version-variables") {
    return !document.version;
  }
  if (code == "policy-effect") {
    return problem.statement && document.statements[*problem.statement].effect_text.segments().empty();
  }
  return std::ranges::find(kOfTheWhole, code) != kOfTheWhole.end();
}

bool has_same(std::span<const PolicyProblem> problems, const PolicyProblem& problem) {
  return std::ranges::any_of(problems, [&](const PolicyProblem& other) {
    return other.what.code == problem.what.code && other.what.region == problem.what.region;
  });
}

/// What another possible document has in the same place without the problem depends on something: it may be that the
/// document with the problem is never made.
bool everywhere_so(const PolicyProblem& problem, const PolicyDocument& lacking, const PolicyReading& reading,
                   std::span<const std::vector<PolicyProblem>> found) {
  const auto has_place = [&](const PolicyDocument& document) {
    if (problem.statement) {
      return std::ranges::any_of(document.statements, [&](const Statement& one) {
        return one.region == lacking.statements[*problem.statement].region;
      });
    }
    return problem.what.code == "policy-no-statement" ? !document.statements.empty() || document.open.has_value()
                                                      : document.region == lacking.region;
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (has_place(reading.documents[i]) && !has_same(found[i], problem)) {
      return false;
    }
  }
  return true;
}

/// Whether a text is what remains of another one when something in it is left out.
bool is_left_of(std::string_view text, std::string_view other) {
  const std::size_t begin = static_cast<std::size_t>(std::ranges::mismatch(text, other).in1 - text.begin());
  return text.size() < other.size() && other.ends_with(text.substr(begin));
}

/// Whether the texts of a statement that differ from those of another one lack something that stands there. What is
/// written in another place is another text.
bool lacks_parts(const Statement& statement, const Statement& other) {
  const std::vector<const Text*> texts = texts_in(statement);
  const std::vector<const Text*> others = texts_in(other);
  if (texts.size() != others.size()) {
    return false;
  }
  bool any = false;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Marked text(*texts[i]);
    const Marked whole(*others[i]);
    if (text.view() != whole.view()) {
      any = true;
      if (texts[i]->region != others[i]->region || !is_left_of(text.view(), whole.view())) {
        return false;
      }
    }
  }
  return any;
}

/// What is wrong with a text may be that nothing is inserted where another possible document has something, as in
/// "${try(aws_eks_cluster.shop.identity[0].oidc[0].issuer, "")}:sub". Whether that document is ever made is open,
/// unless variables decide it.
bool lacks_what_another_has(const PolicyProblem& problem, const PolicyDocument& document, const PolicyReading& reading,
                            std::span<const std::vector<PolicyProblem>> found) {
  if (!problem.statement || !document.up_to_others) {
    return false;
  }
  const Statement& statement = document.statements[*problem.statement];
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!has_same(found[i], problem) &&
        std::ranges::any_of(reading.documents[i].statements, [&](const Statement& other) {
          return other.region == statement.region && lacks_parts(statement, other);
        })) {
      return true;
    }
  }
  return false;
}

/// Problems of reading that validate() states itself, with more to say.
bool said_again(const findings::Diagnostic& diagnostic) {
  return diagnostic.code == "policy-effect" || diagnostic.code == "policy-unknown-operator";
}

}  // namespace

void Checker::error(std::string code, std::string message, Region region, std::string hint,
                    std::optional<Replacement> fix, std::string_view element) const {
  add(problems, DiagnosticSeverity::kError, std::move(code), std::move(message), std::move(hint),
      region.valid() ? region : place(), statement.index, std::move(fix), element);
}
void Checker::warning(std::string code, std::string message, Region region, std::string hint,
                      std::optional<Replacement> fix, std::string_view element) const {
  add(problems, DiagnosticSeverity::kWarning, std::move(code), std::move(message), std::move(hint),
      region.valid() ? region : place(), statement.index, std::move(fix), element);
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::optional<Replacement> replacement(const Text& text, std::string_view better) {
  if (better.empty()) {
    return std::nullopt;
  }
  return Replacement{.region = text.region, .from = text.str(), .to = std::string(better)};
}

bool is_identity_document(PolicyUse use) {
  return row(use).kind == PolicyKind::kIdentity && use != PolicyUse::kScp;
}

Marked::Marked(const Text& text) : view_(text.literal()) {
  if (text.known()) {
    return;
  }
  for (const Segment& segment : text.segments()) {
    if (segment.is_hole) {
      made_ += kHoleMark;
    } else {
      made_ += segment.text;
    }
  }
  view_ = made_;
}

std::string_view name(PolicyUse use) {
  return row(use).name;
}

std::optional<PolicyUse> policy_use_from_name(std::string_view text) {
  const auto found = std::ranges::find(kUses, text, &UseRow::name);
  return found == kUses.end() ? std::nullopt : std::optional(found->use);
}

std::string policy_use_names() {
  std::string out;
  for (const UseRow& one : kUses) {
    out += (out.empty() ? "" : ", ") + std::string(one.name);
  }
  return out;
}

PolicyKind kind_of(PolicyUse use) {
  return row(use).kind;
}

std::size_t size_quota(PolicyUse use) {
  return row(use).quota;
}

std::size_t counted_size(const PolicyDocument& document, PolicyUse use) {
  return row(use).white_space ? document.compact_size : document.visible_size;
}

std::vector<PolicyProblem> validate(const PolicyDocument& document, PolicyUse use) {
  std::vector<PolicyProblem> out;
  check_document(document, use, out);
  sort_problems(out);
  return out;
}

std::vector<PolicyProblem> validate(const PolicyReading& reading, PolicyUse use) {
  std::vector<PolicyProblem> out;
  for (std::size_t i = 0; i < reading.diagnostics.size(); ++i) {
    if (said_again(reading.diagnostics[i])) {
      continue;
    }
    PolicyProblem& made =
        out.emplace_back(PolicyProblem{.what = reading.diagnostics[i], .statement = {}, .fix = {}, .element = {}});
    const auto better = std::ranges::find(reading.suggestions, i, &std::pair<std::size_t, Replacement>::first);
    if (better != reading.suggestions.end()) {
      made.fix = better->second;
    }
  }
  std::vector<std::vector<PolicyProblem>> found(reading.documents.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    check_document(reading.documents[i], use, found[i]);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::ranges::copy_if(found[i], std::back_inserter(out), [&](const PolicyProblem& problem) {
      return is_of_the_whole(problem, reading.documents[i])
                 ? everywhere_so(problem, reading.documents[i], reading, found)
                 : !lacks_what_another_has(problem, reading.documents[i], reading, found);
    });
  }
  // Alternatives repeat what they have in common.
  std::vector<PolicyProblem> unique;
  for (PolicyProblem& one : out) {
    const bool known = std::ranges::any_of(unique, [&](const PolicyProblem& other) {
      return other.what.code == one.what.code && other.what.region == one.what.region &&
             other.what.message == one.what.message && other.statement == one.statement;
    });
    if (!known) {
      unique.push_back(std::move(one));
    }
  }
  sort_problems(unique);
  return unique;
}

std::optional<findings::Edit> edit_of(const Replacement& fix, std::string_view source) {
  if (!fix.region.valid()) {
    return std::nullopt;
  }
  if (!fix.member.empty()) {
    // In front of the first member, laid out as that one is.
    const std::size_t member = source.find_first_not_of(" \t\r\n", 1);
    if (!source.starts_with('{') || member == std::string_view::npos || source[member] != '"') {
      return std::nullopt;
    }
    Region place = fix.region;
    place.begin += 1;
    place.end = place.begin;
    const std::string_view space = source.substr(1, member - 1);
    return findings::Edit{.region = place,
                          .text = std::string(space) + quoted(fix.member) + ": " + quoted(fix.to) +
                                  (space.empty() || space == " " ? ", " : ",")};
  }
  const bool in_quotes = source.size() == fix.from.size() + 2 && source.front() == '"' && source.back() == '"' &&
                         source.substr(1, fix.from.size()) == fix.from;
  if (in_quotes) {
    return findings::Edit{.region = fix.region, .text = fix.raw ? fix.to : quoted(fix.to)};
  }
  if (source == fix.from && !fix.raw) {
    return findings::Edit{.region = fix.region, .text = fix.to};
  }
  return std::nullopt;
}

}  // namespace gabion::iam
