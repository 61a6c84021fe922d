"""The notice of an overrun that a patient is given: to print, as PDF, or to show or send, as a page."""

from __future__ import annotations

from pathlib import Path

from fse.app.operations.information import Information, RenduInformation
from fse.app.reports.pdf import check_extra, make_pdf
from fse.app.reports.templates import fill
from fse.base.errors import UsageError


def rendu_information(sortie: Path) -> RenduInformation:
    """What the name of a file asks for. Raises `UsageError`: `information.forme`, those of `check_extra` for a PDF."""
    if sortie.suffix == ".html":
        return _page
    if sortie.suffix == ".pdf":
        check_extra()
        return _pdf
    raise UsageError(
        "information.forme",
        f"{sortie.name} n'est ni un fichier .pdf ni un fichier .html.",
        action="Donner à --sortie un nom qui finit par .pdf ou .html.",
    )


def _html(notice: Information) -> str:
    return fill("information.html", d=notice)


def _page(notice: Information) -> bytes:
    return _html(notice).encode()


def _pdf(notice: Information) -> bytes:
    return make_pdf(_html(notice), notice.le)
