#include "fixture.h"
#include "terraform/policy_merge.h"

namespace gabion::terraform::testing {
namespace {

class PolicyDocuments : public Terraform {
 protected:
  /// One document `d` with this body, in an otherwise empty module of its own directory.
  void document(std::string_view body, std::string_view rest = "", const std::string& directory = ".") {
    workspace_.reset();
    write(directory + "/main.tf", "data \"aws_iam_policy_document\" \"d\" {\n" + std::string(body) + "\n}\n" +
                                      std::string(rest) +
                                      "\noutput \"json\" { value = data.aws_iam_policy_document.d.minified_json }\n");
    load(directory);
  }
  std::string text() {
    for (const auto& [name, value] : configuration_->modules().front().outputs) {
      if (name == "json") {
        return value.is_string() ? std::string(value.text()) : "(" + eval::describe(value) + ")";
      }
    }
    return "(none)";
  }
  std::string statements() {
    std::string all = text();
    const std::string start = R"({"Version":"2012-10-17","Statement":[)";
    EXPECT_TRUE(all.starts_with(start)) << all;
    return all.substr(start.size(), all.size() - start.size() - 2);
  }
};

TEST_F(PolicyDocuments, AreWrittenAsTheProviderDoes) {
  document(R"(
    policy_id = "p"
    statement {
      sid       = "S"
      effect    = "Deny"
      actions   = ["b:B", "a:A", "b:B"]
      resources = ["*"]
    }
  )");
  EXPECT_EQ(
      eval::to_json(*member("data.aws_iam_policy_document.d", "json")),
      R"("{\n  \"Version\": \"2012-10-17\",\n  \"Id\": \"p\",\n  \"Statement\": [\n    {\n      \"Sid\": \"S\",\n)"
      R"(      \"Effect\": \"Deny\",\n      \"Action\": [\n        \"b:B\",\n        \"a:A\"\n      ],\n)"
      R"(      \"Resource\": \"*\"\n    }\n  ]\n}")");
  EXPECT_EQ(codes(), "");
}

TEST_F(PolicyDocuments, WriteOneValueBesideAnEmptyBlockAsAScalar) {
  document(R"(
    statement {
      condition {
        test     = "T"
        variable = "v"
        values   = ["x"]
      }
      condition {
        test     = "T"
        variable = "v"
        values   = []
      }
      principals {
        type        = "AWS"
        identifiers = ["x"]
      }
      principals {
        type        = "AWS"
        identifiers = []
      }
    }
  )");
  EXPECT_EQ(statements(), R"({"Effect":"Allow","Principal":{"AWS":["x"]},"Condition":{"T":{"v":"x"}}})");
}

TEST_F(PolicyDocuments, SortIdentifiersAfterAndResourcesBeforeVariablesAreReplaced) {
  document(R"(
    statement {
      resources = ["&&{*}", "&{a}&{b}"]
      principals {
        type        = "AWS"
        identifiers = ["&&{*}", "&{a}&{b}"]
      }
    }
  )");
  EXPECT_EQ(statements(),
            R"({"Effect":"Allow","Resource":["${a}${b}","\u0026${*}"],"Principal":{"AWS":["\u0026${*}","${a}${b}"]}})");
}

TEST_F(PolicyDocuments, KeepOperatorAndKnownEndOfAnUnknownKey) {
  document(R"(
    statement {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      condition {
        test     = "StringEquals"
        variable = "${replace(var.arn, "/^(.*provider/)/", "")}:sub"
        values   = ["system:serviceaccount:a:b"]
      }
      condition {
        test     = "StringEquals"
        variable = "aws:y"
        values   = ["z"]
      }
    }
  )",
           "variable \"arn\" {}");
  const eval::Value* json = member("data.aws_iam_policy_document.d", "json");
  ASSERT_NE(json, nullptr);
  ASSERT_NE(json->detail(), nullptr);
  const eval::Value& statement = json->detail()->encoded->member("Statement")->elements()[0];
  const eval::Value& keys = *statement.member("Condition")->member("StringEquals");
  ASSERT_TRUE(keys.is_unknown());
  ASSERT_EQ(keys.unknown().entries.size(), 2U);
  for (const eval::Entry& entry : keys.unknown().entries) {
    if (entry.key.is_string()) {
      EXPECT_EQ(entry.key.text(), "aws:y");
      EXPECT_EQ(entry.value.text(), "z");
    } else {
      EXPECT_EQ(entry.key.detail()->parts.back().text, ":sub");
      EXPECT_EQ(entry.value.text(), "system:serviceaccount:a:b");
    }
  }
}

TEST_F(PolicyDocuments, SurviveTheReplacementOfPlaceholders) {
  workspace_.reset();
  write("main.tf", R"(
    resource "random_pet" "p" {}
    resource "aws_s3_bucket" "b" { bucket = "logs-${random_pet.p.id}" }
    data "aws_iam_policy_document" "d" {
      statement {
        resources = ["_BUCKET_ARN_/*", "${aws_s3_bucket.b.arn}/x", "arn:aws:s3:::logs-${random_pet.p.id}"]
      }
    }
    locals { policy = replace(data.aws_iam_policy_document.d.json, "_BUCKET_ARN_", aws_s3_bucket.b.arn) }
    output "replaced" { value = contains(jsondecode(local.policy).Statement[0].Resource, "${aws_s3_bucket.b.arn}/*") }
    output "kept" { value = contains(jsondecode(local.policy).Statement[0].Resource, "${aws_s3_bucket.b.arn}/x") }
    output "pet" {
      value = contains(jsondecode(local.policy).Statement[0].Resource, "arn:aws:s3:::logs-${random_pet.p.id}")
    }
  )");
  load();
  EXPECT_EQ(output("replaced"), "true");
  EXPECT_EQ(output("kept"), "true");
  EXPECT_EQ(output("pet"), "true");
}

TEST_F(PolicyDocuments, WithoutStatementsHaveNone) {
  document("");
  EXPECT_EQ(text(), R"({"Version":"2012-10-17"})");
}

TEST_F(PolicyDocuments, DropEmptyListsButNotEmptyIdentifiers) {
  document(R"(
    statement {
      actions = []
      principals {
        type        = "AWS"
        identifiers = []
      }
    }
  )");
  EXPECT_EQ(statements(), R"({"Effect":"Allow","Principal":{"AWS":[]}})");
}

TEST_F(PolicyDocuments, WriteTheStarAloneAsAString) {
  document(R"(
    statement {
      principals {
        type        = "*"
        identifiers = ["*"]
      }
      not_principals {
        type        = "*"
        identifiers = ["*"]
      }
      not_principals {
        type        = "AWS"
        identifiers = ["*"]
      }
    }
  )");
  EXPECT_EQ(statements(), R"({"Effect":"Allow","Principal":"*","NotPrincipal":{"*":"*","AWS":"*"}})");
}

TEST_F(PolicyDocuments, JoinBlocksOfOneTypeInHashOrder) {
  document(R"(
    statement {
      condition {
        test     = "StringLike"
        variable = "k"
        values   = ["z", "a"]
      }
      condition {
        test     = "StringLike"
        variable = "k"
        values   = ["m"]
      }
      condition {
        test     = "StringLike"
        variable = "k"
        values   = ["m"]
      }
      condition {
        test     = "Bool"
        variable = "b"
        values   = [true]
      }
    }
  )");
  // The order is that of CRC-32: identical blocks count once.
  const std::string first = crc32_text("test:StringLike;values:(z;a;);variable:k;");
  const std::string second = crc32_text("test:StringLike;values:(m;);variable:k;");
  const std::string list = first < second ? R"(["z","a","m"])" : R"(["m","z","a"])";
  EXPECT_EQ(statements(), R"({"Effect":"Allow","Condition":{"Bool":{"b":"true"},"StringLike":{"k":)" + list + "}}}");
}

TEST_F(PolicyDocuments, ReplacePolicyVariablesWhereTheProviderDoes) {
  document(R"(
    statement {
      actions   = ["s3:&{a}"]
      resources = ["arn:&{aws:username}<>"]
    }
  )");
  EXPECT_EQ(statements(), R"({"Effect":"Allow","Action":"s3:\u0026{a}","Resource":"arn:${aws:username}\u003c\u003e"})");
}

TEST_F(PolicyDocuments, MergeSourcesAndOverridesBySid) {
  write("main.tf", R"(
    data "aws_iam_policy_document" "source" {
      statement {
        sid     = "A"
        actions = ["a:Source"]
      }
      statement { actions = ["a:Anonymous"] }
    }
    data "aws_iam_policy_document" "d" {
      source_policy_documents = [
        data.aws_iam_policy_document.source.json,
        jsonencode({ version = "2008-10-17", statement = [{ sid = "J", effect = "Allow", ACTION = ["a:Json"] }] }),
        "",
      ]
      statement {
        sid     = "A"
        actions = ["a:Own"]
      }
      override_policy_documents = [<<-EOT
        {"Id": "over", "Statement": [{"Sid": "J", "Effect": "Deny", "Action": 5, "Principal": {"AWS": ["a", "b"]}}]}
      EOT
      ]
    }
    output "json" { value = data.aws_iam_policy_document.d.minified_json }
  )");
  load();
  EXPECT_EQ(text(), R"({"Version":"2012-10-17","Id":"over","Statement":[{"Sid":"A","Effect":"Allow","Action":"a:Own"},)"
                    R"({"Effect":"Allow","Action":"a:Anonymous"},)"
                    R"({"Sid":"J","Effect":"Deny","Action":5,"Principal":{"AWS":["b","a"]}}]})");
  EXPECT_EQ(codes(), "");
}

TEST_F(PolicyDocuments, ThatTheProviderRefusesAreReported) {
  const std::vector<std::string> bodies{
      "statement {\n effect = \"allow\"\n }",
      "version = \"2020\"",
      "statement {\n sid = \"a\"\n }\nstatement {\n sid = \"a\"\n }",
      "statement {\n actions = [null]\n }",
      "statement {\n principals {\n type = \"AWS\"\n }\n }",
      "statement {\n action = [\"a:b\"]\n }",
      "statement \"x\" {}",
      "version = \"2008-10-17\"\nstatement {\n resources = [\"&{a}\"]\n }",
      "source_json = \" \"",
      "source_policy_documents = [\" \"]",
      "source_policy_documents = [jsonencode({ Statement = {} })]",
  };
  int number = 0;
  for (const std::string& body : bodies) {
    document(body, "", "d" + std::to_string(number++));
    EXPECT_EQ(codes(), "policy-document") << body;
    EXPECT_TRUE(text().starts_with("(")) << body << "\n" << text();
  }
}

TEST_F(PolicyDocuments, ThatTheProviderRefusesAreKnownBesideWhatTheyAreRefusedFor) {
  document(R"(
    statement {
      sid     = "Kept"
      actions = ["a:A"]
    }
    statement {
      sid        = "Refused"
      actions    = ["a:B"]
      principals = { type = "*", identifiers = ["*"] }
    }
    statement {
      actions   = ["a:C"]
      resources = [null, "arn:c"]
    }
    statement {
      sid     = "Kept"
      actions = ["a:D"]
    }
  )");
  EXPECT_EQ(codes(), "policy-document policy-document policy-document");
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  ASSERT_TRUE(json.is_unknown());
  const auto statements = json.detail()->encoded->member("Statement")->elements();
  ASSERT_EQ(statements.size(), 4U);
  EXPECT_EQ(statements[0].member("Action")->text(), "a:A");
  EXPECT_TRUE(statements[1].is_unknown());
  EXPECT_EQ(statements[2].member("Action")->text(), "a:C");
  EXPECT_EQ(statements[2].member("Resource")->elements().size(), 2U);
  EXPECT_EQ(statements[3].member("Action")->text(), "a:D");
}

TEST_F(PolicyDocuments, HaveNoSidTwiceInStatementsThatExcludeEachOther) {
  write("main.tf", R"(
    variable "live" { type = bool }
    variable "test" { type = bool }
    data "aws_iam_policy_document" "source" {
      dynamic "statement" {
        for_each = concat(var.live ? ["arn:live"] : [], var.test ? ["arn:test"] : [])
        content {
          sid       = "Export"
          actions   = ["a:A"]
          resources = [statement.value]
        }
      }
    }
    data "aws_iam_policy_document" "d" {
      source_policy_documents = [data.aws_iam_policy_document.source.json]
    }
  )");
  load();
  EXPECT_EQ(codes(), "");
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  for (const eval::Value& statements : json.detail()->encoded->member("Statement")->unknown().alternatives) {
    EXPECT_LE(statements.elements().size(), 1U);
  }
}

TEST_F(PolicyDocuments, OfOldVersionsTakeOneSourceAndOneOverride) {
  document(
      "source_json = jsonencode({ Statement = [{ Sid = \"A\", Effect = \"Allow\", Action = \"a:Source\" }] })\n"
      "override_json = jsonencode({ Statement = [{ Sid = \"B\", Effect = \"Deny\", Action = \"b:Override\" }] })\n"
      "statement {\n sid = \"B\"\n actions = [\"b:Own\"]\n }");
  EXPECT_EQ(text(), R"({"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"a:Source"},)"
                    R"({"Sid":"B","Effect":"Deny","Action":"b:Override"}]})");
  EXPECT_EQ(codes(), "policy-document policy-document");
}

