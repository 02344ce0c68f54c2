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

  /// How many were added, and how many bytes they take.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  /// Gives all, each until the next.
  template <class Use>
  void each(const Use& use) const {
    CoveredPlace place;
    for (std::size_t at = 0; at < bytes_.size();) {
      at = read(at, place);
      use(std::as_const(place));
    }
  }

 private:
  /// Reads the place at that offset, after the one that `place` has, and answers where the next one begins.
  [[nodiscard]] std::size_t read(std::size_t at, CoveredPlace& place) const;
  void append(source::Region region, findings::CoverageState state, std::string_view what, std::string_view why);
  /// Leaves one of each.
  void settle();

  std::string bytes_;
  std::unique_ptr<CoveredPlace> last_;  ///< null: to be read from the bytes
  std::size_t size_ = 0;
  std::size_t settled_ = 0;  ///< how many bytes there were when one was left of each
  bool sorted_ = true;       ///< each lies behind the one before
};

/// The same to look things up in: sorted by region, one of each. All texts together are at most 4 GB; what is longer is
/// left out.
class CoveredBlocks {
 public:
  struct Text {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct Block {
    source::Region region;
    findings::CoverageState state = findings::CoverageState::kWhole;
    Text what;
    Text why;
  };

  explicit CoveredBlocks(const CoveredPlaces& places);

  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  /// The block around a region, or null; blocks of resources do not contain each other.
  [[nodiscard]] Block* around(const source::Region& region);
  /// That a block was analysed in part only.
  void limit(Block& block, std::string_view why);

  [[nodiscard]] std::string_view text(const Text& text) const {
    return std::string_view(texts_).substr(text.begin, text.size);
  }

 private:
  [[nodiscard]] Text keep(std::string_view text);

  std::vector<Block> blocks_;
  std::string texts_;
};

}  // namespace gabion::engine
