"""The draft as a reader of PDF sees it: all it must say, on each page that it replaces no form, the same bytes."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from fse.app.operations.duplicata import Duplicata
from fse.app.operations.feuille import Professionnel
from fse.app.operations.practice import Practice
from fse.app.reports.duplicata import rendu_duplicata
from fse.app.reports.duplicata.brouillon import brouillon
from fse.app.reports.pdf import make_pdf
from tests.app.cabinet import facture, prestation
from tests.app.emitted import emitted_practice
from tests.app.reports.paper import duplicata_of, facts, of_practice, pages, poppler

OTHER = "002345676"
NOT_A_FORM = "Ne remplace pas le formulaire réglementaire"
LONG = "Delamarre-Villeneuve-St-J"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as opened:
        yield opened


@cache
def everything() -> Duplicata:
    """An employee's acts after a work accident, prescribed, for somebody else than the insured, many of them."""
    acts = [prestation(5200 + 10 * rank, code="AMK", amc=False) for rank in range(34)]
    sheet = facture("V-1", destinataire="05", lignes=tuple(acts), nom=LONG)
    changes = {
        "<date_soins>": f"<executant>{OTHER}</executant><date_soins>",
        "<nature_assurance>10": "<prescription><prescripteur>003456787</prescripteur>"
        "<date_prescription>2026-09-01</date_prescription></prescription><nature_assurance>41",
        "<destinataire_reglement>": "<accident>000260831</accident><destinataire_reglement>",
        f"<identite_beneficiaire><nom>{LONG}": "<identite_beneficiaire><nom>Vandenbroucke-Montgolfier",
    }
    for before, after in changes.items():
        assert before in sheet
        sheet = sheet.replace(before, after)
    return duplicata_of(Path(mkdtemp(prefix="fse-duplicata-")), sheet, patient_signe=False)


@cache
def pages_of_everything() -> list[str]:
    return pages(brouillon(everything()))


def test_a_sheet_with_third_party_payment(practice: Practice) -> None:
    (text,) = pages(brouillon(of_practice(practice, 3)))
    for said in (
        *(NOT_A_FORM, "BROUILLON, flux de test", "Duplicata d'une feuille", "page 1 / 1"),
        *("FSE n° 000000003", "lot n° 001 du 05/10/2026", "deux transmissions sans accusé"),
        "Envoyé à la caisse par le professionnel, signé par l'assuré (tiers payant)",
        *("DR CAMILLE ESSAI", "n° 001234566, spécialité 01"),
        *("LEFEVRE ZOE", "1 49 06 75 113 000 clé 87", "01 – Régime général", "998, 0000", "21/06/49, rang 1"),
        *("10 – Maladie", "carte Vitale, lus le 05/10/2026", "15 – Tiers payant intégral (AMO et AMC)"),
        "05/10/2026 VG Visite du généraliste 1×1 30,00 30,00 70 % 21,00 9,00 30,00",
        "1×1 10,00 10,00 70 % 7,00 3,00 10,00",
        *("Total en euros 28,00 12,00 40,00", "Payé par l'assuré 0,00 €", "part AMO 28,00 € ; part AMC 12,00 €"),
        *("Signature et cachet du professionnel", "Signature de l'assuré", "Atteste avoir fait les actes ci-dessus."),
        *("Édité par marie le 12/10/2026", "n'est pas un logiciel agréé"),
    ):
        assert said in text, said
    assert "reçu de l'assuré" not in text
    assert "pas pu signer" not in text
    assert "gratuit" not in text


def test_a_sheet_paid_by_the_patient(practice: Practice) -> None:
    (text,) = pages(brouillon(of_practice(practice, 6, voie="patient")))
    assert "Remis à l'assuré, qui le signe et l'envoie à sa caisse." in text
    assert "Payé par l'assuré 30,00 €" in text
    assert "Tiers payant aucun" in text
    assert "Envoyé à la caisse" not in text
    assert "reçu de" in text, "the acquittal (A-70)"


def test_one_that_the_insured_could_not_sign(practice: Practice) -> None:
    (text,) = pages(brouillon(of_practice(practice, 6, patient_signe=False)))
    assert text.count("l'assuré n'a pas pu signer") + text.count("L'assuré n'a pas pu signer") == 2
    assert "Signature de l'assuré" not in text


def test_the_second_one_says_so(practice: Practice, tmp_path: Path) -> None:
    of_practice(practice, 1)
    second = of_practice(practice, 1, motif="le premier est perdu", sortie=tmp_path / "second.pdf")
    (text,) = pages(brouillon(second))
    assert "Duplicata n° 2 d'une feuille" in text
    assert "Duplicata n° 2 – FSE n° 000000001" in text


