# SPDX-License-Identifier: BSD-3-Clause
"""The context: seed, threads, log, progress, and the life of everything made in it."""
from __future__ import annotations

import ctypes
import threading
from typing import Callable, Optional

from mflearn import errors
from mflearn._calls import shielded
from mflearn._documented import documented
from mflearn._handle import OptionValue, Owned, from_member
from mflearn._library import CALLBACKS, library
from mflearn._methods import ContextMethods
from mflearn.enumerations import LogLevel

Progress = Callable[[str, float, float], Optional[bool]]
Log = Callable[[LogLevel, str], None]


class Context(ContextMethods, public=True):
    """Where everything is made: `Context(seed=1, threads=4)`.

    One context serves one thread at a time (a second one gets a BusyError); make one for each thread that is to
    work at once. During long operations in the main thread Ctrl-C raises KeyboardInterrupt.
    """

    def __init__(self, **options: OptionValue) -> None:
        pointer = ctypes.c_void_p()
        status = library.mfl_context_create(ctypes.byref(pointer))
        if status:
            raise errors.BY_STATUS[status](library.mfl_status_message(status).decode())
        self._owned = Owned('context', pointer.value or 0, None)
        if threading.current_thread() is threading.main_thread():
            self.set_progress(None)
        self.options.update(options)

    @property
    def context(self) -> Context:
        """The context itself."""
        return self

    @documented('mfl_context_set_progress')
    def set_progress(self, progress: Progress | None) -> None:
        """:param progress: called as progress(stage, fraction, seconds); a true answer cancels the operation,
            an exception cancels it and comes out of the call. None: nothing is called.
        """
        def report(stage: bytes, fraction: float, seconds: float, _: int) -> int:
            return int(bool(progress and progress(stage.decode(), fraction, seconds)))
        # Without a function the report still gives Python the opportunity to notice Ctrl-C.
        callback = CALLBACKS['mfl_progress_fn'](shielded(self._live().pointer, report))
        self._call('mfl_context_set_progress', callback, None)
        self._hold('progress', callback)

    @documented('mfl_context_set_log')
    def set_log(self, log: Log | None) -> None:
        """:param log: called as log(level, message); None: messages are dropped."""
        def receive(level: int, message: bytes, _: int) -> None:
            if log:
                log(from_member(LogLevel, level), message.decode(errors='replace'))
        kind = CALLBACKS['mfl_log_fn']
        callback = kind(shielded(self._live().pointer, receive, None)) if log else kind()
        self._call('mfl_context_set_log', callback, None)
        self._hold('log', callback)

    @property
    @documented('mfl_context_provenance')
    def provenance(self) -> str:
        return self._buffer('mfl_context_provenance')
