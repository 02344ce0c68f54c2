#include <algorithm>

#include "aws/provider_schema.h"
#include "engine/fix_builder.h"
#include "engine/fix_json.h"
#include "engine/fix_scope.h"
#include "engine/fix_text.h"
#include "source/file_system.h"

namespace gabion::engine {
namespace {

using source::Region;
namespace hcl = syntax::hcl;

Region place(const Region& like, std::size_t begin, std::size_t end) {
  return {like.artifact, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

/// Is there anything between members of an object but commas and blanks, so that rewriting it would lose it?
bool has_comments(std::string_view text, const FixNode& object) {
  std::size_t at = object.region.begin + 1;
  const auto blank = [&](std::size_t end) {
    const std::string_view between = text.substr(at, end - at);
    return std::all_of(between.begin(), between.end(), [](char c) { return c == ',' || only_blank({&c, 1}); });
  };
  for (const FixItem& item : object.items) {
    if (!blank(item.region.begin)) {
      return true;
    }
    at = item.region.end;
  }
  return !blank(object.region.end - 1);
}

/// Objects whose members can be attributes of a block.
bool like_block(const FixNode& node) {
  return node.kind == FixNode::Kind::kObject &&
         std::all_of(node.items.begin(), node.items.end(), [&](const FixItem& item) {
           return is_identifier(item.key) &&
                  std::count_if(node.items.begin(), node.items.end(),
                                [&](const FixItem& other) { return other.key == item.key; }) == 1;
         });
}

/// The body of a block, from an object whose members stand on lines of their own: keys lose their quotes, colons become
/// equals signs, commas go. Everything else keeps its bytes.
std::vector<findings::Edit> opened(std::string_view text, const FixNode& object) {
  std::vector<findings::Edit> edits;
  for (const FixItem& item : object.items) {
    if (text[item.key_region.begin] == '"') {
      edits.push_back({item.key_region, item.key});
    }
    const Region between = place(item.region, item.key_region.end, item.value->region.begin);
    if (text.substr(between.begin, between.size()).find('=') == std::string_view::npos) {
      edits.push_back({between, " = "});
    }
    const std::size_t comma = comma_behind(text, item.region.end, object.region.end - 1);
    if (comma != std::string_view::npos) {
      edits.push_back({place(item.region, comma, comma + 1), ""});
    }
  }
  return edits;
}

/// Does every member of the object begin a line, and the closing brace too?
bool on_lines(std::string_view text, const FixNode& object) {
  const auto begins_line = [&](std::size_t at) {
    const std::size_t begin = line_begin(text, at);
    return begin > object.region.begin && only_blank(text.substr(begin, at - begin));
  };
  return std::all_of(object.items.begin(), object.items.end(),
                     [&](const FixItem& item) { return begins_line(item.region.begin); }) &&
         begins_line(object.region.end - 1);
}

}  // namespace

void FixBuilder::insert_behind(const hcl::Block& block, const NewBlock& fresh, std::string_view indent,
                               std::string_view step) {
  const std::string_view text = artifacts_.get(block.region.artifact).bytes();
  const std::string newline(newline_near(text, block.region.begin));
  std::string written = newline + newline + block_text(fresh, indent, step, newline);
  written.resize(written.size() - newline.size());
  const std::size_t where = line_end(text, block.region.end);
  edits_.push_back({place(block.region, where, where), std::move(written)});
}

bool FixBuilder::insert_json(const std::vector<std::string_view>& path, FixValue body) {
  auto spot = resource_.syntax == nullptr ? std::nullopt : object_of(*resource_.syntax);
  if (!spot || spot->root->kind != FixNode::Kind::kObject) {
    problem_ = "the file is not one object to which a block can be added";
    return false;
  }
  for (std::size_t i = path.size(); i-- > 1;) {
    FixValue outer;
    outer.kind = FixValue::Kind::kObject;
    outer.members.emplace_back(std::string(path[i]), std::move(body));
    body = std::move(outer);
  }
  if (!json_) {
    FixValue none;
    none.kind = FixValue::Kind::kObject;
    json_.emplace(std::move(*spot), std::move(none));
  }
  merge_member(json_->second, path.front(), std::move(body));
  return true;
}

bool FixBuilder::add_members(const FixSpot& root, const FixNode& object, const FixValue& added, int depth) {
  constexpr int kLevels = 3;  // type, first label, second label
  const TreeEditor editor(artifacts_, root);
  for (const FixMember& member : added.members) {
    const FixItem* present = object.item(member.name);
    if (present == nullptr ? !editor.add_member(object, member.name, member.value, edits_)
                           : depth == kLevels || present->value->kind != FixNode::Kind::kObject ||
                                 !add_members(root, *present->value, member.value, depth + 1)) {
      return false;
    }
  }
  return true;
}

bool FixBuilder::companion(std::string_view type, std::string_view name, NewBlock body, bool once) {
  const hcl::Block* block = resource_.syntax;
  if (block == nullptr || !editable(block->region)) {
    return false;
  }
  const hcl::Attribute* region = aws::takes_region(type) ? own_region(resource_) : nullptr;
  if (once && region != nullptr && names_instance(*region->expression)) {
    problem_ = "each instance says for itself in which Region it is";
    return false;
  }
  // What stands beside the judged resource is where that is, and as often.
  const auto takes_over = [&](std::string_view argument) {
    return argument == "provider" || (argument == "region" ? region != nullptr : !once);
  };
  body.type = "resource \"" + std::string(type) + "\" \"" + std::string(name) + "\"";
  if (artifacts_.get(block->region.artifact).path().ends_with(".json")) {
    const auto spot = object_of(*block);
    if (!spot) {
      return false;
    }
    FixValue object = json_syntax(body);
    for (const std::string_view repeat : {"region", "provider", "for_each", "count"}) {
      const FixItem* given = takes_over(repeat) ? spot->node->item(repeat) : nullptr;
      if (given != nullptr) {
        FixValue value;
        value.plain = artifacts_.text(given->value->region);
        object.members.emplace(object.members.begin(), std::string(repeat), std::move(value));
      }
    }
    titles_.push_back("add " + std::string(type) + "." + std::string(name));
    declared_.push_back(body.type);
    return insert_json({"resource", type, name}, std::move(object));
  }
  if (!block->close_brace().valid() || block->close_brace().size() == 0) {
    problem_ = "the block is not closed";
    return false;
  }
  const std::string_view text = artifacts_.get(block->region.artifact).bytes();
  const std::string_view outer = indentation_at(text, block->region.begin);
  std::string step = indentation_step(text);
  if (!block->body->attributes.empty()) {
    const std::string_view inner = indentation_at(text, block->body->attributes.front().region.begin);
    step = inner.size() > outer.size() && inner.starts_with(outer) ? std::string(inner.substr(outer.size())) : step;
  }
  std::vector<NewAttribute> taken;
  for (const std::string_view argument : {"count", "for_each", "provider", "region"}) {
    const hcl::Attribute* attribute = takes_over(argument) ? block->body->attribute(argument) : nullptr;
    if (attribute != nullptr &&
        std::ranges::find(body.attributes, argument, &NewAttribute::name) == body.attributes.end()) {
      taken.push_back({std::string(argument), std::string(artifacts_.text(attribute->expression->region))});
    }
  }
  const auto behind_own = std::ranges::find_if(
      body.attributes, [](const NewAttribute& own) { return own.name != "count" && own.name != "for_each"; });
  body.attributes.insert(behind_own, taken.begin(), taken.end());
  insert_behind(*block, body, outer, step);
  titles_.push_back("add " + std::string(type) + "." + std::string(name));
  declared_.push_back(body.type);
  return true;
}

bool FixBuilder::beside_call(NewBlock block) {
  const hcl::Block* call = module_.call_syntax;
  if (call == nullptr || !editable(call->region) || artifacts_.get(call->region.artifact).path().ends_with(".json")) {
    return false;
  }
  const std::string_view text = artifacts_.get(call->region.artifact).bytes();
  insert_behind(*call, block, indentation_at(text, call->region.begin), indentation_step(text));
  titles_.push_back("add " + block.type);
  declared_.push_back(std::move(block.type));
  return true;
}

bool FixBuilder::to_blocks(const FixTarget& target, std::string_view path) {
  std::string_view rest = path;
  const FixTarget at = walk(target, rest);
  const model::Attribute* written = rest.find('.') == std::string_view::npos ? at.body->attribute(rest) : nullptr;
  if (written == nullptr || written->syntax() == nullptr || !editable(written->region())) {
    return false;
  }
  const auto spot = syntax_.find(written->syntax()->expression->region);
  if (!spot || spot->notation != Notation::kHcl) {
    problem_ = "the value is not written there as an object";
    return false;
  }
  const FixNode& node = *spot->node;
  std::vector<const FixNode*> objects;
  if (node.kind == FixNode::Kind::kObject) {
    objects.push_back(&node);
  }
  for (const FixNode& element : node.elements) {
    objects.push_back(&element);
  }
  if (objects.empty() ||
      !std::all_of(objects.begin(), objects.end(), [](const FixNode* one) { return like_block(*one); })) {
    problem_ = "the value has parts that cannot be written in a block";
    return false;
  }
  titles_.push_back("write " + std::string(path) + " as a block");
  const std::string_view text = artifacts_.get(node.region.artifact).bytes();
  const Region name = written->name_region();
  if (objects.size() == 1 && node.kind == FixNode::Kind::kObject && on_lines(text, node)) {
    edits_.push_back({place(node.region, name.end, node.region.begin), " "});
    add_edits(opened(text, node), "");
    return true;
  }
  std::string all;
  const std::string indent(indentation_at(text, name.begin));
  const std::string newline(newline_near(text, name.begin));
  for (const FixNode* object : objects) {
    if (has_comments(text, *object)) {
      problem_ = "comments between the members would be lost";
      return false;
    }
    NewBlock block;
    block.type = std::string(rest);
    for (const FixItem& item : object->items) {
      block.attributes.push_back({item.key, std::string(artifacts_.text(item.value->region))});
    }
    all += block_text(block, indent, indentation_step(text), newline);
  }
  all.resize(all.size() - newline.size());
  edits_.push_back({place(name, name.begin, node.region.end), all.substr(indent.size())});
  return true;
}

bool FixBuilder::remove_block(std::span<const model::Block> siblings, const model::Block& block) {
  if (block.syntax == nullptr || !editable(block.syntax->region)) {
    return false;
  }
  const source::Artifact& artifact = artifacts_.get(block.syntax->region.artifact);
  if (artifact.path().ends_with(".json")) {
    return false;
  }
  titles_.push_back("remove the " + std::string(block.type) + " block");
  std::size_t index = 0;
  std::size_t made = 0;
  for (const model::Block& other : siblings) {
    if (other.syntax == block.syntax) {
      index = &other == &block ? made : index;
      ++made;
    }
  }
  if (!block.generated || made == 1) {
    edits_.push_back({removal_region(artifact, block.syntax->region), ""});
    return true;
  }
  // One of those that a dynamic block makes: its element goes out of the collection, when that is written there.
  const hcl::Attribute* collection = block.syntax->body->attribute("for_each");
  const auto spot = collection == nullptr ? std::nullopt : syntax_.find(collection->expression->region);
  if (!spot || spot->node->items.size() + spot->node->elements.size() != made ||
      (!spot->node->items.empty() &&
       !std::is_sorted(spot->node->items.begin(), spot->node->items.end(),
                       [](const FixItem& a, const FixItem& b) { return a.key < b.key; }))) {
    problem_ = "the blocks are made from a collection that is not written there";
    return false;
  }
  return TreeEditor(artifacts_, *spot).remove(*spot->node, {index}, edits_);
}

bool FixBuilder::declare(std::string_view kind, NewBlock block) {
  const hcl::Block* last = syntax_.last_block(module_.directory, kind);
  const hcl::Block* behind = last == nullptr ? resource_.syntax : last;
  if (behind != nullptr && editable(behind->region) &&
      artifacts_.get(behind->region.artifact).path().ends_with(".json")) {
    std::vector<std::string_view> labels{kind};
    const std::string_view header = block.type;
    for (std::size_t open = header.find('"'); open != std::string_view::npos; open = header.find('"', open + 1)) {
      const std::size_t begin = open + 1;
      open = header.find('"', begin);
      labels.push_back(header.substr(begin, open - begin));
    }
    titles_.push_back("add " + block.type);
    declared_.push_back(block.type);
    return insert_json(labels, json_syntax(block));
  }
  if (behind == nullptr || !editable(behind->region)) {
    problem_ = "there is no place for a " + std::string(kind) + " block";
    return false;
  }
  const std::string_view text = artifacts_.get(behind->region.artifact).bytes();
  titles_.push_back("add " + block.type);
  declared_.push_back(block.type);
  insert_behind(*behind, block, indentation_at(text, behind->region.begin), indentation_step(text));
  return true;
}

bool FixBuilder::append_line(const std::string& path, std::string_view line) {
  const source::Artifact* artifact = syntax_.text_file(path);
  if (artifact == nullptr) {
    problem_ = "nothing can be written to " + path;
    return false;
  }
  const std::string_view text = artifact->bytes();
  for (std::size_t at = 0; at < text.size(); at = next_line(text, at)) {
    if (text.substr(at, line_end(text, at) - at) == line) {
      return true;  // it is there
    }
  }
  const std::string newline = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  const std::string before = text.empty() || text.ends_with('\n') ? "" : newline;
  edits_.push_back({place(artifact->whole(), text.size(), text.size()), before + std::string(line) + newline});
  titles_.push_back("add the line " + std::string(line) + " to " + path);
  return true;
}

}  // namespace gabion::engine
