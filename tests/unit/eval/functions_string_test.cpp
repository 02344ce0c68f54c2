#include <gtest/gtest.h>

#include "unit/eval/functions_table.h"

namespace gabion::eval::testing {
namespace {

TEST(StringFunctions, CutAndTrim) {
  constexpr Row kRows[] = {
      {R"(chomp("a\r\n\n\r"))", R"("a")"},
      {R"(chomp("a\nb"))", R"("a\nb")"},
      {R"(trim("--a-b--", "-"))", R"("a-b")"},
      {R"(trim("äaä", "ä"))", R"("a")"},
      {R"(trimprefix("aab", "a"))", R"("ab")"},
      {R"(trimsuffix("baa", "a"))", R"("ba")"},
      {"trimspace(\"\\u00a0 a\\n\\u3000\")", R"("a")"},
      {R"(substr("hello", 1, 3))", R"("ell")"},
      {R"(substr("hello", -3, 2))", R"("ll")"},
      {R"(substr("hello", 2, -1))", R"("llo")"},
      {R"(substr("hello", 9, 1))", R"("")"},
      {R"(substr("hello", 0, 0))", R"("")"},
      {R"(substr("👨‍👩‍👧 ok", 0, 1))", R"("👨‍👩‍👧")"},
      {R"(substr("a", 0.5, 1))", "error: whole number"},
      {R"(strrev("e\u0301a🇩🇪"))", R"("🇩🇪aé")"},
      {R"(split(",", "a,,b"))", R"(["a","","b"])"},
      {R"(split("", "aé"))", R"(["a","é"])"},
      {R"(split(",", ""))", R"([""])"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, Case) {
  constexpr Row kRows[] = {
      {R"(upper("straße é ı"))", R"("STRAßE É I")"},
      {R"(lower("ÀÉ İ"))", R"("àé i")"},
      {R"(upper("@az`{-_:09AZ[]"))", R"("@AZ`{-_:09AZ[]")"},
      {R"(lower("@az`{-_:09AZ[]"))", R"("@az`{-_:09az[]")"},
      {R"(lower(""))", R"("")"},
      {R"(title("hello wORLD foo_bar a-b 3d ǆ"))", R"("Hello WORLD Foo_bar A-B 3d ǅ")"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, Search) {
  constexpr Row kRows[] = {
      {R"(startswith("abc", "ab"))", "true"}, {R"(startswith("a", "ab"))", "false"},
      {R"(endswith("abc", "bc"))", "true"},   {R"(endswith("c", "bc"))", "false"},
      {R"(strcontains("abc", ""))", "true"},  {R"(strcontains("abc", "d"))", "false"},
      {R"(startswith(null, "a"))", "error"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, JoinAndIndent) {
  constexpr Row kRows[] = {
      {R"(join(", ", ["a", 1, true]))", R"("a, 1, true")"},
      {R"(join("-", ["a"], [], ["b", "c"]))", R"("a-b-c")"},
      {R"(join("-", []))", R"("")"},
      {R"(join("-"))", "error: at least one list"},
      {R"(join("-", ["a", null]))", "error: element 1 is null"},
      {R"(indent(2, "a\nb\n\nc"))", R"("a\n  b\n  \n  c")"},
      {R"(indent(-1, "a\nb"))", "error"},
      {R"(indent(1000000000, "a\n\n\n\n\n"))", R"({"$unknown":"string"})"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, Replace) {
  constexpr Row kRows[] = {
      {R"(replace("1 + 2", "+", "-"))", R"("1 - 2")"},
      {R"(replace("ab", "", "."))", R"(".a.b.")"},
      {R"(replace("hello", "/(l+)/", "[$1]"))", R"("he[ll]o")"},
      {R"(replace("hello", "/(?P<x>l)/", "$${x}$$"))", R"("hel$l$o")"},
      {R"(replace("abc", "/b/", "$2"))", R"("ac")"},
      {R"(replace("abc", "/x*/", "-"))", R"("-a-b-c-")"},
      {R"(replace("abc", "/b/", "$ $"))", R"("a$ $c")"},
      {R"(replace("abc", "/(/", ""))", "error: invalid regexp"},
      {R"(replace("a/b", "/", "-"))", R"("a-b")"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, Regex) {
  constexpr Row kRows[] = {
      {R"(regex("[a-z]+", "53453453.345345aaabbbccc23454"))", R"("aaabbbccc")"},
      {R"(regex("(\\d)(x)?", "a1"))", R"(["1",null])"},
      {R"~(regex("(?P<a>\\d)(?<b>y)", "1y"))~", R"({"a":"1","b":"y"})"},
      {R"(regex("^$", ""))", R"("")"},
      {R"(regex("a", "b"))", "error: did not match"},
      {R"~(regex("(a)(?P<n>b)", "ab"))~", "error: mixed"},
      {R"(regex("[", "b"))", "error: invalid regexp"},
      {R"(regex("[(?<]+", "(?<"))", R"("(?<")"},
      {R"(regex("\\Q(?<x>\\E", "(?<x>"))", R"("(?<x>")"},
      {R"(regex("\\C", "a"))", "error"},
      {R"(regexall("a*", "baaac"))", R"(["","aaa",""])"},
      {R"~(regexall("(\\w)=(\\d)", "a=1,b=2"))~", R"([["a","1"],["b","2"]])"},
      {R"(regexall("x", "b"))", "[]"},
      {R"(regexall("é", "éé"))", R"(["é","é"])"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, FormatNumbers) {
  constexpr Row kRows[] = {
      {R"(format("%d %05d %-5d| %+d % d", 7, 7, 7, 7, 7))", R"("7 00007 7    | +7  7")"},
      {R"(format("%x %X %#x %o %b", 255, 255, 255, 8, 5))", R"("ff FF 0xff 10 101")"},
      {R"(format("%.3d|%6.3d", 7, 7))", R"("007|   007")"},
      {R"(format("%d", 1.5))", "error: an integer is required"},
      {R"(format("%d", "12"))", R"("12")"},
      {R"(format("%d", pow(2, 64)))", R"("18446744073709551616")"},
      {R"(format("%f %.2f %8.3f|", 1.5, 0.125, 3.14159))", R"("1.500000 0.12    3.142|")"},
      {R"(format("%.1f %.1f %.0f %.0f", 0.15, 2.55, 0.5, 1.5))", R"("0.2 2.5 0 2")"},
      {R"(format("%e %E %.0e", 123456, 0.00012, 15))", R"("1.234560e+05 1.200000E-04 2e+01")"},
      {R"(format("%g %g %g %.3g %G", 1e100, 0.0001, 100000, 1234567, 1e-10))",
       R"("1e+100 0.0001 100000 1.23e+06 1E-10")"},
      {R"(format("%-07g|%07.2f|%+g", -481, -3, 2))", R"("-000481|-003.00|+2")"},
      {R"(format("%v %v %v", 1000000, 123456, 0.1))", R"("1e+06 123456 0.1")"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, FormatTextAndErrors) {
  constexpr Row kRows[] = {
      {R"(format("%s %v %q", "a", "b", "c\"<"))", R"("a b \"c\\\"\\u003c\"")"},
      {R"(format("%5s|%-5s|%05s|%.2s|%.0s", "é", "é", "é", "éab", "abc"))", R"("    é|é    |0000é|éa|abc")"},
      {R"(format("%t %t", true, "false"))", R"("true false")"},
      {R"(format("%v %#v", [1, "a"], "x"))", R"("[1,\"a\"] \"x\"")"},
      {R"(format("%v", null))", R"("null")"},
      {R"(format("%[2]s %[1]s %s", "a", "b"))", R"("b a b")"},
      {R"(format("100%%"))", R"("100%")"},
      {R"(format("%s"))", "error: not enough arguments"},
      {R"(format("a", 1))", "error: no verbs"},
      {R"(format("%s", "a", "b"))", "error: only 1 used"},
      {R"(format("%s", null))", "error: null value"},
      {R"(format("%s", [1]))", "error"},
      {R"(format("%z", 1))", "error: unsupported format verb"},
      {R"(format("%", 1))", "error"},
      {R"(format("%[0]s", 1))", "error"},
      {R"(format("%999999999999d", 1))", "error"},
      {R"(formatlist("%s-%s", ["a", "b"], "x"))", R"(["a-x","b-x"])"},
      {R"(formatlist("%s", "x"))", R"(["x"])"},
      {R"(formatlist("%s", []))", "[]"},
      {R"(formatlist("%s-%s", ["a"], ["b", "c"]))", "error: inconsistent"},
  };
  expect_rows(kRows);
}

TEST(StringFunctions, UnknownPiecesStayVisible) {
  Workbench bench;
  bench.bind_unknown("arn", "string", true);
  bench.bind_unknown("list", "list(string)");
  constexpr Row kRows[] = {
      {R"(startswith(format("arn:%s", arn), "arn:"))", "true"},
      {R"(startswith(format("arn:%s", arn), "x"))", "false"},
      {R"(startswith(arn, "x"))", R"({"$unknown":"bool"})"},
      {R"(endswith(format("%s/*", arn), "/*"))", "true"},
      {R"(endswith(join("", [arn, "/*"]), "/x"))", "false"},
      {R"(strcontains("a${arn}bc", "bc"))", "true"},
      {R"(strcontains("a${arn}bc", "x"))", R"({"$unknown":"bool"})"},
      {R"(lower(arn))", R"({"$unknown":"string"})"},
      {R"(join(",", list))", R"({"$unknown":"string"})"},
      {R"(format("%s/*", arn) == "${arn}/*")", "true"},
      {R"(join("", [arn, "/*"]) == "${arn}/*")", "true"},
      {R"(format("%s", arn) == arn)", "true"},
      {R"(formatlist("%s/*", [arn, "b"])[1])", R"("b/*")"},
      {R"(endswith(formatlist("%s/*", [arn, "b"])[0], "/*"))", "true"},
      {R"(startswith(format("%s %v", "a", [arn]), "a ["))", "true"},
      {R"(lower(arn) == lower(arn))", "true"},
  };
  expect_rows(bench, kRows);
}

}  // namespace
}  // namespace gabion::eval::testing
