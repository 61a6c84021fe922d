"""Travel: what the order of patients changes and what it does not, the kilometres of a day, what a profile enables."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from fse.app.operations.cotation.historique import billed, soins_of
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import Historique, Situation, SoinPasse
from fse.norm.model.soins import Seance
from fse.norm.referentiels.profils import SANS_PROFIL, Profil, ValeurPropre, profils
from tests.domain.cotation.cases import PRESTATAIRE, build

LE = date(2026, 10, 5)
AMI_3, IFA, IK_KM = 945, 275, 35
"""Centimes, regles.md G.1."""

PRATIQUE = profils()["pratique-2026"]
ABATTEMENT = ValeurPropre(nom="ik_abattement_pied_ski", valeur=2, debut=date(2026, 1, 1), source="essai")
PIED_SKI = Profil(nom="refuge", libelle="refuge", motif="essai", active=frozenset(), valeurs=(ABATTEMENT,))


class Visite(NamedTuple):
    patient: str
    lieu: str
    deplacement: dict[str, Any]
    demandes: tuple[str, ...]


def price_day(visites: list[Visite], profil: Profil = SANS_PROFIL) -> list[SeanceCotee]:
    """The visits of a nurse in a day, in their order, an AMI 3 with what they ask for."""
    past: list[SoinPasse] = []
    found = []
    for visite in visites:
        seance = session(visite)
        mine = tuple(one for one in past if one.patient == visite.patient)
        cotee = price(seance, situation(visite.patient), Historique(mine, tuple(past)), Bareme("metropole", profil))
        past.extend(soins_of(PRESTATAIRE, visite.patient, billed([seance], [cotee])))
        found.append(cotee)
    return found


def session(visite: Visite) -> Seance:
    said = {
        "date_soins": LE,
        "lieu": visite.lieu,
        "ordonnance": {"date": LE},
        "deplacement": visite.deplacement,
        "actes": [
            {"acte": one} if one != "AMI" else {"code_acte": "AMI", "coefficient": "3"} for one in visite.demandes
        ],
    }
    built: Seance = build(Seance, said)
    return built


def situation(patient: str) -> Situation:
    return Situation(
        prestataire=PRESTATAIRE,
        profession="infirmier",
        patient=patient,
        date_naissance="400115",
        nature_assurance="10",
        exoneration=None,
        taux=60,
        taux_amc=0,
    )


def total(found: list[SeanceCotee]) -> int:
    return sum(one.montant for one in found)


def test_in_a_household_the_first_patient_bears_what_was_asked_for_them_and_the_order_counts() -> None:
    trip = {"foyer": "tilleuls-4", "trajet": "matin", "distance": "7"}
    far = Visite("A", "domicile", trip, ("AMI", "ifa", "ik"))
    near = Visite("B", "domicile", trip, ("AMI", "ifa"))

    assert total(price_day([far, near])) == 2 * AMI_3 + IFA + 10 * IK_KM
    assert total(price_day([near, far])) == 2 * AMI_3 + IFA


def test_in_an_establishment_a_trip_is_billed_once_whatever_the_order() -> None:
    trip = {"foyer": "les-ormes", "trajet": "t1", "distance": "7"}
    visites = [Visite(patient, "ehpad", trip, ("AMI", "ifa", "ik")) for patient in "ABC"]

    for order in permutations(visites):
        found = price_day(list(order))
        assert [one.montant for one in found] == [AMI_3 + IFA + 10 * IK_KM, AMI_3, AMI_3]
        assert "une seule fois" in found[1].lignes[1].motif


def test_patients_of_different_homes_each_bear_their_travel_whatever_the_order() -> None:
    homes = [{"distance": "7"}, {"distance": "3", "foyer": "a"}, {"distance": "12", "foyer": "b", "trajet": "t"}]
    visites = [Visite(str(rang), "domicile", home, ("AMI", "ifa", "ik")) for rang, home in enumerate(homes)]

    totals = {total(price_day(list(order))) for order in permutations(visites)}

    assert totals == {3 * (AMI_3 + IFA) + (10 + 2 + 20) * IK_KM}


def test_the_order_of_the_acts_of_a_session_changes_no_total() -> None:
    trip = {"distance": "62"}
    for asked in permutations(("AMI", "ifa", "ik", "prelevement-veineux")):
        found = price_day([Visite("A", "domicile", trip, asked)])
        assert total(found) == AMI_3 + 473 + IFA + 120 * IK_KM


@given(st.lists(st.integers(3, 170), min_size=1, max_size=8))
def test_the_kilometres_of_a_day_are_capped_one_by_one(distances: list[int]) -> None:
    visites = [Visite(str(n), "domicile", {"distance": str(km)}, ("AMI", "ik")) for n, km in enumerate(distances)]

    found = price_day(visites, PRATIQUE)

    done = 0
    for distance, cotee in zip(distances, found, strict=True):
        places = range(done + 1, done + 2 * distance - 4 + 1)
        full = sum(1 for one in places if one < 300)
        half = sum(1 for one in places if 300 <= one < 400)
        done += len(places)
        lines = [one for one in cotee.lignes if one.prestation is not None and one.code_acte == "IK"]
        assert sum(one.quantite for one in lines) == full + half
        assert all(one.quantite <= 99 for one in lines)
        assert cotee.montant == AMI_3 + full * IK_KM + (half * IK_KM + 1) // 2
        assert not cotee.constats


def test_on_foot_or_on_skis_nothing_is_billed_until_a_profile_gives_the_abatement() -> None:
    visite = Visite("A", "domicile", {"distance": "3", "relief": "pied-ski"}, ("AMI", "ik-pied-ski"))

    (refused,) = price_day([visite])
    (enabled,) = price_day([visite], PIED_SKI)

    assert [one.code for one in refused.constats] == ["ngap.art13-distance"]
    assert "il manque : une valeur (" in refused.constats[0].message
    assert total([refused]) == AMI_3
    assert not enabled.constats
    assert total([enabled]) == AMI_3 + 2 * 340
    used = {one.parametre: one.profil for one in enabled.lignes[1].justifications}
    assert used["ik_abattement_pied_ski"] == "refuge"


def test_the_kilometres_of_a_line_are_explained_in_order() -> None:
    trip = {"distance": "12.4", "distance_plus_proche": "7.3"}
    (cotee,) = price_day([Visite("A", "domicile", trip, ("AMI", "ik"))])

    steps = [(one.regle or one.parametre, one.valeur) for one in cotee.lignes[1].justifications]

    assert [one for one in steps if one[0].startswith(("art13-k", "art13-plus", "ik_", "valeur"))] == [
        ("valeur_ik_infirmier", "0,35\N{NARROW NO-BREAK SPACE}€"),
        ("art13-plus-proche", "7,3 km au lieu de 12,4"),
        ("ik_abattement_plaine", "2 km"),
        ("art13-kilometres", "2 × (7,3 − 2) = 10,6 km"),
        ("art13-kilometres-entiers", "10 km"),
    ]
