#include "engine/covered_blocks.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gabion::engine {

using findings::CoverageState;

CoveredBlocks::Text CoveredBlocks::keep(std::string_view text) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (text.empty() || text.size() > kMost - texts_.size()) {
    return {};
  }
  const Text kept{static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size())};
  texts_ += text;
  return kept;
}

std::string_view CoveredBlocks::text(const Text& text) const {
  // What was kept from an earlier run may say anything.
  const bool there = text.begin <= texts_.size() && text.size <= texts_.size() - text.begin;
  return there ? std::string_view(texts_).substr(text.begin, text.size) : std::string_view();
}

void CoveredBlocks::expect(std::size_t count, std::size_t bytes) {
  if (blocks_.empty()) {
    blocks_.reserve(count);
    texts_.reserve(bytes);
  }
}

void CoveredBlocks::add(source::Region region, CoverageState state, std::string_view what, std::string_view why) {
  // Instances of a block follow each other.
  if (!blocks_.empty() && blocks_.back().region == region) {
    Block& last = blocks_.back();
    if (last.state == CoverageState::kWhole && state != CoverageState::kWhole) {
      last = {region, state, keep(what), keep(why)};
    }
    return;
  }
  // Modules that are called many times bring the same blocks many times.
  constexpr std::size_t kFew = 1024;
  if (blocks_.size() >= kFew && blocks_.size() > 2 * settled_ && blocks_.size() == blocks_.capacity()) {
    settle();
  }
  blocks_.push_back({region, state, keep(what), keep(why)});
}

void CoveredBlocks::add(CoveredBlocks others) {
  if (blocks_.empty()) {
    *this = std::move(others);
    return;
  }
  for (const Block& block : others.blocks_) {
    add(block.region, block.state, others.text(block.what), others.text(block.why));
  }
}

void CoveredBlocks::settle() {
  const auto before = [](const Block& a, const Block& b) { return a.region < b.region; };
  if (!std::ranges::is_sorted(blocks_, before)) {
    std::ranges::stable_sort(blocks_, before);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (kept == 0 || blocks_[kept - 1].region != blocks_[i].region) {
      blocks_[kept++] = blocks_[i];
    } else if (blocks_[kept - 1].state == CoverageState::kWhole && blocks_[i].state != CoverageState::kWhole) {
      blocks_[kept - 1] = blocks_[i];
    }
  }
  if (kept < blocks_.size()) {
    blocks_.resize(kept);
    CoveredBlocks fresh;
    for (Block& block : blocks_) {
      block.what = fresh.keep(text(block.what));
      block.why = fresh.keep(text(block.why));
    }
    texts_ = std::move(fresh.texts_);
  }
  settled_ = kept;
}

CoveredBlocks::Block* CoveredBlocks::around(const source::Region& region) {
  const source::Region end{region.artifact, region.begin, std::numeric_limits<std::uint32_t>::max()};
  const auto next = std::ranges::upper_bound(blocks_, end, {}, &Block::region);
  if (next == blocks_.begin() || !std::prev(next)->region.contains(region)) {
    return nullptr;
  }
  return &*std::prev(next);
}

void CoveredBlocks::limit(Block& block, std::string_view why) {
  if (block.state == CoverageState::kWhole) {
    block.state = CoverageState::kPartly;
    block.why = keep(why);
  }
}

}  // namespace gabion::engine
