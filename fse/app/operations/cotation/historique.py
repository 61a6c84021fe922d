"""What was billed before, for the rules that count: the lines of the journal, then those of the document at hand.

A document priced again finds what it found: the journal is taken without the invoices that the document holds or
corrects, and what was secured after one of them is told apart (`SoinPasse.plus_tard`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from fse.base.dates import from_days, to_days
from fse.domain.cotation.situation import Historique, SoinPasse
from fse.infra.journal import Reading
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.soins import SoinRow, SoinSecurise, patient_key, soins_of_executant, soins_of_patient
from fse.norm.model.facture import Assure, Beneficiaire, Facture, Prestation
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance
from fse.norm.referentiels.ngap.actes import actes, labels_of
from fse.norm.referentiels.ngap.lettres import is_flat

if TYPE_CHECKING:
    from fse.domain.cotation.lignes import SeanceCotee

_HUNDREDTHS = 100


_Known = tuple[SoinSecurise, SoinPasse]
"""A line of the journal, and the same as the rules count it."""


class Passe:
    """The past of the patients of documents: that of the journal (`None`: there is none yet), then what is added."""

    def __init__(self, reading: Reading | None) -> None:
        self._reading = reading
        self._added: list[SoinPasse] = []
        self._held: set[tuple[str, str]] = set()
        self._corrected: set[tuple[str, int]] = set()
        self._roots: dict[tuple[str, str], int | None] = {}
        self._around_read: dict[tuple[str, int, int], list[_Known]] = {}
        self._patient_read: tuple[str, list[_Known]] = "", []

    def hold(self, saisies: Iterable[Saisie]) -> None:
        """The invoices of a document: what the journal has of them, and of those that they correct, is of no past."""
        for one in saisies:
            self._held.add((one.facture.prestataire, one.reference))
            if one.remplace is not None:
                self._corrected.add((one.facture.prestataire, one.remplace))

    def patient(self, facture: Facture) -> str:
        """The key of the patient of an invoice. Without a journal it is told apart by what the card says."""
        return patient_of(self._reading, facture.assure, facture.beneficiaire)

    def of(self, patient: str, executant: str, le: date, saisie: Saisie, autour: int = 0) -> Historique:
        """What other invoices billed for a patient, and by who treats them on a day and `autour` days before and after,
        whether they were secured before this one or after it.
        """
        around = self._around(executant, le, saisie, autour)
        known = self._others(self._of_patient(patient), saisie)
        return Historique(
            patient=(*known, *(one for one in self._added if one.patient == patient)),
            executant=tuple(one for one in around if one.date_soins == le),
            semaine=around,
        )

    def of_day(self, executant: str, le: date, saisie: Saisie) -> Historique:
        """The same for rules that look at who treats on a day: nothing of a patient is read."""
        day = self._around(executant, le, saisie, 0)
        return Historique(executant=day, semaine=day)

    def add(self, facture: Facture, soins: Iterable[SoinPasse]) -> None:
        """What has just been priced is of the past for what follows, unless its document also corrects it."""
        if facture.numero is None or (facture.prestataire, facture.numero) not in self._corrected:
            self._added.extend(soins)

    def _around(self, executant: str, le: date, saisie: Saisie, autour: int) -> tuple[SoinPasse, ...]:
        first, last = to_days(le) - autour, to_days(le) + autour
        known = self._of_executant(executant, first, last)
        added = (one for one in self._added if one.executant == executant and abs((one.date_soins - le).days) <= autour)
        return (*self._others(known, saisie), *added)

    def _of_executant(self, executant: str, first: int, last: int) -> list[_Known]:
        """Read once: what a document itself records meanwhile is of its own invoices, which are left out."""
        key = executant, first, last
        if key not in self._around_read:
            found = soins_of_executant(self._reading, *key) if self._reading is not None else []
            self._around_read[key] = [(one, past_of(one)) for one in found]
        return self._around_read[key]

    def _of_patient(self, patient: str) -> list[_Known]:
        """Read once for the sessions of an invoice: the lines of one patient at a time are kept."""
        if self._patient_read[0] != patient:
            found = soins_of_patient(self._reading, patient) if self._reading is not None else []
            self._patient_read = patient, [(one, past_of(one)) for one in found]
        return self._patient_read[1]

    def _root(self, saisie: Saisie) -> int | None:
        """The first number of the chain of an invoice that is secured already, or that corrects one; else `None`."""
        key = saisie.facture.prestataire, saisie.reference
        if key not in self._roots:
            known = self._reading and factures.find_by_reference(self._reading, *key)
            if not known and self._reading and saisie.remplace is not None:
                known = factures.find(self._reading, key[0], saisie.remplace)
            self._roots[key] = known.racine if known else None
        return self._roots[key]

    def _others(self, found: Iterable[_Known], saisie: Saisie) -> Iterator[SoinPasse]:
        """The lines of the journal that the documents neither hold nor correct.

        A number says what was secured first among the invoices of one prestataire alone.
        """
        root = self._root(saisie)
        for one, past in found:
            prestataire = one.soin.prestataire
            if (prestataire, one.reference) in self._held or (prestataire, one.soin.numero) in self._corrected:
                continue
            later = root is not None and prestataire == saisie.facture.prestataire and one.racine > root
            yield replace(past, plus_tard=True) if later else past


def patient_of(reading: Reading | None, assure: Assure, beneficiaire: Beneficiaire) -> str:
    """The key of a patient: their own NIR when it is given, so that they stay the same with another insured parent."""
    own = beneficiaire.nir_individuel
    nir = own.nir if own is not None else assure.nir
    parts = (nir, beneficiaire.date_naissance, beneficiaire.rang_naissance)
    return patient_key(reading, *parts) if reading else repr(parts)


class Facturee(NamedTuple):
    """A line on the sheet: its session, `None` when no care explains it; the name of its act, "" for one given by its
    code; the coefficient of the act, of which the line may have half.
    """

    seance: Seance | None
    acte: str
    coefficient: Decimal
    prestation: Prestation


def soins_of(
    prestataire: str, patient: str, lines: Iterable[Facturee], facture: str = "", remplacant: str = ""
) -> Iterator[SoinPasse]:
    """The lines of an invoice, of this reference, as the rules count them: what who replaces a prestataire did is the
    prestataire's.
    """
    for seance, acte, coefficient, prestation in lines:
        trip = seance.deplacement if seance is not None else None
        replacing = remplacant != "" and prestation.executant in (None, remplacant)
        yield SoinPasse(
            prestataire=prestataire,
            executant=prestataire if replacing else prestation.executant or prestataire,
            remplacant=remplacant if replacing else "",
            patient=patient,
            date_soins=prestation.date_soins,
            heure=(seance.heure if seance is not None else None) or "",
            acte=acte,
            code_acte=prestation.code_acte,
            coefficient=coefficient,
            coefficient_facture=prestation.coefficient,
            quantite=prestation.quantite,
            etiquettes=_labels(acte, prestation.code_acte, coefficient),
            trajet=(trip.trajet if trip else None) or "",
            foyer=(trip.foyer if trip else None) or "",
            bilan=_assessment(seance),
            facture=facture,
            honoraires=prestation.honoraires,
            base=prestation.base,
            ccam=tuple(one.code for one in prestation.details_ccam),
        )


def as_past(saisie: Saisie, patient: str, lines: Iterable[Facturee]) -> Iterator[SoinPasse]:
    """The same, of an invoice of a document."""
    return soins_of(saisie.facture.prestataire, patient, lines, saisie.reference, saisie.remplacant or "")


def billed(seances: Iterable[Seance], cotees: Iterable[SeanceCotee]) -> Iterator[Facturee]:
    """The lines on the sheet, each with its session and its act."""
    for seance, cotee in zip(seances, cotees, strict=True):
        for ligne in cotee.lignes:
            if ligne.prestation is not None:
                yield Facturee(seance, ligne.acte, ligne.coefficient_acte, ligne.prestation)


def as_given(prestations: Iterable[Prestation]) -> Iterator[Facturee]:
    """The lines of an invoice that gives no care: each is the act that it says."""
    for one in prestations:
        yield Facturee(None, "", one.coefficient, one)


def row_of(soin: SoinPasse, numero: int, ordre: int) -> SoinRow:
    """What the journal keeps of a line."""
    return SoinRow(
        prestataire=soin.prestataire,
        numero=numero,
        ordre=ordre,
        patient=soin.patient,
        executant=soin.executant,
        remplacant=soin.remplacant,
        date_soins=to_days(soin.date_soins),
        heure=soin.heure,
        acte=soin.acte,
        code_acte=soin.code_acte,
        coefficient=int(soin.coefficient * _HUNDREDTHS),
        coefficient_facture=int(soin.coefficient_facture * _HUNDREDTHS),
        quantite=soin.quantite,
        trajet=soin.trajet,
        foyer=soin.foyer,
        bilan=soin.bilan,
        honoraires=soin.honoraires,
        base=soin.base,
        ccam=" ".join(soin.ccam),
    )


def past_of(one: SoinSecurise) -> SoinPasse:
    """A line of the journal, as the rules count it."""
    row = one.soin
    coefficient = Decimal(row.coefficient) / _HUNDREDTHS
    return SoinPasse(
        prestataire=row.prestataire,
        executant=row.executant,
        remplacant=row.remplacant,
        patient=row.patient,
        date_soins=from_days(row.date_soins),
        heure=row.heure,
        acte=row.acte,
        code_acte=row.code_acte,
        coefficient=coefficient,
        coefficient_facture=Decimal(row.coefficient_facture) / _HUNDREDTHS,
        quantite=row.quantite,
        etiquettes=_labels(row.acte, row.code_acte, coefficient),
        trajet=row.trajet,
        foyer=row.foyer,
        bilan=row.bilan,
        facture=one.reference,
        honoraires=row.honoraires,
        base=row.base,
        ccam=tuple(row.ccam.split()),
    )


def _assessment(seance: Seance | None) -> str:
    return (seance.ordonnance.bilan if seance is not None and seance.ordonnance is not None else None) or ""


def _labels(acte: str, code: str, coefficient: Decimal) -> frozenset[str]:
    return labels_of(actes().get(acte) if acte else None, code, None if is_flat(code) else coefficient)
