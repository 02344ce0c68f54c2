// The fuzz targets without a fuzzer, for every compiler: each seed runs once, and once for each of some mutations of it
// that are the same in every run. ctest does so on every build; with a number of seconds it goes on with new mutations:
//
//   fuzz_replay TARGET [--seconds N] [--seed N] PATH...
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#define FUZZ_TARGET(name) extern "C" int fuzz_target_##name(const std::uint8_t* data, std::size_t size);
#include "targets.inc"
#undef FUZZ_TARGET

namespace {

using Target = int (*)(const std::uint8_t*, std::size_t);

struct NamedTarget {
  std::string_view name;
  Target run;
};

constexpr NamedTarget kTargets[] = {
#define FUZZ_TARGET(name) {#name, fuzz_target_##name},
#include "targets.inc"
#undef FUZZ_TARGET
};

/// What is running, for whoever looks at a crash.
void keep(const std::string& text, const std::string& path) {
  if (!path.empty()) {
    std::ofstream(path, std::ios::binary) << text;
  }
}

/// Texts that mean something to one of the parsers.
constexpr std::string_view kWords[] = {"{",
                                       "}",
                                       "[",
                                       "]",
                                       "(",
                                       ")",
                                       "\"",
                                       "${",
                                       "%{",
                                       "<<EOT\n",
                                       "\nEOT\n",
                                       "#",
                                       "//",
                                       "/*",
                                       "*/",
                                       "=",
                                       "=>",
                                       "...",
                                       "\n",
                                       "\r\n",
                                       "\t",
                                       std::string_view("\0", 1),
                                       "\xff",
                                       "\xef\xbb\xbf",
                                       "&a",
                                       "*a",
                                       "<<:",
                                       "- ",
                                       ": ",
                                       "|\n",
                                       "---\n",
                                       "!!str",
                                       "?",
                                       "null",
                                       "true",
                                       "1e999",
                                       "-0",
                                       "0x",
                                       "\\u0000",
                                       "\\",
                                       "for ",
                                       "if ",
                                       "module",
                                       "count",
                                       "self",
                                       "var.",
                                       "\xed\xa0\x80",
                                       "gabion:ignore ",
                                       "checkov:skip=",
                                       "until="};

/// One to eight changes: other bytes, words, and pieces that are taken out, doubled or taken from another seed.
std::string mutated(std::string text, const std::vector<std::string>& seeds, std::mt19937_64& random) {
  const auto below = [&](std::size_t most) { return most == 0 ? 0 : static_cast<std::size_t>(random() % most); };
  constexpr std::size_t kMost = 16'000;
  for (std::size_t change = 0, changes = 1 + below(8); change < changes; ++change) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(text.size() - at, 1 + below(1ULL << below(9)));
    switch (below(7)) {
      case 0:
        if (at < text.size()) {
          text[at] = static_cast<char>(random());
        }
        break;
      case 1:
        if (at < text.size()) {
          text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        }
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4: {
        const std::string& other = seeds[below(seeds.size())];
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, 1 + below(200)));
        break;
      }
      case 5: {
        const std::string& other = seeds[below(seeds.size())];
        const std::size_t from = below(other.size() + 1);
        text.replace(at, length, other.substr(from, length));
        break;
      }
      default:
        text.insert(at, kWords[below(std::size(kWords))]);
    }
  }
  text.resize(std::min(text.size(), kMost));
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const auto* const target = std::find_if(std::begin(kTargets), std::end(kTargets), [&](const NamedTarget& known) {
    return !arguments.empty() && known.name == arguments.front();
  });
  if (target == std::end(kTargets)) {
    std::cerr << "no such fuzz target\n";
    return 2;
  }
  std::vector<std::string> seeds;
  long seconds = 0;
  std::uint64_t number = 1;
  std::string crash;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--seconds" && has_value) {
      seconds = std::stol(arguments[++i]);
    } else if (arguments[i] == "--seed" && has_value) {
      number = std::stoul(arguments[++i]);
    } else if (arguments[i] == "--keep" && has_value) {
      crash = arguments[++i];
    } else {
      std::vector<std::filesystem::path> paths;
      if (std::filesystem::is_directory(arguments[i])) {
        for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
          paths.push_back(entry.path());
        }
      } else {
        paths.emplace_back(arguments[i]);
      }
      std::sort(paths.begin(), paths.end());
      for (const std::filesystem::path& path : paths) {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        seeds.push_back(text.str());
      }
    }
  }
  std::uint64_t runs = 0;
  const auto run = [&](const std::string& text) {
    keep(text, crash);
    static_cast<void>(target->run(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
    ++runs;
  };
  seeds.emplace_back();
  for (const std::string& seed : seeds) {
    run(seed);
  }
  std::mt19937_64 random(number);
  constexpr int kMutations = 40;
  for (const std::string& seed : seeds) {
    for (int i = 0; i < kMutations; ++i) {
      run(mutated(seed, seeds, random));
    }
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  constexpr std::uint64_t kBetweenLooks = 16;
  while (seconds > 0 && (runs % kBetweenLooks != 0 || std::chrono::steady_clock::now() < end)) {
    run(mutated(seeds[random() % seeds.size()], seeds, random));
  }
  std::cout << target->name << ": " << runs << " runs\n";
  return 0;
}
