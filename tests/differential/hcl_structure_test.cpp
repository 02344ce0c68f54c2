// tests: syntax
// The parser against HashiCorp's own: the same texts are accepted, and their structure is the same. The reference is
// the npm package @cdktf/hcl2json (HashiCorp's parser as WebAssembly) run by node; the environment variable
// GABION_HCL2JSON names the node_modules directory that holds it. Inputs are the corpora (GABION_CORPORA) and generated
// texts.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"

namespace gabion::syntax::hcl {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// --- our tree in the shape of hcl2json: values where they are literal, "${source}" where not ---

class Converter {
 public:
  explicit Converter(const source::Artifact& artifact) : artifact_(artifact) {}

  json body(const Body& body) const {
    json result = json::object();
    for (const Attribute& attribute : body.attributes) {
      result[std::string(attribute.name)] = value(*attribute.expression);
    }
    for (const Block& block : body.blocks) {
      json* place = &result[std::string(block.type)];
      for (const Label& label : block.labels) {
        place = &(*place)[std::string(label.text())];
      }
      place->push_back(this->body(*block.body));
    }
    return result;
  }

 private:
  std::string source(const Expression& e) const { return "${" + std::string(artifact_.text(e.region)) + "}"; }

  json value(const Expression& e) const {
    switch (e.kind) {
      case ExpressionKind::kNull:
        return nullptr;
      case ExpressionKind::kBool:
        return as<BoolLiteral>(e).value;
      case ExpressionKind::kNumber:
        return std::strtod(std::string(as<NumberLiteral>(e).text).c_str(), nullptr);
      case ExpressionKind::kUnary: {
        const auto& unary = as<UnaryExpression>(e);
        if (unary.op == UnaryOperator::kNegate && unary.operand->kind == ExpressionKind::kNumber) {
          return -value(*unary.operand).get<double>();
        }
        if (unary.op == UnaryOperator::kNot && unary.operand->kind == ExpressionKind::kBool) {
          return !as<BoolLiteral>(*unary.operand).value;
        }
        return source(e);
      }
      case ExpressionKind::kTemplate: {
        const auto& text = as<TemplateExpression>(e);
        if (is_wrap(text)) {
          return value(*text.parts()[0].expression());
        }
        return parts(text.parts());
      }
      case ExpressionKind::kTuple: {
        json result = json::array();
        for (const Expression* element : as<TupleExpression>(e).elements) {
          result.push_back(value(*element));
        }
        return result;
      }
      case ExpressionKind::kObject: {
        json result = json::object();
        for (const ObjectItem& item : as<ObjectExpression>(e).items) {
          const bool as_written = item.key_is_name || item.key->kind == ExpressionKind::kTraversal;
          result[as_written ? std::string(artifact_.text(item.key->region)) : part(*item.key)] = value(*item.value);
        }
        return result;
      }
      default:
        return source(e);
    }
  }

  static bool is_wrap(const TemplateExpression& e) {
    return e.parts().size() == 1 && e.parts()[0].kind == TemplatePartKind::kInterpolation;
  }

