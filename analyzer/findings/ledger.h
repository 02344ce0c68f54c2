// What an analysis covers: how many files, blocks, modules and policies were analysed, and for each that was not, or
// only in part, why. Made by the engine, printed by the reports; zero findings mean no more than this says.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/region.h"

namespace gabion::findings {

/// What is counted.
enum class Covered : std::uint8_t {
  kFile,    ///< configuration and what it reads
  kBlock,   ///< resources and data sources as written, however many instances they have
  kModule,  ///< directories that hold a module, and calls whose module is not there
  kPolicy,  ///< attributes that hold a policy document
};
inline constexpr std::array<Covered, 4> kAllCovered = {Covered::kFile, Covered::kBlock, Covered::kModule,
                                                       Covered::kPolicy};
/// "file", "block", "module", "policy".
[[nodiscard]] std::string_view name(Covered kind);

enum class CoverageState : std::uint8_t {
  kWhole,
  kPartly,  ///< something in it is not known or could not be read; the rest was analysed
  kNot,
};
/// "analysed", "partly", "not analysed".
[[nodiscard]] std::string_view name(CoverageState state);

/// One thing that was not analysed, or only in part.
struct CoverageGap {
  Covered kind = Covered::kFile;
  CoverageState state = CoverageState::kNot;
  std::string what;  ///< path, address or call
  std::string why;
  source::Region region;  ///< invalid when it has no place
};

struct CoverageSums {
  std::uint64_t whole = 0;
  std::uint64_t partly = 0;
  std::uint64_t none = 0;

  [[nodiscard]] std::uint64_t total() const { return whole + partly + none; }
};

struct Ledger {
  std::array<CoverageSums, 4> sums{};  ///< index is the kind
  std::vector<CoverageGap> gaps;       ///< by kind, then in the order of the report

  [[nodiscard]] const CoverageSums& of(Covered kind) const { return sums[static_cast<std::size_t>(kind)]; }
  /// Share of all things that were analysed, wholly or in part: 0 to 100, and 100 when there is nothing.
  [[nodiscard]] double percent() const;
};

}  // namespace gabion::findings
