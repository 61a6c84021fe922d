"""The morning page: what a practice has to do, by amount at stake, and where its money is; tables beside it.

The page comes first: a table that cannot be written (one that a spreadsheet holds open) keeps neither the page nor the
others of the day before, and the page says which it is.

One page that needs nothing else (no network, no script), and the same figures for an accountant as CSV and, with the
extra `masse`, Parquet. They are replaced at each run: the same journal on the same day makes the same bytes. No patient
is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fse.app.operations.practice import Practice
from fse.app.operations.worklist.anciennete import TRANCHES
from fse.app.reports.fichiers import replace_file
from fse.app.reports.matin.contenu import compose
from fse.app.reports.matin.tables import accounting_tables
from fse.app.reports.tableaux import Tableau, csv_bytes, has_parquet, parquet_bytes
from fse.app.reports.templates import fill
from fse.base.errors import StorageError

PAGE = "matin.html"

_DETAIL = 40
"""Lines of one thing to do that the page holds; the table beside it has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableManquee:
    """A table that could not be written: what stands at `chemin` is of another day. `raison`, `action`: French."""

    chemin: Path
    raison: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RapportEcrit:
    """What was written: the page, then each table. `a_faire` counts the things to do, `en_jeu` is their amount in
    centimes, `None` when none is known; `reserve` says why the page may not know all, "" when it does; `laisses` counts
    the files that the night left where they arrived; `parquet` is false when the extra that writes it is not there.
    """

    le: date
    page: Path
    tables: tuple[Path, ...]
    echecs: tuple[TableManquee, ...]
    a_faire: int
    en_jeu: int | None
    reserve: str
    laisses: int
    parquet: bool

    @property
    def statut(self) -> int:
        """The exit status that it meets."""
        return StorageError.status if self.echecs else 0


def write_report(
    practice: Practice, folder: Path, le: date | None = None, *, praticiens: Collection[str] | None = None
) -> RapportEcrit:
    """Write the page and the tables of a morning in this folder, in the place of those of the day before.

    `praticiens` narrows them to what is of these prestataires. Reads the journal only. Raises `UsageError`
    (`installation.extra_absent`), `StorageError` (`sortie.impossible`: the page).
    """
    matin = compose(practice, practice.day(le), praticiens)
    tables = accounting_tables(matin)
    page, parquet = folder / PAGE, has_parquet()

    def write_page(echecs: Sequence[TableManquee]) -> None:
        content = fill(
            "matin/page.html",
            m=matin,
            tables=tables,
            echecs=echecs,
            tranches=TRANCHES,
            plusieurs=len(matin.praticiens) > 1,
            limite_detail=_DETAIL,
            avec_parquet=parquet,
        )
        replace_file(page, content.encode())

    write_page(())
    written, echecs = [], []
    for path, content in _files(folder, tables, parquet):
        try:
            replace_file(path, content)
        except StorageError as error:
            echecs.append(TableManquee(chemin=path, raison=error.message, action=error.action))
        else:
            written.append(path)
    if echecs:
        write_page(echecs)
    return RapportEcrit(
        le=matin.le,
        page=page,
        tables=tuple(written),
        echecs=tuple(echecs),
        a_faire=len(matin.choses),
        en_jeu=matin.en_jeu,
        reserve=matin.reserve,
        laisses=sum(one.nombre for one in matin.nuit.laisses),
        parquet=parquet,
    )


def _files(folder: Path, tables: Sequence[Tableau], parquet: bool) -> Iterator[tuple[Path, bytes]]:
    """Each table in each of its forms."""
    for one in tables:
        yield folder / f"{one.nom}.csv", csv_bytes(one)
        if parquet:
            yield folder / f"{one.nom}.parquet", parquet_bytes(one)
