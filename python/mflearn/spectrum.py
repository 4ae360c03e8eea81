# SPDX-License-Identifier: BSD-3-Clause
"""Learning curves of kernel ridge regression from the spectrum of its kernel."""
from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy
from numpy.typing import ArrayLike

from mflearn._arrays import Floats, vector
from mflearn._documented import documented
from mflearn._methods import SpectrumMethods
from mflearn.enumerations import SpectrumResult

if TYPE_CHECKING:
    from mflearn.context import Context


class Entries(NamedTuple):
    """Eigenvalues, their multiplicities, and the target's power in them."""
    values: Floats
    multiplicities: Floats
    power: Floats


class Learned(NamedTuple):
    """One point of a learning curve."""
    effective_ridge: float
    overfitting: float
    test_error: float
    train_error: float
    learnability: Floats  # of each entry


class Spectrum(SpectrumMethods, public=True):
    """A kernel's spectrum: Spectrum.of_task(ridge, task, degrees), of_kernel(), of_data(), or of arrays."""

    @documented('mfl_spectrum_create')
    def __init__(self, context: Context, values: ArrayLike, multiplicities: ArrayLike | None = None,
                 rest: float = 0.0) -> None:
        values = vector(values, 'values')
        if multiplicities is not None:
            multiplicities = vector(multiplicities, 'multiplicities', len(values))
        self._begin(context, 'mfl_spectrum_create', len(values), values, multiplicities, rest)

    @property
    @documented('mfl_spectrum_read')
    def entries(self) -> Entries:
        entries = Entries(*(numpy.empty(self.shape.count) for _ in range(3)))
        self._call('mfl_spectrum_read', *entries, self.shape.count)
        return entries

    @property
    @documented('mfl_spectrum_degrees')
    def degrees(self) -> numpy.ndarray:
        degrees = numpy.empty(self.shape.count, numpy.int64)
        self._call('mfl_spectrum_degrees', degrees, degrees.size)
        return degrees

    @documented('mfl_spectrum_learn')
    def learn(self, samples: float, ridge: float, noise: float = 0.0, power: ArrayLike | None = None) -> Learned:
        """:param power: of the target in each entry; None: what the spectrum knows."""
        count = self.shape.count
        if power is not None:
            power = vector(power, 'power', count)
        results, learnability = numpy.empty(SpectrumResult.RESULTS), numpy.empty(count)
        self._call('mfl_spectrum_learn', power, samples, ridge, noise, results, learnability, count)
        effective_ridge, overfitting, test_error, train_error = map(float, results)
        return Learned(effective_ridge, overfitting, test_error, train_error, learnability)