  static std::string escaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((text[i] == '$' || text[i] == '%') && text.substr(i + 1).starts_with('{')) {
        result += text[i];
      }
      result += text[i];
    }
    return result;
  }

  /// A number as text: its shortest decimal form without an exponent.
  static std::string number(std::string_view digits) {
    const std::string text(digits);
    if (digits.find_first_of("eE") == std::string_view::npos &&
        (!digits.ends_with('0') || digits.find('.') == std::string_view::npos)) {
      std::size_t zeros = 0;
      while (zeros + 1 < text.size() && text[zeros] == '0' && text[zeros + 1] != '.') {
        ++zeros;
      }
      return text.substr(zeros);
    }
    const double value = std::strtod(text.c_str(), nullptr);
    for (int precision = 0; precision < 400; ++precision) {
      std::string shorter(400, '\0');
      shorter.resize(static_cast<std::size_t>(std::snprintf(shorter.data(), shorter.size(), "%.*f", precision, value)));
      if (std::strtod(shorter.c_str(), nullptr) == value) {
        return shorter;
      }
    }
    return text;
  }

  std::string if_else(const Expression& condition, const std::string& when_true, const std::string& when_false) const {
    return "%{if " + std::string(artifact_.text(condition.region)) + "}" + when_true +
           (when_false.empty() ? "" : "%{else}" + when_false) + "%{endif}";
  }

  std::string part(const Expression& e) const {
    switch (e.kind) {
      case ExpressionKind::kTemplate: {
        const auto& text = as<TemplateExpression>(e);
        if (is_wrap(text)) {
          return part(*text.parts()[0].expression());
        }
        return parts(text.parts());
      }
      case ExpressionKind::kNull:
        return "null";
      case ExpressionKind::kBool:
        return as<BoolLiteral>(e).value ? "true" : "false";
      case ExpressionKind::kNumber:
        return number(as<NumberLiteral>(e).text);
      case ExpressionKind::kConditional: {
        const auto& conditional = as<ConditionalExpression>(e);
        return if_else(*conditional.condition, part(*conditional.true_result), part(*conditional.false_result));
      }
      default:
        return source(e);
    }
  }

  std::string parts(std::span<const TemplatePart> parts) const {
    std::string result;
    for (const TemplatePart& each : parts) {
      switch (each.kind) {
        case TemplatePartKind::kLiteral:
          result += escaped(each.text());
          break;
        case TemplatePartKind::kInterpolation:
          result += part(*each.expression());
          break;
        case TemplatePartKind::kIf:
          result += if_else(*each.expression(), this->parts(each.body()), this->parts(each.otherwise()));
          break;
        case TemplatePartKind::kFor:
          result += "%{for ";
          result += each.directive()->key_variable.empty() ? "" : std::string(each.directive()->key_variable) + ", ";
          result += std::string(each.directive()->value_variable) + " in " +
                    std::string(artifact_.text(each.expression()->region)) + "}" + this->parts(each.body()) +
                    "%{endfor}";
          break;
      }
    }
    return result;
  }

  const source::Artifact& artifact_;
};

// --- our tree in the shape that reference.js gives ---

json tree(const Expression& e);

json segments(std::span<const Step> steps) {
  json result = json::array();
  for (const Step& step : steps) {
    switch (step.kind) {
      case StepKind::kAttribute:
        result.push_back("." + std::string(step.name));
        break;
      case StepKind::kIndexNumber:
        result.push_back(std::string(step.number));
        break;
      case StepKind::kIndexString:
        result.push_back("\"" + std::string(step.name) + "\"");
    }
  }
  return result;
}

json template_parts(std::span<const TemplatePart> parts) {
  json result = json::array({"template"});
  for (const TemplatePart& part : parts) {
    switch (part.kind) {
      case TemplatePartKind::kLiteral:
        result.push_back(json::array({"text"}));
        break;
      case TemplatePartKind::kInterpolation:
        result.push_back(tree(*part.expression()));
        break;
      case TemplatePartKind::kIf:
        result.push_back(json::array(
            {"conditional", tree(*part.expression()), template_parts(part.body()), template_parts(part.otherwise())}));
        break;
      case TemplatePartKind::kFor:
        result.push_back(
            json::array({"templateJoin", json::array({"for", std::string(part.directive()->key_variable),
                                                      std::string(part.directive()->value_variable), false,
                                                      tree(*part.expression()), template_parts(part.body())})}));
        break;
    }
  }
  if (parts.empty()) {
    result.push_back(json::array({"text"}));
  }
  return result;
}

