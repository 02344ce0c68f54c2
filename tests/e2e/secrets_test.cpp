// No output shows a secret: they are planted wherever one can stand, and every command is run in every format.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "e2e/program.h"

namespace gabion::e2e {
namespace {

/// None of these is anybody's, and none stands here as a whole.
struct Planted {
  std::string access_key = std::string("AK") + "IAQ3EGRVXK7N2MPLTD";
  std::string secret_key = std::string("vQ8ZtR2vLxK5nB7wYcD3") + "fGh6jKl9mN1pQrS4tUvX";
  std::string token = std::string("gh") + "p_q8ZtR2vLxK5nB7wYcD3fGh6jKl9mN1pQrS4t";
  std::string password = std::string("correct-horse-") + "8attery";
  std::string quoted = std::string("pa55\\\"quo") + "ted-word";  // as it stands in a file
  std::string in_url = std::string("n0t-so-") + "secret-url";
  std::string in_script = std::string("Scr1pt-") + "passw0rd";
  std::string by_default = std::string("plain-wall-") + "of-stones";  // of a sensitive variable
  std::string in_file = std::string("Tfv4rs-P4ss-") + "4711x";
  std::string in_backend = std::string("kQ7ZtR2vLxK5nB7wYcD3") + "fGh6jKl9mN1pQrS4tUv1";
  std::string in_json = std::string("Json-Passw0rd-") + "0815";
  std::string in_argument = std::string("M0dule-Argum3nt-") + "P4ss-7";
  std::string broken = std::string("Br0ken-File-") + "Passw0rd";
  std::string option = std::string("G1ven-On-The-") + "C0mmand-Line-1";
  std::string environment = std::string("G1ven-By-The-") + "Env1ronment-1";
  std::string output = std::string("Output-Passw0rd-") + "99";
  std::string key_line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";

  [[nodiscard]] std::vector<std::string> all() const {
    return {access_key, secret_key, token,       password, quoted, in_url,      in_script, by_default, in_file,
            in_backend, in_json,    in_argument, broken,   option, environment, output,    key_line};
  }
};

class SecretsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string begin = "-----BEGIN " + std::string("PRIVATE KEY-----");
    project_.write("main.tf", R"(provider "aws" {
  region     = "eu-west-1"
  access_key = ")" + planted_.access_key +
                                  R"("
  secret_key = ")" + planted_.secret_key +
                                  R"("
}

variable "neutral" {
  type      = string
  sensitive = true
  default   = ")" + planted_.by_default +
                                  R"("
}

variable "db_password" {
  type = string
}

variable "given_password" {
  type = string
}

variable "env_password" {
  type = string
}

locals {
  github = ")" + planted_.token + R"("
}

resource "aws_db_instance" "a" {
  identifier        = var.neutral
  password          = ")" + planted_.password +
                                  R"("
  storage_encrypted = false
}

resource "aws_db_instance" "b" {
  identifier        = "x-${var.given_password}-${var.env_password}"
  password          = var.db_password
  storage_encrypted = false
}

resource "aws_db_instance" "c" {
  identifier        = ")" + planted_.token +
                                  R"("
  password          = ")" + planted_.quoted +
                                  R"("
  storage_encrypted = var.db_password == "x"
}

resource "aws_instance" "a" {
  ami       = "ami-0abcdef1234567890"
  user_data = <<-EOT
    #!/bin/sh
    export DB_PASSWORD=")" + planted_.in_script +
                                  R"("
    export QUEUE="amqp://worker:)" +
                                  planted_.in_url + R"(@queue:5672/jobs"
  EOT
}

resource "aws_kms_key" "a" {
  description         = local.github
  enable_key_rotation = false
}

resource "aws_ssm_parameter" "key" {
  name  = "/app/key"
  type  = "SecureString"
  value = <<-EOT
    )" + begin + R"(
    )" + planted_.key_line + R"(
    -----END PRIVATE KEY-----
  EOT
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  environment {
    variables = {
      DB_PASSWORD = var.db_password
      TOKEN       = local.github
    }
  }
}

module "m" {
  source   = "./m"
  password = ")" + planted_.in_argument +
                                  R"("
}

output "password" {
  value = ")" + planted_.output + R"("
}
)");
    project_.write("m/main.tf", R"(variable "password" {
  type = string
}

resource "aws_db_instance" "m" {
  identifier        = "m-${var.password}"
  password          = var.password
  storage_encrypted = false
}
)");
    project_.write("terraform.tfvars", "db_password = \"" + planted_.in_file + "\"\n");
    project_.write("prod.s3.hcl", "bucket = \"b\"\nsecret_key = \"" + planted_.in_backend + "\"\n");
    project_.write("more.tf.json", R"({"resource": {"aws_db_instance": {"j": {"identifier": "j", "password": ")" +
                                       planted_.in_json + R"(", "storage_encrypted": false}}}})");
    project_.write("broken/main.tf",
                   "resource \"aws_db_instance\" \"x\" {\n  password = \"" + planted_.broken + "\" oops\n}\n");
  }

  Outcome run(std::vector<std::string> arguments, std::string_view input = {}) {
    arguments.insert(arguments.begin() + 1, {"--var", "given_password=" + planted_.option});
    return project_.gabion(arguments, input, {{"TF_VAR_env_password", planted_.environment}});
  }

  void expect_none(const Outcome& outcome, const std::string& what) {
    for (const std::string& secret : planted_.all()) {
      for (const auto& [name, text] : {std::pair("output", &outcome.out), std::pair("errors", &outcome.err)}) {
        const std::size_t at = text->find(secret);
        EXPECT_EQ(at, std::string::npos) << what << " shows " << secret << " in its " << name << ": ..."
                                         << text->substr(at < 80 ? 0 : at - 80, 160);
      }
    }
  }

  Planted planted_;
  Project project_;
};

