"""Acknowledgements received: each lot of an ARL as a fact, held against the lots that the practice sent.

An ARL is matched on prestataire, lot number and lot date. What it says of a lot that we do not know, or otherwise than
we know it, is booked all the same and noticed: it is what the payer said. A lot refused because the payer has it
already has arrived: it is booked as received, for it must never leave again (notre choix).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fse.base.dates import to_days
from fse.base.findings import Finding, Place, finding
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_emis, fichiers_recus, lots
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey
from fse.norm.codec.arl.reading import ACCUSE, read_accuse
from fse.norm.layout import EntityRow
from fse.norm.model.accuse import AccuseLot
from fse.norm.referentiels.codes import CodeLists
from fse.norm.referentiels.entries import CauseArl

DEJA_LA = "aucune"
"""What becomes of a lot that the payer has already: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuseRecu:
    """What an ARL says of one lot. `sens`: P received, N refused, as the ARL writes it.

    `cause` and `libelle` are the payer's, "" when it gives none; `action` and `suite` (`renvoi`, `relot`, `aucune`) are
    ours, "" for a cause that no list holds. `numero_facture`: the invoice at fault, 0 when none is named. `connu`: the
    lot is one of the practice.
    """

    prestataire: str
    numero_lot: int
    date_lot: date
    sens: str
    cause: str
    libelle: str
    action: str
    suite: str
    numero_facture: int
    date_accuse: date
    connu: bool


def accuse_rows(rows: Iterable[EntityRow], listes: CodeLists, today: int) -> tuple[AccuseRow, ...]:
    """The lots that a sound ARL names, as facts of this day. Raises `ModelError` on a record that is not sound."""
    return tuple(_row(row.rang, read_accuse(row), listes, today) for row in rows if row.type == ACCUSE and row.layout)


def _row(rang: int, accuse: AccuseLot, listes: CodeLists, today: int) -> AccuseRow:
    known = _cause(listes, accuse.cause or "", accuse.date_accuse)
    arrived = accuse.sens == "P" or (known is not None and known.suite == DEJA_LA)
    return AccuseRow(
        rang=rang,
        prestataire=accuse.prestataire,
        numero_lot=accuse.numero_lot,
        date_lot=to_days(accuse.date_lot),
        identifiant_fichier=accuse.fichier_accuse,
        sens="P" if arrived else "N",
        cause=accuse.cause or "",
        libelle=accuse.libelle or "",
        numero_facture=accuse.numero_facture or 0,
        date_accuse=to_days(accuse.date_accuse),
        recu_le=today,
    )


class Confrontation:
    """The lots of one ARL held against those of the practice: what they are, and what is strange in what is said."""

    def __init__(self, transaction: Transaction, emetteur: str) -> None:
        """`emetteur`: the number of the practice as the sender of the files that are answered."""
        self._transaction = transaction
        self._emetteur = emetteur
        self._files: dict[str, frozenset[LotKey]] = {}
        self._connus: set[LotKey] = set()
        self.factures: set[int] = set()
        """The invoices of the lots seen so far that are ours."""

    def received(self, rows: Iterable[EntityRow], listes: CodeLists) -> Iterator[AccuseRecu]:
        """What was booked, in the words of the ARL; after `findings`."""
        for row in rows:
            if row.type == ACCUSE and row.layout:
                accuse = read_accuse(row)
                known = _cause(listes, accuse.cause or "", accuse.date_accuse)
                yield AccuseRecu(
                    prestataire=accuse.prestataire,
                    numero_lot=accuse.numero_lot,
                    date_lot=accuse.date_lot,
                    sens=accuse.sens,
                    cause=accuse.cause or "",
                    libelle=accuse.libelle or (known.libelle if known else ""),
                    action=known.action if known else "",
                    suite=known.suite if known else "",
                    numero_facture=accuse.numero_facture or 0,
                    date_accuse=accuse.date_accuse,
                    connu=_key(accuse) in self._connus,
                )

    def findings(self, rows: Sequence[EntityRow]) -> Iterator[Finding]:
        """What each lot of the ARL, already booked, contradicts."""
        for row in rows:
            if row.type == ACCUSE and row.layout:
                yield from self._lot(read_accuse(row), Place(rang=row.rang, octet=row.octet, type=row.type))

    def _lot(self, accuse: AccuseLot, place: Place) -> Iterator[Finding]:
        key = _key(accuse)
        said = {"numero": accuse.numero_lot, "date": f"{accuse.date_lot:%d/%m/%Y}"}
        lot = lots.find_lot(self._transaction, key)
        held = {one.numero for one in lots.factures_of(self._transaction, key)}
        if lot is None and not held:
            yield finding("reception.accuse_lot_inconnu", place, prestataire=accuse.prestataire, **said)
            return
        self._connus.add(key)
        self.factures |= held
        if lot is not None and lot.organisme != accuse.organisme_destinataire:
            organismes = {"organisme": accuse.organisme_destinataire, "attendu": lot.organisme}
            yield finding("reception.accuse_autre_organisme", place, **organismes, **said)
        if lot is not None and key not in self._file(accuse.fichier_accuse):
            yield finding("reception.accuse_autre_fichier", place, fichier=accuse.fichier_accuse, **said)
        if accuse.numero_facture is not None and accuse.numero_facture not in held:
            yield finding("reception.accuse_facture_absente", place, facture=accuse.numero_facture, **said)
        same = fichiers_recus.acknowledgements(self._transaction, key)
        if len({one.sens for one in same if one.identifiant_fichier == accuse.fichier_accuse}) > 1:
            yield finding("reception.accuse_contradictoire", place, fichier=accuse.fichier_accuse, **said)

    def _file(self, identifiant: str) -> frozenset[LotKey]:
        """The lots of a file that we made; none when we did not."""
        if identifiant not in self._files:
            held = fichiers_emis.lots_of(self._transaction, self._emetteur, identifiant)
            self._files[identifiant] = frozenset(held)
        return self._files[identifiant]


def _key(accuse: AccuseLot) -> LotKey:
    return LotKey(accuse.prestataire, accuse.numero_lot, to_days(accuse.date_lot))


def _cause(listes: CodeLists, code: str, day: date) -> CauseArl | None:
    return listes.cause_arl(code, day) if code else None
