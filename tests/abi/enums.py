# SPDX-License-Identifier: BSD-3-Clause
"""Values of public enumerations never change: compare the headers with a committed list.

enums.py --compiler CC --include DIR... --snapshot FILE [--update]
An enumerator that was removed or has another value is a failure; new ones are named and pass.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'scripts'))
import declarations  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--compiler', required=True)
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--snapshot', type=pathlib.Path, required=True)
    parser.add_argument('--update', action='store_true')
    arguments = parser.parse_args()
    found = declarations.read(arguments.include, arguments.compiler)
    now = {f'{tag} {name}': value for tag, values in found.enums.items() for name, value in values.items()}
    if arguments.update:
        rows = sorted(now.items(), key=lambda row: (row[0].split()[0], row[1]))
        arguments.snapshot.write_text(''.join(f'{name} {value}\n' for name, value in rows))
        return 0
    then = dict(line.rsplit(' ', 1) for line in arguments.snapshot.read_text().splitlines())
    changed = [name for name, value in then.items() if str(now.get(name)) != value]
    for name in changed:
        print(f'{name} was {then[name]} and is {now.get(name, "gone")}')
    for name in now.keys() - then.keys():
        print(f'new: {name} = {now[name]}; scripts/update-abi pins it')
    print(f'{len(then) - len(changed)} of {len(then)} pinned values kept')
    return 1 if changed or not then else 0


if __name__ == '__main__':
    sys.exit(main())
