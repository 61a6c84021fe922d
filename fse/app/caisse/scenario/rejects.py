"""The rejects of an answer, and what holds between them and the parts: money and words may not differ."""

from __future__ import annotations

from typing import Any

from fse.app.caisse.scenario.values import Table, check_keys, choice, error, label, number, tables, value
from fse.app.caisse.scenario.wanted import PartVoulue, RejetVoulu, ReponseVoulue
from fse.norm.referentiels.codes import PACKAGED

_NIVEAUX = ("F", "L", "A")
_PARTIES = ("O", "C")
_REJETS_MAX = 97
"""An invoice carries 99 rejects at most (their rank has two digits); two may be added by the answer."""

_KEYS = {"code", "niveau", "partie", "ligne", "rang", "acte", "information"}


def read_rejets(table: Table, lieu: str) -> tuple[RejetVoulu, ...]:
    """The rejects of an answer, in order."""
    value(table, "rejets", list, lambda _: True, "une suite de rejets", lieu)
    return tuple(_rejet(item, place) for item, place in tables(table, "rejets", lieu))


def check_rejets(one: ReponseVoulue) -> None:
    """A reject of the invoice needs its part rejected; that of a line needs it paid, or wholly rejected besides.

    The second case is a root and its consequence: the line at fault, and the part that falls with it.
    """
    if len(one.rejets) > _REJETS_MAX:
        raise error("scenario.valeur", f"Une facture porte au plus {_REJETS_MAX} rejets.", one.lieu)
    whole = {each.partie for each in one.rejets if each.niveau == "F"}
    for rank, wanted in enumerate(one.rejets, start=1):
        partie = "AMO" if wanted.partie == "O" else "AMC"
        etat = (one.part(partie) or PartVoulue()).etat
        expected = "R" if wanted.niveau == "F" or wanted.partie in whole else "P"
        if etat != expected:
            raise error(
                "scenario.valeur",
                f"Un rejet de niveau {wanted.niveau} demande la part {partie} à l'état {expected}, elle est à {etat}.",
                f"{one.lieu}, rejets n° {rank}",
            )


def _rejet(table: Any, lieu: str) -> RejetVoulu:
    check_keys(table, _KEYS, {"code", "niveau"}, lieu)
    niveau = choice(table, "niveau", _NIVEAUX, "F (facture), L (ligne) ou A (code affiné)", lieu)
    assert niveau is not None
    if ("ligne" in table) != (niveau != "F"):
        raise error("scenario.valeur", "« ligne » va avec les niveaux L et A, et avec eux seuls.", lieu)
    return RejetVoulu(
        code=value(table, "code", str, PACKAGED.has_rejet, "un code de rejets.csv", lieu),
        niveau=niveau,
        partie=choice(table, "partie", _PARTIES, "O (part obligatoire) ou C", lieu) or "O",
        ligne=value(table, "ligne", int, lambda v: 1 <= v <= 999, "le rang d'une ligne, à partir de 1", lieu),
        rang=number(table, "rang", 1, 99, lieu),
        acte=_acte(table, lieu),
        information=label(table, "information", 30, lieu) or None,
    )


def _acte(table: Table, lieu: str) -> str | None:
    """A code of up to four characters, its complement in the fifth."""

    def holds(text: str) -> bool:
        code, complement = text[:4].rstrip(), text[4:]
        return text.isascii() and code.isalnum() and len(complement) < 2 and text == text.strip().upper()

    expected = "un code d'acte de 4 capitales ou chiffres au plus, puis son complément"
    found: str | None = value(table, "acte", str, holds, expected, lieu)
    return found
