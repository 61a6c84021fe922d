"""PDF looked at by poppler, which is not ours: its text, where each word stands in millimetres, its ink."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fse.app.operations.duplicata import Duplicata
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from tests.app.cabinet import JOUR, document, new_practice, signer
from tests.app.duplicata.world import make, plain

_MM = 25.4 / 72
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word and its box, in millimetres from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def poppler(tool: str, content: bytes, *options: str, output: str = "-") -> bytes:
    """What a tool of poppler prints about a PDF."""
    if shutil.which(tool) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{tool} is not installed: apt-get install poppler-utils")
        pytest.skip(f"{tool} is not installed (poppler-utils)")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(content)
        return subprocess.run(
            [tool, *options, str(path), output][: None if output else -1], capture_output=True, check=True
        ).stdout


def pages(content: bytes) -> list[str]:
    """The text of each page, one blank between words."""
    text = poppler("pdftotext", content, "-layout").decode()
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def words(content: bytes, page: int = 1) -> list[Word]:
    """The words of a page."""
    told = poppler("pdftotext", content, "-bbox", "-f", str(page), "-l", str(page)).decode()
    return [Word(text, *(float(one) * _MM for one in numbers)) for *numbers, text in _WORD.findall(told)]


def word(content: bytes, text: str) -> Word:
    """The only word of the first page that is this text."""
    (found,) = [one for one in words(content) if one.text == text]
    return found


def facts(content: bytes) -> dict[str, str]:
    """What pdfinfo says."""
    lines = poppler("pdfinfo", content, output="").decode().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def ink(content: bytes, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """The box of what is black inside a box of the first page, in millimetres, to a tenth."""
    image = poppler("pdftoppm", content, "-r", "254", "-gray", "-f", "1", "-l", "1", output="")
    magic, size, _, pixels = image.split(b"\n", 3)
    assert magic == b"P5"
    width = int(size.split()[0])
    black = [
        (x, y)
        for y in range(int(top * 10), int(bottom * 10))
        for x in range(int(left * 10), int(right * 10))
        if pixels[y * width + x] < 128
    ]
    assert black, "nothing is printed there"
    xs, ys = [x for x, _ in black], [y for _, y in black]
    return min(xs) / 10, min(ys) / 10, (max(xs) + 1) / 10, (max(ys) + 1) / 10


def duplicata_of(folder: Path, *factures: str, numero: int = 1, **options: object) -> Duplicata:
    """What a duplicate of one of these sheets says, once their lot has left."""
    held: list[Duplicata] = []
    with new_practice(folder / "cabinet") as practice:
        done = securiser(practice, document(*factures), le=JOUR)
        assert len(done.factures) == len(factures), [one.message for one in done.constats if one.is_error]
        emettre(practice, folder / "envoi", lambda *_: signer(), le=JOUR)
        make(practice, numero, rendu=_kept(held), **options)
    return held[0]


def of_practice(practice: Practice, numero: int, **options: object) -> Duplicata:
    """The same of a practice that is there."""
    held: list[Duplicata] = []
    make(practice, numero, rendu=_kept(held), **options)
    return held[0]


def _kept(held: list[Duplicata]) -> Callable[[Duplicata], bytes]:
    def keep(one: Duplicata) -> bytes:
        held.append(one)
        return plain(one)

    return keep
