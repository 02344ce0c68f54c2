#include "engine/fix_arguments.h"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "source/ascii.h"
#include "source/hash.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using hcl::as;
using hcl::Expression;
using hcl::ExpressionKind;

/// Names as they are written, or as the rule has them.
using Path = std::vector<std::string_view>;

/// A variable, and the constant steps behind it: var.versioning["enabled"].
struct Use {
  std::string_view variable;
  Path path;

  friend bool operator==(const Use&, const Use&) = default;
};

/// Names of the members that steps lead to, up to the first index by number.
Path names_of(std::span<const hcl::Step> steps) {
  Path path;
  for (const hcl::Step& step : steps) {
    if (step.kind == hcl::StepKind::kIndexNumber) {
      break;
    }
    path.emplace_back(step.name);
  }
  return path;
}

/// What stands for the elements in the content of a dynamic block.
std::string_view iterator_of(const hcl::Block& dynamic) {
  const hcl::Attribute* named = dynamic.body->attribute("iterator");
  return named != nullptr && named->expression->kind == ExpressionKind::kTraversal
             ? as<hcl::Traversal>(*named->expression).root
             : dynamic.labels.front().text();
}

/// Locals, data sources and variables of a module, by their names.
struct Names {
  explicit Names(const std::vector<const hcl::Block*>& blocks) {
    for (const hcl::Block* block : blocks) {
      if (block->type == "locals") {
        for (const hcl::Attribute& attribute : block->body->attributes) {
          locals.emplace(attribute.name, attribute.expression);
        }
      } else if (block->type == "data" && block->labels.size() == 2) {
        data.emplace(std::pair(block->labels[0].text(), block->labels[1].text()), block);
      } else if (block->type == "variable" && block->labels.size() == 1) {
        variables.emplace(block->labels[0].text(), block);
      }
    }
  }

  /// The block that declares the variable; null when there is none.
  [[nodiscard]] const hcl::Block* variable(std::string_view name) const {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second;
  }

  std::unordered_map<std::string_view, const Expression*, source::TextHash> locals;
  std::map<std::pair<std::string_view, std::string_view>, const hcl::Block*> data;
  std::unordered_map<std::string_view, const hcl::Block*, source::TextHash> variables;
};

