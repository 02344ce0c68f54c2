// Modules in memory for the tests of terraform/: write files, load a root, ask for resources and values.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "secrets/redactor.h"
#include "source/artifact.h"
#include "source/discovery.h"
#include "source/file_system.h"
#include "terraform/body_evaluation.h"
#include "terraform/load.h"
#include "terraform/resource_facts.h"
#include "terraform/show.h"

namespace gabion::terraform::testing {

class Terraform : public ::testing::Test {
 protected:
  void write(std::string_view path, std::string_view text) { files_.write(path, std::string(text)); }

  /// Discovers everything below "." (or the given paths).
  Workspace& workspace(const std::vector<std::string>& paths = {"."}) {
    if (!workspace_) {
      auto inventory = source::discover(files_, paths, {});
      EXPECT_TRUE(inventory.has_value()) << inventory.error().message;
      inventory_ = std::move(inventory.value());
      workspace_ = std::make_unique<Workspace>(files_, artifacts_, inventory_, options_);
    }
    return *workspace_;
  }

  const model::Configuration& load(const std::string& directory = ".") {
    configuration_ = workspace().evaluate(directory);
    return *configuration_;
  }

  const model::Resource& resource(std::string_view address) {
    const model::Resource* found = configuration_->find(address);
    EXPECT_NE(found, nullptr) << address << " is not among " << addresses();
    static const model::Resource kNone;
    return found == nullptr ? kNone : *found;
  }

  eval::Value value(std::string_view address, std::string_view attribute) {
    const model::Attribute* found = resource(address).body->attribute(attribute);
    EXPECT_NE(found, nullptr) << address << "." << attribute;
    return found == nullptr ? eval::Value() : found->value;
  }

  /// An attribute as JSON.
  std::string json(std::string_view address, std::string_view attribute) {
    return eval::to_json(value(address, attribute));
  }

  /// A member of the object that other expressions see; null when it has none of that name.
  const eval::Value* member(std::string_view address, std::string_view attribute) {
    const eval::Symbol& owner = *resource(address).symbol;
    const ResourceFacts& facts = facts_of(owner);
    eval::Context context = configuration_->context();
    return object_of(facts.body, facts.computed(), owner, context).member(attribute);
  }

  /// The same as JSON.
  std::string seen(std::string_view address, std::string_view attribute) {
    const eval::Value* member = this->member(address, attribute);
    EXPECT_NE(member, nullptr) << address << "." << attribute;
    return member == nullptr ? "" : eval::to_json(*member);
  }

  std::string output(std::string_view name) {
    for (const auto& [known, value] : configuration_->modules().front().outputs) {
      if (known == name) {
        return eval::to_json(value);
      }
    }
    return "(no such output)";
  }

  /// Addresses of all resources, separated by spaces; those that are not certain end in "?".
  std::string addresses() {
    std::string all;
    for (const model::Resource& resource : configuration_->resources()) {
      all += (all.empty() ? "" : " ") + std::string(resource.address) + (resource.certain ? "" : "?");
    }
    return all;
  }

  /// Codes of all diagnostics, files first, separated by spaces.
  std::string codes() {
    std::string all;
    const auto add = [&](const findings::Diagnostics& diagnostics) {
      for (const findings::Diagnostic& diagnostic : diagnostics) {
        all += (all.empty() ? "" : " ") + diagnostic.code;
      }
    };
    add(workspace_->diagnostics());
    if (configuration_) {
      add(configuration_->diagnostics());
    }
    return all;
  }

  /// Way of a value back to the source: "var.a <- argument a <- expression 'x'".
  std::string way(const eval::Value& value) {
    static constexpr std::array<std::string_view, 9> kKinds{
        "expression", "reference", "default", "file", "option", "argument", "iteration", "computed", "environment"};
    std::string text;
    for (const eval::Origin* origin = value.origin(); origin != nullptr; origin = origin->via()) {
      text += (text.empty() ? "" : " <- ") + std::string(kKinds[static_cast<std::size_t>(origin->kind)]);
      if (!origin->name().empty()) {
        text += " " + std::string(origin->name());
      } else if (origin->region.valid()) {
        text += " '" + std::string(artifacts_.text(origin->region)) + "'";
      }
    }
    return text;
  }

  source::MemoryFileSystem files_;
  source::ArtifactStore artifacts_;
  source::Inventory inventory_;
  Options options_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<model::Configuration> configuration_;
};

/// A root module beside one more file, as rules about files see them.
class LooseFile {
 public:
  LooseFile(std::string_view path, std::string_view text) {
    files_.write("main.tf", std::string(R"(resource "aws_kms_key" "k" {})"));
    files_.write(path, std::string(text));
    auto inventory = source::discover(files_, {"."}, {});
    EXPECT_TRUE(inventory.has_value()) << inventory.error().message;
    inventory_ = std::move(inventory.value());
    workspace_ = std::make_unique<Workspace>(files_, artifacts_, inventory_, Options{});
    configuration_ = workspace_->files(redactor_);
  }

  [[nodiscard]] const model::Configuration& configuration() const { return *configuration_; }

 private:
  source::MemoryFileSystem files_;
  source::ArtifactStore artifacts_;
  source::Inventory inventory_;
  secrets::Redactor redactor_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<model::Configuration> configuration_;
};

}  // namespace gabion::terraform::testing
