"""Which SELECT makes which relation, in which order. Returns statements; executes nothing.

A caller that keeps tables, in one transaction:

    1. fills `bloc`, with `blocs_touches` (after it filled `fichier_touche`), with the blocks of the invoices that an
       event touched, or with `blocs_tous`;
    2. lets the engine take statistics. Every key starts with `cabinet`: without statistics SQLite believes that this
       finds few rows, and reads all those of the cabinet for each block (`PRAGMA analysis_limit`, then `ANALYZE`,
       take a few milliseconds whatever is stored);
    3. runs `refresh()` in order, or `rebuild()` when `bloc` holds every block.

With the indexes of `relations.INDEXES` the cost follows the asked blocks, not what is stored.
An engine that keeps nothing makes each `views()` then each `derived()` a relation of that name, in order.
"""

from __future__ import annotations

from dataclasses import dataclass

from fse.base import resources
from fse.domain.reconciliation.relations import BLOCK, DERIVED, RESULTS, VIEWS
from fse.domain.reconciliation.schema import Relation


@dataclass(frozen=True, slots=True)
class Computation:
    """A relation and the portable SELECT that makes it; the columns of both are the same, in the same order."""

    relation: Relation
    sql: str


def _text(name: str) -> str:
    return resources.read_sql("fse.domain.reconciliation", name)


def views() -> tuple[Computation, ...]:
    """The mapped relations, each after those that it reads: to be created as views."""
    return tuple(Computation(relation, _text(relation.name)) for relation in VIEWS)


def derived() -> tuple[Computation, ...]:
    """The derived relations of the blocks in `bloc`, each after those that it reads."""
    return tuple(Computation(relation, _text(relation.name)) for relation in DERIVED)


def query(name: str) -> Computation:
    """The query of this name, one of `relations.RESULTS`. Raises `KeyError`."""
    relation = {relation.name: relation for relation in RESULTS}[name]
    return Computation(relation, _text(relation.name))


def refresh() -> tuple[str, ...]:
    """Statements that compute the blocks in `bloc` again, to be run in order on tables."""
    block = ", ".join(BLOCK)
    return _replace(f" WHERE ({block}) IN (SELECT {block} FROM bloc)")


def rebuild() -> tuple[str, ...]:
    """Statements that forget every derived row and compute the blocks in `bloc`, which holds them all."""
    return _replace("")


def _replace(where: str) -> tuple[str, ...]:
    statements = []
    for computation in derived():
        relation = computation.relation
        statements.append(f"DELETE FROM {relation.name}{where}")
        statements.append(f"INSERT INTO {relation.name} ({', '.join(relation.names)})\n{computation.sql}")
    return tuple(statements)
