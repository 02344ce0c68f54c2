#include "engine/bucket_names.h"

#include <string_view>

namespace gabion::engine {
namespace {

constexpr std::string_view kBucket = "aws_s3_bucket";

}  // namespace

BucketNames::BucketNames(const model::Configuration& configuration) : configuration_(configuration) {
  for (const model::ResourceId id : configuration.of_type(kBucket)) {
    if (const model::Attribute* name = configuration.resource(id).body->attribute("bucket"); name != nullptr) {
      add(name->value);
    }
  }
}

/// What is not known of a text, as a whole or in parts.
void BucketNames::add(const eval::Value& text) {
  if (!text.is_unknown()) {
    return;
  }
  if (text.detail() == nullptr || text.detail()->parts.empty()) {
    parts_.insert(text.unknown().symbol);
    return;
  }
  for (const eval::Part& part : text.detail()->parts) {
    if (part.value != nullptr) {
      add(*part.value);
    }
  }
}

bool BucketNames::has(const iam::Hole& hole) const {
  if (hole.symbol != nullptr && parts_.contains(hole.symbol)) {
    return true;
  }
  constexpr std::string_view kName = ".bucket";
  const std::string_view name = hole.name;
  if (!name.ends_with(kName)) {
    return false;
  }
  const model::Resource* const bucket = configuration_.find(name.substr(0, name.size() - kName.size()));
  return bucket != nullptr && bucket->type == kBucket && bucket->mode == model::Mode::kManaged;
}

}  // namespace gabion::engine
