// tests: syntax
// The strict parser and the tree-sitter grammar on real files: they agree on what is valid and on its structure, down
// to the byte ranges of attributes and blocks and the kinds of expressions.
#include <gtest/gtest.h>
#include <tree_sitter/api.h>

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

extern "C" const TSLanguage* tree_sitter_terraform(void);

namespace gabion::syntax::hcl {
namespace {

std::string range(std::uint32_t begin, std::uint32_t end) {
  return "@" + std::to_string(begin) + "-" + std::to_string(end);
}

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
        text += '\n' + std::string(attribute->name) + range(attribute->region.begin, attribute->region.end) + " = " +
                of(*attribute->expression);
        ++attribute;
        continue;
      }
      text += '\n' + std::string(block->type) + range(block->region.begin, block->region.end);
      for (const Label& label : block->labels) {
        text += " label" + range(label.region.begin, label.region.end);
      }
      text += " {" + range(block->open_brace.begin, block->close_brace.begin) + of(*block->body) + "\n}";
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
        return std::string(text.form == TemplateKind::kQuoted ? "(quoted" : "(heredoc") + parts(text.parts) + ")";
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
        return "(op" + range(binary.operator_region.begin, binary.operator_region.end) + ' ' + of(*binary.left) + ' ' +
               of(*binary.right) + ")";
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
          text += " ${" + of(*part.expression) + "}";
          break;
        case TemplatePartKind::kIf:
          text += " %if{" + of(*part.expression) + StrictSketch::parts(part.body) + (part.has_else ? " else" : "") +
                  StrictSketch::parts(part.otherwise) + "}";
          break;
        case TemplatePartKind::kFor:
          text += std::string(" %for{") + (part.key_variable.empty() ? "1 " : "2 ") + of(*part.expression) +
                  StrictSketch::parts(part.body) + "}";
          break;
      }
    }
    return text;
  }
};

class GrammarSketch {
 public:
  explicit GrammarSketch(std::string_view bytes) : bytes_(bytes) {}

  /// The items of a file or body.
  std::string of(TSNode body) {
    std::string text;
    for (const TSNode node : children(body, true)) {
      if (is(node, "attribute")) {
        text += '\n' + word(field(node, "name")) + place(node) + " = " + expression(field(node, "value"));
      } else if (is(node, "block")) {
        text += '\n' + word(field(node, "type")) + place(node);
        for (const TSNode part : children(node, true)) {
          if (is(part, "label") || (is(part, "identifier") && ts_node_start_byte(part) != ts_node_start_byte(node))) {
            text += " label" + place(part);
          }
        }
        const TSNode inside = field(node, "body");
        text += " {" + range(ts_node_start_byte(field(inside, "open")), ts_node_start_byte(field(inside, "close"))) +
                of(inside) + "\n}";
      } else if (!is(node, "comment")) {
        text += '\n' + std::string(ts_node_type(node));
      }
    }
    return text;
  }

  /// False with any sign of damage.
  static bool valid(TSNode root) {
    if (ts_node_has_error(root)) {
      return false;
    }
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    bool sound = true;
    for (bool more = true; more && sound;) {
      const TSNode node = ts_tree_cursor_current_node(&cursor);
      sound = !is(node, "unclosed") && !is(node, "absent") && !is(node, "misplaced_newline");
      more = ts_tree_cursor_goto_first_child(&cursor);
      while (!more && !ts_tree_cursor_goto_next_sibling(&cursor)) {
        if (!ts_tree_cursor_goto_parent(&cursor)) {
          ts_tree_cursor_delete(&cursor);
          return sound;
        }
      }
      more = true;
    }
    ts_tree_cursor_delete(&cursor);
    return sound;
  }

