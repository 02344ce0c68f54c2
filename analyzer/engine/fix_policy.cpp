#include "engine/fix_policy.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/fix_text.h"
#include "engine/layout.h"
#include "engine/trace.h"
#include "iam/text.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using findings::Edit;
using source::Region;

/// Elements of a statement as attributes of a statement block.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kAttributes = {
    {{"Sid", "sid"},
     {"Effect", "effect"},
     {"Action", "actions"},
     {"NotAction", "not_actions"},
     {"Resource", "resources"},
     {"NotResource", "not_resources"}}};

std::string_view attribute_of(std::string_view element) {
  for (const auto& [name, attribute] : kAttributes) {
    if (name == element) {
      return attribute;
    }
  }
  return {};
}

/// The entries of a value: elements of a list, or the value itself.
std::vector<FixValue> entries(const FixValue& value) {
  return value.kind == FixValue::Kind::kList ? value.elements : std::vector<FixValue>{value};
}

FixValue as_list(const FixValue& value) {
  FixValue list;
  list.kind = FixValue::Kind::kList;
  list.elements = entries(value);
  return list;
}

/// Does an entry to take out name this text? Action names are compared without regard to case.
bool names(const FixValue& wanted, std::string_view text) {
  for (const FixValue& entry : entries(wanted)) {
    const auto literal = entry.literal();
    if (literal && iam::equal_folded(*literal, text)) {
      return true;
    }
  }
  return false;
}

/// A condition to take out: by its key, or {operator, key}.
bool names_condition(const FixValue& wanted, std::string_view op, std::string_view key) {
  for (const FixValue& entry : entries(wanted)) {
    if (entry.kind == FixValue::Kind::kText) {
      const auto literal = entry.literal();
      if (literal && iam::equal_folded(*literal, key)) {
        return true;
      }
      continue;
    }
    bool same_operator = true;
    bool same_key = false;
    for (const auto& [name, value] : entry.members) {
      const std::string literal = value.literal().value_or("");
      same_operator = name == "operator" ? literal == op : same_operator;
      same_key = name == "key" ? iam::equal_folded(literal, key) : same_key;
    }
    if (same_key && same_operator) {
      return true;
    }
  }
  return false;
}

/// IAM's policy variables in the notation of the data source, where "${" would be Terraform's.
void with_ampersands(FixValue& value) {
  for (FixPiece& piece : value.pieces) {
    if (!piece.is_reference) {
      for (std::size_t at = piece.text.find("${"); at != std::string::npos; at = piece.text.find("${", at)) {
        piece.text[at] = '&';
      }
    }
  }
  for (FixValue& element : value.elements) {
    with_ampersands(element);
  }
  for (auto& [name, member] : value.members) {
    with_ampersands(member);
  }
}

// ---- Statements that are objects. ----

class ObjectStatement {
 public:
  ObjectStatement(const TreeEditor& editor, const FixNode& statement, std::vector<Edit>& edits)
      : editor_(editor), statement_(statement), edits_(edits) {}

  bool apply(const PolicyChange& change) {
    std::vector<std::size_t> gone;
    for (const auto& [element, value] : change.remove) {
      bool whole = false;
      if (!remove(element, value, whole)) {
        return false;
      }
      if (whole) {
        gone.push_back(position(element));
      }
    }
    for (const auto& [element, value] : change.set) {
      if (!(element == "Condition" ? set_conditions(value) : set(element, value))) {
        return false;
      }
    }
    for (const auto& [element, value] : change.add) {
      if (!add(element, value)) {
        return false;
      }
    }
    return gone.empty() || editor_.remove(statement_, gone, edits_);
  }

 private:
  [[nodiscard]] std::size_t position(std::string_view element) const {
    for (std::size_t i = 0; i < statement_.items.size(); ++i) {
      if (statement_.items[i].key == element) {
        return i;
      }
    }
    return statement_.items.size();
  }

