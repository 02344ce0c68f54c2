// Surroundings that change or are narrow: files that come and go under the scan, few descriptors, large and deep trees,
// places where nothing can be written, signals.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "program.h"

namespace gabion::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

const std::vector<std::string> kScan = {"scan", "--cache", "off", "--format", "json", "--rule", "aws-kms-key-rotation"};

TEST(RobustnessTest, FilesMayComeAndGo) {
  const Project project;
  constexpr int kFiles = 40;
  for (int i = 0; i < kFiles; ++i) {
    project.write("d" + std::to_string(i) + "/main.tf", kBadKey);
  }
  std::atomic<bool> done = false;
  std::thread other([&] {
    for (int round = 0; !done; ++round) {
      const std::string directory = "d" + std::to_string(round % kFiles);
      const fs::path file = project.path(directory + "/main.tf");
      std::error_code ignored;
      switch (round % 5) {
        case 0:
          std::ofstream(file) << "resource \"aws_kms_key\" \"a\" {\n";
          break;
        case 1:
          fs::remove(file, ignored);
          break;
        case 2:
          fs::remove_all(project.path(directory), ignored);
          break;
        case 3:
          fs::create_directories(file, ignored);
          break;
        default:
          fs::remove_all(project.path(directory), ignored);
          project.write(directory + "/main.tf", std::string(kBadKey) + repeat("# more\n", 10000));
      }
    }
  });
  for (int i = 0; i < 20; ++i) {
    const Outcome outcome = project.gabion(kScan);
    EXPECT_LE(outcome.status, 3) << outcome.err;
    EXPECT_TRUE(outcome.json().is_object()) << outcome.out;
  }
  done = true;
  other.join();
}

TEST(RobustnessTest, FewDescriptorsAreEnough) {
  const Project project;
  std::string call;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "m" + std::to_string(i);
    project.write(name + "/deeper/and/deeper/main.tf", kBadKey);
    call += "module \"" + name + "\" {\n  source = \"./" + name + "/deeper/and/deeper\"\n}\n";
  }
  project.write("main.tf", call);
  const Outcome usual = project.gabion(kScan);
  EXPECT_EQ(usual.json().at("findings").size(), 60U);
  const Outcome few = project.run({"sh", "-c", "ulimit -n 12; exec \"$@\"", "sh", GABION_PROGRAM, "scan", "--cache",
                                   "off", "--format", "json", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(few.status, 1) << few.err;
  EXPECT_EQ(few.out, usual.out);
}

TEST(RobustnessTest, ALargeTreeIsWalked) {
  const Project project;
  constexpr int kDirectories = 1000;
  constexpr int kFiles = 100;
  for (int i = 0; i < kDirectories; ++i) {
    const fs::path directory = project.path("t/d" + std::to_string(i));
    fs::create_directories(directory);
    for (int k = 0; k < kFiles; ++k) {
      const fs::path file = directory / (std::to_string(k) + (k % 50 == 0 ? ".json" : ".txt"));
      static_cast<void>(close(creat(file.c_str(), 0600)));
    }
  }
  project.write("t/d500/main.tf", kBadKey);
  const Outcome outcome = project.gabion(kScan);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_EQ(outcome.json().at("findings").size(), 1U);
}

TEST(RobustnessTest, PathsThatAreTooLongAreNamed) {
  const Project project;
  project.write("main.tf", kGoodKey);
  const Outcome made =
      project.run({"sh", "-c",
                   "i=0; while [ $i -lt 100 ]; do n=dddddddddddddddddddddddddddddddddddddddddddddddddd; "
                   "mkdir $n && cd -P $n || exit 1; i=$((i+1)); done; echo 'locals {}' > deep.tf"});
  if (made.status != 0) {
    GTEST_SKIP() << "the file system takes no such path";
  }
  const Outcome outcome = project.gabion(kScan);
  EXPECT_EQ(outcome.status, 3) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("too long"));
  static_cast<void>(project.run({"sh", "-c", "rm -rf dddddddddddddddddddddddddddddddddddddddddddddddddd"}));
}

TEST(RobustnessTest, WhereNothingCanBeWrittenIsSaid) {
  const Project project;
  project.write("main.tf", kBadKey);
  for (const std::string place :
       {"missing/report.json", "/proc/report.json", "main.tf/report.json", "/dev/full", "."}) {
    const Outcome outcome = project.gabion({"scan", "--cache", "off", "--format", "json", "--output", place});
    EXPECT_EQ(outcome.status, 2) << place;
    EXPECT_THAT(outcome.err, HasSubstr("cannot be written")) << place;
  }
  EXPECT_EQ(project.read("main.tf"), kBadKey);
}

/// Runs until a signal ends it, at another moment each time.
TEST(RobustnessTest, SignalsLeaveNothingHalfWritten) {
  const Project project;
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text += "resource \"aws_kms_key\" \"k" + std::to_string(i) + "\" {\n  enable_key_rotation = false\n}\n";
  }
  project.write("main.tf", text);
  for (const char* const name : {"INT", "TERM", "HUP"}) {
    for (int milliseconds = 0; milliseconds < 50; milliseconds += 10) {
      const std::string delay = "0.0" + std::string(milliseconds < 10 ? "0" : "") + std::to_string(milliseconds);
      const Outcome outcome = project.run({"sh", "-c",
                                           "\"$0\" scan --cache off --format sarif --output report.sarif & sleep " +
                                               delay + "; kill -" + name + " $! 2>/dev/null; wait $!",
                                           GABION_PROGRAM});
      EXPECT_TRUE(outcome.status == 1 || outcome.status == 129 || outcome.status == 130 || outcome.status == 143)
          << name << ' ' << delay << ": " << outcome.status << outcome.err;
      if (fs::exists(project.path("report.sarif"))) {
        EXPECT_TRUE(json::accept(project.read("report.sarif"))) << name << ' ' << delay;
        fs::remove(project.path("report.sarif"));
      }
      std::size_t files = 0;
      for (const auto& entry : fs::directory_iterator(project.path())) {
        files += entry.is_regular_file() ? 1U : 0U;
      }
      EXPECT_EQ(files, 1U) << name << ' ' << delay << " leaves files behind";
      EXPECT_EQ(project.read("main.tf"), text);
    }
  }
}

}  // namespace
}  // namespace gabion::e2e
