#include "engine/handling.h"

#include <algorithm>

#include "engine/settings.h"
#include "eval/evaluator.h"
#include "findings/fingerprint.h"
#include "source/discovery.h"
#include "source/hash.h"

namespace gabion::engine {
namespace {

/// Names of a list as prose: "a, b and c".
std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    result += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
    result += names[i] == "*" ? "all rules" : names[i];
  }
  return result;
}

/// An address, the end of one after a dot, or only its key.
bool is_instance(std::string_view pattern, std::string_view address) {
  if (glob_matches(pattern, address)) {
    return true;
  }
  const std::string ends = (pattern.starts_with('[') ? "*" : "*.") + std::string(pattern);
  return glob_matches(ends, address);
}

/// The text of a value as a comment would write it.
std::string plain_text(const eval::Value& value) {
  if (value.is_string()) {
    return std::string(value.text());
  }
  return value.is_unknown() ? std::string() : eval::describe(value);
}

/// An attribute of a resource by its dotted path.
const model::Attribute* attribute_at(const model::Body& body, std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    return body.attribute(path);
  }
  const auto block = std::find_if(body.blocks.begin(), body.blocks.end(),
                                  [&](const model::Block& one) { return one.type == path.substr(0, dot); });
  return block == body.blocks.end() || block->body == nullptr ? nullptr : block->body->attribute(path.substr(dot + 1));
}

/// Groups of a rule's aliases that belong to a scanner.
bool belongs(std::string_view group, CommentStyle style) {
  const bool aqua = style == CommentStyle::kTfsec || style == CommentStyle::kTrivy;
  return group == name(style) || (aqua && (group == "trivy" || group == "tfsec"));
}

bool may_hold_suppressions(std::string_view path) {
  const source::FileKind kind = source::kind_of(source::name_of(path));
  return kind == source::FileKind::kTerraform || kind == source::FileKind::kTerraformVariables ||
         kind == source::FileKind::kHcl;
}

bool in_range(source::Region scope, source::Region place) {
  return scope.artifact == place.artifact && scope.begin <= place.begin && place.begin < scope.end;
}

}  // namespace

bool excludes(const source::IgnorePatterns& patterns, std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    if (patterns.match(path.substr(0, slash), true).verdict == source::IgnoreVerdict::kIgnored) {
      return true;
    }
  }
  return patterns.match(path, false).verdict == source::IgnoreVerdict::kIgnored;
}

/// A suppression and what happened to it.
struct Handler::Known {
  Suppression suppression;
  source::IgnorePatterns paths;                // of entries
  std::vector<bool> used;                      // by name
  std::set<std::string> refused;               // rules that cannot be suppressed
  std::optional<source::ArtifactId> artifact;  // of comments
  std::size_t number = 0;                      // in the file, or of the entries
};

Handler::Handler(const HandlingSettings& settings, const RuleSet& rules, const source::FileSystem& files,
                 source::ArtifactStore& artifacts, const source::Limits& limits)
    : settings_(settings), rules_(rules), files_(files), artifacts_(artifacts), limits_(limits) {
  for (const Rule& rule : rules.rules()) {
    data_.emplace(rule.data->id, rule.data);
  }
  const auto joined = [](const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
      text += line + "\n";
    }
    return source::IgnorePatterns(text);
  };
  own_entries_ = settings.suppressions;
  if (!own_entries_.empty() && !settings.path.empty()) {
    // A fix under proof may have taken entries out.
    if (const auto text = files.read(settings.path, limits.file_bytes)) {
      if (const auto now = parse_settings(settings.path, *text)) {
        own_entries_ = now->handling.suppressions;
      }
    }
  }
  for (const Suppression& entry : own_entries_) {
    auto known = std::make_unique<Known>();
    known->suppression = entry;
    known->paths = joined(entry.paths);
    known->used.resize(entry.rules.size());
    known->number = known_.size();
    known_.push_back(std::move(known));
  }
  entries_ = known_.size();
  for (const OverrideSetting& setting : settings.overrides) {
    override_paths_.push_back(joined(setting.paths));
  }
  if (entries_ > 0 || !override_paths_.empty()) {
    const auto canonical = [&](const std::string& path) {
      auto real = files.canonical(path);
      return real ? std::move(*real) : std::string();
    };
    here_ = canonical(".");
    top_ = canonical(source::directory_of(settings.path));
  }
}

