#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The program sweep as a user meets it: the numbers do not depend on who measures them, a kill at any moment loses no
# finished point and does none twice, and mistakes are named.
#   sweep.sh PROGRAM [MPIRUN]
set -euo pipefail

program=$(realpath "$1") mpirun=${2:-}
# shellcheck source=tests/examples/common.sh
. "$(dirname "$0")/common.sh"
RANDOM=1

# the table without the seconds
numbers() {
    sed 's/,[^,]*,"/,"/' "$1"
}

cat >small.grid <<'END'
# three methods
dim      10
width    32
samples  20:160:4
dataset  1,2
method   network,ridge,mf
draws    50
burn-in  100
test     200
END

"$program" --grid small.grid --threads 1 --out one >one.txt
"$program" --grid small.grid --threads 3 --out three >/dev/null
[ "$(wc -l <one/sweep.csv)" -eq 25 ] || fail '24 points and a header'
diff <(numbers one/sweep.csv) <(numbers three/sweep.csv) || fail 'numbers depend on threads'
grep -q '24 of 24 points' one.txt || fail 'no word of the end'
[ "$(grep -c 'network,MFL_OK' one/sweep.csv)" -eq 8 ] || fail 'eight points of the network'
awk -F, '$4 == "ridge" { n++; s += $7 } END { exit !(n == 8 && s / n > 0.01 && s / n < 1.5) }' one/sweep.csv ||
    fail 'errors of the kernel'

# Killed at random moments until it is done: the same numbers, and every point once.
kills=0
while :; do
    "$program" --grid small.grid --threads 2 --out killed >/dev/null 2>&1 &
    wait_ms=$((RANDOM % 60 + 20 + 10 * kills)) # longer and longer, for slow machines
    sleep "$((wait_ms / 1000)).$(printf %03d $((wait_ms % 1000)))"
    kill -9 $! 2>/dev/null && kills=$((kills + 1))
    wait $! 2>/dev/null && break
    # A kill may come after the table got its name.
    [ ! -e killed/sweep.csv ] || cmp -s <(numbers one/sweep.csv) <(numbers killed/sweep.csv) ||
        fail 'a table that looks finished'
    [ "$kills" -lt 400 ] || fail 'nothing gets done between kills'
done
diff <(numbers one/sweep.csv) <(numbers killed/sweep.csv) || fail 'numbers depend on kills'
[ "$(wc -l <killed/journal)" -eq 25 ] || fail 'a point was lost or done twice'
[ "$kills" -ge 3 ] || fail "only $kills kills"
printf '%d kills\n' "$kills"

# A torn line and a damaged one: what they said is done again. Only one sweep at a time.
{ head -n 5 one/journal; sed -n 6p one/journal | tr 1 2; sed -n '7,$p' one/journal | head -c -9; } >damaged
mkdir torn && cp damaged torn/journal
"$program" --grid small.grid --out torn >/dev/null 2>torn.txt
grep -q '1 damaged lines are left out' torn.txt || fail 'no word about the damaged line'
grep -q '2 of 24 points are left' torn.txt || fail 'not two points again'
diff <(numbers one/sweep.csv) <(numbers torn/sweep.csv) || fail 'numbers depend on damage'
exec 9<torn/journal
flock -x 9
refuses 1 'running already' --grid small.grid --out torn
exec 9<&-

# Ctrl-C ends it soon, keeps what there is, and says how to go on.
cat >long.grid <<'END'
samples 400,800
draws   100000
END
"$program" --grid long.grid --out long >long.txt 2>&1 &
sleep 0.5
kill -INT $! 2>/dev/null
status=0
wait $! || status=$?
[ "$status" -eq 130 ] || fail "exit status $status after an interrupt"
grep -q 'The same command goes on' long.txt || fail 'no word how to go on'

# What cannot be measured is in the table with its reason, and does not stop the rest.
printf 'degree 2,3\nmethod ridge,mf\nsamples 20\ndim 8\n' >refused.grid
"$program" --grid refused.grid --out refused >/dev/null 2>refused.txt
grep -q 'will be refused' refused.txt || fail 'no word before the start'
[ "$(grep -c 'MFL_OK' refused/sweep.csv)" -eq 3 ] || fail 'three of four'
grep -q 'degree' refused/sweep.csv || fail 'no reason'

printf 'nonsense 1\n' >unknown.grid
printf 'samples 10\nsamples 20\n' >twice.grid
printf 'samples\n' >empty.grid
printf 'samples 10,10\n' >repeated.grid
printf 'kappa 0\n' >zero.grid
printf 'dataset 1:1000:100\nsamples 1:10000:100\nkappa 0.1:1:100\nwidth 10:10000:100\n' >large.grid
refuses 2 'no setting "nonsense"' --grid unknown.grid
refuses 2 'samples is there twice' --grid twice.grid
refuses 2 'samples has no value' --grid empty.grid
refuses 2 'samples has 10 twice' --grid repeated.grid
refuses 2 'must be positive' --grid zero.grid
refuses 2 'points' --grid large.grid
refuses 1 'No such file' --grid absent.grid
refuses 2 '--grid names the file' --out anything
printf 'samples 10\n' >other.grid
refuses 1 'belongs to another grid' --grid other.grid --out one

# Over ranks: the same numbers, also when the job is killed in the middle.
if [ -n "$mpirun" ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    for ranks in 1 2 4; do
        "$mpirun" --oversubscribe -n "$ranks" "$program" --grid small.grid --out "ranks$ranks" >/dev/null
        diff <(numbers one/sweep.csv) <(numbers "ranks$ranks/sweep.csv") || fail "numbers depend on $ranks ranks"
    done
    kills=0
    for delay in 0.3 0.6 0.9 1.2; do
        setsid "$mpirun" --oversubscribe -n 3 "$program" --grid small.grid --out ranks >/dev/null 2>&1 &
        sleep "$delay"
        pkill -9 -f "$program --grid small.grid --out ranks" || true
        wait $! 2>/dev/null || kills=$((kills + 1))
    done
    "$mpirun" --oversubscribe -n 2 "$program" --grid small.grid --out ranks >/dev/null
    diff <(numbers one/sweep.csv) <(numbers ranks/sweep.csv) || fail 'numbers depend on killed ranks'
    [ "$(wc -l <ranks/journal)" -eq 25 ] || fail 'with ranks a point was lost or done twice'
    [ "$kills" -ge 1 ] || fail 'no job was killed in the middle'
    printf '%d jobs killed\n' "$kills"
fi
echo 'all as promised'
