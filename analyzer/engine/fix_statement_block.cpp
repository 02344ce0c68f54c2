#include <algorithm>
#include <array>

#include "engine/fix_statement.h"
#include "engine/fix_text.h"
#include "iam/text.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using findings::Edit;

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

/// The other way round: what IAM reads.
std::string without_ampersands(std::string text) {
  for (std::size_t at = text.find("&{"); at != std::string::npos; at = text.find("&{", at)) {
    text[at] = '$';
  }
  return text;
}

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
    for (auto* list : {&change.set, &change.add, &change.remove, &change.replace}) {
      for (auto& [element, value] : *list) {
        with_ampersands(value);
      }
    }
    for (const auto& [element, value] : change.remove) {
      if (!remove(element, value)) {
        return false;
      }
    }
    for (const auto& [element, value] : change.replace) {
      if (!replace(element, value)) {
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
      return nested.type == "dynamic" && !nested.labels.empty() && nested.labels.front().text() == type;
    });
  }
  /// Of an argument of the statement, or of one of a block in it.
  [[nodiscard]] std::string printed(const FixValue& value, bool in_block = false) const {
    FixStyle style;
    style.step = indentation_step(artifact_.bytes());
    style.newline = newline_near(artifact_.bytes(), block_.region.begin);
    style.indent = std::string(indentation_at(artifact_.bytes(), block_.region.begin)) + style.step;
    style.indent += in_block ? style.step : "";
    return print(value, style).value_or("null");
  }
  void drop(const hcl::Block& nested) { edits_.push_back({removal_region(artifact_, nested.region), ""}); }

  void insert_block(std::string_view element, std::string_view first, std::string_view second, const FixValue& values) {
    NewBlock fresh;
    fresh.type = std::string(block_type(element));
    if (element == "Condition") {
      fresh.attributes = {{"test", printed(FixValue::of_text(first))},
                          {"variable", printed(FixValue::of_text(second))},
                          {"values", printed(as_list(values), true)}};
    } else {
      fresh.attributes = {{"type", printed(FixValue::of_text(first))}, {"identifiers", printed(as_list(values), true)}};
    }
    body_.insert_blocks({std::move(fresh)});
  }

  bool set_attribute(std::string_view name, const FixValue& value, bool replace) {
    const bool list = name != "sid" && name != "effect";
    const FixValue written = list ? as_list(value) : value;
    const hcl::Attribute* attribute = block_.body->attribute(name);
    if (attribute == nullptr) {
      const std::string opposite = name.starts_with("not_") ? std::string(name.substr(4)) : "not_" + std::string(name);
      const hcl::Attribute* other = replace ? block_.body->attribute(opposite) : nullptr;
      if (other == nullptr) {
        body_.insert_attributes({{std::string(name), printed(written)}});
      } else {
        edits_.push_back({other->name_region(), std::string(name)});
        edits_.push_back({other->expression->region, printed(written)});
      }
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

  bool replace_in(const FixNode& node, const FixValue& replacements) {
    const FixValue* fresh =
        node.kind == FixNode::Kind::kText ? replacement(replacements, without_ampersands(node.text)) : nullptr;
    bool any = fresh != nullptr && tree_.replace(node, *fresh, edits_);
    for (const FixNode& element : node.elements) {
      any = replace_in(element, replacements) || any;
    }
    return any;
  }

  /// Texts of the element that are named become what they are to be; false when none is named.
  bool replace(std::string_view element, const FixValue& replacements) {
    if (const std::string_view name = attribute_of(element); !name.empty()) {
      const auto spot = node(block_, name);
      return spot && replace_in(*spot->node, replacements);
    }
    bool any = false;
    for (const hcl::Block& nested : block_.body->blocks) {
      if (nested.type != block_type(element)) {
        continue;
      }
      for (const std::string_view name : {"test", "variable", "values", "type", "identifiers"}) {
        const auto spot = node(nested, name);
        any = (spot && replace_in(*spot->node, replacements)) || any;
      }
    }
    return any;
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
        if (nested.type == block_type(element) || nested.type == block_type(opposite_of(element))) {
          old.push_back(&nested);
        }
      }
      if (old.size() == 1 && old[0]->type == block_type(element) && value.members.size() == 1) {
        const auto type = node(*old[0], "type");
        const auto ids = node(*old[0], "identifiers");
        if (!type || !ids) {
          return false;
        }
        return (type->node->text == value.members[0].name ||
                tree_.replace(*type->node, FixValue::of_text(value.members[0].name), edits_)) &&
               tree_.replace(*ids->node, as_list(value.members[0].value), edits_);
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
      bool whole = attribute != nullptr && is_whole(value);
      if (!whole && (attribute == nullptr || !spot || !remove_from_list(*spot->node, value, whole))) {
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
      if (is_whole(value)) {
        drop(nested);
        any = true;
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

}  // namespace

NewBlock statement_block(FixValue statement, const FixStyle& style) {
  with_ampersands(statement);
  order_statement(statement);
  FixStyle in_block = style;
  in_block.indent += style.step;
  const auto text = [&](const FixValue& value) { return print(value, style).value_or("null"); };
  const auto inner_list = [&](const FixValue& value) { return print(as_list(value), in_block).value_or("null"); };
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
                                   {"values", inner_list(values)}},
                                  {}});
        }
      }
    } else {
      const std::string type = element == "Principal" ? "principals" : "not_principals";
      if (value.kind == FixValue::Kind::kText) {
        block.blocks.push_back({type, {{"type", "\"*\""}, {"identifiers", inner_list(value)}}, {}});
      }
      for (const auto& [kind, ids] : value.members) {
        block.blocks.push_back({type, {{"type", text(FixValue::of_text(kind))}, {"identifiers", inner_list(ids)}}, {}});
      }
    }
  }
  return block;
}

bool change_block(const source::Artifact& artifact, const hcl::Block& block, const PolicyChange& change,
                  FixSyntax& syntax, std::vector<Edit>& edits) {
  return BlockStatement(artifact, block, syntax, edits).apply(change);
}

}  // namespace gabion::engine
