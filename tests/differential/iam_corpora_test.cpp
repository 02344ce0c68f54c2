// tests: iam
// The decisions of analyzer/iam against recorded cases: traps, several documents, generated and real policies.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "iam/decide.h"
#include "iam/document.h"

namespace gabion::iam {
namespace {

using nlohmann::json;

std::filesystem::path corpora() {
  if (const char* set = std::getenv("GABION_CORPORA")) {
    return std::filesystem::path(set) / "iam";
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora" / "iam";
}

/// Text of a file, unpacked when its name ends in .gz.
std::string read_file(const std::filesystem::path& path) {
  if (path.extension() != ".gz") {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  std::string out;
  const std::string command = "gzip -dc '" + path.string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<char> buffer(1U << 16U);
  std::size_t count = 0;
  while (pipe != nullptr && (count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0) {
    out.append(buffer.data(), count);
  }
  return out;
}

std::vector<json> read_lines(const std::string& name) {
  std::vector<json> out;
  const std::string text = read_file(corpora() / name);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) {
      out.push_back(json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                text.begin() + static_cast<std::ptrdiff_t>(end)));
    }
    begin = end + 1;
  }
  return out;
}

Request read_request(const json& from) {
  Request out;
  out.principal = from.at("principal").get<std::string>();
  out.action = from.at("action").get<std::string>();
  out.resource = from.at("resource").get<std::string>();
  for (const auto& [key, value] : from.at("context").items()) {
    out.context.emplace(key, value.is_array() ? ContextValue(value.get<std::vector<std::string>>())
                                              : ContextValue(value.get<std::string>()));
  }
  return out;
}

PolicyDocument read_document(const json& from) {
  PolicyReading reading = read_policy_json(from.dump());
  return reading.documents.empty() ? PolicyDocument() : std::move(reading.documents.front());
}

std::string decision_name(Decision decision) {
  return decision == Decision::kImplicitlyDenied ? "NoMatch" : std::string(name(decision));
}

struct Tally {
  std::size_t agree = 0;
  std::size_t differ = 0;
  std::size_t open = 0;        ///< cases without an expected answer
  std::size_t open_named = 0;  ///< of these: the answer names every open point that the case names
  std::size_t spurious = 0;    ///< cases with an answer that we say hangs on an open point
  std::map<std::string, std::size_t> unnamed;
};

void check(const json& entry, const PolicyDocument& document, Tally& tally) {
  const auto kind = policy_kind_from_name(entry.at("kind").get<std::string>());
  ASSERT_TRUE(kind.has_value());
  const Request request = read_request(entry.at("request"));
  const std::string id = entry.at("id").get<std::string>();
  if (entry.at("expect").is_null()) {
    ++tally.open;
    const Judgement judgement = judge(document, *kind, request);
    std::set<std::string> points;
    for (std::size_t i = 0; i < kOpenPointCount; ++i) {
      if (judgement.open_points.has(static_cast<OpenPoint>(i))) {
        points.insert(std::string(name(static_cast<OpenPoint>(i))));
      }
    }
    bool all = true;
    for (const json& point : entry.at("ambiguous")) {
      if (!points.contains(point.get<std::string>())) {
        all = false;
        ++tally.unnamed[point.get<std::string>()];
        if (tally.unnamed[point.get<std::string>()] <= 3) {
          std::cout << "not named: " << point << " in " << id << "\n";
        }
      }
    }
    tally.open_named += all ? 1 : 0;
    EXPECT_EQ(decision_name(judgement.decision), entry.at("ref").get<std::string>()) << id << " (by default choices)";
    return;
  }
  const std::string expected = entry.at("expect").get<std::string>();
  const std::string actual = decision_name(decide(document, *kind, request));
  if (actual == (expected == "ImplicitlyDenied" ? "NoMatch" : expected)) {
    ++tally.agree;
  } else {
    ++tally.differ;
    EXPECT_LT(tally.differ, 20U) << "too many differences";
    if (tally.differ < 20) {
      ADD_FAILURE() << id << ": expected " << expected << ", got " << actual << "\n" << entry.dump();
    }
  }
}

void report(const std::string& file, const Tally& tally) {
  std::cout << file << ": " << tally.agree << " agree, " << tally.differ << " differ, " << tally.open
            << " hang on open points, " << tally.open_named << " of them named\n";
  for (const auto& [point, count] : tally.unnamed) {
    std::cout << "  not named " << point << ": " << count << "\n";
  }
}

class IamCorpora : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(corpora() / "traps.jsonl")) {
      GTEST_SKIP() << "no recorded cases at " << corpora();
    }
  }

  static void check_file(const std::string& file) {
    Tally tally;
    json last;
    PolicyDocument document;
    for (const json& entry : read_lines(file)) {
      if (entry.at("policy") != last) {
        last = entry.at("policy");
        document = read_document(last);
      }
      check(entry, document, tally);
    }
    report(file, tally);
    EXPECT_GT(tally.agree, 0U);
    EXPECT_EQ(tally.differ, 0U);
    EXPECT_EQ(tally.open_named, tally.open);
  }
};

