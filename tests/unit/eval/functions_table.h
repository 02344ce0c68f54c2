// Tables of expressions with their results, which the tests of the built-in functions share.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "unit/eval/fixture.h"

namespace gabion::eval::testing {

/// An expression and its result as JSON. "error" stands for any error, "error: x" for one whose message holds x.
struct Row {
  std::string_view expression;
  std::string_view result;
};

/// Evaluates all rows in one bench.
inline void expect_rows(Workbench& bench, std::span<const Row> rows) {
  for (const Row& row : rows) {
    const std::string got = bench.json(row.expression);
    if (row.result == "error") {
      EXPECT_TRUE(got.starts_with("error: ")) << row.expression << "\n  gives " << got;
    } else if (row.result.starts_with("error: ")) {
      EXPECT_TRUE(got.starts_with("error: ") && got.find(row.result.substr(7)) != std::string::npos)
          << row.expression << "\n  gives " << got;
    } else {
      EXPECT_EQ(got, row.result) << row.expression;
    }
  }
}

inline void expect_rows(std::span<const Row> rows) {
  Workbench bench;
  expect_rows(bench, rows);
}

}  // namespace gabion::eval::testing
