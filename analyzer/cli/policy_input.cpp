#include "cli/policy_input.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "cli/exit_status.h"
#include "cli/failure.h"
#include "source/budget.h"

namespace gabion::cli {

namespace {

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

/// Reads {key: {"type", "always", "multivalued", "only"}}; false when it is something else.
bool read_keys(const std::string& text, iam::Assumptions& out) {
  const Json keys = parse_json(text);
  if (!keys.is_object()) {
    return false;
  }
  const auto types = iam::key_type_names();
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
      const auto found = std::ranges::find_if(types, [&](const auto& known) {
        return known.first == *type || (type->size() == 1 && iam::equal_folded(*type, known.first.substr(0, 1)));
      });
      if (found == types.end()) {
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

}  // namespace

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json parse_json(std::string_view text) {
  return too_deep(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

std::optional<std::string> text_member(const Json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::string scalar_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump(value);
}

LoadedPolicy::LoadedPolicy(const PolicyText& policy) : path_(policy.path) {
  const source::Artifact& artifact = artifacts_.add(policy.path, policy.text);
  reading_ = iam::read_policy_json(artifact.bytes(), artifact.whole());
}

std::string LoadedPolicy::place(const source::Region& region) const {
  if (!region.valid()) {
    return path_;
  }
  const source::Position at = artifacts_.begin_of(region);
  return path_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

void LoadedPolicy::print_diagnostics(std::ostream& err) const {
  for (const findings::Diagnostic& diagnostic : reading_.diagnostics) {
    err << "gabion: " << (diagnostic.severity == findings::DiagnosticSeverity::kError ? "error" : "warning") << ": "
        << place(diagnostic.region) << ": " << diagnostic.message
        << (diagnostic.hint.empty() ? "" : " (" + diagnostic.hint + ")") << "\n";
  }
}

source::Expected<PolicyTerms> read_terms(const PolicyOptions& options) {
  const auto wrong = [](std::string message) {
    return source::Error{.message = std::move(message), .path = {}, .hint = {}};
  };
  const auto kind = iam::policy_kind_from_name(options.kind);
  if (!kind) {
    return wrong("--kind: identity, resource or trust is needed");
  }
  PolicyTerms out{.kind = *kind, .assumptions = {}};
  iam::Assumptions& assumptions = out.assumptions;
  assumptions.aws = !options.no_aws_facts;
  assumptions.without = options.without;
  if (!options.facts.empty()) {
    iam::ParsedFormula facts = iam::read_formula(options.facts);
    if (!facts.formula) {
      return wrong("--facts: " + facts.error);
    }
    assumptions.facts.push_back(iam::Fact{.name = options.facts, .formula = std::move(*facts.formula)});
  }
  if (!options.keys.empty() && !read_keys(options.keys, assumptions)) {
    return wrong("--keys: an object of {\"type\", \"always\", \"multivalued\", \"only\"} by key is needed");
  }
  return out;
}

int policy_usage(const PolicyOptions& options, std::ostream& out, std::ostream& err, const std::string& message) {
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

Json open_points_json(iam::OpenPoints points) {
  Json open = Json::array();
  for (std::size_t i = 0; i < iam::kOpenPointCount; ++i) {
    const auto point = static_cast<iam::OpenPoint>(i);
    if (points.has(point)) {
      open.push_back(iam::name(point));
    }
  }
  return open;
}

}  // namespace gabion::cli
