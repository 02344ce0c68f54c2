// tests: cli
// A scan with a cache says what one without says, byte for byte, whatever is edited in between: random edits of a small
// estate with everything that an analysis may hang on, and after each of them both scans, in some format, on some day,
// with some variables. Half of the scans are made twice, so that most answers come out of the cache.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "property/random.h"
#include "unit/source/temporary_tree.h"

namespace gabion::cli {
namespace {

namespace fs = std::filesystem;
using property::Random;

struct Answer {
  int status = 0;
  std::string out;
  std::string err;
};

Answer run_program(std::vector<std::string> arguments, const std::map<std::string, std::string>& variables) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const source::DiskFileSystem files;
  Environment environment{in, out, err, files, variables};
  arguments.insert(arguments.begin(), "gabion");
  std::vector<const char*> argv;
  argv.reserve(arguments.size());
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  Answer answer;
  answer.status = run(static_cast<int>(argv.size()), argv.data(), environment);
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

class Estate {
 public:
  explicit Estate(std::uint32_t seed) : random_(seed) {
    tree_.directory("work/.git");
    fs::current_path(tree_.path("work"));
    for (const auto& [path, texts] : files()) {
      write(path, texts.front());
    }
  }

  /// Gives a file another text, and says which.
  std::string rewrite() {
    const auto& [path, texts] = random_.pick(files());
    if (!fs::exists(path)) {
      return "nothing";
    }
    write(path, random_.pick(texts) + (random_.chance(30) ? "\n" : ""));
    return "write " + path;
  }

  /// Changes something, and says what.
  std::string edit() {
    const auto& all = files();
    const auto& [path, texts] = all[random_.below(all.size())];
    switch (random_.below(8)) {
      case 0:
        fs::remove_all(path);
        return "remove " + path;
      case 1: {  // the same text anew
        std::error_code missing;
        fs::rename(path, "kept", missing);
        if (!missing) {
          fs::copy_file("kept", path);
          fs::remove("kept");
        }
        return "copy " + path;
      }
      case 2: {
        const std::string other = fs::path(path).parent_path() / ("renamed" + fs::path(path).extension().string());
        std::error_code missing;
        fs::rename(path, other, missing);
        extra_.insert(other);
        return "rename " + path;
      }
      case 3:
        for (const std::string& other : extra_) {
          fs::remove(other);
        }
        extra_.clear();
        return "remove what was renamed";
      case 4: {
        const std::string link = "prod/linked.tf";
        fs::remove(link);
        fs::create_symlink(random_.pick<std::string>({"../shared/a.tf", "../shared/b.tf", "missing.tf"}), link);
        extra_.insert(link);
        return "link " + link;
      }
      default:
        write(path, random_.pick(texts));
        return "write " + path;
    }
  }

 private:
  using File = std::pair<std::string, std::vector<std::string>>;

