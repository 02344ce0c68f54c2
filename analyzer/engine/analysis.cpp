#include "engine/analysis.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "engine/analysis_memory.h"
#include "engine/hand_over.h"
#include "engine/identity.h"
#include "engine/ledger_keeper.h"
#include "engine/root_record.h"
#include "findings/fingerprint.h"
#include "secrets/redactor.h"

namespace gabion::engine {
namespace {

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

/// Which root module an entry is about, where that makes it another one: the same address under two roots is two
/// resources.
std::string root_of(const findings::Finding& finding) {
  return finding.root;
}
std::string root_of(const findings::Unresolved& /*note*/) {
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
  std::map<std::tuple<source::Region, std::string_view, std::string, std::string, std::string>, std::size_t> known;
  std::size_t kept = 0;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    Entry& entry = entries[index];
    const auto [place, is_new] =
        known.try_emplace({entry.region, entry.rule->id, entry.resource, entry.message, root_of(entry)}, kept);
    if (is_new) {
      if (kept != index) {
        entries[kept] = std::move(entry);
      }
      ++kept;
      continue;
    }
    if constexpr (requires { entry.suppression; }) {
      // Suppressed for one root module only: it is reported for the other.
      if (!entry.suppression) {
        entries[place->second].suppression.reset();
      }
    }
    add_names(entry.environments, entries[place->second].environments);
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

/// The rules as the configuration file wants them for a directory: prepared once for each set of parameters.
class LocalRules {
 public:
  LocalRules(const AnalysisRequest& request, source::ArtifactStore& artifacts)
      : request_(request),
        artifacts_(artifacts),
        common_(request.memory != nullptr ? request.memory->rules()
                                          : own_.emplace(request.rules, request.parameters, artifacts)) {}

  [[nodiscard]] PreparedRules& common() { return common_; }

  [[nodiscard]] PreparedRules& of(const std::string& directory, const Handler& handler) {
    std::unique_ptr<Parameters> parameters = handler.parameters_for(directory, request_.parameters);
    if (parameters == nullptr) {
      return common_;
    }
    std::string key;
    for (const auto& [name, setting] : *parameters) {
      key.append(name).append("=").append(setting.expression).append("\n");
    }
    Local& local = local_[key];
    if (local.rules == nullptr) {
      local.parameters = std::move(parameters);
      local.rules = std::make_unique<PreparedRules>(request_.rules, *local.parameters, artifacts_);
    }
    return *local.rules;
  }

 private:
  struct Local {
    std::unique_ptr<Parameters> parameters;
    std::unique_ptr<PreparedRules> rules;
  };
  const AnalysisRequest& request_;
  source::ArtifactStore& artifacts_;
  std::optional<PreparedRules> own_;
  PreparedRules& common_;
  std::map<std::string, Local> local_;
};

/// Whether everything was analysed.
bool is_complete(const findings::Diagnostics& diagnostics) {
  return std::none_of(diagnostics.begin(), diagnostics.end(), [](const findings::Diagnostic& diagnostic) {
    return diagnostic.severity == findings::DiagnosticSeverity::kError;
  });
}

/// A text file that a fix adds to, empty when there is none yet; null when it is not below the given paths or cannot be
/// read.
const source::Artifact* text_file(const AnalysisRequest& request, const std::string& path,
                                  source::ArtifactStore& artifacts) {
  if (const source::Artifact* known = artifacts.find(path); known != nullptr) {
    return known->role() == source::Role::kProject ? known : nullptr;
  }
  // Of what is there the file that a link leads to counts.
  const bool exists = request.files.status(path).has_value();
  const auto real = request.files.canonical(exists ? path : source::directory_of(path));
  const bool inside = real && std::any_of(request.paths.begin(), request.paths.end(), [&](const std::string& given) {
                        const auto root = request.files.canonical(given);
                        return root && (*real == *root || real->starts_with(*root == "/" ? *root : *root + "/"));
                      });
  if (!inside) {
    return nullptr;
  }
  if (!exists) {
    return &artifacts.add_beside(path, "", source::Role::kProject);
  }
  auto text = request.files.read(path, request.terraform.limits.file_bytes);
  return text ? &artifacts.add_beside(path, std::move(*text), source::Role::kProject) : nullptr;
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

/// How much was said so far, to come back to when a root module is given up.
class Extent {
 public:
  Extent(const Verdicts& verdicts, const AnalysisResult& result)
      : findings_(verdicts.findings.size()),
        unresolved_(verdicts.unresolved.size()),
        verdict_diagnostics_(verdicts.diagnostics.size()),
        proposals_(verdicts.proposals.size()),
        claims_(verdicts.claims.size()),
        diagnostics_(result.diagnostics.size()) {}

  void restore(Verdicts& verdicts, AnalysisResult& result) const {
    cut(verdicts.findings, findings_);
    cut(verdicts.unresolved, unresolved_);
    cut(verdicts.diagnostics, verdict_diagnostics_);
    cut(verdicts.proposals, proposals_);
    cut(verdicts.claims, claims_);
    cut(result.diagnostics, diagnostics_);
  }

 private:
  template <class Entry>
  static void cut(std::vector<Entry>& entries, std::size_t size) {
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(size), entries.end());
  }

  std::size_t findings_;
  std::size_t unresolved_;
  std::size_t verdict_diagnostics_;
  std::size_t proposals_;
  std::size_t claims_;
  std::size_t diagnostics_;
};

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

/// A root module, evaluated; without a configuration when there was not enough memory for it, or when what it gives is
/// known.
struct Evaluated {
  std::string directory;
  const terraform::NamedEnvironment* environment = nullptr;
  std::unique_ptr<model::Configuration> configuration;
  terraform::RootReads reads;
  const KeptRoots::Entry* entry = nullptr;
  std::unique_ptr<RootRecord> known;

  [[nodiscard]] std::optional<std::string> environment_name() const {
    return environment == nullptr ? std::nullopt : std::optional(environment->name);
  }
};

/// While it lives, a record is told what cannot be seen from the verdicts.
class Listening {
 public:
  Listening(Verdicts& verdicts, std::optional<Handler>& handler, std::vector<MissedParameter>& missed,
            RootRecord& record)
      : verdicts_(verdicts), handler_(handler) {
    verdicts_.missed = &missed;
    if (handler_) {
      handler_->tell(&record.uses);
    }
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() {
    verdicts_.missed = nullptr;
    if (handler_) {
      handler_->tell(nullptr);
    }
  }

 private:
  Verdicts& verdicts_;
  std::optional<Handler>& handler_;
};

template <class Entry>
void append(std::vector<Entry>& from, std::vector<Entry>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

template <class Entry>
std::vector<Entry> copy_from(const std::vector<Entry>& entries, std::size_t first) {
  return {entries.begin() + static_cast<std::ptrdiff_t>(first), entries.end()};
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
  terraform::Workspace workspace(request.files, artifacts, *inventory, request.terraform,
                                 request.memory == nullptr ? nullptr : &request.memory->syntax());
  LocalRules rules(request, artifacts);
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
  Verdicts verdicts;
  LedgerKeeper ledger(*inventory, artifacts);
  std::uint64_t planned = 0;
  std::unordered_set<std::string> repeated;  // directories that are evaluated more than once
  for (const std::string& root : workspace.roots()) {
    const std::size_t environments = workspace.environments(root).size();
    planned += is_wanted(root) ? environments : 0;
    if (environments > 1) {
      repeated.insert(root);
    }
  }
  if (request.memory == nullptr) {  // with a memory any may be equal to one of an analysis before
    repeated.merge(workspace.copies());
    rules.common().quiet().expect(std::move(repeated));
  }
  std::uint64_t evaluated = 0;
  if (request.progress) {
    request.progress(0, planned);
  }
  verdicts.make_fixes = request.fixes;
  verdicts.obsolete = request.obsolete;
  const auto out_of_time = [&] { return request.deadline && std::chrono::steady_clock::now() >= *request.deadline; };
  if (request.deadline) {
    verdicts.out_of_time = out_of_time;
  }
  verdicts.most = request.max_findings;
  std::set<std::string> texts;  // that fixes looked at, once for all root modules
  verdicts.open_text = [&](const std::string& path) {
    texts.insert(path);
    return text_file(request, path, artifacts);
  };
  KeptRoots kept;
  std::deque<std::string> names;  // of parameters that earlier runs missed
  const auto look_at_known = [&](const Evaluated& known_root) {
    RootRecord& record = *known_root.known;
    append(record.findings, verdicts.findings);
    append(record.unresolved, verdicts.unresolved);
    append(record.diagnostics, result.diagnostics);
    append(record.rule_diagnostics, verdicts.diagnostics);
    append(record.claims, verdicts.claims);
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
    ledger.add(record.covered);
    kept.add(known_root.directory, known_root.environment_name(), *known_root.entry);
    ++evaluated;
    if (request.progress) {
      request.progress(evaluated, std::max(planned, evaluated));
    }
  };
  const auto look_at_whole = [&](const Evaluated& evaluated_root) {
    const std::string& directory = evaluated_root.directory;
    const terraform::NamedEnvironment* const environment = evaluated_root.environment;
    const std::unique_ptr<model::Configuration>& configuration = evaluated_root.configuration;
    const std::size_t findings = verdicts.findings.size();
    const std::size_t unresolved = verdicts.unresolved.size();
    const std::size_t claims = verdicts.claims.size();
    const std::size_t rule_diagnostics = verdicts.diagnostics.size();
    const model::Coverage before = result.coverage;
    RootRecord record;
    std::vector<MissedParameter> missed;
    std::optional<Listening> listening;
    if (keeps) {
      listening.emplace(verdicts, handler, missed, record);
    }
    result.coverage.modules += static_cast<std::uint32_t>(configuration->modules().size());
    result.coverage.resources += static_cast<std::uint32_t>(configuration->resources().size());
    for (const model::Resource& resource : configuration->resources()) {
      count(resource.body, result.coverage);
    }
    for (const model::Module& module : configuration->modules()) {
      result.directories.emplace(module.directory);
    }
    if (keeps) {
      LedgerKeeper own(*inventory, artifacts);
      own.add(*configuration);
      ledger.add(own.parts());
      record.covered = own.parts();
    } else {
      ledger.add(*configuration);
    }
    judge(*configuration, handler ? rules.of(directory, *handler) : rules.common(), artifacts, request.terraform.limits,
          verdicts);
    ++evaluated;
    if (request.progress) {
      request.progress(evaluated, std::max(planned, evaluated));
    }
    if (request.observe) {
      request.observe(*configuration, environment == nullptr ? std::string_view() : environment->name);
    }
    trace_addresses(*configuration, std::span(verdicts.findings).subspan(findings));
    for (Claim& claim : std::span(verdicts.claims).subspan(claims)) {
      trace_addresses(*configuration, {&claim.finding, 1});
    }
    if (handler) {
      handler->apply(configuration.get(), verdicts.findings, findings);
      handler->note(configuration.get(), std::span(verdicts.unresolved).subspan(unresolved));
    }
    if (environment != nullptr) {
      mark(verdicts.findings, findings, environment->name);
      mark(verdicts.unresolved, unresolved, environment->name);
      for (Claim& claim : std::span(verdicts.claims).subspan(claims)) {
        claim.finding.environments.push_back(environment->name);
        claim.unresolved.environments.push_back(environment->name);
      }
    }
    const std::size_t diagnostics = result.diagnostics.size();
    result.diagnostics.insert(result.diagnostics.end(), configuration->diagnostics().begin(),
                              configuration->diagnostics().end());
    if (environment != nullptr) {
      mark(result.diagnostics, diagnostics, environment->name);
    }
    if (keeps) {
      listening.reset();
      record.findings = copy_from(verdicts.findings, findings);
      record.unresolved = copy_from(verdicts.unresolved, unresolved);
      // Which root module is the one to say it hangs on the others.
      std::erase_if(record.unresolved, [](const findings::Unresolved& note) { return note.about_parameter; });
      record.diagnostics = copy_from(result.diagnostics, diagnostics);
      record.rule_diagnostics = copy_from(verdicts.diagnostics, rule_diagnostics);
      record.claims = copy_from(verdicts.claims, claims);
      for (MissedParameter& one : missed) {
        std::vector<SuppressionUse> uses;
        if (handler && one.note.region.valid()) {
          uses = handler->uses_of(configuration.get(), one.note);
        }
        if (environment != nullptr) {
          one.note.environments.push_back(environment->name);
        }
        record.missed.push_back({std::move(one), std::move(uses)});
      }
      record.modules = result.coverage.modules - before.modules;
      record.resources = result.coverage.resources - before.resources;
      record.policies = result.coverage.policies - before.policies;
      for (const model::Module& module : configuration->modules()) {
        record.directories.emplace(module.directory);
      }
      kept.add(directory, evaluated_root.environment_name(), {evaluated_root.reads, texts, encoded(record, artifacts)});
    }
  };
  // What one root module takes too much of, others have: it is left out, and said to be.
  const auto look_at = [&](const Evaluated& evaluated_root) {
    if (evaluated_root.known != nullptr) {
      look_at_known(evaluated_root);
      return;
    }
    const Extent before(verdicts, result);
    bool enough = evaluated_root.configuration != nullptr;
    if (enough) {
      try {
        look_at_whole(evaluated_root);
      } catch (const std::bad_alloc&) {
        before.restore(verdicts, result);
        enough = false;
      }
    }
    if (!enough) {
      const std::string& directory = evaluated_root.directory;
      result.diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                                    .code = "memory-limit",
                                    .message = "there is not enough memory to analyse " + directory,
                                    .hint = "--max-memory, or the system, allows no more",
                                    .region = {},
                                    .path = directory});
    }
  };
  std::vector<std::string> late;  // what there was no time for
  const auto evaluate_all = [&](const std::function<void(Evaluated)>& take) {
    const auto evaluate = [&](const std::string& directory, const terraform::NamedEnvironment* environment) {
      Evaluated root;
      root.directory = directory;
      root.environment = environment;
      root.entry = keeps ? request.kept->roots.find(directory, root.environment_name()) : nullptr;
      if (root.entry != nullptr) {
        workspace.recall(root.entry->reads);
        for (const std::string& path : root.entry->texts) {
          (void)text_file(request, path, artifacts);
        }
        std::optional<RootRecord> record = decoded_root(root.entry->record, request.rules, artifacts, names);
        if (record && (record->uses.empty() || (handler && handler->recall(record->uses)))) {
          root.known = std::make_unique<RootRecord>(std::move(*record));
          take(std::move(root));
          return;
        }
      }
      try {
        root.configuration = workspace.evaluate(directory, environment);
        root.reads = keeps ? workspace.reads() : terraform::RootReads();
      } catch (const std::bad_alloc&) {
        root.configuration = nullptr;
      }
      take(std::move(root));
    };
    for (const std::string& root : workspace.roots()) {
      if (!is_wanted(root)) {
        continue;
      }
      if (out_of_time()) {
        late.push_back(root);
        continue;
      }
      for (const terraform::NamedEnvironment* environment : workspace.environments(root)) {
        if (!is_obsolete()) {
          evaluate(root, environment);
        }
      }
    }
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
      evaluate(*next, nullptr);
    }
  };
  // What a memory holds, and files that remember what was asked, are for one thread; and what is known is dealt with at
  // once.
  const bool beside = request.terraform.jobs > 1 && request.memory == nullptr && request.files.is_concurrent() &&
                      !(keeps && request.kept->roots.size() > 0);
  hand_over<Evaluated>(beside, evaluate_all, look_at);
  report_late(late, result.diagnostics);
  if (is_obsolete()) {
    result.abandoned = true;
    return result;
  }
  const auto redactor = std::make_shared<secrets::Redactor>();
  const std::unique_ptr<model::Configuration> files = workspace.files(*redactor);
  result.coverage.policies += static_cast<std::uint32_t>(files->policy_files().size());
  const std::size_t before_files = verdicts.findings.size();
  judge(*files, rules.common(), artifacts, request.terraform.limits, verdicts);
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
