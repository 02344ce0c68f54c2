#include "report/text_entry.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "report/diff.h"
#include "report/excerpt.h"
#include "report/unicode.h"
#include "report/uri.h"
#include "report/wrap.h"

namespace gabion::report {
namespace {

constexpr std::size_t kShownInstances = 5;
constexpr std::size_t kShownSteps = 5;
constexpr std::size_t kShownWays = 3;
constexpr std::size_t kShownFixLines = 12;

std::string place(const source::Region& region, const source::ArtifactStore& artifacts) {
  const source::Position begin = artifacts.begin_of(region);
  return printable(path_of(region, artifacts)) + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
}

/// Writes the pieces of one entry with one layout.
class EntryWriter {
 public:
  EntryWriter(const EntryContext& context, std::uint32_t gutter, std::ostream& out)
      : context_(context), layout_{context.options.width, gutter}, out_(out) {}

  /// "high[rule-id]: message"
  void title(Role role, std::string_view word, std::string_view id, std::string_view message) {
    std::string head(word);
    if (!id.empty()) {
      head += "[" + printable(id) + "]";
    }
    const std::string text = ": " + printable(message);
    out_ << style().paint(role, head) << style().paint(Role::kStrong, fitted(text, width_of(head), kTitleIndent))
         << '\n';
  }

  /// "--> file:line:column" and the source.
  void source(const source::Region& region, char mark, Role role) {
    arrow(linked_place(region));
    write_empty_line(layout_, style(), out_);
    excerpt(region, mark, role);
  }

  void arrow(const std::string& target) {
    out_ << std::string(layout_.gutter, ' ') << style().paint(Role::kFrame, "--> ") << target << '\n';
  }

  void excerpt(const source::Region& region, char mark, Role role) {
    write_excerpt(region, context_.artifacts, mark, role, layout_, style(), out_);
  }

  void empty_line() { write_empty_line(layout_, style(), out_); }

  /// " = label: text"; the text is printable.
  void note(Role role, std::string_view label, std::string_view text) {
    out_ << std::string(layout_.gutter, ' ') << style().paint(Role::kFrame, " = ")
         << style().paint(role, std::string(label) + ":");
    if (!text.empty()) {
      const std::uint32_t indent = layout_.gutter + kNoteIndent;
      out_ << ' ' << fitted(text, indent + width_of(label) + 2, indent);
    }
    out_ << '\n';
  }

  /// Prose of more than a line, broken to the width whoever reads it.
  void paragraph(std::string_view label, std::string_view text) {
    const std::uint32_t indent = layout_.gutter + kNoteIndent;
    out_ << std::string(layout_.gutter, ' ') << style().paint(Role::kFrame, " = ")
         << style().paint(Role::kHelp, std::string(label) + ":") << ' '
         << wrap(text, context_.options.width, indent + width_of(label) + 2, indent) << '\n';
  }

  /// "file:line:column", as a link to the file where links are wanted.
  [[nodiscard]] std::string linked_place(const source::Region& region) const {
    const std::string text = place(region, context_.artifacts);
    const std::string_view path = path_of(region, context_.artifacts);
    if (context_.options.link_base.empty() || path.empty()) {
      return text;
    }
    const std::string whole =
        path.starts_with('/') ? std::string(path) : context_.options.link_base + "/" + std::string(path);
    return style().link(uri_of_path(whole), text);
  }

