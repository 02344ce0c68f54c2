// gabion policy eval: requests decided one a line, by one document or by all that apply together.
#include <algorithm>
#include <cstdint>
#include <istream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "cli/exit_status.h"
#include "cli/policy_command.h"
#include "cli/policy_input.h"
#include "iam/decide.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/json/parser.h"

namespace gabion::cli {

namespace {

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

/// Documents with principals are resource policies; a kind that is given wins. Nothing when it is none.
std::optional<iam::PolicyKind> kind_of(const Json& line, const iam::PolicyDocument& document) {
  if (const auto given = line.find("kind"); given != line.end() && !given->is_null()) {
    return given->is_string() ? iam::policy_kind_from_name(given->get<std::string>()) : std::nullopt;
  }
  const bool principals = std::ranges::any_of(document.statements, [](const iam::Statement& statement) {
    return statement.principals.present || statement.not_principals.present;
  });
  return principals ? iam::PolicyKind::kResource : iam::PolicyKind::kIdentity;
}

/// A policy given as an object or as its text.
std::string policy_text(const Json& policy) {
  return policy.is_string() ? policy.get<std::string>() : dump(policy);
}

/// Documents of a combination, kept where the set can point at them.
class Combination {
 public:
  /// Reads {"identity": [...], "resource": ..., "boundary": ..., "session": ..., "scp": [[...]], "rcp": [[...]]}.
  [[nodiscard]] bool read(const Json& from, std::string& error) {
    if (!from.is_object()) {
      error = "\"policies\" is no object";
      return false;
    }
    for (const auto& [name, value] : from.items()) {
      bool read = true;
      if (value.is_null()) {
        continue;
      }
      if (name == "identity") {
        read = list(value, set_.identity, error);
      } else if (name == "boundary" || name == "boundaries") {
        read = list(value, set_.boundaries, error);
      } else if (name == "resource") {
        set_.resource = one(value, error);
        read = set_.resource != nullptr;
      } else if (name == "session") {
        set_.session = one(value, error);
        read = set_.session != nullptr;
      } else if (name == "scp" || name == "scps") {
        read = levels(value, set_.scps, error);
      } else if (name == "rcp" || name == "rcps") {
        read = levels(value, set_.rcps, error);
      } else {
        error = "\"" + name + "\" is no kind of policy; there are identity, resource, boundary, session, scp and rcp";
        return false;
      }
      if (!read) {
        error = "\"" + name + "\": " + error;
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] iam::PolicySet& set() { return set_; }

 private:
  const iam::PolicyDocument* one(const Json& from, std::string& error) {
    iam::PolicyReading reading = iam::read_policy_json(policy_text(from));
    if (reading.documents.empty()) {
      error = reading.diagnostics.empty() ? "it is no policy" : reading.diagnostics.front().message;
      return nullptr;
    }
    owned_.push_back(std::make_unique<iam::PolicyDocument>(std::move(reading.documents.front())));
    return owned_.back().get();
  }

  bool list(const Json& from, std::vector<const iam::PolicyDocument*>& out, std::string& error) {
    if (!from.is_array()) {
      out.push_back(one(from, error));
      return out.back() != nullptr;
    }
    for (const Json& each : from) {
      out.push_back(one(each, error));
      if (out.back() == nullptr) {
        return false;
      }
    }
    return true;
  }

  /// A list of lists, one for each level of the organization; a plain list is one level.
  bool levels(const Json& from, std::vector<std::vector<const iam::PolicyDocument*>>& out, std::string& error) {
    const bool nested = from.is_array() && std::ranges::all_of(from, [](const Json& each) { return each.is_array(); });
    if (!nested) {
      return list(from, out.emplace_back(), error);
    }
    return std::ranges::all_of(from, [&](const Json& level) { return list(level, out.emplace_back(), error); });
  }

  iam::PolicySet set_;
  std::vector<std::unique_ptr<iam::PolicyDocument>> owned_;
};

Json decide_combination(const Json& input) {
  std::string error;
  Combination combination;
  if (!combination.read(input.at("policies"), error)) {
    return {{"error", error}};
  }
  const Json& asked = input.at("request");
  const auto request = read_request(asked, error);
  if (!request) {
    return {{"error", error}};
  }
  for (const char* name : {"resource_account", "resourceAccount"}) {
    if (const auto account = text_member(asked, name)) {
      combination.set().resource_account = *account;
    }
  }
  const iam::Judgement judgement = iam::judge(combination.set(), *request);
  Json out{{"decision", iam::name(judgement.decision)}};
  if (Json open = open_points_json(judgement.open_points); !open.empty()) {
    out["hangs_on"] = std::move(open);
  }
  return out;
}

/// What is wrong with a line that is no JSON, and in which column.
Json mistake_in(const std::string& line) {
  source::ArtifactStore artifacts;
  source::Arena arena;
  const source::Artifact& artifact = artifacts.add("standard input", line);
  const auto parsed = syntax::json::parse(artifact.bytes(), artifact.whole(), arena, source::Limits{});
  if (parsed.diagnostics.empty()) {
    return {{"error", "the line is no JSON, or too deep"}};
  }
  const findings::Diagnostic& first = parsed.diagnostics.front();
  Json out{{"error", first.hint.empty() ? first.message : first.message + "; " + first.hint}};
  if (first.region.valid()) {
    out["column"] = artifacts.begin_of(first.region).column;
  }
  return out;
}

Json decide_line(const std::string& line) {
  const Json input = parse_json(line);
  if (input.is_discarded()) {
    return mistake_in(line);
  }
  if (!input.is_object() || !input.contains("request") || input.contains("policy") == input.contains("policies")) {
    return {{"error", "a line is an object with \"request\" and either \"policy\" or \"policies\""}};
  }
  if (input.contains("policies")) {
    return decide_combination(input);
  }
  const iam::PolicyReading reading = iam::read_policy_json(policy_text(input.at("policy")));
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
  const auto kind = kind_of(input, document);
  if (!kind) {
    return {{"error", "\"kind\" is identity, resource or trust"}};
  }
  const iam::Judgement judgement = iam::judge(document, *kind, *request);
  Json out{{"decision", iam::name(judgement.decision)}};
  if (Json open = open_points_json(judgement.open_points); !open.empty()) {
    out["hangs_on"] = std::move(open);
  }
  return out;
}

}  // namespace

int run_policy_eval(std::istream& in, std::ostream& out) {
  int status = kClean;
  std::uint64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    Json result = decide_line(line);
    if (result.contains("error")) {
      result["line"] = number;
      status = kUsage;
    }
    out << dump(result) << "\n";
  }
  return status;
}

}  // namespace gabion::cli
