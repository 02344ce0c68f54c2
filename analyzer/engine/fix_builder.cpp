#include "engine/fix_builder.h"

#include <algorithm>
#include <set>

#include "engine/alignment.h"
#include "engine/fix_text.h"
#include "engine/trace.h"
#include "engine/view.h"
#include "source/file_system.h"

namespace gabion::engine {
namespace {

using findings::Edit;
using findings::Safety;
using source::Region;
namespace hcl = syntax::hcl;

constexpr int kMaxLinks = 64;

bool is_json(std::string_view path) {
  return path.ends_with(".json");
}

/// Only literals all through: what can be replaced without losing a reference.
bool literal(const FixNode& node) {
  switch (node.kind) {
    case FixNode::Kind::kText:
    case FixNode::Kind::kPlain:
      return true;
    case FixNode::Kind::kList:
      return std::all_of(node.elements.begin(), node.elements.end(), literal);
    case FixNode::Kind::kObject:
      return std::all_of(node.items.begin(), node.items.end(),
                         [](const FixItem& item) { return !item.key.empty() && literal(*item.value); });
    case FixNode::Kind::kOpaque:
      return false;
  }
  return false;
}

/// Does a dynamic block of this block make blocks of that type?
bool made_by_dynamic(const hcl::Block& block, std::string_view type) {
  return std::any_of(block.body->blocks.begin(), block.body->blocks.end(), [&](const hcl::Block& nested) {
    return nested.type == "dynamic" && !nested.labels.empty() && nested.labels.front().text() == type;
  });
}

std::string one_line(const FixValue& value) {
  FixStyle style;
  style.multi_line = false;
  std::string text = print(value, style).value_or("...");
  constexpr std::size_t kLength = 60;
  if (const std::size_t end = text.find('\n'); end != std::string::npos) {
    text = text.substr(0, end) + " ...";
  }
  return text.size() > kLength * 2 ? text.substr(0, kLength) + " ..." : text;
}

}  // namespace

namespace {

/// The first nested block of the type, which is made when there is none.
NewBlock& nested_in(NewBlock& block, std::string_view type) {
  const auto nested =
      std::find_if(block.blocks.begin(), block.blocks.end(), [&](const NewBlock& one) { return one.type == type; });
  return nested != block.blocks.end() ? *nested : block.blocks.emplace_back(NewBlock{std::string(type), {}, {}});
}

}  // namespace

void add_nested(NewBlock& block, std::string_view path, const std::string& text) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    block.attributes.push_back({std::string(path), text});
    return;
  }
  add_nested(nested_in(block, path.substr(0, dot)), path.substr(dot + 1), text);
}

void add_nested_block(NewBlock& block, std::string_view path, NewBlock added) {
  NewBlock* outer = &block;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    outer = &nested_in(*outer, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  outer->blocks.push_back(std::move(added));
}

bool add_nested_list(NewBlock& block, std::string_view path, const FixValue& list, const FixStyle& style) {
  const std::size_t dot = path.rfind('.');
  for (const FixValue& object : list.elements) {
    NewBlock nested;
    nested.type = path.substr(dot == std::string_view::npos ? 0 : dot + 1);
    for (const auto& [name, member] : object.members) {
      const auto printed = print(member, style);
      if (!printed) {
        return false;
      }
      add_nested(nested, name, *printed);
    }
    add_nested_block(block, dot == std::string_view::npos ? std::string_view() : path.substr(0, dot),
                     std::move(nested));
  }
  return list.kind == FixValue::Kind::kList;
}

namespace {

/// The same for data: a nested block of JSON configuration is an object.
void nest(FixValue& object, std::string_view path, const FixValue& value) {
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    object.members.emplace_back(name, value);
    return;
  }
  auto nested = std::find_if(object.members.begin(), object.members.end(),
                             [&](const auto& member) { return member.name == name; });
  if (nested == object.members.end()) {
    FixValue fresh;
    fresh.kind = FixValue::Kind::kObject;
    object.members.emplace_back(name, fresh);
    nested = object.members.end() - 1;
  }
  nest(nested->value, path.substr(dot + 1), value);
}

}  // namespace

std::optional<FixSpot> FixBuilder::object_of(const hcl::Block& block) {
  // In JSON a block is the object between its braces.
  return syntax_.find({block.region.artifact, block.open_brace().begin, block.close_brace().end});
}

