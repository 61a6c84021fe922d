"""`securiser`: check, number, seal and freeze invoices during the visit (transaction T0 of architecture, decision 9).

A document is taken whole or refused whole: one error anywhere and nothing is written. The same reference with the
same content is the same invoice and returns its number again; with another content it is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from fse.app.operations.cabinet import Cabinet, Destination
from fse.app.operations.cabinet.personnes import name_of
from fse.app.operations.clock import now
from fse.app.operations.cotation.facture import price_invoice
from fse.app.operations.cotation.historique import Passe, row_of
from fse.app.operations.incitation.exclusions import exclusions_of
from fse.app.operations.practice import Practice
from fse.app.operations.reseaux.enregistrer import Derogatoire, DerogatoireEnregistree, check_derogatoires
from fse.app.operations.states import answer, ask_invoices, refresh
from fse.base.dates import to_days
from fse.base.findings import Finding, Place, finding
from fse.base.identifiers.nir import reads_as_nir
from fse.domain.reconciliation.life_cycle import PART
from fse.infra.journal import Reading, Transaction
from fse.infra.journal.facts import factures, fichiers_recus, reprises
from fse.infra.journal.facts.exchanges.transmissions import lots_that_held
from fse.infra.journal.facts.factures import FactureRow
from fse.norm.codec import documents, xml
from fse.norm.codec.b2.building import facture_seal_of, freeze_facture
from fse.norm.model.controle import check_saisie
from fse.norm.model.facture import Facture
from fse.norm.model.saisie import MODES_CERTIFIES, MODES_SANS_LOT, DocumentFactures, Saisie
from fse.norm.model.tiers_payant import parts_attendues

JUSTIFICATIFS = {"carte": "4", "service": "2", "aucune": "0"}
"""Proof of rights (record 2, 58) by the source of the rights."""


_NOT_TO_SEND_AGAIN = frozenset({"attendue", "differee", "payee", "payee_plus"})
"""States of a part in which asking it again would have it paid twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureSecurisee:
    """An invoice that now has its number. `deja_connue` when an earlier call had secured it. Amounts in centimes."""

    reference: str
    prestataire: str
    numero: int
    mode: str
    total_honoraires: int
    deja_connue: bool


@dataclass(frozen=True, slots=True)
class Securisation:
    """What was secured and what networks are asked for, in the order of the document; nothing when one is an error."""

    factures: tuple[FactureSecurisee, ...]
    constats: tuple[Finding, ...]
    derogatoires: tuple[DerogatoireEnregistree, ...] = ()


class _RefusedError(Exception):
    """Undoes the transaction: a finding of the document is an error."""


def securiser(practice: Practice, entree: bytes, *, le: date | None = None) -> Securisation:
    """Secure every invoice of a document, XML (`schemas/xsd/factures.xsd`) or JSON (`schemas/json`), and record what
    health networks are asked for in it.

    `le` moves the day of securing, never the date of care. Raises `StorageError` when the journal cannot be written.
    """
    document, constats = documents.read(entree)
    return secure_document(practice, document, constats, le)


def secure_document(
    practice: Practice, document: DocumentFactures | None, constats: Sequence[Finding], le: date | None
) -> Securisation:
    """Secure a document already read, `None` when it was refused, with the findings of its reading."""
    if document is None:
        return Securisation((), tuple(constats))
    day = practice.day(le)
    found = [*constats, *_check_document(practice.cabinet, document), *check_derogatoires(document, day)]
    if any(one.is_error for one in found):
        return Securisation((), tuple(found))
    secured: list[FactureSecurisee] = []
    recorded: list[DerogatoireEnregistree] = []
    today = to_days(day)
    try:
        with practice.journal.transaction(now()) as transaction:
            passe = Passe(transaction)
            passe.hold(document.factures)
            for saisie in document.factures:
                entry = _Entry(practice, transaction, saisie, passe)
                found.extend(entry.refusals())
                if not any(one.is_error for one in found):
                    secured.append(entry.secure(today))
            for rang, one in enumerate(document.derogatoires, start=1):
                service = Derogatoire(practice, transaction, one, rang)
                found.extend(service.refusals())
                if not any(constat.is_error for constat in found):
                    recorded.append(service.record(day))
            if any(one.is_error for one in found):
                raise _RefusedError
            fresh = {facture.numero for facture in secured if not facture.deja_connue}
            refresh(transaction, fresh.union(*(_chain(transaction, one) for one in document.factures)))
    except _RefusedError:
        secured, recorded = [], []
    return Securisation(tuple(secured), tuple(found), tuple(recorded))


