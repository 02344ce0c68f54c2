#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "syntax/json/parser.h"

namespace gabion::syntax::json {
namespace {

using source::ArtifactId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ArtifactId kFile{7};

/// A tree in one line: strings in quotes, holes as #n, members as name:value.
void print(const Value& value, std::ostream& out);

void print_parts(std::span<const StringPart> parts, std::ostream& out) {
  out << '<';
  for (const StringPart& part : parts) {
    if (part.hole >= 0) {
      out << '#' << part.hole;
    } else {
      out << part.text;
    }
  }
  out << '>';
}

void print(const Value& value, std::ostream& out) {
  switch (value.kind) {
    case Kind::kNull:
      out << "null";
      break;
    case Kind::kBool:
      out << (value.boolean ? "true" : "false");
      break;
    case Kind::kNumber:
      out << value.text;
      break;
    case Kind::kString:
      if (value.parts.empty()) {
        out << '"' << value.text << '"';
      } else {
        print_parts(value.parts, out);
      }
      break;
    case Kind::kHole:
      out << '#' << value.hole;
      break;
    case Kind::kArray:
      out << '[';
      for (const Value& element : value.elements) {
        print(element, out);
        out << ' ';
      }
      out << ']';
      break;
    case Kind::kObject:
      out << '{';
      for (const Member& member : value.members) {
        if (member.name_parts.empty()) {
          out << member.name;
        } else {
          print_parts(member.name_parts, out);
        }
        out << ':';
        print(member.value, out);
        out << ' ';
      }
      out << '}';
      break;
  }
}

std::vector<std::string> codes(const Parsed& parsed) {
  std::vector<std::string> result;
  for (const findings::Diagnostic& diagnostic : parsed.diagnostics) {
    result.push_back(diagnostic.code);
  }
  return result;
}

/// One parse with all that it needs. Text is at offset 100 of the artifact, so that offsets cannot be confused.
struct Reading {
  explicit Reading(std::string input, source::Limits limits = {})
      : text(std::move(input)),
        parsed(parse(text, {kFile, 100, 100 + static_cast<std::uint32_t>(text.size())}, arena, limits)) {}

  std::string tree() const {
    std::ostringstream out;
    if (parsed.value != nullptr) {
      print(*parsed.value, out);
    }
    return out.str();
  }
  /// The text under a region.
  std::string under(const Region& region) const {
    return region.artifact == kFile ? text.substr(region.begin - 100, region.size()) : "(elsewhere)";
  }
  /// "code: text under its region" of the first diagnostic.
  std::string first() const {
    if (parsed.diagnostics.empty()) {
      return "";
    }
    return parsed.diagnostics.front().code + ": " + under(parsed.diagnostics.front().region);
  }

