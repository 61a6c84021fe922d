"""Returns that come to a folder or in a message: kept, removed, read; what stays where it is, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.transmission.tournee import Tournee
from fse.base.errors import UsageError
from fse.infra.journal.facts.exchanges import courriers
from tests.app.cabinet import reopen
from tests.app.killing import needs_fork
from tests.app.transmission.scene import (
    answers,
    arrive,
    codes,
    describe,
    digests,
    fetch,
    practice_with_outbox,
    rows,
    sealed,
    send,
    states,
    waiting,
)
from tests.findings.registry import changed

MARQUE = 70
"""Offset of the marking in the record 000 of a return."""


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practice_with_outbox(tmp_path / "cabinet") as opened:
        send(opened)
        yield opened


@pytest.fixture
def answer(practice: Practice) -> bytes:
    (one,) = answers(practice)
    return one


def kept(practice: Practice) -> list[object]:
    return [row["empreinte"] for row in rows(practice, "SELECT empreinte FROM courrier ORDER BY empreinte")]


def booked(practice: Practice) -> list[dict[str, object]]:
    return rows(practice, "SELECT verdict, COUNT(*) AS nombre FROM fichier_recu GROUP BY verdict ORDER BY verdict")


RECU = [{"verdict": "recu", "nombre": 1}]


@pytest.mark.parametrize("form", ["clear", "sealed entity", "sealed file"])
def test_a_return_is_kept_removed_and_booked(practice: Practice, answer: bytes, form: str) -> None:
    contents = {"clear": answer, "sealed entity": sealed(("r.noe", answer)), "sealed file": sealed(answer)}
    arrive(practice, "retour", contents[form])
    (one,) = fetch(practice).courriers
    assert (one.nom, one.sort, [retour.verdict for retour in one.retours]) == ("retour", "lu", ["recu"])
    assert one.retours[0].fichier == ("r.noe" if form == "sealed entity" else "retour")
    assert states(practice) == ["soldee", "soldee"]
    assert (waiting(practice), kept(practice)) == ([], digests([contents[form]]))
    assert fetch(practice).courriers == ()
    assert practice.journal.verify() == []


def test_the_same_message_again_is_removed_and_nothing_more(practice: Practice, answer: bytes) -> None:
    content = sealed(("r.noe", answer))
    arrive(practice, "a", content)
    arrive(practice, "b", content)
    assert [one.sort for one in fetch(practice).courriers] == ["deja_releve", "lu"]
    arrive(practice, "c", content)
    assert [one.sort for one in fetch(practice).courriers] == ["deja_releve"]
    arrive(practice, "d", sealed(("r.noe", answer)))  # encryption is random: another message, the same return
    (again,) = fetch(practice).courriers
    assert [retour.verdict for retour in again.retours] == ["deja_recu"]
    assert (waiting(practice), booked(practice)) == ([], RECU)


@pytest.mark.parametrize("after", ["keeping", "receiving"])
def test_what_a_stopped_run_kept_is_read_by_the_next(
    practice: Practice, answer: bytes, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    arrive(practice, "retour", sealed(("r.noe", answer)))
    with monkeypatch.context() as patch:
        patch.setattr(*((Tournee, "_read") if after == "keeping" else (courriers, "mark_read")), stopped)
        with pytest.raises(KeyboardInterrupt):
            fetch(practice)
    assert waiting(practice) == []
    assert states(practice) == (["en_cours"] * 2 if after == "keeping" else ["soldee"] * 2)
    (one,) = fetch(practice).courriers
    assert (one.nom, one.sort) == ("", "lu")
    assert [retour.verdict for retour in one.retours] == ["recu" if after == "keeping" else "deja_recu"]
    assert (states(practice), booked(practice)) == (["soldee"] * 2, RECU)
    assert fetch(practice).courriers == ()


def test_nothing_is_removed_before_it_is_kept(
    practice: Practice, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    arrive(practice, "retour", answer)
    monkeypatch.setattr(courriers, "keep", stopped)
    with pytest.raises(KeyboardInterrupt):
        fetch(practice)
    assert (waiting(practice), kept(practice)) == (["retour"], [])


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 une lettre",
        b"",
        b"From: quelqu'un\r\n\r\nBonjour,",
        bytes(1000),
        b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02",
    ],
)
def test_what_is_not_for_us_stays_where_it_is(practice: Practice, content: bytes) -> None:
    arrive(practice, "lettre", content)
    for _ in range(2):
        done = fetch(practice)
        assert [one.sort for one in done.courriers] == ["etranger"]
        assert codes(done) == ["transport.courrier_etranger"]
    assert (waiting(practice), kept(practice)) == (["lettre"], [])


def test_our_own_file_is_no_return(practice: Practice) -> None:
    (written,) = (practice.cabinet.folder / "envoi").glob("*.b2")
    arrive(practice, "echo.b2", written.read_bytes())
    arrive(practice, "echo.p7m", (practice.cabinet.folder / "oct" / f"{written.stem}.p7m").read_bytes())
    assert [one.sort for one in fetch(practice).courriers] == ["etranger", "ferme"]
    assert (waiting(practice), kept(practice)) == (["echo.b2", "echo.p7m"], [])


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("mark", [b" ", b"R", b"D", b""], ids=["blank", "real", "demo", "header cut"])
def test_a_real_flow_is_not_kept_and_stays_where_it_is(
    practice: Practice, answer: bytes, mark: bytes, encrypted: bool
) -> None:
    real = changed(answer, MARQUE, mark) if mark else answer[:100]
    arrive(practice, "reel", sealed(("reel.noe", real), ("essai.noe", answer)) if encrypted else real)
    for verdict in ("recu", "deja_recu"):
        done = fetch(practice)
        assert codes(done) == ["transport.courrier_non_conserve"]
        (one,) = done.courriers
        assert [retour.verdict for retour in one.retours] == (["ecarte", verdict] if encrypted else ["ecarte"])
    assert (waiting(practice), kept(practice)) == (["reel"], [])
    real_row = rows(practice, "SELECT contenu_archive FROM fichier_recu WHERE verdict = 'ecarte'")
    assert real_row == [{"contenu_archive": None}]
    assert rows(practice, "SELECT id FROM contenu WHERE genre = 'courrier'") == []


def test_without_its_key_a_message_waits_and_is_read_once_the_key_is_there(practice: Practice, answer: bytes) -> None:
    arrive(practice, "retour", sealed(("r.noe", answer)))
    arrive(practice, "autre", sealed(("r.noe", answer)))
    for _ in range(2):
        done = fetch(practice, password="faux")
        assert [one.sort for one in done.courriers] == ["ferme", "ferme"]
        assert codes(done) == ["transport.courrier_ferme"] * 2
    assert waiting(practice) == ["autre", "retour"]
    told = [{"nature": "chiffrement", "code": "cle.mot_de_passe"}]
    assert rows(practice, "SELECT nature, code FROM incident") == told, "once a day, asked once a run"
    assert [one.sort for one in fetch(practice).courriers] == ["lu", "lu"]
    assert states(practice) == ["soldee", "soldee"]


def test_no_key_at_all_is_said(tmp_path: Path, practice: Practice, answer: bytes) -> None:
    describe(tmp_path / "cabinet", cle="")
    with reopen(tmp_path / "cabinet") as keyless:
        arrive(keyless, "retour", sealed(("r.noe", answer)))
        arrive(keyless, "clair", answer)
        assert [one.sort for one in fetch(keyless).courriers] == ["ferme", "lu"]
        assert rows(keyless, "SELECT code FROM incident") == [{"code": "releve.sans_cle"}]


def test_a_message_kept_by_a_run_and_closed_for_the_next_is_tried_again(
    practice: Practice, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(practice, "retour", sealed(("r.noe", answer)))
    with monkeypatch.context() as patch:
        patch.setattr(Tournee, "read_all", lambda _: None)
        fetch(practice)
    assert [one.sort for one in fetch(practice, password="faux").courriers] == ["ferme"]
    assert [one.sort for one in fetch(practice).courriers] == ["lu"]


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_cut_envelope_is_told_and_the_right_one_is_received(practice: Practice, answer: bytes, cut: float) -> None:
    whole = sealed(("r.noe", answer))
    arrive(practice, "a", whole[: int(len(whole) * cut)])
    arrive(practice, "b", whole)
    assert [one.sort for one in fetch(practice).courriers] == ["ferme", "lu"]
    assert (waiting(practice), states(practice)) == (["a"], ["soldee", "soldee"])


def test_a_cut_return_is_set_aside_and_the_right_one_is_booked(practice: Practice, answer: bytes) -> None:
    arrive(practice, "a", answer[:-200])
    arrive(practice, "b", answer)
    done = fetch(practice)
    assert sorted(retour.verdict for one in done.courriers for retour in one.retours) == ["ecarte", "recu"]
    assert (waiting(practice), states(practice)) == ([], ["soldee", "soldee"])


def test_an_envelope_for_us_without_a_return_stays_and_is_told(practice: Practice) -> None:
    arrive(practice, "vide", sealed(("lettre.pdf", b"%PDF-1.7")))
    assert codes(fetch(practice)) == ["transport.courrier_sans_retour"]
    assert (waiting(practice), kept(practice)) == (["vide"], [])


def test_a_file_too_big_to_be_read_stays(practice: Practice) -> None:
    with (practice.cabinet.folder / "arrivees" / "gros").open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    assert codes(fetch(practice)) == ["transport.courrier_trop_gros"]


def test_without_the_folder_it_is_an_incident_and_what_was_kept_is_read(
    practice: Practice, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(practice, "retour", answer)
    with monkeypatch.context() as patch:
        patch.setattr(Tournee, "read_all", lambda _: None)
        fetch(practice)
    (practice.cabinet.folder / "arrivees").rmdir()
    done = fetch(practice)
    assert codes(done) == ["transport.interrompu"]
    assert [one.sort for one in done.courriers] == ["lu"]
    assert rows(practice, "SELECT nature, code FROM incident") == [{"nature": "releve", "code": "transport.dossier"}]


@needs_fork
def test_runs_side_by_side_receive_once(practice: Practice, answer: bytes) -> None:
    for rank in range(6):
        arrive(practice, f"retour-{rank}", sealed((f"{rank}.noe", answer)))
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with reopen(practice.cabinet.folder) as alone:
                    fetch(alone)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    assert (waiting(practice), booked(practice)) == ([], RECU)
    assert rows(practice, "SELECT COUNT(*) AS nombre FROM courrier_lu") == [{"nombre": 6}]
    assert practice.journal.verify() == []


def test_a_practice_without_a_place_for_returns_is_told(tmp_path: Path) -> None:
    from tests.app.cabinet import new_practice

    with new_practice(tmp_path / "cabinet") as bare:
        with pytest.raises(UsageError) as raised:
            fetch(bare)
        assert raised.value.code == "releve.absent"
