#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>
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

std::string_view variable(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

bool can_redraw(bool is_terminal, const Variables& variables) {
  const std::string_view type = variable(variables, "TERM");
  return is_terminal && !type.empty() && type != "dumb";
}

bool use_colour(ColorMode mode, bool is_terminal, const Variables& variables) {
  if (mode != ColorMode::kAuto) {
    return mode == ColorMode::kAlways;
  }
  if (!variable(variables, "NO_COLOR").empty()) {
    return false;
  }
  const std::string_view force = variable(variables, "CLICOLOR_FORCE");
  if (!force.empty() && force != "0") {
    return true;
  }
  return can_redraw(is_terminal, variables) && variable(variables, "CLICOLOR") != "0";
}

bool use_links(LinkMode mode, bool is_terminal, const Variables& variables) {
  if (mode != LinkMode::kAuto) {
    return mode == LinkMode::kAlways;
  }
  if (const std::string_view force = variable(variables, "FORCE_HYPERLINK"); !force.empty()) {
    return force != "0";
  }
  if (!can_redraw(is_terminal, variables)) {
    return false;
  }
  constexpr std::uint32_t kFirstVte = 5000;        // 0.50
  constexpr std::uint32_t kFirstKonsole = 201200;  // 20.12
  const auto at_least = [&](const std::string& name, std::uint32_t version) {
    const std::string_view text = variable(variables, name);
    std::uint32_t number = 0;
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc() && number >= version;
  };
  for (const std::string_view program : {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"}) {
    if (variable(variables, "TERM_PROGRAM") == program) {
      return true;
    }
  }
  const std::string_view type = variable(variables, "TERM");
  for (const std::string_view name : {"xterm-kitty", "xterm-ghostty", "foot", "alacritty", "contour", "wezterm"}) {
    if (type.starts_with(name)) {
      return true;
    }
  }
  return at_least("VTE_VERSION", kFirstVte) || at_least("KONSOLE_VERSION", kFirstKonsole) ||
         !variable(variables, "WT_SESSION").empty() || !variable(variables, "DOMTERM").empty();
}

std::uint32_t terminal_width(const Variables& variables) {
  const std::string_view text = variable(variables, "COLUMNS");
  std::uint32_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (error != std::errc() || end != text.data() + text.size() || columns == 0) {
    return kDefaultColumns;
  }
  return std::clamp(columns, kLeastColumns, kMostColumns);
}

std::optional<std::uint32_t> columns_of(int descriptor) {
  winsize size{};
  if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

std::string render_progress(std::string_view label, const WorkDone& work, std::uint32_t columns) {
  constexpr std::uint64_t kBar = 30;
  const std::uint64_t done = std::min(work.done, work.total);
  const auto counted = [](std::uint64_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what);
  };
  std::string numbers;
  if (work.total > 1) {
    numbers = std::to_string(done) + "/" + counted(work.total, "root modules") + ", ";
  }
  if (work.files > 0) {
    numbers += counted(work.files, work.files == 1 ? "file, " : "files, ");
  }
  numbers += counted(work.seconds, "s");
  std::string line(label);
  if (work.total > 1 && label.size() + numbers.size() + kBar + 4 <= columns) {
    const auto filled = static_cast<std::size_t>(done * kBar / work.total);
    const bool at_end = filled == kBar;
    line +=
        " [" + std::string(filled, '=') + (at_end ? "" : ">") + std::string(at_end ? 0 : kBar - filled - 1, ' ') + "]";
  }
  line += " " + numbers;
  return line.substr(0, columns);
}

Progress::Progress(std::ostream& out, bool wanted, std::uint32_t columns, std::string label, Clock::time_point start)
    : out_(out),
      wanted_(wanted && columns > 1),
      columns_(columns),
      label_(std::move(label)),
      start_(start),
      next_draw_(start + kPatience) {}

void Progress::redraw(Clock::time_point now) {
  if (!wanted_) {
    return;
  }
  const std::unique_lock lock(drawing_, std::try_to_lock);
  if (!lock.owns_lock() || finished_ || now < next_draw_) {
    return;  // somebody else draws, or it is not yet time
  }
  next_draw_ = now + kRedraw;
  visible_ = true;
  const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now - start_).count();
  const WorkDone work{done_, total_, files_, static_cast<std::uint64_t>(std::max<std::int64_t>(passed, 0))};
  // The last column stays free: some terminals go to the next line when it is written.
  out_ << kClearLine << render_progress(label_, work, columns_ - 1) << std::flush;
}

void Progress::set(std::uint64_t done, std::uint64_t total, Clock::time_point now) {
  total_ = total;
  done_ = done;
  redraw(now);
}

void Progress::finish() {
  const std::lock_guard lock(drawing_);
  if (visible_ && !finished_) {
    out_ << kClearLine << std::flush;
  }
  finished_ = true;
}

}  // namespace gabion::cli