Handler::~Handler() = default;

const RuleData* Handler::data_of(std::string_view id) {
  const auto found = data_.find(id);
  return found == data_.end() ? nullptr : found->second;
}

std::string Handler::path_in_project(std::string_view path) const {
  std::string absolute = source::join_path(here_, path);
  const std::string prefix = top_ == "/" ? top_ : top_ + "/";
  return absolute.starts_with(prefix) ? absolute.substr(prefix.size()) : absolute;
}

std::string Handler::path_in_project(source::ArtifactId artifact) {
  if (const auto known = paths_.find(artifact); known != paths_.end()) {
    return known->second;
  }
  return paths_.emplace(artifact, path_in_project(artifacts_.get(artifact).path())).first->second;
}

std::unique_ptr<Parameters> Handler::parameters_for(const std::string& directory, const Parameters& parameters) const {
  std::unique_ptr<Parameters> result;
  // The patterns are for files; those of a directory match whatever is in it.
  const std::string inside = source::join_path(directory, "main.tf");
  for (std::size_t i = 0; i < override_paths_.size(); ++i) {
    const OverrideSetting& setting = settings_.overrides[i];
    if (setting.parameters.empty() || !excludes(override_paths_[i], path_in_project(inside))) {
      continue;
    }
    if (result == nullptr) {
      result = std::make_unique<Parameters>(parameters);
    }
    for (const auto& [name, value] : setting.parameters) {
      (*result)[name] = value;
    }
  }
  return result;
}

std::vector<Handler::Known*> Handler::known_in(source::ArtifactId id) {
  if (const auto known = by_artifact_.find(id); known != by_artifact_.end()) {
    return known->second;
  }
  std::vector<Known*> found;
  const source::Artifact& artifact = artifacts_.get(id);
  if (artifact.role() == source::Role::kProject && may_hold_suppressions(artifact.path())) {
    for (Suppression& suppression : suppressions_of(artifact, limits_, known_tree_)) {
      if (settings_.policy.ignored_styles.contains(suppression.style)) {
        continue;
      }
      auto one = std::make_unique<Known>();
      one->used.resize(suppression.rules.size());
      one->artifact = id;
      one->number = found.size();
      one->suppression = std::move(suppression);
      known_.push_back(std::move(one));
      found.push_back(known_.back().get());
    }
  }
  return by_artifact_.emplace(id, std::move(found)).first->second;
}

bool Handler::names(const Suppression& suppression, std::string_view pattern, const RuleData& rule) const {
  const auto alias = [&](const NamedList& group) {
    if (suppression.style != CommentStyle::kGabion && !belongs(group.name, suppression.style)) {
      return false;
    }
    const auto& except = suppression.except;
    if (std::any_of(group.items.begin(), group.items.end(),
                    [&](std::string_view id) { return std::find(except.begin(), except.end(), id) != except.end(); })) {
      return false;
    }
    return std::any_of(group.items.begin(), group.items.end(), [&](std::string_view id) {
      if (suppression.style == CommentStyle::kGabion) {
        return id == pattern;
      }
      return glob_matches(pattern, id) || (id.starts_with("AVD-") && glob_matches(pattern, id.substr(4)));
    });
  };
  if (suppression.style == CommentStyle::kGabion && glob_matches(pattern, rule.id)) {
    return true;
  }
  return std::any_of(rule.aliases.begin(), rule.aliases.end(), alias);
}

