#!/bin/sh
# Runs gabion for pre-commit: the one that GABION names, the one in PATH, or the one that was built here before. Without
# any of them it is built in this copy of the repository, once for every revision that a project pins.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)

if [ -n "${GABION:-}" ]; then
  exec "$GABION" "$@"
fi
if command -v gabion >/dev/null 2>&1; then
  exec gabion "$@"
fi
built="$here/build/hook/gabion"
if [ ! -x "$built" ]; then
  if ! command -v cmake >/dev/null 2>&1; then
    echo "gabion is not installed, and without cmake it cannot be built here: see docs/hooks.md" >&2
    exit 2
  fi
  log="$here/build/hook.log"
  mkdir -p "$here/build"
  echo "gabion is not installed: building it once, which takes some minutes (log: $log)" >&2
  if ! { cmake -S "$here" -B "$here/build/hook" -DCMAKE_BUILD_TYPE=Release -DGABION_TESTS=OFF &&
    cmake --build "$here/build/hook" --target gabion --parallel; } >"$log" 2>&1; then
    echo "gabion could not be built: see $log and docs/hooks.md for the packages that it needs" >&2
    exit 2
  fi
fi
exec "$built" "$@"
