"""The message of a file, and what comes: our own, those of others, notices of servers, noise."""

from __future__ import annotations

import email
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import UnreadableError, UsageError
from fse.domain.signature.envelope import seal_envelope
from fse.infra.transport.dsn import Avis
from fse.infra.transport.entity import Attachment, build_entity
from fse.infra.transport.message import (
    Courrier,
    Recu,
    build_clear_message,
    build_sealed_message,
    read_message,
)
from fse.infra.transport.unpacking import read_entity

OURS = Courrier(
    expediteur="cabinet@essai.invalid",
    destinataire="caisse@essai.invalid",
    sujet="FSE 00000000000123 000001 T",
    identifiant="<00000000000123.000001.t@fse.invalid>",
    date=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
)
SEALED = b"\x30\x82\x01\x00 envelope"
PDF = Attachment("a.pdf", b"%PDF")


def test_a_sealed_message() -> None:
    data = build_sealed_message(OURS, "a.p7m", SEALED)
    assert build_sealed_message(OURS, "a.p7m", SEALED) == data
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 78
    read = email.message_from_bytes(data, policy=policy.default)
    assert {name: str(read[name]) for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted")} == {
        "From": OURS.expediteur,
        "To": OURS.destinataire,
        "Subject": OURS.sujet,
        "Message-ID": OURS.identifiant,
        "Auto-Submitted": "auto-generated",
    }
    assert read["Date"].datetime == OURS.date
    assert read.get_content_type() == "application/pkcs7-mime"
    assert read["Content-Type"].params == {"smime-type": "enveloped-data", "name": "a.p7m"}
    assert read.get_content() == SEALED
    assert read_message(data) == Recu(
        identifiant=OURS.identifiant,
        expediteur=OURS.expediteur,
        sujet=OURS.sujet,
        enveloppes=(Attachment("a.p7m", SEALED),),
    )


def test_openssl_opens_what_is_sent(tmp_path: Path) -> None:
    """S/MIME as others know it: `openssl cms` takes the whole message, and finds the files in it."""
    key, certificate, mail = tmp_path / "key.pem", tmp_path / "certificate.pem", tmp_path / "mail.eml"
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=T"]
    subprocess.run(["openssl", "req", "-x509", *map(str, made)], check=True, capture_output=True)

    files = [
        Attachment("00000000000123-000001.b2", b"000TP" * 40),
        Attachment("00000000000123-000001.p7s", b"\x30\x00"),
    ]
    sealed = seal_envelope(build_entity(files), [x509.load_pem_x509_certificate(certificate.read_bytes())])
    mail.write_bytes(build_sealed_message(OURS, "a.p7m", sealed))
    command = ["openssl", "cms", "-decrypt", "-in", str(mail), "-inkey", str(key), "-binary"]
    opened = subprocess.run(command, check=True, capture_output=True).stdout
    assert read_entity(opened) == files


def test_a_clear_message() -> None:
    read = read_message(build_clear_message(OURS, [PDF, Attachment("é.b2", b"\xff\x00")]))
    assert read.pieces == (PDF, Attachment("é.b2", b"\xff\x00"))
    assert read.enveloppes == ()
    assert not read.automatique
    assert not read.tronque


@pytest.mark.parametrize(
    "address", ["", "cabinet", "a b@c.fr", "é@c.fr", "a@c.fr\r\nBcc: d@e.fr", "a@b@c.fr", "<a@b.fr>"]
)
def test_a_wrong_address_is_refused(address: str) -> None:
    for wrong in (replace(OURS, expediteur=address), replace(OURS, destinataire=address)):
        with pytest.raises(UsageError) as caught:
            build_sealed_message(wrong, "a.p7m", SEALED)
        assert caught.value.code == "courrier.adresse"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(OURS, sujet="FSE\r\nBcc: a@b.fr"),
        replace(OURS, sujet="F" * 300),
        replace(OURS, identifiant="1@fse.invalid"),
        replace(OURS, identifiant="<1@fse.invalid>\r\nBcc: a@b.fr"),
        replace(OURS, identifiant="<" + "1" * 80 + "@fse.invalid>"),
        replace(OURS, date=datetime(2026, 3, 2)),  # noqa: DTZ001
    ],
    ids=range(6),
)
def test_what_the_caller_makes_is_checked(wrong: Courrier) -> None:
    with pytest.raises(UsageError) as caught:
        build_clear_message(wrong, [])
    assert caught.value.code == "courrier.en_tete"


def mail(content_type: str, body: bytes = b"MII=", headers: str = "", encoding: str = "base64") -> bytes:
    head = f"Message-ID: <1@caisse.invalid>\n{headers}Content-Type: {content_type}\n"
    return (head + f"Content-Transfer-Encoding: {encoding}\n\n").encode() + body


