#include "engine/analysis.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace gabion::engine {
namespace {

/// Attributes that hold policy documents, for the coverage summary.
bool is_policy_attribute(std::string_view name) {
  return name == "policy" || name.ends_with("_policy") || name == "inline_policy" || name == "policy_document";
}

void count(const model::Body& body, model::Coverage& coverage) {
  for (const model::Attribute& attribute : body.attributes) {
    if (is_policy_attribute(attribute.name) &&
        (attribute.value.is_string() || attribute.value.is_unknown() || attribute.value.is_mapping())) {
      ++coverage.policies;
    }
  }
  for (const model::Block& block : body.blocks) {
    if (block.body != nullptr) {
      count(*block.body, coverage);
    }
  }
}

/// Of equal findings the first stays, with the environments of all.
template <class Entry>
void merge_equal(std::vector<Entry>& entries) {
  std::map<std::tuple<source::Region, std::string_view, std::string, std::string>, std::size_t> known;
  std::size_t kept = 0;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    Entry& entry = entries[index];
    const auto [place, is_new] = known.try_emplace({entry.region, entry.rule->id, entry.resource, entry.message}, kept);
    if (is_new) {
      if (kept != index) {
        entries[kept] = std::move(entry);
      }
      ++kept;
      continue;
    }
    std::vector<std::string>& environments = entries[place->second].environments;
    for (std::string& environment : entry.environments) {
      if (std::find(environments.begin(), environments.end(), environment) == environments.end()) {
        environments.push_back(std::move(environment));
      }
    }
  }
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(kept), entries.end());
}

/// Notes the environment in the entries from `first` on.
template <class Entry>
void mark(std::vector<Entry>& entries, std::size_t first, const std::string& environment) {
  for (std::size_t index = first; index < entries.size(); ++index) {
    entries[index].environments.push_back(environment);
  }
}

/// The same module evaluated under several roots meets the same problem in the same place.
void remove_duplicates(AnalysisResult& result) {
  merge_equal(result.findings);
  merge_equal(result.unresolved);
  std::set<std::tuple<source::Region, std::string, std::string, std::string>> problems;
  std::erase_if(result.diagnostics, [&](const findings::Diagnostic& diagnostic) {
    return !problems.emplace(diagnostic.region, diagnostic.code, diagnostic.message, diagnostic.path).second;
  });
}

void sort_all(AnalysisResult& result, const source::ArtifactStore& artifacts) {
  findings::sort(result.findings, artifacts);
  const auto path = [&](source::Region region) {
    return region.valid() ? artifacts.get(region.artifact).path() : std::string_view{};
  };
  std::sort(result.unresolved.begin(), result.unresolved.end(), [&](const auto& a, const auto& b) {
    return std::tuple(path(a.region), a.region.begin, a.rule->id, std::string_view(a.resource)) <
           std::tuple(path(b.region), b.region.begin, b.rule->id, std::string_view(b.resource));
  });
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), [&](const auto& a, const auto& b) {
    const std::string_view path_a = a.region.valid() ? path(a.region) : std::string_view(a.path);
    const std::string_view path_b = b.region.valid() ? path(b.region) : std::string_view(b.path);
    return std::tuple(path_a, a.region.begin) < std::tuple(path_b, b.region.begin);
  });
}

}  // namespace

source::Expected<AnalysisResult> analyze(const AnalysisRequest& request, source::ArtifactStore& artifacts) {
  auto inventory = source::discover(request.files, request.paths, request.discovery);
  if (!inventory) {
    return inventory.error();
  }
  AnalysisResult result;
  for (const source::SkippedPath& skipped : inventory->skipped) {
    if (skipped.is_error) {
      result.diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                                    .code = "unreadable",
                                    .message = skipped.reason,
                                    .hint = {},
                                    .region = {},
                                    .path = skipped.path});
    }
  }
  terraform::Workspace workspace(request.files, artifacts, *inventory, request.terraform);
  PreparedRules rules(request.rules, request.parameters, artifacts);
  Verdicts verdicts;
  const auto evaluate = [&](const std::string& directory, const terraform::NamedEnvironment* environment) {
    const std::unique_ptr<model::Configuration> configuration = workspace.evaluate(directory, environment);
    const std::size_t findings = verdicts.findings.size();
    const std::size_t unresolved = verdicts.unresolved.size();
    const std::size_t claims = verdicts.claims.size();
    result.coverage.modules += static_cast<std::uint32_t>(configuration->modules().size());
    result.coverage.resources += static_cast<std::uint32_t>(configuration->resources().size());
    for (const model::Resource& resource : configuration->resources()) {
      count(resource.body, result.coverage);
    }
    judge(*configuration, rules, artifacts, request.terraform.limits, verdicts);
    if (request.observe) {
      request.observe(*configuration, environment == nullptr ? std::string_view() : environment->name);
    }
    if (environment != nullptr) {
      mark(verdicts.findings, findings, environment->name);
      mark(verdicts.unresolved, unresolved, environment->name);
      for (Claim& claim : std::span(verdicts.claims).subspan(claims)) {
        claim.finding.environments.push_back(environment->name);
        claim.unresolved.environments.push_back(environment->name);
      }
    }
    result.diagnostics.insert(result.diagnostics.end(), configuration->diagnostics().begin(),
                              configuration->diagnostics().end());
  };
  for (const std::string& root : workspace.roots()) {
    for (const terraform::NamedEnvironment* environment : workspace.environments(root)) {
      evaluate(root, environment);
    }
  }
  // Modules that no call reached are analysed on their own; each may reach others.
  while (true) {
    const std::vector<std::string> rest = workspace.unreached();
    if (rest.empty()) {
      break;
    }
    evaluate(rest.front(), nullptr);
  }
  settle(std::move(verdicts.claims), artifacts, verdicts.findings, verdicts.unresolved);
  result.findings = std::move(verdicts.findings);
  result.unresolved = std::move(verdicts.unresolved);
  result.diagnostics.insert(result.diagnostics.end(), workspace.diagnostics().begin(), workspace.diagnostics().end());
  result.diagnostics.insert(result.diagnostics.end(), verdicts.diagnostics.begin(), verdicts.diagnostics.end());
  result.proposals = std::move(verdicts.proposals);
  result.coverage.files = workspace.file_count();
  remove_duplicates(result);
  sort_all(result, artifacts);
  result.coverage.incomplete =
      std::any_of(result.diagnostics.begin(), result.diagnostics.end(), [](const findings::Diagnostic& diagnostic) {
        return diagnostic.severity == findings::DiagnosticSeverity::kError;
      });
  return result;
}

}  // namespace gabion::engine
