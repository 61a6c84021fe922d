"""Unscheduled care of doctors: the table of the DGOS and the matrix of situations come out of pricing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from fse.base.findings import Finding, Severity
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.faits import FAITS
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.payeurs.tiers_payant import PDSA
from fse.domain.cotation.situation import PATIENT_PAYE, Historique, PriseEnCharge, Situation, SoinPasse
from fse.norm.model.soins import Seance
from fse.norm.referentiels.ngap.regles import Condition, regles
from fse.norm.referentiels.profils import SANS_PROFIL, ValeurPropre, profils
from tests.domain.cotation.cases import PRESTATAIRE, build
from tests.oracles.soins_non_programmes import TABLE, allowed, rows

WEDNESDAY, SATURDAY, SUNDAY = date(2026, 10, 7), date(2026, 10, 10), date(2026, 10, 11)
SAS = {
    "regulateur": "samu-sas",
    "nom_regulateur": "SAMU",
    "date": WEDNESDAY,
    "heure": "00:05",
    "reference": "R-1",
    "tableau_garde": True,
}
NIGHT, DEEP, DAY, EVENING = "21:00", "02:00", "10:00", "19:30"
SCENES: dict[str, dict[str, Any]] = {
    "CRN": {"heure": NIGHT, "regulation": SAS},
    "VRN": {"heure": NIGHT, "regulation": SAS, "lieu": "domicile"},
    "CRM": {"heure": DEEP, "regulation": SAS},
    "VRM": {"heure": DEEP, "regulation": SAS, "lieu": "domicile"},
    "CRD": {"date_soins": SUNDAY, "regulation": {**SAS, "date": SUNDAY}},
    "VRD": {"date_soins": SUNDAY, "regulation": {**SAS, "date": SUNDAY}, "lieu": "domicile"},
    "VRS": {"date_soins": SATURDAY, "heure": "15:00", "regulation": {**SAS, "date": SATURDAY}, "lieu": "domicile"},
    "MD": {"lieu": "domicile", "visite_justifiee": "environnement"},
    "MDN": {"lieu": "domicile", "visite_justifiee": "environnement", "heure": NIGHT},
    "MDI": {"lieu": "domicile", "visite_justifiee": "environnement", "heure": DEEP},
    "MDD": {"lieu": "domicile", "visite_justifiee": "environnement", "date_soins": SUNDAY},
    "MN": {"heure": NIGHT, "urgence": True},
    "MM": {"heure": DEEP, "urgence": True},
    "F": {"date_soins": SUNDAY, "urgence": True},
    "MU": {"lieu": "domicile", "depart_immediat": "centre-15"},
    "SNP": {"regulation": SAS},
    "SHE": {"heure": EVENING, "regulation": SAS, "avec": "SNP"},
    "MHP": {"heure": NIGHT},
}
"""Of each code, the facts that give a right to it."""
DUTY = ("CRN", "VRN", "CRM", "VRM", "CRD", "VRD", "VRS")
NOTHING = Historique()
"""Nothing billed before."""


def priced(code: str, discipline: str, bareme: Bareme, historique: Historique = NOTHING, **facts: Any) -> SeanceCotee:
    """A consultation or a visit with this code, `facts` besides those of its scene."""
    told = {"date_soins": WEDNESDAY, "heure": DAY, "lieu": "cabinet", **SCENES[code], **facts}
    said = {key: value for key, value in told.items() if value is not None}
    besides = said.pop("avec", None)
    actes = [{"code_acte": "CS" if said["lieu"] == "cabinet" else "V", "prix": 2500}, {"code_acte": code}]
    seance = build(Seance, {**said, "actes": actes + ([{"code_acte": besides}] if besides else [])})
    return price(seance, situation(discipline, code in DUTY and seance.regulation is not None), historique, bareme)


def of_the_care(cotee: SeanceCotee) -> list[Finding]:
    """What is found, but who should have paid."""
    return [one for one in cotee.constats if not one.code.startswith("ngap.tp-")]


def situation(discipline: str, on_duty: bool = False) -> Situation:
    """`on_duty`: after a regulation, at the hours of the duty: the patient is spared the advance."""
    return Situation(
        prestataire=PRESTATAIRE,
        profession="medecin",
        patient="A",
        date_naissance="400115",
        nature_assurance="10",
        exoneration=None,
        taux=70,
        taux_amc=0,
        exercice=Exercice(discipline=discipline, secteur="1"),
        prise_en_charge=PriseEnCharge(destinataire="05", tiers_payant=PDSA) if on_duty else PATIENT_PAYE,
    )


@pytest.mark.parametrize("code", TABLE)
def test_every_cell_of_the_table_is_what_a_session_pays(code: str) -> None:
    for one, discipline, territoire, expected in rows():
        if one != code:
            continue
        cotee = priced(code, discipline, Bareme(territoire))
        found = [ligne.montant for ligne in cotee.lignes if ligne.code_acte == code]
        told = [constat.code for constat in cotee.constats]
        assert found == ([] if expected is None else [expected]), (code, discipline, territoire)
        assert told == ([] if expected is not None else ["ngap.garde-hors-de-mayotte"])


HOURS = {
    "weekday": (WEDNESDAY, DAY),
    "weekday evening": (WEDNESDAY, NIGHT),
    "middle of the night": (WEDNESDAY, DEEP),
    "Sunday": (SUNDAY, DAY),
    "Saturday afternoon": (SATURDAY, "13:00"),
}
AT_THE_CABINET = ("CRN", "CRM", "CRD", "CRS", "MN", "MM", "F", "MHP", "SNP", "MRT", "MU")


@pytest.mark.parametrize("when", HOURS)
def test_each_situation_of_the_matrix_lets_a_doctor_add_what_it_says_and_nothing_else(when: str) -> None:
    """What comes out without a finding, whichever majoration is asked for."""
    le, heure = HOURS[when]
    bareme = Bareme("metropole", profils()["pratique-2026"])
    for regulated, urgent, own_patient in product((True, False), repeat=3):
        facts = {
            "date_soins": le,
            "heure": heure,
            "lieu": "cabinet",
            "urgence": urgent,
            "regulation": {**SAS, "date": le, "heure": "00:05", "tableau_garde": when != "weekday"},
        }
        if not regulated:
            del facts["regulation"]
        mine = PRESTATAIRE if own_patient else ""
        who = situation("generaliste", regulated and when != "weekday")
        who = replace(who, prise_en_charge=replace(who.prise_en_charge, medecin_traitant=mine))
        clean = set()
        for code in AT_THE_CABINET:
            seance = build(Seance, {**facts, "actes": [{"code_acte": "G"}, {"code_acte": code}]})
            cotee = price(seance, who, NOTHING, bareme)
            if len(cotee.lignes) == 2 and not cotee.constats:
                clean.add(code)
        assert clean == allowed(when, regulated, urgent, own_patient), (regulated, urgent, own_patient)


def test_the_code_of_a_certificate_is_never_the_code_of_the_duty() -> None:
    """The annex prints "MPH": it would bill 60 €."""
    cotee = priced("MHP", "generaliste", Bareme("metropole"))
    assert [(one.code_acte, one.montant) for one in cotee.lignes] == [("CS", 2500), ("MHP", 500)]


def test_a_saturday_that_starts_at_two_is_a_value_of_the_profile() -> None:
    later = ValeurPropre(nom="pdsa_samedi_debut", valeur=14, debut=date(2025, 1, 1), source="arrêté de l'ARS")
    profil = replace(SANS_PROFIL, nom="essai", valeurs=(later,))
    scene = {"date_soins": SATURDAY, "heure": "13:00"}
    assert not priced("MHP", "generaliste", Bareme("metropole"), **scene).constats
    (constat,) = priced("MHP", "generaliste", Bareme("metropole", profil), **scene).constats
    assert constat.code == "ngap.mhp-sans-urgence"
    assert not priced("MHP", "generaliste", Bareme("metropole", profil), **{**scene, "heure": "14:00"}).constats


def test_a_saturday_morning_is_of_the_week_when_the_profile_says_so() -> None:
    profil = replace(
        SANS_PROFIL,
        nom="essai",
        valeurs=(ValeurPropre(nom="snp_dernier_jour", valeur=6, debut=date(2025, 1, 1), source="caisse"),),
    )
    scene = {"date_soins": SATURDAY, "regulation": {**SAS, "date": date(2026, 10, 9)}}
    (refused,) = priced("SNP", "generaliste", Bareme("metropole"), **scene).constats
    assert refused.code == "ngap.snp-en-journee"
    assert not priced("SNP", "generaliste", Bareme("metropole", profil), **scene).constats
    late = priced("SNP", "generaliste", Bareme("metropole", profil), **scene, heure="12:00")
    assert [one.code for one in of_the_care(late)] == ["ngap.snp-en-journee"]


@pytest.mark.parametrize(
    ("start", "days", "refused"),
    [
        (1, [date(2026, 10, 5)] * 20, True),  # Monday to Sunday: the same week as Wednesday
        (1, [date(2026, 10, 4)] * 20, False),  # the Sunday before
        (7, [date(2026, 10, 4)] * 20, True),  # weeks that start on Sunday
        (1, [date(2026, 10, 11)] * 20, True),  # a later day of the week, recorded first
        (1, [date(2026, 10, 5)] * 19, False),
        (0, [date(2026, 10, 2)] * 10 + [date(2026, 10, 8)] * 10, True),  # seven days that slide: 2 to 8 October
        (0, [date(2026, 10, 1)] * 10 + [date(2026, 10, 8)] * 10, False),  # eight days
    ],
)
def test_twenty_a_week_for_each_doctor_whatever_a_week_is(start: int, days: list[date], refused: bool) -> None:
    own = ValeurPropre(nom="snp_semaine_debut", valeur=start, debut=date(2025, 1, 1), source="essai")
    bareme = Bareme("metropole", replace(SANS_PROFIL, nom="essai", valeurs=(own,)))
    cotee = priced("SNP", "generaliste", bareme, Historique(semaine=tuple(past(day) for day in days)))
    assert [one.code for one in cotee.constats] == (["ngap.snp-vingt-par-semaine"] if refused else [])
    assert not refused or "21 dans la semaine de ce médecin, 20 au plus" in cotee.constats[0].message


def past(le: date) -> SoinPasse:
    return SoinPasse(
        prestataire=PRESTATAIRE,
        executant=PRESTATAIRE,
        patient="B",
        date_soins=le,
        heure="09:00",
        acte="soins-non-programmes",
        code_acte="SNP",
        coefficient=Decimal(1),
        coefficient_facture=Decimal(1),
        quantite=1,
        etiquettes=frozenset({"SNP"}),
        trajet="",
        foyer="",
    )


def test_a_treatment_of_first_resort_bears_its_code_of_the_ccam() -> None:
    care = {"detresse": "cardiaque", "actes_techniques": True, "presence_prolongee": True, "suite": "urgences"}
    seance = build(
        Seance,
        {
            "date_soins": WEDNESDAY,
            "lieu": "cabinet",
            "premier_recours": care,
            "actes": [{"acte": "premier-recours"}],
        },
    )
    unverified = price(seance, situation("generaliste"), NOTHING, Bareme("metropole"))
    assert [one.code for one in unverified.constats] == ["cotation.a_verifier"]
    profil = replace(SANS_PROFIL, nom="essai", active=frozenset({"valeur_yyyy010"}))
    (ligne,) = price(seance, situation("generaliste"), NOTHING, Bareme("metropole", profil)).lignes
    assert ligne.prestation is not None
    assert (ligne.code_acte, ligne.montant) == ("ATM", 9600)
    assert [one.code for one in ligne.prestation.details_ccam] == ["YYYY010"]


def test_a_condition_names_facts_that_the_code_knows_and_all_are_used() -> None:
    named = {nom for one in regles().values() if isinstance(one, Condition) for nom in one.faits}
    assert named == set(FAITS)


def test_an_act_of_the_ccam_is_the_same_by_its_code_and_by_its_name() -> None:
    """Its confidence too: 96 € is known from memory alone, and another price is not the practice's to give."""
    facts = {"date_soins": WEDNESDAY, "heure": DAY, "lieu": "cabinet"}
    for prix, expected in ((None, "cotation.a_verifier"), (9600, "cotation.prix_donne")):
        act = {"code_acte": "ATM", "ccam": {"code": "YYYY010"}} | ({} if prix is None else {"prix": prix})
        cotee = price(build(Seance, {**facts, "actes": [act]}), situation("generaliste"), NOTHING, Bareme("metropole"))
        assert [one.code for one in cotee.constats] == [expected]
        assert not cotee.lignes


