#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program self_consistent as a user meets it: two branches where there are two, CSV on paper and on disk, and what it
# says to mistakes.
#   self_consistent.sh PROGRAM
set -euo pipefail

program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# refuses WORDS OPTIONS...: no success, and one line that has the words.
refuses() {
    local output
    output=$("$program" "${@:2}" 2>&1 >/dev/null) && fail "accepted: ${*:2}"
    [[ $output == *"$1"* ]] || fail "\"$output\" does not say \"$1\""
    [ "$(wc -l <<<"$output")" -eq 1 ] || fail "more than a sentence: $output"
}

two=(--dim 40 --degree 2 --width 64 --kappa 0.8 --samples 100 --theory mf_ard --sharing 0 --tolerance 1e-6)
"$program" "${two[@]}" >screen.txt
"$program" "${two[@]}" --out disk >/dev/null
sed '1,/^$/d' screen.txt | cmp - disk/self_consistent.csv || fail "the CSV differs between screen and disk"
for line in heating,converged,m,0.00998 cooling,converged,m,0.54065; do
    grep -q "^$line" disk/self_consistent.csv || fail "no $line"
done
"$program" --samples 50 --tolerance 1e-6 | grep -q "^only,converged,m,0.775114" || fail "plain mean field"

refuses "parities" --task hermite --theory mf_screened
refuses "cannot be normalised" --self-energy none
refuses "mf_screened" --theory mf_best
