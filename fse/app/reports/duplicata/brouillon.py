"""The draft of a duplicate: all that it must say, on plain paper, and on each page that it replaces no form."""

from __future__ import annotations

from fse.app.operations.duplicata import Duplicata
from fse.app.reports.pdf import make_pdf
from fse.app.reports.templates import fill


def brouillon(duplicata: Duplicata) -> bytes:
    """The PDF of the draft. Raises `UsageError` as `make_pdf`."""
    html = fill("duplicata/brouillon.html", d=duplicata, f=duplicata.facture, demande=duplicata.demande)
    return make_pdf(html, duplicata.demande.le)
