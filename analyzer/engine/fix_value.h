// What a fix writes, before it is decided in which language: values with references to other resources and with holes
// that a person has to fill. Printed as HCL or as JSON text in the style of the neighbours. Used by the parts of the
// fixer alone.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/value.h"
#include "model/model.h"

namespace gabion::engine {

/// A stretch of a text: literal characters, or an expression that stands there ("aws_s3_bucket.b.arn").
struct FixPiece {
  std::string text;
  bool is_reference = false;
  friend bool operator==(const FixPiece&, const FixPiece&) = default;
};

struct FixMember;

/// A value to write.
struct FixValue {
  enum class Kind : std::uint8_t { kText, kPlain, kList, kObject };
  Kind kind = Kind::kPlain;
  std::vector<FixPiece> pieces;    ///< kText
  std::string plain;               ///< kPlain: number, true, false, null
  std::vector<FixValue> elements;  ///< kList
  std::vector<FixMember> members;  ///< kObject, in the order to write

  [[nodiscard]] static FixValue of_text(std::string_view text);
  /// The text when it is one without references.
  [[nodiscard]] std::optional<std::string> literal() const;
  /// Has no reference anywhere inside.
  [[nodiscard]] bool self_contained() const;
  friend bool operator==(const FixValue& a, const FixValue& b);
};

/// A member of an object to write.
struct FixMember {
  FixMember(std::string member_name, FixValue member_value)
      : name(std::move(member_name)), value(std::move(member_value)) {}
  std::string name;
  FixValue value;
  friend bool operator==(const FixMember&, const FixMember&) = default;
};

/// Can the text be a name in HCL, without quotes?
[[nodiscard]] bool is_identifier(std::string_view text);

/// Where a value is to be written: what references may be used there.
struct FixPlace {
  const model::Resource* resource = nullptr;  ///< the resource whose module and instance keys expressions see
  const model::Module* module = nullptr;
};

/// The value to write for an evaluated one. Computed attributes become references where the place sees them; nothing
/// when a part is neither known nor can be named there.
[[nodiscard]] std::optional<FixValue> fix_value(const eval::Value& value, const FixPlace& place);

/// Elements of a statement or a policy document in the order in which people write them; others stay in theirs.
void order_statement(FixValue& statement);

/// How neighbours are written.
struct FixStyle {
  bool json = false;
  bool heredoc = false;           ///< JSON inside a template: "${" is written "$${"
  bool syntax = false;            ///< Terraform's JSON syntax: the same, and expressions are inside of JSON strings
  bool quoted_keys = false;       ///< HCL: "Key" = rather than Key =
  std::string separator = " = ";  ///< between key and value: " = ", ": ", " : "
  std::string indent;             ///< of the line on which the value starts
  std::string step = "  ";
  std::string newline = "\n";
  bool multi_line = true;    ///< objects of several members one to a line
  bool compact = false;      ///< JSON without line breaks: all on one line, however long
  std::string comma = ", ";  ///< between members or elements on one line
  friend auto operator<=>(const FixStyle&, const FixStyle&) = default;
};

/// Text of the value. Nothing when it has references and the language knows none (JSON files).
[[nodiscard]] std::optional<std::string> print(const FixValue& value, const FixStyle& style);
/// Text of a key in that style, without the separator.
[[nodiscard]] std::string print_key(std::string_view key, const FixStyle& style);

/// HCL source text of a known value; nothing when something inside is not known.
[[nodiscard]] std::optional<std::string> hcl_text(const eval::Value& value);

/// Marks a hole that a person has to fill: the symbol of a value that is written as "<what it is>".
inline constexpr std::string_view kHolePrefix = "hole:";
/// Marks an expression that is written as it stands.
inline constexpr std::string_view kCodePrefix = "code:";
/// Is something inside a hole to fill?
[[nodiscard]] bool has_hole(const eval::Value& value);

}  // namespace gabion::engine
