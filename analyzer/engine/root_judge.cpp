#include "engine/root_judge.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <new>
#include <span>
#include <utility>

#include "engine/analysis_memory.h"
#include "engine/identity.h"
#include "engine/ledger_keeper.h"

namespace gabion::engine {
namespace {

std::uint32_t policies_of(std::string_view type, const model::Body& body) {
  std::uint32_t count = 0;
  for (const model::Attribute& attribute : body.attributes) {
    if (is_policy_attribute(type, attribute.name()) &&
        (attribute.value.is_string() || attribute.value.is_unknown() || attribute.value.is_mapping())) {
      ++count;
    }
  }
  for (const model::Block& block : body.blocks) {
    count += block.body != nullptr ? policies_of(type, *block.body) : 0;
  }
  return count;
}

/// Notes the environment in all entries.
template <class Entry>
void mark(std::vector<Entry>& entries, const std::string& environment) {
  for (Entry& entry : entries) {
    entry.environments.push_back(environment);
  }
}

/// While it lives, the record is told what cannot be seen from the verdicts, and takes findings as they are made.
class Listening {
 public:
  Listening(Verdicts& verdicts, Handler* handler, std::vector<MissedParameter>& missed,
            std::vector<SuppressionUse>& uses, std::function<void()> take_findings)
      : verdicts_(verdicts), handler_(handler) {
    verdicts_.missed = &missed;
    verdicts_.take_findings = std::move(take_findings);
    if (handler_ != nullptr) {
      handler_->tell(&uses);
      handler_->take_trees(verdicts.known_tree);
    }
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() {
    verdicts_.missed = nullptr;
    verdicts_.take_findings = nullptr;
    if (handler_ != nullptr) {
      handler_->tell(nullptr);
      handler_->take_trees({});
    }
  }

 private:
  Verdicts& verdicts_;
  Handler* handler_;
};

}  // namespace

LocalRules::LocalRules(const AnalysisRequest& request, source::ArtifactStore& artifacts)
    : request_(request),
      artifacts_(artifacts),
      common_(request.memory != nullptr ? request.memory->rules()
                                        : own_.emplace(request.rules, request.parameters, artifacts)) {}

PreparedRules& LocalRules::of(const std::string& directory, const Handler& handler) {
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

RootJudge::RootJudge(const AnalysisRequest& request, terraform::Workspace& workspace,
                     const source::Inventory& inventory, source::ArtifactStore& artifacts, Handler* handler, bool keeps)
    : request_(request),
      workspace_(workspace),
      inventory_(inventory),
      artifacts_(artifacts),
      handler_(handler),
      keeps_(keeps),
      rules_(request, artifacts) {
  if (handler_ == nullptr && request.handling != nullptr) {
    handler_ =
        &own_handler_.emplace(*request.handling, request.rules, request.files, artifacts, request.terraform.limits);
  }
  prepare(verdicts_);
}

void RootJudge::prepare(Verdicts& verdicts) {
  verdicts.make_fixes = request_.fixes;
  verdicts.all_proposals = request_.proposals;
  verdicts.obsolete = request_.obsolete;
  if (request_.deadline) {
    verdicts.out_of_time = [deadline = *request_.deadline] { return std::chrono::steady_clock::now() >= deadline; };
  }
  verdicts.most = request_.max_findings;
  verdicts.open_text = [this](const std::string& path) { return open_text(path); };
  verdicts.known_tree = [this](const source::Artifact& artifact) { return workspace_.whole_tree(artifact); };
}

const source::Artifact* RootJudge::open_text(const std::string& path) {
  texts_.insert(path);
  if (const source::Artifact* known = artifacts_.find(path); known != nullptr) {
    return known->role() == source::Role::kProject ? known : nullptr;
  }
  // Of what is there the file that a link leads to counts.
  const bool exists = request_.files.status(path).has_value();
  const auto real = request_.files.canonical(exists ? path : source::directory_of(path));
  const bool inside = real && std::any_of(request_.paths.begin(), request_.paths.end(), [&](const std::string& given) {
                        const auto root = request_.files.canonical(given);
                        return root && (*real == *root || real->starts_with(*root == "/" ? *root : *root + "/"));
                      });
  if (!inside) {
    return nullptr;
  }
  if (!exists) {
    return &artifacts_.add_beside(path, "", source::Role::kProject);
  }
  auto text = request_.files.read(path, request_.terraform.limits.file_bytes);
  return text ? &artifacts_.add_beside(path, std::move(*text), source::Role::kProject) : nullptr;
}

std::unique_ptr<JudgedRoot> RootJudge::run(const std::string& directory, const terraform::NamedEnvironment* environment,
                                           bool again) {
  auto root = std::make_unique<JudgedRoot>();
  try {
    if (keeps_) {
      root->kept = std::make_unique<JudgedRoot::Kept>();
    }
    const std::unique_ptr<model::Configuration> configuration =
        workspace_.evaluate(directory, environment, keeps_ ? &root->kept->reads : nullptr);
    if (!again) {
      workspace_.end_evaluations();
    }
    judge_whole(directory, environment, *configuration, *root);
  } catch (const std::bad_alloc&) {
    *root = {};
    root->enough_memory = false;
  }
  verdicts_.make_room();
  return root;
}

void RootJudge::judge_whole(const std::string& directory, const terraform::NamedEnvironment* environment,
                            const model::Configuration& configuration, JudgedRoot& root) {
  RootRecord& record = root.record;
  verdicts_.findings.clear();
  verdicts_.unresolved.clear();
  verdicts_.diagnostics.clear();
  verdicts_.proposals.clear();
  verdicts_.claims.clear();
  std::vector<MissedParameter> missed;
  record.findings = {&findings_, findings_.size(), findings_.size()};
  const auto take_findings = [&] {
    trace_addresses(configuration, verdicts_.findings);
    if (handler_ != nullptr) {
      handler_->apply(&configuration, verdicts_.findings, 0);
    }
    if (environment != nullptr) {
      mark(verdicts_.findings, environment->name);
    }
    for (findings::Finding& finding : verdicts_.findings) {
      findings_.add(finding);
    }
    verdicts_.findings.clear();
  };
  {
    const Listening listening(verdicts_, handler_, missed, record.uses, take_findings);
    record.modules = static_cast<std::uint32_t>(configuration.modules().size());
    record.resources = static_cast<std::uint32_t>(configuration.resources().size());
    for (const model::Resource& resource : configuration.resources()) {
      record.policies += policies_of(resource.type, *resource.body);
    }
    for (const model::Module& module : configuration.modules()) {
      record.directories.emplace(module.directory);
    }
    LedgerKeeper covered(inventory_, artifacts_);
    covered.add(configuration);
    record.covered = covered.take();
    judge(configuration, handler_ != nullptr ? rules_.of(directory, *handler_) : rules_.common(), artifacts_,
          request_.terraform.limits, verdicts_);
    if (request_.observe) {
      request_.observe(configuration, environment == nullptr ? std::string_view() : environment->name);
    }
    take_findings();
    record.findings.end = findings_.size();
    for (Claim& claim : verdicts_.claims) {
      trace_addresses(configuration, {&claim.finding, 1});
    }
    // Which root module is the one to say that a parameter is missing hangs on the others.
    std::erase_if(verdicts_.unresolved, [](const findings::Unresolved& note) { return note.about_parameter; });
    if (handler_ != nullptr) {
      handler_->note(&configuration, verdicts_.unresolved);
    }
  }
  record.unresolved = std::move(verdicts_.unresolved);
  record.diagnostics = configuration.diagnostics();
  record.rule_diagnostics = std::move(verdicts_.diagnostics);
  record.claims = std::move(verdicts_.claims);
  record.proposals = std::move(verdicts_.proposals);
  if (environment != nullptr) {
    mark(record.unresolved, environment->name);
    mark(record.diagnostics, environment->name);
    for (Claim& claim : record.claims) {
      claim.finding.environments.push_back(environment->name);
      claim.unresolved.environments.push_back(environment->name);
    }
  }
  for (MissedParameter& one : missed) {
    std::vector<SuppressionUse> uses;
    if (handler_ != nullptr && one.note.region.valid()) {
      uses = handler_->uses_of(&configuration, one.note);
    }
    if (environment != nullptr) {
      one.note.environments.push_back(environment->name);
    }
    record.missed.push_back({std::move(one), std::move(uses)});
  }
  if (keeps_) {
    root.kept->record = encoded(record, artifacts_);
  }
}

}  // namespace gabion::engine
