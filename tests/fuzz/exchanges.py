"""What comes from outside by mail: messages, envelopes; and revocation lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from fse.domain.signature.envelope import seal_envelope
from fse.domain.signature.lists import read_lists
from fse.infra.keys.opening import open_envelope
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12
from fse.infra.transport.entity import Attachment, build_entity
from fse.infra.transport.message import Courrier, build_clear_message, build_sealed_message, read_message
from fse.infra.transport.unpacking import read_entity
from tests.app.cabinet import MOT_DE_PASSE, key_folder
from tests.fuzz.law import Target
from tests.fuzz.mutators import Mutator, damage, overwrite

WHEN = datetime(2026, 3, 2, tzinfo=UTC)

NOTICE = b"""Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.invalid

Final-Recipient: rfc822; b@essai.invalid
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <1.000001.T@fse.invalid>

--b--
"""


@cache
def _opener() -> OpenedSigner:
    return open_pkcs12(key_folder() / "praticien.p12", MOT_DE_PASSE)


def _envelopes() -> list[bytes]:
    return [seal_envelope(b"x" * 200, [_opener().certificate])]


def _open(data: bytes) -> None:
    open_envelope(data, _opener())


@cache
def _lists() -> list[bytes]:
    opener = _opener()
    builder = x509.CertificateRevocationListBuilder().issuer_name(opener.certificate.subject)
    builder = builder.last_update(WHEN).next_update(WHEN + timedelta(days=30))
    revoked = x509.RevokedCertificateBuilder().serial_number(7).revocation_date(WHEN).build()
    signed = builder.add_revoked_certificate(revoked).sign(opener.key, SHA256())
    return [signed.public_bytes(Encoding.DER), signed.public_bytes(Encoding.PEM)]


def _read_lists(data: bytes) -> None:
    read_lists([data])


def _messages() -> list[bytes]:
    courrier = Courrier(
        expediteur="a@essai.invalid",
        destinataire="b@essai.invalid",
        sujet="FSE 1 1 T",
        identifiant="<1.000001.T@fse.invalid>",
        date=WHEN,
    )
    files = [Attachment("é.b2", b"x" * 200), Attachment("a.p7s", b"y")]
    return [
        build_clear_message(courrier, files),
        build_sealed_message(courrier, "a.p7m", b"z" * 300),
        build_entity(files),
        NOTICE,
    ]


def _read_mail(data: bytes) -> None:
    read_message(data)
    read_entity(data)


def _somewhere(_: list[bytes]) -> Mutator:
    def mutate(data: bytes, chance: Random) -> bytes:
        return (overwrite if chance.random() < 0.8 else damage)(data, chance)

    return mutate


EXCHANGES = (
    Target(nom="courrier", read=_read_mail, seeds=_messages, mutator=_somewhere, longueur=4096),
    Target(nom="enveloppe", read=_open, seeds=_envelopes, mutator=_somewhere, longueur=4096, lane=60),
    Target(nom="revocation", read=_read_lists, seeds=_lists, mutator=_somewhere, longueur=4096),
)
