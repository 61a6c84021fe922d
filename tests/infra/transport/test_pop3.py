"""A mailbox of a real Dovecot: nothing leaves it that was not asked for, whatever happens on the way."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from fse.base.errors import FseError, StorageError
from fse.infra.transport.message import read_message
from fse.infra.transport.pop3 import Pop3
from fse.infra.transport.tls import Serveur
from tests.faulty_mail import answering, cut_line, told
from tests.infra.transport.conftest import Reach
from tests.mail_certificates import Authority
from tests.mail_servers import Account, MailServers, free_ports


def numbered(rank: int, body: bytes = b"x\r\n") -> bytes:
    return b"Message-ID: <%d@caisse.invalid>\r\n\r\n%s" % (rank, body)


@pytest.fixture
def box(mail_servers: MailServers) -> Account:
    """A mailbox with three messages."""
    account = mail_servers.account()
    mail_servers.deliver(account, *(numbered(rank) for rank in range(3)))
    return account


def failure(serveur: Serveur, password: str = "secret") -> FseError:
    with pytest.raises(FseError) as caught, Pop3(serveur, password) as opened:
        list(opened.messages())
    error = caught.value
    assert error.action
    assert password not in "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    return error


def left(mail_servers: MailServers, account: Account) -> list[str]:
    """The Message-IDs in the mailbox, read from the disk."""
    files = [file for folder in ("new", "cur") for file in (mail_servers.maildir(account) / folder).glob("*")]
    return sorted(read_message(file.read_bytes()).identifiant for file in files)


def test_deleted_at_the_end_and_only_what_was_asked(mail_servers: MailServers, pop3: Reach, box: Account) -> None:
    with Pop3(pop3(box), box.password) as opened:
        assert box.password not in repr(opened)
        found = list(opened.messages())
        assert [one.rang for one in found] == [1, 2, 3]
        assert len({one.uidl for one in found}) == 3
        opened.delete(found[1])
        assert mail_servers.count(box) == 3
    assert opened.confirme
    assert left(mail_servers, box) == ["<0@caisse.invalid>", "<2@caisse.invalid>"]
    with Pop3(pop3(box), box.password) as opened:
        assert [one.uidl for one in opened.messages()] == [found[0].uidl, found[2].uidl]


def test_an_exception_deletes_nothing(mail_servers: MailServers, pop3: Reach, box: Account) -> None:
    mailbox = Pop3(pop3(box), box.password)

    def fetch() -> None:
        with mailbox:
            for one in mailbox.messages():
                mailbox.delete(one)
            raise KeyError

    with pytest.raises(KeyError):
        fetch()
    assert not mailbox.confirme
    time.sleep(0.2)
    assert mail_servers.count(box) == 3


def test_a_cut_anywhere_deletes_all_that_was_asked_or_nothing(
    mail_servers: MailServers, pop3: Reach, box: Account
) -> None:
    """Deletion of the first is asked each time. Cut at every place of the dialogue, the two others always stay."""
    with cut_line(mail_servers.pop3_port) as line, Pop3(pop3(box, port=line.port), box.password) as opened:
        list(opened.messages())
    outcomes = set()
    for way, total in (("down", line.down), ("up", line.up)):
        for limit in sorted({1, total - 1, *range(5, total + 60, total // 14)}):
            account = mail_servers.account()
            mail_servers.deliver(account, *(numbered(rank) for rank in range(3)))
            read, asked, error = 0, False, ""
            with cut_line(mail_servers.pop3_port, **{way: limit}) as cut:
                opened = Pop3(pop3(account, port=cut.port), account.password)
                try:
                    with opened:
                        for one in opened.messages():
                            read += 1
                            assert one.contenu is not None
                            assert one.contenu.endswith(b"\r\n\r\nx\r\n")
                            if one.rang == 1:
                                opened.delete(one)
                                asked = True
                except StorageError as caught:
                    error = caught.code
            assert error in ("", "transport.serveur_injoignable")
            time.sleep(0.05)
            remaining = left(mail_servers, account)
            assert set(remaining) >= {"<1@caisse.invalid>", "<2@caisse.invalid>"}
            assert len(remaining) == 3 or (asked and read == 3 and not error)
            assert not opened.confirme or len(remaining) == 2
            outcomes.add((bool(error), len(remaining)))
    assert outcomes >= {(True, 3), (False, 2)}


def test_an_empty_mailbox(mail_servers: MailServers, pop3: Reach) -> None:
    account = mail_servers.account()
    with Pop3(pop3(account), account.password) as opened:
        assert list(opened.messages()) == []
    assert opened.confirme


def test_two_hundred_messages(mail_servers: MailServers, pop3: Reach) -> None:
    account = mail_servers.account()
    mail_servers.deliver(account, *(numbered(rank) for rank in range(200)))
    with Pop3(pop3(account), account.password) as opened:
        seen = []
        for one in opened.messages():
            seen.append(read_message(one.contenu or b"").identifiant)
            if one.rang % 2:
                opened.delete(one)
    assert sorted(seen) == sorted(f"<{rank}@caisse.invalid>" for rank in range(200))
    assert mail_servers.count(account) == 100


def test_a_huge_message_stays_and_the_others_are_read(mail_servers: MailServers, pop3: Reach, box: Account) -> None:
    huge = numbered(3, (b"y" * 76 + b"\r\n") * 30_000)
    mail_servers.deliver(box, huge, numbered(4))
    with Pop3(pop3(box), box.password, taille_max=1_000_000) as opened:
        found = list(opened.messages())
    assert [one.contenu is None for one in found] == [False, False, False, True, False]
    assert found[3].taille > len(huge)
    with Pop3(pop3(box), box.password) as opened:
        whole = list(opened.messages())[3].contenu
    assert whole is not None
    assert whole.endswith(huge)


@pytest.mark.parametrize(
    "body", [b"z" * 100_000 + b"\r\n", b".\r\n..\r\n.a\r\n", b"a\rb\r\n\r\n\r\n", b"\xff\x00\xfe\r\n"]
)
def test_lines_of_all_kinds(mail_servers: MailServers, pop3: Reach, body: bytes) -> None:
    """poplib refuses a line over 2048 bytes, and leaves the connection in the middle of it."""
    account = mail_servers.account()
    mail_servers.deliver(account, numbered(0, body), numbered(1))
    with Pop3(pop3(account), account.password) as opened:
        first, second = opened.messages()
    assert first.contenu is not None
    assert second.contenu is not None
    assert first.contenu.endswith(b"\r\n\r\n" + body)
    assert second.contenu.endswith(numbered(1))


def test_wrong_password(mail_servers: MailServers, pop3: Reach, box: Account) -> None:
    assert failure(pop3(box), "not that é one").code == "transport.identification"
    assert failure(pop3(box, compte="personne@essai.invalid")).code == "transport.identification"
    assert failure(pop3(box), "a\r\nDELE 1").code == "transport.mot_de_passe"
    assert mail_servers.count(box) == 3


def test_certificates(mail_servers: MailServers, pop3: Reach, box: Account, tmp_path: Path) -> None:
    for changes in ({"autorites": str(Authority(tmp_path).file)}, {"autorites": ""}, {"serveur": "127.0.0.1"}):
        assert failure(pop3(box, **changes)).code == "transport.certificat"
    assert failure(pop3(box, autorites=str(tmp_path / "none"))).code == "transport.autorites"


def test_nobody_there_or_not_tls(mail_servers: MailServers, pop3: Reach, box: Account) -> None:
    assert failure(pop3(box, port=free_ports(1)[0])).code == "transport.serveur_injoignable"
    with told(answering(b"+OK in clear\r\n")) as port:
        assert failure(pop3(box, port=port)).code == "transport.tls"
    with told(lambda client: client.close()) as port:
        assert failure(pop3(box, port=port)).code == "transport.serveur_injoignable"
    with told(lambda client: client.recv(1) and time.sleep(2)) as port:
        start = time.monotonic()
        assert "délai" in failure(pop3(box, port=port, delai=0.4)).message
        assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([b"-ERR no\r\n"], "transport.serveur_indisponible"),
        ([b"what\r\n"], "transport.serveur_indisponible"),
        ([b"+OK\r\n", b"+OK\r\n", b"-ERR [IN-USE] locked\r\n"], "transport.serveur_indisponible"),
        ([b"+OK\r\n", b"+OK\r\n", b"-ERR [SYS/TEMP] later\r\n"], "transport.serveur_indisponible"),
        ([b"+OK\r\n", b"+OK\r\n", b"-ERR [AUTH] no\r\n"], "transport.identification"),
        ([b"+OK\r\n", b"+OK\r\n", b"+OK\r\n", b"-ERR\r\n"], "transport.serveur_indisponible"),
        (
            [b"+OK\r\n", b"+OK\r\n", b"+OK\r\n", b"+OK\r\n1 9\r\n.\r\n", b"-ERR\r\n", b"-ERR gone\r\n"],
            "transport.serveur_indisponible",
        ),
        ([b"+OK\r\n", b"+OK\r\n", b"+OK\r\n", b"+OK\r\n" + b"1 9\r\n" * 4_000_000], "transport.serveur_injoignable"),
    ],
    ids=range(8),
)
def test_what_a_server_may_answer(mail_servers: MailServers, pop3: Reach, answers: list[bytes], code: str) -> None:
    account = mail_servers.account()
    with told(answering(*answers), mail_servers.ca.identity()) as port:
        assert failure(pop3(account, port=port, delai=3)).code == code


def test_odd_listings(mail_servers: MailServers, pop3: Reach) -> None:
    """No UIDL; a size that is none; lines that are no entries."""
    listing = b"+OK\r\n1 9\r\n2 many\r\nwhat\r\n3 " + b"9" * 5000 + b"\r\n.\r\n"
    answers = [b"+OK\r\n"] * 3 + [listing, b"-ERR what\r\n", b"+OK\r\nab\r\n.\r\n", b"+OK\r\n"]
    with ExitStack() as stack:
        port = stack.enter_context(told(answering(*answers), mail_servers.ca.identity()))
        opened = stack.enter_context(Pop3(pop3(mail_servers.account(), port=port), "secret"))
        found = list(opened.messages())
    assert [(one.rang, one.uidl, one.contenu) for one in found] == [(1, "", b"ab\r\n"), (2, "", None), (3, "", None)]
    assert opened.confirme


def drip(answer: bytes) -> Callable[[socket.socket], None]:
    def script(client: socket.socket) -> None:
        while True:
            client.sendall(answer)
            time.sleep(0.05)

    return script


def test_a_server_that_drips(mail_servers: MailServers, pop3: Reach) -> None:
    with told(drip(b"+"), mail_servers.ca.identity()) as port:
        start = time.monotonic()
        error = failure(pop3(mail_servers.account(), port=port, delai=0.3))
        assert error.code == "transport.serveur_injoignable"
        assert time.monotonic() - start < 8


def test_a_closed_session_says_so(mail_servers: MailServers, pop3: Reach, box: Account) -> None:
    with Pop3(pop3(box), box.password) as opened:
        (first, *_) = opened.messages()
    with pytest.raises(StorageError) as caught:
        opened.delete(first)
    assert caught.value.code == "transport.serveur_injoignable"
