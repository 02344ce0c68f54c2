#include "iam/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "eval/evaluator.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> codes(const PolicyReading& reading) {
  std::vector<std::string> out;
  for (const findings::Diagnostic& diagnostic : reading.diagnostics) {
    out.push_back(diagnostic.code);
  }
  return out;
}

TEST(ReadPolicy, KeepsPlacesAndOrder) {
  const std::string text =
      R"({"Version": "2012-10-17", "Statement": {"Sid": "A", "Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": "*"}})";
  const Region region{source::ArtifactId{3}, 100, static_cast<std::uint32_t>(100 + text.size())};
  const PolicyReading reading = read_policy_json(text, region);
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_THAT(reading.diagnostics, IsEmpty());
  const PolicyDocument& document = reading.documents.front();
  EXPECT_TRUE(document.statement_scalar);
  ASSERT_EQ(document.statements.size(), 1U);
  const Statement& statement = document.statements.front();
  ASSERT_EQ(statement.actions.items.size(), 2U);
  EXPECT_EQ(statement.actions.items[1].str(), "s3:Put*");
  const Region put = statement.actions.items[1].region;
  EXPECT_EQ(put.artifact, source::ArtifactId{3});
  EXPECT_EQ(text.substr(put.begin - 100, put.size()), "\"s3:Put*\"");
  EXPECT_EQ(text.substr(statement.actions.key_region.begin - 100, statement.actions.key_region.size()), "\"Action\"");
  EXPECT_TRUE(statement.resources.scalar);
}

TEST(ReadPolicy, ScalarsAreRead) {
  const PolicyDocument document = testing::document(
      R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}, "Bool": {"aws:SecureTransport": [true]}}}]})");
  ASSERT_EQ(document.statements[0].conditions.size(), 2U);
  EXPECT_EQ(document.statements[0].conditions[0].values.items[0].str(), "1.2");
  EXPECT_EQ(document.statements[0].conditions[1].values.items[0].str(), "true");
  EXPECT_EQ(document.has_variables(), Truth::kNo);
}

TEST(ReadPolicy, OperatorsAreTakenApart) {
  const ConditionOperator op = parse_operator("ForAnyValue:StringNotLikeIfExists");
  EXPECT_EQ(op.qualifier, Qualifier::kForAnyValue);
  EXPECT_EQ(op.family, OperatorFamily::kStringLike);
  EXPECT_TRUE(op.negated);
  EXPECT_TRUE(op.if_exists);
  EXPECT_EQ(parse_operator("StringMatches").family, OperatorFamily::kUnknown);
  EXPECT_TRUE(parse_operator("ArnEquals").arn_equals);
}

TEST(ReadPolicy, MistakesAreReportedAndTheRestIsKept) {
  const auto with = [](const std::string& statement) {
    return testing::reading(R"({"Version": "2012-10-17", "Statement": [)" + statement +
                            R"(, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]})");
  };
  struct Case {
    const char* statement;
    const char* code;
  };
  for (const Case& one : {
           Case{R"({"Effect": "allow", "Action": "*", "Resource": "*"})", "policy-effect"},
           Case{R"({"Action": "*", "Resource": "*"})", "policy-effect"},
           Case{R"({"Effect": "Allow", "Action": {"a": 1}, "Resource": "*"})", "policy-type"},
           Case{R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Conditions": {}})", "policy-unknown-element"},
           Case{R"({"Effect": "Allow", "Action": "*", "Resource": "*", "": 1})", "policy-unknown-element"},
           Case{R"({"Effect": "Allow", "Action": "*", "Action": "s3:*", "Resource": "*"})", "policy-duplicate-element"},
           Case{R"({"Effect": "Allow", "Action": "*", "Resource": null})", "policy-null"},
           Case{R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "bob"})", "policy-principal"},
           Case{R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"a": "b"}}})",
                "policy-unknown-operator"},
           Case{R"("s3:*")", "policy-type"},
       }) {
    const PolicyReading reading = with(one.statement);
    EXPECT_THAT(codes(reading), Contains(one.code)) << one.statement;
    ASSERT_EQ(reading.documents.size(), 1U);
    EXPECT_TRUE(reading.documents[0].statements.back().actions.items[0].is("iam:*")) << one.statement;
  }
}

