// Policy documents and jsonencode() compared byte for byte with what the AWS provider and Terraform wrote. Skips
// without the corpora.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "source/discovery.h"
#include "source/file_system.h"
#include "terraform/load.h"
#include "terraform/resource_facts.h"

namespace gabion::terraform {
namespace {

using nlohmann::json;

std::filesystem::path corpora() {
  if (const char* given = std::getenv("GABION_CORPORA"); given != nullptr) {
    return given;
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / "../shared/corpora";
}

/// One directory, evaluated; as the recorded plans were made, in a region given by the environment.
class Evaluated {
 public:
  explicit Evaluated(const std::string& directory) {
    const auto inventory = source::discover(files_, {directory}, {});
    if (!inventory) {
      ADD_FAILURE() << directory << ": " << inventory.error().message;
      return;
    }
    Options options;
    options.environment = {{"AWS_REGION", "us-east-1"}};
    workspace_ = std::make_unique<Workspace>(files_, artifacts_, *inventory, options);
    configuration_ = workspace_->evaluate(directory);
  }

  /// The value at "output.x" or the `attribute` of the data source at an address; null when there is none.
  [[nodiscard]] const eval::Value* value(const std::string& address, std::string_view attribute) const {
    if (address.starts_with("output.")) {
      for (const auto& [name, value] : configuration_->modules().front().outputs) {
        if (address.substr(7) == name) {
          return &value;
        }
      }
      return nullptr;
    }
    const model::Resource* resource = configuration_->find(address);
    if (resource == nullptr) {
      return nullptr;
    }
    const std::span<const eval::Member> computed = facts_of(*resource->symbol).computed();
    const auto found = std::ranges::find(computed, attribute, &eval::Member::name);
    return found == computed.end() ? nullptr : &found->value;
  }
  [[nodiscard]] bool has_diagnostics() const {
    return !workspace_->diagnostics().empty() || !configuration_->diagnostics().empty();
  }

 private:
  source::DiskFileSystem files_;
  source::ArtifactStore artifacts_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<model::Configuration> configuration_;
};

bool is_text(const eval::Value* value, const json& want) {
  return value != nullptr && value->is_string() && value->text() == want.get<std::string>();
}

TEST(Rendering, IsTheProvidersByteForByte) {
  std::ifstream lines(corpora() / "rendering/policies.jsonl");
  if (!lines) {
    GTEST_SKIP() << "no corpora at " << corpora();
  }
  struct Counts {
    int records = 0;
    int exact = 0;
    int refused = 0;
    int refused_too = 0;
  };
  std::map<std::string, Counts> kinds;
  std::map<std::string, std::unique_ptr<Evaluated>> directories;
  std::vector<std::string> different;
  std::string line;
  while (std::getline(lines, line)) {
    const json record = json::parse(line);
    const std::string directory = record["dir"];
    auto& evaluated = directories[directory];
    if (!evaluated) {
      evaluated = std::make_unique<Evaluated>((corpora() / "rendering/dirs" / directory).lexically_normal().string());
    }
    Counts& counts = kinds[record["kind"]];
    const std::string address = record["address"];
    if (record.value("error", false)) {
      ++counts.refused;
      counts.refused_too += evaluated->has_diagnostics() ? 1 : 0;
      continue;
    }
    ++counts.records;
    const eval::Value* got = evaluated->value(address, "json");
    bool exact = false;
    if (record.contains("json")) {
      exact = is_text(got, record["json"]);
      if (exact && record.contains("minified") && address.starts_with("data.")) {
        exact = is_text(evaluated->value(address, "minified_json"), record["minified"]);
      }
    } else {
      exact = got != nullptr && json::parse(eval::to_json(*got)) == record["value"];
    }
    counts.exact += exact ? 1 : 0;
    if (!exact) {
      different.push_back(directory + " " + address + (got == nullptr ? "" : ": " + eval::describe(*got)));
    }
  }
  for (const auto& [kind, counts] : kinds) {
    std::cout << kind << ": " << counts.exact << "/" << counts.records << " exact, " << counts.refused_too << "/"
              << counts.refused << " refused too\n";
    EXPECT_EQ(counts.exact, counts.records) << kind;
    EXPECT_EQ(counts.refused_too, counts.refused) << kind;
  }
  for (const std::string& text : different) {
    ADD_FAILURE() << text.substr(0, 400);
  }
}

}  // namespace
}  // namespace gabion::terraform
