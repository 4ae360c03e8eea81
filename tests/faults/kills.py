#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Programs are killed at random moments, over and over, and go on from what they left, until they are done: then
their files and numbers must be those of a run that was left alone, and at every kill every file with a final name
must be so already.

kills.py --examples FOLDER --faults FOLDER [--kills N] [--seed SEED] [--mpirun PATH] [PROGRAM...]
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

import programs
from programs import Program

CHAINS = ['sample_posterior', '--dim', '6', '--width', '32', '--samples', '40', '--chains', '2', '--every', '0',
          '--out', 'out']
KEPT = ('checkpoint', 'checkpoint.traces')
SWEEP = ['sweep', '--grid', 'large', '--out', 'out']


def chains(method, threads, traces, draws):
    return Program(f'sample_posterior {method}, {threads} threads, {traces}',
                   [*CHAINS, '--method', method, '--threads', str(threads), '--draws', str(draws),
                    '--burn-in', '100', '--traces', f'out/traces.{traces}'], resumed=('--resume',), kept=KEPT)


PROGRAMS = [
    chains('hmc', 1, 'nc', 400), chains('hmc', 2, 'npy', 400), chains('baoab', 1, 'npy', 400),
    chains('baoab', 2, 'nc', 400), chains('mala', 2, 'nc', 1000), chains('sgld', 1, 'nc', 1000),
    Program('solver of a training set, 1 thread', ['writers', 'solve', 'out', '1'], kept=('theory',),
            reader=['writers', 'solve', 'out', '1']),
    Program('solver of a training set, 2 threads', ['writers', 'solve', 'out', '2'], kept=('theory',),
            reader=['writers', 'solve', 'out', '1']),
    Program('sweep, 1 thread', [*SWEEP, '--threads', '1'], kept=('journal',)),
    Program('sweep, 2 threads', [*SWEEP, '--threads', '2'], kept=('journal',)),
    Program('phase_diagram', ['phase_diagram', '--dim', '4', '--degree', '2', '--samples', '10:40:4',
                              '--kappa', '0.3:1:6', '--width', '8', '--threads', '1', '--tolerance', '1e-2',
                              '--out', 'out']),
]
RANKS = Program('sweep, 2 ranks', SWEEP, kept=('journal',))


def descendants(parent):
    """The processes below one."""
    parents = {}
    for entry in pathlib.Path('/proc').iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / 'stat').read_text().rsplit(')', 1)[1].split()[1])
            except OSError:  # it has ended
                continue
    found = [parent]
    for process in found:
        found += [child for child, its in parents.items() if its == process]
    return found[1:]


def is_alive(process):
    try:
        return pathlib.Path(f'/proc/{process}/stat').read_text().rsplit(')', 1)[1].split()[0] != 'Z'
    except OSError:
        return False


class Killer:
    """Runs of one program, each killed after a random time."""

    def __init__(self, bench, program, dice, launcher=()):
        self.bench, self.program, self.dice, self.launcher = bench, program, dice, list(launcher)
        began = time.monotonic()
        self.judge = programs.Judge(bench, program)
        self.duration = 0.5 * (time.monotonic() - began)
        self.kills, self.within_writes, self.finished = 0, 0, 0

    def start_and_kill(self, directory, patience):
        """(exit status, standard error), the status None if it was killed."""
        resumed = self.program.resumed if (directory / 'out' / 'checkpoint').exists() else ()
        command = [*self.launcher, *self.bench.command(self.program.command), *resumed]
        environment = {**self.bench.environment, 'TMPDIR': str(directory)}
        if self.launcher:
            environment |= {'PATH': os.environ['PATH'], 'OMPI_ALLOW_RUN_AS_ROOT': '1',
                            'OMPI_ALLOW_RUN_AS_ROOT_CONFIRM': '1'}
        with subprocess.Popen(command, cwd=directory, env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE) as process:
            try:
                said = process.communicate(timeout=self.dice.uniform(0.0, self.duration) * patience)[1]
                return process.returncode, said.decode(errors='replace')
            except subprocess.TimeoutExpired:
                self.kill(process.pid)
                process.communicate()
        return (None, '') if process.returncode != 0 else (0, '')

    def kill(self, process):
        victims = [*descendants(process), process]
        self.dice.shuffle(victims)
        for victim in victims:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        while any(is_alive(victim) for victim in victims if victim != process):
            time.sleep(0.001)

    def look(self, directory, case):
        """What has a final name is what it shall be in the end."""
        for name, data in programs.contents(directory, self.program.kept).items():
            if data != self.judge.new.get(name):
                self.judge.complain(case, f'{name} looks finished and is not')
        self.within_writes += any(path.name.startswith('.mflearn-') or path.name.endswith('.partial')
                                  for path in (directory / 'out').iterdir())

    def run_to_the_end(self, most):
        """One run, killed at most so often."""
        directory, patience = self.judge.prepare(), 1.0
        while most > 0:
            status, said = self.start_and_kill(directory, patience)
            case = f'kill {self.kills + 1}'
            if status is None:
                self.kills, most, patience = self.kills + 1, most - 1, 1.05 * patience
                self.look(directory, case)
            elif status == 0:
                break
            else:
                self.judge.complain(case, f'cannot go on: status {status}, {said[-300:]}')
                break
        self.judge.recover(directory, f'after {self.kills} kills')
        shutil.rmtree(directory)
        self.finished += 1

    def run(self, kills):
        while self.kills < kills and not self.judge.problems:
            self.run_to_the_end(min(12, kills - self.kills))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--examples', required=True)
    parser.add_argument('--faults', required=True)
    parser.add_argument('--kills', type=int, default=240)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--mpirun')
    parser.add_argument('programs', nargs='*')
    arguments = parser.parse_args()
    bench = programs.Bench(arguments.examples, arguments.faults)
    dice = random.Random(arguments.seed)
    chosen = [program for program in PROGRAMS + ([RANKS] if arguments.mpirun else [])
              if not arguments.programs or program.name in arguments.programs]
    total, problems = 0, []
    for i, program in enumerate(chosen):
        launcher = [arguments.mpirun, '--oversubscribe', '-n', '2'] if program is RANKS else ()
        killer = Killer(bench, program, dice, launcher)
        killer.run((arguments.kills - total + len(chosen) - i - 1) // (len(chosen) - i))
        print(f'{program.name}: {killer.kills} kills in {killer.finished} runs, {killer.within_writes} with a file '
              f'half written, {len(killer.judge.problems)} problems', flush=True)
        total += killer.kills
        problems += killer.judge.problems
    for problem in problems:
        print(problem)
    print(f'{total} kills, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    raise SystemExit(main())
