#include "terraform/body_evaluation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "terraform/expansion.h"
#include "terraform/module.h"
#include "terraform/repetition.h"

namespace gabion::terraform {
namespace {

using eval::Symbol;
using eval::Value;

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What somebody means who writes a boolean as other languages do ("False"). Terraform refuses it, and that is
/// reported; what follows from the value they mean is reported as well.
std::optional<bool> boolean_meant(const hcl::Expression& expression) {
  if (expression.kind != hcl::ExpressionKind::kTraversal) {
    return std::nullopt;
  }
  const hcl::Traversal& name = hcl::as<hcl::Traversal>(expression);
  if (!name.steps.empty()) {
    return std::nullopt;
  }
  if (name.root == "True" || name.root == "TRUE") {
    return true;
  }
  return name.root == "False" || name.root == "FALSE" ? std::optional(false) : std::nullopt;
}

bool is_meta_argument(MetaArguments meta, std::string_view name) {
  static constexpr std::array<std::string_view, 4> kResource{"count", "for_each", "provider", "depends_on"};
  static constexpr std::array<std::string_view, 1> kProvider{"for_each"};  // its alias tells rules which one it is
  static constexpr std::array<std::string_view, 4> kCall{"count", "for_each", "providers", "depends_on"};
  switch (meta) {
    case MetaArguments::kNone:
      return false;
    case MetaArguments::kResource:
      return contains(kResource, name);
    case MetaArguments::kProvider:
      return contains(kProvider, name);
    case MetaArguments::kCall:
      return contains(kCall, name);
  }
  return false;
}

bool is_meta_block(MetaArguments meta, std::string_view type) {
  static constexpr std::array<std::string_view, 3> kResource{"lifecycle", "provisioner", "connection"};
  return meta == MetaArguments::kResource && contains(kResource, type);
}

/// What a body belongs to. Its name is put together when something in it has to be named.
struct Owner {
  const Owner* above = nullptr;  ///< of a block: what that is in
  std::string_view name{};       ///< of a block: its type
  std::size_t index = 0;         ///< of a block: among those of its type

  [[nodiscard]] std::string text() const {
    return above == nullptr ? std::string(name) : above->below(name) + "[" + std::to_string(index) + "]";
  }
  /// What something in it is called.
  [[nodiscard]] std::string below(std::string_view inner) const {
    const std::string whole = text();
    return whole.empty() ? std::string(inner) : whole + "." + std::string(inner);
  }
};

/// Counts the blocks of a type before one.
std::size_t index_in_type(std::span<const model::Block> blocks, std::string_view type) {
  return static_cast<std::size_t>(
      std::count_if(blocks.begin(), blocks.end(), [&](const model::Block& other) { return other.type == type; }));
}

class Evaluation {
 public:
  Evaluation(std::span<const eval::Assumption> assumed, eval::Context& context, Expansion& expansion)
      : assumed_(assumed), context_(context), expansion_(expansion) {}

  model::Body body(const hcl::Body& syntax, const eval::Scope& scope, MetaArguments meta, const Owner& owner);

 private:
  using Blocks = std::vector<model::Block>;

  Value attribute(const hcl::Attribute& syntax, const eval::Scope& scope, const Owner& owner);
  void add_block(const hcl::Block& syntax, const eval::Scope& scope, const Owner& owner, Blocks& out);
  void add_dynamic(const hcl::Block& syntax, const eval::Scope& scope, const Owner& owner, Blocks& out);
  void append(model::Block block, const hcl::Body& contents, const eval::Scope& scope, const Owner& owner, Blocks& out);
  std::span<const std::string_view> dynamic_labels(const hcl::Block& syntax, const eval::Scope& scope,
                                                   std::string_view owner);

