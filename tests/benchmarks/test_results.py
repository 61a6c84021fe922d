"""What a run keeps, and what it says on the terminal."""

from __future__ import annotations

import json

from benchmarks import results
from benchmarks.pairs import Measure, Target
from benchmarks.results import Report


def report() -> Report:
    made = Report("essai", "An essay", "this with that", "the rest", rounds=5)
    made.add_rates({"ours": (0.5, 0.25, 0.25, 0.25, 0.2)}, "invoices/s", {"ours": Target("at least", 4)})
    made.ratios.append(Measure("ours beside theirs", (5, 6, 7, 8, 9), Target("at least", 6.5), "times as fast"))
    made.absent.append(("other", "not installed: no such version"))
    return made


def test_what_is_kept_says_figures_ratios_targets_verdicts_and_who_was_absent() -> None:
    (suite,) = json.loads(results.as_json([report()], {"cores": 2}, {"numpy": "2.4"}))["suites"]
    (figure,) = suite["figures"]
    assert figure == {
        "says": "ours",
        "unit": "invoices/s",
        "median": 4,
        "first_quartile": 4,
        "third_quartile": 4,
        "sense": "at least",
        "target": 4,
        "verdict": "met",
    }
    (ratio,) = suite["ratios"]
    assert (ratio["first_quartile"], ratio["median"], ratio["third_quartile"], ratio["verdict"]) == (6, 7, 8, "not met")
    assert suite["absent"] == [{"peer": "other", "reason": "not installed: no such version"}]


def test_figures_are_kept_with_four_digits() -> None:
    assert results.significant(123_456.7) == 123_500
    assert results.significant(0.0123456) == 0.01235


def test_the_terminal_names_what_is_missed_and_who_was_absent() -> None:
    text = "\n".join(results.lines(report()))
    assert "at least 6.5: not met" in text
    assert "other: not measured: not installed: no such version" in text
    assert results.missed([report()]) == ["essai: ours beside theirs: at least 6.5 not met"]
