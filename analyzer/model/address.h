// Addresses of resource instances as Terraform writes them: module.a["k"].aws_x.y[0].
#pragma once

#include <string_view>

namespace gabion::model {

/// Address of the module that an instance address is in: "module.a.module.b[0]", empty for the root.
[[nodiscard]] std::string_view module_of(std::string_view address);

}  // namespace gabion::model