std::string FixBuilder::place_name(Region region) const {
  return std::string(artifacts_.get(region.artifact).path()) + ":" + std::to_string(artifacts_.begin_of(region).line);
}

FixStyle FixBuilder::style_in(const hcl::Block& block) const {
  const std::string_view text = artifacts_.get(block.region.artifact).bytes();
  FixStyle style;
  style.indent = indentation_at(text, block.region.begin);
  style.step = indentation_step(text);
  style.indent += style.step;
  style.newline = newline_near(text, block.region.begin);
  return style;
}

std::string FixBuilder::text_at(const hcl::Block& block, const FixValue& value) const {
  return print(value, style_in(block)).value_or("null");
}

FixTarget FixBuilder::walk(const FixTarget& target, std::string_view& path) const {
  FixTarget at = target;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    FixTarget next;
    for (const model::Block& nested : at.body->blocks) {
      if (nested.type == path.substr(0, dot) && nested.body != nullptr && next.body == nullptr) {
        next = {nested.body, content_of(nested)};
      }
    }
    if (next.body == nullptr) {
      break;
    }
    at = next;
    path.remove_prefix(dot + 1);
  }
  return at;
}

bool FixBuilder::set(const FixTarget& target, std::string_view path, const FixValue& value) {
  std::string_view rest = path;
  const FixTarget at = walk(target, rest);
  if (rest.find('.') == std::string_view::npos) {
    const model::Attribute* written = at.body->attribute(rest);
    return written == nullptr ? insert_attribute(at, rest, value) : replace(*written, value);
  }
  // A block on the way is missing.
  const std::string type(rest.substr(0, rest.find('.')));
  if (at.block == nullptr || !editable(at.block->region) || made_by_dynamic(*at.block, type)) {
    return false;
  }
  if (at.block->body->attribute(type) != nullptr) {
    const model::Attribute* written = at.body->attribute(type);
    if (written != nullptr && set_in_object(written->value, rest.substr(type.size() + 1), value)) {
      return true;
    }
    problem_ = type + " is written as an attribute, beside which there can be no block";
    return false;
  }
  if (is_json(artifacts_.get(at.block->region.artifact).path())) {
    return insert(at, type, {{std::string(rest.substr(rest.find('.') + 1)), value}});
  }
  NewBlock& fresh = new_blocks_[at.block][type];
  fresh.type = type;
  add_nested(fresh, rest.substr(rest.find('.') + 1), text_at(*at.block, value));
  set_titles_.push_back(std::string(path) + " = " + one_line(value));
  return true;
}

bool FixBuilder::set_in_object(const eval::Value& blocks, std::string_view path, const FixValue& value) {
  const eval::Value* object = &blocks;
  while (true) {
    if (object->elements().size() == 1) {
      object = &object->elements().front();
    }
    const std::size_t dot = path.find('.');
    if (!object->is_mapping() || dot == std::string_view::npos) {
      return object->is_mapping() && set_member(*object, path, value);
    }
    object = object->member(path.substr(0, dot));
    if (object == nullptr) {
      return false;
    }
    path.remove_prefix(dot + 1);
  }
}

bool FixBuilder::set_member(const eval::Value& element, std::string_view name, const FixValue& value) {
  const auto spot = object_spot(element);
  if (!spot || spot->node->kind != FixNode::Kind::kObject) {
    problem_ = "the element is not written in a list that can be edited";
    return false;
  }
  const TreeEditor editor(artifacts_, *spot);
  const FixItem* present = spot->node->item(name);
  if (resource_.syntax == nullptr || !resource_.syntax->region.contains(spot->node->region)) {
    safety_ = std::max(safety_, Safety::kUnsafe);  // others may use that list
  }
  set_titles_.push_back(std::string(name) + " = " + one_line(value));
  return present == nullptr ? editor.add_member(*spot->node, name, value, edits_)
                            : editor.replace(*present->value, value, edits_);
}

