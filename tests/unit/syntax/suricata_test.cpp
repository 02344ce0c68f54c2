#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "syntax/suricata/parser.h"

namespace gabion::syntax::suricata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SuricataTest : public ::testing::Test {
 protected:
  RuleFile read(std::string text) {
    texts_.push_back(std::make_unique<std::string>(std::move(text)));
    return parse(*texts_.back(), arena_);
  }
  /// The only rule of the text, which has no problem.
  Rule rule(std::string text) {
    const RuleFile file = read(std::move(text));
    EXPECT_THAT(file.rules, SizeIs(1));
    for (const Problem& problem : file.problems) {
      ADD_FAILURE() << problem.place.line << ":" << problem.place.column << ": " << problem.message;
    }
    return file.rules.empty() ? Rule() : file.rules.front();
  }
  /// "line:column message" of each problem.
  std::vector<std::string> problems(std::string text) {
    std::vector<std::string> result;
    for (const Problem& problem : read(std::move(text)).problems) {
      result.push_back(std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column) + " " +
                       std::string(problem.message));
    }
    return result;
  }

  source::Arena arena_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

TEST_F(SuricataTest, HeaderAndOptions) {
  const Rule one = rule(
      R"(pass tls $HOME_NET any -> [10.0.0.0/8, !10.1.0.0/16] [443,8443:] (tls.sni; content:"example.com"; startswith; endswith; msg:"the \"example\""; flow:to_server, established; sid:7; rev:1;))");
  EXPECT_EQ(one.action, "pass");
  EXPECT_EQ(one.protocol, "tls");
  EXPECT_EQ(one.source, "$HOME_NET");
  EXPECT_EQ(one.source_port, "any");
  EXPECT_EQ(one.direction, Direction::kForward);
  EXPECT_EQ(one.destination, "[10.0.0.0/8, !10.1.0.0/16]");
  EXPECT_EQ(one.destination_port, "[443,8443:]");
  EXPECT_EQ(one.signature, 7U);
  EXPECT_EQ(one.flow, "to_server, established");
  EXPECT_EQ(one.message, R"(the \"example\")");
  ASSERT_THAT(one.matches, SizeIs(1));
  EXPECT_EQ(one.matches[0].buffer, "tls.sni");
  EXPECT_EQ(one.matches[0].content, "example.com");
  EXPECT_TRUE(one.matches[0].starts_with);
  EXPECT_TRUE(one.matches[0].ends_with);
  EXPECT_FALSE(one.matches[0].nocase);
}

TEST_F(SuricataTest, CommentsBlankLinesAndLineEnds) {
  const RuleFile file = read(
      "# pass ip any any -> any any (sid:1;)\r\n\r\n  alert ip any any <> any any (sid:2;)\r\n"
      "\t# another\ndrop tcp any any -> any any (sid:3;)");
  EXPECT_THAT(file.problems, IsEmpty());
  ASSERT_THAT(file.rules, SizeIs(2));
  EXPECT_EQ(file.rules[0].direction, Direction::kBoth);
  EXPECT_EQ(file.rules[0].place.line, 3U);
  EXPECT_EQ(file.rules[0].place.column, 3U);
  EXPECT_EQ(file.rules[1].place.line, 5U);
}

TEST_F(SuricataTest, ContinuedLines) {
  const Rule one =
      rule("drop tls any any -> any any ( \\\n  tls.sni; content:\"a.example\"; \\\r\n  endswith; sid:5; \\\n)\n");
  EXPECT_EQ(one.signature, 5U);
  ASSERT_THAT(one.matches, SizeIs(1));
  EXPECT_TRUE(one.matches[0].ends_with);
}

TEST_F(SuricataTest, BuffersAndWhatTheyApplyTo) {
  const Rule one = rule(
      R"(alert http any any -> any any (content:"x"; http_host; nocase; http.uri; content:!"y"; pcre:"/^a\/b$/i"; tls.sni; dotprefix; content:".example.com"; bsize:12; sid:1;))");
  ASSERT_THAT(one.matches, SizeIs(4));
  EXPECT_EQ(one.matches[0].buffer, "http.host");
  EXPECT_TRUE(one.matches[0].nocase);
  EXPECT_EQ(one.matches[1].buffer, "http.uri");
  EXPECT_TRUE(one.matches[1].negated);
  EXPECT_TRUE(one.matches[2].is_pattern);
  EXPECT_EQ(one.matches[2].content, R"(^a\/b$)");
  EXPECT_EQ(one.matches[2].flags, "i");
  EXPECT_EQ(one.matches[3].buffer, "tls.sni");
  EXPECT_TRUE(one.matches[3].dot_prefix);
  EXPECT_EQ(one.matches[3].buffer_size, 12U);
  EXPECT_FALSE(one.matches[1].buffer_size.has_value());
}

