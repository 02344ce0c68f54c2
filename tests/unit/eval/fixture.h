// Evaluates expression texts in a scope of a few names: what the tests of eval share.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/evaluator.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"

namespace gabion::eval::testing {

/// Files in memory for templatefile() and its like.
class MemoryFiles final : public FileReader {
 public:
  explicit MemoryFiles(source::ArtifactStore& store) : store_(store) {}
  void add(std::string path, std::string text) { store_.add(std::move(path), std::move(text)); }
  [[nodiscard]] source::Expected<const source::Artifact*> read(std::string_view path) const override {
    if (const source::Artifact* found = store_.find(path)) {
      return found;
    }
    return source::Error{.message = "no such file", .path = std::string(path), .hint = {}};
  }
  [[nodiscard]] bool exists(std::string_view path) const override { return store_.find(path) != nullptr; }
  [[nodiscard]] source::Expected<std::vector<std::string>> glob(std::string_view /*directory*/,
                                                                std::string_view /*pattern*/) const override {
    return std::vector<std::string>{};
  }

 private:
  source::ArtifactStore& store_;
};

/// One evaluation context with named values.
class Workbench {
 public:
  explicit Workbench(source::Limits limits = {}) : limits_(limits) {}

  [[nodiscard]] source::Arena& arena() { return arena_; }
  [[nodiscard]] Context& context() { return context_; }
  [[nodiscard]] source::ArtifactStore& store() { return store_; }
  [[nodiscard]] SymbolTable& symbols() { return symbols_; }
  [[nodiscard]] MemoryFiles& files() { return files_; }

  const syntax::hcl::Expression& parse(std::string_view text) {
    const source::Artifact& artifact =
        store_.add("expression " + std::to_string(store_.size()), std::string(text), source::Role::kInternal);
    const auto parsed = syntax::hcl::parse_expression(artifact, artifact.whole(), arena_, limits_);
    parse_error_ = parsed.ok() ? std::string() : parsed.diagnostics[0].message;
    return *parsed.expression;
  }
  /// Message of the last parse; empty when it was fine.
  [[nodiscard]] const std::string& parse_error() const { return parse_error_; }

  const Type& type(std::string_view text) { return *parse_type(parse(text), context_).type; }

  void bind(std::string_view name, Value value) {
    const std::string_view kept = arena_.copy(name);
    for (LocalScope::Binding& binding : bindings_) {
      if (binding.name == kept) {
        binding.value = value;
        return;
      }
    }
    bindings_.push_back({.name = kept, .value = value});
  }
  void bind(std::string_view name, std::string_view expression) { bind(name, evaluate(expression)); }
  Value unknown(std::string_view name, std::string_view type_text = "any", bool not_null = false) {
    const Symbol* symbol = symbols_.intern({.reason = Reason::kVariable, .text = name});
    return make_unknown(arena_, type(type_text), Unknown{.symbol = symbol, .not_null = not_null});
  }
  void bind_unknown(std::string_view name, std::string_view type_text = "any", bool not_null = false) {
    bind(name, unknown(name, type_text, not_null));
  }

  Value evaluate(std::string_view text) {
    const syntax::hcl::Expression& expression = parse(text);
    if (!parse_error_.empty()) {
      return make_error(arena_, parse_error_, expression.region);
    }
    const LocalScope scope(bindings_, nullptr);
    return eval::evaluate(expression, scope, context_);
  }
  /// JSON of the result; errors as "error: ...".
  std::string json(std::string_view text) {
    const Value value = evaluate(text);
    return value.is_error() ? "error: " + std::string(value.error().message) : to_json(value);
  }
  /// What `describe` says of the result.
  std::string text(std::string_view expression) { return describe(evaluate(expression)); }

 private:
  source::Limits limits_;
  source::ArtifactStore store_;
  source::Arena arena_;
  SymbolTable symbols_{arena_};
  source::Budget budget_{limits_};
  MemoryFiles files_{store_};
  Context context_{.arena = arena_,
                   .symbols = symbols_,
                   .budget = budget_,
                   .limits = limits_,
                   .files = &files_,
                   .has_convert = true};
  std::vector<LocalScope::Binding> bindings_;
  std::string parse_error_;
};

}  // namespace gabion::eval::testing
