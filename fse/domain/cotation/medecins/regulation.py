"""What is verified of unscheduled care besides the conditions of each majoration: when the call was regulated, by whom,
how many unscheduled patients a doctor took in a week.

A majoration that rests on a regulation is one of `REGULEES`. Source: regles.md E.9, J.4b and J.5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.medecins.frequences import SNP, first_day
from fse.norm.model.medecine import Regulation
from fse.norm.referentiels.ngap.actes import actes
from fse.norm.referentiels.ngap.regles import Controle

GARDE = frozenset({"CRN", "CRM", "CRD", "CRS", "VRN", "VRM", "VRD", "VRS"})
"""Of the duty, after a regulation."""

REGULEES = GARDE | {SNP, "MRT", "SHE"}
"""Every code that a regulation gives a right to."""

_WEEK = 7
_REGULATEURS = {
    "pdsa": "le médecin régulateur de la permanence des soins",
    "urgences": "le service des urgences",
    "centre-appel": "le centre d'appel d'une association",
}


def check_territory(dossier: Dossier, regle: Controle) -> None:
    """The majorations of the duty are not applied in Mayotte: they have no value there, this says why."""
    if dossier.bareme.territoire != "mayotte":
        return
    for rang, demande in enumerate(dossier.seance.actes, start=1):
        acte = actes().get(demande.acte or "")
        asked = {demande.code_acte} if acte is None else {one.lettre for one in acte.cotations}
        if asked & GARDE:
            dossier.find_unpriced(regle, rang, acte=acte.libelle if acte else demande.code_acte)


def check_table(dossier: Dossier, regle: Controle) -> None:
    """A doctor who is not on the duty table, with a reason: this is exceptional."""
    regulation = dossier.seance.regulation
    if regulation is not None and not regulation.tableau_garde and regulation.motif_hors_tableau:
        for ligne in dossier.nommees(GARDE):
            dossier.find(regle, ligne, acte=ligne.libelle, motif=regulation.motif_hors_tableau)


def check_order(dossier: Dossier, regle: Controle) -> None:
    """The regulation comes before the care."""
    regulation = dossier.seance.regulation
    if regulation is not None and _waited(dossier, regulation) < timedelta():
        for ligne in dossier.nommees(REGULEES):
            dossier.find(regle, ligne, acte=ligne.libelle, regulation=_told(regulation))


def check_delay(dossier: Dossier, regle: Controle) -> None:
    """Unscheduled care is given within so many hours of the regulation. Raises `UsageError`."""
    _check_waited(dossier, regle, frozenset({SNP}), "snp_delai")


def check_own_delay(dossier: Dossier, regle: Controle) -> None:
    """So is that of one's own patients. Raises `UsageError`."""
    _check_waited(dossier, regle, frozenset({"MRT"}), "snp_delai")


def check_same_duty(dossier: Dossier, regle: Controle) -> None:
    """The care of a duty follows a regulation of that duty, which lasts a day at most. Raises `UsageError`."""
    _check_waited(dossier, regle, GARDE, "garde_delai")


def _check_waited(dossier: Dossier, regle: Controle, codes: frozenset[str], nom: str) -> None:
    """Told of each line of these codes when the care came later than the hours that a parameter gives."""
    regulation = dossier.seance.regulation
    if regulation is None:
        return
    for ligne in dossier.nommees(codes):
        delai = dossier.valeur(nom).valeur
        if _waited(dossier, regulation) > timedelta(hours=delai):
            dossier.find(regle, ligne, acte=ligne.libelle, regulation=_told(regulation), delai=delai)


def check_regulator(dossier: Dossier, regle: Controle) -> None:
    """Article 14.1.3 knows the regulator of the SAS alone, the ministry others as well."""
    regulation = dossier.seance.regulation
    if regulation is not None and regulation.regulateur in _REGULATEURS:
        for ligne in _unscheduled(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle, regulateur=_REGULATEURS[regulation.regulateur])


def check_week(dossier: Dossier, regle: Controle) -> None:
    """So many a week for each doctor, what is billed already counted first. Raises `UsageError`."""
    lignes = _unscheduled(dossier)
    if not lignes:
        return
    most, start = dossier.valeur("snp_semaine_maximum").valeur, dossier.valeur("snp_semaine_debut").valeur
    le = dossier.seance.date_soins
    past = [one.date_soins for one in dossier.historique.semaine if SNP in one.etiquettes]
    nombre = max(sum(1 for one in past if day <= one < day + timedelta(days=_WEEK)) for day in _weeks(le, start))
    for ligne in lignes:
        nombre += 1
        if nombre > most:
            dossier.find(regle, ligne, acte=ligne.libelle, maximum=most, nombre=nombre)


def _weeks(le: date, start: int) -> list[date]:
    """First days of the weeks that hold a day: the one that starts on that weekday (1 to 7), or any seven days (0)."""
    if start == 0:
        return [le - timedelta(days=before) for before in range(_WEEK)]
    return [first_day(le, start)]


def _unscheduled(dossier: Dossier) -> list[Ligne]:
    return dossier.nommees({SNP})


def _waited(dossier: Dossier, regulation: Regulation) -> timedelta:
    """From the regulation to the care, by whole days when the hour of the care is not known."""
    le, heure = dossier.seance.date_soins, dossier.seance.heure
    if heure is None:
        return le - regulation.date
    return _at(le, heure) - _at(regulation.date, regulation.heure)


def _at(le: date, heure: str) -> datetime:
    return datetime.combine(le, time.fromisoformat(heure))


def _told(regulation: Regulation) -> str:
    return f"{regulation.date:%d/%m/%Y} à {regulation.heure}"


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "garde-hors-de-mayotte": check_territory,
    "garde-hors-tableau": check_table,
    "regulation-avant-les-soins": check_order,
    "garde-delai": check_same_duty,
    "snp-48-heures": check_delay,
    "mrt-48-heures": check_own_delay,
    "snp-regulateur": check_regulator,
    "snp-vingt-par-semaine": check_week,
}
"""By the name of the rule that says it, in this order."""
