#include "engine/fix.h"

namespace gabion::engine {
namespace {

iam::Text moved(const iam::Text& text, eval::SymbolTable& symbols) {
  iam::Text result(std::string_view(), text.region);
  for (const iam::Segment& segment : text.segments()) {
    if (!segment.is_hole) {
      result.append(segment.text);
      continue;
    }
    iam::Hole hole = *segment.hole;
    if (hole.symbol != nullptr) {
      eval::Symbol plain = *hole.symbol;
      plain.cause = nullptr;
      hole.symbol = symbols.intern(plain);
    }
    result.append(std::move(hole));
  }
  return result;
}

iam::Formula moved(const iam::Formula& formula, eval::SymbolTable& symbols) {
  iam::Formula result = formula;
  for (iam::Text& text : result.values) {
    text = moved(text, symbols);
  }
  for (auto list : {&iam::PrincipalFilter::accounts, &iam::PrincipalFilter::is}) {
    for (iam::Text& text : result.principal.*list) {
      text = moved(text, symbols);
    }
  }
  for (iam::Formula& child : result.children) {
    child = moved(child, symbols);  // as deep as the reader of formulas lets them be
  }
  return result;
}

void move_hole(source::Boxed<iam::Hole>& hole, eval::SymbolTable& symbols) {
  if (hole && hole->symbol != nullptr) {
    eval::Symbol plain = *hole->symbol;
    plain.cause = nullptr;
    hole->symbol = symbols.intern(plain);
  }
}

}  // namespace

iam::PolicyDocument moved_to(const iam::PolicyDocument& document, eval::SymbolTable& symbols) {
  iam::PolicyDocument result = document;
  const auto move_text = [&](std::optional<iam::Text>& text) {
    if (text) {
      text = moved(*text, symbols);
    }
  };
  const auto move_list = [&](iam::TextList& list) {
    for (iam::Text& text : list.items) {
      text = moved(text, symbols);
    }
  };
  const auto move_principals = [&](iam::PrincipalSet& set) {
    for (iam::Identifier& identifier : set.identifiers) {
      identifier.value = moved(identifier.value, symbols);
    }
  };
  result.origin = nullptr;
  move_text(result.version);
  move_text(result.id);
  move_hole(result.open, symbols);
  for (iam::Statement& statement : result.statements) {
    statement.origin = nullptr;
    move_text(statement.sid);
    statement.effect_text = moved(statement.effect_text, symbols);
    move_hole(statement.open, symbols);
    for (auto list : {&iam::Statement::actions, &iam::Statement::not_actions, &iam::Statement::resources,
                      &iam::Statement::not_resources}) {
      move_list(statement.*list);
    }
    move_principals(statement.principals);
    move_principals(statement.not_principals);
    for (iam::Condition& condition : statement.conditions) {
      condition.operator_text = moved(condition.operator_text, symbols);
      condition.key = moved(condition.key, symbols);
      move_list(condition.values);
    }
  }
  return result;
}

iam::Formula moved_to(const iam::Formula& formula, eval::SymbolTable& symbols) {
  return moved(formula, symbols);
}

}  // namespace gabion::engine
