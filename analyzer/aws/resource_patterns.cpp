#include "aws/resource_patterns.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "aws/fact_reader.h"

namespace gabion::aws {
namespace {

/// Names that cannot hold a slash, though formats do not tell; what is not here may hold anything.
constexpr std::array<std::string_view, 12> kPlainNames = {
    "AccountId", "BucketName", "FunctionName", "InstanceId", "KeyId",     "Partition",
    "Account",   "QueueName",  "Region",       "TableName",  "TopicName", "VolumeId",
};

std::vector<Token> format_tokens(std::string_view format) {
  std::vector<Token> out;
  out.reserve(format.size());
  int colons = 0;
  // What belongs to a Region and an account names both, or it would look like a bucket. Elsewhere both may be left out.
  const bool filled = format.starts_with("arn:${Partition}:s3:");
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format.substr(i).starts_with("${")) {
      const std::size_t close = std::min(format.find('}', i), format.size() - 1);
      const std::string_view name = format.substr(i + 2, close - i - 2);
      // In a field of its own (the first five) nothing runs over a colon.
      const bool plain = std::ranges::find(kPlainNames, name) != kPlainNames.end();
      if (filled && (name == "Region" || name == "Account")) {
        out.push_back({Piece::kPlain, 0});
      }
      out.push_back({plain ? Piece::kName : colons < 5 ? Piece::kField : Piece::kRun, 0});
      i = close;
    } else {
      colons += format[i] == ':' ? 1 : 0;
      out.push_back(format[i] == '*' ? Token{Piece::kRun, 0} : Token{Piece::kChar, format[i]});
    }
  }
  return out;
}

std::vector<Token> pattern_tokens(std::string_view pattern) {
  std::vector<Token> out;
  out.reserve(pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern.substr(i).starts_with("${") && pattern.find('}', i) != std::string_view::npos) {
      out.push_back({Piece::kRun, 0});
      i = pattern.find('}', i);
    } else {
      const char c = pattern[i];
      const Piece piece = c == '*'            ? Piece::kRun
                          : c == '?'          ? Piece::kOne
                          : c == kUnknownName ? Piece::kName
                                              : Piece::kChar;
      out.push_back({piece, c});
    }
  }
  return out;
}

bool is_run(const Token& token) {
  return token.piece == Piece::kRun || token.piece == Piece::kName || token.piece == Piece::kField;
}

/// Can one character be both?
bool meets(const Token& a, const Token& b) {
  const auto allows = [](const Token& token, char c) {
    switch (token.piece) {
      case Piece::kChar:
        return token.character == c;
      case Piece::kName:
      case Piece::kPlain:
        return c != '/' && c != ':';
      case Piece::kField:
        return c != ':';
      case Piece::kOne:
      case Piece::kRun:
        break;
    }
    return true;
  };
  return a.piece == Piece::kChar ? allows(b, a.character) : b.piece != Piece::kChar || allows(a, b.character);
}

/// Characters of one side that stand where the other has a run within a field, up to the colon that ends both: such a
/// run takes just these. Zero where it is not so, or where there are none.
std::size_t field_of(std::span<const Token> run, std::span<const Token> characters) {
  const bool ends = run.size() > 1 && (run[0].piece == Piece::kName || run[0].piece == Piece::kField) &&
                    run[1].piece == Piece::kChar && run[1].character == ':';
  std::size_t length = 0;
  while (ends && length < characters.size() && characters[length].piece == Piece::kChar &&
         meets(run[0], characters[length])) {
    ++length;
  }
  const bool closed =
      length < characters.size() && characters[length].piece == Piece::kChar && characters[length].character == ':';
  return closed ? length : 0;
}

