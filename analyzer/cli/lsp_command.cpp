#include "cli/commands.h"
#include "cli/report_output.h"
#include "cli/version.h"
#include "engine/date.h"
#include "lsp/server.h"

namespace gabion::cli {

int run_lsp(const Options& /*options*/, Environment& environment) {
  return lsp::serve(environment.in, environment.out, environment.files,
                    {.variables = environment.variables,
                     .today = [&] { return engine::date_of(now(environment)); },
                     .version = kVersion});
}

}  // namespace gabion::cli