  bool set(std::string_view element, const FixValue& value) {
    const FixItem* item = statement_.item(element);
    return item == nullptr ? editor_.add_member(statement_, element, value, edits_)
                           : editor_.replace(*item->value, value, edits_);
  }

  bool set_conditions(const FixValue& value) {
    const FixItem* item = statement_.item("Condition");
    if (item == nullptr) {
      return editor_.add_member(statement_, "Condition", value, edits_);
    }
    if (item->value->kind != FixNode::Kind::kObject) {
      return false;
    }
    for (const auto& [op, keys] : value.members) {
      for (const auto& [key, values] : keys.members) {
        if (!set_condition(*item->value, op, key, values)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Afterwards `op` is the only operator that tests the key.
  bool set_condition(const FixNode& conditions, std::string_view op, std::string_view key, const FixValue& values) {
    const FixItem* target = conditions.item(op);
    const FixItem* present = nullptr;
    bool renamed = false;
    for (std::size_t i = 0; i < conditions.items.size(); ++i) {
      const FixItem& other = conditions.items[i];
      if (other.value->kind != FixNode::Kind::kObject) {
        return false;
      }
      for (std::size_t j = 0; j < other.value->items.size(); ++j) {
        if (!iam::equal_folded(other.value->items[j].key, key)) {
          continue;
        }
        if (&other == target) {
          present = &other.value->items[j];
        } else if (target == nullptr && !renamed && other.value->items.size() == 1) {
          // The same test by another operator: it gets the right name.
          if (!editor_.rename(other, op, edits_) || !set_values(other.value->items[j], values)) {
            return false;
          }
          renamed = true;
        } else if (!(other.value->items.size() == 1 ? editor_.remove(conditions, {i}, edits_)
                                                    : editor_.remove(*other.value, {j}, edits_))) {
          return false;
        }
      }
    }
    if (renamed) {
      return true;
    }
    if (present != nullptr) {
      return set_values(*present, values);
    }
    return add_condition(conditions, op, key, values);
  }

  bool set_values(const FixItem& item, const FixValue& values) {
    const auto wanted = values.literal();
    if (item.value->kind == FixNode::Kind::kText && wanted && item.value->text == *wanted) {
      return true;
    }
    if (item.value->kind == FixNode::Kind::kPlain && wanted && item.value->text == *wanted) {
      return true;
    }
    return editor_.replace(*item.value, values, edits_);
  }

  bool add_condition(const FixNode& conditions, std::string_view op, std::string_view key, const FixValue& values) {
    const FixItem* target = conditions.item(op);
    if (target != nullptr) {
      const FixItem* present = target->value->item(key);
      return present == nullptr ? editor_.add_member(*target->value, key, values, edits_)
                                : editor_.add_elements(*present->value, entries(values), edits_);
    }
    FixValue tests;
    tests.kind = FixValue::Kind::kObject;
    tests.members.emplace_back(std::string(key), values);
    return editor_.add_member(conditions, op, tests, edits_);
  }

  bool add(std::string_view element, const FixValue& value) {
    const FixItem* item = statement_.item(element);
    if (item == nullptr) {
      return editor_.add_member(statement_, element, value, edits_);
    }
    if (element == "Condition") {
      if (item->value->kind != FixNode::Kind::kObject) {
        return false;
      }
      for (const auto& [op, keys] : value.members) {
        for (const auto& [key, values] : keys.members) {
          if (!add_condition(*item->value, op, key, values)) {
            return false;
          }
        }
      }
      return true;
    }
    if (element == "Principal" || element == "NotPrincipal") {
      if (item->value->kind != FixNode::Kind::kObject) {
        return false;
      }
      for (const auto& [type, ids] : value.members) {
        const FixItem* known = item->value->item(type);
        if (!(known == nullptr ? editor_.add_member(*item->value, type, ids, edits_)
                               : editor_.add_elements(*known->value, entries(ids), edits_))) {
          return false;
        }
      }
      return true;
    }
    return editor_.add_elements(*item->value, entries(value), edits_);
  }

  /// Entries of a list or a single value that are named; `whole` when nothing would be left.
  bool remove_entries(const FixNode& node, const FixValue& wanted, bool& whole) {
    if (node.kind == FixNode::Kind::kText) {
      whole = names(wanted, node.text);
      return true;
    }
    if (node.kind != FixNode::Kind::kList) {
      return false;
    }
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
      if (node.elements[i].kind == FixNode::Kind::kText && names(wanted, node.elements[i].text)) {
        which.push_back(i);
      }
    }
    whole = which.size() == node.elements.size();
    return whole || which.empty() || editor_.remove(node, which, edits_);
  }

  /// Members of an object whose values lose entries; `whole` when none is left.
  template <class Each>
  bool remove_members(const FixNode& object, bool& whole, const Each& each) {
    if (object.kind != FixNode::Kind::kObject) {
      return false;
    }
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < object.items.size(); ++i) {
      bool all = false;
      if (!each(object.items[i], all)) {
        return false;
      }
      if (all) {
        which.push_back(i);
      }
    }
    whole = which.size() == object.items.size();
    return whole || which.empty() || editor_.remove(object, which, edits_);
  }

  bool remove(std::string_view element, const FixValue& value, bool& whole) {
    const FixItem* item = statement_.item(element);
    if (item == nullptr) {
      return false;
    }
    if (element == "Condition") {
      return remove_members(*item->value, whole, [&](const FixItem& op, bool& all) {
        return remove_members(*op.value, all, [&](const FixItem& key, bool& gone) {
          gone = names_condition(value, op.key, key.key);
          return true;
        });
      });
    }
    if (element == "Principal" || element == "NotPrincipal") {
      return remove_members(*item->value, whole, [&](const FixItem& type, bool& all) {
        for (const auto& [name, ids] : value.members) {
          if (name == type.key) {
            return remove_entries(*type.value, ids, all);
          }
        }
        return true;
      });
    }
    return remove_entries(*item->value, value, whole);
  }

  const TreeEditor& editor_;
  const FixNode& statement_;
  std::vector<Edit>& edits_;
};

// ---- Statements that are blocks. ----

class BlockStatement {
 public:
  BlockStatement(const source::Artifact& artifact, const hcl::Block& block, FixSyntax& syntax, std::vector<Edit>& edits)
      : artifact_(artifact),
        tree_(artifact, Notation::kHcl),
        block_(block),
        body_(artifact, block),
        syntax_(syntax),
        edits_(edits) {}

  bool apply(PolicyChange change) {
    for (auto* list : {&change.set, &change.add, &change.remove}) {
      for (auto& [element, value] : *list) {
        with_ampersands(value);
      }
    }
    for (const auto& [element, value] : change.remove) {
      if (!remove(element, value)) {
        return false;
      }
    }
    for (const auto& [element, value] : change.set) {
      if (!set(element, value, true)) {
        return false;
      }
    }
    for (const auto& [element, value] : change.add) {
      if (!set(element, value, false)) {
        return false;
      }
    }
    for (Edit& edit : body_.finish()) {
      edits_.push_back(std::move(edit));
    }
    return true;
  }

 private:
  static std::string_view block_type(std::string_view element) {
    return element == "Principal" ? "principals" : element == "NotPrincipal" ? "not_principals" : "condition";
  }

  [[nodiscard]] std::optional<FixSpot> node(const hcl::Block& block, std::string_view name) const {
    const hcl::Attribute* attribute = block.body->attribute(name);
    return attribute == nullptr ? std::nullopt : syntax_.find(attribute->expression->region);
  }
  [[nodiscard]] std::string text(const hcl::Block& block, std::string_view name) const {
    const auto spot = node(block, name);
    return spot && spot->node->kind == FixNode::Kind::kText ? spot->node->text : std::string();
  }
  [[nodiscard]] bool has_dynamic(std::string_view type) const {
    return std::any_of(block_.body->blocks.begin(), block_.body->blocks.end(), [&](const hcl::Block& nested) {
      return nested.type == "dynamic" && !nested.labels.empty() && nested.labels.front().text == type;
    });
  }
  [[nodiscard]] std::string printed(const FixValue& value) const {
    FixStyle style;
    style.step = indentation_step(artifact_.bytes());
    style.newline = newline_near(artifact_.bytes(), block_.region.begin);
    style.indent = std::string(indentation_at(artifact_.bytes(), block_.region.begin)) + style.step;
    return print(value, style).value_or("null");
  }
  void drop(const hcl::Block& nested) { edits_.push_back({removal_region(artifact_, nested.region), ""}); }

  void insert_block(std::string_view element, std::string_view first, std::string_view second, const FixValue& values) {
    NewBlock fresh;
    fresh.type = std::string(block_type(element));
    if (element == "Condition") {
      fresh.attributes = {{"test", printed(FixValue::of_text(first))},
                          {"variable", printed(FixValue::of_text(second))},
                          {"values", printed(as_list(values))}};
    } else {
      fresh.attributes = {{"type", printed(FixValue::of_text(first))}, {"identifiers", printed(as_list(values))}};
    }
    body_.insert_blocks({std::move(fresh)});
  }

  bool set_attribute(std::string_view name, const FixValue& value, bool replace) {
    const bool list = name != "sid" && name != "effect";
    const FixValue written = list ? as_list(value) : value;
    const hcl::Attribute* attribute = block_.body->attribute(name);
    if (attribute == nullptr) {
      body_.insert_attributes({{std::string(name), printed(written)}});
      return true;
    }
    const auto spot = syntax_.find(attribute->expression->region);
    if (!spot) {
      if (replace) {
        edits_.push_back({attribute->expression->region, printed(written)});
      }
      return replace;
    }
    return replace ? tree_.replace(*spot->node, written, edits_)
                   : tree_.add_elements(*spot->node, entries(value), edits_);
  }

  bool set(std::string_view element, const FixValue& value, bool replace) {
    if (const std::string_view name = attribute_of(element); !name.empty()) {
      return set_attribute(name, value, replace);
    }
    if (has_dynamic(block_type(element))) {
      return false;
    }
    if (element == "Condition") {
      for (const auto& [op, keys] : value.members) {
        for (const auto& [key, values] : keys.members) {
          if (!set_condition(op, key, values, replace)) {
            return false;
          }
        }
      }
      return true;
    }
    return set_principals(element, value, replace);
  }

  bool set_condition(std::string_view op, std::string_view key, const FixValue& values, bool replace) {
    bool done = false;
    for (const hcl::Block& nested : block_.body->blocks) {
      if (nested.type != "condition" || !iam::equal_folded(text(nested, "variable"), key)) {
        continue;
      }
      const auto test = node(nested, "test");
      const auto list = node(nested, "values");
      if (!replace) {
        if (text(nested, "test") == op && list) {
          done = tree_.add_elements(*list->node, entries(values), edits_);
        }
        continue;
      }
      if (done) {
        drop(nested);
        continue;
      }
      if (!test || !list) {
        return false;
      }
      if (text(nested, "test") != op && !tree_.replace(*test->node, FixValue::of_text(op), edits_)) {
        return false;
      }
      const auto wanted = values.literal();
      const bool same = wanted && list->node->elements.size() == 1 && list->node->elements[0].text == *wanted;
      if (!same && !tree_.replace(*list->node, as_list(values), edits_)) {
        return false;
      }
      done = true;
    }
    if (!done) {
      insert_block("Condition", op, key, values);
    }
    return true;
  }

  bool set_principals(std::string_view element, const FixValue& value, bool replace) {
    if (value.kind != FixValue::Kind::kObject) {
      return false;
    }
    if (replace) {
      // One block before and one after: its contents change. Otherwise all go and new ones come.
      std::vector<const hcl::Block*> old;
      for (const hcl::Block& nested : block_.body->blocks) {
        if (nested.type == block_type(element)) {
          old.push_back(&nested);
        }
      }
      if (old.size() == 1 && value.members.size() == 1) {
        const auto type = node(*old[0], "type");
        const auto ids = node(*old[0], "identifiers");
        if (!type || !ids) {
          return false;
        }
        return (type->node->text == value.members[0].first ||
                tree_.replace(*type->node, FixValue::of_text(value.members[0].first), edits_)) &&
               tree_.replace(*ids->node, as_list(value.members[0].second), edits_);
      }
      for (const hcl::Block* nested : old) {
        drop(*nested);
      }
    }
    for (const auto& [type, ids] : value.members) {
      bool done = false;
      for (const hcl::Block& nested : block_.body->blocks) {
        if (!replace && !done && nested.type == block_type(element) && text(nested, "type") == type) {
          const auto list = node(nested, "identifiers");
          if (!list || !tree_.add_elements(*list->node, entries(ids), edits_)) {
            return false;
          }
          done = true;
        }
      }
      if (!done) {
        insert_block(element, type, {}, ids);
      }
    }
    return true;
  }

  bool remove_from_list(const FixNode& list, const FixValue& wanted, bool& whole) {
    if (list.kind != FixNode::Kind::kList) {
      return false;
    }
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < list.elements.size(); ++i) {
      if (list.elements[i].kind == FixNode::Kind::kText && names(wanted, list.elements[i].text)) {
        which.push_back(i);
      }
    }
    whole = which.size() == list.elements.size();
    return whole || which.empty() || tree_.remove(list, which, edits_);
  }

  bool remove(std::string_view element, const FixValue& value) {
    if (const std::string_view name = attribute_of(element); !name.empty()) {
      const hcl::Attribute* attribute = block_.body->attribute(name);
      const auto spot = node(block_, name);
      bool whole = false;
      if (attribute == nullptr || !spot || !remove_from_list(*spot->node, value, whole)) {
        return false;
      }
      if (whole) {
        edits_.push_back({removal_region(artifact_, attribute->region), ""});
      }
      return true;
    }
    if (has_dynamic(block_type(element))) {
      return false;
    }
    bool any = false;
    for (const hcl::Block& nested : block_.body->blocks) {
      if (nested.type != block_type(element)) {
        continue;
      }
      if (element == "Condition") {
        if (names_condition(value, text(nested, "test"), text(nested, "variable"))) {
          drop(nested);
          any = true;
        }
        continue;
      }
      for (const auto& [type, ids] : value.members) {
        if (type != text(nested, "type")) {
          continue;
        }
        const auto list = node(nested, "identifiers");
        bool whole = false;
        if (!list || !remove_from_list(*list->node, ids, whole)) {
          return false;
        }
        if (whole) {
          drop(nested);
        }
        any = true;
      }
    }
    return any;
  }

  const source::Artifact& artifact_;
  TreeEditor tree_;
  const hcl::Block& block_;
  BodyEditor body_;
  FixSyntax& syntax_;
  std::vector<Edit>& edits_;
};

/// A statement as a block of the data source.
NewBlock statement_block(FixValue statement, const FixStyle& style) {
  with_ampersands(statement);
  order_statement(statement);
  const auto text = [&](const FixValue& value) { return print(value, style).value_or("null"); };
  NewBlock block;
  block.type = "statement";
  for (const auto& [element, value] : statement.members) {
    if (const std::string_view name = attribute_of(element); !name.empty()) {
      const bool list = name != "sid" && name != "effect";
      block.attributes.push_back({std::string(name), text(list ? as_list(value) : value)});
    } else if (element == "Condition") {
      for (const auto& [op, keys] : value.members) {
        for (const auto& [key, values] : keys.members) {
          block.blocks.push_back({"condition",
                                  {{"test", text(FixValue::of_text(op))},
                                   {"variable", text(FixValue::of_text(key))},
                                   {"values", text(as_list(values))}},
                                  {}});
        }
      }
    } else {
      const std::string type = element == "Principal" ? "principals" : "not_principals";
      if (value.kind == FixValue::Kind::kText) {
        block.blocks.push_back({type, {{"type", "\"*\""}, {"identifiers", text(as_list(value))}}, {}});
      }
      for (const auto& [kind, ids] : value.members) {
        block.blocks.push_back(
            {type, {{"type", text(FixValue::of_text(kind))}, {"identifiers", text(as_list(ids))}}, {}});
      }
    }
  }
  return block;
}

/// Where a statement is written.
struct StatementText {
  std::optional<FixSpot> object;          ///< as an object
  std::vector<const hcl::Block*> blocks;  ///< as a block, innermost last
};

class PolicyEditor {
 public:
  PolicyEditor(const iam::PolicyDocument& document, FixSyntax& syntax, const source::ArtifactStore& artifacts)
      : document_(document), syntax_(syntax), artifacts_(artifacts) {}