def _check_document(cabinet: Cabinet, document: DocumentFactures) -> Iterator[Finding]:
    personal = [rank for rank, one in enumerate(document.factures, start=1) if reads_as_nir(one.reference)]
    if personal:
        for rank in personal:
            yield finding("securisation.reference_personnelle", Place(type="facture", rang=rank), rang=rank)
        return
    if document.cabinet != cabinet.cabinet:
        yield finding("securisation.autre_cabinet", attendu=cabinet.cabinet)
    for saisie in document.factures:
        facture = saisie.facture
        yield from check_saisie(saisie)
        prestataire = cabinet.prestataire(facture.prestataire)
        if prestataire is None:
            yield _finding("prestataire_inconnu", saisie, "prestataire")
        elif prestataire.numeros == "alloues" and facture.numero is not None:
            yield _finding("numero_inattendu", saisie, "numero")
        elif prestataire.numeros == "fournis" and facture.numero is None:
            yield _finding("numero_attendu", saisie, "numero")
        elif facture.numero is not None and facture.numero not in prestataire.plage:
            yield _finding("numero_hors_plage", saisie, "numero", numero=facture.numero, plage=prestataire.plage)
        if _destination(cabinet, facture) is None:
            assure = facture.assure
            yield _finding(
                "destination_inconnue",
                saisie,
                "assure",
                regime=assure.regime,
                caisse=assure.caisse,
                centre=assure.centre,
            )


class _Entry:
    """One invoice of the document facing the journal, inside the transaction that will record it."""

    def __init__(self, practice: Practice, transaction: Transaction, saisie: Saisie, passe: Passe) -> None:
        self._practice = practice
        self._transaction = transaction
        self._saisie = saisie
        self._content = xml.build(DocumentFactures(cabinet=practice.cabinet.cabinet, factures=(saisie,)))
        self._fingerprint = practice.journal.coffre.content_fingerprint(self._content)
        self._known = factures.find_by_reference(transaction, saisie.facture.prestataire, saisie.reference)
        self._cotee = price_invoice(practice.cabinet, saisie, passe)

    def refusals(self) -> Iterator[Finding]:
        """What the journal says against it: its reference, its number, the invoice that it corrects (a warning there
        when a payer is dealing with it, or has paid it); and what the rules of pricing say of its care.
        """
        saisie, prestataire = self._saisie, self._saisie.facture.prestataire
        if self._known is not None:
            if self._known.empreinte_saisie != self._fingerprint:
                yield _finding("reference_prise", saisie, "reference", numero=self._known.numero)
            return
        yield from self._cotee.constats
        numero = saisie.facture.numero
        if numero is not None:
            yield from self._refused_number(prestataire, numero)
        if saisie.remplace is not None:
            if factures.find(self._transaction, prestataire, saisie.remplace) is None:
                yield _finding("remplace_inconnue", saisie, "remplace", numero=saisie.remplace)
            elif factures.find_successor(self._transaction, prestataire, saisie.remplace) is not None:
                yield _finding("deja_remplacee", saisie, "remplace", numero=saisie.remplace)
            else:
                yield from self._still_answered(saisie.remplace)

    def _refused_number(self, prestataire: str, numero: int) -> Iterator[Finding]:
        taken_over = reprises.find_reprise(self._transaction, prestataire)
        if factures.find(self._transaction, prestataire, numero) is not None:
            yield _finding("numero_pris", self._saisie, "numero", numero=numero)
        elif taken_over is not None and numero <= taken_over.dernier_numero:
            dernier = taken_over.dernier_numero
            yield _finding("numero_anterieur", self._saisie, "numero", numero=numero, dernier=dernier)

    def _still_answered(self, remplace: int) -> Iterator[Finding]:
        """The parts asked again that a payer has paid, or has not answered for good.

        One that it refused by name before anything was judged waits for no answer: its correction is what is asked for.
        """
        asked, prestataire = parts_attendues(self._saisie.facture), self._saisie.facture.prestataire
        ask_invoices(self._transaction, [remplace])
        states = {
            row["partie"]: row["etat"]
            for row in answer(self._transaction, "parts_du_bloc")
            if row["prestataire"] == prestataire and row["etat"] in _NOT_TO_SEND_AGAIN
        }
        if _refused_by_name(self._transaction, prestataire, remplace):
            states = {part: etat for part, etat in states.items() if etat != "attendue"}
        told = [f"part {part} « {PART[states[part]].libelle} »" for part in asked if part in states]
        if told:
            etat = ", ".join(told)
            yield _finding("remplace_en_attente", self._saisie, "remplace", numero=remplace, etat=etat)

    def secure(self, today: int) -> FactureSecurisee:
        """Number, seal, freeze and record it, unless it is known already. Raises `BuildError`."""
        if self._known is not None:
            return self._result(self._known.numero, deja_connue=True)
        cabinet, saisie = self._practice.cabinet, self._saisie
        prestataire = cabinet.prestataire(saisie.facture.prestataire)
        destination = _destination(cabinet, saisie.facture)
        assert prestataire is not None
        assert destination is not None
        numero = saisie.facture.numero or factures.allocate_numero(
            self._transaction, prestataire.numero, prestataire.plage
        )
        facture = complete(saisie, numero, cabinet)
        frozen = None if saisie.mode in MODES_SANS_LOT else freeze_facture(facture)
        soins = [row_of(one, numero, ordre) for ordre, one in enumerate(self._cotee.soins, start=1)]
        row = self._row(facture, numero, frozen, destination, today)
        factures.insert_facture(self._transaction, row, soins, exclusions_of(saisie, numero))
        return self._result(numero, deja_connue=False)

    def _row(
        self, facture: Facture, numero: int, frozen: bytes | None, destination: Destination, today: int
    ) -> FactureRow:
        attendues = parts_attendues(facture)
        racine, rang_chaine = factures.place_in_chain(
            self._transaction, facture.prestataire, numero, self._saisie.remplace
        )
        return FactureRow(
            prestataire=facture.prestataire,
            numero=numero,
            reference=self._saisie.reference,
            empreinte_saisie=self._fingerprint,
            sceau=facture_seal_of(frozen) if frozen is not None else "",
            mode=self._saisie.mode,
            destinataire_reglement=facture.destinataire_reglement,
            attend_amo=int("AMO" in attendues),
            attend_amc=int("AMC" in attendues),
            demande_amo=facture.total_amo,
            demande_amc=facture.total_amc,
            total_honoraires=facture.total_honoraires,
            date_facture=to_days(facture.date_facture),
            securisee_le=today,
            organisme=destination.organisme_destinataire,
            type_destinataire=destination.type_destinataire,
            centre=destination.centre_informatique,
            remplacant=self._saisie.remplacant or "",
            remplace=self._saisie.remplace,
            racine=racine,
            rang_chaine=rang_chaine,
            contenu_fse=self._transaction.store("fse", frozen) if frozen is not None else None,
            contenu_saisie=self._transaction.store("saisie", self._content),
            personne=self._transaction.person(facture.assure.nir, _identity(self._saisie)),
        )

    def _result(self, numero: int, *, deja_connue: bool) -> FactureSecurisee:
        return FactureSecurisee(
            reference=self._saisie.reference,
            prestataire=self._saisie.facture.prestataire,
            numero=numero,
            mode=self._saisie.mode,
            total_honoraires=self._saisie.facture.total_honoraires,
            deja_connue=deja_connue,
        )


