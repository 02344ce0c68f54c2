#include "engine/root_record.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/record_archive.h"
#include "findings/fields.h"
#include "source/file_system.h"

namespace gabion::findings {

// ---- What is kept, field by field, in the namespaces of the structs, where the archives look. ----

static constexpr Severity last(Severity /*any*/) {
  return Severity::kCritical;
}
static constexpr Safety last(Safety /*any*/) {
  return Safety::kManual;
}
static constexpr DiagnosticSeverity last(DiagnosticSeverity /*any*/) {
  return DiagnosticSeverity::kNote;
}
static constexpr CoverageState last(CoverageState /*any*/) {
  return CoverageState::kNot;
}

static void fields(auto& archive, Is<Finding> auto& finding) {
  archive(finding.rule, finding.severity, finding.resource, finding.message, finding.region, finding.trace,
          finding.witness, finding.fix, finding.fingerprint, finding.suppression, finding.environments,
          finding.observation, finding.root, finding.former_addresses, finding.identities);
}
static void fields(auto& archive, Is<Unresolved> auto& note) {
  archive(note.rule, note.resource, note.message, note.region, note.environments, note.about_parameter);
}
static void fields(auto& archive, Is<Diagnostic> auto& diagnostic) {
  archive(diagnostic.severity, diagnostic.code, diagnostic.message, diagnostic.hint, diagnostic.region, diagnostic.path,
          diagnostic.environments);
}

}  // namespace gabion::findings

namespace gabion::terraform {

static void fields(auto& archive, findings::Is<RootReads> auto& reads) {
  archive(reads.modules, reads.attributes, reads.files, reads.others, reads.outlines, reads.allowed, reads.reached);
}

static void fields(auto& archive, findings::Is<VisitRecord> auto& record) {
  archive(record.is_module, record.called, record.diagnostics, record.files, record.sensitive, record.texts);
}

}  // namespace gabion::terraform

