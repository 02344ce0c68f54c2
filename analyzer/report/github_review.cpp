#include "report/github_review.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "report/diff.h"
#include "report/groups.h"
#include "report/json_writer.h"
#include "report/markdown.h"
#include "report/markup.h"
#include "report/text_entry.h"
#include "report/unicode.h"

namespace gabion::report {
namespace {

constexpr std::size_t kShownInstances = 10;
/// A suggestion that is longer is hard to read, and so is its reason.
constexpr std::uint32_t kMaxSuggestedLines = 40;
/// What a comment has room for beside each other: a suggestion that is cut off would be accepted as it is.
constexpr std::size_t kMaxSuggestedBytes = std::size_t{24} * 1024;
constexpr std::size_t kMaxReasonBytes = std::size_t{24} * 1024;
constexpr std::size_t kMaxTitleBytes = std::size_t{8} * 1024;
static_assert(kMaxSuggestedBytes + kMaxReasonBytes + kMaxTitleBytes < kGithubCommentBytes);
/// Kept for the places that have no comment, and for what is left out of them.
constexpr std::size_t kMaxListBytes = 40000;

/// Lines of a file in the new version, both included.
struct Lines {
  std::string path;
  std::uint32_t first = 1;
  std::uint32_t last = 1;
};

/// What takes the place of some lines.
struct Suggestion {
  Lines lines;
  std::string block;  ///< Markdown
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

/// Whether a line can be shown as it is.
bool is_plain(std::string line, const Report& report) {
  if (source::shown(line, report.artifacts.guard()) != line) {
    return false;
  }
  std::replace(line.begin(), line.end(), '\t', ' ');
  return printable(line) == line;
}

/// The fix as a suggestion. Nothing where it would have to say something else than the fix does: other files, secrets,
/// characters that are shown escaped, line ends that GitHub would choose anew.
std::optional<Suggestion> suggestion_of(const findings::Finding& finding, const Report& report) {
  if (!finding.fix || finding.fix->safety != findings::Safety::kSafe || finding.fix->edits.empty()) {
    return std::nullopt;
  }
  const auto files = edited_files(finding.fix->edits, report.artifacts, Extent::kEditedLines);
  if (!files || files->size() != 1) {
    return std::nullopt;
  }
  const EditedFile& file = files->front();
  std::vector<std::string> before = lines_of(file.before);
  std::vector<std::string> after = lines_of(file.after);
  std::uint32_t first = file.first_line;
  // Common lines around the change would only be noise; one has to stay, since a suggestion replaces something.
  while (before.size() > 1 && !after.empty() && before.front() == after.front()) {
    before.erase(before.begin());
    after.erase(after.begin());
    ++first;
  }
  while (before.size() > 1 && !after.empty() && before.back() == after.back()) {
    before.pop_back();
    after.pop_back();
  }
  const bool plain =
      std::all_of(after.begin(), after.end(), [&](const std::string& line) { return is_plain(line, report); });
  if (!plain || before.empty() || before == after || before.size() > kMaxSuggestedLines ||
      after.size() > kMaxSuggestedLines) {
    return std::nullopt;
  }
  std::string block = code_block("suggestion", after);
  if (block.size() > kMaxSuggestedBytes) {
    return std::nullopt;
  }
  return Suggestion{{std::string(report.artifacts.get(file.artifact).path()), first,
                     first + static_cast<std::uint32_t>(before.size()) - 1},
                    std::move(block)};
}

std::string place_of(const findings::Finding& finding, const Report& report) {
  return markdown_code(service_path(path_of(finding.region, report.artifacts), report) + ":" +
                       std::to_string(report.artifacts.begin_of(finding.region).line));
}

std::string text_of(const FindingGroup& group, const std::optional<Suggestion>& suggestion, const Report& report) {
  const findings::Finding& finding = *group.front();
  std::string text = "**" + std::string(findings::name(finding.severity)) + "**: " + markdown(finding.message) + " (" +
                     markdown_code(id_of(finding.rule)) + ")\n";
  const std::vector<std::string> instances = instances_of(group);
  if (!instances.empty()) {
    text += "\n" + (instances.size() == 1 ? std::string("resource") : plural(instances.size(), "instance")) + ": " +
            markdown_code(list_of(instances, kShownInstances)) + "\n";
  }
  if (finding.observation) {
    text += "\nobserved: " + markdown(observation_of(finding)) + "\n";
  }
  if (finding.witness) {
    text += "\nrequest that slips through: " + markdown_code(describe(*finding.witness)) + "\n";
  }
  if (finding.rule != nullptr && !finding.rule->why.empty()) {
    text += "\n" + markdown(finding.rule->why) + "\n";
  }
  if (suggestion) {
    text = cut(text, kMaxReasonBytes) + "\nproved fix: " + cut(markdown(finding.fix->title), kMaxTitleBytes) + "\n\n" +
           suggestion->block;
  } else if (finding.fix) {
    text += "\npossible fix (" + std::string(findings::name(finding.fix->safety)) +
            "): " + markdown(finding.fix->title) + "\n" + diff_block(*finding.fix, report);
  }
  return cut(text, kGithubCommentBytes);
}

/// Whether a comment may stand at all of these lines.
bool is_shown(const Lines& lines, const Report& report) {
  if (report.shown_lines == nullptr) {
    return true;
  }
  const auto file = report.shown_lines->find(lines.path);
  return file != report.shown_lines->end() &&
         std::any_of(file->second.begin(), file->second.end(),
                     [&](const auto& range) { return range.first <= lines.first && lines.last <= range.second; });
}

struct Comment {
  Lines lines;
  std::string text;
};

/// The comment for a place, or nothing when there is no line for it to stand at.
std::optional<Comment> comment_of(const FindingGroup& group, const Report& report) {
  const findings::Finding& finding = *group.front();
  if (!finding.region.valid()) {
    return std::nullopt;
  }
  const std::optional<Suggestion> suggestion = suggestion_of(finding, report);
  if (suggestion && is_shown(suggestion->lines, report)) {
    return Comment{suggestion->lines, text_of(group, suggestion, report)};
  }
  Lines lines{std::string(path_of(finding.region, report.artifacts)), report.artifacts.begin_of(finding.region).line,
              report.artifacts.end_of(finding.region).line};
  if (!is_shown(lines, report)) {
    lines.last = lines.first;
  }
  if (!is_shown(lines, report)) {
    return std::nullopt;
  }
  return Comment{std::move(lines), text_of(group, std::nullopt, report)};
}

}  // namespace

void write_github_review(const Report& report, std::ostream& out) {
  std::vector<Comment> comments;
  std::string list;
  std::size_t left = 0;
  for (const FindingGroup& group : worst_first(report.findings)) {
    if (auto comment = comment_of(group, report)) {
      comments.push_back(std::move(*comment));
      continue;
    }
    const findings::Finding& finding = *group.front();
    std::string line = "- **" + std::string(findings::name(finding.severity)) + "** " +
                       (finding.region.valid() ? place_of(finding, report) + " " : std::string()) +
                       markdown(finding.message) + " (" + markdown_code(id_of(finding.rule)) + ")\n";
    if (list.size() + line.size() > kMaxListBytes) {
      ++left;
    } else {
      list += line;
    }
  }
  std::string body = markdown_heading(report, comments.size());
  if (!list.empty()) {
    body += "Outside of the lines of this pull request:\n\n" + list + "\n";
  }
  if (left > 0) {
    body += "... and " + plural(left, "more place") + "\n\n";
  }
  body += markdown_problems(report, kGithubCommentBytes - body.size());

  JsonWriter json(out);
  json.begin_object();
  json.member("event", "COMMENT");
  json.member("body", cut(body, kGithubCommentBytes));
  json.begin_array("comments");
  for (const Comment& comment : comments) {
    json.begin_object();
    json.member("path", service_path(comment.lines.path, report));
    if (comment.lines.first < comment.lines.last) {
      json.member_number("start_line", comment.lines.first);
      json.member("start_side", "RIGHT");
    }
    json.member_number("line", comment.lines.last);
    json.member("side", "RIGHT");
    json.member("body", comment.text);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace gabion::report
