"""Stored states against the same states computed anew: they are a pure function of the facts (decision 8).

The stored rows are put aside in temporary tables, the tables are emptied and computed again, and both are compared.
What becomes of it is the caller's: kept by `reconstruire`, undone by `verifier`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Table, text

from fse.app.operations.states import rebuild
from fse.infra.journal import Transaction
from fse.infra.journal.schema import derived

TABLES = tuple(derived.METADATA.sorted_tables)
_ASIDE = "avant_"


@dataclass(frozen=True, slots=True)
class EcartEtat:
    """A derived row. alteree: stored with other values; ajoutee: stored, and nothing gives it; manquante: not stored.

    `cle`: its key, without the cabinet; `colonnes`: those that differ.
    """

    table: str
    cle: tuple[str | int, ...]
    nature: Literal["alteree", "ajoutee", "manquante"]
    colonnes: tuple[str, ...]


def recompute(transaction: Transaction) -> list[EcartEtat]:
    """Replace every derived row of this cabinet by what the facts give; where that differs from what was stored."""
    connection, mine = transaction.connection, {"cabinet": transaction.cabinet}
    for table in TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_ASIDE}{table.name}")
        connection.exec_driver_sql(f"CREATE TEMP TABLE {_ASIDE}{table.name} AS SELECT * FROM {table.name} WHERE 1 = 0")
        connection.execute(
            text(f"INSERT INTO {_ASIDE}{table.name} SELECT * FROM {table.name} WHERE cabinet = :cabinet"), mine
        )
        connection.execute(table.delete().where(table.c.cabinet == transaction.cabinet))
    rebuild(transaction)
    found = [gap for table in TABLES for gap in _gaps(connection, table, mine)]
    for table in TABLES:
        connection.exec_driver_sql(f"DROP TABLE {_ASIDE}{table.name}")
    return found


def _gaps(connection: Connection, table: Table, mine: dict[str, str]) -> Iterator[EcartEtat]:
    stored, computed = f"SELECT * FROM {_ASIDE}{table.name}", f"SELECT * FROM {table.name} WHERE cabinet = :cabinet"
    before = _by_key(connection, table, f"{stored} EXCEPT {computed}", mine)
    after = _by_key(connection, table, f"{computed} EXCEPT {stored}", mine)
    for key, row in before.items():
        right = after.pop(key, None)
        if right is None:
            yield EcartEtat(table.name, key, "ajoutee", ())
        else:
            yield EcartEtat(table.name, key, "alteree", tuple(name for name in row if row[name] != right[name]))
    for key in after:
        yield EcartEtat(table.name, key, "manquante", ())


def _by_key(connection: Connection, table: Table, sql: str, mine: dict[str, str]) -> dict[tuple[Any, ...], Any]:
    key = [column.name for column in table.primary_key if column.name != "cabinet"]
    rows = connection.execute(text(sql), mine).mappings()
    return {tuple(row[name] for name in key): dict(row) for row in rows}
