"""`fse envoyer` and `fse relever`: French, JSON, exit statuses, secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cabinet import CLE, MOT_DE_PASSE, key_folder
from tests.app.test_cli import Done, Shell
from tests.app.transmission.scene import answers, arrive, practice_with_outbox, sealed
from tests.findings.registry import changed


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "cabinet"
    with practice_with_outbox(folder) as practice:
        (answer,) = answers(practice)
        arrive(practice, "retour.p7m", sealed(("998.noe", answer)))
    (folder / "reponse.noe").write_bytes(answer)
    (folder / "praticien.p12").write_bytes((key_folder() / "praticien.p12").read_bytes())
    return Shell(folder)


def test_what_is_sent_and_fetched_is_told(shell: Shell) -> None:
    sent = shell.ok("envoyer", "--le", "2026-10-06")
    assert "00000001234566-000001, centre 998 : parti" in sent
    assert "Aucun fichier n'attend de partir." in shell.ok("envoyer", "--le", "2026-10-06")
    fetched = shell.ok("relever", "--le", "2026-10-08")
    assert "retour.p7m : relevé" in fetched
    assert "998.noe : reçu" in fetched
    assert "facture 000000001 : AMO payée" in fetched
    assert "Rien de nouveau." in shell.ok("relever", "--le", "2026-10-08")
    assert "2 soldées" in shell.ok("suivi", "--le", "2026-10-09")


def test_in_json_too(shell: Shell) -> None:
    (fichier,) = json.loads(shell.ok("envoyer", "--format", "json", "--le", "2026-10-06"))["fichiers"]
    assert (fichier["fichier"], fichier["sort"], fichier["tentative"]) == ("00000001234566-000001", "accepte", 1)
    (courrier,) = json.loads(shell.ok("relever", "--format", "json", "--le", "2026-10-08"))["courriers"]
    assert (courrier["nom"], courrier["sort"], courrier["retours"][0]["verdict"]) == ("retour.p7m", "lu", "recu")


def told(done: Done, status: int, *words: str) -> None:
    text = done.stdout + done.stderr
    assert done.returncode == status, text
    assert all(word in text for word in words), text
    assert "Traceback" not in text


def test_a_failure_of_the_exchange_is_status_5_and_says_what_to_do(shell: Shell) -> None:
    (shell.folder / "oct").rmdir()
    told(
        shell.run("envoyer"),
        5,
        "remis à plus tard",
        "1 fichier en attente",
        "transport.interrompu",
        "oct",
        "puis recommencer",
    )
    (shell.folder / "arrivees" / "retour.p7m").unlink()
    (shell.folder / "arrivees").rmdir()
    told(shell.run("relever"), 5, "transport.interrompu", "arrivees")


def test_a_file_that_is_refused_is_status_5(shell: Shell) -> None:
    (shell.folder / "oct" / "00000001234566-000001.p7m").write_bytes(b"autre")
    told(shell.run("envoyer"), 5, "refusé", "transport.fichier_refuse", "→ Vérifier")


def test_a_key_that_is_refused_is_status_4(shell: Shell) -> None:
    told(shell.run("relever", FSE_MOT_DE_PASSE="faux"), 4, "ne s'ouvre pas", "reception.p12", "Rien n'est perdu")
    told(shell.run("relever", FSE_MOT_DE_PASSE=""), 4, "FSE_MOT_DE_PASSE n'est pas définie")


def test_errors_in_the_content_are_status_1(shell: Shell) -> None:
    answer = (shell.folder / "reponse.noe").read_bytes()
    (shell.folder / "arrivees" / "coupe.noe").write_bytes(answer[:-128])
    told(shell.run("relever"), 1, "mis de côté")
    (shell.folder / "arrivees" / "reel.noe").write_bytes(changed(answer, 70, b" "))
    told(shell.run("relever"), 1, "laissé en place, ne peut pas être conservé ici", "reception.flux_reel")


def test_what_is_not_for_us_is_named_without_what_drives_a_terminal(shell: Shell) -> None:
    (shell.folder / "arrivees" / "faux\x1b]0;pwn\x07.p7m").write_bytes(b"%PDF-1.7")
    assert "1 courrier sans rien pour fse, laissé en place : faux]0;pwn.p7m." in shell.ok("relever")
    (shell.folder / "arrivees" / "bruit.txt").write_bytes(b"%PDF-1.7")
    said = shell.ok("relever")
    assert "2 courriers sans rien pour fse, laissés en place : bruit.txt, faux]0;pwn.p7m." in said
    for rank in range(20):
        (shell.folder / "arrivees" / f"a{rank:02d}.txt").write_bytes(b"%PDF-1.7")
    assert "22 courriers sans rien pour fse, laissés en place : a00.txt, " in (said := shell.ok("relever"))
    assert "a08.txt, a09.txt…\n" in said


def test_no_password_is_asked_when_no_account_needs_one(shell: Shell) -> None:
    assert "parti" in shell.ok("envoyer")  # FSE_MOT_DE_PASSE_COURRIER is not set


def test_the_mail_password_comes_from_its_variable_or_is_missed(shell: Shell) -> None:
    text = (shell.folder / "cabinet.toml").read_text(encoding="utf-8")
    mail = '[envoi]\ngenre = "courriel"\nserveur = "localhost"\nport = 1\nexpediteur = "a@b.invalid"\ncompte = "c"\n'
    (shell.folder / "cabinet.toml").write_text(text.replace('[envoi]\ngenre = "repertoire"\ndossier = "oct"\n', mail))
    told(shell.run("envoyer"), 2, "secret.absent", "FSE_MOT_DE_PASSE_COURRIER")
    told(shell.run("envoyer", FSE_MOT_DE_PASSE_COURRIER="x"), 5, "transport.interrompu", "localhost:1")


def test_a_practice_without_these_sections_is_told(shell: Shell) -> None:
    text = (shell.folder / "cabinet.toml").read_text(encoding="utf-8")
    (shell.folder / "cabinet.toml").write_text(text.partition("\n[envoi]")[0])
    told(shell.run("envoyer"), 2, "envoi.absent")
    told(shell.run("relever"), 2, "releve.absent", "fse recevoir")
    assert shell.run("envoyer", FSE_CLE_JOURNAL=CLE, FSE_MOT_DE_PASSE=MOT_DE_PASSE).returncode == 2