/// Finds the variables that a resource hangs on: those in its own block first, then those behind its locals and data
/// sources, nearer ones before others.
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

  [[nodiscard]] const std::vector<Use>& all() const { return uses_; }

 private:
  /// Iterators of dynamic blocks, and what they may go over.
  using Iterators = std::map<std::string_view, std::vector<Use>>;
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

  void found(Use use) {
    found_.push_back(use);
    if (std::find(uses_.begin(), uses_.end(), use) == uses_.end()) {
      uses_.push_back(std::move(use));
    }
  }

  void reference(const hcl::Traversal& traversal, const Iterators& iterators) {
    const std::span<const hcl::Step> steps = traversal.steps;
    if (const auto iterator = iterators.find(traversal.root); iterator != iterators.end()) {
      const bool value = !steps.empty() && steps.front().name == "value";
      const Path rest = value ? names_of(steps.subspan(1)) : Path();
      for (Use use : value ? iterator->second : std::vector<Use>()) {
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
      Path path = names_of(map.steps.subspan(1));
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
  std::vector<Use> uses_;   ///< each once
  std::vector<Use> found_;  ///< as they come
};

/// Lower-case words of a text in order, each once: letters and digits together, "DenyUploads" being two. Words that say
/// nothing are left out.
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

Path split(std::string_view path) {
  Path result;
  while (true) {
    const std::size_t dot = path.find('.');
    result.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) {
      return result;
    }
    path.remove_prefix(dot + 1);
  }
}

/// Puts a value into nested objects.
void place(FixValue& object, std::span<const std::string_view> path, const FixValue& value) {
  object.kind = FixValue::Kind::kObject;
  auto member = std::find_if(object.members.begin(), object.members.end(),
                             [&](const FixMember& one) { return one.name == path.front(); });
  if (member == object.members.end()) {
    object.members.emplace_back(std::string(path.front()), FixValue{});
    member = object.members.end() - 1;
  }
  if (path.size() == 1) {
    member->value = value;
  } else {
    place(member->value, path.subspan(1), value);
  }
}

/// The value of a variable whose members are read under the names of the wanted attributes.
std::optional<FixValue> mirrored(const std::vector<Use>& uses, std::string_view variable,
                                 const WantedResource& wanted) {
  std::optional<FixValue> result;
  for (const auto& [attribute, value] : wanted.values) {
    const Path whole = split(attribute);
    for (std::size_t from = 0; from < whole.size(); ++from) {
      const Path end(whole.begin() + static_cast<std::ptrdiff_t>(from), whole.end());
      if (std::find(uses.begin(), uses.end(), Use{variable, end}) != uses.end()) {
        result = result.value_or(FixValue{});
        place(*result, end, value);
        break;
      }
    }
  }
  return result;
}

/// The one element that the collection of a dynamic block may have.
const Expression* only_element(const Expression& each) {
  if (each.kind == ExpressionKind::kTuple) {
    const auto& tuple = as<hcl::TupleExpression>(each);
    return tuple.elements.size() == 1 ? tuple.elements.front() : nullptr;
  }
  if (each.kind == ExpressionKind::kParentheses) {
    return only_element(*as<hcl::ParenthesesExpression>(each).inner);
  }
  if (each.kind == ExpressionKind::kConditional) {
    const auto& choice = as<hcl::ConditionalExpression>(each);
    const Expression* first = only_element(*choice.true_result);
    return first != nullptr ? first : only_element(*choice.false_result);
  }
  return nullptr;
}

/// The variable that an expression is, or a member of one.
std::optional<Use> variable_of(const Expression& expression) {
  if (expression.kind != ExpressionKind::kTraversal) {
    return std::nullopt;
  }
  const auto& traversal = as<hcl::Traversal>(expression);
  if (traversal.root != "var" || traversal.steps.empty()) {
    return std::nullopt;
  }
  return Use{traversal.steps.front().name, names_of(std::span(traversal.steps).subspan(1))};
}

/// The variable that an attribute of a resource takes as it is: "tracing_config.mode", also where a dynamic block has
/// its value for the only element.
std::optional<Use> variable_for(const hcl::Body& body, std::span<const std::string_view> path) {
  if (path.size() == 1) {
    const hcl::Attribute* attribute = body.attribute(path.front());
    return attribute == nullptr ? std::nullopt : variable_of(*attribute->expression);
  }
  for (const hcl::Block& block : body.blocks) {
    const bool dynamic = block.type == "dynamic" && block.labels.size() == 1;
    if ((dynamic ? block.labels.front().text() : block.type) != path.front()) {
      continue;
    }
    if (!dynamic) {
      return variable_for(*block.body, path.subspan(1));
    }
    const auto content = std::ranges::find(block.body->blocks, "content", &hcl::Block::type);
    const hcl::Attribute* attribute =
        content == block.body->blocks.end() || path.size() != 2 ? nullptr : content->body->attribute(path[1]);
    if (attribute == nullptr) {
      return std::nullopt;
    }
    if (auto use = variable_of(*attribute->expression)) {
      return use;
    }
    const hcl::Attribute* each = block.body->attribute("for_each");
    const Expression* element = each == nullptr ? nullptr : only_element(*each->expression);
    auto use = element == nullptr ? std::nullopt : variable_of(*element);
    if (!use || attribute->expression->kind != ExpressionKind::kTraversal) {
      return std::nullopt;
    }
    const auto& value = as<hcl::Traversal>(*attribute->expression);
    if (value.root != iterator_of(block) || value.steps.empty() || value.steps.front().name != "value") {
      return std::nullopt;
    }
    const Path rest = names_of(std::span(value.steps).subspan(1));
    use->path.insert(use->path.end(), rest.begin(), rest.end());
    return use;
  }
  return std::nullopt;
}

/// The variable that the wanted attribute takes, when it is the only one that is wanted, with the value for it.
std::optional<ModuleArgument> taken(const hcl::Block& resource, const WantedResource& wanted) {
  // Of another resource than the judged one the question is whether there is any.
  if (wanted.values.size() != 1 || wanted.judged != nullptr) {
    return std::nullopt;
  }
  const auto& [attribute, value] = wanted.values.front();
  const std::optional<Use> use = variable_for(*resource.body, split(attribute));
  if (!use) {
    return std::nullopt;
  }
  ModuleArgument result{std::string(use->variable), value, false};
  if (!use->path.empty()) {
    result.value = FixValue{};
    place(result.value, use->path, value);
  }
  return result;
}

/// Members that the call gives to a variable as false, and that the resource reads: { enabled = false }.
std::vector<FixValue> switched_on(const std::vector<Use>& uses, std::string_view variable,
                                  const WantedResource& wanted) {
  std::vector<FixValue> result;
  const hcl::Attribute* given = wanted.call == nullptr ? nullptr : wanted.call->body->attribute(variable);
  if (given == nullptr || given->expression->kind != ExpressionKind::kObject) {
    return result;
  }
  for (const hcl::ObjectItem& item : as<hcl::ObjectExpression>(*given->expression).items) {
    const bool off = item.value->kind == ExpressionKind::kBool && !as<hcl::BoolLiteral>(*item.value).value;
    const std::optional<std::string_view> name = hcl::literal_key(item);
    const Path path{name.value_or("")};
    if (off && name && std::find(uses.begin(), uses.end(), Use{variable, path}) != uses.end()) {
      FixValue yes;
      yes.plain = "true";
      place(result.emplace_back(), path, yes);
    }
  }
  return result;
}

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

/// The statements of a module's policy documents that variables switch on, with what they test.
class SwitchedStatements {
 public:
  SwitchedStatements(const std::vector<const hcl::Block*>& blocks, const Names& names, const std::string& conditions) {
    const std::vector<std::string> wanted = words_of(conditions);
    for (const hcl::Block* block : blocks) {
      if (block->type != "data" || block->labels.empty() || block->labels.front().text() != "aws_iam_policy_document") {
        continue;
      }
      const std::vector<Use> whole = Uses(names, *block, true).all();
      for (const hcl::Block& statement : block->body->blocks) {
        std::vector<Use> uses = statement.type == "dynamic" ? Uses(names, statement, true).all() : std::vector<Use>();
        uses.insert(uses.end(), whole.begin(), whole.end());
        Tested tested;
        if (!uses.empty()) {
          add_conditions(*statement.body, tested);
        }
        if (!tested.words.empty()) {
          statements_.push_back({std::move(uses), tested.open || std::ranges::includes(tested.words, wanted)});
        }
      }
    }
  }

  /// May the variable be a switch for statements with the conditions? Where it is seen which statements it makes, one
  /// of them must have them.
  [[nodiscard]] bool may_make(std::string_view variable) const {
    bool seen = false;
    for (const Switched& statement : statements_) {
      if (std::ranges::find(statement.uses, variable, &Use::variable) != statement.uses.end()) {
        if (statement.fits) {
          return true;
        }
        seen = true;
      }
    }
    return !seen;
  }

 private:
  struct Switched {
    std::vector<Use> uses;
    bool fits = false;  ///< it may have the conditions
  };

  std::vector<Switched> statements_;
};

}  // namespace

