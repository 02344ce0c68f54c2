#include "aws/managed_policies.h"

#include <unordered_map>

#include "aws/fact_reader.h"
#include "source/hash.h"

namespace gabion::aws {
namespace {

std::string_view string_at(std::size_t number) {
  const FactTables& tables = fact_tables();
  const std::size_t at = offset_at(tables.policy_strings, number);
  return {tables.policy_text.data() + at, offset_at(tables.policy_strings, number + 1) - at};
}

FactCursor policy_at(std::size_t number) {
  const FactTables& tables = fact_tables();
  return {tables.policy_data, offset_at(tables.policies, number)};
}

std::string_view path_at(std::size_t number) {
  return string_at(policy_at(number).number());
}

void read_list(FactCursor& data, std::vector<std::string_view>& out) {
  const std::size_t count = data.number();
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(string_at(data.number()));
  }
}

void read_statement(FactCursor& data, ManagedStatement& out) {
  out.allows = data.byte() == 1;
  out.sid = string_at(data.number());
  for (std::vector<std::string_view>& list : out.lists) {
    read_list(data, list);
  }
  out.tests.resize(data.number());
  for (ManagedTest& test : out.tests) {
    test.op = string_at(data.number());
    test.key = string_at(data.number());
    read_list(data, test.values);
  }
}

// ---- As JSON. ----

void quote(std::string_view text, std::string& out) {
  out += '"';
  const std::size_t begin = out.size();
  out += text;
  // Hardly any text has something to escape.
  for (const char special : {'\\', '"'}) {
    for (std::size_t at = out.find(special, begin); at != std::string::npos; at = out.find(special, at + 2)) {
      out.insert(at, 1, '\\');
    }
  }
  out += '"';
}

void write_list(const std::vector<std::string_view>& list, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    out += i == 0 ? "" : ", ";
    quote(list[i], out);
  }
  out += ']';
}

void write_tests(const std::vector<ManagedTest>& tests, std::string& out) {
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (i == 0 || tests[i].op != tests[i - 1].op) {
      out += i == 0 ? R"(, "Condition": {)" : "}, ";
      quote(tests[i].op, out);
      out += ": {";
    } else {
      out += ", ";
    }
    quote(tests[i].key, out);
    out += ": ";
    write_list(tests[i].values, out);
  }
  out += tests.empty() ? "" : "}}";
}

void write_statement(const ManagedStatement& statement, std::string& out) {
  out += statement.allows ? R"({"Effect": "Allow")" : R"({"Effect": "Deny")";
  if (!statement.sid.empty()) {
    out += R"(, "Sid": )";
    quote(statement.sid, out);
  }
  for (std::size_t i = 0; i < statement.lists.size(); ++i) {
    if (!statement.lists[i].empty()) {
      out += ", ";
      quote(ManagedStatement::kLists[i], out);
      out += ": ";
      write_list(statement.lists[i], out);
    }
  }
  write_tests(statement.tests, out);
  out += '}';
}

}  // namespace

ManagedPolicy::ManagedPolicy(std::size_t number) {
  FactCursor data = policy_at(number);
  path_ = string_at(data.number());
  version_ = data.number();
  old_ = data.byte() != 0;
  statements_ = data.place();
}

std::vector<ManagedStatement> ManagedPolicy::statements() const {
  FactCursor data(fact_tables().policy_data, statements_);
  std::vector<ManagedStatement> out(data.number());
  for (ManagedStatement& statement : out) {
    read_statement(data, statement);
  }
  return out;
}

std::string ManagedPolicy::document() const {
  std::string out = R"({"Version": ")" + std::string(language()) + R"(", "Statement": [)";
  bool first = true;
  for (const ManagedStatement& statement : statements()) {
    out += first ? "" : ", ";
    first = false;
    write_statement(statement, out);
  }
  out += "]}";
  return out;
}

std::size_t managed_policy_count() {
  return fact_tables().policies.size() / kOffsetBytes;
}

std::string_view managed_policy_path(std::string_view arn) {
  constexpr std::string_view kOwner = ":iam::aws:policy/";
  const std::size_t at = arn.find(kOwner);
  const bool ours = arn.starts_with("arn:aws") && at != std::string_view::npos && arn.find(':', 4) == at;
  return ours ? arn.substr(at + kOwner.size()) : std::string_view{};
}

std::string managed_policy_named(std::string_view name) {
  // Paths are sorted, names are not: whoever asks for one asks for more.
  static const auto kPaths = [] {
    std::unordered_map<std::string_view, std::string_view> paths;
    for (std::size_t i = 0; i < managed_policy_count(); ++i) {
      const ManagedPolicy policy(i);
      paths.try_emplace(policy.name(), policy.path());
    }
    return paths;
  }();
  const auto found = kPaths.find(name);
  return found == kPaths.end() ? std::string() : "arn:aws:iam::aws:policy/" + std::string(found->second);
}

std::optional<ManagedPolicy> find_managed_policy(std::string_view arn) {
  const std::string_view path = managed_policy_path(arn);
  if (path.empty() || !arn.starts_with("arn:aws:")) {
    return std::nullopt;
  }
  std::size_t first = 0;
  std::size_t last = managed_policy_count();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const int order = path_at(middle).compare(path);
    if (order == 0) {
      return ManagedPolicy(middle);
    }
    (order < 0 ? first : last) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

}  // namespace gabion::aws
