# SPDX-License-Identifier: BSD-3-Clause
"""The pages among themselves: links, anchors and pictures that exist, code in blocks that say their language.

pages_test.py PAGE...    the pages whose blocks are run
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'scripts'))
import pages

FORMULAS = ('theory.md', 'ridge.md')  # indented blocks in these are formulas


def link_problem(page, link, anchors):
    if re.match(r'https?://', link):
        return None
    if link.startswith('@ref '):
        return None  # Doxygen's to check
    target, _, anchor = link.partition('#')
    file = (page.path.parent / target).resolve() if target else page.path
    if not file.exists():
        return f'links to {link}, which is not there'
    if anchor and anchor not in anchors.get(file, ()):
        return f'links to {link}, which has no such anchor'
    return None


def problems(page, every, run):
    anchors = {other.path: other.anchors for other in every}
    for link in page.links:
        if problem := link_problem(page, link, anchors):
            yield problem
    for picture in page.pictures:
        if not (page.path.parent / picture).exists():
            yield f'shows {picture}, which is not there'
        elif not pages.maker(picture, every):
            yield f'shows {picture}, which no command on any page makes'
    for block in page.blocks:
        if not block.language:
            yield f'line {block.line}: a block without a language'
    if page.path.name not in FORMULAS:
        yield from (f'line {line}: an indented block; begin it with ``` and its language' for line in page.indented)
    if any(block.language not in ('text', 'math') for block in page.blocks) and page.path.name not in run:
        yield 'has blocks of code that no test runs'


def main(*run):
    every = pages.every()
    found = [f'{page.path.name} {problem}' for page in every for problem in problems(page, every, run)]
    print('\n'.join(found) or f'{len(every)} pages, {sum(len(page.links) for page in every)} links, '
          f'{sum(len(page.pictures) for page in every)} pictures')
    return 1 if found else 0


sys.exit(main(*run)) if (run := sys.argv[1:]) else sys.exit('which pages are run?')
