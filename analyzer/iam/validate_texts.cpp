// The parts of validate() about actions, resources and principals.
#include <algorithm>
#include <array>

#include "aws/action_patterns.h"
#include "iam/principal.h"
#include "iam/validate_parts.h"
#include "source/ascii.h"

namespace gabion::iam {

namespace {

using source::is_digit;
using source::is_letter;
/// Characters behind which anything may be: wildcards, holes, policy variables.
bool is_open(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos || text.find(kHoleMark) != std::string_view::npos ||
         text.find("${") != std::string_view::npos;
}

/// The first six fields; colons inside ${} do not separate.
std::vector<std::string_view> arn_parts(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  bool variable = false;
  for (std::size_t i = 0; i < text.size() && out.size() < 5; ++i) {
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') {
      variable = true;
    } else if (text[i] == '}') {
      variable = false;
    } else if (text[i] == ':' && !variable) {
      out.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  out.push_back(text.substr(begin));
  return out;
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, is_digit);
}

bool is_partition(std::string_view text) {
  constexpr std::array<std::string_view, 8> kPartitions{"aws",       "aws-cn",    "aws-us-gov", "aws-iso",
                                                        "aws-iso-b", "aws-iso-e", "aws-iso-f",  "aws-eusc"};
  return is_open(text) || std::ranges::find(kPartitions, text) != kPartitions.end();
}

/// `marked`: the text with marks for its holes.
void check_variables(const Checker& checker, const Text& text, std::string_view marked) {
  for (std::size_t at = marked.find("${"); at != std::string_view::npos; at = marked.find("${", at + 2)) {
    const std::size_t end = marked.find('}', at);
    if (end == std::string_view::npos) {
      checker.error("policy-variable", "the policy variable in " + quoted(text.str()) + " is not closed", text.region,
                    "it ends with \"}\"");
      return;
    }
  }
  if (marked.find("&{") != std::string_view::npos) {
    checker.warning("policy-variable", quoted(text.str()) + " has \"&{\", which IAM takes as plain text", text.region,
                    "only aws_iam_policy_document turns it into \"${\"");
  }
}

// ---- Actions. ----

void check_action(const Checker& checker, const Text& text, std::string_view element) {
  const Marked marked(text);
  const std::string_view action = marked.view();
  if (action == "*" || action == "*:*" || action.find(kHoleMark) != std::string_view::npos) {
    return;
  }
  if (action.empty()) {
    checker.error("policy-empty-text", "an action is empty", text.region, "write \"service:Name\"");
    return;
  }
  const std::size_t colon = action.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == action.size()) {
    checker.error("policy-action", quoted(text.str()) + " is no action", text.region,
                  "write \"service:Name\", or \"*\" for all");
    return;
  }
  const std::string_view service = action.substr(0, colon);
  const std::string_view name = action.substr(colon + 1);
  const bool service_fits =
      std::ranges::all_of(service, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  if (!service_fits) {
    checker.error("policy-action", quoted(text.str()) + " does not begin with the name of a service", text.region,
                  service.find('*') != std::string_view::npos ? "the service cannot have wildcards" : "");
    return;
  }
  const bool name_fits = std::ranges::all_of(
      name, [](char c) { return is_letter(c) || is_digit(c) || c == '*' || c == '?' || c == '-' || c == '_'; });
  if (!name_fits) {
    checker.error("policy-action", quoted(text.str()) + " is no action of a service", text.region,
                  name.find("${") != std::string_view::npos ? "actions cannot have policy variables"
                                                            : "names have letters, digits and wildcards");
  } else if (const auto near = aws::nearest_action(action)) {
    checker.warning("policy-unknown-action", "there is no action " + std::string(action), text.region,
                    "nearest is " + quoted(*near), replacement(text, *near), element);
  }
  if (checker.use == PolicyUse::kTrust && !equal_folded(service, "sts")) {
    checker.error("policy-trust-action", "a trust policy is about assuming the role, not about " + quoted(text.str()),
                  text.region, "its actions begin with \"sts:\"");
  }
}

// ---- Resources. ----

/// Is there a brace in the name behind the last slash, besides those of policy variables?
bool has_brace_in_name(std::string_view text) {
  bool found = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("${")) {
      at = std::min(text.find('}', at), text.size() - 1);
    } else if (text[at] == '/') {
      found = false;
    } else {
      found = found || text[at] == '{' || text[at] == '}';
    }
  }
  return found;
}

