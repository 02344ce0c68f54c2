// Hover, definition and code actions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lsp/session.h"
#include "unit/lsp/client.h"

namespace gabion::lsp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kMain = R"(variable "days" {
  default = 30
}
variable "open" {}
variable "secret" {
  default   = "hunter2hunter2"
  sensitive = true
}
locals {
  tags = { Name = "key-${var.days}", Team = "a" }
}
module "key" {
  source = "./key"
  rotate = false
}
resource "aws_kms_key" "a" {
  count                   = 2
  description             = "${var.days} days ${count.index}"
  deletion_window_in_days = var.days
  enable_key_rotation     = true
  policy                  = var.open
  tags                    = merge(local.tags, { P = var.secret })
}
output "arn" {
  value = [for k in aws_kms_key.a : module.key.arn]
}
)";

constexpr std::string_view kModule = R"(variable "rotate" {
  type = bool
}
resource "aws_kms_key" "k" {
  deletion_window_in_days = 30
  enable_key_rotation     = var.rotate
}
output "arn" {
  value = aws_kms_key.k.arn
}
)";

class Features : public testing::Test {
 protected:
  Features() : client_(files_) {
    files_.write("main.tf", std::string(kMain));
    files_.write("terraform.tfvars", "days = 7\n");
    files_.write("key/main.tf", std::string(kModule));
    client_.start();
    client_.open("main.tf", kMain);
    client_.open("key/main.tf", kModule);
  }

  /// The line that has the text, and where in it.
  static Position place(std::string_view text, std::string_view what, std::uint32_t behind = 0) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string_view::npos) << what;
    return Positions(text, Encoding::kUtf16).position(at + behind);
  }
  std::string hover(std::string_view file, std::string_view text, std::string_view what, std::uint32_t behind = 0) {
    const Position at = place(text, what, behind);
    const Json result = client_.at("textDocument/hover", file, at.line, at.character);
    return result.is_null() ? "" : result["contents"]["value"].get<std::string>();
  }
  /// "file:line" of every origin.
  std::vector<std::string> origins(std::string_view file, std::string_view text, std::string_view what,
                                   std::uint32_t behind = 0) {
    const Position at = place(text, what, behind);
    std::vector<std::string> result;
    for (const Json& one : client_.at("textDocument/definition", file, at.line, at.character)) {
      const auto uri = one["uri"].get<std::string>();
      result.push_back(uri.substr(uri_of("").size()) + ":" + one["range"]["start"]["line"].dump());
    }
    return result;
  }

  source::MemoryFileSystem files_;
  Client client_;
};

TEST_F(Features, HoverSaysWhatIsWrittenThereEvaluatesTo) {
  EXPECT_THAT(hover("main.tf", kMain, "deletion_window_in_days"), HasSubstr("\n7\n")) << "from the file of variables";
  EXPECT_THAT(hover("main.tf", kMain, "= var.days\n", 3), HasSubstr("\n7\n"));
  EXPECT_THAT(hover("main.tf", kMain, "tags = {"), HasSubstr("Name = \"key-7\""));
  EXPECT_THAT(hover("main.tf", kMain, "description", 2),
              testing::AllOf(HasSubstr("\"7 days 0\""), HasSubstr("\"7 days 1\"")));
  EXPECT_THAT(hover("key/main.tf", kModule, "= var.rotate", 4), HasSubstr("\nfalse\n")) << "as the caller gives it";
}

TEST_F(Features, HoverSaysWhatIsNotKnown) {
  EXPECT_THAT(hover("main.tf", kMain, "= var.open", 4), HasSubstr("var.open has no value"));
  EXPECT_THAT(hover("key/main.tf", kModule, "aws_kms_key.k.arn", 14), HasSubstr("known after apply"));
}

TEST_F(Features, HoverShowsNoSecrets) {
  const std::string shown = hover("main.tf", kMain, "merge(", 2);
  EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
  EXPECT_THAT(shown, HasSubstr("(sensitive value)"));
  EXPECT_THAT(hover("main.tf", kMain, "\"hunter2hunter2\"", 3), Not(HasSubstr("hunter2")));
}

TEST_F(Features, HoverExplainsFindings) {
  const std::string shown = hover("key/main.tf", kModule, "enable_key_rotation", 2);
  EXPECT_THAT(shown, HasSubstr("aws-kms-key-rotation"));
  EXPECT_THAT(shown, HasSubstr("https://"));
  EXPECT_THAT(hover("main.tf", kMain, "variable \"open\"", 12), IsEmpty());
}

