"""`recevoir`: what came back, read, judged and booked once, one transaction a logical file.

Order of judgement for a logical file: not a return; already received (same digest); flow of another marking (its
content is not kept); a finding that sets it aside; same identity with other bytes; else booked. Whatever is set aside
is archived with its reason, and nothing of it is booked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice, entity_tables
from fse.app.operations.states import book
from fse.base.dates import to_days
from fse.base.findings import Finding, Place, finding
from fse.infra.journal import Transaction, fichiers_recus
from fse.infra.journal.fichiers_recus import FichierRecuRow
from fse.norm.codec.reading import read
from fse.norm.layout import Edition, EntityRow, FileEnd, FileStart, Item

Verdict = Literal["recu", "deja_recu", "ecarte", "pas_un_retour"]

RETOURS = frozenset({"noemie"})
"""Families that a practice receives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierRecu:
    """What became of one logical file. `retours` counts the invoices that it answers; `motif` is a finding's code."""

    fichier: str
    ordinal: int
    empreinte: str
    verdict: Verdict
    motif: str | None
    retours: int
    constats: tuple[Finding, ...]


@dataclass(slots=True)
class _Logical:
    """One logical file while it is gathered."""

    start: FileStart
    rows: list[EntityRow] = field(default_factory=list)
    constats: list[Finding] = field(default_factory=list)

    @property
    def head(self) -> EntityRow | None:
        return self.rows[0] if self.rows and self.rows[0].layout is not None else None

    def text(self, champ: str) -> str:
        value = self.head.valeurs.get(champ) if self.head else None
        return value if isinstance(value, str) else ""

    @property
    def created(self) -> int:
        value = self.head.valeurs.get("date_creation") if self.head else None
        return to_days(value) if isinstance(value, date) else 0


def recevoir(
    practice: Practice, contenu: Iterable[bytes], *, fichier: str = "", le: date | None = None
) -> Iterator[FichierRecu]:
    """Receive every logical file of a container, given in chunks; each is committed before the next is read.

    `fichier` names the container in what is returned. Raises `UnreadableError` when nothing in it is ours,
    `StorageError` when the journal cannot be written.
    """
    today = to_days(practice.day(le))
    data = b"".join(contenu)
    container = hashlib.sha256(data).hexdigest()
    for logical, end in _logical_files(read([data])):
        with practice.journal.transaction(now()) as transaction:
            reception = _Reception(practice, transaction, logical, end, today, container, data)
            yield_value = reception.decide(fichier)
        yield yield_value


def _logical_files(items: Iterable[Item]) -> Iterator[tuple[_Logical, FileEnd]]:
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
            yield current, item
            current = None


class _Reception:
    """The judgement of one logical file, inside its transaction."""

    def __init__(
        self,
        practice: Practice,
        transaction: Transaction,
        logical: _Logical,
        end: FileEnd,
        today: int,
        container: str,
        data: bytes,
    ) -> None:
        self._practice = practice
        self._transaction = transaction
        self._logical = logical
        self._end = end
        self._today = today
        self._container = container
        self._data = data

    def decide(self, fichier: str) -> FichierRecu:
        """Judge, write what must be written, and say what became of the file."""
        verdict, motif, retours = self._judge()
        return FichierRecu(
            fichier=fichier,
            ordinal=self._end.ordinal,
            empreinte=self._end.empreinte,
            verdict=verdict,
            motif=motif,
            retours=retours,
            constats=tuple(self._logical.constats),
        )

    def _judge(self) -> tuple[Verdict, str | None, int]:
        edition, logical = self._end.edition, self._logical
        if edition is not None and edition.famille not in RETOURS:
            return self._refuse("pas_un_retour", "reception.pas_un_retour")
        if fichiers_recus.find_digest(self._transaction, self._end.empreinte) is not None:
            logical.constats.append(finding("reception.deja_recu", self._place))
            return "deja_recu", None, 0
        marque = logical.text("marque") if edition is not None else self._practice.cabinet.marque
        if marque != self._practice.cabinet.marque:
            code = "reception.flux_reel" if marque in ("", "R") else "reception.autre_marque"
            return self._set_aside(code, archive=None)
        blocking = next((one for one in logical.constats if one.sets_aside), None)
        if blocking is not None:
            return self._set_aside(blocking.code, archive=self._archive())
        if edition is None:
            return self._set_aside("edition.inconnue", archive=self._archive())
        if fichiers_recus.find_identity(self._transaction, *self._identity) is not None:
            return self._set_aside("reception.identite_reprise", archive=self._archive())
        return self._book(edition)

    def _refuse(self, verdict: Verdict, code: str) -> tuple[Verdict, str | None, int]:
        self._logical.constats.append(finding(code, self._place))
        return verdict, code, 0

    def _set_aside(self, code: str, *, archive: str | None) -> tuple[Verdict, str | None, int]:
        if not any(one.code == code for one in self._logical.constats):
            self._logical.constats.append(finding(code, self._place))
        self._record("ecarte", code, archive)
        return "ecarte", code, 0

    def _book(self, edition: Edition) -> tuple[Verdict, str | None, int]:
        self._record("recu", None, self._archive())
        entity_tables().insert(
            self._transaction.connection, self._transaction.cabinet, self._end.empreinte, self._logical.rows
        )
        self._logical.constats.extend(book(self._transaction, self._end.empreinte, self._logical.rows))
        return "recu", None, sum(row.type == "102" for row in self._logical.rows)

    def _record(self, verdict: Literal["recu", "ecarte"], motif: str | None, archive: str | None) -> None:
        emetteur, destinataire, identifiant, created = self._identity
        fichiers_recus.insert_received(
            self._transaction,
            FichierRecuRow(
                empreinte=self._end.empreinte,
                famille=self._end.edition.famille if self._end.edition else "",
                emetteur=emetteur,
                destinataire=destinataire,
                identifiant=identifiant,
                date_creation=created,
                marque=self._logical.text("marque"),
                contenu_archive=archive,
                recu_le=self._today,
                verdict=verdict,
                motif=motif,
                conteneur_empreinte=self._container,
                octet=self._logical.start.octet,
            ),
        )

    def _archive(self) -> str:
        """The bytes of the file as received, line ends included; its id in the encrypted archive."""
        return self._transaction.store("recu", self._data[self._logical.start.octet : self._end.octet])

    @property
    def _identity(self) -> tuple[str, str, str, int]:
        text = self._logical.text
        return text("numero_emetteur"), text("numero_destinataire"), text("identifiant_fichier"), self._logical.created

    @property
    def _place(self) -> Place:
        return Place(octet=self._logical.start.octet)
