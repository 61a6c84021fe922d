"""The patient's copy of a sheet, as PDF: all of it, and on each page that it is a copy and pays nothing."""

from __future__ import annotations

from fse.app.operations.copie import Copie
from fse.app.reports.pdf import make_pdf
from fse.app.reports.templates import fill


def rendu_copie(copie: Copie) -> bytes:
    """The PDF. Raises `UsageError` as `make_pdf`."""
    return make_pdf(fill("copie.html", d=copie, f=copie.facture), copie.le)
