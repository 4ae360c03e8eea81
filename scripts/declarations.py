# SPDX-License-Identifier: BSD-3-Clause
"""What the public headers declare: functions, callback types and enumerations.

The headers are preprocessed by the C compiler and parsed by pycparser, so this is the compiler's view of them; the
documentation is what stands above. Used by the map, the binary-interface checks and the bindings (scripts/bindings).
"""
import os
import pathlib
import subprocess
from dataclasses import dataclass, field

from pycparser import c_ast, c_parser

from documentation import Comments, Documentation

SCALARS = ('double', 'float', 'int32_t', 'int64_t', 'size_t')


@dataclass(frozen=True)
class Type:
    base: str          # 'double', 'mfl_context', 'mfl_log_fn', 'void', ...
    pointers: int      # levels of indirection
    const: bool        # is what is finally pointed to const?

    def __str__(self):
        return ('const ' if self.const else '') + self.base + ' ' + '*' * self.pointers


@dataclass(frozen=True)
class Function:
    name: str
    result: Type
    parameters: tuple  # of (name, Type)
    documentation: Documentation = field(default_factory=Documentation, compare=False)


@dataclass
class Declarations:
    functions: dict = field(default_factory=dict)  # name -> Function
    callbacks: dict = field(default_factory=dict)  # typedef of a function pointer -> Function
    handles: set = field(default_factory=set)      # typedef of an incomplete structure
    enums: dict = field(default_factory=dict)      # tag -> {name: value}
    documentation: dict = field(default_factory=dict)  # of handles, enumerations and enumerators, by name

    def unsuitable(self):
        """Uses of types that not every language can pass: one sentence each."""
        for function in [*self.functions.values(), *self.callbacks.values()]:
            for name, kind in [('result', function.result), *function.parameters]:
                known = (kind.base in SCALARS or kind.base in self.callbacks
                         or (kind.pointers and (kind.base in self.handles or kind.base in ('void', 'char', 'uint8_t')))
                         or (kind.base == 'void' and name == 'result'))
                if not known:
                    yield f'{function.name}: {name} has the type "{kind}"'


def _type(node):
    pointers = 0
    while isinstance(node, (c_ast.PtrDecl, c_ast.ArrayDecl)):
        pointers += 1
        node = node.type
    if isinstance(node, c_ast.FuncDecl):
        raise ValueError('a function pointer without a typedef')
    inner = node.type
    base = ' '.join(inner.names) if isinstance(inner, c_ast.IdentifierType) else f'enum or struct {inner.name}'
    return Type(base, pointers, 'const' in node.quals)


def _function(name, node, documentation):
    parameters = []
    for parameter in node.args.params if node.args else []:
        if isinstance(parameter, c_ast.EllipsisParam):
            raise ValueError(f'{name} takes a variable number of arguments')
        kind = _type(parameter.type)
        if kind != Type('void', 0, False):
            parameters.append((parameter.name, kind))
    return Function(name, _type(node.type), tuple(parameters), documentation)


def _value(node, known):
    if isinstance(node, c_ast.Constant):
        return int(node.value.rstrip('uUlL'), 0)
    if isinstance(node, c_ast.ID):
        return known[node.name]
    if isinstance(node, c_ast.UnaryOp) and node.op in '+-':
        value = _value(node.expr, known)
        return -value if node.op == '-' else value
    if isinstance(node, c_ast.BinaryOp):
        left, right = _value(node.left, known), _value(node.right, known)
        return {'+': left + right, '-': left - right, '<<': left << right, '|': left | right}[node.op]
    raise ValueError(f'an enumerator of an unexpected form: {node}')


def _enumerators(node):
    values, following = {}, 0
    for item in node.values.enumerators:
        following = values[item.name] = _value(item.value, values) if item.value else following
        following += 1
    return values


def _visit(node, found, comments):
    above = comments.before(node.coord.line)
    if isinstance(node, c_ast.Typedef):
        if isinstance(node.type, c_ast.PtrDecl) and isinstance(node.type.type, c_ast.FuncDecl):
            found.callbacks[node.name] = _function(node.name, node.type.type, above)
        elif isinstance(node.type, c_ast.TypeDecl) and isinstance(node.type.type, c_ast.Struct):
            found.handles.add(node.name)
            found.documentation[node.name] = above
    elif isinstance(node, c_ast.Decl):
        if isinstance(node.type, c_ast.FuncDecl):
            found.functions[node.name] = _function(node.name, node.type, above)
        elif isinstance(node.type, c_ast.Enum):
            tag = node.type.name or ''
            found.enums.setdefault(tag, {}).update(_enumerators(node.type))
            found.documentation[tag] = comments.before(node.type.coord.line)
            for item in node.type.values.enumerators:
                found.documentation[item.name] = comments.of_enumerator(item.name, item.coord.line)


def read(include_directories, compiler='cc'):
    """Parse <mflearn/mflearn.h> and keep what the library's own headers declare."""
    text = subprocess.run(
        [*compiler.split(), '-E', '-std=c11', '-D__attribute__(x)=', '-D__extension__=', '-D__restrict=',
         *(f'-I{directory}' for directory in include_directories), '-xc', '-'],
        input='#include <mflearn/mflearn.h>\n', capture_output=True, text=True, check=True).stdout
    found, comments = Declarations(), {}
    for node in c_parser.CParser().parse(text).ext:
        header = pathlib.Path(node.coord.file)
        if header.parent.name == 'mflearn':
            if header not in comments:
                comments[header] = Comments(header.read_text())
            _visit(node, found, comments[header])
    return found


def public_headers(include_directories):
    """Every public header, by its path."""
    return sorted((header for directory in include_directories
                   for header in pathlib.Path(directory, 'mflearn').glob('*.h')), key=os.path.basename)
