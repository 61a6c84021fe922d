"""A visit is billed once: the same patient, professional, day and hour are the same session (regles.md G.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.domain.cotation.situation import SoinPasse, executant_of
from fse.norm.referentiels.ngap.lettres import lettres
from fse.norm.referentiels.ngap.regles import Controle

Faits = frozenset[tuple[str, Decimal]]
"""Acts of care, each by its name, or its code, and its coefficient."""


def check_billed(dossier: Dossier, regle: Controle) -> None:
    """Another session of this hour."""
    heure = dossier.seance.heure
    if heure is not None:
        for facture in sorted({one.facture for one in _of_the_day(dossier) if one.heure == heure}):
            dossier.find(regle, heure=heure, facture=_named(facture))


def check_perhaps_billed(dossier: Dossier, regle: Controle) -> None:
    """The very same acts the same day, when nothing tells the two visits apart."""
    visits: dict[tuple[str, str], list[SoinPasse]] = {}
    for one in _of_the_day(dossier):
        if not (dossier.seance.heure and one.heure):
            visits.setdefault((one.facture, one.heure), []).append(one)
    mine: Faits = frozenset(
        (one.acte.nom if one.acte else one.code_acte, one.coefficient)
        for one in dossier.lignes
        if one.facturee and SOINS in one.etiquettes
    )
    same = sorted({facture for (facture, _), soins in visits.items() if mine and _done(soins) == mine})
    if same:
        dossier.find(regle, facture=_named(same[0]))


def _of_the_day(dossier: Dossier) -> list[SoinPasse]:
    mine, le = executant_of(dossier.seance, dossier.situation), dossier.seance.date_soins
    return [one for one in dossier.historique.patient if one.executant == mine and one.date_soins == le]


def _done(soins: list[SoinPasse]) -> Faits:
    return frozenset((one.acte or one.code_acte, one.coefficient) for one in soins if is_care(one))


def is_care(soin: SoinPasse) -> bool:
    """Whether a line billed before is an act of care, neither travel nor a majoration."""
    lettre = lettres().get(soin.code_acte)
    return lettre is None or lettre.soins


def _named(facture: str) -> str:
    return f"la facture « {facture} »" if facture else "une autre séance"


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "seance-deja-facturee": check_billed,
    "seance-peut-etre-deja-facturee": check_perhaps_billed,
}
"""By the name of the rule that says it, in this order."""
