"""A hand in the database: statements that no operation makes, with no rule of the tables in force."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from fse.app.operations.practice import Practice


def by_hand(practice: Practice, *statements: str) -> None:
    """Run these statements straight on the file."""
    with closing(sqlite3.connect(practice.cabinet.journal_path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)