std::vector<source::Region> Handler::places_of(const model::Configuration* configuration, std::string_view resource,
                                               source::Region region) const {
  std::vector<source::Region> places{region};
  if (configuration == nullptr) {
    return places;
  }
  const model::Module* module = nullptr;
  if (const model::Resource* found = configuration->find(resource); found != nullptr) {
    places.push_back(found->region());
    module = &configuration->module(found->module);
  } else {
    for (const model::Module& candidate : configuration->modules()) {
      const std::size_t length = candidate.address.size();
      if (length > 0 && length < resource.size() && resource[length] == '.' &&
          resource.starts_with(candidate.address) && (module == nullptr || module->address.size() < length)) {
        module = &candidate;
      }
    }
  }
  constexpr int kMaxDepth = 64;
  for (int depth = 0; module != nullptr && module->call.valid() && depth < kMaxDepth; ++depth) {
    places.push_back(module->call);
    module = &configuration->module(module->parent);
  }
  return places;
}

bool Handler::selects(const Suppression& suppression, const model::Configuration* configuration,
                      std::string_view resource) const {
  if (!suppression.workspace.empty()) {
    return false;
  }
  if (!suppression.instances.empty() &&
      std::none_of(suppression.instances.begin(), suppression.instances.end(),
                   [&](const std::string& pattern) { return is_instance(pattern, resource); })) {
    return false;
  }
  if (suppression.attributes.empty()) {
    return true;
  }
  const model::Resource* found = configuration == nullptr ? nullptr : configuration->find(resource);
  return found != nullptr &&
         std::all_of(suppression.attributes.begin(), suppression.attributes.end(), [&](const auto& wanted) {
           const model::Attribute* attribute = attribute_at(*found->body, wanted.first);
           return attribute != nullptr && plain_text(attribute->value) == wanted.second;
         });
}

std::vector<std::pair<Handler::Known*, std::size_t>> Handler::matches(const model::Configuration* configuration,
                                                                      std::string_view rule, std::string_view resource,
                                                                      source::Region region) {
  std::vector<std::pair<Known*, std::size_t>> result;
  const RuleData* data = data_of(rule);
  if (data == nullptr || !region.valid()) {
    return result;
  }
  const auto add = [&](Known& known) {
    if (!selects(known.suppression, configuration, resource)) {
      return;
    }
    for (std::size_t i = 0; i < known.suppression.rules.size(); ++i) {
      if (names(known.suppression, known.suppression.rules[i], *data)) {
        result.emplace_back(&known, i);
      }
    }
  };
  const std::vector<source::Region> places = places_of(configuration, resource, region);
  std::set<const Known*> seen;
  for (const source::Region& place : places) {
    for (Known* known : known_in(place.artifact)) {
      if (in_range(known->suppression.scope, place) && seen.insert(known).second) {
        add(*known);
      }
    }
  }
  for (std::size_t i = 0; i < entries_; ++i) {
    Known& known = *known_[i];
    if (known.suppression.paths.empty() || std::any_of(places.begin(), places.end(), [&](source::Region place) {
          return excludes(known.paths, path_in_project(place.artifact));
        })) {
      add(known);
    }
  }
  return result;
}

std::string Handler::problem_of(const Suppression& suppression) const {
  if (!suppression.problem.empty()) {
    return suppression.problem;
  }
  std::vector<std::string> missing;
  if (settings_.policy.require_reason && suppression.reason.empty()) {
    missing.emplace_back("a reason");
  }
  if (settings_.policy.require_owner && suppression.owner.empty()) {
    missing.emplace_back("an owner");
  }
  if (settings_.policy.require_until && suppression.until.empty()) {
    missing.emplace_back("an end (until)");
  }
  return missing.empty() ? std::string() : "the configuration requires " + listed(missing);
}

bool Handler::is_over(const Suppression& suppression) const {
  return !suppression.until.empty() && !settings_.today.empty() && suppression.until < settings_.today;
}

