// The console as a person at a terminal sees it: run on a pseudo terminal that does not echo.
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "program.h"

namespace gabion::e2e {
namespace {

constexpr std::string_view kEndOfInput = "\x04";

class ConsoleTerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("main.tf", "variable \"x\" {}\nresource \"aws_kms_key\" \"a\" {}\nlocals {\n  l = [1, 2]\n}\n");
  }

  /// What the program writes while the text is typed, with an end of input behind it.
  std::string typed(std::string_view text) {
    termios plain{};
    plain.c_lflag = ICANON;
    plain.c_cc[VEOF] = kEndOfInput[0];
    int terminal = -1;
    const std::string directory = project_.path("");
    const pid_t child = forkpty(&terminal, nullptr, &plain, nullptr);
    if (child == 0) {
      if (chdir(directory.c_str()) == 0) {
        execl(GABION_PROGRAM, "gabion", "console", nullptr);
      }
      _exit(127);
    }
    EXPECT_GT(child, 0);
    const std::string input = std::string(text) + std::string(kEndOfInput);
    EXPECT_EQ(write(terminal, input.data(), input.size()), static_cast<ssize_t>(input.size()));
    std::string output;
    std::array<char, 1024> buffer{};
    ssize_t size = 0;
    while ((size = read(terminal, buffer.data(), buffer.size())) > 0) {
      output.append(buffer.data(), static_cast<std::size_t>(size));
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    close(terminal);
    return output;
  }

 private:
  Project project_;
};

TEST_F(ConsoleTerminalTest, AnswersInWords) {
  EXPECT_EQ(typed("local.l\n"), "> [1, 2]\n> \n");
  EXPECT_EQ(typed("var.x\nexit\n"), "> unknown: var.x has no value\n> ");
  EXPECT_EQ(typed("aws_kms_key.a.arn\n\n"), "> unknown: aws_kms_key.a.arn, known after apply\n> > \n");
}

TEST_F(ConsoleTerminalTest, PointsAtMistakes) {
  EXPECT_EQ(typed("1 + nope(2)\n"), ">       ^\nerror: there is no function named \"nope\"\n> \n");
  EXPECT_EQ(typed("[\n  1,\n  nope(2),\n]\n"),
            "> . . . .   nope(2),\n    ^\nerror: there is no function named \"nope\"\n> \n");
}

TEST_F(ConsoleTerminalTest, TakesSeveralLines) {
  EXPECT_EQ(typed("{\n  a = 1\n}\n"), "> . . {a = 1}\n> \n");
  EXPECT_EQ(typed("<<EOT\ntext\nEOT\n"), "> . . \"text\\n\"\n> \n");
}

}  // namespace
}  // namespace gabion::e2e
