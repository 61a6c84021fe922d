"""The proofs of one record's fields: what a layout must be before a single byte is read with it.

They raise `ValueError` in English: who sees them is writing a layout. The proofs of an edition are in `manifest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS, NUMERIC
from fse.norm.layout.values import Unparsed


def prove_fields(type: str, longueur: int, champs: tuple[Field, ...]) -> None:
    """Raises `ValueError` on the first thing that does not hold: a gap, a name twice, a field that contradicts itself.

    `champs` in the order of their positions; `longueur` in bytes.
    """
    following = 1
    for field in champs:
        if field.debut != following or field.fin - field.debut + 1 != field.longueur or field.longueur < 1:
            raise ValueError(f"record {type}: field {field.nom} does not start at {following}, or its length lies")
        following = field.fin + 1
    if following != longueur + 1:
        raise ValueError(f"record {type}: fields end at {following - 1}, not {longueur}")
    by_name = {field.nom: field for field in champs}
    if len(by_name) != len(champs):
        raise ValueError(f"record {type}: a field name stands twice")
    for field in champs:
        for problem in _problems(field, by_name):
            raise ValueError(f"record {type}: field {field.nom} {problem}")


def _problems(field: Field, by_name: Mapping[str, Field]) -> Iterator[str]:
    """What is wrong in one field, in English."""
    if field.genre not in KINDS:
        yield f"has the unknown kind {field.genre}"
        return
    if field.presence not in ("O", "F"):
        yield f"has the unknown presence {field.presence}"
    if field.zeros not in ("0", "absent") or (field.zeros == "absent" and field.genre not in NUMERIC):
        yield "says what zeros mean, and cannot"
    if field.cadrage not in ("gauche", "droite") or (field.cadrage == "droite" and field.genre != "texte"):
        yield "has an alignment that its kind does not have"
    if (field.decimales > 0) != (field.genre == "decimal") or not 0 <= field.decimales <= field.longueur:
        yield "has decimals and is no decimal, or the reverse"
    if field.ouverte and field.table is None:
        yield "opens a code list that it does not have"
    scale = by_name.get(field.decimales_de or "")
    if field.decimales_de is not None and (field.genre != "montant_signe" or scale is None or scale.longueur != 1):
        yield "takes its decimals from what cannot say them"
    yield from _sign_problems(field, by_name)
    yield from _text_problems(field)


def _sign_problems(field: Field, by_name: Mapping[str, Field]) -> Iterator[str]:
    if (field.genre == "signe") != (field.signe_de is not None):
        yield "is a sign without an amount, or the reverse"
    elif field.signe_de is not None:
        amount = by_name.get(field.signe_de)
        if amount is None or amount.genre != "montant":
            yield f"signs {field.signe_de}, which is no amount of this record"
        if field.longueur != 1:
            yield "is a sign of more than one character"
        if sum(other.signe_de == field.signe_de for other in by_name.values()) > 1:
            yield f"signs {field.signe_de}, which has another sign"


def _text_problems(field: Field) -> Iterator[str]:
    """The constant and the default: one at most, of the right length, readable by the kind."""
    if field.constante is not None and field.defaut is not None:
        yield "has both a constant and a default"
    for text in (field.constante, field.defaut):
        if text is None:
            continue
        if len(text) != field.longueur:
            yield "has a constant or a default of the wrong length"
        elif isinstance(KINDS[field.genre].parse(text, field), Unparsed):
            yield "has a constant or a default that its kind cannot read"
