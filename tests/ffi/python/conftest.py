# SPDX-License-Identifier: BSD-3-Clause
"""One small problem for all tests."""
import mflearn
import pytest


@pytest.fixture
def context():
    with mflearn.Context(seed=7, threads=2) as context:
        yield context


@pytest.fixture
def task(context):
    return mflearn.Task.parity(context, 12, 2)


@pytest.fixture
def model(context):
    return mflearn.Model(context, 12, 32)


@pytest.fixture
def train(task):
    return task.draw(60, label_noise=0.1, index=3)


@pytest.fixture
def sampler(model, train):
    return mflearn.Sampler(model, train, 0.2, burn_in=50, draws=10, thinning=2)


def endless(sampler):
    """A sampler with more to do than any test waits for."""
    sampler.options.update(burn_in=0, draws=10 ** 6, thinning=100)
    return sampler
