// What the program knows about the terminals it writes to: whether colours are wanted, how wide lines may be, and a
// progress bar for long work. Asked once by the command line; nothing below it looks at the environment.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace gabion::cli {

/// The value of --color.
enum class ColourChoice : std::uint8_t { kAuto, kAlways, kNever };

/// "auto", "always", "never".
[[nodiscard]] std::optional<ColourChoice> colour_choice_from_name(std::string_view text);

/// What can be found out about one output stream of the process.
struct Terminal {
  bool is_terminal = false;
  bool can_move = false;      ///< a terminal that understands escape sequences (TERM is not "dumb")
  std::uint32_t columns = 0;  ///< 0 when it cannot be told
  /// Environment variables about colour; absent and empty mean the same for all of them.
  std::string no_color;  // https://no-color.org
  std::string clicolor;  // https://bixense.com/clicolors
  std::string clicolor_force;
};

/// Looks at a file descriptor (1 or 2) and the environment. Call before threads are started.
[[nodiscard]] Terminal probe_terminal(int descriptor);

/// --color decides; by default NO_COLOR, then CLICOLOR_FORCE, then whether it is a terminal that shows colours.
[[nodiscard]] bool wants_colour(ColourChoice choice, const Terminal& terminal);

/// Columns for reports: the terminal's, within what can be read; always the same when it is none, so that files and
/// logs do not depend on where they were made.
[[nodiscard]] std::uint32_t report_width(const Terminal& terminal);

/// One line of progress: "label [=====>     ] 12/34". Never wider than `columns`.
[[nodiscard]] std::string render_progress(std::string_view label, std::uint64_t done, std::uint64_t total,
                                          std::uint32_t columns);

/// A bar on standard error that appears only when the work takes long, is redrawn a few times a second, and is gone
/// before anything else is printed. May be advanced by many threads. Does nothing when it is not wanted.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  /// `out` is written only when the terminal can move its cursor.
  Progress(std::ostream& out, const Terminal& terminal, std::string label, Clock::time_point start = Clock::now());
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { finish(); }

  /// More work is known of.
  void add_total(std::uint64_t count) { total_ += count; }
  /// So much of it is done.
  void advance(std::uint64_t count = 1, Clock::time_point now = Clock::now());
  /// Takes the bar away. Further calls do nothing.
  void finish();

 private:
  std::ostream& out_;
  const bool wanted_;
  const std::uint32_t columns_;
  const std::string label_;
  std::atomic<std::uint64_t> total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex drawing_;  // guards what follows, and out_
  Clock::time_point next_draw_;
  bool visible_ = false;
  bool finished_ = false;
};

}  // namespace gabion::cli
