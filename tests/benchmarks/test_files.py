"""The files that the suites read are sound: what is measured is the reading of good files."""

from __future__ import annotations

from collections import Counter

from benchmarks.suites.files import b2_file, noemie_file
from fse.base.findings import Finding
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd

INVOICES = 300


def rows_of(content: bytes) -> Counter[str]:
    return Counter(item.type for item in read([content]) if isinstance(item, EntityRow))


def test_a_return_is_judged_sound_and_holds_its_invoices() -> None:
    content = noemie_file(INVOICES)
    found = rows_of(content)
    assert found == {
        **dict.fromkeys(("000", "999"), 1),
        **dict.fromkeys(("040", "071", "081", "990"), 3),
        **dict.fromkeys(("102", "198"), INVOICES),
        "199": INVOICES // 2,
        "294": INVOICES // 5,
    }
    findings = [item for item in read([content]) if isinstance(item, Finding)]
    findings += [one for item in read([content]) if isinstance(item, EntityRow) for one in item.constats]
    assert {one.code for one in findings} == {"noemie.non_couvert"}  # said of every return
    (end,) = (item for item in read([content]) if isinstance(item, FileEnd))
    assert end.complet


def test_a_b2_file_holds_its_invoices() -> None:
    found = rows_of(b2_file(INVOICES))
    assert (found["1"], found["2"], found["4"], found["5"], found["6"]) == (
        3,
        INVOICES,
        2 * INVOICES,
        INVOICES,
        3,
    )
