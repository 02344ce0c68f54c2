// Random policy documents and random values given to jsonencode(), rendered by `terraform plan` with the AWS provider,
// offline, and here: byte for byte the same, or refused by both. Skips where there is no terraform or no provider; the
// directory of a provider mirror is looked for at GABION_PROVIDER_MIRROR, then in the usual places. GABION_SEED and
// GABION_DOCUMENTS choose others and more.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "source/discovery.h"
#include "source/file_system.h"
#include "terraform/load.h"

namespace gabion::terraform {
namespace {

using nlohmann::json;

std::uint32_t number_from(const char* variable, std::uint32_t otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : otherwise;
}

/// Makes up configurations. The same seed makes the same ones on every machine.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  /// A data source of that name; `bases` are documents that it may merge.
  std::string document(const std::string& name, const std::vector<std::string>& bases) {
    old_version_ = pick(12) == 0;
    // Statements of an old document have no policy variables, and neither have those of the documents it merges.
    std::string out = "data \"aws_iam_policy_document\" \"" + name + "\" {\n";
    if (old_version_) {
      out += "  version = \"2008-10-17\"\n";
    } else if (pick(6) == 0) {
      out += "  version = \"2012-10-17\"\n";
    }
    if (pick(4) == 0) {
      out += "  policy_id = " + one_of(kIds) + "\n";
    }
    if (!bases.empty() && pick(2) == 0) {
      out += "  source_policy_documents = " + sources(bases, true) + "\n";
    }
    if (!bases.empty() && pick(2) == 0) {
      out += "  override_policy_documents = " + sources(bases, false) + "\n";
    }
    std::set<std::string> sids;
    for (std::size_t count = pick(4); count > 0; --count) {
      out += pick(8) == 0 ? dynamic_statement() : "  statement {\n" + statement_body(sid(sids)) + "  }\n";
    }
    return out + "}\n";
  }

  /// An expression whose value jsonencode() writes.
  std::string value(int depth) {
    switch (pick(depth > 0 ? 10 : 6)) {
      case 0:
        return one_of(kNumbers);
      case 1:
        return pick(2) == 0 ? "true" : "null";
      case 6:
      case 7:
        return "[" + list(4, [&] { return value(depth - 1); }) + "]";
      case 8:
        return "{" + list(4, [&] { return text() + " = " + value(depth - 1); }) + "}";
      case 9:
        return pick(2) == 0 ? "toset([" + list(4, [&] { return text(); }) + "])"
                            : "tomap({" + list(4, [&] { return text() + " = " + text(); }) + "})";
      default:
        return text();
    }
  }

  std::size_t pick(std::size_t count) { return random_() % count; }

