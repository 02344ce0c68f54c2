// Views that live as long as each other: the objects that rules see, made of what was evaluated, and of what each of
// them is a view. Used by Views.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "aws/provider_schema.h"
#include "eval/evaluator.h"
#include "iam/document.h"
#include "model/model.h"

namespace gabion::engine {

class PolicyQuestion;

/// Borrows what it makes views of.
class ViewStore {
 public:
  using Reading = std::shared_ptr<const iam::PolicyReading>;

  /// An attribute in a view, and what was worked out of it; by the origin that the view gave it.
  struct Attribute {
    const eval::Node* node = nullptr;
    eval::Context* context = nullptr;       ///< for values that live as long as the view
    std::optional<eval::Value> statements;  ///< when it is a policy, and somebody asked
    Reading reading;
    Reading plain_reading;                           ///< for fixes
    std::shared_ptr<const PolicyQuestion> question;  ///< about it, as far as it tells of nothing else
  };

  /// Views are made in the arena of the context, which must outlive them.
  explicit ViewStore(eval::Context& context) : context_(context) {}

  /// The view of a resource that was made, or null.
  [[nodiscard]] const eval::Value* find(const model::Resource& resource) const;
  [[nodiscard]] eval::Value make(const model::Resource& resource);
  [[nodiscard]] eval::Value make(const model::ConfigurationBlock& block);

  // Of what a value is a view, or null.
  [[nodiscard]] Attribute* attribute(const eval::Value& value);
  [[nodiscard]] const model::Resource* resource_of(const eval::Value& view) const;
  [[nodiscard]] const model::Body* body_of(const eval::Value& view) const;
  [[nodiscard]] const model::Block* block_of(const eval::Value& view) const;

  /// Forgets all views; whoever has the arena may clear it then.
  void clear();

 private:
  /// What the provider says of a body, as far as it is known: which of its attributes are meant as blocks.
  using Schema = std::optional<aws::ProviderBody>;
  [[nodiscard]] eval::Value body(const model::Body& body, source::Region place, const Schema& schema);
  /// An attribute that holds what the provider has blocks for, as these blocks; any other as it is.
  [[nodiscard]] eval::Value as_blocks(const eval::Value& value, std::string_view name, const Schema& schema);
  [[nodiscard]] eval::Value as_block(const eval::Value& object, const Schema& schema);
  [[nodiscard]] const eval::Origin* origin(source::Region region, std::string_view name, const eval::Origin* via);

  eval::Context& context_;
  std::unordered_map<const eval::Origin*, Attribute> attributes_;
  std::unordered_map<const model::Resource*, eval::Value> resources_;
  std::unordered_map<const eval::Node*, const model::Resource*> owners_;
  std::unordered_map<const eval::Node*, const model::Body*> bodies_;
  std::unordered_map<const eval::Node*, const model::Block*> blocks_;
};

}  // namespace gabion::engine
