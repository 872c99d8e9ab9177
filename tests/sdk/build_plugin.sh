#!/usr/bin/env bash
# build_plugin.sh OUT.so FOLDER SOURCES COMPILER [FLAG…]
#
# One plugin as its author would ship it: optimised, stripped, without sanitizers, whatever the host is built with. FOLDER holds
# plugin.json, sql/ and migrations/; SOURCES is a file or a pattern. Without a plugin.json the id is the name of the output. A flag
# -Wl,--version-script=… replaces the SDK's.
set -euo pipefail
out=$1 folder=$2 sources=$3 compiler=$4
shift 4
here=$(dirname "$(readlink -f "$0")")
sdk=${STOA_SDK:-$here/../../sdk}
parts=$out.parts
rm -rf "$parts"
mkdir -p "$parts"

if [[ $sources == *.rs ]]; then
  exec "$compiler" --edition 2021 --crate-type cdylib -C opt-level=2 -C strip=symbols "$@" -o "$out" "$sources"
fi

manifest=$folder/plugin.json
if [ ! -f "$manifest" ]; then
  manifest=$parts/plugin.json
  printf '{ "id": "%s", "version": "1.0.0", "sdk": "1.0", "channels": ["%s:"] }\n' "$(basename "$out" .so)" "$(basename "$out" .so)" > "$manifest"
fi
cmake -DMANIFEST="$manifest" -DSQL_DIR="$folder/sql" -DMIGRATIONS_DIR="$folder/migrations" -DOPENAPI= -DUI_DIR= -DOUT="$parts" \
  -P "$sdk/cmake/StoaEmbed.cmake"
case $compiler in
  *clang*) cc=clang ;;
  *) cc=gcc ;;
esac
common=(-O2 -fPIC -fvisibility=hidden -I "$sdk/include" -I "$parts")
"$cc" -std=c11 "${common[@]}" -c "$parts/description.c" -o "$parts/description.o"
"$cc" -x assembler-with-cpp -c "$parts/embedded.S" -o "$parts/embedded.o"
map=$sdk/cmake/plugin.map
flags=()
for flag in "$@"; do
  case $flag in
    -Wl,--version-script=*) map=${flag#*=} ;;
    *) flags+=("$flag") ;;
  esac
done
number=0
for source in $sources; do
  number=$((number + 1))
  "$compiler" "${common[@]}" -Wall -Wextra -Werror "${flags[@]}" -c "$source" -o "$parts/$number.o"
done
"$compiler" -shared -s -Wl,-z,defs -Wl,--version-script="$map" -Wl,--build-id=none -o "$out" "$parts"/*.o "${flags[@]}" -pthread
rm -rf "$parts"
