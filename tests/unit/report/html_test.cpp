// The HTML report: its structure is its own whatever the texts say, and what it counts is right.
#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>

#include <array>
#include <map>
#include <set>
#include <sstream>

#include "report/compliance.h"
#include "report/groups.h"
#include "unit/report/hostile.h"
#include "unit/report/sample.h"

namespace gabion::report {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string html_of(const Report& report) {
  std::ostringstream out;
  write_html(report, out);
  return out.str();
}

/// The page without the texts of style and script.
std::string without(std::string page, std::string_view text) {
  const std::size_t at = page.find(text);
  return at == std::string::npos ? page : page.erase(at, text.size());
}

/// What the tags of a page are, read as strictly as no browser does.
struct Structure {
  std::vector<std::string> problems;
  std::map<std::string, std::size_t> tags;
  std::set<std::string> attributes;
  std::vector<std::string> links;
};

class Reader {
 public:
  explicit Reader(std::string_view page) : page_(page) {}

  Structure read() {
    skip("<!DOCTYPE html>");
    while (at_ < page_.size() && result_.problems.size() < 5) {
      if (page_[at_] == '<') {
        tag();
      } else if (page_[at_] == '>' || page_[at_] == '"' || page_[at_] == '\'') {
        problem("a bare " + std::string(1, page_[at_]));
        ++at_;
      } else if (page_[at_] == '&') {
        entity();
      } else {
        ++at_;
      }
    }
    if (!open_.empty()) {
      problem(open_.back() + " is not closed");
    }
    return result_;
  }

 private:
  void problem(const std::string& what) {
    result_.problems.push_back(what + " before: " + std::string(page_.substr(at_, 60)));
  }

  bool skip(std::string_view text) {
    if (!page_.substr(at_).starts_with(text)) {
      return false;
    }
    at_ += text.size();
    return true;
  }

  void entity() {
    for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#183;", "&#215;"}) {
      if (skip(known)) {
        return;
      }
    }
    problem("an unknown entity");
    ++at_;
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < page_.size() && ((page_[at_] >= 'a' && page_[at_] <= 'z') ||
                                  (page_[at_] >= '0' && page_[at_] <= '9') || page_[at_] == '-')) {
      ++at_;
    }
    return std::string(page_.substr(begin, at_ - begin));
  }

  void tag() {
    ++at_;
    const bool closing = skip("/");
    const std::string name = word();
    if (closing) {
      if (open_.empty() || open_.back() != name || !skip(">")) {
        problem("</" + name + "> closes something else");
        return;
      }
      open_.pop_back();
      return;
    }
    ++result_.tags[name];
    while (skip(" ")) {
      const std::string attribute = word();
      result_.attributes.insert(attribute);
      if (!skip("=\"")) {
        continue;  // "checked"
      }
      const std::size_t begin = at_;
      while (at_ < page_.size() && page_[at_] != '"') {
        if (page_[at_] == '<' || page_[at_] == '\n') {
          problem("an attribute goes on");
        }
        ++at_;
      }
      if (attribute == "href") {
        result_.links.emplace_back(page_.substr(begin, at_ - begin));
      }
      ++at_;
    }
    if (!skip(">")) {
      problem("<" + name + " is not finished");
    }
    static const std::set<std::string> empty = {"meta", "input", "br"};
    if (empty.count(name) == 0) {
      open_.push_back(name);
    }
  }

  std::string_view page_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  Structure result_;
};

Structure structure_of(const std::string& page) {
  const std::string rest = without(without(page, html_style()), html_script());
  return Reader(rest).read();
}

TEST(HtmlReport, HasNoStructureThatIsNotItsOwn) {
  const Hostile hostile;
  const Structure structure = structure_of(html_of(hostile.report()));
  EXPECT_THAT(structure.problems, IsEmpty());
  const std::set<std::string> tags = {"a",      "b",     "body", "br",     "button", "code",  "details", "div",
                                      "form",   "h1",    "h2",   "h3",     "head",   "html",  "i",       "input",
                                      "label",  "li",    "main", "mark",   "meta",   "nav",   "ol",      "option",
                                      "output", "p",     "pre",  "script", "select", "span",  "style",   "summary",
                                      "table",  "tbody", "td",   "th",     "thead",  "title", "tr",      "ul"};
  for (const auto& [tag, count] : structure.tags) {
    EXPECT_EQ(tags.count(tag), 1U) << tag;
  }
  const std::set<std::string> attributes = {"aria-label",  "charset",        "checked",      "class",
                                            "content",     "data-instances", "data-modules", "data-rule",
                                            "data-states", "data-severity",  "href",         "http-equiv",
                                            "id",          "lang",           "name",         "placeholder",
                                            "rel",         "scope",          "type",         "value"};
  for (const std::string& attribute : structure.attributes) {
    EXPECT_EQ(attributes.count(attribute), 1U) << attribute;
  }
  for (const std::string& link : structure.links) {
    EXPECT_TRUE(link.starts_with("#") || link.starts_with("https://")) << link;
  }
  EXPECT_EQ(structure.tags.at("script"), 1U);
  EXPECT_EQ(structure.tags.at("style"), 1U);
}