  /// A line of a diff: "12 - text".
  void change(std::uint32_t number, char sign, std::string_view line) {
    const Role role = sign == '-' ? Role::kRemoved : Role::kAdded;
    while (line.ends_with('\n') || line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    std::string text = std::to_string(number);
    text.insert(0, layout_.gutter > text.size() ? layout_.gutter - text.size() : 0, ' ');
    const std::string shown = source::shown(line, context_.artifacts.guard());
    out_ << style().paint(Role::kFrame, text) << ' ' << style().paint(role, sign + (" " + cut_line(shown, columns())))
         << '\n';
  }

  void folded(std::string_view text) {
    out_ << std::string(layout_.gutter, ' ') << style().paint(Role::kFrame, " | ") << style().paint(Role::kFaint, text)
         << '\n';
  }

  [[nodiscard]] const Style& style() const { return context_.style; }

 private:
  static constexpr std::uint32_t kTitleIndent = 4;
  static constexpr std::uint32_t kNoteIndent = 5;  // what stands before a note, and two more

  [[nodiscard]] std::string fitted(std::string_view text, std::uint32_t used, std::uint32_t indent) const {
    return context_.options.wrap ? wrap(text, context_.options.width, used, indent) : std::string(text);
  }

  [[nodiscard]] std::uint32_t columns() const {
    const std::uint32_t frame = layout_.gutter + 3;
    return layout_.width > frame ? layout_.width - frame : 1;
  }

  const EntryContext& context_;
  ExcerptLayout layout_;
  std::ostream& out_;
};

/// Which steps of a trace are shown: all, or the first ones and the last, where the value was written.
bool is_shown(std::size_t step, std::size_t steps) {
  return steps <= kShownSteps || step + 2 < kShownSteps || step + 1 == steps;
}

void write_trace(const std::vector<findings::TraceStep>& trace, EntryWriter& writer,
                 const source::ArtifactStore& artifacts) {
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (!is_shown(i, trace.size())) {
      if (is_shown(i - 1, trace.size())) {
        const std::size_t hidden = trace.size() - kShownSteps + 1;
        writer.note(Role::kNote, "from", "... " + std::to_string(hidden) + " more steps");
      }
      continue;
    }
    const findings::TraceStep& step = trace[i];
    const std::string message = printable(step.message);
    if (!step.region.valid()) {
      writer.note(Role::kNote, "from", message);
      continue;
    }
    writer.note(Role::kNote, "from", message + " (" + place(step.region, artifacts) + ")");
    writer.excerpt(step.region, '-', Role::kNote);
  }
}

/// Where the values of further instances were written, when that is somewhere else.
/// The first of some places, and how many more there are.
std::string listed(std::span<const std::string> places) {
  std::string list;
  for (std::size_t i = 0; i < std::min(places.size(), kShownWays); ++i) {
    list += (i == 0 ? "" : ", ") + places[i];
  }
  if (places.size() > kShownWays) {
    list += " and " + std::to_string(places.size() - kShownWays) + " more";
  }
  return list;
}

void write_other_ways(const FindingGroup& group, EntryWriter& writer, const source::ArtifactStore& artifacts) {
  const auto origin = [&](const findings::Finding& finding) {
    return finding.trace.empty() || !finding.trace.back().region.valid()
               ? std::string()
               : place(finding.trace.back().region, artifacts);
  };
  std::set<std::string> known = {origin(*group.front()), std::string()};
  std::vector<std::string> others;
  for (const findings::Finding* finding : group) {
    std::string other = origin(*finding);
    if (known.insert(other).second) {
      others.push_back(std::move(other));
    }
  }
  if (!others.empty()) {
    writer.note(Role::kNote, "also from", listed(others));
  }
}

template <class Group>
void write_instances(const Group& group, EntryWriter& writer) {
  const std::vector<std::string> names = instances_of(group);
  if (names.empty()) {
    return;
  }
  if (names.size() == 1) {
    writer.note(Role::kNote, "resource", names.front());
    return;
  }
  writer.note(Role::kNote, std::to_string(names.size()) + " instances", list_of(names, kShownInstances));
}

/// Environments of all instances of a group, in the order met.
template <class Group>
void write_environments(const Group& group, EntryWriter& writer) {
  std::vector<std::string> names;
  for (const auto* item : group) {
    for (const std::string& environment : item->environments) {
      if (std::find(names.begin(), names.end(), environment) == names.end()) {
        names.push_back(environment);
      }
    }
  }
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + printable(name);
  }
  if (!list.empty()) {
    writer.note(Role::kNote, names.size() == 1 ? "environment" : "environments", list);
  }
}

std::string_view fix_label(findings::Safety safety) {
  switch (safety) {
    case findings::Safety::kSafe:
      return "possible fix";
    case findings::Safety::kUnsafe:
      return "possible fix, unsafe";
    case findings::Safety::kManual:
      break;
  }
  return "fix by hand";
}

void write_fix(const findings::Fix& fix, const source::Region& finding, EntryWriter& writer,
               const source::ArtifactStore& artifacts) {
  writer.note(Role::kHelp, fix_label(fix.safety), printable(fix.title));
  const auto files = edited_files(fix.edits, artifacts, Extent::kEditedLines);
  if (!files) {
    return;
  }
  std::size_t shown = 0;
  std::size_t hidden = 0;
  for (const EditedFile& file : *files) {
    if (file.artifact != finding.artifact) {
      writer.arrow(printable(artifacts.get(file.artifact).path()));
    }
    for (const Hunk& hunk : diff_lines(file.before, file.after, 0)) {
      std::uint32_t old_line = file.first_line - 1 + hunk.old_line;
      std::uint32_t new_line = file.first_line - 1 + hunk.new_line;
      for (const DiffLine& line : hunk.lines) {
        const bool removed = line.kind == DiffLine::Kind::kRemoved;
        std::uint32_t& number = removed ? old_line : new_line;
        if (shown < kShownFixLines) {
          writer.change(number, removed ? '-' : '+', line.text);
          ++shown;
        } else {
          ++hidden;
        }
        ++number;
      }
    }
  }
  if (hidden > 0) {
    writer.folded("... " + std::to_string(hidden) + " more lines");
  }
}

void write_explanation(const findings::RuleDescription& rule, EntryWriter& writer) {
  if (!rule.why.empty()) {
    writer.paragraph("why", printable(rule.why));
  }
  for (const std::string_view reference : rule.references) {
    const std::string text = printable(reference);
    const bool is_address = reference.starts_with("https://") && text == reference;
    writer.note(Role::kHelp, "see", is_address ? writer.style().link(text, text) : text);
  }
  for (const auto& [framework, controls] : rule.controls) {
    std::string list;
    for (const std::string_view control : controls) {
      list.append(list.empty() ? "" : ", ").append(control);
    }
    writer.note(Role::kHelp, printable(framework), printable(list));
  }
}

std::uint32_t gutter_for(const findings::Finding& finding, const source::ArtifactStore& artifacts) {
  std::uint32_t gutter = gutter_of(finding.region, artifacts);
  for (std::size_t i = 0; i < finding.trace.size(); ++i) {
    if (is_shown(i, finding.trace.size())) {
      gutter = std::max(gutter, gutter_of(finding.trace[i].region, artifacts));
    }
  }
  if (finding.fix) {
    for (const findings::Edit& edit : finding.fix->edits) {
      gutter = std::max(gutter, gutter_of(edit.region, artifacts));
    }
  }
  return gutter;
}

}  // namespace

