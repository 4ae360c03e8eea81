# SPDX-License-Identifier: BSD-3-Clause
"""Results of a handle as a mapping."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum

from mflearn.errors import ArgumentError, OptionError, StateError


class Results(Mapping):
    """Results by name, read when asked for; iterating gives the names of those that exist for this problem."""

    def __init__(self, names: Mapping[str, int], read: Callable[[int], float]) -> None:
        self._names, self._read = names, read

    def __getitem__(self, name: str | int) -> float:
        if isinstance(name, str):
            try:
                name = self._names[name.lower()]
            except KeyError:
                raise OptionError(f'there is no result {name!r}; there are {", ".join(self._names)}') from None
        return self._read(int(name))

    def __iter__(self) -> Iterator[str]:
        for name, key in self._names.items():
            try:
                self._read(key)
            except (StateError, ArgumentError):
                continue
            yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f'<mflearn results {dict(self)}>'


def names_of(enumeration: type[IntEnum]) -> dict[str, int]:
    return {member.name.lower(): int(member) for member in enumeration}
