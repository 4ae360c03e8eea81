#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The manual page of every program: it has each option of --help with its explanation, its neighbours exist, and nobody
# who formats it has anything to complain about.
#   manual.sh PROGRAM...
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=2000

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

for program; do
    "$program" --man >"$work/mflearn-$(basename "$program" | tr _ -).1"
done
words() {
    tr -s ' \n' '  ' <"$1"
}
for program; do
    name=mflearn-$(basename "$program" | tr _ -)
    page=$work/$name.1
    "$program" --help >"$work/help"
    if command -v man >/dev/null; then
        man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>"$work/warnings" >/dev/null
        [ ! -s "$work/warnings" ] || fail "man $name: $(cat "$work/warnings")"
        man -l "$page" 2>/dev/null | col -bx >"$work/text"
        grep -q "^ *$name - [a-z]" "$work/text" || fail "$name has no line that says what it is"
        # As words, so that it does not matter where lines end.
        words "$work/text" >"$work/words"
        options=0
        while read -r line; do
            line=$(tr -s ' ' <<<"$line")
            grep -qF -- "$line" "$work/words" || fail "the manual page of $name does not say: $line"
            options=$((options + 1))
        done < <(sed -n '/^  /p' "$work/help")
        [ "$options" -ge 4 ] || fail "$name has $options options"
        while read -r other; do
            [ -f "$work/$other.1" ] || fail "$name says to see $other, which is not there"
        done < <(grep -o 'mflearn-[a-z-]*(1)' "$work/text" | sed 's/(1)//' | grep -vx "$name")
        [ "$(grep -o 'mflearn-[a-z-]*(1)' "$work/text" | sort -u | wc -l)" -eq $# ] || fail "$name leaves out a program"
    fi
    if command -v mandoc >/dev/null; then
        # A page has the version of the program, no date of its own.
        mandoc -Tlint -Wwarning "$page" >"$work/lint" || true
        if grep -v 'WARNING: missing date' "$work/lint"; then
            fail "mandoc has something to say about $name"
        fi
    fi
    echo "$name: ${options:-?} lines of help"
done
