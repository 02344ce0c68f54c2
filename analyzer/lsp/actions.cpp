#include "lsp/actions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/fix_edits.h"
#include "engine/fix_offers.h"
#include "lsp/diagnostics.h"
#include "lsp/module_view.h"
#include "report/unicode.h"
#include "source/text.h"

namespace gabion::lsp {
namespace {

namespace hcl = syntax::hcl;

/// A comment that would suppress a finding, and where it goes.
struct Comment {
  const FindingGroup* group = nullptr;
  findings::Edit edit;
};

class Actions {
 public:
  Actions(Project& project, const engine::AnalysisRequest& request, ClientView& view, const ActionSupport& support)
      : project_(project), request_(request), view_(view), support_(support) {}

  /// The actions for some groups, each with the index of its group.
  std::vector<std::pair<std::size_t, Json>> run(const std::vector<FindingGroup>& wanted) {
    add_fixes(wanted);
    if (!request_.obsolete || !request_.obsolete()) {
      add_comments(wanted);
    }
    return std::move(actions_);
  }

 private:
  void add_fixes(const std::vector<FindingGroup>& wanted) {
    engine::OfferProver prover(request_, project_.memory().artifacts());
    auto analysed = prover.analyze();
    if (!analysed || analysed->abandoned) {
      project_.invalidate();
      return;
    }
    std::vector<findings::Finding> shown;
    std::vector<std::size_t> group_of;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto same = [&](const findings::Finding& finding) {
        return !finding.suppression && finding.rule == wanted[i].first->rule &&
               finding.resource == wanted[i].first->resource && finding.message == wanted[i].first->message &&
               finding.region == wanted[i].first->region;
      };
      const auto found = std::find_if(analysed->findings.begin(), analysed->findings.end(), same);
      if (found != analysed->findings.end() && found->fix) {
        shown.push_back(*found);
        group_of.push_back(i);
      }
    }
    static_cast<void>(prover.prove(shown));
    for (std::size_t i = 0; i < shown.size(); ++i) {
      add_fix(shown[i], group_of[i]);
    }
  }

  void add_fix(const findings::Finding& finding, std::size_t group) {
    const findings::Fix& fix = *finding.fix;
    const std::string id(finding.rule->id);
    const std::string title = report::printable(fix.title);
    if (fix.edits.empty() || fix.safety == findings::Safety::kManual) {
      if (support_.disabled) {
        actions_.emplace_back(group, Json{{"title", "By hand: " + title + " (" + id + ")"},
                                          {"kind", "quickfix"},
                                          {"disabled", {{"reason", "no edit of this is proved: " + title}}}});
      }
      return;
    }
    const std::optional<Json> edit = workspace_edit(fix.edits);
    if (!edit) {
      return;
    }
    const bool safe = fix.safety == findings::Safety::kSafe;
    Json action{{"title", title + " (" + id + ")" +
                              (safe ? "" : " - unsafe: may replace a resource, narrow access or cost money")},
                {"kind", "quickfix"},
                {"edit", *edit}};
    if (safe) {
      action["isPreferred"] = true;
    }
    actions_.emplace_back(group, std::move(action));
  }

