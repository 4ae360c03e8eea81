#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program sample_posterior as a user meets it: what it writes; that interrupts, kills and threads change nothing; what
# it says to mistakes.
#   sample_posterior.sh PROGRAM DATA_DIRECTORY
set -euo pipefail

program=$(realpath "$1") data=$(realpath "$2")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"
small=(--dim 6 --width 10 --samples 30 --test 50 --burn-in 60 --kappa 0.3)

# same DIRECTORY DIRECTORY: the numbers, and the traces of all draws, are the same bits.
same() {
    local name
    for name in summary.csv weights.csv; do
        cmp "$1/$name" "$2/$name" || fail "$name of $1 and $2"
    done
    cmp "$1/traces.npy" "$2/traces.npy" || fail "traces of $1 and $2"
}

# wait_for FILE: until it exists.
wait_for() {
    local i
    for ((i = 0; i < 200; i++)); do
        [ ! -e "$1" ] || return 0
        sleep 0.05
    done
    fail "no $1 after 10 s"
}

"$program" "${small[@]}" --draws 2000 --threads 1 --out whole --traces whole/traces.npy >whole.txt
[ "$(cut -d, -f1 whole/summary.csv | tr '\n' ' ')" = \
    'trace potential order_parameter test_error residual relevant_square irrelevant_square ' ] || fail 'the rows'
grep -q '^order_parameter' whole.txt || fail 'no table'
grep -q 'Warning: ' whole.txt && fail 'a warning for chains that have converged'
if command -v gnuplot >/dev/null; then
    grep -q '</svg>' whole/posterior.svg || fail 'no picture'
fi

# Few draws are not trusted.
"$program" "${small[@]}" --draws 20 --out few >few.txt
grep -q 'Warning: .* cannot be trusted yet' few.txt || fail 'no warning for twenty draws'
"$program" "${small[@]}" --draws 2000 --out few --resume --traces few/traces.npy >/dev/null
same whole few

# An interrupt and a kill, and on from there.
long=("${small[@]}" --draws 2000 --every 0.02 --set precision=float32)
"$program" "${long[@]}" --threads 2 --out cut >/dev/null 2>interrupt.txt &
pid=$!
wait_for cut/checkpoint
kill -INT "$pid"
status=0
wait "$pid" || status=$?
if [ "$status" -eq 130 ]; then
    grep -q -- '--resume$' interrupt.txt || fail 'no word about how to resume'
    [ ! -e cut/summary.csv ] || fail 'a table after an interrupt'
else
    [ "$status" -eq 0 ] || fail "exit status $status after an interrupt"
fi
"$program" "${long[@]}" --out cut --resume --threads 3 >/dev/null &
pid=$!
sleep 0.1
kill -KILL "$pid" 2>/dev/null || true
wait "$pid" 2>/dev/null || true
"$program" "${long[@]}" --out cut --resume --traces cut/traces.npy >/dev/null
same whole cut

# What is there is not written over, what does not fit or is damaged is refused.
refuses 1 'go on from there with --resume' "${small[@]}" --checkpoint whole/checkpoint
refuses 1 'another kappa' --resume --checkpoint whole/checkpoint "${small[@]}" --kappa 0.4
refuses 1 'another method' --resume --checkpoint whole/checkpoint "${small[@]}" --method mala
refuses 1 'No such file' --resume --checkpoint absent "${small[@]}"
head -c 5000 whole/checkpoint >damaged
refuses 1 'damaged' --resume --checkpoint damaged "${small[@]}"
refuses 2 'give one' --draws 10 --minutes 1
refuses 2 'no option' --set nonsense=1
refuses 2 'name=value' --set nonsense
refuses 2 'must be' --kappa 0

# By the clock, other methods, a file.
"$program" "${small[@]}" --minutes 0.005 --method sgld --set step_fraction=0.2 --out clock >/dev/null
[ -e clock/checkpoint ] || fail 'no checkpoint by the clock'
"$program" --data "$data/diabetes.csv" --target progression --width 16 --kappa 0.7 --method baoab --burn-in 200 \
    --draws 50 --out file >file.txt
grep -q '^residual' file.txt || fail 'no table for a file'
grep -q 'order_parameter' file.txt && fail 'an order parameter of a file'
"$program" --help | grep -q -- '--resume' || fail 'no help'
echo 'all as promised'
