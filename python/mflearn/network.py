# SPDX-License-Identifier: BSD-3-Clause
"""One state of a two-layer network."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import numpy
from numpy.typing import ArrayLike

from mflearn import _functions
from mflearn._arrays import Floats, matrix, vector
from mflearn._documented import documented
from mflearn._methods import NetworkMethods

if TYPE_CHECKING:
    from mflearn.dataset import Dataset


class Weights(NamedTuple):
    """Or the gradient to them: N x d, and N."""
    first: Floats
    readout: Floats


class Potential(NamedTuple):
    """U and its gradient."""
    value: float
    gradient: Weights


class Network(NetworkMethods, public=True):
    """One state of a network's weights. Calling it predicts: network(inputs)."""

    @documented('mfl_network_set_activation')
    def set_activation(self, activation: _functions.Activation) -> None:
        """:param activation: from an array of points to the arrays of values and of derivatives."""
        callback = _functions.activation(self, activation)
        self._call('mfl_network_set_activation', callback, None)
        self._hold('activation', callback)

    def _empty(self) -> Weights:
        dimension, width = self.shape
        return Weights(numpy.empty((width, dimension)), numpy.empty(width))

    @property
    def weights(self) -> Weights:
        """A copy of the weights, N x d and N; assign a pair of arrays to set them."""
        weights = self._empty()
        self._call('mfl_network_copy_weights', weights.first, self.shape.dimension, weights.readout)
        return weights

    @weights.setter
    def weights(self, weights: tuple[ArrayLike, ArrayLike]) -> None:
        dimension, width = self.shape
        first, stride = matrix(weights[0], 'weights', dimension)
        readout = vector(weights[1], 'readout', width)
        vector(first[:, 0], 'each column of the weights', width)
        self._call('mfl_network_set_weights', first, stride, readout)

    @documented('mfl_network_forward')
    def forward(self, inputs: ArrayLike) -> Floats:
        """:param inputs: one row an input. :returns: one prediction a row."""
        inputs, stride = matrix(inputs, 'inputs', self.shape.dimension)
        predictions = numpy.empty(len(inputs))
        self._call('mfl_network_forward', inputs, len(inputs), stride, predictions)
        return predictions

    __call__ = forward

    @documented('mfl_network_potential')
    def potential(self, dataset: Dataset, kappa: float) -> Potential:
        """:returns: U and the gradient to the weights."""
        value, gradient = ctypes.c_double(), self._empty()
        self._call('mfl_network_potential', dataset, kappa, value, gradient.first, self.shape.dimension,
                   gradient.readout)
        return Potential(value.value, gradient)