json tree(const Expression& e) {
  constexpr const char* kBinary[] = {
      "logicalOr",          "logicalAnd", "equal",    "notEqual", "lessThan", "lessThanOrEqual", "greaterThan",
      "greaterThanOrEqual", "add",        "subtract", "multiply", "divide",   "modulo"};
  switch (e.kind) {
    case ExpressionKind::kNull:
      return json::array({"literal", "dynamic"});
    case ExpressionKind::kBool:
      return json::array({"literal", "bool"});
    case ExpressionKind::kNumber:
      return json::array({"literal", "number"});
    case ExpressionKind::kTemplate: {
      const auto& text = as<TemplateExpression>(e);
      if (text.parts().size() == 1 && text.parts()[0].kind == TemplatePartKind::kInterpolation) {
        return json::array({"templateWrap", tree(*text.parts()[0].expression())});
      }
      return template_parts(text.parts());
    }
    case ExpressionKind::kTraversal: {
      const auto& traversal = as<Traversal>(e);
      if (traversal.root.empty()) {
        return json::array({""});
      }
      json path = json::array({"." + std::string(traversal.root)});
      for (const json& segment : segments(traversal.steps)) {
        path.push_back(segment);
      }
      return json::array({"traversal", path});
    }
    case ExpressionKind::kRelative:
      return json::array({"relative", segments(as<RelativeTraversal>(e).steps), tree(*as<RelativeTraversal>(e).base)});
    case ExpressionKind::kIndex:
      return json::array({"index", tree(*as<IndexExpression>(e).base), tree(*as<IndexExpression>(e).key)});
    case ExpressionKind::kSplat:
      return json::array({"splat", tree(*as<SplatExpression>(e).base), tree(*as<SplatExpression>(e).each)});
    case ExpressionKind::kFunctionCall: {
      const auto& call = as<FunctionCall>(e);
      json result = json::array({"function", std::string(call.name), call.expand_final});
      for (const Expression* argument : call.arguments) {
        result.push_back(tree(*argument));
      }
      return result;
    }
    case ExpressionKind::kConditional: {
      const auto& c = as<ConditionalExpression>(e);
      return json::array({"conditional", tree(*c.condition), tree(*c.true_result), tree(*c.false_result)});
    }
    case ExpressionKind::kBinary: {
      const auto& binary = as<BinaryExpression>(e);
      return json::array(
          {"binaryOp", kBinary[static_cast<std::size_t>(binary.op)], tree(*binary.left), tree(*binary.right)});
    }
    case ExpressionKind::kUnary:
      return json::array({"unaryOp", as<UnaryExpression>(e).op == UnaryOperator::kNegate ? "negate" : "logicalNot",
                          tree(*as<UnaryExpression>(e).operand)});
    case ExpressionKind::kParentheses:
      return json::array({"", tree(*as<ParenthesesExpression>(e).inner)});
    case ExpressionKind::kTuple: {
      json result = json::array({"tuple"});
      for (const Expression* element : as<TupleExpression>(e).elements) {
        result.push_back(tree(*element));
      }
      return result;
    }
    case ExpressionKind::kObject: {
      json result = json::array({"object"});
      for (const ObjectItem& item : as<ObjectExpression>(e).items) {
        result.push_back(item.key_is_name ? json::array({""}) : json::array({"", tree(*item.key)}));
        result.push_back(tree(*item.value));
      }
      return result;
    }
    case ExpressionKind::kFor: {
      const auto& f = as<ForExpression>(e);
      json result = json::array({"for", std::string(f.key_variable), std::string(f.value_variable), f.grouping});
      for (const Expression* child : {f.collection, f.key, f.value, f.condition}) {
        if (child != nullptr) {
          result.push_back(tree(*child));
        }
      }
      return result;
    }
    default:
      return json::array({"error"});
  }
}

// --- inputs ---

struct Input {
  std::string name;
  std::string text;
};

void add_files(const fs::path& root, std::vector<Input>& inputs) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    const std::string extension = it->path().extension().string();
    if (it->is_regular_file() && (extension == ".tf" || extension == ".hcl" || extension == ".tfvars")) {
      std::ifstream in(it->path(), std::ios::binary);
      inputs.push_back({it->path().string(), {std::istreambuf_iterator<char>(in), {}}});
    }
  }
}