TEST_F(SuricataTest, EscapesAndBytesOfContents) {
  EXPECT_EQ(rule(R"(alert tcp any any -> any any (content:"a\;b\:\"\\|41 42|c|0d0A|"; sid:1;))").matches[0].content,
            "a;b:\"\\ABc\r\n");
  EXPECT_THAT(problems(R"(alert tcp any any -> any any (content:"|4"; sid:1;))"), ElementsAre(HasSubstr("not closed")));
  EXPECT_THAT(problems(R"(alert tcp any any -> any any (content:"|4 |"; sid:1;))"),
              ElementsAre(HasSubstr("two digits")));
  EXPECT_THAT(problems(R"(alert tcp any any -> any any (content:"|zz|"; sid:1;))"),
              ElementsAre(HasSubstr("hexadecimal bytes")));
  EXPECT_THAT(problems(R"(alert tcp any any -> any any (content:"a\b"; sid:1;))"),
              ElementsAre(HasSubstr("a backslash stands before")));
}

TEST_F(SuricataTest, ADepthOfTheContentsLengthIsAStart) {
  EXPECT_TRUE(rule(R"(alert tcp any any -> any any (content:"abc"; depth:3; sid:1;))").matches[0].starts_with);
  EXPECT_FALSE(rule(R"(alert tcp any any -> any any (content:"abc"; depth:4; sid:1;))").matches[0].starts_with);
  EXPECT_FALSE(
      rule(R"(alert tcp any any -> any any (content:"abc"; offset:2; depth:3; sid:1;))").matches[0].starts_with);
}

TEST_F(SuricataTest, ProblemsSayWhere) {
  EXPECT_THAT(problems("allow tcp any any -> any any (sid:1;)"), ElementsAre(HasSubstr("1:1 unknown action")));
  EXPECT_THAT(problems("rejectboth tcp any any -> any any (sid:1;)"), ElementsAre(HasSubstr("1:1 Network Firewall")));
  EXPECT_THAT(problems("drop tpc any any -> any any (sid:1;)"), ElementsAre("1:6 unknown protocol"));
  EXPECT_THAT(problems("drop tcp any any > any any (sid:1;)"), ElementsAre("1:18 the direction is -> or <>"));
  EXPECT_THAT(problems("\ndrop tcp 10.0.0.0/33 any -> any any (sid:1;)"),
              ElementsAre(HasSubstr("2:10 neither an address")));
  EXPECT_THAT(problems("drop tcp any 70000 -> any 2:1 (sid:1;)"),
              ElementsAre(HasSubstr("1:14 neither a port"), HasSubstr("1:27 neither a port")));
  EXPECT_THAT(problems("drop tcp [10.0.0.1,[::1,2001:db8::/32] any -> any any (sid:1;)"), SizeIs(1));
  EXPECT_THAT(problems("drop tcp any any -> any"), ElementsAre(HasSubstr("a rule is: action")));
  EXPECT_THAT(problems("drop tcp any any -> any any"), ElementsAre(HasSubstr("in parentheses")));
  EXPECT_THAT(problems("drop tcp 10.0.0.1,!$DMZ any -> any 80,443,[8000:8080,!8010] (sid:1;)"), IsEmpty())
      << "a list needs no brackets";
  EXPECT_THAT(problems("drop tcp any any -> any 80,443x (sid:1;)"), ElementsAre(HasSubstr("1:25 neither a port")));
  EXPECT_THAT(problems("drop tcp any any -> any 80,,443 (sid:1;)"), ElementsAre(HasSubstr("a value is missing")));
  EXPECT_THAT(problems("drop tcp any any -> any any (sid:1;"), ElementsAre(HasSubstr("closing parenthesis")));
  EXPECT_THAT(problems("drop tcp any any -> any any (sid:1)"), ElementsAre(HasSubstr("ends with a semicolon")));
  EXPECT_THAT(problems("drop tcp any any -> any any (msg:\"x\";)"), ElementsAre("1:1 a rule needs a sid"));
  EXPECT_THAT(problems("drop tcp any any -> any any (sid:x;)"), ElementsAre(HasSubstr("1:30 a sid is a number")));
  EXPECT_THAT(problems("drop tcp any any -> any any (nocase; sid:1;)"), ElementsAre(HasSubstr("nocase follows")));
  EXPECT_THAT(problems("drop tcp any any -> any any (content:x; sid:1;)"), ElementsAre(HasSubstr("double quotes")));
  EXPECT_THAT(problems("drop tcp any any -> any any (content:\"\"; sid:1;)"),
              ElementsAre(HasSubstr("between the quotes")));
  EXPECT_THAT(problems("drop tcp any any -> any any (pcre:\"abc\"; sid:1;)"),
              ElementsAre(HasSubstr("between slashes")));
}

