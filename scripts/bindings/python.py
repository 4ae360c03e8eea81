# SPDX-License-Identifier: BSD-3-Clause
"""The generated modules of the Python package: the table of declarations, enumerations, exceptions, plain methods.

A method is plain when header and documentation say all there is to know: numbers, texts and handles in and out.
Methods with arrays, buffers and callbacks are written by hand in python/mflearn, under the names of the functions.
"""
import keyword
import re

from documentation import Documentation
from names import SPECIAL, Prose, camel, class_of, exception_of, members

HEADER = ('# SPDX-License-Identifier: BSD-3-Clause\n'
          '# Written by scripts/update-bindings from include/mflearn; do not edit.\n')
SCALARS = {'double': ('float', 'c_double'), 'int32_t': ('int', 'c_int32'), 'int64_t': ('int', 'c_int64'),
           'size_t': ('int', 'c_size_t')}
ARRAY_WORDS = re.compile(r'(^|_)(capacity|stride|count|rows)$')
# What an exception also is, for programs that catch Python's own.
ALSO = {'NULL': 'ValueError', 'ARGUMENT': 'ValueError', 'SIZE': 'ValueError', 'MEMORY': 'MemoryError',
        'STATE': 'RuntimeError', 'BUSY': 'RuntimeError', 'CONTEXT': 'ValueError', 'HANDLE': 'ValueError',
        'VERSION': 'ImportError', 'FORK': 'RuntimeError', 'UNSUPPORTED': 'NotImplementedError',
        'OPTION': 'KeyError', 'OPTION_TYPE': 'TypeError', 'OPTION_RANGE': 'ValueError', 'UNLEARNABLE': 'ValueError',
        'NOT_FINITE': 'ValueError', 'NOT_POSITIVE_DEFINITE': 'ArithmeticError', 'DIVERGED': 'ArithmeticError',
        'BUFFER': 'BufferError', 'TOLERANCE': 'ArithmeticError', 'IO': 'OSError', 'FORMAT': 'ValueError',
        'CHECKSUM': 'ValueError', 'PARSE': 'ValueError'}


def table(found, version, soversion):
    """_declarations.py: what ctypes needs."""
    def rows(functions):
        for name, function in functions.items():
            kinds = [str(kind).strip() for _, kind in function.parameters]
            yield f'    {name!r}: ({str(function.result).strip()!r}, {tuple(kinds)!r}),\n'
    return (f'{HEADER}"""Every function and callback of the library: result, parameters."""\n'
            f'VERSION = {version!r}\nSOVERSION = {soversion!r}\n\n'
            f'CALLBACKS = {{\n{"".join(rows(found.callbacks))}}}\n\n'
            f'FUNCTIONS = {{\n{"".join(rows(found.functions))}}}\n')


def called(name, by_hand):
    """Is a function called in the modules that are written by hand? As 'name', or library.name."""
    return re.search(rf"'{name}'|library\.{name}\b", by_hand)


def documentation(found, by_hand):
    """_documentation.py: what the headers say of the functions whose methods are written by hand."""
    prose, rows = Prose(found), []
    for name, function in found.functions.items():
        if called(name, by_hand):
            kept = Documentation(function.documentation.brief, function.documentation.body,
                                 returns=function.documentation.returns)
            rows.append(f'    {name!r}:\n' + '\n'.join(prose.docstring(kept, 0)) + ',\n')
    return (f'{HEADER}"""What the headers say of functions whose methods are written by hand."""\n'
            f'DOCUMENTATION = {{\n{"".join(rows)}}}\n')


def enumerations(found):
    prose = Prose(found)
    out = [HEADER + '"""The enumerations of the library; wherever one is expected a name or a number will do."""\n'
           'from enum import IntEnum\n']
    for tag, values in found.enums.items():
        if tag in SPECIAL:
            continue
        out.append(f'\n\nclass {class_of(tag)}(IntEnum):\n' +
                   '\n'.join(prose.docstring(found.documentation[tag], 4)) + '\n')
        for name, member in members(tag, values).items():
            out.append(f'\n    {member} = {values[name]}\n' +
                       '\n'.join(prose.docstring(found.documentation[name], 4)) + '\n')
    return ''.join(out)


def exceptions(found):
    out = [HEADER + '"""An exception for each status of the library."""\n'
           'from mflearn._error import Error\n']
    errors = {name: value for name, value in found.enums['mfl_status'].items() if '_ERROR_' in name}
    for name, value in errors.items():
        also = ALSO.get(name.removeprefix('MFL_ERROR_'), 'RuntimeError')
        brief = found.documentation[name].brief
        out.append(f'\n\nclass {exception_of(name)}(Error, {also}):\n    """{brief[0].upper()}{brief[1:]}."""\n\n'
                   f'    status = {value}\n')
    out.append('\n\nBY_STATUS = {kind.status: kind for kind in Error.__subclasses__()}\n')
    return ''.join(out)


