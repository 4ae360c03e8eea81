# SPDX-License-Identifier: BSD-3-Clause
"""Kernel ridge regression, above all with the infinite-width kernels of a network."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import numpy
from numpy.typing import ArrayLike

from mflearn import _functions
from mflearn._arrays import Floats, matrix, vector
from mflearn._documented import documented
from mflearn._handle import from_member
from mflearn._methods import RidgeMethods
from mflearn._results import Results, names_of
from mflearn.enumerations import RidgeResult, Stop

if TYPE_CHECKING:
    from mflearn.dataset import Dataset


class Prediction(NamedTuple):
    """Posterior mean and variance of f, or of observations where it says so."""
    mean: Floats
    variance: Floats


class NoisePath(NamedTuple):
    """For each noise: evidence and mean squared leave-one-out error."""
    log_evidence: Floats
    error: Floats


class EvidenceGradient(NamedTuple):
    """Derivatives of the log evidence to logarithms."""
    log_kappa: float
    log_sigma_a: float
    log_sigma_w: float
    log_rho: Floats


class Ridge(RidgeMethods, public=True):
    """Kernel ridge regression: Ridge(model, kernel='ntk').fit(train, kappa=0.1).predict(inputs).mean."""

    @documented('mfl_ridge_fit')
    def fit(self, train: Dataset, kappa: float) -> Ridge:
        """:returns: the regression."""
        self._call('mfl_ridge_fit', train, kappa)
        return self

    @documented('mfl_ridge_set_kernel')
    def set_kernel(self, kernel: _functions.Kernel) -> None:
        """:param kernel: from inputs (n x d) and inputs (m x d) to the matrix of values (n x m)."""
        callback = _functions.kernel(self, kernel)
        self._call('mfl_ridge_set_kernel', callback, None)
        self._hold('kernel', callback)

    @property
    def results(self) -> Results:
        """Numbers that the last fit left by name (RidgeResult in lower case)."""
        return Results(names_of(RidgeResult), self.get)

    @property
    def stop(self) -> Stop:
        """Why what was iterated stopped."""
        return from_member(Stop, int(self.get(RidgeResult.STOP)))

    @property
    @documented('mfl_ridge_precisions')
    def precisions(self) -> Floats:
        """Assign an array to set them (None: back to the model's); a fit is forgotten then."""
        rho = numpy.empty(self.shape.dimension)
        self._call('mfl_ridge_precisions', rho, rho.size)
        return rho

    @precisions.setter
    def precisions(self, rho: ArrayLike | None) -> None:
        rho = numpy.empty(0) if rho is None else vector(rho, 'precisions')
        self._call('mfl_ridge_set_precisions', rho if rho.size else None, rho.size)

    @documented('mfl_ridge_kernel')
    def kernel(self, rows: ArrayLike, columns: ArrayLike | None = None) -> Floats:
        """:param columns: the same as the rows where they are not given."""
        rows, row_stride = matrix(rows, 'rows', self.shape.dimension)
        columns, column_stride = (rows, row_stride) if columns is None else \
            matrix(columns, 'columns', self.shape.dimension)
        kernel = numpy.empty((len(rows), len(columns)))
        self._call('mfl_ridge_kernel', rows, len(rows), row_stride, columns, len(columns), column_stride, kernel,
                   len(columns))
        return kernel

    @documented('mfl_ridge_kernel_error')
    def kernel_error(self, inputs: ArrayLike) -> float:
        inputs, stride = matrix(inputs, 'inputs', self.shape.dimension)
        error = ctypes.c_double()
        self._call('mfl_ridge_kernel_error', inputs, len(inputs), stride, error)
        return error.value

    @documented('mfl_ridge_predict')
    def predict(self, inputs: ArrayLike) -> Prediction:
        inputs, stride = matrix(inputs, 'inputs', self.shape.dimension)
        prediction = Prediction(numpy.empty(len(inputs)), numpy.empty(len(inputs)))
        with_variance = self.options['solver'] == 'cholesky'
        self._call('mfl_ridge_predict', inputs, len(inputs), stride, prediction.mean,
                   prediction.variance if with_variance else None)
        if not with_variance:
            prediction.variance.fill(numpy.nan)
        return prediction

    @property
    @documented('mfl_ridge_weights')
    def weights(self) -> Floats:
        weights = numpy.empty(self.shape.samples)
        self._call('mfl_ridge_weights', weights, weights.size)
        return weights

    @documented('mfl_ridge_fit_matrix')
    def fit_matrix(self, kernel: ArrayLike, targets: ArrayLike, kappa: float) -> Ridge:
        """:param kernel: P x P. :returns: the regression."""
        targets = vector(targets, 'targets')
        kernel, stride = matrix(kernel, 'kernel', len(targets))
        matrix(kernel.T, 'kernel, transposed,', len(targets))
        self._call('mfl_ridge_fit_matrix', len(targets), kernel, stride, targets, kappa)
        return self

    @documented('mfl_ridge_predict_matrix')
    def predict_matrix(self, cross: ArrayLike, prior: ArrayLike) -> Prediction:
        """:param cross: kernel between new inputs and samples. :param prior: kernel of each new input with itself."""
        cross, stride = matrix(cross, 'cross', self.shape.samples)
        prior = vector(prior, 'prior', len(cross))
        prediction = Prediction(numpy.empty(len(cross)), numpy.empty(len(cross)))
        self._call('mfl_ridge_predict_matrix', cross, len(cross), stride, prior, *prediction)
        return prediction

    @documented('mfl_ridge_covariance')
    def covariance(self, inputs: ArrayLike) -> Floats:
        inputs, stride = matrix(inputs, 'inputs', self.shape.dimension)
        covariance = numpy.empty((len(inputs), len(inputs)))
        self._call('mfl_ridge_covariance', inputs, len(inputs), stride, covariance, len(inputs))
        return covariance

    @documented('mfl_ridge_solve')
    def solve(self, targets: ArrayLike) -> Floats:
        """:param targets: one row of P numbers for each problem. :returns: weights, likewise."""
        targets, stride = matrix(targets, 'targets', self.shape.samples)
        weights = numpy.empty(targets.shape)
        self._call('mfl_ridge_solve', targets, len(targets), stride, weights, targets.shape[1])
        return weights

    @documented('mfl_ridge_leave_one_out')
    def leave_one_out(self) -> Prediction:
        """:returns: variances are those of observations."""
        prediction = Prediction(*(numpy.empty(self.shape.samples) for _ in range(2)))
        self._call('mfl_ridge_leave_one_out', *prediction, self.shape.samples)
        return prediction

    @documented('mfl_ridge_cross_validate')
    def cross_validate(self, fold: ArrayLike, folds: int) -> Floats:
        """:param fold: the fold of each sample, from 0."""
        fold = vector(fold, 'fold', self.shape.samples, numpy.int64)
        mean = numpy.empty(len(fold))
        self._call('mfl_ridge_cross_validate', fold, folds, mean, len(fold))
        return mean

    @documented('mfl_ridge_path')
    def path(self, train: Dataset, kappas: ArrayLike) -> NoisePath:
        kappas = vector(kappas, 'kappas')
        results = NoisePath(numpy.empty(len(kappas)), numpy.empty(len(kappas)))
        self._call('mfl_ridge_path', train, kappas, len(kappas), *results)
        return results

    @documented('mfl_ridge_gradient')
    def gradient(self) -> EvidenceGradient:
        log_kappa, log_sigma_a, log_sigma_w = (ctypes.c_double() for _ in range(3))
        log_rho = numpy.empty(self.shape.dimension)
        self._call('mfl_ridge_gradient', log_kappa, log_sigma_a, log_sigma_w, log_rho, log_rho.size)
        return EvidenceGradient(log_kappa.value, log_sigma_a.value, log_sigma_w.value, log_rho)