bool FixBuilder::set_value(const eval::Value& old, const FixValue& value) {
  const eval::Origin* written = last_written(old.origin(), artifacts_);
  const auto spot = written != nullptr && editable(written->region) ? syntax_.find(written->region) : std::nullopt;
  if (!spot || !literal(*spot->node)) {
    problem_ = "the value comes from an expression that cannot be edited";
    return false;
  }
  const source::Artifact& artifact = artifacts_.get(written->region.artifact);
  // What is referred to has that name in this module alone.
  if (!value.self_contained() &&
      (FixSyntax::module_directory(artifact) != module_.directory || artifact.path().ends_with(".tfvars"))) {
    problem_ = "the value is written where it cannot refer to anything";
    return false;
  }
  if (resource_.syntax == nullptr || !resource_.syntax->region.contains(written->region)) {
    safety_ = std::max(safety_, Safety::kUnsafe);  // others may use it
  }
  set_titles_.push_back("write " + one_line(value) + " (" + place_name(written->region) + ")");
  return TreeEditor(artifacts_, *spot).replace(*spot->node, value, edits_);
}

bool FixBuilder::insert(const FixTarget& target, std::string_view type, const std::vector<FixMember>& attributes) {
  // Where a dynamic block makes such blocks, they are given by a value; one more beside it would be added to them.
  if (target.block == nullptr || !editable(target.block->region) || made_by_dynamic(*target.block, type)) {
    return false;
  }
  const std::string title = "add a " + std::string(type) + " block";
  if (is_json(artifacts_.get(target.block->region.artifact).path())) {
    const auto spot = object_of(*target.block);
    FixValue object;
    object.kind = FixValue::Kind::kObject;
    for (const auto& [path, value] : attributes) {
      nest(object, path.ends_with("[]") ? path.substr(0, path.size() - 2) : path, value);
    }
    if (!spot) {
      return false;
    }
    const TreeEditor editor(artifacts_, *spot);
    const FixItem* present = spot->node->item(type);
    titles_.push_back(title);
    return present == nullptr ? editor.add_member(*spot->node, type, object, edits_)
                              : editor.add_elements(*present->value, {object}, edits_);
  }
  NewBlock fresh;
  fresh.type = std::string(type);
  for (const auto& [path, value] : attributes) {
    if (!path.ends_with("[]")) {
      add_nested(fresh, path, text_at(*target.block, value));
    } else if (!add_nested_list(fresh, path.substr(0, path.size() - 2), value, style_in(*target.block))) {
      return false;
    }
  }
  titles_.push_back(title);
  extra_blocks_[target.block].push_back(std::move(fresh));
  return true;
}

bool FixBuilder::remove(const FixTarget& target, std::string_view path) {
  std::string_view rest = path;
  const FixTarget at = walk(target, rest);
  const model::Attribute* present = rest.find('.') == std::string_view::npos ? at.body->attribute(rest) : nullptr;
  const bool has_block = std::any_of(at.body->blocks.begin(), at.body->blocks.end(),
                                     [&](const model::Block& nested) { return nested.type == rest; });
  if ((present == nullptr || present->value.is_null()) && !has_block) {
    return true;  // it is not there
  }
  const auto take_out = [&](Region region) {
    const source::Artifact& artifact = artifacts_.get(region.artifact);
    if (!is_json(artifact.path())) {
      edits_.push_back({removal_region(artifact, region), ""});
      return true;
    }
    const auto spot = at.block == nullptr ? std::nullopt : object_of(*at.block);
    if (!spot) {
      return false;
    }
    for (std::size_t i = 0; i < spot->node->items.size(); ++i) {
      if (spot->node->items[i].key == rest) {
        return TreeEditor(artifacts_, *spot).remove(*spot->node, {i}, edits_, true);
      }
    }
    return false;
  };
  if (const model::Attribute* written = at.body->attribute(rest);
      written != nullptr && written->syntax() != nullptr && editable(written->region())) {
    titles_.push_back("remove " + std::string(path));
    return take_out(written->region());
  }
  std::vector<Region> done;
  for (const model::Block& nested : at.body->blocks) {
    if (nested.type == rest && nested.syntax != nullptr && editable(nested.syntax->region) &&
        std::find(done.begin(), done.end(), nested.syntax->region) == done.end()) {
      done.push_back(nested.syntax->region);
      if (!take_out(nested.syntax->region)) {
        return false;
      }
    }
  }
  if (!done.empty()) {
    titles_.push_back("remove " + std::string(path));
  }
  return !done.empty();
}

