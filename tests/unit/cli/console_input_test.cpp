#include "cli/console_input.h"

#include <gtest/gtest.h>

namespace gabion::cli {
namespace {

TEST(ConsoleInput, GoesOnWhileSomethingIsOpen) {
  for (const char* text : {"[", "f(1,", "{ a = [1]", "\"${f(", "[\n  1,", "<<EOT", "<<-EOT\n  text", "1 /* why",
                           "[ # ]", "{ \"]\"", "(<<E\nE"}) {
    EXPECT_TRUE(goes_on(text)) << text;
  }
  for (const char* text :
       {"", "1", "[1]", "f(1, [2], {a = 3})", "\"(\"", "\"$${\"", "\"%%{ ( \"", "\"\\\"(\"", "1 # (", "1 /* ( */",
        "<<EOT\n(\nEOT", "(<<-E\n  [\n  E\n)", "\"${f(\"x\")}\"", "]", "1 << 2", "\"open", "f(\"open"}) {
    EXPECT_FALSE(goes_on(text)) << text;
  }
}

}  // namespace
}  // namespace gabion::cli
