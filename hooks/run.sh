#!/bin/sh
# Runs gabion for pre-commit: the one that GABION names, the one in PATH, or the one that was built here before. Without
# any of them it is built in this copy of the repository, once for every revision that a project pins.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)

if [ -n "${GABION:-}" ]; then
  exec "$GABION" "$@"
fi
if command -v gabion >/dev/null 2>&1; then
  # Shown when the hook fails, or with --verbose: another version may find other things than the pinned one.
  pinned=$(sed -n 's/^project(gabion VERSION \([0-9.]*\).*/\1/p' "$here/CMakeLists.txt" 2>/dev/null || true)
  installed=$(gabion --version 2>/dev/null | sed -n '1s/^gabion \([0-9.]*\).*/\1/p')
  if [ -n "$pinned" ] && [ "$pinned" != "$installed" ]; then
    echo "gabion in PATH is ${installed:-of an unknown version}, the pinned revision is $pinned" >&2
  fi
  exec gabion "$@"
fi

built="$here/build/hook/gabion"
build() {
  if [ -x "$built" ]; then
    return  # somebody else did it while we waited
  fi
  if ! command -v cmake >/dev/null 2>&1; then
    echo "gabion is not installed, and without cmake it cannot be built here: see docs/hooks.md" >&2
    exit 2
  fi
  log="$here/build/hook.log"
  echo "gabion is not installed: building it once, which takes some minutes (log: $log)" >&2
  # As many compilers as processors: make would start all at once.
  if ! { cmake -S "$here" -B "$here/build/hook" -DCMAKE_BUILD_TYPE=Release -DGABION_TESTS=OFF &&
    cmake --build "$here/build/hook" --target gabion --parallel "$(nproc)"; } >"$log" 2>&1; then
    rm -f "$built"
    tail -n 5 "$log" >&2
    echo "gabion could not be built: see $log, and docs/hooks.md for the packages that it needs" >&2
    exit 2
  fi
}
if [ ! -x "$built" ]; then
  mkdir -p "$here/build"
  # Two commits in two repositories must not build the same copy at once.
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$here/build/hook.lock"
    flock 9
    build
    exec 9>&-
  else
    build
  fi
fi
exec "$built" "$@"
