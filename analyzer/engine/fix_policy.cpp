#include "engine/fix_policy.h"

#include <algorithm>

#include "engine/fix_statement.h"
#include "engine/fix_text.h"
#include "engine/layout.h"
#include "engine/trace.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using findings::Edit;
using source::Region;

/// Where a statement is written.
struct StatementText {
  std::optional<FixSpot> object;          ///< as an object
  std::vector<const hcl::Block*> blocks;  ///< as a block, innermost last

  [[nodiscard]] Region region() const {
    return object ? object->node->region : (blocks.empty() ? Region{} : blocks.back()->region);
  }
};

class PolicyEditor {
 public:
  PolicyEditor(const iam::PolicyDocument& document, FixSyntax& syntax, const source::ArtifactStore& artifacts)
      : document_(document), syntax_(syntax), artifacts_(artifacts) {}

  std::vector<Edit> run(DocumentChange change, std::string& problem) {
    std::vector<FixValue>& appended = change.appended;
    std::vector<StatementText> found;
    std::vector<Region> seen;
    found.reserve(change.changed.size());
    for (const ChangedStatement& one : change.changed) {
      if (one.index >= document_.statements.size()) {
        return {};
      }
      found.push_back(locate(document_.statements[one.index]));
      const StatementText& text = found.back();
      // Statements that one text makes (a dynamic block, a for expression) are changed once, if they are all to be
      // changed in the same way.
      const Region written = text.region();
      if (written.valid() && std::find(seen.begin(), seen.end(), written) != seen.end()) {
        continue;
      }
      seen.push_back(written);
      appended.insert(appended.end(), one.change.split.begin(), one.change.split.end());
      if (!text.object && text.blocks.empty()) {
        problem = "the statement is not written as data that can be edited";
        return {};
      }
      if (!same_for_all(one, written, change.changed)) {
        problem = "the same text makes other statements of the policy, which this would change as well";
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
    if (change.version && !set_version(*change.version)) {
      problem = "the Version is not written where it can be edited";
      return {};
    }
    return std::move(edits_);
  }

 private:
  /// Is the change wanted of every statement that is written where this one is?
  bool same_for_all(const ChangedStatement& one, Region text, const std::vector<ChangedStatement>& changed) {
    const auto place = [&](const iam::Statement& statement) {
      const eval::Origin* written = last_written(statement.origin, artifacts_);
      return std::pair(written != nullptr ? written->region : Region{}, statement.region);
    };
    const auto own = place(document_.statements[one.index]);
    for (std::size_t i = 0; i < document_.statements.size(); ++i) {
      // Those of a text that was read through escapes have one place and are told apart where they are found.
      if (i == one.index || place(document_.statements[i]) != own || locate(document_.statements[i]).region() != text) {
        continue;
      }
      const auto other = std::find_if(changed.begin(), changed.end(),
                                      [&](const ChangedStatement& candidate) { return candidate.index == i; });
      if (other == changed.end() || other->change != one.change) {
        return false;
      }
    }
    return true;
  }

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
      if (by_position(statement, place, result)) {
        return result;
      }
    }
    for (const Region place : document_places()) {
      if (syntax_.editable(place) && by_position(statement, place, result)) {
        return result;
      }
    }
    return result;
  }

  /// Regions of text that was read through escapes are wider, or not known: the statement is found by its position.
  bool by_position(const iam::Statement& statement, Region place, StatementText& result) {
    auto spot = document_at(place);
    const FixItem* list = spot ? spot->root->item("Statement") : nullptr;
    if (list == nullptr) {
      return false;
    }
    const bool is_list = list->value->kind == FixNode::Kind::kList;
    if ((is_list ? list->value->elements.size() : 1) != document_.statements.size()) {
      return false;
    }
    auto inner = syntax_.find(is_list ? list->value->elements[statement.index].region : list->value->region);
    if (!inner || inner->node->kind != FixNode::Kind::kObject) {
      return false;
    }
    result.object = std::move(inner);
    return true;
  }

