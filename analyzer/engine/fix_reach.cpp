#include "engine/fix_reach.h"

#include <algorithm>
#include <array>

namespace gabion::engine {

void FixReach::begin(FixTexts texts) {
  texts_ = std::move(texts);
  inventory_.reset();
  parts_.clear();
}

bool FixReach::look() {
  if (!inventory_) {
    // A fix may have changed what is left out of the tree.
    source::OverlayFileSystem overlay(request_.files);
    for (const auto& [path, text] : texts_) {
      overlay.write(path, text);
    }
    auto found = request_.inventory != nullptr ? source::Expected<source::Inventory>(*request_.inventory)
                                               : source::discover(overlay, request_.paths, request_.discovery);
    if (!found) {
      return false;
    }
    inventory_ = std::move(*found);
  }
  if (!graph_) {
    graph_.emplace(request_.files, *inventory_);
    graph_->close(std::array<const source::FileSystem*, 1>{&request_.files});
  }
  return true;
}

std::optional<std::set<std::string>> FixReach::affected(const std::vector<std::string>& files) {
  if (!look()) {
    return std::nullopt;
  }
  std::set<std::string> directories;
  for (const std::string& path : files) {
    const std::string directory = source::directory_of(path);
    if (!source::is_part_of_module(source::kind_of(source::name_of(path))) || !graph_->is_module(directory)) {
      return std::nullopt;
    }
    directories.insert(directory);
  }
  return graph_->with_callers(std::move(directories));
}

source::Expected<std::shared_ptr<const FixReach::Part>> FixReach::part(const std::vector<std::string>& files) {
  const std::optional<std::set<std::string>> directories = affected(files);
  if (!directories) {
    return std::shared_ptr<const Part>();
  }
  const auto known = std::ranges::find(parts_, *directories, &decltype(parts_)::value_type::first);
  if (known != parts_.end()) {
    std::rotate(known, known + 1, parts_.end());
    return parts_.back().second;
  }
  auto part = std::make_shared<Part>();
  part->inventory = restricted(*inventory_, graph_->with_calls(*directories), files);
  // How it is before has to be found out as well, which only pays for what is small.
  if (4 * part->inventory.files.size() > 3 * inventory_->files.size()) {
    return std::shared_ptr<const Part>();
  }
  auto before = analyze_fixed(request_, texts_, {}, &part->inventory);
  if (!before) {
    return before.error();
  }
  part->before = std::move(*before);
  constexpr std::size_t kMostParts = 16;
  if (parts_.size() == kMostParts) {
    parts_.erase(parts_.begin());
  }
  parts_.emplace_back(*directories, std::move(part));
  return parts_.back().second;
}

}  // namespace gabion::engine
