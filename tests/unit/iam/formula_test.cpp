#include "iam/formula.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::HasSubstr;

Request request() {
  Request out;
  out.principal = "arn:aws:iam::111122223333:user/bob";
  out.action = "s3:PutObject";
  out.resource = "arn:aws:s3:::data/bob/x";
  out.context.emplace("k:text", ContextValue(std::string("Home/x")));
  out.context.emplace("k:same", ContextValue(std::string("Home/x")));
  out.context.emplace("k:number", ContextValue(std::string("1.15")));
  out.context.emplace("k:date", ContextValue(std::string("2026-02-01T00:00:00Z")));
  out.context.emplace("k:ip", ContextValue(std::string("10.1.2.3")));
  out.context.emplace("k:list", ContextValue(std::vector<std::string>{"a", "b"}));
  out.context.emplace("aws:username", ContextValue(std::string("bob")));
  return out;
}

TEST(Formula, Holds) {
  for (const char* text : {
           R"({"true": 1})",
           R"({"all": []})",
           R"({"all": [{"action": "S3:put*"}, {"resource": "arn:aws:s3:::data/*"}]})",
           R"({"any": [{"action": "iam:*"}, {"present": "K:TEXT"}]})",
           R"({"not": {"absent": "k:text"}})",
           R"({"eq": ["k:text", "Home/x"]})",
           R"({"in": ["k:text", ["a", "Home/x"]]})",
           R"({"like": ["k:text", "Home/*"]})",
           R"({"keyeq": ["k:text", "k:same"]})",
           R"({"lt": ["k:number", 1.2]})",
           R"({"ge": ["k:number", "1.15"]})",
           R"({"before": ["k:date", "2026-03-01T00:00:00Z"]})",
           R"({"notbefore": ["k:date", "2026-02-01T00:00:00Z"]})",
           R"({"ip": ["k:ip", ["192.0.2.0/24", "10.0.0.0/8"]]})",
           R"({"has": ["k:list", ["b", "c"]]})",
           R"({"subset": ["k:list", ["a", "b", "c"]]})",
           R"({"subset": ["k:none", ["a"]]})",
           R"({"resourceIs": "arn:aws:s3:::data/${aws:username}/x"})",
           R"({"principal": {"type": ["user"], "account": "111122223333"}})",
           R"({"principal": {"is": "arn:aws:iam::111122223333:user/bob"}})",
       }) {
    EXPECT_TRUE(holds(testing::formula(text), request())) << text;
  }
}

TEST(Formula, DoesNotHold) {
  for (const char* text : {
           R"({"any": []})",
           R"({"eq": ["k:none", "x"]})",
           R"({"eq": ["k:list", "a"]})",
           R"({"like": ["k:text", "home/*"]})",
           R"({"keyeq": ["k:text", "k:none"]})",
           R"({"lt": ["k:number", 1.15]})",
           R"({"has": ["k:none", ["a"]]})",
           R"({"subset": ["k:list", ["a"]]})",
           R"({"principal": {"type": "role"}})",
           R"({"principal": {"account": "444455556666"}})",
       }) {
    EXPECT_FALSE(holds(testing::formula(text), request())) << text;
  }
}

TEST(Formula, MistakesAreNamed) {
  const auto error = [](std::string_view text) { return read_formula(text).error; };
  EXPECT_THAT(error(R"({"equals": ["a", "b"]})"), HasSubstr("\"equals\" is no operator"));
  EXPECT_THAT(error(R"({"eq": "a"})"), HasSubstr("needs a key and a value"));
  EXPECT_THAT(error(R"({"lt": ["k", "many"]})"), HasSubstr("is no number"));
  EXPECT_THAT(error(R"({"ip": ["k", "10.0.0.0/99"]})"), HasSubstr("CIDR"));
  EXPECT_THAT(error(R"({"principal": {"type": "robot"}})"), HasSubstr("no type of principal"));
  EXPECT_THAT(error(R"({"action": "a", "resource": "b"})"), HasSubstr("one operator"));
  EXPECT_THAT(error("{"), HasSubstr("no JSON"));
}

}  // namespace
}  // namespace gabion::iam