# What arguments are when they are not given.
DEFAULTS = {('mfl_dataset_draw', 'label_noise'): '0.0', ('mfl_dataset_draw', 'index'): '0',
            ('mfl_dataset_draw', 'role'): "'train'", ('mfl_dataset_read_csv', 'target'): 'None',
            ('mfl_dataset_read_csv', 'header'): "'auto'", ('mfl_dataset_read_npy', 'target_path'): 'None',
            ('mfl_dataset_read_npy', 'target_column'): '-1', ('mfl_dataset_standardise', 'targets'): '0',
            ('mfl_network_draw_prior', 'index'): '0', ('mfl_sampler_network', 'chain'): '0'}


class Method:
    """How one function is called as a method, if it is plain."""

    def __init__(self, function, found):
        self.function, self.found = function, found
        self.documentation = function.documentation
        self.inputs, self.outputs, self.handles = [], [], []
        self.plain = function.result.base in ('int32_t', 'void', 'char')
        arrays = any(ARRAY_WORDS.search(name) and not kind.pointers for name, kind in function.parameters)
        for name, kind in function.parameters[1:]:
            if kind.pointers == 2 and kind.base in found.handles:
                self.handles.append((name, kind))
            elif name in self.documentation.outputs and kind.pointers and kind.base in (*SCALARS, 'char'):
                self.outputs.append((name, kind))
                self.plain &= (kind.base == 'char') == (kind.pointers == 2) and not arrays
            else:
                self.inputs.append((name, kind))
                self.plain &= ((kind.base in SCALARS and not kind.pointers)
                               or (kind.pointers == 1 and kind.base in {*found.handles, 'char'}))
        self.plain &= len(self.handles) <= 1 and not (self.handles and self.outputs)
        self.plain &= not any(kind.base == 'mfl_options' for _, kind in function.parameters)
        self.attribute = bool(function.parameters and function.parameters[0][1].const and not self.inputs
                              and not self.handles)

    def enumeration(self, name, kind):
        """The enumeration that documentation gives an int32_t, or None."""
        if kind.base != 'int32_t':
            return None
        texts = [self.documentation.parameters.get(name, '')]
        if sum(other.base == 'int32_t' for _, other in self.function.parameters) == 1:
            texts.append(self.documentation.brief)
        for text in texts:
            for tag in re.findall(r'::(mfl_\w+)', text):
                if tag in self.found.enums and tag not in SPECIAL:
                    return class_of(tag)
        named = re.search(r'::(MFL_\w+)', texts[0])
        return next((class_of(tag) for tag, values in self.found.enums.items()
                     if named and named[1] in values and tag not in SPECIAL), None)

    @staticmethod
    def spelled(name):
        return name + '_' if keyword.iskeyword(name) else name

    def hint(self, name, kind):
        if kind.base in self.found.handles:
            return class_of(kind.base)
        if kind.base == 'char':
            return 'FileName' if name == 'path' else 'str'
        enumeration = self.enumeration(name, kind)
        return f'{enumeration} | str | int' if enumeration else SCALARS[kind.base][0]

    def argument(self, name, kind):
        enumeration = self.enumeration(name, kind)
        return f'as_member({enumeration}, {self.spelled(name)})' if enumeration else self.spelled(name)

    def result(self, name, kind):
        enumeration = self.enumeration(name, kind)
        if enumeration:
            return enumeration, f'from_member({enumeration}, {name}_.value)'
        if kind.base == 'char':
            return 'str', f'text({name}_)'
        return SCALARS[kind.base][0], f'{name}_.value'

    def signature(self):
        pieces = []
        for name, kind in self.inputs:
            default = DEFAULTS.get((self.function.name, name))
            pieces.append(f', {self.spelled(name)}: {self.hint(name, kind)}'
                          + (' | None' if default == 'None' else '') + (f' = {default}' if default else ''))
        return ''.join(pieces)

    def docstring(self, prose, indent=8):
        return '\n'.join(prose.docstring(self.documentation, indent, [name for name, _ in self.inputs],
                                         [name for name, _ in self.outputs])) + '\n'

    def arguments(self):
        return ''.join(f', {self.argument(name, kind)}' for name, kind in self.inputs)

    def constructor(self, prose, options):
        parents = [name for name, kind in self.inputs if kind.base in self.found.handles]
        first = self.function.parameters[0]
        given = ', **options: OptionValue' if options else ''
        return (f'    def __init__(self, {first[0]}: {self.hint(*first)}{self.signature()}{given}) -> None:\n'
                + '\n'.join(prose.docstring(self.documentation, 8, [first[0], *(name for name, _ in self.inputs)]))
                + f'\n        self._begin({first[0]}, {self.function.name!r}{self.arguments()}'
                + (', options=options' if options else '') + ')\n'), parents

    def named_tuple(self):
        kind = class_of(self.function.name)
        rows = ''.join(f'    {name}: {self.result(name, k)[0]}'
                       + ('  # type: ignore[assignment]' if hasattr(tuple, name) else '') + '\n'
                       for name, k in self.outputs)
        return f'class {kind}(NamedTuple):\n    """Results of {self.function.name}()."""\n\n{rows}'

    def body(self):
        function, pieces = self.function.name, []
        if self.function.result.base == 'char':
            return 'str', f'        return self._text({function!r}{self.arguments()})\n'
        if self.handles:
            kind = class_of(self.handles[0][1].base)
            return kind, f'        return self._make({kind!r}, {function!r}{self.arguments()})\n'
        for name, kind in self.outputs:
            ctype = 'c_char_p' if kind.base == 'char' else SCALARS[kind.base][1]
            pieces.append(f'        {name}_ = {ctype}()\n')
        results = ''.join(f', {name}_' for name, _ in self.outputs)
        pieces.append(f'        self._call({function!r}{self.arguments()}{results})\n')
        values = [self.result(name, kind) for name, kind in self.outputs]
        if len(values) == 1:
            pieces.append(f'        return {values[0][1]}\n')
            return values[0][0], ''.join(pieces)
        if values:
            tuple_name = class_of(function)
            pieces.append(f'        return {tuple_name}({", ".join(value for _, value in values)})\n')
            return tuple_name, ''.join(pieces)
        return 'None', ''.join(pieces)

    def text(self, kind, prose):
        name = self.function.name.removeprefix(f'mfl_{kind}_')
        returned, body = self.body()
        decorator = '    @property\n' if self.attribute else ''
        return (f'{decorator}    def {name}(self{self.signature()}) -> {returned}:\n{self.docstring(prose)}{body}')

    def maker(self, kind, prose):
        """A function of another handle that makes one of this kind: a class method."""
        name = self.function.name.removeprefix(f'mfl_{kind}_').removeprefix('create_')
        parent, parent_kind = self.function.parameters[0]
        return (f'    @classmethod\n    def {name}(cls, {parent}: {self.hint(parent, parent_kind)}{self.signature()}) '
                f'-> {camel(kind)}:\n{self.docstring(prose)}'
                f'        return {parent}._make(cls, {self.function.name!r}{self.arguments()})\n')


