// gabion init: writes files to start from. Nothing is asked, and no file that exists is touched.
#include <array>
#include <filesystem>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/report_output.h"

namespace gabion::cli {
namespace {

constexpr std::string_view kSettings =
    R"(# Configuration of gabion. Everything is optional; `gabion config check` says whether it is right.
# Editors know the keys by the schema that `gabion config schema` prints.

# The lowest severity that fails a run: low, medium, high or critical.
fail-on: low

# Paths that are not read, in the syntax of .gitignore.
#exclude:
#  - "examples/"

rules:
  # Rules that do not run: ids or globs, as `gabion rules` lists them.
  skip: []
  # Severities that differ from the rules' own.
  #severity:
  #  aws-kms-key-rotation: high
  # Rules whose findings are reported and fail nothing before a day.
  #observe:
  #  - rules: ["aws-s3-*"]
  #    enforce-from: 2030-01-31

# What rules need to know about the organisation: `gabion rules --parameters` lists the names.
#parameters:

# What is known already, written by `gabion baseline`: only the rest counts.
#baseline: .gabion-baseline.json

# Sets of variable values; root modules are evaluated once for each.
#environments:
#  prod:
#    var-files: [prod.tfvars]

suppression-policy:
  # What a suppression needs in order to count: reason, owner, until.
  require: [reason]
  # Rules that nobody can suppress.
  never: []

# Exceptions for files that have no comments. In Terraform files write: # gabion:ignore RULE reason
#suppressions:
#  - rules: [RULE]
#    paths: [policies/legacy.json]
#    reason: why
#    owner: who
#    until: 2030-01-31
)";

// A hook of the installed program: where the repository of gabion is mirrored is for its users to say.
constexpr std::string_view kPreCommit = R"(repos:
  - repo: local
    hooks:
      - id: gabion
        name: gabion
        entry: gabion scan --hook
        language: system
        files: '(\.(tf|tofu|tfvars|tfbackend|hcl|json|ya?ml|tpl|tftpl)$)|(^|/)\.gabion\.yaml$'
        # Deleting a file can introduce findings, and pre-commit names no deleted files.
        always_run: true
        require_serial: true
)";

constexpr std::string_view kGithub = R"(name: gabion
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  gabion:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      # gabion has to be installed on the runner, or in the image that the job runs in. The composite action in the
      # repository of gabion builds it where it is not, and takes the place of both steps.
      - name: Is gabion there
        run: command -v gabion || { echo "::error::gabion is not installed on this runner"; exit 2; }
      - name: Findings that the change introduces, or all of them on the main branch
        env:
          BASE: ${{ github.base_ref }}
        run: gabion scan --format github ${BASE:+--changed-since "origin/$BASE"}
)";

constexpr std::string_view kGitlab = R"(gabion:
  # An image with gabion, such as one built from the Dockerfile in the repository of gabion.
  image:
    name: $GABION_IMAGE
    entrypoint: [""]
  variables:
    GIT_DEPTH: "0"
  script:
    - >-
      gabion scan --format text
      --report gitlab=gl-sast-report.json
      --report codeclimate=gl-code-quality-report.json
      ${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--changed-since "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}
  artifacts:
    when: always
    reports:
      sast: gl-sast-report.json
      codequality: gl-code-quality-report.json
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
)";

/// The text, or the block to add to a file that is there already.
void offer(const std::string& path, std::string_view text, Environment& environment) {
  environment.err << path << " exists and stays as it is; to add:\n" << text << '\n';
}

}  // namespace

int run_init(const Options& options, Environment& environment) {
  const std::string& directory = options.input.paths.front();
  if (const auto status = environment.files.status(directory);
      !status || status->kind != source::EntryKind::kDirectory) {
    print_error({.message = "this is no directory", .path = directory, .hint = "create it first"}, environment.err);
    return kUsage;
  }
  const bool gitlab = environment.files.status(source::join_path(directory, ".gitlab-ci.yml")).has_value();
  const std::array<std::pair<std::string_view, std::string_view>, 3> files = {
      {{".gabion.yaml", kSettings},
       {".pre-commit-config.yaml", kPreCommit},
       {gitlab ? ".gitlab-ci.yml" : ".github/workflows/gabion.yml", gitlab ? kGitlab : kGithub}}};
  for (const auto& [name, text] : files) {
    const std::string path = source::join_path(directory, name);
    if (environment.files.status(path)) {
      offer(path, text, environment);
      continue;
    }
    std::error_code ignored;
    std::filesystem::create_directories(source::directory_of(path), ignored);
    if (const auto written = write_file(path, std::string(text)); !written) {
      print_error(written.error(), environment.err);
      return kUsage;
    }
    environment.out << "wrote " << path << '\n';
  }
  return kClean;
}

}  // namespace gabion::cli