std::optional<FixSpot> FixBuilder::data_of(const model::Attribute& attribute) {
  if (attribute.syntax() == nullptr) {
    return std::nullopt;
  }
  const hcl::Expression& expression = *attribute.syntax()->expression;
  if (auto spot = syntax_.find(expression.region); spot && spot->node->kind != FixNode::Kind::kOpaque) {
    return spot;
  }
  if (expression.kind == hcl::ExpressionKind::kFunctionCall) {
    // The last list or object that is put together with others.
    const auto& call = hcl::as<hcl::FunctionCall>(expression);
    for (auto argument = call.arguments.rbegin(); argument != call.arguments.rend(); ++argument) {
      if (call.name == "merge" || call.name == "concat" || call.name == "toset") {
        auto spot = syntax_.find((*argument)->region);
        if (spot && (spot->node->kind == FixNode::Kind::kList || spot->node->kind == FixNode::Kind::kObject)) {
          return spot;
        }
      }
    }
  }
  if (expression.kind != hcl::ExpressionKind::kTraversal) {
    return std::nullopt;
  }
  const eval::Origin* link = attribute.value.origin();
  const eval::Origin* last = nullptr;
  for (int i = 0; link != nullptr && i < kMaxLinks; ++i, link = link->via()) {
    last = link->region.valid() ? link : last;
  }
  if (last == nullptr) {
    return std::nullopt;
  }
  auto spot = syntax_.find(last->region);
  if (spot && spot->node->kind != FixNode::Kind::kOpaque) {
    safety_ = std::max(safety_, Safety::kUnsafe);
    return spot;
  }
  return std::nullopt;
}

bool FixBuilder::add(const FixTarget& target, std::string_view path, const FixValue& entries) {
  std::string_view rest = path;
  const FixTarget at = walk(target, rest);
  const model::Attribute* written = rest.find('.') == std::string_view::npos ? at.body->attribute(rest) : nullptr;
  if (written == nullptr || written->value.is_null()) {
    return set(target, path, entries);
  }
  const auto spot = data_of(*written);
  if (!spot) {
    // merge(..., {...}) and concat(..., [...]) keep what is there.
    if (written->syntax() == nullptr || !editable(written->syntax()->expression->region) ||
        is_json(artifacts_.get(written->region().artifact).path())) {
      return false;
    }
    FixStyle style;
    style.multi_line = false;
    const auto text = print(entries, style);
    if (!text) {
      return false;
    }
    const Region old = written->syntax()->expression->region;
    const bool map = entries.kind == FixValue::Kind::kObject;
    edits_.push_back({{old.artifact, old.begin, old.begin}, map ? "merge(" : "concat("});
    edits_.push_back({{old.artifact, old.end, old.end}, ", " + *text + ")"});
    titles_.push_back("add " + one_line(entries) + " to " + std::string(path));
    return true;
  }
  const TreeEditor editor(artifacts_, *spot);
  titles_.push_back("add " + one_line(entries) + " to " + std::string(path));
  if (entries.kind == FixValue::Kind::kObject) {
    for (const auto& [key, value] : entries.members) {
      const FixItem* present = spot->node->item(key);
      if (!(present == nullptr ? editor.add_member(*spot->node, key, value, edits_)
                               : editor.replace(*present->value, value, edits_))) {
        return false;
      }
    }
    return true;
  }
  return spot->node->kind == FixNode::Kind::kList &&
         editor.add_elements(*spot->node,
                             entries.kind == FixValue::Kind::kList ? entries.elements : std::vector<FixValue>{entries},
                             edits_);
}

std::optional<FixSpot> FixBuilder::element_spot(const eval::Value& element) {
  return written_spot(element, [](const FixSpot& spot) {
    return !spot.around.empty() && spot.around.back()->kind == FixNode::Kind::kList;
  });
}

std::optional<FixSpot> FixBuilder::object_spot(const eval::Value& object) {
  return written_spot(object, [](const FixSpot& spot) {
    return spot.node->kind == FixNode::Kind::kObject &&
           (spot.around.empty() || spot.around.back()->kind == FixNode::Kind::kList);
  });
}

std::optional<FixSpot> FixBuilder::written_spot(const eval::Value& value,
                                                const std::function<bool(const FixSpot&)>& fits) {
  std::optional<FixSpot> found;
  const eval::Origin* link = value.origin();
  for (int i = 0; link != nullptr && i < kMaxLinks; ++i, link = link->via()) {
    if (!link->region.valid() || !editable(link->region)) {
      continue;
    }
    auto spot = syntax_.find(link->region);
    if (spot && fits(*spot)) {
      found = std::move(spot);  // the last one: where it was written
    }
  }
  return found;
}

