#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Install into an empty directory, find the library there through pkg-config, and build and run a program with it:
# against the shared library, then against the static one with the shared one gone.
#   installed.sh BUILD CONSUMER.c EXPECTED_VERSION COMPILER...
set -euo pipefail

build=$1 consumer=$2 version=$3
compiler=("${@:4}")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

meson install -C "$build" --no-rebuild --quiet --destdir "$root" --tags devel,runtime
pc=$(find "$root" -name mflearn.pc)
[ -n "$pc" ] || { echo "mflearn.pc was not installed"; exit 1; }
libdir=$(dirname "$(dirname "$pc")")
sed -i "s|^prefix=|&$root|" "$pc"
ask() {
    PKG_CONFIG_PATH=$(dirname "$pc") pkg-config "$@" mflearn
}
[ "$(ask --modversion)" = "$version" ] || { echo "mflearn.pc does not say version $version"; exit 1; }

compile() {
    local program=$1 flags
    shift
    read -ra flags <<<"$(ask --cflags --libs "$@")"
    echo "$program: ${compiler[*]} $(basename "$consumer") ${flags[*]}"
    "${compiler[@]}" -std=c11 -Wall -Wextra -Wpedantic -Werror -o "$root/$program" "$consumer" "${flags[@]}"
}

for private in openblas lapack hdf5; do
    if ask --libs | grep -q "$private"; then
        echo "programs that use the shared library would be linked to $private"
        exit 1
    fi
done
compile shared
readelf -d "$root/shared" | grep -q 'NEEDED.*\[libmflearn\.so\.' || { echo "not linked to libmflearn.so"; exit 1; }
LD_LIBRARY_PATH=$libdir "$root/shared"

rm "$libdir"/libmflearn.so*
compile static --static
if readelf -d "$root/static" | grep -q 'NEEDED.*libmflearn'; then
    echo "the static program still needs libmflearn.so"
    exit 1
fi
"$root/static"
