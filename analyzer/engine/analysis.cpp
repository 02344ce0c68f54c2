#include "engine/analysis.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "engine/analysis_memory.h"
#include "engine/identity.h"
#include "engine/ledger_keeper.h"
#include "engine/root_judge.h"
#include "engine/root_record.h"
#include "findings/fingerprint.h"
#include "secrets/redactor.h"
#include "source/hash.h"
#include "source/workers.h"
#include "terraform/found_secrets.h"

namespace gabion::engine {
namespace {

/// Which root module an entry is about, where that makes it another one: the same address under two roots is two
/// resources.
std::string_view root_of(const findings::Finding& finding) {
  return finding.root;
}
std::string_view root_of(const findings::Unresolved& /*note*/) {
  return {};
}

/// Adds the names that are not there yet.
void add_names(const std::vector<std::string>& names, std::vector<std::string>& to) {
  std::copy_if(names.begin(), names.end(), std::back_inserter(to),
               [&](const std::string& name) { return std::find(to.begin(), to.end(), name) == to.end(); });
}

/// Of equal findings the first stays, with the environments of all.
template <class Entry>
void merge_equal(std::vector<Entry>& entries) {
  const auto hash = [&](std::size_t number) {
    const Entry& entry = entries[number];
    return source::hash_of(entry.message) + 31 * source::hash_of(entry.resource) + 7 * entry.region.begin;
  };
  const auto equal = [&](std::size_t a, std::size_t b) {
    const auto key = [](const Entry& entry) {
      return std::tuple(entry.region, entry.rule->id, std::string_view(entry.resource), std::string_view(entry.message),
                        root_of(entry));
    };
    return key(entries[a]) == key(entries[b]);
  };
  // Of numbers, so that no text is copied: there may be very many findings.
  std::unordered_set<std::size_t, decltype(hash), decltype(equal)> known(entries.size(), hash, equal);
  std::size_t kept = 0;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    if (kept != index) {
      std::swap(entries[kept], entries[index]);
    }
    Entry& entry = entries[kept];
    const auto [place, is_new] = known.insert(kept);
    if (is_new) {
      ++kept;
      continue;
    }
    if constexpr (requires { entry.suppression; }) {
      // Suppressed for one root module only: it is reported for the other.
      if (!entry.suppression) {
        entries[*place].suppression.reset();
      }
    }
    add_names(entry.environments, entries[*place].environments);
  }
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(kept), entries.end());
}

/// The same module evaluated under several roots meets the same problem in the same place.
void remove_duplicates(AnalysisResult& result) {
  merge_equal(result.findings);
  merge_equal(result.unresolved);
  std::map<std::tuple<source::Region, std::string, std::string, std::string>, std::vector<std::string>> problems;
  std::erase_if(result.diagnostics, [&](const findings::Diagnostic& diagnostic) {
    const auto [known, is_new] =
        problems.try_emplace({diagnostic.region, diagnostic.code, diagnostic.message, diagnostic.path});
    add_names(diagnostic.environments, known->second);
    return !is_new;
  });
  for (findings::Diagnostic& diagnostic : result.diagnostics) {
    diagnostic.environments =
        std::move(problems[{diagnostic.region, diagnostic.code, diagnostic.message, diagnostic.path}]);
  }
}

void sort_all(AnalysisResult& result, const source::ArtifactStore& artifacts) {
  findings::sort(result.findings, artifacts);
  const auto path = [&](source::Region region) {
    return region.valid() ? artifacts.get(region.artifact).path() : std::string_view{};
  };
  std::sort(result.unresolved.begin(), result.unresolved.end(), [&](const auto& a, const auto& b) {
    return std::tuple(path(a.region), a.region.begin, a.rule->id, std::string_view(a.resource),
                      std::string_view(a.message)) < std::tuple(path(b.region), b.region.begin, b.rule->id,
                                                                std::string_view(b.resource),
                                                                std::string_view(b.message));
  });
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), [&](const auto& a, const auto& b) {
    const std::string_view path_a = a.region.valid() ? path(a.region) : std::string_view(a.path);
    const std::string_view path_b = b.region.valid() ? path(b.region) : std::string_view(b.path);
    return std::tuple(path_a, a.region.begin) < std::tuple(path_b, b.region.begin);
  });
}