  std::vector<Edit> run(const std::vector<ChangedStatement>& changed, const std::vector<FixValue>& appended,
                        std::string& problem) {
    std::vector<StatementText> found;
    std::vector<Region> seen;
    found.reserve(changed.size());
    for (const ChangedStatement& one : changed) {
      if (one.index >= document_.statements.size()) {
        return {};
      }
      found.push_back(locate(document_.statements[one.index]));
      const StatementText& text = found.back();
      // Statements that one text makes (a dynamic block, a shared local) are changed once.
      const Region written =
          text.object ? text.object->node->region : (text.blocks.empty() ? Region{} : text.blocks.back()->region);
      if (written.valid() && std::find(seen.begin(), seen.end(), written) != seen.end()) {
        continue;
      }
      seen.push_back(written);
      if (!text.object && text.blocks.empty()) {
        problem = "the statement is not written as data that can be edited";
        return {};
      }
      if (one.change.drop) {
        if (!drop(text)) {
          problem = "the statement cannot be taken out where it is written";
          return {};
        }
        continue;
      }
      const bool done = text.object ? change_object(text, one.change) : change_block(text, one.change);
      if (!done) {
        problem = "the statement is written in a way that cannot be edited";
        return {};
      }
    }
    if (!appended.empty() && !append(appended)) {
      problem = "no place to add a statement was found";
      return {};
    }
    return std::move(edits_);
  }

