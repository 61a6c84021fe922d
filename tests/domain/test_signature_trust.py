"""Who signed a lot: names without an anchor, forgeries, chains, and the time at which a chain is judged."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fse.base.errors import SignatureError
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.verdict import Status
from fse.domain.signature.verification import verify_lot
from fse.infra.keys.pkcs12 import OpenedSigner
from tests.domain.signature_pki import LOT, Pki, issue, make_pki, name, openssl_accepts, pem


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def signature(pki: Pki) -> bytes:
    return sign_lot(LOT, pki.signer)


@pytest.fixture(scope="module")
def spare_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# --- intact, signer not proved ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("anchors", [None, []])
def test_without_an_anchor_the_signer_is_only_a_name(signature: bytes, anchors: list[bytes] | None) -> None:
    verdict = verify_lot(LOT, signature, anchors)
    assert (verdict.status, verdict.integre, verdict.prouve) == (Status.SANS_ANCRE, True, False)
    assert verdict.signataire == "ESSAI DURAND ANNE"


def test_the_anchor_of_another_proves_nothing(
    tmp_path: Path, signature: bytes, spare_key: rsa.RSAPrivateKey, pki: Pki
) -> None:
    """Another authority of the same name, with the key identifier of the true one or without."""
    other = make_pki(tmp_path).anchor
    twin = pem(issue(spare_key, subject=pki.signer.chain[0].subject, ca=True))
    for anchor in (other, twin):
        assert not openssl_accepts(tmp_path, LOT, signature, anchor)
        assert verify_lot(LOT, signature, [anchor]).status is Status.NON_PROUVEE
    assert verify_lot(LOT, signature, [other, twin, pki.anchor]).prouve


def test_a_forged_certificate_of_the_same_name_proves_nothing(
    tmp_path: Path, pki: Pki, spare_key: rsa.RSAPrivateKey
) -> None:
    true = pki.signer.certificate
    for issuer in (true.subject, true.issuer):  # self-signed; pretending to come from the authority
        forged = issue(spare_key, subject=true.subject, issuer=issuer, usage=["digital_signature"])
        for chain in ((), pki.signer.chain, (true, *pki.signer.chain)):
            cms = sign_lot(LOT, OpenedSigner(forged, spare_key, tuple(chain)))
            assert not openssl_accepts(tmp_path, LOT, cms, pki.anchor)
            verdict = verify_lot(LOT, cms, [pki.anchor])
            assert (verdict.status, verdict.integre) == (Status.NON_PROUVEE, True)
            assert verdict.signataire == "ESSAI DURAND ANNE"  # what it claims: hence "not proved"


def test_a_professional_cannot_issue_certificates(pki: Pki, spare_key: rsa.RSAPrivateKey) -> None:
    true = pki.signer.certificate
    forged = issue(spare_key, issuer_key=pki.signer.key, subject=name("FAUX"), issuer=true.subject)
    cms = sign_lot(LOT, OpenedSigner(forged, spare_key, (true, *pki.signer.chain)))
    assert verify_lot(LOT, cms, [pki.anchor]).status is Status.NON_PROUVEE
    assert verify_lot(LOT, cms, [pem(true)]).status is Status.NON_PROUVEE


def test_a_professional_trusted_directly_is_proved(pki: Pki, signature: bytes) -> None:
    assert verify_lot(LOT, signature, [pem(pki.signer.certificate)]).prouve
    der = pki.signer.chain[0].public_bytes(serialization.Encoding.DER)
    assert verify_lot(LOT, signature, [der]).prouve


@pytest.mark.parametrize(
    ("usage", "proved"),
    [
        ((), True),
        (("digital_signature",), True),
        (("content_commitment",), True),
        (("key_encipherment", "key_cert_sign"), False),
    ],
    ids=str,
)
def test_the_certificate_must_be_made_to_sign(spare_key: rsa.RSAPrivateKey, usage: Sequence[str], proved: bool) -> None:
    authority = issue(spare_key, subject=name("AC"), ca=True, usage=["key_cert_sign"])
    leaf = issue(spare_key, subject=name("PS"), issuer=name("AC"), usage=usage)
    verdict = verify_lot(LOT, sign_lot(LOT, OpenedSigner(leaf, spare_key, ())), [pem(authority)])
    assert (verdict.integre, verdict.prouve) == (True, proved)


def test_an_intermediate_joined_to_the_signature_is_followed(spare_key: rsa.RSAPrivateKey, pki: Pki) -> None:
    root = issue(spare_key, subject=name("RACINE"), ca=True)
    middle = issue(pki.signer.key, issuer_key=spare_key, subject=name("AC"), issuer=name("RACINE"), ca=True)
    leaf = issue(spare_key, issuer_key=pki.signer.key, subject=name("PS"), issuer=name("AC"))
    assert verify_lot(LOT, sign_lot(LOT, OpenedSigner(leaf, spare_key, (middle,))), [pem(root)]).prouve
    assert not verify_lot(LOT, sign_lot(LOT, OpenedSigner(leaf, spare_key, ())), [pem(root)]).prouve


# --- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "status", "word"),
    [
        (datetime(2020, 6, 1, 12, tzinfo=UTC), Status.PROUVEE, "01/06/2020"),
        (datetime(2021, 6, 1, tzinfo=UTC), Status.NON_PROUVEE, "expiré"),
        (datetime(2019, 6, 1, tzinfo=UTC), Status.NON_PROUVEE, "pas encore valable"),
    ],
    ids=["while valid, expired since", "after", "before"],
)
def test_the_chain_is_judged_when_it_was_signed(
    spare_key: rsa.RSAPrivateKey, signed: datetime, status: Status, word: str
) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    authority = issue(spare_key, subject=name("AC"), ca=True, start=start)
    leaf = issue(spare_key, subject=name("PS"), issuer=name("AC"), start=start)
    with time_machine.travel(signed, tick=False):
        cms = sign_lot(LOT, OpenedSigner(leaf, spare_key, ()))
    verdict = verify_lot(LOT, cms, [pem(authority)])
    assert (verdict.status, verdict.signe_le) == (status, signed)
    assert word in verdict.detail


# --- anchors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anchor", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_an_unreadable_anchor_is_a_typed_error(signature: bytes, anchor: bytes) -> None:
    with pytest.raises(SignatureError) as caught:
        verify_lot(LOT, signature, [anchor])
    assert caught.value.code == "signature.ancre_illisible"
