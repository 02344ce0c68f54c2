#include "engine/run.h"

#include <algorithm>

#include "engine/builtin_rules.h"
#include "engine/rule_compiler.h"
#include "source/project_root.h"
#include "source/workers.h"

namespace gabion::engine {

namespace {

/// A path below the working directory as people write it; others stay absolute.
std::string relative(const std::string& path, const source::FileSystem& files) {
  const auto here = files.canonical(".");
  if (!here) {
    return path;
  }
  const std::string prefix = here->ends_with('/') ? *here : *here + "/";
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

source::Error error_at(const std::string& path, const SettingPlace& place, std::string message, std::string hint) {
  return {
      .message = std::move(message), .path = path, .line = place.line, .column = place.column, .hint = std::move(hint)};
}

/// The environments of the configuration file that were asked for, with the variables of the file before their own and
/// those of the command line after.
void add_environments(const InputOptions& input, const std::string& directory, const source::FileSystem& files,
                      Run& run, std::vector<source::Error>& errors) {
  const Settings& settings = run.settings;
  std::vector<std::string_view> names;
  for (const EnvironmentSetting& setting : settings.environments) {
    names.push_back(setting.name);
  }
  for (const std::string& wanted : input.environments) {
    if (std::find(names.begin(), names.end(), wanted) == names.end()) {
      const std::string_view close = nearest(wanted, names);
      errors.push_back({.message = "there is no environment \"" + wanted + "\"",
                        .path = settings.path,
                        .hint = !close.empty() ? "did you mean \"" + std::string(close) + "\"?"
                                               : "environments are configured in .gabion.yaml"});
    }
  }
  for (const EnvironmentSetting& setting : settings.environments) {
    terraform::NamedEnvironment environment;
    environment.name = setting.name;
    environment.workspace = setting.workspace;
    environment.variables = run.terraform.variables;
    for (const EnvironmentSetting::File& file : setting.variable_files) {
      const std::string path = source::join_path(directory, file.path);
      if (const auto status = files.status(path); !status || status->kind != source::EntryKind::kFile) {
        errors.push_back(
            error_at(settings.path, file.place,
                     "the variables file " + path + " of environment \"" + setting.name + "\" cannot be read",
                     "paths are relative to the configuration file"));
      }
      environment.variables.push_back({"", path});
    }
    for (const EnvironmentSetting::Variable& variable : setting.variables) {
      environment.variables.push_back(
          {variable.name, variable.expression, settings.path, variable.place.line, variable.place.column});
    }
    for (const EnvironmentSetting::File& root : setting.roots) {
      const std::string path = source::join_path(directory, root.path);
      if (const auto status = files.status(path); !status || status->kind != source::EntryKind::kDirectory) {
        errors.push_back(error_at(settings.path, root.place,
                                  "the root " + path + " of environment \"" + setting.name + "\" is no directory",
                                  "paths are relative to the configuration file"));
      }
      environment.roots.push_back(path);
    }
    environment.variables.insert(environment.variables.end(), input.variables.begin(), input.variables.end());
    if (input.environments.empty() ||
        std::find(input.environments.begin(), input.environments.end(), setting.name) != input.environments.end()) {
      run.terraform.environments.push_back(std::move(environment));
    }
  }
}

/// A configuration file that was found, and not given, may belong to a project that is not trusted: it names no file
/// outside of it.
void check_paths(const source::FileSystem& files, const Settings& settings, std::vector<source::Error>& errors) {
  const std::string directory = source::directory_of(settings.path);
  const auto canonical = files.canonical(directory);
  if (!canonical) {
    return;
  }
  const std::string root = source::project_root(files, *canonical);
  const auto check = [&](const std::string& path, const SettingPlace& place) {
    if (!path.empty() && !source::lies_within(files, source::join_path(directory, path), root)) {
      errors.push_back(error_at(settings.path, place, "\"" + path + "\" lies outside of the project",
                                "name the configuration file with --config if it may read and write there"));
    }
  };
  for (const std::vector<std::string>* paths : {&settings.rule_paths, &settings.variable_files}) {
    std::for_each(paths->begin(), paths->end(), [&](const std::string& path) { check(path, {}); });
  }
  check(settings.baseline, {});
  for (const EnvironmentSetting& environment : settings.environments) {
    for (const auto* named : {&environment.variable_files, &environment.roots}) {
      std::for_each(named->begin(), named->end(),
                    [&](const EnvironmentSetting::File& file) { check(file.path, file.place); });
    }
  }
}

/// Notes what of the project the paths are.
void describe_extent(const source::FileSystem& files, Run& run) {
  HandlingSettings& handling = run.settings.handling;
  const auto settings =
      files.canonical(run.settings.path.empty() ? std::string(".") : source::directory_of(run.settings.path));
  for (const std::string& path : run.paths) {
    const auto status = files.status(path);
    handling.partial = handling.partial || (status && status->kind == source::EntryKind::kFile);
    const auto real = files.canonical(path);
    handling.editable =
        handling.editable || (real && settings && (*settings == *real || settings->starts_with(*real + "/")));
  }
}

}  // namespace

std::vector<source::Error> prepare(const InputOptions& input, const source::FileSystem& files,
                                   const std::map<std::string, std::string>& variables, Run& run) {
  std::vector<source::Error> errors;
  run.paths = input.paths;

  if (!input.no_config) {
    const std::string path =
        input.config.empty() ? relative(find_settings(files, run.paths.front()), files) : input.config;
    if (!path.empty()) {
      constexpr std::uint64_t kMaxSettings = 4 * 1024 * 1024;
      const auto text = files.read(path, kMaxSettings);
      if (!text) {
        errors.push_back(text.error());
        return errors;
      }
      auto settings = parse_settings(path, *text);
      if (!settings) {
        errors.push_back(settings.error());
        return errors;
      }
      run.settings = std::move(*settings);
      if (input.config.empty()) {
        check_paths(files, run.settings, errors);
      }
    }
  }
  if (!errors.empty()) {
    return errors;
  }

  const auto add_builtin = [&] {
    for (const auto table : {builtin_rules(), suppression_rules()}) {
      for (const RuleData& rule : table) {
        const bool taken =
            input.replace_builtin && std::any_of(run.rules.rules().begin(), run.rules.rules().end(),
                                                 [&](const auto& other) { return other.data->id == rule.id; });
        if (taken) {
          continue;
        }
        if (const auto added = run.rules.add({&rule, 1}); !added) {
          errors.push_back(added.error());
        }
      }
    }
  };
  if (!input.replace_builtin) {
    add_builtin();
  }
  const auto load = [&](const std::string& path) {
    for (source::Error& error : run.rules.load(files, path)) {
      errors.push_back(std::move(error));
    }
  };
  for (const std::string& path : input.rule_paths) {
    load(path);
  }
  const std::string settings_directory =
      run.settings.path.empty() ? std::string(".") : source::directory_of(run.settings.path);
  for (const std::string& path : run.settings.rule_paths) {
    load(source::join_path(settings_directory, path));
  }
  if (input.replace_builtin) {
    add_builtin();
  }
  std::ranges::move(run.rules.misnamed(), std::back_inserter(errors));
  if (!errors.empty()) {
    return errors;
  }
  run.rules.sort();
  if (const auto applied = apply_settings(run.settings, run.rules); !applied) {
    errors.push_back(applied.error());
    return errors;
  }
  run.settings.handling.today = input.today;
  describe_extent(files, run);
  // What the command line names wins over the file's selection; what either leaves out stays out.
  std::vector<std::string> skip = run.settings.skip;
  skip.insert(skip.end(), input.skip.begin(), input.skip.end());
  if (const auto selected = run.rules.select(input.only.empty() ? run.settings.only : input.only, skip); !selected) {
    errors.push_back(selected.error());
    return errors;
  }

  for (const std::string& file : run.settings.variable_files) {
    run.terraform.variables.push_back({"", source::join_path(settings_directory, file)});
  }
  add_environments(input, settings_directory, *run.files, run, errors);
  run.terraform.variables.insert(run.terraform.variables.end(), input.variables.begin(), input.variables.end());
  run.terraform.workspace = input.workspace;
  for (const auto& [name, value] : variables) {
    if (name.starts_with("TF_VAR_") || name == "TF_WORKSPACE" || name == "TF_DATA_DIR") {
      run.terraform.environment.emplace(name, value);
    }
  }
  run.terraform.allow_outside = input.allow_outside;
  run.terraform.limits = input.limits;
  run.deadline = input.deadline;
  run.max_findings = input.max_findings;
  run.terraform.jobs = input.jobs == 0 ? source::available_jobs() : input.jobs;
  run.terraform.aws = {run.settings.aws.partition, run.settings.aws.region, run.settings.aws.account_id};
  run.discovery.respect_gitignore = !input.no_gitignore;
  run.discovery.exclude = run.settings.exclude;
  run.discovery.exclude.insert(run.discovery.exclude.end(), input.exclude.begin(), input.exclude.end());
  for (const terraform::VariableOption& option : run.terraform.variables) {
    if (option.name.empty()) {
      if (const auto status = files.status(option.value); !status) {
        errors.push_back({.message = "the variables file cannot be read: " + status.error().message,
                          .path = option.value,
                          .hint = "check the path given with --var-file"});
      }
    }
  }
  return errors;
}

}  // namespace gabion::engine
