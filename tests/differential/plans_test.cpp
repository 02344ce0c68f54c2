// Resources and attribute values compared with what Terraform planned for the same configurations. Skips without the
// corpora. Values that a provider rewrote, or that depend on the account and the region, are not compared.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "source/discovery.h"
#include "source/file_system.h"
#include "terraform/load.h"
#include "terraform/show.h"

namespace gabion::terraform {
namespace {

using nlohmann::json;

std::filesystem::path corpora() {
  if (const char* given = std::getenv("GABION_CORPORA"); given != nullptr) {
    return given;
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / "../shared/corpora";
}

bool is_unknown(const json& value) {
  return value.is_object() && (value.contains("$unknown") || value == json{{"unknown", true}});
}

bool has_unknown(const json& value) {
  if (is_unknown(value)) {
    return true;
  }
  if (!value.is_structured()) {
    return false;
  }
  return std::any_of(value.begin(), value.end(), [](const json& inner) { return has_unknown(inner); });
}

bool is_empty(const json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) ||
         (value.is_structured() && value.empty());
}

std::string scalar(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool same_scalar(const json& a, const json& b) {
  const std::string x = scalar(a);
  const std::string y = scalar(b);
  if (x == y) {
    return true;
  }
  char* end_x = nullptr;
  char* end_y = nullptr;
  const double number_x = std::strtod(x.c_str(), &end_x);
  const double number_y = std::strtod(y.c_str(), &end_y);
  return !x.empty() && !y.empty() && *end_x == '\0' && *end_y == '\0' && std::abs(number_x - number_y) < 1e-9;
}

/// Loose equality: 5 is "5", true is "true", null is empty, JSON texts by content, lists in any order.
bool agrees(const json& want, const json& got) {
  if (is_unknown(want)) {
    return true;
  }
  if (is_unknown(got)) {
    return false;
  }
  if ((want.is_null() && is_empty(got)) || (got.is_null() && is_empty(want))) {
    return true;
  }
  if (want.is_string() && got.is_string()) {
    const auto& a = want.get_ref<const std::string&>();
    const auto& b = got.get_ref<const std::string&>();
    if (a == b) {
      return true;
    }
    const json x = json::parse(a, nullptr, false);
    const json y = json::parse(b, nullptr, false);
    return x.is_structured() && x == y;
  }
  if (want.is_primitive() && got.is_primitive()) {
    return same_scalar(want, got);
  }
  if (want.is_array() && got.is_array()) {
    std::vector<json> left(got.begin(), got.end());
    return want.size() == got.size() && std::all_of(want.begin(), want.end(), [&](const json& element) {
             const auto found =
                 std::find_if(left.begin(), left.end(), [&](const json& other) { return agrees(element, other); });
             if (found == left.end()) {
               return false;
             }
             left.erase(found);
             return true;
           });
  }
  if (want.is_object() && got.is_object()) {
    std::set<std::string> names;
    for (const json* side : {&want, &got}) {
      for (const auto& [name, value] : side->items()) {
        if (!value.is_null()) {
          names.insert(name);
        }
      }
    }
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      return want.contains(name) && got.contains(name) && agrees(want[name], got[name]);
    });
  }
  return false;
}

/// Expected attributes by path as a tree: {"name": leaf} or {"name": {"#": leaf, "blocks": {index: tree}}}.
struct Tree {
  std::map<std::string, json> leaves;
  struct Blocks {
    json number;
    std::map<int, Tree> trees;
  };
  std::map<std::string, Blocks> blocks;
  std::map<std::string, Tree> objects;
};

void insert(Tree& tree, std::string_view path, const json& leaf) {
  const std::size_t dot = path.find('.');
  std::string_view name = path.substr(0, dot);
  const std::string_view rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  const std::size_t bracket = name.find('[');
  if (bracket == std::string_view::npos) {
    if (rest.empty()) {
      tree.leaves[std::string(name)] = leaf;
    } else {
      insert(tree.objects[std::string(name)], rest, leaf);
    }
    return;
  }
  const std::string index(name.substr(bracket + 1, name.size() - bracket - 2));
  Tree::Blocks& blocks = tree.blocks[std::string(name.substr(0, bracket))];
  if (index == "#") {
    blocks.number = leaf;
  } else {
    insert(blocks.trees[std::atoi(index.c_str())], rest, leaf);
  }
}

struct Counts {
  int agreeing = 0;
  int wrong = 0;
  int known_for_unknown = 0;
  int unknown_for_known = 0;  ///< unknown here, or absent
  std::vector<std::string> disagreements;
  [[nodiscard]] int bad() const { return wrong + known_for_unknown + unknown_for_known; }
};

bool is_scored(const json& leaf) {
  const std::string origin = leaf.value("origin", "");
  return !leaf.contains("normalized") && origin != "impure" && origin != "env";
}

void compare(const Tree& want, const json& got, const std::string& path, Counts& counts) {
  const auto disagree = [&](int& counter, const std::string& name, const std::string& why) {
    ++counter;
    counts.disagreements.push_back(path + name + ": " + why);
  };
  for (const auto& [name, leaf] : want.leaves) {
    if (!is_scored(leaf)) {
      continue;
    }
    const json& value = leaf["value"];
    const bool present = got.is_object() && got.contains(name);
    if (is_unknown(value)) {
      if (!present || got[name].is_null() || has_unknown(got[name])) {
        ++counts.agreeing;
      } else {
        disagree(counts.known_for_unknown, name, "known here, but unknown when planned");
      }
    } else if (!present ? is_empty(value) : agrees(value, got[name])) {
      ++counts.agreeing;
    } else if (!present || is_unknown(got[name])) {
      disagree(counts.unknown_for_known, name, "unknown here, planned " + value.dump());
    } else {
      disagree(counts.wrong, name, got[name].dump() + " here, planned " + value.dump());
    }
  }
  for (const auto& [name, tree] : want.objects) {
    const json inner = got.is_object() && got.contains(name) ? got[name] : json::object();
    compare(tree, inner.is_array() && inner.size() == 1 ? inner[0] : inner, path + name + ".", counts);
  }
  for (const auto& [name, blocks] : want.blocks) {
    const json given = got.is_object() && got.contains(name) ? got[name] : json();
    std::vector<json> left;
    if (given.is_array()) {
      left.assign(given.begin(), given.end());
    } else if (given.is_object() && !is_unknown(given)) {
      left.push_back(given);
    }
    if (!blocks.number.is_null() && is_scored(blocks.number)) {
      if (static_cast<std::size_t>(blocks.number["value"].get<int>()) == left.size()) {
        ++counts.agreeing;
      } else {
        disagree(counts.wrong, name,
                 std::to_string(left.size()) + " blocks here, planned " + blocks.number["value"].dump());
      }
    }
    for (const auto& [index, tree] : blocks.trees) {
      Counts best;
      std::size_t chosen = left.size();
      for (std::size_t candidate = 0; candidate < left.size(); ++candidate) {
        Counts tried;
        compare(tree, left[candidate], path + name + "[" + std::to_string(index) + "].", tried);
        if (chosen == left.size() || tried.agreeing > best.agreeing) {
          best = tried;
          chosen = candidate;
        }
      }
      if (chosen == left.size()) {
        compare(tree, json::object(), path + name + "[" + std::to_string(index) + "].", best);
      } else {
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(chosen));
      }
      counts.agreeing += best.agreeing;
      counts.wrong += best.wrong;
      counts.known_for_unknown += best.known_for_unknown;
      counts.unknown_for_known += best.unknown_for_known;
      counts.disagreements.insert(counts.disagreements.end(), best.disagreements.begin(), best.disagreements.end());
    }
  }
}

