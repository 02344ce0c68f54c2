#include "engine/iam_functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "eval/evaluator.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;
using ::testing::HasSubstr;

class IamFunctions : public ::testing::Test {
 protected:
  Value string(std::string_view text) { return eval::make_string(arena_, text); }
  Value unknown(std::string_view name, const eval::Type& type = eval::kStringType) {
    return eval::make_unknown(arena_, type, symbol(name));
  }
  const eval::Symbol* symbol(std::string_view name) {
    return symbols_.intern({.reason = eval::Reason::kVariable, .text = name, .subject = {}, .path = {}, .region = {}});
  }
  Value object(std::vector<eval::Member> members) { return eval::make_object(arena_, members); }
  Value tuple(std::vector<Value> elements) { return eval::make_tuple(arena_, elements); }
  static eval::Member member(std::string_view name, Value value) {
    return eval::Member{.name = name, .value = value, .name_region = {}};
  }
  Value allow(Value action) {
    return object({member("Statement", tuple({object({member("Effect", string("Allow")), member("Action", action),
                                                      member("Resource", string("*"))})}))});
  }
  Value action_formula(std::string_view action) { return object({member("action", string(action))}); }
  IamQuestion question(Value formula) {
    const ReadQuestion read = read_question(string("identity"), formula, nullptr);
    EXPECT_TRUE(read.question.has_value()) << read.error;
    return read.question.value_or(IamQuestion());
  }
  eval::Context context() { return {arena_, symbols_, budget_, limits_}; }

  source::Arena arena_;
  eval::SymbolTable symbols_{arena_};
  source::Limits limits_;
  source::Budget budget_{limits_};
};

TEST_F(IamFunctions, QuestionsAreReadFromValues) {
  const Value options = object({member("aws", eval::make_bool(false)),
                                member("keys", object({member("k:a", object({member("always", eval::make_bool(true)),
                                                                             member("type", string("numeric"))}))})),
                                member("facts", tuple({action_formula("s3:*")}))});
  const ReadQuestion read = read_question(string("resource"), action_formula("s3:*"), &options);
  ASSERT_TRUE(read.question.has_value()) << read.error;
  EXPECT_EQ(read.question->kind, iam::PolicyKind::kResource);
  EXPECT_FALSE(read.question->assumptions.aws);
  ASSERT_EQ(read.question->assumptions.keys.size(), 1U);
  EXPECT_TRUE(read.question->assumptions.keys[0].always);
  EXPECT_EQ(read.question->assumptions.keys[0].type, iam::KeyType::kNumeric);
  EXPECT_EQ(read.question->assumptions.facts.size(), 1U);
}

TEST_F(IamFunctions, MistakesInQuestionsAreNamed) {
  EXPECT_THAT(read_question(string("bucket"), action_formula("s3:*"), nullptr).error, HasSubstr("\"identity\""));
  EXPECT_THAT(read_question(string("identity"), object({member("acton", string("a"))}), nullptr).error,
              HasSubstr("\"acton\""));
  const Value options = object({member("fact", tuple({}))});
  EXPECT_THAT(read_question(string("identity"), action_formula("s3:*"), &options).error, HasSubstr("\"fact\""));
}

TEST_F(IamFunctions, QuestionsOfWhichTheShapeIsNotKnownAreNoMistakes) {
  const eval::Type list{.kind = eval::TypeKind::kList, .element = &eval::kDynamicType};
  for (const Value& formula :
       {object({member("all", unknown("var.formulas", list))}), unknown("var.formula", eval::kDynamicType),
        object({member("not", unknown("var.formula", eval::kDynamicType))})}) {
    const ReadQuestion read = read_question(string("identity"), formula, nullptr);
    EXPECT_FALSE(read.question.has_value());
    EXPECT_TRUE(read.open) << read.error;
    eval::Context about = context();
    const eval::Call call{.name = "iam_denies", .arguments = {}, .region = {}, .syntax = nullptr};
    const Value value = unreadable(read, formula, call, about);
    ASSERT_TRUE(value.is_unknown());
    EXPECT_THAT(std::string(value.unknown().symbol->text), HasSubstr("var.formula"));
  }
  const ReadQuestion wrong = read_question(string("identity"), object({member("all", string("x"))}), nullptr);
  EXPECT_FALSE(wrong.open);
}