TEST(ReadPolicy, PrincipalsInAListAreReadAsMeant) {
  const PolicyReading reading = testing::reading(R"({"Version": "2012-10-17", "Statement": [{
      "Effect": "Allow", "Action": "*", "Resource": "*",
      "Principal": ["*", "111122223333", "lambda.amazonaws.com", "arn:aws:iam::111122223333:saml-provider/a", "bob"]}]})");
  EXPECT_THAT(codes(reading), ElementsAre("policy-type"));
  ASSERT_EQ(reading.documents.size(), 1U);
  std::vector<std::string> types;
  for (const Identifier& identifier : reading.documents[0].statements[0].principals.identifiers) {
    types.push_back(identifier.type);
  }
  EXPECT_THAT(types, ElementsAre("*", "AWS", "Service", "Federated", "AWS"));
}

TEST(ReadPolicy, WhatIsNoJsonIsNoPolicy) {
  const PolicyReading reading = read_policy_json("{\"Statement\": [");
  EXPECT_THAT(reading.documents, IsEmpty());
  EXPECT_EQ(reading.complete, Truth::kNo);
  EXPECT_FALSE(reading.diagnostics.empty());
}

TEST(ReadPolicy, TextsWithHoles) {
  const PolicyReading reading = testing::reading(
      R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "<var.a>", "Resource": "arn:aws:s3:::<b.id>/*"}]})");
  ASSERT_EQ(reading.documents.size(), 1U);
  const Statement& statement = reading.documents[0].statements[0];
  EXPECT_EQ(statement.resources.items[0].str(), "arn:aws:s3:::{b.id}/*");
  EXPECT_FALSE(statement.resources.items[0].known());
  std::vector<std::string> names;
  for (const Hole& hole : reading.documents[0].holes()) {
    names.push_back(hole.name);
  }
  EXPECT_THAT(names, ElementsAre("b.id", "var.a"));
}

// ---- Evaluated values. ----

class ReadValues : public ::testing::Test {
 protected:
  eval::Value string(std::string_view text) { return eval::make_string(arena_, text); }
  eval::Value unknown(std::string_view name, const eval::Type& type = eval::kStringType) {
    const eval::Symbol* symbol =
        symbols_.intern({.reason = eval::Reason::kVariable, .text = name, .subject = {}, .path = {}, .region = {}});
    return eval::make_unknown(arena_, type, symbol);
  }
  eval::Value object(std::vector<eval::Member> members) { return eval::make_object(arena_, members); }
  eval::Value tuple(std::vector<eval::Value> elements) { return eval::make_tuple(arena_, elements); }
  static eval::Member member(std::string_view name, eval::Value value) {
    return eval::Member{.name = name, .value = value, .name_region = {}};
  }
  eval::Value statement(eval::Value action) {
    return object({member("Effect", string("Allow")), member("Action", action), member("Resource", string("*"))});
  }
  eval::Value policy(eval::Value statements) {
    return object({member("Version", string("2012-10-17")), member("Statement", statements)});
  }

  source::Arena arena_;
  eval::SymbolTable symbols_{arena_};
};

TEST_F(ReadValues, ObjectsAndText) {
  for (const eval::Value& value :
       {policy(tuple({statement(string("s3:*"))})),
        string(
            R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})")}) {
    const PolicyReading reading = read_policy(value);
    ASSERT_EQ(reading.documents.size(), 1U);
    EXPECT_EQ(reading.complete, Truth::kYes);
    EXPECT_TRUE(reading.documents[0].statements[0].actions.items[0].is("s3:*"));
  }
}

TEST_F(ReadValues, EncodedValuesArePreferred) {
  const eval::Origin origin(eval::OriginKind::kExpression, {source::ArtifactId{1}, 10, 20});
  const eval::Value inner = policy(tuple({statement(string("s3:*").with_origin(&origin))}));
  const eval::StringDetail detail{.parts = {}, .encoded = &inner};
  const PolicyReading reading = read_policy(eval::make_string(arena_, "not even JSON", &detail));
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_EQ(reading.documents[0].statements[0].actions.items[0].region, origin.region);
}

TEST_F(ReadValues, TemplatesKeepTheirUnknowns) {
  const eval::Value bucket = unknown("var.bucket");
  const std::array<eval::Part, 3> parts{
      eval::Part{.text = R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::)",
                 .value = nullptr,
                 .region = {}},
      eval::Part{.text = {}, .value = &bucket, .region = {}},
      eval::Part{.text = R"(/*"}})", .value = nullptr, .region = {}}};
  const eval::StringDetail detail{.parts = parts, .encoded = nullptr};
  eval::Unknown about;
  about.symbol = bucket.unknown().symbol;
  const PolicyReading reading = read_policy(eval::make_unknown(arena_, eval::kStringType, about, &detail));
  ASSERT_EQ(reading.documents.size(), 1U) << (reading.diagnostics.empty() ? "" : reading.diagnostics[0].message);
  EXPECT_EQ(reading.documents[0].statements[0].resources.items[0].str(), "arn:aws:s3:::{var.bucket}/*");
}