TEST_F(PolicyDocuments, KnownInPartSayWhatTheyEncode) {
  document(R"(
    statement {
      actions   = ["s3:GetObject", var.action]
      resources = ["arn:aws:s3:::${aws_s3_bucket.b.id}/*"]
      principals {
        type        = "AWS"
        identifiers = var.identifiers
      }
    }
  )",
           "variable \"action\" {}\nvariable \"identifiers\" {}\nresource \"aws_s3_bucket\" \"b\" {}\n");
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  ASSERT_TRUE(json.is_unknown());
  EXPECT_EQ(json.unknown().prefix, "{");
  ASSERT_NE(json.detail(), nullptr);
  ASSERT_NE(json.detail()->encoded, nullptr);
  const eval::Value* statements = json.detail()->encoded->member("Statement");
  ASSERT_EQ(statements->elements().size(), 1U);
  const eval::Value statement = statements->elements()[0];
  EXPECT_EQ(statement.member("Effect")->text(), "Allow");
  EXPECT_EQ(statement.member("Action")->elements()[0].text(), "s3:GetObject");
  EXPECT_EQ(statement.member("Action")->elements()[1].unknown().symbol->text, "var.action");
  EXPECT_EQ(eval::known_prefix(*statement.member("Resource")), "arn:aws:s3:::");
  EXPECT_TRUE(statement.member("Principal")->member("AWS")->is_unknown());
  EXPECT_EQ(json.unknown().symbol->reason, eval::Reason::kVariable);
}

