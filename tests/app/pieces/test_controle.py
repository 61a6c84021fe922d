"""What may be deposited: a PDF of A5 at least, scanned at 200 dots per inch at least. `pdfimages` judges."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest

from fse.app.operations.pieces.controle import OCTETS_MAX, check_document
from fse.base.errors import FseError
from tests.app.pieces.paper import A4, A5, pdf


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(FseError) as raised:
        check_document(content)
    return raised.value.code, raised.value.message


@pytest.mark.parametrize("size", [A4, A5, (A5[1], A5[0]), (2000, 3000)])
def test_a_page_of_a5_or_more_is_taken_either_way_up(size: tuple[int, int]) -> None:
    assert check_document(pdf(size=size, pages=3)) == 3


@pytest.mark.parametrize("size", [(400, 595), (420, 570), (298, 420)])
def test_a_smaller_page_is_refused(size: tuple[int, int]) -> None:
    assert refusal(pdf(size=size))[0] == "piece.trop_petite"


@pytest.mark.parametrize(
    ("dpi", "covers", "taken"), [(200, 1, True), (150, 1, False), (300, 0.8, True), (96, 0.8, False)]
)
def test_a_scan_is_judged_by_where_it_is_drawn(dpi: int, covers: float, taken: bool, tmp_path: Path) -> None:
    content = pdf(size=A5, dpi=dpi, covers=covers)
    judge = shutil.which("pdfimages")
    if judge is None:
        assert os.environ.get("CI") != "true", "poppler-utils is missing"
        pytest.skip("poppler-utils is missing")
    (tmp_path / "x.pdf").write_bytes(content)
    listed = subprocess.run([judge, "-list", tmp_path / "x.pdf"], check=True, capture_output=True, text=True).stdout
    across = int(listed.splitlines()[2].split()[12])
    assert abs(across - dpi) <= 1, "the page is what this test means"
    if taken:
        assert check_document(content) == 1
    else:
        code, words = refusal(content)
        assert (code, f"{dpi} points" in words or f"{dpi - 1} points" in words) == ("piece.resolution", True)


def test_a_logo_is_not_a_scan() -> None:
    assert check_document(pdf(dpi=72, covers=0.2, text=b"une page de mots")) == 1


def test_words_alone_have_no_resolution() -> None:
    assert check_document(pdf(text=b"une page de mots")) == 1


def test_a_page_turned_is_judged_as_it_is_drawn() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(size=A5, dpi=210)))
    writer.pages[0].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    assert check_document(out.getvalue()) == 1


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", pdf()[:300]])
def test_what_is_no_pdf_is_unreadable(content: bytes) -> None:
    with pytest.raises(FseError) as raised:
        check_document(content)
    assert raised.value.code in ("piece.pas_un_pdf", "piece.vide")
    assert raised.value.action


def test_a_protected_document_is_refused() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    assert refusal(out.getvalue())[0] == "piece.protegee"


def test_a_document_too_heavy_is_refused_unread() -> None:
    assert refusal(b"%PDF-" + bytes(OCTETS_MAX))[0] == "piece.trop_lourde"
