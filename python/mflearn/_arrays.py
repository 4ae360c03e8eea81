# SPDX-License-Identifier: BSD-3-Clause
"""Numbers between NumPy and the library: no copy where the library can read an array as it lies in memory."""
from __future__ import annotations

from typing import Any

import numpy
from numpy.typing import ArrayLike, NDArray

from mflearn.errors import SizeError

Floats = NDArray[numpy.float64]
SIZE = 8  # bytes of the numbers that cross the boundary


class _Memory:
    """Memory of the library in the terms of NumPy's array interface, which keeps its owner as the array's base."""

    def __init__(self, owner: Any, address: int, shape: tuple, strides: tuple | None, writable: bool) -> None:
        self.owner = owner
        self.__array_interface__ = {'version': 3, 'typestr': numpy.dtype(numpy.float64).str,
                                    'shape': shape, 'strides': strides, 'data': (address, not writable)}


def view(owner: Any, address: int, *shape: int, strides: tuple[int, ...] | None = None,
         writable: bool = False) -> Floats:
    """An array that looks at numbers of the library's, and keeps their owner alive. Strides count numbers."""
    steps = strides and tuple(SIZE * stride for stride in strides)
    return numpy.asarray(_Memory(owner, address, shape, steps, writable))


def vector(values: ArrayLike, what: str, length: int | None = None, dtype: type = numpy.float64) -> NDArray:
    """One-dimensional, without gaps."""
    array: NDArray = numpy.ascontiguousarray(values, dtype)
    if array.ndim != 1 or (length is not None and len(array) != length):
        wanted = 'one dimension' if length is None else f'shape ({length},)'
        raise SizeError(f'{what} has shape {array.shape}; it must have {wanted}')
    return array


def _as_is(array: NDArray, axis: int) -> bool:
    """Can the library step along an axis? Whole numbers of elements, forwards."""
    return array.shape[axis] < 2 or (array.strides[axis] >= SIZE and array.strides[axis] % SIZE == 0)


def matrix(values: ArrayLike, what: str, columns: int | None = None) -> tuple[Floats, int]:
    """Rows of adjacent numbers at any distance, and that distance."""
    array = numpy.asarray(values, numpy.float64)
    if array.ndim != 2 or (columns is not None and array.shape[1] != columns):
        wanted = 'two dimensions' if columns is None else f'{columns} columns'
        raise SizeError(f'{what} has shape {array.shape}; it must have {wanted}')
    rows, width = array.shape
    side_by_side = width < 2 or array.strides[1] == SIZE
    if not (side_by_side and _as_is(array, 0) and (rows < 2 or array.strides[0] >= width * SIZE)
            and array.flags.aligned):
        array = numpy.ascontiguousarray(array)
    return array, max(array.strides[0] // SIZE if rows > 1 else width, 1)


def lattice(values: ArrayLike, what: str) -> tuple[Floats, int, int]:
    """Rows and columns at any positive distances, C or Fortran order, slices of either; and the two distances."""
    array = numpy.asarray(values, numpy.float64)
    if array.ndim != 2:
        raise SizeError(f'{what} has shape {array.shape}; it must have two dimensions')
    if not (_as_is(array, 0) and _as_is(array, 1) and array.flags.aligned):
        array = numpy.ascontiguousarray(array)
    row, column = (max(stride // SIZE, 1) for stride in array.strides)
    return array, row, column
