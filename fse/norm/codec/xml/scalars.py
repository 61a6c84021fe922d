"""How each constraint of the model is written in XML: its built-in type and facets, its text and its value.

One entry a constraint, used by the schema, the reader and the writer, so that the three cannot disagree. Text reaches
`parse` with its blanks collapsed and already valid against the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fse.norm.model.constraints import (
    Chiffres,
    Code,
    CodeDroite,
    Constraint,
    Decimale,
    Entier,
    Jour,
    Logique,
    Montant,
    Motif,
    Phrase,
    Texte,
)

Facets = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scalar:
    """`name` gives a name to share between elements, or none; each function takes the constraint last."""

    base: str
    name: Callable[[Any], str | None]
    facets: Callable[[Any], Facets]
    parse: Callable[[str], object]
    format: Callable[[Any, Any], str]


def _between(minimum: object, maximum: object, pattern: str) -> Facets:
    return [("minInclusive", str(minimum)), ("maxInclusive", str(maximum)), ("pattern", pattern)]


def _unnamed(_: Constraint) -> None:
    return None


def _as_is(value: object, _: Constraint) -> str:
    return str(value)


def _digits(constraint: Chiffres) -> Facets:
    if constraint.non_nul:
        return [("pattern", "0*[1-9][0-9]*")]
    return [("pattern", f"[0-9]{{{constraint.longueur}}}")]


_WHOLE = "[0-9]{1,12}"
"""No sign, and a bound on leading zeros."""

_SCALARS: dict[type, Scalar] = {
    Chiffres: Scalar(
        "xs:token", lambda c: f"chiffres_{c.longueur}" + ("_non_nul" if c.non_nul else ""), _digits, str, _as_is
    ),
    Texte: Scalar(
        "xs:token",
        lambda c: f"texte_{c.maximum}",
        lambda c: [("minLength", "1"), ("maxLength", str(c.maximum))],
        str,
        _as_is,
    ),
    Phrase: Scalar(
        "xs:token",
        lambda c: f"phrase_{c.maximum}",
        lambda c: [("minLength", "1"), ("maxLength", str(c.maximum)), ("pattern", c.regex)],
        str,
        _as_is,
    ),
    CodeDroite: Scalar(
        "xs:token",
        lambda c: f"code_droite_{c.maximum}",
        lambda c: [("maxLength", str(c.maximum)), ("pattern", "0*[1-9A-Z][0-9A-Z]*")],
        lambda text: text.lstrip("0"),
        _as_is,
    ),
    Motif: Scalar("xs:token", _unnamed, lambda c: [("pattern", c.regex)], str, _as_is),
    Code: Scalar("xs:token", _unnamed, lambda c: [("enumeration", valeur) for valeur in c.valeurs], str, _as_is),
    Entier: Scalar(
        "xs:nonNegativeInteger",
        lambda c: f"entier_{c.minimum}_{c.maximum}",
        lambda c: _between(c.minimum, c.maximum, _WHOLE),
        int,
        _as_is,
    ),
    Montant: Scalar(
        "xs:nonNegativeInteger",
        lambda c: f"montant_{c.chiffres}",
        lambda c: _between(0, c.maximum, _WHOLE),
        int,
        _as_is,
    ),
    Decimale: Scalar(
        "xs:decimal",
        lambda c: f"decimale_{c.entiers}_{c.decimales}",
        lambda c: _between(c.minimum, c.maximum, rf"{_WHOLE}(\.[0-9]{{1,{c.decimales}}})?"),
        Decimal,
        lambda value, c: f"{value.quantize(c.minimum):f}",
    ),
    Jour: Scalar(
        "xs:date",
        lambda c: f"jour_{c.annee_min}_{c.annee_max}",
        lambda c: _between(f"{c.annee_min:04d}-01-01", f"{c.annee_max:04d}-12-31", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        date.fromisoformat,
        _as_is,
    ),
    Logique: Scalar(
        "xs:boolean",
        _unnamed,
        lambda _: [],
        lambda text: text in ("true", "1"),
        lambda value, _: str(value).lower(),
    ),
}


def scalar(constraint: Constraint) -> Scalar:
    """The XML side of a constraint. `TypeError` on one that has no place in an input document."""
    if isinstance(constraint, Montant) and constraint.signe:
        raise TypeError("a signed amount has no place in an input document")
    try:
        return _SCALARS[type(constraint)]
    except KeyError:
        raise TypeError(f"{type(constraint).__name__} has no place in an input document") from None
