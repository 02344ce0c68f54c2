#include <gtest/gtest.h>

#include "unit/eval/functions_table.h"

namespace gabion::eval::testing {
namespace {

TEST(NumberFunctions, Values) {
  constexpr Row kRows[] = {
      {"abs(-1.5)", "1.5"},
      {"ceil(1.2)", "2"},
      {"ceil(-0.5)", "0"},
      {"floor(-1.2)", "-2"},
      {"log(16, 2)", "4"},
      {"log(0, 10)", "-1e99999"},
      {"log(-1, 10)", "error: not a number"},
      {"log(1.5, 77745.732)", "0.036005500876179965"},
      {"max(1, 3, 2)", "3"},
      {"min(1, 3, -2)", "-2"},
      {"max()", "error"},
      {R"(parseint("ff", 16))", "255"},
      {R"(parseint("zZ", 62))", "2231"},
      {R"(parseint("-10", 2))", "-2"},
      {R"(parseint("12", 2))", "error: cannot parse"},
      {R"(parseint("1", 1))", "error: between 2 and 62"},
      {R"(parseint(12, 10))", "error: must be a string"},
      {"pow(2, 10)", "1024"},
      {"pow(2, -1)", "0.5"},
      {"pow(62106.25, 5)", "924009711643749400000000"},
      {"pow(-8, 0.5)", "error"},
      {"signum(-3)", "-1"},
      {"signum(1.5)", "error"},
  };
  expect_rows(kRows);
}

TEST(TimeFunctions, Values) {
  constexpr Row kRows[] = {
      {R"(formatdate("YYYY-MM-DD'T'hh:mm:ssZ", "2024-02-29T23:59:59+05:30"))", R"("2024-02-29T23:59:59+05:30")"},
      {R"(formatdate("EEE EEEE MMM MMMM YY M D h H HH aa AA ZZZ ZZZZ ZZZZZ", "2024-03-01T00:05:09Z"))",
       R"("Fri Friday Mar March 24 3 1 0 12 12 am AM UTC +0000 +00:00")"},
      {R"(formatdate("'it''s' ''", "2024-03-01T00:05:09Z"))", R"("it's '")"},
      {R"(formatdate("'open", "2024-03-01T00:05:09Z"))", "error: unterminated"},
      {R"(formatdate("YYY", "2024-03-01T00:05:09Z"))", "error"},
      {R"(formatdate("YYYY", "2024-02-30T00:00:00Z"))", "error"},
      {R"(timeadd("2024-02-28T23:00:00Z", "1h30m"))", R"("2024-02-29T00:30:00Z")"},
      {R"(timeadd("2024-01-01T00:00:00+02:00", "-1.5h"))", R"("2023-12-31T22:30:00+02:00")"},
      {R"(timeadd("9999-12-31T23:59:59Z", "1s"))", R"("10000-01-01T00:00:00Z")"},
      {R"(timeadd("2024-01-01T00:00:00Z", "1d"))", "error"},
      {R"(timeadd("2024-01-01T00:00:00Z", "99999999999h"))", "error"},
      {R"(timecmp("2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00Z"))", "0"},
      {R"(timecmp("2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z"))", "-1"},
      {R"(timecmp("2024-01-01", "2024-01-01T00:00:00Z"))", "error"},
      {R"(timestamp())", R"({"$unknown":"string"})"},
      {R"(plantimestamp())", R"({"$unknown":"string"})"},
  };
  expect_rows(kRows);
}

TEST(NetworkFunctions, Values) {
  constexpr Row kRows[] = {
      {R"(cidrhost("10.12.112.0/20", 16))", R"("10.12.112.16")"},
      {R"(cidrhost("10.0.0.0/8", -1))", R"("10.255.255.255")"},
      {R"(cidrhost("fd00:fd12:3456:7890:00a2::/72", 34))", R"("fd00:fd12:3456:7890::22")"},
      {R"(cidrhost("fd00::/8", 18446744073709551615))", R"("fd00::ffff:ffff:ffff:ffff")"},
      {R"(cidrhost("010.001.0.0/16", 1))", R"("10.1.0.1")"},
      {R"(cidrhost("10.0.0.0/31", 2))", "error: does not accommodate"},
      {R"(cidrhost("10.0.0.0/33", 1))", "error: invalid CIDR"},
      {R"(cidrhost("10.0.0.0", 1))", "error: invalid CIDR"},
      {R"(cidrnetmask("172.16.0.0/12"))", R"("255.240.0.0")"},
      {R"(cidrnetmask("fd00::/8"))", "error: IPv6"},
      {R"(cidrsubnet("172.16.0.0/12", 4, 2))", R"("172.18.0.0/16")"},
      {R"(cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162))", R"("fd00:fd12:3456:7800:a200::/72")"},
      {R"(cidrsubnet("10.0.0.0/8", 8, 256))", "error"},
      {R"(cidrsubnet("10.0.0.0/8", 25, 0))", "error"},
      {R"(cidrsubnet("1::2::3/64", 1, 0))", "error"},
      {R"(cidrsubnets("10.1.0.0/16", 4, 4, 8, 4))", R"(["10.1.0.0/20","10.1.16.0/20","10.1.32.0/24","10.1.48.0/20"])"},
      {R"(cidrsubnets("10.1.0.0/30", 1, 1, 1))", "error: not enough"},
      {R"(cidrsubnets("10.1.0.0/16", 0))", "error"},
      {R"(cidrsubnets("10.1.0.0/16"))", "[]"},
  };
  expect_rows(kRows);
}

TEST(ConversionFunctions, Values) {
  constexpr Row kRows[] = {
      {R"(tostring(1.50))", R"("1.5")"},
      {R"(tonumber("0x1"))", "error: decimal representation"},
      {R"(tobool("yes"))", "error: only the strings"},
      {R"(tobool("true"))", "true"},
      {R"(tolist(["a", 1]))", R"(["a","1"])"},
      {R"(toset(["b", "a", "b"]))", R"(["a","b"])"},
      {R"(tomap({a = 1, b = "x"}))", R"({"a":"1","b":"x"})"},
      {R"(tolist("a"))", "error"},
      {R"(tostring(null))", "null"},
      {R"(issensitive(sensitive("a")))", "true"},
      {R"(issensitive(nonsensitive(sensitive("a"))))", "false"},
      {R"(issensitive(["a", sensitive("b")]))", "false"},
      {R"(type({a = [1]}))", R"~("object({a=tuple([number])})")~"},
      {R"(ephemeralasnull({a = 1}))", R"({"a":1})"},
      {R"(core::upper("a"))", R"("A")"},
      {R"(nosuch("a"))", "error: no function"},
      {R"(upper())", "error"},
      {R"(upper("a", "b"))", "error"},
  };
  expect_rows(kRows);
}

TEST(ConversionFunctions, MarksTravel) {
  Workbench bench;
  EXPECT_TRUE(bench.evaluate(R"(upper(sensitive("a")))").is_sensitive());
  EXPECT_TRUE(bench.evaluate(R"(format("%s", sensitive("a")))").is_sensitive());
  EXPECT_TRUE(bench.evaluate(R"(lookup({a = sensitive("x")}, "a"))").is_sensitive());
  EXPECT_FALSE(bench.evaluate(R"(lookup({a = sensitive("x"), b = "y"}, "b"))").is_sensitive());
  EXPECT_FALSE(bench.evaluate(R"(concat([sensitive("x")], ["y"])[1])").is_sensitive());
  EXPECT_TRUE(bench.evaluate(R"(concat(sensitive(["x"]), ["y"]))").is_sensitive());
}

TEST(FilesystemFunctions, Paths) {
  constexpr Row kRows[] = {
      {R"(basename("/a/b/"))", R"("b")"},    {R"(basename(""))", R"(".")"},
      {R"(basename("//"))", R"("/")"},       {R"(dirname("/a//b/../c"))", R"("/a")"},
      {R"(dirname("a"))", R"(".")"},         {R"(dirname("../a"))", R"("..")"},
      {R"(abspath("/a/../b"))", R"("/b")"},  {R"(abspath("a"))", R"({"$unknown":"string"})"},
      {R"(pathexpand("a"))", R"("a")"},      {R"(pathexpand("~/a"))", R"({"$unknown":"string"})"},
      {R"(pathexpand("~user/a"))", "error"},
  };
  expect_rows(kRows);
}

TEST(FilesystemFunctions, Files) {
  Workbench bench;
  bench.files().add("policy.json", "{\"a\": 1}\n");
  bench.files().add("binary", "\xff\xfe");
  constexpr Row kRows[] = {
      {R"(file("policy.json"))", R"("{\"a\": 1}\n")"},
      {R"(jsondecode(file("policy.json")).a)", "1"},
      {R"(file("missing"))", "error: no file exists"},
      {R"(file("binary"))", "error: not valid UTF-8"},
      {R"(filebase64("binary"))", R"("//4=")"},
      {R"(filemd5("binary") == md5("x"))", "false"},
      {R"(filesha256("policy.json") == sha256(file("policy.json")))", "true"},
      {R"(filebase64sha512("policy.json") == base64sha512(file("policy.json")))", "true"},
      {R"(fileexists("policy.json"))", "true"},
      {R"(fileexists("missing"))", "false"},
      {R"(file("~/x"))", R"({"$unknown":"string"})"},
      {R"(try(file("missing"), "default"))", R"("default")"},
  };
  expect_rows(bench, kRows);
  const Value text = bench.evaluate(R"(file("policy.json"))");
  ASSERT_NE(text.detail(), nullptr);
  ASSERT_EQ(text.detail()->parts.size(), 1U);
  EXPECT_TRUE(text.detail()->parts[0].exact);
  EXPECT_EQ(bench.store().text(text.detail()->parts[0].region), text.text());
}

TEST(FilesystemFunctions, NothingIsReadWithoutAReader) {
  Workbench bench;
  bench.context().files = nullptr;
  constexpr Row kRows[] = {
      {R"(file("policy.json"))", R"({"$unknown":"string"})"},
      {R"(fileexists("policy.json"))", R"({"$unknown":"bool"})"},
      {R"(fileset(".", "*"))", R"~({"$unknown":"set(string)"})~"},
      {R"(filesha1("x"))", R"({"$unknown":"string"})"},
  };
  expect_rows(bench, kRows);
}

}  // namespace
}  // namespace gabion::eval::testing
