// The commands, one function each. They read what Environment gives, write to its streams, and return an exit status.
#pragma once

#include "cli/options.h"
#include "cli/setup.h"

namespace gabion::cli {

[[nodiscard]] int run_scan(const Options& options, Environment& environment);
[[nodiscard]] int run_fix(const Options& options, Environment& environment);
[[nodiscard]] int run_show(const Options& options, Environment& environment);
[[nodiscard]] int run_console(const Options& options, Environment& environment);
[[nodiscard]] int run_baseline(const Options& options, Environment& environment);
[[nodiscard]] int run_init(const Options& options, Environment& environment);
[[nodiscard]] int run_lsp(const Options& options, Environment& environment);
[[nodiscard]] int run_config(const Options& options, Environment& environment);
[[nodiscard]] int run_rules(const Options& options, Environment& environment);
[[nodiscard]] int run_explain(const Options& options, Environment& environment);
[[nodiscard]] int run_test(const Options& options, Environment& environment);
[[nodiscard]] int run_policy(const Options& options, Environment& environment);

[[nodiscard]] int run_completions(const Options& options, Environment& environment);

/// Writes or checks the generated pages of docs/; for developers, not listed in the help.
[[nodiscard]] int run_docs(const Options& options, Environment& environment);

/// Parses the command line and runs the command it names.
[[nodiscard]] int run(int argc, const char* const* argv, Environment& environment);

}  // namespace gabion::cli
