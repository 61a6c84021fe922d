"""The caps of overruns against figures worked by hand, the letters of the care path, what a draft says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.base import resources
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.exercice import DISCIPLINES, SECTEURS, STATUTS, Exercice
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.medecins.parcours import INDICATEURS
from fse.domain.cotation.medecins.plafonds import rounded
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import Historique, PriseEnCharge, Situation
from fse.norm.model.constraints import Code
from fse.norm.model.medecine import DepassementDemande, Parcours
from fse.norm.model.soins import ActeRealise, Seance
from fse.norm.referentiels.depassements import depassements
from fse.norm.referentiels.ngap.regles import regles
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, PROJET_2011
from fse.norm.referentiels.profils import SANS_PROFIL, Profil, ValeurPropre, profils
from tests.domain.cotation.cases import Case, build, load_cases, price_case
from tests.strategies import strategy_for

CASES = {one.nom: one for one in load_cases()}
UP, NEAREST, DOWN = 0, 50, 100

BY_HAND = [
    # coordinated tariff in centimes, up, nearest, down: 17.5 % more, in euros (regles.md I.2)
    (2800, 33, 33, 32),  # 32.90
    (3000, 36, 35, 35),  # 35.25
    (2500, 30, 29, 29),  # 29.375
    (4000, 47, 47, 47),  # 47.00 exactly
    (2000, 24, 24, 23),  # 23.50: half counts
]


@pytest.mark.parametrize(("tarif", "up", "nearest", "down"), BY_HAND)
def test_the_cap_of_a_clinical_act_in_the_three_ways_of_rounding(tarif: int, up: int, nearest: int, down: int) -> None:
    exact = Fraction(tarif * 1175, 1000)
    assert [rounded(exact, seuil) // 100 for seuil in (UP, NEAREST, DOWN)] == [up, nearest, down]
    assert rounded(exact, UP) % 100 == 0


OUTSIDE = Situation(
    prestataire="001234566",
    profession="medecin",
    patient="A",
    date_naissance="400115",
    nature_assurance="10",
    exoneration=None,
    taux=70,
    taux_amc=0,
    exercice=Exercice(discipline="chirurgien", secteur="1"),
    parcours=Parcours(situation="hors-parcours"),
)
"""A patient outside the path at a surgeon's of sector 1."""

OF_THE_CAPS = {"da_plafond", "da_arrondi", "dm_plafond_coordination", "dm_plafond_optionnel"}


BLANK = ("MCC", "MPC", "VL", "MGE", "STH")
WITH_A_PRICE = ("C", "CS", "CNP", "CSC", "V", "ATM", "ADC", "K")
WITH_A_VALUE = ("G", "APC", "MCG", "MCS", "MCC", "MPC")
TARIFFS = tuple(
    Bareme(territoire, profil, regime=regime)
    for territoire in ("metropole", "la-reunion")
    for profil in (SANS_PROFIL, profils()["pratique-2026"])
    for regime in (DROIT, PROJET_2011)
)


def _overrun(montant: int, *besides: dict[str, Any]) -> dict[str, Any]:
    asked = {"genre": "DA", "montant": montant, "motif": "hors parcours", "information": True}
    return {
        "date_soins": date(2026, 10, 5),
        "lieu": "cabinet",
        "actes": [{"code_acte": "CS", "prix": 2300, "depassement": asked}, *besides],
    }


def _priced(seance: dict[str, Any], profil: Profil) -> SeanceCotee:
    return price(build(Seance, seance), OUTSIDE, Historique(), Bareme("metropole", profil))


def test_the_majoration_of_clinicians_is_of_the_tariff_in_the_path() -> None:
    """CS 23,00 + MPC 2,00 (of the practice) + MCS 5,00 = 30,00: 35,00 in all, so a DA of 10,00 and no more."""
    own = ValeurPropre(nom="valeur_mpc", valeur=200, debut=date(2026, 1, 1), source="essai")
    profil = replace(profils()["pratique-2026"], nom="essai", valeurs=(own,))
    mpc = {"code_acte": "MPC"}
    for montant, refused in ((1000, False), (1001, True)):
        cotee = _priced(_overrun(montant, mpc), profil)
        assert [one.montant for one in cotee.lignes] == [2300, 200]
        assert ("ngap.da-plafond" in {one.code for one in cotee.constats}) is refused


def test_what_no_source_prints_stays_missing() -> None:
    """The draft prints [X] for the majorations of coordination, "__ €" for other codes (articles 13.2, 27.1, 27.2 and
    27.4); no later source of ours gives any of them. A price given instead is refused too.
    """
    for code, regime in product(BLANK, (DROIT, PROJET_2011)):
        for prix, refused in ((None, "cotation.sans_valeur"), (1000, "cotation.prix_donne")):
            seance = Seance(
                date_soins=date(2026, 10, 5), lieu="cabinet", actes=(ActeRealise(code_acte=code, prix=prix),)
            )
            cotee = price(seance, OUTSIDE, Historique(), Bareme("metropole", regime=regime))
            assert cotee.lignes == ()
            assert [one.code for one in cotee.constats] == [refused]
    early = {**_overrun(500), "date_soins": date(2011, 10, 5)}
    draft = Bareme("metropole", regime=PROJET_2011)
    found = price(build(Seance, early), OUTSIDE, Historique(), draft).constats
    assert "cotation.sans_valeur" in {one.code for one in found}, "MCS in 2011 is blank, and the cap with it"