  /// Files, and the texts that they can have; the first ones make an estate that works.
  static const std::vector<File>& files() {
    static const std::vector<File> kFiles = {
        {"prod/main.tf",
         {R"(module "keys" {
  source = "../modules/keys"
  rotate = var.rotate
}
resource "aws_iam_policy" "p" {
  policy = file("${path.module}/policy.json")
}
resource "aws_s3_bucket" "b" {
  count  = fileexists("${path.module}/flag") ? 1 : 0
  bucket = "b"
}
resource "aws_kms_key" "each" {
  for_each            = fileset("${path.module}/keys", "*.txt")
  enable_key_rotation = false
}
resource "aws_iam_policy" "t" {
  policy = templatefile("${path.module}/policy.tftpl", { action = var.action })
}
)",
          "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = false\n}\n",
          "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = true \n}\n",
          "resource \"aws_kms_key\" {\n  broken = \n}\n"}},
        {"prod/variables.tf",
         {"variable \"rotate\" {\n  type = bool\n}\nvariable \"action\" {\n  default = \"s3:GetObject\"\n}\n",
          "variable \"rotate\" {\n  default = true\n}\nvariable \"action\" {\n  default = \"*\"\n}\n"}},
        {"prod/terraform.tfvars", {"rotate = false\n", "rotate = true \n", "rotate = true\naction = \"iam:*\"\n"}},
        {"prod/extra.auto.tfvars", {"", "rotate = false\n", "action = \"sts:AssumeRole\"\n"}},
        {"prod/policy.json",
         {R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})",
          R"({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})",
          "{\"Version\": "}},
        {"prod/policy.tftpl",
         {R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "*"}]})",
          R"({"Version": "2012-10-17", "Statement": []})"}},
        {"prod/backend.tf",
         {"terraform {\n  backend \"s3\" {\n    bucket = \"state\"\n    key    = \"prod\"\n  }\n}\n",
          "terraform {\n  backend \"s3\" {\n    bucket = \"state\"\n    key    = \"test\"\n  }\n}\n",
          "# tfsec:ignore:*\nterraform {\n  backend \"s3\" {\n    bucket = \"state\"\n    key    = \"test\"\n  "
          "}\n}\n"}},
        {"prod/flag", {"", "x"}},
        {"prod/keys/a.txt", {"a", ""}},
        {"prod/keys/b.txt", {"b"}},
        {"modules/keys/main.tf",
         {"variable \"rotate\" {}\nresource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n",
          "variable \"rotate\" {}\nresource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = true\n}\n",
          "variable \"rotate\" {}\n# gabion:ignore aws-kms-key-rotation until=2026-06-30 tested\nresource "
          "\"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n"}},
        {"modules/keys/more.tf.json",
         {"{}", R"({"resource": {"aws_kms_key": {"j": {"enable_key_rotation": false}}}})"}},
        {"modules/unused/main.tf", {"resource \"aws_sns_topic\" \"t\" {\n  name = \"t\"\n}\n"}},
        {"test/main.tf",
         {R"(module "remote" {
  source  = "example/keys/aws"
  version = "1.0.0"
}
terraform {
  backend "s3" {
    bucket = "state"
    key    = "test"
  }
}
output "w" {
  value = terraform.workspace
}
)",
          "module \"keys\" {\n  source = \"../modules/keys\"\n  rotate = terraform.workspace == \"prod\"\n}\n"}},
        {"test/.terraform/modules/modules.json",
         {R"({"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "remote", "Source":
"registry.terraform.io/example/keys/aws", "Version": "1.0.0", "Dir": ".terraform/modules/remote"}]})",
          R"({"Modules": []})"}},
        {"test/.terraform/modules/remote/main.tf",
         {"resource \"aws_kms_key\" \"r\" {\n  enable_key_rotation = false\n}\n",
          "resource \"aws_kms_key\" \"r\" {\n  enable_key_rotation = true\n}\n"}},
        {"test/.terraform/environment", {"default", "prod"}},
        {"third/main.tf",
         {"# gabion:ignore aws-kms-key-rotation, aws-s3-versioning tested\nresource \"aws_kms_key\" \"t\" {}\n",
          "resource \"aws_kms_key\" \"t\" {\n  description = \"${var.nothing}\"\n}\n",
          "resource \"aws_kms_key\" \"t\" {\n  policy = file(\"../prod/policy.json\")\n}\n"}},
        {"shared/a.tf", {"resource \"aws_kms_key\" \"linked\" {\n  enable_key_rotation = false\n}\n"}},
        {"shared/b.tf", {"resource \"aws_kms_key\" \"linked\" {\n  enable_key_rotation = true\n}\n"}},
        {"secrets.tf",
         {"resource \"aws_db_instance\" \"d\" {\n  password = \"kT8#vq1Zr!p0Lw\"\n}\n",
          "resource \"aws_db_instance\" \"d\" {\n  password = var.p\n}\n"}},
        {"document.json", {R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]})", "{}"}},
        {".gitignore", {"*.log\n", "modules/\n", "prod/policy.json\n"}},
        {".gabion.yaml",
         {"rules: {load: [guardrails/]}\n", "rules: {load: [guardrails/], skip: [aws-kms-*]}\n",
          "rules: {severity: {aws-kms-key-rotation: critical}}\nfail-on: high\n",
          "rules: {observe: [{rules: \"aws-kms-*\", enforce-from: 2026-06-30}]}\n",
          "suppressions: [{rules: [aws-kms-key-rotation], paths: [\"modules/\"], reason: known, until: 2026-06-30}]\n",
          "var-files: [shared/all.tfvars]\n", "exclude: [\"test/\"]\n", "rules: {skp: []}\n",
          "environments: {a: {vars: {rotate: true}}, b: {workspace: prod}}\n",
          "parameters: {kms_deletion_window: 20}\n", "overrides: [{paths: [\"prod/\"], skip: [aws-iam-*]}]\n"}},
        {"shared/all.tfvars", {"rotate = true\n", "rotate = false\n"}},
        {"guardrails/own.yaml",
         {R"(id: own-topic-name
title: topics have names
severity: low
why: they are looked for by name
target: aws_sns_topic
require: self.name == "x"
message: the name is ${self.name}
)",
          R"(id: own-topic-name
title: topics have names
severity: high
why: they are looked for by name
target: aws_sns_topic
require: self.name == "t"
message: the name is ${self.name}
)",
          "id: broken\n"}},
        {"baseline.json", {"{}", R"({"schema_version": 1, "findings": []})"}},
    };
    return kFiles;
  }

  static void write(const std::string& path, const std::string& text) {
    if (const fs::path parent = fs::path(path).parent_path(); !parent.empty()) {
      fs::create_directories(parent);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }

  source::TemporaryTree tree_;
  Random random_;
  std::set<std::string> extra_;
};

