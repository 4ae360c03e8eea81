#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Install into an empty directory, move the tree, and use it where it is: a program of somebody else's through
# pkg-config, the installed examples by their makefile, the installed programs, the Python package; then with the shared
# library gone the same program against the static one.
#   installed.sh BUILD CONSUMER.c EXPECTED_VERSION PYTHON|none COMPILER...
set -euo pipefail

build=$1 consumer=$2 version=$3 python=$4
compiler=("${@:5}")
work=$(mktemp -d)
root=$work/"moved here"
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

meson install -C "$build" --no-rebuild --quiet --destdir "$work/first"
mv "$work/first" "$root"
pc=$(find "$root" -name mflearn.pc)
[ -n "$pc" ] || fail 'mflearn.pc was not installed'
if grep -rIq "$work/first\|$build" "$root" --include='*.pc' --include='*.h' --include='*.py'; then
    fail 'something installed knows where it was built'
fi
libdir=$(realpath "$(dirname "$pc")/..")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion mflearn)" = "$version" ] || fail "mflearn.pc does not say version $version"

compile() {
    local program=$1 flags
    shift
    # pkg-config writes the space in the path as a shell would
    eval "flags=($(pkg-config --cflags --libs mflearn "$@"))"
    echo "$program: ${compiler[*]} $(basename "$consumer") ${flags[*]}"
    "${compiler[@]}" -std=c11 -Wall -Wextra -Wpedantic -Werror -o "$root/$program" "$consumer" "${flags[@]}"
}

for private in openblas lapack hdf5; do
    if pkg-config --libs mflearn | grep -q "$private"; then
        fail "programs that use the shared library would be linked to $private"
    fi
done
compile shared
readelf -d "$root/shared" | grep -q 'NEEDED.*\[libmflearn\.so\.' || fail 'not linked to libmflearn.so'
export LD_LIBRARY_PATH=$libdir
"$root/shared"

examples=$(find "$root" -path '*/doc/mflearn/examples' -type d)
if [ -n "$examples" ]; then
    make -s -j2 -C "$examples" CC="${compiler[*]}" CFLAGS='-O0 -Wall -Wextra -Wpedantic -Werror'
    for source in "$examples"/*.c; do
        [ -x "$examples/build/$(basename "$source" .c)" ] || fail "the makefile leaves out $(basename "$source")"
    done
    "$examples/build/quick_start" | grep -q 'mean field 0.888988' || fail 'the installed example says something else'
    programs=0
    while read -r program; do
        "$program" --help | grep -q "^Usage: $(basename "$program")" || fail "$program does not run"
        [ -f "$(find "$root" -name "$(basename "$program").1")" ] || fail "$program has no manual page"
        programs=$((programs + 1))
    done < <(find "$root" -path '*/bin/mflearn-*')
    echo "$programs programs run"
fi

package=$(find "$root" -path '*/mflearn/__init__.py')
if [ "$python" != none ] && [ -n "$package" ]; then
    (cd "$work" && env -u LD_LIBRARY_PATH PYTHONPATH="$(dirname "$(dirname "$package")")" "$python" -B -c \
        'import mflearn; print("Python:", mflearn.library.path); mflearn.Context()') | grep -F "$libdir" ||
        fail 'the installed Python package does not find the installed library'
fi

rm "$libdir"/libmflearn.so*
compile static --static
if readelf -d "$root/static" | grep -q 'NEEDED.*libmflearn'; then
    fail 'the static program still needs libmflearn.so'
fi
env -u LD_LIBRARY_PATH "$root/static"
