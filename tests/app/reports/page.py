"""How the tests read a morning page and its tables."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

from lxml import html as lxml_html

from fse.app.operations.worklist.anciennete import TRANCHES
from fse.app.reports.matin.contenu import Matin
from fse.app.reports.templates import fill

NARROW = "\N{NARROW NO-BREAK SPACE}"
TABLES = ("a-faire", "virements", "paiements", "rejets", "anciennete")


def words(page: str) -> str:
    """What a reader reads, one blank between words."""
    told = " ".join(" ".join(lxml_html.fromstring(page).xpath("//body//text()")).replace(NARROW, "_").split())
    return re.sub(r" (?=[,.])", "", told.replace("_", " "))


def table(folder: Path, nom: str) -> list[dict[str, str]]:
    """A CSV as a French spreadsheet reads it."""
    content = (folder / f"{nom}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC).date()


def cents(text: str) -> int:
    assert re.fullmatch(r"-?\d+,\d\d", text), text
    return int(text.replace(",", ""))


def filled(matin: Matin) -> str:
    """The page of what is given, without its tables."""
    return fill(
        "matin/page.html",
        m=matin,
        tables=(),
        echecs=(),
        tranches=TRANCHES,
        plusieurs=True,
        limite_detail=40,
        avec_parquet=False,
    )
