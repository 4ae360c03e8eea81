# SPDX-License-Identifier: BSD-3-Clause
"""Exceptions and Ctrl-C across the library.

No exception can pass through C. One that is raised in a callback is kept, the library is told to stop, and the call
that led there raises it when it returns. Ctrl-C is treated alike: while the main thread is inside the library, Python's
own handler would raise wherever a callback happens to begin, where nothing can catch it, so that a handler takes its
place which only takes note and cancels.

Contexts are addresses here: a callback that referred to its owner would keep it alive for ever.
"""
from __future__ import annotations

import signal
import threading
# Those of the module signal spend most of their time on the names of signals.
from _signal import getsignal, signal as handle  # type: ignore[import]
from typing import Any, Callable

from mflearn._library import library


class _Thread(threading.local):
    raised: BaseException | None = None  # by a callback of the innermost call of this thread
    cancelled: int | None = None         # the context that was cancelled on that account


_here = _Thread()
SIGINT = int(signal.SIGINT)


def _keep(problem: BaseException, context: int) -> None:
    """Let the call in progress stop, and raise when it has."""
    if _here.raised is None:
        _here.raised, _here.cancelled = problem, context
        library.mfl_context_cancel(context)


def shielded(context: int, function: Callable, failed: Any = 1) -> Callable:
    """A callback for the library that never raises: `failed` is its answer then."""
    def callback(*arguments: Any) -> Any:
        if _here.raised is not None:
            return failed
        try:
            return function(*arguments)
        except BaseException as problem:
            _keep(problem, context)
            return failed
    return callback


class guarded:
    """Around a call of the library: raises what its callbacks have raised, and KeyboardInterrupt."""

    __slots__ = ('context', 'interrupt')

    def __init__(self, context: int) -> None:
        self.context = context

    def __enter__(self) -> None:
        self.interrupt = None
        if (threading.current_thread() is threading.main_thread()
                and getsignal(SIGINT) is signal.default_int_handler):
            self.interrupt = handle(SIGINT, lambda *_: _keep(KeyboardInterrupt(), self.context))

    def __exit__(self, *_: Any) -> None:
        if self.interrupt is not None:
            handle(SIGINT, self.interrupt)
        raised = _here.raised
        if raised is not None:
            library.mfl_context_resume(_here.cancelled)
            _here.raised = _here.cancelled = None
            try:
                raise raised
            finally:
                del raised  # which would keep all frames of the traceback alive, this one among them
