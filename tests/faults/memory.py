#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every allocation of every program fails, whoever asks: the program, the library, the C library or what they build
upon; once alone, once with all that follow. Then the threads that cannot be started.

memory.py --examples FOLDER --faults FOLDER [--share N] [PROGRAM...]    --share N tries one case in N
"""
import argparse
import collections
import re

import programs

ALWAYS = 1000000000
# What these do without memory is their affair (HDF5 1.10 crashes, or leaves without a word): counted apart. No file
# may look finished even then.
FOREIGN = re.compile(r'lib(?!mflearn|c\.|m\.|pthread)|ld-linux')


def fail(judge, calls, share, outcomes):
    """Cases of one program; outcomes counts them by who asked and how the program ended."""
    program, bench = judge.program, judge.bench
    for case in range(share - 1, ALWAYS, share):
        at, count = 1 + case // 2, ALWAYS if case % 2 else 1
        directory = judge.prepare()
        status, said, log = bench.fault(program.command, directory, calls, AT=at, COUNT=count, HOW=12)
        words = log.split()
        if not words or words[0] == 'count':  # the program never asks so often
            judge.judge(directory, 'nothing fails', status, said, must_succeed=True)
            return
        judge.judge(directory, f'{" ".join(words[:3])} {at} x {count}', status, said, recovers=case % 7 == 0,
                    may_die=FOREIGN.match(words[1]) is not None)
        outcomes[words[1], programs.name_of(status)] += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--examples', required=True)
    parser.add_argument('--faults', required=True)
    parser.add_argument('--share', type=int, default=1)
    parser.add_argument('programs', nargs='*')
    arguments = parser.parse_args()
    bench = programs.Bench(arguments.examples, arguments.faults)
    outcomes, problems, cases = collections.Counter(), [], 0
    for program in programs.PROGRAMS:
        if arguments.programs and program.name not in arguments.programs:
            continue
        judge = programs.Judge(bench, program)
        fail(judge, 'memory', arguments.share, outcomes)
        fail(judge, 'thread', 1, outcomes)
        print(f'{program.name}: {judge.cases} cases, {len(judge.problems)} problems', flush=True)
        problems += judge.problems
        cases += judge.cases
    for problem in problems:
        print(problem)
    for (caller, status), count in sorted(outcomes.items()):
        print(f'{caller:32} status {status:8} {count:6} cases')
    print(f'{cases} cases, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    raise SystemExit(main())
