"""The rate of a year: every boundary by hand, every act or sheet in one list, what may not change it."""

from __future__ import annotations

import doctest
from datetime import date
from fractions import Fraction
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.domain.incitation import nourrissons, projection, taux
from fse.domain.incitation.feuilles import CAUSES, Feuille
from fse.domain.incitation.mois import by_month
from fse.domain.incitation.nourrissons import under_three_months
from fse.domain.incitation.taux import Decompte, count, percent
from fse.norm.referentiels.incitations import Incitation, incitations
from tests.domain.incitation.sheets import END, JUNE, act, many, paper, sheet
from tests.each import each

DRAFT = incitations()["projet-2011"]
"""Acts, 3/4, band from 7/10, the four exclusions."""

NURSES = incitations()["fami-infirmiers"]
"""Sheets, 7/10, no band, no exclusion."""

STRUCTURE = incitations()["forfait-structure"]
"""Sheets, 2/3."""


def counted(*feuilles: Feuille, scheme: Incitation = DRAFT, annee: int = 2026, le: date = END) -> Decompte:
    return count(scheme, annee, feuilles, le)


BOUNDARIES = {
    "74.94 %": (3747, 1253, "commission", "74,94 %"),
    "74.95 %, which rounds to 75.0": (1499, 501, "commission", "74,95 %"),
    "74.999 %": (74999, 25001, "commission", "74,99 %"),
    "75 %": (3, 1, "atteint", "75,00 %"),
    "70 %": (7, 3, "commission", "70,00 %"),
    "69.99 %": (6999, 3001, "non-atteint", "69,99 %"),
    "69.95 %, which rounds to 70.0": (1399, 601, "non-atteint", "69,95 %"),
    "nothing but FSE": (2, 0, "atteint", "100,00 %"),
    "no FSE": (0, 2, "non-atteint", "0,00 %"),
}


@each("fse, autres, verdict, told", BOUNDARIES)
def test_a_rate_is_compared_exactly_and_told_without_reaching_what_it_does_not(
    fse: int, autres: int, verdict: str, told: str
) -> None:
    received, on_paper = sheet(), paper()
    decompte = counted(*[received] * fse, *[on_paper] * autres)
    assert (decompte.verdict, percent(decompte.taux)) == (verdict, told)
    assert decompte.taux == Fraction(fse, fse + autres)


def test_two_thirds_are_exactly_two_thirds() -> None:
    year = {"scheme": STRUCTURE, "annee": 2024, "le": date(2024, 12, 31)}
    day = date(2024, 2, 29)
    assert counted(*many(2, 1, day), **year).verdict == "atteint"
    assert counted(*many(1999, 1000, day), **year).verdict == "non-atteint"
    assert percent(counted(*many(2, 1, day), **year).taux) == "66,66 %"


def test_the_year_is_the_civil_year() -> None:
    edges = [sheet(le=date(2025, 12, 31)), sheet(le=date(2026, 1, 1)), paper(le=END), paper(le=date(2027, 1, 1))]
    for scheme in (DRAFT, NURSES):
        decompte = counted(*edges, scheme=scheme, le=date(2027, 3, 1))
        assert [one.date for one in decompte.unites] == [date(2026, 1, 1), END]


def test_an_act_counts_on_its_day_and_a_sheet_on_its_first() -> None:
    across = sheet(act(1, date(2025, 12, 31)), act(2, date(2026, 1, 1)))
    assert [len(counted(across, annee=year).unites) for year in (2025, 2026)] == [1, 1]
    assert [len(counted(across, scheme=NURSES, annee=year).unites) for year in (2025, 2026)] == [1, 0]
    assert counted(across).recues == 0, "the 7 centimes of this sheet are those of 2025"
    assert counted(across, annee=2025).recues == 1


def test_the_period_of_2011_stops_on_25_september() -> None:
    scheme = incitations()["aide-perenne-2010"]
    days = [sheet(le=date(2011, 9, 25)), sheet(le=date(2011, 9, 26))]
    assert len(counted(*days, scheme=scheme, annee=2011, le=date(2011, 12, 31)).unites) == 1
    assert len(counted(sheet(le=date(2010, 12, 31)), scheme=scheme, annee=2010).unites) == 1


def test_care_after_the_day_of_the_count_waits() -> None:
    decompte = counted(*many(1, 0), *many(0, 1, date(2026, 6, 16)), le=JUNE)
    assert (decompte.taux, decompte.fin, len(decompte.unites)) == (1, JUNE, 1)


