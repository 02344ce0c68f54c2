// Makes calls of the built-in functions up, with arguments that are mostly fit for them and sometimes on the edge of
// it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace gabion::eval {

/// A function and the kinds of its arguments, one letter each (see Generator::argument). A trailing '*' repeats the
/// last.
struct Shape {
  std::string_view name;
  std::string_view arguments;
};

// What depends on the machine (abspath, pathexpand, files), on the moment or on the compressor is left out, and so is
// element() with negative indexes, which released versions of Terraform refuse.
inline constexpr Shape kShapes[] = {
    {"abs", "n"},
    {"alltrue", "b"},
    {"anytrue", "b"},
    {"base64decode", "e"},
    {"base64encode", "s"},
    {"base64sha256", "s"},
    {"base64sha512", "s"},
    {"basename", "p"},
    {"ceil", "n"},
    {"chomp", "s"},
    {"chunklist", "li"},
    {"cidrhost", "cn"},
    {"cidrnetmask", "c"},
    {"cidrsubnet", "cii"},
    {"cidrsubnets", "ci*"},
    {"coalesce", "a*"},
    {"coalescelist", "t*"},
    {"compact", "l"},
    {"concat", "t*"},
    {"contains", "tw"},
    {"csvdecode", "v"},
    {"dirname", "p"},
    {"distinct", "t"},
    {"element", "ti"},
    {"endswith", "ss"},
    {"flatten", "t"},
    {"floor", "n"},
    {"format", "fa*"},
    {"formatdate", "Ed"},
    {"formatlist", "fx*"},
    {"indent", "is"},
    {"index", "ta"},
    {"join", "sl*"},
    {"jsondecode", "j"},
    {"jsonencode", "a"},
    {"keys", "m"},
    {"length", "a"},
    {"log", "nn"},
    {"lookup", "msa"},
    {"lower", "s"},
    {"matchkeys", "lll"},
    {"max", "n*"},
    {"md5", "s"},
    {"merge", "m*"},
    {"min", "n*"},
    {"one", "t"},
    {"parseint", "si"},
    {"range", "iii"},
    {"range", "n"},
    {"regex", "rs"},
    {"regexall", "rs"},
    {"replace", "sss"},
    {"replace", "sRs"},
    {"reverse", "t"},
    {"setintersection", "t*"},
    {"setproduct", "tt"},
    {"setsubtract", "tt"},
    {"setunion", "t*"},
    {"sha1", "s"},
    {"sha256", "s"},
    {"sha512", "s"},
    {"signum", "n"},
    {"slice", "tii"},
    {"sort", "l"},
    {"split", "ss"},
    {"startswith", "ss"},
    {"strcontains", "ss"},
    {"strrev", "s"},
    {"substr", "sII"},
    {"sum", "N"},
    {"textdecodebase64", "eo"},
    {"textencodebase64", "so"},
    {"timeadd", "du"},
    {"timecmp", "dd"},
    {"title", "s"},
    {"tobool", "a"},
    {"tolist", "a"},
    {"tomap", "a"},
    {"tonumber", "a"},
    {"toset", "a"},
    {"tostring", "a"},
    {"transpose", "q"},
    {"trim", "ss"},
    {"trimprefix", "ss"},
    {"trimspace", "s"},
    {"trimsuffix", "ss"},
    {"upper", "s"},
    {"urlencode", "s"},
    {"uuidv5", "Us"},
    {"values", "m"},
    {"yamldecode", "y"},
    {"yamlencode", "a"},
    {"zipmap", "lt"},
    {"pow", "ni"},
    {"nonsensitive", "a"},
    {"issensitive", "a"},
    {"jsondecode", "J"},
    {"yamldecode", "Y"},
    {"regex", "rs"},
    {"format", "fa*"},
    {"format", "gn"},
    {"cidrhost", "ci"},
    {"substr", "sII"},
};

