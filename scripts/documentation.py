# SPDX-License-Identifier: BSD-3-Clause
"""The documentation comments of a header, found by the line of what they document."""
import re
from dataclasses import dataclass, field

TAG = re.compile(r'@(brief|param(?:\[out\])?|return|since)\s')


@dataclass
class Documentation:
    brief: str = ''
    body: str = ''                                  # paragraphs separated by empty lines
    parameters: dict = field(default_factory=dict)  # name -> text
    outputs: set = field(default_factory=set)       # names of the parameters that are results
    returns: str = ''


def _plain(comment):
    """The text of a comment without its frame of asterisks."""
    lines = [re.sub(r'^\s*\* ?', '', line).rstrip() for line in comment.strip().split('\n')]
    return '\n'.join(lines).strip()


def flow(text):
    """One line."""
    return ' '.join(text.split())


def parse(comment):
    found = Documentation()
    pieces = TAG.split(_plain(comment))
    brief, _, body = pieces[0].strip().partition('\n\n')
    found.brief, found.body = flow(brief), body.strip()
    for tag, text in zip(pieces[1::2], pieces[2::2]):
        if tag == 'brief':
            brief, _, body = text.strip().partition('\n\n')
            found.brief, found.body = flow(brief), body.strip()
        elif tag == 'return':
            found.returns = flow(text)
        elif tag.startswith('param'):
            name, _, text = text.strip().partition(' ')
            found.parameters[name] = flow(text)
            if tag.endswith('[out]'):
                found.outputs.add(name)
    return found


class Comments:
    """The documentation comments of one file."""

    def __init__(self, text):
        self.text = text
        self.lines = [0, *(match.end() for match in re.finditer('\n', text))]
        self.blocks = [(match.start(), match.end(), match[1])
                       for match in re.finditer(r'/\*\*(?!<)(.*?)\*/', text, re.S)]

    def before(self, line):
        """Of what is declared on a line: the block above it, with no other declaration between."""
        place = self.lines[line - 1]
        above = [block for block in self.blocks if block[1] <= place]
        if not above or re.search(r'[;{}=]', re.sub(r'/\*.*?\*/', '', self.text[above[-1][1]:place], flags=re.S)):
            return Documentation()
        return parse(above[-1][2])

    def of_enumerator(self, name, line):
        """Behind an enumerator, or above it, or in a table of X(name, value, "sentence")."""
        place = self.lines[line - 1]
        behind = re.match(r'\s*' + name + r'\b[^,/\n]*,?\s*/\*\*<(.*?)\*/', self.text[place:], re.S)
        row = re.search(r'X\(' + name + r', *-?\d+, *"(.*)"\)', self.text)
        if behind:
            return parse(behind[1])
        return Documentation(brief=row[1]) if row else self.before(line)