def _refused_by_name(reading: Reading, prestataire: str, numero: int) -> bool:
    """True when a lot of this invoice was refused because of it, and no payer turned out to have it."""
    said = [
        one
        for lot in lots_that_held(reading, prestataire, numero)
        for one in fichiers_recus.acknowledgements(reading, lot)
    ]
    named = any(one.sens == "N" and one.numero_facture == numero for one in said)
    return named and all(one.sens == "N" for one in said)


def _chain(transaction: Transaction, saisie: Saisie) -> set[int]:
    """The invoices that this one corrects, the one it corrects first of all, whose states depend on it."""
    if saisie.remplace is None:
        return set()
    return set(factures.chain_of(transaction, saisie.facture.prestataire, saisie.remplace))


def complete(saisie: Saisie, numero: int, cabinet: Cabinet) -> Facture:
    """The invoice as its records carry it: with number, marking, proof of rights, and who did each act; the speciality
    is theirs, that of who bills when the practice does not say it.
    """
    facture = saisie.facture
    usual = name_of(cabinet, facture.prestataire)[1]
    return replace(
        facture,
        numero=numero,
        marque=cabinet.marque,
        type_facture="F" if saisie.mode in MODES_CERTIFIES else None,
        justificatif_droits=JUSTIFICATIFS[saisie.contexte.source],
        prestations=tuple(
            replace(
                prestation,
                executant=prestation.executant or facture.prestataire,
                specialite_executant=name_of(cabinet, prestation.executant or facture.prestataire)[1] or usual,
                details_ccam=tuple(
                    replace(detail, date_seance=detail.date_seance or prestation.date_soins)
                    for detail in prestation.details_ccam
                ),
            )
            for prestation in facture.prestations
        ),
    )


def _identity(saisie: Saisie) -> bytes:
    """Names and birth date, as the table of persons keeps them (encrypted)."""
    contexte = saisie.contexte
    identity = {
        "assure": asdict(contexte.identite_assure),
        "beneficiaire": asdict(contexte.identite_beneficiaire),
        "date_naissance": saisie.facture.beneficiaire.date_naissance,
        "rang_naissance": saisie.facture.beneficiaire.rang_naissance,
    }
    return json.dumps(identity, sort_keys=True).encode()


def _destination(cabinet: Cabinet, facture: Facture) -> Destination | None:
    return cabinet.destination(facture.assure.regime, facture.assure.caisse, facture.assure.centre)


def _finding(code: str, saisie: Saisie, champ: str, **values: object) -> Finding:
    return finding(f"securisation.{code}", Place(type="facture", champ=champ), facture=saisie.reference, **values)
