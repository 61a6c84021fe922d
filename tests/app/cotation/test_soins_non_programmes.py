"""A doctor's unscheduled care, end to end: the facts in XML, the week in the journal, the sheet.

The figures: G 30,00 € and SNP 15,00 €, of which 70 % to the caisse; YYYY010 96,00 € under a profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.coter import coter
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from tests.app.cabinet import CABINET, JOUR, document
from tests.app.cotation.care import facture, new_practice, priced, seance

DOCTOR = CABINET.replace('specialite = "01"', 'specialite = "01"\nprofession = "medecin"\ndiscipline = "generaliste"')
PROFILE = """
libelle = "profil d'essai"
motif = "un seul SNP par semaine ; YYYY010 vérifié"
active = ["valeur_yyyy010"]
[[valeurs]]
nom = "snp_semaine_maximum"
valeur = 1
debut = 2026-01-01
source = "essai"
"""
REGULATED = (
    "<regulation><regulateur>samu-sas</regulateur><nom_regulateur>SAS</nom_regulateur><date>{jour}</date>"
    "<heure>09:30</heure><reference>R-1</reference></regulation>"
)
FIRST_RESORT = (
    "<premier_recours><detresse>cardiaque</detresse><actes_techniques>1</actes_techniques>"
    "<presence_prolongee>1</presence_prolongee><suite>urgences</suite></premier_recours>"
)
G, SNP = "<acte><code_acte>G</code_acte></acte>", "<acte><acte>soins-non-programmes</acte></acte>"


@pytest.fixture
def doctor(tmp_path: Path) -> Iterator[Practice]:
    folder = tmp_path / "medecin"
    folder.mkdir()
    (folder / "essai.toml").write_text(PROFILE, encoding="utf-8")
    with new_practice(folder, DOCTOR + '\n[cotation]\nprofil = "essai.toml"\n') as opened:
        yield opened


def unscheduled(reference: str, heure: str = "10:00", patient: int = 0) -> str:
    one = seance(G, SNP, before=f"<heure>{heure}</heure>", ordonnance="")
    one = one.replace("</lieu>", "</lieu>" + REGULATED.format(jour=JOUR))
    return facture(reference, one, patient=patient, prescription="")


def refused(practice: Practice, *invoices: str) -> list[str]:
    (result,) = coter(practice.cabinet, [document(*invoices)], practice)
    return sorted(one.code for one in result.constats if one.is_error)


def test_the_week_of_a_doctor_is_counted_over_patients_in_the_journal(doctor: Practice) -> None:
    assert refused(doctor, unscheduled("U-1")) == []
    result = securiser(doctor, priced(doctor, unscheduled("U-1")), le=JOUR)
    assert result.factures, [one.message for one in result.constats]
    assert refused(doctor, unscheduled("U-2", "11:00", patient=1)) == ["ngap.snp-vingt-par-semaine"]
    assert refused(doctor, unscheduled("U-1")) == [], "priced again, it does not count itself"


def test_a_majoration_without_its_regulation_does_not_leave(doctor: Practice) -> None:
    entree = priced(doctor, unscheduled("U-3"))
    bare, found = re.subn(rb"<regulation>.*</regulation>", b"", entree, flags=re.DOTALL)
    assert found == 1
    result = securiser(doctor, bare, le=JOUR)
    assert not result.factures
    (constat,) = [one for one in result.constats if one.is_error]
    assert constat.code == "ngap.snp-regulation"
    assert "NGAP, article 14.1.3" in constat.source


def test_a_treatment_of_first_resort_leaves_with_its_code_of_the_ccam(doctor: Practice) -> None:
    one = seance("<acte><acte>premier-recours</acte></acte>", ordonnance="").replace(
        "</lieu>", "</lieu>" + FIRST_RESORT
    )
    (result,) = coter(doctor.cabinet, [document(facture("Y-1", one, prescription=""))], doctor)
    text = result.xml().decode()
    assert "<code>YYYY010</code>" in text
    assert "<prix_unitaire>9600</prix_unitaire>" in text
    assert securiser(doctor, result.xml(), le=JOUR).factures