  void add_comments(const std::vector<FindingGroup>& wanted) {
    std::vector<std::pair<std::size_t, findings::Edit>> comments;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (auto edit = comment(*wanted[i].first)) {
        comments.emplace_back(i, std::move(*edit));
      }
    }
    if (comments.empty()) {
      return;
    }
    // All at once: comments do not change what the others are about.
    std::map<source::ArtifactId, std::vector<findings::Edit>> by_file;
    for (const auto& [group, edit] : comments) {
      by_file[edit.region.artifact].push_back(edit);
    }
    source::OverlayFileSystem overlay(request_.files);
    for (auto& [id, edits] : by_file) {
      std::stable_sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.region < b.region; });
      const source::Artifact& artifact = project_.artifacts().get(id);
      overlay.write(artifact.path(), engine::apply_edits(artifact.bytes(), edits));
    }
    const engine::AnalysisRequest commented{overlay,
                                            request_.paths,
                                            request_.rules,
                                            request_.parameters,
                                            request_.terraform,
                                            request_.discovery,
                                            {},
                                            request_.handling,
                                            {},
                                            request_.focus,
                                            nullptr,
                                            request_.obsolete,
                                            false};
    source::ArtifactStore artifacts;
    const auto after = engine::analyze(commented, artifacts);
    if (!after || after->abandoned) {
      return;
    }
    for (const auto& [group, edit] : comments) {
      const findings::Finding& finding = *wanted[group].first;
      const bool suppressed =
          std::any_of(after->findings.begin(), after->findings.end(), [&](const findings::Finding& one) {
            return one.rule == finding.rule && one.resource == finding.resource && one.message == finding.message &&
                   one.suppression && one.suppression->kind == "inline";
          });
      if (suppressed) {
        actions_.emplace_back(group, Json{{"title", "Suppress " + std::string(finding.rule->id) + " with a comment"},
                                          {"kind", "quickfix"},
                                          {"edit", *workspace_edit({edit})}});
      }
    }
  }

  /// A line above the attribute or block that the finding is in; nothing where there are no comments.
  [[nodiscard]] std::optional<findings::Edit> comment(const findings::Finding& finding) const {
    const source::Artifact& artifact = project_.artifacts().get(finding.region.artifact);
    const hcl::Body* tree =
        takes_comments(artifact.path()) ? tree_of(artifact, project_.memory(), request_.terraform.limits) : nullptr;
    if (tree == nullptr) {
      return std::nullopt;
    }
    const SyntaxAt at = syntax_at(*tree, finding.region.begin);
    std::vector<std::uint32_t> begins;
    for (const hcl::Block* block : at.blocks) {
      begins.push_back(block->region.begin);
    }
    if (at.attribute != nullptr) {
      begins.push_back(at.attribute->region.begin);
    }
    const std::string_view text = artifact.bytes();
    // The innermost that begins its line.
    for (auto begin = begins.rbegin(); begin != begins.rend(); ++begin) {
      const std::size_t newline = text.substr(0, *begin).rfind('\n');
      const std::size_t line = newline == std::string_view::npos ? source::utf8_mark_size(text) : newline + 1;
      const std::string_view indent = text.substr(line, *begin - line);
      if (indent.find_first_not_of(" \t") == std::string_view::npos) {
        const bool crlf = source::inspect_text(text).line_ends == source::LineEnds::kCrLf;
        const auto place = static_cast<std::uint32_t>(line);
        return findings::Edit{{artifact.id(), place, place},
                              std::string(indent) + "# gabion:ignore " + std::string(finding.rule->id) +
                                  " TODO: say why" + (crlf ? "\r\n" : "\n")};
      }
    }
    return std::nullopt;
  }

  /// Nothing when the client cannot carry it out.
  [[nodiscard]] std::optional<Json> workspace_edit(const std::vector<findings::Edit>& edits) {
    std::map<std::string_view, Json> by_path;
    for (const findings::Edit& edit : edits) {
      Json& list = by_path[view_.artifacts().get(edit.region.artifact).path()];
      list.push_back({{"range", to_json(view_.range(edit.region))}, {"newText", edit.text}});
    }
    Json changes = Json::object();
    Json document_changes = Json::array();
    for (auto& [path, list] : by_path) {
      const std::string uri = view_.uri(path);
      const Document* open = view_.document(path);
      if (open == nullptr && !request_.files.status(std::string(path))) {
        if (!support_.create_files) {
          return std::nullopt;
        }
        document_changes.push_back({{"kind", "create"}, {"uri", uri}, {"options", {{"ignoreIfExists", true}}}});
      }
      const Json version = open == nullptr ? Json() : Json(open->version());
      document_changes.push_back({{"textDocument", {{"uri", uri}, {"version", version}}}, {"edits", list}});
      changes[uri] = std::move(list);
    }
    return support_.document_changes ? Json{{"documentChanges", std::move(document_changes)}}
                                     : Json{{"changes", std::move(changes)}};
  }

  Project& project_;
  const engine::AnalysisRequest& request_;
  ClientView& view_;
  const ActionSupport& support_;
  std::vector<std::pair<std::size_t, Json>> actions_;
};

}  // namespace

Json code_actions(Project& project, const Document& document, const Range& range, const Documents& documents,
                  Encoding encoding, const ActionSupport& support, const Obsolete& obsolete) {
  const auto request = project.request(obsolete);
  const std::string path = project.inside(document.path());
  const source::Artifact* artifact = request ? project.artifacts().find(path) : nullptr;
  if (artifact == nullptr || project.result() == nullptr) {
    return Json::array();
  }
  ClientView view(project, project.artifacts(), documents, encoding);
  const std::size_t begin = view.offset(*artifact, range.start);
  const std::size_t end = view.offset(*artifact, range.end);
  // The findings are copied: proving analyses again.
  std::vector<findings::Finding> kept;
  for (const FindingGroup& group : groups(project.result()->findings)) {
    const source::Region& place = group.first->region;
    if (place.artifact == artifact->id() && place.begin <= end && begin <= place.end) {
      kept.push_back(*group.first);
    }
  }
  if (kept.empty()) {
    return Json::array();
  }
  const std::vector<FindingGroup> wanted = groups(kept);
  std::map<std::string, Json>& answers = project.answers();
  std::vector<FindingGroup> open;
  const auto key = [&](const FindingGroup& group) {
    return path + "\n" + std::string(group.first->rule->id) + "\n" + std::to_string(group.first->region.begin) + "\n" +
           group.first->message;
  };
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(open),
               [&](const FindingGroup& group) { return !answers.contains(key(group)); });
  if (!open.empty()) {
    auto actions = Actions(project, *request, view, support).run(open);
    if (obsolete && obsolete()) {
      return Json::array();
    }
    for (const FindingGroup& group : open) {
      answers.emplace(key(group), Json::array());
    }
    for (auto& [group, action] : actions) {
      action["diagnostics"] = Json::array({diagnostic(open[group], view, {})});
      answers[key(open[group])].push_back(std::move(action));
    }
  }
  Json result = Json::array();
  std::set<std::string> known;
  for (const FindingGroup& group : wanted) {
    for (const Json& action : answers[key(group)]) {
      // Instances and neighbours may have the same fix.
      if (known.insert(member(action, "title").dump() + member(action, "edit").dump()).second) {
        result.push_back(action);
      }
    }
  }
  return result;
}

}  // namespace gabion::lsp