TEST_F(SecretsTest, AreFoundWhereverTheyAre) {
  const Outcome outcome = run({"scan", "--rule", "terraform-secret-literal", "--format", "json"});
  const nlohmann::json report = outcome.json();
  std::vector<std::string> places;
  for (const auto& finding : report["findings"]) {
    places.push_back(finding["file"].get<std::string>() + ":" + std::to_string(finding["line"].get<int>()));
  }
  for (const char* place : {"main.tf:3", "main.tf:4", "main.tf:26", "main.tf:31", "main.tf:42", "main.tf:43",
                            "main.tf:51", "main.tf:52", "more.tf.json:1", "prod.s3.hcl:2", "terraform.tfvars:1"}) {
    EXPECT_NE(std::find(places.begin(), places.end(), place), places.end()) << place;
  }
}

TEST_F(SecretsTest, NoReportShowsThem) {
  for (const char* format :
       {"text", "json", "sarif", "junit", "github", "gitlab", "codeclimate", "csv", "markdown", "html"}) {
    const Outcome outcome = run({"scan", "--format", format, "--show-unresolved", "--show-suppressed", "--statistics"});
    EXPECT_EQ(outcome.status, 1) << format << outcome.err;
    EXPECT_GT(outcome.out.size(), 1000U) << format;
    expect_none(outcome, format);
  }
}

TEST_F(SecretsTest, NoFixShowsThem) {
  const Outcome safe = run({"fix"});
  EXPECT_NE(safe.out.find("enable_key_rotation"), std::string::npos) << safe.err;
  expect_none(safe, "fix");
  const Outcome all = run({"fix", "--unsafe", "--explain"});
  EXPECT_NE(all.out.find("(sensitive value)"), std::string::npos);
  EXPECT_NE(all.err.find("cannot be applied"), std::string::npos);
  expect_none(all, "fix --unsafe");
  const Outcome written = run({"fix", "--unsafe", "--write", "--allow-dirty"});
  expect_none(written, "fix --write");
  EXPECT_EQ(project_.read("main.tf").find("(sensitive value)"), std::string::npos);
  EXPECT_NE(project_.read("main.tf").find(planted_.password), std::string::npos);
}

TEST_F(SecretsTest, OtherCommandsDoNotShowThem) {
  expect_none(run({"show"}), "show");
  expect_none(run({"show", "--format", "json"}), "show --format json");
  expect_none(run({"show", "--statistics"}), "show --statistics");
  const Outcome console =
      run({"console"},
          "var.neutral\nlocal.github\naws_db_instance.a.password\naws_db_instance.a\nvar.db_password\n"
          "aws_instance.a.user_data\nmodule.m\nvar.given_password\nvar.env_password\n");
  expect_none(console, "console");
  EXPECT_NE(console.out.find("(sensitive value)"), std::string::npos);
}

TEST_F(SecretsTest, WhatIsNotSecretIsShown) {
  const Outcome outcome = run({"show", "--format", "json"});
  EXPECT_NE(outcome.out.find("eu-west-1") == std::string::npos ? outcome.out.find("/app/key") : 0, std::string::npos);
  EXPECT_NE(outcome.out.find("SecureString"), std::string::npos);
}

TEST_F(SecretsTest, StatesAreReported) {
  project_.write("live/terraform.tfstate", "{\"password\": \"" + planted_.in_json + "\"}");
  const auto rule = [&] {
    return project_.gabion({"scan", "--rule", "terraform-state-committed", "--format", "json"}).json()["findings"];
  };
  ASSERT_EQ(rule().size(), 1U);
  EXPECT_EQ(rule()[0]["file"], "live/terraform.tfstate");
  expect_none(project_.gabion({"scan", "--rule", "terraform-state-committed"}), "a state");
  if (project_.run({"git", "init", "-q"}).status != 0) {
    GTEST_SKIP() << "git is not here";
  }
  project_.write(".gitignore", "*.tfstate\n");
  EXPECT_EQ(rule().size(), 0U);
  ASSERT_EQ(project_.run({"git", "add", "-f", "live/terraform.tfstate"}).status, 0);
  ASSERT_EQ(rule().size(), 1U);
  EXPECT_NE(rule()[0]["message"].get<std::string>().find("tracked"), std::string::npos);
}

}  // namespace
}  // namespace gabion::e2e
