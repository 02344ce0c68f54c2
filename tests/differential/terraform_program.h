// Asks `terraform console` for the values of expressions, many at a time, in a directory of its own. Used by the
// differential tests of the evaluator; they skip where there is no terraform.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/functions/base64.h"

namespace gabion::eval {

inline constexpr std::string_view kErrorAnswer = "(error)";
inline constexpr std::string_view kUnknownAnswer = "(unknown)";

/// Asks terraform; each answer is JSON text or kErrorAnswer.
class TerraformProgram {
 public:
  /// `configuration` is what the expressions see.
  explicit TerraformProgram(const std::string& configuration)
      : directory_(std::filesystem::temp_directory_path() / ("gabion-console-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ / "cli.tfrc").flush();
    std::ofstream(directory_ / "main.tf") << configuration;
  }
  TerraformProgram(const TerraformProgram&) = delete;
  TerraformProgram& operator=(const TerraformProgram&) = delete;
  ~TerraformProgram() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  /// Where the expressions are evaluated.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  [[nodiscard]] bool available() const { return !run("version", "").empty(); }

  /// One answer for each expression. One that terraform leaves unknown makes all of them unknown, so a batch without an
  /// answer is asked again in halves.
  [[nodiscard]] std::vector<std::string> answers(std::span<const std::string> expressions) const {
    std::vector<std::string> result = ask(expressions);
    if (!result.empty() || expressions.empty()) {
      return result;
    }
    if (expressions.size() == 1) {
      return {std::string(kErrorAnswer)};
    }
    const std::size_t half = expressions.size() / 2;
    result = answers(expressions.first(half));
    const std::vector<std::string> rest = answers(expressions.subspan(half));
    result.insert(result.end(), rest.begin(), rest.end());
    return result;
  }

 private:
  [[nodiscard]] std::vector<std::string> ask(std::span<const std::string> expressions) const {
    // In a file, since the console reads line by line and expressions may have several.
    {
      std::ofstream file(directory_ / "questions.tf", std::ios::binary);
      file << "locals {\n  questions = [\n";
      for (const std::string& expression : expressions) {
        file << "    try(jsonencode(" << expression << "), \"" << kErrorAnswer << "\"),\n";
      }
      file << "  ]\n}\n";
    }
    // In base64, since the console writes quoted texts in a notation of its own.
    const std::string answer = run("console", "nonsensitive(base64encode(jsonencode(local.questions)))\n");
    if (expressions.size() == 1 && answer.starts_with("(known after apply)")) {
      return {std::string(kUnknownAnswer)};
    }
    const std::size_t end = answer.rfind('"');
    const auto text = end != std::string::npos && answer.starts_with('"')
                          ? functions::base64_decode(std::string_view(answer).substr(1, end - 1))
                          : std::nullopt;
    const nlohmann::json list = nlohmann::json::parse(text.value_or(""), nullptr, false);
    std::vector<std::string> result;
    if (list.is_array() && list.size() == expressions.size()) {
      for (const nlohmann::json& element : list) {
        result.push_back(element.get<std::string>());
      }
    }
    return result;
  }

  [[nodiscard]] std::string run(const std::string& command, const std::string& input) const {
    const std::filesystem::path file = directory_ / "input";
    std::ofstream(file, std::ios::binary) << input;
    const std::string shell = "cd '" + directory_.string() + "' && CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE='" +
                              (directory_ / "cli.tfrc").string() + "' terraform " + command +
                              " -no-color < input 2>/dev/null";
    std::string output;
    if (std::FILE* pipe = ::popen(shell.c_str(), "r")) {
      std::array<char, 4096> buffer{};
      for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        output.append(buffer.data(), size);
      }
      ::pclose(pipe);
    }
    return output;
  }

  std::filesystem::path directory_;
};

}  // namespace gabion::eval
