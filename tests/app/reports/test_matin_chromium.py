"""The morning page as Chromium shows it: the first screen, colours, keyboard, narrow windows, paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.reports import chromium
from tests.app.reports.conftest import Written
from tests.app.reports.paper import pages


def faults(measured: dict[str, object]) -> list[object]:
    """The texts whose contrast is below AA (4.5, or 3 for large ones)."""
    texts = measured["texts"]
    assert isinstance(texts, list)
    assert len(texts) > 10, "nothing was measured"
    return [one for one in texts if one["ratio"] < one["wanted"]]


def test_the_first_screen_of_a_busy_month_says_what_to_do_first(busy: Written, tmp_path: Path) -> None:
    seen = chromium.audit(busy.done.page, tmp_path, 1280, 800)
    assert " choses à faire, " in seen["lead"]["text"]
    assert seen["second"]["bottom"] < 800, "two things to do are whole on the first screen"
    assert seen["first"]["text"].startswith("Virement annoncé qui n'est pas sur le compte")
    assert seen["wide"] <= seen["width"], "nothing runs out of the window"
    assert faults(seen) == []
    stops = seen["stops"]
    assert stops[0]["text"] == "Aller à ce qui est à faire", "the first stop of the keyboard skips to the work"
    assert [one for one in stops if not (one["outline"] and one["seen"] and one["active"])] == []


def test_an_empty_morning_says_at_once_that_there_is_nothing(empty: Written, tmp_path: Path) -> None:
    seen = chromium.audit(empty.done.page, tmp_path, 1280, 800)
    assert seen["nothing"]["bottom"] < 500
    assert seen["first"] is None
    assert faults(seen) == []


def test_a_narrow_window_cuts_nothing(busy: Written, tmp_path: Path) -> None:
    seen = chromium.audit(busy.done.page, tmp_path, 500)
    assert seen["wide"] <= seen["width"] <= 520
    assert seen["first"]["top"] < 800
    assert faults(seen) == []


@pytest.mark.long
def test_it_prints_the_work_first_and_no_navigation(busy: Written, tmp_path: Path) -> None:
    told = pages(chromium.printed(busy.done.page, tmp_path))
    assert "À faire d'abord" in told[0]
    assert "Virement annoncé qui n'est pas sur le compte" in told[0]
    assert "Sur cette page" not in " ".join(told)
    assert "Tableaux à côté" in told[-1]


@pytest.mark.long
def test_the_pictures_of_the_docs_are_of_the_page_as_it_is(busy: Written, empty: Written, tmp_path: Path) -> None:
    """Fonts differ from a machine to the next: only that each picture is one, of the size that the docs show."""
    for name, written in (("matin-charge.png", busy), ("matin-vide.png", empty)):
        kept = (Path(__file__).parents[3] / "docs" / "images" / name).read_bytes()
        assert len(kept) < 200_000
        taken = chromium.screenshot(written.done.page, tmp_path, 1280, 860)
        assert kept[:8] == taken[:8] == b"\x89PNG\r\n\x1a\n"
        assert kept[16:24] == taken[16:24], "same width and height"
