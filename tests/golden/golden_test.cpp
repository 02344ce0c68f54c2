// Runs the program's own code over each folder of testdata/golden and compares the text report with expected.txt.
// A file `command` names another command than scan; `arguments` holds further arguments, one a line. GABION_UPDATE=1
// rewrites expected.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/commands.h"

namespace gabion {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExpected = "expected.txt";
constexpr std::string_view kArguments = "arguments";
constexpr std::string_view kCommand = "command";

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(GABION_TESTDATA_DIR) / "golden")) {
    if (entry.is_directory()) {
      result.push_back(entry.path().filename().string());
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// The case's files in memory, so that reports do not depend on where the checkout is.
void load(const fs::path& folder, source::MemoryFileSystem& files) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name != kExpected && name != kArguments && name != kCommand) {
      files.write(fs::relative(entry.path(), folder).generic_string(), read(entry.path()));
    }
  }
}

std::string report(const fs::path& folder) {
  source::MemoryFileSystem files;
  load(folder, files);
  std::string command = read(folder / kCommand);
  command.erase(command.find_last_not_of('\n') + 1);
  std::vector<std::string> arguments = {"gabion", command.empty() ? "scan" : command};
  std::istringstream more(read(folder / kArguments));
  for (std::string line; std::getline(more, line);) {
    arguments.push_back(line);
  }
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(argument.c_str());
  }
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Environment environment{in, out, err, files, {}, false, false, false};
  const int status = cli::run(static_cast<int>(pointers.size()), pointers.data(), environment);
  std::string text = out.str();
  if (!err.str().empty()) {
    text += "-- standard error\n" + err.str();
  }
  return text + "-- exit status " + std::to_string(status) + "\n";
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, ReportsWhatIsExpected) {
  const fs::path folder = fs::path(GABION_TESTDATA_DIR) / "golden" / GetParam();
  const std::string actual = report(folder);
  if (std::getenv("GABION_UPDATE") != nullptr) {
    std::ofstream(folder / kExpected, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(actual, read(folder / kExpected)) << "GABION_UPDATE=1 rewrites " << folder / kExpected;
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTest, testing::ValuesIn(names()),
                         [](const testing::TestParamInfo<std::string>& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace gabion
