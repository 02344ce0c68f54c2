#include "aws/sensitive_attributes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gabion::aws {
namespace {

using namespace std::literals;

// The provider's documentation marks these as sensitive. aws_ssm_parameter holds a secret when it is a SecureString.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kAttributes = {{
    {"aws_api_gateway_api_key"sv, "value"sv},
    {"aws_appsync_api_key"sv, "key"sv},
    {"aws_codebuild_source_credential"sv, "token"sv},
    {"aws_codepipeline_webhook"sv, "secret_token"sv},
    {"aws_cognito_identity_provider"sv, "client_secret"sv},
    {"aws_dx_private_virtual_interface"sv, "bgp_auth_key"sv},
    {"aws_dx_public_virtual_interface"sv, "bgp_auth_key"sv},
    {"aws_dx_transit_virtual_interface"sv, "bgp_auth_key"sv},
    {"aws_iam_server_certificate"sv, "private_key"sv},
    {"aws_lightsail_certificate"sv, "private_key"sv},
    {"aws_pinpoint_adm_channel"sv, "client_secret"sv},
    {"aws_pinpoint_gcm_channel"sv, "api_key"sv},
    {"aws_secretsmanager_secret_version"sv, "secret_binary"sv},
    {"aws_secretsmanager_secret_version"sv, "secret_string"sv},
    {"aws_sns_platform_application"sv, "platform_credential"sv},
    {"aws_sns_platform_application"sv, "platform_principal"sv},
    {"aws_ssm_parameter"sv, "value"sv},
    {"aws_vpn_connection"sv, "tunnel1_preshared_key"sv},
    {"aws_vpn_connection"sv, "tunnel2_preshared_key"sv},
}};

}  // namespace

bool is_sensitive_attribute(std::string_view type, std::string_view attribute) {
  // Of an attribute that is kept in the state, the name with this suffix is the one that is not: who reads the code
  // reads both.
  constexpr std::string_view kWriteOnly = "_wo";
  if (attribute.ends_with(kWriteOnly)) {
    attribute.remove_suffix(kWriteOnly.size());
  }
  return std::ranges::binary_search(kAttributes, std::pair(type, attribute));
}

}  // namespace gabion::aws
