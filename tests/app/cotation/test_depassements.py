"""Overruns and the care path end to end: `cabinet.toml`, what is printed, what is kept, what goes into B2.

The figures: G = 30,00 € since 22/12/2024, of which 21,00 € (70 %) to the caisse, whatever is asked above it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.coter import coter
from fse.app.operations.feuille import read_sheet
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import UsageError
from fse.infra.journal.facts import factures
from fse.norm.codec import documents
from fse.norm.referentiels.parametres import EN_PROJET
from tests.app.cabinet import CABINET, JOUR, document, write_cabinet
from tests.app.cotation.care import facture, new_practice, priced, seance

DOCTOR, COLLEAGUE = "001234566", "002345676"
PRACTICE = (
    CABINET.replace('specialite = "01"', 'specialite = "01"\nprofession = "medecin"\ndiscipline = "generaliste"')
    + f"""
[[exercices]]
prestataire = "{DOCTOR}"
debut = 2020-01-01
secteur = "1"
"""
)
DRAFT = PRACTICE + '\n[cotation]\nregime = "projet-2011"\n'
ABOUT = ("ngap.dm-", "cotation.")
SENT = f"<parcours><situation>oriente</situation><oriente_par>{COLLEAGUE}</oriente_par></parcours>"


def visit(*, told: bool = True, genre: str = "DE", parcours: str = SENT) -> str:
    """An invoice of one consultation with 10,00 € asked above it."""
    asked = f"<genre>{genre}</genre><montant>1000</montant><motif>rendez-vous exige</motif>"
    asked += "<information>1</information>" if told else ""
    acte = f"<acte><code_acte>G</code_acte><depassement>{asked}</depassement></acte>"
    text = facture("V-1", seance(acte, ordonnance=""), prescription="")
    return text.replace("<soins>", f"<soins>{parcours}", 1)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "cabinet", PRACTICE) as opened:
        yield opened


def test_a_demand_of_the_patient_goes_into_b2_and_costs_the_payer_nothing(practice: Practice) -> None:
    entree = priced(practice, visit())
    (again,) = coter(practice.cabinet, [entree], practice)
    assert again.xml() == entree, "the letter that it gives is the one that it finds"
    result = securiser(practice, entree, le=JOUR)
    assert [one.total_honoraires for one in result.factures] == [4000], [one.message for one in result.constats]
    with practice.journal.reading() as reading:
        row = factures.find(reading, DOCTOR, 1)
        assert row is not None
        (line,) = read_sheet(reading, practice.cabinet, row, "copie").facture.prestations
        kept, _ = documents.read(reading.load(row.contenu_saisie))
    assert (line.qualificatif, line.honoraires, line.base, line.montant_amo) == ("E", 4000, 3000, 2100)
    assert kept is not None
    (one,) = kept.factures
    assert one.soins is not None
    assert one.soins.parcours is not None
    assert one.soins.parcours.indicateur == "O", "B2 has no place for it: it stays with the facts"


def test_it_is_refused_unless_the_patient_was_told(practice: Practice) -> None:
    result = securiser(practice, priced(practice, visit(told=False)), le=JOUR)
    assert result.factures == ()
    (refused,) = [one for one in result.constats if one.is_error]
    assert refused.code == "ngap.depassement-information"
    assert "10,00" in refused.message
    assert "article" in refused.source


def test_coter_tells_the_overrun_and_the_letter_of_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_cabinet(tmp_path, PRACTICE)
    (tmp_path / "soins.xml").write_bytes(document(visit()))
    monkeypatch.chdir(tmp_path)
    assert run(["coter", "soins.xml", "--detail"]) == 0
    told = capsys.readouterr().out.replace("\u202f", " ")
    assert "05/10/2026, au cabinet, parcours O : 40,00 €, dont 10,00 € de dépassement" in told
    assert "O (Orienté par le médecin traitant)" in told
    assert "1. G : 30,00 € et 10,00 € de dépassement" in told
    assert "10,00 €, DE, qualificatif E [règle depassement-sur-la-ligne" in told
    assert "patient 9,00 €, dépassement 10,00 € au patient, non remboursé" in told
    assert EN_PROJET not in told
    assert run(["coter", "soins.xml", "--format", "json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    (one,) = result["factures"][0]["seances"]
    assert (result["regime"], one["indicateur"], one["montant"]) == ("droit", "O", 3000)
    assert [ligne["depassement"] for ligne in one["lignes"]] == [1000]


def test_the_draft_is_asked_for_and_told_as_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same DM: refused by the law as of an option not in force, by the draft for the sector of this doctor."""
    found = {}
    for nom, text in (("droit", PRACTICE), ("projet", DRAFT)):
        folder = tmp_path / nom
        folder.mkdir()
        (result,) = coter(write_cabinet(folder, text), [document(visit(genre="DM"))])
        found[nom] = {one.code: one for one in result.constats if one.code.startswith(ABOUT)}
    assert set(found["droit"]) == {"ngap.dm-en-projet"}
    assert set(found["projet"]) == {"cotation.selon_projet", "ngap.dm-secteur"}
    assert all(EN_PROJET in one.message for one in found["projet"].values())
    (tmp_path / "projet" / "soins.xml").write_bytes(document(visit()))
    monkeypatch.chdir(tmp_path / "projet")
    assert run(["coter", "soins.xml"]) == 0
    assert f"Selon le {EN_PROJET} : une simulation." in capsys.readouterr().out


def test_the_sector_is_that_of_the_day_of_care(tmp_path: Path) -> None:
    """Sector 1 up to the eve, sector 2 since: own fees are refused, then they are not."""
    text = PRACTICE.replace('secteur = "1"', 'fin = 2026-10-04\nsecteur = "1"')
    text += f'\n[[exercices]]\nprestataire = "{DOCTOR}"\ndebut = 2026-10-05\nsecteur = "2"\n'
    cabinet = write_cabinet(tmp_path, text)
    found = {}
    for day in ("2026-10-04", "2026-10-05"):
        one = visit(genre="libre").replace("<date_soins>2026-10-05", f"<date_soins>{day}")
        (result,) = coter(cabinet, [document(one)])
        found[day] = "ngap.honoraires-libres-secteur" in {each.code for each in result.constats}
    assert found == {"2026-10-04": True, "2026-10-05": False}


def test_a_regime_that_is_none_is_refused(tmp_path: Path) -> None:
    write_cabinet(tmp_path, PRACTICE)
    (tmp_path / "cabinet.toml").write_text(DRAFT.replace("projet-2011", "projet-2012"), encoding="utf-8")
    with pytest.raises(UsageError, match="regime vaut droit ou projet-2011"):
        load_cabinet(tmp_path / "cabinet.toml")