TEST_F(PolicyDocuments, KeepTheirElementsPlaces) {
  document(R"(
    statement {
      actions = ["s3:GetObject", "s3:*"]
    }
  )");
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  const eval::Value actions = *json.detail()->encoded->member("Statement")->elements()[0].member("Action");
  ASSERT_EQ(actions.elements().size(), 2U);
  EXPECT_EQ(actions.elements()[1].text(), "s3:*");
  ASSERT_NE(actions.elements()[1].origin(), nullptr);
  EXPECT_EQ(artifacts_.text(actions.elements()[1].origin()->region), "\"s3:*\"");
}

TEST_F(PolicyDocuments, WithUncertainStatementsAreOneOfSeveral) {
  document(R"(
    statement {
      sid     = "Always"
      actions = ["a:A"]
    }
    dynamic "statement" {
      for_each = var.on ? ["x"] : []
      content {
        sid     = "Maybe"
        actions = ["a:B"]
      }
    }
  )",
           "variable \"on\" { type = bool }\n");
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  ASSERT_TRUE(json.is_unknown());
  const eval::Value* statements = json.detail()->encoded->member("Statement");
  ASSERT_TRUE(statements->is_unknown());
  ASSERT_EQ(statements->unknown().alternatives.size(), 2U);
  EXPECT_EQ(statements->unknown().alternatives[0].elements().size(), 2U);
  EXPECT_EQ(statements->unknown().alternatives[1].elements().size(), 1U);
}