/// An address without instance keys.
std::string without_keys(std::string_view address) {
  std::string result;
  bool quoted = false;
  int depth = 0;
  for (std::size_t at = 0; at < address.size(); ++at) {
    const char c = address[at];
    if (quoted) {
      at += c == '\\' ? 1 : 0;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']') {
      --depth;
    } else if (depth == 0) {
      result += c;
    }
  }
  return result;
}

/// Resources of a directory by address, as `gabion show` prints them.
std::map<std::string, json> evaluate(const std::filesystem::path& directory, const json& variables) {
  const source::DiskFileSystem files;
  source::ArtifactStore artifacts;
  const auto inventory = source::discover(files, {directory.string()}, {});
  if (!inventory) {
    ADD_FAILURE() << directory << ": " << inventory.error().message;
    return {};
  }
  Options options;
  options.allow_outside = true;  // templates of the modules lie beside the directories that are planned
  for (const auto& [name, value] : variables.items()) {
    options.variables.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
  }
  Workspace workspace(files, artifacts, *inventory, options);
  std::ostringstream out;
  const auto configuration = workspace.evaluate(directory.string());
  write_show_json(*configuration, artifacts, out);
  std::map<std::string, json> resources;
  const json shown = json::parse(out.str());
  for (const json& resource : shown["resources"]) {
    if (resource["mode"] == "managed") {
      resources.emplace(resource["address"], resource["values"]);
    }
  }
  return resources;
}

