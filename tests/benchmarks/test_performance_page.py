"""The page of the measurements says all of them, and its charts place them where they are."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import results
from benchmarks.pairs import Measure, Target
from docs.generator import france, oct_page, performance_page, plots

SVG = "{http://www.w3.org/2000/svg}"
PHASE = {"nom": "building", "secondes": 40.0, "coeurs": 2, "dont": {"signing": 30.0}}
DAY = {
    "taille": 1_000_000,
    "processus": 1,
    "phases": [PHASE],
    "secondes_total": 55.0,
    "memoire_max_mo": 900,
    "octets_b2": 10**9,
    "octets_noemie": 2 * 10**8,
    "octets_disque": 3 * 10**9,
}
PHASES = {"inventory": 1.0, "reading": 4.0, "duplicates": 1.0, "matching": 9.0}
SIZES = [DAY, DAY | {"taille": 10_000, "secondes_total": 0.5, "memoire_max_mo": 300}]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Results of another run, in the place of those of the project."""
    report = results.Report("essai", "An essay", "this with that", "the rest", rounds=7)
    report.ratios += [
        Measure("ours beside theirs", (10, 10, 10, 10, 10), Target("at least", 100), "times as fast"),
        Measure("ours beside bytes", (2, 3, 4, 5, 6), None, "times as long"),
    ]
    report.absent.append(("other", "not installed: nowhere"))
    (tmp_path / "bench.json").write_text(results.as_json([report], {"cores": 2}, {"numpy": "2"}), encoding="utf-8")
    monkeypatch.setattr(france, "RESULTS", tmp_path)
    clear()
    yield tmp_path
    clear()


def clear() -> None:
    performance_page._bench.cache_clear()
    france.measured.cache_clear()


def test_the_page_says_each_measure_its_verdict_and_who_was_absent(folder: Path) -> None:
    page = performance_page.texts()[performance_page.PAGE]
    assert "| ours beside theirs | 10 | 10 | 10 | times as fast | at least 100 | **not met** |" in page
    assert "| ours beside bytes | 4 | 3 | 5 | times as long |  |  |" in page
    assert "0 of 1 targets met" in page
    assert "Not measured: other: not installed: nowhere." in page
    assert "Not measured yet: `make bench-france`." in page


def measured(folder: Path, **found: object) -> dict[str, str]:
    """The pages when this was measured of a day of France."""
    (folder / "france.json").write_text(json.dumps(found), encoding="utf-8")
    return performance_page.texts()


def test_a_day_of_france_has_its_phases(folder: Path) -> None:
    page = measured(folder, journee=DAY)[performance_page.PAGE]
    assert "1,000,000 invoices built" in page
    assert "55 seconds in all, 900 MB of memory at most, 1 GB of B2, 0.2 GB of NOEMIE, 3 GB of disk" in page
    assert "| building | 40 | 2 | 40 | signing 30 |" in page
    assert "The whole country" not in page


def test_the_whole_country_has_its_own_targets(folder: Path) -> None:
    country = DAY | {"taille": 5_000_000, "secondes_total": 275.0, "memoire_max_mo": 4_500}
    page = measured(folder, journee=country)[performance_page.PAGE]
    assert "| Seconds | 275 | below 300 | met |" in page
    assert "| Memory, at most (MB) | 4,500 | below 4,096 | **not met** |" in page


def test_a_curve_has_its_sizes_in_order_and_a_verdict(folder: Path) -> None:
    late = [one | {"secondes_total": one["secondes_total"] + 0.25} for one in SIZES]
    texts = measured(folder, courbe=late, depart=0.25)
    page = texts[performance_page.PAGE]
    assert "A day of next to nothing takes 0.25 seconds" in page
    assert page.index("| 10,000 | 0.75 | 50 | 300 |") < page.index("| 1,000,000 | 55.2 | 55 | 900 |")
    assert "1.1 times; target: at most 1.2 times: met" in page
    assert "µs an invoice" in texts[performance_page.COST]


def test_a_cost_that_is_not_flat_is_told(folder: Path) -> None:
    uneven = [SIZES[0], SIZES[1] | {"secondes_total": 0.7}]
    page = measured(folder, courbe=uneven)[performance_page.PAGE]
    assert "1.27 times; target: at most 1.2 times: **not met**" in page


def test_a_concentrator_is_sized_from_the_day(folder: Path) -> None:
    """1.3 thousand million invoices in 300 days: 4.33 million a day; each figure below is worked out by hand."""
    phases = [PHASE | {"nom": name, "secondes": seconds} for name, seconds in PHASES.items()]
    proved = {"factures": 1_000, "lots": 50, "secondes": 0.36}
    (folder / "france.json").write_text(
        json.dumps({"journee": DAY | {"lots": 50_000, "phases": phases, "verification": proved}}), encoding="utf-8"
    )
    page = oct_page.text()
    assert "| proving seals and signatures | 360 | 0.433 | 0.867 |" in page
    assert "| reading returns | 12 | 0.0144 | 0.0289 |" in page
    assert "| matching | 18 | 0.0217 | 0.0433 |" in page
    assert "| B2 files | 1,000 | 4.33 | 0.39 | 1.3 |" in page
    assert "**Proving signatures**: 92.3 %" in page
    assert "216,667 files a day" in page


def test_a_chart_places_medians_on_a_logarithmic_axis_that_shows_one(folder: Path) -> None:
    rows = [plots.Row(f"r{value}", value, value, value, None) for value in (10.0, 100.0, 1000.0)]
    drawn = ElementTree.fromstring(plots.ratios("Title", "axis", rows))
    places = [float(one.attrib["cx"]) for one in drawn.iter(f"{SVG}circle")]
    assert math.isclose(places[1] - places[0], places[2] - places[1], abs_tol=0.2)
    texts = [one.text for one in drawn.iter(f"{SVG}text")]
    assert {"1", "axis", "Title"} <= set(texts)


def test_the_charts_are_legible_on_a_light_and_on_a_dark_page() -> None:
    for path, text in performance_page.texts().items():
        if path.endswith(".svg"):
            assert "prefers-color-scheme: dark" in text
            assert ElementTree.fromstring(text).find(f"{SVG}rect") is not None
