"""What was billed before, for the rules that count: the lines of the journal, then those of the document at hand."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import date
from decimal import Decimal

from fse.base.dates import from_days, to_days
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.situation import Historique, SoinPasse
from fse.infra.journal import Reading
from fse.infra.journal.facts.factures import find_by_reference
from fse.infra.journal.facts.soins import SoinRow, patient_key, soins_of_executant, soins_of_patient
from fse.norm.model.facture import Facture, Prestation
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance
from fse.norm.referentiels.ngap.actes import actes, labels_of

_HUNDREDTHS = 100


class Passe:
    """The past of the patients of a document: that of the journal (`None`: there is none yet), then what is added."""

    def __init__(self, reading: Reading | None) -> None:
        self._reading = reading
        self._added: list[tuple[Facture, SoinPasse]] = []

    def patient(self, facture: Facture) -> str:
        """The key of the patient of an invoice. Without a journal it is told apart by what the card says."""
        beneficiaire = facture.beneficiaire
        parts = (facture.assure.nir, beneficiaire.date_naissance, beneficiaire.rang_naissance)
        return patient_key(self._reading, *parts) if self._reading else repr(parts)

    def of(self, patient: str, executant: str, le: date, saisie: Saisie) -> Historique:
        """What was billed for a patient, and by who treats them on a day, besides this invoice and what it corrects."""
        known: list[SoinRow] = []
        mine: list[SoinRow] = []
        if self._reading is not None:
            known = soins_of_patient(self._reading, patient)
            mine = soins_of_executant(self._reading, executant, to_days(le))
        added = [soin for facture, soin in self._added if not _corrected(facture, saisie)]
        own = self._own(saisie)
        return Historique(
            patient=(*_others(known, own), *(one for one in added if one.patient == patient)),
            executant=(
                *_others(mine, own),
                *(one for one in added if one.executant == executant and one.date_soins == le),
            ),
        )

    def add(self, facture: Facture, soins: Iterable[SoinPasse]) -> None:
        """What has just been priced is of the past for what follows."""
        self._added.extend((facture, one) for one in soins)

    def _own(self, saisie: Saisie) -> set[tuple[str, int]]:
        """The invoice itself when it is secured already, and the one that it corrects."""
        prestataire, found = saisie.facture.prestataire, set()
        if saisie.remplace is not None:
            found.add((prestataire, saisie.remplace))
        known = self._reading and find_by_reference(self._reading, prestataire, saisie.reference)
        if known:
            found.add((prestataire, known.numero))
        return found


def soins_of(
    prestataire: str, patient: str, lines: Iterable[tuple[Seance | None, str, Prestation]]
) -> Iterator[SoinPasse]:
    """The lines of an invoice as the rules count them: the session, the name of the act, the line."""
    for seance, acte, prestation in lines:
        trip = seance.deplacement if seance is not None else None
        yield SoinPasse(
            prestataire=prestataire,
            executant=prestation.executant or prestataire,
            patient=patient,
            date_soins=prestation.date_soins,
            heure=(seance.heure if seance is not None else None) or "",
            acte=acte,
            code_acte=prestation.code_acte,
            coefficient=prestation.coefficient,
            quantite=prestation.quantite,
            etiquettes=_labels(acte, prestation.code_acte, prestation.coefficient),
            trajet=(trip.trajet if trip else None) or "",
            foyer=(trip.foyer if trip else None) or "",
            bilan=_assessment(seance),
        )


def billed(seances: Iterable[Seance], cotees: Iterable[SeanceCotee]) -> Iterator[tuple[Seance, str, Prestation]]:
    """The lines on the sheet, each with its session and the name of its act."""
    for seance, cotee in zip(seances, cotees, strict=True):
        for ligne in cotee.lignes:
            if ligne.prestation is not None:
                yield seance, ligne.acte, ligne.prestation


def row_of(soin: SoinPasse, numero: int, ordre: int) -> SoinRow:
    """What the journal keeps of a line."""
    return SoinRow(
        prestataire=soin.prestataire,
        numero=numero,
        ordre=ordre,
        patient=soin.patient,
        executant=soin.executant,
        date_soins=to_days(soin.date_soins),
        heure=soin.heure,
        acte=soin.acte,
        code_acte=soin.code_acte,
        coefficient=int(soin.coefficient * _HUNDREDTHS),
        quantite=soin.quantite,
        trajet=soin.trajet,
        foyer=soin.foyer,
        bilan=soin.bilan,
    )


def _corrected(facture: Facture, saisie: Saisie) -> bool:
    """Whether an invoice of the same document is the one that another corrects."""
    named = (facture.prestataire, facture.numero)
    return saisie.remplace is not None and named == (saisie.facture.prestataire, saisie.remplace)


def _others(found: Iterable[SoinRow], own: Container[tuple[str, int]]) -> Iterator[SoinPasse]:
    return (past_of(one) for one in found if (one.prestataire, one.numero) not in own)


def past_of(row: SoinRow) -> SoinPasse:
    """A line of the journal, as the rules count it."""
    coefficient = Decimal(row.coefficient) / _HUNDREDTHS
    return SoinPasse(
        prestataire=row.prestataire,
        executant=row.executant,
        patient=row.patient,
        date_soins=from_days(row.date_soins),
        heure=row.heure,
        acte=row.acte,
        code_acte=row.code_acte,
        coefficient=coefficient,
        quantite=row.quantite,
        etiquettes=_labels(row.acte, row.code_acte, coefficient),
        trajet=row.trajet,
        foyer=row.foyer,
        bilan=row.bilan,
    )


def _assessment(seance: Seance | None) -> str:
    return (seance.ordonnance.bilan if seance is not None and seance.ordonnance is not None else None) or ""


def _labels(acte: str, code: str, coefficient: Decimal) -> frozenset[str]:
    return labels_of(actes().get(acte), code, coefficient)