TEST_F(SuricataTest, ProblemsOfOptions) {
  const auto of = [&](const std::string& options) { return problems("drop tls any any -> any any (" + options + ")"); };
  EXPECT_THAT(of("content:\"a\"; dotprefix; sid:1;"), ElementsAre(HasSubstr("1:43 dotprefix follows a buffer")));
  EXPECT_THAT(of("tls.sni; content:\"a\"; startswith; depth:1; sid:1;"),
              ElementsAre(HasSubstr("1:64 startswith does not go with")));
  EXPECT_THAT(of("tls.sni; pcre:\"/a/k\"; sid:1;"), ElementsAre(HasSubstr("letters that modify")));
  EXPECT_THAT(of("tls.sni; bsize:many; sid:1;"), ElementsAre(HasSubstr("a size is a number")));
  EXPECT_THAT(of("tls.sni; bsize:10<>20; content:\"a\"; sid:1;"), IsEmpty());
  EXPECT_THAT(of("iprep:any,x,>,1; sid:1;"), ElementsAre(HasSubstr("does not take iprep")));
  EXPECT_THAT(of("geoip:dst,CN,US; sid:1;"), IsEmpty());
  EXPECT_THAT(of("rev:one; sid:1;"), ElementsAre(HasSubstr("rev takes a number")));
  EXPECT_THAT(of("msg:text; sid:1;"), ElementsAre(HasSubstr("double quotes")));
  EXPECT_THAT(of("flow; sid:1;"), ElementsAre(HasSubstr("flow takes a value")));
  EXPECT_THAT(problems("drop tls !any any -> $ any (sid:1;)"),
              ElementsAre(HasSubstr("1:10 nothing is left"), HasSubstr("1:22 a variable has a name")));
}

TEST_F(SuricataTest, WhereAContentStands) {
  const auto starts = [&](const std::string& options) {
    return rule("drop tls any any -> any any (tls.sni; content:\"abc\"; " + options + " sid:1;)")
        .matches[0]
        .starts_with;
  };
  EXPECT_TRUE(starts("depth:3;"));
  EXPECT_TRUE(starts("depth:3; offset:0;"));
  EXPECT_FALSE(starts("depth:4;"));
  EXPECT_FALSE(starts("offset:1; depth:3;"));
  EXPECT_FALSE(starts("depth:3; offset:1;"));
  EXPECT_FALSE(starts("offset:1; pcre:\"/x/\"; depth:3;"));
}

TEST_F(SuricataTest, SidsAreUnique) {
  EXPECT_THAT(problems("drop tcp any any -> any any (sid:1;)\ndrop udp any any -> any any (sid:1;)\n"),
              ElementsAre("2:30 the sid 1 is that of the rule in line 1 already"));
}

TEST_F(SuricataTest, HolesStandForUnknownText) {
  const std::string hole(1, kHole);
  const Rule one = rule("pass tls " + hole + " any -> any " + hole + " (tls.sni; content:\"" + hole +
                        ".example.com\"; endswith; sid:" + hole + ";)");
  EXPECT_EQ(one.source, hole);
  EXPECT_EQ(one.matches[0].content, hole + ".example.com");
  EXPECT_FALSE(one.signature.has_value());
  const RuleFile file = read(hole + "\ndrop tcp any any -> any any (" + hole + ")\n");
  EXPECT_TRUE(file.open);
  EXPECT_THAT(file.rules, SizeIs(1));
}

TEST_F(SuricataTest, HostileTexts) {
  for (const std::string& piece : {std::string("["), std::string("("), std::string("\\\n"), std::string("\""),
                                   std::string("drop tcp [[[[[[[[[["), std::string("|"), std::string(1, '\0')}) {
    std::string text;
    while (text.size() < 100'000) {
      text += piece;
    }
    read(text);
    read("drop tcp any any -> any any (content:\"" + text + "\"; sid:1;)");
    read("drop tcp " + text + " any -> any any (sid:1;)");
  }
  std::string many;
  for (int i = 0; i < 20'000; ++i) {
    many += "x\n";
  }
  EXPECT_THAT(read(many).problems, SizeIs(kMaxProblems));
}

}  // namespace
}  // namespace gabion::syntax::suricata
