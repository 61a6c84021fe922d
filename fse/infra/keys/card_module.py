"""The PKCS#11 library of a reader, and the token that bears a label in it. One lock around every call.

python-pkcs11 initialises a library without threads: two calls at once may end the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from fse.base.resources import require
from fse.infra.keys.card_errors import card_error, translated

if TYPE_CHECKING:
    from pkcs11 import Token

EXTRA = "carte"
CARD_LOCK = RLock()


@contextmanager
def card_call(jeton: str) -> Iterator[Any]:
    """The module `pkcs11`, for a while to this thread alone; what it raises becomes a `SignatureError`.

    Raises `UsageError` without the extra.
    """
    pkcs11 = require("pkcs11", extra=EXTRA)
    with CARD_LOCK:
        try:
            yield pkcs11
        except pkcs11.PKCS11Error as error:
            raise translated(error, jeton) from error


def tokens_of(module: str, jeton: str) -> list[Token]:
    """The tokens of this label that are in a reader now; what else the readers hold is left alone.

    `module` is a path, or a name that the system finds. Raises `SignatureError`: `carte.module_absent`,
    `carte.module_illisible`, `carte.module_en_panne`.
    """
    with card_call(jeton) as pkcs11:
        found = []
        for slot in _opened(pkcs11, module, jeton).get_slots(token_present=True):
            try:
                token = slot.get_token()
            except pkcs11.PKCS11Error:  # taken away since, or a card that this library does not know
                continue
            if token.label == jeton:
                found.append(token)
        return found


def find_token(module: str, jeton: str) -> Token:
    """The token of this label. Raises as `tokens_of`, and `carte.absente`, `carte.plusieurs`."""
    found = tokens_of(module, jeton)
    if not found:
        raise card_error("carte.absente", jeton)
    if len(found) > 1:
        raise card_error("carte.plusieurs", jeton)
    return found[0]


def _opened(pkcs11: Any, module: str, jeton: str) -> Any:
    """The library, loaded and initialised once a process."""
    try:
        return pkcs11.lib(module)
    except pkcs11.PKCS11Error as error:
        raise card_error(_why_not(error, module, pkcs11), jeton, f"({module}.)") from error


def _why_not(error: Exception, module: str, pkcs11: Any) -> str:
    """Only the library that cannot be loaded has the bare class of the errors; the system tells why in its message."""
    if type(error) is not pkcs11.PKCS11Error:
        return "carte.module_en_panne"
    is_path = Path(module).name != module
    there = Path(module).exists() if is_path else "C_GetFunctionList" in str(error)
    return "carte.module_illisible" if there else "carte.module_absent"
