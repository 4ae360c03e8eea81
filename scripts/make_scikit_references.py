#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Kernel ridge regression of the example data by scikit-learn.

Usage: make_scikit_references.py > tests/numeric/references/scikit.h

Inputs and targets are standardised by all rows; the first `train` rows are learned from. Two kernels: rbf,
exp(-v |x - x'|^2 / 2), and the relu NNGP kernel from numpy, v = sigma_w^2 / d, sigma_w = 1. From
GaussianProcessRegressor: log evidence, and mean and standard deviation of f at the last five rows; from KernelRidge
(precomputed): mean at the same rows and the five-fold error (fold = row modulo 5) on the training rows.
"""
import pathlib

import numpy as np
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, Kernel
from sklearn.kernel_ridge import KernelRidge

DATA = pathlib.Path(__file__).resolve().parent.parent / "examples/data"


class ReluNNGP(Kernel):
    def __init__(self):
        pass

    def __call__(self, x, y=None, eval_gradient=False):
        y = x if y is None else y
        a, b = np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1)
        u, w = x / a[:, None], y / b[:, None]
        # the angle from chords: accurate at both ends
        near = np.sqrt(np.maximum(((u[:, None] - w[None])**2).sum(2), 0))
        far = np.sqrt(np.maximum(((u[:, None] + w[None])**2).sum(2), 0))
        theta = 2 * np.arctan2(near, far)
        return np.outer(a, b) / x.shape[1] / (2 * np.pi) * (np.sin(theta) + (np.pi - theta) * np.cos(theta))

    def diag(self, x):
        return (x**2).sum(1) / x.shape[1] / 2

    def is_stationary(self):
        return False


def row(name, kernel_name, kernel, train, kappa):
    table = np.loadtxt(DATA / name, delimiter=",", skiprows=1)
    table = (table - table.mean(0)) / table.std(0)
    x, y = table[:, :-1], table[:, -1]
    d = x.shape[1]
    kernel = kernel(d)
    process = GaussianProcessRegressor(kernel, alpha=kappa**2, optimizer=None).fit(x[:train], y[:train])
    mean, deviation = process.predict(x[-5:], return_std=True)
    gram = kernel(x[:train])
    ridge = KernelRidge(alpha=kappa**2, kernel="precomputed").fit(gram, y[:train])
    again = ridge.predict(kernel(x[-5:], x[:train]))
    assert np.allclose(mean, again, atol=1e-9)
    fold, errors = np.arange(train) % 5, 0.0
    for f in range(5):
        inside, outside = fold != f, fold == f
        part = KernelRidge(alpha=kappa**2, kernel="precomputed").fit(gram[np.ix_(inside, inside)], y[:train][inside])
        errors += ((part.predict(gram[np.ix_(outside, inside)]) - y[:train][outside])**2).sum()
    numbers = [process.log_marginal_likelihood_value_, errors / train]
    print(f'{{"{name}", "{kernel_name}", {train}, {kappa}, {numbers[0]!r}, {numbers[1]!r},'.replace("np.float64(", "")
          .replace(")", ""))
    print("    {" + ", ".join(repr(float(v)) for v in mean) + "},")
    print("    {" + ", ".join(repr(float(v)) for v in deviation) + "}},")


print("/* SPDX-License-Identifier: BSD-3-Clause */")
print(f"/* Written by scripts/make_scikit_references.py with scikit-learn {sklearn.__version__}. Do not edit. */")
for file, rows in (("diabetes.csv", 300), ("breast_cancer.csv", 400)):
    row(file, "rbf", lambda d: RBF(length_scale=np.sqrt(d)), rows, 0.3)
    row(file, "nngp", lambda d: ReluNNGP(), rows, 0.5)
