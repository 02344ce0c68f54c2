// Takes secrets out of everything that is printed: the values that an analysis found written somewhere, as a whole or
// cut off, and whatever has the format of a token. Made once the inputs are read; every output goes through it.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "secrets/detector.h"
#include "source/artifact.h"

namespace gabion::secrets {

class Redactor final : public source::TextGuard {
 public:
  /// From now on the value is not shown. Values of several lines are hidden line by line. Ones of less than four bytes
  /// are not kept: hiding them would hide everything.
  void add(std::string_view value);

  [[nodiscard]] std::vector<source::TextSpan> hidden(std::string_view text) const override;
  /// Changes the text only where it holds a secret; true when it did.
  bool apply(std::string& text) const;

  [[nodiscard]] const Detector& detector() const { return detector_; }

 private:
  void add_line(std::string_view line);
  [[nodiscard]] std::size_t match(std::string_view text, std::size_t begin) const;

  Detector detector_;
  std::set<std::string, std::less<>> values_;
  std::unordered_set<std::uint32_t> heads_;  ///< first bytes of the values
  /// Any two of them that follow each other, which most places of a text do not have: where none of three places in a
  /// row has such a pair, no value begins.
  std::bitset<std::size_t{1} << 16U> pairs_;
  std::set<std::size_t, std::greater<>> sizes_;  ///< of the values
};

}  // namespace gabion::secrets
