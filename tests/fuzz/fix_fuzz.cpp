// fuzz: rules
// Any bytes as choices: a real file (of the rules' examples, of testdata, of other people's modules when they are
// there), changes of its layout and its lines, and a finding in it, which is fixed. Then the finding is gone, none is
// new, no error has appeared, nothing of the model changed but what the fix declares, bytes outside its edits are the
// same, and a second run has nothing to do.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/builtin_rules.h"
#include "engine/fix_applier.h"

namespace {

namespace fs = std::filesystem;
using gabion::engine::AnalysisRequest;
using gabion::engine::FixPlan;
using gabion::engine::Parameters;
using gabion::engine::RuleSet;
namespace engine = gabion::engine;
namespace findings = gabion::findings;
namespace source = gabion::source;

/// Files of one folder, by name.
using Folder = std::map<std::string, std::string>;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void add_folders(const fs::path& top, std::vector<Folder>& out) {
  constexpr std::uintmax_t kMostBytes = 50'000;  // large files only make it slow
  std::map<fs::path, Folder> folders;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(top, error); !error && entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    const std::string extension = entry->path().extension().string();
    if (entry->is_regular_file(error) && entry->file_size(error) < kMostBytes &&
        (extension == ".tf" || extension == ".json" || extension == ".tpl" || extension == ".tfvars")) {
      folders[entry->path().parent_path()][entry->path().filename().string()] = read(entry->path());
    }
  }
  for (auto& [path, folder] : folders) {
    if (std::any_of(folder.begin(), folder.end(), [](const auto& file) { return file.first.ends_with(".tf"); })) {
      out.push_back(std::move(folder));
    }
  }
}

std::vector<Folder> all_folders() {
  std::vector<Folder> result;
  for (const engine::RuleData& rule : engine::builtin_rules()) {
    for (const engine::ExampleData& example : rule.examples) {
      if (example.text.text.find("# file: ") == std::string_view::npos) {
        result.push_back({{"main.tf", std::string(example.text.text)}});
      }
    }
  }
  add_folders(fs::path(GABION_SOURCE_DIR) / "testdata", result);
  const char* given = std::getenv("GABION_CORPORA");
  const fs::path corpora =
      given != nullptr ? fs::path(given) : fs::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora";
  add_folders(corpora / "labels" / "fixtures", result);
  add_folders(corpora / "real", result);
  return result;
}

std::string replaced(const std::string& text, const std::string& what, const std::string& by) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t found = text.find(what); found != std::string::npos; found = text.find(what, at)) {
    result += text.substr(at, found - at) + by;
    at = found + what.size();
  }
  return result + text.substr(at);
}

/// The JSON in heredocs as strings with escapes, on one line where `one_line`; interpolations stay as they are.
std::string quoted_heredocs(const std::string& text, bool one_line) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t open = text.find("<<"); open != std::string::npos; open = text.find("<<", at)) {
    const std::size_t begin = std::min(text.find('\n', open), text.size() - 1) + 1;
    std::string marker = text.substr(open + 2, begin - open - 3);
    marker.erase(0, marker.starts_with('-') ? 1 : 0);
    std::size_t end = begin;
    while (end < text.size() && text.find(marker, end) != text.find_first_not_of(" \t", end)) {
      end = std::min(text.find('\n', end), text.size() - 1) + 1;
    }
    result += text.substr(at, open - at);
    at = std::min(end + text.substr(end).find(marker) + marker.size(), text.size());
    if (marker.empty() || end >= text.size() || !text.substr(begin, end - begin).starts_with('{')) {
      result += text.substr(open, at - open);
      continue;
    }
    result += '"';
    int depth = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const char c = text[i];
      depth += depth > 0 && c == '{' ? 1 : depth > 0 && c == '}' ? -1 : 0;
      depth += depth == 0 && c == '{' && i > begin && text[i - 1] == '$' ? 1 : 0;
      if (depth > 0) {
        result += c;
      } else if (c == '\n') {
        result += one_line ? "" : "\\n";
      } else {
        result += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
      }
    }
    result += '"';
  }
  return result + text.substr(at);
}

