"""By mail, through Postfix and Dovecot: what the caisse receives, what the practice makes of answers and notices."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from tests.app.cabinet import MOT_DE_PASSE, reopen
from tests.app.transmission.mail import Post, contents, mailing, opened, post
from tests.app.transmission.scene import (
    answers,
    codes,
    emit_more,
    encryption_keys,
    rows,
    states,
)
from tests.findings.registry import changed
from tests.mail_servers import MailServers

NAME = "00000001234566-000001"


@pytest.fixture
def boxes(mail_servers: MailServers) -> Post:
    return post(mail_servers)


@pytest.fixture
def practice(tmp_path: Path, boxes: Post) -> Iterator[Practice]:
    with mailing(tmp_path / "cabinet", boxes) as opened:
        yield opened


def test_the_caisse_receives_the_frozen_bytes_once_and_its_answer_settles(practice: Practice, boxes: Post) -> None:
    (sent,) = boxes.send(practice).fichiers
    assert (sent.sort, sent.code[:3]) == ("accepte", "250")
    assert states(practice) == ["en_cours", "en_cours"]
    assert boxes.send(practice).fichiers == ()
    (message,) = boxes.mailbox(boxes.caisse, 1)
    read, files = opened(message)
    assert read.identifiant == "<00000001234566.000001.T@fse.invalid>"
    assert read.sujet == "FSE 00000001234566 000001 T"
    written = practice.cabinet.folder / "envoi"
    assert [(one.nom, one.contenu) for one in files] == [
        (name, (written / name).read_bytes()) for name in (f"{NAME}.b2", f"{NAME}-001.p7s")
    ]
    (answer,) = answers(practice)
    boxes.answer(answer)
    (one,) = boxes.fetch(practice).courriers
    assert (one.sort, [retour.fichier for retour in one.retours]) == ("lu", ["retour-0.noe"])
    assert states(practice) == ["soldee", "soldee"]
    assert boxes.mailbox(boxes.cabinet) == []
    assert practice.journal.verify() == []


def test_openssl_opens_what_left(practice: Practice, boxes: Post, tmp_path: Path) -> None:
    assert codes(boxes.send(practice)) == []
    (message,) = boxes.mailbox(boxes.caisse, 1)
    (tmp_path / "message.eml").write_bytes(message)
    pem = ["pkcs12", "-in", str(encryption_keys() / "caisse.p12"), "-passin", f"pass:{MOT_DE_PASSE}", "-nodes"]
    (tmp_path / "key.pem").write_bytes(subprocess.run(["openssl", *pem], check=True, capture_output=True).stdout)
    decrypt = ["cms", "-decrypt", "-inform", "SMIME", "-in", "message.eml", "-inkey", "key.pem", "-recip", "key.pem"]
    done = subprocess.run(["openssl", *decrypt, "-binary"], cwd=tmp_path, check=True, capture_output=True)
    parts = message_from_bytes(done.stdout).get_payload()
    assert [one.get_filename() for one in parts] == [f"{NAME}.b2", f"{NAME}-001.p7s"]
    written = (practice.cabinet.folder / "envoi" / f"{NAME}.b2").read_bytes()
    assert parts[0].get_payload(decode=True) == written


def test_nothing_personal_travels_in_clear(practice: Practice, boxes: Post) -> None:
    assert codes(boxes.send(practice)) == []
    (message,) = boxes.mailbox(boxes.caisse, 1)
    for word in (b"LEFEVRE", b"1850975056000", b"CAMILLE", MOT_DE_PASSE.encode()):  # three letters come by chance
        assert word not in message


@pytest.mark.parametrize("encrypted", [False, True])
def test_answers_come_in_clear_or_encrypted_twice_or_among_other_mail(
    practice: Practice, boxes: Post, encrypted: bool
) -> None:
    assert codes(boxes.send(practice)) == []
    (answer,) = answers(practice)
    boxes.servers.deliver(boxes.cabinet, b"Subject: Invitation\r\n\r\nBonjour,\r\n")
    boxes.answer(answer, encrypted=encrypted)
    boxes.answer(answer, encrypted=encrypted)  # delivered twice: other Received headers, other bytes
    done = boxes.fetch(practice)
    assert sorted(one.sort for one in done.courriers) == ["etranger", "lu", "lu"]
    verdicts = [retour.verdict for one in done.courriers for retour in one.retours]
    assert verdicts == ["recu", "deja_recu"]
    assert states(practice) == ["soldee", "soldee"]
    (left,) = boxes.mailbox(boxes.cabinet)
    assert b"Invitation" in left


def test_a_real_return_stays_in_the_mailbox(practice: Practice, boxes: Post) -> None:
    assert codes(boxes.send(practice)) == []
    (answer,) = answers(practice)
    boxes.answer(changed(answer, 70, b" "))
    for _ in range(2):
        assert codes(boxes.fetch(practice)) == ["transport.courrier_non_conserve"]
    assert len(boxes.mailbox(boxes.cabinet)) == 1
    assert rows(practice, "SELECT id FROM contenu WHERE genre IN ('courrier', 'recu')") == []


def test_a_file_that_was_not_delivered_leaves_again_under_the_same_identity(
    practice: Practice, boxes: Post, tmp_path: Path
) -> None:
    boxes.describe(tmp_path / "cabinet", adresse="personne@essai.invalid")
    with reopen(tmp_path / "cabinet") as wrong:
        assert [one.sort for one in boxes.send(wrong).fichiers] == ["accepte"]
        emitted = states(wrong)
        boxes.servers.wait(boxes.cabinet, 1)
        done = boxes.fetch(wrong)
        assert ([one.sort for one in done.courriers], codes(done)) == (["avis"], ["transport.non_remis"])
        assert rows(wrong, "SELECT verdict FROM courrier_lu") == [{"verdict": "avis_non_remise"}]
        assert states(wrong) == ["a_emettre", "a_emettre"]
        assert boxes.mailbox(boxes.cabinet) == []
    boxes.describe(tmp_path / "cabinet")
    with reopen(tmp_path / "cabinet") as right:
        (again,) = boxes.send(right).fichiers
        assert (again.sort, again.tentative) == ("accepte", 3)
        assert states(right) == emitted
        assert contents(boxes.mailbox(boxes.caisse, 1))[0][0][0] == f"{NAME}.b2"
        assert right.journal.verify() == []


def test_several_files_leave_on_one_connection(practice: Practice, boxes: Post) -> None:
    emit_more(practice, "V-3")
    assert [one.sort for one in boxes.send(practice).fichiers] == ["accepte", "accepte"]
    names = [files[0][0] for files in contents(boxes.mailbox(boxes.caisse, 2))]
    assert sorted(names) == [f"{NAME}.b2", "00000001234566-000002.b2"]


def test_a_wrong_password_is_one_incident_and_nothing_moves(practice: Practice, boxes: Post) -> None:
    from dataclasses import replace

    wrong = replace(boxes, cabinet=replace(boxes.cabinet, password="faux"))
    assert codes(wrong.send(practice)) == ["transport.interrompu"]
    assert codes(wrong.fetch(practice)) == ["transport.interrompu"]
    told = rows(practice, "SELECT nature, code FROM incident ORDER BY rang")
    assert told == [{"nature": one, "code": "transport.identification"} for one in ("envoi", "releve")]
    assert [one.sort for one in boxes.send(practice).fichiers] == ["accepte"]


OURS = "<00000001234566.000001.T@fse.invalid>"


def notice(action: str, identity: str) -> bytes:
    """What a mail server says of a message (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@essai.invalid\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nBonjour.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; localhost\r\n\r\n"
        f"Final-Recipient: rfc822; a@b.invalid\r\nAction: {action}\r\nStatus: 5.2.2\r\n"
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {identity}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "identity", "sort", "code", "after"),
    [
        ("failed", OURS, "avis", "transport.non_remis", "a_emettre"),
        ("delayed", OURS, "avis", "transport.remise_tardive", "en_cours"),
        ("delivered", OURS, "avis", "", "en_cours"),
        ("failed", "<autre@cabinet.invalid>", "etranger", "transport.courrier_etranger", "en_cours"),
        ("failed", OURS.replace("000001", "000009"), "etranger", "transport.courrier_etranger", "en_cours"),
    ],
)
def test_a_notice_does_what_it_says_once(
    practice: Practice, boxes: Post, action: str, identity: str, sort: str, code: str, after: str
) -> None:
    assert codes(boxes.send(practice)) == []
    for _ in range(2):
        boxes.servers.deliver(boxes.cabinet, notice(action, identity))
    done = boxes.fetch(practice)
    assert [one.sort for one in done.courriers] == [sort, sort]
    assert codes(done) == [code, code] * bool(code)
    assert states(practice) == [after, after]
    attempts = ["accepte", "non_remis"] if after == "a_emettre" else ["accepte"]
    assert [row["resultat"] for row in rows(practice, "SELECT resultat FROM envoi ORDER BY tentative")] == attempts
    assert len(boxes.mailbox(boxes.cabinet)) == (2 if sort == "etranger" else 0)