TEST_F(IamFunctions, AnswersForOnePolicy) {
  const IamQuestion about = question(action_formula("iam:PassRole"));
  EXPECT_EQ(iam_never_allows(allow(string("s3:*")), about).answer, Truth::kYes);
  EXPECT_EQ(iam_never_allows(allow(string("iam:*")), about).answer, Truth::kNo);
  EXPECT_EQ(iam_allows(allow(string("iam:*")), about).answer, Truth::kYes);
  EXPECT_EQ(iam_denies(eval::make_null(arena_), about).answer, Truth::kNo);
  EXPECT_EQ(iam_never_allows(unknown("var.policy"), about).answer, Truth::kUnknown);
}

TEST_F(IamFunctions, PoliciesOfAListApplyTogether) {
  const Value deny =
      object({member("Statement", object({member("Effect", string("Deny")), member("Action", string("iam:*")),
                                          member("Resource", string("*"))}))});
  EXPECT_EQ(iam_never_allows(tuple({allow(string("*")), deny}), question(action_formula("iam:PassRole"))).answer,
            Truth::kYes);
}

TEST_F(IamFunctions, AlternativesMustAgree) {
  const auto either = [&](std::string_view one, std::string_view other) {
    const std::array<Value, 2> choices{string(one), string(other)};
    return allow(eval::make_alternatives(arena_, choices, symbol("var.action")));
  };
  const IamQuestion about = question(action_formula("iam:PassRole"));
  EXPECT_EQ(iam_never_allows(either("s3:*", "ec2:*"), about).answer, Truth::kYes);
  EXPECT_EQ(iam_never_allows(either("iam:*", "*"), about).answer, Truth::kNo);
  const iam::Proof mixed = iam_never_allows(either("iam:*", "s3:*"), about);
  EXPECT_EQ(mixed.answer, Truth::kUnknown);
  EXPECT_FALSE(mixed.because.empty());
}

TEST_F(IamFunctions, PoliciesOfTooManyWaysAreNotReadFromOutside) {
  std::vector<Value> actions;
  for (const std::string_view name : {"var.a", "var.b", "var.c", "var.d", "var.e", "var.f"}) {
    const std::array<Value, 2> choices{string("s3:GetObject"), string(name)};
    actions.push_back(eval::make_alternatives(arena_, choices, symbol(name)));
  }
  eval::Context about = context();
  const Value statements = policy_statements(allow(tuple(actions)), about);
  ASSERT_TRUE(statements.is_unknown());
  EXPECT_EQ(depends_on(*statements.unknown().symbol), "depends on more alternatives than are looked at");
}

TEST_F(IamFunctions, UnknownsAreExplained) {
  const iam::Proof proof = iam_never_allows(allow(unknown("var.action")), question(action_formula("iam:PassRole")));
  EXPECT_EQ(proof.answer, Truth::kUnknown);
  ASSERT_FALSE(proof.holes.empty());
  EXPECT_EQ(depends_on(*proof.holes.front().symbol), "depends on var.action, which has no value");
}

TEST(DependsOn, ReasonsAreSentences) {
  const auto text = [](std::string_view name) {
    return depends_on(eval::Symbol{.reason = eval::Reason::kData, .text = name});
  };
  EXPECT_EQ(text("it depends on whom the role trusts"), "depends on whom the role trusts");
  EXPECT_EQ(text("it cannot be decided: too much"), "cannot be decided: too much");
  EXPECT_EQ(text("the contents of x"), "depends on the contents of x, which is read from outside the configuration");
}

TEST_F(IamFunctions, WitnessesShowAbsentKeys) {
  const Value policy = object({member(
      "Statement",
      object({member("Effect", string("Allow")), member("Action", string("s3:*")), member("Resource", string("*")),
              member("Condition", object({member("BoolIfExists", object({member("aws:MultiFactorAuthPresent",
                                                                                string("true"))}))}))}))});
  const iam::Proof proof = iam_never_allows(policy, question(action_formula("s3:*")));
  ASSERT_EQ(proof.answer, Truth::kNo);
  const auto witness = to_witness(proof, nullptr, iam::PolicyKind::kIdentity);
  ASSERT_TRUE(witness.has_value());
  ASSERT_TRUE(witness->context.contains("aws:MultiFactorAuthPresent"));
  EXPECT_FALSE(witness->context.at("aws:MultiFactorAuthPresent").has_value());
  EXPECT_FALSE(to_witness(proof, nullptr, iam::PolicyKind::kTrust)->resource.has_value());
}

