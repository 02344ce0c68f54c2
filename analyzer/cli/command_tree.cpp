#include "cli/command_tree.h"

#include "report/formats.h"

namespace gabion::cli {
namespace {

/// "TEXT:{text,json}" is what the parser calls an option with a list of values.
std::vector<std::string> choices_of(const std::string& type) {
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}', begin == std::string::npos ? 0 : begin);
  std::vector<std::string> choices;
  if (begin == std::string::npos || end == std::string::npos) {
    return choices;
  }
  std::string choice;
  for (const char c : type.substr(begin + 1, end - begin)) {
    if (c == ',' || c == '}') {
      choices.push_back(choice);
      choice.clear();
    } else {
      choice += c;
    }
  }
  return choices;
}

OptionEntry entry_of(const CLI::Option& option, const std::vector<std::string>& rules) {
  OptionEntry entry;
  entry.positional = option.get_positional();
  entry.name = entry.positional ? option.get_name(true, false) : "--" + option.get_lnames().front();
  entry.short_name = option.get_snames().empty() ? "" : "-" + option.get_snames().front();
  entry.description = option.get_description();
  entry.repeatable = option.get_items_expected_max() > 1;
  if (option.get_items_expected_max() == 0) {
    return entry;
  }
  const std::string type = option.get_type_name();
  entry.choices = choices_of(type);
  entry.value = "TEXT";
  if (type.find("SEVERITY") != std::string::npos) {
    entry.value = "SEVERITY";
    entry.choices = {"low", "medium", "high", "critical"};
  } else if (type.find("FORMAT") != std::string::npos || entry.name == "--format") {
    entry.value = "FORMAT";
    if (entry.choices.empty()) {
      entry.choices.assign(report::format_names().begin(), report::format_names().end());
    }
  } else if (entry.name == "--report") {
    entry.value = "FORMAT=FILE";
  } else if (entry.name == "--rule" || entry.name == "--skip-rule" || entry.name == "RULE") {
    entry.value = "RULE";
    entry.choices = rules;
  } else if (entry.name == "--var") {
    entry.value = "NAME=VALUE";
  } else if (entry.name.starts_with("--max-")) {
    entry.value = "NUMBER";
  } else if (!entry.choices.empty()) {
    entry.value = "WORD";
  } else if (entry.positional) {
    entry.value = entry.name;
  } else {
    for (const std::string_view word : {"config", "file", "output", "rules", "baseline", "cache"}) {
      if (entry.name.find(word) != std::string::npos) {
        entry.value = "FILE";
      }
    }
  }
  return entry;
}

void add(const CLI::App& app, const std::string& name, int depth, const std::vector<std::string>& rules,
         std::vector<CommandEntry>& tree) {
  constexpr int kMaxDepth = 3;
  CommandEntry entry;
  entry.name = name;
  entry.description = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional() && option->get_lnames().empty()) {
      continue;
    }
    if (option->get_group().empty()) {
      continue;
    }
    entry.options.push_back(entry_of(*option, rules));
  }
  std::vector<const CLI::App*> children;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty() && depth < kMaxDepth) {
      children.push_back(child);
      entry.children.push_back(child->get_name());
    }
  }
  tree.push_back(std::move(entry));
  for (const CLI::App* child : children) {
    add(*child, name.empty() ? child->get_name() : name + " " + child->get_name(), depth + 1, rules, tree);
  }
}

}  // namespace

std::vector<CommandEntry> command_tree(const CommandLine& line, const std::vector<std::string>& rules) {
  std::vector<CommandEntry> tree;
  add(line.app, "", 0, rules, tree);
  return tree;
}

}  // namespace gabion::cli
