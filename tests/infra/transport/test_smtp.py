"""Handing over: to a real Postfix that delivers to a real Dovecot, and to servers that fail at each step."""

from __future__ import annotations

import socket
import ssl
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fse.base.errors import FseError, StorageError, UsageError
from fse.infra.transport import smtp_client
from fse.infra.transport.dsn import Avis
from fse.infra.transport.message import Courrier, build_sealed_message, read_message
from fse.infra.transport.pop3 import Pop3
from fse.infra.transport.smtp import Remise, Smtp, send
from fse.infra.transport.tls import Serveur
from tests.faulty_mail import Faults, answering, cut_line, frontal, told
from tests.infra.transport.conftest import Reach
from tests.mail_certificates import Authority, Identity
from tests.mail_servers import Account, MailServers, free_ports

SEALED = bytes(range(256)) * 40
_LOST = "transport.serveur_injoignable"
SENDER, RECEIVER = "cabinet@essai.invalid", "caisse@essai.invalid"


def message(sender: str = SENDER, receiver: str = RECEIVER, identity: str = "<1.1.t@fse.invalid>") -> bytes:
    courrier = Courrier(
        expediteur=sender,
        destinataire=receiver,
        sujet="FSE 1 1 T",
        identifiant=identity,
        date=datetime(2026, 3, 2, tzinfo=UTC),
    )
    return build_sealed_message(courrier, "a.p7m", SEALED)


def failure(serveur: Serveur, password: str = "secret", sent: bytes = b"x") -> FseError:
    with pytest.raises(FseError) as caught:
        send(serveur, password, sent, SENDER, [RECEIVER])
    error = caught.value
    assert error.action
    told_of_it = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert password not in told_of_it
    return error


def way(port: int, authority: Authority, **changes: object) -> Serveur:
    values = {"compte": SENDER, "autorites": str(authority.file), "delai": 5.0, "delai_final": 5.0}
    return Serveur(serveur="localhost", port=port, **{**values, **changes})  # type: ignore[arg-type]


# --- real servers ----------------------------------------------------------------------------------------------------


def received(pop3: Reach, account: Account) -> list[bytes]:
    with Pop3(pop3(account), account.password) as box:
        return [one.contenu for one in box.messages() if one.contenu is not None]


def test_round_trip(mail_servers: MailServers, smtp: Reach, pop3: Reach) -> None:
    cabinet, caisse = mail_servers.account("cabinet"), mail_servers.account("caisse")
    sent = [message(cabinet.address, caisse.address, f"<{rank}@fse.invalid>") for rank in range(3)]
    with Smtp(smtp(cabinet), cabinet.password) as client:
        assert cabinet.password not in repr(client)
        for one in sent:
            assert client.send(one, cabinet.address, [caisse.address]) == Remise(
                resultat="accepte", code="250 2.0.0", detail="Le serveur de messagerie a pris le message en charge."
            )
    mail_servers.wait(caisse, 3)
    read = [read_message(one) for one in received(pop3, caisse)]
    assert sorted(one.identifiant for one in read) == [f"<{rank}@fse.invalid>" for rank in range(3)]
    assert {one.enveloppes[0].contenu for one in read} == {SEALED}


def test_tls_from_the_start(mail_servers: MailServers, smtp: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_client, "TLS_PORT", mail_servers.tls_port)
    cabinet, caisse = mail_servers.account("cabinet"), mail_servers.account("caisse")
    to = smtp(cabinet, port=mail_servers.tls_port)
    assert send(to, cabinet.password, message(), cabinet.address, [caisse.address]).resultat == "accepte"
    mail_servers.wait(caisse, 1)
    assert (
        failure(smtp(cabinet, port=mail_servers.tls_port, autorites=""), cabinet.password).code
        == "transport.certificat"
    )


def test_a_message_with_dots_and_long_lines(mail_servers: MailServers, smtp: Reach, pop3: Reach) -> None:
    cabinet, caisse = mail_servers.account("cabinet"), mail_servers.account("caisse")
    sent = b"Message-ID: <1@x.invalid>\r\n\r\n.\r\n..\r\n.a\r\n" + b"b" * 900 + b"\r\n"
    assert send(smtp(cabinet), cabinet.password, sent, cabinet.address, [caisse.address]).resultat == "accepte"
    mail_servers.wait(caisse, 1)
    assert received(pop3, caisse)[0].endswith(sent.partition(b"\r\n\r\n")[2])


