"""`pratique` and `fse pratique` on a journal whose figures are computed by hand, beside each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.pratique import Medecin, pratique
from fse.base.errors import UsageError
from fse.norm.referentiels.profils import Profil, ValeurPropre
from tests.app.cabinet import PATIENTS, reopen
from tests.app.pratique.world import (
    CARDIOLOGUE,
    CHIRURGIEN,
    GENERALISTE,
    LE,
    SALARIE,
    facture,
    ligne,
    new_practice,
    secure,
)
from tests.app.test_cli import Shell

SALARIES = f"""
[[salaries]]
numero = "{SALARIE}"
nom = "DR SACHA ESSAI"
employeur = "{CARDIOLOGUE}"
specialite = "03"
profession = "medecin"
discipline = "cardiologue"
debut = 2026-01-01
"""


def cardiologue() -> tuple[str, ...]:
    """Clinical: 180 of 250 euros without overrun. Technical: 50 of 108,75. Neither: 5 of travel, 20 not reimbursed."""
    return (
        facture("C-1", *[ligne("CS", 3000)] * 6, ligne("CS", 3500, 3000), ligne("CS", 3500, 3000)),
        facture(
            "C-2",
            *(ligne("ATM", 5000), ligne("ZZZ", 5875, 5000, ccam="DEQP003"), ligne("IK", 500), ligne("HN", 2000, 0)),
            patient=1,
        ),
        facture("C-3", ligne("CS", 9000, 3000), patient=2),  # cancelled
        facture("C-4", ligne("CS", 9000, 3000), patient=3),  # corrected by the next
        facture("C-6", ligne("CS", 4000, 3000, jour="2025-12-31")),  # of another year
    )


def chirurgien() -> tuple[str, ...]:
    """Technical, quarter 2: 100 of 400 euros; quarter 3, whose first day is the 1 July: 200 of 300."""
    return (
        facture(
            "H-1",
            *(ligne("ADC", 10000, jour="2026-06-30"), ligne("ADC", 30000, 27000, jour="2026-06-30")),
            *(ligne("ADC", 20000, jour="2026-07-01"), ligne("ADC", 10000, 9000, jour="2026-09-30")),
            prestataire=CHIRURGIEN,
        ),
    )


def generaliste() -> tuple[str, ...]:
    """Until March in sector 1: a visit at the tariff. Since then in sector 2: 9 visits, in all 60 of 240 euros of
    consultations without overrun, then what is counted: MN 2, F 1, MHP 1, YYYY010 1 at 96 euros, SNP 21 and 3.
    """
    at_night = [ligne("G", 3000), ligne("MN", 3500)]
    snp = [ligne("SNP", 1500 * 10, jour=jour, fois=10) for jour in ("2026-11-02", "2026-11-04")]
    return (
        facture("G-1", ligne("G", 3000, jour="2026-03-31"), prestataire=GENERALISTE),
        facture("G-2", *at_night, prestataire=GENERALISTE),
        facture("G-3", *at_night, prestataire=GENERALISTE, patient=1),
        facture("G-4", ligne("G", 6000, 3000), ligne("F", 1906), prestataire=GENERALISTE, patient=2),
        facture("G-5", ligne("G", 6000, 3000), ligne("MHP", 500), prestataire=GENERALISTE, patient=3),
        facture(
            "G-6",
            *(ligne("G", 6000, 3000, jour="2026-10-06"), ligne("ATM", 9600, jour="2026-10-06", ccam="YYYY010")),
            prestataire=GENERALISTE,
        ),
        facture(
            "G-7",
            *(*snp, ligne("SNP", 1500, jour="2026-11-06"), ligne("SNP", 4500, jour="2026-11-09", fois=3)),
            prestataire=GENERALISTE,
        ),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the practice, its invoices secured."""
    path = tmp_path_factory.mktemp("pratique")
    with new_practice(path, SALARIES) as practice:
        secure(practice, *cardiologue(), *chirurgien(), *generaliste())
        annuler(practice, 3, motif="erreur", auteur="marie", prestataire=CARDIOLOGUE, le=LE)
        secure(practice, facture("C-5", ligne("IK", 300), patient=3, remplace=4))
        secure(practice, facture("S-1", ligne("CS", 3300, 3000, executant=SALARIE)))
        assert verifier_journal(practice).intact
    return path


