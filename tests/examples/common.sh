# SPDX-License-Identifier: BSD-3-Clause
# Sourced by the tests of programs, after their arguments: a scratch directory to be in, gone when the test ends, and what
# they say to each other.
# shellcheck shell=bash disable=SC2154 # $program is of the test that sources this
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# refuses STATUS WORDS OPTIONS...: that exit status of $program, and one line on standard error that has the words.
refuses() {
    local status=0 output
    output=$("$program" "${@:3}" 2>&1 >/dev/null) || status=$?
    [ "$status" -eq "$1" ] || fail "exit status $status instead of $1: ${*:3}"
    [[ $output == *"$2"* ]] || fail "\"$output\" does not say \"$2\": ${*:3}"
    [ "$(wc -l <<<"$output")" -eq 1 ] || fail "more than a sentence: $output"
}
