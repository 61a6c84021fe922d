"""What every engine of portable SQL can do: hold what is asked, run a SELECT, keep a stored relation true."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import Connection

from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import Relation
from fse.domain.reconciliation.statements import Computation


class Engine(Protocol):
    """One engine, over relations that exist already; the SQL is that of `fse.domain.reconciliation`."""

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        ...

    def ask_from(self, relation: Relation, sql: str) -> None:
        """Make an asked relation hold the rows of a SELECT, which gives each once, columns in order."""
        ...

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, by column name."""
        ...

    def compute(self, computation: Computation) -> None:
        """Delete the rows of what is asked from a stored relation, and insert those of its SELECT."""
        ...


def of(connection: Connection) -> Engine:
    """The engine of a connection of a journal, inside its transaction."""
    if connection.dialect.name == "postgresql":
        from fse.infra.engines.postgresql import PostgresqlEngine

        return PostgresqlEngine(connection)
    from fse.infra.engines.sqlite import SqliteEngine

    return SqliteEngine(connection)


def compute_all(engine: Engine) -> None:
    """Compute every stored relation of the cabinets in `perimetre` from their facts and entities, proofs apart."""
    engine.ask_from(RELATIONS["fichier_touche"], statements.query("fichiers_tous").sql)
    for computation in statements.received():
        engine.compute(computation)
    engine.ask_from(RELATIONS["bloc"], statements.query("blocs_tous").sql)
    for computation in statements.derived():
        engine.compute(computation)


def prove_all(engine: Engine) -> None:
    """Compute every proof of their transfers; it reads views over what `compute_all` stored."""
    engine.ask_from(RELATIONS["bloc_bancaire"], statements.query("blocs_bancaires_tous").sql)
    for computation in statements.proved():
        engine.compute(computation)
