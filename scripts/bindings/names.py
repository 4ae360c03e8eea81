# SPDX-License-Identifier: BSD-3-Clause
"""How the library's names and sentences read in Python."""
import builtins
import re
import textwrap

from documentation import flow

SPECIAL = {'mfl_status'}  # its enumerators are exceptions


def camel(name):
    return ''.join(part.capitalize() for part in name.split('_'))


def class_of(tag):
    """mfl_sampler -> Sampler, mfl_sampler_result -> SamplerResult."""
    return camel(tag.removeprefix('mfl_'))


def members(tag, values):
    """{MFL_SAMPLER_TEST_ERROR: 'TEST_ERROR', ...}: without what all enumerators (one alone: it and its tag) share."""
    lists = [name.split('_') for name in values]
    compared = lists if len(lists) > 1 else [*lists, tag.upper().split('_')]
    shared = 0
    while all(shared < len(parts) - (parts in lists) and parts[shared] == lists[0][shared] for parts in compared):
        shared += 1
    return {name: '_'.join(name.split('_')[shared:]) for name in values}


def exception_of(status):
    """MFL_ERROR_OPTION_RANGE -> OptionRangeError; no name of Python's own."""
    name = camel(status.removeprefix('MFL_ERROR_').lower()) + 'Error'
    return 'Mflearn' + name if hasattr(builtins, name) else name


class Prose:
    """Turns the headers' references into those of the package."""

    def __init__(self, found):
        self.names = {}
        for tag, values in found.enums.items():
            self.names[tag] = class_of(tag)
            for name, member in members(tag, values).items():
                self.names[name] = f'{class_of(tag)}.{member}'
        self.names.update({name: exception_of(name) for name in found.enums['mfl_status'] if 'ERROR' in name})
        self.kinds = sorted((kind.removeprefix('mfl_') for kind in found.handles), key=len, reverse=True)

    def _call(self, match):
        for kind in self.kinds:
            if match[1].startswith(kind + '_'):
                return f'{camel(kind)}.{match[1].removeprefix(kind + "_")}()'
        return match[1] + '()'

    def __call__(self, text):
        text = re.sub(r'\bmfl_(\w+)\(\)', self._call, text)
        text = re.sub(r'[:#]*\b((?:mfl|MFL)_\w+)', lambda match: self.names.get(match[1], match[1]), text)
        return text.replace('NULL', 'None').replace('\\', '').replace('"""', "'''")

    def docstring(self, documentation, indent, arguments=(), results=()):
        """The lines of a docstring: what, the arguments, the results, the exceptions."""
        width = 99 - indent
        blocks = [self(documentation.brief)]
        if documentation.body:
            blocks += [self(flow(part)) for part in documentation.body.split('\n\n')]
        lines = []
        for block in blocks:
            lines += [*textwrap.wrap(block, width, break_on_hyphens=False), '']
        for name in [*arguments, *results]:
            text = self(documentation.parameters.get(name, ''))
            text = re.sub(r'; may be None$|^receives ', '', text)
            kind = ':returns ' if name in results else ':param '
            lines += textwrap.wrap(f'{kind}{name}: {text}', width, subsequent_indent='    ',
                                   break_on_hyphens=False)
        # No pointer is NULL that comes from here, and what every handle may answer goes without saying.
        raised = re.sub(r'^::MFL_OK[^;]*(; *|$)|::MFL_ERROR_NULL(; *|\.$)|(; )?or a status of the\s+handle\.?', '',
                        documentation.returns).strip(' ;')
        if 'MFL_ERROR' in raised or raised.startswith('as mfl'):
            lines += textwrap.wrap(':raises: ' + self(raised), width, subsequent_indent='    ',
                                   break_on_hyphens=False)
        while lines and not lines[-1]:
            lines.pop()
        if len(lines) == 1:
            return [f'{" " * indent}"""{lines[0]}"""']
        lines[0] = '"""' + lines[0]
        return [(' ' * indent + line).rstrip() for line in [*lines, '"""']]
