# SPDX-License-Identifier: BSD-3-Clause
"""Finds and loads the C library, and gives ctypes the types of every function."""
from __future__ import annotations

import ctypes
import ctypes.util
import os
import pathlib
import shlex
import subprocess
import sys

from mflearn import _declarations

SCALARS = {'void': None, 'double': ctypes.c_double, 'float': ctypes.c_float, 'int32_t': ctypes.c_int32,
           'int64_t': ctypes.c_int64, 'size_t': ctypes.c_size_t}


def _file_name() -> str:
    if sys.platform == 'darwin':
        return f'libmflearn.{_declarations.SOVERSION}.dylib'
    return f'libmflearn.so.{_declarations.SOVERSION}'


def _pkg_config() -> list[str]:
    try:
        answer = subprocess.run(['pkg-config', '--variable=libdir', 'mflearn'], capture_output=True, text=True)
    except OSError:
        return []
    # It answers as for a shell, with a backslash before every space.
    return [os.path.normpath(os.path.join(folder, _file_name())) for folder in shlex.split(answer.stdout)]


def _candidates():
    """Where the library may be, the surest first."""
    if os.environ.get('MFLEARN_LIBRARY'):
        yield os.environ['MFLEARN_LIBRARY']
        return
    yield from map(str, pathlib.Path(__file__).parent.glob(_file_name()))
    yield _file_name()  # as the loader finds it: LD_LIBRARY_PATH, ldconfig
    yield from _pkg_config()
    found = ctypes.util.find_library('mflearn')
    if found:
        yield found


def _open() -> ctypes.CDLL:
    tried = []
    for name in _candidates():
        try:
            return ctypes.CDLL(name)
        except OSError as problem:
            tried.append(f'  {name}: {problem}')
    raise ImportError('the C library mflearn was not found; install it, or name the file in MFLEARN_LIBRARY. Tried:\n'
                      + '\n'.join(tried))


def _translate(kind: str):
    """Pointers travel as addresses, texts as bytes."""
    if kind == 'const char *':
        return ctypes.c_char_p
    if kind in CALLBACKS:
        return CALLBACKS[kind]
    return ctypes.c_void_p if kind.endswith('*') else SCALARS[kind]


CALLBACKS: dict = {}
for _name, (_result, _parameters) in _declarations.CALLBACKS.items():
    CALLBACKS[_name] = ctypes.CFUNCTYPE(_translate(_result), *map(_translate, _parameters))


class Library:
    """The functions of the library as attributes, with their types; looked up when first used."""

    def __init__(self) -> None:
        self._loaded = _open()
        self.path = self._loaded._name
        self._check_version()

    def _check_version(self) -> None:
        if self.mfl_version_check(*_declarations.VERSION[:2]):
            raise ImportError(f'{self.path} is version {self.mfl_version_string().decode()}, which does not serve a '
                              f'package made for version {".".join(map(str, _declarations.VERSION))}')

    def __getattr__(self, name: str):
        if name not in _declarations.FUNCTIONS:
            raise AttributeError(f'the library has no function {name}')
        result, parameters = _declarations.FUNCTIONS[name]
        function = getattr(self._loaded, name)
        function.restype = _translate(result)
        function.argtypes = [_translate(kind) for kind in parameters]
        setattr(self, name, function)
        return function


library = Library()