std::string describe(const findings::Witness& witness) {
  std::string text = witness.action.empty() ? "any action" : printable(witness.action);
  if (!witness.principal.empty()) {
    text += " by " + printable(witness.principal);
  }
  if (witness.resource) {
    text += " on " + printable(*witness.resource);
  }
  for (const auto& [key, values] : witness.context) {
    text += ", " + printable(key);
    if (!values) {
      text += " absent";
      continue;
    }
    text += values->size() == 1 ? " = " : " = [";
    for (std::size_t i = 0; i < values->size(); ++i) {
      text += (i == 0 ? "\"" : ", \"") + printable((*values)[i]) + "\"";
    }
    text += values->size() == 1 ? "" : "]";
  }
  return text;
}

void write_finding(const FindingGroup& group, EntryContext& context, std::ostream& out) {
  const findings::Finding& finding = *group.front();
  const bool suppressed = finding.suppression.has_value();
  const Role role = suppressed ? Role::kFaint : role_of(finding.severity);
  EntryWriter writer(context, gutter_for(finding, context.artifacts), out);
  const std::string word = (suppressed ? "suppressed " : "") + std::string(findings::name(finding.severity));
  writer.title(role, word, id_of(finding.rule), finding.message);
  if (finding.region.valid()) {
    writer.source(finding.region, '^', role);
    writer.empty_line();
  }
  if (suppressed) {
    std::string why = printable(finding.suppression->kind);
    if (!finding.suppression->reason.empty()) {
      why += ", " + printable(finding.suppression->reason);
    }
    if (finding.suppression->region.valid()) {
      why += " (" + place(finding.suppression->region, context.artifacts) + ")";
    }
    writer.note(Role::kNote, "suppressed", why);
    write_instances(group, writer);
    return;
  }
  if (finding.observation) {
    writer.note(Role::kNote, "observed", observation_of(finding));
  }
  write_trace(finding.trace, writer, context.artifacts);
  write_other_ways(group, writer, context.artifacts);
  write_instances(group, writer);
  write_environments(group, writer);
  if (finding.witness) {
    writer.note(Role::kNote, "request that slips through", describe(*finding.witness));
  }
  if (finding.fix) {
    write_fix(*finding.fix, finding.region, writer, context.artifacts);
  }
  if (context.options.explain && finding.rule != nullptr) {
    if (context.explained.insert(finding.rule->id).second) {
      write_explanation(*finding.rule, writer);
    }
    return;
  }
  writer.note(Role::kHelp, "help", "gabion explain " + printable(id_of(finding.rule)));
}

