"""A lot's signature: `openssl` is the oracle of what we sign, and signs what we verify. Without it, this file fails."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import SignatureError
from fse.base.findings import Place, Severity
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.verdict import Status, Verdict
from fse.domain.signature.verification import MAX_CERTIFICATES, MAX_CMS, verify_lot
from fse.infra.keys.pkcs12 import OpenedSigner
from tests.domain.signature_pki import LOT, Pki, issue, make_pki, name, openssl, openssl_accepts, pem


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def signature(pki: Pki) -> bytes:
    return sign_lot(LOT, pki.signer)


@pytest.fixture(scope="module")
def spare_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# --- what we sign, judged by openssl ---------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", [LOT, b"\n", b"\r\n\x80\xff\n", b"x", bytes(range(256)) * 256], ids=len)
def test_openssl_and_we_accept_what_we_sign(tmp_path: Path, pki: Pki, payload: bytes) -> None:
    cms = sign_lot(payload, pki.signer)
    assert openssl_accepts(tmp_path, payload, cms, pki.anchor)
    verdict = verify_lot(payload, cms, [pki.anchor])
    assert (verdict.status, verdict.integre, verdict.prouve) == (Status.PROUVEE, True, True)
    assert verdict.signataire == "ESSAI DURAND ANNE"
    assert verdict.signe_le is not None
    assert abs(datetime.now(UTC) - verdict.signe_le) < timedelta(minutes=2)
    assert "révocation" in verdict.detail
    assert verdict.findings() == ()


def test_the_lot_is_not_inside_the_signature(signature: bytes) -> None:
    assert LOT not in signature
    assert len(signature) < 4096


def test_openssl_refuses_a_changed_byte(tmp_path: Path, pki: Pki, signature: bytes) -> None:
    for changed in (LOT.replace(b"\n", b"\r\n", 1), LOT[:-1], LOT[:40] + b"B" + LOT[41:]):
        assert not openssl_accepts(tmp_path, changed, signature, pki.anchor)
        assert verify_lot(changed, signature, [pki.anchor]).status is Status.INVALIDE


def test_we_verify_what_openssl_signs(tmp_path: Path, pki: Pki) -> None:
    (tmp_path / "lot").write_bytes(LOT)
    (tmp_path / "cert").write_bytes(pem(pki.signer.certificate))
    (tmp_path / "key").write_bytes(
        pki.signer.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    sign = ("cms", "-sign", "-binary", "-outform", "DER", "-in", tmp_path / "lot", "-signer", tmp_path / "cert")
    for options in ((), ("-cades",), ("-md", "sha512"), ("-keyopt", "rsa_padding_mode:pss")):
        done = openssl(*sign, "-inkey", tmp_path / "key", "-out", tmp_path / "p7s", *options)
        assert done.returncode == 0, done.stderr
        assert verify_lot(LOT, (tmp_path / "p7s").read_bytes(), [pki.anchor]).prouve, options
    refused = {
        ("-md", "sha1"): "algorithme",
        ("-nodetach",): "détachée",
        ("-stream",): "détachée",  # BER, with the lot inside
        ("-nocerts",): "lisible",
    }
    for options, word in refused.items():
        openssl(*sign, "-inkey", tmp_path / "key", "-out", tmp_path / "p7s", *options)
        verdict = verify_lot(LOT, (tmp_path / "p7s").read_bytes(), [pki.anchor])
        assert verdict.status is Status.INVALIDE, options
        assert word in verdict.detail
    openssl(*sign, "-inkey", tmp_path / "key", "-out", tmp_path / "p7s", "-noattr")
    undated = verify_lot(LOT, (tmp_path / "p7s").read_bytes(), [pki.anchor])
    assert (undated.status, undated.signe_le) == (Status.NON_PROUVEE, None)
    assert "quand" in undated.detail


class CardKey(rsa.RSAPrivateKey):
    """What a card looks like: the key stays elsewhere, only `sign` crosses."""

    def __init__(self, inside: rsa.RSAPrivateKey) -> None:
        self._inside = inside
        self.failure: Exception | None = None

    def sign(self, data, padding, algorithm):
        if self.failure:
            raise self.failure
        return self._inside.sign(data, padding, algorithm)

    @property
    def key_size(self) -> int:
        return 2048

    def public_key(self) -> rsa.RSAPublicKey:
        return self._inside.public_key()

    def _never(self, *_: object) -> None:
        raise AssertionError("a card gives nothing else")

    decrypt = private_numbers = private_bytes = __copy__ = __deepcopy__ = _never


def test_a_card_signs_through_its_own_key_object(tmp_path: Path, pki: Pki) -> None:
    card = CardKey(pki.signer.key)
    signer = OpenedSigner(pki.signer.certificate, card, pki.signer.chain)
    cms = sign_lot(LOT, signer)
    assert openssl_accepts(tmp_path, LOT, cms, pki.anchor)
    card.failure = SignatureError("carte.absente", "La carte a été retirée.", action="La remettre.")
    with pytest.raises(SignatureError) as caught:
        sign_lot(LOT, signer)
    assert caught.value.code == "carte.absente"
    card.failure = ValueError("token")
    with pytest.raises(SignatureError) as caught:
        sign_lot(LOT, signer)
    assert (caught.value.code, caught.value.status) == ("signature.impossible", 4)


# --- broken -----------------------------------------------------------------------------------------------------------


def test_every_changed_byte_of_a_lot_is_seen(pki: Pki) -> None:
    lot = b"1" + bytes(range(100, 163))
    cms = sign_lot(lot, pki.signer)
    for position in range(len(lot)):
        for flip in (0x01, 0x80, 0xFF):
            changed = bytearray(lot)
            changed[position] ^= flip
            verdict = verify_lot(bytes(changed), cms, [pki.anchor])
            assert (verdict.status, verdict.integre) == (Status.INVALIDE, False)
            assert "changé" in verdict.detail
    for changed in (lot[1:], lot[:-1], lot + b"\x00", b"", lot * 2):
        assert verify_lot(bytes(changed), cms, [pki.anchor]).status is Status.INVALIDE


def test_a_false_signature_value_is_told_from_a_changed_lot(pki: Pki, signature: bytes) -> None:
    # no unsigned attribute follows: the signature value is the end of the CMS
    verdict = verify_lot(LOT, signature[:-1] + bytes([signature[-1] ^ 1]), [pki.anchor])
    assert verdict.status is Status.INVALIDE
    assert "fausse" in verdict.detail


def test_no_truncation_is_accepted(pki: Pki, signature: bytes) -> None:
    for length in range(0, len(signature), 7):
        assert verify_lot(LOT, signature[:length], [pki.anchor]).status is Status.INVALIDE
    assert verify_lot(LOT, signature + b"\x00", [pki.anchor]).status is Status.INVALIDE


@given(garbage=st.binary(max_size=300))
def test_garbage_is_a_verdict(garbage: bytes) -> None:
    verdict = verify_lot(LOT, garbage, None)
    assert verdict.status is Status.INVALIDE
    assert verdict.detail


@given(data=st.data())
def test_a_damaged_signature_is_a_verdict_and_never_covers_another_lot(
    pki: Pki, signature: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(signature)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for anchors in (None, [pki.anchor]):
        assert isinstance(verify_lot(LOT, bytes(damaged), anchors), Verdict)
    assert not verify_lot(LOT + b" ", bytes(damaged), [pki.anchor]).integre


@pytest.mark.parametrize("extra", [0, 1])
def test_sizes_are_bounded(pki: Pki, spare_key: rsa.RSAPrivateKey, extra: int) -> None:
    """As many cross certificates of one name as are allowed, under a forged anchor name: still quick."""
    authority = pki.signer.chain[0].subject
    crowd = [issue(spare_key, subject=authority, ca=True) for _ in range(MAX_CERTIFICATES - 1 + extra)]
    leaf = issue(spare_key, subject=name("FAUX"), issuer=authority)
    cms = sign_lot(LOT, OpenedSigner(leaf, spare_key, tuple(crowd)))
    begun = time.perf_counter()
    verdict = verify_lot(LOT, cms, [pki.anchor])
    assert time.perf_counter() - begun < 5
    assert verdict.status is (Status.INVALIDE if extra else Status.NON_PROUVEE)


def test_an_oversized_signature_is_not_read() -> None:
    verdict = verify_lot(LOT, b"\x30" * (MAX_CMS + 1), None)
    assert verdict.status is Status.INVALIDE
    assert str(MAX_CMS) in verdict.detail


def test_short_keys_prove_nothing(pki: Pki) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    cms = sign_lot(LOT, OpenedSigner(issue(weak), weak, ()))
    verdict = verify_lot(LOT, cms, [pki.anchor])
    assert verdict.status is Status.INVALIDE
    assert "faible" in verdict.detail


def test_an_envelope_is_not_a_signature(pki: Pki) -> None:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(LOT).add_recipient(pki.signer.certificate)
    cms = builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    verdict = verify_lot(LOT, cms, [pki.anchor])
    assert verdict.status is Status.INVALIDE
    assert "pas une signature" in verdict.detail


def test_two_signers_are_not_one(pki: Pki, spare_key: rsa.RSAPrivateKey) -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(LOT)
    for certificate, key in ((pki.signer.certificate, pki.signer.key), (issue(spare_key), spare_key)):
        builder = builder.add_signer(certificate, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
    cms = builder.sign(serialization.Encoding.DER, options)
    assert verify_lot(LOT, cms, [pki.anchor]).status is Status.INVALIDE


# --- extra, words ---------------------------------------------------------------------------------------------------


def test_without_the_extra_nothing_is_verified(monkeypatch: pytest.MonkeyPatch, pki: Pki, signature: bytes) -> None:
    for module in [each for each in sys.modules if each.split(".")[0] in ("pyhanko", "pyhanko_certvalidator")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    verdict = verify_lot(LOT, signature, [pki.anchor])
    assert (verdict.status, verdict.integre, verdict.prouve) == (Status.NON_VERIFIEE, False, False)
    assert 'pip install "fse[verification]"' in verdict.detail


def test_signing_and_the_words_need_no_pyhanko() -> None:
    code = "import sys, fse.domain.signature.verification, fse.domain.signature.cms; print('pyhanko' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"


def test_a_verification_runs_inside_an_event_loop(pki: Pki, signature: bytes) -> None:
    async def caller() -> Verdict:
        return verify_lot(LOT, signature, [pki.anchor])

    assert asyncio.run(caller()).prouve


def test_a_refusal_writes_nothing(capfd: pytest.CaptureFixture[str], spare_key: rsa.RSAPrivateKey, pki: Pki) -> None:
    cms = sign_lot(LOT, OpenedSigner(issue(spare_key, subject=name("FAUX")), spare_key, ()))
    assert verify_lot(LOT, cms, [pki.anchor]).status is Status.NON_PROUVEE
    assert capfd.readouterr() == ("", "")


def test_a_hostile_name_is_shown_harmless(spare_key: rsa.RSAPrivateKey) -> None:
    leaf = issue(spare_key, subject=name("\x1b[2J\nDr \u202eX" + "z" * 50))
    verdict = verify_lot(LOT, sign_lot(LOT, OpenedSigner(leaf, spare_key, ())), None)
    assert verdict.signataire == "[2JDr X" + "z" * 50


def broken(pki: Pki, signature: bytes) -> Verdict:
    return verify_lot(LOT + b" ", signature, [pki.anchor])


def without_anchor(pki: Pki, signature: bytes) -> Verdict:
    return verify_lot(LOT, signature, None)


def self_made(pki: Pki, signature: bytes) -> Verdict:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return verify_lot(LOT, sign_lot(LOT, OpenedSigner(issue(key), key, ())), [pki.anchor])


def not_looked_at(pki: Pki, signature: bytes) -> Verdict:
    return Verdict(status=Status.NON_VERIFIEE, detail="Le complément manque.")


@pytest.mark.parametrize(
    ("make", "code", "severity"),
    [
        (broken, "signature.invalide", Severity.ERREUR),
        (self_made, "signature.non_prouvee", Severity.ERREUR),
        (without_anchor, "signature.sans_ancre", Severity.AVERTISSEMENT),
        (not_looked_at, "signature.non_verifiee", Severity.AVERTISSEMENT),
    ],
)
def test_each_outcome_has_its_finding(
    make: Callable[[Pki, bytes], Verdict], code: str, severity: Severity, pki: Pki, signature: bytes
) -> None:
    verdict = make(pki, signature)
    (found,) = verdict.findings(Place(fichier="a-001.p7s"))
    assert (found.code, found.gravite, found.place.fichier) == (code, severity, "a-001.p7s")
    assert verdict.detail in found.message
    assert found.action
