"""The keys of a description of previous software: what each holds, in TOML (typed) or in a cell of a CSV (text)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fse.base.identifiers import nir as nir_identifier
from fse.base.plages import FACTURES, FICHIERS, LOTS, Plage

_LENGTH_MAX = 9
_REFERENCE = re.compile(r"[0-9A-Za-z._:/#+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Cle:
    """One key: `attendu` says in French what it holds, `read` gives its value or raises `ValueError`."""

    attendu: str
    read: Callable[[Any], Any]
    obligatoire: bool = False


def number(plage: Plage, *, de: str = "", obligatoire: bool = False) -> Cle:
    """A whole number of this range; `de` is what it counts."""

    def read(given: Any) -> int:
        if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= _LENGTH_MAX:
            given = int(given)
        if not isinstance(given, int) or isinstance(given, bool) or given not in plage:
            raise ValueError
        return given

    return Cle(f"un nombre entier{de} de {plage}", read, obligatoire)


def day(*, obligatoire: bool = False) -> Cle:
    """A civil date."""

    def read(given: Any) -> date:
        if isinstance(given, str):
            return date.fromisoformat(given)
        if not isinstance(given, date) or isinstance(given, datetime):
            raise ValueError
        return given

    return Cle("une date AAAA-MM-JJ", read, obligatoire)


def text(attendu: str, accepts: Callable[[str], object], *, obligatoire: bool = False) -> Cle:
    """A text that `accepts` takes."""

    def read(given: Any) -> str:
        if not isinstance(given, str) or not accepts(given):
            raise ValueError
        return given

    return Cle(attendu, read, obligatoire)


def digits(length: int, *, obligatoire: bool = False) -> Cle:
    """So many digits, as text: they may start with zeros."""
    return text(
        f"{length} chiffres entre guillemets",
        lambda given: len(given) == length and given.isascii() and given.isdigit(),
        obligatoire=obligatoire,
    )


def _is_name(given: str) -> bool:
    return 0 < len(given.strip()) <= 80 and given.isprintable()


_CENTIMES = number(Plage(0, 99_999_999), de=" de centimes")

DOCUMENT: Mapping[str, Cle] = {
    "cabinet": text("le nom du cabinet, comme dans cabinet.toml", len, obligatoire=True),
    "dernier_fichier": number(Plage(0, FICHIERS.dernier)),
}
"""The last file id is that of the sender, hence of the whole practice."""

PRESTATAIRE: Mapping[str, Cle] = {
    "numero": digits(9, obligatoire=True),
    "dernier_numero": number(Plage(0, FACTURES.dernier), obligatoire=True),
    "dernier_lot": number(Plage(0, LOTS.dernier)),
    "date_dernier_lot": day(),
}

FACTURE: Mapping[str, Cle] = {
    "prestataire": digits(9),
    "numero": number(FACTURES, obligatoire=True),
    "date_facture": day(obligatoire=True),
    "numero_lot": number(LOTS),
    "date_lot": day(),
    "envoyee_le": day(obligatoire=True),
    "demande_amo": _CENTIMES,
    "demande_amc": _CENTIMES,
    "total_honoraires": _CENTIMES,
    "organisme": digits(3),
    "regime": digits(2),
    "caisse": digits(3),
    "centre": digits(4),
    "reference": text("de 1 à 64 lettres sans accent, chiffres ou signes . _ : / # + -", _REFERENCE.fullmatch),
    "remplacant": digits(9),
    "nir": text("les 13 caractères d'un NIR", nir_identifier.is_well_formed),
    "nom": text("un nom", _is_name),
    "prenom": text("un prénom", _is_name),
}
"""Amounts are whole centimes, as everywhere in what fse is given."""

PERSONNELLES = frozenset({"nir", "nom", "prenom"})
