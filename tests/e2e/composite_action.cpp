#include "composite_action.h"

#include <gtest/gtest.h>

#include <cctype>
#include <optional>

namespace gabion::e2e {
namespace {

using nlohmann::json;

/// False, zero, the empty text and null are false, as the service has it.
bool is_true(const json& value) {
  return !(value.is_null() || value == json(false) || value == json("") || value == json(0));
}

std::string text_of(const json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  return value.is_null() ? std::string() : value.dump();
}

std::string lower(std::string text) {
  for (char& character : text) {
    character = static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
  }
  return text;
}

/// Texts are compared without their case; other kinds as they are.
bool equal(const json& a, const json& b) {
  return a.is_string() && b.is_string() ? lower(text_of(a)) == lower(text_of(b)) : a == b;
}

/// One expression, from its first character to its last.
class Reader {
 public:
  Reader(std::string_view text, const Contexts& contexts) : text_(text), contexts_(contexts) {}

  json whole() {
    json value = disjunction();
    skip_blanks();
    if (at_ != text_.size()) {
      ADD_FAILURE() << "the driver does not understand \"" << text_.substr(at_) << "\" in \"" << text_ << '"';
    }
    return value;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
  }
  bool take(std::string_view token) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(token)) {
      return false;
    }
    at_ += token.size();
    return true;
  }

  /// The operators give one of their operands, not a truth value.
  json disjunction() {
    json left = conjunction();
    while (take("||")) {
      json right = conjunction();
      left = is_true(left) ? left : right;
    }
    return left;
  }
  json conjunction() {
    json left = comparison();
    while (take("&&")) {
      json right = comparison();
      left = is_true(left) ? right : left;
    }
    return left;
  }
  json comparison() {
    json left = operand();
    if (take("==")) {
      return equal(left, operand());
    }
    if (take("!=")) {
      return !equal(left, operand());
    }
    return left;
  }
  json operand() {
    if (take("!")) {
      return !is_true(operand());
    }
    if (take("(")) {
      json value = disjunction();
      EXPECT_TRUE(take(")")) << text_;
      return value;
    }
    if (take("'")) {
      return quoted();
    }
    return named();
  }
  /// Behind the opening quote; two quotes stand for one.
  json quoted() {
    std::string value;
    while (at_ < text_.size()) {
      if (text_[at_] != '\'') {
        value += text_[at_++];
      } else if (text_.substr(at_).starts_with("''")) {
        value += '\'';
        at_ += 2;
      } else {
        ++at_;
        return value;
      }
    }
    ADD_FAILURE() << "a text without end: " << text_;
    return value;
  }
  json named() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' ||
                                  text_[at_] == '-' || text_[at_] == '.')) {
      ++at_;
    }
    const std::string name(text_.substr(begin, at_ - begin));
    if (take("(")) {
      std::vector<json> arguments;
      while (!take(")")) {
        arguments.push_back(disjunction());
        if (!take(",")) {
          EXPECT_TRUE(take(")")) << text_;
          break;
        }
      }
      return call(name, arguments);
    }
    if (name == "true" || name == "false") {
      return name == "true";
    }
    if (name.find('.') == std::string::npos && name != "null") {
      ADD_FAILURE() << "the driver knows no \"" << name << "\" in " << text_;
    }
    const auto found = contexts_.find(name);
    return found == contexts_.end() ? json() : found->second;
  }
  json call(const std::string& name, const std::vector<json>& arguments) const {
    if (name == "always") {
      return true;
    }
    if (name == "format" && !arguments.empty()) {
      std::string value = text_of(arguments.front());
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string place = "{" + std::to_string(i - 1) + "}";
        if (const std::size_t at = value.find(place); at != std::string::npos) {
          value.replace(at, place.size(), text_of(arguments[i]));
        }
      }
      return value;
    }
    ADD_FAILURE() << "the driver knows no function " << name;
    return {};
  }

  std::string_view text_;
  const Contexts& contexts_;
  std::size_t at_ = 0;
};

/// The text between the marks of an expression at the beginning of `text`, and where it ends behind them.
std::optional<std::pair<std::string_view, std::size_t>> expression_at(std::string_view text) {
  constexpr std::string_view kOpen = "${{";
  constexpr std::string_view kClose = "}}";
  const std::size_t end = text.find(kClose);
  if (!text.starts_with(kOpen) || end == std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair(text.substr(kOpen.size(), end - kOpen.size()), end + kClose.size());
}

}  // namespace

json evaluate(std::string_view expression, const Contexts& contexts) {
  return Reader(expression, contexts).whole();
}

std::string interpolate(std::string_view text, const Contexts& contexts) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto expression = expression_at(text.substr(at))) {
      result += text_of(evaluate(expression->first, contexts));
      at += expression->second;
    } else {
      result += text[at++];
    }
  }
  return result;
}

CompositeAction::CompositeAction(const std::string& file) : action_(YAML::LoadFile(file)) {}

std::vector<StepOutcome> CompositeAction::run(const Project& workspace,
                                              const std::map<std::string, std::string>& inputs, Contexts contexts,
                                              const std::map<std::string, std::string>& environment) const {
  for (const auto& input : action_["inputs"]) {
    const auto name = input.first.as<std::string>();
    const auto given = inputs.find(name);
    contexts["inputs." + name] = given != inputs.end() ? given->second : input.second["default"].as<std::string>();
  }
  for (const auto& [name, value] : inputs) {
    EXPECT_TRUE(action_["inputs"][name]) << "the action has no input " << name;
  }
  std::vector<StepOutcome> result;
  bool failed = false;
  for (const YAML::Node& step : action_["runs"]["steps"]) {
    StepOutcome one{.name = step["name"].as<std::string>(), .ran = !failed, .outcome = {}};
    if (step["if"]) {
      const auto condition = step["if"].as<std::string>();
      const auto marked = expression_at(condition);
      const std::string_view expression = marked ? marked->first : std::string_view(condition);
      // A condition that does not ask how the steps before ended holds only when they ended well.
      const bool asks = expression.find("always()") != std::string_view::npos;
      one.ran = (asks || !failed) && is_true(evaluate(expression, contexts));
    }
    if (one.ran) {
      std::map<std::string, std::string> variables = environment;
      for (const auto& variable : step["env"]) {
        variables[variable.first.as<std::string>()] = interpolate(variable.second.as<std::string>(), contexts);
      }
      EXPECT_EQ(step["shell"].as<std::string>(), "bash") << "a composite action names the shell of each step";
      const std::string directory =
          step["working-directory"] ? interpolate(step["working-directory"].as<std::string>(), contexts) : ".";
      // As the service runs `shell: bash`, but for the file that it puts the script in.
      one.outcome = workspace.run({"sh", "-c", "cd \"$1\" && exec bash --noprofile --norc -eo pipefail -c \"$2\"", "sh",
                                   directory, interpolate(step["run"].as<std::string>(), contexts)},
                                  {}, variables);
      failed = failed || one.outcome.status != 0;
    }
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace gabion::e2e