/// Random sequences of tokens in random frames; some parse, most nearly do.
void add_generated(std::size_t count, std::vector<Input>& inputs) {
  constexpr std::string_view kFrames[] = {"a = @\n",        "a = (@)\n",      "a = \"@\"\n", "a = <<-E\n  @\n E\n",
                                          "a = [@]\n",      "a = {@}\n",      "@\n",         "b {\n@\n}\n",
                                          "a = \"${@}\"\n", "a = <<E\n@\nE\n"};
  constexpr std::string_view kTokens[] = {"a",
                                          "b.c",
                                          "x",
                                          "1",
                                          "2.5",
                                          "1e3",
                                          "true",
                                          "null",
                                          "\"s\"",
                                          "\"${a}\"",
                                          "\"a${b}c\"",
                                          "[",
                                          "]",
                                          "(",
                                          ")",
                                          "{",
                                          "}",
                                          ",",
                                          "=",
                                          ":",
                                          "?",
                                          "?",
                                          ":",
                                          ".",
                                          ".d",
                                          ".0",
                                          "[0]",
                                          "[*]",
                                          ".*",
                                          "+",
                                          "-",
                                          "*",
                                          "/",
                                          "%",
                                          "<",
                                          ">=",
                                          "==",
                                          "!=",
                                          "!",
                                          "&&",
                                          "||",
                                          "...",
                                          "=>",
                                          "::",
                                          "f(",
                                          "for ",
                                          " in ",
                                          " if ",
                                          "\n",
                                          "\n",
                                          " ",
                                          " ",
                                          "  ",
                                          "\t",
                                          "#c\n",
                                          "/*c*/",
                                          "${",
                                          "%{",
                                          "~}",
                                          "}",
                                          "${~ a ~}",
                                          "%{ if a }",
                                          "%{ else }",
                                          "%{ endif }",
                                          "%{ for x in a ~}",
                                          "%{ endfor }",
                                          "$${",
                                          "%%{",
                                          "$",
                                          "%",
                                          "\\n",
                                          "\\\"",
                                          "\\u00e9",
                                          "<<E\n",
                                          "\nE\n",
                                          "b \"l\" {\n",
                                          "\n}\n",
                                          "a = 1\n",
                                          "c = a\n",
                                          "{a=1}",
                                          "[1,2]",
                                          "[for x in a : x]",
                                          "{for k, x in a : k => x}",
                                          "a[b]",
                                          "a ? b : x",
                                          "$ \n",
                                          "% \n",
                                          "\r\n",
                                          "$ \r\n",
                                          "d\r\n"};
  std::mt19937 random(20240607);
  const auto pick = [&](const auto& choices) { return choices[random() % std::size(choices)]; };
  for (std::size_t i = 0; i < count; ++i) {
    std::string inside;
    for (std::size_t length = 1 + random() % 7; length > 0; --length) {
      inside += pick(kTokens);
    }
    std::string text(pick(kFrames));
    text.replace(text.find('@'), 1, inside);
    inputs.push_back({"generated " + json(text).dump(), text});
  }
}

