#include "lsp/diagnostics.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "report/unicode.h"

namespace gabion::lsp {
namespace {

constexpr int kErrorLevel = 1;
constexpr int kWarningLevel = 2;
constexpr int kInformationLevel = 3;
constexpr int kHintLevel = 4;
constexpr int kUnnecessaryTag = 1;

int level(const findings::Finding& finding) {
  if (finding.observation) {
    return kHintLevel;
  }
  switch (finding.severity) {
    case findings::Severity::kCritical:
    case findings::Severity::kHigh:
      return kErrorLevel;
    case findings::Severity::kMedium:
      return kWarningLevel;
    case findings::Severity::kLow:
      break;
  }
  return kInformationLevel;
}

int level(findings::DiagnosticSeverity severity) {
  switch (severity) {
    case findings::DiagnosticSeverity::kError:
      return kErrorLevel;
    case findings::DiagnosticSeverity::kWarning:
      return kWarningLevel;
    case findings::DiagnosticSeverity::kNote:
      break;
  }
  return kHintLevel;
}

/// " (aws_kms_key.a[0] and 3 others)".
std::string others(const FindingGroup& group) {
  const std::size_t more = group.all.size() - 1;
  if (more == 0) {
    return {};
  }
  return " (" + group.first->resource + " and " + std::to_string(more) + (more == 1 ? " other instance" : " others") +
         ")";
}

/// A message and, in a line of its own, what to do. Names in it may hold anything.
std::string said(std::string_view message, std::string_view hint) {
  return report::printable(message) + (hint.empty() ? "" : "\n" + report::printable(hint));
}

Json of_problem(const findings::Diagnostic& problem, ClientView& view) {
  const Range range = problem.region.valid() ? view.range(problem.region) : Range{};
  return {{"range", to_json(range)},
          {"severity", level(problem.severity)},
          {"code", problem.code},
          {"source", "gabion"},
          {"message", said(problem.message, problem.hint)}};
}

Json of_error(const source::Error& error) {
  const std::uint32_t line = error.line == 0 ? 0 : error.line - 1;
  const std::uint32_t column = error.column == 0 ? 0 : error.column - 1;
  return {{"range", to_json({{line, column}, {line, column + 1}})},
          {"severity", kErrorLevel},
          {"code", "configuration"},
          {"source", "gabion"},
          {"message", said(error.message, error.hint)}};
}

}  // namespace

Json diagnostic(const FindingGroup& group, ClientView& view, const DiagnosticSupport& support) {
  const findings::Finding& finding = *group.first;
  const std::string_view id = finding.rule->id;
  Json result{{"range", to_json(view.range(finding.region))},
              {"severity", level(finding)},
              {"code", std::string(id)},
              {"source", "gabion"},
              {"message",
               report::printable(finding.message + others(group)) + (finding.observation ? " (observed only)" : "")}};
  if (const std::string_view page = page_of(*finding.rule); support.description && !page.empty()) {
    result["codeDescription"] = {{"href", std::string(page)}};
  }
  if (support.tags && (id == "suppression-unused" || id == "suppression-expired")) {
    result["tags"] = Json::array({kUnnecessaryTag});
  }
  Json related = Json::array();
  for (const findings::TraceStep& step : finding.trace) {
    if (step.region.valid() && view.artifacts().get(step.region.artifact).role() != source::Role::kInternal) {
      related.push_back({{"location", view.location(step.region)}, {"message", report::printable(step.message)}});
    }
  }
  if (support.related && !related.empty()) {
    result["relatedInformation"] = std::move(related);
  }
  return result;
}

std::string_view page_of(const findings::RuleDescription& rule) {
  const auto page = std::find_if(rule.references.begin(), rule.references.end(),
                                 [](std::string_view reference) { return reference.starts_with("https://"); });
  return page == rule.references.end() ? std::string_view() : *page;
}

std::vector<FindingGroup> groups(const std::vector<findings::Finding>& findings) {
  std::vector<FindingGroup> result;
  std::map<std::tuple<source::Region, std::string_view, std::string_view>, std::size_t> known;
  for (const findings::Finding& finding : findings) {
    if (finding.suppression || !finding.region.valid()) {
      continue;
    }
    const auto [place, fresh] = known.try_emplace({finding.region, finding.rule->id, finding.message}, result.size());
    if (fresh) {
      result.push_back({&finding, {}});
    }
    result[place->second].all.push_back(&finding);
  }
  return result;
}

std::map<std::string, Json> diagnostics(const Project& project, ClientView& view, const DiagnosticSupport& support) {
  std::map<std::string, Json> result;
  const auto add = [&](std::string_view path, Json one) {
    Json& list = result[std::string(path)];
    if (list.is_null()) {
      list = Json::array();
    }
    list.push_back(std::move(one));
  };
  for (const source::Error& error : project.errors()) {
    if (!error.path.empty()) {
      add(error.path, of_error(error));
    }
  }
  const engine::AnalysisResult* latest = project.result();
  if (latest == nullptr) {
    return result;
  }
  for (const findings::Diagnostic& problem : latest->diagnostics) {
    const bool placed = problem.region.valid();
    const std::string_view path =
        placed ? view.artifacts().get(problem.region.artifact).path() : std::string_view(problem.path);
    const bool ours = !placed || view.artifacts().get(problem.region.artifact).role() == source::Role::kProject;
    if (ours && !path.empty() && project.judged(path)) {
      add(path, of_problem(problem, view));
    }
  }
  for (const FindingGroup& group : groups(latest->findings)) {
    const source::Artifact& artifact = view.artifacts().get(group.first->region.artifact);
    if (artifact.role() == source::Role::kProject && project.judged(artifact.path())) {
      add(artifact.path(), diagnostic(group, view, support));
    }
  }
  return result;
}

}  // namespace gabion::lsp
