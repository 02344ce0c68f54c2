// Where values come from: chains of origins and the parts of strings.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using testing::Workbench;

/// The chain of a value, one link per entry: names of references, text of expressions.
std::vector<std::string> chain(Workbench& bench, const Value& value) {
  std::vector<std::string> links;
  for (const Origin* origin = value.origin(); origin != nullptr; origin = origin->via()) {
    const std::string text(origin->region.valid() ? bench.store().text(origin->region) : "");
    links.push_back(origin->kind == OriginKind::kReference  ? "name " + std::string(origin->name())
                    : origin->kind == OriginKind::kComputed ? "computed " + text
                                                            : text);
  }
  return links;
}

using Links = std::vector<std::string>;

TEST(OriginTest, ReferencesLeadToWhatWasWritten) {
  Workbench bench;
  bench.bind("tags", "{Name = \"web\", Owner = upper(\"me\")}");
  bench.bind("copy", "tags.Name");
  EXPECT_EQ(chain(bench, bench.evaluate("copy")), (Links{"name copy", "name tags.Name", "\"web\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("(tags[\"Name\"])")), (Links{"name tags[\"Name\"]", "\"web\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("\"${tags.Name}\"")), (Links{"name tags.Name", "\"web\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("tags.Owner")), (Links{"name tags.Owner", "computed upper(\"me\")", "\"me\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("true ? tags.Name : 1")), (Links{"name tags.Name", "\"web\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("tags.Name == \"x\"")),
            (Links{"computed tags.Name == \"x\"", "name tags.Name", "\"web\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("1 < 2 || copy == \"y\"")),
            (Links{"computed 1 < 2 || copy == \"y\"", "computed 1 < 2"}));
  EXPECT_EQ(chain(bench, bench.evaluate("!(1 + length(copy) > 2)"))[1], "computed 1 + length(copy) > 2");
  EXPECT_EQ(chain(bench, bench.evaluate("[for k, v in tags : v][0]")), (Links{"name v", "\"web\""}));
  EXPECT_EQ(chain(bench, bench.evaluate("[tags][*].Name").elements()[0]), (Links{"\"web\""}));
}

TEST(OriginTest, NamesHaveNoWhiteSpace) {
  Workbench bench;
  bench.bind("tags", "{Name = \"web\", list = [\"a\"]}");
  EXPECT_EQ(chain(bench, bench.evaluate("tags . Name"))[0], "name tags.Name");
  EXPECT_EQ(chain(bench, bench.evaluate("(tags\n.Name)"))[0], "name tags.Name");
  EXPECT_EQ(chain(bench, bench.evaluate("tags.list[ 0 ]"))[0], "name tags.list[0]");
  EXPECT_EQ(chain(bench, bench.evaluate("tags.list.0"))[0], "name tags.list[0]");
}

TEST(OriginTest, NamesOutliveATextThatWasRendered) {
  Workbench bench;
  bench.bind("text", "\"$${who.name} and $${who.name}\"");
  const Value value = bench.evaluate("templatestring(text, {who = {name = \"web\"}})");
  ASSERT_TRUE(value.is_string());
  ASSERT_NE(value.detail()->parts[0].value, nullptr);
  EXPECT_EQ(value.detail()->parts[0].value->origin()->name(), "who.name");
}

TEST(OriginTest, ElementsKeepTheirOwnPlaces) {
  Workbench bench;
  const Value list = bench.evaluate("[1, { a = true }]");
  EXPECT_EQ(chain(bench, list), (Links{"[1, { a = true }]"}));
  EXPECT_EQ(chain(bench, list.elements()[0]), (Links{"1"}));
  const Value object = list.elements()[1];
  EXPECT_EQ(chain(bench, *object.member("a")), (Links{"true"}));
  EXPECT_EQ(bench.store().text(object.members()[0].name_region), "a");
  const Value converted = convert(list.elements()[1], bench.type("map(string)"), bench.context());
  EXPECT_EQ(chain(bench, *converted.member("a")), (Links{"true"}));
  EXPECT_EQ(bench.store().text(converted.members()[0].name_region), "a");
}

TEST(OriginTest, ElementsWithoutAPlaceHaveThatOfTheirCollection) {
  Workbench bench;
  bench.bind("text", "\"{\\\"a\\\":[{\\\"b\\\":1}]}\"");
  bench.bind("decoded", "jsondecode(text)");
  const std::string call = "computed jsondecode(text)";
  const std::string written = "\"{\\\"a\\\":[{\\\"b\\\":1}]}\"";
  EXPECT_EQ(chain(bench, bench.evaluate("decoded.a[0].b")), (Links{"name decoded.a[0].b", call, "name text", written}));
  const Value list = bench.evaluate("decoded.a");
  EXPECT_EQ(chain(bench, *list.elements()[0].member("b")), (Links{call, "name text", written}));
  EXPECT_EQ(chain(bench, bench.evaluate("[for x in decoded.a : x.b][0]")),
            (Links{"name x.b", call, "name text", written}));
  EXPECT_EQ(chain(bench, bench.evaluate("decoded.a[*].b").elements()[0]), (Links{call, "name text", written}));
  const Value object =
      bench.evaluate("convert({a = 1}, object({a = number, b = optional(string), c = optional(bool, true)}))");
  EXPECT_FALSE(chain(bench, *object.member("b")).empty());
  EXPECT_EQ(chain(bench, *object.member("c")), (Links{"true"}));
}

struct Piece {
  std::string text;
  std::string region;
  bool exact = false;
  bool operator==(const Piece&) const = default;
};

std::vector<Piece> pieces(Workbench& bench, const Value& value) {
  std::vector<Piece> result;
  if (value.detail() != nullptr) {
    for (const Part& part : value.detail()->parts) {
      result.push_back({part.value != nullptr ? "value " + describe(*part.value) : std::string(part.text),
                        std::string(bench.store().text(part.region)), part.exact});
    }
  }
  return result;
}

TEST(OriginTest, StringsKeepTheirParts) {
  Workbench bench;
  bench.bind("known", "\"k\"");
  bench.bind_unknown("open", "string");
  using Pieces = std::vector<Piece>;
  EXPECT_EQ(pieces(bench, bench.evaluate("\"plain\"")), Pieces{});
  EXPECT_EQ(pieces(bench, bench.evaluate("\"a${known}b\\n\"")),
            (Pieces{{"a", "a", true}, {"value \"k\"", "${known}", false}, {"b\n", "b\\n", false}}));
  EXPECT_EQ(pieces(bench, bench.evaluate("\"a${open}\"")),
            (Pieces{{"a", "a", true}, {"value open", "${open}", false}}));
  bench.bind("inner", "\"<${open}>\"");
  EXPECT_EQ(
      pieces(bench, bench.evaluate("\"a${inner}b\"")),
      (Pieces{
          {"a", "a", true}, {"<", "<", true}, {"value open", "${open}", false}, {">", ">", true}, {"b", "b", true}}));
  EXPECT_EQ(pieces(bench, bench.evaluate("\"a%{ if true }b%{ endif }\"")),
            (Pieces{{"a", "a", true}, {"b", "b", true}}));
}

TEST(OriginTest, HeredocsKeepTheirLines) {
  Workbench bench;
  const Value text = bench.evaluate("<<EOT\n{\n  \"a\": 1\n}\nEOT\n");
  ASSERT_TRUE(text.is_string());
  std::string joined;
  for (const Piece& piece : pieces(bench, text)) {
    EXPECT_TRUE(piece.exact);
    EXPECT_EQ(piece.text, piece.region);
    joined += piece.text;
  }
  EXPECT_EQ(joined, text.text());
}

TEST(OriginTest, LinesOfIndentedHeredocsKnowTheirPlaces) {
  Workbench bench;
  bench.bind("known", "\"k\"");
  bench.bind_unknown("open", "string");
  const Value text = bench.evaluate(
      "<<-EOT\r\n    {\r\n\r\n      \"a\": ${known},\r\n      ${open}\r\n  \t\r\n    \"b\": 1 }\r\n    EOT\r\n");
  ASSERT_TRUE(text.is_unknown());
  std::vector<std::string> lines;
  for (const Part& part : text.detail()->parts) {
    if (part.value == nullptr) {
      EXPECT_TRUE(part.exact);
      EXPECT_EQ(part.text, bench.store().text(part.region));
      lines.emplace_back(part.text);
    }
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"{\r\n", "\r\n", "  \"a\": ", ",\r\n", "  ", "\r\n", "  \t\r\n",
                                             "\"b\": 1 }\r\n"}));
}

TEST(OriginTest, EscapesLeaveAnIndentedHeredocInOnePiece) {
  Workbench bench;
  const Value text = bench.evaluate("<<-EOT\n  a\n  $${b}\n  EOT\n");
  ASSERT_EQ(text.text(), "a\n${b}\n");
  EXPECT_EQ(pieces(bench, text), (std::vector<Piece>{{"a\n${b}\n", "  a\n  $${b}\n", false}}));
}

TEST(OriginTest, AlternativesKeepTheirOwnPlaces) {
  Workbench bench;
  bench.bind_unknown("b", "bool");
  const Value value = bench.evaluate("b ? \"x\" : \"y\"");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(chain(bench, value.unknown().alternatives[1]), (Links{"\"y\""}));
}

}  // namespace
}  // namespace gabion::eval
