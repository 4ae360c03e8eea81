# SPDX-License-Identifier: BSD-3-Clause
"""Mean-field theory of one task and model, at a point, along a path, on a grid."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import numpy
from numpy.typing import ArrayLike, NDArray

from mflearn._arrays import Floats, matrix, vector
from mflearn._documented import documented
from mflearn._handle import OptionValue, as_member
from mflearn._methods import DiagramMethods, PathMethods, TheoryMethods
from mflearn._results import Results
from mflearn.enumerations import PathParameter, TheoryMarginals, TheoryPreset, TheoryResult
from mflearn.errors import ArgumentError, StateError
from mflearn.network import Weights
from mflearn.ridge import Prediction

if TYPE_CHECKING:
    from mflearn.dataset import Dataset
    from mflearn.model import Model
    from mflearn.task import Task


class Mode(NamedTuple):
    """Degrees in the task's variables (less zeros at the end) and in all other directions, and y_A."""
    degrees: tuple[int, ...]
    across: int
    target: float


class Density(NamedTuple):
    """A marginal density and its standard error, on a grid."""
    density: Floats
    error: Floats


class FiniteModes(NamedTuple):
    """m_A of each mode over all inputs, by how much it differs, the Monte Carlo standard error of both."""
    m: Floats
    difference: Floats
    error: Floats


class Relevances(NamedTuple):
    """Of each input, with Monte Carlo standard errors; and the inputs, most relevant first."""
    relevance: Floats
    error: Floats
    order: NDArray[numpy.int64]


class Selected(NamedTuple):
    """Which inputs stand out, and the relevance above which one of no Monte Carlo error does."""
    inputs: NDArray[numpy.bool_]
    threshold: float


class Theory(TheoryMethods, public=True):
    """Mean-field theory: Theory(task, model, closure='mf_ard').solve(200, 0.1).results['m']."""

    @documented('mfl_theory_create')
    def __init__(self, task: Task, model: Model, closure: TheoryPreset | str | int | None = None,
                 **options: OptionValue) -> None:
        """:param closure: a TheoryPreset, see use()."""
        self._begin(task.context, 'mfl_theory_create', task, model)
        self._set_up(model, closure, options)

    def _set_up(self, model: Model, closure: TheoryPreset | str | int | None, options: dict) -> None:
        self._dimension = model.shape.dimension
        if closure is not None:
            self.use(closure)
        self.options.update(options)

    @classmethod
    @documented('mfl_theory_create_empirical')
    def empirical(cls, model: Model, train: Dataset, task: Task | None = None,
                  closure: TheoryPreset | str | int | None = None, **options: OptionValue) -> Theory:
        """:param task: for m and weights on and off its support. :param closure: a TheoryPreset, see use()."""
        theory = model.context._make(cls, 'mfl_theory_create_empirical', model, train, task)
        theory._set_up(model, closure, options)
        return theory

    @documented('mfl_theory_solve')
    def solve(self, samples: float, kappa: float) -> Theory:
        """:returns: the theory."""
        self._call('mfl_theory_solve', samples, kappa)
        return self

    def _names(self) -> dict[str, int]:
        """Results by name, as the library that is loaded enumerates them."""
        names: dict[str, int] = {}
        while True:
            try:
                found = self.result_at(len(names))
            except ArgumentError:
                return names
            names[found.name] = int(found.key)

    @property
    def results(self) -> Results:
        """Results of the selected branch by name."""
        return Results(self._names(), lambda key: self.get(key).value)

    @property
    def errors(self) -> Results:
        """Estimated absolute errors of the results, by their names."""
        return Results(self._names(), lambda key: self.get(key).error)

    @property
    def modes(self) -> list[Mode]:
        """The modes that the theory follows, in the order of get_mode()."""
        return [self.mode(number) for number in range(self.mode_count)]

    @documented('mfl_theory_mode')
    def mode(self, mode: int) -> Mode:
        degrees = numpy.empty(64, numpy.int64)
        across, target = ctypes.c_int64(), ctypes.c_double()
        self._call('mfl_theory_mode', mode, degrees, degrees.size, across, target)
        last = int(numpy.max(numpy.flatnonzero(degrees), initial=-1))
        return Mode(tuple(map(int, degrees[:last + 1])), across.value, target.value)

    @documented('mfl_theory_finite_modes')
    def finite_modes(self, draws: int) -> FiniteModes:
        found = FiniteModes(*(numpy.empty(self.mode_count) for _ in range(3)))
        self._call('mfl_theory_finite_modes', draws, len(found.m), *found)
        return found

    @documented('mfl_theory_sample')
    def sample(self, count: int, first: int = 0) -> Weights:
        """:returns: `count` neurons: first-layer weights, one row each, and readouts."""
        weights = Weights(numpy.empty((count, self._dimension)), numpy.empty(count))
        self._call('mfl_theory_sample', first, count, weights.first, self._dimension, weights.readout)
        return weights

    @documented('mfl_theory_marginal')
    def marginal(self, kind: TheoryMarginals | str | int, grid: ArrayLike, draws: int = 4000) -> Density:
        grid = vector(grid, 'grid')
        results = Density(numpy.empty(len(grid)), numpy.empty(len(grid)))
        self._call('mfl_theory_marginal', as_member(TheoryMarginals, kind), draws, grid, len(grid), *results)
        return results

    @documented('mfl_theory_predict')
    def predict(self, inputs: ArrayLike) -> Prediction:
        inputs, stride = matrix(inputs, 'inputs', self._dimension)
        prediction = Prediction(numpy.empty(len(inputs)), numpy.empty(len(inputs)))
        self._call('mfl_theory_predict', inputs, len(inputs), stride, *prediction)
        return prediction

    @property
    @documented('mfl_theory_relevances')
    def relevances(self) -> Relevances:
        count = self._dimension
        found = Relevances(numpy.empty(count), numpy.empty(count), numpy.empty(count, numpy.int64))
        self._call('mfl_theory_relevances', *found, count)
        return found

    @documented('mfl_theory_select_inputs')
    def select_inputs(self, rate: float = 0.05) -> Selected:
        selected, threshold = numpy.empty(self._dimension, numpy.int32), ctypes.c_double()
        self._call('mfl_theory_select_inputs', rate, selected, selected.size, threshold)
        return Selected(selected != 0, threshold.value)