void write_unresolved(const UnresolvedGroup& group, const EntryContext& context, std::ostream& out) {
  const findings::Unresolved& unresolved = *group.front();
  EntryWriter writer(context, gutter_of(unresolved.region, context.artifacts), out);
  writer.title(Role::kNote, "unresolved", id_of(unresolved.rule), unresolved.message);
  if (unresolved.region.valid()) {
    writer.source(unresolved.region, '^', Role::kNote);
    if (!unresolved.resource.empty()) {
      writer.empty_line();
    }
  }
  write_instances(group, writer);
  write_environments(group, writer);
}

void write_diagnostic(const DiagnosticGroup& group, const EntryContext& context, std::ostream& out) {
  const findings::Diagnostic& diagnostic = *group.front();
  EntryWriter writer(context, gutter_of(diagnostic.region, context.artifacts), out);
  Role role = Role::kNote;
  if (diagnostic.severity != findings::DiagnosticSeverity::kNote) {
    role = diagnostic.severity == findings::DiagnosticSeverity::kError ? Role::kError : Role::kWarning;
  }
  writer.title(role, name(diagnostic.severity), diagnostic.code, diagnostic.message);
  if (diagnostic.region.valid()) {
    writer.source(diagnostic.region, '^', role);
    if (!diagnostic.hint.empty() || !diagnostic.environments.empty() || group.size() > 1) {
      writer.empty_line();
    }
  } else if (!diagnostic.path.empty()) {
    writer.arrow(printable(diagnostic.path));
  }
  if (!diagnostic.environments.empty()) {
    writer.note(Role::kNote, "in", environments_of(diagnostic));
  }
  if (group.size() > 1) {
    std::vector<std::string> others;
    for (const findings::Diagnostic* const other : std::span(group).subspan(1)) {
      others.push_back(place(other->region, context.artifacts));
    }
    writer.note(Role::kNote, "also at", listed(others));
  }
  if (!diagnostic.hint.empty()) {
    writer.note(Role::kHelp, "hint", printable(diagnostic.hint));
  }
}

}  // namespace gabion::report
