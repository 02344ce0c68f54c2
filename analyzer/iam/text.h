// Text of a policy as static analysis sees it: literal characters, and holes where a value is not known before
// deployment. Used for every string of a document and of a formula; keeps where each text was written.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/value.h"
#include "source/ascii.h"
#include "source/region.h"

namespace gabion::iam {

using source::Region;

/// An id that AWS gives to no account: questions about strangers ask for callers of it. Nothing that AWS hands out
/// names it.
inline constexpr std::string_view kNoAccount = "000000000000";

/// An unknown but fixed text. Two holes of the same name are the same text; nothing is known about holes of
/// different names, not even that they differ.
struct Hole {
  std::string name{};                    ///< as people know it: "aws_s3_bucket.b.arn", "var.team"
  const eval::Symbol* symbol = nullptr;  ///< why it is not known; null for holes that tests and options make
  std::string prefix{};                  ///< known start
  bool many = false;                     ///< stands for any number of unknown texts (an unknown list)
  bool literal = false;                  ///< surely without wildcards and policy variables (ids and ARNs AWS hands out)
  bool account = false;                  ///< the id of an account: twelve digits, and not kNoAccount
  bool field = false;                    ///< fits into one field of an ARN: without colons (partitions, Regions)

  /// Symbols tell apart what has the same name by accident.
  friend bool operator==(const Hole& a, const Hole& b) { return a.symbol == b.symbol && a.name == b.name; }
  friend bool operator<(const Hole& a, const Hole& b) {
    return a.name != b.name ? a.name < b.name : std::less<>()(a.symbol, b.symbol);
  }
};

/// A stretch of literal text, or a hole (then `text` is empty). Most are literal, and there are very many.
struct Segment {
  std::string text;
  bool is_hole = false;
  std::shared_ptr<const Hole> hole{};  ///< null: literal

  friend bool operator==(const Segment& a, const Segment& b) {
    return a.is_hole == b.is_hole && (a.is_hole ? *a.hole == *b.hole : a.text == b.text);
  }
};

/// A string with its place.
class Text {
 public:
  Text() = default;
  explicit Text(std::string_view literal, Region region = {}, const eval::Origin* origin = nullptr);
  explicit Text(Hole hole, Region region = {}, const eval::Origin* origin = nullptr);

  /// Appends; neighbouring literals are merged.
  void append(std::string_view literal);
  void append(Hole hole);
  void append(const Text& other);

  [[nodiscard]] std::span<const Segment> segments() const {
    const bool empty = first_.hole == nullptr && first_.text.empty();
    return several_.empty() ? std::span(&first_, empty ? 0 : 1) : std::span(several_);
  }
  /// No hole inside.
  [[nodiscard]] bool known() const { return several_.empty() && first_.hole == nullptr; }
  /// The text when it is known; otherwise with holes as "{name}".
  [[nodiscard]] std::string str() const;
  /// What a known text says, without a copy.
  [[nodiscard]] std::string_view literal() const { return first_.text; }
  /// Is it known to be exactly this?
  [[nodiscard]] bool is(std::string_view literal) const { return known() && first_.text == literal; }

  Region region;                         ///< where it was written
  const eval::Origin* origin = nullptr;  ///< the way it came, when it was evaluated

  friend bool operator==(const Text& a, const Text& b) { return std::ranges::equal(a.segments(), b.segments()); }

 private:
  void add(Segment segment);

  Segment first_;                 ///< the only one, as of most texts; empty where there are several
  std::vector<Segment> several_;  ///< all of them, where there are more
};

/// An ASCII letter folded.
[[nodiscard]] constexpr char fold_byte(char c) {
  return source::to_lower(c);
}
/// ASCII letters folded, as IAM does for key names and actions.
[[nodiscard]] std::string fold_case(std::string_view text);
/// Same but for ASCII case.
[[nodiscard]] bool equal_folded(std::string_view a, std::string_view b);

/// The known name that a misspelled one is nearest to, or empty when none is near.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string_view> names);

}  // namespace gabion::iam
