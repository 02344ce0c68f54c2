// Suricata rules as AWS Network Firewall takes them: header, options and what the options look for, one tree per rule.
// Everything is a view into the text or lives in the arena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gabion::syntax::suricata {

/// Stands for a piece of text that is not known (an interpolation without a value). It may occur in every field and
/// option; at the top level, outside a rule, there may be any rules in its place.
inline constexpr char kHole = '\x1a';

/// Where something is in the text. Lines and columns count from 1, columns in bytes.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// `name;` or `name: value;` between the parentheses of a rule.
struct Option {
  std::string_view name;
  std::string_view value;  ///< as written, without the white space around it; empty when there is none
  bool has_value = false;
  Place place;
};

/// Something the traffic has to contain, or must not: a content or pcre option with what modifies it.
struct Match {
  std::string_view buffer;   ///< "tls.sni", "http.host" ...; empty: the payload
  std::string_view content;  ///< bytes looked for, escapes and |hex| decoded; for a pattern: the expression
  std::string_view flags;    ///< of a pattern: the letters behind the closing delimiter
  bool is_pattern = false;   ///< pcre
  bool negated = false;
  bool nocase = false;
  bool starts_with = false;
  bool ends_with = false;
  bool dot_prefix = false;                   ///< the buffer has a dot put before it (dotprefix)
  std::optional<std::uint64_t> buffer_size;  ///< bsize with a plain number
  Place place;
};

enum class Direction : std::uint8_t { kForward, kBoth };

/// One rule. Views of the header are the text between the blanks, groups with their brackets.
struct Rule {
  std::string_view action;
  std::string_view protocol;
  std::string_view source;
  std::string_view source_port;
  Direction direction = Direction::kForward;
  std::string_view destination;
  std::string_view destination_port;
  std::span<const Option> options;
  std::span<const Match> matches;
  std::string_view message;                ///< msg, without quotes
  std::string_view flow;                   ///< as written
  std::optional<std::uint64_t> signature;  ///< sid
  std::string_view text;                   ///< the whole rule
  Place place;

  /// First option of that name, or null.
  [[nodiscard]] const Option* option(std::string_view name) const;
};

/// What is wrong with a rule: lower case, no full stop.
struct Problem {
  std::string_view message;
  Place place;
};

/// Rules in order. A rule with a problem is among them as far as it could be read.
struct RuleFile {
  std::vector<Rule> rules;
  std::vector<Problem> problems;
  bool open = false;  ///< a hole at the top level: there may be more rules
};

}  // namespace gabion::syntax::suricata
