// The way from one directory to another, as Terraform prints it in path.module. Lexical: links are not looked at.
#pragma once

#include <string>
#include <string_view>

namespace gabion::terraform {

/// relative_path("live/prod", "modules/kms") is "../../modules/kms"; "." for the same directory. The target itself
/// when there is no such way (one of them absolute, or above the working directory).
[[nodiscard]] std::string relative_path(std::string_view from, std::string_view to);

}  // namespace gabion::terraform