bool is_utf8(std::string_view text) {
  try {
    static_cast<void>(json(std::string(text)).dump());
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

/// All expressions of attributes, nested blocks included.
void collect(const Body& body, std::vector<const Expression*>& expressions) {
  for (const Attribute& attribute : body.attributes) {
    expressions.push_back(attribute.expression);
  }
  for (const Block& block : body.blocks) {
    collect(*block.body, expressions);
  }
}

bool contains_undefined(const json& value) {
  if (value.is_string()) {
    return value.get<std::string>().find("undefined") != std::string::npos;
  }
  return value.is_structured() && std::any_of(value.begin(), value.end(), contains_undefined);
}

TEST(HclStructure, AgreesWithHashiCorp) {
  const char* modules = std::getenv("GABION_HCL2JSON");
  if (modules == nullptr || !fs::exists(fs::path(modules) / "@cdktf" / "hcl2json") ||
      std::system("node --version > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "needs node, and GABION_HCL2JSON naming a node_modules directory with @cdktf/hcl2json";
  }
  std::vector<Input> inputs;
  add_files(GABION_TESTDATA_DIR, inputs);
  const char* corpora = std::getenv("GABION_CORPORA");
  add_files(corpora != nullptr ? fs::path(corpora) : fs::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora", inputs);
  const std::size_t files = inputs.size();
  const char* generated = std::getenv("GABION_GENERATED");
  add_generated(generated != nullptr ? std::strtoul(generated, nullptr, 10) : 4000, inputs);
  std::erase_if(inputs, [](const Input& input) { return !is_utf8(input.text); });

  const fs::path directory = fs::temp_directory_path() / ("gabion-hcl-structure-" + std::to_string(::getpid()));
  fs::create_directories(directory);
  {
    std::ofstream questions(directory / "questions");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const source::Artifact artifact(source::ArtifactId{0}, "x.tf", inputs[i].text, source::Role::kProject);
      source::Arena arena;
      const ParsedBody parsed = parse_file(artifact, arena, {});
      json question = {{"id", i}, {"source", inputs[i].text}, {"expressions", json::array()}};
      if (parsed.ok()) {
        std::vector<const Expression*> expressions;
        collect(*parsed.body, expressions);
        for (const Expression* expression : expressions) {
          const bool heredoc = artifact.text(expression->region).starts_with("<<");
          question["expressions"].push_back(std::string(artifact.text(expression->region)) + (heredoc ? "\n" : ""));
        }
      }
      questions << question.dump() << '\n';
    }
  }
  const std::string command = "node '" GABION_SOURCE_DIR "/tests/differential/hcl_structure/reference.js' '" +
                              std::string(modules) + "' < '" + (directory / "questions").string() + "' > '" +
                              (directory / "answers").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);

  std::ifstream answers(directory / "answers");
  std::size_t answered = 0;
  std::size_t accepted = 0;
  std::size_t compared_trees = 0;
  for (std::string line; std::getline(answers, line); ++answered) {
    const json answer = json::parse(line);
    const Input& input = inputs[answer["id"].get<std::size_t>()];
    const source::Artifact artifact(source::ArtifactId{0}, "x.tf", input.text, source::Role::kProject);
    source::Arena arena;
    const ParsedBody parsed = parse_file(artifact, arena, {});
    if (answer.contains("error") && answer["error"].get<std::string>().find("parse config") == std::string::npos) {
      continue;  // parsed, but hcl2json evaluates a little and could not: -true
    }
    if (answer.contains("error")) {
      EXPECT_FALSE(parsed.ok()) << input.name << "\nthe reference says: " << answer["error"];
      continue;
    }
    if (!parsed.ok()) {
      ADD_FAILURE() << input.name << "\nthe reference accepts this; we say: " << parsed.diagnostics[0].code << ": "
                    << parsed.diagnostics[0].message;
      continue;
    }
    ++accepted;
    const json ours = Converter(artifact).body(*parsed.body);
    if (ours != answer["body"]) {
      ADD_FAILURE() << input.name << "\nto turn our values into the reference's: " << json::diff(ours, answer["body"]);
    }
    std::vector<const Expression*> expressions;
    collect(*parsed.body, expressions);
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      const json& theirs = answer["trees"][i];
      // A constant key that is neither number nor string has no name in the reference's output.
      if (contains_undefined(theirs)) {
        continue;
      }
      ++compared_trees;
      EXPECT_EQ(tree(*expressions[i]), theirs) << input.name << "\n" << artifact.text(expressions[i]->region);
    }
  }
  EXPECT_EQ(answered, inputs.size());
  std::cout << files << " files and " << inputs.size() - files << " generated texts, " << accepted
            << " accepted by both, " << compared_trees << " trees compared\n";
  fs::remove_all(directory);
}

}  // namespace
}  // namespace gabion::syntax::hcl
