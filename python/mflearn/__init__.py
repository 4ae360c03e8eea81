# SPDX-License-Identifier: BSD-3-Clause
"""Mean-field theory of feature learning in two-layer networks, and the experiments that test it.

    import mflearn

    with mflearn.Context(seed=1) as context:
        task = mflearn.Task.parity(context, dimension=20, degree=2)
        model = mflearn.Model(context, dimension=20, width=128)
        theory = mflearn.Theory(task, model).solve(samples=200, kappa=0.1)
        print(theory.results['m'], theory.errors['m'])

The C library does the work; arrays are NumPy's. Options are keyword arguments and mappings (`handle.options`),
results are mappings (`handle.results`), failures are exceptions (`mflearn.errors`).
"""
import ctypes as _ctypes

from mflearn import enumerations, errors
from mflearn._error import Error
from mflearn._library import library
from mflearn.context import Context
from mflearn.dataset import Dataset
from mflearn.diagnostics import diagnose, quantiles
from mflearn.model import Model
from mflearn.network import Network
from mflearn.options import Option, Options
from mflearn.ridge import Ridge
from mflearn.sampler import Sampler
from mflearn.spectrum import Spectrum
from mflearn.task import Task
from mflearn.theory import Diagram, Path, Theory

__all__ = ['Context', 'Dataset', 'Diagram', 'Error', 'Model', 'Network', 'Option', 'Options', 'Path', 'Ridge',
           'Sampler', 'Spectrum', 'Task', 'Theory', 'diagnose', 'enumerations', 'errors', 'has_feature', 'library',
           'quantiles']

__version__ = library.mfl_version_string().decode()  # of the C library that was loaded


def has_feature(name: str) -> bool:
    """Was the library built with an optional feature, such as "hdf5"?"""
    present = _ctypes.c_int32()
    status = library.mfl_version_feature(name.encode(), _ctypes.byref(present))
    if status:
        raise errors.BY_STATUS[status](f'the library knows no feature {name!r}')
    return bool(present.value)