 private:
  StatementText locate(const iam::Statement& statement) {
    StatementText result;
    std::vector<Region> places;
    if (const eval::Origin* written = last_written(statement.origin, artifacts_); written != nullptr) {
      places.push_back(written->region);
    }
    places.push_back(statement.region);
    for (const Region place : places) {
      if (!syntax_.editable(place)) {
        continue;
      }
      if (auto spot = syntax_.find(place); spot && spot->node->kind == FixNode::Kind::kObject) {
        result.object = std::move(spot);
        return result;
      }
      if (auto path = syntax_.block(place); !path.empty()) {
        result.blocks = std::move(path);
        return result;
      }
      // Regions of text that was read through escapes are wider: the statement is found by its position.
      if (auto spot = syntax_.around(place); spot) {
        const FixItem* list = spot->root->item("Statement");
        if (list != nullptr && list->value->kind == FixNode::Kind::kList &&
            list->value->elements.size() == document_.statements.size()) {
          const FixNode& node = list->value->elements[statement.index];
          if (auto inner = syntax_.find(node.region); inner && inner->node->kind == FixNode::Kind::kObject) {
            result.object = std::move(inner);
            return result;
          }
        }
      }
    }
    return result;
  }

  bool change_object(const StatementText& text, const PolicyChange& change) {
    const TreeEditor editor(artifacts_.get(text.object->node->region.artifact), text.object->notation);
    return ObjectStatement(editor, *text.object->node, edits_).apply(change);
  }

