# SPDX-License-Identifier: BSD-3-Clause
"""What every handle has in common: a life, calls that raise, options.

An object of the library is owned by an `Owned`, whose end destroys it. A handle refers to its Owned, and so does every
array that looks into the object's memory and every call that is under way; close() only gives up the handle's own
reference. So an object can be closed twice, closed by one thread while another works with it, and closed before the
arrays that were taken from it.
"""
from __future__ import annotations

import ctypes
import functools
import operator
import os
from enum import IntEnum
from typing import Any, Mapping, Union

import numpy

from mflearn import errors
from mflearn._calls import guarded
from mflearn._library import library

OptionValue = Union[int, float, str]
FileName = Union[str, os.PathLike]
KINDS: dict[str, type[Handle]] = {}


class Owned:
    """An object of the library, and what must live as long as it does."""

    def __init__(self, kind: str, pointer: int, context: Owned | None) -> None:
        self.pointer = pointer
        self._context = context
        self.held: dict[str, Any] = {}  # functions and arrays that the object uses, by purpose
        self._release = functools.partial(getattr(library, f'mfl_{kind}_destroy'), pointer)

    # Runs no code of Python's, where Ctrl-C would be raised and, as in every __del__, be lost.
    __del__ = property(operator.attrgetter('_release'))

    @property
    def context(self) -> Owned:
        return self._context or self

    def check(self, status: int) -> None:
        if status == 0:
            return
        kind = errors.BY_STATUS.get(status, errors.Error)
        said = b''
        if kind is not errors.BusyError:  # then the message is another thread's
            said = library.mfl_context_message(self.context.pointer)
        raise kind((said or library.mfl_status_message(status)).decode(errors='replace'))


class Borrowed(Owned):
    """An object that the library lends to a callback."""

    def __init__(self, pointer: int, context: Owned) -> None:
        self.pointer, self._context, self.held = pointer, context, {}
        self._release = functools.partial(int)  # nothing: the library keeps it


def as_member(enumeration: type[IntEnum], value: Any) -> int:
    """A member of an enumeration from itself, its name or its number. The library judges numbers."""
    if isinstance(value, str):
        try:
            return enumeration[value.upper()]
        except KeyError:
            names = ', '.join(member.name.lower() for member in enumeration)
            raise errors.ArgumentError(f'{value!r} is none of {names}') from None
    return operator.index(value)


def from_member(enumeration: type[IntEnum], value: int) -> Any:
    """The member with a number, or a number that this version of the package does not know."""
    try:
        return enumeration(value)
    except ValueError:
        return value


def text(found: ctypes.c_char_p) -> str:
    return (found.value or b'').decode()


class Handle:
    """An object of the library. Ends with close(), with its `with` block, or when nothing refers to it."""

    _kind = ''
    _owned: Owned | None = None

    def __init_subclass__(cls, public: bool = False, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if public:
            KINDS[cls.__name__] = cls

    @property
    def context(self) -> Any:
        """The context that the object belongs to."""
        return self._context

    @property
    def closed(self) -> bool:
        """Was close() called?"""
        return self._owned is None

    def close(self) -> None:
        """Release the object, at once or with the last array that looks into it. Again does nothing."""
        self._owned = None

    def __enter__(self):
        self._live()
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f'<mflearn.{type(self).__name__}{" closed" if self.closed else ""}>'

    def _live(self) -> Owned:
        owned = self._owned
        if owned is None:
            raise errors.HandleError(f'this {type(self).__name__} was closed')
        return owned

    def _call(self, name: str, *arguments: Any) -> None:
        """Call a function of the library with this object first; raise what it or a callback has to say."""
        owned = self._live()
        passed = [_convert(argument) for argument in arguments]
        with guarded(owned.context.pointer):
            status = getattr(library, name)(owned.pointer, *(value for value, _ in passed))
        owned.check(status or 0)
        if '_set_' in name:
            self._hold_from(name, *arguments)

    def _text(self, name: str) -> str:
        return getattr(library, name)(self._live().pointer).decode(errors='replace')

    def _buffer(self, name: str) -> str:
        """A text that the library writes into a buffer of ours."""
        needed = ctypes.c_size_t()
        getattr(library, name)(self._live().pointer, None, 0, ctypes.byref(needed))
        room = ctypes.create_string_buffer(needed.value)
        self._call(name, room, needed.value, None)
        return room.value.decode()

    def _produce(self, cls: type[Handle], count: int, name: str, *arguments: Any) -> list[int]:
        """Addresses of new objects, from a function that has them as its last results."""
        made = [ctypes.c_void_p() for _ in range(count)]
        try:
            self._call(name, *arguments, *made)
        except BaseException:
            for pointer in made:  # interrupted, though made
                getattr(library, f'mfl_{cls._kind}_destroy')(pointer)
            raise
        return [pointer.value or 0 for pointer in made]

    def _make(self, kind: str | type[Handle], name: str, *arguments: Any, count: int = 1) -> Any:
        """A new handle, or so many of them."""
        cls = KINDS[kind] if isinstance(kind, str) else kind
        handles = []
        for pointer in self._produce(cls, count, name, *arguments):
            handles.append(cls.__new__(cls))
            handles[-1]._become(pointer, name, self, *arguments)
        return handles[0] if count == 1 else tuple(handles)

    def _begin(self, parent: Handle, name: str, *arguments: Any, options: Mapping[str, OptionValue] = {}) -> None:
        """Become what a function of another handle makes."""
        if not isinstance(parent, Handle):
            raise TypeError(f'{type(self).__name__} is made from a handle of mflearn, not from {type(parent).__name__}')
        (pointer,) = parent._produce(type(self), 1, name, *arguments)
        self._become(pointer, name, parent, *arguments)
        if options:
            self.options.update(options)

    @classmethod
    def _lend(cls, pointer: int, context: Any) -> Any:
        """A handle for the time of a callback."""
        lent = cls.__new__(cls)
        lent._context, lent._owned = context, Borrowed(pointer, context._live())
        return lent

    def _become(self, pointer: int, name: str, parent: Handle, *others: Any) -> None:
        self._context = parent.context
        self._owned = Owned(self._kind, pointer, parent._live().context)
        self._hold_from(name, parent, *others)

    def _hold(self, purpose: str, *things: Any) -> None:
        """Keep things alive as long as the object, in place of what was held for the same purpose."""
        self._live().held[purpose] = things

    def _hold_from(self, purpose: str, *others: Any) -> None:
        """Hold what other handles hold, whose functions and arrays this object uses from now on."""
        things = [thing for other in others if isinstance(other, Handle) and other._kind != 'context'
                  for thing in other._live().held.values()]
        if things:
            self._hold(purpose, *things)

    @property
    def options(self):
        """The options of the object: a mapping from names to values (see Options)."""
        from mflearn.options import Options
        return Options(self)


def _convert(argument: Any) -> tuple[Any, Any]:
    """What ctypes takes, and what keeps it alive during the call."""
    if isinstance(argument, Handle):
        owned = argument._live()
        return owned.pointer, owned
    if isinstance(argument, numpy.ndarray):
        return argument.ctypes.data, argument
    if isinstance(argument, ctypes._SimpleCData):
        return ctypes.byref(argument), argument
    if isinstance(argument, (str, os.PathLike)):
        return os.fsencode(argument), None
    return argument, None
