"""Received files read again from their archive: they must give the rows that are stored, type by type, field by field.

When an archive is destroyed at the end of its retention, the event keeps the digest of its rows: they hold nothing
personal, they stay, and they can still be proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Table, delete, insert, select

from fse.app.operations.practice import Practice, entity_tables
from fse.app.operations.states import insured
from fse.base.errors import FseError
from fse.infra.journal import Reading, Transaction
from fse.infra.journal.events import Genre, canonical
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow
from fse.infra.journal.schema.entities import row_values
from fse.infra.journal.schema.fact_tables import assure_retour
from fse.infra.journal.upkeep.ciphertexts import destroyed
from fse.infra.journal.upkeep.facts import events
from fse.norm.codec.reading import read
from fse.norm.codec.releves import FAMILLES, read_releves
from fse.norm.layout import EntityRow, FileEnd

Rows = dict[tuple[str, int], Mapping[str, Any]]
"""The rows of one received file: (table, rank) → cells, without cabinet and file."""


@dataclass(frozen=True, slots=True)
class EcartRetour:
    """A row that is not what the archive gives; `rang` 0: the whole file (`illisible`), or rows of no booked file."""

    fichier: str
    table: str
    rang: int
    nature: Literal["alteree", "ajoutee", "manquante", "illisible"]


@dataclass(frozen=True, slots=True)
class RetoursRelus:
    """`relus`: files read again; `prouves`: files whose archive is destroyed, proved by the digest of their rows."""

    relus: int
    prouves: int
    ecarts: tuple[EcartRetour, ...]


def reread_all(practice: Practice, reading: Reading) -> RetoursRelus:
    """Compare every booked file with its archive."""
    gone, _ = destroyed(reading)
    digests = _digests_kept(reading)
    gaps: list[EcartRetour] = []
    reread = proved = 0
    booked = [one for one in fichiers_recus.received_files(reading) if one.verdict == "recu"]
    for file in booked:
        if file.contenu_archive in gone:
            proved += 1
            if digests.get(file.contenu_archive or "") != rows_digest(reading, file.empreinte):
                gaps.append(EcartRetour(file.empreinte, "", 0, "alteree"))
            continue
        reread += 1
        gaps.extend(_compare(practice, reading, file))
    gaps.extend(_strangers(reading, {one.empreinte for one in booked}))
    return RetoursRelus(reread, proved, tuple(gaps))


def restore_rows(practice: Practice, transaction: Transaction) -> RetoursRelus:
    """Replace the rows of every file whose archive is there by what the archive gives; what differed."""
    found = reread_all(practice, transaction)
    gone, _ = destroyed(transaction)
    wrong = {gap.fichier for gap in found.ecarts if gap.nature != "illisible"}
    booked = {one.empreinte: one for one in fichiers_recus.received_files(transaction) if one.verdict == "recu"}
    for fichier in sorted(wrong):
        file = booked.get(fichier)
        if file is not None and file.contenu_archive in gone:
            continue  # nothing is left to make them from
        for table in _tables():
            transaction.connection.execute(
                delete(table).where(table.c.cabinet == transaction.cabinet, table.c.fichier == fichier)
            )
        if file is not None:
            for (name, rang), cells in archived_rows(practice, transaction, file).items():
                table = next(one for one in _tables() if one.name == name)
                place = {"cabinet": transaction.cabinet, "fichier": fichier, _rank(table): rang}
                transaction.connection.execute(insert(table).values(**place, **cells))
    return found


def rows_digest(reading: Reading, fichier: str) -> str:
    """SHA-256 (hex) of the stored rows of a file, of all its types; fingerprints of persons left out."""
    rows = stored_rows(reading, fichier)
    kept = [[table, rang, dict(cells)] for (table, rang), cells in sorted(rows.items()) if table != assure_retour.name]
    return sha256(canonical(kept).encode()).hexdigest()


def stored_rows(reading: Reading, fichier: str) -> Rows:
    """The rows of a file as the journal holds them."""
    found: Rows = {}
    for table in _tables():
        rank = _rank(table)
        query = select(table).where(table.c.cabinet == reading.cabinet, table.c.fichier == fichier)
        for row in reading.connection.execute(query).mappings():
            cells = {name: row[name] for name in row if name not in ("cabinet", "fichier", rank)}
            found[table.name, row[rank]] = cells
    return found


def archived_rows(practice: Practice, reading: Reading, file: FichierRecuRow) -> Rows:
    """The rows of a file as its archive gives them. Raises `FseError` when it does not open or is another file."""
    assert file.contenu_archive is not None
    entities, digest = [], ""
    for item in read([reading.load(file.contenu_archive)], codes=practice.cabinet.listes):
        if isinstance(item, EntityRow):
            entities.append(item)
        elif isinstance(item, FileEnd):
            digest = item.empreinte
    if digest != file.empreinte:
        raise FseError("journal.archive", "L'archive est celle d'un autre fichier.", action="")
    found: Rows = {}
    for row in entities:
        table = entity_tables().metadata.tables.get(f"{file.famille}_{row.type.lower()}")
        if row.layout is None or table is None:
            continue
        cells = row_values(row, [field for field in row.layout.champs if field.nom in table.c])
        cells["octet"] = row.octet + file.octet
        found[table.name, row.rang] = {name: value for name, value in cells.items() if name != "rang"}
    for rang, nir in insured(entities):
        try:
            fingerprint = reading.coffre.fingerprint(nir)
        except ValueError:  # a NIR of another length names nobody
            continue
        if fingerprint is not None:
            found[assure_retour.name, rang] = {"nir_empreinte": fingerprint}
    return found


def _statement(reading: Reading, file: FichierRecuRow) -> Rows:
    """A bank statement has no rows of entities: it must be the one of its digest."""
    assert file.contenu_archive is not None
    if [one.empreinte for one in read_releves([reading.load(file.contenu_archive)])] != [file.empreinte]:
        raise FseError("journal.archive", "L'archive est celle d'un autre relevé.", action="")
    return {}


def _compare(practice: Practice, reading: Reading, file: FichierRecuRow) -> Iterator[EcartRetour]:
    try:
        right = _statement(reading, file) if file.famille in FAMILLES else archived_rows(practice, reading, file)
    except FseError:
        yield EcartRetour(file.empreinte, "", 0, "illisible")
        return
    for (table, rang), cells in stored_rows(reading, file.empreinte).items():
        wanted = right.pop((table, rang), None)
        if wanted is None:
            yield EcartRetour(file.empreinte, table, rang, "ajoutee")
        elif wanted != cells:
            yield EcartRetour(file.empreinte, table, rang, "alteree")
    for table, rang in right:
        yield EcartRetour(file.empreinte, table, rang, "manquante")


def _strangers(reading: Reading, booked: set[str]) -> Iterator[EcartRetour]:
    """Rows of files that were not booked."""
    for table in _tables():
        query = select(table.c.fichier).distinct().where(table.c.cabinet == reading.cabinet)
        for fichier in reading.connection.execute(query).scalars():
            if fichier not in booked:
                yield EcartRetour(fichier, table.name, 0, "ajoutee")


def _digests_kept(reading: Reading) -> dict[str, str]:
    """Of each destroyed archive, the digest of its rows: id of the content → digest."""
    return {
        id: content.get("lignes", "")
        for _, _, _, content in events(reading, Genre.ARCHIVE_DETRUITE)
        for id in content.get("contenus", ())
    }


def _tables() -> tuple[Table, ...]:
    return (*entity_tables().metadata.sorted_tables, assure_retour)


def _rank(table: Table) -> str:
    return "rang_ligne" if table is assure_retour else "rang"
