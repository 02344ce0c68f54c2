// What is taken to hold in a part of a configuration: the conditions under which an instance exists decide there what
// else hangs on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "eval/evaluator.h"
#include "eval/value.h"

namespace gabion::eval {

/// One thing that is assumed of an unknown.
struct Assumption {
  enum class Kind : std::uint8_t {
    kPicked,   ///< of the alternatives that `symbol` picks; of a condition, the first where it is true
    kEqual,    ///< it is `value`
    kNotNull,  ///< it is not null
  };
  Kind kind = Kind::kPicked;
  const Symbol* symbol = nullptr;
  std::size_t pick = 0;   ///< kPicked: which alternative
  std::size_t count = 2;  ///< kPicked: of how many
  Value value{};          ///< kEqual
};

/// The value where all of the assumptions hold.
[[nodiscard]] Value assuming(const Value& value, std::span<const Assumption> assumptions, Context& context);

/// A scope where all of the assumptions hold; they are borrowed.
class AssumingScope final : public Scope {
 public:
  AssumingScope(std::span<const Assumption> assumptions, const Scope& outer)
      : assumptions_(assumptions), outer_(outer) {}
  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, Context& context) const override;
  [[nodiscard]] std::optional<Value> call(const Call& call, Context& context) const override;

 private:
  std::span<const Assumption> assumptions_;
  const Scope& outer_;
};

}  // namespace gabion::eval