INFANTS = {
    "the day before three months": (date(2026, 3, 15), date(2026, 6, 14), True),
    "on the day of three months": (date(2026, 3, 15), date(2026, 6, 15), False),
    "the day of birth": (date(2026, 3, 15), date(2026, 3, 15), True),
    "before birth": (date(2026, 3, 15), date(2026, 3, 14), False),
    "born 30 November, 27 February": (date(2025, 11, 30), date(2026, 2, 27), True),
    "born 30 November, 28 February": (date(2025, 11, 30), date(2026, 2, 28), False),
    "born 30 November, 28 February of a leap year": (date(2027, 11, 30), date(2028, 2, 28), True),
    "born 30 November, 29 February": (date(2027, 11, 30), date(2028, 2, 29), False),
    "born 29 November, 28 February of a leap year": (date(2027, 11, 29), date(2028, 2, 28), True),
    "born 29 February, 28 May": (date(2028, 2, 29), date(2028, 5, 28), True),
    "born 29 February, 29 May": (date(2028, 2, 29), date(2028, 5, 29), False),
    "born 31 December, 30 March": (date(2025, 12, 31), date(2026, 3, 30), True),
    "born 31 December, 31 March": (date(2025, 12, 31), date(2026, 3, 31), False),
    "born 31 January, 30 April": (date(2026, 1, 31), date(2026, 4, 30), False),
}


@each("born, le, under", INFANTS)
def test_an_infant_is_one_until_the_day_of_three_months(born: date, le: date, under: bool) -> None:
    assert under_three_months(born, le) is under


def test_no_activity_and_all_excluded_have_no_rate() -> None:
    for decompte in (counted(), counted(sheet(ame=True), paper(mode="s3404"))):
        assert (decompte.taux, decompte.verdict, decompte.montant) == (None, "sans-activite", 0)
    assert counted().unites == ()
    assert [one.exclusion for one in counted(sheet(ame=True), paper(mode="s3404")).exclues] == ["ame", "s3404"]


def test_each_exclusion_takes_what_it_says_and_two_take_it_once() -> None:
    decompte = counted(
        sheet(ame=True, hors_presence=True),
        sheet(hors_presence=True),
        paper(mode="s3404", ame=True),
        sheet(act(1, JUNE, nourrisson=True), act(2, JUNE)),
        paper(),
    )
    assert [one.exclusion for one in decompte.exclues] == ["ame", "hors-presence", "s3404", "nourrisson"]
    assert (len(decompte.fse), len(decompte.autres), len(decompte.unites)) == (1, 1, 6)
    assert decompte.taux == Fraction(1, 2)


def test_a_scheme_excludes_only_what_it_names() -> None:
    decompte = counted(sheet(ame=True), paper(mode="s3404"), scheme=NURSES)
    assert decompte.exclues == ()
    assert decompte.taux == Fraction(1, 2)


def test_a_sheet_of_infants_only_is_excluded_whole() -> None:
    from dataclasses import replace

    scheme = replace(NURSES, exclusions=frozenset({"nourrisson"}))
    both = sheet(act(1, JUNE, nourrisson=True), act(2, date(2026, 6, 20), nourrisson=True))
    one = sheet(act(1, JUNE, nourrisson=True), act(2, date(2026, 6, 20)))
    assert [unit.exclusion for unit in counted(both, one, scheme=scheme).unites] == ["nourrisson", None]


MODES = {
    "S acknowledged": ({}, ""),
    "F answered": ({"mode": "F", "recue": "retour"}, ""),
    "D without reject": ({"mode": "D", "recue": "mode-sans-accuse"}, ""),
    "S of which nothing came": ({"recue": None}, "non-recue"),
    "S still here": ({"recue": None, "suite": "non-envoyee"}, "non-envoyee"),
    "S that the fund refused": ({"recue": None, "suite": "refusee"}, "refusee"),
    "on paper, whatever became of it": ({"mode": "papier", "recue": None, "suite": "non-envoyee"}, "papier"),
    "S on a paper duplicate": ({"sur_papier": True}, "duplicata"),
    "on paper": ({"mode": "papier", "recue": None}, "papier"),
    "plain B2, even acknowledged": ({"mode": "aucun"}, "non-securisee"),
    "of the software before": ({"mode": "reprise", "recue": None}, "reprise"),
}


@each("changes, cause", MODES)
def test_what_makes_a_received_fse(changes: dict[str, object], cause: str) -> None:
    (unit,) = counted(sheet(**changes)).unites
    assert unit.cause == cause
    assert not cause or cause in CAUSES


def test_which_modes_and_which_proofs_count_is_the_scheme_s() -> None:
    kines = incitations()["aide-kinesitherapeutes-2000"]
    day = date(2000, 5, 5)
    degraded = sheet(mode="D", recue="mode-sans-accuse", le=day)
    (unit,) = counted(degraded, scheme=kines, annee=2000, le=date(2000, 12, 31)).unites
    assert unit.cause == "autre-mode"


def test_all_conforming_sheets_received_are_paid_excluded_ones_too() -> None:
    decompte = counted(*many(3, 1), sheet(ame=True))
    assert (decompte.recues, decompte.montant) == (4, 28), "4 × 7 centimes"
    assert counted(*many(2, 1), sheet(ame=True)).montant == 0, "66.67 %"
    assert counted(*many(7, 3)).montant == 0, "in the band, until the commission has spoken"
    assert counted(*many(7, 3), scheme=NURSES).montant == 49000
    assert counted(*many(699, 301), scheme=NURSES).montant == 0
    assert count(incitations()["rosp-2012"], 2013, many(2, 1, date(2013, 4, 4)), date(2014, 1, 1)).montant == 52500
    perenne = incitations()["aide-perenne-2010"]
    assert count(perenne, 2010, many(3, 1, date(2010, 4, 4)), date(2011, 1, 1)).montant == 25021
    assert count(STRUCTURE, 2024, many(2, 1, date(2024, 4, 4)), END).montant is None


