#include <gtest/gtest.h>

#include "engine/settings.h"

namespace gabion::cli {
namespace {

/// The error of a configuration file as "line:column message (hint)".
std::string error_of(std::string_view text) {
  const auto settings = engine::parse_settings(".gabion.yaml", text);
  if (settings) {
    return "(none)";
  }
  const source::Error& error = settings.error();
  return std::to_string(error.line) + ":" + std::to_string(error.column) + " " + error.message + " (" + error.hint +
         ")";
}

TEST(EnvironmentSettings, KeepOrderAndPlaces) {
  const auto settings = engine::parse_settings(".gabion.yaml",
                                               "environments:\n"
                                               "  prod:\n"
                                               "    var-files: [a.tfvars, b.tfvars]\n"
                                               "    vars:\n"
                                               "      count: 3\n"
                                               "      name: \"3\"\n"
                                               "      tags: {a: [true, x]}\n"
                                               "    workspace: production\n"
                                               "    roots: infra\n"
                                               "  a:\n");
  ASSERT_TRUE(settings) << settings.error().message;
  ASSERT_EQ(settings->environments.size(), 2U);
  const engine::EnvironmentSetting& prod = settings->environments[0];
  EXPECT_EQ(prod.name, "prod");
  ASSERT_EQ(prod.variable_files.size(), 2U);
  EXPECT_EQ(prod.variable_files[1].path, "b.tfvars");
  EXPECT_EQ(prod.variable_files[1].place.column, 27U);
  ASSERT_EQ(prod.variables.size(), 3U);
  EXPECT_EQ(prod.variables[0].expression, "3");
  EXPECT_EQ(prod.variables[0].place.line, 5U);
  EXPECT_EQ(prod.variables[1].expression, "\"3\"");
  EXPECT_EQ(prod.variables[2].expression, "{\"a\" = [true, \"x\"]}");
  EXPECT_EQ(prod.workspace, "production");
  ASSERT_EQ(prod.roots.size(), 1U);
  EXPECT_EQ(settings->environments[1].name, "a");
}

TEST(EnvironmentSettings, AcceptUnderscores) {
  EXPECT_EQ(error_of("environments: {a: {var_files: [x]}}"), "(none)");
}

TEST(EnvironmentSettings, SayWhatIsWrongAndWhere) {
  EXPECT_EQ(error_of("environments: [a]"),
            "1:15 environments is a mapping of names to var-files, vars, workspace and roots ()");
  EXPECT_EQ(error_of("environments:\n  a: [x]"),
            "2:6 an environment is a mapping with var-files, vars, workspace and roots ()");
  EXPECT_EQ(error_of("environments:\n  a:\n    workspce: x"),
            "3:5 unknown key \"workspce\" (did you mean \"workspace\"?)");
  EXPECT_EQ(error_of("environments:\n  a: {}\n  a: {}"), "3:3 the environment \"a\" occurs twice (keep one of them)");
  EXPECT_EQ(error_of("environments:\n  a:\n    vars: [x]"),
            "3:11 vars is a mapping of names of variables to values ()");
  EXPECT_EQ(error_of("environments:\n  a:\n    vars: {x: 1, x: 2}"),
            "3:18 the variable \"x\" is set twice (keep one of them)");
  EXPECT_EQ(error_of("environments:\n  a:\n    workspace: []"), "3:16 workspace is the name of one ()");
  EXPECT_EQ(error_of("environments:\n  a:\n    roots: [{}]"), "3:13 expected a path here ()");
  EXPECT_EQ(error_of("enviroments: {}"), "1:1 unknown key \"enviroments\" (did you mean \"environments\"?)");
}

}  // namespace
}  // namespace gabion::cli
