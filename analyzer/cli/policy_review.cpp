// gabion policy validate and analyze: what is wrong with documents, and which of their statements say nothing.
#include <algorithm>
#include <span>

#include "cli/exit_status.h"
#include "cli/policy_command.h"
#include "cli/policy_input.h"
#include "iam/review.h"
#include "iam/validate.h"

namespace gabion::cli {

namespace {

using findings::DiagnosticSeverity;

Json place_json(const LoadedPolicy& policy, const PolicyText& text, const source::Region& region) {
  Json out{{"file", text.path}, {"line", nullptr}, {"column", nullptr}};
  if (region.valid()) {
    const source::Position at = policy.artifacts().begin_of(region);
    out["line"] = at.line;
    out["column"] = at.column;
  }
  return out;
}

Json fix_json(const LoadedPolicy& policy, const iam::PolicyProblem& problem) {
  if (!problem.fix) {
    return nullptr;
  }
  const auto edit = problem.fix->region.valid()
                        ? iam::edit_of(*problem.fix, policy.artifacts().text(problem.fix->region))
                        : std::nullopt;
  if (!edit) {
    return nullptr;
  }
  return {{"start", edit->region.begin}, {"end", edit->region.end}, {"text", edit->text}};
}

/// What is inserted, without the layout around it.
std::string one_line(std::string text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find_last_not_of(" \t\r\n,");
  return begin == std::string::npos || end < begin ? std::string() : text.substr(begin, end - begin + 1);
}

}  // namespace

int run_policy_validate(std::span<const PolicyText> policies, const PolicyOptions& options, std::ostream& out,
                        std::ostream& err) {
  const auto use = iam::policy_use_from_name(options.kind);
  if (!use) {
    return policy_usage(options, out, err, "--kind: one of " + iam::policy_use_names() + " is needed");
  }
  Json problems = Json::array();
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const PolicyText& text : policies) {
    const LoadedPolicy policy(text);
    for (const iam::PolicyProblem& problem : iam::validate(policy.reading(), *use)) {
      const bool error = problem.what.severity == DiagnosticSeverity::kError;
      (error ? errors : warnings) += 1;
      if (options.format == "json") {
        Json one = place_json(policy, text, problem.what.region);
        one["severity"] = error ? "error" : "warning";
        one["code"] = problem.what.code;
        one["message"] = problem.what.message;
        one["hint"] = problem.what.hint;
        one["statement"] = problem.statement ? Json(*problem.statement + 1) : Json(nullptr);
        one["fix"] = fix_json(policy, problem);
        problems.push_back(std::move(one));
      } else {
        out << policy.place(problem.what.region) << ": " << (error ? "error" : "warning") << ": "
            << problem.what.message << " [" << problem.what.code << "]\n";
        if (!problem.what.hint.empty()) {
          out << "  " << problem.what.hint << "\n";
        }
        if (const Json fix = fix_json(policy, problem); !fix.is_null()) {
          const auto old = policy.artifacts().text(
              {problem.fix->region.artifact, fix["start"].get<std::uint32_t>(), fix["end"].get<std::uint32_t>()});
          out << "  fix: " << (old.empty() ? "add " : "write ") << one_line(fix["text"].get<std::string>())
              << (old.empty() ? "" : " instead of " + std::string(old)) << "\n";
        }
      }
    }
  }
  if (options.format == "json") {
    out << dump({{"problems", std::move(problems)}, {"errors", errors}, {"warnings", warnings}}) << "\n";
  }
  return errors + warnings == 0 ? kClean : kFindings;
}

int run_policy_analyze(std::span<const PolicyText> policies, const PolicyOptions& options, std::ostream& out,
                       std::ostream& err) {
  const auto terms = read_terms(options);
  if (!terms) {
    return policy_usage(options, out, err, terms.error().message);
  }
  Json remarks = Json::array();
  Json unfinished = Json::array();
  std::size_t count = 0;
  bool unread = false;
  for (const PolicyText& text : policies) {
    const LoadedPolicy policy(text);
    policy.print_diagnostics(err);
    if (policy.document() == nullptr) {
      unread = true;
      continue;
    }
    const iam::Review review = iam::review(*policy.document(), terms->kind, terms->assumptions);
    for (const std::size_t index : review.unfinished) {
      const source::Region& region = policy.document()->statements[index].region;
      err << "gabion: warning: " << policy.place(region) << ": statement " << index + 1
          << " was not compared with all others, that needs too much work\n";
      Json one = place_json(policy, text, region);
      one["statement"] = index + 1;
      unfinished.push_back(std::move(one));
    }
    for (const iam::Remark& remark : review.remarks) {
      ++count;
      if (options.format == "json") {
        Json one = place_json(policy, text, remark.region);
        one["kind"] = iam::name(remark.kind);
        one["statement"] = remark.statement + 1;
        one["by"] = Json::array();
        for (const std::size_t by : remark.by) {
          one["by"].push_back(by + 1);
        }
        one["because"] = remark.because;
        one["assumed"] = remark.assumed;
        remarks.push_back(std::move(one));
        continue;
      }
      out << policy.place(remark.region) << ": " << iam::name(remark.kind) << ": statement " << remark.statement + 1
          << ": " << remark.because << "\n";
      for (const std::string& fact : remark.assumed) {
        out << "  assuming: " << fact << "\n";
      }
    }
  }
  if (options.format == "json") {
    out << dump({{"remarks", std::move(remarks)}, {"unfinished", unfinished}}) << "\n";
  }
  return count != 0 ? kFindings : unread || !unfinished.empty() ? kIncomplete : kClean;
}

}  // namespace gabion::cli
