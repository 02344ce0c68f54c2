#include "engine/fix_module_facts.h"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <set>

#include "source/ascii.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {

namespace hcl = syntax::hcl;
using hcl::as;
using hcl::Expression;
using hcl::ExpressionKind;

NamePath names_of(std::span<const hcl::Step> steps) {
  NamePath path;
  for (const hcl::Step& step : steps) {
    if (step.kind == hcl::StepKind::kIndexNumber) {
      break;
    }
    path.emplace_back(step.name);
  }
  return path;
}

std::string_view iterator_of(const hcl::Block& dynamic) {
  const hcl::Attribute* named = dynamic.body->attribute("iterator");
  return named != nullptr && named->expression->kind == ExpressionKind::kTraversal
             ? as<hcl::Traversal>(*named->expression).root
             : dynamic.labels.front().text();
}

namespace {

/// Locals and data sources of a module, by their names.
struct Names {
  explicit Names(const std::vector<const hcl::Block*>& blocks) {
    for (const hcl::Block* block : blocks) {
      if (block->type == "locals") {
        for (const hcl::Attribute& attribute : block->body->attributes) {
          locals.emplace(attribute.name, attribute.expression);
        }
      } else if (block->type == "data" && block->labels.size() == 2) {
        data.emplace(std::pair(block->labels[0].text(), block->labels[1].text()), block);
      }
    }
  }

  std::unordered_map<std::string_view, const Expression*, source::TextHash> locals;
  std::map<std::pair<std::string_view, std::string_view>, const hcl::Block*> data;
};

/// Finds the variables that a resource hangs on, as many as anybody writes: those in its own block first, then those
/// behind its locals and data sources, nearer ones before others.
class Uses {
 public:
  /// `of_existence`: those alone on which it hangs how many there are of the resource.
  Uses(const Names& names, const hcl::Block& resource, bool of_existence) : names_(names) {
    if (of_existence) {
      repetition(*resource.body, {});
    } else {
      enter(*resource.body, {}, 0);
    }
    while (!waiting_.empty()) {
      const auto next = waiting_.front();
      waiting_.pop_front();
      if (next.first != nullptr) {
        look(*next.first, {}, 0);
      } else {
        enter(*next.second->body, {}, 0);
      }
    }
  }

  [[nodiscard]] const std::vector<VariableUse>& all() const { return uses_; }

 private:
  /// Iterators of dynamic blocks, and what they may go over.
  using Iterators = std::map<std::string_view, std::vector<VariableUse>>;
  static constexpr int kMaxDepth = 200;

  static bool repeats(const hcl::Attribute& attribute) {
    return attribute.name == "count" || attribute.name == "for_each";
  }

  void repetition(const hcl::Body& body, const Iterators& iterators) {
    for (const hcl::Attribute& attribute : body.attributes) {
      if (repeats(attribute)) {
        look(*attribute.expression, iterators, 0);
      }
    }
  }

  void enter(const hcl::Body& body, const Iterators& iterators, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    // What decides whether there is one comes first.
    repetition(body, iterators);
    for (const hcl::Attribute& attribute : body.attributes) {
      if (!repeats(attribute)) {
        look(*attribute.expression, iterators, 0);
      }
    }
    for (const hcl::Block& block : body.blocks) {
      if (block.type != "dynamic" || block.labels.size() != 1) {
        enter(*block.body, iterators, depth + 1);
        continue;
      }
      Iterators inside = iterators;
      const hcl::Attribute* each = block.body->attribute("for_each");
      const std::string_view name = iterator_of(block);
      const std::size_t before = found_.size();
      if (each != nullptr) {
        look(*each->expression, iterators, 0);
      }
      inside[name] = {found_.begin() + static_cast<std::ptrdiff_t>(before), found_.end()};
      enter(*block.body, inside, depth + 1);
    }
  }

  void found(VariableUse use) {
    // What dynamic blocks inside of each other go over is as many uses for each as the one around it has.
    constexpr std::size_t kMost = 4096;
    if (found_.size() == kMost) {
      return;
    }
    found_.push_back(use);
    if (std::find(uses_.begin(), uses_.end(), use) == uses_.end()) {
      uses_.push_back(std::move(use));
    }
  }

  void reference(const hcl::Traversal& traversal, const Iterators& iterators) {
    const std::span<const hcl::Step> steps = traversal.steps;
    if (const auto iterator = iterators.find(traversal.root); iterator != iterators.end()) {
      const bool value = !steps.empty() && steps.front().name == "value";
      const NamePath rest = value ? names_of(steps.subspan(1)) : NamePath();
      for (VariableUse use : value ? iterator->second : std::vector<VariableUse>()) {
        use.path.insert(use.path.end(), rest.begin(), rest.end());
        found(std::move(use));
      }
    } else if (steps.empty()) {
      return;
    } else if (traversal.root == "var") {
      found({steps.front().name, names_of(steps.subspan(1))});
    } else if (traversal.root == "local") {
      if (const auto local = names_.locals.find(steps.front().name); local != names_.locals.end()) {
        wait({local->second, nullptr});
      }
    } else if (traversal.root == "data" && steps.size() > 1) {
      if (const auto data = names_.data.find({steps[0].name, steps[1].name}); data != names_.data.end()) {
        wait({nullptr, data->second});
      }
    }
  }

