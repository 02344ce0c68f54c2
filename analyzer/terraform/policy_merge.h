// A policy document while the data source aws_iam_policy_document puts it together: statements whose elements are
// values (known or not), merging by Sid, and writing as the AWS provider writes. Used by policy_document.cpp and
// policy_source.cpp alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluator.h"
#include "eval/value.h"

namespace gabion::terraform {

/// Elements of a statement, in the order in which they are written.
enum class StatementElement : std::uint8_t {
  kSid,
  kEffect,
  kAction,
  kNotAction,
  kResource,
  kNotResource,
  kPrincipal,
  kNotPrincipal,
  kCondition,
};
inline constexpr std::array<std::string_view, 9> kStatementElements{
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"};

struct DraftStatement {
  std::array<std::optional<eval::Value>, kStatementElements.size()> elements;
  std::optional<eval::Value> opaque;  ///< an unknown that stands for statements nobody can see
  bool certain = true;                ///< false: made by a dynamic block that may make none
  const eval::Origin* origin = nullptr;

  [[nodiscard]] std::optional<eval::Value>& operator[](StatementElement element) {
    return elements[static_cast<std::size_t>(element)];
  }
  /// The Sid if it is known and not empty.
  [[nodiscard]] std::string_view sid() const;
};

struct DraftDocument {
  std::optional<eval::Value> version;
  std::optional<eval::Value> id;
  std::vector<DraftStatement> statements;

  /// Adds another document: a statement replaces the one with its Sid in place, the others are appended; the last Id
  /// and the greatest version stay.
  void merge(const DraftDocument& other);
  /// True when nothing in it is unknown.
  [[nodiscard]] bool wholly_known() const;
  /// First unknown symbol inside, or null.
  [[nodiscard]] const eval::Symbol* first_unknown() const;
  /// The document as a value: {Version, Id, Statement = [...]}; statements that are not certain make alternatives.
  [[nodiscard]] eval::Value to_value(eval::Context& context) const;
  /// The text of a wholly known document: indented by two spaces, or on one line.
  [[nodiscard]] std::string to_text(bool indented) const;
};

/// CRC-32 (IEEE) in decimal: the provider's ids and set hashes.
[[nodiscard]] std::string crc32_text(std::string_view text);

}  // namespace gabion::terraform
