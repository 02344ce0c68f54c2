// tests: iam
// The prover against recorded decisions: a formula that only one request satisfies must be answered as that request was
// decided; and a real policy allows nothing that it does not allow itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "iam/compare.h"
#include "iam/prove.h"

namespace gabion::iam {
namespace {

using nlohmann::json;

std::filesystem::path corpora() {
  if (const char* set = std::getenv("GABION_CORPORA")) {
    return std::filesystem::path(set) / "iam";
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora" / "iam";
}

std::vector<json> read_lines(const std::string& name, std::size_t every) {
  const std::string command = "gzip -dc '" + (corpora() / name).string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::vector<char> buffer(1U << 16U);
  std::size_t count = 0;
  while (pipe != nullptr && (count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0) {
    text.append(buffer.data(), count);
  }
  std::vector<json> out;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin && line++ % every == 0) {
      out.push_back(json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                text.begin() + static_cast<std::ptrdiff_t>(end)));
    }
    begin = end + 1;
  }
  return out;
}

void add_variables(const std::string& text, std::set<std::string, KeyLess>& keys) {
  for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 2)) {
    const std::size_t end = text.find_first_of(",}", at);
    keys.insert(text.substr(at + 2, end - at - 2));
  }
}

/// Keys that the answer may depend on.
std::set<std::string, KeyLess> keys_of(const PolicyDocument& document) {
  std::set<std::string, KeyLess> keys;
  for (const Statement& statement : document.statements) {
    for (const Condition& condition : statement.conditions) {
      keys.insert(condition.key.str());
      for (const Text& value : condition.values.items) {
        add_variables(value.str(), keys);
      }
    }
    for (const TextList* list : {&statement.resources, &statement.not_resources}) {
      for (const Text& value : list->items) {
        add_variables(value.str(), keys);
      }
    }
  }
  return keys;
}

/// Text that stands for itself where policy variables are read.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '$' ? std::string("${$}") : std::string(1, c);
  }
  return out;
}

/// Only this request, as far as the policy can tell requests apart. False when it has lists, which formulas cannot pin.
bool pin(const json& request, const PolicyDocument& document, std::vector<Formula>& parts) {
  Formula principal;
  principal.kind = FormulaKind::kPrincipal;
  principal.principal.is.emplace_back(request.at("principal").get<std::string>());
  parts.push_back(std::move(principal));
  parts.push_back(Formula::test(FormulaKind::kAction, "", {Text(request.at("action").get<std::string>())}));
  parts.push_back(
      Formula::test(FormulaKind::kResourceIs, "", {Text(escaped(request.at("resource").get<std::string>()))}));
  std::set<std::string, KeyLess> given;
  for (const auto& [key, value] : request.at("context").items()) {
    if (!value.is_string()) {
      return false;
    }
    given.insert(key);
    parts.push_back(Formula::test(FormulaKind::kIn, key, {Text(value.get<std::string>())}));
  }
  for (const std::string& key : keys_of(document)) {
    if (!given.contains(key)) {
      parts.push_back(Formula::test(FormulaKind::kAbsent, key));
    }
  }
  return true;
}

TEST(IamRecordedRequests, ProofsAgreeWithDecisions) {
  if (!std::filesystem::exists(corpora() / "fuzz-1.jsonl.gz")) {
    GTEST_SKIP() << "no recorded requests at " << corpora();
  }
  std::size_t agree = 0;
  std::size_t out_of_domain = 0;
  std::size_t unknown = 0;
  std::size_t differ = 0;
  const char* all = std::getenv("GABION_ALL");
  for (const char* file : {"fuzz-1.jsonl.gz", "fuzz-2.jsonl.gz"}) {
    for (const json& entry : read_lines(file, all != nullptr ? 1 : 17)) {
      if (entry.at("expect").is_null()) {
        continue;
      }
      const PolicyKind kind =
          policy_kind_from_name(entry.at("kind").get<std::string>()).value_or(PolicyKind::kIdentity);
      const PolicyReading reading = read_policy_json(entry.at("policy").dump());
      ASSERT_EQ(reading.documents.size(), 1U);
      const PolicyDocument& document = reading.documents.front();
      std::vector<Formula> parts;
      if (!pin(entry.at("request"), document, parts)) {
        continue;
      }
      const Formula formula = Formula::all(std::move(parts));
      Assumptions assumptions;
      assumptions.aws = false;
      const bool allowed = entry.at("expect") == "Allowed";
      const bool denied = entry.at("expect") == "ExplicitlyDenied";
      const Proof never = prove_never_allows(document, kind, formula, assumptions);
      const Proof denies = prove_denies(document, kind, formula, assumptions);
      if (never.answer == Truth::kYes && denies.answer == Truth::kYes && !denied) {
        // A value that is none of its key's type: no request of the prover's domain satisfies the formula.
        ++out_of_domain;
        continue;
      }
      if (never.answer == Truth::kUnknown || denies.answer == Truth::kUnknown) {
        ++unknown;
        if (std::getenv("GABION_VERBOSE") != nullptr) {
          std::cout << "not decided: " << never.because << "; " << denies.because << "\n" << entry.dump() << "\n";
        }
        continue;
      }
      if ((never.answer == Truth::kNo) == allowed && (denies.answer == Truth::kYes) == denied) {
        ++agree;
        continue;
      }
      ++differ;
      if (differ < 10) {
        ADD_FAILURE() << entry.dump() << "\nallowed: " << allowed << " " << never.because << "\ndenied: " << denied
                      << " " << denies.because;
      }
    }
  }
  std::cout << agree << " agree, " << differ << " differ, " << unknown << " not decided, " << out_of_domain
            << " with values of another type\n";
  EXPECT_EQ(differ, 0U);
  EXPECT_LT(unknown * 50, agree);
  EXPECT_LT(out_of_domain * 10, agree);
}

TEST(IamRecordedRequests, RealPoliciesAllowNothingButThemselves) {
  if (!std::filesystem::exists(corpora() / "policies.jsonl.gz")) {
    GTEST_SKIP() << "no recorded policies at " << corpora();
  }
  std::size_t yes = 0;
  std::size_t unknown = 0;
  std::vector<double> times;
  const char* all = std::getenv("GABION_ALL");
  for (const json& entry : read_lines("policies.jsonl.gz", all != nullptr ? 1 : 5)) {
    const PolicyKind kind = policy_kind_from_name(entry.at("kind").get<std::string>()).value_or(PolicyKind::kIdentity);
    const PolicyReading reading = read_policy_json(entry.at("policy").dump());
    if (reading.documents.size() != 1) {
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    const Proof proof = compare(reading.documents.front(), reading.documents.front(), kind);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    if (times.back() > 50 && std::getenv("GABION_VERBOSE") != nullptr) {
      std::cout << entry.at("id") << " " << times.back() << " ms\n";
    }
    EXPECT_NE(proof.answer, Truth::kNo) << entry.dump();
    yes += proof.answer == Truth::kYes ? 1 : 0;
    if (proof.answer == Truth::kUnknown) {
      ++unknown;
      if (std::getenv("GABION_VERBOSE") != nullptr) {
        std::cout << entry.at("id") << " unknown: " << proof.because << "\n";
      }
    }
  }
  std::ranges::sort(times);
  std::cout << yes << " yes, " << unknown << " unknown; median " << times[times.size() / 2] << " ms, slowest "
            << times.back() << " ms\n";
  EXPECT_LT(unknown * 50, yes);
}

}  // namespace
}  // namespace gabion::iam
