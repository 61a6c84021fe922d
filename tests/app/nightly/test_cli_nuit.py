"""`fse nuit`: one page of French, JSON, exit statuses, secrets; nothing that names a patient."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from fse.app.cli.options import secret
from fse.base.errors import UsageError
from tests.app.accused import arl
from tests.app.cabinet import CLE, document, facture, key_folder
from tests.app.nightly.scene import WAYS, night_practice
from tests.app.test_cli import Shell
from tests.app.transmission.scene import answers, arrive, describe, sealed

EUROS = "60,00\u202f€"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "cabinet"
    with night_practice(folder) as practice:
        (answer,) = answers(practice)
        arrive(practice, "retour.p7m", sealed(("998.noe", answer)))
    (folder / "retour.noe").write_bytes(answer)
    (folder / "praticien.p12").write_bytes((key_folder() / "praticien.p12").read_bytes())
    return Shell(folder)


def put(shell: Shell, name: str, content: bytes) -> None:
    """Dropped, and written long ago."""
    path = shell.folder / "depots" / name
    path.write_bytes(content)
    os.utime(path, (0, 0))


def test_a_night_on_one_page(shell: Shell) -> None:
    (shell.folder / "visites.xml").write_bytes(document(facture("V-8", patient=2), facture("V-9", patient=2)))
    shell.ok("securiser", "visites.xml", "--le", "2026-10-06")
    put(shell, "lettre.pdf", b"%PDF-1.7")
    put(shell, "accuse.arl", arl())
    page = shell.ok("nuit", "--le", "2026-10-06")
    first, *lines = page.splitlines()
    assert first.startswith("Nuit du 06/10/2026, de ")
    assert first.endswith(" : faite")
    assert lines[:6] == [
        "  Envoi : 1 fichier parti",
        f"  Relève : 1 courrier relevé ; 1 fichier reçu ; 2 factures : {EUROS} payés ; 1 virement annoncé : {EUROS}",
        "  Dépôts : 1 fichier reçu ; 1 fichier laissé en place ; accusés : 1 positif",
        "  Relances : rien de nouveau",
        "  Page du matin : 1 page écrite",
        "",
    ]
    assert "Fichier lettre.pdf : laissé en place. Ce contenu n'est ni un fichier B2" in page
    assert "Attend une carte (fse emettre --sortie DOSSIER) :\n  praticien 001234566 : 2 feuilles sans lot ; " in page
    assert "\nÀ faire, dans fse suivi : 2 feuilles à émettre (jusqu'au " in page
    assert len(lines) < 40, "one page"
    assert (shell.folder / "matin" / "matin.html").is_file()
    again = shell.ok("nuit", "--le", "2026-10-06")
    assert "  Envoi : rien de nouveau\n  Relève : rien de nouveau\n" in again


def test_the_same_in_json(shell: Shell) -> None:
    told = json.loads(shell.ok("nuit", "--le", "2026-10-06", "--format", "json"))
    assert [one["etape"] for one in told["etapes"]] == [
        *("envoyer", "relever", "recevoir", "relancer", "renvoyer", "rapport")
    ]
    assert (told["statut"], told["rang"], told["a_faire"], told["attend_une_carte"]) == (0, 1, "", [])
    assert told["envois"]["fichiers"][0]["sort"] == "accepte"
    assert told["relevage"]["courriers"][0]["retours"][0]["verdict"] == "recu"


def test_the_status_is_the_highest_met(shell: Shell) -> None:
    answer = (shell.folder / "retour.noe").read_bytes()
    put(shell, "coupe.noe", answer[:-128])
    done = shell.run("nuit", "--le", "2026-10-06")
    assert done.returncode == 1, "an error in the content"
    assert "1 fichier mis de côté" in done.stdout
    (shell.folder / "arrivees" / "autre.p7m").write_bytes(sealed(("998.noe", answer)))
    assert shell.run("nuit", "--le", "2026-10-06", FSE_MOT_DE_PASSE="faux").returncode == 4, "a key"
    (shell.folder / "depots" / "recus").mkdir(exist_ok=True)
    for one in ("ecartes", "recus"):
        for path in (shell.folder / "depots" / one).iterdir():
            path.unlink()
        (shell.folder / "depots" / one).rmdir()
    (shell.folder / "depots").rmdir()
    done = shell.run("nuit", "--le", "2026-10-06", FSE_MOT_DE_PASSE="faux")
    assert done.returncode == 5, "the outside"
    assert "Dépôts : Un dossier de [nuit] ne peut pas être lu : il n'existe pas" in done.stdout
    assert done.stdout.splitlines()[0].endswith("faite, sauf 3 étapes"), (
        "what was left unread may hold an acknowledgement"
    )


def test_a_step_that_misses_a_secret_does_not_stop_the_others(shell: Shell) -> None:
    text = (shell.folder / "cabinet.toml").read_text(encoding="utf-8")
    mail = '[envoi]\ngenre = "courriel"\nserveur = "localhost"\nport = 1\nexpediteur = "a@b.invalid"\ncompte = "c"\n'
    (shell.folder / "cabinet.toml").write_text(text.replace('[envoi]\ngenre = "repertoire"\ndossier = "oct"\n', mail))
    done = shell.run("nuit", "--le", "2026-10-06")
    assert done.returncode == 2
    assert "Envoi : échec\n" in done.stdout
    assert "FSE_MOT_DE_PASSE_COURRIER" in done.stdout
    assert "Relève : 1 courrier relevé" in done.stdout


def test_a_practice_without_a_journal_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "cabinet").mkdir()
    describe(tmp_path / "cabinet", ways=WAYS)
    done = Shell(tmp_path / "cabinet").run("nuit")
    assert (done.returncode, "journal.absent" in done.stderr) == (5, True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_told_on_a_terminal_only(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell.run("nuit", "--le", "2026-10-06").stderr == ""
    screen = Terminal()
    monkeypatch.setattr("tests.app.test_cli.redirect_stderr", lambda _: redirect_stderr(screen))
    shell.run("nuit", "--le", "2026-10-06")
    assert screen.getvalue() == "Envoi…\nRelève…\nDépôts…\nRelances…\nRenvoi…\nPage du matin…\n"


def test_the_credentials_of_a_service_count_as_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "FSE_CLE_JOURNAL").write_text(f"{CLE}\n", encoding="utf-8")
    (tmp_path / "FSE_MOT_DE_PASSE").write_text("du fichier", encoding="utf-8")
    monkeypatch.setenv("FSE_CLE_JOURNAL", "")
    monkeypatch.setenv("FSE_MOT_DE_PASSE", "de la session")
    with pytest.raises(UsageError):
        secret("FSE_CLE_JOURNAL", "Clé du journal")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret("FSE_CLE_JOURNAL", "Clé du journal") == CLE
    assert secret("FSE_MOT_DE_PASSE", "Mot de passe") == "de la session"


def test_a_night_stopped_by_its_service_lets_its_lock_go(shell: Shell) -> None:
    environment = {**os.environ, "FSE_CLE_JOURNAL": CLE}
    command = [sys.executable, "-c", STOPPED, "nuit", "--le", "2026-10-06"]
    stopped = subprocess.run(
        command, cwd=shell.folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Interrompu" in stopped.stderr, stopped
    assert shell.run("nuit", "--le", "2026-10-06").returncode == 0


STOPPED = """
import os, signal
from fse.app.nightly import steps
from fse.app.cli import main
steps.Travail.relever = lambda self: os.kill(os.getpid(), signal.SIGTERM)
main()
"""


def test_a_fault_of_ours_never_ends_as_a_night_that_is_done(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """1 is what systemd takes for a success."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Mme DUPONT")

    with monkeypatch.context() as patch:
        patch.setattr("fse.app.nightly.nuit.suivi", broken)
        done = shell.run("nuit", "--le", "2026-10-06")
        assert (done.returncode, "(RuntimeError, test_cli_nuit.py ligne " in done.stdout) == (5, True)
    monkeypatch.setattr("fse.app.cli.nuit.print_night", broken)
    done = shell.run("nuit", "--le", "2026-10-06")
    assert (done.returncode, "nuit.imprevue" in done.stderr, "DUPONT" in done.stderr) == (5, True, False)


def test_a_session_that_is_not_declared_is_refused(shell: Shell) -> None:
    with (shell.folder / "cabinet.toml").open("a", encoding="utf-8") as file:
        file.write('[[utilisateurs]]\nnom = "nuit"\n[[utilisateurs]]\nnom = "claude"\npraticiens = ["001234566"]\n')
    for user, code in (("inconnu", "utilisateur.inconnu"), ("claude", "nuit.vue_partielle")):
        done = shell.run("nuit", "--le", "2026-10-06", FSE_UTILISATEUR=user)
        assert (done.returncode, code in done.stderr) == (2, True)
    assert list((shell.folder / "oct").iterdir()) == []
    assert shell.run("nuit", "--le", "2026-10-06", FSE_UTILISATEUR="Nuit").returncode == 0
