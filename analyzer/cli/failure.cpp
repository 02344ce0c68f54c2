#include "cli/failure.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/exit_status.h"
#include "cli/version.h"
#include "report/formats.h"
#include "report/report.h"

namespace gabion::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string message_of(const source::Error& error) {
  return (error.line > 0 ? "line " + std::to_string(error.line) + ": " : std::string()) + error.message;
}

void write_report(const std::string& format, std::span<const source::Error> errors, std::ostream& out) {
  const source::ArtifactStore artifacts;
  findings::Diagnostics diagnostics;
  for (const source::Error& error : errors) {
    diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                           .code = "usage",
                           .message = message_of(error),
                           .hint = error.hint,
                           .region = {},
                           .path = error.path});
  }
  report::Report report{.artifacts = artifacts,
                        .findings = {},
                        .unresolved = {},
                        .diagnostics = diagnostics,
                        .summary = {},
                        .rules = {},
                        .tool_name = "gabion",
                        .tool_version = kVersion,
                        .base = {}};
  report.summary.incomplete = true;
  if (!report::is_for_people(format)) {
    report::write_report(format, report, {}, out);
  }
}

void write_line(const Json& json, std::ostream& out) {
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace

void write_failure_document(const Options& options, std::span<const source::Error> errors, std::ostream& out) {
  const std::string first = errors.empty() ? std::string() : message_of(errors.front());
  switch (options.command) {
    case Command::kScan: {
      const auto target = std::find_if(options.scan.reports.begin(), options.scan.reports.end(),
                                       [](const ReportTarget& report) { return report.file.empty(); });
      if (target != options.scan.reports.end()) {
        write_report(target->format, errors, out);
      }
      return;
    }
    case Command::kShow:
      if (options.show.format == "json" && !options.show.statistics) {
        write_line({{"resources", Json::array()}, {"outputs", Json::object()}}, out);
      }
      return;
    case Command::kRules:
      if (options.rules.format == "json") {
        write_line(Json::array(), out);
      }
      return;
    case Command::kPolicyProve:
    case Command::kPolicyCompare:
      if (options.policy.format == "json") {
        write_line({{"answer", "unknown"}, {"witness", nullptr}, {"because", first}, {"assumed", Json::array()}}, out);
      }
      return;
    default:
      return;
  }
}

int fail_for_memory(const Options& options, Environment& environment, bool output_began) {
  environment.err << "gabion: error: there is not enough memory to finish\n";
  if (!output_began) {
    const source::Error error{.message = "there is not enough memory to finish", .path = {}, .hint = {}};
    write_failure_document(options, {&error, 1}, environment.out);
  }
  return kIncomplete;
}

int fail(const Options& options, std::span<const source::Error> errors, Environment& environment) {
  for (const source::Error& error : errors) {
    print_error(error, environment.err);
  }
  write_failure_document(options, errors, environment.out);
  return kUsage;
}

}  // namespace gabion::cli
