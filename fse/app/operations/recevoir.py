"""`recevoir`: what came back, read, judged and booked once, one transaction a logical file.

A bank statement is recognised by content and judged by `banque.releves`.

Order of judgement for a logical file: not a return; already received (same digest); flow of another marking (its
content is not kept); a finding that sets it aside; an ARL for another practice; same identity with other bytes; else
booked. Whatever is set aside is archived with its reason, and nothing of it is booked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fse.app.operations.accuses import AccuseRecu, Confrontation, accuse_rows, is_for_us
from fse.app.operations.banque.preuves import PreuveBancaire, prove_return
from fse.app.operations.banque.releves import ReleveRecu, receive_statements
from fse.app.operations.clock import now
from fse.app.operations.motifs import DOUBLON, RejetInconnu, RejetRecu, unknown_rejects
from fse.app.operations.practice import Practice, entity_tables
from fse.app.operations.states import answer, book, refresh
from fse.app.operations.virements import VirementAnnonce, announced_transfers
from fse.base.dates import from_days, to_days
from fse.base.findings import Finding, Place, finding
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.fichiers_recus import AccuseRow, FichierRecuRow
from fse.norm.codec.reading import read
from fse.norm.codec.releves import first_look, is_statement
from fse.norm.layout import EntityRow, FileEnd, FileStart, Item
from fse.norm.referentiels import codification

Verdict = Literal["recu", "deja_recu", "ecarte", "pas_un_retour"]

ARL = "arl"
"""The family of the acknowledgements of lots."""

RETOURS = frozenset({"noemie", ARL})
"""Families that a practice receives."""

CODES_REJET = {"294": "code_rejet", "290": "codification"}
"""The field that holds the code of each entity of reject."""


PAYEES = frozenset({"payee", "payee_moins", "payee_plus"})
"""The states of a part that money was paid for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecue:
    """What a return says of one part of an invoice: `etat` P, R, D or "" (not handled); amounts in centimes.

    `prestataire` is that of the invoice it was matched with, "" when it was not; then `etat_part`, what becomes of the
    part in all, is "" too. `demande` is `None` when the return does not say it.
    """

    prestataire: str
    numero: int
    partie: str
    etat: str
    demande: int | None
    paye: int
    etat_part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierRecu:
    """What became of one logical file; `motif`: the code of what set it aside.

    `parts` and `virements`: what was booked of a return; `accuses`: what was booked of an ARL; `releve`: the bank
    statement that it is, `None` when it is none; `preuves`: the transfers that it proves, or whose proof was there.
    `rejets_inconnus`: the reject codes in what was booked that no list of the practice holds.
    """

    fichier: str
    ordinal: int
    empreinte: str
    verdict: Verdict
    motif: str | None
    parts: tuple[PartRecue, ...]
    virements: tuple[VirementAnnonce, ...]
    rejets_inconnus: tuple[RejetInconnu, ...]
    accuses: tuple[AccuseRecu, ...]
    releve: ReleveRecu | None
    preuves: tuple[PreuveBancaire, ...]
    constats: tuple[Finding, ...]


@dataclass(slots=True)
class _Logical:
    """One logical file while it is gathered."""

    start: FileStart
    rows: list[EntityRow] = field(default_factory=list)
    constats: list[Finding] = field(default_factory=list)
    empreinte: str = ""
    fin: int = 0

    @property
    def head(self) -> EntityRow | None:
        return self.rows[0] if self.rows and self.rows[0].layout is not None else None

    def text(self, champ: str) -> str:
        value = self.head.valeurs.get(champ) if self.head else None
        return value if isinstance(value, str) else ""

    @property
    def identity(self) -> tuple[str, str, str, int]:
        """Emitter, recipient, file id, creation date (days; 0 when it does not read): architecture, decision 7."""
        created = self.head.valeurs.get("date_creation") if self.head else None
        return (
            self.text("numero_emetteur"),
            self.text("numero_destinataire"),
            self.text("identifiant_fichier"),
            to_days(created) if isinstance(created, date) else 0,
        )


