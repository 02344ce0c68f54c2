// What a session says after many edits is what a session says that sees the text for the first time: nothing that is
// kept between analyses changes an answer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "unit/lsp/client.h"

namespace gabion::lsp {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> example() {
  std::map<std::string, std::string> result;
  const fs::path root = fs::path(GABION_TESTDATA_DIR) / "example";
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) {
      std::ifstream in(entry.path(), std::ios::binary);
      result.emplace(entry.path().lexically_relative(root).generic_string(),
                     std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()));
    }
  }
  return result;
}

/// Diagnostics of all files that have any.
std::map<std::string, Json> findings(const Client& client) {
  std::map<std::string, Json> result;
  for (const auto& [uri, params] : client.published) {
    if (!params["diagnostics"].empty()) {
      result.emplace(uri, params["diagnostics"]);
    }
  }
  return result;
}

TEST(Equivalence, NothingThatIsKeptChangesAnAnswer) {
  const std::map<std::string, std::string> texts = example();
  source::MemoryFileSystem files;
  std::vector<std::string> names;
  for (const auto& [name, text] : texts) {
    files.write(name, text);
    if (name.ends_with(".tf")) {
      names.push_back(name);
    }
  }
  ASSERT_GT(names.size(), 5U);
  std::map<std::string, std::string> open;
  Client client(files);
  client.start();
  std::mt19937 random(11);
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  const std::vector<std::string> pieces = {
      "}",        "{", "\"", "\n", "true",    "false", "null", "  count = 2\n", "# gabion:ignore all x\n",
      "${var.x}", "[", "]",  "= ", "<<EOT\n", "EOT\n"};
  for (int round = 0; round < 40; ++round) {
    const std::string& name = names[below(names.size())];
    const bool fresh = !open.contains(name);
    std::string& text = open.try_emplace(name, texts.at(name)).first->second;
    if (fresh) {
      client.open(name, text);
    }
    const std::size_t begin = below(text.size() + 1);
    // Whole lines go as often as a few bytes, and every third round begins anew from the file.
    if (round % 3 == 0) {
      text = texts.at(name);
    } else {
      text.replace(begin, below(std::min<std::size_t>(30, text.size() - begin) + 1), pieces[below(pieces.size())]);
    }
    client.type(name, round + 2, text);
    Client other(files);
    other.start();
    for (const auto& [path, now] : open) {
      other.notify(
          "textDocument/didOpen",
          {{"textDocument", {{"uri", uri_of(path)}, {"languageId", "terraform"}, {"version", 1}, {"text", now}}}});
    }
    other.settle();
    ASSERT_EQ(findings(client), findings(other)) << "round " << round << " in " << name << "\n" << text;
  }
}

}  // namespace
}  // namespace gabion::lsp