  /// The block that holds the statement's attributes.
  static const hcl::Block* content(const StatementText& text) {
    const hcl::Block* block = text.blocks.back();
    if (block->type != "dynamic") {
      return block->type == "statement" || block->type == "content" ? block : nullptr;
    }
    for (const hcl::Block& nested : block->body->blocks) {
      if (nested.type == "content") {
        return &nested;
      }
    }
    return nullptr;
  }

  bool change_block(const StatementText& text, const PolicyChange& change) {
    const hcl::Block* block = content(text);
    return block != nullptr &&
           BlockStatement(artifacts_.get(block->region.artifact), *block, syntax_, edits_).apply(change);
  }

  bool drop(const StatementText& text) {
    if (!text.blocks.empty()) {
      const hcl::Block& block = *text.blocks.back();
      edits_.push_back({removal_region(artifacts_.get(block.region.artifact), block.region), ""});
      return block.type == "statement";
    }
    if (text.object->around.empty() || text.object->around.back()->kind != FixNode::Kind::kList) {
      return false;
    }
    const FixNode& list = *text.object->around.back();
    for (std::size_t i = 0; i < list.elements.size(); ++i) {
      if (&list.elements[i] == text.object->node) {
        const TreeEditor editor(artifacts_.get(list.region.artifact), text.object->notation);
        return editor.remove(list, {i}, edits_);
      }
    }
    return false;
  }

