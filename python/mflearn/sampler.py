# SPDX-License-Identifier: BSD-3-Clause
"""Markov chains that draw networks from the posterior."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy

from mflearn import _functions
from mflearn._arrays import Floats
from mflearn._documented import documented
from mflearn._handle import OptionValue, as_member, from_member
from mflearn._methods import SamplerMethods
from mflearn._results import Results, names_of
from mflearn.diagnostics import Diagnosis, diagnosis
from mflearn.enumerations import SamplerResult, SamplerTraceKind, Stop
from mflearn.network import Network

if TYPE_CHECKING:
    from mflearn.dataset import Dataset
    from mflearn.model import Model
    from mflearn.task import Task


class Predictions(NamedTuple):
    """At every test input: mean over draws, and standard deviation of f over the posterior."""
    mean: Floats
    deviation: Floats


class Sampler(SamplerMethods, public=True):
    """Chains: Sampler(model, train, kappa=0.1, method='hmc', chains=4).run().results['train_error']."""

    _tests = 0

    @documented('mfl_sampler_create')
    def __init__(self, model: Model, dataset: Dataset, kappa: float, *, task: Task | None = None,
                 test: Dataset | None = None, **options: OptionValue) -> None:
        """:param task: see set_task(). :param test: see set_test()."""
        self._begin(model, 'mfl_sampler_create', dataset, kappa, options=options)
        self._dimension = model.shape.dimension
        if task is not None:
            self.set_task(task)
        if test is not None:
            self.set_test(test)

    @documented('mfl_sampler_set_test')
    def set_test(self, dataset: Dataset) -> None:
        self._call('mfl_sampler_set_test', dataset)
        self._tests = len(dataset)

    @documented('mfl_sampler_run')
    def run(self) -> Sampler:
        """:returns: the sampler."""
        self._call('mfl_sampler_run')
        return self

    @property
    def results(self) -> Results:
        """Results by name (SamplerResult in lower case); not-a-number where one does not apply."""
        return Results(names_of(SamplerResult), self.get)

    def results_of_rung(self, rung: int) -> Results:
        """Results of one rung of a ladder by name."""
        return Results(names_of(SamplerResult), lambda key: self.get_rung(rung, key))

    @property
    def stop(self) -> Stop:
        """Why the last run stopped."""
        return from_member(Stop, int(self.get(SamplerResult.STOP)))

    @documented('mfl_sampler_add_observable')
    def add_observable(self, observable: Callable[[Network], float]) -> int:
        """:param observable: from a draw, which is closed when the function returns, to a number.
        :returns: the kind of its trace, for trace() and diagnose().
        """
        kind, callback = ctypes.c_int32(), _functions.observable(self, Network, observable)
        self._call('mfl_sampler_add_observable', callback, None, kind)
        self._hold(f'observable {kind.value}', callback)
        return kind.value

    @property
    @documented('mfl_sampler_predictions')
    def predictions(self) -> Predictions:
        mean, deviation = numpy.empty(self._tests), numpy.empty(self._tests)
        self._call('mfl_sampler_predictions', mean, deviation, self._tests)
        return Predictions(mean, deviation)

    @property
    @documented('mfl_sampler_second_moments')
    def second_moments(self) -> Floats:
        moments = numpy.empty(self._dimension)
        self._call('mfl_sampler_second_moments', moments, moments.size)
        return moments

    @documented('mfl_sampler_trace')
    def trace(self, kind: SamplerTraceKind | str | int, chain: int | None = None) -> Floats:
        """:returns: the values of one chain, or of all chains, one row each, as far as all of them have come."""
        if chain is None:
            chains = int(self.options['chains']) * int(self.options['rungs'])
            rows = [self.trace(kind, number) for number in range(chains)]
            return numpy.stack([row[:min(map(len, rows))] for row in rows])
        kind, count = as_member(SamplerTraceKind, kind), ctypes.c_int64()
        self._call('mfl_sampler_trace', kind, chain, None, 0, count)
        values = numpy.empty(count.value)
        self._call('mfl_sampler_trace', kind, chain, values, values.size, count)
        return values

    @documented('mfl_sampler_diagnose')
    def diagnose(self, kind: SamplerTraceKind | str | int, rung: int | None = None) -> Diagnosis:
        """:param rung: of a ladder; None: the chains as they are. :returns: everything at once."""
        kind = as_member(SamplerTraceKind, kind)
        if rung is None:
            return diagnosis(lambda *request: self._call('mfl_sampler_diagnose', kind, *request))
        return diagnosis(lambda *request: self._call('mfl_sampler_diagnose_rung', rung, kind, *request))
