# SPDX-License-Identifier: BSD-3-Clause
"""Every public header compiles alone, and twice, as C11 and as C++17, without warnings.

headers.py --include DIR... --c 'CC' [--cxx 'CXX']
"""
import argparse
import subprocess
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'scripts'))
import declarations  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--c', required=True)
    parser.add_argument('--cxx')
    arguments = parser.parse_args()
    languages = [(arguments.c, 'c', 'c11')] + ([(arguments.cxx, 'c++', 'c++17')] if arguments.cxx else [])
    failures = count = 0
    for header in declarations.public_headers(arguments.include):
        for compiler, language, standard in languages:
            result = subprocess.run(
                [*compiler.split(), '-fsyntax-only', f'-std={standard}', '-Wall', '-Wextra', '-Wpedantic', '-Werror',
                 *(f'-I{directory}' for directory in arguments.include), f'-x{language}', '-'],
                input=f'#include <mflearn/{header.name}>\n' * 2, text=True)
            count += 1
            if result.returncode:
                failures += 1
                print(f'{header.name} does not compile alone as {standard}')
    print(f'{count - failures} of {count} compilations passed')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