 private:
  static bool is(TSNode node, std::string_view type) { return ts_node_type(node) == type; }
  static std::string place(TSNode node) { return range(ts_node_start_byte(node), ts_node_end_byte(node)); }
  std::string word(TSNode node) const {
    return std::string(bytes_.substr(ts_node_start_byte(node), ts_node_end_byte(node) - ts_node_start_byte(node)));
  }
  static TSNode field(TSNode node, std::string_view name) {
    return ts_node_child_by_field_name(node, name.data(), static_cast<std::uint32_t>(name.size()));
  }
  static std::vector<TSNode> children(TSNode node, bool named) {
    std::vector<TSNode> result;
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      do {
        const TSNode child = ts_tree_cursor_current_node(&cursor);
        if (!is(child, "comment") && (!named || ts_node_is_named(child))) {
          result.push_back(child);
        }
      } while (ts_tree_cursor_goto_next_sibling(&cursor));
    }
    ts_tree_cursor_delete(&cursor);
    return result;
  }
  static bool has_token(TSNode node, std::string_view token) {
    const std::vector<TSNode> all = children(node, false);
    return std::any_of(all.begin(), all.end(), [&](TSNode child) { return is(child, token); });
  }

  std::string expression(TSNode node) {
    std::string base;
    std::string steps;
    flatten(node, base, steps);
    return steps.empty() ? base : "(" + base + steps + ")";
  }

  std::string all(const std::vector<TSNode>& nodes, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < nodes.size(); ++i) {
      text += ' ' + expression(nodes[i]);
    }
    return text;
  }

  void flatten(TSNode node, std::string& base, std::string& steps) {
    const std::vector<TSNode> parts = children(node, true);
    if (is(node, "attribute_access")) {
      flatten(parts[0], base, steps);
      steps += is(parts[1], "identifier") ? ".a" : ".n";
    } else if (is(node, "splat")) {
      flatten(parts[0], base, steps);
      steps += has_token(node, ".") ? ".*" : "[*]";
    } else if (is(node, "index")) {
      flatten(parts[0], base, steps);
      const std::string key = expression(parts[1]);
      const bool text = key == "(quoted)" || key == "(heredoc)";
      steps += key == "number" ? "[n]" : text ? "[s]" : '[' + key + ']';
    } else {
      base = simple(node, parts);
    }
  }

  std::string simple(TSNode node, const std::vector<TSNode>& parts) {
    const std::string_view type = ts_node_type(node);
    if (type == "variable") {
      return "var";
    }
    if (type == "template" || type == "heredoc") {
      return (type == "template" ? "(quoted" : "(heredoc") + sequence(parts, 0, parts.size()) + ")";
    }
    if (type == "call") {
      std::size_t first = 0;
      while (first < parts.size() && is(parts[first], "identifier")) {
        ++first;
      }
      return "(call" + all(parts, first) + (has_token(node, "...") ? "...)" : ")");
    }
    if (type == "conditional") {
      return "(?" + all(parts, 0) + ")";
    }
    if (type == "binary") {
      for (const TSNode child : children(node, false)) {
        if (!ts_node_is_named(child)) {
          return "(op" + place(child) + all(parts, 0) + ")";
        }
      }
    }
    if (type == "unary") {
      return "(un" + all(parts, 0) + ")";
    }
    if (type == "parentheses") {
      return "(paren" + all(parts, 0) + ")";
    }
    if (type == "tuple") {
      return "(tuple" + all(parts, 0) + ")";
    }
    if (type == "object") {
      std::string text = "(object";
      for (const TSNode item : parts) {
        // A bare word is a name as a key, even "true" and "null".
        const TSNode key = field(item, "key");
        text += ' ' + (is(key, "literal") ? "var" : expression(key)) + '=' + expression(field(item, "value"));
      }
      return text + ")";
    }
    if (type == "for_tuple" || type == "for_object") {
      const std::size_t names = is(parts[1], "identifier") ? 2 : 1;
      return (type == "for_tuple" ? "(for-tuple " : "(for-object ") + std::to_string(names) + all(parts, names) +
             (has_token(node, "...") ? "...)" : ")");
    }
    return std::string(type);
  }

  std::string sequence(const std::vector<TSNode>& parts, std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i) {
      const std::vector<TSNode> inside = children(parts[i], true);
      if (is(parts[i], "interpolation")) {
        text += " ${" + expression(inside[0]) + "}";
      } else if (is(parts[i], "template_for")) {
        const std::size_t names = is(inside[1], "identifier") ? 2 : 1;
        text += " %for{" + std::to_string(names) + ' ' + expression(inside[names]) +
                sequence(inside, names + 1, inside.size()) + "}";
      } else if (is(parts[i], "template_if")) {
        text += " %if{" + directive(children(parts[i], false)) + "}";
      }
    }
    return text;
  }

  std::string directive(const std::vector<TSNode>& all) {
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool condition = text.empty() && ts_node_is_named(all[i]);
      text += condition ? expression(all[i]) : is(all[i], "else") ? " else" : sequence(all, i, i + 1);
    }
    return text;
  }

  std::string_view bytes_;
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

  const std::unique_ptr<TSParser, void (*)(TSParser*)> parser(ts_parser_new(), ts_parser_delete);
  ASSERT_TRUE(ts_parser_set_language(parser.get(), tree_sitter_terraform()));
  const std::string_view bytes = artifact.bytes();
  const std::unique_ptr<TSTree, void (*)(TSTree*)> tree(
      ts_parser_parse_string(parser.get(), nullptr, bytes.data(), static_cast<std::uint32_t>(bytes.size())),
      ts_tree_delete);
  const TSNode root = ts_tree_root_node(tree.get());

  if (valid != GrammarSketch::valid(root)) {
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
    const std::string actual = GrammarSketch(bytes).of(root);
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
