// The built-in functions: a table of typed entries. The evaluator converts the arguments and takes care of nulls,
// unknowns and marks as cty's function package does, so that an implementation sees plain values.
#pragma once

#include <span>
#include <string_view>

#include "eval/evaluator.h"

namespace gabion::eval {

/// A parameter. By default null is an error, an unknown argument makes the result unknown, and marks move to the
/// result.
struct Parameter {
  std::string_view name;
  const Type* type = &kDynamicType;
  bool allow_null = false;
  bool allow_unknown = false;  ///< the implementation looks at unknowns itself (at any depth of the argument)
  bool allow_marked = false;
};

/// One function. `result` is its type when the result is unknown (kDynamicType: see `type_of_result`).
struct Builtin {
  std::string_view name;
  std::span<const Parameter> parameters;
  const Parameter* variadic = nullptr;  ///< further arguments, or null
  const Type* result = &kDynamicType;
  Value (*call)(const Call& call, Context& context) = nullptr;
  /// Result type from arguments that may be unknown; null when `result` says it.
  const Type* (*type_of_result)(const Call& call, Context& context) = nullptr;
  bool pure = true;  ///< false: the result is unknown (Reason::kFunction)
};

/// The function of that name (a leading "core::" is dropped), or null.
[[nodiscard]] const Builtin* find_builtin(std::string_view name);

/// Tables by theme, one file each in eval/functions/; find_builtin searches all of them.
[[nodiscard]] std::span<const Builtin> string_functions();
[[nodiscard]] std::span<const Builtin> collection_functions();
[[nodiscard]] std::span<const Builtin> number_functions();
[[nodiscard]] std::span<const Builtin> encoding_functions();
[[nodiscard]] std::span<const Builtin> hash_functions();
[[nodiscard]] std::span<const Builtin> time_functions();
[[nodiscard]] std::span<const Builtin> network_functions();
[[nodiscard]] std::span<const Builtin> filesystem_functions();
[[nodiscard]] std::span<const Builtin> conversion_functions();

/// An error value that names the function and the argument: `invalid value for "num" parameter: ...`.
[[nodiscard]] Value argument_error(const Call& call, std::size_t argument, std::string_view what, Context& context);
/// An error value of the call as a whole.
[[nodiscard]] Value call_error(const Call& call, std::string_view what, Context& context);
/// Unknown result of a call whose arguments are not known: symbol derived from name and arguments, type given.
[[nodiscard]] Value unknown_result(const Call& call, const Type& type, Context& context);

/// try, can and templatefile/templatestring need the evaluator itself and live in evaluator.cpp /
/// template_functions.cpp.

}  // namespace gabion::eval
