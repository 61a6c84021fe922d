"""`coter` and `fse coter`: each amount with what made it, nothing written, nothing personal, again the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.operations.coter import coter
from tests.app.cabinet import CLE, JOUR, PATIENTS, document, prestation, write_cabinet
from tests.app.cotation.care import DRAW, NURSE, ami, facture, new_practice, seance

FOUR_ACTS = facture("V-1", seance(ami("4"), DRAW, ami("1"), ami("1"), before="<heure>07:30</heure>"))
"""12,60 + 4,73 + half of AMI 1 (1,575, so 1,58); the last is not billed (regles.md E.2, G.3)."""

LINES = [(100, 1260), (100, 473), (50, 158), (0, 0)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a practice of nurses that has no journal yet, and the current one."""
    write_cabinet(tmp_path, NURSE)
    (tmp_path / "soins.xml").write_bytes(document(FOUR_ACTS))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_prices_line_by_line_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coter", "soins.xml"]) == 0
    lines = capsys.readouterr().out.replace("\u202f", " ").splitlines()
    assert lines[:9] == [
        "Sans profil de cotation : seules les valeurs vérifiées servent.",
        "Pas encore de journal : seuls comptent les soins de ces documents.",
        "soins.xml : 1 facture, 18,91 €",
        "  V-1 : 18,91 € (AMO 11,35 €, AMC 0,00 €, patient 7,56 €)",
        "    05/10/2026 à 07:30, au cabinet : 18,91 €",
        "      1. AMI 4 : 12,60 €",
        "      2. AMI 1,5 : 4,73 €, Prélèvement par ponction veineuse",
        "      3. AMI 0,5 : 1,58 €, à 50 % ; après AMI 4",
        "      4. AMI 1 : non facturé ; article 11 B : troisième acte ou suivant, après AMI 4 et AMI 1",
    ]
    assert sorted(one.name for one in folder.iterdir()) == ["cabinet.toml", "soins.xml"]


def test_detail_gives_each_step_with_its_value_date_source_and_confidence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coter", "soins.xml", "--detail"]) == 0
    told = capsys.readouterr().out.replace("\u202f", " ")
    assert "valeur de la lettre-clé AMI : 3,15 € [valeur_ami, depuis le " in told
    assert "[règle 11b-prelevement-veineux, depuis le " in told
    assert "maieutic ; trois sources au moins]" in told
    assert "AMO 7,56 €, AMC 0,00 €, patient 5,04 €" in told


def test_json_says_the_same_and_names_nobody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coter", "soins.xml", "--format", "json"]) == 0
    text = capsys.readouterr().out
    ((result,),) = [json.loads(text)]
    ((session,),) = [one["seances"] for one in result["factures"]]
    assert [(one["part"], one["montant"]) for one in session["lignes"]] == LINES
    assert result["montant"] == session["montant"] == sum(montant for _, montant in LINES)
    for ligne in session["lignes"]:
        assert ligne["montant"] == ligne["montant_amo"] + ligne["montant_amc"] + ligne["part_patient"]
        for step in ligne["justifications"]:
            assert step["source"], step
            assert step["article"], step
            assert step["confiance"], step
            assert bool(step["regle"]) != bool(step["parametre"]), "a rule or a value"
    for personal in (PATIENTS[0][0], "LEFEVRE", "Lef", "ZOE"):
        assert personal not in text


def test_the_priced_document_is_for_its_owner_and_for_securiser(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coter", "soins.xml", "--sortie", "cote.xml"]) == 0
    written = folder / "cote.xml"
    assert written.stat().st_mode & 0o077 == 0
    cabinet = write_cabinet(folder, NURSE)
    (again,) = coter(cabinet, [written.read_bytes()])
    assert (again.xml(), again.montant) == (written.read_bytes(), 1891)
    monkeypatch.setenv("FSE_CLE_JOURNAL", CLE)
    assert run(["securiser", "cote.xml", "--le", str(JOUR)]) == 0
    assert "V-1  18,91" in capsys.readouterr().out


def test_nothing_is_written_of_a_document_that_has_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "soins.xml").write_bytes(document(facture("V-1", seance("<acte/>"))))
    assert run(["coter", "soins.xml", "--sortie", "cote.xml"]) == 1
    assert not (folder / "cote.xml").exists()
    assert "corriger d'abord" in capsys.readouterr().err


def test_one_output_for_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coter", "soins.xml", "soins.xml", "--sortie", "cote.xml"]) == 2
    assert "un seul document" in capsys.readouterr().err