  source::Arena arena;
  std::string text;
  Parsed parsed;
};

/// A template: every "~" is a hole, numbered from 0, of one byte; the literal pieces are exact.
struct TemplateReading {
  explicit TemplateReading(std::string input) : text(std::move(input)) {
    std::int32_t hole = 0;
    std::size_t begin = 0;
    const std::string_view view = text;
    for (std::size_t i = 0; i <= view.size(); ++i) {
      if (i == view.size() || view[i] == '~') {
        if (i > begin) {
          pieces.push_back({view.substr(begin, i - begin), -1, at(begin, i), true});
        }
        if (i < view.size()) {
          pieces.push_back({{}, hole++, at(i, i + 1), false});
        }
        begin = i + 1;
      }
    }
    parsed = parse(pieces, arena, {});
  }
  static Region at(std::size_t begin, std::size_t end) {
    return {kFile, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  std::string tree() const {
    std::ostringstream out;
    if (parsed.value != nullptr) {
      print(*parsed.value, out);
    }
    return out.str();
  }

  source::Arena arena;
  std::string text;
  std::vector<Piece> pieces;
  Parsed parsed;
};

TEST(JsonParser, ReadsEveryKindOfValue) {
  const Reading reading(R"( {"a": [1, -2.5e+3, 0, true, false, null], "b": {}, "c": [], "d": "x"} )");
  EXPECT_TRUE(reading.parsed.ok());
  EXPECT_EQ(reading.tree(), R"({a:[1 -2.5e+3 0 true false null ] b:{} c:[] d:"x" })");
}

TEST(JsonParser, GivesExactRegions) {
  const Reading reading(R"({ "name" : [ "v\n1", 12 ] , "o": { } })");
  const Value& root = *reading.parsed.value;
  EXPECT_EQ(root.region, (Region{kFile, 100, 100 + static_cast<std::uint32_t>(reading.text.size())}));
  EXPECT_EQ(reading.under(root.members[0].name_region), "\"name\"");
  EXPECT_EQ(reading.under(root.members[0].value.region), R"([ "v\n1", 12 ])");
  EXPECT_EQ(reading.under(root.members[0].value.elements[0].region), R"("v\n1")");
  EXPECT_EQ(reading.under(root.members[0].value.elements[1].region), "12");
  EXPECT_EQ(reading.under(root.members[1].value.region), "{ }");
}

TEST(JsonParser, KeepsOrderAndDuplicatesAndFindsTheLast) {
  const Reading reading(R"({"b": 1, "a": 2, "b": 3})");
  EXPECT_EQ(reading.tree(), "{b:1 a:2 b:3 }");
  EXPECT_EQ(reading.parsed.value->member("b")->text, "3");
  EXPECT_EQ(reading.parsed.value->member("c"), nullptr);
}

TEST(JsonParser, DecodesEscapes) {
  const Reading reading(R"(["\"\\\/\b\f\n\r\t", "\u0041\u00e9\u20AC", "\ud83d\ude00", "a\u0000b"])");
  ASSERT_TRUE(reading.parsed.ok());
  const auto elements = reading.parsed.value->elements;
  EXPECT_EQ(elements[0].text, "\"\\/\b\f\n\r\t");
  EXPECT_EQ(elements[1].text, "A\u00e9\u20ac");
  EXPECT_EQ(elements[2].text, "\U0001F600");
  EXPECT_EQ(elements[3].text, std::string_view("a\0b", 3));
}

TEST(JsonParser, ReplacesLoneSurrogates) {
  const Reading reading(R"(["\ud800", "\udc00x", "\ud800\u0041", "\ud800\ud83d\ude00"])");
  ASSERT_TRUE(reading.parsed.ok());
  const auto elements = reading.parsed.value->elements;
  EXPECT_EQ(elements[0].text, "\uFFFD");
  EXPECT_EQ(elements[1].text, "\uFFFDx");
  EXPECT_EQ(elements[2].text, "\uFFFDA");
  EXPECT_EQ(elements[3].text, "\uFFFD\U0001F600");
}

TEST(JsonParser, ReadsPlainStringsInPlace) {
  const Reading reading("\"arn:aws:s3:::\u00e9\"");
  EXPECT_EQ(reading.parsed.value->text.data(), reading.text.data() + 1);
  const Reading name(R"({"Version": 1})");
  EXPECT_EQ(name.parsed.value->members[0].name.data(), name.text.data() + 2);
}

TEST(JsonParser, FindsTheEndOfStringsOfAnyLength) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string plain(length, 'x');
    const Reading reading("\"" + plain + "\"");
    ASSERT_TRUE(reading.parsed.ok()) << length;
    EXPECT_EQ(reading.parsed.value->text, plain);
    const Reading escaped("[\"" + plain + "\\n" + plain + "\"]");
    ASSERT_TRUE(escaped.parsed.ok()) << length;
    EXPECT_EQ(escaped.parsed.value->elements[0].text, plain + "\n" + plain);
  }
}

TEST(JsonParser, ReportsAndReadsOnWhereTheMeaningIsPlain) {
  const struct {
    const char* text;
    const char* first;
    const char* tree;
  } cases[] = {
      {"[1, 2,]", "json-trailing-comma: ,", "[1 2 ]"},
      {"{\"a\": 1 , }", "json-trailing-comma: ,", "{a:1 }"},
      {"[1,,2]", "json-extra-comma: ,", "[1 2 ]"},
      {"[,]", "json-extra-comma: ,", "[]"},
      {"{,\"a\": 1}", "json-extra-comma: ,", "{a:1 }"},
      {"[1 2]", "json-missing-comma: 2", "[1 2 ]"},
      {"{\"a\": 1 \"b\": 2}", "json-missing-comma: \"", "{a:1 b:2 }"},
      {"// why\r\n[1]", "json-comment: // why", "[1 ]"},
      {"[1 /* one */]", "json-comment: /* one */", "[1 ]"},
      {"[1] # end", "json-comment: # end", "[1 ]"},
      {"{'a': 'b\"c'}", "json-single-quotes: 'a'", "{a:\"b\"c\" }"},
      {"{a: 1}", "json-unquoted-name: a", "{a:1 }"},
      {"[True]", "json-literal: True", "[true ]"},
      {"[None]", "json-literal: None", "[null ]"},
      {"[Allow]", "json-unquoted-string: Allow", "[\"Allow\" ]"},
      {"{\"a\" = 1}", "json-missing-colon: =", "{a:1 }"},
      {"{\"a\": }", "json-missing-value: }", "{a:null }"},
      {"{\"a\", \"b\": 1}", "json-missing-value: \"a\"", "{a:null b:1 }"},
      {"[01]", "json-number: 01", "[01 ]"},
      {"[1.]", "json-number: 1.", "[1. ]"},
      {"[.5]", "json-number: .5", "[.5 ]"},
      {"[+1]", "json-number: +1", "[+1 ]"},
      {"[1e]", "json-number: 1e", "[1e ]"},
      {"[-]", "json-number: -", "[- ]"},
      {"[0x1F]", "json-number: 0x1F", "[0x1F ]"},
      {"[\"a\nb\"]", "json-control-character: \n", "[\"a\nb\" ]"},
      {"[\"a\tb\"]", "json-control-character: \t", "[\"a\tb\" ]"},
      {"[\"\\d\"]", "json-escape: \\d", "[\"d\" ]"},
      {"[\"\\u12\"]", "json-escape: \\u12", "[\"\" ]"},
      {"[\"a\xFF\"]", "json-invalid-utf8: \xFF", "[\"a\uFFFD\" ]"},
      {"[\"\xED\xA0\x80\"]", "json-invalid-utf8: \xED", "[\"\uFFFD\uFFFD\uFFFD\" ]"},
      {"\xEF\xBB\xBF{}", "json-byte-order-mark: \xEF\xBB\xBF", "{}"},
      {"{} {}", "json-trailing-data: {}", "{}"},
      {"{}]", "json-trailing-data: ]", "{}"},
  };
  for (const auto& test : cases) {
    const Reading reading(test.text);
    EXPECT_EQ(reading.first(), test.first) << test.text;
    EXPECT_EQ(reading.tree(), test.tree) << test.text;
    EXPECT_FALSE(reading.parsed.ok()) << test.text;
    EXPECT_FALSE(reading.parsed.diagnostics.front().hint.empty()) << test.text;
  }
}

TEST(JsonParser, GivesUpWhereNothingUsableIsLeft) {
  const struct {
    const char* text;
    const char* first;
  } cases[] = {
      {"", "json-empty: "},
      {"  \n", "json-empty: "},
      {"[1", "json-unclosed-array: ["},
      {"[", "json-unclosed-array: ["},
      {"{\"a\": [1]", "json-unclosed-object: {"},
      {"{\"a\"", "json-unclosed-object: {"},
      {"{\"a\":", "json-unclosed-object: {"},
      {"[\"abc", "json-unclosed-string: \""},
      {"[\"abc\\", "json-unclosed-string: \""},
      {"[1}", "json-mismatched-bracket: }"},
      {"{\"a\": 1]", "json-mismatched-bracket: ]"},
      {"{\"a\" \"b\"}", "json-unexpected-character: \""},
      {"{1: 2}", "json-unexpected-character: 1"},
      {"]", "json-unexpected-character: ]"},
      {"/", "json-unexpected-character: /"},
      {"{\u201Ca\u201D: 1}", "json-unexpected-character: \u201C"},
      {"[\u00A01]", "json-unexpected-character: \u00A0"},
  };
  for (const auto& test : cases) {
    const Reading reading(test.text);
    EXPECT_EQ(reading.parsed.value, nullptr) << test.text;
    EXPECT_EQ(reading.first(), test.first) << test.text;
  }
}

TEST(JsonParser, NamesCharactersThatNobodySees) {
  const Reading no_break_space("[\u00A01]");
  EXPECT_EQ(no_break_space.parsed.diagnostics.front().message, "value expected, U+00A0 found");
  const Reading nul(std::string("[\0]", 3));
  EXPECT_EQ(nul.parsed.diagnostics.front().message, "value expected, U+0000 found");
  const Reading stray("[\x80]");
  EXPECT_EQ(stray.parsed.diagnostics.front().message, "value expected, byte 0x80 found");
}

TEST(JsonParser, BoundsTheDepth) {
  source::Limits limits;
  limits.nesting = 3;
  EXPECT_TRUE(Reading("[[[1]]]", limits).parsed.ok());
  const Reading deep("[[[[1]]]]", limits);
  EXPECT_EQ(deep.parsed.value, nullptr);
  EXPECT_THAT(codes(deep.parsed), ElementsAre("json-too-deep"));
  const Reading endless(std::string(1'000'000, '['));
  EXPECT_THAT(codes(endless.parsed), ElementsAre("json-too-deep"));
}

TEST(JsonParser, StopsAfterManyProblems) {
  std::string text = "[1";
  for (int i = 0; i < 1000; ++i) {
    text += ",,1";
  }
  const Reading reading(text + "]");
  EXPECT_EQ(reading.parsed.value, nullptr);
  EXPECT_EQ(reading.parsed.diagnostics.size(), 20U);
}

/// Calls `check` with every text of up to `length` characters of the alphabet.
template <class Check>
void for_all_texts(std::string_view alphabet, std::size_t length, const Check& check) {
  std::vector<std::size_t> digits;
  std::string text;
  while (digits.size() <= length) {
    check(text);
    std::size_t i = 0;
    while (i < digits.size() && ++digits[i] == alphabet.size()) {
      digits[i++] = 0;
    }
    if (i == digits.size()) {
      digits.push_back(0);
    }
    text.clear();
    for (const std::size_t digit : digits) {
      text += alphabet[digit];
    }
  }
}

/// The number of texts that are JSON; every one is judged by another parser too.
std::size_t count_agreed(std::string_view alphabet, std::size_t length, const std::string& before,
                         const std::string& after) {
  std::size_t accepted = 0;
  for_all_texts(alphabet, length, [&](const std::string& middle) {
    const std::string text = before + middle + after;
    source::Arena arena(256);
    const bool ok = parse(text, Region{}, arena, {}).ok();
    accepted += ok ? 1 : 0;
    EXPECT_EQ(ok, nlohmann::json::accept(text)) << text;
  });
  return accepted;
}

TEST(JsonParser, AgreesWithAnotherParserOnAllShortTexts) {
  EXPECT_GT(count_agreed("[]{},:\"1 ", 5, "", ""), 800U);
  EXPECT_GT(count_agreed("-+01.eE", 5, "", ""), 100U);
  EXPECT_GT(count_agreed("-+01.eE", 4, "[1,", "]"), 90U);
  EXPECT_GT(count_agreed("\\\"u0n/x", 5, "\"", "\""), 100U);
  EXPECT_GT(count_agreed("\xC3\xA9\xE2\x82\xF0\x9F\x98\x80", 4, "\"", "\""), 5U);
  EXPECT_EQ(count_agreed("truefalsn", 4, "", ""), 2U);
}

TEST(JsonTemplate, TakesHolesInStringsAndAsValues) {
  const TemplateReading reading(R"({"Resource": ["arn:~:s3:::~/*", "~", ~], "p~x": 1})");
  EXPECT_TRUE(reading.parsed.ok());
  EXPECT_EQ(reading.tree(), "{Resource:[<arn:#0:s3:::#1/*> <#2> #3 ] <p#4x>:1 }");
  const Value& list = reading.parsed.value->members[0].value;
  EXPECT_EQ(list.elements[0].region, TemplateReading::at(14, 30));
  EXPECT_EQ(list.elements[2].region, TemplateReading::at(37, 38));
  EXPECT_EQ(reading.parsed.value->region, TemplateReading::at(0, reading.text.size()));
}

TEST(JsonTemplate, NamesWithHolesAreFoundByNoName) {
  const TemplateReading reading(R"({"~": 1})");
  EXPECT_EQ(reading.parsed.value->member(""), nullptr);
}

TEST(JsonTemplate, DecodesBetweenHoles) {
  const TemplateReading reading(R"(["\t~\u0041~"])");
  EXPECT_TRUE(reading.parsed.ok());
  EXPECT_EQ(reading.tree(), "[<\t#0A#1> ]");
}

TEST(JsonTemplate, ReportsHolesElsewhere) {
  const struct {
    const char* text;
    const char* tree;
  } cases[] = {
      {"[1~]", "[#0 ]"}, {"[~5]", "[#0 ]"},        {"[tr~]", "[#0 ]"},          {"[~~]", "[#0 ]"},
      {"[1 ~]", "[1 ]"}, {"{~: 1}", "{<#0>:1 }"},  {"{\"a\": 1, ~}", "{a:1 }"}, {"{~, \"a\": 1}", "{a:1 }"},
      {"{} ~", "{}"},    {"[\"\\~\"]", "[<#0> ]"}, {"[\"\\u00~\"]", "[<#0> ]"},
  };
  for (const auto& test : cases) {
    const TemplateReading reading(test.text);
    EXPECT_THAT(codes(reading.parsed), ElementsAre("json-hole")) << test.text;
    EXPECT_EQ(reading.tree(), test.tree) << test.text;
  }
}

TEST(JsonTemplate, TextThatIsOneHoleIsAHole) {
  const TemplateReading reading(" ~ ");
  EXPECT_TRUE(reading.parsed.ok());
  EXPECT_EQ(reading.tree(), "#0");
}

TEST(JsonTemplate, NulInLiteralTextIsNoHole) {
  const std::string nul("[\"\0\"]", 5);
  const Piece pieces[] = {{nul, -1, {}, false}, {{}, -1, {}, false}};
  source::Arena arena;
  EXPECT_THAT(codes(parse(pieces, arena, {})), ElementsAre("json-control-character"));
}

TEST(JsonTemplate, MapsRegionsPieceByPiece) {
  const ArtifactId other{8};
  // An exact piece, one that was made from other bytes, one without a place, one of another file, an exact one.
  const std::vector<Piece> pieces = {{"[\"a\", ", -1, {kFile, 10, 16}, true},
                                     {"\"made\"", -1, {kFile, 20, 50}, false},
                                     {", \"nowhere\"", -1, {}, false},
                                     {", \"else\"", -1, {other, 0, 8}, true},
                                     {"]", -1, {kFile, 60, 61}, true}};
  source::Arena arena;
  const Parsed parsed = parse(pieces, arena, {});
  ASSERT_TRUE(parsed.ok());
  const auto elements = parsed.value->elements;
  EXPECT_EQ(elements[0].region, (Region{kFile, 11, 14}));
  EXPECT_EQ(elements[1].region, (Region{kFile, 20, 50}));
  EXPECT_FALSE(elements[2].region.valid());
  EXPECT_EQ(elements[3].region, (Region{other, 2, 8}));
  EXPECT_EQ(parsed.value->region, (Region{kFile, 10, 61}));
}

TEST(JsonTemplate, AStringOverSeveralPiecesCoversThem) {
  const std::vector<Piece> pieces = {
      {"[\"abc", -1, {kFile, 0, 5}, true}, {"def", -1, {kFile, 9, 12}, true}, {"\"]", -1, {kFile, 20, 22}, true}};
  source::Arena arena;
  const Parsed parsed = parse(pieces, arena, {});
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value->elements[0].text, "abcdef");
  EXPECT_EQ(parsed.value->elements[0].region, (Region{kFile, 1, 21}));
}

TEST(JsonTemplate, NoPiecesAreAnEmptyText) {
  source::Arena arena;
  EXPECT_THAT(codes(parse(std::span<const Piece>(), arena, {})), ElementsAre("json-empty"));
}

TEST(JsonParser, TextWithoutAPlaceHasValuesWithoutPlaces) {
  source::Arena arena;
  const Parsed parsed = parse("[1]", Region{}, arena, {});
  ASSERT_TRUE(parsed.ok());
  EXPECT_FALSE(parsed.value->elements[0].region.valid());
  EXPECT_THAT(codes(parsed), IsEmpty());
}

}  // namespace
}  // namespace gabion::syntax::json
