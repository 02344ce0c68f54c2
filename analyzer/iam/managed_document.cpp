#include "iam/managed_document.h"

#include <array>
#include <string_view>
#include <vector>

#include "iam/json_size.h"

namespace gabion::iam {
namespace {

void read_list(const std::vector<std::string_view>& from, TextList& out, JsonSize& size) {
  out.present = true;
  out.items.reserve(from.size());
  size.array(from.size());
  for (const std::string_view item : from) {
    out.items.emplace_back(item);
    size.string(item);
  }
}

/// The lists of a statement, in the order of the facts.
void read_lists(const aws::ManagedStatement& from, Statement& out, JsonSize& size) {
  const std::array<TextList*, aws::ManagedStatement::kLists.size()> lists = {&out.actions, &out.not_actions,
                                                                             &out.resources, &out.not_resources};
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!from.lists[i].empty()) {
      size.string(aws::ManagedStatement::kLists[i]);
      read_list(from.lists[i], *lists[i], size);
    }
  }
}

void read_tests(const std::vector<aws::ManagedTest>& from, Statement& out, JsonSize& size) {
  out.conditions.reserve(from.size());
  std::size_t operators = 0;
  std::size_t keys = 0;  // of the operator
  for (std::size_t i = 0; i < from.size(); ++i) {
    const aws::ManagedTest& test = from[i];
    if (i == 0 || test.op != from[i - 1].op) {
      ++operators;
      keys = 0;
      size.string(test.op);
    }
    ++keys;
    size.string(test.key);
    Condition& made = out.conditions.emplace_back();
    made.operator_text = Text(test.op);
    made.op = parse_operator(test.op);
    made.key = Text(test.key);
    read_list(test.values, made.values, size);
    if (i + 1 == from.size() || from[i + 1].op != test.op) {
      size.object(keys);
    }
  }
  size.object(operators);
}

void read_statement(const aws::ManagedStatement& from, Statement& out, JsonSize& size) {
  std::size_t members = 1;
  const std::string_view effect = from.allows ? "Allow" : "Deny";
  out.effect = from.allows ? Effect::kAllow : Effect::kDeny;
  out.effect_text = Text(effect);
  size.string("Effect");
  size.string(effect);
  if (!from.sid.empty()) {
    ++members;
    out.sid = Text(from.sid);
    size.string("Sid");
    size.string(from.sid);
  }
  for (const auto& list : from.lists) {
    members += list.empty() ? 0 : 1;
  }
  read_lists(from, out, size);
  if (!from.tests.empty()) {
    ++members;
    size.string("Condition");
    read_tests(from.tests, out, size);
  }
  size.object(members);
}

}  // namespace

PolicyReading read_managed_policy(const aws::ManagedPolicy& policy) {
  PolicyReading reading;
  PolicyDocument& out = reading.documents.emplace_back();
  JsonSize size;
  size.object(2);
  size.string("Version");
  size.string(policy.language());
  size.string("Statement");
  out.version = Text(policy.language());
  const std::vector<aws::ManagedStatement> statements = policy.statements();
  size.array(statements.size());
  out.statements.reserve(statements.size());
  for (const aws::ManagedStatement& from : statements) {
    Statement& made = out.statements.emplace_back();
    made.index = out.statements.size() - 1;
    read_statement(from, made, size);
  }
  out.compact_size = size.compact();
  out.visible_size = size.visible();
  return reading;
}

}  // namespace gabion::iam
