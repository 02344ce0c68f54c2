// Functions that read files or the surroundings, that mark values or that differ from run to run, evaluated here as a
// module's own expressions are and by `terraform console` in the same directory. Where our answer depends on the
// machine or the moment it is unknown; then it has at least the type of Terraform's. Skips without terraform.
// GABION_SEED and GABION_CASES are as in terraform_console_test.cpp.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "differential/terraform_program.h"
#include "eval/evaluator.h"
#include "source/discovery.h"
#include "source/file_system.h"
#include "syntax/hcl/parser.h"
#include "terraform/load.h"

namespace gabion::eval {
namespace {

using nlohmann::json;

constexpr std::string_view kConfiguration = R"~(
locals {
  text     = "a-b"
  list     = ["x", "y"]
  tags     = tomap({ Name = "n" })
  secret   = sensitive("hidden")
  item     = { open = "o", shut = sensitive("s") }
  template = "%%{ for v in list ~}<$${upper(v)}>%%{ endfor }$${name}"
  broken   = "$${name"
}
)~";

struct File {
  std::string_view path;
  std::string_view text;
};

constexpr File kFiles[] = {
    {"data/a.txt", "hello\n"},
    {"data/empty.txt", ""},
    {"data/crlf.txt", "one\r\ntwo\r\n"},
    {"data/accent.txt", "e\xCC\x81"},
    {"data/mark.txt", "\xEF\xBB\xBFmarked"},
    {"data/bytes.bin", std::string_view("\xFF\x00\xFE", 3)},
    {"data/.hidden", "dot"},
    {"data/with space.txt", "s"},
    {"data/[odd].txt", "o"},
    {"data/t.tpl", "I am ${name}%{ for v in list } ${v}%{ endfor }"},
    {"data/plain.tpl", "no holes $${here}"},
    {"data/number.tpl", "${1 + 1}"},
    {"data/broken.tpl", "${name"},
    {"data/nested.tpl", "${templatefile(\"data/plain.tpl\", {})}"},
    {"data/reads.tpl", "<${file(\"data/a.txt\")}>"},
    {"data/sub/one.txt", "1"},
    {"data/sub/two.md", "2"},
    {"data/sub/deep/three.txt", "3"},
    {"data/sub/deep/four.md", "4"},
};

constexpr std::string_view kPaths[] = {"data/a.txt",
                                       "data/a.txt",
                                       "data/empty.txt",
                                       "data/crlf.txt",
                                       "data/accent.txt",
                                       "data/mark.txt",
                                       "data/bytes.bin",
                                       "data/.hidden",
                                       "data/with space.txt",
                                       "data/[odd].txt",
                                       "./data/a.txt",
                                       "data/../data/a.txt",
                                       "data//a.txt",
                                       "data/sub/one.txt",
                                       "data/sub/../a.txt",
                                       "${path.module}/data/a.txt",
                                       "${path.root}/data/sub/two.md",
                                       "data/link.txt",
                                       "data/linked/one.txt",
                                       "data/none.txt",
                                       "none/a.txt",
                                       "data",
                                       "data/",
                                       "",
                                       ".",
                                       "data/A.txt",
                                       "data/dangling.txt",
                                       "data/a.txt/x"};

constexpr std::string_view kPatterns[] = {"*",
                                          "*.txt",
                                          "**",
                                          "**/*.txt",
                                          "sub/*",
                                          "sub/**",
                                          "**/deep/*",
                                          "{a,empty}.txt",
                                          "*.{txt,tpl}",
                                          "?.txt",
                                          "[a-c].txt",
                                          "[^a].txt",
                                          "none*",
                                          "sub/deep/three.txt",
                                          "../data/a.txt",
                                          "",
                                          "sub",
                                          "s*/*.md",
                                          "**/three*",
                                          "\\\\[odd\\\\].txt",
                                          "{sub/*,*.bin}",
                                          "**/*",
                                          "./a.txt",
                                          "linked/*",
                                          "sub/*/*",
                                          "*/",
                                          "[",
                                          "{a",
                                          "*t.t*"};

constexpr std::string_view kDirectories[] = {"data",     "./data",     "${path.module}/data", "data/",       "none",
                                             "data/sub", "data/a.txt", "data/linked",         "data/../data"};

constexpr std::string_view kReaders[] = {"file",    "filebase64", "filebase64sha256", "filebase64sha512", "fileexists",
                                         "filemd5", "filesha1",   "filesha256",       "filesha512"};

constexpr std::string_view kTemplates[] = {"data/t.tpl",
                                           "data/t.tpl",
                                           "data/plain.tpl",
                                           "data/number.tpl",
                                           "data/broken.tpl",
                                           "data/nested.tpl",
                                           "data/reads.tpl",
                                           "data/none.tpl",
                                           "data/bytes.bin",
                                           "data/crlf.txt",
                                           "data"};

constexpr std::string_view kVariables[] = {"{ name = \"n\", list = [\"x\"] }",
                                           "{ name = local.secret, list = local.list }",
                                           "{ name = 1, list = [] }",
                                           "{ list = [] }",
                                           "{ name = null, list = [1] }",
                                           "{}",
                                           "tomap({ name = \"m\" })",
                                           "local.tags",
                                           "null",
                                           "[]",
                                           "{ \"a b\" = 1 }",
                                           "{ name = [], list = [true] }"};

constexpr std::string_view kValues[] = {"\"v\"",
                                        "1",
                                        "null",
                                        "local.secret",
                                        "local.item",
                                        "local.list",
                                        "[local.secret]",
                                        "local.item.shut",
                                        "local.item.open",
                                        "local.tags",
                                        "{ a = local.secret }"};

/// A question, and whether the answer depends on the machine or the moment, so that ours may be unknown.
struct Question {
  std::string text;
  bool open = false;
  bool may_fail = false;  ///< ours may be unknown where Terraform fails: a link to nothing is among the files
};

class FileGenerator {
 public:
  explicit FileGenerator(std::uint32_t seed) : random_(seed) {}