TEST_F(ReadValues, UnknownPolicies) {
  const PolicyReading reading = read_policy(unknown("var.policy"));
  EXPECT_THAT(reading.documents, IsEmpty());
  EXPECT_EQ(reading.complete, Truth::kUnknown);
  ASSERT_TRUE(reading.unknown.has_value());
  EXPECT_EQ(reading.unknown->name, "var.policy");
}

TEST_F(ReadValues, NoPolicySaysNothing) {
  const PolicyReading reading = read_policy(eval::make_null(arena_));
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_THAT(reading.documents[0].statements, IsEmpty());
}

TEST_F(ReadValues, AlternativesBecomeDocuments) {
  const eval::Symbol* symbol = symbols_.intern(
      {.reason = eval::Reason::kVariable, .text = "var.write", .subject = {}, .path = {}, .region = {}});
  const std::array<eval::Value, 2> choices{string("s3:Get*"), string("s3:Put*")};
  const eval::Value action = eval::make_alternatives(arena_, choices, symbol);
  const PolicyReading reading = read_policy(policy(tuple({statement(action), statement(action)})));
  ASSERT_EQ(reading.documents.size(), 2U) << "the same unknown is the same in both statements";
  EXPECT_TRUE(reading.documents[0].statements[1].actions.items[0].is("s3:Get*"));
  EXPECT_TRUE(reading.documents[1].statements[0].actions.items[0].is("s3:Put*"));
}

TEST_F(ReadValues, AlternativesWithANullThatAwsRefusesAreNone) {
  const eval::Symbol* symbol = symbols_.intern(
      {.reason = eval::Reason::kVariable, .text = "var.topic", .subject = {}, .path = {}, .region = {}});
  const std::array<eval::Value, 2> choices{eval::make_null(arena_), string("sns:Publish")};
  const eval::Value action = eval::make_alternatives(arena_, choices, symbol);
  for (const eval::Value& given : {action, tuple({action, string("sns:Subscribe")})}) {
    const PolicyReading reading = read_policy(policy(tuple({statement(given)})));
    ASSERT_EQ(reading.documents.size(), 1U);
    EXPECT_TRUE(reading.documents[0].statements[0].actions.items[0].is("sns:Publish"));
    EXPECT_THAT(codes(reading), IsEmpty());
  }
  // There is no other way here.
  EXPECT_THAT(codes(read_policy(policy(tuple({statement(tuple({eval::make_null(arena_)}))})))),
              ElementsAre("policy-type"));
}

TEST_F(ReadValues, ANullThatDependsOnSomethingIsNoneThatWasWritten) {
  const eval::Symbol* symbol =
      symbols_.intern({.reason = eval::Reason::kVariable, .text = "var.some", .subject = {}, .path = {}, .region = {}});
  const eval::Value null = eval::make_null(arena_);
  const std::array<eval::Value, 2> choices{object({}), null};
  const auto with_condition = [&](eval::Value condition) {
    return object({member("Effect", string("Allow")), member("Action", string("s3:Get*")),
                   member("Resource", string("*")), member("Condition", condition)});
  };
  const PolicyReading maybe =
      read_policy(policy(tuple({with_condition(eval::make_alternatives(arena_, choices, symbol))})));
  ASSERT_EQ(maybe.documents.size(), 2U);
  EXPECT_THAT(maybe.diagnostics, IsEmpty());
  const std::array<eval::Value, 2> others{string("s3:Get*"), string("s3:Put*")};
  const PolicyReading always =
      read_policy(policy(tuple({statement(eval::make_alternatives(arena_, others, symbol)), with_condition(null)})));
  ASSERT_EQ(always.documents.size(), 2U);
  EXPECT_THAT(codes(always), ElementsAre("policy-null"));
}

TEST_F(ReadValues, UnknownStatementsAndListsAreOpen) {
  const eval::Type list{.kind = eval::TypeKind::kList, .element = &eval::kStringType};
  const PolicyReading reading = read_policy(policy(tuple({statement(unknown("var.actions", list))})));
  ASSERT_EQ(reading.documents.size(), 1U);
  const Text& action = reading.documents[0].statements[0].actions.items[0];
  EXPECT_TRUE(action.segments()[0].hole->many);
  EXPECT_TRUE(read_policy(policy(unknown("var.statements", eval::kDynamicType))).documents[0].open.has_value());
}

