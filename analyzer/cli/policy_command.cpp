#include "cli/policy_command.h"

#include <iterator>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "cli/policy_input.h"
#include "iam/compare.h"
#include "iam/review.h"
#include "source/budget.h"

namespace gabion::cli {

namespace {

Json proof_json(const iam::Proof& proof, iam::PolicyKind kind) {
  return {{"answer", answer_text(proof.answer)},
          {"witness", witness_json(proof, kind)},
          {"because", proof.because},
          {"assumed", proof.assumed},
          {"hangs_on", open_points_json(proof.open_points)}};
}

void print_text(const iam::Proof& proof, iam::PolicyKind kind, std::ostream& out) {
  out << answer_text(proof.answer) << ": " << proof.because << "\n";
  if (proof.witness) {
    out << "  request: " << dump(witness_json(proof, kind)) << "\n";
  }
  for (const std::string& fact : proof.assumed) {
    out << "  assuming: " << fact << "\n";
  }
}

void print(const iam::Proof& proof, const PolicyOptions& options, iam::PolicyKind kind, std::ostream& out) {
  if (options.format == "json") {
    out << dump(proof_json(proof, kind)) << "\n";
  } else {
    print_text(proof, kind, out);
  }
}

void print_both(const iam::Equivalence& found, const PolicyOptions& options, iam::PolicyKind kind, std::ostream& out) {
  if (options.format == "json") {
    Json line = proof_json(found.gained, kind);
    line["lost"] = proof_json(found.lost, kind);
    line["newly_denied"] = proof_json(found.newly_denied, kind);
    line["no_longer_denied"] = proof_json(found.no_longer_denied, kind);
    line["equivalent"] = answer_text(found.equivalent);
    out << dump(line) << "\n";
    return;
  }
  print_text(found.gained, kind, out);
  if (found.equivalent == eval::Truth::kYes) {
    out << "both allow and deny the same\n";
    return;
  }
  for (const auto& [title, proof] : {std::pair("what was allowed is still allowed", &found.lost),
                                     std::pair("what is denied was denied before", &found.newly_denied),
                                     std::pair("what was denied is still denied", &found.no_longer_denied)}) {
    out << title << "? ";
    print_text(*proof, kind, out);
  }
}

std::optional<PolicyText> read_text(const std::string& path, const Options& options, Environment& environment) {
  if (path == "-") {
    return PolicyText{"standard input", {std::istreambuf_iterator<char>(environment.in), {}}};
  }
  auto text = environment.files.read(path, source::Limits{}.file_bytes);
  if (!text) {
    print_error(text.error(), environment.err);
    write_failure_document(options, {&text.error(), 1}, environment.out);
    return std::nullopt;
  }
  return PolicyText{path, std::move(*text)};
}

}  // namespace

int run_policy_prove(const PolicyText& policy, const PolicyOptions& options, std::ostream& out, std::ostream& err) {
  if (options.denies.empty() == options.never_allows.empty()) {
    return policy_usage(options, out, err, "one of --denies and --never-allows is needed");
  }
  const auto terms = read_terms(options);
  if (!terms) {
    return policy_usage(options, out, err, terms.error().message);
  }
  const bool denies = !options.denies.empty();
  const iam::ParsedFormula formula = iam::read_formula(denies ? options.denies : options.never_allows);
  if (!formula.formula) {
    return policy_usage(options, out, err, std::string(denies ? "--denies: " : "--never-allows: ") + formula.error);
  }
  const LoadedPolicy loaded(policy);
  loaded.print_diagnostics(err);
  const iam::PolicyDocument* document = loaded.document();
  iam::Proof proof;
  if (document == nullptr) {
    proof.because = "the policy cannot be read";
  } else {
    proof = denies ? iam::prove_denies(*document, terms->kind, *formula.formula, terms->assumptions)
                   : iam::prove_never_allows(*document, terms->kind, *formula.formula, terms->assumptions);
  }
  print(proof, options, terms->kind, out);
  return status_of(proof.answer);
}

int run_policy_compare(const PolicyText& old, const PolicyText& changed, const PolicyOptions& options,
                       std::ostream& out, std::ostream& err) {
  const auto terms = read_terms(options);
  if (!terms) {
    return policy_usage(options, out, err, terms.error().message);
  }
  const LoadedPolicy before(old);
  const LoadedPolicy after(changed);
  before.print_diagnostics(err);
  after.print_diagnostics(err);
  iam::Equivalence found;
  if (before.document() == nullptr || after.document() == nullptr) {
    found.gained.because = "a policy cannot be read";
  } else {
    found = iam::compare_both(*before.document(), *after.document(), terms->kind, terms->assumptions);
  }
  print_both(found, options, terms->kind, out);
  return status_of(options.equivalent ? found.equivalent : found.gained.answer);
}

int run_policy(const Options& options, Environment& environment) {
  const PolicyOptions& policy = options.policy;
  std::vector<PolicyText> texts;
  const bool takes_list = options.command == Command::kPolicyValidate || options.command == Command::kPolicyAnalyze;
  const std::vector<std::string> paths = takes_list ? policy.files
                                         : options.command == Command::kPolicyCompare
                                             ? std::vector{policy.file, policy.new_file}
                                             : std::vector{policy.file};
  for (const std::string& path : paths) {
    auto text = read_text(path, options, environment);
    if (!text) {
      return kUsage;
    }
    texts.push_back(std::move(*text));
  }
  switch (options.command) {
    case Command::kPolicyEval: {
      std::istringstream lines(texts.front().text);
      return run_policy_eval(lines, environment.out);
    }
    case Command::kPolicyProve:
      return run_policy_prove(texts.front(), policy, environment.out, environment.err);
    case Command::kPolicyCompare:
      return run_policy_compare(texts.front(), texts.back(), policy, environment.out, environment.err);
    case Command::kPolicyValidate:
      return run_policy_validate(texts, policy, environment.out, environment.err);
    default:
      return run_policy_analyze(texts, policy, environment.out, environment.err);
  }
}

}  // namespace gabion::cli