def test_every_page_of_a_long_one_says_what_it_is_and_repeats_the_head_of_the_acts() -> None:
    told = pages_of_everything()
    assert len(told) > 1
    for rank, text in enumerate(told, start=1):
        assert NOT_A_FORM in text
        assert "flux de test" in text
        assert "FSE n° 000000001, lot n° 001 du 05/10/2026" in text
        assert f"page {rank} / {len(told)}" in text
        assert "Part AMO Part AMC Honoraires" in text
    whole = " ".join(told)
    for rank in range(34):
        assert f" {52 + rank // 10},{rank % 10}0 {52 + rank // 10},{rank % 10}0 70 % " in whole, rank
    assert whole.count("Total en euros") == 1


def test_it_says_employer_employee_accident_prescription_and_long_names_whole() -> None:
    first = pages_of_everything()[0]
    assert first.index("Employeur") < first.index("Salarié")
    for said in ("n° 002345676", "DELAMARRE VILLENEUVE ST J", "VANDENBROUCKE MONTGOLFIER", "41 – Accident du travail"):
        assert said in first, said
    assert "Accident du 31/08/2026" in first
    assert "du 01/09/2026, par le prescripteur n° 003456787" in first
    last = pages_of_everything()[-1]
    assert "Signature du salarié" in last
    assert "Signature et cachet de l'employeur" in last or "cachet de" in last


def test_an_assistant_and_a_colleague_are_called_so(tmp_path: Path) -> None:
    one = duplicata_of(tmp_path, facture("V-1"))
    who = Professionnel(numero=OTHER, nom="DR ALIX AUTRE", specialite="01")
    (assisted,) = pages(brouillon(replace(one, executants=(replace(who, role="adjoint"),))))
    assert assisted.index("Employeur") < assisted.index("Adjoint DR ALIX AUTRE")
    assert "Signature de l'adjoint" in assisted
    (together,) = pages(brouillon(replace(one, executants=(replace(who, role="confrere"),))))
    assert together.index("Prestataire") < together.index("Confrère DR ALIX AUTRE")
    assert "Signature du confrère" in together
    assert "mployeur" not in together


def test_the_replacement_is_shown_after_the_practitioner(tmp_path: Path) -> None:
    one = duplicata_of(tmp_path, facture("V-1", before=f"<remplacant>{OTHER}</remplacant>"))
    (text,) = pages(brouillon(one))
    assert text.index("Remplacé") < text.index("Remplaçant")
    assert "n° 002345676" in text
    assert "Signature et cachet du remplaçant" in text


def test_free_care_is_said_to_be_free(tmp_path: Path) -> None:
    free = facture("V-1", destinataire="00").replace("3000", "0").replace("2100", "0")
    (text,) = pages(brouillon(duplicata_of(tmp_path, free, voie="patient")))
    assert "acte gratuit" in text
    assert "Total en euros – acte gratuit" in text
    assert "avoir reçu" not in text


# --- the file --------------------------------------------------------------------------------------------------------


def test_it_is_an_a4_dated_of_its_day_with_its_fonts(practice: Practice) -> None:
    content = brouillon(of_practice(practice, 1))
    told = facts(content)
    assert told["Page size"].endswith("(A4)")
    assert told["CreationDate"].startswith("Mon Oct 12 00:00:00 2026")
    assert told["Title"] == "Duplicata de la FSE 000000001"
    fonts = poppler("pdffonts", content, output="").decode().splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), "embedded, subset, readable as text"


def test_the_same_duplicate_makes_the_same_bytes(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    one = of_practice(practice, 1)
    content = brouillon(one)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert brouillon(one) == content == rendu_duplicata()(one)


PAGE = """
from datetime import date
from hashlib import sha256
from fse.app.reports.pdf import make_pdf
page = "<html lang=fr><meta name=dcterms.created content=2026-10-12><body>Zoé 30,00 <b>AMO</b></body></html>"
print("with", sha256(make_pdf(page, date(2026, 10, 12))).hexdigest())
import weasyprint.pdf.fonts
weasyprint.pdf.fonts.harfbuzz_subset = None
print("without", sha256(make_pdf(page, date(2026, 10, 12))).hexdigest())
"""


def test_the_same_page_makes_the_same_bytes_in_another_process_at_another_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the library that cuts fonts, fontTools does, and would write the time of day in them."""
    fonts = importlib.import_module("weasyprint.pdf.fonts")
    monkeypatch.setattr(fonts, "harfbuzz_subset", fonts.harfbuzz_subset)  # put back once the page has taken it away
    exec(PAGE, {})
    here = capsys.readouterr().out
    start = [sys.executable, "-W", "ignore", "-c", PAGE]  # starts in more than a second, of which fonts keep the time
    other = subprocess.run(start, capture_output=True, check=True, text=True, env={"PYTHONHASHSEED": "1"})
    assert here == other.stdout
    assert [line.split()[0] for line in here.splitlines()] == ["with", "without"]


def test_a_page_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body::after { content: 'SECRET' }", encoding="utf-8")
    page = f'<html><head><link rel="stylesheet" href="{secret.as_uri()}"></head><body>rien</body></html>'
    assert pages(make_pdf(page, date(2026, 10, 12))) == ["rien"]
