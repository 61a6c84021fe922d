"""Statistics that make SQLite plan as if every table were large, whatever it holds on the day.

Without statistics SQLite guesses, and joins of the matching become scans: seconds in the place of milliseconds. Real
ones would have to be gathered again and again while a journal grows. These are written once, when the journal is
created, so that the plan of a statement never changes (sqlite.org, "Manual control of query plans using SQLITE_STAT
tables"): each column of a key narrows a search evenly, except `cabinet`, which narrows nothing, and `numero`, which
few invoices share.

A table is said to be larger than what SQLite believes of any result that it has yet to compute (a million rows), else
it prefers to read the whole table once, to build a Bloom filter of its keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

_ROWS = 100_000_000
_FOUND_BY_A_LOOSE_KEY = 10


def write_statistics(connection: Connection) -> None:
    """Describe every index of the database; the tables exist, and are empty or not."""
    run = connection.exec_driver_sql
    run("ANALYZE")
    run("DELETE FROM sqlite_stat1")
    tables = run("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").all()
    for table, is_its_own_index in tables:
        for index, is_unique, origin in run(f"SELECT name, \"unique\", origin FROM pragma_index_list('{table}')").all():
            columns = run(f"SELECT name FROM pragma_index_info('{index}') ORDER BY seqno").scalars().all()
            name = table if is_its_own_index and origin == "pk" else index
            run("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, name, _stat(columns, is_unique)))
    run("ANALYZE sqlite_schema")


def _stat(columns: Sequence[str | None], is_unique: int) -> str:
    """Rows of the table, then rows that share each prefix of the index (an expression has no name)."""
    last = 1 if is_unique else _FOUND_BY_A_LOOSE_KEY
    narrowing = [name != "cabinet" for name in columns]
    steps = sum(narrowing)
    found = [_ROWS]
    for place in range(1, len(columns) + 1):
        done = sum(narrowing[:place]) / steps if steps else 1.0
        rows = round(_ROWS ** (1 - done) * last**done)
        found.append(min(rows, _FOUND_BY_A_LOOSE_KEY) if "numero" in columns[:place] else rows)
    return " ".join([*map(str, found), "noskipscan"])
