# SPDX-License-Identifier: BSD-3-Clause
"""Count the tests in the logs that meson left in build directories; the last line is "N passed, N failed, N skipped".

summary.py STATUS BUILD...    STATUS: the exit status of the run; not 0 without a failed test counts as one failure
A program of the Check framework, unittest or pytest counts with the tests in it, every other one as one test.
"""
import json
import pathlib
import re
import sys


def count(entry):
    """Passed, failed, skipped of one test program."""
    output = entry.get('stdout', '') + entry.get('stderr', '')
    check = re.findall(r'^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)', output, re.M)
    unittest = re.search(r'^Ran (\d+) tests? in', output, re.M)
    pytest = re.search(r'^(?:=+ )?((?:\d+ [a-z]+,? )+)in [\d.]+s', output, re.M)
    if entry['result'] == 'SKIP':
        return 0, 0, 1
    if check:
        total, failed = sum(int(row[0]) for row in check), sum(int(row[1]) + int(row[2]) for row in check)
    elif unittest:
        total = int(unittest[1])
        failed = sum(int(number) for number in re.findall(r'(?:failures|errors)=(\d+)', output))
    elif pytest:
        told = {word: int(number) for number, word in re.findall(r'(\d+) ([a-z]+)', pytest[1])}
        failed = told.get('failed', 0) + told.get('error', 0) + told.get('errors', 0)
        return told.get('passed', 0), max(failed, int(entry['result'] != 'OK')), told.get('skipped', 0)
    else:
        total, failed = 1, 0
    if entry['result'] not in ('OK', 'EXPECTEDFAIL'):
        failed = max(failed, 1)
    total = max(total, failed)
    return total - failed, failed, 0


def main():
    status, builds = int(sys.argv[1]), sys.argv[2:]
    sums = [0, 0, 0]
    print()
    for build in builds:
        log = pathlib.Path(build, 'meson-logs', 'testlog.json')
        entries = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        counts = [count(entry) for entry in entries]
        passed, failed, skipped = (sum(row[i] for row in counts) for i in range(3))
        print(f'{build}: {len(entries)} programs, {passed} passed, {failed} failed, {skipped} skipped')
        sums = [total + part for total, part in zip(sums, (passed, failed, skipped))]
    if status and not sums[1]:
        sums[1] = 1
    print('{} passed, {} failed, {} skipped'.format(*sums))


if __name__ == '__main__':
    main()
