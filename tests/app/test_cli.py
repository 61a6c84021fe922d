"""The commands as practice software calls them: files, exit statuses, French on standard error."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from fse.app.cli import run
from tests.app.cabinet import CABINET, CLE, MOT_DE_PASSE, PATIENTS, document, facture, key_folder, put_journal

SECRETS = {"FSE_CLE_JOURNAL": CLE, "FSE_MOT_DE_PASSE": MOT_DE_PASSE}


class Done:
    """What a command left: its exit status, what it wrote."""

    def __init__(self, returncode: int, stdout: str, stderr: str) -> None:
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


class Shell:
    """Runs `fse` in the folder of a practice, inside this process: what is slow to import is imported once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, entree: bytes = b"", **changes: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(entree)))
            for name, value in (SECRETS | changes).items():
                patch.setenv(name, value)
            status = run(list(arguments))
        return Done(status, out.getvalue(), err.getvalue())

    def ok(self, *arguments: str, entree: bytes = b"") -> str:
        done = self.run(*arguments, entree=entree)
        assert done.returncode == 0, done.stderr
        return done.stdout


def shell_of(folder: Path) -> Shell:
    """The shell of a practice that has its key and two visits, and no journal yet."""
    (folder / "cabinet.toml").write_text(CABINET, encoding="utf-8")
    (folder / "praticien.p12").write_bytes((key_folder() / "praticien.p12").read_bytes())
    (folder / "visites.xml").write_bytes(document(facture("V-1"), facture("V-2", patient=1)))
    return Shell(folder)


@pytest.fixture
def new_shell(tmp_path: Path) -> Shell:
    return shell_of(tmp_path)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """That of a practice whose journal is there, and empty."""
    put_journal(tmp_path)
    return shell_of(tmp_path)


def test_from_the_visit_to_the_worklist(new_shell: Shell) -> None:
    assert "000000001  V-1  30,00" in new_shell.ok("securiser", "visites.xml", "--le", "2026-10-05")
    assert "2 factures" in new_shell.ok("emettre", "--sortie", "envoi", "--le", "2026-10-05")
    (sent,) = (new_shell.folder / "envoi").glob("*.b2")
    new_shell.ok("caisse", "repondre", str(sent), "--sortie", "retours", "--le", "2026-10-08")
    assert "facture 000000002 : AMO payée" in new_shell.ok("recevoir", "retours", "--le", "2026-10-08")
    assert "déjà reçu" in new_shell.ok("recevoir", "retours", "--le", "2026-10-09")
    assert "2 soldées" in new_shell.ok("suivi", "--le", "2026-10-26")
    assert "Soldée" in new_shell.ok("facture", "1")


def test_never_answered_is_said_with_its_age(shell: Shell) -> None:
    shell.ok("emettre", "visites.xml", "--sortie", "envoi", "--le", "2026-10-05")
    assert "Sans réponse" not in shell.ok("suivi", "--le", "2026-10-15")
    late = shell.ok("suivi", "--le", "2026-10-16")
    assert "Sans réponse au-delà du délai" in late
    assert "depuis 11 jours" in late


@pytest.mark.parametrize(
    "arguments",
    [
        ("securiser", "visites.xml"),
        ("emettre", "--sortie", "envoi"),
        ("suivi",),
        ("facture", "1"),
        ("recevoir", "retours"),
        ("annuler", "2", "--motif", "essai", "--auteur", "moi"),
    ],
)
def test_json_is_one_document_on_standard_output(shell: Shell, arguments: tuple[str, ...]) -> None:
    shell.ok("securiser", "visites.xml")
    (shell.folder / "retours").mkdir()
    json.loads(shell.ok(*arguments, "--format", "json"))


def test_personal_data_is_masked_unless_asked(shell: Shell) -> None:
    shell.ok("securiser", "visites.xml")
    for arguments in (("facture", "1"), ("suivi",), ("facture", "1", "--format", "json")):
        text = shell.ok(*arguments)
        assert PATIENTS[0][0] not in text
        assert "LEFEVRE" not in text
    assert "LEFEVRE" in shell.ok("facture", "1", "--en-clair")


def test_standard_input_is_a_dash(shell: Shell) -> None:
    assert "V-9" in shell.ok("securiser", "-", entree=document(facture("V-9")))


