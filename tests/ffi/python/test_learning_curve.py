# SPDX-License-Identifier: BSD-3-Clause
"""The learning curve in fifteen lines is drawn, and has what its picture shows."""
import pathlib
import runpy

import pytest

PROGRAM = pathlib.Path(__file__).resolve().parents[3] / 'examples' / 'ffi' / 'python' / 'learning_curve.py'


def test_learning_curve(tmp_path, monkeypatch):
    pytest.importorskip('matplotlib')
    monkeypatch.chdir(tmp_path)
    errors = runpy.run_path(str(PROGRAM))['errors']
    assert (tmp_path / 'learning_curve.svg').stat().st_size > 1000
    assert len([line for line in PROGRAM.read_text().split('"""')[2].splitlines() if line.strip()]) <= 16
    network, kernel, theory = zip(*errors)
    assert network[-1] < 0.01 < kernel[-1] and theory[-1] < theory[0] < 0.1 < network[0]