def test_what_is_awaited_is_told_apart() -> None:
    decompte = counted(*many(2, 1), sheet(recue=None))
    assert (decompte.taux, decompte.attendues, decompte.taux_si_recues) == (Fraction(1, 2), 1, Fraction(3, 4))


def test_what_is_refused_or_still_here_is_not_awaited() -> None:
    decompte = counted(*many(1, 1), *(sheet(recue=None, suite=one) for one in ("attendue", "non-envoyee", "refusee")))
    assert (decompte.attendues, decompte.pas_encore) == (1, 3)
    assert (decompte.taux, decompte.taux_si_recues) == (Fraction(1, 5), Fraction(2, 5))


def test_a_line_counts_for_the_acts_that_it_bills_and_a_sheet_once() -> None:
    """A line of 3 acts and one of 1 received, one of 2 on paper: 4 of 6 acts, 1 of 2 sheets."""
    feuilles = [
        sheet(act(1, JUNE, quantite=3), act(2, JUNE)),
        sheet(act(1, JUNE, quantite=2), mode="papier", recue=None),
    ]
    acts, sheets = counted(*feuilles), counted(*feuilles, scheme=NURSES)
    assert (acts.taux, sheets.taux) == (Fraction(2, 3), Fraction(1, 2))
    assert [one.nombre for one in acts.unites] == [3, 1, 2]
    month = by_month(acts)[5]
    assert (month.fse, month.autres, acts.recues) == (4, 2, 1)


def test_a_period_that_runs_is_told_to() -> None:
    assert counted(*many(1, 0), le=date(2026, 12, 30)).en_cours
    assert not counted(*many(1, 0), le=END).en_cours
    cut = incitations()["aide-perenne-2010"]
    assert [counted(scheme=cut, annee=2011, le=date(2011, 9, day)).en_cours for day in (24, 25)] == [True, False]


def test_months_add_up_to_the_year() -> None:
    decompte = counted(
        *many(1, 1, date(2026, 1, 31)), *many(2, 0, date(2026, 3, 1)), sheet(ame=True, le=date(2026, 3, 31)), le=JUNE
    )
    told = [(one.premier, one.fse, one.autres, one.exclues, one.taux, one.cumul) for one in by_month(decompte)]
    half, most = Fraction(1, 2), Fraction(3, 4)
    assert told == [
        (date(2026, 1, 1), 1, 1, 0, half, half),
        (date(2026, 2, 1), 0, 0, 0, None, half),
        (date(2026, 3, 1), 2, 0, 1, 1, most),
        (date(2026, 4, 1), 0, 0, 0, None, most),
        (date(2026, 5, 1), 0, 0, 0, None, most),
        (date(2026, 6, 1), 0, 0, 0, None, most),
    ]
    assert by_month(counted(le=date(2026, 1, 1)))[0].cumul is None


SHEETS = st.builds(
    sheet,
    le=st.dates(date(2025, 12, 15), date(2027, 1, 15)),
    mode=st.sampled_from(["S", "F", "D", "aucun", "papier", "s3404", "reprise"]),
    recue=st.sampled_from([None, "accuse", "retour", "mode-sans-accuse"]),
    sur_papier=st.booleans(),
    ame=st.booleans(),
    hors_presence=st.booleans(),
)
SCHEMES = st.sampled_from([one for one in incitations().values() if one.fin is None or one.fin >= 2026])


@given(st.lists(SHEETS, max_size=12), SCHEMES)
def test_properties_of_a_count(feuilles: list[Feuille], scheme: Incitation) -> None:
    """The lists add up; an FSE more never lowers the rate; what is excluded, or of another year, changes nothing."""
    before = counted(*feuilles, scheme=scheme, le=date(2027, 6, 1))
    assert sorted(id(one) for one in (*before.fse, *before.autres, *before.exclues)) == sorted(map(id, before.unites))
    assert len(before.unites) == sum(one.date.year == 2026 for one in feuilles)
    months = by_month(before)
    assert [sum(getattr(one, name) for one in months) for name in ("fse", "autres", "exclues")] == [
        len(before.fse),
        len(before.autres),
        len(before.exclues),
    ]
    more = counted(*feuilles, sheet(), scheme=scheme, le=date(2027, 6, 1))
    assert more.taux is not None
    assert before.taux is None or more.taux >= before.taux
    outside = [sheet(le=date(2025, 1, 1)), *([sheet(ame=True), paper(hors_presence=True)] if scheme == DRAFT else [])]
    assert counted(*feuilles, *outside, scheme=scheme, le=date(2027, 6, 1)).taux == before.taux


@pytest.mark.parametrize("module", [nourrissons, projection, taux])
def test_the_examples(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert (results.failed, results.attempted >= 1) == (0, True)
