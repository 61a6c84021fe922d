"""`reprise`: starting from previous software. Its last numbers, so that ours go on; the invoices that it left open.

Open invoices are followed like ours: a return that answers one settles it. Returns of its other invoices go to the
residue `anterieur_a_la_reprise`. `lecture` reads the description, `controle` refuses what cannot be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.reprise import controle, lecture
from fse.app.operations.reprise.lecture import Entree, Lue
from fse.app.operations.states import rebuild
from fse.base.dates import to_days
from fse.base.findings import Finding
from fse.infra.journal import Transaction
from fse.infra.journal.facts import factures, reprises
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.reprises import OuverteRow, RepriseRow
from fse.infra.journal.schema.fact_tables import MODE_REPRISE

__all__ = ["FactureReprise", "PrestataireRepris", "Reprise", "reprise"]

_PAYEE = {(True, True): "15", (True, False): "05", (False, True): "25"}
"""The payee code that awaits the compulsory part, the complementary part, or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrestataireRepris:
    """The last numbers of one prestataire, 0 and `None` without one. `deja_repris`: an earlier call had told them."""

    numero: str
    dernier_numero: int
    dernier_lot: int
    date_dernier_lot: date | None
    deja_repris: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureReprise:
    """An open invoice; `demande` in centimes. `deja_reprise`: an earlier call had told it."""

    prestataire: str
    numero: int
    reference: str
    demande: int
    deja_reprise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprise:
    """What was taken over, or told before; nothing when a finding is an error."""

    prestataires: tuple[PrestataireRepris, ...]
    factures: tuple[FactureReprise, ...]
    constats: tuple[Finding, ...]


class _RefusedError(Exception):
    """Undoes the transaction: a finding is an error."""


def reprise(practice: Practice, entree: bytes, *, dossier: Path, auteur: str, le: date | None = None) -> Reprise:
    """Take over from previous software what a TOML description says, all or nothing; the same again does nothing.

    `dossier` is where the CSV that it may name is. Raises `UnreadableError` (`reprise.illisible`), `UsageError`
    (`entree.absente`), `StorageError`.
    """
    today = practice.day(le)
    read = lecture.read(entree, dossier)
    found = [*read.constats, *controle.complete(practice.cabinet, read)]
    found += controle.check_entry(practice.cabinet, read, today)
    if found:
        return Reprise(prestataires=(), factures=(), constats=tuple(found))
    try:
        with practice.journal.transaction(now()) as transaction:
            found += controle.check_journal(transaction, read)
            if found:
                raise _RefusedError
            return _TakingOver(practice, transaction, read, to_days(today), auteur).done()
    except _RefusedError:
        return Reprise(prestataires=(), factures=(), constats=tuple(found))


class _TakingOver:
    """What is recorded of a description that contradicts nothing, inside its transaction."""

    def __init__(self, practice: Practice, transaction: Transaction, entree: Entree, today: int, auteur: str) -> None:
        self._practice = practice
        self._transaction = transaction
        self._entree = entree
        self._today = today
        self._auteur = auteur

    def done(self) -> Reprise:
        """Record what is new, and compute every state again: returns already there may be of these invoices."""
        prestataires = list(self._prestataires())
        ouvertes = list(self._ouvertes())
        new = [row for row, known in prestataires if not known]
        rows = [(facture, ouverte) for facture, ouverte, known in ouvertes if not known]
        if new or rows:
            emetteur = self._practice.cabinet.emetteur.numero.zfill(14)
            reprises.take_over(self._transaction, new, rows, emetteur)
            rebuild(self._transaction)
        lots = {one.get("numero"): one.get("date_dernier_lot") for one in self._entree.prestataires}
        return Reprise(
            prestataires=tuple(
                PrestataireRepris(
                    numero=row.prestataire,
                    dernier_numero=row.dernier_numero,
                    dernier_lot=row.dernier_lot,
                    date_dernier_lot=lots[row.prestataire],
                    deja_repris=known,
                )
                for row, known in prestataires
            ),
            factures=tuple(
                FactureReprise(
                    prestataire=facture.prestataire,
                    numero=facture.numero,
                    reference=facture.reference,
                    demande=facture.demande_amo + facture.demande_amc,
                    deja_reprise=known,
                )
                for facture, _, known in ouvertes
            ),
            constats=(),
        )

    def _prestataires(self) -> Iterator[tuple[RepriseRow, bool]]:
        for one in self._entree.prestataires:
            known = reprises.find_reprise(self._transaction, one.get("numero"))
            yield known or self._reprise_row(one), known is not None

    def _reprise_row(self, one: Lue) -> RepriseRow:
        jour = one.get("date_dernier_lot")
        return RepriseRow(
            prestataire=one.get("numero"),
            dernier_numero=one.get("dernier_numero"),
            dernier_lot=one.get("dernier_lot") or 0,
            date_dernier_lot=to_days(jour) if jour else 0,
            dernier_fichier=self._entree.document.get("dernier_fichier") or 0,
            reprise_le=self._today,
            auteur=self._auteur,
        )

    def _ouvertes(self) -> Iterator[tuple[FactureRow, OuverteRow, bool]]:
        for one in self._entree.factures:
            known = factures.find(self._transaction, one.get("prestataire"), one.get("numero"))
            yield known or self._facture_row(one), _ouverte_row(one), known is not None

    def _facture_row(self, one: Lue) -> FactureRow:
        amo, amc = one.get("demande_amo") or 0, one.get("demande_amc") or 0
        organisme = controle.organisme_of(self._practice.cabinet, one)
        assert organisme is not None
        content = controle.content_of(one)
        return FactureRow(
            prestataire=one.get("prestataire"),
            numero=one.get("numero"),
            reference=controle.reference_of(one),
            empreinte_saisie=self._transaction.coffre.content_fingerprint(content),
            sceau="",
            mode=MODE_REPRISE,
            destinataire_reglement=_PAYEE[bool(amo), bool(amc)],
            attend_amo=int(amo > 0),
            attend_amc=int(amc > 0),
            demande_amo=amo,
            demande_amc=amc,
            total_honoraires=one.get("total_honoraires") or amo + amc,
            date_facture=to_days(one.get("date_facture")),
            securisee_le=to_days(one.get("date_facture")),
            organisme=organisme[0],
            type_destinataire=organisme[1],
            centre=organisme[2],
            remplacant=one.get("remplacant") or "",
            remplace=None,
            racine=one.get("numero"),
            rang_chaine=0,
            contenu_fse=None,
            contenu_saisie=self._transaction.store("saisie", content),
            personne=self._transaction.person(one.get("nir") or "", _identity(one)),
        )


def _ouverte_row(one: Lue) -> OuverteRow:
    jour = one.get("date_lot")
    return OuverteRow(
        prestataire=one.get("prestataire"),
        numero=one.get("numero"),
        numero_lot=one.get("numero_lot") or 0,
        date_lot=to_days(jour) if jour else 0,
        envoyee_le=to_days(one.get("envoyee_le")),
    )


def _identity(one: Lue) -> bytes:
    """Names as the table of persons keeps them (encrypted); previous software tells one person, the insured."""
    names = {"nom": one.get("nom") or "", "prenom": one.get("prenom") or ""}
    return json.dumps({"assure": names, "beneficiaire": names}, sort_keys=True).encode()