  bool append(const std::vector<FixValue>& statements) {
    // Behind the last statement whose list can be edited.
    for (auto statement = document_.statements.rbegin(); statement != document_.statements.rend(); ++statement) {
      const StatementText text = locate(*statement);
      if (text.object) {
        const FixNode* list = text.object->node;
        if (!text.object->around.empty() && text.object->around.back()->kind == FixNode::Kind::kList) {
          list = text.object->around.back();
        } else if (text.object->around.empty()) {
          continue;
        }
        std::vector<FixValue> ordered = statements;
        std::for_each(ordered.begin(), ordered.end(), order_statement);
        const TreeEditor editor(artifacts_.get(list->region.artifact), text.object->notation);
        return editor.add_elements(*list, ordered, edits_);
      }
      if (text.blocks.size() >= 2) {
        const hcl::Block& owner = *text.blocks[text.blocks.size() - (text.blocks.back()->type == "content" ? 3 : 2)];
        const source::Artifact& artifact = artifacts_.get(owner.region.artifact);
        BodyEditor editor(artifact, owner);
        FixStyle style;
        style.step = indentation_step(artifact.bytes());
        style.newline = newline_near(artifact.bytes(), owner.region.begin);
        style.indent = std::string(indentation_at(artifact.bytes(), text.blocks.back()->region.begin)) + style.step;
        for (const FixValue& one : statements) {
          editor.insert_blocks({statement_block(one, style)});
        }
        for (Edit& edit : editor.finish()) {
          edits_.push_back(std::move(edit));
        }
        return true;
      }
    }
    return append_to_document(statements);
  }

