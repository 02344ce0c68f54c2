#include "report/formats.h"

#include <algorithm>
#include <array>

#include "report/bitbucket.h"
#include "report/csv.h"
#include "report/github.h"
#include "report/github_review.h"
#include "report/gitlab.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/sarif.h"

namespace gabion::report {
namespace {

using Writer = void (*)(const Report&, std::ostream&);

struct Entry {
  Format format;
  Writer write;
};

constexpr std::array<Entry, 12> kEntries = {{
    {{"text", "for people, with the source"}, nullptr},
    {{"json", "for scripts", true, true}, [](const Report& report, std::ostream& out) { write_json(report, out); }},
    {{"sarif", "SARIF 2.1.0, for code scanning", true, true},
     [](const Report& report, std::ostream& out) { write_sarif(report, out); }},
    {{"junit", "JUnit XML, for Jenkins, GitLab and Azure Pipelines"}, write_junit},
    {{"github", "annotations of GitHub Actions"}, write_github},
    {{"github-review", "review of a pull request, with suggestions", true, true}, write_github_review},
    {{"gitlab", "SAST report of GitLab", true, true}, write_gitlab},
    {{"codeclimate", "Code Quality report of GitLab", true}, write_codeclimate},
    {{"bitbucket", "Code Insights of Bitbucket", true}, write_bitbucket},
    {{"html", "a page for auditors"}, write_html},
    {{"csv", "one line a finding, for spreadsheets"}, write_csv},
    {{"markdown", "for pull requests"},
     [](const Report& report, std::ostream& out) { write_markdown(report, {}, out); }},
}};

template <class Value, class Function>
constexpr auto column(Function function) {
  std::array<Value, kEntries.size()> values{};
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    values[i] = function(kEntries[i]);
  }
  return values;
}

constexpr auto kFormats = column<Format>([](const Entry& entry) { return entry.format; });
constexpr auto kNames = column<std::string_view>([](const Entry& entry) { return entry.format.name; });

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

std::span<const std::string_view> format_names() {
  return kNames;
}

const Format* find_format(std::string_view name) {
  const auto* const found =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : found;
}

bool is_format(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_for_people(std::string_view name) {
  return !is_format(name) || name == "text" || name == "markdown" || name == "html" || name == "github";
}

void write_report(std::string_view format, const Report& report, const TextOptions& text, std::ostream& out) {
  const auto* const entry = std::find_if(kEntries.begin(), kEntries.end(),
                                         [&](const Entry& candidate) { return candidate.format.name == format; });
  if (entry == kEntries.end() || entry->write == nullptr) {
    write_text(report, text, out);
  } else {
    entry->write(report, out);
  }
}

}  // namespace gabion::report
