// tests: engine
// The index of references answers as a walk over all resources would: the same resources in the same order, the same
// doubt for the same reason. Asked on configurations put together at random, of names that are written, shared, chosen,
// unknown and passed through modules, of resources that may not exist, and of instances whose keys are not known.
#include "engine/reference_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "engine/view.h"
#include "source/discovery.h"
#include "terraform/load.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

const std::vector<std::string_view> kTypes = {"aws_s3_bucket", "aws_s3_bucket_versioning", "aws_iam_role"};
const std::vector<std::string_view> kPaths = {"bucket", "id", "name", "role", "buckets", "rule.bucket"};

class Author {
 public:
  explicit Author(std::uint32_t seed) : random_(seed) {}

  std::string configuration() {
    std::string text = R"(
variable "x" {}
variable "y" { type = string }
variable "list" {}
variable "on" { type = bool }
data "aws_caller_identity" "me" {}
)";
    const int count = 3 + below(8);
    for (int i = 0; i < count; ++i) {
      text += resource("r" + std::to_string(i), count);
    }
    return text;
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }

  std::string type() { return std::string(kTypes[static_cast<std::size_t>(below(3))]); }

  /// A reference that may well name no resource that is there.
  std::string reference(int count) {
    const std::string name = type() + ".r" + std::to_string(below(count));
    constexpr std::array<std::string_view, 5> kKeys = {"", "", "[0]", "[\"a\"]", "[var.x]"};
    constexpr std::array<std::string_view, 4> kAttributes = {".id", ".arn", ".bucket", ".name"};
    return name + std::string(kKeys[static_cast<std::size_t>(below(5))]) +
           std::string(kAttributes[static_cast<std::size_t>(below(4))]);
  }

  std::string value(int count, int depth = 0) {
    switch (below(depth > 2 ? 8 : 14)) {
      case 0:
        return "\"one\"";
      case 1:
        return "\"two\"";
      case 2:
        return "var.x";
      case 3:
        return "var.y";
      case 4:
        return "\"${var.x}-logs\"";
      case 5:
        return "\"\"";
      case 6:
      case 7:
      case 8:
        return reference(count);
      case 9:
        return "\"${" + value(count, depth + 1) + "}\"";
      case 10:
        return "(var.on ? " + value(count, depth + 1) + " : " + value(count, depth + 1) + ")";
      case 11:
        return "[" + value(count, depth + 1) + ", " + value(count, depth + 1) + "]";
      case 12:
        return "\"${" + reference(count) + "}-${var.x}\"";
      default:
        return "try(" + reference(count) + ", \"one\")";
    }
  }

  std::string resource(const std::string& name, int count) {
    std::string text = "resource \"" + type() + "\" \"" + name + "\" {\n";
    switch (below(7)) {
      case 0:
        text += "  count = 2\n";
        break;
      case 1:
        text += "  count = var.on ? 1 : 0\n";
        break;
      case 2:
        text += "  for_each = toset([\"a\", \"b\"])\n";
        break;
      case 3:
        text += "  for_each = toset(var.list)\n";
        break;
      default:
        break;
    }
    for (const std::string_view attribute : {"bucket", "name", "role", "buckets"}) {
      if (below(2) == 0) {
        text += "  " + std::string(attribute) + " = " + value(count) + "\n";
      }
    }
    for (int i = below(3); i > 0; --i) {
      text += "  rule {\n    bucket = " + value(count) + "\n  }\n";
    }
    if (below(6) == 0) {
      text += "  dynamic \"rule\" {\n    for_each = var.list\n    content {\n      bucket = " + value(count) +
              "\n    }\n  }\n";
    }
    return text + "}\n";
  }

  std::mt19937 random_;
};

Truth refers(const Value& value, const model::Resource& target) {
  if (!value.is_sequence()) {
    return refers_to(value, target);
  }
  Truth any = Truth::kNo;
  for (const Value& element : value.elements()) {
    any = any | refers(element, target);
  }
  return any;
}

/// What the index answers, found by asking about each resource.
ResolvedReference walk(const Value& value, const model::Configuration& configuration) {
  ResolvedReference result;
  const bool in_error = value.is_unknown() && value.unknown().symbol->reason == eval::Reason::kInvalid;
  for (const model::Resource& candidate : configuration.resources()) {
    const Truth truth = refers_to(value, candidate);
    if (truth == Truth::kYes) {
      return {.resource = &candidate, .open = false};
    }
    result.open = result.open || (truth == Truth::kUnknown && !in_error);
  }
  return result;
}

