// tests: eval
// Calls of the built-in functions and expressions of all forms, made up from a fixed seed, evaluated here and by
// `terraform console`: both must give the same JSON text, or both an error. Skips when there is no terraform.
// GABION_SEED begins elsewhere, GABION_CASES asks for another number of calls and of forms.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "differential/call_generator.h"
#include "differential/form_generator.h"
#include "eval/evaluator.h"
#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using nlohmann::json;
using testing::Workbench;

constexpr std::string_view kError = "(error)";
constexpr std::string_view kUnknown = "(unknown)";

std::string ours(std::string_view expression) {
  Workbench bench;
  bench.bind("local", "{" + std::string(kLocals) + "}");
  const Value value = bench.evaluate(expression);
  if (value.is_error()) {
    return std::string(kError);
  }
  const Value text = json_encode(value, bench.context());
  if (text.is_error()) {
    return std::string(kError);
  }
  return text.is_string() ? std::string(text.text()) : std::string(kUnknown);
}

/// Asks terraform; each answer is JSON text or kError.
class Terraform {
 public:
  Terraform() : directory_(std::filesystem::temp_directory_path() / ("gabion-console-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ / "cli.tfrc").flush();
    std::ofstream(directory_ / "main.tf") << "locals {" << kLocals << "}\n";
  }
  Terraform(const Terraform&) = delete;
  Terraform& operator=(const Terraform&) = delete;
  ~Terraform() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  [[nodiscard]] bool available() const { return !run("version", "").empty(); }

  /// One answer for each expression. One that terraform leaves unknown makes all of them unknown, so a batch without an
  /// answer is asked again in halves.
  [[nodiscard]] std::vector<std::string> answers(std::span<const std::string> expressions) const {
    std::vector<std::string> result = ask(expressions);
    if (!result.empty() || expressions.empty()) {
      return result;
    }
    if (expressions.size() == 1) {
      return {std::string(kError)};
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
        file << "    try(jsonencode(" << expression << "), \"" << kError << "\"),\n";
      }
      file << "  ]\n}\n";
    }
    const std::string answer = run("console", "jsonencode(local.questions)\n");
    if (expressions.size() == 1 && answer.starts_with("(known after apply)")) {
      return {std::string(kUnknown)};
    }
    const json quoted = json::parse(answer, nullptr, false);
    const json list = quoted.is_string() ? json::parse(quoted.get<std::string>(), nullptr, false) : json();
    std::vector<std::string> result;
    if (list.is_array() && list.size() == expressions.size()) {
      for (const json& element : list) {
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

std::size_t number_from(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

std::uint32_t seed() {
  return static_cast<std::uint32_t>(number_from("GABION_SEED", 20240229));
}

/// Evaluates what `next` makes up, here and there, and lists the differences.
template <class Next>
void compare(Next next) {
  constexpr std::size_t kBatch = 100;
  const std::size_t cases = number_from("GABION_CASES", 3000);
  const Terraform terraform;
  if (!terraform.available()) {
    GTEST_SKIP() << "no terraform to compare with";
  }
  std::size_t asked = 0;
  std::size_t errors = 0;
  std::size_t undecided = 0;
  std::size_t different = 0;
  while (asked < cases) {
    std::vector<std::string> batch;
    for (std::size_t i = 0; i < kBatch; ++i) {
      batch.push_back(next());
    }
    const std::vector<std::string> answers = terraform.answers(batch);
    ASSERT_EQ(answers.size(), batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      ++asked;
      errors += answers[i] == kError ? 1 : 0;
      if (answers[i] == kUnknown) {
        ++undecided;  // a null of no type is unknown to some functions of released versions
        continue;
      }
      const std::string own = ours(batch[i]);
      if (own != answers[i]) {
        ++different;
        std::cout << batch[i] << "\n  terraform: " << answers[i] << "\n  ours:      " << own << "\n";
      }
    }
  }
  std::cout << asked << " expressions, " << errors << " of them errors, " << undecided << " undecided, " << different
            << " different\n";
  EXPECT_LE(different * 500, asked);
  EXPECT_LE(errors * 2, asked);
}

TEST(TerraformConsole, ComputesTheSameCalls) {
  Generator generator(seed());
  std::size_t shape = 0;
  compare([&] { return generator.call(kShapes[shape++ % std::size(kShapes)], 1); });
}

TEST(TerraformConsole, ComputesTheSameForms) {
  FormGenerator generator(seed());
  compare([&] { return generator.expression(); });
}

}  // namespace
}  // namespace gabion::eval
