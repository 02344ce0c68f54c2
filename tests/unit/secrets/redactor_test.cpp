#include "secrets/redactor.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::secrets {
namespace {

class RedactorTest : public ::testing::Test {
 protected:
  std::string shown(std::string_view text) { return source::shown(text, &redactor_); }

  Redactor redactor_;
};

TEST_F(RedactorTest, HidesWhatWasAdded) {
  redactor_.add("correct-horse-8attery");
  EXPECT_EQ(shown("x = \"correct-horse-8attery\" given here"), "x = \"(sensitive value)\" given here");
  EXPECT_EQ(shown("precorrect-horse-8atterypost"), "pre(sensitive value)post");
  EXPECT_EQ(shown("nothing of the kind"), "nothing of the kind");
  std::string text = "correct-horse-8attery";
  EXPECT_TRUE(redactor_.apply(text));
  EXPECT_FALSE(redactor_.apply(text));
}

TEST_F(RedactorTest, HidesAtEachPlace) {
  redactor_.add("correct-horse-8attery");
  redactor_.add("Ab1!x");
  for (std::size_t before = 0; before < 8; ++before) {
    for (std::size_t behind = 0; behind < 8; ++behind) {
      const std::string left = std::string(before, '.');
      const std::string right = std::string(behind, '.');
      EXPECT_EQ(shown(left + "correct-horse-8attery" + right), left + "(sensitive value)" + right);
      EXPECT_EQ(shown(left + "Ab1!x" + right), left + "(sensitive value)" + right);
      EXPECT_EQ(shown(left + "Ab1!xcorrect-horse-8attery" + right).find("horse"), std::string::npos);
    }
  }
}

TEST_F(RedactorTest, HidesWhatIsCutOff) {
  redactor_.add("correct-horse-8attery");
  EXPECT_EQ(shown("written here: correct-hor ..."), "written here: (sensitive value) ...");
  EXPECT_EQ(shown("corr..."), "(sensitive value)...");
  EXPECT_EQ(shown("correct"), "(sensitive value)");
  EXPECT_EQ(shown("correct answers"), "correct answers");
  EXPECT_EQ(shown("what is said is correct"), "what is said is correct");
  EXPECT_EQ(shown("password = \"correct"), "password = \"(sensitive value)");
}

TEST_F(RedactorTest, HidesShortWordsWhereTheyAreValues) {
  redactor_.add("changeme");
  redactor_.add("Ab1!x");
  EXPECT_EQ(shown("password = \"changeme\""), "password = \"(sensitive value)\"");
  EXPECT_EQ(shown("do not changeme"), "do not changeme");
  EXPECT_EQ(shown("is Ab1!x ok"), "is (sensitive value) ok");
  EXPECT_EQ(shown("isAb1!xok"), "isAb1!xok");
  redactor_.add("abc");
  EXPECT_EQ(shown("\"abc\""), "\"abc\"");
}

TEST_F(RedactorTest, HidesLinesAndEscapes) {
  redactor_.add("-----BEGIN X-----\nfirstlineofthekey0\n  secondlineofthekey\n-----END X-----\n");
  EXPECT_EQ(shown("  firstlineofthekey0"), "  (sensitive value)");
  EXPECT_EQ(shown("secondlineofthekey"), "(sensitive value)");
  EXPECT_EQ(shown("-----BEGIN X-----"), "-----BEGIN X-----");
  redactor_.add("quo\"ted\\value");
  EXPECT_EQ(shown("\"quo\\\"ted\\\\value\""), "\"(sensitive value)\"");
}

TEST_F(RedactorTest, HidesTokensThatNobodyAdded) {
  const std::string token = std::string("gh") + "p_q8ZtR2vLxK5nB7wYcD3fGh6jKl9mN1pQrS4t";
  EXPECT_EQ(shown("is " + token + "!"), "is (sensitive value)!");
  EXPECT_EQ(shown("password = \"hunter22\" # x"), "password = \"(sensitive value)\" # x");
}

TEST_F(RedactorTest, TakesManyValuesThatBeginAlike) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    redactor_.add("secret-value-" + std::to_string(i));
    text += "secret-value ";
  }
  EXPECT_EQ(shown("secret-value-19999 secret-value-0"), "(sensitive value) (sensitive value)");
  static_cast<void>(redactor_.hidden(text));
}

}  // namespace
}  // namespace gabion::secrets