Referrers walk(const model::Resource& target, std::span<const std::string_view> types,
               std::span<const std::string_view> paths, const model::Configuration& configuration, Views& views) {
  Referrers result;
  for (const std::string_view type : types) {
    for (const model::ResourceId id : configuration.of_type(type)) {
      const model::Resource& candidate = configuration.resource(id);
      const bool explained = result.cause != nullptr || result.doubtful != nullptr;
      Truth any = Truth::kNo;
      for (const std::string_view path : paths) {
        for (const Value& value : values_at(views.resource(candidate), path)) {
          const Truth one = refers(value, target);
          if (one == Truth::kUnknown && !explained && result.cause == nullptr) {
            result.cause = eval::first_unknown(value);
          }
          any = any | one;
        }
      }
      if (any == Truth::kYes && candidate.certain) {
        result.sure.push_back(&candidate);
      } else if (any != Truth::kNo) {
        result.possible = result.possible == nullptr ? &candidate : result.possible;
        if (result.cause == nullptr && result.doubtful == nullptr && !candidate.certain) {
          result.doubtful = &candidate;
        }
      }
    }
  }
  if (!result.sure.empty()) {
    return {.sure = result.sure, .possible = nullptr, .cause = nullptr, .doubtful = nullptr};
  }
  return result;
}

/// Every resource of the type that a value means is among the candidates, which are in order.
void check_candidates(ReferenceIndex& index, std::string_view type, const Value& value,
                      const model::Configuration& configuration) {
  const std::vector<model::ResourceId> candidates = index.candidates(type, value);
  EXPECT_TRUE(std::ranges::is_sorted(candidates));
  for (const model::ResourceId id : configuration.of_type(type)) {
    const model::Resource& target = configuration.resource(id);
    Truth any = refers_to(value, target);
    for (const Value& element : value.is_sequence() ? value.elements() : std::span<const Value>()) {
      any = any | refers_to(element, target);
    }
    EXPECT_TRUE(any == Truth::kNo || std::ranges::binary_search(candidates, id))
        << eval::to_json(value) << " " << target.address;
  }
}

void all_values(const Value& value, std::vector<Value>& out) {
  out.push_back(value);
  if (value.is_sequence()) {
    for (const Value& element : value.elements()) {
      all_values(element, out);
    }
  } else if (value.is_mapping()) {
    for (const eval::Member& member : value.members()) {
      all_values(member.value, out);
    }
  } else if (value.is_unknown()) {
    for (const Value& alternative : value.unknown().alternatives) {
      all_values(alternative, out);
    }
    if (value.unknown().element != nullptr) {
      all_values(*value.unknown().element, out);
    }
  }
}

TEST(ReferenceIndexTest, AnswersAsAWalkOverAllResources) {
  int sure = 0;
  int open = 0;
  int resolved = 0;
  int undecided = 0;
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    Author author(seed);
    const std::string text = author.configuration();
    source::MemoryFileSystem files;
    files.write("x/main.tf", text);
    const std::vector<std::string> directories = {"x"};
    const auto inventory = source::discover(files, directories, {});
    ASSERT_TRUE(inventory);
    source::ArtifactStore artifacts;
    terraform::Workspace workspace(files, artifacts, *inventory, {});
    const std::unique_ptr<model::Configuration> configuration = workspace.evaluate("x", nullptr);
    eval::Context context = configuration->context();
    Views views(*configuration, context);
    ReferenceIndex index(*configuration, views);
    for (const model::Resource& target : configuration->resources()) {
      for (std::size_t first = 0; first < kPaths.size(); ++first) {
        for (std::size_t count = 1; count <= 2 && first + count <= kPaths.size(); ++count) {
          const auto paths = std::span(kPaths).subspan(first, count);
          const Referrers found = index.referrers(target, kTypes, paths);
          const Referrers expected = walk(target, kTypes, paths, *configuration, views);
          ASSERT_EQ(found.sure, expected.sure) << seed << ' ' << target.address << ' ' << paths[0] << text;
          ASSERT_EQ(found.possible, expected.possible) << seed << ' ' << target.address << ' ' << paths[0] << text;
          ASSERT_EQ(found.cause, expected.cause) << seed << ' ' << target.address << ' ' << paths[0] << text;
          ASSERT_EQ(found.doubtful, expected.doubtful) << seed << ' ' << target.address << ' ' << paths[0] << text;
          sure += found.sure.empty() ? 0 : 1;
          open += found.possible == nullptr ? 0 : 1;
        }
      }
      std::vector<Value> values;
      all_values(views.resource(target), values);
      for (const Value& value : values) {
        const ResolvedReference found = index.resolve(value);
        const ResolvedReference expected = walk(value, *configuration);
        ASSERT_EQ(found.resource, expected.resource) << seed << ' ' << target.address << eval::describe(value) << text;
        ASSERT_EQ(found.open, expected.open) << seed << ' ' << target.address << eval::describe(value) << text;
        resolved += found.resource == nullptr ? 0 : 1;
        undecided += found.open ? 1 : 0;
        for (const std::string_view type : kTypes) {
          check_candidates(index, type, value, *configuration);
        }
      }
    }
  }
  // Every kind of answer came up.
  EXPECT_GT(sure, 1000);
  EXPECT_GT(open, 1000);
  EXPECT_GT(resolved, 1000);
  EXPECT_GT(undecided, 1000);
}

}  // namespace
}  // namespace gabion::engine
