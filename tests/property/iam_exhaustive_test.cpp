// tests: iam
// The prover against brute force over a whole small universe: every pair of statements over two actions, action
// patterns, one single-valued and one multivalued key, and every operator with every qualifier and suffix. What a
// statement matches is tabulated with decide's own matching; every answer must agree with the table. A sample runs by
// default; GABION_EXHAUSTIVE=1 runs all.
#include <gtest/gtest.h>

#include <bitset>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "iam/compare.h"
#include "iam/prove.h"

namespace gabion::iam {
namespace {

/// A type of keys with its operators and two policy values, and request values on all sides of these.
struct Universe {
  std::string_view name;
  KeyType type;
  std::vector<std::string> operators;
  std::string first;
  std::string second;
  std::vector<std::string> values;
};

std::vector<Universe> universes() {
  return {
      {"texts",
       KeyType::kString,
       {"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
        "StringNotLike"},
       "a",
       "b*",
       {"a", "A", "b", "bc", "c", "b*"}},
      {"numbers",
       KeyType::kNumeric,
       {"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
        "NumericGreaterThanEquals"},
       "1",
       "2.5",
       {"0", "1", "1.7", "2.5", "3", "2.50"}},
      {"dates",
       KeyType::kDate,
       {"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
        "DateGreaterThanEquals"},
       "2026-01-01T00:00:00Z",
       "2026-07-01T00:00:00Z",
       {"2025-06-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z",
        "2027-01-01T00:00:00Z"}},
      {"truth", KeyType::kBool, {"Bool"}, "true", "false", {"true", "false"}},
      {"addresses",
       KeyType::kIp,
       {"IpAddress", "NotIpAddress"},
       "10.0.0.0/8",
       "2001:db8::/32",
       {"10.1.2.3", "11.0.0.0", "2001:db8::1", "2001:db9::1"}},
      {"arns",
       KeyType::kArn,
       {"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"},
       "arn:aws:s3:::a*",
       "arn:aws:sns:*:111122223333:t",
       {"arn:aws:s3:::ab", "arn:aws:s3:::b", "arn:aws:sns:eu-west-1:111122223333:t", "arn:aws:sns::1:t"}},
      {"binary", KeyType::kBinary, {"BinaryEquals"}, "YQ==", "Yg==", {"YQ==", "Yg==", "Yw=="}},
  };
}

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text) + '"';
}

/// Every Condition element of the universe; the empty text is none.
std::vector<std::string> conditions(const Universe& universe) {
  std::vector<std::string> out{""};
  const std::vector<std::string> values{in_quotes(universe.first),
                                        "[" + in_quotes(universe.first) + "," + in_quotes(universe.second) + "]"};
  for (const std::string& op : universe.operators) {
    for (const std::string_view suffix : {"", "IfExists"}) {
      for (const std::string& value : values) {
        out.push_back("{" + in_quotes(op + std::string(suffix)) + R"(:{"k:one":)" + value + "}}");
        for (const std::string_view prefix : {"ForAllValues:", "ForAnyValue:"}) {
          out.push_back("{" + in_quotes(std::string(prefix) + op + std::string(suffix)) + R"(:{"k:many":)" + value +
                        "}}");
        }
      }
    }
  }
  for (const std::string_view key : {"k:one", "k:many"}) {
    for (const std::string_view value : {"true", "false"}) {
      out.push_back(R"({"Null":{)" + in_quotes(key) + ":" + in_quotes(value) + "}}");
    }
  }
  return out;
}

std::vector<Statement> statements(const Universe& universe) {
  std::vector<Statement> out;
  for (const std::string_view effect : {"Allow", "Deny"}) {
    for (const std::string_view element : {"Action", "NotAction"}) {
      for (const std::string_view pattern : {"s3:*", "s3:GetObject", "s3:?ut*"}) {
        for (const std::string& condition : conditions(universe)) {
          std::string text = R"({"Version":"2012-10-17","Statement":{"Resource":"*","Effect":)" + in_quotes(effect) +
                             "," + in_quotes(element) + ":" + in_quotes(pattern);
          text += condition.empty() ? "" : R"(,"Condition":)" + condition;
          PolicyReading reading = read_policy_json(text + "}}");
          EXPECT_TRUE(reading.diagnostics.empty()) << text;
          out.push_back(reading.documents.at(0).statements.at(0));
        }
      }
    }
  }
  return out;
}

/// Requests that tell all classes of values apart.
std::vector<Request> requests(const Universe& universe) {
  std::vector<ContextValue> one{ContextValue()};
  std::vector<ContextValue> many{ContextValue(), ContextValue(std::vector<std::string>{})};
  for (const std::string& value : universe.values) {
    one.emplace_back(value);
    many.emplace_back(std::vector<std::string>{value});
  }
  for (std::size_t i = 0; i + 1 < universe.values.size(); ++i) {
    many.emplace_back(std::vector<std::string>{universe.values[i], universe.values[i + 1]});
  }
  many.emplace_back(std::vector<std::string>{universe.values.front(), universe.values.back()});
  std::vector<Request> out;
  for (const std::string_view action : {"s3:GetObject", "s3:PutObject", "iam:GetUser"}) {
    for (const ContextValue& first : one) {
      for (const ContextValue& second : many) {
        Request request;
        request.principal = "arn:aws:iam::111122223333:user/u";
        request.action = std::string(action);
        request.resource = "arn:aws:s3:::b/k";
        if (!first.values.empty()) {
          request.context.emplace("k:one", first);
        }
        if (!second.values.empty() || second.list) {
          request.context.emplace("k:many", second);
        }
        out.push_back(std::move(request));
      }
    }
  }
  return out;
}

