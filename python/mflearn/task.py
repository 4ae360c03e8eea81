# SPDX-License-Identifier: BSD-3-Clause
"""Tasks: a target function and the law of its inputs."""
from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Sequence

import numpy
from numpy.typing import ArrayLike

from mflearn import _functions
from mflearn._arrays import Floats, matrix, vector
from mflearn._documented import documented
from mflearn._methods import TaskMethods
from mflearn.enumerations import Role

if TYPE_CHECKING:
    from mflearn.context import Context
    from mflearn.dataset import Dataset


class Task(TaskMethods, public=True):
    """A target function and the law of its inputs: Task.parity(), hermite(), relu(), function(), sum()."""

    @classmethod
    @documented('mfl_task_create_caller')
    def function(cls, context: Context, dimension: int, link: Callable[[Floats], ArrayLike]) -> Task:
        """:param link: g, from an array of points u . x to the array of its values."""
        callback = _functions.link(context, link)
        task = context._make(cls, 'mfl_task_create_caller', dimension, callback, None)
        task._hold('link', callback)
        return task

    @classmethod
    @documented('mfl_task_create_sum')
    def sum(cls, context: Context, dimension: int, degrees: ArrayLike, coefficients: ArrayLike) -> Task:
        """:param degrees: terms x variables. :param coefficients: one a term."""
        degrees = numpy.ascontiguousarray(numpy.atleast_2d(degrees), numpy.int64)
        coefficients = vector(coefficients, 'coefficients', len(degrees))
        return context._make(cls, 'mfl_task_create_sum', dimension, degrees.shape[1], len(degrees), degrees,
                             coefficients)

    @documented('mfl_task_set_support')
    def set_support(self, support: Sequence[int]) -> None:
        coordinates = vector(support, 'support', dtype=numpy.int64)
        self._call('mfl_task_set_support', coordinates, len(coordinates))

    @documented('mfl_task_set_direction')
    def set_direction(self, direction: ArrayLike) -> None:
        direction = vector(direction, 'direction')
        self._call('mfl_task_set_direction', direction, len(direction))

    @documented('mfl_task_set_directions')
    def set_directions(self, directions: ArrayLike) -> None:
        directions, stride = matrix(directions, 'directions')
        self._call('mfl_task_set_directions', directions, *directions.shape, stride)

    @documented('mfl_task_set_covariance')
    def set_covariance(self, covariance: ArrayLike) -> None:
        covariance, stride = matrix(covariance, 'covariance')
        covariance, stride = matrix(covariance, 'covariance', len(covariance))
        self._call('mfl_task_set_covariance', covariance, len(covariance), stride)

    @documented('mfl_task_evaluate')
    def evaluate(self, inputs: ArrayLike) -> Floats:
        """:param inputs: one row an input. :returns: one target a row."""
        inputs, stride = matrix(inputs, 'inputs', self.shape.dimension)
        targets = numpy.empty(len(inputs))
        self._call('mfl_task_evaluate', len(inputs), inputs, stride, targets)
        return targets

    def draw(self, count: int, label_noise: float = 0.0, index: int = 0, role: Role | str | int = 'train') -> Dataset:
        """Draw samples of the task; see Dataset.draw()."""
        from mflearn.dataset import Dataset
        return Dataset.draw(self, count, label_noise, index, role)
