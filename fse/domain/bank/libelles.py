"""What the labels of a movement cite: the two labels of a transfer (entity 071), as the payer wrote them.

Both are compared in the alphabet of B2, word by word: capitals, digits, one blank. A label is cited when all its words
stand there, side by side and in order; a bank may cut a label where its own zone ends, hence the two ways to join them
(the codec gives the cut ones joined too).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fse.norm.model import to_b2

JOURS_AVANT = 3
JOURS_APRES = 30
"""Days before and after the accounting day of a transfer within which it can come: those of `lien_possible.sql`."""

LONGUEUR_MIN = 4
"""Characters of a label that can be cited: a shorter one stands everywhere by chance."""


def normalise(libelle: str) -> str:
    """A label as it is compared; "" when it says too little to be told from another.

    >>> normalise("C.P.A.M. du Rhône  "), normalise("VIR")
    ('C P A M DU RHONE', '')
    """
    words = _words(libelle)
    return words if len(words) >= LONGUEUR_MIN else ""


def text_of(libelles: Iterable[str]) -> str:
    """All the labels of a movement, in which `cites` looks."""
    return f" {' '.join(filter(None, map(_words, libelles)))} "


def cites(text: str, libelle: str) -> bool:
    """True when this text of `text_of` holds this label of `normalise`.

    >>> cites(text_of(["VIR SEPA CPAM 997", "VIR 000012-1"]), normalise("VIR 000012 1"))
    True
    >>> cites(text_of(["VIR 000012-10"]), normalise("VIR 000012 1"))
    False
    """
    return bool(libelle) and f" {libelle} " in text


def window(jours: Iterable[date]) -> tuple[date, date]:
    """The days on which movements may answer transfers of these days; not empty."""
    kept = sorted(jours)
    return kept[0] - timedelta(JOURS_AVANT), kept[-1] + timedelta(JOURS_APRES)


def announced(jours: Iterable[date]) -> tuple[date, date]:
    """The accounting days of the transfers that movements of these days may answer; not empty."""
    kept = sorted(jours)
    return kept[0] - timedelta(JOURS_APRES), kept[-1] + timedelta(JOURS_AVANT)


def _words(libelle: str) -> str:
    return " ".join(to_b2(libelle).split())
