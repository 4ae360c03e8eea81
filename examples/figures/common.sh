# SPDX-License-Identifier: BSD-3-Clause
# What the figures share. A figure is a script of this directory:
#
#     NAME [--quick] [--out DIR] [--programs DIR]
#
# It measures with `sweep`, which goes on where it was killed, draws with gnuplot, and leaves NAME.csv, NAME.svg,
# NAME.png and NAME.txt (how and when it was made) in DIR, by default figures/. Runs that several figures look at are
# made once, in DIR/runs. --quick measures a coarse form in seconds, to see that everything works.
set -euo pipefail

name=$(basename "$0")
here=$(cd "$(dirname "$0")" && pwd)
out=figures quick= programs=
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=1 ;;
    --out) out=${2:?"--out needs a directory"}; shift ;;
    --programs) programs=$(cd "${2:?"--programs needs a directory"}" && pwd); shift ;;
    --help) sed -n '/^# /{s/^# //p}' "$0" | sed 1d; sed -n '/^#     NAME/,/^set/{/^#/{s/^# \{0,1\}//p}}' "$here/common.sh"
        exit ;;
    *) echo "$name: there is no option $1; see --help" >&2; exit 2 ;;
    esac
    shift
done
if [ -z "$programs" ] && installed=$(command -v mflearn-sweep); then
    programs=$(dirname "$(readlink -f "$installed")")
fi
[ -z "$programs" ] || PATH=$programs:$PATH
for program in sweep gnuplot; do
    command -v "$program" >/dev/null || {
        echo "$name: $program is not found; install it, or point --programs to the build's examples" >&2
        exit 1
    }
done
mkdir -p "$out/runs"
out=$(cd "$out" && pwd)
export LC_ALL=C.UTF-8
began=$(date +%s)

# full_or_quick FULL QUICK: the value for this form.
full_or_quick() { if [ -n "$quick" ]; then printf %s "$2"; else printf %s "$1"; fi; }

# run NAME <<GRID: measure a grid; its table is then $out/runs/NAME/sweep.csv.
run() {
    local directory=$out/runs/$1
    mkdir -p "$directory"
    cat >"$directory/new.grid"
    if [ -s "$directory/sweep.csv" ] && cmp -s "$directory/new.grid" "$directory/grid"; then
        rm "$directory/new.grid" # another figure has it
        return
    fi
    cmp -s "$directory/new.grid" "$directory/grid" || rm -f "$directory/journal" "$directory/sweep.csv"
    mv "$directory/new.grid" "$directory/grid"
    echo "$name: $1" >&2
    sweep --grid "$directory/grid" --out "$directory" >/dev/null
}

# table NAME: its path.
table() { printf %s "$out/runs/$1/sweep.csv"; }

# average FILE X Y [COLUMN=VALUE]...: "x mean error count" for each x, over the rows that match and have a y; the error is
# the standard error over them.
average() {
    local file=$1 x=$2 y=$3
    shift 3
    awk -F, -v x="$x" -v y="$y" -v wanted="$*" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i
            if (!(x in column) || !(y in column)) { print "no column " x " or " y > "/dev/stderr"; exit 1 }
            n = split(wanted, pairs, " ")
            for (i = 1; i <= n; i++) { split(pairs[i], pair, "="); match_at[i] = column[pair[1]]; match_to[i] = pair[2]
                if (!match_at[i]) { print "no column " pair[1] > "/dev/stderr"; exit 1 } }
            next }
        { for (i = 1; i <= n; i++) if ($match_at[i] != match_to[i]) next
            if ($column[y] == "") next
            at = $column[x]; if (!(at in count)) order[++points] = at
            count[at]++; sum[at] += $column[y]; square[at] += $column[y]^2 }
        END { for (i = 1; i <= points; i++) { at = order[i]; mean = sum[at]/count[at]
            spread = square[at]/count[at] - mean^2
            error = count[at] > 1 && spread > 0 ? sqrt(spread/(count[at] - 1)) : 0
            printf "%s %.9g %.3g %d\n", at, mean, error, count[at] } }' "$file" | sort -g
}

# draw WIDTH HEIGHT <<COMMANDS: NAME.svg and NAME.png by gnuplot, in $out. The commands may use the palette below.
draw() {
    local commands size=$1,$2 large=$(($1 * 3 / 2)),$(($2 * 3 / 2))
    commands=$(cat)
    local terminal
    for terminal in "svg size $size font 'Helvetica,13' background '#ffffff'" \
        "pngcairo size $large font 'Helvetica,18' background '#ffffff'"; do
        local kind=${terminal%% *} file
        file=$out/$name.${kind%cairo}
        (cd "$out/runs" && gnuplot <<GP
set terminal $terminal
set output '$file.partial'
set encoding utf8
set grid lc rgb '#dddddd'
set key samplen 2 spacing 1.1
set style line 1 lc rgb '#000000' pt 7 ps 0.7 lw 1.5
set style line 2 lc rgb '#000000' pt 6 ps 0.9 lw 1.5
set style line 3 lc rgb '#0072b2' lw 2
set style line 4 lc rgb '#d55e00' lw 2
set style line 5 lc rgb '#009e73' lw 2
set style line 6 lc rgb '#888888' lw 2 dt 2 pt 4 ps 0.6
set style line 7 lc rgb '#cc79a7' lw 2
$commands
unset output
GP
        )
        mv "$file.partial" "$file"
    done
}

# collect NAME...: the tables of these runs as one file, NAME.csv, with the run as first column.
collect() {
    local run
    for run in "$@"; do
        if [ "$run" = "$1" ]; then awk '{ print (NR == 1 ? "run," : "'"$run"',") $0 }' "$(table "$run")"
        else awk 'NR == 1 { print "run," $0; next } { print "'"$run"'," $0 }' "$(table "$run")"; fi
    done >"$out/$name.csv"
}

# finish: how it was made, and where it is.
finish() {
    {
        echo "command:  examples/figures/$name${quick:+ --quick}"
        echo "date:     $(date -u +%Y-%m-%d)"
        echo "seconds:  $(($(date +%s) - began)) by the clock in this call; runs that were there already not counted"
        find "$out/runs" -name sweep.csv -exec cat {} + |
            awk -F, '/^point,/ { for (i = 1; i <= NF; i++) if ($i == "seconds") at = i; next } { s += $at } END {
                printf "runs:     %.0f seconds on one thread in all sweeps of this directory\n", s }'
        echo "machine:  $(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
        echo "version:  $(sweep --version 2>/dev/null || echo 'of the tree')"
    } >"$out/$name.txt"
    echo "$out/$name.svg"
}
