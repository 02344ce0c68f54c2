#include "engine/root_record.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "cache/codec.h"
#include "source/file_system.h"

namespace gabion::engine {
namespace {

/// Says what the bytes are; a change of the format changes the program, which the cache knows by itself.
constexpr std::string_view kMark = "gabion roots";

template <class Items, class Write>
void write_all(cache::Writer& to, const Items& items, const Write& write) {
  to.number(items.size());
  for (const auto& item : items) {
    write(item);
  }
}

/// Parts of a record as bytes. The paths of artifacts come last in the making and first in the result.
class RecordWriter {
 public:
  explicit RecordWriter(const source::ArtifactStore& artifacts) : artifacts_(artifacts) {}

  std::string run(const RootRecord& record) {
    write_all(to_, record.findings, [&](const auto& one) { finding(one); });
    write_all(to_, record.unresolved, [&](const auto& one) { note(one); });
    write_all(to_, record.diagnostics, [&](const auto& one) { diagnostic(one); });
    write_all(to_, record.rule_diagnostics, [&](const auto& one) { diagnostic(one); });
    write_all(to_, record.claims, [&](const auto& one) { claim(one); });
    write_all(to_, record.missed, [&](const RootRecord::Missed& one) {
      to_.text(one.parameter.rule);
      to_.text(one.parameter.parameter);
      note(one.parameter.note);
      write_all(to_, one.uses, [&](const auto& use) { suppression_use(use); });
    });
    write_all(to_, record.uses, [&](const auto& use) { suppression_use(use); });
    to_.number(record.modules);
    to_.number(record.resources);
    to_.number(record.policies);
    texts(record.directories);
    parts(record.covered.blocks);
    parts(record.covered.policies);
    texts(record.covered.modules);
    cache::Writer whole;
    write_all(whole, paths_, [&](std::string_view path) { whole.text(path); });
    return whole.take() + to_.take();
  }

 private:
  template <class Texts>
  void texts(const Texts& items) {
    write_all(to_, items, [&](const std::string& text) { to_.text(text); });
  }
  void flag(bool value) { to_.number(value ? 1 : 0); }

  void region(const source::Region& region) {
    if (!region.valid()) {
      to_.number(0);
      return;
    }
    const auto [known, is_new] = numbers_.try_emplace(region.artifact, paths_.size() + 1);
    if (is_new) {
      paths_.push_back(artifacts_.get(region.artifact).path());
    }
    to_.number(known->second);
    to_.number(region.begin);
    to_.number(region.end - region.begin);
  }

  void rule(const findings::RuleDescription* rule) { to_.text(rule == nullptr ? std::string_view() : rule->id); }

  void fix(const findings::Fix& fix) {
    to_.text(fix.title);
    to_.number(static_cast<std::uint64_t>(fix.safety));
    write_all(to_, fix.edits, [&](const findings::Edit& edit) {
      region(edit.region);
      to_.text(edit.text);
    });
  }

  void witness(const findings::Witness& witness) {
    to_.text(witness.principal);
    to_.text(witness.action);
    flag(witness.resource.has_value());
    to_.text(witness.resource.value_or(std::string()));
    write_all(to_, witness.context, [&](const auto& entry) {
      to_.text(entry.first);
      flag(entry.second.has_value());
      texts(entry.second.value_or(std::vector<std::string>()));
    });
  }

  void finding(const findings::Finding& finding) {
    rule(finding.rule);
    to_.number(static_cast<std::uint64_t>(finding.severity));
    to_.text(finding.resource);
    to_.text(finding.message);
    region(finding.region);
    write_all(to_, finding.trace, [&](const findings::TraceStep& step) {
      region(step.region);
      to_.text(step.message);
    });
    flag(finding.witness.has_value());
    if (finding.witness) {
      witness(*finding.witness);
    }
    flag(finding.fix.has_value());
    if (finding.fix) {
      fix(*finding.fix);
    }
    to_.text(finding.fingerprint);
    flag(finding.suppression.has_value());
    if (finding.suppression) {
      to_.text(finding.suppression->kind);
      to_.text(finding.suppression->reason);
      region(finding.suppression->region);
      to_.text(finding.suppression->owner);
      to_.text(finding.suppression->until);
    }
    texts(finding.environments);
    flag(finding.observation.has_value());
    to_.text(finding.observation ? finding.observation->enforce_from : std::string());
    to_.text(finding.root);
    texts(finding.former_addresses);
    texts(finding.identities);
  }