bool FixBuilder::remove_value(const eval::Value& element) {
  const auto spot = element_spot(element);
  if (!spot) {
    return false;
  }
  const FixNode& list = *spot->around.back();
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    if (&list.elements[i] == spot->node) {
      titles_.push_back("take " + std::string(artifacts_.text(spot->node->region)) + " off the list");
      return TreeEditor(artifacts_, *spot).remove(list, {i}, edits_);
    }
  }
  return false;
}

bool FixBuilder::take(const FixTarget& target, std::string_view path, const FixValue& entries) {
  std::string_view rest = path;
  const FixTarget at = walk(target, rest);
  const model::Attribute* written = rest.find('.') == std::string_view::npos ? at.body->attribute(rest) : nullptr;
  if (written == nullptr || written->value.is_null()) {
    return true;  // nothing to take anything out of
  }
  const std::vector<FixValue> all =
      entries.kind == FixValue::Kind::kList ? entries.elements : std::vector<FixValue>{entries};
  titles_.push_back("take " + one_line(entries) + " out of " + std::string(path));
  if (written->value.is_sequence()) {
    return take_written(*written, all);
  }
  const auto spot = data_of(*written);
  if (!spot) {
    return false;
  }
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < spot->node->items.size(); ++i) {
    if (std::any_of(all.begin(), all.end(),
                    [&](const FixValue& entry) { return entry.literal() == spot->node->items[i].key; })) {
      which.push_back(i);
    }
  }
  const TreeEditor editor(artifacts_, *spot);
  return which.empty() || editor.remove(*spot->node, which, edits_);
}

bool FixBuilder::take_written(const model::Attribute& attribute, const std::vector<FixValue>& entries) {
  struct Taken {
    FixSpot spot;
    std::set<std::size_t> which;
  };
  std::map<const FixNode*, Taken> lists;
  std::size_t taken = 0;
  for (const eval::Value& element : attribute.value.elements()) {
    if (!element.is_string() || std::none_of(entries.begin(), entries.end(), [&](const FixValue& entry) {
          return entry.literal() == element.text();
        })) {
      continue;
    }
    ++taken;
    auto spot = element_spot(element);
    if (!spot) {
      problem_ = "an element is not written in a list that can be edited";
      return false;
    }
    const FixNode& list = *spot->around.back();
    const auto index = static_cast<std::size_t>(spot->node - list.elements.data());
    if (attribute.syntax() == nullptr || !attribute.syntax()->expression->region.contains(list.region)) {
      safety_ = std::max(safety_, Safety::kUnsafe);  // others may use that list
    }
    Taken& entry = lists[&list];
    entry.spot = std::move(*spot);
    entry.which.insert(index);
  }
  const bool some_stay = taken < attribute.value.elements().size();
  return std::all_of(lists.begin(), lists.end(), [&](const auto& one) {
    const auto& [list, entry] = one;
    return TreeEditor(artifacts_, entry.spot)
        .remove(*list, {entry.which.begin(), entry.which.end()}, edits_, some_stay);
  });
}

void FixBuilder::add_edits(std::vector<Edit> edits, std::string title) {
  for (Edit& edit : edits) {
    edits_.push_back(std::move(edit));
  }
  if (!title.empty()) {
    titles_.push_back(std::move(title));
  }
}

bool FixBuilder::insert_attribute(const FixTarget& target, std::string_view name, const FixValue& value) {
  if (target.block == nullptr || !editable(target.block->region) || !target.block->close_brace().valid() ||
      target.block->close_brace().size() == 0) {
    return false;
  }
  set_titles_.push_back(std::string(name) + " = " + one_line(value));
  if (is_json(artifacts_.get(target.block->region.artifact).path())) {
    const auto spot = object_of(*target.block);
    return spot && TreeEditor(artifacts_, *spot).add_member(*spot->node, name, value, edits_);
  }
  new_attributes_[target.block].push_back({std::string(name), text_at(*target.block, value)});
  return true;
}

