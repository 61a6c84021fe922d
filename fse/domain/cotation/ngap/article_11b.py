"""Article 11 B: of several acts in one session, the first in full, the second at half, the others not on the sheet.

The first is the one worth most. What article 11 B does not rank (`hors_rang`), what a derogation bills besides, and
the acts that count together as one (`groupe`) are data. What is worth the same ranks by its code, then by what was
recorded of it, so that the order in which acts are recorded changes nothing. A derogation rests on other acts of the
sheet: it falls with the last of them; the same act done again is no other. Source: regles.md E.6, G.2, G.3.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from fractions import Fraction

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.norm.referentiels.ngap.regles import Calcul, Derogation, Groupe, HorsRang

NOM = "article-11b"

_PARTS = {0: Fraction(1), 1: Fraction(1, 2)}
_RANKS = {0: "premier acte : 100 %", 1: "deuxième acte : 50 %"}


@dataclass(slots=True)
class _Unit:
    """What takes one rank: an act, or the acts of a group."""

    lignes: list[Ligne]
    groupe: Groupe | None = None

    @property
    def key(self) -> tuple[Fraction, list[tuple[str, Fraction, str]]]:
        worth = sum((one.poids for one in self.lignes), Fraction(0))
        return -worth, sorted((one.code_acte, Fraction(one.coefficient), repr(one.demande)) for one in self.lignes)

    @property
    def label(self) -> str:
        return " + ".join(_told(one) for one in self.lignes)


def rank(dossier: Dossier) -> None:
    """Give each line of the session its part."""
    regle = dossier.regle(NOM, Calcul)
    if regle is None:
        return
    before = _set_apart(dossier)[:1]
    units = _derogate(dossier, len(before))
    ahead = [*(_told(one) for one in before), *(one.label for one in units)]
    for place, unit in enumerate(units, start=len(before)):
        part = _PARTS.get(place, Fraction(0))
        for ligne in unit.lignes:
            ligne.part, ligne.classee = part, True
            if unit.groupe is not None:
                dossier.applied(ligne, unit.groupe, unit.label)
            if len(ahead) > 1:
                dossier.applied(ligne, regle, _RANKS.get(place, "troisième acte ou suivant : non facturé"))
            if place:
                ligne.motif = f"après {ahead[0]}" if place == 1 else ""
            if not part:
                ligne.leave_out(f"article 11 B : troisième acte ou suivant, après {ahead[0]} et {ahead[1]}")


def _told(ligne: Ligne) -> str:
    """A line as the sheet names it: its code, and its coefficient unless it is a flat act."""
    flat = ligne.demande.coefficient is None and (ligne.cotation is None or ligne.cotation.coefficient is None)
    return ligne.code_acte if flat else f"{ligne.code_acte} {ligne.coefficient.normalize():f}"


def _set_apart(dossier: Dossier) -> list[Ligne]:
    """Set apart what article 11 B does not rank, and give the lines that come first all the same."""
    first = []
    for regle in dossier.regles(HorsRang):
        for ligne in dossier.nommees(regle.actes):
            if not ligne.classee:
                ligne.classee = True
                dossier.applied(ligne, regle, "à taux plein, en premier" if regle.premier else "hors du classement")
                if regle.premier:
                    first.append(ligne)
    return first


def _derogate(dossier: Dossier, first: int) -> list[_Unit]:
    """Bill what a derogation bills besides; what is left to rank, the first one in front, `first` ranks being taken.

    A derogation whose every act would be off the sheet is given up, and all is ranked again without it.
    """
    given_up: set[tuple[str, int]] = set()
    while True:
        derogations = _derogations(dossier, given_up)
        units = sorted(_units(dossier, derogations), key=lambda one: one.key)
        off = {ligne.rang for unit in units[max(0, len(_PARTS) - first) :] for ligne in unit.lignes}
        lost = {(regle.nom, rang) for rang, (regle, rests_on) in derogations.items() if rests_on <= off}
        if not lost:
            break
        given_up |= lost
    for ligne in dossier.lignes:
        if ligne.rang in derogations:
            regle, _ = derogations[ligne.rang]
            ligne.part, ligne.classee = Fraction(regle.part, 100), True
            dossier.applied(ligne, regle, f"{regle.part} %")
    return units


def _derogations(dossier: Dossier, given_up: set[tuple[str, int]]) -> dict[int, tuple[Derogation, set[int]]]:
    """The derogation of each line that has one, the first of the files, with the lines on which it rests."""
    found: dict[int, tuple[Derogation, set[int]]] = {}
    for regle in dossier.regles(Derogation):
        taken = {ligne.etiquettes for ligne in dossier.lignes if ligne.rang in found}
        for ligne in dossier.nommees(regle.actes):
            rests_on = {one.rang for one in dossier.lignes if _allows(regle, one, ligne)}
            again = ligne.etiquettes in taken
            if rests_on and not (ligne.classee or ligne.rang in found or again or (regle.nom, ligne.rang) in given_up):
                found[ligne.rang] = regle, rests_on
                taken.add(ligne.etiquettes)
    return found


def _allows(regle: Derogation, other: Ligne, ligne: Ligne) -> bool:
    """Whether another act of the session is one beside which the rule lets this one be billed."""
    named = other.etiquettes & regle.avec if regle.avec else SOINS in other.etiquettes
    return bool(named) and other.facturee and other.etiquettes != ligne.etiquettes


SOINS = "soins"
"""The label of every act of care, neither travel nor a majoration."""


def _units(dossier: Dossier, derogations: Container[int]) -> list[_Unit]:
    left = [one for one in dossier.lignes if one.facturee and not one.classee and one.rang not in derogations]
    units: list[_Unit] = []
    for regle in dossier.regles(Groupe):
        together = [ligne for ligne in left if ligne.etiquettes & regle.actes]
        if len(together) > 1:
            units.append(_Unit(together, regle))
            left = [ligne for ligne in left if ligne not in together]
    return [*units, *(_Unit([ligne]) for ligne in left)]
