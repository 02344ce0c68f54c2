#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "report/unicode.h"
#include "terraform/load.h"
#include "terraform/redaction.h"
#include "terraform/show.h"

namespace gabion::cli {
namespace {

struct ReasonName {
  std::string_view key;   ///< in JSON
  std::string_view text;  ///< for people
};

/// Names of reasons for --statistics, in the order of eval::Reason.
constexpr std::array<ReasonName, 10> kReasons = {{{"variable", "variables without a value"},
                                                  {"computed", "known after apply"},
                                                  {"data", "read from outside by data sources"},
                                                  {"module", "modules that are not here"},
                                                  {"function", "functions that differ from run to run"},
                                                  {"file", "files that cannot be read"},
                                                  {"instance", "unknown count or for_each"},
                                                  {"error", "errors in the input"},
                                                  {"limit", "limits reached"},
                                                  {"unsupported", "features that are missing"}}};

/// Attributes of all configurations by why they are not known.
void print_statistics(std::span<const terraform::Shown> views, bool json, std::ostream& out) {
  std::uint32_t known = 0;
  std::uint32_t resources = 0;
  std::array<std::uint32_t, kReasons.size()> unknown{};
  for (const terraform::Shown& view : views) {
    const terraform::ReasonCounts counts = terraform::count_reasons(*view.configuration);
    known += counts.known;
    resources += static_cast<std::uint32_t>(view.configuration->resources().size());
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      unknown[i] += counts.unknown[i];
    }
  }
  const std::uint32_t all = std::accumulate(unknown.begin(), unknown.end(), known);
  if (json) {
    out << "{\"resources\": " << resources << ", \"attributes\": " << all << ", \"known\": " << known
        << ", \"unknown\": {";
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      out << (i > 0 ? ", \"" : "\"") << kReasons[i].key << "\": " << unknown[i];
    }
    out << "}}\n";
    return;
  }
  out << all << " attributes of " << resources << " resources, " << known << " known\n";
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    out << unknown[i] << " unknown: " << kReasons[i].text << '\n';
  }
}

/// Prints values as they may be shown.
struct Showing {
  const secrets::Redactor& redactor;
  source::Arena& arena;

  [[nodiscard]] std::string text(const eval::Value& value, std::string_view name) const {
    return eval::describe(terraform::shown_value(value, name, redactor, arena));
  }
};

void print_body(const model::Body& body, const std::string& indent, const Showing& showing, std::ostream& out) {
  for (const model::Attribute& attribute : body.attributes) {
    out << indent << attribute.name() << " = " << showing.text(attribute.value, attribute.name());
    if (attribute.value.is_unknown() && attribute.value.unknown().symbol != nullptr) {
      out << "  # " << eval::explain(*attribute.value.unknown().symbol);
    }
    out << '\n';
  }
  for (const model::Block& block : body.blocks) {
    out << indent << block.type << (block.certain ? " {" : " {  # any number of these") << '\n';
    if (block.body != nullptr) {
      print_body(*block.body, indent + "  ", showing, out);
    }
    out << indent << "}\n";
  }
}

void print_text(const model::Configuration& configuration, const source::ArtifactStore& artifacts,
                const secrets::Redactor& redactor, std::ostream& out) {
  const Showing showing{redactor, configuration.context().arena};
  for (const model::Resource& resource : configuration.resources()) {
    out << resource.address << "  # " << report::printable(artifacts.get(resource.header.artifact).path()) << ':'
        << artifacts.begin_of(resource.header).line << (resource.certain ? "" : ", may not exist") << '\n';
    print_body(*resource.body, "  ", showing, out);
    out << '\n';
  }
  if (!configuration.modules().empty()) {
    for (const auto& [name, value] : configuration.modules().front().outputs) {
      out << "output " << name << " = " << showing.text(value, name) << '\n';
    }
  }
}

}  // namespace

int run_show(const Options& options, Environment& environment) {
  Run run;
  if (const std::vector<source::Error> errors = prepare(options, environment, run); !errors.empty()) {
    return fail(options, errors, environment);
  }
  const auto inventory = source::discover(*run.files, run.paths, run.discovery);
  if (!inventory) {
    return fail(options, {&inventory.error(), 1}, environment);
  }
  source::ArtifactStore artifacts;
  terraform::Workspace workspace(*run.files, artifacts, *inventory, run.terraform);
  // A directory that is a module itself is shown alone, as its own root; otherwise all roots below.
  std::vector<std::string> directories;
  for (const std::string& path : run.paths) {
    const std::string directory = source::join_path(path, ".");
    if (workspace.is_module(directory)) {
      directories.push_back(directory);
    }
  }
  if (directories.empty()) {
    directories = workspace.roots();
  }
  std::vector<std::unique_ptr<model::Configuration>> configurations;
  std::vector<terraform::Shown> views;
  for (const std::string& directory : directories) {
    for (const terraform::NamedEnvironment* named : workspace.environments(directory)) {
      configurations.push_back(workspace.evaluate(directory, named));
      views.push_back({configurations.back().get(), named != nullptr ? std::string_view(named->name) : ""});
    }
  }
  secrets::Redactor redactor;
  static_cast<void>(workspace.files(redactor));
  bool incomplete = false;
  const auto report = [&](const findings::Diagnostics& diagnostics) {
    for (const findings::Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.severity == findings::DiagnosticSeverity::kNote) {
        continue;
      }
      incomplete = incomplete || diagnostic.severity == findings::DiagnosticSeverity::kError;
      environment.err << report::name(diagnostic.severity) << ": ";
      if (const std::string_view path = report::path_of(diagnostic, artifacts); !path.empty()) {
        environment.err << report::printable(path);
        if (diagnostic.region.valid()) {
          environment.err << ':' << artifacts.begin_of(diagnostic.region).line;
        }
        environment.err << ": ";
      }
      environment.err << report::printable(source::shown(diagnostic.message, &redactor)) << '\n';
    }
  };
  for (const source::SkippedPath& skipped : inventory->skipped) {
    if (skipped.is_error) {
      incomplete = true;
      environment.err << "error: " << report::printable(skipped.path) << ": " << report::printable(skipped.reason)
                      << '\n';
    }
  }
  report(workspace.diagnostics());
  for (const auto& configuration : configurations) {
    report(configuration->diagnostics());
  }
  if (options.show.statistics) {
    print_statistics(views, options.show.format == "json", environment.out);
  } else if (options.show.format == "json") {
    std::ostringstream document;
    terraform::write_show_json(views, artifacts, document, &redactor);
    environment.out << report::printable_json(document.str());
  } else {
    for (const terraform::Shown& view : views) {
      std::ostringstream text;
      if (!view.environment.empty()) {
        text << "# environment " << view.environment << "\n\n";
      }
      print_text(*view.configuration, artifacts, redactor, text);
      environment.out << report::printable_lines(text.str());
    }
  }
  return incomplete ? kIncomplete : kClean;
}

}  // namespace gabion::cli
