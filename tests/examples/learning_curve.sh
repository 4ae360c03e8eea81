#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program learning_curve as a user meets it: what it writes, that the numbers do not depend on threads, and what it
# says to mistakes.
#   learning_curve.sh PROGRAM DATA_DIRECTORY
set -euo pipefail

program=$(realpath "$1") data=$(realpath "$2")
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"
small=(--dim 8 --width 16 --samples '20,40' --burn-in 200 --draws 20 --test 300)

# column NAME FILE: the values of a column (none of those asked for holds a comma).
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$2"
}

# everything but the columns that tell time and options
numbers() {
    cut -d, -f1-8,10-15 "$1"
}

# refused STATUS WORDS OPTIONS...: and nothing left that looks finished.
refused() {
    refuses "$1" "$2" --out refused "${@:3}"
    [ ! -e refused/learning_curve.csv ] || fail "a file that looks finished after: ${*:3}"
    rm -rf refused
}

"$program" "${small[@]}" --threads 1 --out one >one.txt
"$program" "${small[@]}" --threads 2 --out two >two.txt
[ "$(head -n 1 one/learning_curve.csv | cut -d, -f1-9)" = \
    'method,P,seed,test_mse,test_mse_draw,train_mse,m_S,se,seconds' ] || fail 'the header line'
[ "$(wc -l <one/learning_curve.csv)" -eq 11 ] || fail 'two points: two seeds of network and ridge, one row of mf, each'
diff <(numbers one/learning_curve.csv) <(numbers two/learning_curve.csv) || fail 'numbers depend on threads'
[ "$(column seed one/learning_curve.csv | sort -u | tr '\n' ' ')" = ' 1 2 ' ] || fail 'the seeds'
grep -q 'ridge' one.txt || fail 'no table'
if command -v gnuplot >/dev/null; then
    grep -q '</svg>' one/learning_curve.svg || fail 'no picture'
    [ "$(head -c 4 one/learning_curve.png | tail -c 3)" = PNG ] || fail 'no PNG picture'
fi
[ ! -e one/learning_curve.csv.partial ] || fail 'a partial file is left'

# A row is reproduced by its seed alone.
"$program" "${small[@]}" --methods ridge --seeds 1 --seed 2 --out again >/dev/null
diff <(grep '^ridge,.*,2,' one/learning_curve.csv | cut -d, -f1-7) <(tail -n +2 again/learning_curve.csv | cut -d, -f1-7) ||
    fail 'seed 2 alone differs from seed 2 of two'
grep -q 'seed=2' again/learning_curve.csv || fail 'the options are not on record'

# Without gnuplot: the CSV, a sentence, and no old picture beside new numbers.
PATH='' "$program" "${small[@]}" --methods ridge --out one >/dev/null 2>no_gnuplot.txt
grep -q 'gnuplot is not installed' no_gnuplot.txt || fail 'no word about gnuplot'
[ ! -e one/learning_curve.svg ] || fail 'an old picture beside new numbers'

# Real data: better than predicting the mean, like linear regression on the same rows.
"$program" --data "$data/diabetes.csv" --target progression --samples 50,100 --methods ridge,linear --out file >/dev/null
column rel_mse file/learning_curve.csv | awk '!($1 > 0.3 && $1 < 0.8) { exit 1 }' || fail 'errors on diabetes.csv'

# Ctrl-C ends the run with what there is.
"$program" --draws 1000000 --out interrupted >/dev/null 2>interrupted.txt &
pid=$!
for ((i = 0; i < 100; i++)); do
    [ ! -e interrupted/learning_curve.csv.partial ] || break
    sleep 0.1
done
sleep 0.2
kill -INT "$pid"
status=0
wait "$pid" || status=$?
[ "$status" -eq 130 ] || fail "exit status $status after an interrupt"
grep -q 'learning_curve.csv.partial' interrupted.txt || fail 'no word about what was finished'
[ ! -e interrupted/learning_curve.csv ] || fail 'an interrupted run left a file that looks finished'

printf 'a,b\n1,2\n3,x\n' >text.csv
printf '1,2\n1,3\n1,5\n1,4\n' >constant.csv
refused 2 'samples is 0' --samples 0
refused 1 'degree between 1 and 2' --dim 2 --degree 3
refused 2 'must be positive' --kappa 0
refused 2 'must be between' --kappa nan
refused 2 'must be one of' --methods nonsense
refused 1 'choose another degree or activation' --degree 3
refused 1 'line 3, column 2' --data text.csv
refused 1 'No such file' --data absent.csv
refused 1 'no column of that name' --data "$data/diabetes.csv" --target nonsense
refused 2 'leave some to test on' --data "$data/diabetes.csv" --samples 442
refused 2 'needs a task' --data "$data/diabetes.csv" --methods mf
refused 2 'no option --nonsense' --nonsense
refused 2 'needs a value' --dim
refused 2 'first:last:count' --samples 10:20
refused 2 'burn_in is -2' --burn-in -2
refused 2 'stay as they are' --data "$data/diabetes.csv" --methods ridge --label-noise 1
"$program" --data constant.csv --samples 2 --seeds 1 --methods network --burn-in 50 --draws 5 --out constant >/dev/null 2>&1 ||
    fail 'a constant column'
status=0
"$program" "${small[@]}" --out /proc/nowhere >/dev/null 2>where.txt || status=$?
[ "$status" -eq 1 ] || fail 'an impossible directory'
grep -q 'choose another with --out' where.txt || fail 'no remedy for an impossible directory'
"$program" --help | grep -q -- '--kappa' || fail 'no help'
echo 'all as promised'
