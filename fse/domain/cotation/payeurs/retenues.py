"""What the caisse withholds for each act that it reimburses: participation of doctors' acts, franchise of auxiliaries'.

Told for information, at most: what the patient has already paid in the year is not known here. Source: regles.md I.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from fse.base.errors import UsageError
from fse.domain.cotation.dossier import Dossier, because, value_used
from fse.domain.cotation.lignes import LigneCotee, Retenue
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.domain.cotation.ngap.seances import is_care
from fse.domain.cotation.payeurs.tiers_payant import AME, C2S, NATURE_MATERNITE
from fse.domain.cotation.situation import age_at, executant_of
from fse.norm.referentiels.ngap.regles import Calcul

EXONERE = "retenue-exonere"
_MAJORITE = 18


class _Genre(NamedTuple):
    """What is withheld: its rule and the parameter of an act, then those of what a day bears, an amount or a number."""

    regle: str
    acte: str
    plafond: str
    jour: str


_GENRES = (
    _Genre(
        "retenue-participation",
        "participation_forfaitaire",
        "retenue-participation-jour",
        "participation_forfaitaire_jour",
    ),
    _Genre("retenue-franchise", "franchise_acte", "retenue-franchise-jour", "franchise_jour"),
)


def withhold(dossier: Dossier, lignes: Iterable[LigneCotee]) -> None:
    """Add to the session what is withheld for its acts; nothing when an amount of that day is not known."""
    care = {one.rang for one in dossier.lignes if one.facturee and SOINS in one.etiquettes}
    actes = sum(one.quantite for one in lignes if one.rang in care and one.montant_amo)
    if not actes or _exempt(dossier):
        return
    for genre in _GENRES:
        regle = dossier.regle(genre.regle, Calcul)
        if regle is not None:
            with suppress(UsageError):
                _per_act(dossier, actes, genre, regle)


def _per_act(dossier: Dossier, actes: int, genre: _Genre, regle: Calcul) -> None:
    """So much an act, up to what a day may bear. Raises `UsageError`."""
    each = dossier.valeur(genre.acte)
    steps = [value_used(each, dossier.bareme.profil), because(regle, dossier.bareme.profil)]
    due = actes * each.valeur
    cap = dossier.regle(genre.plafond, Calcul)
    if cap is not None:
        most = dossier.valeur(genre.jour)
        bound = most.valeur * each.valeur if most.unite == "nombre" else most.valeur
        left = max(0, bound - _before(dossier) * each.valeur)
        if left < due:
            due = left
            steps += [value_used(most, dossier.bareme.profil), because(cap, dossier.bareme.profil)]
    if due:
        dossier.retenues.append(
            Retenue(regle=regle.nom, libelle=regle.libelle, rang=None, montant=due, justifications=tuple(steps))
        )


def _before(dossier: Dossier) -> int:
    """The acts that the same professional billed for the patient earlier that day."""
    mine, le = executant_of(dossier.seance, dossier.situation), dossier.seance.date_soins
    same = (one for one in dossier.avant if one.executant == mine and one.date_soins == le)
    return sum(one.quantite for one in same if is_care(one))


def _exempt(dossier: Dossier) -> bool:
    situation = dossier.situation
    age = age_at(situation.date_naissance, dossier.seance.date_soins)
    spared = (
        (age is not None and age < _MAJORITE)
        or situation.nature_assurance == NATURE_MATERNITE
        or situation.prise_en_charge.tiers_payant in (C2S, AME)
    )
    return spared and dossier.regle(EXONERE, Calcul) is not None
