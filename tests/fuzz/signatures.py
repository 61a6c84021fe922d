"""What judges signatures, and what holds keys and certificates."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, serialize_key_and_certificates

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import Scenario
from fse.app.operations.verifier import verifier
from fse.domain.signature.trust import read_anchors
from fse.infra.keys.pkcs12 import open_pkcs12
from tests.app.cabinet import MOT_DE_PASSE, key_folder
from tests.fuzz.der import der_items, der_sequence
from tests.fuzz.law import FIXTURES, Target, scratch
from tests.fuzz.messages import of_records
from tests.fuzz.mutators import Mutator, damage, overwrite

BETWEEN = b"\n=====\n"
"""Between the parts of an input of `verifier` and `repondre`: the content, the anchor, the signature of each lot."""


def _verifier(data: bytes) -> None:
    content, ancre, *signatures = [*data.split(BETWEEN), b""][: data.count(BETWEEN) + 2]
    result = verifier(content, [cms or None for cms in signatures], [ancre] if ancre else None)
    assert result.status in (0, 1, 4)


def _repondre(data: bytes) -> None:
    content, ancre, *signatures = [*data.split(BETWEEN), b""][: data.count(BETWEEN) + 2]
    given = {rank: cms for rank, cms in enumerate(signatures, start=1) if cms}
    repondre(content, given, Scenario(), date(2025, 3, 20), [ancre] if ancre else [])


@cache
def _ancre() -> bytes:
    return (key_folder() / "ancre.pem").read_bytes()


def _signed() -> list[bytes]:
    found = []
    for path in sorted(FIXTURES.glob("*/*/*.b2")):
        signatures = [one.read_bytes() for one in sorted(path.parent.glob(f"{path.stem}-*.p7s"))]
        for ancre in (b"", _ancre()) if signatures else (b"",):
            found.append(BETWEEN.join([path.read_bytes(), ancre, *signatures]))
    return found


def _of_signed(seeds: list[bytes]) -> Mutator:
    by_records = of_records([seed.split(BETWEEN)[0] for seed in seeds])

    def mutate(data: bytes, chance: Random) -> bytes:
        parts = data.split(BETWEEN)
        rank = chance.choice([0, chance.randrange(len(parts))])
        how = by_records if rank == 0 else overwrite if parts[rank] and chance.random() < 0.8 else damage
        parts[rank] = how(parts[rank], chance)
        if chance.random() < 0.1:
            parts.append(chance.choice(parts))
        return BETWEEN.join(parts)

    return mutate


def _of_der(seeds: list[bytes]) -> Mutator:
    return lambda data, chance: (overwrite if chance.random() < 0.8 else damage)(data, chance)


def _anchors_to_read() -> list[bytes]:
    """One certificate: PEM, DER, and twice."""
    certificate = x509.load_pem_x509_certificate(_ancre())
    return [_ancre(), certificate.public_bytes(Encoding.DER), _ancre() * 2]


def _anchors(data: bytes) -> None:
    read_anchors([data])


@cache
def _keys() -> list[bytes]:
    """PKCS#12 files that are quick to open: one under a password, one in clear and without the sum that guards it."""
    opened = open_pkcs12(key_folder() / "praticien.p12", MOT_DE_PASSE)
    quick = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).hmac_hash(SHA256())
    protection = quick.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).build(b"x")
    guarded, clear = (
        serialize_key_and_certificates(b"x", opened.key, opened.certificate, [], how)
        for how in (protection, NoEncryption())
    )
    return [guarded, der_sequence(der_items(clear)[:2])]


def _pkcs12(data: bytes) -> None:
    open_pkcs12(scratch("cle.p12", data), "x")


SIGNATURES = (
    Target(nom="verifier", read=_verifier, seeds=_signed, mutator=_of_signed, longueur=16_384, lane=200),
    Target(nom="repondre", read=_repondre, seeds=_signed, mutator=_of_signed, longueur=16_384, lane=200),
    Target(nom="pkcs12", read=_pkcs12, seeds=_keys, mutator=_of_der, longueur=8192, lane=100),
    Target(nom="ancres", read=_anchors, seeds=_anchors_to_read, mutator=_of_der),
)
