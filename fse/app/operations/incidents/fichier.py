"""The evidence file: CSV as French spreadsheets read it (semicolons, UTF-8 with its mark), after a heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fse.app.operations.incidents.ligne import Incident, ReleveIncidents
from fse.base.french import counted

COLUMNS = (*("jour", "instant_utc", "nature", "code", "constat", "fichier", "lots", "factures", "organismes", "suite"),)
_FORMULA = ("=", "+", "-", "@", "\t")


def as_csv(releve: ReleveIncidents) -> bytes:
    """The bytes of the file. A cell that a spreadsheet would compute is written as text."""
    text = io.StringIO()
    rows = ([_safe(cell) for cell in row] for row in _rows(releve))
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _rows(releve: ReleveIncidents) -> Iterator[tuple[str, ...]]:
    marked = {"T": "flux de test", "D": "flux de démonstration"}
    yield ("Incidents de télétransmission", marked.get(releve.marque, releve.marque))
    yield ("cabinet", releve.cabinet)
    yield ("émetteur", releve.emetteur)
    yield ("praticiens", " ".join(releve.praticiens))
    yield ("organisme", releve.organisme or "tous")
    yield ("période", f"{releve.depuis:%d/%m/%Y}", f"{releve.jusqu:%d/%m/%Y}")
    yield ("établi le", f"{releve.etabli_le:%d/%m/%Y}")
    yield ("tête du journal", releve.tete)
    yield ("contrôle", f"fse journal verifier --tete {releve.tete}")
    yield ("nombre", str(len(releve.incidents)), counted_lines(releve))
    yield ()
    yield COLUMNS
    yield from (_row(one) for one in releve.incidents)


def counted_lines(releve: ReleveIncidents) -> str:
    """How many of its lines tell a failure, and how many what was done about one."""
    failures = len(releve.incidents) - releve.suites
    return f"{counted(failures, 'incident')}, {counted(releve.suites, 'suite')}"


def _row(one: Incident) -> tuple[str, ...]:
    return (
        f"{one.jour:%d/%m/%Y}",
        one.instant,
        one.libelle,
        one.code,
        one.constat,
        one.fichier,
        ", ".join(str(lot) for lot in one.lots),
        " ".join(f"{numero:09d}" for numero in one.factures),
        " ".join(one.organismes),
        one.suite,
    )


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
