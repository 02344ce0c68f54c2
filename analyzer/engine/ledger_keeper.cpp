#include "engine/ledger_keeper.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace gabion::engine {
namespace {

using findings::CoverageState;
using findings::Covered;

/// Problems that say that a called module is not there.
bool is_missing_module(std::string_view code) {
  constexpr std::array<std::string_view, 6> kCodes = {"module-not-downloaded", "module-not-found",   "module-outside",
                                                      "module-cycle",          "module-depth-limit", "module-source"};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

/// A text with holes, the encoding of an object with holes and a choice between documents are analysed as far as they
/// are known.
CoverageState state_of(const eval::Value& value) {
  if (value.wholly_known()) {
    return CoverageState::kWhole;
  }
  if (value.is_error()) {
    return CoverageState::kNot;
  }
  if (!value.is_unknown()) {
    return CoverageState::kPartly;
  }
  const eval::StringDetail* detail = value.detail();
  const bool has_parts = detail != nullptr && (detail->encoded != nullptr || !detail->parts.empty());
  return has_parts || !value.unknown().alternatives.empty() ? CoverageState::kPartly : CoverageState::kNot;
}

/// What was said about a place: one of both.
struct Remark {
  source::Region region;
  const findings::Diagnostic* problem;
  const findings::Unresolved* question;
};

/// Remarks by the blocks that they are in. Blocks are asked about in their order; none contains another one.
class Remarks {
 public:
  explicit Remarks(std::vector<Remark> remarks) : remarks_(std::move(remarks)) {
    std::ranges::stable_sort(remarks_, {}, [](const Remark& remark) { return begin_of(remark.region); });
  }

  /// Why the block was not analysed as a whole: the first problem in it, or else the first question; empty when there
  /// is none. Remarks that are in no block go to `outside`.
  template <class Use>
  [[nodiscard]] std::string take(const source::Region& block, const Use& outside) {
    const findings::Diagnostic* problem = nullptr;
    const findings::Unresolved* question = nullptr;
    for (; next_ < remarks_.size(); ++next_) {
      const Remark& remark = remarks_[next_];
      if (begin_of(remark.region) > std::pair(block.artifact, block.end)) {
        break;
      }
      if (!block.contains(remark.region)) {
        outside(remark);
      } else if (remark.problem != nullptr) {
        problem = problem == nullptr ? remark.problem : std::min(problem, remark.problem);
      } else {
        question = question == nullptr ? remark.question : std::min(question, remark.question);
      }
    }
    if (problem != nullptr) {
      return problem->message;
    }
    return question == nullptr
               ? std::string()
               : std::string(question->rule == nullptr ? std::string_view("a rule") : question->rule->id) +
                     " could not decide: " + question->message;
  }
  template <class Use>
  void take_rest(const Use& outside) {
    for (; next_ < remarks_.size(); ++next_) {
      outside(remarks_[next_]);
    }
  }

 private:
  static std::pair<source::ArtifactId, std::uint32_t> begin_of(const source::Region& region) {
    return {region.artifact, region.begin};
  }

  std::vector<Remark> remarks_;
  std::size_t next_ = 0;
};

}  // namespace

bool is_policy_attribute(std::string_view type, std::string_view name) {
  // What else ends in _policy says how something is done: ssl_policy, viewer_protocol_policy, redrive_policy.
  static constexpr std::array<std::string_view, 11> kDocuments{"policy",
                                                               "policy_document",
                                                               "assume_role_policy",
                                                               "inline_policy",
                                                               "permission_policy",
                                                               "resource_policy",
                                                               "access_policy",
                                                               "access_policies",
                                                               "repository_policy",
                                                               "session_policy",
                                                               "delivery_destination_policy"};
  // Documents in a language of their own.
  static constexpr std::array<std::string_view, 3> kOthers{
      "aws_ecr_lifecycle_policy", "aws_opensearchserverless_access_policy", "aws_opensearchserverless_security_policy"};
  // All end so, and little else does.
  if (!name.ends_with("policy") && !name.ends_with("policy_document") && !name.ends_with("access_policies")) {
    return false;
  }
  const auto is_in = [](const auto& names, std::string_view wanted) {
    return std::find(names.begin(), names.end(), wanted) != names.end();
  };
  return type.starts_with("aws_") && is_in(kDocuments, name) && !is_in(kOthers, type);
}

bool LedgerKeeper::is_project(const source::Region& region) const {
  return region.valid() && artifacts_.get(region.artifact).role() == source::Role::kProject;
}

void LedgerKeeper::add_policies(const model::Body& body, std::string_view type, std::string_view address) {
  for (const model::Attribute& attribute : body.attributes) {
    const eval::Value& value = attribute.value;
    const bool is_policy =
        is_policy_attribute(type, attribute.name()) && !value.is_null() && is_project(attribute.region());
    if (!is_policy || !(value.is_string() || value.is_unknown() || value.is_mapping() || value.is_error())) {
      continue;
    }
    const CoverageState state = state_of(value);
    const eval::Symbol* symbol = state == CoverageState::kWhole ? nullptr : eval::first_unknown(value);
    parts_.policies.add(attribute.region(), state, std::string(address) + "." + std::string(attribute.name()),
                        symbol == nullptr ? std::string("its value is in error") : eval::explain(*symbol));
  }
  for (const model::Block& block : body.blocks) {
    if (block.body != nullptr) {
      add_policies(*block.body, type, address);
    }
  }
}

void LedgerKeeper::add(const model::Configuration& configuration) {
  for (const model::Resource& resource : configuration.resources()) {
    if (!is_project(resource.region())) {
      continue;
    }
    parts_.blocks.add(resource.region(), resource.certain ? CoverageState::kWhole : CoverageState::kPartly,
                      resource.config_address, resource.certain ? "" : "how many instances it has is not known");
    add_policies(*resource.body, resource.type, resource.config_address);
  }
}

void LedgerKeeper::add(CoveredParts parts) {
  parts_.blocks.add(parts.blocks);
  parts_.policies.add(parts.policies);
}

CoveredParts LedgerKeeper::take() {
  parts_.blocks.close();
  parts_.policies.close();
  return std::move(parts_);
}

findings::Ledger LedgerKeeper::finish(std::span<const findings::Diagnostic> diagnostics,
                                      std::span<const findings::Unresolved> unresolved, std::size_t modules) {
  struct Part {
    std::string what;
    CoverageState state = CoverageState::kWhole;
    std::string why;
  };
  findings::Ledger ledger;
  const auto count = [&](Covered kind, CoverageState state, std::string what, std::string why, source::Region region) {
    findings::CoverageSums& sums = ledger.sums[static_cast<std::size_t>(kind)];
    ++(state == CoverageState::kWhole ? sums.whole : state == CoverageState::kPartly ? sums.partly : sums.none);
    if (state != CoverageState::kWhole) {
      ledger.gaps.push_back({kind, state, std::move(what), std::move(why), region});
    }
  };

  // Files: those that hold configuration, whatever was read beside them, and what could not be.
  std::map<std::string, Part> files;
  for (const source::DiscoveredFile& file : inventory_.files) {
    if (source::is_configuration(file.kind) || file.explicitly_given) {
      const bool was_read = artifacts_.find(file.path) != nullptr;
      files[file.path] = {
          {}, was_read ? CoverageState::kWhole : CoverageState::kNot, "no module that was analysed needs it"};
    }
  }
  for (std::size_t i = 0; i < artifacts_.size(); ++i) {
    const source::Artifact& artifact = artifacts_.added(i);
    if (artifact.role() == source::Role::kProject) {
      files[std::string(artifact.path())].state = CoverageState::kWhole;
    }
  }
  std::vector<Remark> remarks;
  std::map<source::Region, Part> missing;
  for (const findings::Diagnostic& diagnostic : diagnostics) {
    if (is_missing_module(diagnostic.code)) {
      missing.try_emplace(diagnostic.region, Part{diagnostic.path, CoverageState::kNot, diagnostic.message});
    }
    if (diagnostic.severity != findings::DiagnosticSeverity::kError) {
      continue;
    }
    if (!diagnostic.region.valid()) {
      if (!diagnostic.path.empty()) {
        files[diagnostic.path] = {{}, CoverageState::kNot, diagnostic.message};
      }
      continue;
    }
    if (!is_project(diagnostic.region)) {
      continue;
    }
    Part& file = files[std::string(artifacts_.get(diagnostic.region.artifact).path())];
    if (file.state == CoverageState::kWhole) {
      file.state = CoverageState::kPartly;
      file.why = diagnostic.message;
    }
    remarks.push_back({diagnostic.region, &diagnostic, nullptr});
  }
  for (const findings::Unresolved& question : unresolved) {
    if (question.region.valid() && !question.about_parameter) {
      remarks.push_back({question.region, nullptr, &question});
    }
  }
  for (const auto& [path, file] : files) {
    const source::Artifact* artifact = artifacts_.find(path);
    const source::Region region = artifact == nullptr ? source::Region{} : source::Region{artifact->id(), 0, 0};
    count(Covered::kFile, file.state, path, file.why, region);
  }
  const auto count_place = [&](Covered kind, const CoveredPlace& place) {
    const bool whole = place.state == CoverageState::kWhole;  // as nearly all are
    count(kind, place.state, whole ? std::string() : place.what, whole ? std::string() : place.why, place.region);
  };
  parts_.blocks.settle();
  parts_.policies.settle();
  Remarks about(std::move(remarks));
  const auto count_outside = [&](const Remark& remark) {
    if (remark.problem != nullptr) {
      count(Covered::kBlock, CoverageState::kNot, {}, remark.problem->message, remark.region);
    }
  };
  parts_.blocks.each([&](const CoveredPlace& block) {
    const std::string why = about.take(block.region, count_outside);
    if (block.state == CoverageState::kWhole && !why.empty()) {
      count(Covered::kBlock, CoverageState::kPartly, block.what, why, block.region);
    } else {
      count_place(Covered::kBlock, block);
    }
  });
  about.take_rest(count_outside);
  ledger.sums[static_cast<std::size_t>(Covered::kModule)].whole = modules;
  for (const auto& [region, part] : missing) {
    count(Covered::kModule, CoverageState::kNot, part.what, part.why, region);
  }
  parts_.policies.each([&](const CoveredPlace& policy) { count_place(Covered::kPolicy, policy); });
  const auto path = [&](const findings::CoverageGap& gap) {
    return gap.region.valid() ? artifacts_.get(gap.region.artifact).path() : std::string_view(gap.what);
  };
  std::stable_sort(ledger.gaps.begin(), ledger.gaps.end(),
                   [&](const findings::CoverageGap& a, const findings::CoverageGap& b) {
                     return std::tuple(a.kind, path(a), a.region.begin, std::string_view(a.what)) <
                            std::tuple(b.kind, path(b), b.region.begin, std::string_view(b.what));
                   });
  return ledger;
}

}  // namespace gabion::engine
