"""The scenario file: what it can say, and each way of getting it wrong, with the place in French."""

import pytest

from fse.app.caisse.scenario import PartVoulue, RejetVoulu, Scenario, read_scenario, unused
from fse.base.errors import UsageError
from tests.app.caisse.world import ANNE, PAUL


def read(text: str) -> Scenario:
    return read_scenario(text.encode(), "s.toml")


def test_all_keys_are_read() -> None:
    scenario = read(
        f"""
        [[reponse]]
        numero = 102
        prestataire = "{ANNE}"
        amo = {{ etat = "P", montant = 1500 }}
        amc = {{ etat = "R" }}
        rejets = [{{ code = "9901", niveau = "L", ligne = 2 }}, {{ code = "0250", niveau = "F", partie = "C" }}]

        [[reponse]]
        numero = 103
        silence = true
        """
    )
    first, second = scenario.reponses
    assert (first.numero, first.prestataire, first.silence) == (102, ANNE, False)
    assert (first.amo, first.amc) == (PartVoulue(montant=1500), PartVoulue(etat="R"))
    assert first.rejets == (
        RejetVoulu(code="9901", niveau="L", partie="O", ligne=2),
        RejetVoulu(code="0250", niveau="F", partie="C", ligne=None),
    )
    assert (second.silence, second.amo, second.amc) == (True, None, None)


def test_an_empty_scenario_wants_nothing() -> None:
    assert read("") == Scenario()
    assert read("").find(ANNE, 1) is None


def test_an_amount_alone_is_paid() -> None:
    assert read("[[reponse]]\nnumero = 1\namo = { montant = -5 }").reponses[0].amo == PartVoulue(montant=-5)


def test_the_answer_that_names_the_prestataire_comes_first() -> None:
    scenario = read(f'[[reponse]]\nnumero = 1\n[[reponse]]\nnumero = 1\nprestataire = "{PAUL}"\nsilence = true')
    anybody, named = scenario.reponses
    assert scenario.find(PAUL, 1) is named
    assert scenario.find(ANNE, 1) is anybody
    assert scenario.find(PAUL, 2) is None
    assert unused(scenario, [named]) == (anybody,)


WRONG = {
    "not TOML": ("[[reponse]", "scenario.illisible", "s.toml"),
    "unknown key at the top": ("reponses = []", "scenario.cle_inconnue", "s.toml"),
    "a table instead of tables": ("[reponse]\nnumero = 1", "scenario.valeur", "s.toml"),
    "not a table": ("reponse = [1]", "scenario.valeur", "s.toml, reponse n° 1"),
    "unknown key": ("[[reponse]]\nnumero = 1\namos = {}", "scenario.cle_inconnue", "s.toml, reponse n° 1"),
    "no number": ("[[reponse]]\nsilence = true", "scenario.cle_absente", "s.toml, reponse n° 1"),
    "number as text": ('[[reponse]]\nnumero = "1"', "scenario.valeur", "s.toml, reponse n° 1"),
    "number as truth": ("[[reponse]]\nnumero = true", "scenario.valeur", "s.toml, reponse n° 1"),
    "number zero": ("[[reponse]]\nnumero = 0", "scenario.valeur", "s.toml, reponse n° 1"),
    "number too long": ("[[reponse]]\nnumero = 1000000000", "scenario.valeur", "s.toml, reponse n° 1"),
    "short prestataire": ('[[reponse]]\nnumero = 1\nprestataire = "12"', "scenario.valeur", "s.toml, reponse n° 1"),
    "the same invoice twice": (
        "[[reponse]]\nnumero = 1\n[[reponse]]\nnumero = 1",
        "scenario.double",
        "s.toml, reponse n° 2",
    ),
    "silence with something": (
        "[[reponse]]\nnumero = 1\nsilence = true\nrejets = []",
        "scenario.valeur",
        "s.toml, reponse n° 1",
    ),
    "silence as a number": ("[[reponse]]\nnumero = 1\nsilence = 1", "scenario.valeur", "s.toml, reponse n° 1"),
    "a part that is no table": ('[[reponse]]\nnumero = 1\namo = "P"', "scenario.valeur", "s.toml, reponse n° 1, amo"),
    "an empty part": ("[[reponse]]\nnumero = 1\namo = {}", "scenario.cle_absente", "s.toml, reponse n° 1, amo"),
    "unknown key of a part": (
        '[[reponse]]\nnumero = 1\namc = { etats = "P" }',
        "scenario.cle_inconnue",
        "s.toml, reponse n° 1, amc",
    ),
    "unknown state": (
        '[[reponse]]\nnumero = 1\namc = { etat = "p" }',
        "scenario.valeur",
        "s.toml, reponse n° 1, amc",
    ),
    "an amount in euros": (
        "[[reponse]]\nnumero = 1\namo = { montant = 18.55 }",
        "scenario.valeur",
        "s.toml, reponse n° 1, amo",
    ),
    "an amount too large": (
        "[[reponse]]\nnumero = 1\namo = { montant = 100000000 }",
        "scenario.valeur",
        "s.toml, reponse n° 1, amo",
    ),
    "an amount that is rejected": (
        '[[reponse]]\nnumero = 1\namo = { etat = "R", montant = 0 }',
        "scenario.valeur",
        "s.toml, reponse n° 1, amo",
    ),
    "rejects that are no list": ("[[reponse]]\nnumero = 1\nrejets = {}", "scenario.valeur", "s.toml, reponse n° 1"),
    "unknown key of a reject": (
        '[[reponse]]\nnumero = 1\nrejets = [{ code = "0250", niveau = "F", rangs = 1 }]',
        "scenario.cle_inconnue",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a reject without level": (
        '[[reponse]]\nnumero = 1\nrejets = [{ code = "0250" }]',
        "scenario.cle_absente",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a code that no list has": (
        '[[reponse]]\nnumero = 1\nrejets = [{ code = "1234", niveau = "F" }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a reject of a line without line": (
        '[[reponse]]\nnumero = 1\nrejets = [{ code = "9901", niveau = "L" }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a reject of the invoice with a line": (
        '[[reponse]]\nnumero = 1\namo = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F", ligne = 1 }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a reject of an invoice that is paid": (
        '[[reponse]]\nnumero = 1\nrejets = [{ code = "0250", niveau = "F", partie = "O" }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a reject of the part that is paid": (
        '[[reponse]]\nnumero = 1\namo = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F", partie = "C" }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "a rejected line of a rejected part": (
        '[[reponse]]\nnumero = 1\namo = { etat = "R" }\nrejets = [{ code = "9901", niveau = "L", ligne = 1 }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
    "more rejects than a rank can count": (
        '[[reponse]]\nnumero = 1\namo = { etat = "R" }\nrejets = [' + '{ code = "0250", niveau = "F" },' * 98 + "]",
        "scenario.valeur",
        "s.toml, reponse n° 1",
    ),
}


@pytest.mark.parametrize(("text", "code", "place"), WRONG.values(), ids=WRONG)
def test_what_it_cannot_mean_is_an_error_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text)
    assert (refused.value.code, refused.value.lieu) == (code, place)
    assert refused.value.message[-1] == "."


def test_a_scenario_is_utf_8() -> None:
    with pytest.raises(UsageError) as refused:
        read_scenario("# réponse".encode("latin-1"))
    assert refused.value.code == "scenario.illisible"
