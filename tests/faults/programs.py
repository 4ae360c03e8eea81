# SPDX-License-Identifier: BSD-3-Clause
"""The programs under fault: how each is called, what it leaves, and what must hold after whatever happened."""
import csv
import dataclasses
import io
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

MEMORY = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None  # no disk has to spin
TIMEOUT = 120  # of one run on a slow machine: beyond it, the program hangs
ROWS = [(i % 5 - 2, i * i % 7 - 3) for i in range(14)]
DATA = 'a,b,y\n' + ''.join(f'{a},{b},{a * b}\n' for a, b in ROWS)
GRID = 'dim 6\nwidth 8\nsamples 10,20\nmethod network,ridge,mf\ndraws 10\nburn-in 10\ntest 20\n'
LARGE = ('dim 8\nwidth 32\nsamples 20:80:3\ndataset 1,2\nmethod network,ridge,mf\ndraws 40\nburn-in 60\n'
         'test 100\n')
SAMPLE = ['sample_posterior', '--dim', '4', '--width', '8', '--samples', '10', '--draws', '20', '--chains', '2',
          '--burn-in', '20', '--out', 'out']
SOLVE = ['self_consistent', '--dim', '4', '--width', '16', '--tolerance', '1e-3', '--out', 'out']
RIDGE = ['kernel_ridge', '--data', 'data.csv', '--threads', '1', '--out', 'out']
CHAINS = ('checkpoint', 'checkpoint.traces')


@dataclasses.dataclass
class Program:
    """A program, called in an empty directory that has data.csv and the grid; it writes into out."""
    name: str
    command: list
    before: list = None  # leaves older files there
    resumed: tuple = ()  # options to go on with where there is a checkpoint
    kept: tuple = ()     # files whose bytes depend on how often it was interrupted, but not what becomes of them
    reader: list = None  # says what the files hold
    pictures: bool = False


PROGRAMS = [
    Program('sample_posterior', [*SAMPLE, '--threads', '1'], resumed=('--resume',), kept=CHAINS, pictures=True),
    Program('sample_posterior npy',
            [*SAMPLE, '--threads', '2', '--traces', 'out/traces.npy', '--method', 'baoab'],
            resumed=('--resume',), kept=CHAINS, pictures=True),
    Program('sweep', ['sweep', '--grid', 'grid', '--threads', '1', '--out', 'out'], kept=('journal',)),
    Program('self_consistent', [*SOLVE, '--samples', '20'], before=[*SOLVE, '--samples', '30']),
    Program('learning_curve',
            ['learning_curve', '--dim', '5', '--width', '8', '--samples', '8,16', '--seeds', '1', '--draws', '10',
             '--burn-in', '10', '--test', '20', '--threads', '1', '--out', 'out'], pictures=True),
    Program('kernel_ridge', [*RIDGE, '--folds', '3'], before=[*RIDGE, '--folds', '4'], pictures=True),
    Program('kernel_theory', ['kernel_theory', '--dim', '6', '--samples', '8,16', '--sets', '2', '--test', '20',
                              '--out', 'out'], pictures=True),
    Program('phase_diagram', ['phase_diagram', '--dim', '2', '--degree', '2', '--samples', '10,20',
                              '--kappa', '0.5,1', '--width', '8', '--threads', '1', '--tolerance', '1e-2',
                              '--out', 'out'], pictures=True),
    Program('feature_selection', ['feature_selection', '--data', 'data.csv', '--samples', '9', '--sweeps', '48',
                                  '--threads', '1', '--out', 'out'], pictures=True),
    Program('network file', ['writers', 'network', 'out', '1'], before=['writers', 'network', 'out', '2'],
            reader=['writers', 'check', 'out']),
    Program('checkpoint of chains', ['writers', 'chains', 'out', '1'], kept=CHAINS,
            reader=['writers', 'check', 'out']),
    Program('checkpoint of chains, again', ['writers', 'chains', 'out', '2'], kept=CHAINS,
            reader=['writers', 'check', 'out']),
    Program('checkpoint of a theory', ['writers', 'solve', 'out', '1'], kept=('theory',),
            reader=['writers', 'solve', 'out', '1']),
]


