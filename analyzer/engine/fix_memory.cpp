#include "engine/fix.h"
#include "engine/loop_names.h"

namespace gabion::engine {
namespace {

/// Makes symbols of another table of those of one evaluation.
class Mover {
 public:
  Mover(eval::SymbolTable& symbols, const source::ArtifactStore* artifacts) : symbols_(symbols) {
    if (artifacts != nullptr) {
      loops_.emplace(*artifacts);
    }
  }

  void move(iam::Hole& hole) {
    hole.name = named(hole.name);
    if (hole.symbol != nullptr) {
      const std::string text = named(hole.symbol->text);
      eval::Symbol plain = *hole.symbol;
      plain.text = text;
      plain.cause = nullptr;
      hole.symbol = symbols_.intern(plain);
    }
  }

  void move(source::Boxed<iam::Hole>& hole) {
    if (hole) {
      move(*hole);
    }
  }

  void move(iam::Text& text) {
    iam::Text result(std::string_view(), text.region);
    for (const iam::Segment& segment : text.segments()) {
      if (!segment.is_hole) {
        result.append(segment.text);
        continue;
      }
      iam::Hole hole = *segment.hole;
      move(hole);
      result.append(std::move(hole));
    }
    text = std::move(result);
  }

  void move(std::optional<iam::Text>& text) {
    if (text) {
      move(*text);
    }
  }

  void move(iam::TextList& list) {
    for (iam::Text& text : list.items) {
      move(text);
    }
  }

  void move(iam::PrincipalSet& set) {
    for (iam::Identifier& identifier : set.identifiers) {
      move(identifier.value);
    }
  }

  void move(iam::Statement& statement) {
    statement.origin = nullptr;
    move(statement.sid);
    move(statement.effect_text);
    move(statement.open);
    for (auto list : {&iam::Statement::actions, &iam::Statement::not_actions, &iam::Statement::resources,
                      &iam::Statement::not_resources}) {
      move(statement.*list);
    }
    move(statement.principals);
    move(statement.not_principals);
    for (iam::Condition& condition : statement.conditions) {
      move(condition.operator_text);
      move(condition.key);
      move(condition.values);
    }
  }

  /// As deep as the reader of formulas lets them be.
  void move(iam::Formula& formula) {  // NOLINT(misc-no-recursion)
    for (iam::Text& text : formula.values) {
      move(text);
    }
    for (auto list : {&iam::PrincipalFilter::accounts, &iam::PrincipalFilter::is}) {
      for (iam::Text& text : formula.principal.*list) {
        move(text);
      }
    }
    for (iam::Formula& child : formula.children) {
      move(child);
    }
  }

 private:
  std::string named(std::string_view text) { return loops_ ? loops_->named(text) : std::string(text); }

  eval::SymbolTable& symbols_;
  std::optional<LoopNames> loops_;
};

}  // namespace

iam::PolicyDocument moved_to(const iam::PolicyDocument& document, eval::SymbolTable& symbols,
                             const source::ArtifactStore* artifacts) {
  Mover mover(symbols, artifacts);
  iam::PolicyDocument result = document;
  result.origin = nullptr;
  mover.move(result.version);
  mover.move(result.id);
  mover.move(result.open);
  for (iam::Statement& statement : result.statements) {
    mover.move(statement);
  }
  return result;
}

iam::Formula moved_to(const iam::Formula& formula, eval::SymbolTable& symbols, const source::ArtifactStore* artifacts) {
  iam::Formula result = formula;
  Mover(symbols, artifacts).move(result);
  return result;
}

}  // namespace gabion::engine