TEST_F(IamFunctions, StatementsAreValuesWithPlaces) {
  const eval::Origin origin(eval::OriginKind::kExpression, {source::ArtifactId{1}, 10, 20});
  const Value policy = object({member(
      "Statement",
      tuple({object(
          {member("Sid", string("A")), member("Effect", string("Allow")),
           member("Principal", object({member("AWS", tuple({string("111122223333"), string("444455556666")}))})),
           member("Action", string("sts:AssumeRole").with_origin(&origin)),
           member("Condition",
                  object({member("Bool", object({member("aws:SecureTransport", eval::make_bool(true))}))}))})}))});
  eval::Context in = context();
  const Value statements = policy_statements(policy, in);
  ASSERT_TRUE(statements.is_sequence());
  ASSERT_EQ(statements.elements().size(), 1U);
  const Value& statement = statements.elements()[0];
  EXPECT_EQ(statement.member("sid")->text(), "A");
  EXPECT_EQ(statement.member("effect")->text(), "Allow");
  EXPECT_TRUE(statement.member("resources")->is_null());
  const Value& action = statement.member("actions")->elements()[0];
  EXPECT_EQ(action.text(), "sts:AssumeRole");
  ASSERT_NE(action.origin(), nullptr);
  EXPECT_EQ(action.origin()->region, origin.region);
  const Value& principals = statement.member("principals")->elements()[0];
  EXPECT_EQ(principals.member("type")->text(), "AWS");
  EXPECT_EQ(principals.member("identifiers")->elements().size(), 2U);
  const Value& condition = statement.member("conditions")->elements()[0];
  EXPECT_EQ(condition.member("operator")->text(), "Bool");
  EXPECT_EQ(condition.member("key")->text(), "aws:SecureTransport");
  EXPECT_EQ(condition.member("values")->elements()[0].text(), "true");
}

TEST_F(IamFunctions, StatementsOfUnknownPoliciesAreUnknown) {
  eval::Context in = context();
  EXPECT_TRUE(policy_statements(unknown("var.policy"), in).is_unknown());
  const Value statements = policy_statements(allow(unknown("var.action")), in);
  ASSERT_TRUE(statements.is_sequence());
  EXPECT_TRUE(statements.elements()[0].member("actions")->elements()[0].is_unknown());
}

TEST_F(IamFunctions, StatementsOfOneOfSeveralPoliciesAreKnownWhereTheyAgree) {
  eval::Context in = context();
  const std::array<Value, 2> either{string("s3:GetObject"), string("s3:*")};
  const Value action = eval::make_alternatives(arena_, either, unknown("var.wide").unknown().symbol);
  const auto statement = [&](const Value& of) {
    return object({member("Effect", string("Allow")), member("Action", of), member("Resource", string("*"))});
  };
  const Value policy = object({member("Statement", tuple({statement(string("sqs:SendMessage")), statement(action)}))});
  const Value statements = policy_statements(policy, in);
  ASSERT_TRUE(statements.is_sequence());
  ASSERT_EQ(statements.elements().size(), 2U);
  EXPECT_EQ(statements.elements()[0].member("actions")->elements()[0].text(), "sqs:SendMessage");
  ASSERT_TRUE(statements.elements()[1].is_unknown());
  const auto alternatives = statements.elements()[1].unknown().alternatives;
  ASSERT_EQ(alternatives.size(), 2U);
  EXPECT_EQ(alternatives[0].member("actions")->elements()[0].text(), "s3:GetObject");
  EXPECT_EQ(alternatives[1].member("actions")->elements()[0].text(), "s3:*");
}

// ---- Documents themselves. ----

