// tests: iam
// The validator over recorded real policies: no document that AWS publishes or accepts is refused, apart from sizes of
// AWS's own policies and from placeholders in samples, which are mistakes indeed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "iam/validate.h"

namespace gabion::iam {
namespace {

using nlohmann::json;

std::filesystem::path policies() {
  if (const char* set = std::getenv("GABION_CORPORA")) {
    return std::filesystem::path(set) / "iam" / "policies.jsonl.gz";
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora" / "iam" / "policies.jsonl.gz";
}

std::string unpacked(const std::filesystem::path& path) {
  std::string out;
  const std::string command = "gzip -dc '" + path.string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<char> buffer(1U << 16U);
  std::size_t count = 0;
  while (pipe != nullptr && (count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0) {
    out.append(buffer.data(), count);
  }
  return out;
}

bool from(const json& entry, std::string_view source) {
  const json& sources = entry.at("source");
  return std::any_of(sources.begin(), sources.end(), [&](const json& one) { return one.get<std::string>() == source; });
}

/// Words that stand where a reader of a sample fills in a value.
bool is_placeholder(const std::string& message) {
  for (const std::string_view word :
       {"<my-corporate-cidr>", "\"partition\"", "AccountA-ID", "AccountB-ID", "AccountC-ID", "account-id", "acct-ID",
        "account-ID", "AccountNumber", "awsAccountID", ":JohnDoe"}) {
    if (message.find(word) != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST(IamValidate, RealPoliciesAreNotRefused) {
  if (!std::filesystem::exists(policies())) {
    GTEST_SKIP() << "no recorded policies at " << policies();
  }
  const std::string text = unpacked(policies());
  std::map<std::string, std::size_t> counts;
  std::size_t documents = 0;
  std::size_t clean = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const json entry = json::parse(text.substr(begin, end - begin));
    begin = end + 1;
    const bool scp = from(entry, "aws-scp-examples") && entry.at("kind") == "identity";
    const auto use = policy_use_from_name(scp ? "scp" : entry.at("kind").get<std::string>());
    ASSERT_TRUE(use.has_value());
    const std::vector<PolicyProblem> problems = validate(read_policy_json(entry.at("policy").dump()), *use);
    ++documents;
    clean += problems.empty() ? 1 : 0;
    // Inputs of other tools' tests are wrong on purpose; samples with holes in them are marked as broken.
    const bool published = from(entry, "iam-dataset") || from(entry, "aws-iam-user-guide") ||
                           from(entry, "aws-s3-userguide") || from(entry, "aws-kms-guide") ||
                           from(entry, "aws-sqs-guide") || from(entry, "aws-scp-examples") ||
                           from(entry, "aws-data-perimeter");
    for (const PolicyProblem& problem : problems) {
      const bool error = problem.what.severity == findings::DiagnosticSeverity::kError;
      ++counts[(error ? "error " : "warning ") + problem.what.code];
      const bool own_size = problem.what.code == "policy-size" && from(entry, "iam-dataset");
      if (error && published && entry.at("broken").is_null() && !own_size && !is_placeholder(problem.what.message)) {
        ADD_FAILURE() << entry.at("id") << " " << name(*use) << ": " << problem.what.message;
      }
    }
  }
  std::cout << documents << " policies, " << clean << " without a problem\n";
  for (const auto& [code, count] : counts) {
    std::cout << "  " << code << ": " << count << "\n";
  }
  EXPECT_GT(documents, 1000U);
  EXPECT_GT(clean, documents * 9 / 10);
}

}  // namespace
}  // namespace gabion::iam