  void note(const findings::Unresolved& note) {
    rule(note.rule);
    to_.text(note.resource);
    to_.text(note.message);
    region(note.region);
    texts(note.environments);
    flag(note.about_parameter);
  }

  void diagnostic(const findings::Diagnostic& diagnostic) {
    to_.number(static_cast<std::uint64_t>(diagnostic.severity));
    to_.text(diagnostic.code);
    to_.text(diagnostic.message);
    to_.text(diagnostic.hint);
    region(diagnostic.region);
    to_.text(diagnostic.path);
    texts(diagnostic.environments);
  }

  void claim(const Claim& claim) {
    to_.number(claim.check);
    to_.text(claim.root);
    write_all(to_, claim.parts, [&](const std::optional<std::string>& part) {
      flag(part.has_value());
      to_.text(part.value_or(std::string()));
    });
    flag(claim.open);
    finding(claim.finding);
    note(claim.unresolved);
  }

  void suppression_use(const SuppressionUse& use) {
    to_.text(use.path);
    to_.number(use.number);
    to_.number(use.name);
    to_.text(use.refused);
  }

  void parts(const std::map<source::Region, CoveredParts::Part>& parts) {
    write_all(to_, parts, [&](const auto& entry) {
      region(entry.first);
      to_.text(entry.second.what);
      to_.number(static_cast<std::uint64_t>(entry.second.state));
      to_.text(entry.second.why);
    });
  }

  const source::ArtifactStore& artifacts_;
  std::vector<std::string_view> paths_;
  std::unordered_map<source::ArtifactId, std::size_t> numbers_;
  cache::Writer to_;
};

/// The way back. Whatever does not fit makes the reader fail.
class RecordReader {
 public:
  RecordReader(std::string_view bytes, const RuleSet& rules, const source::ArtifactStore& artifacts,
               std::deque<std::string>& names)
      : from_(bytes), artifacts_(artifacts), names_(names) {
    for (const Rule& rule : rules.rules()) {
      rules_.emplace(rule.data->id, &rule.description);
    }
  }

  std::optional<RootRecord> run() {
    for (std::size_t left = from_.count(1); left > 0; --left) {
      paths_.push_back(artifacts_.find(std::string(from_.text())));
    }
    RootRecord record;
    all(record.findings, [&] { return finding(); });
    all(record.unresolved, [&] { return note(); });
    all(record.diagnostics, [&] { return diagnostic(); });
    all(record.rule_diagnostics, [&] { return diagnostic(); });
    all(record.claims, [&] { return claim(); });
    all(record.missed, [&] { return missed(); });
    all(record.uses, [&] { return suppression_use(); });
    record.modules = small();
    record.resources = small();
    record.policies = small();
    for (std::string& text : texts()) {
      record.directories.insert(std::move(text));
    }
    parts(record.covered.blocks);
    parts(record.covered.policies);
    for (std::string& text : texts()) {
      record.covered.modules.insert(std::move(text));
    }
    return from_.ended() ? std::optional(std::move(record)) : std::nullopt;
  }

 private:
  template <class Item, class Read>
  void all(std::vector<Item>& items, const Read& read) {
    for (std::size_t left = from_.count(1); left > 0 && !from_.failed(); --left) {
      items.push_back(read());
    }
  }