def test_a_real_notice_of_failure(mail_servers: MailServers, smtp: Reach, pop3: Reach) -> None:
    cabinet = mail_servers.account("cabinet")
    for nowhere, statut in (("personne@essai.invalid", "5.1.1"), ("caisse@ailleurs.invalid", "5.1.2")):
        sent = message(cabinet.address, nowhere, f"<{statut}@fse.invalid>")
        assert send(smtp(cabinet), cabinet.password, sent, cabinet.address, [nowhere]).resultat == "accepte"
        mail_servers.wait(cabinet, 1)
        with Pop3(pop3(cabinet), cabinet.password) as box:
            (one,) = box.messages()
            assert one.contenu is not None
            read = read_message(one.contenu)
            box.delete(one)
        assert read.avis == Avis(action="failed", statut=statut, identifiant=f"<{statut}@fse.invalid>")
        assert (read.enveloppes, read.pieces) == ((), ())


def test_a_message_too_big_for_the_server(mail_servers: MailServers, smtp: Reach) -> None:
    cabinet = mail_servers.account("cabinet")
    start = time.monotonic()
    done = send(smtp(cabinet), cabinet.password, b"x" * 20_000_001, cabinet.address, [cabinet.address])
    assert (done.resultat, done.code) == ("refuse", "552 5.3.4")
    assert time.monotonic() - start < 5  # its size is said first, and it does not travel


def test_a_wrong_password_counts_once(mail_servers: MailServers, smtp: Reach) -> None:
    cabinet = mail_servers.account("cabinet")
    assert failure(smtp(cabinet), "not that é one").code == "transport.identification"
    log = (mail_servers.folder / "postfix.log").read_text()
    assert log.count(f"sasl_username={cabinet.address}") == 1


def test_wrong_authority_and_wrong_name(mail_servers: MailServers, smtp: Reach, tmp_path: Path) -> None:
    cabinet = mail_servers.account("cabinet")
    foreign = failure(smtp(cabinet, autorites=str(Authority(tmp_path, "other").file)))
    assert (foreign.code, foreign.status) == ("transport.certificat", 5)
    assert "autorité" in foreign.message
    assert failure(smtp(cabinet, autorites="")).code == "transport.certificat"
    named = failure(smtp(cabinet, serveur="127.0.0.1"))
    assert named.code == "transport.certificat"
    assert "autre adresse" in named.message


def test_authorities_that_cannot_be_read(mail_servers: MailServers, smtp: Reach, tmp_path: Path) -> None:
    cabinet = mail_servers.account("cabinet")
    (tmp_path / "empty.pem").write_text("nothing")
    for file in ("none.pem", "empty.pem"):
        assert failure(smtp(cabinet, autorites=str(tmp_path / file))).code == "transport.autorites"