/// Leaves out what both begin with, as far as there is only one way to read it. False when they begin with other texts.
bool skip_start(std::span<const Token>& a, std::span<const Token>& b) {
  while (!a.empty() && !b.empty()) {
    if (a[0].piece == Piece::kChar && b[0].piece == Piece::kChar) {
      if (a[0].character != b[0].character) {
        return false;
      }
      a = a.subspan(1);
      b = b.subspan(1);
    } else if ((a[0].piece == Piece::kPlain && b[0].piece == Piece::kChar) ||
               (a[0].piece == Piece::kChar && b[0].piece == Piece::kPlain)) {
      if (!meets(a[0], b[0])) {
        return false;
      }
      a = a.subspan(1);
      b = b.subspan(1);
    } else if (const std::size_t in_b = field_of(a, b); in_b > 0) {
      a = a.subspan(1);
      b = b.subspan(in_b);
    } else if (const std::size_t in_a = field_of(b, a); in_a > 0) {
      a = a.subspan(in_a);
      b = b.subspan(1);
    } else {
      break;
    }
  }
  return true;
}

/// Is there a text that both match?
bool meet(std::span<const Token> a, std::span<const Token> b) {
  // Most formats are told from a pattern by the service in it.
  if (!skip_start(a, b)) {
    return false;
  }
  // Row i, column j: can the rest of a from i and the rest of b from j be one text? Two rows are needed at a time.
  std::vector<char> below;
  std::vector<char> row(b.size() + 1, 0);
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    below = row;
    for (std::size_t j = b.size() + 1; j-- > 0;) {
      const bool in_a = i < a.size();
      const bool in_b = j < b.size();
      const bool run_a = in_a && is_run(a[i]);
      const bool run_b = in_b && is_run(b[j]);
      bool possible = (!in_a && !in_b) || (run_a && below[j] != 0) || (run_b && row[j + 1] != 0);
      if (!possible && in_a && in_b && meets(a[i], b[j])) {
        // Both take one character; a run may go on.
        possible = below[j + 1] != 0 || (run_a && row[j + 1] != 0) || (run_b && below[j] != 0);
      }
      row[j] = possible ? 1 : 0;
    }
  }
  return row.front() != 0;
}

}  // namespace

bool overlaps(std::string_view arn_format, std::string_view pattern) {
  return meet(format_tokens(arn_format), pattern_tokens(pattern));
}

bool patterns_overlap(std::string_view a, std::string_view b) {
  return meet(pattern_tokens(a), pattern_tokens(b));
}

std::vector<ResourceTypeId> types_of_arn(std::string_view pattern) {
  std::vector<ResourceTypeId> out;
  for (std::size_t service = 0; service < service_count(); ++service) {
    for (const ResourceTypeId type : resource_types_of(static_cast<ServiceId>(service))) {
      if (overlaps(arn_format(type), pattern)) {
        out.push_back(type);
      }
    }
  }
  return out;
}

bool is_every_resource(std::string_view pattern) {
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

ResourcePatterns::ResourcePatterns(std::span<const std::string_view> patterns)
    : every_resource_(std::ranges::any_of(patterns, is_every_resource)) {
  if (!every_resource_) {
    patterns_.reserve(patterns.size());
    std::ranges::transform(patterns, std::back_inserter(patterns_), pattern_tokens);
  }
}

bool ResourcePatterns::fit(ActionId action) {
  return every_resource_ || std::ranges::any_of(resources_of(action),
                                                [&](const ActionResource& resource) { return cover(resource.type); });
}

bool ResourcePatterns::cover(ResourceTypeId type) {
  const auto at = static_cast<std::size_t>(type);
  if (asked_.size() <= at) {
    asked_.resize(at + 1);
    covered_.resize(at + 1);
  }
  if (!asked_[at]) {
    const std::string format = arn_format(type);
    asked_[at] = true;
    // What is granted on a function may be granted on one version or alias of it.
    covered_[at] = cover(format) || (format.ends_with("${FunctionName}") && cover(format + ":${FunctionName}"));
  }
  return covered_[at];
}

bool ResourcePatterns::cover(std::string_view arn_format) const {
  const std::vector<Token> format = format_tokens(arn_format);
  return std::ranges::any_of(patterns_, [&](const std::vector<Token>& pattern) { return meet(format, pattern); });
}

bool fits_some(ActionId action, std::span<const std::string_view> patterns) {
  return ResourcePatterns(patterns).fit(action);
}

}  // namespace gabion::aws