bool Handler::change(findings::Finding& finding) {
  const std::string_view id = finding.rule->id;
  const auto observe = [&](const std::vector<ObservationSetting>& settings) {
    for (const ObservationSetting& setting : settings) {
      if (glob_matches(setting.rules, id)) {
        const bool enforced =
            !setting.enforce_from.empty() && !settings_.today.empty() && setting.enforce_from <= settings_.today;
        finding.observation = enforced ? std::nullopt : std::optional(findings::Observation{setting.enforce_from});
      }
    }
  };
  observe(settings_.observe);
  for (std::size_t i = 0; i < override_paths_.size(); ++i) {
    const OverrideSetting& setting = settings_.overrides[i];
    if (!finding.region.valid() || !excludes(override_paths_[i], path_in_project(finding.region.artifact))) {
      continue;
    }
    if (std::any_of(setting.skip.begin(), setting.skip.end(),
                    [&](const std::string& pattern) { return glob_matches(pattern, id); })) {
      return false;
    }
    for (const auto& [pattern, severity] : setting.severities) {
      if (glob_matches(pattern, id)) {
        finding.severity = severity;
      }
    }
    observe(setting.observe);
  }
  return true;
}

void Handler::suppress(findings::Finding& finding, const model::Configuration* configuration) {
  const auto found = matches(configuration, finding.rule->id, finding.resource, finding.region);
  if (found.empty()) {
    return;
  }
  const bool refused = std::any_of(settings_.policy.never.begin(), settings_.policy.never.end(),
                                   [&](const std::string& pattern) { return glob_matches(pattern, finding.rule->id); });
  for (const auto& [known, index] : found) {
    const Suppression& suppression = known->suppression;
    known->used[index] = true;
    if (uses_ != nullptr) {
      uses_->push_back(use_of(*known, index));
    }
    if (is_over(suppression) || !problem_of(suppression).empty()) {
      continue;
    }
    if (refused) {
      known->refused.emplace(finding.rule->id);
      if (uses_ != nullptr) {
        uses_->back().refused = finding.rule->id;
      }
    } else if (!finding.suppression) {
      finding.suppression = findings::Suppression{.kind = suppression.configured ? "configuration" : "inline",
                                                  .reason = suppression.reason,
                                                  .region = suppression.written,
                                                  .owner = suppression.owner,
                                                  .until = suppression.until};
    }
  }
}

void Handler::apply(const model::Configuration* configuration, std::vector<findings::Finding>& findings,
                    std::size_t first) {
  if (!settings_.overrides.empty() || !settings_.observe.empty()) {
    findings.erase(std::remove_if(findings.begin() + static_cast<std::ptrdiff_t>(first), findings.end(),
                                  [&](findings::Finding& finding) { return !change(finding); }),
                   findings.end());
  }
  for (findings::Finding& finding : std::span(findings).subspan(first)) {
    suppress(finding, configuration);
  }
}

void Handler::note(const model::Configuration* configuration, std::span<const findings::Unresolved> unresolved) {
  for (const findings::Unresolved& entry : unresolved) {
    for (const auto& [known, index] : matches(configuration, entry.rule->id, entry.resource, entry.region)) {
      known->used[index] = true;
      if (uses_ != nullptr && !entry.about_parameter) {
        uses_->push_back(use_of(*known, index));
      }
    }
  }
}

SuppressionUse Handler::use_of(const Known& known, std::size_t name) const {
  return {.path = known.artifact ? std::string(artifacts_.get(*known.artifact).path()) : std::string(),
          .number = known.number,
          .name = name,
          .refused = {}};
}

std::vector<SuppressionUse> Handler::uses_of(const model::Configuration* configuration,
                                             const findings::Unresolved& note) {
  std::vector<SuppressionUse> result;
  for (const auto& [known, index] : matches(configuration, note.rule->id, note.resource, note.region)) {
    result.push_back(use_of(*known, index));
  }
  return result;
}

Handler::Known* Handler::find(const SuppressionUse& use) {
  Known* known = nullptr;
  if (use.path.empty()) {
    known = use.number < entries_ ? known_[use.number].get() : nullptr;
  } else if (const source::Artifact* artifact = artifacts_.find(use.path)) {
    const std::vector<Known*> all = known_in(artifact->id());
    known = use.number < all.size() ? all[use.number] : nullptr;
  }
  return known != nullptr && use.name < known->used.size() ? known : nullptr;
}

