// tests: syntax
// The HCL parser over real files (testdata, and the corpora when they are there) and over what is left of them after
// random damage: a file that parses prints back to its bytes, its tree stays inside of them, and nothing crashes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/print.h"

namespace gabion::syntax::hcl {
namespace {

namespace fs = std::filesystem;

struct File {
  std::string path;
  std::string text;
};

void add_files(const fs::path& root, std::vector<File>& files) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    const std::string extension = it->path().extension().string();
    if (it->is_regular_file() && (extension == ".tf" || extension == ".hcl" || extension == ".tfvars")) {
      std::ifstream in(it->path(), std::ios::binary);
      files.push_back({it->path().string(), {std::istreambuf_iterator<char>(in), {}}});
    }
  }
}

const std::vector<File>& files() {
  static const std::vector<File> all = [] {
    std::vector<File> found;
    add_files(GABION_TESTDATA_DIR, found);
    const char* corpora = std::getenv("GABION_CORPORA");
    add_files(corpora != nullptr ? fs::path(corpora) : fs::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora",
              found);
    return found;
  }();
  return all;
}

source::Artifact artifact_of(std::string text) {
  return {source::ArtifactId{3}, "test.tf", std::move(text), source::Role::kProject};
}

/// Regions of items lie within their body, in order and without overlap.
void expect_ordered(const Body& body, const std::string& path) {
  std::uint32_t attribute_end = body.region.begin;
  for (const Attribute& attribute : body.attributes) {
    ASSERT_TRUE(body.region.contains(attribute.region)) << path;
    ASSERT_GE(attribute.region.begin, attribute_end) << path;
    ASSERT_TRUE(attribute.region.contains(attribute.name_region())) << path;
    ASSERT_TRUE(attribute.region.contains(attribute.expression->region)) << path;
    attribute_end = attribute.region.end;
  }
  std::uint32_t block_end = body.region.begin;
  for (const Block& block : body.blocks) {
    ASSERT_TRUE(body.region.contains(block.region)) << path;
    ASSERT_GE(block.region.begin, block_end) << path;
    ASSERT_TRUE(block.region.contains(block.header)) << path;
    ASSERT_EQ(block.open_brace().end, block.body->region.begin) << path;
    ASSERT_EQ(block.close_brace().begin, block.body->region.end) << path;
    expect_ordered(*block.body, path);
    block_end = block.region.end;
  }
}

/// Parses and prints in all ways; the diagnostics must be usable.
void exercise(const source::Artifact& artifact, const std::string& path) {
  source::Arena arena;
  const ParsedBody parsed = parse_file(artifact, arena, {});
  ASSERT_NE(parsed.body, nullptr);
  ASSERT_TRUE(parsed.body->complete || !parsed.ok()) << path;
  const std::string printed = print_source(*parsed.body, artifact);
  if (parsed.ok()) {
    ASSERT_TRUE(printed == artifact.bytes()) << path;
  }
  expect_ordered(*parsed.body, path);
  ASSERT_FALSE(print_tree(*parsed.body).empty());
  for (const findings::Diagnostic& diagnostic : parsed.diagnostics) {
    ASSERT_TRUE(artifact.whole().contains(diagnostic.region)) << path;
    ASSERT_LE(diagnostic.region.begin, diagnostic.region.end) << path;
    ASSERT_FALSE(diagnostic.code.empty());
    ASSERT_FALSE(diagnostic.message.empty());
  }
}

TEST(HclProperty, FilesPrintBackToTheirBytes) {
  ASSERT_FALSE(files().empty());
  std::size_t parsed_files = 0;
  for (const File& file : files()) {
    const source::Artifact artifact = artifact_of(file.text);
    exercise(artifact, file.path);
    source::Arena arena;
    parsed_files += parse_file(artifact, arena, {}).ok() ? 1U : 0U;
  }
  std::cout << parsed_files << " of " << files().size() << " files parse\n";
  EXPECT_GT(parsed_files * 10, files().size() * 9);
}

TEST(HclProperty, LineEndsDoNotMatter) {
  for (const File& file : files()) {
    if (file.text.size() > 20'000 || file.text.find('\r') != std::string::npos) {
      continue;
    }
    std::string windows;
    for (const char c : file.text) {
      windows += c == '\n' ? "\r\n" : std::string(1, c);
    }
    const source::Artifact unix_artifact = artifact_of(file.text);
    const source::Artifact windows_artifact = artifact_of(windows);
    source::Arena arena;
    const ParsedBody unix_body = parse_file(unix_artifact, arena, {});
    const ParsedBody windows_body = parse_file(windows_artifact, arena, {});
    ASSERT_EQ(unix_body.ok(), windows_body.ok()) << file.path;
    std::string tree = print_tree(*windows_body.body);
    for (std::size_t at = 0; (at = tree.find("\\x0d\\n", at)) != std::string::npos;) {
      tree.erase(at, 4);
    }
    ASSERT_EQ(print_tree(*unix_body.body), tree) << file.path;
  }
}

TEST(HclProperty, TruncatedFilesAreReadUpToTheCut) {
  std::mt19937 random(1);
  for (const File& file : files()) {
    for (int i = 0; i < 3; ++i) {
      exercise(artifact_of(file.text.substr(0, random() % (file.text.size() + 1))), file.path);
    }
  }
}

TEST(HclProperty, DamagedFilesDoNoHarm) {
  std::mt19937 random(2);
  constexpr std::string_view kDamage[] = {"\"",    "{",       "}",  "[",   "]",    "(",  ")",    "${",   "%{",
                                          "~}",    "\\",      "\n", "\r",  "\t",   "\0", "\xFF", "\xC3", "<<EOT\n",
                                          "EOT",   "/*",      "*/", "#",   ".",    "*",  "=",    "=>",   "...",
                                          "%{if ", "%{else}", "'",  "1e9", "for ", "$"};
  for (const File& file : files()) {
    std::string text = file.text.substr(0, 20'000);
    for (int i = 0; i < 4; ++i) {
      const std::size_t place = random() % (text.size() + 1);
      switch (random() % 3) {
        case 0:
          text.insert(place, kDamage[random() % std::size(kDamage)]);
          break;
        case 1:
          text.erase(place, random() % 8);
          break;
        default:
          text.insert(place, text.substr(random() % (text.size() + 1), random() % 64));
      }
      exercise(artifact_of(text), file.path);
    }
  }
}

}  // namespace
}  // namespace gabion::syntax::hcl