  std::span<const eval::Assumption> assumed_;
  eval::Context& context_;
  Expansion& expansion_;
};

Value Evaluation::attribute(const hcl::Attribute& syntax, const eval::Scope& scope, const Owner& owner) {
  Expansion::Evaluated evaluated = expansion_.evaluate(*syntax.expression, scope, context_);
  evaluated.value = eval::assuming(evaluated.value, assumed_, context_);
  const Value& value = evaluated.value;
  // Nothing to be named: there is a value, or somebody else said why there is none.
  const bool plain =
      value.is_known() || (value.is_unknown() && value.unknown().symbol->reason != eval::Reason::kBudget);
  if (plain && !evaluated.met_mended) {
    return value;
  }
  const Value settled = expansion_.settle(evaluated, *syntax.expression, scope, owner.below(syntax.name), context_);
  const std::optional<bool> meant = value.is_error() ? boolean_meant(*syntax.expression) : std::nullopt;
  return meant ? eval::make_bool(*meant).with_origin(value.origin()) : settled;
}

void Evaluation::append(model::Block block, const hcl::Body& contents, const eval::Scope& scope, const Owner& owner,
                        Blocks& out) {
  const Owner inner{.above = &owner, .name = block.type, .index = index_in_type(out, block.type)};
  block.body = context_.arena.make<model::Body>(body(contents, scope, MetaArguments::kNone, inner));
  out.push_back(block);
}

void Evaluation::add_block(const hcl::Block& syntax, const eval::Scope& scope, const Owner& owner, Blocks& out) {
  model::Block block;
  block.type = syntax.type;
  std::vector<std::string_view> labels;
  labels.reserve(syntax.labels.size());
  for (const hcl::Label& label : syntax.labels) {
    labels.push_back(label.text());
  }
  block.labels = context_.arena.copy(labels);
  block.syntax = &syntax;
  block.header = syntax.header;
  append(block, *syntax.body, scope, owner, out);
}

std::span<const std::string_view> Evaluation::dynamic_labels(const hcl::Block& syntax, const eval::Scope& scope,
                                                             std::string_view owner) {
  const hcl::Attribute* attribute = syntax.body->attribute("labels");
  if (attribute == nullptr) {
    return {};
  }
  const Value labels =
      expansion_.settle(eval::evaluate(*attribute->expression, scope, context_), std::string(owner) + " labels");
  std::vector<std::string_view> texts;
  if (labels.is_sequence()) {
    for (const Value& label : labels.elements()) {
      texts.push_back(label.is_string() ? label.text() : std::string_view("*"));
    }
  }
  return context_.arena.copy(texts);
}

void Evaluation::add_dynamic(const hcl::Block& syntax, const eval::Scope& scope, const Owner& owner, Blocks& out) {
  const std::string_view type = syntax.labels[0].text();
  const hcl::Attribute* for_each = syntax.body->attribute("for_each");
  const auto content = std::find_if(syntax.body->blocks.begin(), syntax.body->blocks.end(),
                                    [](const hcl::Block& block) { return block.type == "content"; });
  if (for_each == nullptr || content == syntax.body->blocks.end()) {
    expansion_.report(findings::DiagnosticSeverity::kWarning, "invalid-dynamic",
                      std::string("dynamic block has no ") + (for_each == nullptr ? "for_each" : "content block"),
                      "a dynamic block needs for_each and content", syntax.header);
    return;
  }
  std::string_view iterator = type;
  if (const hcl::Attribute* name = syntax.body->attribute("iterator")) {
    iterator = literal_text(*name->expression).value_or(type);
  }
  const std::string name = owner.below(type);
  const Value evaluated = eval::evaluate(*for_each->expression, scope, context_);
  const Value collection = expansion_.settle(eval::assuming(evaluated, assumed_, context_), name);
  const Repetition repetition = iterate(collection, *for_each->expression, true, name, context_, expansion_);
  for (const Repetition::Item& item : repetition.items) {
    if (!context_.budget.step()) {
      return;
    }
    const std::array<eval::Member, 2> members{{{"key", item.key}, {"value", item.value}}};
    const std::array<eval::LocalScope::Binding, 1> bindings{{{iterator, eval::make_object(context_.arena, members)}}};
    const eval::LocalScope inner(bindings, &scope);
    model::Block block;
    block.type = type;
    block.labels = dynamic_labels(syntax, inner, name);
    block.syntax = &syntax;
    block.header = syntax.header;
    block.generated = true;
    block.certain = item.certain;
    append(block, *content->body, inner, owner, out);
  }
}

model::Body Evaluation::body(const hcl::Body& syntax, const eval::Scope& scope, MetaArguments meta,
                             const Owner& owner) {
  std::vector<model::Attribute> attributes;
  attributes.reserve(syntax.attributes.size());
  for (const hcl::Attribute& written : syntax.attributes) {
    if (!is_meta_argument(meta, written.name)) {
      attributes.push_back(model::attribute_of(written, attribute(written, scope, owner)));
    }
  }
  Blocks blocks;
  for (const hcl::Block& nested : syntax.blocks) {
    if (is_meta_block(meta, nested.type)) {
      continue;
    }
    if (nested.type == "dynamic" && !nested.labels.empty()) {
      add_dynamic(nested, scope, owner, blocks);
    } else {
      add_block(nested, scope, owner, blocks);
    }
  }
  return {context_.arena.copy(attributes), context_.arena.copy(blocks), &syntax};
}

/// Makes what expressions see of a body.
class Objects {
 public:
  explicit Objects(eval::Context& context) : context_(context) {}

