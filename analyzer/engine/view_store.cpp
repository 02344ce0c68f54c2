#include "engine/view_store.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gabion::engine {
namespace {

using eval::Value;

/// Does the provider have blocks of this name, or an attribute that stands for blocks? Up to version 0.11 Terraform
/// took an object, or a list of them, for blocks, and JSON still does; attributes that stand for blocks take a list
/// today.
bool may_be_blocks(const aws::ProviderBody& schema, std::string_view name) {
  if (const auto block = schema.block(name)) {
    return block->nesting != aws::Nesting::kMap;
  }
  const auto attribute = schema.attribute(name);
  return attribute && (attribute->type.starts_with("set(object(") || attribute->type.starts_with("list(object("));
}

/// What the provider makes of an attribute: an empty policy, or ARN of a boundary, is none where it may be left out.
/// Modules whose variable for it has "" for a default pass it on.
Value as_taken(const model::Attribute& attribute, const std::optional<aws::ProviderBody>& schema,
               eval::Context& context) {
  const bool may_be_none = attribute.name() == "policy" || attribute.name() == "permissions_boundary";
  const Value& value = attribute.value;
  if (!may_be_none || !schema || !value.is_string() || !value.text().empty()) {
    return value;
  }
  const auto known = schema->attribute(attribute.name());
  if (!known || !known->optional) {
    return value;
  }
  return eval::with_marks(context.arena, eval::make_null(context.arena, eval::kStringType), value.marks())
      .with_origin(value.origin());
}

/// Most attributes are texts that say no policy, about which nothing has to be remembered.
bool may_be_policy(const Value& value) {
  return value.is_string() ? value.text().find('{') != std::string_view::npos
                           : !value.is_bool() && !value.is_number() && !value.is_null();
}

/// The entry of a map, or null.
template <class Map, class Key>
auto found(const Map& map, const Key& key) -> typename Map::mapped_type {
  const auto known = map.find(key);
  return known == map.end() ? nullptr : known->second;
}

}  // namespace

const eval::Origin* ViewStore::origin(source::Region region, std::string_view name, const eval::Origin* via) {
  return eval::make_origin(context_.arena, eval::OriginKind::kExpression, region, name, via);
}

Value ViewStore::as_block(const Value& object, const Schema& schema) {
  std::vector<eval::Member> members(object.members().begin(), object.members().end());
  for (eval::Member& member : members) {
    member.value = as_blocks(member.value, member.name, schema);
  }
  const Value view = eval::make_object(context_.arena, members, eval::Rest::kNull);
  return eval::with_marks(context_.arena, view, object.marks()).with_origin(object.origin());
}

Value ViewStore::as_blocks(const Value& value, std::string_view name, const Schema& schema) {
  if (!schema || !(value.is_mapping() || value.is_sequence()) || !may_be_blocks(*schema, name)) {
    return value;
  }
  const auto block = schema->block(name);
  const Schema inner = block ? std::optional(block->body) : std::nullopt;
  std::vector<Value> blocks;
  if (value.is_mapping()) {
    blocks.push_back(as_block(value, inner));
  } else {
    for (const Value& element : value.elements()) {
      if (!element.is_mapping()) {
        return value;
      }
      blocks.push_back(as_block(element, inner));
    }
  }
  const Value list = eval::make_tuple(context_.arena, blocks);
  return eval::with_marks(context_.arena, list, value.marks()).with_origin(value.origin());
}

Value ViewStore::body(const model::Body& body, source::Region place, const Schema& schema) {
  std::vector<eval::Member> members;
  members.reserve(body.attributes.size() + body.blocks.size());
  for (const model::Attribute& attribute : body.attributes) {
    const Value value = as_blocks(as_taken(attribute, schema, context_), attribute.name(), schema)
                            .with_origin(origin(attribute.region(), attribute.name(), attribute.value.origin()));
    if (may_be_policy(value)) {
      attributes_.emplace(value.origin(), Attribute{.node = &value.node(),
                                                    .context = &context_,
                                                    .statements = {},
                                                    .reading = {},
                                                    .plain_reading = {},
                                                    .question = {}});
    }
    members.push_back({attribute.name(), value, attribute.name_region()});
  }
  // Blocks of one type in order of appearance.
  std::map<std::string_view, std::vector<const model::Block*>> by_type;
  for (const model::Block& block : body.blocks) {
    by_type[block.type].push_back(&block);
  }
  for (const auto& [type, blocks] : by_type) {
    const auto known = schema ? schema->block(type) : std::nullopt;
    const Schema inner = known ? std::optional(known->body) : std::nullopt;
    std::vector<Value> items;
    items.reserve(blocks.size());
    bool any_certain = false;
    for (const model::Block* block : blocks) {
      Value item = block->body == nullptr ? eval::make_object(context_.arena, {}, eval::Rest::kNull)
                                          : this->body(*block->body, block->header, inner);
      blocks_.emplace(&item.node(), block);
      items.push_back(item.with_origin(origin(block->header, type, nullptr)));
      any_certain = any_certain || block->certain;
    }
    Value list = eval::make_tuple(context_.arena, items);
    if (!any_certain) {
      // Any number of blocks that look like the first one, perhaps none.
      eval::Unknown unknown;
      unknown.symbol = context_.symbols.intern({.reason = eval::Reason::kInstance,
                                                .text = "the number of " + std::string(type) + " blocks",
                                                .subject = {},
                                                .path = {},
                                                .region = blocks.front()->header});
      unknown.not_null = true;
      unknown.element = context_.arena.make<Value>(items.front());
      static constexpr eval::Type kBlocks{.kind = eval::TypeKind::kList, .element = &eval::kDynamicType};
      list = eval::make_unknown(context_.arena, kBlocks, unknown);
    }
    members.push_back({type, list.with_origin(origin(blocks.front()->header, type, nullptr)), blocks.front()->header});
  }
  const Value view = eval::make_object(context_.arena, members, eval::Rest::kNull);
  bodies_.emplace(&view.node(), &body);
  return view.with_origin(origin(place, {}, nullptr));
}

Value ViewStore::make(const model::Resource& resource) {
  const Schema schema = resource.mode == model::Mode::kData ? aws::provider_data_source(resource.type)
                                                            : aws::provider_resource(resource.type);
  const Value view = body(*resource.body, resource.header, schema);
  owners_.emplace(&view.node(), &resource);
  resources_.emplace(&resource, view);
  return view;
}

Value ViewStore::make(const model::ConfigurationBlock& block) {
  return body(block.body, block.header, {});
}

const Value* ViewStore::find(const model::Resource& resource) const {
  const auto known = resources_.find(&resource);
  return known == resources_.end() ? nullptr : &known->second;
}

ViewStore::Attribute* ViewStore::attribute(const Value& value) {
  const auto known = attributes_.find(value.origin());
  return known == attributes_.end() || known->second.node != &value.node() ? nullptr : &known->second;
}

const model::Resource* ViewStore::resource_of(const Value& view) const {
  return found(owners_, &view.node());
}

const model::Body* ViewStore::body_of(const Value& view) const {
  return found(bodies_, &view.node());
}

const model::Block* ViewStore::block_of(const Value& view) const {
  return found(blocks_, &view.node());
}

void ViewStore::clear() {
  // Of most subjects there are views of a few kinds, and clearing a table goes over it.
  const auto clear = [](auto& table) {
    if (!table.empty()) {
      table.clear();
    }
  };
  clear(attributes_);
  clear(resources_);
  clear(owners_);
  clear(bodies_);
  clear(blocks_);
}

}  // namespace gabion::engine
