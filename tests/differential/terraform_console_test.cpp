// tests: eval
// Calls of the built-in functions and expressions of all forms, made up from a fixed seed, evaluated here and by
// `terraform console`: both must give the same JSON text, or both an error. Skips when there is no terraform.
// GABION_SEED begins elsewhere, GABION_CASES asks for another number of calls and of forms.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "differential/call_generator.h"
#include "differential/form_generator.h"
#include "differential/terraform_program.h"
#include "eval/evaluator.h"
#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using testing::Workbench;

std::string ours(std::string_view expression) {
  Workbench bench;
  bench.bind("local", "{" + std::string(kLocals) + "}");
  const Value value = bench.evaluate(expression);
  if (value.is_error()) {
    return std::string(kErrorAnswer);
  }
  const Value text = json_encode(value, bench.context());
  if (text.is_error()) {
    return std::string(kErrorAnswer);
  }
  return text.is_string() ? std::string(text.text()) : std::string(kUnknownAnswer);
}

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
  const TerraformProgram terraform("locals {" + std::string(kLocals) + "}\n");
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
      errors += answers[i] == kErrorAnswer ? 1 : 0;
      if (answers[i] == kUnknownAnswer) {
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
