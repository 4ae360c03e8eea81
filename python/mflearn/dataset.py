# SPDX-License-Identifier: BSD-3-Clause
"""Data sets: inputs and targets, drawn from a task, from arrays, or from files."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import numpy
from numpy.typing import ArrayLike

from mflearn._arrays import Floats, lattice, vector, view
from mflearn._documented import documented
from mflearn._methods import DatasetMethods

if TYPE_CHECKING:
    from mflearn.context import Context


class Standardisation(NamedTuple):
    """x = mean + scale x', y = target_mean + target_scale y'."""
    mean: Floats
    scale: Floats
    target_mean: float
    target_scale: float


class Dataset(DatasetMethods, public=True):
    """Inputs (P x d) and targets (P), which never change. len() is the number of samples."""

    def __init__(self, context: Context, inputs: ArrayLike, targets: ArrayLike | None = None, *,
                 copy: bool = True) -> None:
        """Make a data set of arrays of any order and number type.

        :param copy: False reads float64 inputs where they are, without copying them; the array is kept alive, and
            must not be changed. Other arrays are converted first.
        """
        inputs, row, column = lattice(inputs, 'inputs')
        if targets is not None:
            targets = vector(targets, 'targets', len(inputs))
        self._begin(context, 'mfl_dataset_copy' if copy else 'mfl_dataset_view', *inputs.shape, inputs, row, column,
                    targets)
        if not copy:
            self._hold('inputs', inputs)

    def __len__(self) -> int:
        return self.shape.rows

    @property
    @documented('mfl_dataset_inputs')
    def inputs(self) -> Floats:
        """A read-only array that looks into the data set and keeps it alive."""
        address, row, column = ctypes.c_void_p(), ctypes.c_int64(), ctypes.c_int64()
        self._call('mfl_dataset_inputs', address, row, column)
        return view(self._live(), address.value or 0, *self.shape, strides=(row.value, column.value))

    def _one_a_sample(self, name: str) -> Floats:
        address = ctypes.c_void_p()
        self._call(name, address)
        return view(self._live(), address.value or 0, len(self))

    @property
    @documented('mfl_dataset_targets')
    def targets(self) -> Floats:
        """A read-only array that looks into the data set and keeps it alive."""
        return self._one_a_sample('mfl_dataset_targets')

    @property
    @documented('mfl_dataset_clean_targets')
    def clean_targets(self) -> Floats:
        """A read-only array that looks into the data set and keeps it alive."""
        return self._one_a_sample('mfl_dataset_clean_targets')

    @documented('mfl_dataset_copy_inputs')
    def copy_inputs(self) -> Floats:
        inputs = numpy.empty(self.shape)
        self._call('mfl_dataset_copy_inputs', inputs, inputs.size)
        return inputs

    @documented('mfl_dataset_copy_targets')
    def copy_targets(self) -> Floats:
        targets = numpy.empty(len(self))
        self._call('mfl_dataset_copy_targets', targets, targets.size)
        return targets

    @property
    def names(self) -> list[str]:
        """Names of the columns, that of the target last; "" where there is none."""
        return [self.name(column) for column in range(self.shape.columns + 1)]

    @documented('mfl_dataset_take')
    def take(self, rows: ArrayLike) -> Dataset:
        rows = vector(rows, 'rows', dtype=numpy.int64)
        return self._make(type(self), 'mfl_dataset_take', rows, len(rows))

    @documented('mfl_dataset_split')
    def split(self, train_count: int, index: int = 0) -> tuple[Dataset, Dataset]:
        """:returns: the training set and the rest."""
        return self._make(type(self), 'mfl_dataset_split', train_count, index, count=2)

    @property
    @documented('mfl_dataset_standardisation')
    def standardisation(self) -> Standardisation:
        columns = self.shape.columns
        mean, scale = numpy.empty(columns), numpy.empty(columns)
        target_mean, target_scale = ctypes.c_double(), ctypes.c_double()
        self._call('mfl_dataset_standardisation', mean, scale, columns, target_mean, target_scale)
        return Standardisation(mean, scale, target_mean.value, target_scale.value)
