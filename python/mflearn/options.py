# SPDX-License-Identifier: BSD-3-Clause
"""The options of a handle as a mapping."""
from __future__ import annotations

import ctypes
import operator
from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple

from mflearn._handle import Handle, OptionValue, from_member, text
from mflearn._library import library
from mflearn.enumerations import OptionType


class Option(NamedTuple):
    """What is known of one option."""
    name: str
    key: int
    type: OptionType
    summary: str
    choices: tuple[str, ...]  # names of a choice's values
    least: OptionValue        # inclusive bounds
    most: OptionValue
    default: OptionValue
    value: OptionValue
    is_set: bool              # otherwise it follows the library's default


class Options(MutableMapping):
    """Options of a handle by name (or key). A choice is read as its name, and set by name or number.

    `del options[name]` goes back to the default; `options.describe(name)` tells meaning and bounds.
    """

    def __init__(self, handle: Handle) -> None:
        pointer = ctypes.c_void_p()
        handle._call(f'mfl_{handle._kind}_options', pointer)
        self._owned = handle._live()
        self._pointer = pointer.value

    def _call(self, name: str, *arguments: Any) -> None:
        self._owned.check(getattr(library, name)(self._pointer, *arguments))

    def _key(self, name: str | int) -> int:
        if not isinstance(name, str):
            return operator.index(name)
        key = ctypes.c_int32()
        self._call('mfl_options_find', name.encode(), ctypes.byref(key))
        return key.value

    def _facts(self, key: int) -> tuple[OptionType, str, str, tuple[str, ...]]:
        kind, name, summary, choices = ctypes.c_int32(), *(ctypes.c_char_p() for _ in range(3))
        self._call('mfl_options_describe', key, *map(ctypes.byref, (kind, name, summary, choices)))
        return (from_member(OptionType, kind.value), text(name), text(summary),
                tuple(text(choices).split('|')) if choices.value else ())

    def _read(self, key: int, kind: OptionType, choices: tuple[str, ...]) -> OptionValue:
        if kind == OptionType.DOUBLE:
            number = ctypes.c_double()
            self._call('mfl_options_get_double', key, ctypes.byref(number))
            return number.value
        integer = ctypes.c_int64()
        self._call('mfl_options_get_int', key, ctypes.byref(integer))
        return choices[integer.value] if choices else integer.value

    def _bounds(self, key: int, kind: OptionType, choices: tuple[str, ...]) -> list[OptionValue]:
        if kind == OptionType.DOUBLE:
            numbers = [ctypes.c_double() for _ in range(3)]
            self._call('mfl_options_bounds_double', key, *map(ctypes.byref, numbers))
            return [number.value for number in numbers]
        integers = [ctypes.c_int64() for _ in range(3)]
        self._call('mfl_options_bounds_int', key, *map(ctypes.byref, integers))
        return [choices[integer.value] if choices else integer.value for integer in integers]

    def describe(self, name: str | int) -> Option:
        """Meaning, bounds, default and present value of one option."""
        key = self._key(name)
        kind, name, summary, choices = self._facts(key)
        is_set = ctypes.c_int32()
        self._call('mfl_options_is_set', key, ctypes.byref(is_set))
        least, most, default = self._bounds(key, kind, choices)
        return Option(name, key, kind, summary, choices, least, most, default, self._read(key, kind, choices),
                      bool(is_set.value))

    def __getitem__(self, name: str | int) -> OptionValue:
        key = self._key(name)
        kind, _, _, choices = self._facts(key)
        return self._read(key, kind, choices)

    def __setitem__(self, name: str | int, value: OptionValue) -> None:
        key = self._key(name)
        kind, name, _, _ = self._facts(key)
        if isinstance(value, str):
            self._call('mfl_options_set_text', name.encode(), value.encode())
        elif kind == OptionType.DOUBLE:
            self._call('mfl_options_set_double', key, float(value))
        else:
            self._call('mfl_options_set_int', key, operator.index(value))  # type: ignore[arg-type]

    def __delitem__(self, name: str | int) -> None:
        self._call('mfl_options_reset', self._key(name))

    def __len__(self) -> int:
        count = ctypes.c_size_t()
        self._call('mfl_options_count', ctypes.byref(count))
        return count.value

    def __iter__(self) -> Iterator[str]:
        key = ctypes.c_int32()
        for index in range(len(self)):
            self._call('mfl_options_key', index, ctypes.byref(key))
            yield self._facts(key.value)[1]

    def __str__(self) -> str:
        needed = ctypes.c_size_t()
        library.mfl_options_write(self._pointer, None, 0, ctypes.byref(needed))
        room = ctypes.create_string_buffer(needed.value)
        self._call('mfl_options_write', room, needed.value, None)
        return room.value.decode()

    def __repr__(self) -> str:
        return f'<mflearn.Options {self}>'