def recevoir(
    practice: Practice, contenu: Iterable[bytes], *, fichier: str = "", le: date | None = None
) -> Iterator[FichierRecu]:
    """Receive every logical file of a container, given in chunks; each is committed before the next is read.

    `fichier` names the container in what is returned. Raises `UnreadableError` when nothing in it is ours,
    `StorageError` when the journal cannot be written.
    """
    window, chunks = first_look(contenu)
    if is_statement(window):
        for statement in receive_statements(practice, chunks, le=le):
            yield _statement(fichier, statement)
        return
    today = to_days(practice.day(le))
    data = b"".join(chunks)
    container = hashlib.sha256(data).hexdigest()
    for logical in _logical_files(read([data], codes=practice.cabinet.listes)):
        with practice.journal.transaction(now()) as transaction:
            received = _Reception(practice, transaction, logical, today, container, data).decide(fichier)
        yield received


def _statement(fichier: str, releve: ReleveRecu) -> FichierRecu:
    """What became of a bank statement."""
    return FichierRecu(
        fichier=fichier,
        ordinal=releve.ordinal,
        empreinte=releve.empreinte,
        verdict=releve.verdict,
        motif=releve.motif,
        parts=(),
        virements=(),
        rejets_inconnus=(),
        accuses=(),
        releve=releve,
        preuves=releve.preuves,
        constats=releve.constats,
    )


def _logical_files(items: Iterable[Item]) -> Iterator[_Logical]:
    """Each logical file with its findings; those made between two files go to the next one."""
    between: list[Finding] = []
    current: _Logical | None = None
    for item in items:
        if isinstance(item, FileStart):
            current, between = _Logical(item, constats=between), []
        elif isinstance(item, Finding):
            (current.constats if current else between).append(item)
        elif isinstance(item, EntityRow) and current:
            current.rows.append(item)
            current.constats.extend(item.constats)
        elif isinstance(item, FileEnd) and current:
            current.empreinte, current.fin = item.empreinte, item.octet
            yield current
            current = None