/// Another layout, or other lines.
void change(std::string& text, FuzzedDataProvider& choices) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  if (lines.empty()) {
    return;
  }
  const std::size_t at = choices.ConsumeIntegralInRange<std::size_t>(0, lines.size() - 1);
  switch (choices.ConsumeIntegralInRange(0, 10)) {
    case 0:
      text = replaced(replaced(text, "\r\n", "\n"), "\n", "\r\n");
      return;
    case 1:
      text = replaced(text, "  ", "\t");
      return;
    case 2:
      text.erase(text.find_last_not_of("\r\n") + 1);
      return;
    case 8:
    case 9:
      text = quoted_heredocs(text, choices.ConsumeBool());
      return;
    case 3:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 4:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), "# größer } { \" ${");
      break;
    case 5:
      lines[at] += " # behind, ]";
      break;
    case 6:
      lines[at] += " /* between */";
      break;
    case 7: {
      // Two lines in one: blocks and objects that open and close on a line.
      const std::string next = at + 1 < lines.size() ? lines[at + 1] : "";
      lines[at] += next;
      if (at + 1 < lines.size()) {
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at) + 1);
      }
      break;
    }
    default: {
      const std::size_t other = choices.ConsumeIntegralInRange<std::size_t>(0, lines.size() - 1);
      std::swap(lines[at], lines[other]);
    }
  }
  text.clear();
  for (const std::string& line : lines) {
    text += line + "\n";
  }
}

struct World {
  RuleSet rules;
  Parameters parameters;
  std::vector<Folder> folders;

  World() : folders(all_folders()) {
    if (!rules.add(engine::builtin_rules())) {
      std::abort();
    }
    rules.sort();
  }
};

std::multiset<std::string> fingerprints(const std::vector<findings::Finding>& found) {
  std::multiset<std::string> result;
  for (const findings::Finding& finding : found) {
    result.insert(finding.fingerprint);
  }
  return result;
}

/// Says what is wrong, with the files, and stops.
void expect(bool holds, const char* what, const source::MemoryFileSystem& files, const FixPlan& plan) {
  if (holds) {
    return;
  }
  std::fprintf(stderr, "%s\n", what);
  for (const engine::AppliedFix& fix : plan.applied) {
    std::fprintf(stderr, "applied: %s at %s: %s\n", fix.rule.c_str(), fix.resource.c_str(), fix.title.c_str());
  }
  if (const auto entries = files.list("x")) {
    for (const source::Entry& entry : *entries) {
      std::fprintf(stderr, "---- %s\n%s\n", entry.name.c_str(), files.read("x/" + entry.name, 1U << 20U)->c_str());
    }
  }
  for (const auto& [path, texts] : plan.files) {
    std::fprintf(stderr, "---- %s becomes\n%s\n", path.c_str(), texts.second.c_str());
  }
  std::abort();
}

/// Sorted, without overlaps, inside of the text, and what they make of it.
std::multiset<std::string> subjects(const std::vector<findings::Finding>& found) {
  std::multiset<std::string> result;
  for (const findings::Finding& finding : found) {
    result.insert(std::string(finding.rule->id) + " at " + finding.resource);
  }
  return result;
}

/// Does the rule of a fix that was applied say that its fixes lead to this?
bool is_announced(const findings::Finding& finding, const FixPlan& plan, const RuleSet& rules) {
  return std::ranges::any_of(plan.applied, [&](const engine::AppliedFix& fix) {
    return std::ranges::any_of(rules.find(fix.rule)->data->checks, [&](const engine::CheckData& check) {
      return check.fix != nullptr && std::ranges::find(check.fix->leads_to, finding.rule->id, &engine::TextAt::text) !=
                                         check.fix->leads_to.end();
    });
  });
}