constexpr std::size_t kMaxRequests = 512;
using Requests = std::bitset<kMaxRequests>;

PolicyDocument document_of(std::initializer_list<const Statement*> statements) {
  PolicyDocument out;
  out.version = Text("2012-10-17");
  for (const Statement* one : statements) {
    out.statements.push_back(*one);
    out.statements.back().index = out.statements.size() - 1;
  }
  return out;
}

Formula read(std::string_view json) {
  ParsedFormula parsed = read_formula(json);
  EXPECT_TRUE(parsed.formula.has_value()) << parsed.error;
  return parsed.formula.value_or(Formula());
}

struct Counts {
  std::uint64_t asked = 0;
  std::uint64_t yes = 0;
  std::uint64_t no = 0;
  std::uint64_t open = 0;
};

std::string describe(const PolicyDocument& document) {
  std::string out;
  for (const Statement& statement : document.statements) {
    out += statement.effect == Effect::kDeny ? "\nDeny" : "\nAllow";
    const TextList& list = statement.actions.present ? statement.actions : statement.not_actions;
    out += (statement.actions.present ? " " : " not ") + list.items.at(0).str();
    for (const Condition& condition : statement.conditions) {
      out += " " + condition.operator_text.str() + " " + condition.key.str();
      for (const Text& value : condition.values.items) {
        out += " " + value.str();
      }
    }
  }
  return out;
}

/// All pairs of statements of one universe, or every n-th of them.
void run(const Universe& universe, std::size_t stride, Counts& counts) {
  const std::vector<Statement> all = statements(universe);
  const std::vector<Request> asked = requests(universe);
  ASSERT_LE(asked.size(), kMaxRequests);
  std::vector<Requests> matched(all.size());
  const PolicyDocument version = document_of({});
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t r = 0; r < asked.size(); ++r) {
      matched[i][r] = matches(all[i], version, PolicyKind::kIdentity, asked[r]);
    }
  }
  Assumptions assumptions;
  assumptions.aws = false;
  for (const char* key : {"k:one", "k:many"}) {
    assumptions.keys.push_back(
        KeyFact{.key = key, .type = universe.type, .always = false, .multivalued = key[2] == 'm', .only = {}});
  }
  const Formula anything;
  const Formula scope = read(R"({"all":[{"action":"s3:GetObject"},{"present":"k:one"}]})");
  Requests in_scope;
  for (std::size_t r = 0; r < asked.size(); ++r) {
    in_scope[r] = holds(scope, asked[r]);
  }
  const Requests none;
  const auto judge = [&](const Proof& proof, const Requests& counterexamples, std::string_view what,
                         const PolicyDocument& document, const auto& is_counterexample) {
    ++counts.asked;
    switch (proof.answer) {
      case Truth::kYes:
        ++counts.yes;
        ASSERT_TRUE(counterexamples.none()) << what << describe(document);
        break;
      case Truth::kNo:
        ++counts.no;
        ASSERT_TRUE(proof.witness.has_value()) << what << describe(document);
        ASSERT_TRUE(is_counterexample(*proof.witness)) << what << describe(document);
        break;
      case Truth::kUnknown:
        ++counts.open;
        ASSERT_FALSE(proof.open_points.empty()) << what << ": " << proof.because << describe(document);
        break;
    }
  };
  std::size_t number = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i; j < all.size(); ++j) {
      if (number++ % stride != 0) {
        continue;
      }
      const PolicyDocument both = document_of({&all[i], &all[j]});
      const PolicyDocument first = document_of({&all[i]});
      const auto allowed_by = [&](std::initializer_list<std::size_t> indexes) {
        Requests allow;
        Requests deny;
        for (const std::size_t index : indexes) {
          (all[index].effect == Effect::kDeny ? deny : allow) |= matched[index];
        }
        return allow & ~deny;
      };
      const auto denied = [&](std::size_t index) { return all[index].effect == Effect::kDeny ? matched[index] : none; };
      judge(prove_never_allows(both, PolicyKind::kIdentity, anything, assumptions), allowed_by({i, j}), "never allows",
            both,
            [&](const Request& request) { return decide(both, PolicyKind::kIdentity, request) == Decision::kAllowed; });
      judge(prove_denies(both, PolicyKind::kIdentity, scope, assumptions), in_scope & ~(denied(i) | denied(j)),
            "denies", both, [&](const Request& request) {
              return holds(scope, request) &&
                     decide(both, PolicyKind::kIdentity, request) != Decision::kExplicitlyDenied;
            });
      judge(compare(first, both, PolicyKind::kIdentity, assumptions), allowed_by({i, j}) & ~allowed_by({i}), "compare",
            both, [&](const Request& request) {
              return decide(both, PolicyKind::kIdentity, request) == Decision::kAllowed &&
                     decide(first, PolicyKind::kIdentity, request) != Decision::kAllowed;
            });
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(IamExhaustive, AgreesWithBruteForceOverAllPairsOfStatements) {
  const bool all = std::getenv("GABION_EXHAUSTIVE") != nullptr;
  for (const Universe& universe : universes()) {
    const std::size_t pairs = statements(universe).size() * statements(universe).size() / 2;
    constexpr std::size_t kSample = 1000;
    // No divisor of the number of statements, so that a sample meets all kinds of pairs.
    const std::size_t stride = all ? 1 : pairs / kSample + 1;
    Counts counts;
    run(universe, stride | 1U, counts);
    std::cout << universe.name << ": " << counts.asked << " questions, " << counts.yes << " yes, " << counts.no
              << " no, " << counts.open << " hang on open points\n";
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    EXPECT_GT(counts.yes, 0U);
    EXPECT_GT(counts.no, 0U);
  }
}

}  // namespace
}  // namespace gabion::iam
