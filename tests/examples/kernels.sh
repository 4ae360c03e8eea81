#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The programs kernel_ridge and kernel_theory as a user meets them: what they write, and what they say to mistakes.
#   kernels.sh KERNEL_RIDGE KERNEL_THEORY DATA_DIRECTORY
set -euo pipefail

ridge=$(realpath "$1") theory=$(realpath "$2") data=$(realpath "$3")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"

"$ridge" --data "$data/diabetes.csv" --target progression --kernel rbf --ridge 0.5 --folds 5 --out a >a.txt
[ "$(wc -l <a/kernels.csv)" = 14 ] || fail "kernels.csv has not 13 kernels"
[ "$(wc -l <a/predictions.csv)" = 443 ] || fail "predictions.csv has not 442 rows"
# The linear kernel must predict better than the spread of the target, 77, and not by magic.
awk -F, '/"linear"/ { exit !($6 > 50 && $6 < 60) }' a/kernels.csv || fail "the linear kernel's error"
"$ridge" --data "$data/diabetes.csv" --ridge 0.5 --predict "$data/diabetes.csv" --threads 1 --out b >b.txt
cmp -s <(cut -d, -f1-5 a/kernels.csv) <(cut -d, -f1-5 b/kernels.csv) || fail "kernels depend on threads"


# Rows to predict have no target; the predictions are those of the same rows with it.
cut -d, -f1-10 "$data/diabetes.csv" >rows.csv
"$ridge" --data "$data/diabetes.csv" --ridge 0.5 --folds 2 --predict rows.csv --out e >e.txt
cmp -s <(cut -d, -f1-3 b/predictions.csv) e/predictions.csv || fail "predictions depend on the target of the rows"
cut -d, -f2-10 "$data/diabetes.csv" >short.csv
awk -F, -v OFS=, '{ print $2, $1, $3, $4, $5, $6, $7, $8, $9, $10 }' rows.csv >swapped.csv

# A fold's predictions must not know its rows: an outlier of 1e6 in one input makes it incommensurable, and by means and
# scales of all rows would squeeze that input of the others to nothing.
awk -v OFS=, 'BEGIN { print "x", "y" } END { for (i = 0; i < 60; i++) print (i == 7 ? 1e6 : i), i }' </dev/null >outlier.csv
"$ridge" --data outlier.csv --kernel linear --ridge 1e-6 --folds 60 --out g >g.txt
awk -F, '/"linear"/ { exit !($6 > 1e3 * $7) }' g/kernels.csv || fail "folds are standardised with the rows they predict"

"$theory" --task hermite --dim 6 --activation erf --samples 20,40 --sets 3 --test 200 --out f >f.txt
[ "$(wc -l <f/predicted.csv)" = 102 ] || fail "predicted.csv has not 101 points"
"$theory" --dim 8 --samples 20,40 --sets 3 --test 200 --out c >c.txt
[ "$(wc -l <c/kernel_theory.csv)" = 3 ] || fail "kernel_theory.csv has not 2 points"

program=$ridge refuses 2 "--data" --out d
program=$ridge refuses 2 "there is none of that name" --data "$data/diabetes.csv" --kernel cosine --out d
program=$ridge refuses 1 "nothing.csv" --data nothing.csv --out d
program=$ridge refuses 1 "has 9 columns" --data "$data/diabetes.csv" --ridge 0.5 --folds 2 --predict short.csv --out b
program=$ridge refuses 1 'input 1 of swapped.csv is "sex"' --data "$data/diabetes.csv" --ridge 0.5 --folds 2 \
    --predict swapped.csv --out b
program=$theory refuses 1 "are known by degree" --task hermite --inputs hypercube --out d
program=$theory refuses 2 "--degree" --dim 4 --degree 9 --out d
[ ! -e d ] || fail "a refused run left a directory"
