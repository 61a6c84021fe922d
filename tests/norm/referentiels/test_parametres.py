"""The parameters of the rules: each asked at a date, in a place and under a regime; what is not known says so."""

from datetime import date

import pytest

from fse.base.errors import UsageError
from fse.norm.referentiels import parametres as engine
from fse.norm.referentiels.parametres import parametre, parametres, read_parametres
from tests.oracles.delais import DELAYS

DAY = date(2026, 10, 5)
TEXT = """
[essai]
libelle = "essai"
unite = "jours"
[[essai.valeurs]]
valeur = 3
debut = 2001-01-01
fin = 2005-12-31
territoire = "*"
regime = "droit"
article = "article 1"
source = "essai"
confiance = "choix"
[[essai.valeurs]]
valeur = 4
debut = 2010-01-01
territoire = "*"
regime = "droit"
article = "article 2"
source = "essai"
confiance = "choix"
[[essai.valeurs]]
valeur = 9
debut = 2003-01-01
territoire = "mayotte"
regime = "droit"
article = "article 3"
source = "essai"
confiance = "choix"
[[essai.valeurs]]
valeur = 7
debut = 2011-07-07
territoire = "*"
regime = "projet-2011"
article = "article 4"
source = "essai"
confiance = "choix"
"""


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "parametres", lambda: read_parametres(TEXT))


@pytest.mark.parametrize("nom", sorted(DELAYS))
def test_the_delays_are_those_of_the_rules(nom: str) -> None:
    valeur, unite, regime, article = DELAYS[nom]
    found = parametre(nom, DAY, "metropole", regime="droit" if regime == "droit" else "projet-2011")
    assert (found.valeur, found.unite, found.regime) == (valeur, unite, regime)
    assert article in found.article
    assert found.source


def test_no_delay_is_unknown_to_the_rules() -> None:
    assert set(parametres()) >= set(DELAYS)


@pytest.mark.parametrize("nom", [nom for nom, (_, _, regime, _) in DELAYS.items() if regime != "droit"])
def test_a_draft_is_never_given_to_who_asks_for_the_law(nom: str) -> None:
    with pytest.raises(UsageError) as refused:
        parametre(nom, DAY, "metropole")
    assert refused.value.code == "parametre.absent"


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize(
    ("le", "territoire", "regime", "valeur"),
    [
        (date(2001, 1, 1), "metropole", "droit", 3),
        (date(2005, 12, 31), "metropole", "droit", 3),
        (date(2010, 1, 1), "guyane", "droit", 4),
        (date(2002, 12, 31), "mayotte", "droit", 3),
        (date(2003, 1, 1), "mayotte", "droit", 9),
        (date(2026, 1, 1), "mayotte", "droit", 9),
        (date(2026, 1, 1), "mayotte", "projet-2011", 7),
    ],
)
def test_the_value_is_that_of_the_day_and_the_place(
    le: date, territoire: str, regime: engine.Regime, valeur: int
) -> None:
    assert engine.parametre("essai", le, territoire, regime=regime).valeur == valeur


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize(
    ("le", "regime", "told"),
    [
        (date(2000, 12, 31), "droit", "la suivante connue commence au 01/01/2001"),
        (date(2008, 6, 1), "droit", "s'arrête au 31/12/2005, la suivante connue commence au 01/01/2010"),
        (date(2011, 7, 6), "projet-2011", "commence au 07/07/2011"),
    ],
)
def test_a_missing_value_names_the_nearest_known_dates(le: date, regime: engine.Regime, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        engine.parametre("essai", le, "metropole", regime=regime)
    assert refused.value.code == "parametre.absent"
    assert told in refused.value.message


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        parametre("delai_de_grace", DAY, "metropole")
    assert refused.value.code == "parametre.inconnu"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("debut = 2010-01-01", "debut = 2005-12-31"),
        ("fin = 2005-12-31", "fin = 2000-12-31"),
        ("valeur = 9", "valeur = 9.5"),
        ("valeur = 9", "valeur = true"),
        ("debut = 2003-01-01", 'debut = "2003-01-01"'),
        ('territoire = "mayotte"', 'territoire = "GES"'),
        ('regime = "projet-2011"', 'regime = "coutume"'),
        ('confiance = "choix"', 'confiance = "sûr"'),
        ('article = "article 3"', 'article = ""'),
        ('source = "essai"', 'origine = "essai"'),
        ('unite = "jours"', 'unite = "lunes"'),
    ],
)
def test_data_that_contradicts_itself_does_not_load(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(ValueError, match="essai"):
        read_parametres(TEXT.replace(before, after, 1))
