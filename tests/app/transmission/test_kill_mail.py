"""Sending and fetching by mail, killed at every step, network included, against Postfix and Dovecot.

The caisse receives the file, once or more, always the same bytes; each return is received once; a message is in the
mailbox until it is kept.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

from fse.app.operations.practice import Practice
from tests.app.cabinet import reopen, signer
from tests.app.killing import ENDURANCE, needs_fork
from tests.app.transmission.killing import chosen, count_steps, killed_at
from tests.app.transmission.mail import Post, contents, post
from tests.app.transmission.scene import answers, opener, practice_with_outbox, rows, states
from tests.mail_servers import MailServers

pytestmark = [needs_fork, pytest.mark.timeout(7200 if ENDURANCE else 300)]

KILLS = 52
PARTS = range(4)


@cache
def _template() -> tuple[Path, bytes]:
    """A practice whose file waits, and what the caisse will answer."""
    folder = Path(mkdtemp(prefix="fse-tue-")) / "cabinet"
    with practice_with_outbox(folder) as practice:
        (answer,) = answers(practice)
    return folder, answer


def prepared(folder: Path, servers: MailServers) -> Post:
    """A copy of this practice with two mailboxes; in its own, an answer, and another that is cut."""
    template, answer = _template()
    shutil.copytree(template, folder)
    boxes = post(servers)
    boxes.describe(folder)
    boxes.answer(answer)
    boxes.answer(answer[:-128], encrypted=False)
    return boxes


def exchange(boxes: Post, practice: Practice) -> None:
    boxes.send(practice)
    boxes.fetch(practice)


def state(folder: Path, boxes: Post) -> object:
    """All that must be the same."""
    received = contents(boxes.mailbox(boxes.caisse, 1))
    written = folder / "envoi"
    assert {str(one) for one in received} == {str([(name, (written / name).read_bytes()) for name, _ in received[0]])}
    assert boxes.mailbox(boxes.cabinet) == []
    with reopen(folder) as practice:
        assert practice.journal.verify() == []
        return states(practice), [
            rows(practice, query)
            for query in (
                "SELECT identifiant, tentative, resultat FROM envoi ORDER BY identifiant, tentative",
                "SELECT empreinte, verdict, motif FROM fichier_recu ORDER BY empreinte",
                "SELECT COUNT(*) AS nombre FROM courrier",
                "SELECT verdict, COUNT(*) AS nombre FROM courrier_lu GROUP BY verdict",
                "SELECT genre, COUNT(*) AS nombre FROM evenement GROUP BY genre ORDER BY genre",
            )
        ]


def nothing_lost(folder: Path, boxes: Post) -> None:
    """Both messages are in the mailbox, or in the journal; the file waits, or the caisse has it."""
    waiting = {hashlib.sha256(one).hexdigest() for one in boxes.mailbox(boxes.cabinet)}
    with reopen(folder) as practice:
        kept = {row["empreinte"] for row in rows(practice, "SELECT empreinte FROM courrier")}
        sent = rows(practice, "SELECT resultat FROM envoi")
    assert len(waiting | kept) == 2
    if sent:
        boxes.servers.wait(boxes.caisse, 1)


_WHOLE: dict[int, tuple[int, object]] = {}


def whole(servers: MailServers) -> tuple[int, object]:
    """The steps of an exchange that nothing stops, and how it ends."""
    if id(servers) not in _WHOLE:
        signer(), opener("caisse"), opener("reception")
        folder = Path(mkdtemp(prefix="fse-tue-")) / "entier"
        boxes = prepared(folder, servers)
        with reopen(folder) as practice:
            steps = count_steps(practice, partial(exchange, boxes))
        _WHOLE[id(servers)] = steps, state(folder, boxes)
    return _WHOLE[id(servers)]


def test_an_exchange_killed_at_a_few_steps_is_ended_by_the_next_run(tmp_path: Path, mail_servers: MailServers) -> None:
    kill(tmp_path, mail_servers, chosen(whole(mail_servers)[0], 2, endurance=False))


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_an_exchange_killed_anywhere_is_ended_by_the_next_run(
    tmp_path: Path, mail_servers: MailServers, part: int
) -> None:
    kill(tmp_path, mail_servers, chosen(whole(mail_servers)[0], KILLS)[part :: len(PARTS)])


def kill(parent: Path, servers: MailServers, wanted: Sequence[int]) -> None:
    """Kill an exchange at each of these steps, then run it again. A step of the network may come or not."""
    steps, expected = whole(servers)
    killed = 0
    for step in wanted:
        folder = parent / str(step)
        boxes = prepared(folder, servers)
        killed += killed_at(step, partial(reopen, folder), partial(exchange, boxes))
        nothing_lost(folder, boxes)
        with reopen(folder) as practice:
            exchange(boxes, practice)
        assert state(folder, boxes) == expected, f"killed at step {step}"
    assert killed >= len(wanted) - 1
    print(f"{killed} kills of {steps} steps")
