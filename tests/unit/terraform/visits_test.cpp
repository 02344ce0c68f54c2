// Root modules of which the syntax is there while somebody visits them, and no longer.
#include <gtest/gtest.h>

#include <map>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "fixture.h"
#include "secrets/redactor.h"
#include "terraform/found_secrets.h"

namespace gabion::terraform::testing {
namespace {

class Visits : public Terraform {
 protected:
  /// Makes a workspace that can be visited.
  Workspace& passing(std::size_t jobs = 1) {
    auto inventory = source::discover(files_, {"."}, {});
    EXPECT_TRUE(inventory.has_value());
    inventory_ = std::move(inventory.value());
    options_.jobs = jobs;
    return *(workspace_ = std::make_unique<Workspace>(files_, artifacts_, inventory_, options_, nullptr, true));
  }
  /// Visits all and evaluates them; their resources.
  std::vector<std::string> visit_all() {
    std::vector<std::string> seen;
    for (const std::string& directory : workspace_->passing()) {
      records_[directory] = workspace_->visit(directory, found_, [&] {
        configuration_ = workspace_->evaluate(directory);
        seen.push_back(directory + ": " + addresses());
        configuration_.reset();
      });
    }
    workspace_->end_visits();
    return seen;
  }
  std::string problems() {
    std::string all;
    for (const findings::Diagnostic& diagnostic : workspace_->diagnostics()) {
      all += (all.empty() ? "" : " ") + diagnostic.code;
    }
    return all;
  }

