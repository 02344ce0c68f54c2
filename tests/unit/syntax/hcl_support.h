// What the tests of the HCL parser share: parse a text in memory and show the outcome on one line.
#pragma once

#include <string>
#include <string_view>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/print.h"

namespace gabion::syntax::hcl::test {

/// A text with its tree.
class Parsed {
 public:
  explicit Parsed(std::string_view text)
      : artifact(source::ArtifactId{7}, "test.tf", std::string(text), source::Role::kProject) {}

  const Body& file() {
    result_ = parse_file(artifact, arena, limits);
    diagnostics = result_.diagnostics;
    return *result_.body;
  }
  const Expression& expression() {
    const ParsedExpression result = parse_expression(artifact, artifact.whole(), arena, limits);
    diagnostics = result.diagnostics;
    return *result.expression;
  }
  const Expression& bare_template() {
    const ParsedExpression result = parse_template(artifact, artifact.whole(), arena, limits);
    diagnostics = result.diagnostics;
    return *result.expression;
  }
  /// The first problem's code, or "ok".
  [[nodiscard]] std::string code() const { return diagnostics.empty() ? "ok" : diagnostics.front().code; }
  [[nodiscard]] std::string_view at(const Region& region) const { return artifact.text(region); }

  source::Artifact artifact;
  source::Arena arena;
  source::Limits limits;
  findings::Diagnostics diagnostics;

 private:
  ParsedBody result_;
};

/// The tree's lines joined by single spaces.
inline std::string one_line(std::string_view tree) {
  std::string line;
  bool indentation = true;
  for (const char c : tree) {
    if (c == '\n') {
      indentation = true;
      continue;
    }
    if (indentation && c == ' ') {
      continue;
    }
    if (indentation && !line.empty()) {
      line += ' ';
    }
    indentation = false;
    line += c;
  }
  return line;
}

inline std::string file_tree(std::string_view text) {
  Parsed parsed(text);
  const Body& body = parsed.file();
  return parsed.diagnostics.empty() ? one_line(print_tree(body)) : parsed.code();
}
inline std::string expression_tree(std::string_view text) {
  Parsed parsed(text);
  const Expression& expression = parsed.expression();
  return parsed.diagnostics.empty() ? one_line(print_tree(expression)) : parsed.code();
}
inline std::string template_tree(std::string_view text) {
  Parsed parsed(text);
  const Expression& expression = parsed.bare_template();
  return parsed.diagnostics.empty() ? one_line(print_tree(expression)) : parsed.code();
}

}  // namespace gabion::syntax::hcl::test