/// Has what is not known surely no colon and no wildcard: the name of a bucket, say?
bool is_plain_name(const Hole& hole) {
  if (hole.many || hole.prefix.find_first_of(":*?") != std::string_view::npos) {
    return false;
  }
  const eval::Symbol* symbol = hole.symbol;
  if (symbol == nullptr || symbol->facts == nullptr) {
    return hole.field && hole.literal;
  }
  const auto characters = symbol->facts->questions->characters(*symbol->facts, symbol->path);
  return characters && !characters->test(':') && !characters->test('*') && !characters->test('?');
}

/// Is it one field, whatever is not known of it? Then it is no ARN.
bool is_one_field(const Text& text) {
  return std::ranges::all_of(text.segments(), [](const Segment& segment) {
    return segment.is_hole
               ? segment.hole != nullptr && is_plain_name(*segment.hole)
               : segment.text.find(':') == std::string_view::npos && segment.text.find("${") == std::string_view::npos;
  });
}

void check_resource(const Checker& checker, const Text& text) {
  const Marked marked(text);
  const std::string_view resource = marked.view();
  check_variables(checker, text, resource);
  if (resource.empty()) {
    checker.error("policy-empty-text", "a resource is empty", text.region, "write an ARN, or \"*\" for all");
    return;
  }
  const bool all_stars = std::ranges::all_of(resource, [](char c) { return c == '*'; });
  if (resource.find(kHoleMark) != std::string_view::npos && is_one_field(text)) {
    checker.error("policy-resource", quoted(text.str()) + " is no ARN", text.region,
                  "an ARN begins with \"arn:\"; \"*\" is everything");
    return;
  }
  if (all_stars || resource.front() == kHoleMark || resource.starts_with("${")) {
    return;
  }
  const std::vector<std::string_view> fields = arn_parts(resource);
  const bool hole_in_fields =
      std::ranges::any_of(fields.begin(), fields.end() - 1,
                          [](std::string_view field) { return field.find(kHoleMark) != std::string_view::npos; }) ||
      (fields.size() < 6 && fields.back().find(kHoleMark) != std::string_view::npos);
  const bool open_start = fields[0].find(kHoleMark) != std::string_view::npos;
  if (fields[0] != "arn" && !open_start) {
    // Of "/*" what stands in front is empty.
    checker.error(resource.front() == '/' ? "policy-empty-text" : "policy-resource", quoted(text.str()) + " is no ARN",
                  text.region, "an ARN begins with \"arn:\"; \"*\" is everything");
    return;
  }
  if (fields.size() < 6 && !hole_in_fields) {
    if (!resource.ends_with('*')) {
      checker.error("policy-resource",
                    quoted(text.str()) + " is no ARN: it has " + std::to_string(fields.size()) + " of six fields",
                    text.region, "write arn:partition:service:region:account:resource");
    }
    return;
  }
  if (hole_in_fields) {
    return;  // the hole may hold several fields
  }
  if (!is_partition(fields[1])) {
    checker.error("policy-resource", quoted(fields[1]) + " in " + quoted(text.str()) + " is no partition", text.region,
                  "it is \"aws\", \"aws-cn\" or \"aws-us-gov\"");
  }
  if (fields[2].empty()) {
    checker.error("policy-resource", quoted(text.str()) + " names no service", text.region);
  }
  const std::string_view account = fields[4];
  if (!account.empty() && !is_open(account) && !is_account(account) && account != "aws" && account != "cloudfront" &&
      account != "aws-managed" && account != "third-party") {
    const bool digits = std::ranges::all_of(account, is_digit);
    const std::string message = quoted(account) + " in " + quoted(text.str()) + " is no account";
    if (digits) {
      checker.error("policy-resource", message, text.region, "an account has 12 digits");
    } else {
      checker.warning("policy-resource", message, text.region, "an account has 12 digits");
    }
  }
  if (fields[5].empty()) {
    checker.warning("policy-resource", quoted(text.str()) + " matches no resource", text.region,
                    "its sixth field is empty");
  }
  if (fields[2] == "iam" && has_brace_in_name(fields[5])) {
    checker.warning("policy-resource", quoted(text.str()) + " matches no resource", text.region,
                    "names of IAM have no braces");
  }
}

// ---- Principals. ----

bool is_unique_id(std::string_view text) {
  return text.size() >= 16 && text.size() <= 128 &&
         (text.starts_with("AIDA") || text.starts_with("AROA") || text.starts_with("ANPA") ||
          text.starts_with("AGPA")) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || is_letter(c); });
}

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

