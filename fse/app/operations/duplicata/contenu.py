"""What a duplicate says: the sheet as it was secured, its lot, who made it and why. Nothing here is printed or written.

Source: S4 art. 62.2 (A-30 to A-32), CSS R161-42 for what a sheet carries, S4 art. 67 and 68 (A-60, A-69, A-70).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.feuille import Feuille, read_sheet
from fse.base.dates import from_days
from fse.infra.journal.facts.exchanges.duplicatas import Voie
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotRow
from fse.infra.journal.transaction import Reading
from fse.norm.model.tiers_payant import PARTS_REGLEES


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """What was asked: why, by whom, on which day, who gets it, and whether the patient signs."""

    motif: str
    voie: Voie
    patient_signe: bool
    auteur: str
    le: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Duplicata(Feuille):
    """One duplicate of a sheet; `rang` counts the duplicates of this sheet from 1."""

    demande: Demande
    rang: int
    numero_lot: int
    date_lot: date

    def __repr__(self) -> str:
        return f"Duplicata(facture {self.numero:09d}, n° {self.rang})"

    @property
    def dispense_avance(self) -> bool:
        """Whether a part, or all, was not paid by the patient (A-32)."""
        return has_third_party(self.facture.destinataire_reglement)


def has_third_party(destinataire_reglement: str) -> bool:
    """Whether a payee code says that a part is paid to the professional."""
    return bool(PARTS_REGLEES[destinataire_reglement])


def compose(reading: Reading, cabinet: Cabinet, row: FactureRow, lot: LotRow, rang: int, demande: Demande) -> Duplicata:
    """The duplicate of an invoice that may have one. Raises `UsageError` as `read_sheet`."""
    sheet = read_sheet(reading, cabinet, row, "duplicata")
    return Duplicata(
        **{one.name: getattr(sheet, one.name) for one in fields(sheet)},
        demande=demande,
        rang=rang,
        numero_lot=lot.numero_lot,
        date_lot=from_days(lot.date_lot),
    )
