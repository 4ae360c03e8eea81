#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program feature_selection as a user meets it: what it selects, what it writes, and what it says to mistakes.
#   feature_selection.sh PROGRAM
set -euo pipefail

program=$(realpath "$1")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"

# One column of a file matters, by its absolute value, of which a linear kernel sees nothing.
awk 'BEGIN { srand(1); print "a,good,b,y"; for (i = 0; i < 150; i++) { x = 2 * rand() - 1
    printf "%f,%f,%f,%f\n", rand(), x, rand(), x < 0 ? -x : x } }' >file.csv
"$program" --data file.csv --target y --irrelevant 27 --samples 100 --width 16 --kappa 0.3 --out a >a.txt
[ "$(wc -l <a/feature_selection.csv)" = 31 ] || fail "not 30 inputs: $(cat a/feature_selection.csv)"
head -1 a/feature_selection.csv | grep -q "^input,kind,mf_ard,mf_ard_error,mf_ard_selected,rbf_ard," || fail "the heading"
[ "$(grep -c ',irrelevant,' a/feature_selection.csv)" = 27 ] || fail "not 27 columns were added"
sed -n 2p a/feature_selection.csv | grep -q '^"good",file,' || fail "the only relevant input is not the first"
awk -F, 'NR == 2 { exit !($5 == 1 && $8 == 1) }' a/feature_selection.csv || fail "it is not selected: $(cat a.txt)"
awk -F, 'NR > 2 && ($5 == 1 || $3 - $4 > 2) { exit 1 }' a/feature_selection.csv || fail "another one is selected"
if command -v gnuplot >/dev/null; then
    [ -s a/feature_selection.svg ] || fail "no picture"
fi

# The same numbers on any number of threads.
"$program" --data file.csv --target y --irrelevant 27 --samples 100 --width 16 --kappa 0.3 --threads 1 --out b >b.txt
cmp -s a/feature_selection.csv b/feature_selection.csv || fail "the numbers depend on threads"

# A task knows which inputs are relevant.
"$program" --task sum --terms 1:10,1:01 --inputs gaussian --dim 12 --samples 80 --width 16 --theory mf_screened --out c >c.txt
[ "$(grep -c ',relevant,' c/feature_selection.csv)" = 2 ] || fail "not 2 relevant inputs"
grep -Eq "^mf_screened +[0-9]+ of +2 +0 of +10 +2 +0\." c.txt || fail "a sum of two inputs: $(cat c.txt)"
grep -Eq "^linear_ard +2 of +2 +[0-9]+ of +10 +2 +0\." c.txt || fail "a line of two inputs: $(cat c.txt)"

# Interrupted: what there is, marked as partial, and the status of an interruption.
"$program" --dim 60 --samples 300 --sweeps 100000 --tolerance 1e-6 --kappa 0.3 --out d >d.txt 2>d.err &
child=$!
sleep 2
kill -INT "$child"
status=0
wait "$child" || status=$?
[ "$status" = 130 ] || fail "status $status after an interruption: $(cat d.err)"
[ ! -e d/feature_selection.csv ] || fail "an interrupted run has left a complete file"
grep -q "^Interrupted" d.err || fail "it does not say that it was interrupted: $(cat d.err)"

refuses 1 "nothing.csv" --data nothing.csv --out e
refuses 2 "mf_ard|mf_screened" --theory mf --out e
refuses 2 "--rate" --dim 4 --rate 0.9 --samples 20 --out e
refuses 2 "takes the task from the file" --data file.csv --dim 4 --out e
[ ! -e e ] || fail "a refused run left a directory"
