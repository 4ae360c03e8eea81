#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every file operation of every program fails once in every way, and every program is killed at each of them.

files.py --examples FOLDER --faults FOLDER [--share N] [PROGRAM...]    --share N tries one case in N
"""
import argparse
import collections
import errno
import resource
import shutil
import signal

import programs

ALWAYS = 1000000
HARD = [('write', errno.ENOSPC, 1), ('write', errno.ENOSPC, ALWAYS), ('write', errno.EIO, 1),
        ('write', 'full', ALWAYS), ('open', errno.EROFS, ALWAYS), ('open', errno.EACCES, 1),
        ('open', errno.EMFILE, 1), ('sync', errno.EIO, 1), ('sync', errno.ENOSPC, ALWAYS), ('cut', errno.EIO, 1),
        ('close', errno.EIO, 1), ('rename', errno.EROFS, ALWAYS), ('rename', errno.EIO, 1),
        ('mkdir', errno.ENOSPC, 1)]
SOFT = [('write', errno.EINTR, 1), ('write', errno.EINTR, 3), ('write', 'short', 1), ('write', 'short', ALWAYS),
        ('open', errno.EINTR, 3), ('sync', errno.EINTR, 3), ('cut', errno.EINTR, 3), ('close', errno.EINTR, 1)]
HALF_A_PICTURE = '''#!/bin/sh
name=$(sed -n "s/^set output '\\(.*\\)'$/\\1/p")
printf '<svg><path d="M0' >"$name"
'''
ALL = 'open,write,sync,cut,close,rename'


class Session:
    """The cases of all programs, of which one in `share` is tried."""

    def __init__(self, bench, share):
        self.bench, self.share, self.turn, self.counts = bench, share, 0, collections.Counter()

    def skips(self):
        self.turn += 1
        return self.turn % self.share != 0

    def count(self, judge, calls):
        directory = judge.prepare()
        log = self.bench.fault(judge.program.command, directory, calls, AT=0)[2]
        shutil.rmtree(directory)
        return int(log.split()[-1])

    def fail(self, judge):
        operations = {call: self.count(judge, call) for call in ALL.split(',') + ['mkdir']}
        for faults, soft in ((HARD, False), (SOFT, True)):
            for call, how, count in faults:
                for at in range(1, operations[call] + 1):
                    if self.skips():
                        continue
                    directory = judge.prepare()
                    status, said, log = self.bench.fault(judge.program.command, directory, call, AT=at,
                                                         HOW=how, COUNT=count)
                    name = how if isinstance(how, str) else errno.errorcode[how]
                    judge.judge(directory, f'{name} x {count} at {call} {at}: {log}', status, said,
                                must_succeed=soft)
                    self.counts['interrupted or short' if soft else 'failing'] += 1

    def kill(self, judge):
        for at in range(1, self.count(judge, ALL) + 1):
            if self.skips():
                continue
            directory = judge.prepare()
            status, said, _ = self.bench.fault(judge.program.command, directory, ALL, KILL=at)
            judge.judge(directory, f'killed at operation {at}', status, said, may_die=True)
            self.counts['kills at an operation'] += 1

    def kill_after_failure(self, judge):
        """A failed operation, after which the program tries again and is killed at a later one."""
        operations = self.count(judge, ALL)
        for at in range(1, operations + 1):
            for kill in range(at + 1, operations + 12):
                if self.skips():
                    continue
                directory = judge.prepare()
                status, said, _ = self.bench.fault(judge.program.command, directory, ALL, AT=at,
                                                   HOW=errno.EIO, KILL=kill)
                judge.judge(directory, f'EIO at operation {at} and killed at {kill}', status, said,
                            may_die=True)
                self.counts['kills after a failure'] += 1

    def limit(self, judge):
        """Files that may not grow beyond some bytes: with the signal ignored an error, without it the end."""
        for size in (0, 100, 1000, 4096, 20000):
            for ignored in (True, False):
                if self.skips():
                    continue
                directory = judge.prepare()

                def restrict(size=size, ignored=ignored):
                    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
                    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN if ignored else signal.SIG_DFL)
                status, said = self.bench.run(judge.program.command, directory, preexec_fn=restrict)
                judge.judge(directory, f'files of at most {size} bytes', status, said, may_die=not ignored)
                self.counts['limits of size'] += 1

    def full_output(self, judge):
        """/dev/full as standard output: a status and a sentence; and --help, too."""
        for words in (judge.program.command, [judge.program.command[0], '--help']):
            directory = judge.prepare()
            with open('/dev/full', 'wb') as full:
                status, said = self.bench.run(words, directory, stdout=full)
            if status != 1 or 'standard output' not in said:
                judge.complain('a full standard output', f'status {status}: {said}')
            shutil.rmtree(directory)
            self.counts['full outputs'] += 1


    def cut_picture(self, judge):
        """gnuplot ends well on a full disk, having drawn half a picture: there is none, and a sentence."""
        directory = judge.prepare()
        gnuplot = directory / 'gnuplot'
        gnuplot.write_text(HALF_A_PICTURE)
        gnuplot.chmod(0o755)
        status, said = self.bench.run(judge.program.command, directory, {'PATH': f'{directory}:/usr/bin:/bin'})
        drawn = [path.name for path in (directory / 'out').iterdir() if '.svg' in path.name]
        if status != 0 or 'No picture' not in said or drawn:
            judge.complain('half a picture', f'status {status}: {said}')
        shutil.rmtree(directory)
        self.counts['cut pictures'] += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--examples', required=True)
    parser.add_argument('--faults', required=True)
    parser.add_argument('--share', type=int, default=1)
    parser.add_argument('programs', nargs='*')
    arguments = parser.parse_args()
    session = Session(programs.Bench(arguments.examples, arguments.faults), arguments.share)
    problems = []
    for program in programs.PROGRAMS:
        if arguments.programs and program.name not in arguments.programs:
            continue
        judge = programs.Judge(session.bench, program)
        session.fail(judge)
        session.kill(judge)
        session.limit(judge)
        if program.name == 'checkpoint of chains, again':
            session.kill_after_failure(judge)
        if not program.reader:
            session.full_output(judge)
        if program.pictures:
            session.cut_picture(judge)
        print(f'{program.name}: {judge.cases} cases, {len(judge.problems)} problems', flush=True)
        problems += judge.problems
    for problem in problems:
        print(problem)
    print(f'{sum(session.counts.values())} cases:',
          ', '.join(f'{count} {what}' for what, count in session.counts.items()))
    print(f'{len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    raise SystemExit(main())