class Bench:
    """Where programs run: the folders of the build, and an environment without pictures and BLAS threads."""

    def __init__(self, examples, faults):
        self.examples, self.faults = pathlib.Path(examples).resolve(), pathlib.Path(faults).resolve()
        self.environment = {**os.environ, 'PATH': '/nowhere', 'OPENBLAS_NUM_THREADS': '1', 'OMP_NUM_THREADS': '1'}

    def command(self, words):
        folder = self.faults if words[0] == 'writers' else self.examples
        return [str(folder / words[0]), *words[1:]]

    def directory(self):
        made = pathlib.Path(tempfile.mkdtemp(prefix='mflearn-faults-', dir=MEMORY)).resolve()
        (made / 'data.csv').write_text(DATA)
        (made / 'grid').write_text(GRID)
        (made / 'large').write_text(LARGE)
        (made / 'out').mkdir()
        return made

    def run(self, words, directory, more=None, **options):
        """(exit status, standard error); more is for the environment."""
        try:
            done = subprocess.run(self.command(words), cwd=directory, env={**self.environment, **(more or {})},
                                  stdout=options.pop('stdout', subprocess.DEVNULL), stderr=subprocess.PIPE,
                                  timeout=TIMEOUT, check=False, **options)
        except subprocess.TimeoutExpired:
            return 'hangs', ''
        return done.returncode, done.stderr.decode(errors='replace')

    def fault(self, words, directory, calls, **settings):
        """(exit status, standard error, what the preloaded library says); settings are AT, HOW and so on."""
        log = directory / 'log'
        more = {'LD_PRELOAD': str(self.faults / 'libfaults.so'), 'FAULT_CALLS': calls, 'FAULT_LOG': str(log),
                **{'FAULT_' + key: str(value) for key, value in settings.items()}}
        if calls not in ('memory', 'thread'):
            more['FAULT_UNDER'] = str(directory / 'out')
        status, said = self.run(words, directory, more)
        return status, said, log.read_text() if log.exists() else ''


def without_times(text):
    """A table without its column of seconds."""
    rows = list(csv.reader(io.StringIO(text)))
    header = next((row for row in rows if 'seconds' in row), None)
    if header is None:
        return text
    column = header.index('seconds')
    return [[field for i, field in enumerate(row) if i != column] for row in rows]


def contents(directory, skipped=()):
    """What the files with final names hold; HDF5 tables of times by their size."""
    found = {}
    for path in sorted((directory / 'out').iterdir()):
        name = path.name
        if name in skipped or '.partial' in name or name.startswith('.mflearn-'):
            continue
        data = path.read_bytes()
        found[name] = (len(data) if name == 'sweep.h5' else
                       without_times(data.decode()) if name.endswith('.csv') else data)
    return found


class Judge:
    """Knows what a program leaves when nothing happens, and judges what it left when something did."""

    def __init__(self, bench, program):
        self.bench, self.program, self.problems, self.cases = bench, program, [], 0
        self.old, self.scratch = {}, []
        directory = self.prepare()
        if program.before:
            self.old = contents(directory)
        self.check_quiet(bench.run(program.command, directory), 'undisturbed')
        self.new = contents(directory)
        self.told = self.tell(directory)
        shutil.rmtree(directory)

    def prepare(self):
        """A directory for one case."""
        directory = self.bench.directory()
        if self.program.before:
            self.check_quiet(self.bench.run(self.program.before, directory), 'before')
        return directory

    def check_quiet(self, result, when):
        if result[0] != 0:
            raise SystemExit(f'{self.program.name}, {when}: status {result[0]}, {result[1]}')

    def tell(self, directory):
        if not self.program.reader:
            return None
        with open(directory / 'told', 'wb') as told:
            status, said = self.bench.run(self.program.reader, directory, stdout=told)
        return (status, said, (directory / 'told').read_bytes())

    def complain(self, case, sentence):
        self.problems.append(f'{self.program.name}, {case}: {sentence}')

    def judge(self, directory, case, status, said, must_succeed=False, may_die=False, recovers=True):
        """Checks one case, and clears it away."""
        self.cases += 1
        killed = isinstance(status, int) and status < 0
        if status == 0:
            if contents(directory) != {**self.new, **{n: contents(directory).get(n) for n in self.program.kept}}:
                self.complain(case, f'ends well with other files: {sorted(contents(directory))}')
        elif status == 'hangs' or (killed and not may_die):
            self.complain(case, f'status {status}: {said[-300:]}')
        elif must_succeed:
            self.complain(case, f'gives up: {said[-300:]}')
        elif not may_die and ': ' not in said:
            self.complain(case, f'status {status} without a sentence: "{said}"')
        for name, data in contents(directory, self.program.kept).items():
            if data not in (self.new.get(name), self.old.get(name)):
                self.complain(case, f'{name} looks finished and is not')
        if not killed and any(path.name.startswith('.mflearn-') for path in (directory / 'out').iterdir()):
            self.complain(case, 'a temporary file is left')
        if recovers and status != 0:
            self.recover(directory, case)
        shutil.rmtree(directory)

    def recover(self, directory, case):
        """The same command goes on, and what it leaves is what an undisturbed one does."""
        resumed = self.program.resumed if (directory / 'out' / 'checkpoint').exists() else ()
        status, said = self.bench.run([*self.program.command, *resumed], directory)
        if status != 0:
            self.complain(case, f'cannot go on: {said[-300:]}')
        elif contents(directory, self.program.kept) != {name: data for name, data in self.new.items()
                                                        if name not in self.program.kept}:
            self.complain(case, 'other files after going on')
        elif self.tell(directory) != self.told:
            self.complain(case, 'other numbers after going on')


def name_of(status):
    return signal.Signals(-status).name if isinstance(status, int) and status < 0 else str(status)
