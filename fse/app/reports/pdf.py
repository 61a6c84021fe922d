"""A page as PDF (WeasyPrint), and a PDF laid on another (pypdf): the same bytes for the same content (extra `pdf`).

What would make two runs differ is fixed here: the identifier and the creation date of the document, and the date that
fontTools, where HarfBuzz is not there to do it, writes in each font that it cuts. Nothing is ever fetched.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from types import ModuleType
from typing import Any

from fse.app.reports.templates import EXTRA
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.base.resources import require

_EPOCH = "SOURCE_DATE_EPOCH"
_DAY = 86_400


def check_extra() -> None:
    """Raises `UsageError`: `installation.extra_absent`, `installation.bibliotheque_absente`."""
    require("jinja2", extra=EXTRA)
    require("pypdf", extra=EXTRA)
    _weasyprint()


def make_pdf(html: str, le: date) -> bytes:
    """The PDF of a whole page; the template dates it by `<meta name="dcterms.created">`, `le` is for its fonts.

    Raises as `check_extra`.
    """
    weasyprint = _weasyprint()
    nothing = require("weasyprint.urls", extra=EXTRA).URLFetcher(allowed_protocols=())
    with _fixed_time(le):
        document = weasyprint.HTML(string=html, url_fetcher=nothing)
        content: bytes = document.write_pdf(pdf_identifier=sha256(html.encode()).digest()[:16])
    return content


def page_size(content: bytes) -> tuple[float, float]:
    """Width and height of the first page of a PDF, in millimetres. Raises `UsageError` (`formulaire.illisible`)."""
    page = _add_first_page(_writer(), content)
    return _mm(page.mediabox.width), _mm(page.mediabox.height)


def lay_over(overlay: bytes, form: bytes) -> bytes:
    """Each page of `overlay` on the first page of `form`. Raises `UsageError` (`formulaire.illisible`)."""
    writer = _writer()
    for page in _read(overlay).pages:
        laid = _add_first_page(writer, form)
        laid.merge_translated_page(page, laid.mediabox.left, laid.mediabox.bottom)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _weasyprint() -> ModuleType:
    """WeasyPrint, which needs libraries of the system beside its packages."""
    try:
        return require("weasyprint", extra=EXTRA)
    except OSError as error:
        raise UsageError(
            "installation.bibliotheque_absente",
            "Une bibliothèque du système manque pour écrire des PDF : Pango.",
            action="L'installer ; sous Debian ou Ubuntu : apt install libpango-1.0-0 libharfbuzz-subset0.",
        ) from error


@contextmanager
def _fixed_time(le: date) -> Iterator[None]:
    before = os.environ.get(_EPOCH)
    os.environ[_EPOCH] = str(to_days(le) * _DAY)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_EPOCH]
        else:
            os.environ[_EPOCH] = before


def _writer() -> Any:
    return require("pypdf", extra=EXTRA).PdfWriter()


def _add_first_page(writer: Any, content: bytes) -> Any:
    """The first page as it is seen: turned, if the form says so."""
    page = writer.add_page(_read(content).pages[0])
    if page.rotation:
        page.transfer_rotation_to_content()
    return page


def _read(content: bytes) -> Any:
    pypdf = require("pypdf", extra=EXTRA)
    errors = require("pypdf.errors", extra=EXTRA)
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if not reader.is_encrypted and len(reader.pages):
            return reader
    except (errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # told below
    raise UsageError(
        "formulaire.illisible",
        "Le formulaire n'est pas un PDF lisible, ou il est protégé.",
        action="Donner le PDF du formulaire tel que vous l'avez reçu, sans mot de passe.",
    )


def _mm(points: Any) -> float:
    return float(points) * 25.4 / 72