TEST_F(ReadValues, AnElementOfUnknownTypeIsOneText) {
  const PolicyReading reading =
      read_policy(policy(tuple({statement(tuple({string("s3:Get*"), unknown("var.action", eval::kDynamicType)}))})));
  ASSERT_EQ(reading.documents.size(), 1U);
  const std::vector<Text>& items = reading.documents[0].statements[0].actions.items;
  ASSERT_EQ(items.size(), 2U);
  EXPECT_FALSE(items[1].segments()[0].hole->many);
}

TEST_F(ReadValues, WithinATextAnUnknownTypeIsOneText) {
  const eval::Value bucket = unknown("var.bucket", eval::kDynamicType);
  const auto written = [&](std::string_view before, std::string_view after) {
    const std::array<eval::Part, 3> parts{
        eval::Part{.text = before, .value = nullptr, .region = {}},
        eval::Part{.text = {}, .value = arena_.make<eval::Value>(bucket), .region = {}},
        eval::Part{.text = after, .value = nullptr, .region = {}}};
    eval::Unknown about;
    about.symbol = bucket.unknown().symbol;
    const auto* detail = arena_.make<eval::StringDetail>(
        eval::StringDetail{.parts = arena_.copy(std::span<const eval::Part>(parts)), .encoded = nullptr});
    return eval::make_unknown(arena_, eval::kStringType, about, detail);
  };
  const eval::Value encoded = policy(tuple({statement(written("s3:", "Object"))}));
  const eval::Value text =
      written(R"({"Statement": {"Effect": "Allow", "Resource": "*", "Action": "s3:)", R"(Object"}})");
  for (const eval::Value& value : {encoded, text}) {
    const PolicyReading reading = read_policy(value);
    ASSERT_EQ(reading.documents.size(), 1U);
    const std::vector<Text>& items = reading.documents[0].statements[0].actions.items;
    ASSERT_EQ(items.size(), 1U);
    EXPECT_FALSE(items[0].segments()[1].hole->many);
  }
}

TEST_F(ReadValues, WhatIsKnownOfListsIsRead) {
  const eval::Type list{.kind = eval::TypeKind::kList, .element = &eval::kStringType};
  const auto with_held = [&](const eval::Value& of, const eval::Value& held) {
    eval::Unknown about = of.unknown();
    about.held = arena_.copy(std::span(&held, 1));
    return eval::make_unknown(arena_, *of.node().type(), about);
  };
  const eval::Value actions = with_held(unknown("var.actions", list), string("s3:*"));
  const PolicyReading reading =
      read_policy(policy(with_held(unknown("var.statements", eval::kDynamicType), statement(actions))));
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_TRUE(reading.documents[0].open.has_value());
  ASSERT_EQ(reading.documents[0].statements.size(), 1U);
  const std::vector<Text>& items = reading.documents[0].statements[0].actions.items;
  ASSERT_EQ(items.size(), 2U);
  EXPECT_TRUE(items[0].is("s3:*"));
  EXPECT_TRUE(items[1].segments()[0].hole->many);
}

TEST_F(ReadValues, HolesCanBeResolved) {
  ReadOptions options;
  options.resolve = [](const eval::Symbol& symbol) -> std::optional<Text> {
    return symbol.text == "var.bucket" ? std::optional(Text("data")) : std::nullopt;
  };
  const PolicyReading reading = read_policy(policy(tuple({statement(unknown("var.bucket"))})), options);
  EXPECT_TRUE(reading.documents[0].statements[0].actions.items[0].is("data"));
}

TEST(ReadPolicy, AnUnknownTextInPlaceOfAStatementIsAnUnknownStatement) {
  source::Arena arena;
  eval::SymbolTable symbols(arena);
  const eval::Value unknown = eval::make_unknown(
      arena, eval::kStringType,
      symbols.intern(
          {.reason = eval::Reason::kData, .text = "data.x.statement", .subject = {}, .path = {}, .region = {}}));
  const std::array<eval::Value, 1> statements{unknown};
  const std::array<eval::Member, 1> members{
      eval::Member{.name = "Statement", .value = eval::make_tuple(arena, statements), .name_region = {}}};
  const PolicyReading reading = read_policy(eval::make_object(arena, members));
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_TRUE(reading.documents[0].open.has_value());
  EXPECT_TRUE(reading.diagnostics.empty());
}

}  // namespace
}  // namespace gabion::iam
