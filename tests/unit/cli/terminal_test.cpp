#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>
#include <thread>
#include <vector>

namespace gabion::cli {
namespace {

Terminal a_terminal(std::uint32_t columns = 80) {
  Terminal terminal;
  terminal.is_terminal = true;
  terminal.can_move = true;
  terminal.columns = columns;
  return terminal;
}

TEST(Colour, OptionDecidesBeforeAllElse) {
  Terminal terminal = a_terminal();
  terminal.no_color = "1";
  EXPECT_TRUE(wants_colour(ColourChoice::kAlways, terminal));
  EXPECT_TRUE(wants_colour(ColourChoice::kAlways, Terminal{}));
  terminal.no_color.clear();
  terminal.clicolor_force = "1";
  EXPECT_FALSE(wants_colour(ColourChoice::kNever, terminal));
}

TEST(Colour, FollowsTheEnvironment) {
  EXPECT_TRUE(wants_colour(ColourChoice::kAuto, a_terminal()));
  EXPECT_FALSE(wants_colour(ColourChoice::kAuto, Terminal{}));
  Terminal terminal = a_terminal();
  terminal.can_move = false;
  EXPECT_FALSE(wants_colour(ColourChoice::kAuto, terminal));
  terminal = a_terminal();
  terminal.clicolor = "0";
  EXPECT_FALSE(wants_colour(ColourChoice::kAuto, terminal));
  Terminal file;
  file.clicolor_force = "1";
  EXPECT_TRUE(wants_colour(ColourChoice::kAuto, file));
  file.clicolor_force = "0";
  EXPECT_FALSE(wants_colour(ColourChoice::kAuto, file));
  file.clicolor_force = "1";
  file.no_color = "x";
  EXPECT_FALSE(wants_colour(ColourChoice::kAuto, file));
}

TEST(Colour, ChoicesHaveNames) {
  EXPECT_EQ(colour_choice_from_name("auto"), ColourChoice::kAuto);
  EXPECT_EQ(colour_choice_from_name("always"), ColourChoice::kAlways);
  EXPECT_EQ(colour_choice_from_name("never"), ColourChoice::kNever);
  EXPECT_EQ(colour_choice_from_name("yes"), std::nullopt);
}

TEST(Width, IsTheSameForAllFiles) {
  Terminal file;
  EXPECT_EQ(report_width(file), 100U);
  file.columns = 42;
  EXPECT_EQ(report_width(file), 100U);
  EXPECT_EQ(report_width(a_terminal(0)), 100U);
  EXPECT_EQ(report_width(a_terminal(120)), 120U);
  EXPECT_EQ(report_width(a_terminal(10)), 60U);
  EXPECT_EQ(report_width(a_terminal(1000)), 200U);
}

TEST(Progress, RendersABarThatFits) {
  EXPECT_EQ(render_progress("files", 0, 10, 80), "files [>                             ] 0/10");
  EXPECT_EQ(render_progress("files", 5, 10, 80), "files [===============>              ] 5/10");
  EXPECT_EQ(render_progress("files", 10, 10, 80), "files [==============================] 10/10");
  EXPECT_EQ(render_progress("files", 12, 10, 80), "files [==============================] 10/10");
  EXPECT_EQ(render_progress("files", 5, 10, 20), "files 5/10");
  EXPECT_EQ(render_progress("files", 5, 10, 7), "files 5");
  EXPECT_EQ(render_progress("files", 0, 0, 80), "files 0/0");
}

TEST(Progress, ComesLateIsRedrawnSeldomAndGoesAway) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  {
    Progress progress(out, a_terminal(), "files", start);
    progress.add_total(4);
    progress.advance(1, start + std::chrono::milliseconds(499));
    EXPECT_EQ(out.str(), "");
    progress.advance(1, start + std::chrono::milliseconds(500));
    const std::string first = out.str();
    EXPECT_NE(first.find("2/4"), std::string::npos);
    progress.advance(1, start + std::chrono::milliseconds(550));
    EXPECT_EQ(out.str(), first);
    progress.advance(1, start + std::chrono::milliseconds(600));
    EXPECT_NE(out.str().find("4/4"), std::string::npos);
  }
  EXPECT_TRUE(out.str().ends_with("\r\x1b[K"));
}

TEST(Progress, LeavesNothingOfShortWork) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  {
    Progress progress(out, a_terminal(), "files", start);
    progress.add_total(1);
    progress.advance(1, start);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, WritesNothingToFiles) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  Progress progress(out, Terminal{}, "files", start);
  progress.add_total(1);
  progress.advance(1, start + std::chrono::hours(1));
  progress.finish();
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, MayBeAdvancedByManyThreads) {
  std::ostringstream out;
  const auto start = Progress::Clock::time_point() + std::chrono::hours(1);
  Progress progress(out, a_terminal(), "files", start);
  progress.add_total(4001);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) {
        progress.advance(1, start + std::chrono::seconds(1));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  progress.advance(1, start + std::chrono::seconds(2));
  EXPECT_NE(out.str().find("4001/4001"), std::string::npos);
}

}  // namespace
}  // namespace gabion::cli