TEST(HtmlReport, ReaderOfThisTestSeesMistakes) {
  EXPECT_THAT(Reader("<p>a<b></p>").read().problems, Not(IsEmpty()));
  EXPECT_THAT(Reader("<p>a\"b</p>").read().problems, Not(IsEmpty()));
  EXPECT_THAT(Reader("<p class=\"<\">a</p>").read().problems, Not(IsEmpty()));
  EXPECT_THAT(Reader("<p>&copy;</p>").read().problems, Not(IsEmpty()));
  EXPECT_THAT(Reader("<p class=\"x\">a &amp; b</p>").read().problems, IsEmpty());
}

TEST(HtmlReport, AllowsItsOwnStyleAndScriptOnly) {
  const Sample sample;
  const std::string page = html_of(sample.report());
  for (const std::string_view text : {html_style(), html_script()}) {
    sha256_ctx context{};
    sha256_init(&context);
    sha256_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&context, digest.size(), digest.data());
    std::string encoded(BASE64_ENCODE_RAW_LENGTH(digest.size()), '\0');
    base64_encode_raw(encoded.data(), digest.size(), digest.data());
    EXPECT_THAT(page, HasSubstr("-src 'sha256-" + encoded + "'"));
    EXPECT_THAT(page, HasSubstr(std::string(text)));
    // Nothing is loaded, and nothing in them ends them.
    EXPECT_THAT(std::string(text), Not(HasSubstr("url(")));
    EXPECT_THAT(std::string(text), Not(HasSubstr("@import")));
    EXPECT_THAT(std::string(text), Not(HasSubstr("fetch(")));
    EXPECT_THAT(std::string(text), Not(HasSubstr("innerHTML")));
    EXPECT_THAT(std::string(text), Not(HasSubstr("</")));
  }
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; "));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
}

TEST(HtmlReport, ShowsWhatTheSampleHas) {
  const Sample sample;
  Report report = sample.report();
  report.undecided = sample.unresolved;
  const std::string page = html_of(report);
  EXPECT_THAT(structure_of(page).problems, IsEmpty());
  EXPECT_EQ(structure_of(page).tags.at("details"), 4U);
  EXPECT_THAT(page, HasSubstr("data-modules=\"[&quot;module.keys&quot;]\""));
  EXPECT_THAT(page, HasSubstr("enable_key_rotation = <mark>var.rotate</mark>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">aws:MultiFactorAuthPresent</th><td>absent</td>"));
  EXPECT_THAT(page, HasSubstr("<span class=\"removed\"><i>3</i>-   rotate = false</span>"));
  EXPECT_THAT(page, HasSubstr("<span class=\"added\"><i>3</i>+   rotate = true</span>"));
  EXPECT_THAT(page, HasSubstr("rotated by hand"));
  EXPECT_THAT(page, HasSubstr("string is never closed"));
  EXPECT_THAT(page, HasSubstr("depends on var.versions, which has no value"));
}

TEST(Compliance, TellsPassedFailedAndUnknownApart) {
  source::ArtifactStore artifacts;
  findings::RuleDescription wrong;
  wrong.id = "wrong";
  wrong.controls = {{"f", {"1.10", "1.2"}}};
  findings::RuleDescription open;
  open.id = "open";
  open.controls = {{"f", {"1.2", "2"}}};
  findings::RuleDescription fine;
  fine.id = "fine";
  fine.controls = {{"f", {"3"}}, {"e", {"3"}}};
  std::vector<findings::Finding> findings(2);
  findings[0].rule = &wrong;
  findings[1].rule = &fine;
  findings[1].suppression = findings::Suppression{"inline", "", {}};
  const std::vector<findings::Unresolved> undecided = {{&open, "r", "m", {}}};
  Report report{artifacts, findings, {}, {}, {}, {&wrong, &open, &fine}, "gabion", "0.1.0", ""};
  report.undecided = undecided;
  const auto states = [&] {
    std::string text;
    for (const Control& control : assess(report)) {
      text += std::string(control.framework) + std::string(control.id) + "=" + std::string(name(control.state)) + " ";
    }
    return text;
  };
  EXPECT_EQ(states(), "e3=passed f1.2=failed f1.10=failed f2=unknown f3=passed ");
  report.summary.incomplete = true;
  EXPECT_EQ(states(), "e3=unknown f1.2=failed f1.10=failed f2=unknown f3=unknown ");
}

}  // namespace
}  // namespace gabion::report
