"""The deadlines that the worklist shows: of each sheet to send, of each payment that a caisse owes, of the practice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.calendriers import calendar_for
from fse.app.operations.transmission.lots import LotTransmis
from fse.app.operations.worklist.envois import sheet_deadlines
from fse.app.operations.worklist.taches import Tache
from fse.base.dates import from_days
from fse.domain.echeances.delais import Echeance, cahier_des_charges, papier_a_envoyer, papier_a_payer
from fse.infra.journal.facts.exchanges import feuilles
from fse.infra.journal.facts.exchanges.feuilles import SheetRow
from fse.infra.journal.transaction import Reading

Invoice = tuple[str, int]
"""(prestataire, numero)."""

_AWAITED = frozenset({"attendue", "sans_retour"})
_OF_AN_ACKNOWLEDGEMENT = frozenset({"refuse", "renvoi_a_envoyer", "a_refaire", "duplicata"})
"""States of a lot that somebody else sends too: a payer said something of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CahierAttendu:
    """The version of the SESAM-Vitale specification that the practice has to have installed, and until when."""

    version: str
    echeance: Echeance


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of invoices: to send them (`envois`), for their compulsory part to be paid (`paiements`)."""

    envois: Mapping[Invoice, Echeance]
    paiements: Mapping[Invoice, Echeance]

    def of(self, row: Mapping[str, Any]) -> Echeance | None:
        """That of a row of the query `suivi`, `None` when no text gives it one."""
        invoice = (row["prestataire"], row["numero"])
        if row["nature"] in feuilles.TO_SEND:
            return self.envois.get(invoice)
        return self.paiements.get(invoice) if row["nature"] in _AWAITED and row["partie"] == "AMO" else None


def read_deadlines(reading: Reading, cabinet: Cabinet, lots: Iterable[LotTransmis], today: date) -> Deadlines:
    """The deadlines of the invoices that wait for something on a day; paper only where fse itself sends the rest."""
    paiements = {
        (lot.prestataire, numero): lot.transmission.echeances[0]
        for lot in lots
        if lot.transmission.etat == "recu" and lot.transmission.echeances
        for numero in lot.factures
    }
    sheets = feuilles.to_send(reading)
    envois = sheet_deadlines(reading, cabinet, [one for one in sheets if one.mode != feuilles.PAPIER], today)
    for sheet in sheets:
        if sheet.mode == feuilles.PAPIER and cabinet.canal:
            paiements[sheet.prestataire, sheet.numero] = _on_paper(cabinet, sheet, today)
    return Deadlines(envois, paiements)


def shown(lots: Iterable[LotTransmis], cabinet: Cabinet) -> list[LotTransmis]:
    """The lots that the worklist tells: all that ask for something where fse sends, else those that a payer refused."""
    return [
        lot
        for lot in lots
        if not lot.transmission.est_close and (cabinet.canal or lot.transmission.etat in _OF_AN_ACKNOWLEDGEMENT)
    ]


def placed(taches: Iterable[Tache], lots: Sequence[LotTransmis], duplicatas: Mapping[Invoice, int]) -> list[Tache]:
    """The tasks; those of sheets that stand in one of these lots say what that lot waits for, and those of sheets that
    have a duplicate (`duplicatas`: the day of the last one) that it is to post.
    """
    held = {(lot.prestataire, numero): lot for lot in lots for numero in lot.restent}
    return [_placed(tache, held, duplicatas) for tache in taches]


def specification(cabinet: Cabinet) -> CahierAttendu | None:
    """What the practice has to install, `None` when it said nothing of it, or that it is done."""
    one = cabinet.cahier_des_charges
    if one is None or one.installe:
        return None
    return CahierAttendu(version=one.version, echeance=cahier_des_charges(one.publie_le, one.corrige_le))


def _placed(tache: Tache, held: Mapping[Invoice, LotTransmis], duplicatas: Mapping[Invoice, int]) -> Tache:
    invoice = (tache.prestataire, tache.numero)
    lot, made = held.get(invoice), duplicatas.get(invoice)
    if tache.nature in _AWAITED and made is not None:
        libelle = f"Sur papier (duplicata du {from_days(made):%d/%m/%Y})"
        return replace(tache, libelle=libelle, action="Le poster si ce n'est fait ; paiement attendu.")
    if lot is None or lot.transmission.etat == "accuse_attendu" or tache.nature not in (*feuilles.TO_SEND, *_AWAITED):
        return tache
    waits = "En attente" if tache.nature in feuilles.TO_SEND else tache.libelle
    libelle = f"{waits} ({lot.transmission.libelle.lower()})"
    return replace(tache, libelle=libelle, action=lot.transmission.action, lot=lot.numero_lot)


def _on_paper(cabinet: Cabinet, sheet: SheetRow, today: date) -> Echeance:
    """Nothing tells that a paper sheet was sent: past its deadline it is taken to have been received on that day."""
    calendrier = calendar_for(cabinet, sheet.organisme, sheet.type_destinataire, sheet.centre)
    sending = papier_a_envoyer(from_days(sheet.securisee_le), calendrier)
    return papier_a_payer(sending.le, calendrier) if sending.is_over(today) else sending
