# SPDX-License-Identifier: BSD-3-Clause
"""Reads the pages in doc/ and README.md: blocks of code, pictures, links, anchors."""
import dataclasses
import pathlib
import re

top = pathlib.Path(__file__).resolve().parents[1]

FENCE = re.compile(r'^```([a-z]*)$')
EXCUSE = re.compile(r'^<!-- not run: (.+) -->$')
INDENTED = re.compile(r'^    \S')


@dataclasses.dataclass
class Block:
    language: str
    line: int
    text: str
    excuse: str  # why it is not run; empty for a block that is


@dataclasses.dataclass
class Page:
    path: pathlib.Path
    blocks: list
    prose: str      # without blocks
    indented: list  # lines of indented blocks

    @property
    def pictures(self):
        return re.findall(r'!\[[^\]]*\]\(([^)]+)\)', self.prose)

    @property
    def links(self):
        return re.findall(r'(?<!!)\[[^\]]*\]\(([^)\s]+)\)', re.sub(r'`[^`]*`', '', self.prose))

    @property
    def anchors(self):
        return set(re.findall(r'\{#(\w+)\}', self.prose))


def read(path):
    blocks, prose, indented, inside, excuse = [], [], [], None, ''
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if inside and fence:
            blocks.append(inside)
            inside, excuse = None, ''
        elif inside:
            inside.text += line + '\n'
        elif fence:
            inside = Block(fence.group(1), number, '', excuse)
        else:
            found = EXCUSE.match(line)
            excuse = found.group(1) if found else ''
            if INDENTED.match(line) and not prose[-1].strip():
                indented.append(number)
            prose.append(line)
    if inside:
        raise ValueError(f'{path}:{inside.line}: a block without an end')
    return Page(path, blocks, '\n'.join(prose), indented)


def every():
    return [read(path) for path in [top / 'README.md', *sorted((top / 'doc').glob('*.md'))]]


def maker(picture, pages):
    """The block whose command leaves a picture: one of shell that says --out STEM, or writes STEM.svg itself."""
    stem = pathlib.Path(picture).stem
    wanted = re.compile(rf'--out {re.escape(stem)}(\s|$)|\b{re.escape(stem)}\.svg\b')
    return next((block for page in pages for block in page.blocks
                 if block.language == 'sh' and wanted.search(block.text)), None)