  std::map<std::string, std::optional<VisitRecord>> records_;  ///< of visit_all()
  secrets::Redactor redactor_;
  FoundSecrets found_{redactor_.detector()};
};

using Texts = std::vector<std::string>;

TEST_F(Visits, AreOfDirectoriesThatNobodyCanCall) {
  write("a/main.tf", "module \"m\" { source = \"../m\" }\nresource \"aws_sqs_queue\" \"a\" {}");
  write("b/main.tf", "resource \"aws_sqs_queue\" \"b\" {}");
  write("m/main.tf", "resource \"aws_sqs_queue\" \"m\" {}");
  // Named, but not called: a root module all the same.
  write("n/main.tf", "locals { path = \"../named\" }");
  write("named/main.tf", "resource \"aws_sqs_queue\" \"named\" {}");
  passing();
  EXPECT_EQ(workspace_->passing(), (Texts{"a", "b", "n"}));
  EXPECT_EQ(visit_all(), (Texts{"a: aws_sqs_queue.a module.m.aws_sqs_queue.m", "b: aws_sqs_queue.b", "n: "}));
  EXPECT_EQ(workspace_->roots(), (Texts{"a", "b", "n", "named"}));
  EXPECT_EQ(workspace_->file_count(), 5U);
  load("named");
  EXPECT_EQ(addresses(), "aws_sqs_queue.named");
  EXPECT_EQ(workspace_->unreached(), Texts{});
}

TEST_F(Visits, AreNotOfDirectoriesWhoseCallsTakeAParser) {
  write("a/main.tf", R"(module "m" { source = "\u002e./m" })");
  write("b/main.tf.json", R"({"module": {"n": {"source": "..\/n"}}})");
  write("c/main.tf", "module \"o\" {\n  source = \".\\u002e/o\"\n  count = 0\n}");
  for (const char* const called : {"m", "n", "o"}) {
    write(std::string(called) + "/main.tf", "resource \"aws_sqs_queue\" \"q\" {}");
  }
  write("alone/main.tf", "");
  passing();
  EXPECT_EQ(workspace_->passing(), Texts{"alone"});
  visit_all();
  EXPECT_EQ(workspace_->roots(), (Texts{"a", "alone", "b", "c"}));
}

TEST_F(Visits, FollowLinks) {
  write("a/main.tf", "module \"m\" { source = \"../link\" }");
  write("m/main.tf", "");
  files_.link("link", "m");
  passing();
  EXPECT_EQ(workspace_->passing(), Texts{"a"});
}

TEST_F(Visits, ArePointlessForFewDirectoriesAndManyThreads) {
  write("a/main.tf", "");
  write("b/main.tf", "");
  EXPECT_EQ(passing(2).passing(), Texts{});
  EXPECT_EQ(workspace_->roots(), (Texts{"a", "b"}));
}

TEST_F(Visits, LeaveAModuleToOthersThatTakeItForADownloadedOne) {
  write("a/main.tf", "module \"m\" { source = \"acme/m/aws\" }");
  write("a/.terraform/modules/modules.json", R"({"Modules": [{"Key": "m", "Dir": "../b"}]})");
  write("b/main.tf", "stray = 1\nresource \"aws_sqs_queue\" \"b\" {}");
  passing();
  EXPECT_EQ(visit_all(), (Texts{"a: module.m.aws_sqs_queue.b", "b: aws_sqs_queue.b"}));
  EXPECT_EQ(workspace_->file_count(), 2U);
  EXPECT_EQ(workspace_->roots(), (Texts{"a", "b"}));
}

TEST_F(Visits, TellWhatIsWrongWithFiles) {
  write("a/main.tf", "resource \"aws_sqs_queue\" \"a\" {");
  write("b/main.tf.json", "{");
  write("c/main.tf", "stray = 1");
  passing();
  visit_all();
  EXPECT_EQ(problems(), "hcl-unclosed-block json-unclosed-object unexpected-attribute");
}

/// A text that several files have is parsed once, and what is said of it is said of each of them.
TEST_F(Visits, SpeakOfEachFileWithTheSameText) {
  constexpr std::string_view kShared =
      "variable \"name\" {\n  default = \"x\"\n}\nlocals { queue = \"${var.nam}-q\" }\n";
  for (const std::string name : {"a", "b", "c", "d"}) {
    write(name + "/context.tf", kShared);
    write(name + "/main.tf", "resource \"aws_sqs_queue\" \"" + name + "\" { name = var.name }");
  }
  passing();
  std::vector<std::string> places;
  for (const std::string& directory : workspace_->passing()) {
    records_[directory] = workspace_->visit(directory, found_, [&] {
      configuration_ = workspace_->evaluate(directory);
      for (const findings::Diagnostic& diagnostic : configuration_->diagnostics()) {
        const source::Artifact& artifact = artifacts_.get(diagnostic.region.artifact);
        places.push_back(std::string(artifact.path()) + " " + std::string(artifact.text(diagnostic.region)));
      }
      configuration_.reset();
    });
  }
  workspace_->end_visits();
  EXPECT_EQ(places,
            (Texts{"a/context.tf var.nam", "b/context.tf var.nam", "c/context.tf var.nam", "d/context.tf var.nam"}));
}

TEST_F(Visits, KeepWhatMustNotBePrinted) {
  write("a/main.tf",
        "resource \"aws_db_instance\" \"d\" { password = \"Zx81-Hunter-9\" }\n"
        "variable \"pin\" {\n  sensitive = true\n  default = \"code-4711\"\n}");
  write("b/main.tf",
        "resource \"aws_db_instance\" \"d\" { password = \"Zx81-Hunter-9\" }\n"
        "variable \"pin\" {\n  sensitive = true\n  default = \"code-4711\"\n}");
  // An attribute that stands outside of any block has the name of a variable of another file.
  write("c/main.tf", "pin = \"stray-0815\"");
  write("d/d.auto.tfvars", "pin = \"given-9999\"");
  write("d/main.tf", "");
  // In JSON only the type of the parameter says that its value is secret.
  write("e/main.tf.json",
        R"({"resource": {"aws_ssm_parameter": {"p": {"name": "p", "type": "SecureString", "value": "Zx81-Hunter-9"}}},)"
        R"( "variable": {"door": {"sensitive": true, "default": "open-0042"}}})");
  passing();
  visit_all();
  const auto files = workspace_->files(redactor_, found_);
  for (const char* const secret : {"Zx81-Hunter-9", "code-4711", "stray-0815", "given-9999", "open-0042"}) {
    EXPECT_FALSE(redactor_.hidden(secret).empty()) << secret;
  }
  std::string places;
  for (const model::SourceFile& file : files->files()) {
    for (const model::WrittenSecret& secret : file.secrets) {
      places += std::string(artifacts_.get(secret.region.artifact).path()) + " " + std::string(secret.owner) + "\n";
      EXPECT_EQ(artifacts_.text(secret.region), "Zx81-Hunter-9");
    }
  }
  EXPECT_EQ(places, "a/main.tf aws_db_instance.d\nb/main.tf aws_db_instance.d\ne/main.tf.json aws_ssm_parameter.p\n");
  // What holds such values, or may, is not left to another run.
  EXPECT_FALSE(records_.at("a") || records_.at("b") || records_.at("c") || records_.at("e"));
  EXPECT_TRUE(records_.at("d"));
}

TEST_F(Visits, CanBeGivenUp) {
  write("a/main.tf", "module \"m\" { source = \"../m\" }");
  write("b/main.tf", "module \"n\" { source = \"../n\" }");
  write("m/main.tf", "");
  write("n/main.tf", "");
  passing();
  EXPECT_THROW((void)workspace_->visit("a", found_, [] { throw std::bad_alloc(); }), std::bad_alloc);
  workspace_->give_up_visit("a");
  workspace_->give_up_visit("b");  // of which nothing is known, not even that it calls the other
  workspace_->end_visits();
  EXPECT_EQ(workspace_->roots(), (Texts{"a", "b", "n"}));
}

TEST_F(Visits, CanBeRecalled) {
  write("a/main.tf",
        "module \"m\" { source = \"../m\" }\nvariable \"size\" {\n  type    = number\n  default = \"x\"\n}");
  write("b/main.tf", "variable \"pin\" {\n  sensitive = true\n}");
  write("b/more.tf.json", "{}");
  write("b/b.auto.tfvars", "pin = \"code-4711\"");
  write("m/main.tf", "");
  passing();
  visit_all();
  const std::vector<std::string> roots = workspace_->roots();
  const std::string told = problems();
  EXPECT_EQ(told, "invalid-default");
  ASSERT_TRUE(records_.at("a") && records_.at("b"));

  secrets::Redactor redactor;
  FoundSecrets found(redactor.detector());
  passing();
  EXPECT_TRUE(workspace_->recall_visit("a", *records_.at("a"), found));
  EXPECT_TRUE(workspace_->recall_visit("b", *records_.at("b"), found));
  workspace_->end_visits();
  EXPECT_EQ(workspace_->roots(), roots);
  EXPECT_EQ(workspace_->file_count(), 4U);
  EXPECT_EQ(problems(), told);
  (void)workspace_->files(redactor, found);
  EXPECT_FALSE(redactor.hidden("code-4711").empty());
  VisitRecord lost = *records_.at("a");
  lost.files.push_back("a/gone.tf");
  EXPECT_FALSE(workspace_->recall_visit("a", lost, found));
}

}  // namespace
}  // namespace gabion::terraform::testing
