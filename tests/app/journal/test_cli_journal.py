"""The commands of the upkeep as a practice calls them: French, exit statuses, one JSON document, no secret printed."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.app.cabinet import CLE, MOT_DE_PASSE, PATIENTS, PRESTATAIRE, put_journal
from tests.app.test_cli import Done, Shell, new_shell, shell, shell_of

__all__ = ["new_shell", "shell"]

NOUVELLE = "la nouvelle clé du journal"
MOTIF = ("--motif", "essai", "--auteur", "moi")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a practice whose visits have left and were answered; it is copied."""
    folder = tmp_path_factory.mktemp("repondu")
    put_journal(folder)
    shell = shell_of(folder)
    shell.ok("emettre", "visites.xml", "--sortie", "envoi", "--le", "2026-10-05")
    (sent,) = (folder / "envoi").glob("*.b2")
    shell.ok("caisse", "repondre", str(sent), "--sortie", "retours", "--le", "2026-10-08")
    shell.ok("recevoir", "retours", "--le", "2026-10-08")
    return folder


@pytest.fixture
def emitted(answered: Path, tmp_path: Path) -> Shell:
    return Shell(Path(shutil.copytree(answered, tmp_path, dirs_exist_ok=True)))


def alter(shell: Shell, statement: str) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(shell.folder / "journal.sqlite")) as connection, connection:
        connection.execute(statement)


def test_the_head_that_is_shown_is_the_head_that_is_asked(emitted: Shell) -> None:
    shown = emitted.ok("journal", "verifier")
    assert "Le journal est intact." in shown
    [head] = re.findall(r"\d+:[0-9a-f]{64}", shown)
    emitted.ok("journal", "verifier", "--tete", head)
    alter(emitted, "UPDATE facture SET demande_amo = 1 WHERE numero = 1")
    done = emitted.run("journal", "verifier", "--tete", head)
    assert done.returncode == 5
    assert "Table facture, ligne 001234566/1 : demande_amo" in done.stdout
    assert "Le journal n'est pas intact." in done.stdout
    assert json.loads(emitted.run("journal", "verifier", "--format", "json").stdout)["intact"] is False


def test_backup_restoration_and_numbers_again(emitted: Shell) -> None:
    assert "s.sqlite" in emitted.ok("journal", "sauvegarder", "--sortie", "s.sqlite")
    assert emitted.run("journal", "sauvegarder", "--sortie", "s.sqlite").returncode == 5
    assert emitted.run("journal", "restaurer", "s.sqlite", *MOTIF).returncode == 5
    assert emitted.run("journal", "restaurer", *MOTIF).returncode == 2
    assert emitted.run("journal", "restaurer", "s.sqlite", "--en-place", *MOTIF).returncode == 2
    assert "mis-de-cote-1" in emitted.ok("journal", "restaurer", "s.sqlite", "--mettre-de-cote", *MOTIF)
    (emitted.folder / "plus.xml").write_text(
        (emitted.folder / "visites.xml").read_text(encoding="utf-8").replace('"V-', '"W-'), encoding="utf-8"
    )
    refused = emitted.run("securiser", "plus.xml")
    assert (refused.returncode, "fse journal reprendre" in refused.stderr) == (5, True)
    assert emitted.run("journal", "reprendre", "--dernier-numero", "x", *MOTIF).returncode == 2
    told = f"{PRESTATAIRE}=30"
    assert "2 → 30" in emitted.ok("journal", "reprendre", "--dernier-numero", told, "--fichiers", "envoi", *MOTIF)
    assert "000000031" in emitted.ok("securiser", "plus.xml")
    assert "intact" in emitted.ok("journal", "verifier")


def test_the_key_turns(emitted: Shell) -> None:
    done = emitted.run("cle", "tourner", *MOTIF, FSE_NOUVELLE_CLE_JOURNAL="trop courte")
    assert (done.returncode, "12 caractères" in done.stderr) == (5, True)
    assert emitted.run("cle", "tourner", *MOTIF, FSE_NOUVELLE_CLE_JOURNAL="").returncode == 2
    assert emitted.run("cle", "tourner", *MOTIF, FSE_NOUVELLE_CLE_JOURNAL=NOUVELLE).returncode == 0
    assert emitted.run("suivi").returncode == 5
    assert emitted.run("suivi", FSE_CLE_JOURNAL=NOUVELLE).returncode == 0


