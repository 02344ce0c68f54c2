#include "lsp/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/lsp/client.h"

namespace gabion::lsp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

int code_of(const Json& answer) {
  return answer.contains("error") ? answer["error"]["code"].get<int>() : 0;
}

// ---- Lifecycle. ----

TEST(Session, SaysWhatItCanDo) {
  const source::MemoryFileSystem files;
  Client client(files);
  const Json result = client.start();
  EXPECT_EQ(result["serverInfo"]["name"], "gabion");
  EXPECT_EQ(result["capabilities"]["positionEncoding"], "utf-16");
  EXPECT_EQ(result["capabilities"]["textDocumentSync"]["change"], 2);
  ASSERT_EQ(client.others.size(), 1U) << "it asks to be told of files that change";
  EXPECT_EQ(client.others[0]["method"], "client/registerCapability");
  client.session.receive(response(client.others[0]["id"], nullptr));
  EXPECT_EQ(client.answers.size(), 1U) << "an answer is not answered";
}

TEST(Session, CountsBytesWhereTheClientOffersThat) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  Client client(files);
  Json capabilities = Client::everything();
  capabilities["general"]["positionEncodings"] = {"utf-16", "utf-8"};
  EXPECT_EQ(client.start(capabilities)["capabilities"]["positionEncoding"], "utf-8");
  client.open("main.tf", "/* \xF0\x9F\x98\x80 */ " + std::string(kKey));
  EXPECT_THAT(client.found("main.tf"), ElementsAre("aws-kms-key-rotation@3:2"));
}

TEST(Session, RefusesRequestsBeforeItIsInitialized) {
  const source::MemoryFileSystem files;
  Client client(files);
  EXPECT_EQ(code_of(client.ask("textDocument/hover", Json::object())), -32002);
  client.open("main.tf", kKey);
  EXPECT_THAT(client.published, IsEmpty());
  client.start();
  EXPECT_EQ(code_of(client.ask("initialize", Json::object())), -32600);
}

TEST(Session, EndsWithTheStatusThatTheProtocolAsksFor) {
  const source::MemoryFileSystem files;
  Client polite(files);
  polite.start();
  EXPECT_EQ(polite.session.status_at_end(), 1);
  EXPECT_EQ(code_of(polite.ask("shutdown", nullptr)), 0);
  EXPECT_EQ(code_of(polite.ask("textDocument/hover", Json::object())), -32600);
  EXPECT_FALSE(polite.session.exit_status());
  polite.notify("exit", nullptr);
  EXPECT_EQ(polite.session.exit_status(), 0);
  Client rude(files);
  rude.notify("exit", nullptr);
  EXPECT_EQ(rude.session.exit_status(), 1);
}

TEST(Session, AnswersWhatIsNoRequest) {
  const source::MemoryFileSystem files;
  Client client(files);
  client.start();
  EXPECT_EQ(code_of(client.ask("textDocument/unheardOf", Json::object())), -32601);
  EXPECT_EQ(code_of(client.ask("$/unheardOf", Json::object())), -32601);
  const std::size_t before = client.answers.size();
  client.notify("textDocument/unheardOf", Json::object());
  client.notify("$/unheardOf", Json::object());
  EXPECT_EQ(client.answers.size(), before);
  for (const char* const bad : {"[]", "{}", R"([{"jsonrpc":"2.0","id":1,"method":"shutdown"}])", R"({"method":3})",
                                R"({"id":{},"method":"shutdown"})", R"({"id":null,"method":"shutdown"})"}) {
    client.answers.clear();
    client.session.receive(Json::parse(bad));
    ASSERT_TRUE(client.answers.contains("null")) << bad;
    EXPECT_EQ(code_of(client.answers["null"]), -32600) << bad;
  }
}

TEST(Session, AnswersParametersThatAreNone) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  Client client(files);
  client.start();
  client.open("main.tf", kKey);
  for (const char* const method : {"textDocument/hover", "textDocument/definition", "textDocument/codeAction"}) {
    for (const char* const params :
         {"null", "[]", "{}", R"({"textDocument":3})", R"({"textDocument":{"uri":"file:///other.tf"}})",
          R"({"textDocument":{"uri":"file:///home/project/main.tf"},"position":{"line":-1,"character":0}})"}) {
      EXPECT_EQ(code_of(client.ask(method, Json::parse(params))), -32602) << method << params;
    }
  }
  for (const char* const method :
       {"textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave",
        "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders", "initialized"}) {
    for (const char* const params : {"null", "[]", "{}", R"({"textDocument":{"uri":7}})", R"({"event":[]})",
                                     R"({"event":{"added":[3],"removed":{}}})"}) {
      client.notify(method, Json::parse(params));
    }
  }
  client.settle();
  EXPECT_TRUE(client.at("textDocument/hover", "main.tf", 999, 999).is_null()) << "beyond the text there is nothing";
}

