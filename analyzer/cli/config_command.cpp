// gabion config: check says whether a configuration file is right, schema prints what editors need to say it.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "engine/settings_description.h"

namespace gabion::cli {

int run_config(const Options& options, Environment& environment) {
  if (options.command == Command::kConfigSchema) {
    environment.out << engine::settings_schema();
    return kClean;
  }
  // Everything that a scan looks at before it starts: names of rules, parameters, files of variables.
  Run run;
  const std::vector<source::Error> errors = prepare(options, environment, run);
  for (const source::Error& error : errors) {
    print_error(error, environment.err);
  }
  if (!errors.empty()) {
    return kUsage;
  }
  if (run.settings.path.empty()) {
    environment.out << "no configuration file: the defaults count\n";
  } else {
    environment.out << run.settings.path << " is right: " << run.rules.rules().size() << " rules run\n";
  }
  return kClean;
}

}  // namespace gabion::cli
