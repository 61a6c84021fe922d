"""An archive: a folder of Parquet files, one a relation of facts or an entity, matched away from its journal.

    <relation>.parquet      each relation of `relations.FACTS` and each entity, `noemie_102.parquet`…

The same SQL runs on it as on a journal, unchanged, over one archive or over those of many practices: `match` gives the
relations that the journals store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import FACTS, RELATIONS, STORED
from fse.domain.reconciliation.schema import Relation
from fse.domain.reconciliation.statements import Computation
from fse.infra.engines.engine import Engine, compute_all, prove_all


class ArchiveEngine(Engine, Protocol):
    """An engine that owns its relations."""

    def load(self, relations: Mapping[str, Sequence[Path]], cabinets: tuple[str, str] | None = None) -> None:
        """Make these relations of Parquet files, all at once; of the practices between two alone, both included."""
        ...

    def make_stored(self, relation: Relation) -> None:
        """Make a stored relation, without rows."""
        ...

    def make_view(self, computation: Computation) -> None:
        """Make a view over what exists."""
        ...

    def write(self, name: str, path: Path) -> None:
        """Write the rows of a relation as Parquet."""
        ...

    def close(self) -> None:
        """Let everything go."""
        ...


def load_archives(engine: ArchiveEngine, folders: Sequence[Path], entities: Iterable[str]) -> None:
    """Make every relation of these archives; `entities` names those of their returns (`noemie_000`…)."""
    names = (*(relation.name for relation in FACTS), *entities)
    load_relations(engine, {name: [folder / f"{name}.parquet" for folder in folders] for name in names})


def load_relations(
    engine: ArchiveEngine, relations: Mapping[str, Sequence[Path]], cabinets: tuple[str, str] | None = None
) -> None:
    """Make every relation: facts and entities of Parquet files, for the practices between two alone when they are
    given (both included), and the stored relations, empty.
    """
    engine.load(relations, cabinets)
    for relation in STORED:
        engine.make_stored(relation)
    for view in statements.views():
        engine.make_view(view)


def match(engine: ArchiveEngine, cabinets: Iterable[str]) -> None:
    """Compute every stored relation of these cabinets, and the views over them each time that they are complete."""
    engine.ask(RELATIONS["perimetre"], [(cabinet,) for cabinet in cabinets])
    for compute in (compute_all, prove_all):
        compute(engine)
        for view in statements.views():
            engine.make_view(view)
