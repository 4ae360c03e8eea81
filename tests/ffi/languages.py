# SPDX-License-Identifier: BSD-3-Clause
"""How a program in each language is made to run with the library that was built."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

top = pathlib.Path(__file__).resolve().parents[2]
examples = top / 'examples' / 'ffi'


class Skip(Exception):
    """The language, or what it needs, is not here."""


def need(*names):
    for name in names:
        if shutil.which(name):
            return name
    raise Skip(f'{" or ".join(names)} is not installed')


def _compiled(arguments, compiler, *given):
    program = arguments.work / f'{given[-1].stem}.out'
    subprocess.run([compiler, '-Wall', '-Wextra', '-Werror', *map(str, given), '-o', str(program),
                    str(arguments.library), f'-Wl,-rpath,{arguments.library.parent}',
                    *(f'-I{directory}' for directory in arguments.include)], check=True)
    return [program]


def cpp(arguments, program):
    return _compiled(arguments, need('g++', 'clang++', 'c++'), '-std=c++17', '-Wpedantic', program)


def fortran(arguments, program):
    return _compiled(arguments, need('gfortran'), '-std=f2018', f'-J{arguments.work}', program.parent / 'mflearn.f90',
                     program)


def lua(_, program):
    return [need('luajit'), program]


def node(arguments, program):
    """With koffi from npm, installed once into the build directory."""
    interpreter, npm = need('node', 'nodejs'), need('npm')
    shutil.copy(examples / 'node' / 'package.json', arguments.work)
    if not (arguments.work / 'node_modules' / 'koffi').exists():
        fetched = subprocess.run([npm, 'install', '--no-audit', '--no-fund', '--fetch-retries=0',
                                  '--fetch-timeout=60000', '--prefix', str(arguments.work)],
                                 capture_output=True, text=True)
        if fetched.returncode:
            raise Skip('npm could not install koffi; is its registry reachable?\n' + fetched.stderr)
    os.environ['NODE_PATH'] = str(arguments.work / 'node_modules')
    return [interpreter, program]


def python(_, program):
    os.environ.update(PYTHONPATH=str(top / 'python'), PYTHONDONTWRITEBYTECODE='1', MPLBACKEND='Agg')
    return [sys.executable, program]


LANGUAGES = {function.__name__: function for function in (cpp, fortran, lua, node, python)}


def _absolute(path):
    return pathlib.Path(path).absolute()


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument('language', choices=LANGUAGES)
    parser.add_argument('--reference', type=os.path.abspath, required=True, help='the program in C')
    parser.add_argument('--library', type=_absolute, required=True)
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--work', type=_absolute, required=True)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    os.environ['MFLEARN_LIBRARY'] = str(arguments.library)
    return arguments


def output(arguments, program, **options):
    """What a program in the language of the arguments prints."""
    command = LANGUAGES[arguments.language](arguments, program)
    return subprocess.run(list(map(str, command)), check=True, text=True, stdout=subprocess.PIPE, **options).stdout
