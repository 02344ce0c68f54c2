// Planning fixes: who is asked about what, and which fixes a report may show.
#include "engine/fix_applier.h"

#include <gtest/gtest.h>

#include "engine/fix_offers.h"

namespace gabion::engine {
namespace {

constexpr std::string_view kOn =
    "id: acme-on\ntitle: It is off\nseverity: low\nwhy: Because.\ntarget: acme_thing\n"
    "checks:\n"
    "  - require: 'self.on == true'\n    message: it is off\n    fix: {safety: safe, set: {on: \"true\"}}\n";
constexpr std::string_view kOff = "  - require: 'self.on != true'\n    message: it is on\n";
constexpr std::string_view kThing = "resource \"acme_thing\" \"a\" {\n  on = false\n}\n";

class FixApplierTest : public testing::Test {
 protected:
  /// A request with the checks as the only rule.
  [[nodiscard]] AnalysisRequest request(const std::string& rule) {
    files_.write("rules/acme.yaml", rule);
    EXPECT_TRUE(rules_.load(files_, "rules/acme.yaml").empty());
    return {files_, {"x"}, rules_, parameters_, {}, {}};
  }

  source::MemoryFileSystem files_;
  RuleSet rules_;
  Parameters parameters_;
  source::ArtifactStore artifacts_;
};

TEST_F(FixApplierTest, DecliningOneDoesNotDeclineItsNamesakeInAnotherRootModule) {
  files_.write("x/a/main.tf", std::string(kThing));
  files_.write("x/b/main.tf", std::string(kThing));
  std::vector<std::string> asked;
  FixOptions options;
  options.accept = [&](const OfferedFix& offered) {
    asked.emplace_back(offered.artifacts.get(offered.finding.region.artifact).path());
    return asked.back() == "x/b/main.tf";
  };
  const auto plan = plan_fixes(request(std::string(kOn)), options, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(asked, (std::vector<std::string>{"x/a/main.tf", "x/b/main.tf"}));
  EXPECT_EQ(plan->fixed, 1U);
  EXPECT_FALSE(plan->files.contains("x/a/main.tf"));
  EXPECT_TRUE(plan->files.contains("x/b/main.tf"));
  ASSERT_EQ(plan->skipped.size(), 1U);
  EXPECT_EQ(plan->skipped[0].kind, SkipKind::kDeclined);
}

/// Every thing has a guard, and those of big things are loud.
constexpr std::string_view kGuards = R"(id: acme-guards
title: It is not guarded
severity: low
why: Because.
target: [acme_thing, acme_guard]
checks:
  - given: 'type_name(self) == "acme_thing"'
    require: 'length(referrers(self, "acme_guard", "thing")) > 0'
    message: it has no guard
    fix: {safety: safe, companion: {type: acme_guard, refer: {thing: id}}}
  - given: 'type_name(self) == "acme_guard"'
    require: 'resolve(self.thing).big == true ? self.loud == true : true'
    message: the guard of a big thing is not loud
    fix: {safety: safe, set: {loud: "true"}}
)";

TEST_F(FixApplierTest, WhatAFixAddsIsNotChangedForInstancesThatAreAsTheyShouldBe) {
  const AnalysisRequest asked = request(std::string(kGuards));
  const auto guard_for = [&](std::string_view second) {
    files_.write(
        "x/main.tf",
        "module \"a\" {\n  source = \"./m\"\n  big    = true\n}\nmodule \"b\" {\n  source = \"./m\"\n  big    = " +
            std::string(second) + "\n}\n");
    files_.write("x/m/main.tf",
                 "variable \"big\" {\n  type = bool\n}\nresource \"acme_thing\" \"t\" {\n  big = var.big\n}\n");
    FixOptions options;
    options.unsafe = true;
    source::ArtifactStore artifacts;
    const auto plan = plan_fixes(asked, options, artifacts);
    EXPECT_TRUE(plan);
    const auto made = plan->files.find("x/m/main.tf");
    return made == plan->files.end() ? std::string("nothing") : made->second.second;
  };
  EXPECT_NE(guard_for("true").find("loud"), std::string::npos);
  EXPECT_EQ(guard_for("false"), "nothing");
}

TEST_F(FixApplierTest, WhatLoopsMakeOfUnknownElementsDoesNotChangeWhenTheyMove) {
  files_.write("x/main.tf", std::string(kThing) + R"(
resource "acme_list" "l" {
}
resource "acme_record" "r" {
  for_each = { for one in acme_list.l.all : one.name => { value = one.value } }
  value    = each.value.value
  names    = [for one in acme_list.l.all : one.name]
  longer   = [for one in acme_list.l.all : upper("${one.name}-this-goes-on-until-it-is-too-long-${one.value}-and-longer")]
  longest  = upper(join(",", [for one in acme_list.l.all : lower("${one.name}-${one.value}-${one.name}-${one.value}-0123456789")]))
}
)");
  const auto plan = plan_fixes(request(std::string(kOn)), {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 1U);
}

TEST_F(FixApplierTest, WhatOneRuleAsksForInVainIsDoneForAnotherThatWantsTheSame) {
  files_.write("rules/more.yaml",
               "id: acme-more\ntitle: It is not loud\nseverity: low\nwhy: Because.\ntarget: acme_thing\n"
               "require: 'self.loud == true'\nmessage: it is not loud\nfix: {safety: safe, set: {on: \"true\"}}\n");
  const AnalysisRequest asked = request(std::string(kOn));
  EXPECT_TRUE(rules_.load(files_, "rules/more.yaml").empty());
  files_.write("x/main.tf", std::string(kThing));
  const auto plan = plan_fixes(asked, {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 1U);
  ASSERT_EQ(plan->skipped.size(), 1U);
  EXPECT_EQ(plan->skipped[0].rule, "acme-more");
}

/// A thing that is on is asked for a lock; `asked` says how badly, and where there is none.
std::string on_and_locked(const std::string& leads_to, const std::string& asked) {
  return "id: acme-on\ntitle: It is off\nseverity: medium\nwhy: Because.\ntarget: acme_thing\n"
         "require: 'self.on == true'\nmessage: it is off\n"
         "fix: {safety: safe, set: {on: \"true\"}" +
         leads_to + "}\n---\nid: acme-lock\ntitle: No lock\nwhy: Because.\n" + asked;
}
constexpr std::string_view kNamed = ", leads_to: [acme-lock]";
constexpr std::string_view kLock =
    "severity: low\ntarget: acme_thing\ngiven: 'self.on == true'\nrequire: 'self.lock != null'\nmessage: m\n";

TEST_F(FixApplierTest, WhatAFixIsSaidToLeadToIsNoObstacle) {
  files_.write("x/main.tf", std::string(kThing));
  const auto plan = plan_fixes(request(on_and_locked(std::string(kNamed), std::string(kLock))), {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 1U);
  ASSERT_EQ(plan->remaining.size(), 1U);
  ASSERT_EQ(plan->led_to.size(), 1U);
  EXPECT_EQ(plan->led_to[0].rule->id, "acme-lock");
}

TEST_F(FixApplierTest, WhatNobodySaidIsOne) {
  files_.write("x/main.tf", std::string(kThing));
  const auto plan = plan_fixes(request(on_and_locked("", std::string(kLock))), {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 0U);
  EXPECT_TRUE(plan->led_to.empty());
}

TEST_F(FixApplierTest, AFixMayNotLeadToWhatIsWorse) {
  files_.write("x/main.tf", std::string(kThing));
  const auto plan = plan_fixes(
      request(on_and_locked(std::string(kNamed), "severity: high" + std::string(kLock.substr(kLock.find('\n'))))), {},
      artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 0U);
}

TEST_F(FixApplierTest, AFixMayLeadToWhatIsOpen) {
  files_.write("x/main.tf",
               "variable \"lock\" {}\nresource \"acme_thing\" \"a\" {\n  on   = false\n  lock = var.lock\n}\n");
  const auto plan = plan_fixes(request(on_and_locked(std::string(kNamed), std::string(kLock))), {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 1U);
  EXPECT_TRUE(plan->led_to.empty());
}

TEST_F(FixApplierTest, AFindingThatSaysSomethingElseIsNotNew) {
  files_.write("x/main.tf", "resource \"acme_thing\" \"a\" {\n  on    = false\n  ports = [1, 2]\n}\n");
  const std::string ports =
      "severity: low\ntarget: acme_thing\nrequire: 'length(self.ports) == 0'\n"
      "message: '${length(self.ports)} ports, ${self.on == true ? \"on\" : \"off\"}'\n";
  const auto plan = plan_fixes(request(on_and_locked("", ports)), {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 1U);
  EXPECT_TRUE(plan->led_to.empty());
  EXPECT_EQ(plan->remaining.size(), 1U);
}

TEST_F(FixApplierTest, AFixLeadsToNothingInAnotherModule) {
  files_.write("x/main.tf",
               std::string(kThing) + "module \"watch\" {\n  source = \"./watch\"\n  on     = acme_thing.a.on\n}\n");
  files_.write("x/watch/main.tf", "variable \"on\" {}\nresource \"acme_watch\" \"w\" {\n  on = var.on\n}\n");
  const auto plan =
      plan_fixes(request(on_and_locked(std::string(kNamed),
                                       "severity: low\ntarget: acme_watch\nrequire: 'self.on != true'\nmessage: m\n")),
                 {}, artifacts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 0U);
}

TEST_F(FixApplierTest, AReportKeepsTheEditsOfFixesThatProve) {
  files_.write("x/main.tf", std::string(kThing));
  const AnalysisRequest asked = request(std::string(kOn));
  OfferProver prover(asked, artifacts_);
  auto result = prover.analyze();
  ASSERT_TRUE(result);
  ASSERT_EQ(result->findings.size(), 1U);
  EXPECT_EQ(prover.prove(result->findings), 0U);
  ASSERT_EQ(result->findings[0].fix->edits.size(), 1U);
  EXPECT_EQ(result->findings[0].fix->edits[0].text, "true");
}

TEST_F(FixApplierTest, AReportTakesTheEditsOfFixesThatDoNotProve) {
  // The fix sets what the second check wants otherwise.
  files_.write("x/main.tf", std::string(kThing));
  const AnalysisRequest asked = request(std::string(kOn) + std::string(kOff));
  OfferProver prover(asked, artifacts_);
  auto result = prover.analyze();
  ASSERT_TRUE(result);
  ASSERT_EQ(result->findings.size(), 1U);
  ASSERT_EQ(result->findings[0].fix->edits.size(), 1U);
  EXPECT_EQ(prover.prove(result->findings), 0U);
  EXPECT_TRUE(result->findings[0].fix->edits.empty());
  EXPECT_NE(result->findings[0].fix->title.find("another finding would appear: acme-on"), std::string::npos)
      << result->findings[0].fix->title;
}

}  // namespace
}  // namespace gabion::engine
