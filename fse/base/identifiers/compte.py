"""Bank account: the 21 characters that name one in France, or the IBAN that holds them.

In France: bank (5 digits), branch (5 digits), account (11 digits or capitals), and a key of 2 digits that the others
give (RIB). Its IBAN is `FR`, 2 digits of check, then these 23. A CFONB statement prints the 21, a camt.053 the IBAN: an
account is known here by the 21, and one of another country by its IBAN. Source: IBAN registry (ISO 13616), CFONB.

    >>> reduce("FR76 9999 9000 0100 0000 0000 115")
    '999990000100000000001'
    >>> reduce("999990000100000000001")
    '999990000100000000001'
    >>> masked("999990000100000000001")
    '…0001'
"""

from __future__ import annotations

import re

FORME = re.compile(r"[0-9]{10}[0-9A-Z]{11}")
"""Bank, branch and account, without the key."""

_FRENCH = re.compile(r"FR[0-9]{12}[0-9A-Z]{11}[0-9]{2}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_SHOWN = 4


def reduce(written: str) -> str:
    """The account that a person or a file writes, blanks and case aside: 21 characters, else an IBAN, "" if neither.

    The check digits of an IBAN are not judged: `problem` does.
    """
    text = "".join(written.split()).upper()
    if FORME.fullmatch(text):
        return text
    if _FRENCH.fullmatch(text):
        return text[4:25]
    return text if _IBAN.fullmatch(text) else ""


def problem(written: str) -> str | None:
    """What is wrong with an account, in French; `None` when nothing is."""
    text = "".join(written.split()).upper()
    if not reduce(text):
        return "un compte est un IBAN, ou le code de la banque, celui du guichet et le numéro de compte (21 caractères)"
    if FORME.fullmatch(text):
        return None
    from stdnum import iban  # late: stdnum imports ssl

    return None if iban.is_valid(text) else "la clé de l'IBAN n'est pas bonne"


def masked(compte: str) -> str:
    """The last characters of an account, as a message may show it."""
    return f"…{compte[-_SHOWN:]}"
