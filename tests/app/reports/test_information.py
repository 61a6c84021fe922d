"""What a patient is told of an overrun, as they read it: how much, why, that it is not reimbursed; the estimate."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.coter import coter
from fse.app.operations.information import Information, information
from fse.app.reports.information import rendu_information
from fse.base.errors import UsageError
from tests.app import cabinet as plain
from tests.app.cabinet import PATIENTS, PRESTATAIRE, document, write_cabinet
from tests.app.pratique.world import CHIRURGIEN, DOCTORS, EXERCICES
from tests.app.reports.paper import facts, pages
from tests.app.test_cli import Shell

LE = date(2026, 10, 5)
OPTIONNEL = EXERCICES.replace('"option-coordination"', '"secteur-optionnel"') + '\n[cotation]\nregime = "projet-2011"\n'


def asked(genre: str, montant: int, motif: str) -> str:
    return f"<depassement><genre>{genre}</genre><montant>{montant}</montant><motif>{motif}</motif></depassement>"


def acte(code: str, prix: int, depassement: str = "") -> str:
    return f"<acte><code_acte>{code}</code_acte><prix>{prix}</prix>{depassement}</acte>"


def care(reference: str, *actes: str, prestataire: str = PRESTATAIRE, patient: int = 0) -> str:
    """An invoice of the acts of one session, none of which says that the patient was told."""
    session = f"<seance><date_soins>{LE}</date_soins><lieu>cabinet</lieu>{''.join(actes)}</seance>"
    path = "<parcours><situation>oriente</situation><oriente_par>002345676</oriente_par></parcours>"
    text = plain.facture(reference, patient=patient, destinataire="00", lignes=(f"<soins>{path}{session}</soins>",))
    return text.replace(f"<prestataire>{PRESTATAIRE}<", f"<prestataire>{prestataire}<")


REMPLACEMENT = f"""
[[remplacements]]
remplace = "{PRESTATAIRE}"
remplacant = "002345676"
nom = "DR LOU ESSAI"
debut = 2026-10-01
fin = 2026-10-31
licence = "L1"
adresse = "1 rue de l'Essai"
cabinet = "2 rue de l'Essai"
"""
DEMANDE = asked("DE", 1000, "rendez-vous demandé après 20 heures")
DOCUMENT = document(
    care("D-1", acte("CS", 3000, DEMANDE), acte("ZZZ", 200)),
    care("D-2", acte("CS", 3000), patient=1),
    care("D-3", acte("CS", 3000), acte("ZZZ", 200, DEMANDE), patient=2),
)
"""The second asks for nothing, the third for an overrun on a fee that bears none (DE: principal act only)."""

OPERATION = document(care("O-1", acte("ADC", 10000, asked("DM", 5000, "technique")), prestataire=CHIRURGIEN))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_cabinet(tmp_path, DOCTORS + EXERCICES)
    (tmp_path / "soins.xml").write_bytes(DOCUMENT)
    return tmp_path


def written(folder: Path, *arguments: str) -> str:
    """What `fse information` prints, its amounts with plain blanks."""
    return Shell(folder).ok("information", *arguments, "--le", str(LE)).replace("\u202f", " ")


def notices(cabinet: Cabinet, entree: bytes, sortie: Path) -> list[Information]:
    """What the renderer is given for D-1."""
    held: list[Information] = []

    def keep(notice: Information) -> bytes:
        held.append(notice)
        return b""

    information(cabinet, entree, "D-1", sortie, keep, le=LE)
    return held


def test_the_patient_reads_the_amount_the_reason_and_that_it_is_not_reimbursed(folder: Path) -> None:
    printed = written(folder, "soins.xml", "--reference", "D-1", "--sortie", "d.pdf")
    assert "dépassement 10,00 €, non remboursé, au-dessus de 32,00 €" in printed
    assert "sans cela il est refusé" in printed
    path = folder / "d.pdf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (text,) = pages(path.read_bytes())
    for said in (
        "INFORMATION SUR UN DÉPASSEMENT D'HONORAIRES, flux de test",
        "DR CAMILLE ESSAI, n° 001234566",
        "LEFEVRE ZOE",
        "Consultation de spécialiste (CS)",
        "Le dépassement de 10,00 € n'est pas remboursé par l'assurance maladie",
        "sur la base du tarif, ici 32,00 €",
        "Motif : rendez-vous demandé après 20 heures",
        "sans motif médical (DE)",
        "Total en euros 32,00 10,00 42,00",
        "édité le 05/10/2026",
    ):
        assert said in text.replace("\u202f", " ")
    for other in ("Estimation", "projet", PATIENTS[0][0]):
        assert other not in text


def test_who_treats_for_another_is_named(folder: Path) -> None:
    replaced = DOCUMENT.replace(b"<prestataire>", b"<remplacant>002345676</remplacant><prestataire>", 1)
    held = notices(write_cabinet(folder, DOCTORS + EXERCICES + REMPLACEMENT), replaced, folder / "vide")
    assert [(one.praticien, one.soignants) for one in held] == [("DR CAMILLE ESSAI", ("DR LOU ESSAI",))]


def test_the_facts_say_that_the_patient_was_told_or_the_overrun_is_refused(folder: Path) -> None:
    """What the notice supposes is not what the document says: priced as it stands, it is refused."""
    (result,) = coter(write_cabinet(folder, DOCTORS + EXERCICES), [DOCUMENT])
    refused = [one.code for one in result.factures[0].constats if one.is_error]
    assert refused == ["ngap.depassement-information"]


def test_in_the_optional_sector_it_is_an_estimate_by_the_draft_and_says_so(folder: Path) -> None:
    write_cabinet(folder, DOCTORS + OPTIONNEL)
    (folder / "operation.xml").write_bytes(OPERATION)
    printed = written(folder, "operation.xml", "--reference", "O-1", "--sortie", "o.pdf")
    assert "Estimation de O-1" in printed
    assert "devis et information" in printed
    (text,) = pages((folder / "o.pdf").read_bytes())
    for said in (
        "ESTIMATION AVANT L'INTERVENTION",
        "Coût du séjour, à compléter avec l'établissement",
        "dépassement maîtrisé, auquel le médecin a adhéré (DM)",
        "100,00 50,00 150,00",
        "j'ai reçu cette estimation avant l'intervention",
        "Coté selon le projet du 07/07/2011, non en vigueur",
    ):
        assert said in text.replace("\u202f", " ")


def test_the_page_says_the_same_in_html(folder: Path) -> None:
    written(folder, "soins.xml", "--reference", "D-1", "--sortie", "d.html")
    html = (folder / "d.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "rendez-vous demandé après 20 heures" in html
    assert "10,00" in html


def test_the_same_notice_is_the_same_file(folder: Path) -> None:
    for _ in range(2):
        written(folder, "soins.xml", "--reference", "D-1", "--sortie", "d.pdf")
    content = (folder / "d.pdf").read_bytes()
    assert facts(content)["CreationDate"].startswith("Mon Oct  5")
    assert not (folder / "journal.sqlite").exists(), "nothing is recorded"


def test_a_file_that_is_there_is_not_replaced(folder: Path) -> None:
    (folder / "autre.html").write_text("une lettre", encoding="utf-8")
    arguments = ("information", "soins.xml", "--reference", "D-1", "--sortie", "autre.html", "--le", str(LE))
    done = Shell(folder).run(*arguments)
    assert (done.returncode, "sortie.differente" in done.stderr) == (5, True), done.stderr
    assert (folder / "autre.html").read_text(encoding="utf-8") == "une lettre"


def test_care_that_was_given_before_is_told(folder: Path) -> None:
    """The notice of care of 5 October, made that day, then the day after."""
    arguments = ("information", "soins.xml", "--reference", "D-1", "--sortie", "d.html", "--le")
    assert "soins_passes" not in Shell(folder).ok(*arguments, "2026-10-05")
    (folder / "d.html").unlink()
    printed = Shell(folder).ok(*arguments, "2026-10-06")
    assert "information.soins_passes" in printed
    assert "ses soins sont du 05/10/2026" in printed


def test_what_may_not_be_billed_is_not_announced(folder: Path) -> None:
    done = Shell(folder).run("information", "soins.xml", "--reference", "D-3", "--sortie", "d.pdf", "--le", str(LE))
    assert done.returncode == 1
    assert "ngap.de-acte-principal" in done.stdout
    assert not (folder / "d.pdf").exists()


def test_an_unreadable_document_says_what_is_wrong(folder: Path) -> None:
    (folder / "abime.xml").write_bytes(b"<factures")
    done = Shell(folder).run("information", "abime.xml", "--reference", "D-1", "--sortie", "d.pdf")
    assert done.returncode == 1
    assert "[structure." in done.stdout or "[saisie." in done.stdout


@pytest.mark.parametrize(
    ("entree", "reference", "sortie", "code"),
    [
        (DOCUMENT, "D-2", "d.pdf", "information.sans_depassement"),
        (DOCUMENT, "D-9", "d.pdf", "information.reference"),
        (
            document(care("D-1", acte("CS", 3000, DEMANDE)), care("D-1", acte("CS", 3000), prestataire=CHIRURGIEN)),
            "D-1",
            "d.pdf",
            "information.reference",
        ),
        (DOCUMENT, "D-1", "d.docx", "information.forme"),
    ],
)
def test_what_cannot_be_made_is_refused(folder: Path, entree: bytes, reference: str, sortie: str, code: str) -> None:
    cabinet = write_cabinet(folder, DOCTORS + EXERCICES)
    with pytest.raises(UsageError) as refused:
        information(cabinet, entree, reference, folder / sortie, rendu_information(folder / sortie), le=LE)
    assert refused.value.code == code
    assert not (folder / sortie).exists()


def test_json_and_the_text_form_of_a_notice_name_nobody(folder: Path) -> None:
    text = Shell(folder).ok(
        "information", "soins.xml", "--reference", "D-1", "--sortie", "d.html", "--format", "json", "--le", str(LE)
    )
    result = json.loads(text)
    assert (result["tarif"], result["depassement"], result["devis"]) == (3200, 1000, False)
    held = notices(write_cabinet(folder, DOCTORS + EXERCICES), DOCUMENT, folder / "vide")
    for personal in ("LEFEVRE", "ZOE", PATIENTS[0][0]):
        assert personal not in text.upper()
        assert personal not in repr(held).upper()
