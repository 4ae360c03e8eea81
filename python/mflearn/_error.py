# SPDX-License-Identifier: BSD-3-Clause
"""What all exceptions of the library have in common."""


class Error(Exception):
    """A call of the library failed; the text is the library's sentence about this failure.

    Each status has its class (mflearn.errors), which is also the exception of Python's own that
    comes nearest: a SizeError is a ValueError, an IoError an OSError.
    """

    status = 0

    def __init__(self, message: str = '') -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message