void FixBuilder::at_call(const eval::Origin& fallback, const std::string& name, const FixValue& value,
                         std::vector<Place>& out) {
  // The call says nothing about the variable: an argument there changes this call only.
  const hcl::Block* call = module_.call_syntax;
  const std::string variable(fallback.name());
  const bool own = FixSyntax::module_directory(artifacts_.get(fallback.region.artifact)) == module_.directory;
  if (call == nullptr || !own || variable.empty() || !editable(call->region) || !value.self_contained() ||
      call->body->attribute(variable) != nullptr || is_json(artifacts_.get(call->region.artifact).path())) {
    return;
  }
  BodyEditor editor(artifacts_.get(call->region.artifact), *call);
  editor.insert_attributes({{variable, text_at(*call, value)}});
  Place place;
  place.edits = editor.finish();
  place.title = "set " + variable + " = " + one_line(value) + " at the call (" + place_name(call->header) + ")";
  place.why = "the module takes " + name + " from a variable that its call leaves to the default";
  out.push_back(std::move(place));
}

bool FixBuilder::argument(const std::string& variable, const FixValue& value) {
  const hcl::Block* call = module_.call_syntax;
  const hcl::Attribute* given = nullptr;
  if (call != nullptr) {
    given = call->body->attribute(variable);
    if (given == nullptr) {
      if (!insert_attribute({nullptr, call}, variable, value)) {
        return false;
      }
      set_titles_.back() += " at the call (" + place_name(call->header) + ")";
      return true;
    }
  } else if (const hcl::Block* declared = syntax_.declaration(module_.directory, "variable", variable)) {
    given = declared->body->attribute("default");
  }
  const auto spot = given == nullptr ? std::nullopt : syntax_.find(given->expression->region);
  if (!spot) {
    return false;
  }
  const TreeEditor editor(artifacts_, *spot);
  set_titles_.push_back(variable + " = " + one_line(value) + " (" + place_name(given->region) + ")");
  if (value.kind != FixValue::Kind::kObject || spot->node->kind != FixNode::Kind::kObject) {
    return literal(*spot->node) && editor.replace(*spot->node, value, edits_);
  }
  return std::all_of(value.members.begin(), value.members.end(), [&](const FixMember& member) {
    const FixItem* present = spot->node->item(member.name);
    return present == nullptr ? editor.add_member(*spot->node, member.name, member.value, edits_)
                              : literal(*present->value) && editor.replace(*present->value, member.value, edits_);
  });
}

namespace {

/// Is it a reference to a variable, and nothing else?
bool is_variable(const hcl::Expression& expression) {
  return expression.kind == hcl::ExpressionKind::kTraversal && hcl::as<hcl::Traversal>(expression).root == "var" &&
         hcl::as<hcl::Traversal>(expression).steps.size() == 1;
}

/// Is the value one that stands for none?
bool is_left_open(const eval::Value& value) {
  return value.is_null() || (value.is_string() && value.text().empty());
}

}  // namespace