  Value object(const model::Body& body, std::span<const eval::Member> computed, const Symbol& owner);

 private:
  /// Member of the object that stands for all blocks of one type.
  eval::Member blocks_of(std::string_view type, const model::Body& body, const Symbol& owner);
  const Symbol* child(const Symbol& owner, std::string_view type, std::size_t index);

  eval::Context& context_;
};

const Symbol* Objects::child(const Symbol& owner, std::string_view type, std::size_t index) {
  const std::string below = std::string(type) + "[" + std::to_string(index) + "]";
  const std::string path = owner.path.empty() ? below : std::string(owner.path) + "." + below;
  return context_.symbols.intern(
      {owner.reason, std::string(owner.text) + "." + below, owner.subject, path, owner.region});
}

eval::Member Objects::blocks_of(std::string_view type, const model::Body& body, const Symbol& owner) {
  std::vector<Value> values;
  std::vector<Value> held;
  std::optional<Value> exemplar;  // the last of those of which there may be any number
  for (const model::Block& block : body.blocks) {
    if (block.type != type) {
      continue;
    }
    const Value value =
        object(*block.body, {}, *child(owner, type, values.size()))
            .with_origin(eval::make_origin(context_.arena, eval::OriginKind::kExpression, block.header));
    values.push_back(value);
    if (block.certain) {
      held.push_back(value);
    } else {
      exemplar = value;
    }
  }
  if (!exemplar) {
    return {type, eval::make_tuple(context_.arena, values)};
  }
  eval::Unknown detail;
  const std::string name = std::string(owner.text) + "." + std::string(type);
  const Symbol* inside = eval::first_unknown(*exemplar);
  detail.symbol = inside != nullptr ? context_.symbols.derive(name, *inside)
                                    : context_.symbols.intern({eval::Reason::kInstance, name, {}, {}, {}});
  detail.not_null = true;
  detail.min_length = static_cast<std::uint32_t>(held.size());
  detail.held = context_.arena.copy(held);
  detail.element = context_.arena.make<Value>(*exemplar);
  return {type, eval::make_unknown(context_.arena, eval::kDynamicType, detail)};
}

Value Objects::object(const model::Body& body, std::span<const eval::Member> computed, const Symbol& owner) {
  std::vector<eval::Member> members;
  members.reserve(computed.size() + body.attributes.size() + body.blocks.size());
  members.assign(computed.begin(), computed.end());
  for (const model::Attribute& attribute : body.attributes) {
    // Null leaves the choice to the provider, who may compute a value.
    if (!attribute.value.is_null()) {
      members.push_back({attribute.name(), attribute_seen(attribute, owner, context_), attribute.name_region()});
    }
  }
  std::vector<std::string_view> types;
  for (const model::Block& block : body.blocks) {
    if (std::find(types.begin(), types.end(), block.type) == types.end()) {
      types.push_back(block.type);
      members.push_back(blocks_of(block.type, body, owner));
    }
  }
  return eval::make_object(context_.arena, members, eval::Rest::kComputed, &owner);
}

}  // namespace

model::Body evaluate_body(const hcl::Body& body, const eval::Scope& scope, MetaArguments meta, std::string_view owner,
                          eval::Context& context, Expansion& expansion, std::span<const eval::Assumption> assumed) {
  return Evaluation(assumed, context, expansion).body(body, scope, meta, Owner{.name = owner});
}

Value object_of(const model::Body& body, std::span<const eval::Member> computed, const Symbol& owner,
                eval::Context& context) {
  return Objects(context).object(body, computed, owner);
}

Value attribute_seen(const model::Attribute& attribute, const Symbol& owner, eval::Context& context) {
  const Value& value = attribute.value;
  if (owner.reason == eval::Reason::kData && attribute.name() == "tags" && value.is_mapping()) {
    const Symbol* tags = eval::computed_attribute(owner, attribute.name(), context).unknown().symbol;
    const Value all = eval::make_object(context.arena, value.members(), eval::Rest::kComputed, tags);
    return eval::with_marks(context.arena, all, value.marks()).with_origin(value.origin());
  }
  if (!eval::may_be_null(value)) {
    return value;
  }
  // It is the resource's own name either way, and that says more of it than what it may be called.
  const Value computed = eval::computed_attribute(owner, attribute.name(), context);
  return computed.unknown().not_null
             ? eval::with_marks(context.arena, computed, value.marks()).with_origin(value.origin())
             : value;
}

}  // namespace gabion::terraform
