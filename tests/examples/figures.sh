#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The figures in their quick form: each leaves a table of numbers, pictures and a record, and goes on with what is there.
#   figures.sh DIRECTORY-OF-FIGURES DIRECTORY-OF-PROGRAMS
set -euo pipefail

figures=$1 programs=$2
command -v gnuplot >/dev/null || { echo 'skipped: there is no gnuplot'; exit 77; }
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"

"$figures/all" --quick --programs "$programs" >all.txt 2>errors.txt || { cat errors.txt; fail 'all'; }
count=0
for figure in "$figures"/*; do
    name=${figure##*/}
    case $name in *.sh | all | claims) continue ;; esac
    for kind in csv svg png txt; do
        [ -s "figures/$name.$kind" ] || fail "$name left no $kind"
    done
    # every panel has something to show: data lines with numbers, and no refusal but those that the tables name
    awk -F, 'NR > 1 && $NF != "" { n++ } END { exit n < 4 }' "figures/$name.csv" || fail "$name.csv is empty"
    grep -q "^command: .*$name" "figures/$name.txt" || fail "$name.txt does not say how"
    "$figures/$name" --help | grep -q -- --quick || fail "$name --help"
    count=$((count + 1))
done
! grep -n 'warning\|refused' errors.txt || fail 'warnings'
[ ! -e figures/learning_curves.svg.partial ] || fail 'a partial picture'
grep -q '^| d 20, k 2, mf |' figures/claims.md || fail 'claims'
[ "$(grep -c '^|' figures/claims.md)" -ge 25 ] || fail 'few claims'

# Again: nothing is measured anew.
"$figures/all" --quick --programs "$programs" >again.txt 2>errors.txt
[ ! -s errors.txt ] || { cat errors.txt; fail 'measured again'; }
# Mistakes are named.
status=0
"$figures/weights" --nonsense 2>said.txt || status=$?
{ [ "$status" -eq 2 ] && grep -q 'no option --nonsense' said.txt; } || fail 'an unknown option'
printf '%d figures\n' "$count"
