"""A calibration: where each value goes on the form that the practice supplies, in millimetres (TOML, French keys).

`x` from the left edge, `y` from the top edge to the line on which the text stands. docs/duplicata.md tells each key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

from fse.base.errors import UsageError
from fse.base.french import system_reason

Alignement = Literal["gauche", "droite", "centre"]

_Section = TypeVar("_Section")

_LARGEST = 1000.0
"""Millimetres: no sheet is larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value goes. Millimetres, but `taille` in points (0: that of the calibration).

    `pas`: one character every so many millimetres, letters and digits alone (boxes of a form). `caracteres`: how many
    a line holds (0: up to the edge of the page); a longer text goes on, `interligne` lower, up to `lignes` lines.
    """

    x: float
    y: float
    taille: float = 0.0
    alignement: Alignement = "gauche"
    pas: float = 0.0
    caracteres: int = 0
    lignes: int = 1
    interligne: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colonne:
    """A column of the acts: a place without `y`, which each line gives."""

    x: float
    taille: float = 0.0
    alignement: Alignement = "gauche"
    pas: float = 0.0
    caracteres: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A box to tick when the value of `champ` is `valeur`."""

    champ: str
    valeur: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lignes:
    """The acts: the first stands at `y`, each `pas` lower, `nombre` on a sheet; more go on a further sheet."""

    y: float
    pas: float
    nombre: int
    colonnes: Mapping[str, Colonne]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calage:
    """The whole calibration. `decalage_x` and `decalage_y` move everything: what a printer needs. `absents` are values
    that this form has no place for, on purpose.
    """

    largeur: float = 210.0
    hauteur: float = 297.0
    decalage_x: float = 0.0
    decalage_y: float = 0.0
    taille: float = 9.0
    absents: tuple[str, ...] = ()
    champs: Mapping[str, Place]
    cases: tuple[Case, ...] = ()
    lignes: Lignes
    lieu: str = field(default="", compare=False)


def load_calage(path: Path) -> Calage:
    """The calibration of a TOML file (UTF-8).

    Raises `UsageError`: `calage.illisible`, `calage.cle_inconnue`, `calage.cle_absente`, `calage.valeur`. Whether
    its names are those of values is seen where it is used.
    """
    lieu = str(path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise refusal("calage.illisible", f"Le calage ne s'ouvre pas : {system_reason(error)}.", lieu) from None
    except (ValueError, RecursionError) as error:  # tomllib has its own for syntax only
        raise refusal("calage.illisible", f"Ce n'est pas un document TOML en UTF-8 : {error}.", lieu) from None
    read = {
        **document,
        "champs": _named(Place, document.get("champs", {}), "champs", lieu),
        "cases": tuple(_section(Case, one, "cases", lieu) for one in _listed(document.get("cases", []), "cases", lieu)),
        "lignes": _lines(document.get("lignes", {}), lieu),
    }
    return _made(Calage, read, "", lieu, {"lieu": lieu})


def refusal(code: str, message: str, lieu: str) -> UsageError:
    """An error of a calibration."""
    return UsageError(code, message, action="Corriger le calage (docs/duplicata.md dit ses clés).", lieu=lieu)


def _lines(value: Any, lieu: str) -> Lignes:
    table = _table(value, "lignes", lieu)
    columns = _named(Colonne, table.get("colonnes", {}), "lignes.colonnes", lieu)
    return _made(Lignes, {**table, "colonnes": columns}, "lignes", lieu, {})


def _named(kind: type[_Section], value: Any, where: str, lieu: str) -> dict[str, _Section]:
    return {name: _section(kind, one, f"{where}.{name}", lieu) for name, one in _table(value, where, lieu).items()}


def _section(kind: type[_Section], value: Any, where: str, lieu: str) -> _Section:
    return _made(kind, _table(value, where, lieu), where, lieu, {})


def _table(value: Any, where: str, lieu: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refusal("calage.valeur", f"« {where} » est une table.", lieu)
    return value


def _listed(value: Any, where: str, lieu: str) -> list[Any]:
    if not isinstance(value, list):
        raise refusal("calage.valeur", f"« {where} » est une suite.", lieu)
    return value


def _made(kind: type[_Section], values: Mapping[str, Any], where: str, lieu: str, ours: Mapping[str, Any]) -> _Section:
    """A section of these values, each of the kind that its attribute declares; `ours` are not to be given."""
    expected = {one.name: one for one in fields(cast(Any, kind)) if one.name not in ours}
    place = f" dans {where}" if where else ""
    read = dict(ours)
    for key, value in values.items():
        if key not in expected:
            raise refusal("calage.cle_inconnue", f"La clé « {key} »{place} n'est pas connue.", lieu)
        wanted = _KINDS.get(str(expected[key].type))
        if wanted is not None and not wanted[0](value):
            raise refusal("calage.valeur", f"La clé « {key} »{place} attend {wanted[1]}.", lieu)
        read[key] = tuple(value) if isinstance(value, list) else value
    for name, one in expected.items():
        if name not in read and one.default is MISSING:
            raise refusal("calage.cle_absente", f"La clé « {name} » manque{place}.", lieu)
    return kind(**read)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


_KINDS = {
    "float": (_is_number, "un nombre de millimètres"),
    "int": (_is_count, "un nombre entier"),
    "str": (lambda value: isinstance(value, str), "un texte"),
    "tuple[str, ...]": (
        lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
        "une suite de textes",
    ),
    "Alignement": (lambda value: value in get_args(Alignement), "gauche, droite ou centre"),
}
"""What an attribute of a declared type accepts, and how to say it."""
