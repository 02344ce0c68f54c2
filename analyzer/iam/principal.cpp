#include "iam/principal.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "source/ascii.h"

namespace gabion::iam {

namespace {

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, source::is_digit);
}

/// The six fields of an ARN; nothing when the text is none.
std::optional<std::array<std::string_view, 6>> fields_of(std::string_view text) {
  if (!text.starts_with("arn:")) {
    return std::nullopt;
  }
  std::array<std::string_view, 6> fields;
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      return std::nullopt;
    }
    fields[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  fields.back() = text;
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
  return take_caller(std::string(principal));
}

Caller take_caller(std::string text) {
  Caller caller;
  caller.text = std::move(text);
  const std::string_view principal = caller.text;
  if (principal == "anonymous" || principal.empty()) {
    return caller;
  }
  if (is_service(principal)) {
    caller.type = PrincipalType::kService;
    return caller;
  }
  caller.type = PrincipalType::kFederated;
  const auto arn = fields_of(principal);
  if (!arn) {
    return caller;
  }
  const auto& fields = *arn;
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
  if (!identifier.ends_with(":root")) {
    return {};
  }
  const auto fields = fields_of(identifier);
  const bool root = fields && (*fields)[2] == "iam" && (*fields)[5] == "root" && is_account((*fields)[4]);
  return root ? (*fields)[4] : std::string_view();
}

bool is_handed_out(const Text& text) {
  return std::ranges::all_of(text.segments(), [](const Segment& segment) {
    return !segment.is_hole || (segment.hole->literal && !segment.hole->many);
  });
}

NamedPrincipal read_identifier(std::string_view type, std::string_view value) {
  NamedPrincipal named{.type = type, .value = value, .account = account_of_identifier(value), .caller = {}};
  if (named.account.empty() && type != "Service" && type != "Federated" && type != "CanonicalUser") {
    named.caller = read_caller(value);
  }
  return named;
}

bool covers(std::string_view type, std::string_view value, const Caller& caller, OpenPoints alternatives) {
  return covers(read_identifier(type, value), caller, alternatives);
}

bool covers(const NamedPrincipal& named, const Caller& caller, OpenPoints alternatives) {
  const std::string_view type = named.type;
  const std::string_view value = named.value;
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
    if (!named.account.empty()) {
      const bool federated = caller.type == PrincipalType::kFederated && alternatives.has(OpenPoint::kFedAccount);
      return (principal_of_account || federated) && caller.account == named.account;
    }
    if (!principal_of_account) {
      return false;
    }
    if (value == caller.text) {
      return true;
    }
    if (caller.type == PrincipalType::kSession) {
      const Caller& role = named.caller;
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
