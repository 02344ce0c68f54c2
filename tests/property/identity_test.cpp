// tests: rules
// Fingerprints do not depend on where things are written: random edits that change no value (lines, comments, layout,
// order, other files, other file names, resources that have nothing to do with it) leave the fingerprints of all
// findings as they were, and findings of different instances never share one.
#include "engine/identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/builtin_rules.h"
#include "random.h"

namespace gabion::engine {
namespace {

using property::Random;

/// Blocks of a root module with findings of several rules, some of them with instances or alike.
std::vector<std::string> blocks() {
  return {
      "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = false\n}\n",
      "resource \"aws_kms_key\" \"b\" {\n  for_each = toset([\"x\", \"y\"])\n  enable_key_rotation = false\n}\n",
      "resource \"aws_security_group\" \"s\" {\n  name = \"s\"\n  ingress {\n    from_port = 22\n    to_port = 22\n"
      "    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n  ingress {\n    from_port = 3389\n"
      "    to_port = 3389\n    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n",
      "module \"m\" {\n  source = \"./m\"\n  count = 2\n}\n",
      "resource \"aws_ebs_volume\" \"v\" {\n  availability_zone = \"eu-west-1a\"\n  size = 1\n  encrypted = false\n}\n",
  };
}

constexpr std::string_view kModule =
    "variable \"rotate\" {\n  default = false\n}\n"
    "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n";

/// The text with other blanks, empty lines and comments: nothing that a value depends on.
std::string shuffled_layout(const std::string& text, Random& random) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (random.chance(20)) {
      result += "\n";
    }
    if (random.chance(15)) {
      result += "  # a word about it\n";
    }
    if (const std::size_t equals = line.find(" = "); equals != std::string::npos && random.chance(40)) {
      line.insert(equals, std::string(random.below(5), ' '));
    }
    if (random.chance(30)) {
      line.insert(0, random.below(4), ' ');
    }
    result += line + (random.chance(10) ? "   // so" : "") + "\n";
  }
  return result;
}

std::multiset<std::string> fingerprints(const source::FileSystem& files, const RuleSet& rules, bool only_first) {
  const Parameters parameters;
  const AnalysisRequest request{files, {"x"}, rules, parameters, {}, {}};
  source::ArtifactStore artifacts;
  auto result = analyze(request, artifacts);
  EXPECT_TRUE(result);
  std::multiset<std::string> found;
  if (result) {
    tell_apart(result->findings);
    for (const findings::Finding& finding : result->findings) {
      if (!only_first || finding.resource.find("unrelated") == std::string::npos) {
        found.insert(finding.fingerprint);
      }
    }
  }
  return found;
}

TEST(IdentityProperty, EditsThatChangeNoValueChangeNoFingerprint) {
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  const std::vector<std::string> parts = blocks();
  source::MemoryFileSystem plain;
  std::string all;
  for (const std::string& part : parts) {
    all += part;
  }
  plain.write("x/main.tf", all);
  plain.write("x/m/main.tf", std::string(kModule));
  const std::multiset<std::string> expected = fingerprints(plain, rules, true);
  ASSERT_GE(expected.size(), 6U);
  EXPECT_EQ(std::set<std::string>(expected.begin(), expected.end()).size(), expected.size());
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    std::map<std::string, std::string> files;
    std::vector<std::string> shuffled = parts;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[random.below(i)]);
    }
    for (const std::string& part : shuffled) {
      files["x/" + random.pick(std::vector<std::string>{"main", "a", "zz", "network"}) + ".tf"] +=
          shuffled_layout(part, random);
    }
    if (random.chance(50)) {
      files["x/unrelated.tf"] =
          "resource \"aws_kms_key\" \"unrelated\" {\n  enable_key_rotation = false\n}\n"
          "variable \"other\" {}\n";
    }
    files[random.chance(50) ? "x/m/main.tf" : "x/m/renamed.tf"] = shuffled_layout(std::string(kModule), random);
    source::MemoryFileSystem edited;
    for (const auto& [path, text] : files) {
      edited.write(path, text);
    }
    EXPECT_EQ(fingerprints(edited, rules, true), expected) << "seed " << seed << "\n" << files.begin()->second;
  }
}