  Question question() {
    switch (pick(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return {one_of(kReaders) + "(" + path() + ")"};
      case 5:
      case 6:
      case 7:
        return {"fileset(" + quoted(one_of(kDirectories)) + ", " + quoted(one_of(kPatterns)) + ")", false, true};
      case 8:
      case 9:
        return {"templatefile(" + quoted(one_of(kTemplates)) + ", " + one_of(kVariables) + ")"};
      case 10:
        return {"templatestring(" + one_of(kStrings) + ", " + one_of(kVariables) + ")"};
      case 11:
        return {one_of(kPathFunctions) + "(" + path() + ")", true};
      case 12:
        return {"issensitive(" + marked() + ")"};
      case 13:
        return {one_of(kMarks) + "(" + one_of(kValues) + ")"};
      case 14:
        return {one_of(kImpure), true};
      default:
        return {"length(" + one_of(kReaders) + "(" + path() + "))"};
    }
  }

 private:
  static constexpr std::string_view kStrings[] = {"local.template", "local.template", "local.text",
                                                  "local.broken",   "local.secret",   "local.item.open",
                                                  "local.list",     "local.list[0]",  "local.tags.Name"};
  static constexpr std::string_view kPathFunctions[] = {"abspath", "basename", "dirname", "pathexpand"};
  static constexpr std::string_view kMarks[] = {"sensitive", "nonsensitive", "issensitive", "ephemeralasnull"};
  static constexpr std::string_view kImpure[] = {"timestamp()",
                                                 "plantimestamp()",
                                                 "uuid()",
                                                 "bcrypt(\"x\")",
                                                 "bcrypt(\"x\", 4)",
                                                 "bcrypt(1)",
                                                 "timestamp(1)",
                                                 "base64gzip(\"x\")",
                                                 "base64gzip(local.list)",
                                                 "pathexpand(\"~/x\")",
                                                 "pathexpand(\"~nobody/x\")",
                                                 "abspath(\"/a/../b\")",
                                                 "base64gunzip(base64gzip(\"x\"))",
                                                 "base64gunzip(\"H4sIAAAAAAAA/8pIzcnJBwQAAP//hqYQNgUAAAA=\")",
                                                 "formatdate(\"YYYY\", timestamp())"};

  std::size_t pick(std::size_t count) { return random_() % count; }
  template <std::size_t kCount>
  std::string one_of(const std::string_view (&pool)[kCount]) {
    return std::string(pool[pick(kCount)]);
  }
  static std::string quoted(const std::string& text) { return '"' + text + '"'; }
  std::string path() { return pick(12) == 0 ? "sensitive(\"data/a.txt\")" : quoted(one_of(kPaths)); }

  std::string marked() {
    const std::string value = one_of(kValues);
    switch (pick(8)) {
      case 0:
        return "upper(try(tostring(" + value + "), \"t\"))";
      case 1:
        return "[" + value + "]";
      case 2:
        return "local.secret == \"x\" ? " + value + " : " + value;
      case 3:
        return "nonsensitive(" + value + ")";
      case 4:
        return "length([" + value + "])";
      case 5:
        return "\"<${try(tostring(" + value + "), \"t\")}>\"";
      case 6:
        return "jsonencode(" + value + ")";
      default:
        return value;
    }
  }

  std::mt19937 random_;
};

/// The module in the directory of `terraform`, evaluated here.
class Module {
 public:
  explicit Module(const std::string& directory) : inventory_(*source::discover(files_, {directory}, {})) {
    workspace_ = std::make_unique<terraform::Workspace>(files_, artifacts_, inventory_, terraform::Options{});
    session_ = workspace_->open(directory);
  }

