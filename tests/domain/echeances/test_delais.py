"""Each deadline against dates computed by hand, and how it is told: with its article, a draft as a draft."""

from datetime import date

import pytest

from fse.base.working_days import METROPOLE, calendar_of
from fse.domain.echeances import delais
from fse.domain.echeances.delais import Echeance
from tests.oracles.delais import DEADLINES, DELAYS, SPECIFICATION

MAKERS = {
    "transmission_paiement_direct": lambda day: delais.a_transmettre(day, METROPOLE, tiers_payant=False),
    "transmission_tiers_payant": lambda day: delais.a_transmettre(day, METROPOLE, tiers_payant=True),
    "accuse_attendu": lambda day: delais.accuse_attendu(day, METROPOLE),
    "reemission": lambda day: delais.a_renvoyer(day, METROPOLE),
    "ordre_virement": lambda day: delais.ordre_virement(day, METROPOLE),
    "papier_envoi": lambda day: delais.papier_a_envoyer(day, METROPOLE),
    "papier_paiement": lambda day: delais.papier_a_payer(day, METROPOLE),
    "double_electronique": delais.double_electronique,
    "cahier_des_charges": lambda day: delais.cahier_des_charges(day, None),
}
"""How each deadline is made from the day that starts it."""


@pytest.mark.parametrize(("day", "nom", "expected"), DEADLINES)
def test_a_deadline_is_the_day_counted_by_hand(day: date, nom: str, expected: date) -> None:
    assert MAKERS[nom](day).le == expected


@pytest.mark.parametrize(("publie", "corrige", "expected"), SPECIFICATION)
def test_the_specification_is_to_have_in_18_months_which_a_correction_starts_again(
    publie: date, corrige: date | None, expected: date
) -> None:
    assert delais.cahier_des_charges(publie, corrige).le == expected


def test_a_correction_published_before_does_not_bring_the_deadline_nearer() -> None:
    assert delais.cahier_des_charges(date(2025, 3, 10), date(2024, 1, 1)).le == date(2026, 9, 10)


@pytest.mark.parametrize("nom", sorted(DELAYS))
def test_every_deadline_says_its_article_and_a_draft_that_it_is_one(nom: str) -> None:
    made: Echeance = MAKERS[nom](date(2026, 10, 5))
    _, _, regime, article = DELAYS[nom]
    assert (made.nom, made.regime) == (nom, regime)
    assert article in made.mention
    assert ("projet du 07/07/2011, non en vigueur" in made.mention) == (regime != "droit")


def test_the_last_day_is_in_time_and_the_next_is_not() -> None:
    made = delais.accuse_attendu(date(2026, 10, 8), METROPOLE)
    assert not made.is_over(date(2026, 10, 12))
    assert made.is_over(date(2026, 10, 13))


def test_the_calendar_of_the_caisse_counts() -> None:
    thursday = date(2026, 4, 2)
    assert delais.accuse_attendu(thursday, METROPOLE).le == date(2026, 4, 7)
    assert delais.accuse_attendu(thursday, calendar_of("alsace-moselle")).le == date(2026, 4, 8)
