"""Sheets for the tests of the incentives. No test here."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from fse.domain.incitation.feuilles import Acte, Feuille

_NUMBERS = count(1)
JUNE = date(2026, 6, 15)
END = date(2026, 12, 31)


def sheet(*actes: Acte, le: date = JUNE, **changes: Any) -> Feuille:
    """A sheet that the fund acknowledged, of one act on a day unless they are given."""
    numero = next(_NUMBERS)
    said: dict[str, Any] = {
        "prestataire": "001234566",
        "numero": numero,
        "reference": f"V-{numero}",
        "mode": "S",
        "recue": "accuse",
        "sur_papier": False,
        "ame": False,
        "hors_presence": False,
        "actes": actes or (Acte(rang=1, date_soins=le, code_acte="G"),),
    }
    return Feuille(**{**said, **changes})


def paper(**changes: Any) -> Feuille:
    return sheet(**{"mode": "papier", "recue": None, **changes})


def many(fse: int, autres: int, le: date = JUNE) -> list[Feuille]:
    """So many FSE received, so many sheets on paper."""
    return [*(sheet(le=le) for _ in range(fse)), *(paper(le=le) for _ in range(autres))]


def act(rang: int, le: date, *, nourrisson: bool = False, quantite: int = 1) -> Acte:
    return Acte(rang=rang, date_soins=le, code_acte="G", quantite=quantite, nourrisson=nourrisson)
