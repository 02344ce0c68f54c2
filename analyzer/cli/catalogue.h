// The guardrails: what an AWS estate built with Terraform is asked for, and which rules hold it. A guardrail that names
// several settings is held by several rules. Read by the generated documentation and by the tests of the repository.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace gabion::cli {

struct Guardrail {
  std::string_view section;  ///< what it is about; guardrails of a section follow each other
  std::string_view themes;   ///< letters of the themes that ask for it
  std::string_view id;
  std::string_view asks;                ///< what it asks that
  std::vector<std::string_view> rules;  ///< ids of the rules that hold it
};

/// Something that guardrails come from.
struct Theme {
  char letter;
  std::string_view name;
  std::string_view about;
};

/// All of them, section by section.
[[nodiscard]] std::vector<Guardrail> guardrails();
[[nodiscard]] std::span<const Theme> themes();

}  // namespace gabion::cli
