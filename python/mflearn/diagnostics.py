# SPDX-License-Identifier: BSD-3-Clause
"""Have Markov chains converged, and how much do their draws tell?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy
from numpy.typing import ArrayLike

from mflearn._arrays import Floats, matrix, vector
from mflearn._documented import documented
from mflearn.enumerations import Diagnostic

if TYPE_CHECKING:
    from mflearn.context import Context

Diagnosis = dict[str, float]


class Quantiles(NamedTuple):
    """Of a trace, with the effective sample size and the Monte Carlo standard error of each."""
    quantiles: Floats
    ess: Floats
    mcse: Floats


def diagnosis(ask: Callable) -> Diagnosis:
    """All that ask(keys, count, results) tells, by the names of Diagnostic in lower case."""
    keys, results = numpy.array(list(Diagnostic), numpy.int32), numpy.empty(len(Diagnostic))
    ask(keys, len(keys), results)
    return {member.name.lower(): float(result) for member, result in zip(Diagnostic, results)}


def _chains(values: ArrayLike) -> tuple:
    array, stride = matrix(numpy.atleast_2d(numpy.asarray(values, numpy.float64)), 'values')
    return array, *array.shape, stride


@documented('mfl_diagnose')
def diagnose(context: Context, values: ArrayLike) -> Diagnosis:
    """:param values: chains x draws, or the draws of one chain. :returns: all diagnostics by name."""
    return diagnosis(lambda *request: context._call('mfl_diagnose', *_chains(values), *request))


@documented('mfl_diagnose_quantiles')
def quantiles(context: Context, values: ArrayLike, probabilities: ArrayLike) -> Quantiles:
    """:param values: chains x draws, or the draws of one chain."""
    probabilities = vector(numpy.atleast_1d(probabilities), 'probabilities')
    results = Quantiles(*(numpy.empty(len(probabilities)) for _ in range(3)))
    context._call('mfl_diagnose_quantiles', *_chains(values), probabilities, len(probabilities), *results)
    return results
