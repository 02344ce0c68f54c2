#include "terraform/variables.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "terraform/constant_scope.h"
#include "terraform/expansion.h"
#include "terraform/syntax_memory.h"

namespace gabion::terraform {
namespace {

using eval::Value;

constexpr std::string_view kEnvironmentPrefix = "TF_VAR_";

/// From the start of a value in a configuration file to the end of its line.
source::Region place_in(Library& library, const VariableOption& option) {
  const auto artifact = library.artifact(option.file);
  if (!artifact || option.line == 0) {
    return {};
  }
  const source::LineIndex& lines = (*artifact)->lines();
  std::string_view text = lines.text_of_line(option.line);
  text = text.substr(0, text.find_last_not_of(" \t\r") + 1);
  const std::uint32_t begin = lines.begin_of_line(option.line);
  const auto end = begin + static_cast<std::uint32_t>(text.size());
  return {(*artifact)->id(), std::min(begin + std::max(option.column, 1U) - 1, end), end};
}

}  // namespace

RootVariables::RootVariables(Library& library, const std::string& directory, const std::vector<VariableOption>& given) {
  const Options& options = library.options();
  // Names must not move: the map refers to them.
  names_.reserve(options.environment.size() + given.size());
  for (const auto& [key, text] : options.environment) {
    if (key.starts_with(kEnvironmentPrefix)) {
      names_.push_back(key.substr(kEnvironmentPrefix.size()));
      assignments_[names_.back()] = {eval::OriginKind::kEnvironment, nullptr, key, text};
    }
  }
  const std::vector<std::string> files = library.file_names(directory);
  const auto has = [&](std::string_view name) { return std::find(files.begin(), files.end(), name) != files.end(); };
  for (const std::string_view name : {"terraform.tfvars", "terraform.tfvars.json"}) {
    if (has(name)) {
      assign_all(library, source::join_path(directory, name));
    }
  }
  for (const std::string& name : files) {
    if (name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")) {
      assign_all(library, source::join_path(directory, name));
    }
  }
  std::size_t number = 0;
  for (const VariableOption& option : given) {
    if (option.name.empty()) {
      assign_all(library, option.value);
    } else if (!option.file.empty()) {
      names_.push_back(option.name);
      const std::string place =
          option.file + ":" + std::to_string(option.line) + ":" + std::to_string(option.column) + " " + option.name;
      assignments_[names_.back()] = {eval::OriginKind::kVariablesFile, nullptr, place, option.value, true,
                                     place_in(library, option)};
    } else {
      names_.push_back(option.name);
      assignments_[names_.back()] = {eval::OriginKind::kOption, nullptr,
                                     "--var " + option.name + " (" + std::to_string(++number) + ")", option.value};
    }
  }
}

void RootVariables::assign_all(Library& library, const std::string& path) {
  const hcl::Body* body = library.attributes_file(path);
  if (body == nullptr) {
    return;
  }
  if (const auto artifact = library.artifact(path); artifact && is_encrypted((*artifact)->bytes())) {
    assignments_.clear();  // it may replace all of them
    open_ = true;
    return;
  }
  for (const hcl::Attribute& attribute : body->attributes) {
    assignments_[attribute.name] = {eval::OriginKind::kVariablesFile, &attribute, {}, {}};
  }
}

const Assignment* RootVariables::find(std::string_view name) const {
  const auto found = assignments_.find(name);
  return found == assignments_.end() ? nullptr : &found->second;
}

void RootVariables::check(const Module& module, Expansion& expansion) const {
  std::vector<const hcl::Attribute*> undeclared;
  for (const auto& [name, assignment] : assignments_) {
    if (assignment.attribute != nullptr && !module.variable(name)) {
      undeclared.push_back(assignment.attribute);
    }
  }
  std::sort(undeclared.begin(), undeclared.end(), [](const auto* a, const auto* b) { return a->region < b->region; });
  for (const hcl::Attribute* attribute : undeclared) {
    // One --var-file may serve several root modules; only a module's own files should fit it.
    const source::Artifact& artifact = expansion.library().artifacts().get(attribute->region.artifact);
    if (source::directory_of(artifact.path()) == module.directory) {
      expansion.report(findings::DiagnosticSeverity::kWarning, "undeclared-variable",
                       "variable \"" + std::string(attribute->name) + "\" is given a value but not declared",
                       "declare it, or remove the line", attribute->name_region());
    }
  }
}

Value assigned_value(const Assignment& assignment, const VariableDeclaration& variable, Library& library,
                     eval::Context& context) {
  const hcl::Expression* expression = assignment.attribute != nullptr ? assignment.attribute->expression : nullptr;
  Value value;
  if (expression != nullptr) {
    value = eval::evaluate(*expression, ConstantScope{}, context);
  } else if (variable.literal && !assignment.is_expression) {
    value = eval::make_string(context.arena, assignment.text);
  } else {
    expression = library.option_expression(assignment.name, assignment.text);
    value = expression != nullptr
                ? eval::evaluate(*expression, ConstantScope{}, context)
                : eval::make_error(context.arena, "the value given for the variable is no expression", {});
  }
  source::Region region = assignment.place;
  if (assignment.attribute != nullptr) {
    region = assignment.attribute->expression->region;
  }
  const auto* origin = eval::make_origin(context.arena, assignment.kind, region, variable.name, value.origin());
  return value.with_origin(origin);
}

Value open_variable(const VariableDeclaration& variable, std::string_view address, eval::Context& context) {
  std::string text(address);
  text += text.empty() ? "var." : ".var.";
  text += variable.name;
  eval::Unknown detail;
  detail.symbol = context.symbols.intern({eval::Reason::kVariable, text, {}, {}, variable.block->header});
  detail.not_null = !variable.nullable;
  const Value value = narrowed(eval::make_unknown(context.arena, *variable.type, detail), variable.narrowing, context);
  return variable.sensitive ? eval::with_marks(context.arena, value, eval::kSensitive) : value;
}

}  // namespace gabion::terraform
