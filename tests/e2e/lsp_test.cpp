// The language server with clients that were written elsewhere: Neovim and the protocol library of Visual Studio Code.
// Each is skipped where it is not installed. The raw protocol is tried in any case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "clients.h"
#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::string framed(const json& message) {
  const std::string text = message.dump();
  return "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}

json request(int id, const char* method, json params) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
}

json notification(const char* method, json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

/// Everything that the server wrote.
std::vector<json> messages(const std::string& out) {
  std::vector<json> result;
  constexpr std::string_view kHeader = "Content-Length: ";
  for (std::size_t at = 0; at < out.size();) {
    EXPECT_EQ(out.compare(at, kHeader.size(), kHeader), 0);
    const std::size_t size = std::stoul(out.substr(at + kHeader.size()));
    const std::size_t body = out.find("\r\n\r\n", at) + 4;
    result.push_back(json::parse(out.substr(body, size)));
    at = body + size;
  }
  return result;
}

json initialize(const Project& project) {
  return request(
      1, "initialize",
      {{"processId", nullptr}, {"rootUri", "file://" + project.path().string()}, {"capabilities", json::object()}});
}

json open(const Project& project, std::string_view text) {
  return notification("textDocument/didOpen", {{"textDocument",
                                                {{"uri", "file://" + project.path("main.tf").string()},
                                                 {"languageId", "terraform"},
                                                 {"version", 1},
                                                 {"text", std::string(text)}}}});
}

TEST(LanguageServer, ServesOverStandardStreams) {
  const Project project;
  project.write("main.tf", "");
  const std::string uri = "file://" + project.path("main.tf").string();
  const json at{{"textDocument", {{"uri", uri}}}, {"position", {{"line", 2}, {"character", 4}}}};
  const Outcome outcome = project.gabion(
      {"lsp", "--stdio"}, framed(initialize(project)) + framed(notification("initialized", json::object())) +
                              framed(open(project, kBadKey)) + framed(request(2, "textDocument/hover", at)) +
                              framed(request(3, "shutdown", nullptr)) + framed(notification("exit", nullptr)));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  bool found = false;
  bool hovered = false;
  for (const json& message : messages(outcome.out)) {
    found = found || (message.value("method", "") == "textDocument/publishDiagnostics" &&
                      message.dump().find("aws-kms-key-rotation") != std::string::npos);
    hovered = hovered || (message.value("id", 0) == 2 && message.dump().find("false") != std::string::npos);
  }
  EXPECT_TRUE(found);
  EXPECT_TRUE(hovered);
}

TEST(LanguageServer, SurvivesWhatIsNoMessage) {
  const Project project;
  const std::string bad = "Content-Length: 5\r\n\r\n{bad}" + std::string("Content-Length: x\r\n\r\n") +
                          "Content-Length: 99999999999999\r\n\r\n" + framed(json::array({1})) + framed(json(7));
  const Outcome outcome = project.gabion(
      {"lsp"}, framed(request(9, "textDocument/hover", json::object())) + bad + framed(initialize(project)) +
                   framed(request(3, "shutdown", nullptr)) + framed(notification("exit", nullptr)));
  EXPECT_EQ(outcome.status, 0);
  std::vector<int> codes;
  for (const json& message : messages(outcome.out)) {
    codes.push_back(message.contains("error") ? message["error"]["code"].get<int>() : 0);
  }
  EXPECT_THAT(codes, ElementsAre(-32002, -32700, -32700, -32700, -32600, -32600, 0, 0));
}

TEST(LanguageServer, EndsWithItsClient) {
  const Project project;
  EXPECT_EQ(project.gabion({"lsp"}, framed(initialize(project))).status, 1) << "the stream ended without a word";
  EXPECT_EQ(project.gabion({"lsp"}, framed(notification("exit", nullptr))).status, 1);
  EXPECT_EQ(project.gabion({"lsp"}, framed(request(1, "exit", nullptr))).status, 1);
  EXPECT_EQ(project.gabion({"lsp"}, "Content-Length: 1000\r\n\r\n{").status, 1);
}

/// Every text within a document, but those that are to be written to files.
void collect_texts(const json& value, std::vector<std::string>& texts) {
  if (value.is_string()) {
    texts.push_back(value.get<std::string>());
  }
  for (const auto& [name, inner] : value.items()) {
    if (value.is_array() || (value.is_object() && name != "newText")) {
      collect_texts(inner, texts);
    }
  }
}

TEST(LanguageServer, ShowsTextsOfOthersAsTexts) {
  const Project project;
  const std::string text =
      "locals {\n  names = toset([\"\\u001b[31mred\", \"x\\u202Egpj\", \"```\\n![i](https://example.com)\"])\n}\n"
      "resource \"aws_kms_key\" \"a\" {\n  for_each = local.names\n  description = \"${each.key} \x1b[2J \u202E\"\n"
      "  enable_key_rotation = false\n}\nmodule \"m\x1b[31m\" {\n  source = \"./gone\\u001b[2J\"\n}\n"
      "resource \"aws_iam_role_policy\" \"p\" {\n  role = \"r\"\n  policy = jsonencode({ Statement = [{\n"
      "    Sid = \"\\u001b[31m\", Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })\n}\n";
  project.write("main.tf", text);
  const std::string uri = "file://" + project.path("main.tf").string();
  std::string input =
      framed(initialize(project)) + framed(notification("initialized", json::object())) + framed(open(project, text));
  constexpr int kLines = 14;
  constexpr int kFirstRequest = 10;
  for (int line = 0; line < kLines; ++line) {
    const json document{{"uri", uri}};
    input += framed(request(kFirstRequest + 2 * line, "textDocument/hover",
                            {{"textDocument", document}, {"position", {{"line", line}, {"character", 4}}}}));
    input += framed(request(
        kFirstRequest + 2 * line + 1, "textDocument/codeAction",
        {{"textDocument", document},
         {"range", {{"start", {{"line", line}, {"character", 0}}}, {"end", {{"line", line}, {"character", 4}}}}},
         {"context", {{"diagnostics", json::array()}}}}));
  }
  const Outcome outcome =
      project.gabion({"lsp"}, input + framed(request(3, "shutdown", nullptr)) + framed(notification("exit", nullptr)));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::vector<std::string> texts;
  for (const json& message : messages(outcome.out)) {
    collect_texts(message, texts);
  }
  EXPECT_GT(texts.size(), 100U);
  for (const std::string& one : texts) {
    for (const char c : one) {
      EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << testing::PrintToString(one);
    }
    EXPECT_EQ(one.find("\u202E"), std::string::npos) << testing::PrintToString(one);
  }
}

/// What both clients do: open a bad key, mend it by typing, go back, mend it by a code action, ask about a name.
void expect_session(const json& seen) {
  EXPECT_EQ(seen.value("error", ""), "");
  EXPECT_THAT(seen["opened"], ElementsAre("aws-kms-key-rotation"));
  EXPECT_THAT(seen["typed"], testing::IsEmpty());
  EXPECT_THAT(seen["undone"], ElementsAre("aws-kms-key-rotation"));
  EXPECT_THAT(seen["hover"].get<std::string>(), HasSubstr("audit key"));
  EXPECT_EQ(seen["definition"], 0);
  EXPECT_THAT(seen["title"].get<std::string>(), HasSubstr("aws-kms-key-rotation"));
  EXPECT_THAT(seen["fixed"], testing::IsEmpty());
  EXPECT_THAT(seen["text"].get<std::string>(), HasSubstr("enable_key_rotation = true"));
}

constexpr std::string_view kText = R"(variable "name" {
  default = "audit"
}
resource "aws_kms_key" "a" {
  description         = "${var.name} key"
  enable_key_rotation = false
}
resource "aws_kms_alias" "a" {
  name          = "alias/a"
  target_key_id = aws_kms_key.a.key_id
}
)";

