// Blocks of resources and how far each was analysed. There may be very many, nearly all of them wholly analysed, so
// that none takes more than its place and its name. Used by LedgerKeeper.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "findings/ledger.h"
#include "source/region.h"

namespace gabion::engine {

/// Blocks by their regions. Of what is said of one block several times, the first counts, and the first that is not
/// whole before that. All texts together are at most 4 GB; what is longer is left out.
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

  /// Adds a block, or what is said of it again.
  void add(source::Region region, findings::CoverageState state, std::string_view what, std::string_view why);
  /// Everything that others hold.
  void add(CoveredBlocks others);
  /// So many blocks will be added soon, with names of so many bytes.
  void expect(std::size_t count, std::size_t bytes);

  /// Sorts by region and leaves one of each.
  void settle();
  /// After settle().
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  /// The block around a region, or null; blocks of resources do not contain each other. After settle().
  [[nodiscard]] Block* around(const source::Region& region);
  /// That a block was analysed in part only.
  void limit(Block& block, std::string_view why);

  [[nodiscard]] std::string_view text(const Text& text) const;

  /// What is kept of it from one run to the next: names each field once, for both directions.
  static void fields(auto& archive, auto& blocks) { archive(blocks.blocks_, blocks.texts_); }

 private:
  [[nodiscard]] Text keep(std::string_view text);

  std::vector<Block> blocks_;
  std::string texts_;
  std::size_t settled_ = 0;  ///< how many there were when they were last settled
};

}  // namespace gabion::engine