TEST_F(PolicyDocuments, ReadSourcesThatMayHaveStatements) {
  write("main.tf", R"(
    variable "names" { type = list(string) }
    data "aws_iam_policy_document" "source" {
      statement {
        actions   = ["a:A"]
        resources = ["*"]
      }
      dynamic "statement" {
        for_each = toset(var.names)
        content {
          actions   = ["a:B"]
          resources = ["*"]
        }
      }
    }
    data "aws_iam_policy_document" "d" {
      source_policy_documents = [data.aws_iam_policy_document.source.json]
    }
    variable "text" { type = string }
    data "aws_iam_policy_document" "opaque" {
      source_policy_documents = [var.text]
    }
  )");
  load();
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  const eval::Value* statements = json.detail()->encoded->member("Statement");
  ASSERT_TRUE(statements->is_unknown());
  ASSERT_EQ(statements->unknown().alternatives.size(), 2U);
  for (const eval::Value& alternative : statements->unknown().alternatives) {
    EXPECT_EQ(alternative.elements()[0].member("Action")->text(), "a:A") << "what is sure stays sure";
  }
  const eval::Value opaque = *member("data.aws_iam_policy_document.opaque", "json");
  const eval::Value* nobody_knows = opaque.detail()->encoded->member("Statement");
  ASSERT_TRUE(nobody_knows->is_sequence());
  ASSERT_EQ(nobody_knows->elements().size(), 1U);
  EXPECT_TRUE(nobody_knows->elements()[0].is_unknown());
}