  void look(const Expression& expression, const Iterators& iterators, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    if (expression.kind == ExpressionKind::kTraversal) {
      reference(as<hcl::Traversal>(expression), iterators);
    } else if (expression.kind == ExpressionKind::kFunctionCall) {
      looked_up(as<hcl::FunctionCall>(expression));
    }
    hcl::for_each_child(expression, [&](const Expression& child) { look(child, iterators, depth + 1); });
  }

  /// lookup(var.a, "b", ...) reads a member too.
  void looked_up(const hcl::FunctionCall& call) {
    if (call.name != "lookup" || call.arguments.size() < 2 || call.arguments[0]->kind != ExpressionKind::kTraversal ||
        call.arguments[1]->kind != ExpressionKind::kTemplate) {
      return;
    }
    const auto& map = as<hcl::Traversal>(*call.arguments[0]);
    const auto& key = as<hcl::TemplateExpression>(*call.arguments[1]);
    if (map.root == "var" && !map.steps.empty() && key.is_literal()) {
      NamePath path = names_of(map.steps.subspan(1));
      path.emplace_back(key.literal());
      found({map.steps.front().name, std::move(path)});
    }
  }

  using Place = std::pair<const Expression*, const hcl::Block*>;  ///< one of them
  void wait(const Place& place) {
    if (seen_.insert(place).second) {
      waiting_.push_back(place);
    }
  }