 private:
  static constexpr auto kIds = std::to_array<std::string_view>({R"("p1")", R"("")", R"("an id")", "7"});
  static constexpr auto kSids =
      std::to_array<std::string_view>({R"("A")", R"("B")", R"("C")", R"("D1")", R"("with space")", "12"});
  static constexpr auto kActions = std::to_array<std::string_view>(
      {R"("s3:GetObject")", R"("s3:*")", R"("*")", R"("ec2:Describe*")", R"("sqs:SendMessage")", R"("iam:PassRole")",
       R"("S3:getobject")", R"("kms:Decrypt")", R"("s3:Get?bject")", R"(lower("S3:PUTOBJECT"))",
       R"(format("%s:%s", "sns", "Publish"))", R"("")", R"("${"a"}:&{x}")", R"("é:é")", R"("a<b>&c")"});
  static constexpr auto kResources = std::to_array<std::string_view>(
      {R"("*")", R"("arn:aws:s3:::b")", R"("arn:aws:s3:::b/*")", R"("arn:aws:s3:::a/${1 + 1}")",
       R"("arn:aws:iam::123456789012:role/x")", R"(join("", ["arn:aws:s3:::", "j"]))", R"("x<>&y")",
       R"("quote\"and\\slash")", R"("tab\tnew\nline")", R"("\u2028\u2029é")", R"("e\u0301")", "5", "true", R"("")",
       R"("日本")", R"("$")", R"("&")"});
  static constexpr auto kVariables = std::to_array<std::string_view>(
      {R"("arn:aws:s3:::b/&{aws:username}/*")", R"("&{a}&{b}")", R"("$${aws:username}")", R"("x&{y")", R"("&&{*}")"});
  static constexpr auto kTypes = std::to_array<std::string_view>(
      {R"("AWS")", R"("AWS")", R"("Service")", R"("Federated")", R"("CanonicalUser")", R"("*")"});
  static constexpr auto kIdentifiers = std::to_array<std::string_view>(
      {R"("*")", R"("arn:aws:iam::123456789012:root")", R"("123456789012")", R"("ec2.amazonaws.com")",
       R"("lambda.amazonaws.com")", R"("cognito-identity.amazonaws.com")", R"("arn:aws:iam::123456789012:user/é")",
       "123456789012", R"("")", R"("a&b")"});
  static constexpr auto kTests = std::to_array<std::string_view>(
      {R"("StringEquals")", R"("StringLike")", R"("ForAllValues:StringLike")", R"("Bool")", R"("NumericLessThan")",
       R"("IpAddress")", R"("Null")", R"("made<up")"});
  static constexpr auto kKeys =
      std::to_array<std::string_view>({R"("aws:username")", R"("aws:SourceIp")", R"("s3:prefix")",
                                       R"("aws:RequestTag/a b")", R"("aws:MultiFactorAuthPresent")", R"("&{x}")"});
  static constexpr auto kValues = std::to_array<std::string_view>(
      {R"("a")", R"("b")", R"("")", "true", "false", "1", "0.5", "1e3", "100000000000000000000", "-7",
       R"("10.0.0.0/8")", R"("${true}")", R"("<&>")", R"("\"")", R"("ü")", R"("Home/*")", "1.50"});
  static constexpr auto kTexts = std::to_array<std::string_view>(
      {R"("")", R"("a")", R"("b")", R"("Z")", R"("é")", R"("e\u0301")", R"("<script>&amp;")", R"("\u2028 \u2029")",
       R"("tab\t\r\n")", R"("\"\\/")", R"("\u0001\u001f\u007f")", R"("😀")", R"("日本語")", R"("$${x} %%{y}")",
       R"("with space")", R"("10")", R"("true")", R"("a.b-c_d")"});
  static constexpr auto kNumbers = std::to_array<std::string_view>({"0",
                                                                    "1",
                                                                    "-1",
                                                                    "1.0",
                                                                    "0.1",
                                                                    "0.1 + 0.2",
                                                                    "1e21",
                                                                    "1e-7",
                                                                    "123456789012345678901234567890",
                                                                    "1 / 3",
                                                                    "-0.5",
                                                                    "pow(2, 64)",
                                                                    "1.7976931348623157e308",
                                                                    "100",
                                                                    "1e100",
                                                                    "0 * -1",
                                                                    "2.50",
                                                                    "9007199254740993",
                                                                    "5 / 2",
                                                                    "0.000001",
                                                                    "3.14159265358979323846264338327950288"});

  template <std::size_t kCount>
  std::string one_of(const std::array<std::string_view, kCount>& pool) {
    return std::string(pool[pick(kCount)]);
  }
  std::string one_of(std::initializer_list<std::string_view> pool) {
    return std::string(*(pool.begin() + pick(pool.size())));
  }
  std::string text() { return one_of(kTexts); }

  template <class Make>
  std::string list(std::size_t most, Make make) {
    std::string out;
    for (std::size_t count = pick(most + 1); count > 0; --count) {
      out += make() + (count > 1 ? ", " : "");
    }
    return out;
  }
  /// A list expression of one kind or another.
  std::string texts(const std::function<std::string()>& make, std::size_t most) {
    const std::string items = "[" + list(most, make) + "]";
    switch (pick(8)) {
      case 0:
        return "toset([for x in " + items + " : tostring(x)])";
      case 1:
        return "concat(" + items + ", [" + make() + "])";
      case 2:
        return "compact([for x in " + items + " : tostring(x)])";
      default:
        return items;
    }
  }

  std::string sid(std::set<std::string>& used) {
    if (pick(3) > 0) {
      return pick(10) == 0 ? R"("")" : "";
    }
    std::string sid = one_of(kSids);
    return used.insert(sid).second ? sid : "";
  }

  std::string resource() { return !old_version_ && pick(6) == 0 ? one_of(kVariables) : one_of(kResources); }

  std::string principals(std::string_view type) {
    std::string out;
    for (std::size_t count = 1 + pick(3); count > 0; --count) {
      out += "    " + std::string(type) + " {\n      type        = " + one_of(kTypes) + "\n      identifiers = " +
             texts([&] { return !old_version_ && pick(12) == 0 ? one_of(kVariables) : one_of(kIdentifiers); }, 3) +
             "\n    }\n";
    }
    return out;
  }

  std::string statement_body(const std::string& sid) {
    std::string out = sid.empty() ? "" : "    sid = " + sid + "\n";
    if (pick(3) == 0) {
      out += pick(2) == 0 ? "    effect = \"Deny\"\n" : "    effect = \"Allow\"\n";
    }
    const auto add = [&](std::string_view name, const std::string& value) {
      out += "    " + std::string(name) + " = " + value + "\n";
    };
    const auto action = [&] { return one_of(kActions); };
    const auto place = [&] { return resource(); };
    if (pick(5) > 0) {
      add("actions", texts(action, 4));
    }
    if (pick(5) == 0) {
      add("not_actions", texts(action, 3));
    }
    if (pick(5) > 0) {
      add("resources", texts(place, 4));
    }
    if (pick(5) == 0) {
      add("not_resources", texts(place, 3));
    }
    out += pick(3) == 0 ? principals("principals") : "";
    out += pick(8) == 0 ? principals("not_principals") : "";
    if (pick(3) == 0) {
      for (std::size_t count = 1 + pick(4); count > 0; --count) {
        out += "    condition {\n      test     = " + one_of(kTests) + "\n      variable = " + one_of(kKeys) +
               "\n      values   = " +
               texts([&] { return !old_version_ && pick(10) == 0 ? one_of(kVariables) : one_of(kValues); }, 3) +
               "\n    }\n";
      }
    }
    return out;
  }

  std::string dynamic_statement() {
    const std::string collection =
        pick(2) == 0 ? "toset([" + list(4, [&] { return text(); }) + "])" : "{ b = \"x\", a = \"y\", C = \"z\" }";
    return "  dynamic \"statement\" {\n    for_each = " + collection +
           "\n    content {\n      actions   = [\"a:${statement.key}\"]\n      resources = [statement.value]\n    }\n  "
           "}\n";
  }

  /// Documents to merge: data sources, and JSON text of objects as others write them.
  std::string sources(const std::vector<std::string>& bases, bool unique) {
    std::set<std::string> used;
    return "[" +
           list(3,
                [&]() -> std::string {
                  if (pick(8) == 0) {
                    return one_of({R"("")", R"("{}")", R"("null")", R"(jsonencode({}))"});
                  }
                  std::string base = bases[pick(bases.size())];
                  if (pick(2) == 0 && (!unique || used.insert(base).second)) {
                    return "data.aws_iam_policy_document." + base + ".json";
                  }
                  return "jsonencode(" + foreign_document() + ")";
                }) +
           "]";
  }

  std::string foreign_document() {
    std::string out = "{ ";
    if (pick(2) == 0) {
      out += "Version = " + one_of({R"("2012-10-17")", R"("2008-10-17")", R"("2000-01-01")"}) + ", ";
    }
    if (pick(4) == 0) {
      out += one_of({"Id", "id"}) + " = " + one_of({R"("x")", R"("")", "null"}) + ", ";
    }
    return out + one_of({"Statement", "statement"}) + " = [" + list(2, [&] { return foreign_statement(); }) + "] }";
  }

  std::string foreign_statement() {
    std::string out = "{ ";
    const auto some = [&](const std::function<std::string()>& make) {
      return pick(2) == 0 ? make() : "[" + list(3, make) + "]";
    };
    if (pick(6) > 0) {
      out += one_of({"Effect", "effect"}) + " = " + one_of({R"("Allow")", R"("Deny")", R"("odd")"}) + ", ";
    }
    if (pick(2) == 0) {
      out += one_of({"Action", "NotAction", "action"}) + " = " + some([&] { return one_of(kActions); }) + ", ";
    }
    if (pick(2) == 0) {
      out += one_of({"Resource", "NotResource"}) + " = " + some([&] {
               return one_of({R"("*")", R"("arn:<&>")", R"("b")", R"("&{x}")", R"("$${aws:userid}")"});
             }) +
             ", ";
    }
    if (pick(3) == 0) {
      out += "Principal = " +
             one_of({R"("*")", R"("odd")", R"({ AWS = "*" })", R"({ "*" = "*" })", R"({ "*" = ["*"] })",
                     R"({ AWS = ["a", "c", "b"] })", R"({ Service = "s", AWS = [] })", "{}"}) +
             ", ";
    }
    if (pick(3) == 0) {
      out += "Condition = { " + one_of({"Bool", "StringLike"}) +
             " = { k = " + one_of({R"("v")", R"(["b", "a", "b"])", "true", "false", "[]", "7", R"("&{x}")"}) + " } }, ";
    }
    return out + "Other = 1 }";
  }

  std::mt19937 random_;
  bool old_version_ = false;
};

/// A directory in which terraform plans offline.
class Terraform {
 public:
  Terraform()
      : directory_(std::filesystem::temp_directory_path() / ("gabion-documents-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    const std::optional<std::filesystem::path> mirror = find_mirror();
    if (!mirror) {
      return;
    }
    std::ofstream(directory_ / "cli.tfrc")
        << "provider_installation {\n  filesystem_mirror {\n    path = \"" << mirror->string() << "\"\n  }\n}\n";
    write("main.tf", "");
    available_ = run("init -input=false >init.log") == 0;
  }
  Terraform(const Terraform&) = delete;
  Terraform& operator=(const Terraform&) = delete;
  ~Terraform() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  [[nodiscard]] bool available() const { return available_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name, std::ios::binary) << text << kHeader;
  }

  /// Addresses that the plan fails for, and its outputs when it does not fail.
  struct Plan {
    std::map<std::string, std::string> errors;
    json outputs;
  };
  [[nodiscard]] Plan plan() const {
    Plan result;
    run("plan -json -input=false -refresh=false -lock=false -out=plan.bin >plan.log");
    std::ifstream log(directory_ / "plan.log");
    std::string line;
    while (std::getline(log, line)) {
      const json event = json::parse(line, nullptr, false);
      if (event.is_object() && event.value("type", "") == "diagnostic" && event["diagnostic"]["severity"] == "error") {
        const json& diagnostic = event["diagnostic"];
        result.errors.emplace(diagnostic.value("address", "(none)"),
                              diagnostic.value("summary", "") + ": " + diagnostic.value("detail", ""));
      }
    }
    if (result.errors.empty()) {
      run("show -json plan.bin >plan.json");
      std::ifstream shown(directory_ / "plan.json");
      const json plan = json::parse(shown, nullptr, false);
      if (plan.is_object()) {
        result.outputs = plan["planned_values"]["outputs"];
      }
    }
    return result;
  }

 private:
  static constexpr std::string_view kHeader = R"(
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
)";

  static std::optional<std::filesystem::path> find_mirror() {
    std::vector<std::filesystem::path> places;
    if (const char* given = std::getenv("GABION_PROVIDER_MIRROR")) {
      places.emplace_back(given);
    }
    if (const char* home = std::getenv("HOME")) {
      places.push_back(std::filesystem::path(home) / ".terraform.d/plugins");
    }
    places.insert(places.end(), {"/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"});
    for (const std::filesystem::path& place : places) {
      if (std::filesystem::is_directory(place / "registry.terraform.io/hashicorp/aws")) {
        return place;
      }
    }
    return std::nullopt;
  }

  int run(const std::string& arguments) const {
    const std::string shell = "cd '" + directory_.string() + "' && CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE='" +
                              (directory_ / "cli.tfrc").string() + "' terraform " + arguments + " 2>errors.log";
    return std::system(shell.c_str());
  }

  std::filesystem::path directory_;
  bool available_ = false;
};

/// The configuration in a directory as it is evaluated here.
class Evaluated {
 public:
  explicit Evaluated(const std::string& directory) {
    const auto inventory = source::discover(files_, {directory}, {});
    if (!inventory) {
      ADD_FAILURE() << directory << ": " << inventory.error().message;
      return;
    }
    workspace_ = std::make_unique<Workspace>(files_, artifacts_, *inventory, Options{});
    configuration_ = workspace_->evaluate(directory);
  }
  /// The text of an output; nothing when it is not known.
  [[nodiscard]] std::optional<std::string> output(std::string_view name) const {
    for (const auto& [known, value] : configuration_->modules().front().outputs) {
      if (known == name && value.is_string()) {
        return std::string(value.text());
      }
    }
    return std::nullopt;
  }

 private:
  source::DiskFileSystem files_;
  source::ArtifactStore artifacts_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<model::Configuration> configuration_;
};

TEST(PolicyDocuments, AreRenderedAsByTerraform) {
  const Terraform terraform;
  if (!terraform.available()) {
    GTEST_SKIP() << "no terraform with the AWS provider to compare with";
  }
  const std::uint32_t seed = number_from("GABION_SEED", 20240229U);
  const std::uint32_t count = number_from("GABION_DOCUMENTS", 1000U);
  Generator generator(seed);
  std::map<std::string, std::string> blocks;  // of documents and of texts, by name
  std::vector<std::string> bases;
  for (std::uint32_t index = 0; index < count / 10; ++index) {
    const std::string name = "b" + std::to_string(index);
    blocks[name] = generator.document(name, {});
    bases.push_back(name);
  }
  for (std::uint32_t index = 0; index < count; ++index) {
    const std::string name = "d" + std::to_string(index);
    blocks[name] = generator.document(name, bases);
  }
  for (std::uint32_t index = 0; index < count / 2; ++index) {
    const std::string name = "j" + std::to_string(index);
    blocks[name] = "output \"" + name + "\" {\n  value = jsonencode(" + generator.value(3) + ")\n}\n";
  }
  const auto write = [&](const std::set<std::string>& without) {
    std::string text;
    for (const auto& [name, block] : blocks) {
      if (!without.contains(name)) {
        text += block;
        text += block.starts_with("data")
                    ? "output \"" + name + "\" {\n  value = data.aws_iam_policy_document." + name + ".json\n}\n"
                    : "";
      }
    }
    terraform.write("main.tf", text);
  };

  // What the provider refuses has to go before the others can be planned; the same documents have to be refused here.
  std::set<std::string> refused;
  Terraform::Plan plan;
  std::size_t different = 0;
  for (int round = 0; round < 4; ++round) {
    write(refused);
    plan = terraform.plan();
    if (plan.errors.empty()) {
      break;
    }
    const Evaluated ours(terraform.directory().string());
    for (const auto& [address, message] : plan.errors) {
      const std::string name = address.substr(address.rfind('.') + 1);
      ASSERT_TRUE(blocks.contains(name)) << address << ": " << message;
      refused.insert(name);
      if (ours.output(name)) {
        ++different;
        ADD_FAILURE() << blocks[name] << "refused by terraform: " << message << "\n  ours: " << *ours.output(name);
      }
      // Nothing may refer to it any more.
      for (const auto& [other, block] : blocks) {
        if (block.find("aws_iam_policy_document." + name + ".") != std::string::npos) {
          refused.insert(other);
        }
      }
    }
  }
  ASSERT_TRUE(plan.outputs.is_object()) << "terraform made no plan";
  const Evaluated ours(terraform.directory().string());
  for (const auto& [name, output] : plan.outputs.items()) {
    const std::string want = output["value"].get<std::string>();
    const auto got = ours.output(name);
    if (got != want) {
      ++different;
      if (different <= 10) {
        ADD_FAILURE() << blocks[name] << "  terraform: " << want << "\n  ours:      " << got.value_or("(not known)");
      }
    }
  }
  std::cout << plan.outputs.size() << " texts compared, " << refused.size() << " documents left out as refused, "
            << different << " different (GABION_SEED=" << seed << ")\n";
  EXPECT_EQ(different, 0U);
  EXPECT_GT(plan.outputs.size(), count);
}

}  // namespace
}  // namespace gabion::terraform