std::vector<FixBuilder::Place> FixBuilder::places(const model::Attribute& attribute, const FixValue& value) {
  std::vector<Place> result;
  const hcl::Expression& expression = *attribute.syntax()->expression;
  const std::string name(attribute.name());
  const auto replacing = [&](const FixSpot& spot) -> std::optional<std::vector<Edit>> {
    std::vector<Edit> edits;
    const TreeEditor editor(artifacts_, spot);
    return editor.replace(*spot.node, value, edits) ? std::optional(edits) : std::nullopt;
  };
  if (editable(expression.region)) {
    if (const auto spot = syntax_.find(expression.region); spot && literal(*spot->node)) {
      if (auto edits = replacing(*spot)) {
        result.push_back(
            {std::move(*edits), name + " = " + one_line(value), "the value is written there", true, false});
      }
      return result;
    }
  }
  // The value was written elsewhere. The place where it was written comes first, then those that passed it on, and
  // last the attribute itself.
  std::vector<const eval::Origin*> links;
  const eval::Origin* outlined = nullptr;  // a default of a module that is not here
  const eval::Origin* link = attribute.value.origin();
  for (int i = 0; link != nullptr && i < kMaxLinks; ++i, link = link->via()) {
    if (link->region.valid() && artifacts_.get(link->region.artifact).role() != source::Role::kInternal) {
      links.push_back(link);
    } else if (link->region.valid() && link->kind == eval::OriginKind::kVariableDefault) {
      outlined = link;
    }
  }
  // A default, when that is where the value was written: its expression is a link of its own.
  const eval::Origin* fallback = nullptr;
  for (const eval::Origin* one : links) {
    fallback = one->kind == eval::OriginKind::kVariableDefault && one->region == links.back()->region ? one : fallback;
  }
  // What a conditional or a function picks from is an answer to what it asks: with another one there, asking would be
  // of no use to anybody who uses the module otherwise.
  const auto is_picked = [&](const FixSpot& spot) {
    const auto picks = [&](Region whole) { return whole != spot.node->region && whole.contains(spot.node->region); };
    return spot.root == spot.node &&
           (picks(expression.region) ||
            std::ranges::any_of(links, [&](const eval::Origin* one) { return picks(one->region); }));
  };
  std::vector<Region> seen = {expression.region};
  for (auto at = links.rbegin(); at != links.rend(); ++at) {
    const Region region = (*at)->region;
    if (std::find(seen.begin(), seen.end(), region) != seen.end()) {
      continue;
    }
    seen.push_back(region);
    const bool last = at == links.rbegin();
    const auto spot = syntax_.find(region);
    if (spot && literal(*spot->node) && value.self_contained() && !is_picked(*spot)) {
      if (auto edits = replacing(*spot)) {
        result.push_back(
            {std::move(*edits),
             "set the value that " + name + " comes from to " + one_line(value) + " (" + place_name(region) + ")",
             "that is where the value is written", false, last && fallback != nullptr});
      }
    } else if (!last && (*at)->kind == eval::OriginKind::kArgument && editable(region) && value.self_contained() &&
               !is_json(artifacts_.get(region.artifact).path())) {
      result.push_back({{{region, one_line(value)}},
                        "give " + one_line(value) + " at the call (" + place_name(region) + ")",
                        "the value behind the argument is used for other things too",
                        false,
                        true});
    }
    if (last && fallback != nullptr) {
      at_call(*fallback, name, value, result);
    }
  }
  if (outlined != nullptr) {
    at_call(*outlined, name, value, result);
  }
  if (editable(expression.region)) {
    if (is_json(artifacts_.get(expression.region.artifact).path())) {
      if (const auto spot = syntax_.find(expression.region)) {
        if (auto edits = replacing(*spot)) {
          result.push_back({std::move(*edits), name + " = " + one_line(value), "the value is given there", true, true});
        }
      }
    } else {
      FixStyle style;
      style.indent = indentation_at(artifacts_.get(expression.region.artifact).bytes(), expression.region.begin);
      if (auto text = print(value, style)) {
        std::string written = one_line(value);
        // Who gives the variable a value goes on to say what it is; a default cannot refer to anything.
        if (is_variable(expression) && is_left_open(attribute.value) && !value.self_contained()) {
          const std::string before = "coalesce(" + std::string(artifacts_.text(expression.region)) + ", ";
          *text = before + *text + ")";
          written = before + written + ")";
        }
        result.push_back({{{expression.region, *text}},
                          name + " = " + written,
                          "what the expression refers to cannot be changed for this alone",
                          true,
                          true});
      }
    }
  }
  return result;
}

bool FixBuilder::replace(const model::Attribute& attribute, const FixValue& value) {
  if (attribute.syntax() == nullptr) {
    return false;
  }
  std::vector<Place> all = places(attribute, value);
  if (all.empty()) {
    problem_ = "the value comes from an expression that cannot be edited";
    return false;
  }
  choices_ = std::max(choices_, all.size());
  Place& chosen = all[std::min(choice_, all.size() - 1)];
  if (chosen.unsafe) {
    safety_ = std::max(safety_, Safety::kUnsafe);
  }
  (chosen.here ? set_titles_ : titles_).push_back(chosen.title);
  why_ += (why_.empty() ? "" : "; ") + chosen.why;
  for (Edit& edit : chosen.edits) {
    edits_.push_back(std::move(edit));
  }
  return true;
}

namespace {

bool has_text(const std::vector<NewAttribute>& attributes, std::string_view text) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const NewAttribute& one) { return one.value.find(text) != std::string::npos; });
}

