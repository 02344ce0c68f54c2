#include "engine/covered_blocks.h"

#include <algorithm>
#include <limits>

namespace gabion::engine {
namespace {

using findings::CoverageState;

// Numbers are written seven bits at a time.
constexpr unsigned kBits = 7;
constexpr std::uint64_t kMore = std::uint64_t{1} << kBits;

void put(std::string& bytes, std::uint64_t number) {
  while (number >= kMore) {
    bytes += static_cast<char>(static_cast<unsigned char>(number | kMore));
    number >>= kBits;
  }
  bytes += static_cast<char>(static_cast<unsigned char>(number));
}

/// How far one number is from another: small ones are small on either side.
void put_step(std::string& bytes, std::uint32_t from, std::uint32_t to) {
  put(bytes, to >= from ? 2 * std::uint64_t{to - from} : 2 * std::uint64_t{from - to} - 1);
}

/// The beginning that a text has in common with the one before, and its rest.
void put_text(std::string& bytes, std::string_view before, std::string_view text) {
  const auto [end, other] = std::ranges::mismatch(text, before);
  const auto shared = static_cast<std::size_t>(end - text.begin());
  put(bytes, shared);
  put(bytes, text.size() - shared);
  bytes += text.substr(shared);
}

class Reader {
 public:
  Reader(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += kBits) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= (byte & (kMore - 1)) << shift;
      if ((byte & kMore) == 0) {
        return value;
      }
    }
  }
  std::uint32_t step(std::uint32_t from) {
    const std::uint64_t step = number();
    return static_cast<std::uint32_t>(step % 2 == 0 ? from + step / 2 : from - (step + 1) / 2);
  }
  void text(std::string& text) {
    text.resize(static_cast<std::size_t>(number()));
    const auto rest = static_cast<std::size_t>(number());
    text += bytes_.substr(at_, rest);
    at_ += rest;
  }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_;
};

}  // namespace

CoveredPlaces::CoveredPlaces() = default;
CoveredPlaces::CoveredPlaces(CoveredPlaces&&) noexcept = default;
CoveredPlaces& CoveredPlaces::operator=(CoveredPlaces&&) noexcept = default;
CoveredPlaces::~CoveredPlaces() = default;

std::size_t CoveredPlaces::read(std::size_t at, CoveredPlace& place) const {
  Reader from(bytes_, at);
  place.region.artifact = source::ArtifactId{from.step(static_cast<std::uint32_t>(place.region.artifact))};
  place.region.begin = from.step(place.region.end);
  place.region.end = place.region.begin + static_cast<std::uint32_t>(from.number());
  place.state = static_cast<CoverageState>(from.number());
  from.text(place.what);
  if (place.state == CoverageState::kWhole) {
    place.why.clear();
  } else {
    from.text(place.why);
  }
  return from.at();
}

void CoveredPlaces::append(source::Region region, CoverageState state, std::string_view what, std::string_view why) {
  put_step(bytes_, static_cast<std::uint32_t>(last_->region.artifact), static_cast<std::uint32_t>(region.artifact));
  put_step(bytes_, last_->region.end, region.begin);
  put(bytes_, region.size());
  put(bytes_, static_cast<std::uint64_t>(state));
  put_text(bytes_, last_->what, what);
  last_->what = what;
  last_->why = state == CoverageState::kWhole ? std::string_view() : (put_text(bytes_, last_->why, why), why);
  last_->region = region;
  last_->state = state;
  ++size_;
}

void CoveredPlaces::add(source::Region region, CoverageState state, std::string_view what, std::string_view why) {
  const bool first = bytes_.empty();
  if (last_ == nullptr) {
    last_ = std::make_unique<CoveredPlace>();
    for (std::size_t at = 0; at < bytes_.size();) {
      at = read(at, *last_);
    }
  }
  // Instances of a block follow each other.
  if (!first && last_->region == region && last_->state >= state) {
    return;
  }
  // Modules that are called many times bring the same blocks many times.
  constexpr std::size_t kFew = std::size_t{64} * 1024;
  if (!sorted_ && bytes_.size() >= kFew && bytes_.size() > 2 * settled_) {
    settle();
  }
  sorted_ = sorted_ && (first || last_->region < region);
  append(region, state, what, why);
}

void CoveredPlaces::add(const CoveredPlaces& others) {
  others.each([&](const CoveredPlace& place) { add(place.region, place.state, place.what, place.why); });
}

void CoveredPlaces::close() {
  last_.reset();
  bytes_.shrink_to_fit();
}

void CoveredPlaces::settle() {
  const CoveredBlocks settled(*this);
  bytes_.clear();
  size_ = 0;
  *last_ = {};
  for (const CoveredBlocks::Block& block : settled.blocks()) {
    append(block.region, block.state, settled.text(block.what), settled.text(block.why));
  }
  settled_ = bytes_.size();
  sorted_ = true;
}

CoveredBlocks::CoveredBlocks(const CoveredPlaces& places) {
  places.each([&](const CoveredPlace& place) {
    if (!blocks_.empty() && blocks_.back().region == place.region) {
      if (blocks_.back().state < place.state) {
        blocks_.back() = {place.region, place.state, keep(place.what), keep(place.why)};
      }
      return;
    }
    blocks_.push_back({place.region, place.state, keep(place.what), keep(place.why)});
  });
  if (std::ranges::is_sorted(blocks_, {}, &Block::region)) {
    return;
  }
  std::ranges::stable_sort(blocks_, {}, &Block::region);
  std::size_t kept = 0;
  for (const Block& block : blocks_) {
    if (kept == 0 || blocks_[kept - 1].region != block.region) {
      blocks_[kept++] = block;
    } else if (blocks_[kept - 1].state < block.state) {
      blocks_[kept - 1] = block;
    }
  }
  blocks_.resize(kept);
}

CoveredBlocks::Text CoveredBlocks::keep(std::string_view text) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (text.empty() || text.size() > kMost - texts_.size()) {
    return {};
  }
  const Text kept{static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size())};
  texts_ += text;
  return kept;
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