@contextmanager
def opened(folder: Path) -> Iterator[Practice]:
    with reopen(folder) as practice:
        yield practice


def of(folder: Path, numero: str, *, du: date | None = None, au: date | None = None) -> Medecin:
    """What is told of one doctor."""
    with opened(folder) as practice:
        (found,) = [one for one in pratique(practice, du=du, au=au, le=LE).medecins if one.numero == numero]
    return found


def test_a_specialist_of_sector_1_is_followed_over_the_year(folder: Path) -> None:
    doctor = of(folder, CARDIOLOGUE)
    (year,) = doctor.periodes
    assert (year.libelle, year.du, year.au, year.entiere) == ("année 2026", date(2026, 1, 1), LE, False)
    cliniques, techniques = year.ratios
    assert (cliniques.sans_depassement, cliniques.total, cliniques.taux) == (18000, 25000, Decimal("72.0"))
    assert (cliniques.seuil, cliniques.atteint, cliniques.manque) == (70, True, 0)
    assert (techniques.sans_depassement, techniques.total, techniques.taux) == (5000, 10875, Decimal("45.9"))
    assert (techniques.atteint, techniques.manque) == (False, 8709), "(0,7 x 108,75 - 50) / 0,3 = 87,083"
    assert (year.hors_ratio, year.lettres_non_classees) == (500 + 2000 + 300, ("HN",))
    assert year.seuil is not None
    assert (year.seuil.article, year.seuil.regime) == (
        "projet de convention, article 34.1",
        "projet du 07/07/2011, non en vigueur",
    )
    assert year.visites == 3, "C-1, C-2 and C-5: neither cancelled nor corrected"


def test_staff_are_told_apart_in_the_sector_of_their_employer(folder: Path) -> None:
    doctor = of(folder, SALARIE)
    assert (doctor.nom, doctor.pour) == ("DR SACHA ESSAI", ("DR CAMILLE ESSAI",))
    (year,) = doctor.periodes
    assert (year.secteur, year.discipline, year.ratios[0].taux) == ("1", "cardiologue", Decimal("0.0"))


def test_the_coordination_option_is_followed_by_quarter_at_thirty_percent(folder: Path) -> None:
    second, third = of(folder, CHIRURGIEN).periodes
    assert [one.libelle for one in (second, third)] == ["trimestre 2 de 2026", "trimestre 3 de 2026"]
    assert (second.entiere, second.au) == (True, date(2026, 6, 30))
    assert (second.ratios[1].taux, second.ratios[1].atteint) == (Decimal("25.0"), False)
    assert second.ratios[1].manque == 2858, "(0,3 x 400 - 100) / 0,7 = 28,571"
    assert (third.ratios[1].taux, third.ratios[1].atteint) == (Decimal("66.6"), True)
    assert second.ratios[0].taux is None


def test_a_change_of_sector_parts_the_year_and_own_fees_have_no_threshold(folder: Path) -> None:
    first, second = of(folder, GENERALISTE).periodes
    assert [(one.secteur, one.libelle) for one in (first, second)] == [("1", "année 2026"), ("2", "année 2026")]
    assert (first.ratios[0].taux, first.ratios[0].atteint) == (Decimal("100.0"), None)
    consultations = 2 * 3000 + 3 * 6000
    with_majorations = 2 * 3500 + 1906 + 500 + 24 * 1500
    assert second.ratios[0].total == consultations + with_majorations
    assert second.ratios[0].sans_depassement == 2 * 3000 + with_majorations
    assert (second.seuil, second.ratios[0].atteint) == (None, None)


def test_urgency_majorations_are_counted_against_the_visits(folder: Path) -> None:
    period = of(folder, GENERALISTE).periodes[1]
    assert period.visites == 9, "five in October, four days of SNP"
    told = {one.nom: (one.nombre, one.detail, one.part) for one in period.frequences}
    assert told == {
        "urgence": (3, (("MN", 2), ("F", 1)), Decimal("33.3")),
        "premier-recours": (1, (("YYYY010", 1),), Decimal("11.1")),
        "mhp": (1, (("MHP", 1),), Decimal("11.1")),
        "soins-non-programmes": (24, (("SNP", 24),), Decimal("266.7")),
    }


