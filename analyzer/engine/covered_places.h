// What an analysis covers, by places, and how far each was analysed. There may be very many places, nearly all of them
// wholly analysed: at rest each takes a few bytes. Used by LedgerKeeper.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "findings/ledger.h"
#include "source/region.h"

namespace gabion::engine {

/// A block or a policy, and what is said of it.
struct CoveredPlace {
  source::Region region;
  findings::CoverageState state = findings::CoverageState::kWhole;
  std::string what;
  std::string why;  ///< unless it is whole
};

/// Places in the order in which they were added, as bytes: of each what differs from the one before.
class CoveredPlaces {
 public:
  CoveredPlaces();
  CoveredPlaces(CoveredPlaces&&) noexcept;
  CoveredPlaces& operator=(CoveredPlaces&&) noexcept;
  CoveredPlaces(const CoveredPlaces&) = delete;
  CoveredPlaces& operator=(const CoveredPlaces&) = delete;
  ~CoveredPlaces();

  /// Adds a place, or what is said of it again: of what is the worst of it the first counts.
  void add(source::Region region, findings::CoverageState state, std::string_view what, std::string_view why);
  /// Everything that others hold.
  void add(const CoveredPlaces& others);
  /// Nothing is added for a while: what is needed for that is dropped.
  void close();
  /// Sorts them by region and leaves one of each.
  void settle();

  /// How many were added, and how many bytes they take.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  /// Gives all, each until the next.
  template <class Use>
  void each(const Use& use) const {
    CoveredPlace place;
    auto joint = joints_.begin();
    for (std::size_t at = 0; at < bytes_.size();) {
      if (joint != joints_.end() && *joint == at) {
        place = {};
        ++joint;
      }
      at = read(at, place);
      use(std::as_const(place));
    }
  }

 private:
  /// Reads the place at that offset, after the one that `place` has, and answers where the next one begins.
  [[nodiscard]] std::size_t read(std::size_t at, CoveredPlace& place) const;
  void append(source::Region region, findings::CoverageState state, std::string_view what, std::string_view why);
  /// Sorts them where they take much more room than when one was left of each.
  void make_room();
  std::string bytes_;
  std::vector<std::size_t> joints_;     ///< where bytes begin that were others' and follow nothing
  std::unique_ptr<CoveredPlace> last_;  ///< null: to be read from the bytes
  std::size_t size_ = 0;
  std::size_t settled_ = 0;  ///< how many bytes there were when one was left of each
  bool sorted_ = true;       ///< each lies behind the one before
};

}  // namespace gabion::engine
