"""Acknowledgements received: each lot of an ARL as a fact, held against the lots that the practice sent.

An ARL is matched on prestataire, lot number and lot date. What it says of a lot that we do not know, or otherwise than
we know it, is booked all the same and noticed: it is what the payer said. A lot refused because the payer has it
already has arrived: it is booked as received, for it must never leave again (notre choix). An ARL for somebody else is
not ours to book: its lots may bear the numbers of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fse.app.operations.cabinet import Cabinet
from fse.base.dates import from_days, to_days
from fse.base.findings import Finding, Place, finding
from fse.infra.journal import Reading, Transaction
from fse.infra.journal.facts import factures, fichiers_emis, fichiers_recus, lots
from fse.infra.journal.facts.exchanges import duplicatas
from fse.infra.journal.facts.exchanges.transmissions import lots_that_held, of_lots
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.fact_tables import fichier_emis
from fse.norm.codec.arl.reading import ACCUSE, read_accuse
from fse.norm.layout import EntityRow
from fse.norm.model.accuse import AccuseLot
from fse.norm.referentiels.codes import CodeLists
from fse.norm.referentiels.entries import CauseArl

_TELL = "Prévenir la caisse avant qu'elle ne paie deux fois ; sinon, garder la somme disponible."
_ASK = "Ne pas envoyer ce lot avant d'avoir demandé à la caisse lequel des deux elle garde."

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


def is_for_us(reading: Reading, cabinet: Cabinet, destinataire: str) -> bool:
    """True when the recipient of an ARL is the sender of our files, as it is now or was when it made some."""
    here, numero = fichier_emis.c, destinataire.strip().zfill(14)
    if numero == cabinet.emetteur.numero.zfill(14):
        return True
    made = select(here.identifiant).where(here.cabinet == reading.cabinet, here.emetteur == numero)
    return reading.connection.execute(made.limit(1)).first() is not None


def accuse_rows(rows: Iterable[EntityRow], listes: CodeLists, today: int) -> tuple[AccuseRow, ...]:
    """The lots that a sound ARL names, as facts of this day. Raises `ModelError` on a record that is not sound."""
    return tuple(_row(row.rang, read_accuse(row), listes, today) for row in rows if row.type == ACCUSE and row.layout)


def _row(rang: int, accuse: AccuseLot, listes: CodeLists, today: int) -> AccuseRow:
    return AccuseRow(
        rang=rang,
        prestataire=accuse.prestataire,
        numero_lot=accuse.numero_lot,
        date_lot=to_days(accuse.date_lot),
        identifiant_fichier=accuse.fichier_accuse,
        sens="P" if _is_arrived(accuse, listes) else "N",
        cause=accuse.cause or "",
        libelle=accuse.libelle or "",
        numero_facture=accuse.numero_facture or 0,
        date_accuse=to_days(accuse.date_accuse),
        recu_le=today,
    )


class Confrontation:
    """The lots of one ARL held against those of the practice: what they are, and what is strange in what is said."""

    def __init__(self, transaction: Transaction, emetteur: str, listes: CodeLists) -> None:
        """`emetteur`: the number of the practice as the sender of the files that are answered."""
        self._transaction = transaction
        self._listes = listes
        self._emetteur = emetteur
        self._files: dict[str, frozenset[LotKey]] = {}
        self._connus: set[LotKey] = set()
        self.factures: set[int] = set()
        """The invoices of the lots seen so far that are ours."""

    def received(self, rows: Iterable[EntityRow]) -> Iterator[AccuseRecu]:
        """What was booked, in the words of the ARL; after `findings`."""
        for row in rows:
            if row.type == ACCUSE and row.layout:
                accuse = read_accuse(row)
                known = _cause(self._listes, accuse.cause or "", accuse.date_accuse)
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
        if _is_arrived(accuse, self._listes):
            named = {one.numero_facture for one in same if one.sens == "N"}
            yield from self._elsewhere(key, sorted(held), named, place, said)

    def _elsewhere(
        self, key: LotKey, held: Iterable[int], named: Collection[int], place: Place, said: Mapping[str, object]
    ) -> Iterator[Finding]:
        """The sheets of a lot that arrived after all, which went another way meanwhile: they may be paid twice."""
        for numero in held:
            printed = duplicatas.of_invoice(self._transaction, key.prestataire, numero)
            if printed:
                edite_le = f"{from_days(printed[0].edite_le):%d/%m/%Y}"
                yield finding("reception.accuse_apres_duplicata", place, facture=numero, edite_le=edite_le, **said)
            where, action = self._next_way(key, numero, named)
            if where:
                yield finding("reception.accuse_apres_relot", place, facture=numero, ou=where, action=action, **said)

    def _next_way(self, key: LotKey, numero: int, named: Collection[int]) -> tuple[str, str]:
        """Where else a sheet of this lot went, "" when nowhere, and what to do; corrected: when the payer named it."""
        reading, who = self._transaction, key.prestataire
        if factures.find_cancellation(reading, who, numero) is not None:
            return "a été annulée depuis", _TELL
        successor = factures.find_successor(reading, who, numero) if numero in named else None
        if successor is not None and factures.find_cancellation(reading, who, successor.numero) is None:
            return f"a été corrigée par la facture {successor.numero:09d}", _TELL
        for other in lots_that_held(reading, who, numero):
            if other != key and any(one.sens == "P" for one in fichiers_recus.acknowledgements(reading, other)):
                return f"a aussi été reçue dans le lot {other.numero_lot:03d}", _TELL
        live = lots.lot_of(reading, who, numero)
        if live is None or live.key == key:
            return ("", "") if live else ("attendait un nouveau lot : elle n'y entrera pas", "Aucune : elle est reçue.")
        (facts,) = of_lots(reading, [live.key])
        if any(one.parti_le is not None for one in facts.fichiers):
            return f"est repartie dans le lot {live.numero_lot:03d}", _TELL
        return f"est aussi dans le lot {live.numero_lot:03d}, qui n'est pas parti", _ASK

    def _file(self, identifiant: str) -> frozenset[LotKey]:
        """The lots of a file that we made; none when we did not."""
        if identifiant not in self._files:
            held = fichiers_emis.lots_of(self._transaction, self._emetteur, identifiant)
            self._files[identifiant] = frozenset(held)
        return self._files[identifiant]


def _key(accuse: AccuseLot) -> LotKey:
    return LotKey(accuse.prestataire, accuse.numero_lot, to_days(accuse.date_lot))


def _is_arrived(accuse: AccuseLot, listes: CodeLists) -> bool:
    """True when the payer says that it has the lot, be it by refusing it a second time."""
    known = _cause(listes, accuse.cause or "", accuse.date_accuse)
    return accuse.sens == "P" or (known is not None and known.suite == DEJA_LA)


def _cause(listes: CodeLists, code: str, day: date) -> CauseArl | None:
    return listes.cause_arl(code, day) if code else None
