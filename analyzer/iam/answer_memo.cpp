#include "iam/answer_memo.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace gabion::iam {

namespace {

/// Does the statement stand for another one that a question is not about? See Subject::narrowed().
bool is_shell(const Statement& statement) {
  return statement.actions.present && statement.actions.items.empty() && !statement.open &&
         statement.effect_text.known() && statement.conditions.empty() && statement.resources.items.empty() &&
         statement.not_resources.items.empty() && statement.not_actions.items.empty() &&
         statement.principals.identifiers.empty() && statement.not_principals.identifiers.empty();
}

/// Does it tell callers apart in the place of the other one? That it has principals makes whoever a witness names one
/// of several.
bool tells_callers_apart(const Statement& shell) {
  return shell.effect != Effect::kInvalid && (shell.principals.present || shell.not_principals.present);
}

unsigned flags(std::initializer_list<bool> values) {
  unsigned out = 0;
  for (const bool value : values) {
    out = out * 2 + (value ? 1 : 0);
  }
  return out;
}

}  // namespace

QuestionText::QuestionText(const Question& question) {
  add_byte(flags({question.only_sure}));
  add_byte(static_cast<unsigned>(question.goal));
  add_byte(static_cast<unsigned>(question.kind));
  for (const auto* documents : {&question.documents, &question.before}) {
    add_number(documents->size());
    for (const PolicyDocument* document : *documents) {
      add(*document);
    }
  }
  add(*question.formula);
  add(*question.assumptions);
}

void QuestionText::add(const Hole& hole) {
  const auto known = std::ranges::find_if(holes_, [&](const Hole* one) { return *one == hole; });
  add_number(static_cast<std::size_t>(known - holes_.begin()));
  add_byte(flags({hole.many, hole.literal, hole.account, hole.field, hole.symbol != nullptr}));
  add(std::string_view(hole.prefix));
  if (known != holes_.end()) {
    return;
  }
  holes_.push_back(&hole);
  add(std::string_view(hole.name));
  if (hole.symbol != nullptr) {
    add(hole.symbol->subject);
    add(hole.symbol->path);
  }
}

void QuestionText::add(const Text& text) {
  // 1 for the one segment that most texts have: literals.
  if (text.known()) {
    add_number(1);
    add(text.literal());
    return;
  }
  add_number(text.segments().size() + 1);
  for (const Segment& segment : text.segments()) {
    add_byte(flags({segment.is_hole}));
    if (segment.is_hole) {
      add(*segment.hole);
    } else {
      add(std::string_view(segment.text));
    }
  }
}

void QuestionText::add(const std::vector<Text>& texts) {
  add_number(texts.size());
  for (const Text& text : texts) {
    add(text);
  }
}

void QuestionText::add(const std::vector<Identifier>& identifiers) {
  add_number(identifiers.size());
  for (const Identifier& identifier : identifiers) {
    add(std::string_view(identifier.type));
    add(identifier.value);
  }
}

void QuestionText::add(const Condition& condition) {
  // What an operator was written as matters where it is none.
  const bool unread = !condition.operator_text.known() || condition.op.family == OperatorFamily::kUnknown;
  add_byte(
      flags({condition.op.negated, condition.op.if_exists, condition.op.arn_equals, unread, condition.values.present}));
  add_byte(static_cast<unsigned>(condition.op.qualifier));
  add_byte(static_cast<unsigned>(condition.op.family));
  if (unread) {
    add(condition.operator_text);
  }
  add(condition.key);
  add(condition.values.items);
}

void QuestionText::add(const Statement& statement) {
  const bool open_effect = statement.effect == Effect::kUnknown || !statement.effect_text.known();
  const bool elsewhere = statement.not_actions.present || statement.not_resources.present ||
                         statement.not_principals.present || statement.open.has_value() || open_effect;
  add_number(statement.index);
  add_byte(static_cast<unsigned>(statement.effect));
  add_byte(flags({statement.actions.present, statement.resources.present, statement.principals.present, elsewhere}));
  add(statement.actions.items);
  add(statement.resources.items);
  add(statement.principals.identifiers);
  if (elsewhere) {
    add_byte(flags({statement.not_actions.present, statement.not_resources.present, statement.not_principals.present,
                    statement.open.has_value(), open_effect}));
    add(statement.not_actions.items);
    add(statement.not_resources.items);
    add(statement.not_principals.identifiers);
    if (statement.open) {
      add(*statement.open);
    }
    if (open_effect) {
      add(statement.effect_text);
    }
  }
  add_number(statement.conditions.size());
  for (const Condition& condition : statement.conditions) {
    add(condition);
  }
}

