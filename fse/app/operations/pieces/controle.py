"""Whether a document may be deposited: PDF, at least A5, at least 200 dots per inch where that can be told.

Source: regles.md A.8 (image of 200 DPI at least, PDF of A5 at least). Only PDF is taken: no library of ours reads
images by themselves. The size bound is ours. That a document can be read is for eyes: nothing here looks at it.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import hypot
from typing import Any

from fse.base.errors import FseError, UnreadableError
from fse.base.resources import require

OCTETS_MAX = 5_000_000
"""The largest document taken (our choice): what a mail server lets through once encoded."""

PAGES_MAX = 50
"""The most pages of a document (our choice)."""

CONTENU_MAX = 500_000
"""How many bytes of page contents of a document, uncompressed, are looked into for scans (our choice)."""

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
    `piece.trop_de_pages`, `piece.trop_petite`, `piece.resolution`), `UsageError` without the extra `pdf`.
    """
    if len(content) > OCTETS_MAX:
        raise FseError(
            "piece.trop_lourde",
            f"Ce document pèse plus de {OCTETS_MAX // 10**6} Mo.",
            action=f"Le numériser de nouveau en niveaux de gris, à {POINTS_PAR_POUCE} points par pouce.",
        )
    pypdf = require("pypdf", extra="pdf")
    if not content.startswith(b"%PDF-"):
        raise _not_pdf()
    with _bounded(pypdf):
        try:
            return _check(pypdf.PdfReader(io.BytesIO(content)))
        except FseError:
            raise
        except Exception:  # pypdf has many kinds of its own for a damaged file
            raise _not_pdf() from None


@contextmanager
def _bounded(pypdf: Any) -> Iterator[None]:
    """pypdf says nothing, and uncompresses little where it lets that be told (versions 7 and later)."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        if hasattr(pypdf, "apply_configuration"):
            names = ("zlib_maximum", "lzw_maximum", "run_length_maximum", "array_based_stream_maximum")
            with pypdf.apply_configuration(**{f"{name}_output_length": 2 * OCTETS_MAX for name in names}):
                yield
        else:
            yield
    finally:
        logger.setLevel(before)


def _check(reader: Any) -> int:
    if reader.is_encrypted:
        raise FseError(
            "piece.protegee",
            "Ce document est protégé par un mot de passe.",
            action="L'enregistrer sans mot de passe : fse le chiffre pour son destinataire.",
        )
    number = _count(reader)
    if not number:
        raise FseError("piece.vide", "Ce document n'a aucune page.", action="Le numériser de nouveau.")
    if number > PAGES_MAX:
        raise FseError(
            "piece.trop_de_pages",
            f"Ce document a plus de {PAGES_MAX} pages.",
            action="Ne garder que les pages de la pièce justificative.",
        )
    contents = _Contents(reader)
    for rank, page in enumerate(reader.pages, start=1):
        _check_page(page, rank, contents)
    return number


def _count(reader: Any) -> int:
    """The number of pages, `PAGES_MAX` + 1 when there are more: pypdf would first make an object of each."""
    waiting, pages, seen = [reader.trailer["/Root"]["/Pages"]], 0, 0
    while waiting and pages <= PAGES_MAX:
        node, seen = waiting.pop().get_object(), seen + 1
        if seen > 10 * PAGES_MAX:  # a tree that turns in circles
            raise _not_pdf()
        if "/Kids" in node:
            waiting += node["/Kids"][: 10 * PAGES_MAX]
        else:
            pages += 1
    return pages


def _check_page(page: Any, rank: int, contents: _Contents) -> None:
    width, height = sorted((float(page.cropbox.width), float(page.cropbox.height)))
    if width + _TOLERANCE < _A5[0] or height + _TOLERANCE < _A5[1]:
        raise FseError(
            "piece.trop_petite",
            f"La page {rank} est plus petite qu'une feuille A5 (14,8 cm sur 21).",
            action="Numériser la feuille entière, sans la réduire.",
        )
    try:
        scans = list(contents.scans(page, width * height))
    except Exception:  # a content that cannot be followed: nothing can be told of its images
        return
    poor = [dpi for dpi in scans if dpi < POINTS_PAR_POUCE - 1]
    if poor:
        raise FseError(
            "piece.resolution",
            f"L'image de la page {rank} a {min(poor):.0f} points par pouce : il en faut {POINTS_PAR_POUCE} au moins.",
            action=f"Numériser de nouveau à {POINTS_PAR_POUCE} points par pouce.",
        )


_Matrix = tuple[float, float, float, float]
"""What turns and scales, without what moves."""


class _Contents:
    """Where the pages of a document draw their images, until `CONTENU_MAX` bytes of them were followed."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._left = CONTENU_MAX

    def scans(self, page: Any, area: float) -> Iterator[float]:
        """The resolution of each image that covers most of the page: its pixels over the place where it is drawn."""
        content = page.get_contents()
        drawn = self._drawn(content, page.get("/Resources", {}), (1, 0, 0, 1)) if content is not None else ()
        for image, (a, b, c, d) in drawn:
            if abs(a * d - b * c) > _MOST * area:
                across, down = hypot(a, b) / _INCH, hypot(c, d) / _INCH
                yield min(float(image["/Width"]) / across, float(image["/Height"]) / down)

    def _drawn(self, content: Any, resources: Any, matrix: _Matrix) -> Iterator[tuple[Any, _Matrix]]:
        """Each image that a content draws, in the forms that it draws too."""
        self._left -= len(content.get_data())
        if self._left < 0:
            return
        named = resources.get_object().get("/XObject", {}).get_object()
        saved: list[_Matrix] = []
        for operands, operator in content.operations:
            if operator == b"q":
                saved.append(matrix)
            elif operator == b"Q" and saved:
                matrix = saved.pop()
            elif operator == b"cm":
                matrix = _times(operands, matrix)
            elif operator == b"Do" and operands and operands[0] in named:
                one = named[operands[0]].get_object()
                if one.get("/Subtype") == "/Image":
                    yield one, matrix
                elif one.get("/Subtype") == "/Form":
                    inside = _times(one.get("/Matrix", (1, 0, 0, 1)), matrix)
                    yield from self._drawn(self._read(one), one.get("/Resources", resources), inside)

    def _read(self, form: Any) -> Any:
        self._left -= 1  # a form that is empty costs too
        return require("pypdf.generic", extra="pdf").ContentStream(form, self._reader)


def _times(first: Any, then: _Matrix) -> _Matrix:
    a, b, c, d = (float(one) for one in first[:4])
    e, f, g, h = then
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h


def _not_pdf() -> UnreadableError:
    return UnreadableError(
        "piece.pas_un_pdf",
        "Ce fichier n'est pas un PDF lisible.",
        action="Enregistrer la numérisation au format PDF : les images seules ne sont pas prises.",
    )
