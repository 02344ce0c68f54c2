#!/bin/sh
# Installs the Debian packages that the build needs. Silent and quick when they are all there.
#   cmake/setup-debian.sh [bench] [lint] [test]    also what benchmarks, the linter or tests with other programs need
# GABION_SKIP_SETUP=1 trusts that everything needed is installed, by whatever means.
set -eu

[ -z "${GABION_SKIP_SETUP:-}" ] || exit 0

packages="g++ cmake ninja-build pkg-config
  libtree-sitter-dev nlohmann-json3-dev libre2-dev libcli11-dev libyaml-cpp-dev
  libmpfr-dev libgmp-dev libutf8proc-dev nettle-dev libpsl-dev libidn2-dev libunistring-dev
  libgtest-dev libgmock-dev"
# What is only good to have: tests without theirs are skipped, and listed.
wanted=""
for extra in "$@"; do
  case "$extra" in
    bench) packages="$packages libbenchmark-dev valgrind" ;;
    lint) packages="$packages clang clang-tidy clang-format" ;;
    # Programs that gabion works with. A node of another origin brings an npm of its own.
    test)
      wanted="$wanted git pre-commit neovim chromium libxml2-utils mandoc zsh fish rsync"
      command -v npm >/dev/null || wanted="$wanted nodejs npm"
      ;;
    *)
      echo "setup-debian.sh: unknown word '$extra' (known: bench, lint, test)" >&2
      exit 2
      ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  {
    echo "gabion builds with packages of Debian 12 and its relatives, and this system has no apt-get."
    echo "Install the equivalents of these and run again with GABION_SKIP_SETUP=1:"
    echo $packages
  } >&2
  exit 1
fi

# dpkg-query prints a line for each package it knows and fails if it does not know one.
# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages $wanted 2>/dev/null || true)
missing_of() {
  for package in "$@"; do
    case "
$installed
" in
      *"
$package installed
"*) ;;
      *) printf ' %s' "$package" ;;
    esac
  done
}
# shellcheck disable=SC2086
missing=$(missing_of $packages)
# shellcheck disable=SC2086
missing_wanted=$(missing_of $wanted)
[ -n "$missing$missing_wanted" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    if [ -z "$missing" ]; then
      echo "Not installed, and there is no sudo:$missing_wanted; tests that need them are skipped" >&2
      exit 0
    fi
    {
      echo "gabion needs packages that are not installed, and there is no sudo. As root, run:"
      echo "  apt-get install --no-install-recommends$missing"
    } >&2
    exit 1
  fi
  as_root="sudo"
fi

echo "Installing:$missing$missing_wanted"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1
}
updated=true
$as_root apt-get update -qq >"$log" 2>&1 || updated=false
# shellcheck disable=SC2086
if [ -n "$missing" ] && ! { $updated && install $missing; }; then
  cat "$log" >&2
  echo "setup-debian.sh: could not install:$missing" >&2
  exit 1
fi
# One by one when not all are to be had.
# shellcheck disable=SC2086
if [ -n "$missing_wanted" ] && ! { $updated && install $missing_wanted; }; then
  for package in $missing_wanted; do
    $updated && install "$package" ||
      echo "setup-debian.sh: could not install $package; tests that need it are skipped" >&2
  done
fi