void QuestionText::add(const PolicyDocument& document) {
  add_byte(flags({document.version.has_value(), document.open.has_value()}));
  if (document.version) {
    add(*document.version);
  }
  if (document.open) {
    add(*document.open);
  }
  // Statements are told by their places, 0 stands for the end.
  bool apart = false;
  for (std::size_t i = 0; i < document.statements.size(); ++i) {
    const Statement& statement = document.statements[i];
    if (is_shell(statement)) {
      apart = apart || tells_callers_apart(statement);
    } else {
      add_number(i + 1);
      add(statement);
    }
  }
  add_number(0);
  add_byte(flags({apart}));
}

void QuestionText::add(const Formula& formula) {
  add_byte(static_cast<unsigned>(formula.kind));
  add_number(formula.children.size());
  for (const Formula& child : formula.children) {
    add(child);
  }
  if (formula.kind == FormulaKind::kPrincipal) {
    add_number(formula.principal.types.size());
    for (const PrincipalType type : formula.principal.types) {
      add_byte(static_cast<unsigned>(type));
    }
    add(formula.principal.accounts);
    add(formula.principal.is);
    return;
  }
  add(std::string_view(formula.key));
  add(std::string_view(formula.other));
  add(formula.values);
}

void QuestionText::add(const Assumptions& assumptions) {
  add_number(assumptions.keys.size());
  for (const KeyFact& key : assumptions.keys) {
    add(std::string_view(key.key));
    add_number(key.type ? static_cast<std::size_t>(*key.type) + 1 : 0);
    add_byte(flags({key.always, key.multivalued}));
    add_number(key.only.size());
    for (const std::string& value : key.only) {
      add(std::string_view(value));
    }
  }
  add_number(assumptions.facts.size());
  for (const Fact& fact : assumptions.facts) {
    add(std::string_view(fact.name));
    add(fact.formula);
  }
  add_byte(flags({assumptions.aws, assumptions.name_assumed}));
  add_number(assumptions.without.size());
  for (const std::string& fact : assumptions.without) {
    add(std::string_view(fact));
  }
  add_number(assumptions.actions.size());
  for (const std::string_view action : assumptions.actions) {
    add(action);
  }
  add_number(assumptions.steps);
}

std::optional<Proof> AnswerMemo::find(const QuestionText& question) {
  auto found = new_.find(question.text());
  if (found == new_.end()) {
    const auto old = old_.find(question.text());
    if (old == old_.end()) {
      return std::nullopt;
    }
    new_bytes_ += old->first.size();
    found = new_.insert(old_.extract(old)).position;
  }
  const Entry& entry = found->second;
  Proof answer = entry.answer;
  for (std::size_t i = 0; i < answer.holes.size(); ++i) {
    if (const auto place = entry.holes[i]) {
      answer.holes[i].symbol = question.holes()[*place]->symbol;
    }
  }
  return answer;
}

void AnswerMemo::remember(const QuestionText& question, const Proof& answer) {
  Entry entry{.answer = answer, .holes = {}};
  for (Hole& hole : entry.answer.holes) {
    const auto place = std::ranges::find_if(question.holes(), [&](const Hole* one) { return *one == hole; });
    if (hole.symbol != nullptr && place == question.holes().end()) {
      return;  // it hangs on something besides the question
    }
    entry.holes.push_back(place == question.holes().end()
                              ? std::nullopt
                              : std::optional(static_cast<std::size_t>(place - question.holes().begin())));
    hole.symbol = nullptr;
  }
  // Answers take about as much as the questions.
  constexpr std::size_t kMostBytes = std::size_t{128} * 1024;
  if (new_bytes_ + question.text().size() > kMostBytes) {
    old_ = std::exchange(new_, {});
    new_bytes_ = 0;
  }
  new_bytes_ += question.text().size();
  new_.emplace(question.text(), std::move(entry));
}

}  // namespace gabion::iam
