// How long questions about policies take: every guardrail question over every policy of a corpus, both given as files.
// Prints the median and the slowest for each question, and names the slowest policy. Usage: policy QUERIES POLICIES
// [REPEATS], JSON and JSON lines (unpacked) as the recorded corpora have them.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "iam/document.h"
#include "iam/formula.h"
#include "iam/prove.h"

namespace gabion {
namespace {

using nlohmann::json;

struct Policy {
  std::string id;
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  iam::PolicyDocument document;
};

struct Question {
  std::string id;
  bool denies = false;
  iam::Formula formula;
  iam::Assumptions assumptions;
};

std::vector<Policy> read_policies(const char* path) {
  std::vector<Policy> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const json entry = json::parse(line, nullptr, false);
    if (!entry.is_object()) {
      continue;
    }
    iam::PolicyReading reading = iam::read_policy_json(entry.value("policy", json()).dump());
    const auto kind = iam::policy_kind_from_name(entry.value("kind", "identity"));
    if (!reading.documents.empty() && kind) {
      out.push_back(Policy{entry.value("id", ""), *kind, std::move(reading.documents.front())});
    }
  }
  return out;
}

std::vector<Question> read_questions(const char* path) {
  std::vector<Question> out;
  std::ifstream in(path);
  const json all = json::parse(in, nullptr, false);
  for (const json& query : all.is_array() ? all : json::array()) {
    iam::ParsedFormula scope = iam::read_formula(query.value("scope", json()).dump());
    iam::ParsedFormula bad = iam::read_formula(query.value("bad", json()).dump());
    if (!scope.formula || !bad.formula) {
      continue;
    }
    Question question;
    question.id = query.value("id", "");
    question.denies = query.value("must", "never") == "deny";
    std::vector<iam::Formula> parts;
    parts.push_back(std::move(*scope.formula));
    parts.push_back(std::move(*bad.formula));
    question.formula = iam::Formula::all(std::move(parts));
    out.push_back(std::move(question));
  }
  return out;
}

void run(const std::vector<Question>& questions, const std::vector<Policy>& policies, int repeats) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> all;
  for (const Question& question : questions) {
    std::vector<double> times;
    std::size_t slowest = 0;
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < policies.size(); ++i) {
      double best = 1e300;
      for (int repeat = 0; repeat < repeats; ++repeat) {
        const auto begin = Clock::now();
        const iam::Proof proof = question.denies ? iam::prove_denies(policies[i].document, policies[i].kind,
                                                                     question.formula, question.assumptions)
                                                 : iam::prove_never_allows(policies[i].document, policies[i].kind,
                                                                           question.formula, question.assumptions);
        best = std::min(best, std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        unknown += repeat == 0 && proof.answer == eval::Truth::kUnknown ? 1 : 0;
      }
      times.push_back(best);
      slowest = times[slowest] < best ? i : slowest;
    }
    all.insert(all.end(), times.begin(), times.end());
    const double worst = times[slowest];
    std::ranges::sort(times);
    std::printf("%-4s %5zu policies  median %8.1f us  worst %10.1f us (%s)  unknown %zu\n", question.id.c_str(),
                times.size(), times[times.size() / 2], worst, policies[slowest].id.c_str(), unknown);
  }
  std::ranges::sort(all);
  if (!all.empty()) {
    std::printf("all  %5zu proofs    median %8.1f us  worst %10.1f us\n", all.size(), all[all.size() / 2], all.back());
  }
}

}  // namespace
}  // namespace gabion

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: policy QUERIES.json POLICIES.jsonl [REPEATS]\n");
    return 2;
  }
  const auto questions = gabion::read_questions(argv[1]);
  const auto policies = gabion::read_policies(argv[2]);
  if (questions.empty() || policies.empty()) {
    std::fprintf(stderr, "nothing to ask, or nothing to ask about\n");
    return 2;
  }
  gabion::run(questions, policies, argc > 3 ? std::max(1, std::atoi(argv[3])) : 1);
  return 0;
}