/// Whether everything was analysed.
bool is_complete(const findings::Diagnostics& diagnostics) {
  return std::none_of(diagnostics.begin(), diagnostics.end(), [](const findings::Diagnostic& diagnostic) {
    return diagnostic.severity == findings::DiagnosticSeverity::kError;
  });
}

/// Takes secrets out of everything that is said, before anybody can print it.
void hide_secrets(AnalysisResult& result, const secrets::Redactor& redactor) {
  for (findings::Finding& finding : result.findings) {
    if (redactor.apply(finding.message)) {
      finding.fingerprint = findings::fingerprint(finding.rule->id, finding.resource, finding.message);
    }
    redactor.apply(finding.resource);
    for (findings::TraceStep& step : finding.trace) {
      redactor.apply(step.message);
    }
    if (finding.witness) {
      redactor.apply(finding.witness->principal);
      redactor.apply(finding.witness->action);
      if (finding.witness->resource) {
        redactor.apply(*finding.witness->resource);
      }
      for (auto& [key, values] : finding.witness->context) {
        if (values) {
          std::for_each(values->begin(), values->end(), [&](std::string& value) { redactor.apply(value); });
        }
      }
    }
    if (finding.fix) {
      redactor.apply(finding.fix->title);
      // An edit without its secret would be another edit.
      if (std::any_of(finding.fix->edits.begin(), finding.fix->edits.end(),
                      [&](const findings::Edit& edit) { return !redactor.hidden(edit.text).empty(); })) {
        finding.fix->edits.clear();
      }
    }
  }
  for (findings::Unresolved& note : result.unresolved) {
    redactor.apply(note.message);
    redactor.apply(note.resource);
  }
  for (findings::Diagnostic& diagnostic : result.diagnostics) {
    redactor.apply(diagnostic.message);
    redactor.apply(diagnostic.hint);
  }
}

/// Says which root modules there was no time for.
void report_late(const std::vector<std::string>& late, findings::Diagnostics& diagnostics) {
  for (const std::string& directory : late) {
    diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                           .code = "time-limit",
                           .message = "there was no time left to analyse " + directory,
                           .hint = "--max-time allows more",
                           .region = {},
                           .path = directory});
  }
}

template <class Entry>
void append(std::vector<Entry>& from, std::vector<Entry>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// Directories with modules that a focused analysis may have to evaluate.
std::set<std::string> focused(const AnalysisRequest& request, const terraform::Workspace& workspace) {
  if (request.focus == nullptr) {
    return {};
  }
  const std::vector<std::string> directories = workspace.callers(*request.focus);
  return {directories.begin(), directories.end()};
}

}  // namespace