class _Reception:
    """The judgement of one logical file, inside its transaction."""

    def __init__(
        self, practice: Practice, transaction: Transaction, logical: _Logical, today: int, container: str, data: bytes
    ) -> None:
        self._practice = practice
        self._transaction = transaction
        self._logical = logical
        self._today = today
        self._container = container
        self._data = data
        self._accuses: tuple[AccuseRecu, ...] = ()
        self._preuves: tuple[PreuveBancaire, ...] = ()

    def decide(self, fichier: str) -> FichierRecu:
        """Judge, write what must be written, and say what became of the file."""
        logical = self._logical
        verdict, motif = self._judge()
        rows = logical.rows if verdict == "recu" else []
        today, cabinet = from_days(self._today), self._practice.cabinet
        return FichierRecu(
            fichier=fichier,
            ordinal=logical.start.ordinal,
            empreinte=logical.empreinte,
            verdict=verdict,
            motif=motif,
            parts=tuple(self._parts() if verdict == "recu" and not self._is_arl else ()),
            virements=announced_transfers(rows, cabinet.listes, today),
            rejets_inconnus=unknown_rejects(cabinet, _rejets(rows, today)),
            accuses=self._accuses,
            releve=None,
            preuves=self._preuves,
            constats=tuple(logical.constats),
        )

    def _judge(self) -> tuple[Verdict, str | None]:
        edition, logical = self._logical.start.edition, self._logical
        if edition is not None and edition.famille not in RETOURS:
            logical.constats.append(finding("reception.pas_un_retour", self._place))
            return "pas_un_retour", "reception.pas_un_retour"
        known = fichiers_recus.find_digest(self._transaction, logical.empreinte)
        if known is not None and known.verdict == "ecarte":
            logical.constats.append(finding("reception.deja_ecarte", self._place, motif=known.motif))
            return "ecarte", known.motif
        if known is not None:
            logical.constats.append(finding("reception.deja_recu", self._place))
            return "deja_recu", None
        if edition is None or logical.head is None:
            return self._set_aside("reception.marque_illisible", archive=None)
        if logical.text("marque") != self._practice.cabinet.marque:
            real = logical.text("marque") in ("", "R")
            return self._set_aside("reception.flux_reel" if real else "reception.autre_marque", archive=None)
        blocking = next((one for one in logical.constats if one.sets_aside), None)
        if blocking is not None:
            return self._set_aside(blocking.code, archive=self._archive())
        if self._is_arl and not is_for_us(
            self._transaction, self._practice.cabinet, logical.text("numero_destinataire")
        ):
            return self._set_aside("reception.autre_destinataire", archive=self._archive())
        if fichiers_recus.find_identity(self._transaction, *logical.identity) is not None:
            return self._set_aside("reception.identite_reprise", archive=self._archive())
        self._book_arl() if self._is_arl else self._book()
        return "recu", None

    def _set_aside(self, code: str, *, archive: str | None) -> tuple[Verdict, str | None]:
        """Record the file with what sets it aside: a finding of its reading, or of receiving, which is then added."""
        if all(one.code != code for one in self._logical.constats):
            self._logical.constats.append(finding(code, self._place))
        self._record("ecarte", code, archive)
        return "ecarte", code

    def _book_arl(self) -> None:
        """An ARL has no money: its lots are facts, which change the states of their invoices."""
        logical, listes = self._logical, self._practice.cabinet.listes
        self._record("recu", None, self._archive(), accuse_rows(logical.rows, listes, self._today))
        known = Confrontation(self._transaction, logical.text("numero_destinataire"), listes)
        logical.constats.extend(known.findings(logical.rows))
        self._accuses = tuple(known.received(logical.rows))
        refresh(self._transaction, known.factures)

    def _book(self) -> None:
        logical = self._logical
        self._record("recu", None, self._archive())
        entity_tables().insert(self._transaction.connection, self._transaction.cabinet, logical.empreinte, logical.rows)
        logical.constats.extend(book(self._transaction, logical.empreinte, logical.rows))
        logical.constats.extend(self._rejected_after_payment())
        self._preuves, found = prove_return(self._transaction, logical.empreinte)
        logical.constats.extend(found)

    def _record(
        self,
        verdict: Literal["recu", "ecarte"],
        motif: str | None,
        archive: str | None,
        accuses: Sequence[AccuseRow] = (),
    ) -> None:
        logical = self._logical
        emetteur, destinataire, identifiant, created = logical.identity
        fichiers_recus.insert_received(
            self._transaction,
            FichierRecuRow(
                empreinte=logical.empreinte,
                famille=logical.start.edition.famille if logical.start.edition else "",
                emetteur=emetteur,
                destinataire=destinataire,
                identifiant=identifiant,
                date_creation=created,
                marque=logical.text("marque"),
                contenu_archive=archive,
                recu_le=self._today,
                verdict=verdict,
                motif=motif,
                conteneur_empreinte=self._container,
                octet=logical.start.octet,
            ),
            accuses,
        )

    def _archive(self) -> str:
        """The bytes of the file as received, line ends included; its id in the encrypted archive."""
        return self._transaction.store("recu", self._data[self._logical.start.octet : self._logical.fin])

    def _rejected_after_payment(self) -> Iterator[Finding]:
        """Parts rejected though they are paid; a reject that only says "already paid" is no news."""
        again = {one.facture for one in _rejets(self._logical.rows, from_days(self._today)) if self._is_double(one)}
        for part in self._parts():
            if part.etat == "R" and part.etat_part in PAYEES and part.numero not in again:
                yield finding("reception.rejet_apres_paiement", self._place, numero=part.numero, partie=part.partie)

    def _is_double(self, rejet: RejetRecu) -> bool:
        code, precision = codification.split(rejet.codification, rejet.libelle)
        known = self._practice.cabinet.listes.rejet(code, precision, rejet.jour)
        return known is not None and known.famille == DOUBLON

    def _parts(self) -> Iterator[PartRecue]:
        """What was just booked: the file is still asked."""
        for row in answer(self._transaction, "parts_recues"):
            yield PartRecue(**{name: row[name] for name in PartRecue.__slots__})

    @property
    def _is_arl(self) -> bool:
        edition = self._logical.start.edition
        return edition is not None and edition.famille == ARL

    @property
    def _place(self) -> Place:
        return Place(octet=self._logical.start.octet)


def _rejets(rows: Iterable[EntityRow], today: date) -> Iterator[RejetRecu]:
    """The rejects of a file, in both generations of entities, on the accounting day that they stand under."""
    jour, facture = today, 0
    for row in rows:
        day, numero = row.valeurs.get("date_comptable"), row.valeurs.get("numero_facture")
        jour = day if isinstance(day, date) else jour
        facture = numero if isinstance(numero, int) else facture
        if row.type in CODES_REJET:
            code, libelle = row.valeurs[CODES_REJET[row.type]], row.valeurs["libelle_rejet"]
            if isinstance(code, str):
                yield RejetRecu(jour, code, libelle if isinstance(libelle, str) else "", facture)
