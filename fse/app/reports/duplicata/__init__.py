"""The documents of a duplicate: a draft to read, or values laid on the official form that the practice has.

`fse` holds no official form. The draft says on each page that it replaces none; the overlay places values at the
millimetres of a calibration that the practice makes for its form, alone (for a printed form) or on its PDF.
"""

from __future__ import annotations

from pathlib import Path

from fse.app.operations.duplicata import Duplicata, Rendu
from fse.app.reports.duplicata.brouillon import brouillon
from fse.app.reports.duplicata.calage import load_calage
from fse.app.reports.duplicata.calque import calque
from fse.app.reports.pdf import check_extra, lay_over, page_size
from fse.base.errors import UsageError
from fse.base.french import system_reason

_TOLERANCE = 1.0
"""Millimetres by which a form may differ from its calibration: A4 is rounded in more than one way."""


def rendu_duplicata(calage: Path | None = None, formulaire: Path | None = None) -> Rendu:
    """What makes the document: the draft, or with a calibration the overlay, on the PDF form if there is one.

    All that can be wrong is seen here, before anything of the sheet is read. Raises `UsageError`: those of
    `check_extra` and `load_calage`, `calage.attendu`, `formulaire.absent`, `formulaire.illisible`,
    `formulaire.dimensions`; what it returns raises those of `calque`.
    """
    check_extra()
    if calage is None:
        if formulaire is not None:
            raise UsageError(
                "calage.attendu",
                "Un formulaire se remplit d'après un calage, qui dit où écrire chaque valeur.",
                action="Donner le calage de ce formulaire par --calage (docs/duplicata.md dit comment le faire).",
            )
        return brouillon
    placed = load_calage(calage)
    form = None if formulaire is None else _form(formulaire, placed.largeur, placed.hauteur)

    def laid(duplicata: Duplicata) -> bytes:
        values = calque(duplicata, placed)
        return values if form is None else lay_over(values, form)

    return laid


def _form(path: Path, largeur: float, hauteur: float) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            "formulaire.absent",
            f"Le formulaire ne s'ouvre pas : {system_reason(error)}.",
            action="Vérifier le chemin et les droits de lecture.",
            lieu=str(path),
        ) from None
    width, height = page_size(content)
    if abs(width - largeur) > _TOLERANCE or abs(height - hauteur) > _TOLERANCE:
        raise UsageError(
            "formulaire.dimensions",
            f"Le formulaire a {width:.0f} mm sur {height:.0f}, son calage {largeur:.0f} sur {hauteur:.0f}.",
            action="Corriger « page » dans le calage, ou donner le formulaire auquel il correspond.",
            lieu=str(path),
        )
    return content
