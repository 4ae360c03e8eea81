# SPDX-License-Identifier: BSD-3-Clause
"""mflearn.f90: a module of interfaces by iso_c_binding, and the constants."""
import re

from python import ARRAY_WORDS, HEADER

SCALARS = {'double': 'real(c_double)', 'float': 'real(c_float)', 'int32_t': 'integer(c_int32_t)',
           'int64_t': 'integer(c_int64_t)', 'size_t': 'integer(c_size_t)'}
# Outputs of a function with sizes among its arguments are arrays, but for those that are described like this.
SINGLE = re.compile(r'receives (U\b|one number,|that to log (kappa|sigma)|the number of|the bytes|'
                    r'y_A|the degree in all)')


def _single(function, text):
    sized = any(ARRAY_WORDS.search(name) and not kind.pointers for name, kind in function.parameters)
    return not sized or SINGLE.match(text)


def _wrap(text, indent):
    """Lines of at most 100 columns, continued after a comma."""
    lines, line = [], ' ' * indent
    for piece in re.findall(r'[^,]+,? *', text):
        if len(line) + len(piece.rstrip()) > 98 and line.strip():
            lines.append(line.rstrip() + ' &')
            line = ' ' * (indent + 4)
        line += piece
    return [*lines, line.rstrip()]


def _dummy(function, name, kind, callbacks):
    """The declaration of one argument."""
    documentation = function.documentation
    text = documentation.parameters.get(name, '')
    if kind.base in callbacks:
        return f'type(c_funptr), value :: {name}'
    if not kind.pointers:
        return f'{SCALARS[kind.base]}, value :: {name}'
    if kind.base not in SCALARS and kind.base != 'char':
        return f'type(c_ptr), intent(out) :: {name}' if kind.pointers == 2 else f'type(c_ptr), value :: {name}'
    optional = ', optional' if 'NULL' in text else ''
    if kind.pointers == 2:  # receives a borrowed pointer
        return f'type(c_ptr), intent(out){optional} :: {name}'
    intent = 'in' if kind.const else 'out'
    type_name = 'character(kind=c_char)' if kind.base == 'char' else SCALARS[kind.base]
    several = kind.const or kind.base == 'char' or not _single(function, text)
    return f'{type_name}, intent({intent}){optional} :: {name}{"(*)" if several else ""}'


def _procedure(function, callbacks):
    arguments = ', '.join(name for name, _ in function.parameters)
    result = function.result
    word = 'subroutine' if result.base == 'void' and not result.pointers else 'function'
    lines = _wrap(f'{word} {function.name}({arguments}) bind(c)', 4)
    lines.append('        import')
    if word == 'function':
        kind = 'type(c_ptr)' if result.pointers else SCALARS[result.base]
        lines.append(f'        {kind} :: {function.name}')
    for name, kind in function.parameters:
        lines.append(f'        {_dummy(function, name, kind, callbacks)}')
    return '\n'.join([*lines, f'    end {word} {function.name}\n'])


def module(found):
    comment = HEADER.replace('# ', '! ')
    taken = set(found.functions) | set(found.callbacks)
    constants = []
    for values in found.enums.values():
        for name, value in values.items():
            spelled = name + '_CONSTANT' if name.lower() in taken else name
            constants.append(f'integer(c_int32_t), parameter, public :: {spelled} = {value}')
    callbacks = ''.join(_procedure(function, found.callbacks) for function in found.callbacks.values())
    functions = ''.join(_procedure(function, found.callbacks) for function in found.functions.values())
    return (f'{comment}! The library in Fortran: every function as in C, with c_ptr for handles and c_funloc() '
            'of a bind(c)\n'
            '! procedure for callbacks (the abstract interfaces). Fortran does not tell capitals from small letters:\n'
            '! constants that are named as a function is end in _CONSTANT. Texts end with c_null_char.\n'
            'module mflearn\n    use, intrinsic :: iso_c_binding\n    implicit none\n    public\n\n'
            + '\n'.join('    ' + constant for constant in constants)
            + f'\n\n    abstract interface\n{callbacks}    end interface\n\n'
            f'    interface\n{functions}    end interface\n'
            'end module mflearn\n')
