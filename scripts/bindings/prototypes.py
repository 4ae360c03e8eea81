# SPDX-License-Identifier: BSD-3-Clause
"""Declarations for languages that read C: LuaJIT (a text for ffi.cdef) and Node with koffi (a table of prototypes)."""
import json

from python import HEADER


def _argument(name, kind):
    text = str(kind)
    return text + name if text.endswith('*') else f'{text.strip()} {name}'


def _prototype(function, spelled, argument=lambda function, name, kind: _argument(name, kind)):
    arguments = ', '.join(argument(function, name, kind) for name, kind in function.parameters)
    return f'{_argument(spelled, function.result)}({arguments or "void"})'


def lua(found, soversion):
    lines = [f'typedef struct {handle} {handle};' for handle in sorted(found.handles)]
    lines += [f'typedef {_prototype(function, f"(*{name})")};' for name, function in found.callbacks.items()]
    for values in found.enums.values():
        lines.append('enum {\n' + ',\n'.join(f'    {name} = {value}' for name, value in values.items()) + '\n};')
    lines += [_prototype(function, name) + ';' for name, function in found.functions.items()]
    text = '\n'.join(lines)
    return (HEADER.replace('# ', '-- ') + '-- The library for LuaJIT: local mfl = require "mflearn"; then every '
            'function and constant by its name in C.\nlocal ffi = require "ffi"\nffi.cdef [[\n' + text + '\n]]\n'
            'return ffi.load(os.getenv "MFLEARN_LIBRARY" or '
            f'"libmflearn.so.{soversion}")\n')


def node(found, soversion):
    def argument(function, name, kind):
        if kind.base in found.callbacks:
            return f'{kind.base} *{name}'
        return ('_Out_ ' if name in function.documentation.outputs else '') + _argument(name, kind)
    table = {
        'library': f'libmflearn.so.{soversion}',
        'handles': sorted(found.handles),
        'callbacks': [_prototype(function, name) for name, function in found.callbacks.items()],
        'functions': {name: _prototype(function, name, argument) for name, function in found.functions.items()},
        'constants': {name: value for values in found.enums.values() for name, value in values.items()},
    }
    return json.dumps(table, indent=1) + '\n'
