#!/bin/sh
# Installs the npm packages that tests run as counterparts of gabion (tests/e2e/clients/package.json) in a directory.
#   cmake/setup-clients.sh DIRECTORY
# Nothing happens when they are there. Without npm, or where its registry cannot be reached, it says so and ends well: the
# tests that need them are skipped, and `make test` lists those.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
wanted="$here/tests/e2e/clients/package.json"
directory=$1
if cmp -s "$wanted" "$directory/installed.json"; then
  exit 0
fi
without() {
  echo "$1: tests that need clients from npm are skipped" >&2
  exit 0
}
[ -z "${GABION_SKIP_SETUP:-}" ] || without "GABION_SKIP_SETUP is set"
command -v npm >/dev/null 2>&1 || without "npm is not installed"

mkdir -p "$directory"
cp "$wanted" "$directory/package.json"
echo "Installing test clients from npm in $directory"
# A network that swallows everything must not stop the tests: one more try, half a minute each. Scripts of packages do
# not run; all that one of these would do is to set a mode.
if ! (cd "$directory" && npm install --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error \
  --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=30000) >"$directory/npm.log" 2>&1; then
  tail -n 3 "$directory/npm.log" >&2
  without "npm could not install them (log: $directory/npm.log)"
fi
chmod u+x "$directory"/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool 2>/dev/null || true
cp "$wanted" "$directory/installed.json"
