// The HTML report in headless Chromium: hostile names stay names, the filter filters, nothing is loaded. Skipped where
// there is no Chromium (Debian package chromium).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A page that was spoofed has another title, or an element that is not ours.
constexpr std::string_view kConfiguration = R"(locals {
  names = toset([
    "<script>document.title='pwned'</script>",
    "\"><img src=x onerror=\"document.title='pwned'\">",
    "</code></pre></div></details><h1 id=pwned>",
    "a\nb", "\u001b[31mred", "x\u202Egpj.exe", "]]> <!-- &lt;b&gt;", "javascript:document.title='pwned'",
  ])
}

resource "aws_kms_key" "hostile" {
  for_each            = local.names
  description         = each.key
  enable_key_rotation = false
}

resource "aws_s3_bucket" "<\/script><script>document.title='pwned'</script>" {
  bucket = "b"
}
)";

class HtmlReportTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* const name : {"chromium", "chromium-browser", "google-chrome"}) {
      if (project_.has(name)) {
        browser_ = name;
        return;
      }
    }
    GTEST_SKIP() << "there is no Chromium (Debian package chromium)";
  }

  /// The page after its script has run, as markup.
  Outcome dom(const std::string& file, const std::string& fragment = {}) const {
    return project_.run({browser_, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                         "--user-data-dir=" + project_.path("profile").string(), "--virtual-time-budget=2000",
                         "--dump-dom", "file://" + project_.path(file).string() + fragment});
  }

  Project project_;
  std::string browser_;
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t number = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) {
    ++number;
  }
  return number;
}

TEST_F(HtmlReportTest, HostileNamesStayNames) {
  project_.write("main.tf", kConfiguration);
  project_.write("<img src=x onerror=document.title=1>.tf", "resource \"aws_kms_key\" \"x\" {{{ <b>\x1b[2J");
  EXPECT_EQ(project_.gabion({"scan", "--report", "html=report.html"}).status, 1);
  const Outcome page = dom("report.html");
  ASSERT_EQ(page.status, 0) << page.err;
  EXPECT_THAT(page.out, HasSubstr("<title>gabion report</title>"));
  EXPECT_THAT(page.out, Not(HasSubstr("id=\"pwned\"")));
  EXPECT_THAT(page.out, Not(HasSubstr("<img")));
  EXPECT_EQ(count(page.out, "<script"), 1U);
  EXPECT_EQ(count(page.out, "<h1"), 1U);
  EXPECT_THAT(page.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(page.out, Not(HasSubstr("\u202E")));
  // The script ran, within what the policy allows.
  EXPECT_THAT(page.out, HasSubstr("class=\"js\""));
  EXPECT_THAT(page.out, HasSubstr("&lt;script&gt;document.title='pwned'&lt;/script&gt;"));
}

TEST_F(HtmlReportTest, FiltersWithoutNetwork) {
  project_.write("main.tf", std::string(kBadKey) + R"(
module "m" {
  source = "./m"
}
)");
  project_.write("m/main.tf", kBadKey);
  EXPECT_EQ(project_.gabion({"scan", "--report", "html=report.html"}).status, 1);
  const std::string all = dom("report.html").out;
  const std::size_t entries = count(all, "<details class=\"finding");
  EXPECT_GT(entries, 2U);
  EXPECT_EQ(count(all, "hidden=\"\""), 0U);
  const std::string medium = dom("report.html", "#severity=medium").out;
  EXPECT_EQ(count(medium, "<details class=\"finding"), entries);
  EXPECT_EQ(entries - count(medium, "hidden=\"\""), count(medium, "<details class=\"finding medium"));
  const std::string rule = dom("report.html", "#rule=aws-kms-key-rotation").out;
  EXPECT_EQ(entries - count(rule, "hidden=\"\""), 2U);
  const std::string module = dom("report.html", "#rule=aws-kms-key-rotation&module=module%2Em").out;
  EXPECT_EQ(entries - count(module, "hidden=\"\""), 1U);
  EXPECT_THAT(module, HasSubstr("1 finding at 1 place<"));
  const std::string searched = dom("report.html", "#rule=aws-kms-key-rotation&q=KEY%20m/main").out;
  EXPECT_EQ(entries - count(searched, "hidden=\"\""), 1U);
  EXPECT_EQ(entries - count(dom("report.html", "#q=no-such-thing").out, "hidden=\"\""), 0U);
}

TEST_F(HtmlReportTest, ShowsWhatWasNotAnalysed) {
  project_.write("main.tf", kGoodKey);
  project_.write("broken.tf", "resource \"aws_kms_key\" {{{\n");
  EXPECT_EQ(project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--report", "html=report.html"}).status, 3);
  const std::string page = dom("report.html").out;
  EXPECT_THAT(page, HasSubstr("The analysis is incomplete"));
  EXPECT_THAT(page, HasSubstr("What was not analysed, or only in part"));
  EXPECT_THAT(page, HasSubstr("broken.tf"));
}

}  // namespace
}  // namespace gabion::e2e
