"""Every ciphertext opens, holds what the facts say it holds, and is destroyed only by an event that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection, exists, select

from fse.base.errors import StorageError
from fse.infra.journal.events import Genre
from fse.infra.journal.schema import exchange_tables as exchanges
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema.tables import DETRUIT, METADATA, contenu, personne
from fse.infra.journal.transaction import Reading
from fse.infra.journal.upkeep.facts import events

CipherGapKind = Literal["illisible", "different", "absent", "detruit_sans_evenement", "encore_la"]

_READ = 200


@dataclass(frozen=True, slots=True)
class CipherGap:
    """A content or a person that is not what it should be; `table` is where it is, or what points to it."""

    table: str
    id: str
    nature: CipherGapKind


@dataclass(frozen=True, slots=True)
class CipherAudit:
    """`ouverts`: ciphertexts that opened; `detruits`: contents and persons that events destroyed."""

    ouverts: int
    detruits: int
    ecarts: tuple[CipherGap, ...]


def destroyed(reading: Reading) -> tuple[set[str], set[str]]:
    """Ids of the contents, then of the persons, that events say were destroyed."""
    contents: set[str] = set()
    persons: set[str] = set()
    for _, _, _, content in events(reading, Genre.ARCHIVE_DETRUITE, Genre.PERSONNE_PURGEE):
        contents.update(content.get("contenus", ()))
        persons.update(content.get("personnes", ()))
    return contents, persons


def audit_ciphertexts(reading: Reading) -> CipherAudit:
    """Open everything."""
    contents, persons = destroyed(reading)
    gaps = [*_lost(reading, persons)]
    opened = 0
    for table, id, nature in (*_contents(reading, contents), *_persons(reading, persons)):
        if nature is None:
            opened += 1
        else:
            gaps.append(CipherGap(table, id, nature))
    return CipherAudit(opened, len(contents) + len(persons), tuple(gaps))


def _contents(reading: Reading, gone: set[str]) -> Iterator[tuple[str, str, CipherGapKind | None]]:
    digests = _digests(reading.connection, reading.cabinet)
    query = select(contenu.c.id, contenu.c.genre).where(contenu.c.cabinet == reading.cabinet).order_by(contenu.c.id)
    for id, genre in reading.connection.execute(query, execution_options={"yield_per": _READ}):
        if genre == DETRUIT:
            if id not in gone:
                yield "contenu", id, "detruit_sans_evenement"
            continue
        if id in gone:
            yield "contenu", id, "encore_la"
            continue
        try:
            data = reading.load(id)
        except StorageError:
            yield "contenu", id, "illisible"
            continue
        wanted = digests.get(id)
        digest = reading.coffre.content_fingerprint if genre == "saisie" else _sha256
        yield "contenu", id, "different" if wanted and digest(data) != wanted else None


def _persons(reading: Reading, gone: set[str]) -> Iterator[tuple[str, str, CipherGapKind | None]]:
    query = select(personne.c.id, personne.c.nir_empreinte).where(personne.c.cabinet == reading.cabinet)
    for id, fingerprint in reading.connection.execute(query, execution_options={"yield_per": _READ}):
        if id in gone:
            yield "personne", id, "encore_la"
            continue
        try:
            known = reading.coffre.fingerprint(reading.load_person(id).nir)
        except (StorageError, ValueError):
            yield "personne", id, "illisible"
            continue
        yield "personne", id, None if known == fingerprint else "different"


def _digests(connection: Connection, cabinet: str) -> dict[str, str]:
    """What the facts say of contents: id → digest. An envelope has none: nobody here can open what it seals."""
    found: dict[str, str] = {}
    for table, content, digest in (
        (facts.facture, "contenu_saisie", "empreinte_saisie"),
        (facts.fichier_emis, "contenu_fichier", "empreinte"),
        (exchanges.courrier, "contenu_courrier", "empreinte"),
        (exchanges.piece, "contenu_piece", "empreinte"),
    ):
        query = select(table.c[content], table.c[digest]).where(table.c.cabinet == cabinet)
        found.update((id, value) for id, value in connection.execute(query))
    return found


def _lost(reading: Reading, gone: set[str]) -> Iterator[CipherGap]:
    """Facts that point to what is not there: contents by their foreign keys, and persons."""
    for table in METADATA.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table is contenu:
                name = next(column.name for column in key.columns if column.name != "cabinet")
                there = exists().where(contenu.c.cabinet == table.c.cabinet, contenu.c.id == table.c[name])
                query = select(table.c[name]).where(
                    table.c.cabinet == reading.cabinet, table.c[name].is_not(None), ~there
                )
                yield from (CipherGap(table.name, id, "absent") for id in reading.connection.execute(query).scalars())
    invoice = facts.facture.c
    there = exists().where(personne.c.cabinet == invoice.cabinet, personne.c.id == invoice.personne)
    query = select(invoice.personne).distinct().where(invoice.cabinet == reading.cabinet, ~there)
    yield from (
        CipherGap("facture", id, "absent") for id in reading.connection.execute(query).scalars() if id not in gone
    )


def _sha256(data: bytes) -> str:
    return sha256(data).hexdigest()
