// gabion scan with every format: several files at once, the summary of a CI job, and the programs that read the
// formats.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "clients.h"
#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// Names that try to become something else wherever they are printed.
constexpr std::string_view kHostile = R"(locals {
  names = toset(["<script>alert(1)</script>", "a\nb", "\u001b[31mred", "x\u202Egpj", "=1+1", "]]>", "a|b`c", "::error::x"])
}

resource "aws_kms_key" "a" {
  for_each            = local.names
  description         = each.key
  enable_key_rotation = false
}
)";

class ReportsTest : public testing::Test {
 protected:
  /// Path of a schema, which is not part of the project; empty where it is not there.
  static std::string schema(const std::string& name) {
    const char* directory = std::getenv("GABION_SCHEMAS");
    const std::filesystem::path path =
        (directory != nullptr ? std::filesystem::path(directory)
                              : std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "schemas") /
        name;
    return std::filesystem::exists(path) ? path.string() : std::string();
  }

  Project project_;
};

TEST_F(ReportsTest, WritesSeveralAtOnce) {
  project_.write("main.tf", kBadKey);
  const Outcome outcome = project_.gabion({"scan",
                                           "--format",
                                           "json",
                                           "--report",
                                           "sarif=a.sarif",
                                           "--report",
                                           "junit=a.xml",
                                           "--report",
                                           "gitlab=a.gitlab.json",
                                           "--report",
                                           "codeclimate=a.quality.json",
                                           "--report",
                                           "bitbucket=a.bitbucket.json",
                                           "--report",
                                           "csv=a.csv",
                                           "--report",
                                           "markdown=a.md",
                                           "--report",
                                           "github=a.github",
                                           "--report",
                                           "text=a.txt"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.json().at("findings"), Not(IsEmpty()));
  EXPECT_EQ(json::parse(project_.read("a.sarif")).at("version"), "2.1.0");
  EXPECT_THAT(project_.read("a.xml"), StartsWith("<?xml"));
  EXPECT_EQ(json::parse(project_.read("a.gitlab.json")).at("version"), "15.0.4");
  EXPECT_TRUE(json::parse(project_.read("a.quality.json")).is_array());
  EXPECT_EQ(json::parse(project_.read("a.bitbucket.json")).at("report").at("result"), "FAILED");
  EXPECT_THAT(project_.read("a.csv"), StartsWith("\"rule\","));
  EXPECT_THAT(project_.read("a.md"), StartsWith("### gabion: "));
  EXPECT_THAT(project_.read("a.github"), HasSubstr("file=main.tf,line="));
  EXPECT_THAT(project_.read("a.txt"), HasSubstr(" --> main.tf:"));
}

TEST_F(ReportsTest, WritesToStandardOutputByItsNames) {
  project_.write("main.tf", kBadKey);
  for (const std::string name : {"-", "/dev/stdout"}) {
    const Outcome outcome = project_.gabion({"scan", "--report", "json=" + name, "--report", "csv=a.csv"});
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    EXPECT_TRUE(outcome.json().is_object()) << outcome.out;
    EXPECT_FALSE(std::filesystem::exists(project_.path("-")));
  }
  EXPECT_THAT(project_.gabion({"scan", "--output", "-"}).out, HasSubstr(" --> main.tf:"));
  // Other reports alone are all there is; a format that was asked for is written beside them.
  EXPECT_THAT(project_.gabion({"scan", "--report", "json=a.json"}).out, IsEmpty());
  EXPECT_THAT(project_.gabion({"scan", "--format", "text", "--report", "json=a.json"}).out, HasSubstr(" --> main.tf:"));
}

TEST_F(ReportsTest, SuggestsTheFormatThatWasMeant) {
  const Outcome outcome = project_.gabion({"scan", "--report", "junt=x"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"junit\"?"));
}

TEST_F(ReportsTest, GivesProgramsTheirDocumentEvenWhenItCannotStart) {
  for (const std::string format : {"json", "sarif", "gitlab", "bitbucket", "codeclimate", "github-review"}) {
    const Outcome outcome = project_.gabion({"scan", "--format", format, "--rule", "no-such-rule"});
    EXPECT_EQ(outcome.status, 2) << format;
    EXPECT_FALSE(outcome.json().is_discarded()) << format << ": " << outcome.out;
  }
  EXPECT_THAT(project_.gabion({"scan", "--format", "junit", "--rule", "no-such-rule"}).out, HasSubstr("errors=\"1\""));
}

TEST_F(ReportsTest, LeavesFilesWholeAndTheirModesAlone) {
  project_.write("main.tf", kBadKey);
  project_.write("report.json", "old");
  ASSERT_EQ(chmod(project_.path("report.json").c_str(), 0640), 0);
  std::filesystem::create_symlink("report.json", project_.path("link.json"));
  EXPECT_EQ(project_.gabion({"scan", "--report", "json=link.json"}).status, 1);
  EXPECT_TRUE(std::filesystem::is_symlink(project_.path("link.json")));
  EXPECT_TRUE(json::parse(project_.read("report.json")).is_object());
  struct stat status {};
  ASSERT_EQ(stat(project_.path("report.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);

  const Outcome failed = project_.gabion({"scan", "--report", "json=absent/report.json"});
  EXPECT_EQ(failed.status, 2);
  EXPECT_THAT(failed.err, HasSubstr("the file cannot be written"));
  // Nothing else is left behind.
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(project_.path())) {
    names.insert(entry.path().filename().string());
  }
  EXPECT_EQ(names, (std::set<std::string>{"link.json", "main.tf", "report.json"}));
}

TEST_F(ReportsTest, AppendsToTheSummaryOfTheJob) {
  project_.write("main.tf", kBadKey);
  project_.write("summary.md", "before\n");
  const std::string summary = project_.path("summary.md").string();
  const Outcome outcome = project_.gabion({"scan", "--format", "github"}, {}, {{"GITHUB_STEP_SUMMARY", summary}});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, StartsWith("::"));
  EXPECT_THAT(project_.read("summary.md"), StartsWith("before\n### gabion: "));
  // Other formats leave it alone.
  project_.write("summary.md", "");
  EXPECT_EQ(project_.gabion({"scan"}, {}, {{"GITHUB_STEP_SUMMARY", summary}}).status, 1);
  EXPECT_THAT(project_.read("summary.md"), IsEmpty());
  // No byte more than a step may have.
  project_.write("summary.md", repeat("x", 1024 * 1024 - 4096));
  EXPECT_EQ(project_.gabion({"scan", "--format", "github"}, {}, {{"GITHUB_STEP_SUMMARY", summary}}).status, 1);
  EXPECT_LE(project_.read("summary.md").size(), 1024U * 1024U);
}

TEST_F(ReportsTest, NamesFilesAsTheServiceDoes) {
  project_.write("infra/main.tf", kBadKey);
  Project elsewhere;
  const Outcome outcome = project_.run({"sh", "-c", "cd infra && exec \"$0\" scan --format github", GABION_PROGRAM}, {},
                                       {{"GITHUB_WORKSPACE", project_.path().string()}});
  EXPECT_THAT(outcome.out, HasSubstr("file=infra/main.tf,"));
  EXPECT_THAT(
      project_.gabion({"scan", "--format", "github", "infra"}, {}, {{"GITHUB_WORKSPACE", elsewhere.path().string()}})
          .out,
      HasSubstr("file=infra/main.tf,"));
}

TEST_F(ReportsTest, TellsTimesOnlyWhereAFormatNeedsThem) {
  project_.write("main.tf", kBadKey);
  const std::map<std::string, std::string> fixed = {{"SOURCE_DATE_EPOCH", "1767225600"}};
  const json report = project_.gabion({"scan", "--format", "gitlab"}, {}, fixed).json();
  EXPECT_EQ(report.at("scan").at("start_time"), "2026-01-01T00:00:00");
  EXPECT_EQ(report.at("scan").at("end_time"), "2026-01-01T00:00:00");
}

TEST_F(ReportsTest, GivesTheLogOfAJobNoCommands) {
  project_.write("##[add-mask]x ##vso[task].tf", kBadKey);
  for (const std::string format : {"text", "json", "junit", "html", "csv", "markdown"}) {
    const Outcome outcome = project_.gabion({"scan", "--format", format}, {}, {{"GITHUB_ACTIONS", "true"}});
    EXPECT_EQ(outcome.status, 1) << format;
    EXPECT_THAT(outcome.out, Not(HasSubstr("##["))) << format;
    EXPECT_THAT(outcome.out, Not(HasSubstr("##vso["))) << format;
    if (format == std::string("json")) {
      EXPECT_EQ(outcome.json().at("findings").at(0).at("file"), "##[add-mask]x ##vso[task].tf");
    }
  }
}

TEST_F(ReportsTest, ErrorsAreOneLineWhateverTheyName) {
  const Outcome outcome = project_.gabion({"scan", "a\nb\x1b[2J\u202E"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("a\\nb\\x1b[2J\\u{202e}"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b")));
}

TEST_F(ReportsTest, JunitIsValid) {
  if (!project_.has("xmllint")) {
    GTEST_SKIP() << "there is no xmllint (Debian package libxml2-utils)";
  }
  project_.write("main.tf", kHostile);
  project_.write("broken.tf", "resource \"a\" {{{");
  EXPECT_EQ(project_.gabion({"scan", "--report", "junit=report.xml"}).status, 1);
  EXPECT_EQ(project_.run({"xmllint", "--noout", "report.xml"}).status, 0);
  const std::string schema_file = schema("junit-10.xsd");
  if (schema_file.empty()) {
    GTEST_SKIP() << "set GABION_SCHEMAS to a directory with junit-10.xsd: only the form of XML was checked";
  }
  const Outcome checked = project_.run({"xmllint", "--noout", "--schema", schema_file, "report.xml"});
  EXPECT_EQ(checked.status, 0) << checked.err;
}

TEST_F(ReportsTest, SarifSatisfiesTheMultitool) {
  // The program itself: the script around it takes ";" for the end of a command.
  constexpr std::string_view kTool = "@microsoft/sarif-multitool-linux/Sarif.Multitool";
  if (!has_client_module(kTool)) {
    GTEST_SKIP() << kNoClients;
  }
  const std::string tool = (client_modules() / kTool).string();
  project_.write("main.tf", kHostile);
  project_.write("broken.tf", "resource \"a\" {{{");
  EXPECT_EQ(project_.gabion({"scan", "--report", "sarif=report.sarif"}).status, 1);
  const Outcome checked =
      project_.run({tool, "validate", "report.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error"}, {},
                   {{"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"}});
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("Analysis completed successfully"));
  EXPECT_THAT(checked.out, Not(HasSubstr(": error"))) << checked.out;
}

// What is written as one line stands in no report as a whole once for each finding.
TEST_F(ReportsTest, OfAFileInOneLineDoNotGrowWithItsSquare) {
  constexpr std::size_t kKeys = 400;
  json keys = json::object();
  for (std::size_t i = 0; i < kKeys; ++i) {
    keys["key" + std::to_string(i)] = {{"description", std::string(100, 'k')}, {"enable_key_rotation", false}};
  }
  project_.write("main.tf.json", json{{"resource", {{"aws_kms_key", keys}}}}.dump());
  const std::size_t size = json{{"resource", {{"aws_kms_key", keys}}}}.dump().size();
  for (const char* format : {"gitlab", "github-review", "markdown", "sarif", "html", "text"}) {
    const Outcome outcome =
        project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", format, "main.tf.json"});
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    EXPECT_LT(outcome.out.size(), size / 4 * kKeys) << format;
  }
}

}  // namespace
}  // namespace gabion::e2e
