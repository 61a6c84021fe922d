"""The parts of doctors' acts against an oracle that shares no code: each rate, bound and threshold, on both sides."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import PATIENT_PAYE, Historique, PriseEnCharge, Situation
from fse.norm.model.contexte import PeriodeDroits
from fse.norm.model.medecine import Parcours
from fse.norm.model.soins import ActeRealise, Seance
from fse.norm.model.tiers_payant import PARTS_REGLEES
from fse.norm.referentiels.profils import profils
from tests.domain.cotation.cases import PRESTATAIRE
from tests.oracles.parts_assure import CONSULTATION, forfait, parts

BAREME = Bareme("metropole")
AMOUNTS = (1, 3, 149, 1001, 2499, 2500, 2501, 2649, 2650, 2651, 2652, 2999, 3000, 3001, 3002, 4999, 6000, 11999)
DAYS = {year: date(year, 6, 1) for year in CONSULTATION}


def priced(
    montants: tuple[int, ...],
    le: date,
    *,
    hors_parcours: bool = False,
    asked: PriseEnCharge = PATIENT_PAYE,
    pav: bool = False,
) -> SeanceCotee:
    """Acts of the CCAM at these prices, by a specialist of sector 1."""
    actes = [ActeRealise(code_acte="ATM", prix=montant) for montant in montants]
    situation = Situation(
        prestataire=PRESTATAIRE,
        profession="medecin",
        patient="A",
        date_naissance="800115",
        nature_assurance="10",
        exoneration=None,
        taux=None,
        taux_amc=0,
        exercice=Exercice(discipline="autre-specialite", secteur="1"),
        parcours=Parcours(situation="hors-parcours" if hors_parcours else "non-concerne"),
        prise_en_charge=asked,
    )
    seance = Seance(date_soins=le, lieu="cabinet", actes=(*actes, *([ActeRealise(code_acte="PAV")] if pav else [])))
    return price(seance, situation, Historique(), BAREME)


@pytest.mark.parametrize("annee", sorted(CONSULTATION))
def test_the_compulsory_part_in_and_out_of_the_path(annee: int) -> None:
    for montant, hors, (payee, droit) in product(
        AMOUNTS, (False, True), (("00", ""), ("05", "choix-du-praticien"), ("15", "c2s"))
    ):
        asked = PriseEnCharge(destinataire=payee, tiers_payant=droit, amc=payee == "15")
        cotee = priced((montant,), DAYS[annee], hors_parcours=hors, asked=asked)
        (ligne,) = cotee.lignes
        attendu = parts(montant, annee, hors_parcours=hors, tiers_payant=payee != "00", c2s=droit == "c2s")
        retenu = sum(one.montant for one in cotee.retenues if one.regle == "parts-hors-parcours")
        assert (ligne.montant_amo, retenu) == attendu, (montant, hors, payee)
        assert ligne.prestation is not None
        if droit == "c2s" and not hors:
            assert ligne.part_patient == 0


def test_the_flat_sum_leaves_the_whole_as_it_is() -> None:
    for montants in product((1, 2399, 5999, 6000, 6001, 9600, 12000), (2400, 5999, 6000, 30000)):
        attendu = forfait(list(montants))
        cotee = priced(montants, date(2026, 6, 1), pav=attendu is not None)
        assert not [one for one in cotee.constats if one.is_error], montants
        total = sum(montants)
        if attendu is None:
            continue
        assert cotee.montant == total
        assert sum(one.montant_amo for one in cotee.lignes) == attendu.amo
        assert sum(one.part_patient for one in cotee.lignes) == 2400


ACTS = st.one_of(
    st.builds(ActeRealise, code_acte=st.sampled_from(["ATM", "ADC", "CS"]), prix=st.integers(0, 30000)),
    st.builds(
        ActeRealise, code_acte=st.just("K"), coefficient=st.sampled_from([Decimal(59), Decimal(60)]), prix=st.just(192)
    ),
    st.builds(ActeRealise, code_acte=st.sampled_from(["G", "PAV"])),
)
DROITS = (
    "",
    "c2s",
    "acs",
    "ame",
    "acte-couteux",
    "accident-du-travail",
    "affection-longue-duree",
    "permanence-des-soins",
)
PAYERS = st.builds(
    PriseEnCharge,
    destinataire=st.sampled_from(sorted(PARTS_REGLEES)),
    tiers_payant=st.sampled_from(DROITS),
    attestation=st.booleans(),
    source=st.sampled_from(["carte", "service", "aucune"]),
    opposition=st.booleans(),
    droits=st.sampled_from([(), (PeriodeDroits(debut=date(2020, 1, 1), fin=date(2026, 9, 30)),)]),
)
PATIENTS = st.builds(
    Situation,
    prestataire=st.just(PRESTATAIRE),
    profession=st.just("medecin"),
    patient=st.just("A"),
    date_naissance=st.sampled_from(["800115", "151020", "851399"]),
    nature_assurance=st.sampled_from(["10", "13", "30", "41"]),
    exoneration=st.sampled_from([None, "0", "4", "5"]),
    taux=st.sampled_from([None, None, 30, 70, 100]),
    taux_amc=st.sampled_from([0, 30, 100]),
    exercice=st.just(Exercice(discipline="generaliste", secteur="1")),
    parcours=st.none() | st.builds(Parcours, situation=st.sampled_from(["hors-parcours", "non-concerne"])),
    prise_en_charge=PAYERS,
)
TABLES = [
    Bareme(territoire, profil)
    for territoire in ("metropole", "mayotte")
    for profil in (BAREME.profil, profils()["pratique-2026"])
]


@given(st.lists(ACTS, min_size=1, max_size=4), PATIENTS, st.sampled_from(TABLES), st.randoms(use_true_random=False))
def test_whoever_pays_each_centime_has_a_payer_and_the_order_changes_nothing(
    actes: list[ActeRealise], patient: Situation, bareme: Bareme, random: Random
) -> None:
    seance = Seance(date_soins=date(2026, 10, 5), lieu="cabinet", actes=tuple(actes))
    cotee = price(seance, patient, Historique(), bareme)
    asked = patient.prise_en_charge
    codes = {one.code for one in cotee.constats}
    for one in cotee.lignes:
        assert min(one.montant, one.montant_amo, one.montant_amc, one.part_patient) >= 0
        assert one.prestation is None or one.prestation.base == one.montant
    assert all(one.montant > 0 for one in cotee.retenues)
    opposed = asked.opposition and asked.destinataire != "00"
    assert ("ngap.droits-opposition" in codes) == opposed
    if opposed:
        assert not {one for one in codes if one.startswith("ngap.tp-")}
    random.shuffle(actes)
    other = price(replace(seance, actes=tuple(actes)), patient, Historique(), bareme)
    assert Counter(_facts(other)) == Counter(_facts(cotee))
    assert sum(one.montant for one in other.retenues) == sum(one.montant for one in cotee.retenues)


def _facts(cotee: SeanceCotee) -> list[tuple[object, ...]]:
    return [(one.code_acte, one.montant, one.montant_amo, one.montant_amc) for one in cotee.lignes]
