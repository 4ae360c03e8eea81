#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A function that is marked as deprecated is declared as before, and its use brings a warning that says what to do, in C
# and in C++; who does not want it can say so.
#   deprecation.sh INCLUDE_1 INCLUDE_2 COMPILER...
set -euo pipefail

include=(-I"$1" -I"$2")
shift 2
program='#include <mflearn/mflearn.h>
MFL_DEPRECATED_SINCE("0.2", "use mfl_newer()") MFL_API int32_t mfl_older(int32_t value);
int32_t use(void) { return mfl_older(3); }'
compile() {
    "${compiler[@]}" "${include[@]}" -Wall -Wextra -Wpedantic -Werror -fsyntax-only "$@" - <<<"$program" 2>&1
}

for language in c c++; do
    compiler=("$@" -x "$language")
    if said=$(compile); then
        echo "no warning in $language"
        exit 1
    fi
    grep -q "'*mfl_older.*since mflearn 0.2: use mfl_newer()" <<<"$said" || { echo "another warning: $said"; exit 1; }
    compile -Wno-deprecated-declarations && compile -DMFL_NO_DEPRECATION_WARNINGS
done
