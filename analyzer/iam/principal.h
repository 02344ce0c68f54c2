// Callers taken apart: what kind of identity a principal text names, and which identifiers of a policy cover it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "iam/formula.h"

namespace gabion::iam {

/// A principal text by its parts.
struct Caller {
  PrincipalType type = PrincipalType::kAnonymous;
  std::string text;
  std::string partition;
  std::string account;  ///< empty for services, providers without ARN, anonymous
  std::string name;     ///< role or user name without path; role name of a session
  std::string session;
};

/// Takes a principal apart: an ARN, "anonymous", a service or a provider.
[[nodiscard]] Caller read_caller(std::string_view principal);
/// The same, of a text that it keeps.
[[nodiscard]] Caller take_caller(std::string principal);

/// Account that an AWS identifier names as a whole ("111122223333" or its root ARN), or empty.
[[nodiscard]] std::string_view account_of_identifier(std::string_view identifier);

/// Does `{"<type>": "<value>"}` in Principal cover the caller? The bare star has the type "*".
[[nodiscard]] bool covers(std::string_view type, std::string_view value, const Caller& caller, OpenPoints alternatives);

/// Is everything about the text known that is not an id or ARN which AWS hands out? Such a text has no stars.
[[nodiscard]] bool is_handed_out(const Text& text);

/// An identifier of a policy taken apart, to be compared with many callers. Borrows its texts.
struct NamedPrincipal {
  std::string_view type;
  std::string_view value;
  std::string_view account;  ///< that it names as a whole, or empty
  Caller caller;             ///< whom it names, where it is no whole account, service or provider
};

[[nodiscard]] NamedPrincipal read_identifier(std::string_view type, std::string_view value);

/// The same for an identifier that was taken apart before.
[[nodiscard]] bool covers(const NamedPrincipal& named, const Caller& caller, OpenPoints alternatives);

/// Is every identity of the caller listed: its account, its role, and itself? `identifiers` are pairs of type and
/// value.
[[nodiscard]] bool lists_every_identity(std::span<const std::pair<std::string, std::string>> identifiers,
                                        const Caller& caller);

/// The text that IAM puts into aws:PrincipalArn: the role for a session, else the principal itself; empty for none.
[[nodiscard]] std::string principal_arn(const Caller& caller);

[[nodiscard]] std::string_view name(PrincipalType type);

}  // namespace gabion::iam