/// Makes expressions up. The same seed makes the same ones on every machine.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::string call(const Shape& shape, int depth) {
    std::string out(shape.name);
    out += '(';
    std::string_view kinds = shape.arguments;
    bool first = true;
    while (!kinds.empty()) {
      const bool repeated = kinds.size() > 1 && kinds[1] == '*';
      const std::size_t times = repeated ? 1 + pick(3) : 1;
      for (std::size_t i = 0; i < times; ++i) {
        out += first ? "" : ", ";
        first = false;
        out += argument(kinds[0], depth);
      }
      kinds.remove_prefix(repeated ? 2 : 1);
    }
    return out + ")";
  }

  std::size_t pick(std::size_t count) { return random_() % count; }

  template <std::size_t kCount>
  std::string one_of(const std::array<std::string_view, kCount>& pool) {
    return std::string(pool[pick(kCount)]);
  }

  /// An expression of a kind, named by a letter.
  std::string argument(char kind, int depth) {
    // Now and then something of another kind, and sometimes the result of another call.
    if (pick(60) == 0) {
      return any(1);
    }
    if (depth > 0 && pick(6) == 0) {
      const Shape& shape = kShapes[pick(std::size(kShapes))];
      // An empty list that has a type of its own is left out: what it converts to is the business of conversions.
      constexpr std::array<std::string_view, 5> kTypedLists{"setproduct", "range", "chunklist", "regexall",
                                                            "csvdecode"};
      if (std::ranges::find(kTypedLists, shape.name) == kTypedLists.end()) {
        return call(shape, depth - 1);
      }
    }
    switch (kind) {
      case 's':
        return text();
      case 'n':
        return number();
      case 'i':
        return std::to_string(pick(8));
      case 'I':
        return std::to_string(static_cast<int>(pick(12)) - 4);
      case 'b':
        return "[" + list([&] { return one_of(kBools); }) + "]";
      case 'l':
        return collection([&] { return pick(20) == 0 ? std::string("null") : text(); });
      case 'N':
        return collection([&] { return number(); });
      case 't':
        return collection([&] { return element(1); });
      case 'm':
        return mapping();
      case 'a':
        return any(2);
      case 'w':
        return element(1);
      case 'x':
        return pick(2) == 0 ? any(0) : "[" + any(0) + ", " + any(0) + "]";
      case 'q':
        return "{" + list([&] { return text() + " = [" + list([&] { return text(); }) + "]"; }) + "}";
      case 'c':
        return one_of(kNetworks);
      case 'd':
        return one_of(kTimes);
      case 'u':
        return one_of(kDurations);
      case 'E':
        return one_of(kDateFormats);
      case 'e':
        return pick(4) == 0 ? text() : one_of(kBase64);
      case 'o':
        return one_of(kEncodings);
      case 'p':
        return one_of(kPaths);
      case 'r':
        return one_of(kPatterns);
      case 'R':
        return one_of(kReplacePatterns);
      case 'f':
        return format();
      case 'g':
        return "\"" + verb("deEfgGvbxXo") + "\"";
      case 'v':
        return one_of(kCsv);
      case 'j':
        return one_of(kJson);
      case 'J':
        return "jsonencode(" + any(3) + ")";
      case 'y':
        return one_of(kYaml);
      case 'Y':
        return "yamlencode(" + any(3) + ")";
      case 'U':
        return one_of(kNamespaces);
      default:
        return "null";
    }
  }

 private:
  template <class Make>
  std::string list(Make make) {
    std::string out;
    for (std::size_t i = pick(4); i > 0; --i) {
      out += make();
      out += i > 1 ? ", " : "";
    }
    return out;
  }

  template <class Make>
  std::string collection(Make make) {
    const std::string elements = "[" + list(make) + "]";
    switch (pick(5)) {
      case 0:
        return "tolist(" + elements + ")";
      case 1:
        return "toset(" + elements + ")";
      default:
        return elements;
    }
  }

  std::string mapping() {
    std::string out = "{";
    for (std::size_t i = pick(4); i > 0; --i) {
      out += one_of(kNames) + " = " + element(1);
      out += i > 1 ? ", " : "";
    }
    out += "}";
    return pick(4) == 0 ? "tomap(" + out + ")" : out;
  }

  std::string any(int depth) {
    switch (pick(depth > 0 ? 12 : 6)) {
      case 0:
        return "null";
      case 6:
      case 7:
        return mapping();
      case 8:
      case 9:
      case 10:
      case 11:
        return collection([&] { return element(depth - 1); });
      default:
        return element(0);
    }
  }

  /// Inside of collections: what is of no type and what needs a common type of different kinds of collections is
  /// refused by Terraform with little reason, so nulls and conversions stay outside.
  std::string element(int depth) {
    switch (pick(depth > 0 ? 8 : 6)) {
      case 0:
        return number();
      case 1:
        return one_of(kBools);
      case 6:
        return "{" + one_of(kNames) + " = " + element(depth - 1) + "}";
      case 7:
        return "[" + list([&] { return element(depth - 1); }) + "]";
      default:
        return text();
    }
  }

  std::string text() {
    if (pick(5) > 0) {
      return one_of(kTexts);
    }
    std::string out = "\"";
    for (std::size_t i = 1 + pick(5); i > 0; --i) {
      out += one_of(kPieces);
    }
    return out + "\"";
  }

  std::string number() {
    switch (pick(4)) {
      case 0:
        return std::to_string(static_cast<int>(pick(2000)) - 1000);
      case 1:
        return std::to_string(pick(100000)) + "." + std::to_string(pick(1000));
      default:
        return one_of(kNumbers);
    }
  }

  std::string verb(std::string_view modes) {
    constexpr std::string_view kFlags = "+-0 #";
    std::string out = "%";
    for (std::size_t i = pick(3); i > 0; --i) {
      out += kFlags[pick(kFlags.size())];
    }
    out += pick(3) == 0 ? std::to_string(1 + pick(14)) : "";
    out += pick(3) == 0 ? "." + std::to_string(pick(6)) : "";
    out += pick(12) == 0 ? "[" + std::to_string(1 + pick(3)) + "]" : "";
    out += modes[pick(modes.size())];
    return out;
  }

  std::string format() {
    std::string out = "\"";
    for (std::size_t i = pick(3) + 1; i > 0; --i) {
      out += one_of(kPieces);
      out += pick(12) == 0 ? "%%" : verb("svqdtvsvsefgxbo");
    }
    return out + "\"";
  }

  static constexpr std::array<std::string_view, 3> kBools{"true", "false", "\"true\""};
  static constexpr std::array<std::string_view, 28> kTexts{
      R"~("")~",
      R"~("a")~",
      R"~("b")~",
      R"~("hello")~",
      R"~("Hello, World!")~",
      R"~("hello world")~",
      R"~("ünïcödé")~",
      R"~("日本語")~",
      R"~("e\u0301clair")~",
      R"~("👨‍👩‍👧 family")~",
      R"~("  padded  ")~",
      R"~("a,b,c")~",
      R"~("true")~",
      R"~("12")~",
      R"~("-3.5")~",
      R"~("line one\nline two\n")~",
      R"~("\ttab\r\n")~",
      R"~("a/b/c")~",
      R"~("foo_bar-baz qux")~",
      R"~("<tag attr=\"x\">&amp;")~",
      R"~("ſtraße ǆ")~",
      R"~("aaaa")~",
      R"~("a1b22c333")~",
      R"~("$1-$${x}")~",
      R"~("10")~",
      R"~("key")~",
      R"~("The quick brown fox jumps over the lazy dog, and then it jumps over the lazy dog once more, says the cat.")~",
      R"~("🇩🇪🇫🇷\u200d")~"};
  static constexpr std::array<std::string_view, 14> kPieces{"a", "b",   " ",   "é", "-",    "1", "x y",
                                                            ",", "\\n", "\\t", "Z", "\\\"", ".", "😀"};
  static constexpr std::array<std::string_view, 20> kNumbers{"0",
                                                             "1",
                                                             "2",
                                                             "-1",
                                                             "0.5",
                                                             "-0.5",
                                                             "1.5",
                                                             "2.5",
                                                             "1e10",
                                                             "1e21",
                                                             "123456789012345678901234567890",
                                                             "0.1",
                                                             "1e-7",
                                                             "0.00001",
                                                             "65535",
                                                             "255",
                                                             "100.0",
                                                             "3.14159265358979",
                                                             "-7",
                                                             "1000000"};
  static constexpr std::array<std::string_view, 8> kNames{"a", "b", "c", "key", "\"x y\"", "\"é\"", "\"1\"", "z"};
  static constexpr std::array<std::string_view, 18> kNetworks{R"~("10.0.0.0/8")~",
                                                              R"~("192.168.1.0/24")~",
                                                              R"~("10.1.2.3/16")~",
                                                              R"~("0.0.0.0/0")~",
                                                              R"~("255.255.255.254/31")~",
                                                              R"~("fd00:fd12:3456:7890::/56")~",
                                                              R"~("::/0")~",
                                                              R"~("2001:db8::1/128")~",
                                                              R"~("::ffff:1.2.3.0/120")~",
                                                              R"~("10.0.0.0/33")~",
                                                              R"~("10.0.0.0")~",
                                                              R"~("010.001.0.0/16")~",
                                                              R"~("fe80::1:2:0:0:3/64")~",
                                                              R"~("1.2.3/8")~",
                                                              R"~("172.16.0.0/12")~",
                                                              R"~("10.0.0.0/30")~",
                                                              R"~("1::2::3/64")~",
                                                              R"~("2001:DB8:0:0:8:800:200C:417A/60")~"};
  static constexpr std::array<std::string_view, 14> kTimes{R"~("2024-02-29T23:59:59Z")~",
                                                           R"~("2023-12-31T00:00:00+05:30")~",
                                                           R"~("1999-01-01T12:00:00.999-08:00")~",
                                                           R"~("2024-02-30T00:00:00Z")~",
                                                           R"~("2024-1-1T00:00:00Z")~",
                                                           R"~("2024-01-01 00:00:00Z")~",
                                                           R"~("2024-01-01T5:00:00Z")~",
                                                           R"~("2024-01-01T05:00:00,5Z")~",
                                                           R"~("2024-01-01T05:00:00+24:00")~",
                                                           R"~("0001-01-01T00:00:00Z")~",
                                                           R"~("9999-12-31T23:59:59Z")~",
                                                           R"~("2024-06-15T13:05:09Z")~",
                                                           R"~("2024-06-15T13:05:09+00:00")~",
                                                           R"~("")~"};
  static constexpr std::array<std::string_view, 14> kDurations{R"~("1h")~",
                                                               R"~("-1.5h")~",
                                                               R"~("90m30s")~",
                                                               R"~("1h1m1s1ms1us1ns")~",
                                                               R"~("0")~",
                                                               R"~("")~",
                                                               R"~("5")~",
                                                               R"~("1.5.5h")~",
                                                               R"~("+10s")~",
                                                               R"~("1000000h")~",
                                                               R"~("99999999999h")~",
                                                               R"~("1d")~",
                                                               R"~(".5s")~",
                                                               R"~("2µs")~"};
  static constexpr std::array<std::string_view, 14> kDateFormats{R"~("YYYY-MM-DD'T'hh:mm:ssZ")~",
                                                                 R"~("DD MMM YYYY hh:mm ZZZ")~",
                                                                 R"~("EEEE, DD-MMM-YY hh:mm:ss ZZZ")~",
                                                                 R"~("EEE, DD MMM YYYY hh:mm:ss ZZZZ")~",
                                                                 R"~("h'h 'm'm'")~",
                                                                 R"~("HH:mmaa AA H")~",
                                                                 R"~("''YY''")~",
                                                                 R"~("'open")~",
                                                                 R"~("MMMM D, YYYY")~",
                                                                 R"~("X")~",
                                                                 R"~("YYY")~",
                                                                 R"~("ZZZZZ ss s")~",
                                                                 R"~("'it''s' D")~",
                                                                 R"~("été M")~"};
  static constexpr std::array<std::string_view, 10> kBase64{
      R"~("aGVsbG8=")~",   R"~("aGVsbG8")~",  R"~("YWJjMTIzIT8kKiYoKSctPUB+")~",
      R"~("/w==")~",       R"~("aADpAA==")~", R"~("YR==")~",
      R"~("aGVs\nbG8=")~", R"~("====")~",     R"~("w7w=")~",
      R"~("a GVs")~"};
  static constexpr std::array<std::string_view, 12> kEncodings{
      R"~("UTF-8")~",    R"~("utf-16le")~",   R"~("UTF-16BE")~", R"~("UTF-16")~",
      R"~("us-ascii")~", R"~("ISO-8859-1")~", R"~("latin1")~",   R"~("windows-1252")~",
      R"~("utf8")~",     R"~("nonsense")~",   R"~("csUTF8")~",   R"~("UTF-32")~"};
  static constexpr std::array<std::string_view, 12> kPaths{
      R"~("a/b/c.txt")~", R"~("/a/b/")~", R"~("")~",   R"~("/")~",   R"~("//x//y//")~", R"~("./a/../b")~",
      R"~("../a")~",      R"~("a")~",     R"~("a/")~", R"~("/..")~", R"~(".")~",        R"~("a/b/../../..")~"};
  static constexpr std::array<std::string_view, 20> kPatterns{
      R"~("[a-z]+")~",      R"~("(\\w)(\\d)?")~", R"~("(?P<first>[a-z])(?P<rest>.*)")~",
      R"~("(?<x>l+)")~",    R"~("a*")~",          R"~("^$")~",
      R"~("(a|b)*c")~",     R"~("[[:upper:]]")~", R"~("(")~",
      R"~("\\d{1,2}")~",    R"~("(?i)HELLO")~",   R"~("\\bfox\\b")~",
      R"~("(a)(?P<n>b)")~", R"~("\\p{L}+")~",     R"~("(?s).+")~",
      R"~("(?m)^l.*$")~",   R"~("[^a-z ]")~",     R"~("x{2,1}")~",
      R"~("\\Qa,b\\E")~",   R"~("(o)?(l)?")~"};
  static constexpr std::array<std::string_view, 12> kReplacePatterns{
      R"~("/a/")~", R"~("/(l+)/")~", R"~("/[aeiou]/")~", R"~("/x*/")~", R"~("/\\s+/")~", R"~("/(?P<w>\\w+)/")~",
      R"~("/[/")~", R"~("/")~",      R"~("//")~",        R"~("/^/")~",  R"~("/$/")~",    R"~("/(a)|(b)/")~"};
  static constexpr std::array<std::string_view, 12> kCsv{R"~("a,b\n1,2\n3,4\n")~",
                                                         R"~("a,b\n1,2")~",
                                                         R"~("a")~",
                                                         R"~("")~",
                                                         R"~("a,a\n1,2")~",
                                                         R"~("a,b\n1")~",
                                                         R"~("a,b\n\"x, y\",\"q\"\"q\"\n")~",
                                                         R"~("a,b\n\"x\ny\",z\n\n")~",
                                                         R"~("a,b\r\n1,2\r\n")~",
                                                         R"~("a,b\nx\"y,2")~",
                                                         R"~("a,b\n\"x\"y,2")~",
                                                         R"~("a,b\n\"open,2")~"};
  static constexpr std::array<std::string_view, 22> kJson{R"~("{\"a\":1,\"b\":[true,null,\"x\"]}")~",
                                                          R"~("[]")~",
                                                          R"~("{}")~",
                                                          R"~("1e3")~",
                                                          R"~("-0")~",
                                                          R"~("0.10")~",
                                                          R"~("\"\\u00e9\\ud83d\\ude00\"")~",
                                                          R"~("{\"a\":1,\"a\":2}")~",
                                                          R"~("[1,]")~",
                                                          R"~("{\"a\" 1}")~",
                                                          R"~("nul")~",
                                                          R"~("01")~",
                                                          R"~("")~",
                                                          R"~("1 2")~",
                                                          R"~(" \t[1 , 2]\n")~",
                                                          R"~("123456789012345678901234567890.5")~",
                                                          R"~("\"\\ud800x\"")~",
                                                          R"~("\"\\x\"")~",
                                                          R"~("+1")~",
                                                          R"~("[1.5,-2e-3]")~",
                                                          R"~("'a'")~",
                                                          R"~("{\"z\":{\"y\":[{}]}}")~"};
  static constexpr std::array<std::string_view, 26> kYaml{R"~("a: 1\nb: [x, 'y', \"z\"]\n")~",
                                                          R"~("- 1\n- 2.5\n- true\n- ~\n")~",
                                                          R"~("")~",
                                                          R"~("text")~",
                                                          R"~("yes")~",
                                                          R"~("0x1F")~",
                                                          R"~("0o17")~",
                                                          R"~("017")~",
                                                          R"~("1_000")~",
                                                          R"~("2020-01-02")~",
                                                          R"~("2001-12-14t21:59:43.10-05:00")~",
                                                          R"~("2001-12-14 21:59:43.10")~",
                                                          R"~("|\n  a\n   b\n\n")~",
                                                          R"~(">\n  a\n  b\n\n  c\n")~",
                                                          R"~("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n")~",
                                                          R"~("a: 1\na: 2\n")~",
                                                          R"~("a: b: c")~",
                                                          R"~("- a\n b")~",
                                                          R"~("a: 1\n---\nb: 2")~",
                                                          R"~("? x\n: y\n")~",
                                                          R"~("!!str 12")~",
                                                          R"~("{a: 1, b: {c: [1, 2]}}")~",
                                                          R"~("a:\n  - b\n  - c: d\n    e: f\n")~",
                                                          R"~("*x")~",
                                                          R"~("1: x\n2.5: y\nnull_: z")~",
                                                          R"~("# only\n")~"};
  static constexpr std::array<std::string_view, 8> kNamespaces{R"~("dns")~",
                                                               R"~("url")~",
                                                               R"~("oid")~",
                                                               R"~("x500")~",
                                                               R"~("6ba7b810-9dad-11d1-80b4-00c04fd430c8")~",
                                                               R"~("nope")~",
                                                               R"~("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}")~",
                                                               R"~("6ba7b8109dad11d180b400c04fd430c8")~"};

  std::mt19937 random_;
};

}  // namespace gabion::eval
