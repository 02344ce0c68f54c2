#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace gabion::cli {
namespace {

constexpr std::uint32_t kDefaultColumns = 100;
constexpr std::uint32_t kLeastColumns = 60;
constexpr std::uint32_t kMostColumns = 200;
/// Work that is done sooner needs no bar: it would only flicker.
constexpr std::chrono::milliseconds kPatience{500};
constexpr std::chrono::milliseconds kRedraw{100};
/// Back to the first column, and everything behind it gone.
constexpr std::string_view kClearLine = "\r\x1b[K";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::optional<ColourChoice> colour_choice_from_name(std::string_view text) {
  if (text == "auto") {
    return ColourChoice::kAuto;
  }
  if (text == "always") {
    return ColourChoice::kAlways;
  }
  if (text == "never") {
    return ColourChoice::kNever;
  }
  return std::nullopt;
}

Terminal probe_terminal(int descriptor) {
  Terminal terminal;
  terminal.is_terminal = isatty(descriptor) == 1;
  const std::string type = variable("TERM");
  terminal.can_move = terminal.is_terminal && !type.empty() && type != "dumb";
  winsize size{};
  if (terminal.is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0) {
    terminal.columns = size.ws_col;
  }
  terminal.no_color = variable("NO_COLOR");
  terminal.clicolor = variable("CLICOLOR");
  terminal.clicolor_force = variable("CLICOLOR_FORCE");
  return terminal;
}

bool wants_colour(ColourChoice choice, const Terminal& terminal) {
  if (choice != ColourChoice::kAuto) {
    return choice == ColourChoice::kAlways;
  }
  if (!terminal.no_color.empty()) {
    return false;
  }
  if (!terminal.clicolor_force.empty() && terminal.clicolor_force != "0") {
    return true;
  }
  return terminal.can_move && terminal.clicolor != "0";
}

std::uint32_t report_width(const Terminal& terminal) {
  if (!terminal.is_terminal || terminal.columns == 0) {
    return kDefaultColumns;
  }
  return std::clamp(terminal.columns, kLeastColumns, kMostColumns);
}

std::string render_progress(std::string_view label, std::uint64_t done, std::uint64_t total, std::uint32_t columns) {
  constexpr std::uint32_t kBar = 30;
  done = std::min(done, total);
  const std::string count = std::to_string(done) + "/" + std::to_string(total);
  std::string line(label);
  if (label.size() + count.size() + kBar + 4 <= columns && total > 0) {
    const auto filled = static_cast<std::uint32_t>(done * kBar / total);
    const bool at_end = filled == kBar;
    line +=
        " [" + std::string(filled, '=') + (at_end ? "" : ">") + std::string(at_end ? 0 : kBar - filled - 1, ' ') + "]";
  }
  line += " " + count;
  return line.substr(0, columns);
}

Progress::Progress(std::ostream& out, const Terminal& terminal, std::string label, Clock::time_point start)
    : out_(out),
      wanted_(terminal.can_move && terminal.columns > 0),
      columns_(terminal.columns),
      label_(std::move(label)),
      next_draw_(start + kPatience) {}

void Progress::advance(std::uint64_t count, Clock::time_point now) {
  done_ += count;
  if (!wanted_) {
    return;
  }
  const std::unique_lock lock(drawing_, std::try_to_lock);
  if (!lock.owns_lock() || finished_ || now < next_draw_) {
    return;  // somebody else draws, or it is not yet time
  }
  next_draw_ = now + kRedraw;
  visible_ = true;
  // The last column stays free: some terminals go to the next line when it is written.
  out_ << kClearLine << render_progress(label_, done_, total_, columns_ - 1) << std::flush;
}

void Progress::finish() {
  const std::lock_guard lock(drawing_);
  if (visible_ && !finished_) {
    out_ << kClearLine << std::flush;
  }
  finished_ = true;
}

}  // namespace gabion::cli
