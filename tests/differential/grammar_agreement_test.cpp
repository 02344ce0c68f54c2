// tests: syntax
// The strict parser and the tree-sitter grammar on real files: they agree on what is valid and on its structure, down
// to the byte ranges of attributes and blocks and the kinds of expressions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/hcl/parser.h"
#include "unit/syntax/grammar_sketch.h"

namespace gabion::syntax::hcl {
namespace {

/// One text for both trees. Steps after an expression are a flat list, and the text of templates is left out: the
/// strict parser keeps its value, the other one its place.
class StrictSketch {
 public:
  static std::string of(const Body& body) {
    std::string text;
    auto attribute = body.attributes.begin();
    auto block = body.blocks.begin();
    while (attribute != body.attributes.end() || block != body.blocks.end()) {
      if (block == body.blocks.end() ||
          (attribute != body.attributes.end() && attribute->region.begin < block->region.begin)) {
        text += '\n' + std::string(attribute->name) + test::range(attribute->region.begin, attribute->region.end) +
                " = " + of(*attribute->expression);
        ++attribute;
        continue;
      }
      text += '\n' + std::string(block->type) + test::range(block->region.begin, block->region.end);
      for (const Label& label : block->labels) {
        text += " label" + test::range(label.region.begin, label.region.end);
      }
      text += " {" + test::range(block->open_brace().begin, block->close_brace().begin) + of(*block->body) + "\n}";
      ++block;
    }
    return text;
  }

 private:
  static std::string of(const Expression& expression) {
    std::string base;
    std::string steps;
    flatten(expression, base, steps);
    return steps.empty() ? base : "(" + base + steps + ")";
  }

  static std::string all(std::span<const Expression* const> expressions) {
    std::string text;
    for (const Expression* each : expressions) {
      text += ' ' + of(*each);
    }
    return text;
  }

  static void add(std::span<const Step> steps, std::string& text) {
    for (const Step& step : steps) {
      text += step.kind == StepKind::kAttribute     ? ".a"
              : step.kind == StepKind::kIndexString ? "[s]"
              : step.legacy                         ? ".n"
                                                    : "[n]";
    }
  }

  static void flatten(const Expression& expression, std::string& base, std::string& steps) {
    switch (expression.kind) {
      case ExpressionKind::kTraversal: {
        const auto& traversal = as<Traversal>(expression);
        if (!traversal.root.empty()) {
          base = "var";
        }
        add(traversal.steps, steps);
        return;
      }
      case ExpressionKind::kRelative: {
        const auto& relative = as<RelativeTraversal>(expression);
        flatten(*relative.base, base, steps);
        add(relative.steps, steps);
        return;
      }
      case ExpressionKind::kIndex: {
        const auto& index = as<IndexExpression>(expression);
        flatten(*index.base, base, steps);
        steps += '[' + of(*index.key) + ']';
        return;
      }
      case ExpressionKind::kSplat: {
        const auto& splat = as<SplatExpression>(expression);
        flatten(*splat.base, base, steps);
        steps += splat.full ? "[*]" : ".*";
        flatten(*splat.each, base, steps);
        return;
      }
      default:
        base = simple(expression);
    }
  }

  static std::string simple(const Expression& expression) {
    switch (expression.kind) {
      case ExpressionKind::kNull:
      case ExpressionKind::kBool:
        return "literal";
      case ExpressionKind::kNumber:
        return "number";
      case ExpressionKind::kTemplate: {
        const auto& text = as<TemplateExpression>(expression);
        return std::string(text.form == TemplateKind::kQuoted ? "(quoted" : "(heredoc") + parts(text.parts()) + ")";
      }
      case ExpressionKind::kFunctionCall: {
        const auto& call = as<FunctionCall>(expression);
        return "(call" + all(call.arguments) + (call.expand_final ? "...)" : ")");
      }
      case ExpressionKind::kConditional: {
        const auto& choice = as<ConditionalExpression>(expression);
        return "(? " + of(*choice.condition) + ' ' + of(*choice.true_result) + ' ' + of(*choice.false_result) + ")";
      }
      case ExpressionKind::kBinary: {
        const auto& binary = as<BinaryExpression>(expression);
        return "(op" + test::range(binary.operator_region.begin, binary.operator_region.end) + ' ' + of(*binary.left) +
               ' ' + of(*binary.right) + ")";
      }
      case ExpressionKind::kUnary:
        return "(un " + of(*as<UnaryExpression>(expression).operand) + ")";
      case ExpressionKind::kParentheses:
        return "(paren " + of(*as<ParenthesesExpression>(expression).inner) + ")";
      case ExpressionKind::kTuple:
        return "(tuple" + all(as<TupleExpression>(expression).elements) + ")";
      case ExpressionKind::kObject: {
        std::string text = "(object";
        for (const ObjectItem& item : as<ObjectExpression>(expression).items) {
          text += ' ' + of(*item.key) + '=' + of(*item.value);
        }
        return text + ")";
      }
      case ExpressionKind::kFor: {
        const auto& loop = as<ForExpression>(expression);
        std::string text = loop.is_object ? "(for-object" : "(for-tuple";
        text += (loop.key_variable.empty() ? " 1 " : " 2 ") + of(*loop.collection);
        text += (loop.key != nullptr ? ' ' + of(*loop.key) : "") + ' ' + of(*loop.value);
        text += loop.condition != nullptr ? ' ' + of(*loop.condition) : "";
        return text + (loop.grouping ? "...)" : ")");
      }
      default:
        return "error";
    }
  }

