"""Who did the lines of a doctor's invoice that gives no care: what is said of a day needs no fact of a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.circonstances import situation_of
from fse.app.operations.cotation.historique import Passe
from fse.base.findings import Finding
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.medecins import qui
from fse.domain.cotation.situation import executant_of
from fse.norm.model.facture import Prestation
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import ActeRealise, Seance


def check_lines(cabinet: Cabinet, saisie: Saisie, patient: str, passe: Passe, bareme: Bareme) -> Iterator[Finding]:
    """The findings of `qui.check_day`, once for each day and each person, at the first line of theirs."""
    first: dict[tuple[object, object], tuple[int, Prestation]] = {}
    for rang, one in enumerate(saisie.facture.prestations, start=1):
        first.setdefault((one.date_soins, one.executant), (rang, one))
    for rang, one in first.values():
        dossier = _dossier(cabinet, saisie, patient, passe, bareme, one)
        qui.check_day(dossier)
        for constat in dossier.constats:
            yield replace(
                constat,
                message=f"Facture « {saisie.reference} », ligne {rang} : {constat.message}",
                place=replace(constat.place, type="facture", champ=f"prestation[{rang}]/executant"),
            )


def _dossier(cabinet: Cabinet, saisie: Saisie, patient: str, passe: Passe, bareme: Bareme, line: Prestation) -> Dossier:
    """What is known of who did a line, that day: nothing of the session itself."""
    seance = Seance(
        date_soins=line.date_soins,
        executant=line.executant,
        lieu="cabinet",
        actes=(ActeRealise(code_acte=line.code_acte),),
    )
    situation = situation_of(cabinet, saisie, seance, patient)
    past = passe.of_day(executant_of(seance, situation), line.date_soins, saisie)
    return Dossier(seance=seance, situation=situation, historique=past, bareme=bareme)