def test_every_situation_has_a_letter_of_the_list() -> None:
    hint = get_type_hints(Parcours, include_extras=True)["situation"]
    (situations,) = [one.valeurs for one in get_args(hint) if isinstance(one, Code)]
    assert set(INDICATEURS) == set(situations)
    table = resources.read_text("codes/indicateur_parcours.csv").splitlines()[1:]
    assert set(INDICATEURS.values()) == {line.split(",")[0] for line in table}


def test_a_line_bears_the_qualifier_that_b2_has_for_its_overrun() -> None:
    """b2.md 6: E for a demand of the patient, A for an authorised overrun; none for the others."""
    retyped = {"DE": "E", "DA": "A", "DM": None, "DP": None, "libre": None}
    told = {one.convention: one.b2 for one in depassements() if one.convention}
    assert told == {key: letter for key, letter in retyped.items() if key != "libre"}
    seen = {}
    for nom in ("medecin/de-exigence", "medecin/da-plafond", "medecin/dm-projet", "medecin/dm-hors-projet"):
        case = CASES[nom]
        for said, cotee in zip(case.seances, price_case(case), strict=True):
            for acte, ligne in zip(said["actes"], cotee.lignes, strict=True):
                asked = acte.get("depassement")
                if asked is None or ligne.prestation is None:
                    continue
                seen[asked["genre"]] = ligne.prestation.qualificatif
                assert ligne.prestation.honoraires == ligne.prestation.base + asked["montant"]
                assert ligne.prestation.montant_amo <= ligne.prestation.base
    assert seen == retyped


def test_what_rests_on_the_draft_says_so() -> None:
    """Each finding and each step, of a rule of the draft or of a value of it; nothing else does."""
    of_the_draft = {nom for nom, one in regles().items() if one.regime == PROJET_2011}
    said = set()
    for nom in ("medecin/dm-projet", "medecin/da-projet"):
        for cotee in price_case(CASES[nom]):
            for constat in cotee.constats:
                nom_regle = constat.code.removeprefix("ngap.")
                assert (EN_PROJET in constat.message) is (nom_regle in of_the_draft or nom_regle == "da-plafond")
                assert constat.message.count(EN_PROJET) <= 1
                said.add(nom_regle)
            steps = [step for ligne in cotee.lignes for step in ligne.justifications]
            drafted = {step.parametre for step in steps if EN_PROJET in step.libelle}
            assert drafted == {step.parametre for step in steps} & OF_THE_CAPS
    assert {"dm-plafond", "dm-secteur", "da-plafond"} <= said


def test_the_law_knows_nothing_of_the_draft() -> None:
    """The same facts under the regime of the law: no rule of the draft, and a DM is refused for what it is."""
    case: Case = replace(CASES["medecin/dm-projet"], regime=DROIT)
    told = [one for cotee in price_case(case) for one in cotee.constats]
    assert {one.code for one in told} == {"ngap.dm-en-projet"}
    assert len(told) == len(case.seances)


@st.composite
def doctors(draw: st.DrawFn) -> tuple[Seance, Situation, Bareme]:
    """Any doctor of any sector, any path, any overrun, the draft or the law."""
    overrun = st.none() | strategy_for(DepassementDemande)
    priced = st.builds(
        ActeRealise, code_acte=st.sampled_from(WITH_A_PRICE), prix=st.integers(1, 50000), depassement=overrun
    )
    ours = st.builds(ActeRealise, code_acte=st.sampled_from(WITH_A_VALUE), depassement=overrun)
    seance = Seance(
        date_soins=draw(st.dates(date(2010, 1, 1), date(2027, 12, 31))),
        lieu="cabinet",
        urgence=draw(st.booleans()),
        actes=tuple(draw(st.lists(priced | ours, min_size=1, max_size=4))),
    )
    exercice = Exercice(
        discipline=draw(st.sampled_from(("", *DISCIPLINES))),
        secteur=draw(st.sampled_from(("", *SECTEURS))),
        statut=draw(st.sampled_from(STATUTS)),
    )
    prise = PriseEnCharge(
        tiers_payant=draw(st.sampled_from(("", "c2s"))), medecin_traitant=draw(st.sampled_from(("", "001234566")))
    )
    situation = replace(
        OUTSIDE,
        date_naissance=draw(st.text("0123456789", min_size=6, max_size=6)),
        exercice=exercice,
        parcours=draw(st.none() | strategy_for(Parcours)),
        prise_en_charge=prise,
    )
    return seance, situation, draw(st.sampled_from(TARIFFS))


@settings(max_examples=2 * settings().max_examples)
@given(facts=doctors())
def test_whatever_is_asked_above_the_tariff_no_payer_pays_it(facts: tuple[Seance, Situation, Bareme]) -> None:
    seance, situation, bareme = facts
    cotee = price(seance, situation, Historique(), bareme)
    for ligne in cotee.lignes:
        acte = seance.actes[ligne.rang - 1]
        if ligne.prestation is None:
            assert ligne.depassement == 0
            continue
        asked = acte.depassement.montant if acte.depassement is not None else 0
        assert ligne.prestation.honoraires == ligne.montant + asked
        assert ligne.montant_amo + ligne.montant_amc + ligne.part_patient == ligne.montant
        if asked and acte.depassement is not None and not acte.depassement.information:
            assert "ngap.depassement-information" in {one.code for one in cotee.constats}
    if bareme.regime == DROIT:
        assert not [one for one in cotee.constats if EN_PROJET in one.message]
