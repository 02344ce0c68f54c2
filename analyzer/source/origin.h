// Where a value came from: the chain from a use back to what was written. What is written in a file is such a link
// itself (syntax::hcl::Expression), so that values that are just written need no other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "source/region.h"

namespace gabion::source {

/// How a value came to a place.
enum class OriginKind : std::uint8_t {
  kExpression,       ///< written there
  kReference,        ///< passed on by naming it (var.x, local.y, module.m.o, aws_x.y.z)
  kVariableDefault,  ///< default of a variable
  kVariablesFile,    ///< *.tfvars
  kOption,           ///< --var on the command line (no region)
  kArgument,         ///< argument of a module call
  kIteration,        ///< each.key, each.value, count.index, a for variable or a dynamic iterator
  kComputed,         ///< result of a function or operator over values with origins of their own
  kEnvironment,      ///< TF_VAR_
};

/// A link of the chain from a use back to where the value was written. Most are literals, which have a place alone;
/// what else there is to say of a link is in LinkedOrigin. The constructor lets what derives from it use the bytes
/// behind.
struct Origin {
  constexpr Origin(OriginKind how, Region place, bool has_more = false) : region(place), kind(how), linked(has_more) {}

  Region region;  ///< the expression or entry; may be invalid (options)
  OriginKind kind;
  bool linked;  ///< this is a LinkedOrigin

  /// What was named: "var.rotate", "local.tags", "module.kms.key_arn".
  [[nodiscard]] std::string_view name() const;
  /// The next link towards the source, or null.
  [[nodiscard]] const Origin* via() const;
};
/// An origin with a name or a link that it came by. The text of the name has to outlive it; of more than 64 KB, the
/// rest is not kept.
struct LinkedOrigin : Origin {
  LinkedOrigin(OriginKind how, Region place, std::string_view name, const Origin* via)
      : Origin(how, place, true),
        size(static_cast<std::uint16_t>(std::min<std::size_t>(name.size(), 0xffffU))),
        text(name.data()),
        next(via) {}

  std::uint16_t size;  ///< of the name
  const char* text;
  const Origin* next;
};
static_assert(sizeof(Origin) == 16 && sizeof(LinkedOrigin) == 32);

inline std::string_view Origin::name() const {
  if (!linked) {
    return {};
  }
  const auto& more = static_cast<const LinkedOrigin&>(*this);
  return {more.text, more.size};
}
inline const Origin* Origin::via() const {
  return linked ? static_cast<const LinkedOrigin&>(*this).next : nullptr;
}

}  // namespace gabion::source