def _of_kind(found, kind):
    others = [other.removeprefix('mfl_') for other in found.handles if len(other) > len(kind) + 4]
    for name, function in found.functions.items():
        owner = max((k for k in [kind, *others] if name.startswith(f'mfl_{k}_')), key=len, default=None)
        if owner == kind:
            yield name, function


def methods(found, by_hand, inner):
    """_methods.py: a class of plain methods for each handle, but for what the modules written by hand call;
    what only the inner modules call can be a method too."""
    prose = Prose(found)
    tuples, classes, left = [], [], []
    for tag in sorted(found.handles - {'mfl_options'}):
        kind, parts = tag.removeprefix('mfl_'), []
        functions = dict(_of_kind(found, kind))
        for name, function in functions.items():
            method = Method(function, found)
            first = function.parameters[0][1] if function.parameters else None
            if name.endswith(('_destroy', '_options')) or called(name, by_hand):
                continue
            if not method.plain or first is None or first.base not in found.handles:
                left.append(name)
            elif name == f'mfl_{kind}_create':
                parts.insert(0, method.constructor(prose, f'{tag}_options' in functions)[0])
            elif first.base != tag:
                parts.append(method.maker(kind, prose))
            else:
                parts.append(method.text(kind, prose))
                if len(method.outputs) > 1:
                    tuples.append(method.named_tuple())
        brief = prose(found.documentation[tag].brief)
        classes.append(f'class {camel(kind)}Methods(Handle):\n    """{brief}"""\n\n    _kind = {kind!r}\n'
                       + ''.join('\n' + part for part in parts))
    left += [name for name in found.functions if not called(name, by_hand + inner) and name not in left
             and not any(name.startswith(handle + '_') for handle in found.handles - {'mfl_options'})]
    used = sorted({class_of(tag) for tag in found.enums if tag not in SPECIAL
                   and re.search(rf'_member\({class_of(tag)},', ''.join(classes))})
    kinds = ', '.join(sorted(class_of(tag) for tag in found.handles - {'mfl_options'}))
    return (f'{HEADER}"""Methods that follow from the headers alone; the classes of the package extend them."""\n'
            'from __future__ import annotations\n\n'
            'from ctypes import c_char_p, c_double, c_int32, c_int64, c_size_t\n'
            'from typing import TYPE_CHECKING, NamedTuple\n\n'
            'from mflearn._handle import FileName, Handle, OptionValue, as_member, from_member, text\n'
            'from mflearn.enumerations import (\n' + ''.join(f'    {name},\n' for name in used) + ')\n\n'
            'if TYPE_CHECKING:\n    from mflearn import (\n' +
            ''.join(f'        {name},\n' for name in kinds.split(', ')) + '    )\n\n'
            '# Functions that no method calls yet: they take arrays or functions; call them by '
            'mflearn.library.\n'
            'UNWRAPPED = (\n' + ''.join(f'    {name!r},\n' for name in sorted(left)) + ')\n\n\n'
            + '\n\n'.join(tuples + classes))
