# SPDX-License-Identifier: BSD-3-Clause
"""Functions of Python's that the library calls: arrays in, arrays out.

What the library passes is copied, so that a function may keep it; results are written where the library wants them.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from numpy.typing import ArrayLike

from mflearn._arrays import Floats, view
from mflearn._calls import shielded
from mflearn._library import CALLBACKS

if TYPE_CHECKING:
    from mflearn._handle import Handle

Activation = Callable[[Floats], 'tuple[ArrayLike, ArrayLike]']
Kernel = Callable[[Floats, Floats], ArrayLike]


def _callback(handle: Handle, kind: str, function: Callable) -> Any:
    return CALLBACKS[kind](shielded(handle._live().context.pointer, function))


def activation(handle: Handle, function: Activation) -> Any:
    def call(count: int, z: int, value: int, derivative: int, _: int) -> int:
        results = function(view(None, z, count).copy())
        for address, result in zip((value, derivative), results, strict=True):
            view(None, address, count, writable=True)[:] = result
        return 0
    return _callback(handle, 'mfl_activation_fn', call)


def link(handle: Handle, function: Callable[[Floats], ArrayLike]) -> Any:
    def call(count: int, z: int, value: int, _: int) -> int:
        view(None, value, count, writable=True)[:] = function(view(None, z, count).copy())
        return 0
    return _callback(handle, 'mfl_link_fn', call)


def kernel(handle: Handle, function: Kernel) -> Any:
    def call(row_count: int, rows: int, column_count: int, columns: int, dimension: int, values: int, stride: int,
             _: int) -> int:
        room = view(None, values, row_count, column_count, strides=(stride, 1), writable=True)
        room[:] = function(view(None, rows, row_count, dimension).copy(),
                           view(None, columns, column_count, dimension).copy())
        return 0
    return _callback(handle, 'mfl_kernel_fn', call)


def observable(handle: Handle, kind: type[Handle], function: Callable[[Any], float]) -> Any:
    context = handle.context

    def call(network: int, value: int, _: int) -> int:
        with kind._lend(network, context) as draw:
            view(None, value, 1, writable=True)[0] = function(draw)
        return 0
    return _callback(handle, 'mfl_observable_fn', call)
