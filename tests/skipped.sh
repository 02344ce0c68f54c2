#!/bin/sh
# Lists the tests that the last run of ctest skipped, with their reasons: a test that did not run is not one that passed.
#   tests/skipped.sh BUILD_DIRECTORY
set -eu

awk '
  / Skipped$/ { getline; reason = $0 }
  /^\[  SKIPPED \] .* \([0-9]+ ms\)$/ { print "  " $4 ": " reason; reason = ""; count++ }
  END { if (count > 0) print count " tests were skipped" }
' "$1/Testing/Temporary/LastTest.log" | {
  list=$(cat)
  [ -z "$list" ] || printf 'Skipped:\n%s\n' "$list"
}