TEST_F(PolicyDocuments, ReadListsOfSourcesThatMayBeOneOfSeveral) {
  write("main.tf", R"(
    variable "on" { type = bool }
    variable "texts" { type = list(string) }
    data "aws_iam_policy_document" "always" {
      statement {
        actions   = ["a:A"]
        resources = ["*"]
      }
    }
    data "aws_iam_policy_document" "maybe" {
      statement {
        actions   = ["a:B"]
        resources = ["*"]
      }
    }
    data "aws_iam_policy_document" "d" {
      source_policy_documents = concat([data.aws_iam_policy_document.always.json],
        var.on ? [data.aws_iam_policy_document.maybe.json] : [])
    }
    data "aws_iam_policy_document" "overridden" {
      override_policy_documents = var.on ? [data.aws_iam_policy_document.maybe.json] : null
    }
    data "aws_iam_policy_document" "opaque" {
      source_policy_documents = concat([data.aws_iam_policy_document.always.json], var.texts)
    }
  )");
  load();
  const auto statements = [&](const std::string& name) {
    const eval::Value json = *member("data.aws_iam_policy_document." + name, "json");
    return *json.detail()->encoded->member("Statement");
  };
  const eval::Value several = statements("d");
  ASSERT_TRUE(several.is_unknown());
  ASSERT_EQ(several.unknown().alternatives.size(), 2U);
  EXPECT_EQ(several.unknown().alternatives[0].elements().size(), 2U);
  EXPECT_EQ(several.unknown().alternatives[1].elements().size(), 1U);
  for (const eval::Value& alternative : several.unknown().alternatives) {
    EXPECT_EQ(alternative.elements()[0].member("Action")->text(), "a:A") << "what is sure stays sure";
  }
  const eval::Value overridden = statements("overridden");
  ASSERT_EQ(overridden.unknown().alternatives.size(), 2U);
  EXPECT_EQ(overridden.unknown().alternatives[0].elements()[0].member("Action")->text(), "a:B");
  EXPECT_TRUE(overridden.unknown().alternatives[1].elements().empty());
  const eval::Value opaque = statements("opaque");
  ASSERT_EQ(opaque.elements().size(), 2U);
  EXPECT_EQ(opaque.elements()[0].member("Action")->text(), "a:A");
  EXPECT_TRUE(opaque.elements()[1].is_unknown());
}