def test_the_profile_in_use_is_said_first_and_on_what_rests_on_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An act that a third party's code alone gives: refused without a profile that names it, priced with one."""
    entree = document(facture("V-1", seance("<acte><acte>pansement-courant</acte></acte>")))
    (folder / "soins.xml").write_bytes(entree)
    assert run(["coter", "soins.xml"]) == 1
    assert "cotation.a_verifier" in capsys.readouterr().out
    (folder / "profil.toml").write_text(
        'libelle = "le nôtre"\nmotif = "vérifié sur la NGAP papier"\nactive = ["pansement-courant"]\n', encoding="utf-8"
    )
    write_cabinet(folder, NURSE + '\n[cotation]\nprofil = "profil.toml"\n')
    assert run(["coter", "soins.xml", "--detail"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Profil de cotation « profil.toml » (le nôtre) : vérifié sur la NGAP papier.\n")
    assert "à vérifier, lu chez un tiers, par le profil « profil.toml »]" in told


def test_with_a_journal_its_key_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_practice(tmp_path).close()
    (tmp_path / "soins.xml").write_bytes(document(FOUR_ACTS))
    monkeypatch.chdir(tmp_path)
    assert run(["coter", "soins.xml"]) == 2
    assert "FSE_CLE_JOURNAL" in capsys.readouterr().err
    monkeypatch.setenv("FSE_CLE_JOURNAL", CLE)
    assert run(["coter", "soins.xml"]) == 0
    assert "Pas encore de journal" not in capsys.readouterr().out


LINE = prestation(315, code="AMI", taux=60, amc=False)


@pytest.mark.parametrize(
    ("ligne", "territoire", "expected"),
    [
        (LINE, "metropole", []),
        (LINE, "guadeloupe", ["3,30"]),
        (LINE.replace("<prix_unitaire>315<", "<prix_unitaire>330<"), "guadeloupe", []),
        (LINE.replace("<prix_unitaire>315<", "<prix_unitaire>316<"), "metropole", ["3,15"]),
        (LINE.replace("AMI", "ZZZ").replace("<prix_unitaire>315<", "<prix_unitaire>316<"), "metropole", []),
    ],
    ids=["right", "metropole in Guadeloupe", "Guadeloupe", "a centime more", "a letter that we do not know"],
)
def test_a_line_that_no_care_explains_is_compared_with_its_letter(
    tmp_path: Path, ligne: str, territoire: str, expected: list[str]
) -> None:
    text = NURSE.replace('"infirmier"', f'"infirmier"\nterritoire = "{territoire}"')
    (result,) = coter(write_cabinet(tmp_path, text), [document(facture("V-1", lignes=ligne))])
    told = [one for one in result.constats if one.code == "cotation.prix_inattendu"]
    assert [one.is_error for one in told] == [False] * len(expected)
    for one, amount in zip(told, expected, strict=True):
        assert amount in one.message


def test_nothing_is_compared_with_a_value_that_a_later_source_contradicts(tmp_path: Path) -> None:
    """Whether AMI is 3,35 € since November 2026, a third party's code alone says (regles.md E.1)."""
    ligne = LINE.replace(str(JOUR), "2026-12-01").replace("<prix_unitaire>315<", "<prix_unitaire>316<")
    (result,) = coter(write_cabinet(tmp_path, NURSE), [document(facture("V-1", lignes=ligne))])
    assert "cotation.prix_inattendu" not in {one.code for one in result.constats}


def test_the_example_of_the_documentation_is_priced(tmp_path: Path) -> None:
    """Heavy dressing AMI 4, AMI 1.5 at half and the travel of 5 October 2026: 12,60 + 2,36 + 2,75 (regles.md G.1)."""
    page = (Path(__file__).parents[3] / "docs" / "cotation.md").read_text(encoding="utf-8")
    soins = page.split("```xml\n")[1].split("```")[0]
    contract = "<amc><numero_amc>99800001</numero_amc></amc>"
    text = facture("V-1", seance(DRAW)).replace("<soins>", f"{contract}<soins>", 1)
    whole = text.split("<soins>")[0] + soins + text.split("</soins>")[1]
    (result,) = coter(write_cabinet(tmp_path, NURSE), [document(whole.replace(">05<", ">15<", 1))])
    assert [one.message for one in result.constats if one.is_error] == []
    assert result.montant == 1260 + 236 + 275
    facture_cotee = result.factures[0].saisie.facture
    assert facture_cotee.part_assure == facture_cotee.total_amc, "40 % of the base is all that the caisse leaves"