TEST(LanguageServer, ServesNeovim) {
  const Project project;
  if (!project.has("nvim")) {
    GTEST_SKIP() << "there is no Neovim (Debian package neovim)";
  }
  project.write("main.tf", kText);
  const Outcome outcome = project.run({"nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c",
                                       "luafile " + client_script("neovim.lua"), "-c", "qa!"},
                                      {}, {{"GABION", GABION_PROGRAM}, {"HOME", project.path().string()}});
  const json seen = json::parse(project.read("seen.json"), nullptr, false);
  ASSERT_TRUE(seen.is_object()) << outcome.out << outcome.err;
  expect_session(seen);
}

TEST(LanguageServer, ServesNeovimSetUpAsTheDocumentationSays) {
  const Project project;
  if (!project.has("nvim")) {
    GTEST_SKIP() << "there is no Neovim (Debian package neovim)";
  }
  // The second of the blocks: Debian 12 has an older version.
  std::ifstream page(std::filesystem::path(GABION_SOURCE_DIR) / "docs" / "editors.md");
  const std::string text{std::istreambuf_iterator<char>(page), std::istreambuf_iterator<char>()};
  constexpr std::string_view kFence = "```lua\n";
  const std::size_t first = text.find(kFence);
  const std::size_t begin = text.find(kFence, first + 1) + kFence.size();
  ASSERT_LT(first, begin);
  project.write("init.lua", text.substr(begin, text.find("```", begin) - begin));
  project.write("main.tf", kText);
  std::filesystem::create_directories(project.path("bin"));
  std::filesystem::create_symlink(GABION_PROGRAM, project.path("bin/gabion"));
  const Outcome outcome = project.run(
      {"nvim", "--headless", "-i", "NONE", "-n", "-u", "init.lua", "-c", "edit main.tf", "-c",
       "lua vim.wait(600000, function() return #vim.diagnostic.get(0) > 0 end, 50)", "-c",
       "lua io.open('seen.txt', 'w'):write(vim.bo.filetype .. ' ' .. tostring(vim.diagnostic.get(0)[1].code)):close()",
       "-c", "qa!"},
      {}, {{"HOME", project.path().string()}, {"PATH", project.search_path("bin")}});
  EXPECT_EQ(project.read("seen.txt"), "terraform aws-kms-key-rotation") << outcome.out << outcome.err;
}

TEST(LanguageServer, ServesTheProtocolLibraryOfVisualStudioCode) {
  const Project project;
  if (!has_client_module("vscode-languageserver-protocol")) {
    GTEST_SKIP() << kNoClients;
  }
  project.write("main.tf", kText);
  const Outcome outcome = project.run({"node", client_script("vscode.js")}, {},
                                      {{"GABION", GABION_PROGRAM}, {"NODE_PATH", client_modules().string()}});
  const json seen = json::parse(project.read("seen.json"), nullptr, false);
  ASSERT_TRUE(seen.is_object()) << outcome.out << outcome.err;
  expect_session(seen);
  EXPECT_EQ(seen["status"], 0) << "shutdown and exit";
}

}  // namespace
}  // namespace gabion::e2e
