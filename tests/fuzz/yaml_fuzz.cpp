// fuzz: eval
// Any text as that of yamldecode() (values are valid UTF-8, whatever the files are): decoding ends, and what it gives
// is encoded and decoded to the same again.
#include <cstdint>
#include <string>

#include "eval/evaluator.h"
#include "input.h"
#include "source/text.h"
#include "syntax/hcl/parser.h"

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

namespace eval = gabion::eval;
namespace hcl = gabion::syntax::hcl;
namespace source = gabion::source;

/// Calls a function on one value.
class Caller {
 public:
  Caller() { limits_.value_bytes = 1'000'000; }
  [[nodiscard]] eval::Value call(const std::string& function, const eval::Value& argument) {
    const source::Artifact& artifact =
        store_.add(std::to_string(store_.size()), function + "(value)", source::Role::kInternal);
    const hcl::Expression* expression = hcl::parse_expression(artifact, artifact.whole(), arena_, limits_).expression;
    const eval::LocalScope::Binding binding{"value", argument};
    return eval::evaluate(*expression, eval::LocalScope({&binding, 1}, nullptr), context_);
  }
  [[nodiscard]] eval::Value text(const std::string& text) { return eval::make_string(arena_, text); }
  [[nodiscard]] bool exhausted() const { return budget_.exhausted(); }

 private:
  source::Limits limits_;
  source::ArtifactStore store_;
  source::Arena arena_;
  eval::SymbolTable symbols_{arena_};
  source::Budget budget_{limits_};
  eval::Context context_{.arena = arena_, .symbols = symbols_, .budget = budget_, .limits = limits_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > gabion::fuzz::kMostBytes || source::find_invalid_utf8(text_of(data, size))) {
    return 0;
  }
  Caller caller;
  const eval::Value value = caller.call("yamldecode", caller.text(text_of(data, size)));
  if (value.is_error() || value.is_unknown() || caller.exhausted()) {
    return 0;
  }
  const eval::Value encoded = caller.call("yamlencode", value);
  if (encoded.is_error() || !encoded.is_string()) {
    return 0;  // too large, or an infinite number
  }
  const eval::Value again = caller.call("yamldecode", encoded);
  require(caller.exhausted() || again.is_unknown() || eval::to_json(again) == eval::to_json(value));
  return 0;
}