class Curve(NamedTuple):
    """One result along a branch of a path: the parameter, the result, its estimated error."""
    parameter: Floats
    value: Floats
    error: Floats


class Path(PathMethods, public=True):
    """Solutions as one parameter moves: path = Path(theory); path.follow('samples', 10, 1000, kappa=0.1)."""

    @documented('mfl_path_follow')
    def follow(self, parameter: PathParameter | str | int, start: float, end: float, *, samples: float = 1.0,
               kappa: float = 1.0) -> Path:
        """:returns: the path."""
        self._call('mfl_path_follow', as_member(PathParameter, parameter), start, end, samples, kappa)
        return self

    def curve(self, branch: int, key: TheoryResult | str | int = 'm') -> Curve:
        """One result at all points of a branch."""
        points = range(self.branch(branch).points)
        results = [self.get(branch, point, key) for point in points]
        return Curve(numpy.array([self.point(branch, point).value for point in points]),
                     numpy.array([result.value for result in results]),
                     numpy.array([result.error for result in results]))


class Diagram(DiagramMethods, public=True):
    """A theory on a grid: Diagram(theory, samples, kappas).grid('m')."""

    @documented('mfl_diagram_create')
    def __init__(self, theory: Theory, samples: ArrayLike, kappas: ArrayLike) -> None:
        samples, kappas = vector(samples, 'samples'), vector(kappas, 'kappas')
        self._begin(theory, 'mfl_diagram_create', samples, len(samples), kappas, len(kappas))
        self.samples, self.kappas = samples.copy(), kappas.copy()

    def grid(self, key: TheoryResult | str | int = 'm', branch: int = 0) -> Floats:
        """One result at all points, a row for each P; not-a-number where there is no such solution or result."""
        values = numpy.full((len(self.samples), len(self.kappas)), numpy.nan)
        for sample, kappa in numpy.ndindex(values.shape):
            if branch < self.point(sample, kappa).branches:
                try:
                    values[sample, kappa] = self.get(sample, kappa, branch, key).value
                except StateError:
                    pass
        return values
