#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program phase_diagram as a user meets it: a grid with hysteresis, what it leaves when interrupted and how it goes on,
# and what it says to mistakes.
#   phase_diagram.sh PROGRAM
set -euo pipefail

program=$(realpath "$1")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"

grid=(--dim 40 --degree 2 --width 64 --sharing 0 --samples "60,100,160" --kappa "0.5,0.8,1.2" --tolerance 1e-3 --threads 1)
"$program" --theory mf,mf_ard "${grid[@]}" --out whole >/dev/null
[ "$(grep -c '^[0-9]' whole/phase_diagram_mf.csv)" -eq 9 ] || fail "the plain theory has one row a point"
grep -q '^100,0.80000000000000004,1,2,1,0.5406' whole/phase_diagram_mf_ard.csv || fail "no cooling branch"
grep -q '^60,1.2,0,1,1,' whole/phase_diagram_mf_ard.csv || fail "no single solution where noise is large"

# As if it had been interrupted in the middle of the last line of the grid.
mkdir part
head -n -2 whole/phase_diagram_mf_ard.csv >part/phase_diagram_mf_ard.csv.partial
"$program" --theory mf_ard "${grid[@]}" --out part >part.txt
grep -q '2 of 3 lines were there already' part.txt || fail "started anew"
cmp part/phase_diagram_mf_ard.csv whole/phase_diagram_mf_ard.csv || fail "going on gives other numbers"

refuses 2 "other options" --theory mf_ard "${grid[@]}" --alpha0 2 --out part
refuses 2 "ascend" --samples 200,100 --kappa 0.1,0.2 --out none
refuses 2 "at least 2 values" --samples 100 --kappa 0.1,0.2 --out none
refuses 2 "mf_screened" --theory mf_best --out none
[ ! -e none ] || fail "a refused run left a directory"