@pytest.mark.parametrize(
    "content_type",
    [
        "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
        "application/x-pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
        "application/PKCS7-MIME; name=smime.p7m",
        "application/pkcs7-mime",
        "application/octet-stream; name=RETOUR.P7M",
        "application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m",
    ],
)
def test_envelopes_however_they_are_named(content_type: str) -> None:
    alone = read_message(mail(content_type))
    assert [one.contenu for one in alone.enveloppes] == [b"0\x82"]
    assert alone.pieces == ()
    parts = b"--b\n\nBonjour\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
    parts += mail(content_type) + b"\n--c--\n--b--\n"
    inside = read_message(mail("multipart/mixed; boundary=b", parts, encoding="7bit"))
    assert [one.contenu for one in inside.enveloppes] == [b"0\x82"]
    assert inside.pieces == ()


@pytest.mark.parametrize(
    "content_type", ["application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "application/pkcs7-signature"]
)
def test_what_is_signed_only_is_in_clear(content_type: str) -> None:
    assert len(read_message(mail(content_type)).pieces) == 1


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        (build_clear_message(OURS, [PDF, PDF]), False),
        (build_clear_message(OURS, [PDF, PDF])[:-30], True),
        (build_sealed_message(OURS, "a.p7m", SEALED), False),
        (build_sealed_message(OURS, "a.p7m", SEALED)[:-7], True),
        (mail("multipart/mixed; boundary=b", b"nothing", encoding="7bit"), True),
    ],
    ids=range(5),
)
def test_a_truncated_message_is_said(data: bytes, cut: bool) -> None:
    assert read_message(data).tronque is cut


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "Precedence: LIST\n"])
def test_what_a_machine_writes(header: str) -> None:
    read = read_message(mail("text/plain", b"Je suis absent.", header, "7bit"))
    assert read.automatique
    assert (read.pieces, read.enveloppes, read.avis) == ((), (), None)


NOTICE = """Message-ID: <2@serveur.invalid>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Sorry
--b
Content-Type: message/{status}

Reporting-MTA: dns; serveur.invalid

Final-Recipient: rfc822; autre@essai.invalid
Action: relayed
Status: 2.0.0

Final-Recipient: rfc822; caisse@essai.invalid
Action: {action}
Status: {code}
Diagnostic-Code: smtp; 550 caisse@essai.invalid

--b
Content-Type: {returned}

{original}
--b--
"""
HEADERS = "From: a@b.fr\nMessage-ID: <00000000000123.000001.t@fse.invalid>\nSubject: FSE"


def notice(
    action: str, code: str, returned: str = "message/rfc822", status: str = "delivery-status", original: str = HEADERS
) -> Recu:
    text = NOTICE.format(action=action, code=code, returned=returned, status=status, original=original)
    return read_message(text.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    "returned", ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"]
)
@pytest.mark.parametrize("status", ["delivery-status", "global-delivery-status"])
def test_notices(returned: str, status: str) -> None:
    read = notice("Failed (no such box)", "5.1.1 (no such box)", returned, status)
    assert read.avis == Avis(action="failed", statut="5.1.1", identifiant=OURS.identifiant)
    assert read.avis.raison == "l'adresse du destinataire n'existe pas"
    assert read.automatique
    assert (read.pieces, read.enveloppes) == ((), ())


def test_a_notice_keeps_nothing_else() -> None:
    assert "essai.invalid" not in repr(notice("failed", "5.1.1"))
    assert notice("delayed", "4.4.1").avis == Avis(action="delayed", statut="4.4.1", identifiant=OURS.identifiant)
    assert notice("relayed", "2.1.5").avis == Avis(action="relayed", statut="2.0.0", identifiant=OURS.identifiant)
    assert notice("failed", "oops", original="").avis == Avis(action="failed", statut="", identifiant="")
    assert notice("failed", "oops").avis is not None


def test_a_returned_envelope_is_not_an_answer() -> None:
    original = build_sealed_message(OURS, "a.p7m", SEALED).decode().replace("\r\n", "\n")
    read = notice("failed", "5.2.2", original=original)
    assert read.enveloppes == ()
    assert read.avis == Avis(action="failed", statut="5.2.2", identifiant=OURS.identifiant)
    assert not read.tronque


_NOTICE = NOTICE.format(
    action="failed", code="5.1.1", returned="message/rfc822", status="delivery-status", original=HEADERS
)
SAMPLES = [
    build_sealed_message(OURS, "a.p7m", SEALED),
    build_clear_message(OURS, [PDF, Attachment("é.b2", b"x" * 200)]),
    _NOTICE.encode(),
    mail("application/pkcs7-mime"),
]
PIECES = [b"", b"\r\n", b"\n\n", b"--b", b";", b'"', b"*0*=", b"message/rfc822", b"=?utf-8?q?", b"\0"]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A message cut, doubled, mixed with another, or with bytes changed."""
    data = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 60)))
        other = draw(st.sampled_from(SAMPLES))
        at = draw(st.integers(0, len(other)))
        new = [data[start:end] * 2, other[at : at + 80]]
        data = data[:start] + draw(st.sampled_from(PIECES + new) | st.binary(max_size=8)) + data[end:]
    return data


@given(st.one_of(st.binary(max_size=400), damaged()))
def test_any_bytes_give_a_value_or_the_typed_error(data: bytes) -> None:
    for read in (read_message, read_entity):
        with suppress(UnreadableError):
            read(data)
