# SPDX-License-Identifier: BSD-3-Clause
"""The programs in examples/ffi print, to the last bit, the numbers that a C program computes.

examples.py LANGUAGE --reference PROGRAM --library FILE --include DIR... --work DIR
Skipped (77), with the reason, where the language is not installed.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

top = pathlib.Path(__file__).resolve().parents[2]
examples = top / 'examples' / 'ffi'


class Skip(Exception):
    pass


def need(*names):
    for name in names:
        if shutil.which(name):
            return name
    raise Skip(f'{" or ".join(names)} is not installed')


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, text=True, **options)


def linked(arguments):
    """How a compiler is told of the library."""
    return ['-o', arguments.work / arguments.language, arguments.library,
            f'-Wl,-rpath,{arguments.library.parent}', *(f'-I{directory}' for directory in arguments.include)]


def cpp(arguments):
    run(need('g++', 'clang++', 'c++'), '-std=c++17', '-Wall', '-Wextra', '-Wpedantic', '-Werror',
        examples / 'cpp' / 'posterior.cpp', *linked(arguments))
    return [arguments.work / 'cpp']


def fortran(arguments):
    run(need('gfortran'), '-std=f2018', '-Wall', '-Wextra', '-Werror', f'-J{arguments.work}',
        examples / 'fortran' / 'mflearn.f90', examples / 'fortran' / 'posterior.f90', *linked(arguments))
    return [arguments.work / 'fortran']


def lua(arguments):
    return [need('luajit'), examples / 'lua' / 'posterior.lua']


def node(arguments):
    """With koffi from npm, installed once into the build directory."""
    node_program, npm = need('node', 'nodejs'), need('npm')
    shutil.copy(examples / 'node' / 'package.json', arguments.work)
    if not (arguments.work / 'node_modules' / 'koffi').exists():
        fetched = subprocess.run([npm, 'install', '--no-audit', '--no-fund', '--prefix', str(arguments.work)],
                                 capture_output=True, text=True, timeout=200)
        if fetched.returncode:
            raise Skip('npm could not install koffi; is its registry reachable?\n' + fetched.stderr)
    os.environ['NODE_PATH'] = str(arguments.work / 'node_modules')
    return [node_program, examples / 'node' / 'posterior.js']


def python(arguments):
    os.environ['PYTHONPATH'] = str(top / 'python')
    return [sys.executable, examples / 'python' / 'posterior.py']


LANGUAGES = {function.__name__: function for function in (cpp, fortran, lua, node, python)}


def numbers(command):
    rows = [line.split() for line in run(*command, stdout=subprocess.PIPE).stdout.splitlines()]
    return [(name, float(value).hex()) for name, value in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('language', choices=LANGUAGES)
    parser.add_argument('--reference', required=True)
    parser.add_argument('--library', type=pathlib.Path, required=True)
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--work', type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    os.environ['MFLEARN_LIBRARY'] = str(arguments.library)
    try:
        command = LANGUAGES[arguments.language](arguments)
    except Skip as reason:
        print(reason)
        return 77
    expected, found = numbers([arguments.reference]), numbers(command)
    for (name, value), (other_name, other) in zip(expected, found):
        if (name, value) != (other_name, other):
            print(f'{name} is {value} in C; {arguments.language} has {other_name} {other}')
    print(f'{len(expected)} numbers expected, {len(found)} found')
    return expected != found or not expected


if __name__ == '__main__':
    sys.exit(main())
