#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program statements as a user meets it: each kind once, small, with a fact about what it finds.
#   statements.sh PROGRAM
set -euo pipefail

program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

small=(--dim 12 --width 32 --samples 200 --tolerance 1e-2 --step 0.5 --out out)
"$program" --about noise "${small[@]}" >noise.txt
# kt stops following kappa^2: at kappa = 0.001 it is ten thousand times larger.
awk -F, '/^"kt"/ { kt = $3 } END { exit !(kt > 1e-2 && kt < 2e-2) }' out/noise.csv || fail "kt: $(tail -1 noise.txt)"
[ "$(grep -c '^"kt"' out/noise.csv)" -gt 10 ] || fail "no curve of kt"

# The plain mean field loses about d^-1/2.
"$program" --about dimension "${small[@]}" --dims 20,40,80,160 >dimension.txt
awk -F, '/^"mf"/ { c[$2] = $3 } END { r = c[160] / c[40]; exit !(r > 0.45 && r < 0.65) }' out/dimension.csv ||
    fail "kappa_c against d: $(tail -1 dimension.txt)"

if "$program" --about nothing --out out >/dev/null 2>error.txt; then
    fail "accepted a statement that there is not"
fi
grep -q 'onset|dimension' error.txt || fail "did not say what there is: $(cat error.txt)"