std::vector<ModuleArgument> arguments_for(FixSyntax& syntax, std::string_view directory, const WantedResource& wanted,
                                          const Switches& which) {
  const hcl::Block* resource = syntax.declaration(directory, wanted.type, wanted.name);
  if (resource == nullptr) {
    return {};
  }
  const std::vector<const hcl::Block*>& blocks = syntax.blocks(directory);
  const Names names(blocks);
  const std::vector<Use> uses = Uses(names, *resource, false).all();
  std::vector<ModuleArgument> result;
  const auto add = [&](std::string_view variable, FixValue value, bool guessed) {
    if (std::ranges::find(result, variable, &ModuleArgument::variable) == result.end()) {
      result.push_back({std::string(variable), std::move(value), guessed});
    }
  };
  if (auto argument = taken(*resource, wanted)) {
    result.push_back(std::move(*argument));
  }
  std::vector<ModuleArgument> switched;
  std::set<std::string_view> looked_at;
  for (const Use& use : uses) {
    auto value = looked_at.insert(use.variable).second ? mirrored(uses, use.variable, wanted) : std::nullopt;
    if (!value) {
      continue;
    }
    if (std::ranges::find(result, use.variable, &ModuleArgument::variable) == result.end()) {
      for (FixValue& on : switched_on(uses, use.variable, wanted)) {
        switched.push_back({std::string(use.variable), std::move(on), false});
      }
    }
    const hcl::Block* declaration = names.variable(use.variable);
    const hcl::Attribute* fallback = declaration == nullptr ? nullptr : declaration->body->attribute("default");
    if (fallback != nullptr && fallback->expression->kind == ExpressionKind::kTuple) {
      FixValue list;
      list.kind = FixValue::Kind::kList;
      list.elements.push_back(std::move(*value));
      value = std::move(list);
    }
    add(use.variable, std::move(*value), false);
  }
  result.insert(result.begin(), switched.begin(), switched.end());
  std::vector<std::pair<std::size_t, std::string_view>> switches;
  const std::vector<std::string> words = words_of(std::string(wanted.type) + " " + wanted.text);
  const auto shared = [&](std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        words_of(text), [&](const std::string& word) { return std::ranges::binary_search(words, word); }));
  };
  const std::vector<Use> taking =
      wanted.judged == nullptr ? std::vector<Use>() : Uses(names, *wanted.judged, true).all();
  std::optional<SwitchedStatements> statements;  // read when a switch may be one for them
  for (const Use& use : which.of_existence ? Uses(names, *resource, true).all() : std::vector<Use>(uses)) {
    const bool tried = use.path.empty() && std::ranges::find(taking, use.variable, &Use::variable) == taking.end();
    const hcl::Block* declaration = tried ? names.variable(use.variable) : nullptr;
    if (declaration != nullptr && is_switch(*declaration)) {
      // The name says more than what is told about it.
      const std::size_t points = 2 * shared(use.variable) + shared(description_of(*declaration));
      if (points < which.least_points) {
        continue;
      }
      if (!statements && !wanted.conditions.empty()) {
        statements.emplace(blocks, names, wanted.conditions);
      }
      if (!statements || statements->may_make(use.variable)) {
        switches.emplace_back(points, use.variable);
      }
    }
  }
  std::stable_sort(switches.begin(), switches.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr std::size_t kMost = 3;  // each has to be tried with an analysis of its own
  switches.resize(std::min(switches.size(), kMost));
  for (const auto& [points, variable] : switches) {
    FixValue yes;
    yes.plain = "true";
    add(variable, std::move(yes), true);
  }
  return result;
}

}  // namespace gabion::engine