TEST(IdentityProperty, OtherValuesAreOtherFindings) {
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  source::MemoryFileSystem first;
  first.write("x/main.tf", blocks()[0]);
  source::MemoryFileSystem second;
  second.write("x/main.tf", "resource \"aws_kms_key\" \"c\" {\n  enable_key_rotation = false\n}\n");
  const auto a = fingerprints(first, rules, false);
  const auto b = fingerprints(second, rules, false);
  ASSERT_FALSE(a.empty());
  for (const std::string& one : a) {
    EXPECT_FALSE(b.contains(one));
  }
}

TEST(IdentityProperty, RootsThatShareAModuleHaveFindingsOfTheirOwn) {
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  source::MemoryFileSystem files;
  files.write("x/m/main.tf", std::string(kModule));
  std::multiset<std::string> before;
  for (const char* const root : {"dev", "test", "prod"}) {
    files.write(std::string("x/") + root + "/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n");
    const std::multiset<std::string> now = fingerprints(files, rules, false);
    // One more root adds as many as the first had, and changes none of the others.
    EXPECT_EQ(std::set<std::string>(now.begin(), now.end()).size(), now.size());
    EXPECT_TRUE(std::includes(now.begin(), now.end(), before.begin(), before.end()));
    EXPECT_GT(now.size(), before.size());
    before = now;
  }
}

TEST(IdentityProperty, MovedBlocksKeepFingerprints) {
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  const auto key = [](const std::string& name, const std::string& more) {
    return "resource \"aws_kms_key\" \"" + name + "\" {\n" + more + "  enable_key_rotation = false\n}\n";
  };
  const auto call = [](const std::string& name, const std::string& more) {
    return "module \"" + name + "\" {\n  source = \"./m\"\n" + more + "}\n";
  };
  const auto moved = [](const std::string& from, const std::string& to) {
    return "moved {\n  from = " + from + "\n  to   = " + to + "\n}\n";
  };
  const std::string set = "  for_each = toset([\"a\", \"b\"])\n";
  struct Move {
    const char* name;
    std::string before;
    std::string after;
  };
  const std::vector<Move> moves = {
      {"renamed", key("a", ""), key("b", "") + moved("aws_kms_key.a", "aws_kms_key.b")},
      {"renamed twice", key("a", ""),
       key("c", "") + moved("aws_kms_key.a", "aws_kms_key.b") + moved("aws_kms_key.b", "aws_kms_key.c")},
      {"one becomes several", key("a", ""), key("a", "  count = 1\n") + moved("aws_kms_key.a", "aws_kms_key.a[0]")},
      {"other keys", key("a", "  count = 2\n"),
       key("a", set) + moved("aws_kms_key.a[0]", "aws_kms_key.a[\"a\"]") +
           moved("aws_kms_key.a[1]", "aws_kms_key.a[\"b\"]")},
      {"a call renamed", call("m", set), call("n", set) + moved("module.m", "module.n")},
      {"a call with a key", call("m", ""), call("m", "  count = 1\n") + moved("module.m", "module.m[0]")},
      {"into a module", key("k", ""), call("m", "") + moved("aws_kms_key.k", "module.m.aws_kms_key.k")},
  };
  const auto found_in = [&](const std::string& text) {
    source::MemoryFileSystem files;
    files.write("x/main.tf", text);
    if (text.starts_with("module")) {
      files.write("x/m/main.tf", std::string(kModule));
    }
    return fingerprints(files, rules, false);
  };
  for (const Move& move : moves) {
    const std::multiset<std::string> expected = found_in(move.before);
    ASSERT_FALSE(expected.empty()) << move.name;
    EXPECT_EQ(found_in(move.after), expected) << move.name << "\n" << move.after;
  }
}

}  // namespace
}  // namespace gabion::engine
