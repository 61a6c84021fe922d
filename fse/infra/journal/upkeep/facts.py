"""Every fact row is what the event that recorded it says, and every such event has its rows: altered, missing, added.

An event holds the row that it recorded, attribute by attribute, and the rows that hang on it as lists. Read the other
way round, the chain gives all the rows that there must be; the tables give all that there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import Table, select

from fse.infra.journal.events import Genre, canonical
from fse.infra.journal.schema import bank_tables as bank
from fse.infra.journal.schema import exchange_tables as exchanges
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema.incentive_tables import exclusion
from fse.infra.journal.schema.network_tables import derogatoire, derogatoire_annulee
from fse.infra.journal.schema.obligation_tables import obligation_faite
from fse.infra.journal.schema.tables import evenement
from fse.infra.journal.transaction import Reading

Cells = Mapping[str, Any]
Key = tuple[str | int, ...]
GapKind = Literal["alteree", "manquante", "ajoutee"]

_READ = 1000


@dataclass(frozen=True, slots=True)
class RowGap:
    """A fact row that is not what the events say. `colonnes` that differ; `rang` of its event, 0 when there is none."""

    table: str
    cle: Key
    nature: GapKind
    colonnes: tuple[str, ...]
    rang: int


@dataclass(frozen=True, slots=True)
class FactAudit:
    """`lignes`: rows compared; `figes`: files frozen, not yet written, which no event records before they are."""

    lignes: int
    figes: int
    ecarts: tuple[RowGap, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The rows of one table that an event records."""

    table: Table
    rows: Callable[[Cells], Iterable[Cells]]


def _whole(content: Cells) -> Iterable[Cells]:
    return (content,)


def _listed(name: str) -> Callable[[Cells], Iterable[Cells]]:
    """One row an item of this list, in its order; an item is a row, or the number of an invoice."""

    def rows(content: Cells) -> Iterable[Cells]:
        for ordre, item in enumerate(content[name], start=1):
            row = item if isinstance(item, dict) else {"numero": item}
            yield {**content, **row, "ordre": ordre}

    return rows


def _resent(content: Cells) -> Iterable[Cells]:
    """The file that a resend makes; a new lot makes none yet."""
    return (content,) if content["genre"] == "renvoi" else ()


def _resent_lots(content: Cells) -> Iterable[Cells]:
    return _listed("lots")(content) if content["genre"] == "renvoi" else ()


def _acknowledged(content: Cells) -> Iterable[Cells]:
    accuses: list[Cells] = content.get("accuses", [])
    return accuses


def _statement(content: Cells) -> Iterable[Cells]:
    return (content["releve"],) if "releve" in content else ()


def _movements(content: Cells) -> Iterable[Cells]:
    mouvements: list[Cells] = content.get("nouveaux", [])
    return mouvements


RECORDED: dict[Genre, tuple[Recorded, ...]] = {
    Genre.FACTURE_SECURISEE: (
        Recorded(facts.facture, _whole),
        Recorded(facts.soin, _listed("soins")),
        Recorded(exclusion, _listed("exclusions")),
    ),
    Genre.FACTURE_ANNULEE: (Recorded(facts.annulation, _whole),),
    Genre.LOT_CONSTITUE: (Recorded(facts.lot, _whole), Recorded(facts.lot_facture, _listed("factures"))),
    Genre.LOT_SIGNE: (Recorded(facts.signature_lot, _whole),),
    Genre.FICHIER_ECRIT: (
        Recorded(facts.fichier_emis, _whole),
        Recorded(facts.fichier_ecrit, _whole),
        Recorded(facts.fichier_lot, _listed("lots")),
    ),
    Genre.ENVOI_TENTE: (Recorded(exchanges.envoi, _whole),),
    Genre.RELANCE_DECIDEE: (
        Recorded(exchanges.relance, _whole),
        Recorded(facts.fichier_emis, _resent),
        Recorded(facts.fichier_lot, _resent_lots),
    ),
    Genre.COURRIER_RELEVE: (Recorded(exchanges.courrier, _whole),),
    Genre.COURRIER_LU: (Recorded(exchanges.courrier_lu, _whole),),
    Genre.DUPLICATA_EDITE: (Recorded(exchanges.duplicata, _whole),),
    Genre.PIECE_DEPOSEE: (Recorded(exchanges.piece, _whole),),
    Genre.PIECE_SUIVIE: (Recorded(exchanges.piece_suite, _whole),),
    Genre.OBLIGATION_FAITE: (Recorded(obligation_faite, _whole),),
    Genre.PRESTATION_DEROGATOIRE: (Recorded(derogatoire, _whole),),
    Genre.DEROGATOIRE_ANNULEE: (Recorded(derogatoire_annulee, _whole),),
    Genre.INCIDENT_CONSTATE: (Recorded(exchanges.incident, _whole),),
    Genre.FICHIER_RECU: (
        Recorded(facts.fichier_recu, _whole),
        Recorded(facts.accuse, _acknowledged),
        Recorded(bank.releve_bancaire, _statement),
        Recorded(bank.mouvement_bancaire, _movements),
    ),
    Genre.FICHIER_ECARTE: (Recorded(facts.fichier_recu, _whole),),
    Genre.ACTE_MANUEL: (Recorded(facts.acte_manuel, _whole),),
    Genre.REPRISE_EFFECTUEE: (
        Recorded(facts.reprise, _listed("reprises")),
        Recorded(facts.facture, _listed("factures")),
        Recorded(facts.facture_reprise, _listed("factures")),
    ),
}
"""Which rows each kind of event records."""

