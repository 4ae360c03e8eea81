#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The library runs with every BLAS of the system: its objects are linked once more, to the standard names libblas.so.3 and
# liblapack.so.3, which Debian keeps in a folder for each implementation; then programs run with one folder after the other.
#   blas.sh LIBMFLEARN.a LIBMFLEARN.so LIBMFLEARN.map COMPILER PROGRAM...
set -euo pipefail

static=$1 shared=$2 map=$3 compiler=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
soname=$(readelf -d "$shared" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
system=/usr/lib/$(gcc -print-multiarch 2>/dev/null || true)
if ! [ -e "$system/libblas.so.3" ] || ! [ -e "$system/liblapacke.so.3" ]; then
    echo "no libblas.so.3 and liblapacke.so.3 in $system"
    exit 77
fi
# Everything else that the library needs, by the files that were found.
needs=()
while read -r name path; do
    case $name in
    *blas* | *lapack* | libgomp* | libgfortran* | libquadmath*) ;;
    *) needs+=("$path") ;;
    esac
done < <(ldd "$shared" | awk '/=> \// { print $1, $3 }')
$compiler -shared -o "$work/$soname" -Wl,-soname,"$soname" -Wl,--version-script="$map" \
    -Wl,--whole-archive "$static" -Wl,--no-whole-archive -Wl,--as-needed "${needs[@]}" "$system/liblapacke.so.3" "$system/libblas.so.3"

export OMP_WAIT_POLICY=passive # threads that spin while they wait take minutes on a busy machine
found=0
for folders in "$system"/openblas-{pthread,openmp,serial} "$system/blas:$system/lapack"; do
    [ -e "${folders%%:*}/libblas.so.3" ] || continue
    export LD_LIBRARY_PATH=$work:$folders
    for program; do
        loaded=$(ldd "$program" | awk '/libblas|liblapack\.|libmflearn/ { print $3 }')
        [[ $loaded == *"$work/$soname"* && $loaded == *"${folders%%:*}/libblas.so.3"* &&
            $loaded == *"${folders##*:}/liblapack.so.3"* ]] || { echo "not from $folders: $loaded"; exit 1; }
        "$program" >"$work/output" 2>&1 || { echo "$program fails with $folders"; cat "$work/output"; exit 1; }
    done
    found=$((found + 1))
    echo "$folders: $# programs"
done
[ "$found" -gt 0 ] || exit 77
