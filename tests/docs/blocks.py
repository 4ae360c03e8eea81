# SPDX-License-Identifier: BSD-3-Clause
"""Compiles and runs the blocks of code on a page.

blocks.py PAGE --compiler COMMAND --library FILE --include DIR... --programs DIR --work DIR

Blocks of C that do not define main() are one program, in order, after TRY and a context; blocks of a function of file
scope come first. So are blocks of Python one program. Blocks of shell run one by one, in one folder. A block after
<!-- not run: REASON --> is counted only. Those of doc/languages.md in its languages are run by tests/ffi/examples.py.
"""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'scripts'))
import pages

PRELUDE = '''#include <math.h>
#include <mflearn/mflearn.h>
#include <stdio.h>
#define TRY(call) if ((call) != MFL_OK) { fprintf(stderr, "%s\\n", mfl_context_message(context)); return 1; }
'''
BEGIN = '''int main(void)
{
    mfl_context *context;
    if (mfl_context_create(&context) != MFL_OK)
        return 1;
'''


def whole(block):
    return re.search(r'^int main\(', block.text, re.M) is not None


def marked(page, block):
    return f'#line {block.line + 1} "{page.path.name}"\n{block.text}'


def programs_in_c(page, blocks):
    for block in filter(whole, blocks):
        yield marked(page, block)
    parts = [block for block in blocks if not whole(block)]
    if parts:
        outside = [block for block in parts if re.match(r'static .*\)\n', block.text)]
        inside = [block for block in parts if block not in outside]
        yield (PRELUDE + ''.join(marked(page, block) for block in outside) + BEGIN
               + ''.join(marked(page, block) for block in inside) + 'return 0;\n}\n')


def compile_and_run(arguments, source, name):
    file, program = arguments.work / f'{name}.c', arguments.work / name
    file.write_text(source)
    subprocess.run([*shlex.split(arguments.compiler), '-std=c11', '-Wall', '-Wextra', '-Wno-unused', '-Werror', str(file),
                    *(f'-I{directory}' for directory in arguments.include), str(arguments.library), '-lm',
                    f'-Wl,-rpath,{arguments.library.parent}', '-o', str(program)], check=True)
    run(arguments, [program])


def run(arguments, command):
    subprocess.run(command, cwd=arguments.work, env=arguments.environment, check=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument('page', type=pathlib.Path)
    parser.add_argument('--compiler', required=True)
    for option in '--library', '--programs', '--work':
        parser.add_argument(option, type=lambda path: pathlib.Path(path).absolute(), required=True)
    parser.add_argument('--include', nargs='+', required=True)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    for name in 'examples', 'python':
        (arguments.work / name).symlink_to(pages.top / name)
    arguments.environment = dict(
        os.environ, PATH=f"{arguments.programs}:{os.environ['PATH']}", MFLEARN_LIBRARY=str(arguments.library),
        PYTHONPATH=str(pages.top / 'python'), PYTHONDONTWRITEBYTECODE='1', MPLBACKEND='Agg')
    return arguments


def main():
    arguments = parse()
    page = pages.read(arguments.page)
    code = [block for block in page.blocks if block.language not in ('text', 'math')]
    elsewhere = [block for block in code if page.path.name == 'languages.md' and block.language != 'sh']
    code = [block for block in code if block not in elsewhere]
    if unknown := [block for block in code if block.language not in ('c', 'sh', 'python')]:
        raise SystemExit(f'{page.path}:{unknown[0].line}: blocks of "{unknown[0].language}" are not run here; '
                         'text is not code, everything else needs a way to be run')
    ready = [block for block in code if not block.excuse]
    for number, source in enumerate(programs_in_c(page, [block for block in ready if block.language == 'c'])):
        compile_and_run(arguments, source, f'program{number}')
    for block in ready:
        if block.language == 'sh':
            print(block.text, flush=True)
            run(arguments, ['bash', '-eu', '-c', block.text])
    if python := [block.text for block in ready if block.language == 'python']:
        run(arguments, [sys.executable, '-c', '\n'.join(python)])
    others = f', {len(elsewhere)} run by tests/ffi' if elsewhere else ''
    print(f'{page.path.name}: {len(ready)} of {len(code)} blocks ran{others}')
    for block in code:
        if block.excuse:
            print(f'{page.path.name}:{block.line}: not run: {block.excuse}')


main()
