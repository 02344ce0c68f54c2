#include "lsp/document.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace gabion::lsp {
namespace {

using Json = nlohmann::json;

Json change(std::uint32_t line, std::uint32_t from, std::uint32_t to_line, std::uint32_t to, const std::string& text) {
  return {{"range", to_json({{line, from}, {to_line, to}})}, {"text", text}};
}

TEST(Document, AppliesChangesOneAfterTheOther) {
  Document document("file:///a.tf", "/a.tf", 1, "one\ntwo\n");
  EXPECT_TRUE(
      document.change(Json::array({change(1, 0, 1, 3, "2"), change(1, 1, 1, 1, "nd\nthird")}), Encoding::kUtf16));
  EXPECT_EQ(document.text(), "one\n2nd\nthird\n");
  EXPECT_TRUE(document.change(Json::array({{{"text", "new"}}}), Encoding::kUtf16));
  EXPECT_EQ(document.text(), "new");
}

TEST(Document, SurvivesChangesThatAreNone) {
  Document document("file:///a.tf", "/a.tf", 1, "text");
  for (const char* const bad :
       {"null", "3", "{}", "[3]", R"([{"range":{}}])", R"([{"text":1}])", R"([{"range":{"start":1},"text":"x"}])"}) {
    EXPECT_FALSE(document.change(Json::parse(bad), Encoding::kUtf16)) << bad;
  }
  EXPECT_EQ(document.text(), "text");
  EXPECT_TRUE(document.change(Json::array({change(7, 7, 9, 9, "!")}), Encoding::kUtf16));
  EXPECT_EQ(document.text(), "text!");
  EXPECT_TRUE(document.change(Json::array({change(0, 4, 0, 0, "T")}), Encoding::kUtf16));
  EXPECT_EQ(document.text(), "T!") << "reversed ranges are turned";
}

/// The same text as lines of characters, edited in the plainest way.
class Reference {
 public:
  using Unit = std::string;  // one character, or one line end

  explicit Reference(std::vector<Unit> units) : units_(std::move(units)) {}

  [[nodiscard]] std::string text() const {
    std::string result;
    for (const Unit& unit : units_) {
      result += unit;
    }
    return result;
  }
  [[nodiscard]] std::size_t size() const { return units_.size(); }

  /// The position of the unit with that index.
  [[nodiscard]] Position position(std::size_t index, Encoding encoding) const {
    Position result;
    for (std::size_t i = 0; i < index; ++i) {
      const Unit& unit = units_[i];
      if (unit == "\n" || unit == "\r\n") {
        ++result.line;
        result.character = 0;
      } else if (encoding == Encoding::kUtf8) {
        result.character += static_cast<std::uint32_t>(unit.size());
      } else {
        result.character += encoding == Encoding::kUtf16 && unit.size() == 4 ? 2 : 1;
      }
    }
    return result;
  }

  void replace(std::size_t begin, std::size_t end, const std::vector<Unit>& units) {
    units_.erase(units_.begin() + static_cast<std::ptrdiff_t>(begin),
                 units_.begin() + static_cast<std::ptrdiff_t>(end));
    units_.insert(units_.begin() + static_cast<std::ptrdiff_t>(begin), units.begin(), units.end());
  }

 private:
  std::vector<Unit> units_;
};

TEST(Document, IsWhatAPlainReferenceIsAfterRandomEdits) {
  const std::vector<std::string> alphabet = {
      "a", "\"", " ", "\n", "\r\n", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xE0\xA4\x95", "}"};
  for (const Encoding encoding : {Encoding::kUtf8, Encoding::kUtf16, Encoding::kUtf32}) {
    std::mt19937 random(7);
    const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
    const auto some = [&](std::size_t most) {
      std::vector<std::string> units(below(most + 1));
      for (std::string& unit : units) {
        unit = alphabet[below(alphabet.size())];
      }
      return units;
    };
    Reference reference(some(80));
    Document document("file:///a.tf", "/a.tf", 1, reference.text());
    for (int round = 0; round < 3000; ++round) {
      Json changes = Json::array();
      for (std::size_t count = 1 + below(3); count > 0; --count) {
        const std::size_t begin = below(reference.size() + 1);
        const std::size_t end = begin + below(std::min<std::size_t>(8, reference.size() - begin) + 1);
        const std::vector<std::string> units = some(6);
        std::string text;
        for (const std::string& unit : units) {
          text += unit;
        }
        changes.push_back({{"range", to_json({reference.position(begin, encoding), reference.position(end, encoding)})},
                           {"text", text}});
        reference.replace(begin, end, units);
      }
      ASSERT_TRUE(document.change(changes, encoding));
      ASSERT_EQ(document.text(), reference.text()) << name(encoding) << " round " << round << " " << changes;
    }
  }
}

}  // namespace
}  // namespace gabion::lsp
