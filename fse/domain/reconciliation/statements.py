"""Which SELECT makes which relation, in which order. Returns statements; executes nothing.

An engine makes each of `views()` a view once the stored relations exist. To keep these true, in one transaction, it

    1. fills `fichier_touche` with the files just booked, and computes each of `received()`, in order;
    2. fills `bloc` with `blocs_touches`, or with the blocks of the invoices that an event touched (a full rebuild takes
       `fichiers_tous`, then `blocs_tous`);
    3. sees to statistics. Every key starts with `cabinet`: without statistics SQLite believes that this finds few
       rows, and reads all those of the cabinet for each block;
    4. computes each of `derived()`, in order: it deletes the rows of these blocks and inserts those of the SELECT;
    5. fills `bloc_bancaire` with `blocs_bancaires_touches` (`blocs_bancaires_tous`), and computes each of `proved()`:
       this alone for a bank statement, which `fichier_touche` holds.

With the indexes of `relations.INDEXES` the cost follows the asked blocks, not what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from fse.base import resources
from fse.domain.reconciliation.relations import DERIVED, PROVED, RECEIVED, VIEWS
from fse.domain.reconciliation.results import RESULTS
from fse.domain.reconciliation.schema import Relation


@dataclass(frozen=True, slots=True)
class Computation:
    """A relation and the portable SELECT that makes it; the columns of both are the same, in the same order."""

    relation: Relation
    sql: str


def _computation(relation: Relation) -> Computation:
    return Computation(relation, resources.read_sql(f"fse.domain.reconciliation.{relation.role}", relation.name))


def views() -> tuple[Computation, ...]:
    """The views, each after those that it reads; some read stored relations."""
    return tuple(_computation(relation) for relation in VIEWS)


def received() -> tuple[Computation, ...]:
    """The relations mapped from the files in `fichier_touche`, each after those that it reads."""
    return tuple(_computation(relation) for relation in RECEIVED)


def derived() -> tuple[Computation, ...]:
    """The derived relations of the blocks in `bloc`, each after those that it reads."""
    return tuple(_computation(relation) for relation in DERIVED)


def proved() -> tuple[Computation, ...]:
    """The relations of the bank, of the blocks in `bloc_bancaire`."""
    return tuple(_computation(relation) for relation in PROVED)


def query(name: str) -> Computation:
    """The query of this name, one of `results.RESULTS`. Raises `KeyError`."""
    return _computation({relation.name: relation for relation in RESULTS}[name])