void check_wildcard(const Checker& checker, const Text& text) {
  checker.error("policy-principal", "the wildcard in the principal " + quoted(text.str()) + " is none", text.region,
                "name principals whole, or use \"*\" with a condition on aws:PrincipalArn");
}

void check_aws_principal(const Checker& checker, const Text& text, std::string_view value) {
  if (value == "*" || is_account(value) || is_unique_id(value)) {
    return;
  }
  const std::vector<std::string_view> fields = arn_parts(value);
  if (!value.starts_with("arn:") || fields.size() < 6) {
    const bool service = value.ends_with(".amazonaws.com") || value.ends_with(".amazonaws.com.cn");
    if (value.size() == 64 && is_hexadecimal(value)) {
      return;  // a canonical user, which S3 takes here too
    }
    checker.error("policy-principal", quoted(text.str()) + " is no AWS principal", text.region,
                  service ? "services stand under \"Service\"" : "write an ARN of IAM or STS, or an account");
    return;
  }
  const std::string_view rest = fields[5];
  const bool iam = fields[2] == "iam" && (rest == "root" || rest.starts_with("user/") || rest.starts_with("role/"));
  const bool sts = fields[2] == "sts" && (rest.starts_with("assumed-role/") || rest.starts_with("federated-user/"));
  const bool identity = fields[2] == "iam" && rest.starts_with("cloudfront:");
  const bool cloudfront = rest.starts_with("user/CloudFront Origin Access Identity ");
  if (identity || cloudfront) {
    return;
  }
  if (value.find('*') != std::string_view::npos || value.find('?') != std::string_view::npos) {
    check_wildcard(checker, text);
    return;
  }
  if (!iam && !sts) {
    const bool group = fields[2] == "iam" && rest.starts_with("group/");
    const bool provider =
        fields[2] == "iam" && (rest.starts_with("saml-provider/") || rest.starts_with("oidc-provider/"));
    checker.error("policy-principal", quoted(text.str()) + (provider ? " is no AWS principal" : " is no principal"),
                  text.region,
                  group      ? "groups cannot be principals; name users or a role"
                  : provider ? "identity providers stand under \"Federated\""
                             : "principals are accounts, users, roles and sessions");
    return;
  }
  if (!is_account(fields[4]) && !is_open(fields[4])) {
    checker.error("policy-principal", quoted(fields[4]) + " in the principal " + quoted(text.str()) + " is no account",
                  text.region, "an account has 12 digits");
  }
  if (!fields[3].empty()) {
    checker.error("policy-principal", "the principal " + quoted(text.str()) + " has a region", text.region,
                  "ARNs of IAM and STS have none");
  }
}

void check_identifier(const Checker& checker, const Identifier& identifier) {
  const Text& text = identifier.value;
  const Marked marked(text);
  const std::string_view value = marked.view();
  if (value.find(kHoleMark) != std::string_view::npos) {
    if (identifier.type == "AWS" && value.starts_with("arn:") && value.find('*') != std::string_view::npos) {
      check_wildcard(checker, text);
    }
    return;
  }
  if (value.empty()) {
    checker.error("policy-empty-text", "a principal is empty", text.region);
    return;
  }
  if (identifier.type == "AWS") {
    check_aws_principal(checker, text, value);
  } else if (identifier.type == "Service") {
    if (value == "*") {
      checker.warning("policy-principal", "the service \"*\" is every service of AWS, for whomever it acts",
                      text.region, "name the services");
    } else if (value.find('*') != std::string_view::npos) {
      checker.error("policy-principal", "the wildcard in the service " + quoted(value) + " is none", text.region,
                    "name the services");
    } else if (value.find('.') == std::string_view::npos || value.find_first_of(":/ ") != std::string_view::npos) {
      checker.error("policy-principal", quoted(value) + " is no service principal", text.region,
                    "they look like \"lambda.amazonaws.com\"");
    }
  } else if (identifier.type == "Federated") {
    const bool arn = value.starts_with("arn:");
    const bool provider = value.find(":saml-provider/") != std::string_view::npos ||
                          value.find(":oidc-provider/") != std::string_view::npos;
    if (arn ? !provider : value != "*" && value.find('.') == std::string_view::npos) {
      checker.error("policy-principal", quoted(value) + " is no identity provider", text.region,
                    "write the ARN of a SAML or OIDC provider, or the provider's domain");
    }
  } else if (identifier.type == "CanonicalUser" && !(value.size() == 64 && is_hexadecimal(value))) {
    checker.error("policy-principal", quoted(value) + " is no canonical user", text.region,
                  "it has 64 hexadecimal digits");
  }
}

