#!/usr/bin/env bash
# make.sh RELEASE: the plugins of the coming release, with their sources beside them. They are made once, when the header is
# final; a later host must go on loading them. Refuses to touch a release that is out.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
release=${1:?which release}
if ! grep -q '^state unreleased$' "$release/layout.txt"; then
  echo "$release is released: its plugins never change" >&2
  exit 1
fi
rm -rf "$release/source"
cp -r ../plugins/conform "$release/source"
rm -rf "$release/source/rust"
build() {
  ../build_plugin.sh "$@"
  echo "$1: $4 $("$4" -dumpfullversion), flags ${*:5}" >> "$release/made.txt"
}
: > "$release/made.txt"
build "$release/conform_cpp.so" "$release/source" "$release/source/cpp/*.cpp" g++ -std=c++17 -fno-gnu-unique
build "$release/conform_c.so" "$release/source" "$release/source/c/*.c" gcc -std=c11
