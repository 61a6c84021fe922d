"""The typed errors of `fse`: one class per exit status, a stable code, a French message, a next action.

A *finding* (`fse.base.findings`) says what is wrong in a content that can still be read; an *error* says that the
operation could not be done. Nothing else leaves the public functions.
"""

from typing import ClassVar


class FseError(Exception):
    """Base of all errors raised on purpose.

    `code` is stable (dotted, e.g. `lecture.pas_a_nous`), `message` and `action` are French and contain no personal
    data, `lieu` says where (file, element, invoice). `status` is the exit status of the command line.
    """

    status: ClassVar[int] = 1

    def __init__(self, code: str, message: str, *, action: str, lieu: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.action = action
        self.lieu = lieu

    def __str__(self) -> str:
        place = f"{self.lieu} : " if self.lieu else ""
        return f"{place}{self.message} [{self.code}] {self.action}"


class UsageError(FseError):
    """Wrong call: unknown option or key of configuration, missing extra, ambiguous number."""

    status = 2


class UnreadableError(FseError):
    """Bytes that are not one of our formats at all: a PDF, an empty file, no record 000."""

    status = 3


class SignatureError(FseError):
    """Key, card, certificate or password; also a signature that cannot be made."""

    status = 4


class StorageError(FseError):
    """Journal or transport: locked, absent, full, of another cabinet."""

    status = 5


class BuildError(FseError):
    """A value that its field cannot carry: too long, too large, outside the alphabet. Never cut, never rounded."""

    status = 1