TEST_F(PolicyDocuments, ReadSourcesThatMayNotBeMade) {
  write("main.tf", R"(
    variable "on" { type = bool }
    variable "number" { type = number }
    data "aws_iam_policy_document" "always" {
      statement {
        actions   = ["a:A"]
        resources = ["*"]
      }
    }
    data "aws_iam_policy_document" "maybe" {
      count = var.on ? 1 : 0
      statement {
        actions   = ["a:B"]
        resources = ["*"]
      }
    }
    data "aws_iam_policy_document" "many" {
      count = var.number
      statement {
        actions   = ["a:B"]
        resources = ["*"]
      }
    }
    data "aws_iam_policy_document" "joined" {
      source_policy_documents = concat([data.aws_iam_policy_document.always.json],
        data.aws_iam_policy_document.maybe[*].json)
    }
    data "aws_iam_policy_document" "splat" {
      source_json             = data.aws_iam_policy_document.always.json
      source_policy_documents = data.aws_iam_policy_document.maybe[*].json
    }
    data "aws_iam_policy_document" "empty" {
      source_policy_documents = [data.aws_iam_policy_document.always.json,
        var.on ? data.aws_iam_policy_document.maybe[0].json : ""]
    }
    data "aws_iam_policy_document" "compact" {
      source_policy_documents = compact([data.aws_iam_policy_document.always.json,
        var.on ? data.aws_iam_policy_document.maybe[0].json : ""])
    }
    data "aws_iam_policy_document" "flat" {
      source_policy_documents = flatten([data.aws_iam_policy_document.always.json,
        [data.aws_iam_policy_document.maybe[*].json]])
    }
    data "aws_iam_policy_document" "compact_flat" {
      source_policy_documents = compact(flatten([data.aws_iam_policy_document.always.json,
        data.aws_iam_policy_document.maybe[*].json]))
    }
    data "aws_iam_policy_document" "lone" {
      source_policy_documents = compact([data.aws_iam_policy_document.always.json,
        one(data.aws_iam_policy_document.maybe[*].json)])
    }
    data "aws_iam_policy_document" "text" {
      source_policy_documents = [data.aws_iam_policy_document.always.json,
        join("", data.aws_iam_policy_document.maybe.*.json)]
    }
    data "aws_iam_policy_document" "numbered" {
      source_policy_documents = concat([data.aws_iam_policy_document.always.json],
        data.aws_iam_policy_document.many[*].json)
    }
  )");
  load();
  const auto statements = [&](const std::string& name) {
    const eval::Value json = *member("data.aws_iam_policy_document." + name, "json");
    return *json.detail()->encoded->member("Statement");
  };
  for (const std::string name : {"joined", "splat", "empty", "compact", "flat", "compact_flat", "lone", "text"}) {
    const eval::Value several = statements(name);
    ASSERT_TRUE(several.is_unknown()) << name;
    ASSERT_EQ(several.unknown().alternatives.size(), 2U) << name;
    for (const eval::Value& alternative : several.unknown().alternatives) {
      EXPECT_EQ(alternative.elements()[0].member("Action")->text(), "a:A") << name;
    }
    EXPECT_EQ(several.unknown().alternatives[0].elements().size(), 2U) << name;
    EXPECT_EQ(several.unknown().alternatives[1].elements().size(), 1U) << name;
  }
  const eval::Value numbered = statements("numbered");
  ASSERT_EQ(numbered.elements().size(), 2U);
  EXPECT_TRUE(numbered.elements()[1].is_unknown()) << "there may be any number of it";
}

TEST_F(PolicyDocuments, KeepWhatListsSurelyHold) {
  document(R"(
    statement {
      actions   = concat(["s3:GetObject"], var.actions)
      resources = concat(["arn:aws:s3:::b/&{aws:username}"], var.resources)
      principals {
        type        = "AWS"
        identifiers = concat(["111122223333"], var.identifiers)
      }
    }
  )",
           "variable \"actions\" { type = list(string) }\nvariable \"resources\" { type = list(string) }\n"
           "variable \"identifiers\" { type = list(string) }\n");
  const eval::Value json = *member("data.aws_iam_policy_document.d", "json");
  const eval::Value statement = json.detail()->encoded->member("Statement")->elements()[0];
  const auto held = [](const eval::Value& list) {
    return list.is_unknown() && list.held().size() == 1 ? std::string(list.held()[0].text()) : "(something else)";
  };
  EXPECT_EQ(held(*statement.member("Action")), "s3:GetObject");
  EXPECT_EQ(held(*statement.member("Resource")), "arn:aws:s3:::b/${aws:username}");
  EXPECT_EQ(held(*statement.member("Principal")->member("AWS")), "111122223333");
}

TEST_F(PolicyDocuments, HashLikeTheProvider) {
  EXPECT_EQ(crc32_text("123456789"), "3421780262");
  EXPECT_EQ(crc32_text(""), "0");
}

}  // namespace
}  // namespace gabion::terraform::testing