  static std::string parts(std::span<const TemplatePart> parts) {
    std::string text;
    for (const TemplatePart& part : parts) {
      switch (part.kind) {
        case TemplatePartKind::kLiteral:
          break;
        case TemplatePartKind::kInterpolation:
          text += " ${" + of(*part.expression()) + "}";
          break;
        case TemplatePartKind::kIf:
          text += " %if{" + of(*part.expression()) + StrictSketch::parts(part.body()) +
                  (part.directive()->has_else ? " else" : "") + StrictSketch::parts(part.otherwise()) + "}";
          break;
        case TemplatePartKind::kFor:
          text += std::string(" %for{") + (part.directive()->key_variable.empty() ? "1 " : "2 ") +
                  of(*part.expression()) + StrictSketch::parts(part.body()) + "}";
          break;
      }
    }
    return text;
  }
};

std::filesystem::path corpora() {
  if (const char* set = std::getenv("GABION_CORPORA")) {
    return set;
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora";
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(folder)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && entry.path().extension() == ".tf") {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Counts {
  std::size_t valid = 0;
  std::size_t invalid = 0;
  std::size_t different = 0;
};

void compare(const std::filesystem::path& path, Counts& counts) {
  std::ifstream in(path, std::ios::binary);
  const source::Artifact artifact(source::ArtifactId{0}, path.string(),
                                  std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()),
                                  source::Role::kProject);
  source::Arena arena;
  const ParsedBody strict = parse_file(artifact, arena, {});
  const bool twice = std::any_of(strict.diagnostics.begin(), strict.diagnostics.end(),
                                 [](const auto& each) { return each.code == "hcl-duplicate-attribute"; });
  const bool valid =
      strict.ok() || (twice && std::all_of(strict.diagnostics.begin(), strict.diagnostics.end(),
                                           [](const auto& each) { return each.code == "hcl-duplicate-attribute"; }));

  const std::string_view bytes = artifact.bytes();
  test::GrammarSketch grammar(bytes);

  if (valid != grammar.valid()) {
    ++counts.different;
    ADD_FAILURE() << path << ": " << (valid ? "valid for the strict parser only" : "valid for the grammar only")
                  << (strict.ok() ? "" : ": " + strict.diagnostics.front().message);
    return;
  }
  if (!valid) {
    ++counts.invalid;
    return;
  }
  ++counts.valid;
  // The strict parser leaves out what is set twice; the trees of such a file differ there.
  if (!twice) {
    const std::string expected = StrictSketch::of(*strict.body);
    const std::string actual = grammar.file();
    if (expected != actual) {
      ++counts.different;
      const auto at = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end()).first;
      const auto from = static_cast<std::size_t>(at - expected.begin());
      const std::size_t begin = from > 150 ? from - 150 : 0;
      ADD_FAILURE() << path << "\nstrict:  " << expected.substr(begin, 250)
                    << "\ngrammar: " << actual.substr(begin, 250);
    }
  }
}

TEST(GrammarAgreement, OnOurSamples) {
  Counts counts;
  const auto files = files_below(std::filesystem::path(GABION_TESTDATA_DIR) / "syntax");
  EXPECT_FALSE(files.empty());
  for (const auto& path : files) {
    compare(path, counts);
  }
  EXPECT_EQ(counts.different, 0U);
}

TEST(GrammarAgreement, OnRealFiles) {
  const std::filesystem::path folder = corpora();
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no corpora at " << folder;
  }
  Counts counts;
  for (const char* part : {"real", "labels/fixtures", "terraform/plans_src", "rendering/dirs"}) {
    for (const auto& path : files_below(folder / part)) {
      compare(path, counts);
    }
  }
  std::cout << counts.valid << " files valid for both, " << counts.invalid << " for none, " << counts.different
            << " differences\n";
  EXPECT_EQ(counts.different, 0U);
}

}  // namespace
}  // namespace gabion::syntax::hcl