bool Handler::recall(std::span<const SuppressionUse> uses) {
  if (!std::all_of(uses.begin(), uses.end(), [&](const SuppressionUse& use) { return find(use) != nullptr; })) {
    return false;
  }
  for (const SuppressionUse& use : uses) {
    Known& known = *find(use);
    known.used[use.name] = true;
    if (!use.refused.empty()) {
      known.refused.insert(use.refused);
    }
  }
  return true;
}

/// Gives the entries of the configuration file their places in it.
void Handler::place_entries() {
  if (entries_ == 0 || settings_.path.empty()) {
    return;
  }
  auto text = files_.read(settings_.path, limits_.file_bytes);
  if (!text) {
    return;
  }
  const source::Artifact& artifact = artifacts_.add(settings_.path, std::move(*text), source::Role::kProject);
  const source::LineIndex& lines = artifact.lines();
  const auto indent = [&](std::uint32_t line) { return lines.text_of_line(line).find_first_not_of(" \t\r"); };
  for (std::size_t i = 0; i < entries_; ++i) {
    Suppression& entry = known_[i]->suppression;
    if (entry.line == 0 || entry.line > lines.line_count()) {
      continue;
    }
    const std::size_t dash = indent(entry.line);
    std::uint32_t last = entry.line;  // an entry ends where something stands no further in than its dash
    for (std::uint32_t line = entry.line + 1; line <= lines.line_count(); ++line) {
      const std::size_t column = indent(line);
      if (column == std::string_view::npos) {
        continue;
      }
      if (column <= dash) {
        break;
      }
      last = line;
    }
    const std::uint32_t begin = lines.begin_of_line(entry.line);
    const std::uint32_t end = lines.begin_of_line(last + 1);
    entry.written = {artifact.id(), begin + static_cast<std::uint32_t>(dash),
                     lines.begin_of_line(last) + static_cast<std::uint32_t>(lines.text_of_line(last).size())};
    entry.removal = {artifact.id(), begin, end};
  }
}

void Handler::report(const Known& known, std::string_view id, std::string message, bool removable,
                     std::vector<findings::Edit> edits, std::vector<findings::Finding>& findings,
                     std::vector<FixProposal>& proposals) {
  const Suppression& suppression = known.suppression;
  const Rule* rule = rules_.find(id);
  if (rule == nullptr || rule->data->id != id || !suppression.written.valid()) {
    return;
  }
  findings::Finding finding;
  finding.rule = &rule->description;
  finding.severity = rule->severity;
  finding.resource = suppression.subject;
  finding.message = std::move(message);
  finding.region = suppression.written;
  finding.fingerprint = findings::fingerprint(id, suppression.subject, finding.message);
  if (removable && (settings_.editable || !suppression.configured)) {
    if (edits.empty()) {
      edits.push_back({suppression.removal, ""});
    }
    FixProposal proposal;
    proposal.alternatives.push_back({findings::Fix{.title = "remove the suppression",
                                                   .safety = findings::Safety::kSafe,
                                                   .edits = std::move(edits),
                                                   .proposal = static_cast<std::uint32_t>(proposals.size())},
                                     "",
                                     {}});
    finding.fix = proposal.alternatives.front().fix;
    proposals.push_back(std::move(proposal));
  }
  if (change(finding)) {
    findings.push_back(std::move(finding));
  }
}

std::size_t LeftAlone::Hash::operator()(const std::vector<findings::Edit>& edits) const {
  std::size_t hash = edits.size();
  for (const findings::Edit& edit : edits) {
    hash = 31 * hash + source::hash_of(edit.text) + edit.region.begin;
  }
  return hash;
}

void LeftAlone::note(const findings::Finding& finding, const std::vector<FixProposal>& proposals) {
  if (!finding.suppression || !finding.fix) {
    return;
  }
  if (finding.fix->proposal >= proposals.size()) {
    edits_.insert(finding.fix->edits);
    return;
  }
  untouched_.insert(finding.fix->proposal);
  for (const FixAlternative& alternative : proposals[finding.fix->proposal].alternatives) {
    edits_.insert(alternative.fix.edits);
  }
}

