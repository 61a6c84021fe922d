"""What may be deposited: a PDF of A5 at least, scanned at 200 dots per inch at least. `pdfimages` judges."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pypdf
import pytest

from fse.app.operations.pieces.controle import OCTETS_MAX, PAGES_MAX, check_document
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


# --- what anybody may send --------------------------------------------------------------------------------------------


def written(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return out + head + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), more, packed)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>"
IMAGE = stream(b"", b"/Type/XObject/Subtype/Image/Width 600/Height 850/ColorSpace/DeviceGray/BitsPerComponent 8")
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"


def page_of(content: bytes, *others: bytes) -> bytes:
    return written(CATALOGUE, ONE, PAGE, stream(content), *others)


@pytest.mark.parametrize("box", [b"", b"/MediaBox[0 0]", b"/MediaBox[0 0 595 842]/CropBox[1]"])
def test_a_page_without_a_size_that_can_be_read_is_no_pdf(box: bytes) -> None:
    assert refusal(written(CATALOGUE, ONE, b"<</Type/Page/Parent 2 0 R%s>>" % box))[0] == "piece.pas_un_pdf"


def tree(*nodes: bytes) -> bytes:
    return written(CATALOGUE, *nodes)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf(pages=PAGES_MAX + 1), "piece.trop_de_pages"),
        (tree(b"<</Type/Pages/Kids[%s]/Count 1>>" % (b"3 0 R " * 90_000), PAGE), "piece.trop_de_pages"),
        (tree(b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "piece.pas_un_pdf"),
        (
            tree(*(b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (n, n) for n in range(3, 40)), PAGE),
            "piece.trop_de_pages",
        ),
        (page_of(b"q Q " * 15_000_000, IMAGE), ""),
        (page_of(b"/I Do " * 9, stream(b"/I Do " * 9, FORM + b"/Resources<</XObject<</I 5 0 R>>>>")), ""),
        (page_of(b"q Q " * 100_000 + b"600 0 0 850 0 0 cm /I Do", IMAGE), "piece.resolution"),
    ],
    ids=["pages", "one page many times", "a circle", "a tree of doubles", "bomb", "forms in circles", "long"],
)
def test_what_is_made_to_be_endless_is_soon_judged(content: bytes, code: str) -> None:
    start = time.process_time()
    if code:
        assert refusal(content)[0] == code
    else:
        assert check_document(content) == 1
    assert time.process_time() - start < 5


def test_most_pages_are_taken() -> None:
    assert check_document(pdf(pages=PAGES_MAX)) == PAGES_MAX


@pytest.mark.parametrize(("scale", "taken"), [(b"595 0 0 842 0 0", False), (b"200 0 0 283 0 0", True)])
def test_a_scan_in_a_form_is_judged_by_where_it_is_drawn(scale: bytes, taken: bool) -> None:
    inside = stream(b"q %s cm /J Do Q" % scale, FORM + b"/Matrix[1 0 0 1 9 9]/Resources<</XObject<</J 6 0 R>>>>")
    content = page_of(b"q 1 0 0 1 5 5 cm /I Do Q", inside, IMAGE)
    if taken:
        assert check_document(content) == 1
    else:
        assert refusal(content)[0] == "piece.resolution"


def test_nothing_of_a_damaged_document_is_printed(tmp_path: Path) -> None:
    """pypdf quotes what it stumbles on: a name of a patient, maybe."""
    damaged = pdf(text=b"DURAND").replace(b"0000000000 65535 f", b"DURAND ZOE 1234567")
    damaged = damaged.replace(b"/Type /Font", b"/Type DURAND")
    (tmp_path / "x.pdf").write_bytes(damaged)
    code = (
        "import sys, pathlib\nfrom fse.app.operations.pieces.controle import check_document\n"
        "try: check_document(pathlib.Path(sys.argv[1]).read_bytes())\nexcept Exception as error: print(type(error))"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "x.pdf"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "DURAND" not in done.stdout