// ---- Diagnostics. ----

TEST(Session, FindsAsOneTypes) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  Client client(files);
  client.start();
  client.open("main.tf", kKey);
  EXPECT_THAT(client.found("main.tf"), ElementsAre("aws-kms-key-rotation@3:2"));
  const Json one = client.published[uri_of("main.tf")]["diagnostics"][0];
  EXPECT_EQ(one["source"], "gabion");
  EXPECT_EQ(one["severity"], 2);
  EXPECT_THAT(one["codeDescription"]["href"].get<std::string>(), testing::StartsWith("https://"));
  EXPECT_EQ(client.published[uri_of("main.tf")]["version"], 1);
  client.change("main.tf", 2, Json::array({{{"range", to_json({{3, 28}, {3, 33}})}, {"text", "true"}}}));
  EXPECT_THAT(client.found("main.tf"), IsEmpty());
  EXPECT_EQ(client.published[uri_of("main.tf")]["version"], 2);
  client.type("main.tf", 3, kKey);
  client.close("main.tf");
  EXPECT_THAT(client.found("main.tf"), IsEmpty());
}

TEST(Session, KeepsFindingsWhileTheFileIsBroken) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  files.write("other.tf", std::string(kKey));
  Client client(files);
  client.start();
  const std::string broken = std::string(kKey) + "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \n";
  client.open("main.tf", broken);
  EXPECT_THAT(client.found("main.tf"), Contains("aws-kms-key-rotation@3:2"));
  EXPECT_THAT(client.found("main.tf"), Contains(HasSubstr("hcl-"))) << "and says where it is broken";
}

TEST(Session, ParsesOnlyWhatChanged) {
  source::MemoryFileSystem files;
  for (int i = 0; i < 30; ++i) {
    files.write("part" + std::to_string(i) + ".tf", "locals {\n  x" + std::to_string(i) + " = 1\n}\n");
  }
  Client client(files);
  client.start();
  client.open("part0.tf", "locals {\n  x0 = 1\n}\n");
  const std::uint64_t before = client.session.parsed();
  EXPECT_EQ(before, 30U);
  client.type("part0.tf", 2, "locals {\n  x0 = 2\n}\n");
  EXPECT_EQ(client.session.parsed(), before + 1);
  static_cast<void>(client.at("textDocument/hover", "part0.tf", 1, 8));
  static_cast<void>(client.at("textDocument/definition", "part0.tf", 1, 8));
  EXPECT_EQ(client.session.parsed(), before + 1);
}

TEST(Session, AnalysesTheRootModulesOfAFile) {
  source::MemoryFileSystem files;
  files.write("live/main.tf", "module \"key\" {\n  source = \"../modules/key\"\n  rotate = false\n}\n");
  files.write("modules/key/main.tf",
              "variable \"rotate\" {\n  type = bool\n}\nresource \"aws_kms_key\" \"k\" {\n"
              "  deletion_window_in_days = 30\n  enable_key_rotation     = var.rotate\n}\n"
              "resource \"aws_kms_alias\" \"k\" {\n  name          = \"alias/k\"\n"
              "  target_key_id = aws_kms_key.k.key_id\n}\n");
  files.write("unrelated/main.tf", std::string(kKey));
  Client client(files);
  client.start();
  client.open("modules/key/main.tf", *files.read("modules/key/main.tf", 1 << 20));
  EXPECT_THAT(client.found("modules/key/main.tf"), ElementsAre("aws-kms-key-rotation@5:2"));
  const Json one = client.published[uri_of("modules/key/main.tf")]["diagnostics"][0];
  ASSERT_TRUE(one.contains("relatedInformation"));
  EXPECT_THAT(one["relatedInformation"].dump(), HasSubstr("live/main.tf"));
  EXPECT_FALSE(client.published.contains(uri_of("unrelated/main.tf")));
  // What is not saved counts in the caller, too.
  client.open("live/main.tf", "module \"key\" {\n  source = \"../modules/key\"\n  rotate = true\n}\n");
  EXPECT_THAT(client.found("modules/key/main.tf"), IsEmpty());
}

TEST(Session, FollowsTheConfigurationAndSuppressions) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  files.write(".gabion.yaml", "rules:\n  skip: [aws-kms-key-rotation]\n");
  Client client(files);
  client.start();
  client.open("main.tf", kKey);
  EXPECT_THAT(client.found("main.tf"), IsEmpty());
  files.write(".gabion.yaml", "{}\n");
  client.notify("workspace/didChangeWatchedFiles", {{"changes", Json::array()}});
  client.settle();
  EXPECT_THAT(client.found("main.tf"), ElementsAre("aws-kms-key-rotation@3:2"));
  client.type("main.tf", 2, "# gabion:ignore aws-kms-key-rotation because\n" + std::string(kKey));
  EXPECT_THAT(client.found("main.tf"), IsEmpty());
  client.type("main.tf", 3, "# gabion:ignore aws-kms-key-rotation because\n");
  EXPECT_THAT(client.found("main.tf"), Contains(HasSubstr("suppression-")));
}

