"""The certificates that files are encrypted for: which are taken, which are refused, and what is said of their end."""

import subprocess
import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import SignatureError
from fse.base.findings import Severity
from fse.domain.signature.recipients import WARNING_DAYS, expiry_findings, read_certificates, read_recipients
from tests.domain.signature_pki import issue, name, pem

TODAY = date(2026, 6, 1)


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def lasting(start: date, end: date) -> x509.Certificate:
    """A certificate of a recipient for these days."""
    builder = x509.CertificateBuilder(name("caisse"), name("caisse"), key().public_key(), x509.random_serial_number())
    for day, put in ((start, x509.CertificateBuilder.not_valid_before), (end, x509.CertificateBuilder.not_valid_after)):
        builder = put(builder, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    return builder.sign(key(), hashes.SHA256())


def until(days: int, *, since: int = -900) -> x509.Certificate:
    """Valid from so many days after today (before, when negative) to so many days after."""
    return lasting(TODAY + timedelta(since), TODAY + timedelta(days))


def code_of(content: bytes) -> str:
    with pytest.raises(SignatureError) as caught:
        read_certificates({"caisse.pem": content})
    assert (caught.value.status, caught.value.lieu) == (4, "caisse.pem")
    return caught.value.code


# --- taken and refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usage", "taken"),
    [
        ((), True),
        (("key_encipherment",), True),
        (("digital_signature", "key_encipherment"), True),
        (("digital_signature",), False),
        (("content_commitment",), False),
        (("key_cert_sign", "crl_sign"), False),
        (("data_encipherment",), False),
    ],
    ids=str,
)
def test_a_certificate_that_is_not_made_to_encrypt_is_refused(usage: Sequence[str], taken: bool) -> None:
    one = issue(key(), usage=usage)
    if taken:
        assert read_certificates({"caisse.pem": pem(one)}) == {"caisse.pem": one}
    else:
        assert code_of(pem(one)) == "destinataire.certificat_usage"


def test_pem_and_der_are_read() -> None:
    one = issue(key(), usage=["key_encipherment"])
    assert list(read_certificates({"a": pem(one), "b": one.public_bytes(Encoding.DER)}).values()) == [one, one]


def test_a_short_key_is_refused() -> None:
    assert code_of(pem(issue(key(1024)))) == "destinataire.cle_courte"
    assert read_certificates({"a": pem(issue(key(3072)))})


def test_another_kind_of_key_is_refused() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    assert code_of(pem(issue(curve))) == "destinataire.certificat_illisible"


@pytest.mark.parametrize("content", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----", b"\x30\x80"])
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    assert code_of(content) == "destinataire.certificat_illisible"


@given(data=st.data())
def test_a_damaged_certificate_is_taken_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(issued())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with suppress(SignatureError):
            read = read_certificates({"a": bytes(damaged)})
            assert expiry_findings("CT 998", read, TODAY) is not None


@cache
def issued() -> bytes:
    return issue(key(), usage=["key_encipherment"]).public_bytes(Encoding.DER)


def test_a_certificate_made_by_openssl_is_taken() -> None:
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=caisse", "-days", "30"]
    request += ["-keyout", "/dev/null"]
    encrypts = subprocess.run([*request, "-addext", "keyUsage=keyEncipherment"], capture_output=True, check=True)
    assert read_certificates({"a": encrypts.stdout})
    signs = subprocess.run([*request, "-addext", "keyUsage=digitalSignature"], capture_output=True, check=True)
    assert code_of(signs.stdout) == "destinataire.certificat_usage"


# --- their dates -----------------------------------------------------------------------------------------------------


def test_the_old_and_the_new_are_both_taken_on_the_days_that_they_share() -> None:
    old, new = until(10), until(900, since=-10)
    contents = {"new.pem": pem(new), "old.pem": pem(old)}
    assert read_recipients(contents, TODAY) == (old, new)
    assert read_recipients(contents, TODAY + timedelta(10)) == (old, new)
    assert read_recipients(contents, TODAY + timedelta(11)) == (new,)
    assert read_recipients(contents, TODAY - timedelta(11)) == (old,)
    assert read_recipients({}, TODAY) == ()


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (until(-1), f"a expiré le {TODAY - timedelta(1):%d/%m/%Y}"),
        (until(900, since=1), f"n'est pas encore valable : à partir du {TODAY + timedelta(1):%d/%m/%Y}"),
    ],
    ids=["ended", "to come"],
)
def test_none_valid_is_an_error_for_sending_and_a_finding_for_the_worklist(one: x509.Certificate, why: str) -> None:
    with pytest.raises(SignatureError) as caught:
        read_recipients({"a.pem": pem(one)}, TODAY)
    assert caught.value.code == "destinataire.certificats_expires"
    assert f"a.pem ({why})" in caught.value.message
    (found,) = expiry_findings("CT 998", {"a.pem": one}, TODAY)
    assert f"(a.pem, {why})" in found.message
    assert (found.code, found.gravite) == ("chiffrement.expires", Severity.ERREUR)


@pytest.mark.parametrize(
    ("certificates", "codes"),
    [
        ({}, []),
        ({"a": until(WARNING_DAYS + 1)}, []),
        ({"a": until(WARNING_DAYS)}, ["chiffrement.expire_bientot"]),
        ({"a": until(0)}, ["chiffrement.expire_bientot"]),
        ({"a": until(10), "b": until(400)}, []),
        ({"a": until(-1), "b": until(400)}, ["chiffrement.expire"]),
        ({"a": until(-1), "b": until(5)}, ["chiffrement.expire", "chiffrement.expire_bientot"]),
        ({"a": until(10), "b": until(400, since=10)}, []),
        ({"a": until(10), "b": until(400, since=11)}, []),
        ({"a": until(10), "b": until(400, since=12)}, ["chiffrement.expire_bientot"]),
        ({"b": until(10), "a": until(20, since=5), "c": until(400, since=15)}, []),
        ({"a": until(10), "b": until(5, since=1)}, ["chiffrement.expire_bientot"]),
    ],
    ids=str,
)
def test_the_end_is_told_before_it_comes(certificates: dict[str, x509.Certificate], codes: list[str]) -> None:
    found = expiry_findings("CT 998", certificates, TODAY)
    assert [one.code for one in found] == codes
    assert all(one.gravite is Severity.AVERTISSEMENT and "CT 998" in one.message for one in found)


def test_the_words_of_the_warning() -> None:
    (soon,) = expiry_findings("CT 998", {"a": until(3), "b": until(12)}, TODAY)
    assert "(b) se termine le 13/06/2026, dans 12 jours." in soon.message
    (today,) = expiry_findings("CT 998", {"a": until(0)}, TODAY)
    assert "se termine le 01/06/2026, aujourd'hui." in today.message
    (tomorrow,) = expiry_findings("CT 998", {"a": until(1)}, TODAY)
    assert "dans 1 jour." in tomorrow.message
