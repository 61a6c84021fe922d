"""How each constraint of the model stands in JSON, derived from how XML writes it (`xml.scalars`): one text, one rule.

A reader takes a value of JSON and gives that of the model, or raises `RefusedError`. Text is judged as it stands,
without collapsing its blanks; free text alone is put into the B2 alphabet first.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fse.norm.codec.xml.parsing import TEXT_MAX
from fse.norm.codec.xml.scalars import scalar
from fse.norm.model.alphabet import to_b2
from fse.norm.model.constraints import Constraint, Entier, Logique, Montant, Texte

Reader = Callable[[object], object]

ATTENDUS = {int: "un nombre entier, sans guillemets", bool: "true ou false, sans guillemets", str: "un texte"}
"""What must stand in the document for each type of JSON, in French."""


class RefusedError(Exception):
    """A value that its constraint does not hold: the code of the finding, and what its message needs."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def json_type(constraint: Constraint) -> type:
    """`int`, `bool` or `str`. `TypeError` on a constraint that has no place in an input document."""
    scalar(constraint)
    if isinstance(constraint, (Entier, Montant)):
        return int
    return bool if isinstance(constraint, Logique) else str


def reader(constraint: Constraint) -> Reader:
    """The reader of values of the right JSON type."""
    return _text_reader(constraint) if json_type(constraint) is str else _plain_reader(constraint)


def _plain_reader(constraint: Constraint) -> Reader:
    check = constraint.compile()

    def read(value: object) -> object:
        if not check(value):
            raise RefusedError("saisie.hors_bornes", attendu=constraint.expected)
        return value

    return read


def _text_reader(constraint: Constraint) -> Reader:
    facets = dict(scalar(constraint).facets(constraint))
    most = int(facets["maxLength"]) if "maxLength" in facets else None
    pattern = re.compile(facets.get("pattern", "(?s:.*)"), re.ASCII)
    wrong = "saisie.hors_bornes" if "minInclusive" in facets else "saisie.valeur_interdite"
    check, parse = constraint.compile(), scalar(constraint).parse

    def read(value: object) -> object:
        text = _in_b2(str(value)) if isinstance(constraint, Texte) else str(value)
        if pattern.fullmatch(text) is None:
            raise RefusedError("saisie.valeur_interdite", attendu=constraint.expected)
        if most is not None and len(text) > most:
            raise RefusedError("saisie.trop_long", longueur=len(text), maximum=most)
        try:
            found = parse(text)
        except ValueError:  # the shape of a date that no calendar has
            raise RefusedError("saisie.valeur_interdite", attendu=constraint.expected) from None
        if not check(found):
            raise RefusedError(wrong, attendu=constraint.expected)
        return found

    return read


def _in_b2(text: str) -> str:
    """Free text in the B2 alphabet; as it stands where it is too long for anything anyway."""
    return text if len(text) > TEXT_MAX else to_b2(text)