def test_the_weeks_of_snp_are_whole_whatever_the_days_asked_for(folder: Path) -> None:
    doctor = of(folder, GENERALISTE, du=date(2026, 11, 4), au=date(2026, 11, 5))
    assert [(one.debut, one.nombre) for one in doctor.semaines_snp] == [(date(2026, 11, 2), 21)]
    assert doctor.snp_maximum == 20
    assert [one.visites for one in doctor.periodes] == [1]
    assert of(folder, CARDIOLOGUE).snp_maximum is None


def test_a_profile_says_another_period_and_not_any(folder: Path) -> None:
    with opened(folder) as practice:
        by_half, by_five = (
            replace(practice, cabinet=replace(practice.cabinet, profil=with_period(months))) for months in (6, 5)
        )
        halves = [one.periodes for one in pratique(by_half, le=LE).medecins if one.numero == GENERALISTE]
        assert [one.libelle for one in halves[0]] == ["semestre 1 de 2026", "semestre 2 de 2026"]
        with pytest.raises(UsageError) as refused:
            pratique(by_five, le=LE)
        assert refused.value.code == "pratique.duree"
        with pytest.raises(UsageError) as reversed_days:
            pratique(practice, du=LE, au=date(2026, 1, 1))
        assert reversed_days.value.code == "pratique.periode"


def with_period(months: int) -> Profil:
    own = ValeurPropre(nom="pratique_periode", valeur=months, debut=date(2020, 1, 1), source="caisse")
    return Profil(nom="p", libelle="le nôtre", motif="caisse", active=frozenset(), valeurs=(own,))


def test_a_doctor_reads_what_is_reached_and_what_is_not(folder: Path) -> None:
    printed = Shell(folder).ok("pratique", "--praticien", CARDIOLOGUE, "--le", str(LE)).replace("\u202f", " ")
    for said in (
        "Pratique du 01/01/2026 au 01/12/2026",
        "actes cliniques : 72,0 % sans dépassement (180,00 € sur 250,00 € ; dépassements : 10,00 €), seuil atteint",
        "actes techniques : 45,9 % sans dépassement",
        "seuil non atteint : il manque 87,09 € d'honoraires sans dépassement",
        "article 34.1 (projet du 07/07/2011, non en vigueur)",
        "→ S'en tenir aux tarifs du parcours.",
        "lettres que nos tables ne classent pas : HN",
        f"DR SACHA ESSAI ({SALARIE}), pour DR CAMILLE ESSAI",
    ):
        assert said in printed
    assert "ALIX" not in printed
    assert "NOA" not in printed


def test_the_general_practitioner_reads_frequencies_and_weeks(folder: Path) -> None:
    printed = Shell(folder).ok("pratique", "--praticien", GENERALISTE, "--le", str(LE)).replace("\u202f", " ")
    for said in (
        "Majorations d'urgence MN, MM et F : 3 (MN 2, F 1), soit 33,3 % des séances",
        "Traitements de premier recours YYYY010 : 1, soit 11,1 % des séances",
        "semaine du 02/11/2026 au 08/11/2026 : 21 : 1 de trop",
    ):
        assert said in printed
    assert "09/11/2026" not in printed, "three are not beyond twenty"


def test_json_says_the_same_and_names_no_patient(folder: Path) -> None:
    text = Shell(folder).ok("pratique", "--le", str(LE), "--format", "json")
    result = json.loads(text)
    assert [one["numero"] for one in result["medecins"]] == sorted((CARDIOLOGUE, CHIRURGIEN, GENERALISTE, SALARIE))
    assert result["medecins"][0]["periodes"][0]["ratios"][0]["taux"] == "72.0"
    for personal in (*(nir for nir, _, _ in PATIENTS), "LEFEVRE", "ZOE"):
        assert personal not in text.upper()


def test_without_a_doctor_it_says_so(folder: Path) -> None:
    printed = Shell(folder).ok("pratique", "--du", "2024-01-01", "--au", "2024-12-31")
    assert "Aucun soin de médecin" in printed