  std::string text() { return std::string(from_.text()); }
  std::vector<std::string> texts() {
    std::vector<std::string> result;
    all(result, [&] { return text(); });
    return result;
  }
  bool flag() { return one_of(1) == 1; }
  /// A number that is at most that.
  std::uint64_t one_of(std::uint64_t most) {
    const std::uint64_t value = from_.number();
    if (value > most) {
      from_.fail();
      return 0;
    }
    return value;
  }
  std::uint32_t small() { return static_cast<std::uint32_t>(one_of(0xffffffffU)); }

  source::Region region() {
    const std::uint64_t number = one_of(paths_.size());
    if (number == 0) {
      return {};
    }
    const source::Artifact* artifact = paths_[number - 1];
    if (artifact == nullptr) {
      from_.fail();
      return {};
    }
    const std::uint64_t size = artifact->bytes().size();
    const std::uint64_t begin = one_of(size);
    const std::uint64_t end = begin + one_of(size - begin);
    return {artifact->id(), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  const findings::RuleDescription* rule() {
    const auto found = rules_.find(from_.text());
    if (found == rules_.end()) {
      from_.fail();
      return nullptr;
    }
    return found->second;
  }

  findings::Fix fix() {
    findings::Fix fix;
    fix.title = text();
    fix.safety = static_cast<findings::Safety>(one_of(static_cast<std::uint64_t>(findings::Safety::kManual)));
    all(fix.edits, [&] {
      findings::Edit edit;
      edit.region = region();
      edit.text = text();
      return edit;
    });
    return fix;
  }

  findings::Witness witness() {
    findings::Witness witness;
    witness.principal = text();
    witness.action = text();
    const bool has_resource = flag();
    std::string resource = text();
    if (has_resource) {
      witness.resource = std::move(resource);
    }
    for (std::size_t left = from_.count(1); left > 0 && !from_.failed(); --left) {
      std::string key = text();
      const bool has_values = flag();
      std::vector<std::string> values = texts();
      witness.context.emplace(std::move(key), has_values ? std::optional(std::move(values)) : std::nullopt);
    }
    return witness;
  }

  findings::Finding finding() {
    findings::Finding finding;
    finding.rule = rule();
    finding.severity =
        static_cast<findings::Severity>(one_of(static_cast<std::uint64_t>(findings::Severity::kCritical)));
    finding.resource = text();
    finding.message = text();
    finding.region = region();
    all(finding.trace, [&] {
      findings::TraceStep step;
      step.region = region();
      step.message = text();
      return step;
    });
    if (flag()) {
      finding.witness = witness();
    }
    if (flag()) {
      finding.fix = fix();
    }
    finding.fingerprint = text();
    if (flag()) {
      findings::Suppression suppression;
      suppression.kind = text();
      suppression.reason = text();
      suppression.region = region();
      suppression.owner = text();
      suppression.until = text();
      finding.suppression = std::move(suppression);
    }
    finding.environments = texts();
    const bool observed = flag();
    std::string enforce_from = text();
    if (observed) {
      finding.observation = findings::Observation{std::move(enforce_from)};
    }
    finding.root = text();
    finding.former_addresses = texts();
    finding.identities = texts();
    return finding;
  }

  findings::Unresolved note() {
    findings::Unresolved note;
    note.rule = rule();
    note.resource = text();
    note.message = text();
    note.region = region();
    note.environments = texts();
    note.about_parameter = flag();
    return note;
  }

  findings::Diagnostic diagnostic() {
    findings::Diagnostic diagnostic;
    diagnostic.severity = static_cast<findings::DiagnosticSeverity>(
        one_of(static_cast<std::uint64_t>(findings::DiagnosticSeverity::kNote)));
    diagnostic.code = text();
    diagnostic.message = text();
    diagnostic.hint = text();
    diagnostic.region = region();
    diagnostic.path = text();
    diagnostic.environments = texts();
    return diagnostic;
  }

  Claim claim() {
    Claim claim;
    claim.check = static_cast<std::size_t>(small());
    claim.root = text();
    all(claim.parts, [&] {
      const bool known = flag();
      std::string part = text();
      return known ? std::optional(std::move(part)) : std::nullopt;
    });
    claim.open = flag();
    claim.finding = finding();
    claim.unresolved = note();
    return claim;
  }

  RootRecord::Missed missed() {
    RootRecord::Missed missed;
    missed.parameter.rule = names_.emplace_back(from_.text());
    missed.parameter.parameter = names_.emplace_back(from_.text());
    missed.parameter.note = note();
    all(missed.uses, [&] { return suppression_use(); });
    return missed;
  }

  SuppressionUse suppression_use() {
    SuppressionUse use;
    use.path = text();
    use.number = static_cast<std::size_t>(small());
    use.name = static_cast<std::size_t>(small());
    use.refused = text();
    return use;
  }

  void parts(std::map<source::Region, CoveredParts::Part>& parts) {
    for (std::size_t left = from_.count(1); left > 0 && !from_.failed(); --left) {
      const source::Region place = region();
      CoveredParts::Part part;
      part.what = text();
      part.state =
          static_cast<findings::CoverageState>(one_of(static_cast<std::uint64_t>(findings::CoverageState::kNot)));
      part.why = text();
      parts.emplace_hint(parts.end(), place, std::move(part));
    }
  }

  cache::Reader from_;
  const source::ArtifactStore& artifacts_;
  std::deque<std::string>& names_;
  std::vector<const source::Artifact*> paths_;
  std::unordered_map<std::string_view, const findings::RuleDescription*> rules_;
};

void write_texts(cache::Writer& to, const std::set<std::string>& texts) {
  write_all(to, texts, [&](const std::string& text) { to.text(text); });
}

std::set<std::string> read_texts(cache::Reader& from) {
  std::set<std::string> result;
  for (std::size_t left = from.count(1); left > 0 && !from.failed(); --left) {
    result.emplace_hint(result.end(), from.text());
  }
  return result;
}

}  // namespace

std::string encoded(const RootRecord& record, const source::ArtifactStore& artifacts) {
  return RecordWriter(artifacts).run(record);
}

std::optional<RootRecord> decoded_root(std::string_view bytes, const RuleSet& rules,
                                       const source::ArtifactStore& artifacts, std::deque<std::string>& names) {
  return RecordReader(bytes, rules, artifacts, names).run();
}

std::optional<KeptRoots> KeptRoots::from(std::string_view bytes) {
  cache::Reader from(bytes);
  KeptRoots result;
  if (from.text() != kMark) {
    return std::nullopt;
  }
  for (std::size_t left = from.count(1); left > 0 && !from.failed(); --left) {
    std::string directory(from.text());
    const bool named = from.number() == 1;
    std::string name(from.text());
    Entry entry;
    for (std::set<std::string>* texts :
         {&entry.reads.modules, &entry.reads.attributes, &entry.reads.files, &entry.reads.others, &entry.reads.allowed,
          &entry.reads.reached, &entry.texts}) {
      *texts = read_texts(from);
    }
    for (std::size_t outlines = from.count(2); outlines > 0 && !from.failed(); --outlines) {
      std::string source(from.text());
      entry.reads.outlines.emplace(std::move(source), from.text());
    }
    entry.record = from.text();
    result.add(directory, named ? std::optional(std::move(name)) : std::nullopt, std::move(entry));
  }
  return from.ended() ? std::optional(std::move(result)) : std::nullopt;
}

std::string KeptRoots::bytes() const {
  cache::Writer to;
  to.text(kMark);
  write_all(to, entries_, [&](const auto& one) {
    const auto& [key, entry] = one;
    to.text(key.first);
    to.number(key.second ? 1 : 0);
    to.text(key.second.value_or(std::string()));
    for (const std::set<std::string>* texts :
         {&entry.reads.modules, &entry.reads.attributes, &entry.reads.files, &entry.reads.others, &entry.reads.allowed,
          &entry.reads.reached, &entry.texts}) {
      write_texts(to, *texts);
    }
    write_all(to, entry.reads.outlines, [&](const auto& outline) {
      to.text(outline.first);
      to.text(outline.second);
    });
    to.text(entry.record);
  });
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