bool LeftAlone::apply(findings::Finding& finding, std::vector<FixProposal>& proposals) const {
  if (edits_.empty() || finding.suppression || !finding.fix) {
    return false;
  }
  const auto is_kept = [&](const std::vector<findings::Edit>& edits) {
    return !edits.empty() && edits_.contains(edits);
  };
  const std::uint32_t number = finding.fix->proposal;
  if (number >= proposals.size()) {
    if (!is_kept(finding.fix->edits)) {
      return false;
    }
    finding.fix.reset();
    return true;
  }
  if (untouched_.contains(number)) {
    return false;
  }
  std::vector<FixAlternative>& alternatives = proposals[number].alternatives;
  std::erase_if(alternatives, [&](const FixAlternative& alternative) { return is_kept(alternative.fix.edits); });
  if (alternatives.empty()) {
    finding.fix.reset();
  } else {
    finding.fix = alternatives.front().fix;
    finding.fix->proposal = number;
  }
  return true;
}

void Handler::finish(bool complete, const std::set<std::string>* directories, std::vector<findings::Finding>& findings,
                     std::vector<FixProposal>& proposals) {
  for (std::size_t i = 0; i < artifacts_.size(); ++i) {
    static_cast<void>(known_in(artifacts_.added(i).id()));
  }
  place_entries();
  for (const std::unique_ptr<Known>& one : known_) {
    const Known& known = *one;
    const Suppression& suppression = known.suppression;
    const bool ours = suppression.style == CommentStyle::kGabion;
    if (directories != nullptr && !suppression.configured && suppression.written.valid() &&
        !directories->contains(source::directory_of(artifacts_.get(suppression.written.artifact).path()))) {
      continue;
    }
    const bool any_used = std::find(known.used.begin(), known.used.end(), true) != known.used.end();
    std::string problem = problem_of(suppression);
    if (ours && problem.empty() && !suppression.configured) {
      const auto unknown = std::find_if(suppression.rules.begin(), suppression.rules.end(),
                                        [&](const std::string& pattern) { return !rules_.knows(pattern); });
      problem = unknown == suppression.rules.end() ? "" : "there is no rule \"" + *unknown + "\"";
    }
    if (!problem.empty()) {
      if (ours || any_used) {
        report(known, "suppression-invalid", "this suppression does not count: " + problem, false, {}, findings,
               proposals);
      }
      continue;
    }
    if (is_over(suppression)) {
      // Other scanners' comments about rules that we do not have are none of our business.
      if (ours || any_used) {
        report(known, "suppression-expired",
               "this suppression of " + listed(suppression.rules) + " ended on " + suppression.until, true, {},
               findings, proposals);
      }
      continue;
    }
    if (!known.refused.empty()) {
      report(
          known, "suppression-refused",
          "the configuration does not let " + listed({known.refused.begin(), known.refused.end()}) + " be suppressed",
          ours && known.refused.size() == suppression.rules.size(), {}, findings, proposals);
    }
    // Entries of the configuration file may be about what was not judged.
    const bool all_judged = directories == nullptr || !suppression.configured;
    if (!ours || !complete || settings_.partial || !all_judged) {
      continue;
    }
    std::vector<std::string> unused;
    std::string rest;
    for (std::size_t i = 0; i < suppression.rules.size(); ++i) {
      const bool ran = std::any_of(data_.begin(), data_.end(), [&](const auto& rule) {
        return names(suppression, suppression.rules[i], *rule.second);
      });
      if (ran && !known.used[i]) {
        unused.push_back(suppression.rules[i]);
      } else {
        rest += (rest.empty() ? "" : ",") + suppression.rules[i];
      }
    }
    if (unused.empty()) {
      continue;
    }
    std::vector<findings::Edit> edits;
    if (!rest.empty() && !suppression.rule_regions.empty()) {
      edits.push_back({source::cover(suppression.rule_regions.front(), suppression.rule_regions.back()), rest});
    }
    const bool removable = rest.empty() || !edits.empty();
    report(known, "suppression-unused", "this suppression of " + listed(unused) + " suppresses nothing", removable,
           std::move(edits), findings, proposals);
  }
}

}  // namespace gabion::engine