  const Names& names_;
  std::deque<Place> waiting_;
  std::set<Place> seen_;
  std::vector<VariableUse> uses_;   ///< each once
  std::vector<VariableUse> found_;  ///< as they come
};

/// variable "name" { type = bool, default = false }, with or without the type
bool is_switch(const hcl::Block& block) {
  const hcl::Attribute* type = block.body->attribute("type");
  const hcl::Attribute* fallback = block.body->attribute("default");
  const bool truth = type == nullptr || (type->expression->kind == ExpressionKind::kTraversal &&
                                         as<hcl::Traversal>(*type->expression).root == "bool");
  return truth && fallback != nullptr && fallback->expression->kind == ExpressionKind::kBool &&
         !as<hcl::BoolLiteral>(*fallback->expression).value;
}

std::string_view description_of(const hcl::Block& variable) {
  const hcl::Attribute* given = variable.body->attribute("description");
  return given != nullptr && given->expression->kind == ExpressionKind::kTemplate
             ? as<hcl::TemplateExpression>(*given->expression).literal()
             : std::string_view();
}

/// What a policy document tests, as far as it is written.
struct Tested {
  std::set<std::string> words;
  bool open = false;  ///< it may test more
};

bool is_written(const Expression& expression) {
  if (expression.kind == ExpressionKind::kTraversal || expression.kind == ExpressionKind::kFunctionCall) {
    return false;
  }
  bool written = true;
  hcl::for_each_child(expression, [&](const Expression& child) { written = written && is_written(child); });
  return written;
}

void add_texts(const Expression& expression, std::set<std::string>& words) {
  if (expression.kind == ExpressionKind::kTemplate) {
    const auto& text = as<hcl::TemplateExpression>(expression);
    if (text.is_literal()) {
      std::ranges::move(words_of(text.literal()), std::inserter(words, words.end()));
    }
  } else if (expression.kind == ExpressionKind::kBool) {
    words.insert(as<hcl::BoolLiteral>(expression).value ? "true" : "false");
  }
  hcl::for_each_child(expression, [&](const Expression& child) { add_texts(child, words); });
}

/// Adds the conditions of a statement block, or of the content of a dynamic one.
void add_conditions(const hcl::Body& statement, Tested& tested) {
  for (const hcl::Block& block : statement.blocks) {
    if (block.type == "content") {
      add_conditions(*block.body, tested);
    } else if (block.type == "dynamic") {
      tested.open = true;
    } else if (block.type == "condition") {
      for (const hcl::Attribute& attribute : block.body->attributes) {
        tested.open = tested.open || !is_written(*attribute.expression);
        add_texts(*attribute.expression, tested.words);
      }
    }
  }
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::size_t kShortest = 3;
  static constexpr std::array<std::string_view, 14> kNothing{"and",  "are", "ask",  "for", "has",  "have", "should",
                                                             "that", "the", "this", "too", "when", "with", "whether"};
  std::vector<std::string> words;
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    if (end - begin < kShortest) {
      return;
    }
    std::string word = source::to_lower(text.substr(begin, end - begin));
    if (std::ranges::find(kNothing, word) == kNothing.end()) {
      words.push_back(std::move(word));
    }
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool in_word = source::is_alphanumeric(text[at]);
    if (!in_word || source::is_upper(text[at])) {
      finish(at);
      begin = at + (in_word ? 0 : 1);
    }
  }
  finish(text.size());
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

bool ModuleFacts::declares(std::string_view kind, std::string_view type, std::string_view name, const Blocks& blocks) {
  if (!declared_) {
    auto& made = declared_.emplace();
    for (const hcl::Block* block : blocks()) {
      const std::size_t labels = block->labels.size();
      if (labels == 1 || labels == 2) {
        const Declared one = labels == 1 ? Declared({}, block->type) : Declared(block->type, block->labels[0].text());
        made[arena_.copy(block->labels.back().text())].emplace_back(arena_.copy(one.first), arena_.copy(one.second));
      }
    }
  }
  const auto found = declared_->find(name);
  return found != declared_->end() && std::ranges::any_of(found->second, [&](const Declared& one) {
           return one.second == type && (one.first.empty() || one.first == kind);
         });
}

const std::string& ModuleFacts::plain_data(const std::string& wanted, const std::function<std::string()>& find) {
  const auto [known, is_new] = plain_data_.try_emplace(wanted);
  if (is_new) {
    known->second = find();
  }
  return known->second;
}

const std::vector<VariableUse>& ModuleFacts::uses(const hcl::Block& block, bool of_existence, const Blocks& blocks) {
  const std::pair key(block.region, of_existence);
  auto known = uses_.find(key);
  if (known == uses_.end()) {
    known = uses_.emplace(key, lasting(Uses(Names(blocks()), block, of_existence).all())).first;
  }
  return known->second;
}

const ModuleFacts::Variable* ModuleFacts::variable(std::string_view name, const Blocks& blocks) {
  const Variables& all = variables(blocks);
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

std::size_t ModuleFacts::points(std::string_view name, const std::vector<std::string>& words, const Blocks& blocks) {
  Variables& all = variables(blocks);
  const auto found = all.find(name);
  if (found == all.end()) {
    return 0;
  }
  Variable& variable = found->second;
  if (!variable.words) {
    variable.words = words_of(name);
    variable.told = words_of(variable.description);
  }
  const auto shared = [&](const std::vector<std::string>& own) {
    return static_cast<std::size_t>(
        std::ranges::count_if(own, [&](const std::string& word) { return std::ranges::binary_search(words, word); }));
  };
  // The name says more than what is told about it.
  return 2 * shared(*variable.words) + shared(variable.told);
}

bool ModuleFacts::may_make(std::string_view variable, const std::vector<std::string>& conditions,
                           const Blocks& blocks) {
  bool seen = false;
  for (const Statement& statement : statements(blocks)) {
    if (std::ranges::find(statement.uses, variable, &VariableUse::variable) != statement.uses.end()) {
      if (statement.open || std::ranges::includes(statement.words, conditions)) {
        return true;
      }
      seen = true;
    }
  }
  return !seen;
}

ModuleFacts::Variables& ModuleFacts::variables(const Blocks& blocks) {
  if (!variables_) {
    Variables made;
    for (const hcl::Block* block : blocks()) {
      if (block->type == "variable" && block->labels.size() == 1) {
        const hcl::Attribute* fallback = block->body->attribute("default");
        made.try_emplace(
            arena_.copy(block->labels[0].text()),
            Variable{.is_switch = is_switch(*block),
                     .is_list = fallback != nullptr && fallback->expression->kind == ExpressionKind::kTuple,
                     .description = arena_.copy(description_of(*block))});
      }
    }
    variables_ = std::move(made);
  }
  return *variables_;
}

const std::vector<ModuleFacts::Statement>& ModuleFacts::statements(const Blocks& blocks) {
  if (statements_) {
    return *statements_;
  }
  const std::vector<const hcl::Block*> all = blocks();
  const Names names(all);
  std::vector<Statement> made;
  for (const hcl::Block* block : all) {
    if (block->type != "data" || block->labels.empty() || block->labels.front().text() != "aws_iam_policy_document") {
      continue;
    }
    const std::vector<VariableUse> whole = Uses(names, *block, true).all();
    for (const hcl::Block& statement : block->body->blocks) {
      std::vector<VariableUse> uses =
          statement.type == "dynamic" ? Uses(names, statement, true).all() : std::vector<VariableUse>();
      uses.insert(uses.end(), whole.begin(), whole.end());
      Tested tested;
      if (!uses.empty()) {
        add_conditions(*statement.body, tested);
      }
      if (!tested.words.empty()) {
        made.push_back({lasting(uses), {tested.words.begin(), tested.words.end()}, tested.open});
      }
    }
  }
  return statements_.emplace(std::move(made));
}

std::vector<VariableUse> ModuleFacts::lasting(const std::vector<VariableUse>& uses) {
  std::vector<VariableUse> result = uses;
  for (VariableUse& use : result) {
    use.variable = arena_.copy(use.variable);
    for (std::string_view& name : use.path) {
      name = arena_.copy(name);
    }
  }
  return result;
}

}  // namespace gabion::engine