/// Is the element surely written? One of which nothing is known may be left out: so may an argument that can be null,
/// and blocks that a dynamic block makes of what is unknown.
bool surely_present(const TextList& list) {
  const auto is_unknown_list = [](const Text& text) {
    const auto& segments = text.segments();
    return segments.size() == 1 && segments.front().is_hole && segments.front().hole->many;
  };
  return list.present && (list.items.empty() || !std::ranges::all_of(list.items, is_unknown_list));
}
bool surely_present(const PrincipalSet& set) {
  const auto is_unknown = [](const Identifier& identifier) {
    return identifier.type.empty() && !identifier.value.known();
  };
  return set.present && (set.identifiers.empty() || !std::ranges::all_of(set.identifiers, is_unknown));
}

}  // namespace

void check_actions(const Checker& checker) {
  const Statement& statement = checker.statement;
  if (!statement.actions.present && !statement.not_actions.present) {
    checker.error("policy-action-missing", "the statement has neither Action nor NotAction", checker.place());
  }
  if (statement.actions.present && statement.not_actions.present) {
    checker.error("policy-both", "the statement has both Action and NotAction", statement.not_actions.key_region,
                  "say it in two statements");
  }
  for (const TextList* list : {&statement.actions, &statement.not_actions}) {
    if (list->present && list->items.empty()) {
      checker.warning("policy-empty-list", "the statement names no action, so it says nothing", list->region);
    }
    for (const Text& text : list->items) {
      check_action(checker, text, list == &statement.actions ? "Action" : "NotAction");
    }
  }
}

void check_resources(const Checker& checker) {
  const Statement& statement = checker.statement;
  const bool some = statement.resources.present || statement.not_resources.present;
  if (checker.use == PolicyUse::kTrust) {
    if (surely_present(statement.resources) || surely_present(statement.not_resources)) {
      checker.error("policy-trust-resource", "a trust policy has no Resource: it is about its role",
                    statement.resources.present ? statement.resources.key_region : statement.not_resources.key_region,
                    "remove the element");
    }
    return;
  }
  const bool optional = checker.use == PolicyUse::kResource || checker.use == PolicyUse::kRepository;
  if (!some && !optional) {
    checker.error("policy-resource-missing", "the statement has neither Resource nor NotResource", checker.place());
  }
  if (statement.resources.present && statement.not_resources.present) {
    checker.error("policy-both", "the statement has both Resource and NotResource", statement.not_resources.key_region,
                  "say it in two statements");
  }
  for (const TextList* list : {&statement.resources, &statement.not_resources}) {
    if (list->present && list->items.empty()) {
      checker.warning("policy-empty-list", "the statement names no resource", list->region);
    }
    for (const Text& text : list->items) {
      check_resource(checker, text);
    }
  }
}

void check_principals(const Checker& checker) {
  const Statement& statement = checker.statement;
  const bool some = statement.principals.present || statement.not_principals.present;
  const Region place =
      statement.principals.present ? statement.principals.key_region : statement.not_principals.key_region;
  if (kind_of(checker.use) == PolicyKind::kIdentity) {
    if (surely_present(statement.principals) || surely_present(statement.not_principals)) {
      checker.error("policy-principal-here",
                    "a policy of this kind has no principals: it applies to whom it is attached", place,
                    "remove the element");
    }
    return;
  }
  if (!some) {
    checker.error("policy-principal-missing", "the statement has no Principal, so it is about nobody", checker.place());
    return;
  }
  if (surely_present(statement.principals) && surely_present(statement.not_principals)) {
    checker.error("policy-both", "the statement has both Principal and NotPrincipal",
                  statement.not_principals.key_region, "say it in two statements");
  }
  if (statement.not_principals.present && statement.effect == Effect::kAllow) {
    checker.warning("policy-not-principal-allow",
                    "NotPrincipal with Allow lets in everybody else, also anonymous callers",
                    statement.not_principals.key_region, "list who may, in Principal");
  }
  for (const PrincipalSet* set : {&statement.principals, &statement.not_principals}) {
    if (set->present && set->identifiers.empty()) {
      checker.warning("policy-empty-list", "the statement names no principal, so it is about nobody", set->region);
    }
    for (const Identifier& identifier : set->identifiers) {
      check_identifier(checker, identifier);
    }
  }
}

}  // namespace gabion::iam
