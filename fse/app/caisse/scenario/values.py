"""Strict reading of one table of a scenario: known keys, required keys, values; each error says where.

Every function raises `UsageError`: `scenario.cle_inconnue`, `scenario.cle_absente`, `scenario.valeur`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import date
from typing import Any

from fse.base.errors import UsageError
from fse.norm.model import ModelError
from fse.norm.model.alphabet import B2_TEXT

MONTANT_MAX = 99_999_999
NUMERO_MAX = 999_999_999
_JOURS_MAX = 3650

Table = Mapping[str, Any]


def error(code: str, message: str, lieu: str) -> UsageError:
    """An error of the scenario: French message, place in the document."""
    return UsageError(code, message, action="Corriger le scénario, puis recommencer.", lieu=lieu)


@contextmanager
def located(lieu: str) -> Iterator[None]:
    """What the model of a return refuses is an error of the scenario, at this place."""
    try:
        yield
    except ModelError as refused:
        raise error("scenario.valeur", refused.message, lieu) from None


def check_keys(table: Any, known: Set[str], required: Set[str], lieu: str) -> None:
    """A table, without a key that is not known, with all that are required."""
    if not isinstance(table, dict):
        raise error("scenario.valeur", "Une table est attendue.", lieu)
    for key in table:
        if key not in known:
            expected = ", ".join(sorted(known))
            raise error("scenario.cle_inconnue", f"La clé « {key} » n'est pas connue ; ici : {expected}.", lieu)
    for key in sorted(required - set(table)):
        raise error("scenario.cle_absente", f"La clé « {key} » manque.", lieu)


def value(table: Table, key: str, kind: type, holds: Callable[[Any], bool], expected: str, lieu: str) -> Any:
    """The value of a key, `None` when it is not there."""
    if key not in table:
        return None
    found = table[key]
    if type(found) is not kind or not holds(found):
        raise error("scenario.valeur", f"« {key} » attend {expected}.", lieu)
    return found


def tables(table: Table, key: str, lieu: str) -> Iterator[tuple[Any, str]]:
    """Each table of a sequence, with its place."""
    found = table.get(key, [])
    if not isinstance(found, list):
        raise error("scenario.valeur", f"« {key} » est une suite de tables [[{key}]].", lieu)
    for rank, item in enumerate(found, start=1):
        yield item, f"{lieu}, {key} n° {rank}"


def yes(table: Table, key: str, lieu: str) -> bool:
    """A truth, false when it is not there."""
    return value(table, key, bool, lambda _: True, "true ou false", lieu) or False


def number(table: Table, key: str, first: int, last: int, lieu: str) -> int | None:
    """A whole number within bounds."""
    found: int | None = value(table, key, int, lambda v: first <= v <= last, f"un nombre de {first} à {last}", lieu)
    return found


def amount(table: Table, key: str, lieu: str, *, signed: bool = False) -> int | None:
    """Centimes; below zero too when `signed`."""
    least = -MONTANT_MAX if signed else 0
    found: int | None = value(table, key, int, lambda v: least <= v <= MONTANT_MAX, "un montant en centimes", lieu)
    return found


def choice(table: Table, key: str, among: tuple[str, ...], expected: str, lieu: str) -> str | None:
    """One of a few texts."""
    found: str | None = value(table, key, str, among.__contains__, expected, lieu)
    return found


def code(table: Table, key: str, longueur: int, lieu: str) -> str | None:
    """Capitals and digits, exactly so many."""
    return _shaped(table, key, lambda v: len(v) == longueur and _is_code(v), f"{longueur} capitales ou chiffres", lieu)


def digits(table: Table, key: str, longueur: int, lieu: str) -> str | None:
    """Digits kept as text, exactly so many."""
    expected = f"un texte de {longueur} chiffres"
    return _shaped(table, key, lambda v: len(v) == longueur and v.isascii() and v.isdigit(), expected, lieu)


def name(table: Table, key: str, longueur: int, lieu: str) -> str | None:
    """Text of the alphabet of B2, of one character or more."""
    expected = f"de 1 à {longueur} capitales, chiffres ou espaces"
    return _shaped(table, key, lambda v: len(v) <= longueur and B2_TEXT.fullmatch(v) is not None, expected, lieu)


def label(table: Table, key: str, longueur: int, lieu: str) -> str | None:
    """Printable latin-1 text without blanks around it; it may be empty."""
    expected = f"un texte de {longueur} caractères au plus, sans blanc autour"
    return _shaped(table, key, lambda v: len(v) <= longueur and _is_label(v), expected, lieu)


def day(table: Table, key: str, lieu: str) -> date | int | None:
    """A date, or a number of days after the day of the answer."""
    if type(table.get(key)) is int:
        return number(table, key, 0, _JOURS_MAX, lieu)
    return calendar_day(table, key, lieu, "une date AAAA-MM-JJ, ou un nombre de jours après celui de la réponse")


def calendar_day(table: Table, key: str, lieu: str, expected: str = "une date AAAA-MM-JJ") -> date | None:
    """A date that a field of six digits can tell."""
    found: date | None = value(table, key, date, lambda v: 1980 <= v.year <= 2079, expected, lieu)
    return found


def _shaped(table: Table, key: str, holds: Callable[[str], bool], expected: str, lieu: str) -> str | None:
    found: str | None = value(table, key, str, holds, expected, lieu)
    return found


def _is_code(text: str) -> bool:
    return text.isascii() and text.isalnum() and text == text.upper()


def _is_label(text: str) -> bool:
    return text == text.strip() and text.isprintable() and all(one <= "\xff" for one in text)