def test_a_majoration_beside_a_consultation_that_has_no_value_is_not_said_to_lack_it() -> None:
    actes = [{"code_acte": "G"}, {"acte": "garde-sans-regulation"}]
    seance = build(Seance, {"date_soins": WEDNESDAY, "heure": NIGHT, "lieu": "cabinet", "actes": actes})
    cotee = price(seance, situation("generaliste"), NOTHING, Bareme("guadeloupe"))
    assert [one.code for one in cotee.constats] == ["cotation.sans_valeur"]


def test_what_is_told_of_doubtful_cases_reads_as_french() -> None:
    """Each sentence retyped."""
    scenes = [
        (
            "SNP",
            {"regulation": {**SAS, "regulateur": "pdsa"}},
            "la régulation a été faite par le médecin régulateur de la",
        ),
        (
            "SHE",
            {"heure": "20:30"},
            "« SHE » de 20 h à 21 h : la note l'ajoute à SNP ou à MRT, qui s'arrêtent à 20 h, où",
        ),
        (
            "CRD",
            {"heure": "07:00"},
            "il manque : des soins, à une heure dite, d'un dimanche ou d'un jour férié, de 8 h à",
        ),
    ]
    for code, facts, expected in scenes:
        (constat,) = of_the_care(priced(code, "generaliste", Bareme("metropole"), **facts))
        assert expected in constat.message, constat.message


def test_what_is_missing_reads_as_french() -> None:
    """Each sentence retyped."""
    scenes = [
        ("CRN", {"regulation": None}, "il manque : une régulation de l'appel (régulateur, date, heure et référence)"),
        (
            "CRN",
            {"regulation": {**SAS, "regulateur": "centre-appel"}},
            "il manque : une convention du centre d'appel avec le SAMU, approuvée par l'ARS (permanence des soins).",
        ),
        (
            "MN",
            {"urgence": False},
            "il manque : une urgence au sens de l'article 14 (la vie ou l'intégrité du patient) (article 14).",
        ),
        ("MU", {"depart_immediat": None}, "il manque : un départ immédiat du cabinet, à la demande du centre 15 ou à"),
        ("MHP", {"heure": DAY}, "il manque : des soins aux heures de permanence des soins (convention de 2024)."),
    ]
    for code, facts, expected in scenes:
        (constat,) = of_the_care(priced(code, "generaliste", Bareme("metropole"), **facts))
        assert expected in constat.message, constat.message
        assert constat.gravite == Severity.ERREUR
