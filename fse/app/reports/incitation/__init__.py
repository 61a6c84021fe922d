"""Where professionals stand in the incentives, as a page (HTML) and as a file for the local commission (PDF).

Neither names a patient: a sheet is its number and its reference. The same journal on the same day makes the same bytes;
a file that is already there with others is never replaced: it is named by a person, and may be anything.
"""

from __future__ import annotations

from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.delivery import deliver
from fse.app.operations.incitation import phrases
from fse.app.operations.incitation.position import Incitations, Position
from fse.app.reports.incitation.courbe import curve
from fse.app.reports.pdf import make_pdf
from fse.app.reports.templates import fill
from fse.base.errors import UsageError
from fse.domain.incitation.mois import by_month
from fse.domain.incitation.taux import Decompte, number, percent

__all__ = ["write_file", "write_page"]


def write_page(result: Incitations, cabinet: Cabinet, path: Path) -> None:
    """Write the page. Raises `UsageError` (`installation.extra_absent`), `StorageError` (`sortie.differente`,
    `sortie.impossible`).
    """
    content = fill(
        "incitation/page.html", d=result, cabinet=cabinet, phrases=phrases, taux=percent, courbe=curve, nombre=number
    )
    deliver(path, content.encode())


def write_file(result: Incitations, cabinet: Cabinet, path: Path) -> None:
    """Write the file that one professional takes to the local commission: the rate, its months, what was left out, why
    sheets were no FSE.

    Raises `UsageError`: `incitation.un_praticien`, `incitation.sans_commission`, `incitation.hors_bande`, and as
    `make_pdf`; `StorageError` (`sortie.differente`, `sortie.impossible`).
    """
    position = _alone(result)
    held = _in_the_band(position)
    content = fill(
        "incitation/dossier.html",
        d=result,
        p=position,
        decomptes=held,
        commission=held[0].scheme.commission,
        cabinet=cabinet,
        phrases=phrases,
        taux=percent,
        mois=by_month,
    )
    deliver(path, make_pdf(content, result.le))


def _alone(result: Incitations) -> Position:
    if len(result.positions) != 1:
        raise UsageError(
            "incitation.un_praticien",
            "Un dossier pour la commission est celui d'un seul praticien.",
            action="Dire lequel : --praticien NUMERO.",
        )
    return result.positions[0]


def _in_the_band(position: Position) -> list[Decompte]:
    """The counts of the schemes in whose band the rate stands."""
    known = [one.decompte for one in position.dispositifs if one.decompte.scheme.bande is not None]
    if not known:
        raise UsageError(
            "incitation.sans_commission",
            f"Aucun dispositif de ce praticien n'a de commission à saisir en {position.annee}.",
            action="Rien à faire : ce dossier ne sert que là où une commission donne son avis.",
        )
    held = [one for one in known if one.verdict == "commission"]
    if not held:
        told = " ; ".join(f"{percent(one.taux)}, {phrases.verdict(one)}" for one in known)
        raise UsageError(
            "incitation.hors_bande",
            f"La commission ne se saisit qu'entre les deux seuils. Taux : {told}.",
            action="Rien à faire : voir fse incitation --detail pour le compte, feuille par feuille.",
        )
    return held
