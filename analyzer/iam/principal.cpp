#include "iam/principal.h"

#include <algorithm>
#include <array>
#include <vector>

namespace gabion::iam {

namespace {

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The six fields of an ARN, or fewer when the text is none.
std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields;
  while (fields.size() < 5) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      break;
    }
    fields.push_back(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  fields.push_back(text);
  return fields;
}

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_service(std::string_view text) {
  if (text == "cognito-identity.amazonaws.com") {
    return false;  // an identity provider by the name of a service
  }
  constexpr std::array<std::string_view, 3> kEnds{".amazonaws.com", ".amazonaws.com.cn", ".aws.internal"};
  return std::ranges::any_of(kEnds,
                             [&](std::string_view end) { return text.size() > end.size() && text.ends_with(end); });
}

}  // namespace

std::string_view name(PrincipalType type) {
  constexpr std::array<std::string_view, 8> kNames{"root",           "user",    "role",      "session",
                                                   "federated-user", "service", "federated", "anonymous"};
  return kNames[static_cast<std::size_t>(type)];
}

Caller read_caller(std::string_view principal) {
  Caller caller;
  caller.text = std::string(principal);
  if (principal == "anonymous" || principal.empty()) {
    return caller;
  }
  if (is_service(principal)) {
    caller.type = PrincipalType::kService;
    return caller;
  }
  caller.type = PrincipalType::kFederated;
  const std::vector<std::string_view> fields = fields_of(principal);
  if (fields.size() < 6 || fields[0] != "arn") {
    return caller;
  }
  caller.partition = fields[1];
  caller.account = fields[4];
  const std::string_view rest = fields[5];
  if (fields[2] == "iam") {
    if (rest == "root") {
      caller.type = PrincipalType::kRoot;
    } else if (rest.starts_with("role/")) {
      caller.type = PrincipalType::kRole;
      caller.name = last_part(rest);
    } else if (!rest.starts_with("saml-provider/") && !rest.starts_with("oidc-provider/")) {
      caller.type = PrincipalType::kUser;
      caller.name = last_part(rest);
    }
    return caller;
  }
  if (fields[2] == "sts" && rest.starts_with("assumed-role/")) {
    caller.type = PrincipalType::kSession;
    const std::string_view names = rest.substr(std::string_view("assumed-role/").size());
    const std::size_t slash = std::min(names.find('/'), names.size());
    caller.name = names.substr(0, slash);
    caller.session = names.substr(std::min(slash + 1, names.size()));
  } else if (fields[2] == "sts" && rest.starts_with("federated-user/")) {
    caller.type = PrincipalType::kFederatedUser;
    caller.name = rest.substr(std::string_view("federated-user/").size());
  }
  return caller;
}

std::string_view account_of_identifier(std::string_view identifier) {
  if (is_account(identifier)) {
    return identifier;
  }
  const std::vector<std::string_view> fields = fields_of(identifier);
  if (fields.size() == 6 && fields[0] == "arn" && fields[2] == "iam" && fields[5] == "root" && is_account(fields[4])) {
    return fields[4];
  }
  return {};
}

bool covers(std::string_view type, std::string_view value, const Caller& caller, OpenPoints alternatives) {
  if (type == "*") {
    return value == "*";
  }
  if (type == "AWS") {
    if (value == "*") {
      return true;
    }
    const bool principal_of_account = caller.type != PrincipalType::kService &&
                                      caller.type != PrincipalType::kFederated &&
                                      caller.type != PrincipalType::kAnonymous;
    if (const std::string_view account = account_of_identifier(value); !account.empty()) {
      const bool federated = caller.type == PrincipalType::kFederated && alternatives.has(OpenPoint::kFedAccount);
      return (principal_of_account || federated) && caller.account == account;
    }
    if (!principal_of_account) {
      return false;
    }
    if (value == caller.text) {
      return true;
    }
    if (caller.type == PrincipalType::kSession) {
      const Caller role = read_caller(value);
      return role.type == PrincipalType::kRole && is_account(role.account) && role.account == caller.account &&
             role.partition == caller.partition && role.name == caller.name;
    }
    return false;
  }
  if (type == "Service") {
    return caller.type == PrincipalType::kService && value == caller.text;
  }
  if (type == "Federated") {
    return caller.type == PrincipalType::kFederated && value == caller.text;
  }
  return type == "CanonicalUser" && caller.type != PrincipalType::kAnonymous && value == caller.text;
}

bool lists_every_identity(std::span<const std::pair<std::string, std::string>> identifiers, const Caller& caller) {
  bool account = caller.account.empty();
  bool role = caller.type != PrincipalType::kSession;
  bool self = caller.type == PrincipalType::kRoot;
  for (const auto& [type, value] : identifiers) {
    if (value == "*" && (type == "*" || type == "AWS")) {
      return true;
    }
    if (type != "AWS") {
      self = self || covers(type, value, caller, {});
      continue;
    }
    const bool whole_account = !account_of_identifier(value).empty();
    account = account || (whole_account && covers(type, value, caller, {}));
    self = self || value == caller.text;
    role = role || (!whole_account && value != caller.text && covers(type, value, caller, {}));
  }
  return account && role && self;
}

std::string principal_arn(const Caller& caller) {
  switch (caller.type) {
    case PrincipalType::kRoot:
    case PrincipalType::kUser:
    case PrincipalType::kRole:
    case PrincipalType::kFederatedUser:
      return caller.text;
    case PrincipalType::kSession:
      return "arn:" + caller.partition + ":iam::" + caller.account + ":role/" + caller.name;
    default:
      return {};
  }
}

}  // namespace gabion::iam