namespace gabion::engine {

using findings::Is;

/// Says what the bytes are; a change of the format changes the program, which the cache knows by itself.
constexpr std::string_view kMark = "gabion roots";

// Which ways there are to fix something is kept, not what proofs need of them.
static void fields(auto& archive, Is<FixAlternative> auto& alternative) {
  archive(alternative.fix, alternative.why, alternative.declares);
}
static void fields(auto& archive, Is<FixProposal> auto& proposal) {
  archive(proposal.alternatives);
}
static void fields(auto& archive, Is<Claim> auto& claim) {
  archive(claim.check, claim.root, claim.parts, claim.open, claim.finding, claim.unresolved);
}
static void fields(auto& archive, Is<SuppressionUse> auto& use) {
  archive(use.path, use.number, use.name, use.refused);
}
static void fields(auto& archive, Is<MissedParameter> auto& missed) {
  archive(missed.rule, missed.parameter, missed.note);
}
static void fields(auto& archive, Is<RootRecord::Missed> auto& missed) {
  archive(missed.parameter, missed.uses);
}
static void fields(auto& archive, Is<CoveredPlace> auto& place) {
  archive(place.region, place.state, place.what, place.why);
}
static void fields(auto& archive, Is<CoveredParts> auto& parts) {
  archive(parts.blocks, parts.policies);
}
static void fields(auto& archive, Is<RootRecord> auto& record) {
  archive(record.findings, record.proposals, record.unresolved, record.diagnostics, record.rule_diagnostics,
          record.claims, record.missed, record.uses, record.modules, record.resources, record.policies,
          record.directories, record.covered);
}
static void fields(auto& archive, Is<KeptRoots::Entry> auto& entry) {
  archive(entry.reads, entry.texts, entry.record);
}

/// Whether fixes name proposals that are there.
static bool has_proposals(const RootRecord& record) {
  const auto is_there = [&](const findings::Finding& finding) {
    return !finding.fix || finding.fix->proposal == findings::kNoProposal ||
           finding.fix->proposal < record.proposals.size();
  };
  findings::Finding finding;
  for (std::size_t i = 0; i < record.findings.size(); ++i) {
    record.findings.read(i, finding);
    if (!is_there(finding)) {
      return false;
    }
  }
  return std::ranges::all_of(record.claims, is_there, &Claim::finding) &&
         std::ranges::none_of(record.proposals, [](const FixProposal& one) { return one.alternatives.empty(); });
}

/// With the paths of artifacts first: they are known last.
template <class Record>
static std::string encoded_with_paths(const Record& record, const source::ArtifactStore& artifacts) {
  RecordWriter to(&artifacts);
  to(record);
  RecordWriter paths;
  paths(to.paths());
  return paths.take() + to.take();
}

/// Takes the paths of what encoded_with_paths() gave.
static void read_paths(RecordReader& from, const source::ArtifactStore& artifacts) {
  std::vector<std::string> paths;
  from(paths);
  std::ranges::transform(paths, std::back_inserter(from.meaning().artifacts),
                         [&](const std::string& path) { return artifacts.find(path); });
}

std::string encoded(const RootRecord& record, const source::ArtifactStore& artifacts) {
  return encoded_with_paths(record, artifacts);
}

std::optional<RootRecord> decoded_root(std::string_view bytes, const RuleSet& rules,
                                       const source::ArtifactStore& artifacts, findings::PackedFindings& findings,
                                       std::deque<std::string>& names) {
  RecordReader from(bytes);
  read_paths(from, artifacts);
  RecordReader::Meaning& meaning = from.meaning();
  meaning.findings = &findings;
  meaning.names = &names;
  for (const Rule& rule : rules.rules()) {
    meaning.rules.emplace(rule.data->id, &rule.description);
  }
  RootRecord record;
  from(record);
  return from.ended() && has_proposals(record) ? std::optional(std::move(record)) : std::nullopt;
}

std::string encoded(const terraform::VisitRecord& record, const source::ArtifactStore& artifacts) {
  return encoded_with_paths(record, artifacts);
}

std::optional<terraform::VisitRecord> decoded_visit(std::string_view bytes, const source::ArtifactStore& artifacts) {
  RecordReader from(bytes);
  read_paths(from, artifacts);
  terraform::VisitRecord record;
  from(record);
  return from.ended() ? std::optional(std::move(record)) : std::nullopt;
}

std::optional<KeptRoots> KeptRoots::from(std::string_view bytes) {
  RecordReader from(bytes);
  std::string mark;
  KeptRoots result;
  from(mark);
  if (mark != kMark) {
    return std::nullopt;
  }
  from(result.entries_, result.visits_);
  return from.ended() ? std::optional(std::move(result)) : std::nullopt;
}

std::string KeptRoots::bytes() const {
  RecordWriter to;
  to(kMark, entries_, visits_);
  return to.take();
}

void KeptRoots::leave_out(const std::set<std::string>& changed) {
  std::erase_if(entries_, [&](const auto& one) {
    const Entry& entry = one.second;
    return std::any_of(changed.begin(), changed.end(), [&](const std::string& path) {
      return entry.reads.modules.contains(source::directory_of(path)) || entry.reads.attributes.contains(path) ||
             entry.reads.files.contains(path) || entry.reads.others.contains(path) || entry.texts.contains(path);
    });
  });
  for (const std::string& path : changed) {
    visits_.erase(source::directory_of(path));
  }
}

const std::string* KeptRoots::visit(const std::string& directory) const {
  const auto found = visits_.find(directory);
  return found == visits_.end() ? nullptr : &found->second;
}

void KeptRoots::add_visit(const std::string& directory, std::string record) {
  visits_[directory] = std::move(record);
}

const KeptRoots::Entry* KeptRoots::find(const std::string& directory,
                                        const std::optional<std::string>& environment) const {
  const auto found = entries_.find({directory, environment});
  return found == entries_.end() ? nullptr : &found->second;
}

void KeptRoots::add(const std::string& directory, const std::optional<std::string>& environment, Entry entry) {
  entries_[{directory, environment}] = std::move(entry);
}

}  // namespace gabion::engine
