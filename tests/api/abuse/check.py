#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Abuse every public function, and compare the statuses with those that are pinned.

check.py --program ABUSE --statuses FILE --work DIR [--update] [--sentences] [FUNCTION...]

The file has a line for each function, argument and status, with all values of the argument that give it; --update
writes it, --sentences prints every case with its sentence.
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

# Their valid call fails: the path of the test has no fold and no transition.
NOTHING_TO_FIND = {'mfl_path_fold', 'mfl_path_fold_get', 'mfl_path_transition', 'mfl_path_critical'}
TIMEOUT = 600  # of one function, on a slow machine with sanitizers


def abuse(program, function, work):
    """(cases, problems) of one function, in a process of its own."""
    directory = work / function
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    try:
        done = subprocess.run([program, function], cwd=directory, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as late:
        return [], [f'{function} hangs: {(late.stdout or b"")[-200:]}']
    cases, problems = [], []
    text = done.stdout.decode(errors='replace')
    for line in text.splitlines():
        fields = line.split('\t')
        if 'PROBLEM' in line or len(fields) != 5:
            problems.append(f'{function}: {line}')
        if len(fields) == 5:
            cases.append((*fields[:3], fields[3].split()[-1], fields[4]))
    if done.returncode or done.stderr:  # the library prints nothing; sanitizers do
        problems.append(f'{function} ends with {done.returncode}: ' + done.stderr.decode(errors='replace')[-3000:])
    return cases, problems


def table(cases):
    """The lines of the file of statuses."""
    grouped = collections.defaultdict(list)
    for function, argument, value, status, _ in cases:
        grouped[function, argument, status].append(value)
    return [f'{function} {argument} {status}: {", ".join(values)}'
            for (function, argument, status), values in grouped.items()]


def valid_calls(cases):
    """(functions that this build lacks, problems): every function is called with valid arguments, too."""
    statuses = {case[0]: case[3] for case in cases if case[1:3] == ('-', 'here')}
    absent = {function for function, status in statuses.items() if status == 'MFL_ERROR_UNSUPPORTED'}
    return absent, [f'{function}: the valid call of write.py gives {status}' for function, status in statuses.items()
                    if status not in ('MFL_OK', 'returned') and function not in absent | NOTHING_TO_FIND]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--program', required=True)
    parser.add_argument('--statuses', type=pathlib.Path, required=True)
    parser.add_argument('--work', type=pathlib.Path, required=True)
    parser.add_argument('--update', action='store_true')
    parser.add_argument('--sentences', action='store_true')
    parser.add_argument('functions', nargs='*')
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    listed = subprocess.run([program, '--list'], capture_output=True, text=True, check=True).stdout.split()
    functions = arguments.functions or listed
    work = arguments.work.resolve()
    cases, problems = [], []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found, wrong in pool.map(lambda function: abuse(program, function, work), functions):
            cases += found
            problems += wrong
    absent, wrong = valid_calls(cases)
    problems += wrong
    cases = [case for case in cases if case[0] not in absent]
    if arguments.sentences:
        print('\n'.join('\t'.join(case) for case in cases))
    now = table(cases)
    if arguments.update:
        arguments.statuses.write_text('\n'.join(now) + '\n')
    else:
        pinned = [line for line in arguments.statuses.read_text().splitlines() if line.split(' ')[0] in {*functions} - absent]
        problems += [f'pinned: {line}' for line in pinned if line not in now]
        problems += [f'now:    {line}' for line in now if line not in pinned]
    print(f'{len(functions)} functions, {len(cases)} cases, {len(problems)} problems')
    print('\n'.join(problems))
    return bool(problems)


sys.exit(main())
