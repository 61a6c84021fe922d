"""Drawn months: played again they are the same, they hold, and every rate makes what it says."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.app.caisse.drawing import Taux, draw_scenario, read_taux
from fse.app.caisse.drawing.rates import STORIES
from fse.app.caisse.facture import FactureJugee
from fse.app.caisse.month import Mois, factures_jugees, repondre_mois
from fse.app.caisse.scenario import read_scenario, unused
from fse.base.errors import UsageError
from tests.app.caisse.test_scenarios import sent
from tests.app.caisse.world import ANSWERDAY, answers_of, entities
from tests.oracles import noemie_oracle

NOTHING = Taux(**{one.name: 0.0 for one in fields(Taux)})


def factures() -> list[FactureJugee]:
    return factures_jugees(sent())


def play(graine: int, taux: Taux) -> Mois:
    return repondre_mois(sent(), read_scenario(draw_scenario(factures(), graine, taux)), ANSWERDAY)


def only(**given: float) -> Taux:
    return Taux(**{one.name: given.get(one.name, 0.0) for one in fields(Taux)})


@given(st.integers(0, 2**32))
@settings(max_examples=settings().max_examples // 2)
def test_any_month_holds_and_serves(graine: int) -> None:
    text = draw_scenario(factures(), graine)
    assert draw_scenario(factures(), graine) == text
    scenario = read_scenario(text)
    mois = repondre_mois(sent(), scenario, ANSWERDAY)
    assert unused(scenario, [one for reponse in mois.reponses for one in reponse.employees]) == ()
    for one in mois.fichiers:
        assert noemie_oracle.wrong_controls(one.contenu) == []
    assert [one.fichiers for one in mois.reponses] == [(), ()]
    assert list(mois.arrivees()) == sorted(mois.arrivees(), key=lambda one: one.arrivee)


def test_with_no_mishap_all_is_paid_once_as_asked() -> None:
    mois = play(7, NOTHING)
    paid = [(numero, said) for one in mois.arrivees() for numero, said in answers_of(one.contenu)]
    assert sorted(numero for numero, _ in paid) == [1, 2, 3, 4, 5, 6, 6, 7, 101, 102]
    for _, said in paid:
        assert said["rejets"] == []
        assert all(
            state == "P" and asked == amount for state, asked, amount in (said[p] for p in set(said) - {"rejets"})
        )
    total = sum(amount for one in mois.arrivees() for *_, amount in noemie_oracle.transfer_amounts(one.contenu))
    assert total == 8 * 3000 + 3500 + 2100


def test_amc_apart_pays_the_same_by_two_payers() -> None:
    mois = play(7, only(amc_a_part=1.0))
    emitters = {entities(one.contenu, "000")[0]["type_emetteur"] for one in mois.arrivees()}
    total = sum(amount for one in mois.arrivees() for *_, amount in noemie_oracle.transfer_amounts(one.contenu))
    assert (emitters, total) == ({"CP", "OC"}, 8 * 3000 + 3500 + 2100)


SIGNS = {
    "rejet": lambda text: 'etat = "R"' in text,
    "rejet_ligne": lambda text: 'niveau = "L"' in text and 'etat = "R"' not in text,
    "cascade": lambda text: '"9931"' in text and '"9932"' in text,
    "differe": lambda text: 'etat = "D"' in text,
    "acompte": lambda text: text.count("numero = 1,") == 2,
    "rappel_negatif": lambda text: "montant = -" in text and 'code = "04"' in text,
    "rappel_positif": lambda text: 'code = "04"' in text and "montant = -" not in text,
    "rejet_apres_paiement": lambda text: '"9933"' in text and "montant = -2100" in text,
    "paye_deux_fois": lambda text: text.count("numero = 2,") == 2,
    "silence": lambda text: "numero" not in text.split("Les jours")[1],
    "sans_lot": lambda text: 'lot = "absent"' in text,
    "autre_lot": lambda text: "cite = { lot = 2 }" in text,
    "hors_flux": lambda text: text.count("assure_de") == 10,
    "fichier_perdu": lambda text: "perdu = true" in text,
    "fichier_repete": lambda text: "repete = " in text,
    "fichier_corrige": lambda text: "corrige = " in text,
    "fichier_en_retard": lambda text: "arrivee = " in text,
    "deux_virements": lambda text: "virement = [" in text,
    "forfait": lambda text: '"ROSPM"' in text,
    "creance": lambda text: '"CIN"' in text,
    "amc_a_part": lambda text: 'type = "OC"' in text,
}


@pytest.mark.parametrize("name", SIGNS)
def test_each_rate_makes_what_it_says_and_only_then(name: str) -> None:
    text = draw_scenario(factures(), 3, only(**{name: 1.0})).decode()
    assert SIGNS[name](text)
    assert not SIGNS[name](draw_scenario(factures(), 3, NOTHING).decode())
    read_scenario(text.encode())


def test_paid_less_and_paid_more() -> None:
    assert SIGNS.keys() | {"paye_moins", "trop_paye"} == {one.name for one in fields(Taux)}
    for name, sign in (("paye_moins", -1), ("trop_paye", 1)):
        said = [said for one in play(3, only(**{name: 1.0})).arrivees() for _, said in answers_of(one.contenu)]
        assert len(said) == 10
        assert all(sign * (one["AMO"][2] - one["AMO"][1]) > 0 for one in said)


def test_a_debt_is_never_withheld_beyond_what_is_left() -> None:
    for graine in range(20):
        left: dict[str, int] = {}
        for one in play(graine, only(creance=1.0)).arrivees():
            for each in entities(one.contenu, "250"):
                amount, balance, key = int(each["montant"]), int(each["solde"]), each["reference_creance"]
                if each["operation"] == "CIN":
                    left[key] = amount
                assert balance == (amount if each["operation"] == "CIN" else left[key] - amount)
                left[key] = balance


def test_rates_are_read_strictly() -> None:
    assert read_taux(b"rejet = 0.5\nsilence = 0").rejet == 0.5
    assert read_taux(b"") == Taux()
    for text, code in (
        (b"rejets = 0.5", "scenario.cle_inconnue"),
        (b"rejet = 1.5", "scenario.valeur"),
        (b"rejet = true", "scenario.valeur"),
        (b"rejet = nan", "scenario.valeur"),
        (b"rejet = 0.6\nsilence = 0.6", "scenario.valeur"),
        (b"rejet", "scenario.illisible"),
    ):
        with pytest.raises(UsageError) as refused:
            read_taux(text)
        assert refused.value.code == code
    assert sum(getattr(Taux(), name) for name in STORIES) < 1
