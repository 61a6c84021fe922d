"""Which SELECT makes which relation, in which order. Returns statements; executes nothing.

An engine makes each of `views()` a view, in order. To keep the derived tables true, in one transaction, it

    1. fills `bloc`: with `blocs_touches` (after it filled `fichier_touche`), with the blocks of the invoices that an
       event touched, or with `blocs_tous` for a full rebuild;
    2. sees to statistics. Every key starts with `cabinet`: without statistics SQLite believes that this finds few
       rows, and reads all those of the cabinet for each block;
    3. for each of `derived()`, in order, deletes the rows of these blocks and inserts those of the SELECT.

With the indexes of `relations.INDEXES` the cost follows the asked blocks, not what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from fse.base import resources
from fse.domain.reconciliation.relations import DERIVED, RESULTS, VIEWS
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
