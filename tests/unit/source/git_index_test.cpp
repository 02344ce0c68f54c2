#include "source/git_index.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::source {
namespace {

std::string big_endian(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) {
    text += static_cast<char>((number >> (8 * i)) & 0xffU);
  }
  return text;
}

std::string header(std::uint32_t version, std::uint32_t entries) {
  return "DIRC" + big_endian(version, 4) + big_endian(entries, 4);
}

/// An entry of version 2, filled up with NULs.
std::string entry(const std::string& name) {
  std::string text = std::string(60, '\1') + big_endian(static_cast<std::uint32_t>(name.size()), 2) + name;
  const std::size_t size = text.size();
  text.append((size + 8) / 8 * 8 - size, '\0');
  return text;
}

/// An entry of version 4: so many bytes of the name before it dropped, and the rest.
std::string short_entry(int dropped, const std::string& rest) {
  return std::string(60, '\1') + big_endian(10, 2) + static_cast<char>(dropped) + rest + '\0';
}

TEST(GitIndex, FindsPaths) {
  const std::string index = header(2, 3) + entry("a") + entry("live/terraform.tfstate") + entry("z");
  EXPECT_EQ(index_has(index, "live/terraform.tfstate"), true);
  EXPECT_EQ(index_has(index, "z"), true);
  EXPECT_EQ(index_has(index, "terraform.tfstate"), false);
}

TEST(GitIndex, ReadsSharedNames) {
  const std::string index = header(4, 2) + short_entry(0, "live/main.tf") + short_entry(7, "terraform.tfstate");
  EXPECT_EQ(index_has(index, "live/main.tf"), true);
  EXPECT_EQ(index_has(index, "live/terraform.tfstate"), true);
  EXPECT_EQ(index_has(index, "terraform.tfstate"), false);
}

TEST(GitIndex, RefusesWhatItDoesNotUnderstand) {
  EXPECT_FALSE(index_has("", "a").has_value());
  EXPECT_FALSE(index_has("an index that cannot be read", "a").has_value());
  EXPECT_FALSE(index_has(header(5, 1) + entry("a"), "a").has_value());
  EXPECT_FALSE(index_has(header(2, 2) + entry("a"), "b").has_value());
  const std::string whole = header(2, 1) + entry("name");
  for (std::size_t size = 0; size < whole.size() - 8; ++size) {
    EXPECT_NE(index_has(whole.substr(0, size), "other"), true);
  }
  EXPECT_FALSE(index_has(header(4, 1) + short_entry(3, "x"), "x").has_value());
}

}  // namespace
}  // namespace gabion::source