def test_a_reading_in_clear_is_noted_before_it_is_shown(emitted: Shell) -> None:
    assert "Aucune lecture" in emitted.ok("journal", "lectures")
    assert PATIENTS[0][0] not in emitted.ok("facture", "1")
    assert PATIENTS[0][0] in emitted.ok("facture", "1", "--en-clair")
    [one] = json.loads(emitted.ok("journal", "lectures", "--format", "json"))
    assert (one["commande"], one["prestataire"], one["numero"]) == ("facture", PRESTATAIRE, 1)
    assert one["auteur"]
    assert "facture 000000001" in emitted.ok("journal", "lectures")
    assert emitted.run("facture", "77", "--en-clair").returncode == 2
    assert len(json.loads(emitted.ok("journal", "lectures", "--format", "json"))) == 1
    assert "intact" in emitted.ok("journal", "verifier")


def test_a_reading_is_shown_with_the_day_and_hour_of_the_practice(
    emitted: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fse.app.operations.journal.lectures.now", lambda: datetime(2099, 7, 1, 22, 5, tzinfo=UTC))
    emitted.ok("facture", "1", "--en-clair")
    assert emitted.ok("journal", "lectures").startswith("02/07/2099 00:05  ")
    [one] = json.loads(emitted.ok("journal", "lectures", "--format", "json"))
    assert datetime.fromisoformat(one["instant"]) == datetime(2099, 7, 1, 22, 5, tzinfo=UTC)


def test_a_purge_has_a_reason_and_waits_for_its_day(emitted: Shell) -> None:
    refused = emitted.run("archive", "purger", "--le", "2026-10-09")
    assert (refused.returncode, "--motif" in refused.stderr) == (2, True)
    for words in (("archive", "purger"), ("journal", "purger", "1")):
        refused = emitted.run(*words, *MOTIF, "--le", "2079-12-31")
        assert (refused.returncode, "purge.date_future" in refused.stderr) == (2, True)


@pytest.mark.usefixtures("years_later")
def test_the_end_of_retention(emitted: Shell) -> None:
    refused = emitted.run("journal", "purger", "1", *MOTIF, "--le", "2026-10-09")
    assert (refused.returncode, "jusqu'au 03/01/2027" in refused.stderr) == (2, True)
    kept = emitted.ok("archive", "purger", *MOTIF, "--le", "2026-10-09")
    assert "0 archive détruite, 3 gardées" in kept
    assert "contenus ouverts" in emitted.ok("archive", "verifier")
    assert "3 archives détruites, 0 gardée" in emitted.ok("archive", "purger", *MOTIF, "--le", "2027-01-06")
    assert "ne nomment plus personne" in emitted.ok("journal", "purger", "1", *MOTIF, "--le", "2027-01-06")
    assert "intact" in emitted.ok("journal", "verifier")
    assert "relu" in emitted.ok("journal", "reconstruire")
    alter(emitted, "UPDATE contenu SET chiffre = x'02' WHERE genre = 'saisie'")
    assert emitted.run("archive", "verifier").returncode == 5


@pytest.mark.parametrize("arguments", [("journal", "verifier"), ("archive", "verifier"), ("journal", "reconstruire")])
def test_upkeep_creates_no_journal(new_shell: Shell, arguments: tuple[str, ...]) -> None:
    done = new_shell.run(*arguments)
    assert (done.returncode, "journal.absent" in done.stderr) == (5, True)
    assert not (new_shell.folder / "journal.sqlite").exists()


@pytest.mark.long
def test_no_secret_and_nobody_is_printed(emitted: Shell) -> None:
    said: list[Done] = [
        emitted.run(*words, FSE_NOUVELLE_CLE_JOURNAL=NOUVELLE, FSE_CLE_JOURNAL=key)
        for key in (CLE, NOUVELLE, "une autre clé, longue")
        for format in ("texte", "json")
        for words in (
            ("journal", "verifier", "--format", format),
            ("journal", "sauvegarder", "--sortie", f"s-{format}.sqlite", "--format", format),
            ("archive", "verifier", "--format", format),
            ("archive", "purger", *MOTIF, "--format", format),
            ("journal", "purger", "1", *MOTIF, "--format", format),
            ("journal", "lectures", "--format", format),
            ("cle", "tourner", *MOTIF, "--format", format),
            ("journal", "restaurer", "s-texte.sqlite", "--mettre-de-cote", *MOTIF, "--format", format),
            ("journal", "reprendre", "--fichiers", "envoi", *MOTIF, "--format", format),
        )
    ]
    text = "".join(one.stdout + one.stderr for one in said)
    assert text.count("journal.cle]") > 10
    for hidden in (CLE, NOUVELLE, MOT_DE_PASSE, *(nir for nir, _, _ in PATIENTS), "LEFEVRE", "Lefèvre"):
        assert hidden not in text
    for path in Path(emitted.folder).glob("*sqlite*"):
        data = path.read_bytes()
        for hidden in (CLE, NOUVELLE, *(nir for nir, _, _ in PATIENTS), "LEFEVRE", "Lefèvre"):
            assert hidden.encode() not in data, path.name
