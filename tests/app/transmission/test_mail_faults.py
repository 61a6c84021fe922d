"""Mail that fails: a server that refuses, puts off, hangs up or delays; lines cut at any byte; cut or doubled messages.

Whatever happens, the next run over a good line ends well: no file lost, no return lost, none received twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.transmission import settings
from tests.app.cabinet import reopen
from tests.app.transmission.mail import Post, contents, mailing, post
from tests.app.transmission.scene import answers, codes, rows, states
from tests.faulty_mail import Faults, cut_line, frontal
from tests.mail_servers import MailServers


@pytest.fixture
def boxes(mail_servers: MailServers) -> Post:
    return post(mail_servers)


@pytest.fixture
def practice(tmp_path: Path, boxes: Post) -> Iterator[Practice]:
    with mailing(tmp_path / "cabinet", boxes) as opened:
        yield opened


def sent_through(practice: Practice, boxes: Post, faults: Faults) -> tuple[list[str], list[str], list[bytes]]:
    """What becomes of the file on a server with these faults: its fate, the findings, what the server took."""
    with frontal(faults, boxes.servers.ca.identity(), password=boxes.cabinet.password, behind=boxes.servers) as server:
        replace(boxes, smtp_port=server.port).describe(practice.cabinet.folder)
        with reopen(practice.cabinet.folder) as there:
            done = boxes.send(there)
        return [one.sort for one in done.fichiers], codes(done), server.taken


def sent_after_all(practice: Practice, boxes: Post) -> None:
    """The next run, on the right server."""
    boxes.describe(practice.cabinet.folder)
    with reopen(practice.cabinet.folder) as there:
        boxes.send(there)
        assert states(there) == ["en_cours", "en_cours"]
        assert boxes.send(there).fichiers == ()
        assert there.journal.verify() == []


@pytest.mark.parametrize(
    ("faults", "sort", "code"),
    [
        pytest.param(Faults(mail="451 4.3.0 later"), "differe", "transport.fichier_differe", marks=pytest.mark.long),
        pytest.param(Faults(rcpt="452 4.2.2 full"), "differe", "transport.fichier_differe", marks=pytest.mark.long),
        (Faults(rcpt="550 5.1.1 unknown"), "refuse", "transport.fichier_refuse"),
        pytest.param(Faults(data="421 4.3.2 closing"), "differe", "transport.fichier_differe", marks=pytest.mark.long),
        pytest.param(Faults(content="554 5.6.0 no"), "refuse", "transport.fichier_refuse", marks=pytest.mark.long),
        (Faults(content="451 4.3.0 later"), "differe", "transport.fichier_differe"),
        pytest.param(Faults(drop="mail"), "differe", "transport.interrompu", marks=pytest.mark.long),
        pytest.param(Faults(drop="rcpt"), "differe", "transport.interrompu", marks=pytest.mark.long),
        (Faults(drop="data"), "differe", "transport.interrompu"),
        pytest.param(Faults(starttls=False), "differe", "transport.interrompu", marks=pytest.mark.long),
        (Faults(auth="454 4.7.0 later"), "differe", "transport.interrompu"),
    ],
    ids=str,
)
def test_what_did_not_leave_waits_and_leaves_with_the_next_run(
    practice: Practice, boxes: Post, faults: Faults, sort: str, code: str
) -> None:
    assert sent_through(practice, boxes, faults) == ([sort], [code], [])
    assert states(practice) == ["a_emettre", "a_emettre"]
    sent_after_all(practice, boxes)
    assert len(boxes.mailbox(boxes.caisse, 1)) == 1


@pytest.mark.parametrize("faults", [Faults(drop="content"), Faults(slow=1.5)], ids=str)
def test_without_an_answer_the_same_bytes_leave_again(
    practice: Practice, boxes: Post, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = settings.server
    monkeypatch.setattr(settings, "server", lambda *way: replace(server(*way), delai=5, delai_final=0.5))
    sorts, said, (first,) = sent_through(practice, boxes, faults)
    assert (sorts, said) == (["incertain"], ["transport.fichier_incertain"])
    assert states(practice) == ["a_emettre", "a_emettre"]
    sent_after_all(practice, boxes)
    received = boxes.mailbox(boxes.caisse, 2)
    assert len(received) == 2
    assert all(one.endswith(first) for one in received), "but for what the servers add on top"
    assert contents(received)[0] == contents(received)[1]


def test_a_slow_server_is_waited_for(practice: Practice, boxes: Post) -> None:
    assert sent_through(practice, boxes, Faults(slow=0.4))[:2] == (["accepte"], [])


def test_a_server_that_delivers_twice_does_no_harm(practice: Practice, boxes: Post) -> None:
    assert sent_through(practice, boxes, Faults(copies=2))[:2] == (["accepte"], [])
    first, second = boxes.mailbox(boxes.caisse, 2)
    assert contents([first]) == contents([second])


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize(
    "keep", [pytest.param(0.4, marks=pytest.mark.long), 0.7, pytest.param(0.95, marks=pytest.mark.long)]
)
def test_a_cut_message_loses_nothing(practice: Practice, boxes: Post, keep: float, encrypted: bool) -> None:
    boxes.send(practice)
    (answer,) = answers(practice)
    boxes.answer(answer, encrypted=encrypted, keep=keep)
    cut = boxes.fetch(practice)
    assert cut.constats == ()
    assert states(practice) == ["en_cours", "en_cours"]
    boxes.answer(answer, encrypted=encrypted)
    done = boxes.fetch(practice)
    assert [retour.verdict for one in done.courriers for retour in one.retours].count("recu") == 1
    assert states(practice) == ["soldee", "soldee"]


cut_at = pytest.mark.parametrize("steps", [2, pytest.param(12, marks=pytest.mark.long)])
"""At how many places of a session a line is cut: two, twelve in the long lane."""


@cut_at
@pytest.mark.parametrize("way", ["up", "down"])
def test_sending_over_a_line_cut_anywhere(mail_servers: MailServers, tmp_path: Path, way: str, steps: int) -> None:
    whole = post(mail_servers)
    with (
        cut_line(mail_servers.smtp_port) as line,
        mailing(tmp_path / "whole", replace(whole, smtp_port=line.port)) as one,
    ):
        whole.send(one)
        size = getattr(line, way)
    for step in range(steps):
        boxes = post(mail_servers)
        limit = {way: size * step // steps + 1}
        with (
            cut_line(mail_servers.smtp_port, **limit) as line,
            mailing(tmp_path / str(step), replace(boxes, smtp_port=line.port)) as practice,
        ):
            boxes.send(practice)
        sent_after_all(practice, boxes)
        received = boxes.mailbox(boxes.caisse, 1)
        assert len({str(one) for one in contents(received)}) == 1, f"cut after {limit} bytes"


@cut_at
@pytest.mark.parametrize("way", ["up", "down"])
def test_fetching_over_a_line_cut_anywhere(mail_servers: MailServers, tmp_path: Path, way: str, steps: int) -> None:
    boxes = post(mail_servers)
    with mailing(tmp_path / "cabinet", boxes) as practice:
        boxes.send(practice)
        (answer,) = answers(practice)
    boxes.answer(answer)
    boxes.answer(answer[:-128])
    with cut_line(mail_servers.pop3_port) as line:
        replace(boxes, pop3_port=line.port).describe(tmp_path / "cabinet")
        read = boxes.mailbox(boxes.cabinet)
        sizes = {"up": 1100, "down": sum(map(len, read)) + 4500}  # with the handshake of TLS
    for step in range(steps):
        limit = {way: sizes[way] * step // steps + 1}
        with cut_line(mail_servers.pop3_port, **limit) as line:
            replace(boxes, pop3_port=line.port).describe(tmp_path / "cabinet")
            with reopen(tmp_path / "cabinet") as practice:
                boxes.fetch(practice)
                kept = rows(practice, "SELECT COUNT(*) AS nombre FROM courrier")[0]["nombre"]
                assert len(boxes.mailbox(boxes.cabinet)) + int(str(kept)) >= 2, f"cut after {limit} bytes"
    boxes.describe(tmp_path / "cabinet")
    with reopen(tmp_path / "cabinet") as practice:
        boxes.fetch(practice)
        assert boxes.mailbox(boxes.cabinet) == []
        assert states(practice) == ["soldee", "soldee"]
        verdicts = rows(
            practice, "SELECT verdict, COUNT(*) AS nombre FROM fichier_recu GROUP BY verdict ORDER BY verdict"
        )
        assert verdicts == [{"verdict": "ecarte", "nombre": 1}, {"verdict": "recu", "nombre": 1}]
        assert rows(practice, "SELECT COUNT(*) AS nombre FROM courrier") == [{"nombre": 2}]
        assert practice.journal.verify() == []
