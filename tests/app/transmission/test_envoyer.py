"""The outbox through a folder: what leaves, in which order, what waits and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.base.errors import UsageError
from fse.infra.journal.facts.exchanges import envois
from fse.infra.keys.opening import open_envelope
from fse.infra.transport.entity import read_entity
from tests.app.cabinet import reopen
from tests.app.transmission.scene import (
    PAR_DOSSIER,
    answers,
    arrive,
    codes,
    describe,
    emit_more,
    fetch,
    opener,
    practice_with_outbox,
    rows,
    send,
    states,
)

PAR_COURRIEL = '\n[envoi]\ngenre = "courriel"\nserveur = "localhost"\nexpediteur = "fse@cabinet.example"\n'
NAME = "00000001234566-000001"


def left(folder: Path) -> list[str]:
    return sorted(one.name for one in (folder / "oct").iterdir())


def test_an_encrypted_file_leaves_once_and_its_sheets_are_then_emitted(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        assert states(practice) == ["a_emettre", "a_emettre"]
        (sent,) = send(practice).fichiers
        assert (sent.fichier, sent.centre, sent.sort, sent.tentative) == (NAME, "998", "accepte", 1)
        assert states(practice) == ["en_cours", "en_cours"]
        assert left(practice.cabinet.folder) == [f"{NAME}.p7m"]
        assert send(practice).fichiers == ()
        held = read_entity(
            open_envelope((practice.cabinet.folder / "oct" / f"{NAME}.p7m").read_bytes(), opener("caisse"))
        )
        written = practice.cabinet.folder / "envoi"
        assert [one.nom for one in held] == [f"{NAME}.b2", f"{NAME}-001.p7s"]
        assert [one.contenu for one in held] == [(written / one.nom).read_bytes() for one in held]
        assert practice.journal.verify() == []


def test_in_clear_the_signatures_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fse.app.operations.transmission import voies

    order: list[str] = []
    deposit = voies.deposit

    def noted(folder: Path, name: str, content: bytes) -> None:
        deposit(folder, name, content)
        order.append(name)

    monkeypatch.setattr(voies, "deposit", noted)
    with practice_with_outbox(tmp_path / "cabinet", encrypted=False) as practice:
        send(practice)
        assert order == [f"{NAME}-001.p7s", f"{NAME}.b2"]
        written = practice.cabinet.folder / "envoi"
        assert [(practice.cabinet.folder / "oct" / one).read_bytes() for one in order] == [
            (written / one).read_bytes() for one in order
        ]


def test_one_file_that_is_refused_does_not_stop_the_others(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        emit_more(practice, "V-3")
        taken = practice.cabinet.folder / "oct" / f"{NAME}.p7m"
        taken.write_bytes(b"autre chose")
        done = send(practice)
        assert [one.sort for one in done.fichiers] == ["refuse", "accepte"]
        assert codes(done) == ["transport.fichier_refuse"]
        assert states(practice) == ["a_emettre", "a_emettre", "en_cours"]
        taken.unlink()
        (again,) = send(practice).fichiers
        assert (again.sort, again.tentative) == ("accepte", 2)
        assert states(practice) == ["en_cours"] * 3


def test_without_the_folder_everything_waits_and_it_is_one_incident(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        emit_more(practice, "V-3")
        (practice.cabinet.folder / "oct").rename(practice.cabinet.folder / "ailleurs")
        done = send(practice)
        assert [one.sort for one in done.fichiers] == ["attend", "attend"]
        assert codes(done) == ["transport.interrompu"]
        assert rows(practice, "SELECT nature, code FROM incident") == [{"nature": "envoi", "code": "transport.dossier"}]
        with practice.journal.reading() as reading:
            assert envois.attempts(reading, "00000001234566", "000001") == []
        (practice.cabinet.folder / "ailleurs").rename(practice.cabinet.folder / "oct")
        assert [one.sort for one in send(practice).fichiers] == ["accepte", "accepte"]


def test_a_file_in_clear_never_leaves_by_mail_and_is_refused_before_anything_is_tried(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    practice_with_outbox(folder, encrypted=False).close()
    describe(folder, ways=PAR_COURRIEL, releve=False)
    with reopen(folder) as practice:
        done = send(practice)  # no server listens: nothing is asked of it
        assert [one.sort for one in done.fichiers] == ["attend"]
        assert codes(done) == ["transport.fichier_en_clair"]
        assert rows(practice, "SELECT code FROM incident") == rows(practice, "SELECT code FROM envoi") == []


def test_files_that_wait_need_a_way(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    practice_with_outbox(folder).close()
    describe(folder, ways="", releve=False)
    with reopen(folder) as practice:
        with pytest.raises(UsageError) as raised:
            send(practice)
        assert raised.value.code == "envoi.absent"
        describe(folder)
    with reopen(folder) as practice:
        assert [one.sort for one in send(practice).fichiers] == ["accepte"]
    describe(folder, ways="", releve=False)
    with reopen(folder) as practice:
        assert send(practice).fichiers == ()


def test_a_file_that_never_left_leaves_although_all_is_answered(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        (answer,) = answers(practice)
        arrive(practice, "retour.noe", answer)
        fetch(practice)
        assert [one.sort for one in send(practice).fichiers] == ["accepte"]
        assert states(practice) == ["soldee", "soldee"]


def test_the_way_may_change_while_a_file_waits(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    ways = PAR_COURRIEL.replace("localhost", "injoignable.invalid")
    with practice_with_outbox(folder, ways=ways, releve=False) as practice:
        assert codes(send(practice)) == ["transport.interrompu"]
    describe(folder, ways=PAR_DOSSIER)
    with reopen(folder) as practice:
        assert [one.sort for one in send(practice).fichiers] == ["accepte"]
