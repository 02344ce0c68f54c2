// tests: iam
// The prover against recorded guardrail questions: every answer as stated, every witness confirmed by decide().
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "iam/compare.h"
#include "iam/prove.h"

namespace gabion::iam {
namespace {

using nlohmann::json;

std::filesystem::path queries() {
  if (const char* set = std::getenv("GABION_CORPORA")) {
    return std::filesystem::path(set) / "iam" / "queries.json";
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora" / "iam" / "queries.json";
}

PolicyDocument read_document(const json& from) {
  PolicyReading reading = read_policy_json(from.dump());
  EXPECT_EQ(reading.documents.size(), 1U) << from;
  return reading.documents.empty() ? PolicyDocument() : std::move(reading.documents.front());
}

Formula read(const json& from) {
  ParsedFormula parsed = read_formula(from.dump());
  EXPECT_TRUE(parsed.formula.has_value()) << parsed.error;
  return parsed.formula.value_or(Formula());
}

Assumptions read_assumptions(const json& query) {
  Assumptions out;
  out.aws = false;
  const json facts = query.value("facts", json::array());
  for (const json& fact : facts) {
    out.facts.push_back(Fact{fact.at("text").get<std::string>(), read(fact.at("formula"))});
  }
  const json keys = query.value("keys", json::object());
  for (const auto& [key, about] : keys.items()) {
    KeyFact fact;
    fact.key = key;
    fact.always = about.value("always", false);
    fact.only = about.value("only", std::vector<std::string>());
    const std::string type = about.value("type", "");
    if (type == "N") {
      fact.type = KeyType::kNumeric;
    } else if (type == "I") {
      fact.type = KeyType::kIp;
    }
    out.keys.push_back(std::move(fact));
  }
  return out;
}

std::string describe(const Request& request) {
  std::string out = request.principal + " " + request.action + " " + request.resource;
  for (const auto& [key, value] : request.context) {
    out += " " + key + "=";
    for (const std::string& one : value.values) {
      out += "\"" + one + "\"";
    }
  }
  return out;
}

TEST(IamQueries, AnswerAsRecorded) {
  if (!std::filesystem::exists(queries())) {
    GTEST_SKIP() << "no recorded questions at " << queries();
  }
  std::ifstream in(queries());
  const json all = json::parse(in);
  std::size_t asked = 0;
  std::vector<double> times;
  for (const json& query : all) {
    const Assumptions assumptions = read_assumptions(query);
    std::vector<Formula> parts;
    parts.push_back(read(query.at("scope")));
    parts.push_back(read(query.at("bad")));
    const Formula formula = Formula::all(std::move(parts));
    const PolicyKind kind = policy_kind_from_name(query.at("kind").get<std::string>()).value_or(PolicyKind::kIdentity);
    for (const json& entry : query.at("policies")) {
      const std::string id = query.at("id").get<std::string>() + entry.at("name").get<std::string>();
      const bool compares = query.contains("compare");
      const PolicyDocument document = read_document(compares ? entry.at("policy").at(0) : entry.at("policy"));
      const PolicyDocument other = compares ? read_document(entry.at("policy").at(1)) : PolicyDocument();
      const bool denies = !compares && query.at("must") == "deny";
      const auto ask = [&] {
        return compares ? compare(other, document, kind, formula, assumptions)
               : denies ? prove_denies(document, kind, formula, assumptions)
                        : prove_never_allows(document, kind, formula, assumptions);
      };
      const Proof proof = ask();
      const auto begin = std::chrono::steady_clock::now();
      constexpr int kRuns = 5;
      for (int i = 0; i < kRuns; ++i) {
        EXPECT_EQ(ask().answer, proof.answer);
      }
      times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() /
                      kRuns);
      ++asked;
      const Truth expected = entry.at("expect") == "HOLDS" ? Truth::kYes : Truth::kNo;
      EXPECT_EQ(proof.answer, expected) << id << ": " << proof.because;
      if (std::getenv("GABION_VERBOSE") != nullptr) {
        std::cout << id << " " << times.back() << " us: " << proof.because
                  << (proof.witness ? " | " + describe(*proof.witness) : "") << "\n";
        for (const std::string& fact : proof.assumed) {
          std::cout << "   assumed: " << fact << "\n";
        }
      }
      if (expected == Truth::kYes) {
        EXPECT_FALSE(proof.witness.has_value()) << id;
        continue;
      }
      ASSERT_TRUE(proof.witness.has_value()) << id;
      const Request& witness = *proof.witness;
      EXPECT_TRUE(holds(formula, witness)) << id << ": " << describe(witness);
      for (const Fact& fact : assumptions.facts) {
        EXPECT_TRUE(holds(fact.formula, witness)) << id << ": " << describe(witness);
      }
      for (const KeyFact& fact : assumptions.keys) {
        const auto value = witness.context.find(fact.key);
        EXPECT_TRUE(value != witness.context.end() || !fact.always || !fact.only.empty()) << id;
        if (value != witness.context.end() && !fact.only.empty()) {
          EXPECT_NE(std::ranges::find(fact.only, value->second.values.front()), fact.only.end()) << id;
        }
      }
      const Judgement judgement = judge(document, kind, witness);
      EXPECT_TRUE(judgement.open_points.empty()) << id << ": " << describe(witness);
      if (denies) {
        EXPECT_NE(judgement.decision, Decision::kExplicitlyDenied) << id << ": " << describe(witness);
      } else {
        EXPECT_EQ(judgement.decision, Decision::kAllowed) << id << ": " << describe(witness);
      }
      if (compares) {
        EXPECT_NE(decide(other, kind, witness), Decision::kAllowed) << id << ": " << describe(witness);
      }
    }
  }
  ASSERT_FALSE(times.empty());
  std::ranges::sort(times);
  std::cout << asked << " questions, median " << times[times.size() / 2] << " us, slowest " << times.back() << " us\n";
  EXPECT_GT(asked, 50U);
}

}  // namespace
}  // namespace gabion::iam