bool has_text(const FixValue& value, std::string_view text) {
  return std::any_of(value.pieces.begin(), value.pieces.end(),
                     [&](const FixPiece& piece) { return piece.text.find(text) != std::string::npos; }) ||
         std::any_of(value.elements.begin(), value.elements.end(),
                     [&](const FixValue& element) { return has_text(element, text); }) ||
         std::any_of(value.members.begin(), value.members.end(),
                     [&](const FixMember& member) { return has_text(member.value, text); });
}

bool has_text(const NewBlock& block, std::string_view text) {
  return has_text(block.attributes, text) || std::any_of(block.blocks.begin(), block.blocks.end(),
                                                         [&](const NewBlock& one) { return has_text(one, text); });
}

}  // namespace

bool FixBuilder::writes(std::string_view text) const {
  return std::any_of(edits_.begin(), edits_.end(),
                     [&](const Edit& edit) { return edit.text.find(text) != std::string::npos; }) ||
         (json_ && has_text(json_->second, text)) ||
         std::any_of(new_attributes_.begin(), new_attributes_.end(),
                     [&](const auto& entry) { return has_text(entry.second, text); }) ||
         std::any_of(new_blocks_.begin(), new_blocks_.end(),
                     [&](const auto& entry) {
                       return std::any_of(entry.second.begin(), entry.second.end(),
                                          [&](const auto& block) { return has_text(block.second, text); });
                     }) ||
         std::any_of(extra_blocks_.begin(), extra_blocks_.end(), [&](const auto& entry) {
           return std::any_of(entry.second.begin(), entry.second.end(),
                              [&](const NewBlock& block) { return has_text(block, text); });
         });
}

std::vector<Edit> FixBuilder::finish() {
  std::vector<const hcl::Block*> blocks;
  for (const auto& [block, attributes] : new_attributes_) {
    blocks.push_back(block);
  }
  for (const auto& [block, fresh] : new_blocks_) {
    blocks.push_back(block);
  }
  for (const auto& [block, fresh] : extra_blocks_) {
    blocks.push_back(block);
  }
  std::sort(blocks.begin(), blocks.end(), [](const auto* a, const auto* b) { return a->region < b->region; });
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  for (const hcl::Block* block : blocks) {
    BodyEditor editor(artifacts_.get(block->region.artifact), *block);
    editor.insert_attributes(new_attributes_[block]);
    for (auto& [type, fresh] : new_blocks_[block]) {
      editor.insert_blocks({fresh});
    }
    editor.insert_blocks(extra_blocks_[block]);
    for (Edit& edit : editor.finish()) {
      edits_.push_back(std::move(edit));
    }
  }
  if (json_ && !add_members(json_->first, *json_->first.root, json_->second, 0)) {
    return {};
  }
  // What stands there already, such as the default of a variable that another argument overrides, is no change.
  std::erase_if(edits_, [&](const Edit& edit) { return artifacts_.text(edit.region) == edit.text; });
  // Insertions at one place stay in the order in which they were made.
  std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.region < b.region; });
  edits_.erase(std::unique(edits_.begin(), edits_.end(),
                           [](const Edit& a, const Edit& b) { return a == b && a.region.size() > 0; }),
               edits_.end());
  // Two removals may both take the empty line between them; behind them there may be nothing more.
  for (std::size_t i = 1; i < edits_.size();) {
    Edit& before = edits_[i - 1];
    const Edit& edit = edits_[i];
    if (before.text.empty() && edit.text.empty() && before.region.artifact == edit.region.artifact &&
        edit.region.begin <= before.region.end && before.region.size() > 0) {
      before.region.end = std::max(before.region.end, edit.region.end);
      before.region = without_empty_lines_before(artifacts_.get(before.region.artifact), before.region);
      edits_.erase(edits_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  for (std::size_t i = 1; i < edits_.size(); ++i) {
    if (edits_[i].region.artifact == edits_[i - 1].region.artifact &&
        edits_[i].region.begin < edits_[i - 1].region.end) {
      return {};
    }
  }
  align_again(artifacts_, syntax_, edits_);
  return std::move(edits_);
}

std::string FixBuilder::title() const {
  std::string result;
  for (const std::string& text : set_titles_) {
    result += (result.empty() ? "set " : ", ") + text;
  }
  for (const std::string& text : titles_) {
    result += (result.empty() ? "" : ", ") + text;
  }
  return result;
}

}  // namespace gabion::engine