source::Expected<AnalysisResult> analyze(const AnalysisRequest& request, source::ArtifactStore& artifacts) {
  auto inventory = request.inventory != nullptr ? source::Expected<source::Inventory>(*request.inventory)
                                                : source::discover(request.files, request.paths, request.discovery);
  if (!inventory) {
    return inventory.error();
  }
  if (request.memory != nullptr) {
    request.memory->begin();
  }
  const bool keeps =
      request.kept != nullptr && request.memory == nullptr && request.focus == nullptr && !request.observe;
  if (keeps && request.kept->reading) {
    request.kept->reading(true);
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
  // Who keeps trees from one analysis to the next, or looks at all of them, has them stay.
  const bool passing = request.memory == nullptr && request.focus == nullptr && !request.observe;
  terraform::Workspace workspace(request.files, artifacts, *inventory, request.terraform,
                                 request.memory == nullptr ? nullptr : &request.memory->syntax(), passing);
  const auto redactor = std::make_shared<secrets::Redactor>();
  terraform::FoundSecrets found(redactor->detector());
  // Who calls what is asked about is what is analysed: the roots first, then what no root reaches.
  const std::set<std::string> wanted = focused(request, workspace);
  const auto is_wanted = [&](const std::string& directory) {
    return request.focus == nullptr || wanted.contains(directory);
  };
  const auto is_obsolete = [&] { return request.obsolete && request.obsolete(); };
  std::optional<Handler> handler;
  if (request.handling != nullptr) {
    handler.emplace(*request.handling, request.rules, request.files, artifacts, request.terraform.limits);
  }
  Verdicts verdicts;  // of all root modules
  LedgerKeeper ledger(*inventory, artifacts);
  /// A root module in one environment, and what became of it.
  struct Planned {
    std::string directory;
    const terraform::NamedEnvironment* environment = nullptr;
    std::optional<RootRecord> recalled;
    std::optional<JudgedRoot> judged;
  };
  std::vector<Planned> plan;
  std::unordered_set<std::string> repeated;  // directories that are evaluated more than once
  if (request.memory == nullptr) {           // with a memory any may be equal to one of an analysis before
    repeated = workspace.copies();
  }
  std::deque<RootJudge> judges;  // one for each thread
  const auto add_judge = [&](Handler* shared) {
    judges.emplace_back(request, workspace, *inventory, artifacts, shared, keeps);
  };
  add_judge(handler ? &*handler : nullptr);
  std::uint64_t evaluated = 0;
  const auto out_of_time = [&] { return request.deadline && std::chrono::steady_clock::now() >= *request.deadline; };
  KeptRoots kept;
  std::deque<std::string> names;  // of parameters that earlier runs missed
  std::mutex counting;
  const auto done = [&] {
    const std::lock_guard lock(counting);
    ++evaluated;
    if (request.progress) {
      request.progress(evaluated, std::max<std::uint64_t>(plan.size(), evaluated));
    }
  };
  // In the order in which root modules were given, whoever judged them.
  const auto take = [&](RootRecord& record) {
    const auto first = static_cast<std::uint32_t>(verdicts.proposals.size());
    append(record.proposals, verdicts.proposals);
    const auto renumber = [&](findings::Finding& finding) {
      if (finding.fix && finding.fix->proposal != findings::kNoProposal) {
        finding.fix->proposal += first;
      }
    };
    std::ranges::for_each(record.findings, renumber);
    std::ranges::for_each(record.claims, renumber, &Claim::finding);
    append(record.findings, verdicts.findings);
    append(record.unresolved, verdicts.unresolved);
    append(record.diagnostics, result.diagnostics);
    append(record.rule_diagnostics, verdicts.diagnostics);
    append(record.claims, verdicts.claims);
    (void)(handler && handler->recall(record.uses));
    for (RootRecord::Missed& missed : record.missed) {
      if (verdicts.asked.emplace(missed.parameter.rule, missed.parameter.parameter).second &&
          missed.parameter.note.region.valid()) {
        verdicts.unresolved.push_back(std::move(missed.parameter.note));
        (void)(handler && handler->recall(missed.uses));
      }
    }
    result.coverage.modules += record.modules;
    result.coverage.resources += record.resources;
    result.coverage.policies += record.policies;
    result.directories.merge(record.directories);
    ledger.add(std::move(record.covered));
  };
  struct Keeping {
    std::string directory;
    std::optional<std::string> environment;
    KeptRoots::Entry entry;
  };
  std::vector<Keeping> keeping;
  const auto take_judged = [&](JudgedRoot root) {
    if (!root.enough_memory) {
      // What one root module takes too much of, others have: it is left out, and said to be.
      result.diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                                    .code = "memory-limit",
                                    .message = "there is not enough memory to analyse " + root.directory,
                                    .hint = "--max-memory, or the system, allows no more",
                                    .region = {},
                                    .path = root.directory});
      return;
    }
    take(root.record);
    if (keeps) {
      keeping.push_back({root.directory, root.environment, {std::move(root.reads), {}, std::move(root.bytes)}});
    }
  };
  // What a run before found out about a root module, if that still holds.
  const auto recall = [&](const std::string& directory,
                          const terraform::NamedEnvironment* environment) -> std::optional<RootRecord> {
    const auto name = environment == nullptr ? std::nullopt : std::optional(environment->name);
    const KeptRoots::Entry* const entry = keeps ? request.kept->roots.find(directory, name) : nullptr;
    if (entry == nullptr) {
      return std::nullopt;
    }
    workspace.recall(entry->reads);
    for (const std::string& path : entry->texts) {
      judges.front().open_text(path);
    }
    std::optional<RootRecord> record = decoded_root(entry->record, request.rules, artifacts, names);
    if (!record || !(record->uses.empty() || (handler && handler->recall(record->uses)))) {
      return std::nullopt;
    }
    kept.add(directory, name, *entry);
    done();
    return record;
  };
  const auto look_at = [&](const std::string& directory, const terraform::NamedEnvironment* environment) {
    take_judged(judges.front().run(directory, environment));
    done();
  };
  /// Plans root modules, and recalls of them what is known.
  const auto begin_with = [&](const std::vector<std::string>& roots) {
    const std::size_t before = plan.size();
    for (const std::string& root : roots) {
      const std::vector<const terraform::NamedEnvironment*> environments = workspace.environments(root);
      std::ranges::for_each(environments, [&](const auto* environment) {
        plan.push_back({root, environment, {}, {}});
      });
      if (environments.size() > 1) {
        repeated.insert(root);
      }
    }
    if (request.progress) {
      request.progress(evaluated, plan.size());
    }
    for (std::size_t i = before; i < plan.size(); ++i) {
      plan[i].recalled = recall(plan[i].directory, plan[i].environment);
    }
  };
  /// By how many threads so many things are to be done; there is a judge for each.
  const auto prepare_threads = [&](std::size_t work) {
    // What a memory holds, and who observes, are for one thread.
    const bool alone = request.memory != nullptr || request.observe || !request.files.is_concurrent();
    const std::size_t jobs = alone ? 1 : std::clamp<std::size_t>(work, 1, request.terraform.jobs);
    while (judges.size() < jobs) {
      add_judge(nullptr);
    }
    if (request.memory == nullptr) {
      std::ranges::for_each(judges, [&](RootJudge& judge) { judge.rules().quiet().expect(repeated); });
    }
    return jobs;
  };
  const auto judge_planned = [&](Planned& one, std::size_t worker) {
    if (!one.recalled && !is_obsolete() && !out_of_time()) {
      one.judged = judges[worker].run(one.directory, one.environment);
      done();
    }
  };
  // Root modules that surely are some: of their syntax there is at any time what the threads are at.
  const std::vector<std::string>& visited = workspace.passing();
  begin_with(visited);
  const auto environments_of = [&](const std::string& directory) {
    return std::ranges::equal_range(plan, directory, {}, &Planned::directory);
  };
  // Of those that nothing changed for, what the visit found is known too.
  const auto recall_visit = [&](const std::string& directory) {
    const std::string* const bytes = keeps ? request.kept->roots.visit(directory) : nullptr;
    const auto is_recalled = [](const Planned& one) { return one.recalled.has_value(); };
    if (bytes == nullptr || !std::ranges::all_of(environments_of(directory), is_recalled)) {
      return false;
    }
    const std::optional<terraform::VisitRecord> record = decoded_visit(*bytes, artifacts);
    if (!record || !workspace.recall_visit(directory, *record, found)) {
      return false;
    }
    kept.add_visit(directory, *bytes);
    return true;
  };
  std::vector<std::string> to_visit;
  std::ranges::remove_copy_if(visited, std::back_inserter(to_visit), recall_visit);
  std::vector<std::string> visits(keeps ? to_visit.size() : 0);  // what they found, as bytes
  source::work_on(to_visit.size(), prepare_threads(to_visit.size()), [&](std::size_t index, std::size_t worker) {
    const auto environments = environments_of(to_visit[index]);
    try {
      const auto record = workspace.visit(to_visit[index], found, [&] {
        std::ranges::for_each(environments, [&](Planned& one) { judge_planned(one, worker); });
      });
      if (keeps && record) {
        visits[index] = encoded(*record, artifacts);
      }
    } catch (const std::bad_alloc&) {
      for (Planned& one : environments) {
        one.recalled.reset();
        one.judged.emplace();
        one.judged->directory = one.directory;
        one.judged->enough_memory = false;
      }
    }
  });
  workspace.end_visits();
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (!visits[i].empty()) {
      kept.add_visit(to_visit[i], std::move(visits[i]));
    }
  }
  // The others are called by none of all.
  std::vector<std::string> others;
  std::ranges::set_difference(workspace.roots(), visited, std::back_inserter(others));
  std::erase_if(others, [&](const std::string& root) { return !is_wanted(root); });
  const std::size_t first = plan.size();
  begin_with(others);
  source::work_on(plan.size() - first, prepare_threads(plan.size() - first),
                  [&](std::size_t index, std::size_t worker) { judge_planned(plan[first + index], worker); });
  std::ranges::stable_sort(plan, {}, &Planned::directory);
  std::size_t expected = 0;
  for (const Planned& one : plan) {
    expected += one.recalled ? one.recalled->findings.size() : one.judged ? one.judged->record.findings.size() : 0;
  }
  verdicts.findings.reserve(expected);
  std::vector<std::string> late;  // what there was no time for
  for (Planned& one : plan) {
    if (is_obsolete()) {
      break;
    }
    if (one.recalled) {
      take(*one.recalled);
      one.recalled.reset();
    } else if (one.judged) {
      take_judged(std::move(*one.judged));
    } else if (late.empty() || late.back() != one.directory) {
      late.push_back(one.directory);
    }
  }
  plan = {};
  // Modules that no call reached are analysed on their own; each may reach others.
  while (!is_obsolete()) {
    std::vector<std::string> rest = workspace.unreached();
    if (out_of_time()) {
      std::erase_if(rest, [&](const std::string& directory) { return !is_wanted(directory); });
      late.insert(late.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
      break;
    }
    const auto next = std::find_if(rest.begin(), rest.end(), is_wanted);
    if (next == rest.end()) {
      break;
    }
    if (std::optional<RootRecord> known = recall(*next, nullptr)) {
      take(*known);
    } else {
      look_at(*next, nullptr);
    }
  }
  // What fixes looked at is remembered by those that made them: it counts for all.
  std::set<std::string> texts;
  for (const RootJudge& judge : judges) {
    texts.insert(judge.texts().begin(), judge.texts().end());
  }
  for (Keeping& one : keeping) {
    one.entry.texts = texts;
    kept.add(one.directory, one.environment, std::move(one.entry));
  }
  report_late(late, result.diagnostics);
  if (is_obsolete()) {
    result.abandoned = true;
    return result;
  }
  const std::unique_ptr<model::Configuration> files = workspace.files(*redactor, found);
  result.coverage.policies += static_cast<std::uint32_t>(files->policy_files().size());
  const std::size_t before_files = verdicts.findings.size();
  judges.front().prepare(verdicts);
  judge(*files, judges.front().rules(), artifacts, request.terraform.limits, verdicts);
  if (handler) {
    handler->apply(files.get(), verdicts.findings, before_files);
  }
  artifacts.set_guard(redactor);
  const std::size_t single = verdicts.findings.size();
  settle(std::move(verdicts.claims), artifacts, verdicts.findings, verdicts.unresolved);
  if (handler) {
    handler->apply(nullptr, verdicts.findings, single);
    handler->note(nullptr, verdicts.unresolved);
  }
  result.findings = std::move(verdicts.findings);
  result.unresolved = std::move(verdicts.unresolved);
  result.diagnostics.insert(result.diagnostics.end(), workspace.diagnostics().begin(), workspace.diagnostics().end());
  result.diagnostics.insert(result.diagnostics.end(), verdicts.diagnostics.begin(), verdicts.diagnostics.end());
  result.proposals = std::move(verdicts.proposals);
  result.coverage.files = workspace.file_count();
  if (handler) {
    handler->finish(is_complete(result.diagnostics), request.focus == nullptr ? nullptr : &result.directories,
                    result.findings, result.proposals);
  }
  if (keeps) {
    if (request.kept->reading) {
      request.kept->reading(false);
    }
    // What tells a secret is not kept.
    kept.erase_if([&](std::string_view bytes) { return !redactor->hidden(bytes).empty(); });
    const bool whole = late.empty() && is_complete(result.diagnostics);
    request.kept->roots = whole ? std::move(kept) : KeptRoots();
  }
  hide_secrets(result, *redactor);
  for (findings::Finding& finding : result.findings) {
    identify(finding);
  }
  remove_duplicates(result);
  sort_all(result, artifacts);
  result.ledger = ledger.finish(result.diagnostics, result.unresolved);
  result.coverage.incomplete = !is_complete(result.diagnostics);
  if (request.memory != nullptr) {
    request.memory->finish();
  }
  return result;
}

}  // namespace gabion::engine
