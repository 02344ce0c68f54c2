#include "aws/managed_policies.h"

#include <array>
#include <functional>
#include <unordered_map>
#include <utility>

#include "aws/fact_reader.h"
#include "source/hash.h"

namespace gabion::aws {
namespace {

FactCursor string_at(std::size_t number) {
  const FactTables& tables = fact_tables();
  return {tables.policy_text, offset_at(tables.policy_strings, number)};
}

/// Appends the text of that number as a JSON string.
void quote(std::size_t number, std::string& out) {
  out += '"';
  const std::size_t begin = out.size();
  string_at(number).append_text(out);
  // Hardly any text has something to escape.
  for (const char special : {'\\', '"'}) {
    for (std::size_t at = out.find(special, begin); at != std::string::npos; at = out.find(special, at + 2)) {
      out.insert(at, 1, '\\');
    }
  }
  out += '"';
}

/// Appends a list of strings; nothing for an empty one.
void list(FactCursor& data, std::string_view name, std::string& out) {
  const std::size_t count = data.number();
  if (count == 0) {
    return;
  }
  out += ", \"";
  out += name;
  out += "\": [";
  for (std::size_t i = 0; i < count; ++i) {
    out += i == 0 ? "" : ", ";
    quote(data.number(), out);
  }
  out += ']';
}

void statement(FactCursor& data, std::string& out) {
  out += data.byte() == 1 ? R"({"Effect": "Allow")" : R"({"Effect": "Deny")";
  const std::size_t sid = data.number();
  if (!string_at(sid).text().empty()) {
    out += R"(, "Sid": )";
    quote(sid, out);
  }
  for (const std::string_view element : {"Action", "NotAction", "Resource", "NotResource"}) {
    list(data, element, out);
  }
  const std::size_t conditions = data.number();
  std::size_t last = 0;
  for (std::size_t i = 0; i < conditions; ++i) {
    // Tests of one operator are neighbours.
    const std::size_t op = data.number();
    const std::size_t key = data.number();
    if (i == 0 || op != last) {
      out += i == 0 ? R"(, "Condition": {)" : "}, ";
      quote(op, out);
      out += ": {";
    } else {
      out += ", ";
    }
    last = op;
    quote(key, out);
    out += ": [";
    const std::size_t values = data.number();
    for (std::size_t j = 0; j < values; ++j) {
      out += j == 0 ? "" : ", ";
      quote(data.number(), out);
    }
    out += ']';
  }
  out += conditions == 0 ? "}" : "}}}";
}

}  // namespace

std::size_t managed_policy_count() {
  return fact_tables().policies.size() / kOffsetBytes;
}

std::string_view managed_policy_path(std::string_view arn) {
  constexpr std::string_view kOwner = ":iam::aws:policy/";
  const std::size_t at = arn.find(kOwner);
  const bool ours = arn.starts_with("arn:aws") && at != std::string_view::npos && arn.find(':', 4) == at;
  return ours ? arn.substr(at + kOwner.size()) : std::string_view{};
}

ManagedPolicy managed_policy(std::size_t number) {
  const FactTables& tables = fact_tables();
  FactCursor data(tables.policy_data, offset_at(tables.policies, number));
  ManagedPolicy policy;
  policy.path = data.text();
  policy.version = data.number();
  policy.document =
      data.byte() == 0 ? R"({"Version": "2012-10-17", "Statement": [)" : R"({"Version": "2008-10-17", "Statement": [)";
  const std::size_t statements = data.number();
  for (std::size_t i = 0; i < statements; ++i) {
    policy.document += i == 0 ? "" : ", ";
    statement(data, policy.document);
  }
  policy.document += "]}";
  return policy;
}

std::string managed_policy_named(std::string_view name) {
  // Paths are sorted, names are not: whoever asks for one asks for more.
  static const auto kPaths = [] {
    std::unordered_map<std::string, std::string, source::TextHash, std::equal_to<>> paths;
    for (std::size_t i = 0; i < managed_policy_count(); ++i) {
      std::string path = FactCursor(fact_tables().policy_data, offset_at(fact_tables().policies, i)).text();
      std::string last = path.substr(path.rfind('/') + 1);
      paths.try_emplace(std::move(last), std::move(path));
    }
    return paths;
  }();
  const auto found = kPaths.find(name);
  return found == kPaths.end() ? std::string() : "arn:aws:iam::aws:policy/" + found->second;
}

std::optional<ManagedPolicy> find_managed_policy(std::string_view arn) {
  const std::string_view path = managed_policy_path(arn);
  if (path.empty() || !arn.starts_with("arn:aws:")) {
    return std::nullopt;
  }
  // Paths are sorted as bytes, and only a few hundred look-ups are made: a search by bytes needs the texts.
  const FactTables& tables = fact_tables();
  std::size_t first = 0;
  std::size_t last = managed_policy_count();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const std::string found = FactCursor(tables.policy_data, offset_at(tables.policies, middle)).text();
    if (found == path) {
      return managed_policy(middle);
    }
    (found < path ? first : last) = found < path ? middle + 1 : middle;
  }
  return std::nullopt;
}

}  // namespace gabion::aws
