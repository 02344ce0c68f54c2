#include "model/model.h"

#include <algorithm>

namespace gabion::model {

const Attribute* Body::attribute(std::string_view name) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& candidate) { return candidate.name() == name; });
  return found == attributes.end() ? nullptr : &*found;
}

std::span<const ResourceId> Configuration::of_type(std::string_view type, Mode mode) const {
  const auto& index = mode == Mode::kManaged ? by_type_ : data_by_type_;
  const auto found = index.find(type);
  return found == index.end() ? std::span<const ResourceId>{} : std::span<const ResourceId>(found->second);
}

const Resource* Configuration::find(std::string_view address) const {
  const auto found = by_address_.find(source::hash_of(address),
                                      [&](std::uint32_t number) { return resources_[number].address == address; });
  return found ? &resources_[*found] : nullptr;
}

void Configuration::expect(std::size_t count) {
  const std::size_t wanted = resources_.size() + count;
  if (wanted > resources_.capacity()) {
    resources_.reserve(std::max(wanted, resources_.capacity() + resources_.capacity() / 2));
  }
}

ResourceId Configuration::add(const Resource& resource) {
  const auto id = static_cast<ResourceId>(resources_.size());
  resources_.push_back(resource);
  resources_.back().id = id;
  return id;
}

ModuleId Configuration::add(Module module) {
  const auto id = static_cast<ModuleId>(modules_.size());
  module.id = id;
  modules_.push_back(module);
  return id;
}

void Configuration::freeze() {
  // Modules were added callers first and in the order they are written; resources follow their modules.
  const auto before = [](const Resource& a, const Resource& b) { return a.module < b.module; };
  if (!std::is_sorted(resources_.begin(), resources_.end(), before)) {  // sorting takes as much memory again
    std::stable_sort(resources_.begin(), resources_.end(), before);
  }
  for (std::size_t index = 0; index < resources_.size(); ++index) {
    Resource& resource = resources_[index];
    resource.id = static_cast<ResourceId>(index);
    (resource.mode == Mode::kManaged ? by_type_ : data_by_type_)[resource.type].push_back(resource.id);
    if (find(resource.address) == nullptr) {  // of duplicates, which Terraform refuses, the first stays
      by_address_.add(source::hash_of(resource.address), static_cast<std::uint32_t>(index));
    }
  }
}

}  // namespace gabion::model