def test_a_line_that_is_cut_anywhere(mail_servers: MailServers, smtp: Reach) -> None:
    """An error: it never arrives; accepted: it does; uncertain: one or the other. Cut all along the dialogue."""
    cabinet = mail_servers.account("cabinet")
    with cut_line(mail_servers.smtp_port) as line:
        assert send(smtp(cabinet, port=line.port), cabinet.password, message(), cabinet.address, [cabinet.address])
    mail_servers.wait(cabinet, 1)
    seen = {}
    for way_, total in (("up", line.up), ("down", line.down)):
        for limit in sorted({1, total - 1, *range(7, total, total // 12)}):
            caisse = mail_servers.account("caisse")
            with cut_line(mail_servers.smtp_port, **{way_: limit}) as cut:
                try:
                    to = smtp(cabinet, port=cut.port)
                    result = send(to, cabinet.password, message(), cabinet.address, [caisse.address]).resultat
                except StorageError as error:
                    result = error.code
            seen[caisse] = result
    for account, result in seen.items():
        if result == "accepte":
            mail_servers.wait(account, 1)
    time.sleep(0.5)  # for what should not arrive
    for account, result in seen.items():
        count = mail_servers.count(account)
        assert count == {_LOST: 0, "accepte": 1}.get(result, min(count, 1)), (result, count)
    assert set(seen.values()) == {_LOST, "incertain", "accepte"}


# --- servers that fail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faults", "resultat", "code"),
    [
        (Faults(mail="451 4.3.0 later"), "differe", "451 4.3.0"),
        (Faults(mail="550 5.7.1 no"), "refuse", "550 5.7.1"),
        (Faults(rcpt="450 4.2.1 later"), "differe", "450 4.2.1"),
        (Faults(rcpt="550 5.1.1 no such user caisse@essai.invalid"), "refuse", "550 5.1.1"),
        (Faults(data="451 4.3.0 later"), "differe", "451 4.3.0"),
        (Faults(data="554 no"), "refuse", "554"),
        (Faults(content="452 4.3.1 full"), "differe", "452 4.3.1"),
        (Faults(content="554 5.6.0 no"), "refuse", "554 5.6.0"),
        (Faults(content="421 4.3.2 closing"), "differe", "421 4.3.2"),
        (Faults(drop="content"), "incertain", ""),
        (Faults(content="999 what"), "incertain", ""),
        (Faults(content="what"), "incertain", ""),
        (Faults(), "accepte", "250 2.0.0"),
    ],
    ids=str,
)
def test_each_step(authority: Authority, identity: Identity, faults: Faults, resultat: str, code: str) -> None:
    with frontal(faults, identity, password="secret") as server, Smtp(way(server.port, authority), "secret") as client:
        for _ in range(2):  # the second on the same connection, or on a new one when it was lost
            done = client.send(message(), SENDER, [RECEIVER])
            assert (done.resultat, done.code) == (resultat, code)
            assert "@" not in done.detail
        assert server.connections == (1 if code and not code.startswith("421") else 2)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_a_line_lost_before_the_message(authority: Authority, identity: Identity, step: str) -> None:
    with frontal(Faults(drop=step), identity, password="secret") as server:
        assert failure(way(server.port, authority), sent=message()).code == "transport.serveur_injoignable"
        assert server.taken == []


def test_one_refused_recipient_refuses_for_all(authority: Authority, identity: Identity) -> None:
    with frontal(Faults(rcpt="550 5.1.1 no"), identity, password="secret") as server:
        done = send(way(server.port, authority), "secret", message(), SENDER, [RECEIVER, "autre@essai.invalid"])
        assert (done.resultat, server.taken) == ("refuse", [])


def test_what_a_faulty_server_does_with_it(
    authority: Authority, identity: Identity, mail_servers: MailServers, pop3: Reach
) -> None:
    """Delivered twice, then cut: the receiver knows both by the Message-ID, and sees that one is cut."""
    caisse = mail_servers.account("caisse")
    for faults in (Faults(copies=2), Faults(keep=len(message()) - 3)):
        with frontal(faults, identity, password="secret", behind=mail_servers) as server:
            assert (
                send(way(server.port, authority), "secret", message(), SENDER, [caisse.address]).resultat == "accepte"
            )
    assert mail_servers.count(caisse) == 3
    serveur = Serveur(
        serveur="localhost", port=mail_servers.pop3_port, compte=caisse.address, autorites=mail_servers.authority
    )
    with Pop3(serveur, caisse.password) as box:
        read = [read_message(one.contenu or b"") for one in box.messages()]
    assert {one.identifiant for one in read} == {"<1.1.t@fse.invalid>"}
    assert sorted(one.tronque for one in read) == [False, False, True]


def test_a_server_without_tls_hears_nothing(authority: Authority, identity: Identity) -> None:
    with frontal(Faults(starttls=False), identity, password="secret") as server:
        error = failure(way(server.port, authority))
        assert error.code == "transport.starttls"
        assert server.tries == 0


def test_a_middleman_that_hides_starttls_or_refuses_it(authority: Authority) -> None:
    heard = []

    def script(client: socket.socket) -> None:
        client.sendall(b"220 x\r\n")
        with client.makefile("rb") as lines:
            while line := lines.readline():
                heard.append(line)
                ehlo = line.startswith(b"ehlo")
                client.sendall(b"250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n" if ehlo else b"454 4.7.0 not now\r\n")

    with told(script) as port:
        assert failure(way(port, authority)).code == "transport.starttls"
    assert [one.split()[0].lower() for one in heard] == [b"ehlo", b"starttls"]


@pytest.mark.parametrize("host", ["localhost", "other.invalid"])
def test_certificates_that_are_refused(authority: Authority, host: str) -> None:
    bad = authority.identity(host, expired=host == "localhost")
    with frontal(Faults(), bad, password="secret") as server:
        error = failure(way(server.port, authority))
        assert error.code == "transport.certificat"
        assert ("expiré" if host == "localhost" else "autre nom") in error.message
        assert server.tries == 0


def test_old_tls_is_refused(authority: Authority, identity: Identity) -> None:
    context = identity.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    def script(client: socket.socket) -> None:
        client.sendall(b"220 x\r\n")
        client.recv(100)
        client.sendall(b"250-x\r\n250 STARTTLS\r\n")
        client.recv(100)
        client.sendall(b"220 go\r\n")
        context.wrap_socket(client, server_side=True).close()

    with told(script) as port:
        assert failure(way(port, authority)).code == "transport.tls"


def test_what_is_not_a_mail_server(authority: Authority) -> None:
    with told(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert failure(way(port, authority)).code == "transport.serveur_indisponible"
    with told(answering(b"554 5.3.2 no service\r\n")) as port:
        error = failure(way(port, authority))
        assert error.code == "transport.serveur_indisponible"
        assert "554" in error.message
    with told(lambda client: client.close()) as port:
        assert failure(way(port, authority)).code == "transport.serveur_injoignable"


def test_a_server_that_cannot_check_the_password_now(authority: Authority, identity: Identity) -> None:
    with frontal(Faults(auth="454 4.7.0 Temporary authentication failure"), identity) as server:
        assert failure(way(server.port, authority)).code == "transport.serveur_indisponible"
        assert server.tries == 1


def test_nobody_there(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = way(free_ports(1)[0], authority)
    assert failure(absent).code == "transport.serveur_injoignable"

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(replace(absent, serveur="smtp.inconnu.invalid"))
    assert error.code == "transport.serveur_injoignable"
    assert "nom est inconnu" in error.message
    assert error.lieu.startswith("smtp.inconnu.invalid:")


# --- slow ------------------------------------------------------------------------------------------------------------


def test_a_silent_server(authority: Authority) -> None:
    with told(lambda client: client.recv(1)) as port:
        start = time.monotonic()
        error = failure(way(port, authority, delai=0.4))
        assert error.code == "transport.serveur_injoignable"
        assert "délai" in error.message
        assert time.monotonic() - start < 3


def test_a_server_that_drips(authority: Authority) -> None:
    """One byte at a time would renew the patience of the standard library for ever."""

    def script(client: socket.socket) -> None:
        while True:
            client.sendall(b"2")
            time.sleep(0.05)

    with told(script) as port:
        start = time.monotonic()
        assert "délai" in failure(way(port, authority, delai=0.5)).message
        assert time.monotonic() - start < 3


def test_a_server_that_never_stops(authority: Authority) -> None:
    def script(client: socket.socket) -> None:
        while True:
            client.sendall(b"220-and more\r\n" * 1000)

    with told(script) as port:
        assert "n'en finit pas" in failure(way(port, authority)).message


def test_a_slow_server_has_its_own_time_for_the_message(authority: Authority, identity: Identity) -> None:
    with frontal(Faults(slow=0.7), identity, password="secret") as server:
        quick = way(server.port, authority, delai=0.3)
        assert failure(quick, sent=message()).code == "transport.serveur_injoignable"
        impatient = way(server.port, authority, delai=3.0, delai_final=0.3)
        assert send(impatient, "secret", message(), SENDER, [RECEIVER]).resultat == "incertain"
        patient = way(server.port, authority, delai=3.0, delai_final=3.0)
        assert send(patient, "secret", message(), SENDER, [RECEIVER]).resultat == "accepte"


# --- what is refused before anything is said --------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["a\r\nMAIL FROM:<a@b.fr>", "a\0b", "a\ud800b"])
def test_passwords_that_cannot_be_said(authority: Authority, password: str) -> None:
    error = failure(way(1, authority), password)
    assert isinstance(error, UsageError)
    assert error.code == "transport.mot_de_passe"


def test_addresses_that_cannot_be_said(authority: Authority, identity: Identity) -> None:
    with (
        frontal(Faults(), identity, password="secret") as server,
        Smtp(way(server.port, authority), "secret") as client,
    ):
        for wrong in ("a@b.fr>\r\nDATA", "é@b.fr", "a b@c.fr"):
            with pytest.raises(UsageError) as caught:
                client.send(message(), SENDER, [wrong])
            assert caught.value.code == "courrier.adresse"
        assert server.taken == []


def test_without_an_account_nothing_is_asked(authority: Authority, identity: Identity) -> None:
    with frontal(Faults(), identity) as server:
        sent = message()
        assert send(way(server.port, authority, compte=""), "", sent, SENDER, [RECEIVER]).resultat == "accepte"
        assert (server.tries, server.taken) == (0, [sent])