/// Breaks a byte of an entry, or cuts it off.
void damage(const fs::path& cache, Random& random) {
  std::vector<fs::path> entries;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(cache / "v1/entries", none)) {
    entries.push_back(entry.path());
  }
  if (entries.empty()) {
    return;
  }
  const fs::path& entry = random.pick(entries);
  std::fstream file(entry, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(random.below(fs::file_size(entry) + 1)));
  file.put('\x5a');
  file.close();
  if (random.chance(30)) {
    fs::resize_file(entry, random.below(fs::file_size(entry) + 1));
  }
}

/// How a scan is asked for: format, day, variables of the environment, options.
struct Question {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> variables;
};

Question ask(Random& random) {
  static const std::vector<std::vector<std::string>> kFormats = {
      {},
      {"--show-unresolved", "--show-suppressed", "--explain"},
      {"--format", "json", "--show-unresolved"},
      {"--format", "sarif"},
      {"--format", "html"},
      {"--format", "gitlab"},
      {"--format", "csv", "--min-severity", "medium"},
      {"--format", "json", "--baseline", "baseline.json"},
  };
  Question question;
  question.arguments = random.pick(kFormats);
  question.arguments.insert(question.arguments.begin(), "scan");
  question.arguments.insert(question.arguments.end(), {"--today", random.chance(50) ? "2026-06-29" : "2026-07-01"});
  question.variables["SOURCE_DATE_EPOCH"] = "1782000000";
  if (random.chance(20)) {
    question.variables["TF_VAR_rotate"] = random.chance(50) ? "true" : "false";
  }
  if (random.chance(10)) {
    question.variables["TF_WORKSPACE"] = "prod";
  }
  if (random.chance(10)) {
    question.arguments.emplace_back("prod");
  }
  return question;
}

void compare(std::uint32_t seed, int edits) {
  const source::TemporaryTree elsewhere;
  const std::string cache = elsewhere.path("cache");
  Estate estate(seed);
  Random random(seed + 1000);
  std::set<std::string> different;
  std::string done;
  for (int i = 0; i < edits; ++i) {
    const Question question = ask(random);
    const auto answer = [&](const std::string& directory) {
      std::vector<std::string> arguments = question.arguments;
      arguments.insert(arguments.end(), {"--cache", directory});
      return run_program(std::move(arguments), question.variables);
    };
    const Answer without = answer("off");
    for (int times = random.chance(50) ? 2 : 1; times > 0; --times) {
      const Answer with = answer(cache);
      ASSERT_EQ(with.status, without.status) << "seed " << seed << ", " << done << "\n" << with.err << without.err;
      ASSERT_EQ(with.out, without.out) << "seed " << seed << ", " << done;
      ASSERT_EQ(with.err, without.err) << "seed " << seed << ", " << done;
    }
    different.insert(without.out);
    if (random.chance(20)) {
      damage(cache, random);
    }
    if (random.chance(70)) {
      done = estate.edit();
    }
  }
  // The edits are seen in the reports at all.
  EXPECT_GT(different.size(), static_cast<std::size_t>(edits) / 10);
}

TEST(Cache, ChangesNoAnswer) {
  constexpr int kEdits = 120;
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    compare(seed, kEdits);
  }
}

/// Asks the same again and again while mostly contents change, so that root modules are not evaluated anew; with as
/// many threads as it comes.
void go_on(std::uint32_t seed, int edits, int& went_on) {
  const source::TemporaryTree elsewhere;
  Estate estate(seed);
  Random random(seed + 1000);
  const std::vector<std::string> format =
      random.pick<std::vector<std::string>>({{"--show-unresolved", "--show-suppressed", "--explain"},
                                             {"--format", "json", "--show-unresolved"},
                                             {"--format", "html"},
                                             {"--format", "sarif"}});
  std::string done;
  for (int i = 0; i < edits; ++i) {
    const auto answer = [&](std::vector<std::string> last) {
      std::vector<std::string> arguments{"scan", "--today", "2026-06-29"};
      arguments.insert(arguments.end(), format.begin(), format.end());
      arguments.insert(arguments.end(), last.begin(), last.end());
      return run_program(std::move(arguments), {{"SOURCE_DATE_EPOCH", "1782000000"}});
    };
    const Answer without = answer({"--cache", "off"});
    const std::string jobs = std::to_string(1 + random.below(4));
    const Answer with = answer({"--cache", elsewhere.path("cache"), "-v", "--jobs", jobs});
    went_on += with.err.find("root modules that nothing changed for: 0") != std::string::npos ? 0
               : with.err.find("root modules that nothing changed for") != std::string::npos  ? 1
                                                                                              : 0;
    ASSERT_EQ(with.status, without.status) << "seed " << seed << ", " << done << "\n" << with.err << without.err;
    ASSERT_EQ(with.out, without.out) << "seed " << seed << ", " << done;
    done = random.chance(90) ? estate.rewrite() : estate.edit();
  }
}

TEST(Cache, GoesOnAfterChanges) {
  constexpr int kEdits = 60;
  int went_on = 0;
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    go_on(seed, kEdits, went_on);
  }
  EXPECT_GT(went_on, 20);
}

}  // namespace
}  // namespace gabion::cli
