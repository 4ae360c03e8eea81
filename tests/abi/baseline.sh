#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Compare the binary interface of a built library with the committed baseline: additions pass, everything else fails.
#   baseline.sh LIBRARY BASELINE [--update]
# LIBRARY must have been built by gcc with debugging information (meson -Ddebug=true).
set -euo pipefail

library=$1 baseline=$2
describe() {
    abidw --suppressions "$(dirname "$0")/opaque.abignore" --exported-interfaces-only --no-corpus-path \
        --no-comp-dir-path --no-show-locs --no-elf-needed --type-id-style hash --out-file "$1" "$library"
}

if ! readelf -S "$library" | grep -q '\.debug_info'; then
    echo "$library has no debugging information; configure with -Ddebug=true"
    exit 77
fi
if [ "${3-}" = --update ]; then
    describe "$baseline"
    exit 0
fi
now=$(mktemp)
trap 'rm -f "$now"' EXIT
describe "$now"
if ! abidiff --no-added-syms "$baseline" "$now"; then
    echo "The binary interface changed in a way that older programs do not survive. It is frozen: doc/abi.md says what"
    echo "may change, and what raises mfl_soversion. (Additions are taken into the baseline by scripts/update-abi.)"
    exit 1
fi
echo "the $(grep -c '<elf-symbol ' "$baseline") symbols of the baseline are as they were"