TEST_F(IamCorpora, Traps) {
  check_file("traps.jsonl");
}
TEST_F(IamCorpora, GeneratedFirst) {
  check_file("fuzz-1.jsonl.gz");
}
TEST_F(IamCorpora, GeneratedSecond) {
  check_file("fuzz-2.jsonl.gz");
}

TEST_F(IamCorpora, RealPolicies) {
  std::map<std::string, PolicyDocument> policies;
  for (const json& entry : read_lines("policies.jsonl.gz")) {
    policies.emplace(entry.at("id").get<std::string>(), read_document(entry.at("policy")));
  }
  Tally tally;
  std::size_t without_policy = 0;
  for (const json& entry : read_lines("corpus-1.jsonl.gz")) {
    const auto policy = policies.find(entry.at("src").get<std::string>());
    if (policy == policies.end()) {
      ++without_policy;
      continue;
    }
    check(entry, policy->second, tally);
  }
  report("corpus-1.jsonl.gz", tally);
  std::cout << "  " << without_policy << " cases about policies that are not recorded\n";
  EXPECT_GT(tally.agree, 0U);
  EXPECT_EQ(tally.differ, 0U);
  EXPECT_EQ(tally.open_named, tally.open);
}

TEST_F(IamCorpora, SeveralDocuments) {
  std::size_t agree = 0;
  for (const json& entry : read_lines("logic.jsonl")) {
    const json& policies = entry.at("policies");
    std::vector<std::unique_ptr<PolicyDocument>> owned;
    const auto read = [&](const json& from) {
      owned.push_back(std::make_unique<PolicyDocument>(read_document(from)));
      return static_cast<const PolicyDocument*>(owned.back().get());
    };
    const auto read_list = [&](const json& from) {
      std::vector<const PolicyDocument*> out;
      for (const json& one : from) {
        out.push_back(read(one));
      }
      return out;
    };
    PolicySet set;
    for (const auto& [key, value] : policies.items()) {
      if (key == "identity") {
        set.identity = read_list(value);
      } else if (key == "resource") {
        set.resource = read(value);
      } else if (key == "boundaries") {
        set.boundaries = read_list(value);
      } else if (key == "session") {
        set.session = read(value);
      } else if (key == "scps" || key == "rcps") {
        for (const json& level : value) {
          (key == "scps" ? set.scps : set.rcps).push_back(read_list(level));
        }
      } else {
        ADD_FAILURE() << "unknown kind of policy " << key;
      }
    }
    const json& request = entry.at("request");
    set.resource_account = request.value("resourceAccount", "");
    const std::string actual(name(decide(set, read_request(request))));
    EXPECT_EQ(actual, entry.at("expect").get<std::string>()) << entry.at("id") << " " << entry.at("what");
    agree += actual == entry.at("expect").get<std::string>() ? 1 : 0;
  }
  std::cout << "logic.jsonl: " << agree << " agree\n";
  EXPECT_GT(agree, 0U);
}

}  // namespace
}  // namespace gabion::iam
