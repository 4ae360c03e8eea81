# SPDX-License-Identifier: BSD-3-Clause
"""Write what is generated from the headers for other languages, or check that it is up to date.

write.py --compiler CC --include DIR... [--check]
"""
import argparse
import pathlib
import re
import sys

top = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(top / 'scripts'))
import declarations  # noqa: E402
import fortran  # noqa: E402
import prototypes  # noqa: E402
import python  # noqa: E402

GENERATED = '_declarations.py', '_documentation.py', '_methods.py', 'enumerations.py', 'errors.py'


def files(found):
    """{path: text}"""
    package = top / 'python' / 'mflearn'
    modules = [module for module in sorted(package.glob('*.py')) if module.name not in GENERATED]
    inner = [module for module in modules if re.match('_[^_]', module.name)]
    by_hand = ''.join(module.read_text() for module in modules if module not in inner)
    build = (top / 'meson.build').read_text()
    version = tuple(map(int, re.search(r"version: '(\d+)\.(\d+)\.(\d+)'", build).groups()))
    soversion = int(re.search(r"mfl_soversion = '(\d+)'", build)[1])
    return {
        package / '_declarations.py': python.table(found, version, soversion),
        package / '_documentation.py': python.documentation(found, by_hand),
        package / '_methods.py': python.methods(found, by_hand, ''.join(module.read_text() for module in inner)),
        package / 'enumerations.py': python.enumerations(found),
        package / 'errors.py': python.exceptions(found),
        top / 'examples/ffi/fortran/mflearn.f90': fortran.module(found),
        top / 'examples/ffi/lua/mflearn.lua': prototypes.lua(found, soversion),
        top / 'examples/ffi/node/declarations.json': prototypes.node(found, soversion),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--compiler', required=True)
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--check', action='store_true')
    arguments = parser.parse_args()
    stale = 0
    for path, text in files(declarations.read(arguments.include, arguments.compiler)).items():
        if not path.exists() or path.read_text() != text:
            stale += 1
            if arguments.check:
                print(f'{path.relative_to(top)} is not what the headers give; run scripts/update-bindings')
            else:
                path.write_text(text)
    print(f'{stale} files {"are stale" if arguments.check else "written"}')
    return 1 if arguments.check and stale else 0


if __name__ == '__main__':
    sys.exit(main())
