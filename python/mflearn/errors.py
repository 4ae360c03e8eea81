# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/update-bindings from include/mflearn; do not edit.
"""An exception for each status of the library."""
from mflearn._error import Error


class NullError(Error, ValueError):
    """A pointer that must not be NULL is NULL."""

    status = -1


class ArgumentError(Error, ValueError):
    """An argument has a value that makes no sense here."""

    status = -2


class SizeError(Error, ValueError):
    """Sizes do not match, or a size is too large to be represented."""

    status = -3


class MflearnMemoryError(Error, MemoryError):
    """An allocation failed."""

    status = -4


class StateError(Error, RuntimeError):
    """The handle is not in a state that allows this call."""

    status = -5


class BusyError(Error, RuntimeError):
    """The context or the handle is in use by another call."""

    status = -6


class ContextError(Error, ValueError):
    """Handles of different contexts were mixed."""

    status = -7


class HandleError(Error, ValueError):
    """Not a live handle of the expected kind."""

    status = -8


class VersionError(Error, ImportError):
    """The loaded library does not fit the headers of the program."""

    status = -9


class ForkError(Error, RuntimeError):
    """The context was used before a fork and cannot be used in the child."""

    status = -10


class UnsupportedError(Error, NotImplementedError):
    """This build or this version cannot do that."""

    status = -11


class OptionError(Error, KeyError):
    """The handle has no option of that key or name."""

    status = -12


class OptionTypeError(Error, TypeError):
    """The option has another type."""

    status = -13


class OptionRangeError(Error, ValueError):
    """The value is outside the option's bounds."""

    status = -14


class UnlearnableError(Error, ValueError):
    """No neuron of this model can correlate with the target."""

    status = -15


class NotFiniteError(Error, ValueError):
    """A number is infinite or not a number."""

    status = -16


class NotPositiveDefiniteError(Error, ArithmeticError):
    """A matrix that must be positive definite is not."""

    status = -17


class DivergedError(Error, ArithmeticError):
    """An iteration left the range of numbers."""

    status = -18


class CancelledError(Error, RuntimeError):
    """Cancelled before there was a result."""

    status = -19


class CallbackError(Error, RuntimeError):
    """A function supplied by the caller failed."""

    status = -20


class MflearnBufferError(Error, BufferError):
    """The caller's buffer is too small."""

    status = -21


class ToleranceError(Error, ArithmeticError):
    """The requested accuracy cannot be reached."""

    status = -23


class IoError(Error, OSError):
    """A file could not be read or written."""

    status = -30


class FormatError(Error, ValueError):
    """A file is not of the expected format."""

    status = -31


class ChecksumError(Error, ValueError):
    """A file is damaged."""

    status = -32


class ParseError(Error, ValueError):
    """A text could not be understood."""

    status = -33


class InternalError(Error, RuntimeError):
    """An internal assumption failed; please report it."""

    status = -99


BY_STATUS = {kind.status: kind for kind in Error.__subclasses__()}
