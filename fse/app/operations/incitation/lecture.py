"""One table of a file of indicators, read key by key: a key that nobody asked for is an error, as in `cabinet.toml`.

Numbers are exact: `tomllib` gives the decimals of a file as `Decimal`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from fse.base.errors import UsageError

_T = TypeVar("_T")

_POUR_CENT_MAX = 1000
"""Above any level: treatments for 100 patients may be more than 100."""


def refusal(message: str, lieu: str, *, action: str = "") -> UsageError:
    """What a file of indicators may not say (`incitation.indicateurs`)."""
    default = "Corriger le fichier d'indicateurs (docs/indicateurs.md en donne un exemple commenté)."
    return UsageError("incitation.indicateurs", message, action=action or default, lieu=lieu)


def read_document(contenu: bytes) -> Table:
    """The whole file. Raises `UsageError` (`incitation.indicateurs`) when it is no TOML in UTF-8."""
    try:
        return Table(tomllib.loads(contenu.decode("utf-8-sig"), parse_float=Decimal), "le fichier")
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise refusal(f"Le fichier d'indicateurs ne se lit pas : {error}.", "") from None


class Table:
    """Values of a table; `lieu` says where it stands. Every method raises `UsageError` (`incitation.indicateurs`)."""

    def __init__(self, values: Mapping[str, Any], lieu: str) -> None:
        self._values = values
        self._asked: set[str] = set()
        self.lieu = lieu

    def needed(self, read: Callable[[str], _T | None], key: str) -> _T:
        """What a method of this table reads of a key that may not be absent."""
        found = read(key)
        if found is None:
            raise refusal(f"La clé « {key} » manque.", self.lieu)
        return found

    def texte(self, key: str) -> str | None:
        return self._read(key, "un texte", lambda v: v if isinstance(v, str) and v.strip() else None)

    def oui_non(self, key: str) -> bool | None:
        return self._read(key, "true ou false", lambda v: v if isinstance(v, bool) else None)

    def entier(self, key: str) -> int | None:
        """A number of things or of centimes: whole, not negative."""
        return self._read(key, "un entier, zéro ou plus", lambda v: v if type(v) is int and v >= 0 else None)

    def pour_cent(self, key: str) -> Fraction | None:
        """A percentage, as an exact fraction of a hundred."""

        def read(value: Any) -> Fraction | None:
            number = type(value) is int or (isinstance(value, Decimal) and value.is_finite())
            return Fraction(value) if number and 0 <= value <= _POUR_CENT_MAX else None

        return self._read(key, "un pourcentage, zéro ou plus", read)

    def jour(self, key: str) -> date | None:
        return self._read(
            key, "une date AAAA-MM-JJ", lambda v: v if isinstance(v, date) and not isinstance(v, datetime) else None
        )

    def textes(self, key: str) -> tuple[str, ...] | None:
        return self._read(key, "une suite de textes", _texts)

    def parmi(self, key: str, among: Mapping[str, Any] | tuple[str, ...]) -> str | None:
        """One of these texts."""
        names = tuple(among)
        return self._read(key, f"l'un de : {', '.join(names)}", lambda v: v if v in names else None)

    def table(self, key: str) -> Table | None:
        found = self._read(key, "une table", lambda v: v if isinstance(v, Mapping) else None)
        return None if found is None else Table(found, f"[{key}]")

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables of a list, none when it is absent."""
        found = self._read(
            key,
            f"une suite de tables [[{key}]]",
            lambda v: v if isinstance(v, list) and all(isinstance(one, Mapping) for one in v) else None,
        )
        return tuple(Table(one, f"[[{key}]] n° {rank}") for rank, one in enumerate(found or (), start=1))

    def cles(self) -> tuple[str, ...]:
        return tuple(self._values)

    def close(self) -> None:
        """Refuse what was not asked for."""
        for key in self._values:
            if key not in self._asked:
                raise refusal(f"La clé « {key} » n'est pas connue, ou n'a pas de sens ici.", self.lieu)

    def _read(self, key: str, expected: str, read: Callable[[Any], _T | None]) -> _T | None:
        self._asked.add(key)
        if key not in self._values:
            return None
        found = read(self._values[key])
        if found is None:
            raise refusal(f"La clé « {key} » est {expected}.", self.lieu)
        return found


def _texts(value: Any) -> tuple[str, ...] | None:
    worded = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    return tuple(value) if worded else None
