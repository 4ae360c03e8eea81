# SPDX-License-Identifier: BSD-3-Clause
"""The programs in examples/ffi print, to the last bit, the numbers that a C program computes; the guide's programs run.

examples.py LANGUAGE --reference PROGRAM --library FILE --include DIR... --work DIR
Skipped (77), with the reason, where the language is not installed.
"""
import re
import shutil
import subprocess
import sys

import languages

PROGRAMS = {'cpp': 'posterior.cpp', 'fortran': 'posterior.f90', 'lua': 'posterior.lua', 'node': 'posterior.js',
            'python': 'posterior.py'}
FENCES = {'cpp': 'cpp', 'fortran': 'fortran', 'lua': 'lua', 'node': 'js', 'python': 'python'}
ANSWER = '0.888988'  # the order parameter that every program in the guide prints


def numbers(text):
    return [(line.split()[0], float(line.split()[1]).hex()) for line in text.splitlines()]


def agrees(arguments):
    """Does the example print the numbers of the C program?"""
    expected = numbers(subprocess.run([arguments.reference], check=True, text=True, stdout=subprocess.PIPE).stdout)
    found = numbers(languages.output(arguments, languages.examples / arguments.language / PROGRAMS[arguments.language]))
    for left, right in zip(expected, found):
        if left != right:
            print(f'C has {left}, {arguments.language} {right}')
    print(f'{len(expected)} numbers expected, {len(found)} found')
    return expected == found != []


def guide_runs(arguments):
    """Do the guide's blocks run, in a copy of the example's folder, as one program?"""
    guide = (languages.top / 'doc' / 'languages.md').read_text()
    blocks = re.findall(rf'^```{FENCES[arguments.language]}\n(.*?)^```$', guide, re.S | re.M)
    folder = arguments.work / 'guide'
    shutil.copytree(languages.examples / arguments.language, folder, dirs_exist_ok=True)
    program = (folder / PROGRAMS[arguments.language]).with_stem('guide')
    program.write_text('\n'.join(blocks))
    printed = languages.output(arguments, program, cwd=folder)
    print(f'{len(blocks)} blocks of doc/languages.md print:\n{printed}')
    return ANSWER in printed


def main():
    arguments = languages.parse()
    try:
        return 0 if agrees(arguments) and guide_runs(arguments) else 1
    except languages.Skip as reason:
        print(reason)
        return 77


if __name__ == '__main__':
    sys.exit(main())
