"""Whether a document may be deposited: PDF, at least A5, at least 200 dots per inch where that can be told.

Source: regles.md A.8 (image of 200 DPI at least, PDF of A5 at least). Only PDF is taken: no library of ours reads
images by themselves. The size bound is ours. That a document can be read is for eyes: nothing here looks at it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import hypot
from typing import Any

from fse.base.errors import FseError, UnreadableError
from fse.base.resources import require

OCTETS_MAX = 5_000_000
"""The largest document taken (our choice): what a mail server lets through once encoded."""

POINTS_PAR_POUCE = 200
_A5 = (419.5, 595.2)
"""Sides of an A5 sheet in points of 1/72 inch (148 x 210 mm), the shorter first."""

_TOLERANCE = 2.0
_INCH = 72
_MOST = 0.5
"""An image that covers more of its page than this is the scan of it; smaller ones are logos and stamps."""


def check_document(content: bytes) -> int:
    """The number of pages of a PDF that may be sent.

    Raises `UnreadableError` (`piece.pas_un_pdf`), `FseError` (`piece.trop_lourde`, `piece.protegee`, `piece.vide`,
    `piece.trop_petite`, `piece.resolution`), `UsageError` without the extra `pdf`.
    """
    if len(content) > OCTETS_MAX:
        raise FseError(
            "piece.trop_lourde",
            f"Ce document pèse plus de {OCTETS_MAX // 10**6} Mo.",
            action=f"Le numériser de nouveau en niveaux de gris, à {POINTS_PAR_POUCE} points par pouce.",
        )
    pages = _pages(content)
    if not pages:
        raise FseError("piece.vide", "Ce document n'a aucune page.", action="Le numériser de nouveau.")
    for rank, page in enumerate(pages, start=1):
        _check_page(page, rank)
    return len(pages)


def _pages(content: bytes) -> list[Any]:
    pypdf = require("pypdf", extra="pdf")
    if not content.startswith(b"%PDF-"):
        raise _not_pdf()
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise FseError(
                "piece.protegee",
                "Ce document est protégé par un mot de passe.",
                action="L'enregistrer sans mot de passe : fse le chiffre pour son destinataire.",
            )
        return list(reader.pages)
    except FseError:
        raise
    except Exception:  # pypdf has many kinds of its own for a damaged file
        raise _not_pdf() from None


def _check_page(page: Any, rank: int) -> None:
    width, height = sorted((float(page.cropbox.width), float(page.cropbox.height)))
    if width + _TOLERANCE < _A5[0] or height + _TOLERANCE < _A5[1]:
        raise FseError(
            "piece.trop_petite",
            f"La page {rank} est plus petite qu'une feuille A5 (14,8 cm sur 21).",
            action="Numériser la feuille entière, sans la réduire.",
        )
    try:
        scans = list(_scans(page, width * height))
    except Exception:  # a content that pypdf cannot follow: nothing can be told of its images
        return
    poor = [dpi for dpi in scans if dpi < POINTS_PAR_POUCE - 1]
    if poor:
        raise FseError(
            "piece.resolution",
            f"L'image de la page {rank} a {min(poor):.0f} points par pouce : il en faut {POINTS_PAR_POUCE} au moins.",
            action=f"Numériser de nouveau à {POINTS_PAR_POUCE} points par pouce.",
        )


def _scans(page: Any, area: float) -> Iterator[float]:
    """The resolution of each image that covers most of the page: its pixels over the place where it is drawn."""
    images = {
        name: entry.get_object()
        for name, entry in (page.get("/Resources", {}).get_object().get("/XObject", {}).get_object()).items()
    }
    drawn: list[tuple[Any, list[float]]] = []

    def before(operator: bytes, operands: Any, matrix: list[float], _text: list[float]) -> None:
        if operator == b"Do" and operands and operands[0] in images:
            drawn.append((images[operands[0]], list(matrix)))

    page.extract_text(visitor_operand_before=before)
    for image, (a, b, c, d, *_) in drawn:
        if image.get("/Subtype") == "/Image" and abs(a * d - b * c) > _MOST * area:
            across, down = hypot(a, b) / _INCH, hypot(c, d) / _INCH
            yield min(float(image["/Width"]) / across, float(image["/Height"]) / down)


def _not_pdf() -> UnreadableError:
    return UnreadableError(
        "piece.pas_un_pdf",
        "Ce fichier n'est pas un PDF lisible.",
        action="Enregistrer la numérisation au format PDF : les images seules ne sont pas prises.",
    )
