#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program self_consistent as a user meets it: two branches where there are two, CSV on paper and on disk, and what it
# says to mistakes.
#   self_consistent.sh PROGRAM
set -euo pipefail

program=$(realpath "$1")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"

two=(--dim 40 --degree 2 --width 64 --kappa 0.8 --samples 100 --theory mf_ard --sharing 0 --tolerance 1e-6)
"$program" "${two[@]}" >screen.txt
"$program" "${two[@]}" --out disk >/dev/null
sed '1,/^$/d' screen.txt | cmp - disk/self_consistent.csv || fail "the CSV differs between screen and disk"
for line in heating,converged,m,0.00998 cooling,converged,m,0.54065; do
    grep -q "^$line" disk/self_consistent.csv || fail "no $line"
done
"$program" --samples 50 --tolerance 1e-6 | grep -q "^only,converged,m,0.775114" || fail "plain mean field"

"$program" --dim 8 --width 16 --samples 40 --kappa 0.3 --tolerance 1e-6 --finite 1000 --marginals 50 --out densities >said.txt
grep -q "^  m_finite  *0.537[0-9]* +-" said.txt || fail "no correction for all inputs: $(cat said.txt)"
"$program" --task staircase --dim 8 --degree 2 --width 16 --samples 40 --kappa 0.3 --tolerance 1e-4 --finite 1000 >said.txt
[ "$(grep -c "m over all inputs" said.txt)" = 3 ] || fail "no correction of each mode: $(cat said.txt)"
for marginal in on off pattern alignment; do
    [ "$(grep -c "^only,$marginal," densities/marginals.csv)" -eq 301 ] || fail "not 301 points of $marginal"
done
if command -v gnuplot >/dev/null; then
    [ -s densities/marginals.svg ] || fail "no picture of the densities"
fi
"$program" --dim 8 --width 16 --samples 40 --kappa 0.3 --solver particles --particles 64 --steps 400 >particles.txt &&
    fail "so few steps converged"
grep -q "^only,not converged,m,0\.[45]" particles.txt || fail "particles: $(cat particles.txt)"

refuses 2 "needs --out" --marginals 10
"$program" --task staircase --activation gelu --samples 400 --tolerance 1e-6 >screen.txt
grep -q "^only,converged,m\[1 1\],0.92724" screen.txt || fail "the second step of a staircase"
"$program" --task sum --terms 1:20,0.5:11 --kappa 0.3 --induced 3 --tolerance 1e-6 | grep -q "^only,converged,m\[0 0+2\],-0.14605" ||
    fail "an induced mode"

# A training set: drawn, and from a file whose first column alone matters.
"$program" --empirical --dim 10 --width 32 --samples 60 --kappa 0.3 --theory mf_screened --sweeps 100 --tolerance 0.02 >drawn.txt
grep -q "^only,converged,m,0\.[67]" drawn.txt || fail "a drawn training set: $(cat drawn.txt)"
grep -q "relevance\[[01]\].*stands out" drawn.txt || fail "no relevant input stands out: $(cat drawn.txt)"
awk 'BEGIN { srand(1); print "good,a,b,c,d,e,y"; for (i = 0; i < 60; i++) { x = rand()
    printf "%f,%f,%f,%f,%f,%f,%f\n", x, rand(), rand(), rand(), rand(), rand(), 3 * x } }' >file.csv
"$program" --data file.csv --width 32 --kappa 0.3 --theory mf_ard --particles 256 --sweeps 100 --tolerance 0.02 >file.txt
grep "relevance\[" file.txt | head -1 | grep -q "good.*stands out" || fail "the only relevant input: $(cat file.txt)"
refuses 2 "training set" --sweeps 60
refuses 2 "from the file" --data file.csv --dim 4
refuses 2 "no --marginals" --empirical --finite 100

"$program" --task hermite --theory mf_screened --samples 400 --tolerance 1e-3 >hermite.txt
grep -q "^only,[a-z]*,m,0.88" hermite.txt || fail "screening of a Hermite teacher"
refuses 2 "1:10,0.5:11" --task sum --terms 1:10,0.5:x
refuses 2 "all" --task sum --terms 1:10,0.5:1
refuses 2 "terms" --terms 1:10
refuses 2 "degree" --task sum --terms 1:10 --degree 3
refuses 1 "cannot be normalised" --self-energy none
refuses 2 "mf_screened" --theory mf_best
