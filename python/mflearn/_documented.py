# SPDX-License-Identifier: BSD-3-Clause
"""Methods written by hand say first what the header says of their function."""
import inspect
from typing import Callable, TypeVar

from mflearn._documentation import DOCUMENTATION

Method = TypeVar('Method', bound=Callable)


def documented(name: str) -> Callable[[Method], Method]:
    """Put the header's text about a function before the docstring of the method."""
    def extend(method: Method) -> Method:
        method.__doc__ = DOCUMENTATION[name].rstrip() + '\n' + inspect.cleandoc(method.__doc__ or '')
        return method
    return extend
