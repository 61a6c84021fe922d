"""The same revocation lists judged by pyHanko and by openssl, and a list that openssl makes."""

import asyncio
import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError, ValidationError

from fse.domain.signature.verdict import Etat, Status
from tests.domain.signature.revocation_lists import DAY, SIGNED, Chain, chain, revocation_list, said_of, verdict_of
from tests.domain.signature_pki import openssl, pem

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def pki() -> Chain:
    return chain()


@pytest.fixture(scope="module")
def stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


WHEN = [None, SIGNED - 40 * DAY, SIGNED - SECOND, SIGNED + SECOND, SIGNED + 40 * DAY]
MADE = [SIGNED - 50 * DAY, SIGNED - DAY, SIGNED, SIGNED + 50 * DAY]
LIFE = [7 * DAY, 60 * DAY]
SIGNED_BY = ["its authority", "a stranger", "another name"]


def by_pyhanko(pki: Chain, content: bytes) -> str:
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(pki.root.public_bytes(Encoding.DER))],
        crls=[asn1_crl.CertificateList.load(content)],
        moment=SIGNED,
        allow_fetching=False,
        revocation_mode="require",
        retroactive_revinfo=True,
        time_tolerance=timedelta(0),
    )
    leaf = asn1_x509.Certificate.load(pki.direct.public_bytes(Encoding.DER))
    try:
        asyncio.run(CertificateValidator(leaf, validation_context=context).async_validate_path())
    except RevokedError:
        return "revoked"
    except ValidationError:
        return "unknown"
    return "good"


def test_pyhanko_says_the_same(pki: Chain, stranger: rsa.RSAPrivateKey) -> None:
    """But for a stale list that names the signer: pyHanko does not look inside, the revocation counts for us."""
    ours = {Etat.REVOQUE: "revoked", Etat.INCONNU: "unknown", Etat.VALABLE: "good", Etat.REVOQUE_APRES: "good"}
    compared = 0
    for since, made, life, by in itertools.product(WHEN, MADE, LIFE, SIGNED_BY):
        revoked = {pki.direct.serial_number: since} if since else {}
        key, issuer = (stranger if by == "a stranger" else pki.root_key), ("X" if by == "another name" else "RACINE")
        content = revocation_list(key, issuer, revoked=revoked, made=made, ends=made + life)
        stale = made + life < SIGNED
        if stale and since and by == "its authority":
            assert said_of(pki, content) in (Etat.REVOQUE, Etat.REVOQUE_APRES)
            continue
        assert ours[said_of(pki, content)] == by_pyhanko(pki, content), (since, made, life, by)
        compared += 1
    assert compared > 100


def by_openssl(folder: Path, pki: Chain, content: bytes) -> str:
    (folder / "ca").write_bytes(pki.anchor)
    (folder / "leaf").write_bytes(pem(pki.direct))
    crl = x509.load_der_x509_crl(content)
    (folder / "crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
    moment = ("-attime", str(int(SIGNED.timestamp())))
    verify = ("verify", *moment, "-crl_check", "-CAfile", folder / "ca", "-CRLfile", folder / "crl", folder / "leaf")
    done = openssl(*verify)
    if done.returncode == 0:
        return "good"
    return "revoked" if b"certificate revoked" in done.stdout + done.stderr else "unknown"


@pytest.mark.parametrize("since", [None, SIGNED - 40 * DAY, SIGNED - SECOND], ids=str)
@pytest.mark.parametrize(("made", "ends"), [(-1, 6), (-10, -3)])
@pytest.mark.parametrize("by", SIGNED_BY)
def test_openssl_says_the_same_of_the_lists_of_the_day(
    tmp_path: Path, pki: Chain, stranger: rsa.RSAPrivateKey, since: datetime | None, made: int, ends: int, by: str
) -> None:
    revoked = {pki.direct.serial_number: since} if since else {}
    key, issuer = (stranger if by == "a stranger" else pki.root_key), ("X" if by == "another name" else "RACINE")
    content = revocation_list(key, issuer, revoked=revoked, made=SIGNED + made * DAY, ends=SIGNED + ends * DAY)
    if ends < 0 and since and by == "its authority":
        return  # openssl stops at the age of the list
    ours = {Etat.REVOQUE: "revoked", Etat.INCONNU: "unknown", Etat.VALABLE: "good"}
    assert ours[said_of(pki, content)] == by_openssl(tmp_path, pki, content)


@pytest.mark.parametrize("digest", ["sha256", "sha512", "sha1"])
def test_a_list_made_by_openssl_is_read_but_for_a_weak_one(tmp_path: Path, pki: Chain, digest: str) -> None:
    encoding = (Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key").write_bytes(pki.root_key.private_bytes(*encoding))
    (tmp_path / "ca").write_bytes(pki.anchor)
    serial = f"{pki.direct.serial_number:X}"
    serial = serial if len(serial) % 2 == 0 else f"0{serial}"
    (tmp_path / "index").write_text(f"R\t270101000000Z\t260501000000Z,keyCompromise\t{serial}\tunknown\t/CN=PS\n")
    (tmp_path / "cnf").write_text(f"[ca]\ndefault_ca=x\n[x]\ndatabase={tmp_path}/index\ndefault_md={digest}\n")
    done = openssl(
        *("ca", "-gencrl", "-config", tmp_path / "cnf", "-keyfile", tmp_path / "key", "-cert", tmp_path / "ca"),
        *("-crl_lastupdate", "260530000000Z", "-crl_nextupdate", "260630000000Z", "-out", tmp_path / "crl"),
    )
    assert done.returncode == 0, done.stderr
    verdict = verdict_of(pki, (tmp_path / "crl").read_bytes())
    assert verdict.status is (Status.PROUVEE if digest == "sha1" else Status.REVOQUEE)
    assert ("algorithme trop faible" if digest == "sha1" else "01/05/2026") in verdict.detail