RECORDED_TABLES = tuple({one.table.name: one.table for many in RECORDED.values() for one in many}.values())

_FROZEN = ("fichier_emis", "fichier_lot")


def audit_facts(reading: Reading) -> FactAudit:
    """Compare the tables of facts with the events, both ways."""
    expected = _expected(reading)
    written = set(expected["fichier_ecrit"])
    gaps: list[RowGap] = []
    compared = frozen = 0
    for table in RECORDED_TABLES:
        awaited = expected[table.name]
        for key, cells in _stored(reading, table):
            known = awaited.pop(key, None)
            if known is not None:
                compared += 1
                rang, digest = known
                if digest != _digest(cells):
                    gaps.append(RowGap(table.name, key, "alteree", _changed(reading, table, rang, key, cells), rang))
            elif table.name in _FROZEN and key[:2] not in written:
                frozen += table.name == "fichier_emis"
            else:
                gaps.append(RowGap(table.name, key, "ajoutee", (), 0))
        gaps.extend(RowGap(table.name, key, "manquante", (), rang) for key, (rang, _) in awaited.items())
    return FactAudit(compared, frozen, tuple(gaps))


def events(reading: Reading, *genres: Genre) -> Iterator[tuple[int, str, str, Cells]]:
    """Rank, kind, instant and content of the events of these kinds, oldest first; those that do not read are left."""
    query = select(evenement.c.rang, evenement.c.genre, evenement.c.instant, evenement.c.contenu).where(
        evenement.c.cabinet == reading.cabinet, evenement.c.genre.in_([genre.value for genre in genres])
    )
    rows = reading.connection.execute(query.order_by(evenement.c.rang), execution_options={"yield_per": _READ})
    for rang, genre, instant, text in rows:
        try:
            content = json.loads(text)
        except ValueError:  # altered: the chain says so
            continue
        if isinstance(content, dict):
            yield rang, genre, instant, content


def _expected(reading: Reading) -> dict[str, dict[Key, tuple[int, bytes]]]:
    """Of each table, the rows that there must be: key → rank of the event, digest of the row."""
    found: dict[str, dict[Key, tuple[int, bytes]]] = {table.name: {} for table in RECORDED_TABLES}
    for rang, genre, _, content in events(reading, *RECORDED):
        for table, cells in _rows_of(genre, content):
            found[table.name][_key(table, cells)] = (rang, _digest(cells))
    return found


def _rows_of(genre: str, content: Cells) -> Iterator[tuple[Table, Cells]]:
    """The rows that an event records; a content that an alteration made unfit records none."""
    for recorded in RECORDED[Genre(genre)]:
        names = [column.name for column in recorded.table.columns if column.name != "cabinet"]
        try:
            rows = [{name: row.get(name) for name in names} for row in recorded.rows(content)]
        except (KeyError, TypeError, AttributeError):
            continue
        yield from ((recorded.table, row) for row in rows)


def _stored(reading: Reading, table: Table) -> Iterator[tuple[Key, Cells]]:
    columns = [column for column in table.columns if column.name != "cabinet"]
    query = select(*columns).where(table.c.cabinet == reading.cabinet)
    for row in reading.connection.execute(query, execution_options={"yield_per": _READ}).mappings():
        yield _key(table, dict(row)), dict(row)


def _changed(reading: Reading, table: Table, rang: int, key: Key, cells: Cells) -> tuple[str, ...]:
    """The columns in which a row differs from its event."""
    query = select(evenement.c.genre, evenement.c.contenu).where(
        evenement.c.cabinet == reading.cabinet, evenement.c.rang == rang
    )
    genre, text = reading.connection.execute(query).one()
    for one, recorded in _rows_of(genre, json.loads(text)):
        if one is table and _key(table, recorded) == key:
            return tuple(name for name in cells if cells[name] != recorded[name])
    return ()


def _key(table: Table, cells: Cells) -> Key:
    return tuple(cells[column.name] for column in table.primary_key if column.name != "cabinet")


def _digest(cells: Cells) -> bytes:
    return blake2b(canonical(dict(cells)).encode(), digest_size=16).digest()
