"""The morning page: what a practice has to do, by amount at stake, and where its money is; tables beside it.

One page that needs nothing else (no network, no script), and the same figures for an accountant as CSV and, with the
extra `masse`, Parquet. They are replaced at each run: the same journal on the same day makes the same bytes. No patient
is named.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fse.app.operations.practice import Practice
from fse.app.operations.worklist.anciennete import TRANCHES
from fse.app.reports.fichiers import replace_file
from fse.app.reports.matin.contenu import compose
from fse.app.reports.matin.tables import accounting_tables
from fse.app.reports.tableaux import csv_bytes, has_parquet, parquet_bytes
from fse.app.reports.templates import fill

PAGE = "matin.html"

_DETAIL = 40
"""Lines of one thing to do that the page holds; the table beside it has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RapportEcrit:
    """What was written: the page, then each table. `a_faire` counts the things to do, `en_jeu` is their amount in
    centimes; `parquet` is false when the extra that writes it is not there.
    """

    le: date
    page: Path
    tables: tuple[Path, ...]
    a_faire: int
    en_jeu: int
    parquet: bool


def write_report(
    practice: Practice, folder: Path, le: date | None = None, *, praticiens: Collection[str] | None = None
) -> RapportEcrit:
    """Write the page and the tables of a morning in this folder, in the place of those of the day before.

    `praticiens` narrows them to what is of these prestataires. Reads the journal only. Raises `UsageError`
    (`installation.extra_absent`), `StorageError` (`sortie.impossible`).
    """
    matin = compose(practice, practice.day(le), praticiens)
    tables = accounting_tables(matin)
    content = fill(
        "matin/page.html",
        m=matin,
        tables=tables,
        tranches=TRANCHES,
        plusieurs=len(matin.praticiens) > 1,
        limite_detail=_DETAIL,
        avec_parquet=has_parquet(),
    )
    written = []
    for one in tables:
        written.append(folder / f"{one.nom}.csv")
        replace_file(written[-1], csv_bytes(one))
        if has_parquet():
            written.append(folder / f"{one.nom}.parquet")
            replace_file(written[-1], parquet_bytes(one))
    replace_file(folder / PAGE, content.encode())
    return RapportEcrit(
        le=matin.le,
        page=folder / PAGE,
        tables=tuple(written),
        a_faire=len(matin.choses),
        en_jeu=matin.en_jeu,
        parquet=has_parquet(),
    )