TEST_F(IamFunctions, ProblemsOfADocument) {
  eval::Context in = context();
  const Value problems = policy_problems(allow(string("GetObject")), string("identity"), in, reading_with(), {});
  ASSERT_TRUE(problems.is_sequence());
  ASSERT_EQ(problems.elements().size(), 1U);
  const Value& problem = problems.elements()[0];
  EXPECT_EQ(problem.member("code")->text(), "policy-action");
  EXPECT_EQ(problem.member("severity")->text(), "error");
  EXPECT_EQ(problem.member("statement")->number().to_string(), "0");
  EXPECT_TRUE(
      policy_problems(allow(string("s3:GetObject")), string("identity"), in, reading_with(), {}).elements().empty());
  EXPECT_TRUE(policy_problems(eval::make_null(arena_), string("identity"), in, reading_with(), {}).elements().empty());
}

TEST_F(IamFunctions, ProblemsPointAtTheirText) {
  eval::Context in = context();
  const eval::Origin origin(eval::OriginKind::kExpression, {source::ArtifactId{0}, 10, 20});
  const Value problems =
      policy_problems(allow(string("GetObject").with_origin(&origin)), string("identity"), in, reading_with(), {});
  ASSERT_EQ(problems.elements().size(), 1U);
  ASSERT_NE(problems.elements()[0].origin(), nullptr);
  EXPECT_EQ(problems.elements()[0].origin()->region, origin.region);
}

TEST_F(IamFunctions, ProblemsOfUnknownPoliciesAreUnknown) {
  eval::Context in = context();
  EXPECT_TRUE(policy_problems(unknown("var.policy"), string("identity"), in, reading_with(), {}).is_unknown());
  EXPECT_TRUE(
      policy_problems(allow(unknown("var.action")), string("identity"), in, reading_with(), {}).elements().empty());
  EXPECT_TRUE(policy_problems(allow(string("*")), string("inline"), in, reading_with(), {}).is_error());
}

TEST_F(IamFunctions, RemarksAboutStatements) {
  eval::Context in = context();
  const auto statement = [&](std::string_view action) {
    return object(
        {member("Effect", string("Allow")), member("Action", string(action)), member("Resource", string("*"))});
  };
  const Value twice = object({member("Statement", tuple({statement("s3:*"), statement("s3:Get*")}))});
  const Value remarks = policy_remarks(twice, string("identity"), in, reading_with(), {});
  ASSERT_EQ(remarks.elements().size(), 1U);
  EXPECT_EQ(remarks.elements()[0].member("kind")->text(), "redundant");
  EXPECT_EQ(remarks.elements()[0].member("statement")->number().to_string(), "1");
  EXPECT_EQ(remarks.elements()[0].member("by")->elements()[0].number().to_string(), "0");
  EXPECT_TRUE(policy_remarks(unknown("var.policy"), string("identity"), in, reading_with(), {}).is_unknown());
  EXPECT_TRUE(policy_remarks(twice, string("scp"), in, reading_with(), {}).is_error());
}

TEST_F(IamFunctions, PoliciesThatMeanTheSame) {
  eval::Context in = context();
  const Value kind = string("identity");
  const Value both = allow(tuple({string("s3:Get*"), string("s3:GetObject")}));
  EXPECT_TRUE(policy_equivalent(both, allow(string("S3:get*")), kind, in, {}, {}).boolean());
  EXPECT_FALSE(policy_equivalent(both, allow(string("s3:*")), kind, in, {}, {}).boolean());
  EXPECT_TRUE(policy_equivalent(both, unknown("var.policy"), kind, in, {}, {}).is_unknown());
  EXPECT_TRUE(policy_equivalent(both, allow(unknown("var.action")), kind, in, {}, {}).is_unknown());
}

TEST_F(IamFunctions, FactsCanBeSwitchedOffByName) {
  const Value options = object({member("without", tuple({string("every request carries aws:SecureTransport")}))});
  const ReadQuestion read = read_question(string("resource"), action_formula("s3:*"), &options);
  ASSERT_TRUE(read.question.has_value()) << read.error;
  EXPECT_THAT(read.question->assumptions.without, ::testing::ElementsAre("every request carries aws:SecureTransport"));
  const Value wrong = object({member("without", string("x"))});
  EXPECT_THAT(read_question(string("resource"), action_formula("s3:*"), &wrong).error, HasSubstr("without"));
}

}  // namespace
}  // namespace gabion::engine
