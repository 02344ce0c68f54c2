#include "engine/examples.h"

#include <algorithm>

#include "engine/analysis.h"
#include "engine/fix_applier.h"

namespace gabion::engine {
namespace {

/// Splits "# file: name" sections; without one all of it is main.tf.
void write_files(std::string_view text, source::MemoryFileSystem& files) {
  constexpr std::string_view kMarker = "# file: ";
  std::string name = "main.tf";
  std::string content;
  bool any = false;
  const auto flush = [&] {
    if (any || !content.empty()) {
      files.write("example/" + name, content);
    }
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(kMarker)) {
      if (!content.empty()) {
        flush();
      }
      name = std::string(line.substr(kMarker.size()));
      content.clear();
      any = true;
    } else {
      content += line;
      content += '\n';
    }
    if (end == std::string_view::npos) {
      break;
    }
    text.remove_prefix(end + 1);
  }
  flush();
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

/// All files of an example as one text again, in order of names unless there is only one.
std::string joined(const source::ArtifactStore& artifacts, const FixPlan& plan) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    const source::Artifact& artifact = artifacts.added(i);
    if (artifact.role() != source::Role::kProject) {
      continue;
    }
    const auto changed = plan.files.find(std::string(artifact.path()));
    texts.emplace_back(std::string(artifact.path()),
                       changed == plan.files.end() ? std::string(artifact.bytes()) : changed->second.second);
  }
  std::sort(texts.begin(), texts.end());
  if (texts.size() == 1) {
    return trimmed(texts[0].second);
  }
  std::string result;
  for (const auto& [path, text] : texts) {
    result += "# file: " + path.substr(path.find('/') + 1) + "\n" + trimmed(text) + "\n";
  }
  return trimmed(result);
}

class Runner {
 public:
  explicit Runner(const RuleData& rule) : rule_(rule) { static_cast<void>(rules_.add(std::span(&rule, 1))); }

  ExampleReport run() {
    for (const ExampleData& example : rule_.examples) {
      ++report_.examples;
      run(example);
    }
    return std::move(report_);
  }

 private:
  void fail(const ExampleData& example, std::string message) {
    report_.failures.push_back({std::string(rule_.id), std::string(rule_.path), example.text.line, std::move(message)});
  }

  void run(const ExampleData& example) {
    source::MemoryFileSystem files;
    write_files(example.text.text, files);
    Parameters parameters;
    for (const NamedText& setting : example.config) {
      parameters[std::string(setting.name)] = {std::string(setting.value.text), std::string(rule_.path),
                                               setting.value.line, setting.value.column};
    }
    const AnalysisRequest request{files, {"example"}, rules_, parameters, {}, {}};
    source::ArtifactStore artifacts;
    auto result = analyze(request, artifacts);
    if (!result) {
      fail(example, result.error().message);
      return;
    }
    for (const findings::Diagnostic& diagnostic : result->diagnostics) {
      if (diagnostic.severity == findings::DiagnosticSeverity::kError) {
        fail(example, "the example is not valid: " + diagnostic.message);
        return;
      }
    }
    // Examples say by themselves which parameters they set.
    std::erase_if(result->unresolved, [](const findings::Unresolved& note) { return note.about_parameter; });
    const std::size_t found = result->findings.size();
    switch (example.kind) {
      case ExampleKind::kBad:
        if (found != example.findings) {
          fail(example, "expected " + std::to_string(example.findings) + " finding(s), got " + std::to_string(found) +
                            list(*result));
        } else {
          check_severity(example, *result);
          check_fix(example, request);
        }
        break;
      case ExampleKind::kGood:
        if (found != 0 || !result->unresolved.empty()) {
          fail(example, "expected silence, got" + list(*result));
        }
        break;
      case ExampleKind::kUnknown:
        if (found != 0) {
          fail(example, "expected an unresolved note, got a finding" + list(*result));
        } else if (result->unresolved.empty()) {
          fail(example, "expected an unresolved note, got silence");
        }
        break;
    }
  }

  void check_severity(const ExampleData& example, const AnalysisResult& result) {
    for (const findings::Finding& finding : result.findings) {
      if (example.severity && finding.severity != *example.severity) {
        fail(example, "expected the severity " + std::string(findings::name(*example.severity)) + ", got " +
                          std::string(findings::name(finding.severity)));
        return;
      }
    }
  }

  void check_fix(const ExampleData& example, const AnalysisRequest& request) {
    source::ArtifactStore artifacts;
    const auto plan = plan_fixes(request, {.unsafe = true}, artifacts);
    if (!plan) {
      fail(example, plan.error().message);
      return;
    }
    if (example.by_hand.given()) {
      check_by_hand(example, *plan);
    }
    if (!example.fixed.given()) {
      if (!plan->files.empty()) {
        fail(example, "a fix was generated that the example does not show:\n" + joined(artifacts, *plan));
      }
      return;
    }
    if (!plan->remaining.empty() && !example.by_hand.given()) {
      fail(example, "findings remain after the fix" +
                        (plan->skipped.empty() ? std::string() : ": " + plan->skipped.front().reason));
      return;
    }
    const std::string actual = joined(artifacts, *plan);
    if (actual != trimmed(example.fixed.text)) {
      fail(example, "the fix gives another text:\n" + actual);
    }
  }

  /// The first fix by hand shows the text expected. An example with several files shows one of them.
  void check_by_hand(const ExampleData& example, const FixPlan& plan) {
    std::string shown;
    for (const SkippedFix& skipped : plan.skipped) {
      for (const auto& [path, text] : skipped.texts) {
        if (trimmed(text) == trimmed(example.by_hand.text)) {
          return;
        }
        shown += "\n" + skipped.title + ":\n" + trimmed(text);
      }
    }
    fail(example, shown.empty() ? "no fix by hand is shown" : "the fix by hand shows another text:" + shown);
  }

  static std::string list(const AnalysisResult& result) {
    std::string text;
    for (const findings::Finding& finding : result.findings) {
      text += "\n  finding at " + finding.resource + ": " + finding.message;
    }
    for (const findings::Unresolved& note : result.unresolved) {
      text += "\n  unresolved at " + note.resource + ": " + note.message;
    }
    return text;
  }

  const RuleData& rule_;
  RuleSet rules_;
  ExampleReport report_;
};

}  // namespace

ExampleReport run_examples(const RuleData& rule) {
  return Runner(rule).run();
}

}  // namespace gabion::engine
