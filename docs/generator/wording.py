"""How the data of a layout is said in English: positions, kinds, what a field holds, what a condition asks."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generator.markdown import code, codes, link
from fse.norm.layout import Field
from fse.norm.layout.edition import Condition, Detail, Discriminant

KINDS = {
    "texte": ("A", "text, on the left, filled with blanks; with *zeros on its left* it stands on the right"),
    "code": ("A", "a code, on the left, filled with blanks"),
    "signe": ("A", "`P` or `N`: the sign of the amount that it names"),
    "blanc": ("A", "blanks; anything else is kept and reported"),
    "chiffres": ("N", "a number that is a name (provider, fund): digits that fill the field, kept as text"),
    "entier": ("N", "a count, on the right, filled with zeros"),
    "montant": ("N", "centimes without a sign, on the right, filled with zeros"),
    "montant_signe": (
        "N",
        "digits, the last with the sign: `{`, `A` to `I` for +0 to +9, `}`, `J` to `R` for -0 to -9; then centimes",
    ),
    "decimal": ("N", "a number with implied decimals: `4+2` is four digits, then two decimals"),
    "date": ("N", "a date, AAMMJJ; years 80 to 99 are of the past century"),
    "jour": ("N", "a date, JJMMAA; years 80 to 99 are of the past century"),
}
"""Each kind (`genre`): the class that `fse` reads it in, and how it is written."""


def positions(field: Field) -> str:
    """`12-24`, or `36`."""
    return f"{field.debut}-{field.fin}" if field.longueur > 1 else str(field.debut)


def kind(field: Field) -> str:
    """The kind of a field, with its decimals. Raises `KeyError` on one that the index page does not explain."""
    number_class, _ = KINDS[field.genre]
    widths = f" {field.longueur - field.decimales}+{field.decimales}" if field.decimales else ""
    return f"{number_class} {field.genre}{widths}"


def content(field: Field) -> str:
    """What a field may or will hold, besides what its kind says."""
    return "; ".join(_content(field))


def _content(field: Field) -> Iterator[str]:
    if field.constante is not None:
        yield f"always {code(field.constante)}" if field.constante.strip() else "always blank"
    if field.table:
        opened = " (open list)" if field.ouverte else ""
        yield f"{link(field.table, f'codes.md#{field.table}')}{opened}"
    if field.signe_de:
        yield f"sign of {code(field.signe_de)}"
    if field.decimales_de:
        yield f"decimals in {code(field.decimales_de)}"
    if field.cadrage == "droite":
        yield "zeros on its left"
    if field.zeros == "absent":
        yield "zeros: not given"
    if field.defaut is not None:
        yield f"we write {code(field.defaut)} when not given" if field.defaut.strip() else "we leave it blank"
    if field.personnel:
        yield "personal: masked"


def condition(one: Condition) -> str:
    """What a condition asks of its field."""
    if one.parmi is not None:
        return f"is {codes(one.parmi)}"
    if one.sauf is not None:
        return f"is not {codes(one.sauf)}"
    return f"matches {code(one.motif or '')}"


def discriminant(rule: Discriminant) -> str:
    """One way to tell the type of a record."""
    span = f"positions {rule.debut}-{rule.fin}" if rule.fin > rule.debut else f"position {rule.debut}"
    text = f"the {'digits' if rule.fin > rule.debut else 'digit'} at {span}"
    if rule.lettre is not None:
        text += f", then the capital at position {rule.lettre}"
    if rule.parmi is not None:
        text += f", when that digit is {codes(sorted(rule.parmi))}"
    return text + (" (the type found is the type, known or not)" if rule.decide else "")


def limit(detail: Detail) -> str:
    """How often a record may stand under one parent."""
    parts = []
    if detail.maximum is not None:
        parts.append(f"at most {detail.maximum}")
    if detail.numero is not None:
        parts.append(f"{code(detail.numero)} counts from 1")
    if detail.croissant is not None:
        parts.append(f"{code(detail.croissant)} never goes back")
    return ", ".join(parts)