  bool change_object(const StatementText& text, const PolicyChange& change) {
    const TreeEditor editor(artifacts_, *text.object);
    return engine::change_object(editor, *text.object->node, change, edits_);
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
           engine::change_block(artifacts_.get(block->region.artifact), *block, change, syntax_, edits_);
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
        const TreeEditor editor(artifacts_, *text.object);
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
        const TreeEditor editor(artifacts_, *text.object);
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

  /// Where the document itself may be written, as against its statements.
  [[nodiscard]] std::vector<Region> document_places() const {
    std::vector<Region> places;
    if (const eval::Origin* written = last_written(document_.origin, artifacts_); written != nullptr) {
      places.push_back(written->region);
    }
    places.push_back(document_.region);
    return places;
  }

  [[nodiscard]] std::optional<FixSpot> document_at(Region place) const {
    auto spot = syntax_.around(place);
    return spot && spot->node->kind == FixNode::Kind::kObject ? spot : syntax_.within(place);
  }

  bool set_version(const FixValue& version) {
    for (const Region place : document_places()) {
      const auto spot = document_at(place);
      if (!spot || spot->node->kind != FixNode::Kind::kObject) {
        continue;
      }
      return set_version(*spot, *spot->node, version);
    }
    // Around the statements: the object that has them in a list, or the block of the data source.
    for (const iam::Statement& statement : document_.statements) {
      const StatementText text = locate(statement);
      if (text.object && !text.object->around.empty() && text.object->root->item("Statement") != nullptr) {
        return set_version(*text.object, *text.object->root, version);
      }
      if (!text.blocks.empty() && text.blocks.front()->type == "data") {
        const hcl::Block& owner = *text.blocks.front();
        const hcl::Attribute* present = owner.body->attribute("version");
        FixStyle style;
        const std::string written = print(version, style).value_or("null");
        if (present != nullptr) {
          edits_.push_back({present->expression->region, written});
          return true;
        }
        BodyEditor editor(artifacts_.get(owner.region.artifact), owner);
        editor.insert_attributes({{"version", written}});
        for (Edit& edit : editor.finish()) {
          edits_.push_back(std::move(edit));
        }
        return true;
      }
    }
    return false;
  }

  /// In the object that holds the document, which is the spot or around it.
  bool set_version(const FixSpot& spot, const FixNode& document, const FixValue& version) {
    const FixItem* present = document.item("Version");
    const TreeEditor editor(artifacts_, spot);
    return present != nullptr ? editor.replace(*present->value, version, edits_)
                              : editor.add_first(document, "Version", version, edits_);
  }

  /// The list in the document itself, when its statements come from elsewhere or there are none.
  bool append_to_document(const std::vector<FixValue>& statements) {
    for (const Region place : document_places()) {
      const auto spot = document_at(place);
      const FixItem* list = spot ? spot->node->item("Statement") : nullptr;
      if (list != nullptr && list->value->kind == FixNode::Kind::kList) {
        std::vector<FixValue> ordered = statements;
        std::for_each(ordered.begin(), ordered.end(), order_statement);
        const TreeEditor editor(artifacts_, *spot);
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

/// Elements of a statement, from an object as policy_statements() gives it.
std::vector<FixMember> elements_of(const FixValue& described) {
  const auto one_or_list = [](const FixValue& value) {
    return value.elements.size() == 1 ? value.elements.front() : value;
  };
  const auto member = [](const FixValue& object, std::string_view name) {
    const auto found =
        std::find_if(object.members.begin(), object.members.end(), [&](const auto& one) { return one.name == name; });
    return found == object.members.end() ? FixValue() : found->value;
  };
  std::vector<FixMember> result;
  for (const auto& [name, value] : described.members) {
    if (value.kind == FixValue::Kind::kPlain) {
      continue;  // null
    }
    FixValue object;
    object.kind = FixValue::Kind::kObject;
    if (name == "effect") {
      result.emplace_back("Effect", value);
    } else if (name == "actions" || name == "not_actions") {
      result.emplace_back(name == "actions" ? "Action" : "NotAction", one_or_list(value));
    } else if (name == "resources" || name == "not_resources") {
      result.emplace_back(name == "resources" ? "Resource" : "NotResource", one_or_list(value));
    } else if (name == "principals" || name == "not_principals") {
      for (const FixValue& type : value.elements) {
        const std::string key = member(type, "type").literal().value_or("");
        object.members.emplace_back(key, one_or_list(member(type, "identifiers")));
      }
      const bool anyone = object.members.size() == 1 && object.members[0].name == "*";
      result.emplace_back(name == "principals" ? "Principal" : "NotPrincipal",
                          anyone ? object.members[0].value : object);
    } else if (name == "conditions" && !value.elements.empty()) {
      for (const FixValue& test : value.elements) {
        const std::string op = member(test, "operator").literal().value_or("");
        auto known =
            std::find_if(object.members.begin(), object.members.end(), [&](const auto& one) { return one.name == op; });
        if (known == object.members.end()) {
          FixValue keys;
          keys.kind = FixValue::Kind::kObject;
          known = object.members.emplace(object.members.end(), op, keys);
        }
        known->value.members.emplace_back(member(test, "key").literal().value_or(""),
                                          one_or_list(member(test, "values")));
      }
      result.emplace_back("Condition", object);
    }
  }
  return result;
}

}  // namespace

bool PolicyChange::self_contained() const {
  const auto all = [](const std::vector<FixMember>& list) {
    return std::all_of(list.begin(), list.end(), [](const auto& one) { return one.value.self_contained(); });
  };
  return all(set) && all(add) && all(replace) &&
         std::all_of(split.begin(), split.end(), [](const FixValue& one) { return one.self_contained(); });
}

void split_off(const FixValue& part, const FixValue& described, PolicyChange& change) {
  const auto given = [&](std::string_view element) {
    return std::any_of(part.members.begin(), part.members.end(),
                       [&](const auto& one) { return one.name == element || "Not" + one.name == element; });
  };
  FixValue made;
  made.kind = FixValue::Kind::kObject;
  made.members = part.members;
  FixValue moved;
  moved.kind = FixValue::Kind::kList;
  bool all = false;
  bool same = false;  // the part names the actions as they are
  for (const auto& [element, value] : elements_of(described)) {
    if (element == "Action" && given(element)) {
      const auto action =
          std::find_if(part.members.begin(), part.members.end(), [](const auto& one) { return one.name == "Action"; });
      if (action != part.members.end()) {
        const std::vector<FixValue> old = entries(value);
        std::copy_if(old.begin(), old.end(), std::back_inserter(moved.elements),
                     [&](const FixValue& entry) { return entry.literal() && names(action->value, *entry.literal()); });
        all = moved.elements.size() == old.size();
        same = all && entries(action->value).size() == old.size();
      }
    } else if (!given(element) && !given(element.starts_with("Not") ? element.substr(3) : element)) {
      made.members.emplace_back(element, value);
    }
  }
  if (all) {
    change = {};
    std::copy_if(part.members.begin(), part.members.end(), std::back_inserter(change.set),
                 [&](const FixMember& one) { return !same || one.name != "Action"; });
    return;
  }
  if (!moved.elements.empty()) {
    change.remove.emplace_back("Action", std::move(moved));
  }
  order_statement(made);
  change.split.push_back(std::move(made));
}

std::vector<findings::Edit> edit_policy(const iam::PolicyDocument& document, DocumentChange change, FixSyntax& syntax,
                                        const source::ArtifactStore& artifacts, std::string& problem) {
  return PolicyEditor(document, syntax, artifacts).run(std::move(change), problem);
}

}  // namespace gabion::engine