  /// The list in the document itself, when its statements come from elsewhere or there are none.
  bool append_to_document(const std::vector<FixValue>& statements) {
    std::vector<Region> places;
    if (const eval::Origin* written = last_written(document_.origin, artifacts_); written != nullptr) {
      places.push_back(written->region);
    }
    places.push_back(document_.region);
    for (const Region place : places) {
      const auto spot = syntax_.around(place);
      const FixItem* list = spot ? spot->node->item("Statement") : nullptr;
      if (list != nullptr && list->value->kind == FixNode::Kind::kList) {
        std::vector<FixValue> ordered = statements;
        std::for_each(ordered.begin(), ordered.end(), order_statement);
        const TreeEditor editor(artifacts_.get(place.artifact), spot->notation);
        return editor.add_elements(*list->value, ordered, edits_);
      }
    }
    return false;
  }

  const iam::PolicyDocument& document_;
  FixSyntax& syntax_;
  const source::ArtifactStore& artifacts_;
  std::vector<Edit> edits_;
};

}  // namespace

std::vector<findings::Edit> edit_policy(const iam::PolicyDocument& document,
                                        const std::vector<ChangedStatement>& changed,
                                        const std::vector<FixValue>& appended, FixSyntax& syntax,
                                        const source::ArtifactStore& artifacts, std::string& problem) {
  return PolicyEditor(document, syntax, artifacts).run(changed, appended, problem);
}

}  // namespace gabion::engine
