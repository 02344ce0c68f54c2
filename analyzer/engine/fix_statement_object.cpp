#include <algorithm>
#include <array>

#include "engine/fix_statement.h"
#include "iam/text.h"

namespace gabion::engine {
namespace {

using findings::Edit;

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
    for (const auto& [element, value] : change.replace) {
      const FixItem* item = statement_.item(element);
      if (item == nullptr || !replace(*item->value, value)) {
        return false;
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
    if (item != nullptr) {
      return editor_.replace(*item->value, value, edits_);
    }
    // NotAction and the like give way: a statement has one of the two.
    const FixItem* opposite = statement_.item(opposite_of(element));
    return opposite == nullptr
               ? editor_.add_member(statement_, element, value, edits_)
               : editor_.rename(*opposite, element, edits_) && editor_.replace(*opposite->value, value, edits_);
  }

  /// Texts and keys anywhere in the element that are named become what they are to be; false when none is named.
  bool replace(const FixNode& node, const FixValue& replacements) {
    bool any = false;
    if (node.kind == FixNode::Kind::kText) {
      const FixValue* fresh = replacement(replacements, node.text);
      return fresh != nullptr && editor_.replace(node, *fresh, edits_);
    }
    for (const FixNode& element : node.elements) {
      any = replace(element, replacements) || any;
    }
    for (const FixItem& item : node.items) {
      const FixValue* fresh = replacement(replacements, item.key);
      const auto key = fresh == nullptr ? std::nullopt : fresh->literal();
      any = (key && editor_.rename(item, *key, edits_)) || any;
      any = replace(*item.value, replacements) || any;
    }
    return any;
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
    if (is_whole(value)) {
      whole = true;
      return true;
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

}  // namespace

std::vector<FixValue> entries(const FixValue& value) {
  return value.kind == FixValue::Kind::kList ? value.elements : std::vector<FixValue>{value};
}

FixValue as_list(const FixValue& value) {
  FixValue list;
  list.kind = FixValue::Kind::kList;
  list.elements = entries(value);
  return list;
}

bool names(const FixValue& wanted, std::string_view text) {
  for (const FixValue& entry : entries(wanted)) {
    const auto literal = entry.literal();
    if (literal && iam::equal_folded(*literal, text)) {
      return true;
    }
  }
  return false;
}

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

bool is_whole(const FixValue& wanted) {
  return wanted.kind == FixValue::Kind::kPlain && wanted.plain == "true";
}

const FixValue* replacement(const FixValue& replacements, std::string_view text) {
  const auto found = std::find_if(replacements.members.begin(), replacements.members.end(),
                                  [&](const FixMember& one) { return one.name == text; });
  return found == replacements.members.end() ? nullptr : &found->value;
}

std::string_view opposite_of(std::string_view element) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOpposites = {
      {{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}}};
  for (const auto& [one, other] : kOpposites) {
    if (element == one || element == other) {
      return element == one ? other : one;
    }
  }
  return {};
}

bool change_object(const TreeEditor& editor, const FixNode& statement, const PolicyChange& change,
                   std::vector<findings::Edit>& edits) {
  return ObjectStatement(editor, statement, edits).apply(change);
}

}  // namespace gabion::engine
