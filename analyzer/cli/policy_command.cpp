#include "cli/policy_command.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "iam/compare.h"
#include "iam/decide.h"
#include "iam/prove.h"
#include "source/budget.h"

namespace gabion::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Whether brackets nest deeper than what comes after walks; brackets in strings do not count.
bool too_deep(std::string_view text) {
  const std::uint32_t limit = source::Limits{}.nesting;
  std::uint32_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limit) {
        return true;
      }
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

Json parse_json(std::string_view text) {
  return too_deep(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

std::optional<std::string> text_member(const Json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

/// Text of a scalar as IAM takes it.
std::string scalar_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump(value);
}

std::optional<iam::Request> read_request(const Json& from, std::string& error) {
  if (!from.is_object()) {
    error = "the request is no object";
    return std::nullopt;
  }
  iam::Request out;
  out.principal = text_member(from, "principal").value_or("anonymous");
  out.resource = text_member(from, "resource").value_or("*");
  const auto action = text_member(from, "action");
  if (!action) {
    error = "the request has no action";
    return std::nullopt;
  }
  out.action = *action;
  const auto context = from.find("context");
  if (context == from.end() || context->is_null()) {
    return out;
  }
  if (!context->is_object()) {
    error = "the context of the request is no object";
    return std::nullopt;
  }
  for (const auto& [key, value] : context->items()) {
    if (value.is_null()) {
      continue;
    }
    if (value.is_array()) {
      std::vector<std::string> values;
      std::ranges::transform(value, std::back_inserter(values), scalar_text);
      out.context.insert_or_assign(key, iam::ContextValue(std::move(values)));
    } else {
      out.context.insert_or_assign(key, iam::ContextValue(scalar_text(value)));
    }
  }
  return out;
}

/// Documents with principals are resource policies; a kind that is given wins.
iam::PolicyKind kind_of(const Json& line, const iam::PolicyDocument& document) {
  if (const auto given = text_member(line, "kind")) {
    if (const auto kind = iam::policy_kind_from_name(*given)) {
      return *kind;
    }
  }
  const bool principals = std::ranges::any_of(document.statements, [](const iam::Statement& statement) {
    return statement.principals.present || statement.not_principals.present;
  });
  return principals ? iam::PolicyKind::kResource : iam::PolicyKind::kIdentity;
}

Json decide_line(const std::string& line) {
  const Json input = parse_json(line);
  if (!input.is_object() || !input.contains("policy") || !input.contains("request")) {
    return {{"error", "a line is an object with \"policy\" and \"request\""}};
  }
  const Json& policy = input.at("policy");
  const iam::PolicyReading reading =
      iam::read_policy_json(policy.is_string() ? policy.get<std::string>() : dump(policy));
  if (reading.documents.empty()) {
    const std::string why = reading.diagnostics.empty() ? "" : ": " + reading.diagnostics.front().message;
    return {{"error", "the policy cannot be read" + why}};
  }
  std::string error;
  const auto request = read_request(input.at("request"), error);
  if (!request) {
    return {{"error", error}};
  }
  const iam::PolicyDocument& document = reading.documents.front();
  const iam::Judgement judgement = iam::judge(document, kind_of(input, document), *request);
  Json out{{"decision", iam::name(judgement.decision)}};
  for (std::size_t i = 0; i < iam::kOpenPointCount; ++i) {
    const auto point = static_cast<iam::OpenPoint>(i);
    if (judgement.open_points.has(point)) {
      out["hangs_on"].push_back(iam::name(point));
    }
  }
  return out;
}

// ---- Questions. ----

std::string_view answer_text(eval::Truth truth) {
  switch (truth) {
    case eval::Truth::kYes:
      return "yes";
    case eval::Truth::kNo:
      return "no";
    default:
      return "unknown";
  }
}

Json witness_json(const iam::Proof& proof, iam::PolicyKind kind) {
  if (!proof.witness) {
    return nullptr;
  }
  const iam::Request& request = *proof.witness;
  Json context = Json::object();
  for (const auto& [key, value] : request.context) {
    if (value.list) {
      context[key] = value.values;
    } else {
      context[key] = value.values.front();
    }
  }
  for (const std::string& key : proof.absent) {
    context[key] = nullptr;
  }
  Json out{{"principal", request.principal}, {"action", request.action}};
  out["resource"] = kind == iam::PolicyKind::kTrust ? Json(nullptr) : Json(request.resource);
  out["context"] = std::move(context);
  return out;
}

void print(const iam::Proof& proof, const PolicyOptions& options, iam::PolicyKind kind, std::ostream& out) {
  Json open = Json::array();
  for (std::size_t i = 0; i < iam::kOpenPointCount; ++i) {
    const auto point = static_cast<iam::OpenPoint>(i);
    if (proof.open_points.has(point)) {
      open.push_back(iam::name(point));
    }
  }
  const Json witness = witness_json(proof, kind);
  if (options.format == "json") {
    const Json line{{"answer", answer_text(proof.answer)},
                    {"witness", witness},
                    {"because", proof.because},
                    {"assumed", proof.assumed},
                    {"hangs_on", open}};
    out << dump(line) << "\n";
    return;
  }
  out << answer_text(proof.answer) << ": " << proof.because << "\n";
  if (proof.witness) {
    out << "  request: " << dump(witness) << "\n";
  }
  for (const std::string& fact : proof.assumed) {
    out << "  assuming: " << fact << "\n";
  }
}

int status_of(eval::Truth answer) {
  switch (answer) {
    case eval::Truth::kYes:
      return kClean;
    case eval::Truth::kNo:
      return kFindings;
    default:
      return kIncomplete;
  }
}

/// Wrong usage; a program still gets its line of JSON.
int usage(const PolicyOptions& options, std::ostream& out, std::ostream& err, const std::string& message) {
  err << "gabion: error: " << message << "\n";
  if (options.format == "json") {
    Options about;
    about.command = Command::kPolicyProve;
    about.policy = options;
    const source::Error error{.message = message, .path = {}, .hint = {}};
    write_failure_document(about, {&error, 1}, out);
  }
  return kUsage;
}

std::optional<iam::PolicyDocument> read_document(const PolicyText& policy, std::ostream& err) {
  iam::PolicyReading reading = iam::read_policy_json(policy.text);
  for (const findings::Diagnostic& diagnostic : reading.diagnostics) {
    err << "gabion: " << (diagnostic.severity == findings::DiagnosticSeverity::kError ? "error" : "warning") << ": "
        << policy.path << ": " << diagnostic.message << "\n";
  }
  if (reading.documents.empty()) {
    return std::nullopt;
  }
  return std::move(reading.documents.front());
}

/// Reads {key: {"type", "always", "multivalued", "only"}}; false when it is something else.
bool read_keys(const std::string& text, iam::Assumptions& out) {
  const Json keys = parse_json(text);
  if (!keys.is_object()) {
    return false;
  }
  constexpr std::array<std::pair<std::string_view, iam::KeyType>, 7> kTypes{{
      {"string", iam::KeyType::kString},
      {"bool", iam::KeyType::kBool},
      {"numeric", iam::KeyType::kNumeric},
      {"date", iam::KeyType::kDate},
      {"ip", iam::KeyType::kIp},
      {"arn", iam::KeyType::kArn},
      {"binary", iam::KeyType::kBinary},
  }};
  for (const auto& entry : keys.items()) {
    const Json& about = entry.value();
    if (!about.is_object()) {
      return false;
    }
    iam::KeyFact fact;
    fact.key = entry.key();
    const auto is_true = [&](const char* option) {
      const auto found = about.find(option);
      return found != about.end() && found->is_boolean() && found->get<bool>();
    };
    fact.always = is_true("always");
    fact.multivalued = is_true("multivalued");
    if (const auto type = text_member(about, "type")) {
      // The first letter is enough, as recorded questions have it.
      const auto found = std::ranges::find_if(kTypes, [&](const auto& known) {
        return known.first == *type || (type->size() == 1 && iam::equal_folded(*type, known.first.substr(0, 1)));
      });
      if (found == kTypes.end()) {
        return false;
      }
      fact.type = found->second;
    }
    if (const auto only = about.find("only"); only != about.end()) {
      if (!only->is_array()) {
        return false;
      }
      std::ranges::transform(*only, std::back_inserter(fact.only), scalar_text);
    }
    out.keys.push_back(std::move(fact));
  }
  return true;
}

/// Assumptions of --facts and --keys; a message when they cannot be read.
std::optional<std::string> read_assumptions(const PolicyOptions& options, iam::Assumptions& out) {
  if (!options.facts.empty()) {
    iam::ParsedFormula facts = iam::read_formula(options.facts);
    if (!facts.formula) {
      return "--facts: " + facts.error;
    }
    out.facts.push_back(iam::Fact{.name = options.facts, .formula = std::move(*facts.formula)});
  }
  if (!options.keys.empty() && !read_keys(options.keys, out)) {
    return "--keys: an object of {\"type\", \"always\", \"multivalued\", \"only\"} by key is needed";
  }
  return std::nullopt;
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

int run_policy_eval(std::istream& in, std::ostream& out) {
  int status = kClean;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const Json result = decide_line(line);
    status = result.contains("error") ? kUsage : status;
    out << dump(result) << "\n";
  }
  return status;
}

int run_policy_prove(const PolicyText& policy, const PolicyOptions& options, std::ostream& out, std::ostream& err) {
  if (options.denies.empty() == options.never_allows.empty()) {
    return usage(options, out, err, "one of --denies and --never-allows is needed");
  }
  const auto kind = iam::policy_kind_from_name(options.kind);
  if (!kind) {
    return usage(options, out, err, "--kind: identity, resource or trust is needed");
  }
  const bool denies = !options.denies.empty();
  const iam::ParsedFormula formula = iam::read_formula(denies ? options.denies : options.never_allows);
  if (!formula.formula) {
    return usage(options, out, err, std::string(denies ? "--denies: " : "--never-allows: ") + formula.error);
  }
  iam::Assumptions assumptions;
  if (const auto error = read_assumptions(options, assumptions)) {
    return usage(options, out, err, *error);
  }
  const auto document = read_document(policy, err);
  iam::Proof proof;
  if (!document) {
    proof.because = "the policy cannot be read";
  } else {
    proof = denies ? iam::prove_denies(*document, *kind, *formula.formula, assumptions)
                   : iam::prove_never_allows(*document, *kind, *formula.formula, assumptions);
  }
  print(proof, options, *kind, out);
  return status_of(proof.answer);
}

int run_policy_compare(const PolicyText& old, const PolicyText& changed, const PolicyOptions& options,
                       std::ostream& out, std::ostream& err) {
  const auto kind = iam::policy_kind_from_name(options.kind);
  if (!kind) {
    return usage(options, out, err, "--kind: identity, resource or trust is needed");
  }
  const auto before = read_document(old, err);
  const auto after = read_document(changed, err);
  iam::Proof proof;
  if (!before || !after) {
    proof.because = "a policy cannot be read";
  } else {
    proof = iam::compare(*before, *after, *kind);
  }
  print(proof, options, *kind, out);
  return status_of(proof.answer);
}

int run_policy(const Options& options, Environment& environment) {
  if (options.command == Command::kPolicyEval) {
    return run_policy_eval(environment.in, environment.out);
  }
  const auto file = read_text(options.policy.file, options, environment);
  if (!file) {
    return kUsage;
  }
  if (options.command == Command::kPolicyProve) {
    return run_policy_prove(*file, options.policy, environment.out, environment.err);
  }
  const auto changed = read_text(options.policy.new_file, options, environment);
  return changed ? run_policy_compare(*file, *changed, options.policy, environment.out, environment.err) : int{kUsage};
}

}  // namespace gabion::cli
