"""The outbox through a folder: what leaves, in which order, what waits and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.relancer import relancer
from fse.app.operations.transmission import envoyer as envoyer_module
from fse.app.operations.transmission.voies import open_way
from fse.base.errors import StorageError, UsageError
from fse.infra.keys.opening import open_envelope
from fse.infra.transport.unpacking import read_entity
from tests.app.cabinet import reopen
from tests.app.on_paper import on_paper
from tests.app.transmission.scene import (
    ENVOI,
    PAR_DOSSIER,
    answers,
    arrive,
    codes,
    correct,
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
    """One attempt of each file that could have left, told at the instant of the incident."""
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        emit_more(practice, "V-3")
        on_paper(practice, 3, le=ENVOI)
        emit_more(practice, "V-4", "V-5")
        on_paper(practice, 4, le=ENVOI)
        (practice.cabinet.folder / "oct").rename(practice.cabinet.folder / "ailleurs")
        done = send(practice)
        assert [(one.sort, one.tentative) for one in done.fichiers] == [("differe", 1), ("attend", 0)]
        assert codes(done) == ["transport.feuilles_sur_papier", "transport.interrompu"]
        ((incident,), (attempt,)) = (rows(practice, f"SELECT * FROM {name}") for name in ("incident", "envoi"))
        assert (incident["nature"], incident["code"]) == ("envoi", "transport.dossier")
        assert (attempt["identifiant"], attempt["resultat"], attempt["code"]) == ("000001", "differe", "")
        assert [attempt[name] for name in ("instant", "detail", "jour")] == [
            incident[name] for name in ("instant", "detail", "jour")
        ]
        assert states(practice)[:2] == ["a_emettre", "a_emettre"]
        (practice.cabinet.folder / "ailleurs").rename(practice.cabinet.folder / "oct")
        assert [(one.sort, one.tentative) for one in send(practice).fichiers] == [("accepte", 2), ("attend", 0)]
        assert practice.journal.verify() == []


def test_an_outage_does_not_bring_back_what_another_run_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def way(*_: object) -> Iterator[object]:
        with monkeypatch.context() as real:
            real.setattr(envoyer_module, "open_way", open_way)
            send(practice)
        raise StorageError("transport.dossier", "Coupé.", action="Recommencer.")
        yield

    with practice_with_outbox(tmp_path / "cabinet") as practice:
        monkeypatch.setattr(envoyer_module, "open_way", way)
        assert [one.sort for one in send(practice).fichiers] == ["attend"]
        assert [row["resultat"] for row in rows(practice, "SELECT resultat FROM envoi")] == ["accepte"]
        assert len(rows(practice, "SELECT code FROM incident")) == 1


def test_a_file_that_holds_a_sheet_corrected_since_does_not_leave(tmp_path: Path) -> None:
    """Neither V-1 twice: the others go on paper, then nothing of it waits any more."""
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        correct(practice, 1)
        done = send(practice)
        assert [one.sort for one in done.fichiers] == ["attend", "accepte"]
        (said,) = done.fichiers[0].constats
        assert said.code == "transport.feuilles_corrigees"
        assert ("(000000001)" in said.message, "000000002" in said.action) == (True, True)
        on_paper(practice, 2, le=ENVOI)
        assert send(practice).fichiers == ()


def test_a_correction_stops_a_resend_that_waits(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        send(practice)
        assert [one.genre for one in relancer(practice, le=date(2026, 10, 9)).relances] == ["renvoi"]
        correct(practice, 1)
        assert [one.fichier for one in send(practice, date(2026, 10, 9)).fichiers] == ["00000001234566-000003"]


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
