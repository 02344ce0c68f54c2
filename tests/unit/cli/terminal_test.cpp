#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>
#include <thread>
#include <vector>

namespace gabion::cli {
namespace {

const Variables kXterm = {{"TERM", "xterm-256color"}};

Variables with(const std::string& name, const std::string& value) {
  Variables variables = kXterm;
  variables[name] = value;
  return variables;
}

TEST(Colour, OptionDecidesBeforeAllElse) {
  EXPECT_TRUE(use_colour(ColorMode::kAlways, true, with("NO_COLOR", "1")));
  EXPECT_TRUE(use_colour(ColorMode::kAlways, false, {}));
  EXPECT_FALSE(use_colour(ColorMode::kNever, true, with("CLICOLOR_FORCE", "1")));
}

TEST(Colour, FollowsTheEnvironment) {
  const auto automatic = [](bool is_terminal, const Variables& variables) {
    return use_colour(ColorMode::kAuto, is_terminal, variables);
  };
  EXPECT_TRUE(automatic(true, kXterm));
  EXPECT_FALSE(automatic(false, kXterm));
  EXPECT_FALSE(automatic(true, {}));
  EXPECT_FALSE(automatic(true, {{"TERM", "dumb"}}));
  EXPECT_FALSE(automatic(true, with("CLICOLOR", "0")));
  EXPECT_FALSE(automatic(true, with("NO_COLOR", "1")));
  EXPECT_TRUE(automatic(true, with("NO_COLOR", "")));
  EXPECT_TRUE(automatic(false, with("CLICOLOR_FORCE", "1")));
  EXPECT_FALSE(automatic(false, with("CLICOLOR_FORCE", "0")));
  EXPECT_FALSE(automatic(false, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "x"}}));
}

TEST(Links, AreMadeWhereTheyAreUnderstood) {
  const auto automatic = [](bool is_terminal, const Variables& variables) {
    return use_links(LinkMode::kAuto, is_terminal, variables);
  };
  EXPECT_FALSE(automatic(true, kXterm));
  EXPECT_TRUE(automatic(true, with("TERM_PROGRAM", "WezTerm")));
  EXPECT_FALSE(automatic(true, with("TERM_PROGRAM", "Apple_Terminal")));
  EXPECT_TRUE(automatic(true, with("VTE_VERSION", "6800")));
  EXPECT_FALSE(automatic(true, with("VTE_VERSION", "4800")));
  EXPECT_FALSE(automatic(true, with("VTE_VERSION", "new")));
  EXPECT_TRUE(automatic(true, {{"TERM", "xterm-kitty"}}));
  EXPECT_FALSE(automatic(false, {{"TERM", "xterm-kitty"}}));
  EXPECT_TRUE(automatic(false, with("FORCE_HYPERLINK", "1")));
  EXPECT_FALSE(automatic(true, {{"TERM", "foot"}, {"FORCE_HYPERLINK", "0"}}));
  EXPECT_TRUE(use_links(LinkMode::kAlways, false, {}));
  EXPECT_FALSE(use_links(LinkMode::kNever, true, {{"TERM", "foot"}}));
}

TEST(Width, IsTheSameUnlessTold) {
  EXPECT_EQ(terminal_width({}), 100U);
  EXPECT_EQ(terminal_width({{"COLUMNS", ""}}), 100U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "wide"}}), 100U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "-5"}}), 100U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "0"}}), 100U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "99999999999999"}}), 100U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "120"}}), 120U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "10"}}), 60U);
  EXPECT_EQ(terminal_width({{"COLUMNS", "1000"}}), 200U);
}

TEST(Width, OfWhatIsNoTerminalCannotBeTold) {
  EXPECT_EQ(columns_of(-1), std::nullopt);
}

TEST(Progress, RendersABarThatFits) {
  const auto line = [](std::uint64_t done, std::uint64_t total, std::uint32_t columns) {
    return render_progress("work", {.done = done, .total = total, .files = 12, .seconds = 3}, columns);
  };
  EXPECT_EQ(line(0, 10, 80), "work [>                             ] 0/10 root modules, 12 files, 3 s");
  EXPECT_EQ(line(5, 10, 80), "work [===============>              ] 5/10 root modules, 12 files, 3 s");
  EXPECT_EQ(line(10, 10, 80), "work [==============================] 10/10 root modules, 12 files, 3 s");
  EXPECT_EQ(line(12, 10, 80), "work [==============================] 10/10 root modules, 12 files, 3 s");
  EXPECT_EQ(line(5, 10, 40), "work 5/10 root modules, 12 files, 3 s");
  EXPECT_EQ(line(5, 10, 7), "work 5/");
}

TEST(Progress, RendersNoBarOfOneStep) {
  EXPECT_EQ(render_progress("work", {.done = 0, .total = 0, .files = 0, .seconds = 1}, 80), "work 1 s");
  EXPECT_EQ(render_progress("work", {.done = 0, .total = 1, .files = 1, .seconds = 1}, 80), "work 1 file, 1 s");
  EXPECT_EQ(render_progress("work", {.done = 0, .total = 1, .files = 700, .seconds = 20}, 80), "work 700 files, 20 s");
}

TEST(Progress, ComesLateIsRedrawnSeldomAndGoesAway) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  {
    Progress progress(out, true, 80, "work", start);
    progress.set(1, 4, start + std::chrono::milliseconds(499));
    EXPECT_EQ(out.str(), "");
    progress.set(2, 4, start + std::chrono::milliseconds(500));
    const std::string first = out.str();
    EXPECT_NE(first.find("2/4"), std::string::npos);
    progress.set(3, 4, start + std::chrono::milliseconds(550));
    EXPECT_EQ(out.str(), first);
    progress.add_files(7);
    progress.redraw(start + std::chrono::milliseconds(1600));
    EXPECT_NE(out.str().find("3/4 root modules, 7 files, 1 s"), std::string::npos);
  }
  EXPECT_TRUE(out.str().ends_with("\r\x1b[K"));
}

TEST(Progress, LeavesNothingOfShortWork) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  {
    Progress progress(out, true, 80, "work", start);
    progress.set(1, 2, start);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, WritesNothingToFiles) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  Progress progress(out, false, 80, "work", start);
  progress.set(1, 2, start + std::chrono::hours(1));
  progress.finish();
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, MayBeToldByManyThreads) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  Progress progress(out, true, 80, "work", start);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) {
        progress.add_files(1);
        progress.redraw(start + std::chrono::seconds(1));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  progress.redraw(start + std::chrono::seconds(2));
  EXPECT_NE(out.str().find("4000 files, 2 s"), std::string::npos);
}

}  // namespace
}  // namespace gabion::cli