TEST_F(Features, DefinitionFindsDeclarations) {
  EXPECT_THAT(origins("main.tf", kMain, "= var.days\n", 4), ElementsAre("main.tf:0", "terraform.tfvars:0"));
  EXPECT_THAT(origins("main.tf", kMain, "local.tags", 8), ElementsAre("main.tf:9"));
  EXPECT_THAT(origins("main.tf", kMain, "aws_kms_key.a :", 3), ElementsAre("main.tf:15"));
  EXPECT_THAT(origins("main.tf", kMain, "module.key.arn", 12), ElementsAre("key/main.tf:7", "main.tf:11"));
  EXPECT_THAT(origins("main.tf", kMain, "module.key.arn", 8), ElementsAre("main.tf:11"));
  EXPECT_THAT(origins("main.tf", kMain, "count.index", 2), ElementsAre("main.tf:16"));
  EXPECT_THAT(origins("key/main.tf", kModule, "aws_kms_key.k.arn", 2), ElementsAre("key/main.tf:3"));
}

TEST_F(Features, DefinitionLeadsThroughCalls) {
  EXPECT_THAT(origins("key/main.tf", kModule, "= var.rotate", 5), ElementsAre("key/main.tf:0", "main.tf:13"));
  EXPECT_THAT(origins("key/main.tf", kModule, "\"rotate\"", 2), ElementsAre("main.tf:13"));
  EXPECT_THAT(origins("main.tf", kMain, "rotate = false", 2), ElementsAre("key/main.tf:0"));
  EXPECT_THAT(origins("main.tf", kMain, "\"./key\"", 2), ElementsAre("key/main.tf:0"));
  EXPECT_THAT(origins("main.tf", kMain, "30", 1), IsEmpty());
}

/// Applies a WorkspaceEdit to one text.
std::string applied(std::string text, const Json& edit, std::string_view file) {
  Document document(uri_of(file), "/x", 1, std::move(text));
  for (const Json& change : edit["documentChanges"]) {
    EXPECT_EQ(change["textDocument"]["uri"], uri_of(file));
    const Json& edits = change["edits"];
    for (auto one = edits.rbegin(); one != edits.rend(); ++one) {
      EXPECT_TRUE(
          document.change(Json::array({{{"range", (*one)["range"]}, {"text", (*one)["newText"]}}}), Encoding::kUtf16));
    }
  }
  return document.text();
}

TEST(CodeActions, OfferProvedFixesAndSuppressions) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  Client client(files);
  client.start();
  client.open("main.tf", kKey);
  const Json actions = client.actions("main.tf", 3);
  ASSERT_EQ(actions.size(), 2U) << actions.dump(1);
  EXPECT_THAT(actions[0]["title"].get<std::string>(), HasSubstr("(aws-kms-key-rotation)"));
  EXPECT_EQ(actions[0]["isPreferred"], true);
  EXPECT_EQ(actions[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 1);
  client.type("main.tf", 2, applied(std::string(kKey), actions[0]["edit"], "main.tf"));
  EXPECT_THAT(client.found("main.tf"), IsEmpty());
  client.type("main.tf", 3, applied(std::string(kKey), actions[1]["edit"], "main.tf"));
  EXPECT_THAT(client.found("main.tf"), IsEmpty());
  EXPECT_TRUE(client.actions("main.tf", 0).empty());
}

TEST(CodeActions, KeepLineEnds) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  std::string crlf;
  for (const char c : kKey) {
    crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  Client client(files);
  client.start();
  client.open("main.tf", crlf);
  const Json actions = client.actions("main.tf", 3);
  ASSERT_EQ(actions.size(), 2U);
  const std::string suppressed = applied(crlf, actions[1]["edit"], "main.tf");
  EXPECT_THAT(suppressed, HasSubstr("  # gabion:ignore aws-kms-key-rotation TODO: say why\r\n  enable_key_rotation"));
}

TEST(CodeActions, AreNotAboutJson) {
  source::MemoryFileSystem files;
  files.write("main.tf.json", "");
  Client client(files);
  client.start();
  client.open("main.tf.json", R"({"resource": {"aws_kms_key": {"a": {"enable_key_rotation": false}}}})");
  EXPECT_THAT(client.found("main.tf.json"), testing::Contains(HasSubstr("aws-kms-key-rotation")));
  for (const Json& action : client.actions("main.tf.json", 0)) {
    EXPECT_THAT(action["title"].get<std::string>(), Not(HasSubstr("Suppress")));
  }
}

TEST(CodeActions, AnswerOnlyWhatWasAskedFor) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  Client client(files);
  client.start();
  client.open("main.tf", kKey);
  const Json params{{"textDocument", {{"uri", uri_of("main.tf")}}},
                    {"range", to_json({{0, 0}, {9, 0}})},
                    {"context", {{"diagnostics", Json::array()}, {"only", {"refactor"}}}}};
  EXPECT_EQ(client.request("textDocument/codeAction", params), Json::array());
}

}  // namespace
}  // namespace gabion::lsp
