#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program in the README is the example of that name, and it runs.
#   readme.sh README.md quick_start.c PROGRAM
set -euo pipefail

awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$1" | diff - "$2" || {
    echo "the C program in README.md and $2 differ"
    exit 1
}
"$3" | tee /dev/stderr | grep -q '^order parameter: posterior 0\.9[0-9]*, kernel 0\.5[0-9]*, mean field 0\.888988 '
