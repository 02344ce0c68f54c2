#include "terraform/overrides.h"

#include <algorithm>
#include <string>

#include "terraform/module.h"

namespace gabion::terraform {
namespace {

using syntax::hcl::Attribute;
using syntax::hcl::Block;
using syntax::hcl::Body;

std::string_view alias_of(const Block& block) {
  const Attribute* alias = block.body->attribute("alias");
  return alias == nullptr ? std::string_view{} : literal_text(*alias->expression).value_or(std::string_view{});
}

/// Whether `overriding` names the same thing as `block`.
bool same_declaration(const Block& block, const Block& overriding) {
  if (block.type != overriding.type || block.labels.size() != overriding.labels.size()) {
    return false;
  }
  for (std::size_t index = 0; index < block.labels.size(); ++index) {
    if (block.labels[index].text() != overriding.labels[index].text()) {
      return false;
    }
  }
  return block.type != "provider" || alias_of(block) == alias_of(overriding);
}

/// The type that a nested block makes: dynamic blocks count as what they generate.
std::string_view made_type(const Block& block) {
  return block.type == "dynamic" && !block.labels.empty() ? block.labels[0].text() : block.type;
}

std::vector<Attribute> merge_attributes(std::span<const Attribute> base, std::span<const Attribute> overriding) {
  std::vector<Attribute> merged(base.begin(), base.end());
  for (const Attribute& attribute : overriding) {
    const auto known = std::find_if(merged.begin(), merged.end(),
                                    [&](const Attribute& candidate) { return candidate.name == attribute.name; });
    if (known != merged.end()) {
      *known = attribute;
    } else {
      merged.push_back(attribute);
    }
  }
  return merged;
}

const Body* make_body(const Body& base, const std::vector<Attribute>& attributes, const std::vector<Block>& blocks,
                      source::Arena& arena) {
  Body body = base;
  body.attributes = arena.copy(attributes);
  body.blocks = arena.copy(blocks);
  return arena.make<Body>(body);
}

/// Blocks whose arguments are merged one by one instead of being replaced as a whole.
bool merges_inside(const Block& parent, const Block& nested) {
  return nested.type == "lifecycle" || (parent.type == "terraform" && nested.type == "required_providers");
}

/// Backend and cloud exclude each other: an override of either replaces both.
bool replaces(const Block& parent, std::string_view overriding, std::string_view base) {
  const auto stores_state = [](std::string_view type) { return type == "backend" || type == "cloud"; };
  return overriding == base || (parent.type == "terraform" && stores_state(overriding) && stores_state(base));
}

const Block* merge(const Block& base, const Block& overriding, source::Arena& arena) {
  std::vector<Block> blocks;
  for (const Block& block : base.body->blocks) {
    Block kept = block;
    bool dropped = false;
    for (const Block& other : overriding.body->blocks) {
      if (merges_inside(base, block) && other.type == block.type) {
        kept.body = make_body(*kept.body, merge_attributes(kept.body->attributes, other.body->attributes),
                              {kept.body->blocks.begin(), kept.body->blocks.end()}, arena);
      } else if (replaces(base, made_type(other), made_type(block))) {
        dropped = true;
      }
    }
    if (!dropped) {
      blocks.push_back(kept);
    }
  }
  for (const Block& other : overriding.body->blocks) {
    const bool merged = merges_inside(base, other) && std::any_of(base.body->blocks.begin(), base.body->blocks.end(),
                                                                  [&](const Block& b) { return b.type == other.type; });
    if (!merged) {
      blocks.push_back(other);
    }
  }
  Block result = base;
  result.body =
      make_body(*base.body, merge_attributes(base.body->attributes, overriding.body->attributes), blocks, arena);
  return arena.make<Block>(result);
}

/// locals blocks have no identity of their own: each name is replaced where it is declared.
void override_locals(std::vector<const Block*>& blocks, const Block& overriding, source::Arena& arena,
                     findings::Diagnostics& diagnostics) {
  for (const Attribute& attribute : overriding.body->attributes) {
    bool found = false;
    for (const Block*& block : blocks) {
      if (!found && block->type == "locals" && block->body->attribute(attribute.name) != nullptr) {
        Block result = *block;
        result.body = make_body(*block->body,
                                merge_attributes(block->body->attributes, std::span<const Attribute>(&attribute, 1)),
                                {block->body->blocks.begin(), block->body->blocks.end()}, arena);
        block = arena.make<Block>(result);
        found = true;
      }
    }
    if (!found) {
      diagnostics.push_back({findings::DiagnosticSeverity::kWarning,
                             "override-without-base",
                             "local \"" + std::string(attribute.name) + "\" overrides nothing",
                             "declare it in an ordinary file first",
                             attribute.name_region(),
                             {}});
      Block result = overriding;
      result.body = make_body(*overriding.body, {attribute}, {}, arena);
      blocks.push_back(arena.make<Block>(result));
    }
  }
}

}  // namespace

bool is_override_file(std::string_view file_name) {
  for (const std::string_view extension : {".tf.json", ".tofu.json", ".tf", ".tofu"}) {
    if (file_name.ends_with(extension)) {
      const std::string_view stem = file_name.substr(0, file_name.size() - extension.size());
      return stem == "override" || stem.ends_with("_override");
    }
  }
  return false;
}

void apply_overrides(std::vector<const Block*>& blocks, const Body& overriding, source::Arena& arena,
                     findings::Diagnostics& diagnostics) {
  for (const Block& block : overriding.blocks) {
    if (block.type == "locals") {
      override_locals(blocks, block, arena, diagnostics);
      continue;
    }
    const auto base =
        std::find_if(blocks.begin(), blocks.end(), [&](const Block* known) { return same_declaration(*known, block); });
    if (base != blocks.end()) {
      *base = merge(**base, block, arena);
      continue;
    }
    if (block.type != "terraform" && block.type != "moved" && block.type != "import" && block.type != "removed" &&
        block.type != "check") {
      std::string name(block.type);
      for (const auto& label : block.labels) {
        name += " \"" + std::string(label.text()) + "\"";
      }
      diagnostics.push_back({findings::DiagnosticSeverity::kWarning,
                             "override-without-base",
                             name + " overrides nothing",
                             "declare it in an ordinary file first",
                             block.header,
                             {}});
    }
    blocks.push_back(&block);
  }
}

}  // namespace gabion::terraform