bool well_formed(const std::vector<findings::Edit>& edits, const source::ArtifactStore& artifacts) {
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const source::Region region = edits[i].region;
    if (region.begin > region.end || region.end > artifacts.get(region.artifact).bytes().size()) {
      return false;
    }
    if (i > 0 && edits[i - 1].region.artifact == region.artifact && edits[i - 1].region.end > region.begin) {
      return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  FuzzedDataProvider choices(data, size);
  Folder folder = world.folders[choices.ConsumeIntegralInRange<std::size_t>(0, world.folders.size() - 1)];
  const int changes = choices.ConsumeIntegralInRange(0, 4);
  const auto wanted = choices.ConsumeIntegral<std::uint16_t>();
  const bool everything = choices.ConsumeProbability<float>() < 0.2F;
  for (int i = 0; i < changes; ++i) {
    auto file = folder.begin();
    std::advance(file, choices.ConsumeIntegralInRange<std::size_t>(0, folder.size() - 1));
    change(file->second, choices);
  }
  source::MemoryFileSystem files;
  for (const auto& [name, text] : folder) {
    files.write("x/" + name, text);
  }
  const AnalysisRequest request{files, {"x"}, world.rules, world.parameters, {}, {}};
  source::ArtifactStore first;
  const auto found = engine::analyze(request, first);
  std::vector<std::string> fixable;
  if (found) {
    for (const findings::Finding& finding : found->findings) {
      if (finding.fix && !finding.fix->edits.empty() && finding.fix->safety != findings::Safety::kManual) {
        fixable.push_back(finding.fingerprint);
      }
    }
  }
  if (fixable.empty()) {
    return 0;
  }
  const std::string chosen = fixable[wanted % fixable.size()];
  engine::FixOptions options{.unsafe = true};
  bool formed = true;
  if (!everything) {
    options.accept = [&](const engine::OfferedFix& offered) {
      formed = formed && well_formed(offered.fix.edits, offered.artifacts);
      return offered.finding.fingerprint == chosen;
    };
  }
  source::ArtifactStore artifacts;
  const auto plan = engine::plan_fixes(request, options, artifacts);
  if (!plan) {
    std::abort();
  }
  expect(formed, "edits overlap or leave the file", files, *plan);
  const std::multiset<std::string> before = fingerprints(plan->before.findings);
  // What is left of a finding may say something else, about a statement that has become smaller.
  std::multiset<std::string> known = subjects(plan->before.findings);
  for (const findings::Finding& finding : plan->led_to) {
    expect(is_announced(finding, *plan, world.rules), "nobody said what a fix leads to", files, *plan);
    known.merge(subjects({finding}));
  }
  const std::multiset<std::string> after = fingerprints(plan->remaining);
  const std::multiset<std::string> left = subjects(plan->remaining);
  expect(std::includes(known.begin(), known.end(), left.begin(), left.end()), "a finding is new", files, *plan);
  if (plan->files.empty()) {
    return 0;
  }
  expect(everything || after.count(chosen) < before.count(chosen), "the finding is not gone", files, *plan);
  if (!everything && plan->applied.size() == 1) {
    const auto& finding = *std::find_if(plan->before.findings.begin(), plan->before.findings.end(),
                                        [&](const findings::Finding& one) { return one.fingerprint == chosen; });
    const engine::FixProposal& proposal = plan->before.proposals[finding.fix->proposal];
    for (const engine::ModelDifference& difference : plan->differences) {
      expect(engine::declared(difference, proposal), "the model changed where the fix does not say so", files, *plan);
    }
  }
  source::MemoryFileSystem changed;
  for (const auto& [name, text] : folder) {
    changed.write("x/" + name, text);
  }
  for (const auto& [path, texts] : plan->files) {
    changed.write(path, texts.second);
  }
  const AnalysisRequest again{changed, {"x"}, world.rules, world.parameters, {}, {}};
  source::ArtifactStore rest;
  const auto second = engine::plan_fixes(again, options, rest);
  if (!second) {
    std::abort();
  }
  expect(fingerprints(second->before.findings) == after, "the files do not have the findings that were promised", files,
         *plan);
  expect(second->files.empty(), "a second run changes something", files, *plan);
  const auto errors = [](const engine::AnalysisResult& result) {
    return std::count_if(result.diagnostics.begin(), result.diagnostics.end(), [](const findings::Diagnostic& one) {
      return one.severity == findings::DiagnosticSeverity::kError;
    });
  };
  expect(errors(second->before) <= errors(plan->before), "an error is new", files, *plan);
  return 0;
}
