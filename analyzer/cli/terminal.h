// What the program knows about the terminals it writes to: whether colours are wanted, how wide lines may be, and a
// progress bar for long work. Used by the commands, who pass the environment in; nothing below them
// looks at it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace gabion::cli {

/// Environment variables by name; absent and empty mean the same for all of those that are looked at here.
using Variables = std::map<std::string, std::string>;

/// --color decides; by default NO_COLOR (no-color.org), then CLICOLOR_FORCE and CLICOLOR (bixense.com/clicolors), then
/// whether it is a terminal that understands colours.
[[nodiscard]] bool use_colour(ColorMode mode, bool is_terminal, const Variables& variables);

/// Whether places may be links (OSC 8). By default where standard output is a terminal that is known to understand
/// them, or FORCE_HYPERLINK is set to anything but 0.
[[nodiscard]] bool use_links(LinkMode mode, bool is_terminal, const Variables& variables);

/// Columns of a report: COLUMNS within what can be read, or always the same number, so that files and logs do not
/// depend on where they were made.
[[nodiscard]] std::uint32_t terminal_width(const Variables& variables);

/// Columns of the terminal behind a file descriptor, or nothing. The program sets COLUMNS to it when it writes to a
/// terminal and the variable is not set.
[[nodiscard]] std::optional<std::uint32_t> columns_of(int descriptor);

/// Whether a progress bar can be drawn and taken away again: not in a file, not on a "dumb" terminal.
[[nodiscard]] bool can_redraw(bool is_terminal, const Variables& variables);

/// How far some work is.
struct WorkDone {
  std::uint64_t done = 0;   ///< root modules
  std::uint64_t total = 0;  ///< root modules; 0 while it is not known
  std::uint64_t files = 0;  ///< that were read
  std::uint64_t seconds = 0;
};

/// One line of progress: "label [=====>     ] 12/34 root modules, 56 files, 7 s". Where there is one root module or
/// none yet, a bar would say nothing: "label 56 files, 7 s". Never wider than `columns`.
[[nodiscard]] std::string render_progress(std::string_view label, const WorkDone& work, std::uint32_t columns);

/// A bar on standard error that appears only when the work takes long, is redrawn a few times a second, and is gone
/// before anything else is printed. May be told of work by many threads. Does nothing when it is not wanted.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  /// `wanted` is can_redraw() for `out`; lines stay under `columns`.
  Progress(std::ostream& out, bool wanted, std::uint32_t columns, std::string label,
           Clock::time_point start = Clock::now());
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { finish(); }

  /// So many root modules are done of so many.
  void set(std::uint64_t done, std::uint64_t total, Clock::time_point now = Clock::now());
  /// So many more files were read. Draws nothing.
  void add_files(std::uint64_t count) { files_ += count; }
  /// Draws the bar anew when it is time.
  void redraw(Clock::time_point now = Clock::now());
  /// Takes the bar away. Further calls do nothing.
  void finish();

 private:
  std::ostream& out_;
  const bool wanted_;
  const std::uint32_t columns_;
  const std::string label_;
  const Clock::time_point start_;
  std::atomic<std::uint64_t> total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> files_ = 0;
  std::mutex drawing_;  // guards what follows, and out_
  Clock::time_point next_draw_;
  bool visible_ = false;
  bool finished_ = false;
};

}  // namespace gabion::cli
