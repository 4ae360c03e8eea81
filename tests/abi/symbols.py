# SPDX-License-Identifier: BSD-3-Clause
"""Headers, version script and shared library name the same functions, with types that every language can pass.

symbols.py --compiler CC --include DIR... --map FILE [--library FILE]   check
symbols.py --compiler CC --include DIR... --map FILE --update           write the version script
"""
import argparse
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'scripts'))
import declarations  # noqa: E402


def map_text(functions):
    lines = ''.join(f'    {name};\n' for name in sorted(functions))
    return f'MFLEARN_1 {{\nglobal:\n{lines}local:\n    *;\n}};\n'


def exported(library):
    rows = subprocess.run(['nm', '-D', '--defined-only', '--no-demangle', library],
                          capture_output=True, text=True, check=True).stdout.split('\n')
    names = {row.split()[2].split('@')[0]: row.split()[1] for row in rows if len(row.split()) == 3}
    names.pop('MFLEARN_1', None)
    return names


def differences(left_name, left, right_name, right):
    for name in sorted(left - right):
        yield f'{name} is in {left_name} and not in {right_name}'
    for name in sorted(right - left):
        yield f'{name} is in {right_name} and not in {left_name}'


def check(found, arguments):
    functions = set(found.functions)
    text = arguments.map.read_text()
    listed = re.findall(r'^    (mfl_\w+);', text, re.M)
    yield from differences('the headers', functions, arguments.map.name, set(listed))
    if text != map_text(listed):
        yield f'{arguments.map.name} is not in the form that scripts/update-map writes'
    if arguments.library:
        symbols = exported(arguments.library)
        yield from differences('the headers', functions, pathlib.Path(arguments.library).name, set(symbols))
        for name, kind in symbols.items():
            if kind != 'T':
                yield f'{name} is exported and no function (nm says {kind})'
    yield from found.unsuitable()
    whole = next(header for header in declarations.public_headers(arguments.include) if header.name == 'mflearn.h')
    for header in declarations.public_headers(arguments.include):
        if header != whole and f'#include <mflearn/{header.name}>' not in whole.read_text():
            yield f'mflearn.h does not include {header.name}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--compiler', required=True)
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--map', type=pathlib.Path, required=True)
    parser.add_argument('--library')
    parser.add_argument('--update', action='store_true')
    arguments = parser.parse_args()
    found = declarations.read(arguments.include, arguments.compiler)
    if arguments.update:
        arguments.map.write_text(map_text(found.functions))
        return 0
    problems = list(check(found, arguments))
    print('\n'.join(problems) or f'{len(found.functions)} functions agree')
    if problems:
        print('Run scripts/update-map after adding a function to a header.')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