def test_the_cabinet_comes_from_the_option_or_the_environment(new_shell: Shell, tmp_path: Path) -> None:
    elsewhere = Shell(tmp_path.parent)
    path = str(new_shell.folder / "cabinet.toml")
    absent = elsewhere.run("suivi", "--cabinet", path)
    assert (absent.returncode, "journal.absent" in absent.stderr) == (5, True)
    new_shell.ok("securiser", "visites.xml")
    assert elsewhere.run("suivi", "--cabinet", path).returncode == 0
    assert elsewhere.run("suivi", FSE_CABINET=path).returncode == 0
    missing = elsewhere.run("suivi")
    assert (missing.returncode, "cabinet.absent" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "changes", "status", "code"),
    [
        (("facture", "77"), {}, 2, "facture.inconnue"),
        (("suivi",), {"FSE_CLE_JOURNAL": "autre"}, 5, "journal.cle"),
        (("suivi",), {"FSE_CLE_JOURNAL": ""}, 2, "secret.absent"),
        (("emettre", "--sortie", "envoi"), {"FSE_MOT_DE_PASSE": "faux"}, 4, "cle.mot_de_passe"),
        (("securiser", "absent.xml"), {}, 2, "entree.absente"),
        (("recevoir", "visites.xml"), {}, 3, "lecture.pas_a_nous"),
        (("inconnue",), {}, 2, ""),
    ],
)
def test_exit_statuses(
    shell: Shell, arguments: tuple[str, ...], changes: dict[str, str], status: int, code: str
) -> None:
    shell.ok("securiser", "visites.xml")
    done = shell.run(*arguments, **changes)
    assert done.returncode == status, done.stderr
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_document_gives_1_and_writes_nothing(shell: Shell) -> None:
    done = shell.run("securiser", "-", entree=document(facture("V-1")).replace(b"<cle_nir>81", b"<cle_nir>80"))
    assert done.returncode == 1
    assert "saisie.cle_nir" in done.stdout
    assert "Aucune facture en attente" in shell.ok("emettre", "--sortie", "envoi")


def test_a_cabinet_marked_real_is_refused(new_shell: Shell) -> None:
    path = new_shell.folder / "cabinet.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('marque = "T"', 'marque = "R"'), encoding="utf-8")
    done = new_shell.run("securiser", "visites.xml")
    assert (done.returncode, "cabinet.flux_reel" in done.stderr) == (2, True)
    assert not (new_shell.folder / "journal.sqlite").exists()


def test_an_unknown_key_of_the_cabinet_is_refused(shell: Shell) -> None:
    path = shell.folder / "cabinet.toml"
    path.write_text("taille_lots = 3\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = shell.run("suivi")
    assert (done.returncode, "cabinet.cle_inconnue" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["lire", "verifier", "caisse repondre", "demo", "cle creer-essai"])
def test_every_command_takes_the_cabinet(shell: Shell, command: str) -> None:
    assert "--cabinet" in shell.ok(*command.split(), "--help")


def test_the_keys_of_the_cabinet_are_made_where_it_names_them(shell: Shell) -> None:
    (shell.folder / "praticien.p12").unlink()
    assert "praticien.p12" in shell.ok("cle", "creer-essai")
    assert "1 lot pour le centre 998" in shell.ok("emettre", "visites.xml", "--sortie", "envoi")


def test_an_act_has_an_author_without_asking(shell: Shell) -> None:
    shell.ok("securiser", "visites.xml")
    shell.ok("annuler", "2", "--motif", "erreur de saisie")
    assert "erreur de saisie" in shell.ok("facture", "2")


def test_help_says_that_fse_is_not_approved(shell: Shell) -> None:
    assert "pas un logiciel agréé" in " ".join(shell.ok("--help").split())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('specialite = "01"', 'specialite = "1"'),
        ('nom = "DR CAMILLE ESSAI"', 'nom = "Dr Camille Essai"'),
        ('organisme_destinataire = "998"', 'organisme_destinataire = "98"'),
        ("taille_lot = 20", "taille_lot = 1000"),
        ('numero = "001234566"\nnom', 'numero = "001234567"\nnom'),
    ],
)
def test_what_could_not_be_written_later_is_refused_in_the_cabinet(shell: Shell, old: str, new: str) -> None:
    path = shell.folder / "cabinet.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    done = shell.run("suivi")
    assert (done.returncode, "cabinet.valeur" in done.stderr) == (2, True)
