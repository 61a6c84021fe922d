"""A journal that already holds many invoices and their returns, loaded in bulk for measurements: no operation made it.

The rows go straight into the journal's own tables, so that a change of schema breaks this loudly; what follows from the
facts is computed by `states.rebuild`. Facts, events and entities are those that the operations would have written; only
the ciphertexts are not: nothing reads them, and they are short.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from benchmarks.stored.history import EMETTEUR, History, id_of
from benchmarks.stored.invoices import DAYS, PRESTATAIRES, SOCIETE, WEEK, Invoice
from benchmarks.stored.returns import Returns, Rows
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, open_practice
from fse.app.operations.states import rebuild
from fse.infra.journal import Transaction
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import compteurs
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema import tables
from fse.infra.journal.upkeep.facts import RECORDED

NOW = datetime(2026, 9, 30, 20, tzinfo=UTC)
CABINET = "essai"
CLE = "clé des mesures de fse"
WEEKS_A_TRANSACTION = 50
UNREAD = bytes(200)
"""In the place of a ciphertext."""
_CACHE = "PRAGMA cache_size = -1000000"
"""A gigabyte, for the load alone."""

_DESCRIPTION = """
cabinet = "{cabinet}"
marque = "T"
journal = "{journal}"
taille_lot = 20

[emetteur]
type = "TP"
numero = "{emetteur}"
{prestataires}
[[mandats]]
beneficiaire = "{societe}"
prestataires = ["{mandant}"]

[[destinations]]
regime = "01"
caisse = "998"
centre = "0000"
organisme_destinataire = "998"
centre_informatique = "998"
type_destinataire = "CT"
"""
_PRESTATAIRE = '\n[[prestataires]]\nnumero = "{}"\nnom = "DR ESSAI"\nspecialite = "01"\ncle = "praticien.p12"\n'


def make_journal(folder: Path, journal: str, weeks: int) -> Practice:
    """A practice with a new journal (a path from its folder, or an address) of so many weeks, returns included."""
    folder.mkdir(parents=True)
    description = folder / "cabinet.toml"
    description.write_text(
        _DESCRIPTION.format(
            cabinet=CABINET,
            journal=journal,
            emetteur=PRESTATAIRES[0],
            prestataires="".join(map(_PRESTATAIRE.format, PRESTATAIRES)),
            societe=SOCIETE,
            mandant=PRESTATAIRES[-1],
        ),
        encoding="utf-8",
    )
    practice = open_practice(load_cabinet(description), CLE)
    load = _Load()
    for start in range(0, weeks, WEEKS_A_TRANSACTION):
        with practice.journal.transaction(NOW) as transaction:
            load.run(transaction, range(start, min(start + WEEKS_A_TRANSACTION, weeks)))
    with practice.journal.transaction(NOW) as transaction:
        load.set_counters(transaction, weeks)
        _prepare(transaction.connection)
        rebuild(transaction)
    _settle(practice)
    return practice


def _settle(practice: Practice) -> None:
    """Forget what was particular to the load; leave the tables as the upkeep of the server does."""
    engine = practice.journal.engine
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()


def _prepare(connection: Connection) -> None:
    """What makes a load fast, for this transaction; on SQLite until the connection is closed."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # foreign keys are not looked up
    else:
        connection.exec_driver_sql(_CACHE)


class _Load:
    """Weeks of facts; it goes on from one transaction to the next."""

    def __init__(self) -> None:
        self._returns = Returns()
        self._history = History(self._returns.without_number)

    def run(self, transaction: Transaction, weeks: range) -> None:
        """Write these weeks."""
        _prepare(transaction.connection)
        rows: Rows = {table: [] for table in tables.METADATA.sorted_tables}
        for week in weeks:
            nirs = {Invoice(rank).nir for rank in range(week * WEEK, (week + 1) * WEEK)}
            persons = {nir: transaction.coffre.fingerprint(nir) for nir in nirs}
            rows[tables.personne] += [
                {"id": id_of("personne", nir), "nir_empreinte": fingerprint, "chiffre": UNREAD}
                for nir, fingerprint in persons.items()
            ]
            for genre, content in self._history.week(week):
                transaction.event(genre, content)
                _add(rows, genre, content)
            self._returns.add(rows, week, persons)
        for table, some in rows.items():
            _insert(transaction.connection, table, some)
        _insert(transaction.connection, facts.identifiant, self._returns.identifiants if weeks.start == 0 else [])

    def set_counters(self, transaction: Transaction, weeks: int) -> None:
        """Make the counters follow what was given."""
        for prestataire in PRESTATAIRES:
            compteurs.raise_to(transaction, compteurs.of_factures(prestataire), Invoice(weeks * WEEK - 1).numero)
            compteurs.raise_to(transaction, compteurs.of_lots(prestataire), weeks * DAYS)
        compteurs.raise_to(transaction, compteurs.of_fichiers(EMETTEUR), weeks * DAYS)
        compteurs.raise_to(transaction, "acte", self._history.acte)


_CONTENUS = {
    "contenu_saisie": "saisie",
    "contenu_fse": "fse",
    "contenu_lot": "lot",
    "contenu_signature": "signature",
    "contenu_fichier": "fichier",
    "contenu_archive": "recu",
}
"""The kind of the bytes that a column of a fact points to."""


def _add(rows: Rows, genre: Genre, content: dict[str, Any]) -> None:
    """Add the rows of facts that an event records, and the bytes that they point to."""
    for recorded in RECORDED[genre]:
        rows[recorded.table] += recorded.rows(content)
    for name in _CONTENUS.keys() & content.keys():
        if content[name] is not None:
            rows[tables.contenu].append({"id": content[name], "genre": _CONTENUS[name], "chiffre": UNREAD})


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = [column.name for column in table.columns]
    columns = ", ".join(names)
    full = [tuple(CABINET if name == "cabinet" else row.get(name) for name in names) for row in rows]
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in full:
                copy.write_row(row)
    else:
        marks = ", ".join("?" for _ in names)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", full)
