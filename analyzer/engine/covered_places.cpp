#include "engine/covered_places.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gabion::engine {
namespace {

using findings::CoverageState;

// Numbers are written seven bits at a time.
constexpr unsigned kBits = 7;
constexpr std::uint64_t kMore = std::uint64_t{1} << kBits;

constexpr std::size_t kMostBytes = 10;  ///< of a number

char* put(char* to, std::uint64_t number) {
  while (number >= kMore) {
    *to++ = static_cast<char>(static_cast<unsigned char>(number | kMore));
    number >>= kBits;
  }
  *to++ = static_cast<char>(static_cast<unsigned char>(number));
  return to;
}

/// How far one number is from another: small ones are small on either side.
char* put_step(char* to, std::uint32_t from, std::uint32_t next) {
  return put(to, next >= from ? 2 * std::uint64_t{next - from} : 2 * std::uint64_t{from - next} - 1);
}

/// How much of the beginning two texts have in common.
std::size_t shared_size(std::string_view before, std::string_view text) {
  constexpr std::size_t kStep = 8;  // names are long, and begin alike
  const std::size_t most = std::min(before.size(), text.size());
  std::size_t shared = 0;
  while (most - shared >= kStep && std::memcmp(before.data() + shared, text.data() + shared, kStep) == 0) {
    shared += kStep;
  }
  while (shared < most && before[shared] == text[shared]) {
    ++shared;
  }
  return shared;
}

/// The size of the beginning that a text has in common with the one before, and of its rest. Then that is the one
/// before, and its rest is given.
char* put_sizes(char* to, std::string& before, std::string_view text, std::string_view& rest) {
  const std::size_t shared = shared_size(before, text);
  rest = text.substr(shared);
  before.replace(shared, std::string::npos, rest);
  return put(put(to, shared), rest.size());
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
  constexpr std::size_t kNumbers = 6;
  std::array<char, kNumbers * kMostBytes> numbers{};
  std::string_view rest;
  char* to = put_step(numbers.data(), static_cast<std::uint32_t>(last_->region.artifact),
                      static_cast<std::uint32_t>(region.artifact));
  to = put(put_step(to, last_->region.end, region.begin), region.size());
  to = put_sizes(put(to, static_cast<std::uint64_t>(state)), last_->what, what, rest);
  bytes_.append(numbers.data(), to).append(rest);
  if (state == CoverageState::kWhole) {
    last_->why.clear();
  } else {
    to = put_sizes(numbers.data(), last_->why, why, rest);
    bytes_.append(numbers.data(), to).append(rest);
  }
  last_->region = region;
  last_->state = state;
  ++size_;
}

void CoveredPlaces::add(source::Region region, CoverageState state, std::string_view what, std::string_view why) {
  const bool first = bytes_.empty();
  if (last_ == nullptr) {
    last_ = std::make_unique<CoveredPlace>();
    each([&](const CoveredPlace& place) { *last_ = place; });
  }
  // Instances of a block follow each other.
  if (!first && last_->region == region && last_->state >= state) {
    return;
  }
  make_room();
  sorted_ = sorted_ && (first || last_->region < region);
  append(region, state, what, why);
}

void CoveredPlaces::add(const CoveredPlaces& others) {
  if (others.bytes_.empty()) {
    return;
  }
  make_room();
  const std::size_t begin = bytes_.size();
  if (begin > 0) {
    joints_.push_back(begin);
  }
  for (const std::size_t joint : others.joints_) {
    joints_.push_back(begin + joint);
  }
  sorted_ = begin == 0 && others.sorted_;
  bytes_ += others.bytes_;
  size_ += others.size_;
  last_.reset();
}

void CoveredPlaces::make_room() {
  // Modules that are called many times bring the same blocks many times.
  constexpr std::size_t kFew = std::size_t{64} * 1024;
  if (!sorted_ && bytes_.size() >= kFew && bytes_.size() > 2 * settled_) {
    settle();
  }
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
  joints_.clear();
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
