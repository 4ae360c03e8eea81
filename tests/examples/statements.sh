#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program statements as a user meets it: each kind, quick, with a fact about what it finds; that a run goes on where one
# was cut off; and that sentences follow the numbers: other numbers, another sentence.
#   statements.sh PROGRAM
# Programs for awk stand in single quotes; lists of the options have commas.
# shellcheck disable=SC2016,SC2054
set -euo pipefail

program=$(realpath "$1")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"

# retold NAME AWK: the sentences of a statement whose numbers an awk program has changed.
retold() {
    mkdir -p told
    awk -F, -v OFS=, "$2" "out/$1.csv" >"told/$1.csv"
    "$program" --quick --about "$1" "${more[@]}" --out told
}

# says TEXT WORDS
says() { [[ $1 == *"$2"* ]] || fail "\"$1\" does not say \"$2\""; }

more=()
"$program" --quick --about noise,onset --out out >first.txt
# kt stops following kappa^2: at kappa = 0.001 it is ten thousand times larger.
awk -F, '/^"kt"/ { kt = $3 } END { exit !(kt > 1e-2 && kt < 2e-2) }' out/noise.csv || fail "kt: $(tail -1 first.txt)"
says "$(cat first.txt)" "more than twice kappa^2"
says "$(cat first.txt)" "underestimates what follows"
told=$(retold noise '/^"kt"/ { $3 = $2 * $2 } /^"test error, renormalised/ { $4 = $3 * $3 } { print }')
says "$told" "follows kappa^2 within a factor of two"
says "$told" "renormalised noise by more than a twentieth"
says "$(retold onset '/^"mf"/ { $3 = 1 } { print }')" "does not underestimate what follows"

# The plain mean field loses about d^-1/2, and shared precisions keep what was learned at one noise.
more=(--dims 40,80,160 --degrees 2 --theories mf,mf_ard,mf_ard_layer)
"$program" --quick --about dimension,degree "${more[@]}" --out out >second.txt
awk -F, '/^"mf: onset"/ { c[$2] = $3 } END { r = c[160] / c[40]; exit !(r > 0.45 && r < 0.65) }' out/dimension.csv ||
    fail "kappa_c against d: $(cat second.txt)"
says "$(cat second.txt)" "The power -1/2 of the plain theory holds"
told=$(retold dimension '/^"mf: onset"/ { $3 = 0.3 } /^"mf_ard, n = 1: onset"/ { $4 = 0.3 } { print }')
says "$told" "The power -1/2 of the plain theory does not hold"
says "$told" "relevance determination holds in these equations for the onset with n = 1"
# Numbers of a law k^-2 are not those of k^-1/2.
for power in -2 -0.5; do
    {
        sed -n '1s/degrees=2 /degrees=2,4,6 /p; 2p' out/degree.csv
        awk -v power=$power 'BEGIN {
            for (c = split("mf|mf_ard, n = 1|mf_ard, n = N", of, "|"); c > 0; c--)
                for (k = 2; k <= 6; k += 2)
                    printf "\"%s: onset\",%d,%.17g,0.001\n", of[c], k, 0.6 * (k / 2) ^ power }'
    } >told/degree.csv
    told=$("$program" --quick --about degree "${more[@]:0:2}" --degrees 2,4,6 "${more[@]:4}" --out told)
    case $power in
    -2) says "$told" "The power -1/2 does not hold in these equations for the plain theory" ;;
    *) says "$told" "The power -1/2 holds in these equations for the plain theory" ;;
    esac
done

# Cut off in the middle of a line: the same numbers in the end.
mkdir part
head -c -30 out/dimension.csv >part/dimension.csv.partial
"$program" --quick --about dimension "${more[@]}" --out part >part.txt
says "$(cat part.txt)" "were there already"
cmp part/dimension.csv out/dimension.csv || fail "going on gives other numbers"

# Sampled networks beside the theories of their data.
more=(--sizes 30,120 --solve-most 30 --draws 200)
"$program" --quick --about posterior "${more[@]}" --out out >third.txt
awk -F, '/^"posterior, data 1",120,/ { exit !($4 > 0.9 && $4 < 1.05) }' out/posterior.csv || fail "$(cat third.txt)"
says "$(cat third.txt)" "underestimates what follows"
told=$(retold posterior '/^"mf of the data/ { $4 = 0.99 } { print }')
says "$told" "does not underestimate what follows. mf_ard, n = 1"

refuses 2 "other options" --quick --about posterior --sizes 30,60 --out out
refuses 2 "posterior|onset|dimension" --about nothing --out none
[ ! -e none ] || fail "a refused run left a directory"
