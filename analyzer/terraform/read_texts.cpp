#include "terraform/read_texts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "source/file_system.h"
#include "syntax/hcl/walk.h"

namespace gabion::terraform {
namespace {

namespace hcl = syntax::hcl;

/// Is it path.module, or path.root, which is the same where the module is not called?
bool is_own_directory(const hcl::Expression& expression) {
  if (expression.kind != hcl::ExpressionKind::kTraversal) {
    return false;
  }
  const auto& reference = hcl::as<hcl::Traversal>(expression);
  return reference.root == "path" && reference.steps.size() == 1 &&
         (reference.steps[0].name == "module" || reference.steps[0].name == "root");
}

/// A path below the directory of the file, as far as it is written out.
std::optional<std::string> written_path(const hcl::Expression& expression) {
  if (expression.kind != hcl::ExpressionKind::kTemplate) {
    return std::nullopt;
  }
  const auto& text = hcl::as<hcl::TemplateExpression>(expression);
  if (text.is_literal()) {
    return std::string(text.literal());
  }
  const bool below = text.parts().size() == 2 && text.parts()[0].kind == hcl::TemplatePartKind::kInterpolation &&
                     is_own_directory(*text.parts()[0].expression()) &&
                     text.parts()[1].kind == hcl::TemplatePartKind::kLiteral && text.parts()[1].text().starts_with('/');
  return below ? std::optional("." + std::string(text.parts()[1].text())) : std::nullopt;
}

class Search {
 public:
  Search(std::string directory, std::set<std::string>& paths) : directory_(std::move(directory)), paths_(paths) {}

  void body(const hcl::Body& body) {
    for (const hcl::Attribute& attribute : body.attributes) {
      expression(*attribute.expression);
    }
    for (const hcl::Block& block : body.blocks) {
      this->body(*block.body);
    }
  }

 private:
  /// The parser bounds how deep expressions are in each other.
  void expression(const hcl::Expression& node) {
    static constexpr std::array<std::string_view, 3> kReaders{"file", "filebase64", "templatefile"};
    if (node.kind == hcl::ExpressionKind::kFunctionCall) {
      const auto& call = hcl::as<hcl::FunctionCall>(node);
      if (!call.arguments.empty() && std::find(kReaders.begin(), kReaders.end(), call.name) != kReaders.end()) {
        if (const std::optional<std::string> path = written_path(*call.arguments[0]); path && !path->empty()) {
          paths_.insert(source::join_path(directory_, *path));
        }
      }
    }
    hcl::for_each_child(node, [&](const hcl::Expression& child) { expression(child); });
  }

  std::string directory_;
  std::set<std::string>& paths_;
};

}  // namespace

bool may_read_texts(const source::Artifact& artifact) {
  const std::string_view text = artifact.bytes();
  // There are fewer parentheses than letters.
  for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    if (const std::string_view before = text.substr(0, at);
        before.ends_with("file") || before.ends_with("filebase64")) {
      return true;
    }
  }
  return false;
}

void add_read_texts(const hcl::Body& body, const source::Artifact& artifact, std::set<std::string>& paths) {
  if (may_read_texts(artifact)) {
    Search(source::directory_of(artifact.path()), paths).body(body);
  }
}

}  // namespace gabion::terraform
