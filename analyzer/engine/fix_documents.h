// Texts of documents that fixes write beside what they mend, such as the policy of a key for logs. What says the same
// wherever it is written, but for the references in it, is made once. Used by FixMaker; one per analysis.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/fix_value.h"
#include "syntax/hcl/ast.h"

namespace gabion::engine {

class FixDocuments {
 public:
  /// Texts of the references in a document, each once, in the order in which it makes them.
  using References = std::vector<std::string>;
  struct Text {
    std::string text;
    bool has_hole = false;  ///< a person has to fill something in
  };

  /// What the expression gives to refer(), each once, where its value hangs on nothing else; null where it does.
  [[nodiscard]] const std::vector<std::string_view>* referred(const syntax::hcl::Expression& expression);
  /// The text that was kept; null when there is none.
  [[nodiscard]] const Text* find(const syntax::hcl::Expression& expression, const References& references,
                                 const FixStyle& style) const;
  void keep(const syntax::hcl::Expression& expression, References references, const FixStyle& style, Text text);

 private:
  struct Document {
    std::optional<std::vector<std::string_view>> referred;
    std::map<std::pair<References, FixStyle>, Text> texts;
  };
  std::unordered_map<const syntax::hcl::Expression*, Document> documents_;
};

}  // namespace gabion::engine