struct GroupCounts {
  int expected = 0;
  int found = 0;
  int invented = 0;
  Counts attributes;
};

class Plans : public ::testing::Test {
 protected:
  void run() {
    std::ifstream lines(corpora() / "terraform/plans.jsonl");
    std::string line;
    while (std::getline(lines, line)) {
      judge(json::parse(line));
    }
  }

  void judge(const json& record) {
    GroupCounts& group = groups_[record["group"]];
    auto got =
        evaluate((corpora() / "terraform" / record["dir"].get<std::string>()).lexically_normal(), record["vars_given"]);
    std::set<std::string> environment;  // addresses that depend on the account or its zones
    for (const json& address : record.value("env_addresses", json::array())) {
      environment.insert(without_keys(address.get<std::string>()));
    }
    const std::string pair = record["name"].get<std::string>() + " ";
    std::set<std::string> expected;
    for (const auto& [address, resource] : record["expected"].items()) {
      if (resource["mode"] != "managed") {
        continue;
      }
      if (environment.contains(without_keys(address))) {
        got.erase(address);
        continue;
      }
      expected.insert(address);
      ++group.expected;
      const auto found = got.find(address);
      if (found == got.end()) {
        notes_.push_back("missing " + pair + address);
        continue;
      }
      ++group.found;
      Tree tree;
      for (const auto& [path, leaf] : resource["attrs"].items()) {
        insert(tree, path, leaf);
      }
      const std::size_t before = group.attributes.disagreements.size();
      compare(tree, found->second, address + ".", group.attributes);
      for (std::size_t index = before; index < group.attributes.disagreements.size(); ++index) {
        notes_.push_back(pair + group.attributes.disagreements[index]);
      }
    }
    for (const auto& [address, values] : got) {
      const std::string plain = without_keys(address);
      const bool external =
          std::any_of(record["external_modules"].items().begin(), record["external_modules"].items().end(),
                      [&](const auto& module) { return plain.starts_with("module." + module.key() + "."); });
      if (!expected.contains(address) && !environment.contains(plain) && !external) {
        ++group.invented;
        notes_.push_back("invented " + pair + address);
      }
    }
  }

  std::map<std::string, GroupCounts> groups_;
  std::vector<std::string> notes_;
};

TEST_F(Plans, AgreeWithTerraform) {
  if (!std::filesystem::exists(corpora() / "terraform/plans.jsonl")) {
    GTEST_SKIP() << "no corpora at " << corpora();
  }
  run();
  GroupCounts all;
  for (const auto& [name, group] : groups_) {
    std::cout << name << ": resources " << group.found << "/" << group.expected << ", invented " << group.invented
              << ", attributes " << group.attributes.agreeing << ", wrong " << group.attributes.wrong
              << ", unknown here " << group.attributes.unknown_for_known << ", known here "
              << group.attributes.known_for_unknown << "\n";
    all.expected += group.expected;
    all.found += group.found;
    all.invented += group.invented;
    all.attributes.agreeing += group.attributes.agreeing;
    all.attributes.wrong += group.attributes.wrong;
    all.attributes.unknown_for_known += group.attributes.unknown_for_known;
    all.attributes.known_for_unknown += group.attributes.known_for_unknown;
  }
  if (std::getenv("GABION_VERBOSE") != nullptr) {
    for (const std::string& note : notes_) {
      std::cout << note.substr(0, 300) << "\n";
    }
  }
  ASSERT_GT(all.expected, 1000);
  // Three trust policies name a service as aws_service_principal does, planned with a provider that computes nothing.
  EXPECT_LE(all.attributes.known_for_unknown, 3);
  // Two documents that an old provider rewrote, and three maps planned with providers that compute nothing.
  EXPECT_LE(all.attributes.wrong, 5);
  for (const auto& [name, group] : groups_) {
    EXPECT_EQ(group.found, group.expected) << name;
    EXPECT_EQ(group.invented, 0) << name;
    EXPECT_LE(group.attributes.unknown_for_known, group.attributes.agreeing / 50) << name;
  }
}

}  // namespace
}  // namespace gabion::terraform
