"""Supporting documents by mail, through Postfix and Dovecot: one sealed message each, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.operations.pieces.envoi import envoyer_pieces
from fse.app.operations.practice import Practice
from tests.app.cabinet import PRESTATAIRE
from tests.app.emitted import rows
from tests.app.journal.exchanges import acknowledge
from tests.app.pieces.paper import MARK
from tests.app.pieces.test_pieces import PAPER, deposit, states
from tests.app.transmission.mail import Post, mailing, opened, post
from tests.app.transmission.scene import ENVOI
from tests.mail_servers import MailServers, mail_servers

__all__ = ["mail_servers"]


def run(practice: Practice, boxes: Post) -> list[str]:
    done = envoyer_pieces(practice, mot_de_passe=lambda: boxes.cabinet.password, le=ENVOI)
    return [one.etat for one in done]


def test_a_document_reaches_the_caisse_sealed(mail_servers: MailServers, tmp_path: Path) -> None:
    boxes = post(mail_servers)
    with mailing(tmp_path / "cabinet", boxes) as practice:
        boxes.send(practice)
        deposit(practice)
        assert run(practice, boxes) == []
        acknowledge(practice, 1)
        assert run(practice, boxes) == ["envoyee"]
        assert run(practice, boxes) == []
    messages = boxes.mailbox(boxes.caisse, 2)
    assert not any(MARK in message for message in messages)
    (message,) = (one for one in messages if b"Subject: PIECE" in one)
    read, files = opened(message)
    name = f"{PRESTATAIRE}-000000001-1"
    assert [one.nom for one in files] == [f"{name}.pdf", f"{name}.json"]
    assert files[0].contenu == PAPER
    assert read.sujet == f"PIECE {PRESTATAIRE} 000000001 1 T"
    assert read.identifiant.startswith(f"<piece.{PRESTATAIRE}.1.1.")


def test_a_dead_server_is_one_incident_and_one_failed_attempt(mail_servers: MailServers, tmp_path: Path) -> None:
    boxes = post(mail_servers)
    with mailing(tmp_path / "cabinet", boxes) as practice:
        boxes.send(practice)
        acknowledge(practice, 1)
        deposit(practice)
        text = (practice.cabinet.folder / "cabinet.toml").read_text(encoding="utf-8")
    dead = text.replace(f"port = {boxes.smtp_port}", "port = 1")
    (tmp_path / "cabinet" / "cabinet.toml").write_text(dead, encoding="utf-8")
    from tests.app.cabinet import reopen

    with reopen(tmp_path / "cabinet") as practice:
        assert run(practice, boxes) == ["a_reessayer"]
        [incident] = rows(practice, "SELECT code FROM incident")
        assert incident["code"] == "transport.serveur_injoignable"
        assert states(practice, ENVOI) == {1: "a_reessayer"}


def test_mail_in_clear_is_refused(mail_servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cabinet.toml` refuses it already; a centre that lost its certificate since must not let a document leave."""
    from fse.app.operations.pieces import envoi

    boxes = post(mail_servers)
    with mailing(tmp_path / "cabinet", boxes) as practice:
        boxes.send(practice)
        acknowledge(practice, 1)
        deposit(practice)
        monkeypatch.setattr(envoi, "open_recipients", lambda *_: {})
        assert run(practice, boxes) == ["a_reessayer"]
        assert rows(practice, "SELECT code FROM piece_suite") == [{"code": "piece.en_clair"}]
    assert len(boxes.mailbox(boxes.caisse, 1)) == 1