TEST(Session, SaysWhatIsWrongWithTheConfiguration) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  files.write(".gabion.yaml", "rules:\n  skipp: [x]\n");
  Client client(files);
  client.start();
  client.open("main.tf", kKey);
  EXPECT_THAT(client.found(".gabion.yaml"), ElementsAre(testing::StartsWith("configuration@1:")));
  EXPECT_EQ(client.others.back()["method"], "window/showMessage");
  // The file that is being edited counts, not the one on the disk.
  client.open(".gabion.yaml", "rules:\n  skip: []\n");
  EXPECT_THAT(client.found(".gabion.yaml"), IsEmpty());
  EXPECT_THAT(client.found("main.tf"), ElementsAre("aws-kms-key-rotation@3:2"));
}

TEST(Session, CountsMarksLineEndsAndAstralCharacters) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  std::string crlf = "# \xF0\x9F\x98\x80\r\n";
  for (const char c : kKey) {
    crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  files.write("marked.tf", "\xEF\xBB\xBFresource \"aws_kms_key\" \"m\" { deletion_window_in_days = 30 }\n");
  Client client(files);
  client.start();
  client.open("main.tf", "/* \xF0\x9F\x98\x80 */ resource \"aws_kms_key\" \"a\" { deletion_window_in_days = 30 }\n");
  EXPECT_THAT(client.found("main.tf"), Contains("aws-kms-key-rotation@0:9"));
  EXPECT_THAT(client.found("marked.tf"), Contains("aws-kms-key-rotation@0:0")) << "editors do not show the mark";
  client.type("main.tf", 2, crlf);
  EXPECT_THAT(client.found("main.tf"), ElementsAre("aws-kms-key-rotation@4:2"));
}

TEST(Session, SeesFoldersComeAndGo) {
  source::MemoryFileSystem files;
  files.write("a/main.tf", "");
  files.write("a/.gabion.yaml", "rules:\n  skip: [aws-kms-key-rotation]\n");
  Client client(files);
  client.start();
  client.open("a/main.tf", kKey);
  EXPECT_THAT(client.found("a/main.tf"), ElementsAre("aws-kms-key-rotation@3:2"))
      << "the folder above has no such file";
  client.notify(
      "workspace/didChangeWorkspaceFolders",
      {{"event", {{"added", Json::array({{{"uri", uri_of("a")}, {"name", "a"}}})}, {"removed", Json::array()}}}});
  client.settle();
  EXPECT_THAT(client.found("a/main.tf"), IsEmpty());
  client.notify(
      "workspace/didChangeWorkspaceFolders",
      {{"event", {{"removed", Json::array({{{"uri", uri_of("a")}, {"name", "a"}}})}, {"added", Json::array()}}}});
  client.settle();
  EXPECT_THAT(client.found("a/main.tf"), ElementsAre("aws-kms-key-rotation@3:2"));
}

/// Says that the client took requests back, or typed on, from the given question on.
class Impatient final : public Arrivals {
 public:
  [[nodiscard]] bool cancelled(const Json& /*id*/) const override { return cancel && asked_++ > 0; }
  [[nodiscard]] bool edits() const override { return edit; }
  [[nodiscard]] bool leaving() const override { return false; }
  bool cancel = false;
  bool edit = false;

 private:
  mutable int asked_ = 0;
};

TEST(Session, GivesUpWhatNobodyWaitsFor) {
  source::MemoryFileSystem files;
  files.write("main.tf", "");
  Impatient impatient;
  Client client(files, &impatient);
  client.start();
  impatient.edit = true;
  client.open("main.tf", kKey);
  EXPECT_THAT(client.published, IsEmpty());
  const Json position = {{"textDocument", {{"uri", uri_of("main.tf")}}}, {"position", {{"line", 1}, {"character", 3}}}};
  EXPECT_EQ(code_of(client.ask("textDocument/hover", position)), -32801);
  impatient.edit = false;
  impatient.cancel = true;
  EXPECT_EQ(code_of(client.ask("textDocument/hover", position)), -32800);
  impatient.cancel = false;
  client.settle();
  EXPECT_THAT(client.found("main.tf"), ElementsAre("aws-kms-key-rotation@3:2"));
}

}  // namespace
}  // namespace gabion::lsp