  /// JSON text, kErrorAnswer or kUnknownAnswer; then `type` is the type that it has.
  std::string answer(const std::string& text, TypeKind& type) {
    Context context = session_->context();
    const source::Artifact& artifact =
        artifacts_.add("question:" + std::to_string(artifacts_.size()), text, source::Role::kInternal);
    const auto parsed = syntax::hcl::parse_expression(artifact, artifact.whole(), context.arena, context.limits);
    const Value value = parsed.ok() ? evaluate(*parsed.expression, session_->scope(), context) : Value();
    if (!parsed.ok() || value.is_error()) {
      return std::string(kErrorAnswer);
    }
    type = type_of(context.arena, value).kind;
    const Value encoded = json_encode(value, context);
    return encoded.is_string() ? std::string(encoded.text()) : std::string(kUnknownAnswer);
  }

 private:
  source::DiskFileSystem files_;
  source::ArtifactStore artifacts_;
  source::Inventory inventory_;
  std::unique_ptr<terraform::Workspace> workspace_;
  std::unique_ptr<terraform::Session> session_;
};

bool fits(TypeKind type, const std::string& answer) {
  const json value = json::parse(answer, nullptr, false);
  switch (type) {
    case TypeKind::kString:
      return value.is_string() || value.is_null();
    case TypeKind::kNumber:
      return value.is_number();
    case TypeKind::kBool:
      return value.is_boolean();
    default:
      return false;
  }
}

std::size_t number_from(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

void lay_out(const std::filesystem::path& directory) {
  for (const File& file : kFiles) {
    const std::filesystem::path path = directory / file.path;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file.text;
  }
  std::filesystem::create_symlink("a.txt", directory / "data/link.txt");
  std::filesystem::create_directory_symlink("sub", directory / "data/linked");
  std::filesystem::create_symlink("nowhere", directory / "data/dangling.txt");
}

TEST(TerraformFiles, ComputesTheSame) {
  constexpr std::size_t kBatch = 100;
  const std::size_t cases = number_from("GABION_CASES", 2000);
  const TerraformProgram terraform{std::string(kConfiguration)};
  if (!terraform.available()) {
    GTEST_SKIP() << "no terraform to compare with";
  }
  lay_out(terraform.directory());
  const std::vector<std::string> trial{"local.text"};
  ASSERT_EQ(terraform.answers(trial)[0], "\"a-b\"") << "the configuration is wrong";
  Module module(terraform.directory().string());
  FileGenerator generator(static_cast<std::uint32_t>(number_from("GABION_SEED", 20240229)));
  std::size_t asked = 0;
  std::size_t errors = 0;
  std::size_t undecided = 0;
  std::size_t different = 0;
  while (asked < cases) {
    std::vector<Question> batch;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < kBatch; ++i) {
      batch.push_back(generator.question());
      texts.push_back(batch.back().text);
    }
    const std::vector<std::string> answers = terraform.answers(texts);
    ASSERT_EQ(answers.size(), batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      ++asked;
      errors += answers[i] == kErrorAnswer ? 1 : 0;
      TypeKind type = TypeKind::kDynamic;
      const std::string own = module.answer(batch[i].text, type);
      const bool fails = answers[i] == kErrorAnswer;
      const bool allowed =
          own == kUnknownAnswer &&
          (fails ? batch[i].may_fail : batch[i].open && (answers[i] == kUnknownAnswer || fits(type, answers[i])));
      undecided += allowed ? 1 : 0;
      const bool agrees = allowed || own == answers[i];
      if (!agrees) {
        ++different;
        std::cout << batch[i].text << "\n  terraform: " << answers[i] << "\n  ours:      " << own << "\n";
      }
    }
  }
  std::cout << asked << " expressions, " << errors << " of them errors, " << undecided << " unknown here, " << different
            << " different\n";
  EXPECT_EQ(different, 0U);
  EXPECT_LE(errors * 2, asked);
}

}  // namespace
}  // namespace gabion::eval
