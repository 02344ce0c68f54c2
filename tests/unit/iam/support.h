// What the tests of iam share: documents and formulas from text in which <name> stands for an unknown text.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "iam/document.h"
#include "iam/formula.h"
#include "iam/prove.h"

namespace gabion::iam::testing {

/// A hole; names that end in ".arn", ".id", ".account_id" or ".region" are identifiers that AWS makes, but those of
/// variables may be anything.
inline Hole hole(std::string name) {
  Hole out;
  out.account = name.ends_with("account_id");
  out.field = name.ends_with(".region") && !name.starts_with("var.");
  out.literal = name.ends_with(".arn") || name.ends_with(".id") || out.account || out.field;
  out.name = std::move(name);
  return out;
}

/// Splits at <name>.
inline std::vector<Segment> split(std::string_view text) {
  std::vector<Segment> out;
  while (!text.empty()) {
    const std::size_t open = text.find('<');
    out.push_back(Segment{.text = std::string(text.substr(0, open))});
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = text.find('>', open);
    out.push_back(
        Segment{.text = {},
                .is_hole = true,
                .hole = std::make_shared<const Hole>(hole(std::string(text.substr(open + 1, close - open - 1))))});
    text.remove_prefix(close + 1);
  }
  return out;
}

inline PolicyReading reading(std::string_view text) {
  const std::vector<Segment> segments = split(text);
  std::vector<syntax::json::Piece> pieces;
  std::vector<Hole> holes;
  for (const Segment& segment : segments) {
    syntax::json::Piece piece;
    if (segment.is_hole) {
      piece.hole = static_cast<std::int32_t>(holes.size());
      holes.push_back(*segment.hole);
    } else {
      piece.text = segment.text;
    }
    pieces.push_back(piece);
  }
  return read_policy_json(pieces, holes);
}

/// The one document of a text without mistakes.
inline PolicyDocument document(std::string_view text) {
  PolicyReading read = reading(text);
  EXPECT_EQ(read.documents.size(), 1U) << text;
  for (const findings::Diagnostic& diagnostic : read.diagnostics) {
    ADD_FAILURE() << diagnostic.message << "\n" << text;
  }
  return read.documents.empty() ? PolicyDocument() : std::move(read.documents.front());
}

/// A document of statements, Version 2012-10-17.
inline PolicyDocument statements(std::string_view text) {
  return document(R"({"Version": "2012-10-17", "Statement": [)" + std::string(text) + "]}");
}
/// The same, to be attached.
inline std::shared_ptr<const PolicyDocument> shared_statements(std::string_view text) {
  return std::make_shared<const PolicyDocument>(statements(text));
}

inline void fill(std::vector<Text>& texts) {
  for (Text& text : texts) {
    Text made;
    for (const Segment& segment : split(text.str())) {
      if (segment.is_hole) {
        made.append(*segment.hole);
      } else {
        made.append(segment.text);
      }
    }
    text = made;
  }
}

inline Formula fill(Formula formula) {
  fill(formula.values);
  fill(formula.principal.accounts);
  fill(formula.principal.is);
  for (Formula& child : formula.children) {
    child = fill(std::move(child));
  }
  return formula;
}

inline Formula formula(std::string_view json) {
  ParsedFormula parsed = read_formula(json);
  EXPECT_TRUE(parsed.formula.has_value()) << json << ": " << parsed.error;
  return fill(parsed.formula.value_or(Formula()));
}

}  // namespace gabion::iam::testing
