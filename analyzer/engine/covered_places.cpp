#include "engine/covered_places.h"

#include <algorithm>
#include <cstring>
#include <vector>

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
  constexpr std::size_t kStep = 8;  // names are long, and begin alike
  const std::size_t most = std::min(before.size(), text.size());
  std::size_t shared = 0;
  while (most - shared >= kStep && std::memcmp(before.data() + shared, text.data() + shared, kStep) == 0) {
    shared += kStep;
  }
  while (shared < most && before[shared] == text[shared]) {
    ++shared;
  }
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
  if (sorted_) {
    return;
  }
  struct Known {
    source::Region region;
    CoverageState state;
    std::size_t what;  ///< where it begins
    std::size_t why;
    std::size_t end;
  };
  std::vector<Known> places;
  places.reserve(size_);
  std::string texts;
  each([&](const CoveredPlace& place) {
    const std::size_t what = texts.size();
    texts += place.what;
    const std::size_t why = texts.size();
    texts += place.why;
    places.push_back({place.region, place.state, what, why, texts.size()});
  });
  std::ranges::stable_sort(places, {}, &Known::region);
  bytes_.clear();
  size_ = 0;
  last_ = std::make_unique<CoveredPlace>();
  for (auto place = places.begin(); place != places.end();) {
    const auto next = std::find_if(place, places.end(), [&](const Known& one) { return one.region != place->region; });
    const Known& worst =
        *std::max_element(place, next, [](const Known& a, const Known& b) { return a.state < b.state; });
    const std::string_view all(texts);
    append(worst.region, worst.state, all.substr(worst.what, worst.why - worst.what),
           all.substr(worst.why, worst.end - worst.why));
    place = next;
  }
  settled_ = bytes_.size();
  sorted_ = true;
}

}  // namespace gabion::engine
