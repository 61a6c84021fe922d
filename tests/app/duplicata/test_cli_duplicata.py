"""`fse duplicata` as a secretary and a script call it: a PDF, French on the screen, nothing personal there."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.operations.journal.lectures import lectures
from tests.app.cabinet import CLE, PATIENTS, PRESTATAIRE, reopen
from tests.app.duplicata.world import recorded
from tests.app.emitted import emitted_practice
from tests.app.reports.paper import pages

EXAMPLE = Path(__file__).resolve().parents[3] / "fixtures" / "duplicata" / "calage.toml"
WHY = ("--motif", "deux transmissions sans accusé", "--auteur", "marie", "--le", "2026-10-12")


class Desk:
    """Runs `fse duplicata` in the folder of a practice whose sheets have left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        emitted_practice(folder).close()

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setenv("FSE_CLE_JOURNAL", CLE)
            patch.setenv("FSE_UTILISATEUR", "claude")
            status = run(["duplicata", *arguments])
        return status, out.getvalue(), err.getvalue()

    def kept(self) -> tuple[int, int]:
        """Duplicates and readings in clear that the journal holds."""
        with reopen(self.folder) as practice:
            return len(recorded(practice)), len(lectures(practice))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "cabinet")


def test_a_draft_for_the_patient(desk: Desk) -> None:
    status, out, err = desk.run("6", "--sortie", "d.pdf", "--patient", *WHY)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Duplicata n° 1 de la facture 000000006, lot 001 du 05/10/2026 : d.pdf",
        "  → Le signer et le remettre au patient, qui le signe et l'envoie à sa caisse.",
    ]
    (text,) = pages((desk.folder / "d.pdf").read_bytes())
    assert "LEFEVRE" in text
    assert "Ne remplace pas le formulaire réglementaire" in text
    assert not {"LEFEVRE", PATIENTS[0][0]} & set(out.split())
    status, out, _ = desk.run("6", "--sortie", "d.pdf", "--patient", *WHY)
    assert (status, "déjà noté au journal, écrit de nouveau" in out) == (0, True)
    assert desk.kept()[0] == 1


def test_an_overlay_for_the_caisse_in_json(desk: Desk) -> None:
    arguments = ("1", "--sortie", "d.pdf", "--caisse", "--patient-na-pas-signe", "--calage", str(EXAMPLE))
    status, out, err = desk.run(*arguments, "--praticien", PRESTATAIRE, "--format", "json", *WHY)
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert (told["rang"], told["voie"], told["patient_signe"], told["auteur"]) == (1, "caisse", False, "marie")
    assert (told["edite_le"], told["chemin"], told["retenus"]) == ("2026-10-12", "d.pdf", [])
    (text,) = pages((desk.folder / "d.pdf").read_bytes())
    assert "l'assuré n'a pas pu signer" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "--sortie", "d.pdf", *WHY), "[duplicata.voie]"),
        (("1", "--sortie", "d.pdf", "--caisse", "--patient", *WHY), "[duplicata.voie]"),
        (("1", "--sortie", "d.pdf", "--patient", *WHY), "[duplicata.tiers_payant] Remplacer --patient par --caisse."),
        (("6", "--sortie", "d.pdf", "--caisse", *WHY), "[duplicata.mention_absente]"),
        (("1", "--sortie", "d.pdf", "--caisse"), "Il manque l'option '--motif'"),
        (("1", "--sortie", "d.pdf", "--caisse", "--motif", " "), "[acte.absent]"),
        (("99", "--sortie", "d.pdf", "--caisse", *WHY), "[facture.inconnue]"),
        (("1", "--sortie", "d.pdf", "--caisse", "--praticien", "002345676", *WHY), "[praticien.inconnu]"),
        (("1", "--sortie", "d.pdf", "--caisse", "--calage", "rien.toml", *WHY), "[calage.illisible]"),
        (("1", "--sortie", "d.pdf", "--caisse", "--formulaire", "f.pdf", *WHY), "[calage.attendu]"),
    ],
)
def test_what_is_refused_leaves_nothing(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    status, out, err = desk.run(*arguments)
    assert (status, out, said in err) == (2, "", True), err
    assert not (desk.folder / "d.pdf").exists()
    assert desk.kept() == (0, 0)


@pytest.mark.parametrize("module", ["jinja2", "pypdf", "weasyprint"])
def test_without_the_extra_nothing_is_recorded(desk: Desk, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    status, _, err = desk.run("1", "--sortie", "d.pdf", "--caisse", *WHY)
    assert (status, 'pip install "fse[pdf]"' in err) == (2, True), err
    assert desk.kept() == (0, 0)


def test_a_practitioner_makes_those_of_their_own_sheets(desk: Desk) -> None:
    path = desk.folder / "cabinet.toml"
    text = path.read_text(encoding="utf-8")
    other = text.replace(
        "[[prestataires]]",
        '[[prestataires]]\nnumero = "002345676"\nnom = "DR AUTRE"\nspecialite = "01"\n'
        'cle = "autre.p12"\n\n[[prestataires]]',
    )
    users = '\n[[utilisateurs]]\nnom = "claude"\npraticiens = ["002345676"]\n'
    path.write_text(other + users, encoding="utf-8")
    status, _, err = desk.run("1", "--sortie", "d.pdf", "--caisse", *WHY)
    assert (status, "[facture.inconnue]" in err) == (2, True), err
    assert desk.kept() == (0, 0)
