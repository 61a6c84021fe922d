"""Test keys: made, opened, refused. `openssl` judges the files; without it this file fails."""

import os
import stat
import subprocess
import time
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fse.base.errors import SignatureError
from fse.infra.keys import trial_pki
from fse.infra.keys.pkcs12 import MAX_FILE, open_pkcs12
from fse.infra.keys.trial_certificates import VALIDITY
from fse.infra.keys.trial_pki import CreatedKey, create_test_encryption_key, create_test_key

PASSWORD = "phrase de passe é€"
NOW = datetime(2026, 3, 1, 8, 30, 15, 999_999, tzinfo=UTC)


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> CreatedKey:
    return create_test_key(tmp_path_factory.mktemp("cles") / "a" / "b", PASSWORD, "MARTIN ÉLISE", "001234567", NOW)


def refusal(path: Path, password: str = PASSWORD) -> SignatureError:
    with pytest.raises(SignatureError) as caught:
        open_pkcs12(path, password)
    assert caught.value.status == 4
    assert caught.value.message
    assert caught.value.action
    return caught.value


def outcome(path: Path) -> str:
    try:
        open_pkcs12(path, PASSWORD)
    except SignatureError as error:
        return error.code
    return "opened"


def openssl(*arguments: str | Path, password: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "P12_PASSWORD": password}
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, text=True, env=environment)


# --- created ---------------------------------------------------------------------------------------------------------


def test_the_certificate_is_marked_test_and_names_the_professional(created: CreatedKey) -> None:
    signer = open_pkcs12(created.praticien, PASSWORD)
    subject = signer.certificate.subject
    parts = {each.oid: each.value for each in subject}
    assert parts[NameOID.COMMON_NAME] == "ESSAI MARTIN ÉLISE"
    assert parts[NameOID.SERIAL_NUMBER] == "001234567"
    assert "ESSAI" in str(parts[NameOID.ORGANIZATION_NAME])
    assert "ESSAI" in signer.certificate.issuer.rfc4514_string()
    assert signer.key.key_size == 2048


def test_the_anchor_is_the_issuer_and_holds_no_key(created: CreatedKey) -> None:
    signer = open_pkcs12(created.praticien, PASSWORD)
    content = created.ancre.read_bytes()
    assert b"PRIVATE" not in content
    (anchor,) = x509.load_pem_x509_certificates(content)
    assert signer.chain == (anchor,)
    signer.certificate.verify_directly_issued_by(anchor)
    anchor.verify_directly_issued_by(anchor)
    assert signer.key.public_key() != anchor.public_key()


def test_validity_surrounds_now(created: CreatedKey) -> None:
    certificate = open_pkcs12(created.praticien, PASSWORD).certificate
    assert certificate.not_valid_before_utc == NOW.replace(microsecond=0) - timedelta(hours=1)
    assert certificate.not_valid_after_utc == certificate.not_valid_before_utc + VALIDITY == created.expire_le


def test_openssl_accepts_the_chain_and_the_file(tmp_path: Path, created: CreatedKey) -> None:
    p12 = ("pkcs12", "-in", created.praticien, "-passin", "env:P12_PASSWORD")
    done = openssl(*p12, "-nokeys", "-clcerts", "-out", tmp_path / "ps.pem", password=PASSWORD)
    assert done.returncode == 0, done.stderr
    moment = str(int(NOW.timestamp()))
    verify = ("verify", "-x509_strict", "-attime", moment, "-CAfile", created.ancre)
    for purpose in ("smimesign", "any"):
        done = openssl(*verify, "-purpose", purpose, tmp_path / "ps.pem")
        assert done.returncode == 0, done.stdout + done.stderr
    told = openssl(*p12, "-info", "-noout", password=PASSWORD)
    assert told.returncode == 0
    assert "AES-256-CBC, Iteration 100000" in told.stderr, "a guess of the password takes time"
    assert openssl(*p12, "-noout", password="autre").returncode != 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX modes")
def test_files_are_private_and_alone(created: CreatedKey) -> None:
    for path in (created.ancre, created.praticien):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {each.name for each in created.ancre.parent.iterdir()} == {"ancre.pem", "praticien.p12"}


@pytest.mark.parametrize("present", ["ancre.pem", "praticien.p12"])
def test_nothing_is_overwritten(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_bytes(b"precious")
    with pytest.raises(SignatureError) as caught:
        create_test_key(tmp_path, PASSWORD, "X", "001234567", NOW)
    assert caught.value.code == "cle.existe"
    assert [each.name for each in tmp_path.iterdir()] == [present]
    assert (tmp_path / present).read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("password", "nom", "prestataire", "code"),
    [
        ("", "X", "001234567", "cle.mot_de_passe_impropre"),
        ("a\udce9", "X", "001234567", "cle.mot_de_passe_impropre"),
        (PASSWORD, "X" * 59, "001234567", "cle.nom"),
        (PASSWORD, " ", "001234567", "cle.nom"),
        (PASSWORD, "X", "", "cle.nom"),
    ],
)
def test_bad_arguments_write_nothing(tmp_path: Path, password: str, nom: str, prestataire: str, code: str) -> None:
    with pytest.raises(SignatureError) as caught:
        create_test_key(tmp_path, password, nom, prestataire, NOW)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SignatureError) as caught:
        create_test_key(tmp_path / "file" / "under", PASSWORD, "X", "001234567", NOW)
    assert caught.value.code == "cle.ecriture"


def test_a_failed_write_leaves_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trial_pki.os, "fsync", full)
    with pytest.raises(SignatureError) as caught:
        create_test_key(tmp_path, PASSWORD, "X", "001234567", NOW)
    assert caught.value.code == "cle.ecriture"
    assert list(tmp_path.iterdir()) == []


# --- created to encrypt ----------------------------------------------------------------------------------------------


def test_an_encryption_key_encrypts_and_does_not_sign(tmp_path: Path) -> None:
    made = create_test_encryption_key(tmp_path / "a", PASSWORD, "caisse 2026", NOW)
    assert (made.certificat.name, made.cle.name) == ("caisse 2026.pem", "caisse 2026.p12")
    assert {each.name for each in (tmp_path / "a").iterdir()} == {"caisse 2026.pem", "caisse 2026.p12"}
    opened = open_pkcs12(made.cle, PASSWORD)
    assert [opened.certificate] == x509.load_pem_x509_certificates(made.certificat.read_bytes())
    (common,) = opened.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert common.value == "ESSAI caisse 2026"
    assert opened.certificate.not_valid_after_utc == made.expire_le
    (tmp_path / "ca").write_bytes(opened.chain[0].public_bytes(serialization.Encoding.PEM))
    moment = str(int(NOW.timestamp()))
    verify = ("verify", "-x509_strict", "-attime", moment, "-CAfile", tmp_path / "ca")
    assert openssl(*verify, "-purpose", "smimeencrypt", made.certificat).returncode == 0
    assert openssl(*verify, "-purpose", "smimesign", made.certificat).returncode != 0


@pytest.mark.parametrize("nom", ["", " ", ".", "..", ".a", "a/b", "../a", "a\\b", "/a", "a\0", "a\n", "C:a", "x" * 59])
def test_the_name_of_an_encryption_key_stays_in_its_folder(tmp_path: Path, nom: str) -> None:
    with pytest.raises(SignatureError) as caught:
        create_test_encryption_key(tmp_path, PASSWORD, nom, NOW)
    assert caught.value.code == "cle.nom"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("present", ["caisse.pem", "caisse.p12"])
def test_an_encryption_key_overwrites_nothing(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_bytes(b"precious")
    with pytest.raises(SignatureError) as caught:
        create_test_encryption_key(tmp_path, PASSWORD, "caisse", NOW)
    assert caught.value.code == "cle.existe"
    assert (tmp_path / present).read_bytes() == b"precious"


# --- opened ----------------------------------------------------------------------------------------------------------


def test_opening_is_quick_and_the_signer_frozen(created: CreatedKey) -> None:
    durations = []
    for _ in range(3):
        begun = time.perf_counter()
        signer = open_pkcs12(created.praticien, PASSWORD)
        durations.append(time.perf_counter() - begun)
    assert min(durations) < 0.2
    assert "RSAPrivateKey" not in repr(signer)
    with pytest.raises(FrozenInstanceError):
        signer.key = signer.key


@pytest.mark.parametrize("wrong", ["", "autre-secret", PASSWORD + " ", PASSWORD.upper(), "\udce9", "a\0b"])
def test_a_wrong_password_is_named_and_never_shown(created: CreatedKey, wrong: str) -> None:
    error = refusal(created.praticien, wrong)
    assert error.code == "cle.mot_de_passe"
    assert not wrong or wrong not in str(error)
    assert error.__cause__ is None


def test_an_absent_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "rien.p12").code == "cle.absente"


def test_what_is_not_a_key_file_is_unreadable(tmp_path: Path, created: CreatedKey) -> None:
    path = tmp_path / "x.p12"
    for content in (b"", b"garbage", created.ancre.read_bytes(), b"\x30" * (MAX_FILE + 1)):
        path.write_bytes(content)
        assert refusal(path).code == "cle.illisible"
    assert refusal(tmp_path).code == "cle.illisible"  # a folder


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_a_typed_error(tmp_path: Path, created: CreatedKey, data: st.DataObject) -> None:
    content = bytearray(created.praticien.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "abime.p12"
    path.write_bytes(bytes(content[: data.draw(st.integers(position, len(content)))]))
    assert outcome(path) in ("cle.illisible", "cle.mot_de_passe", "opened")  # a few bytes are not covered by the MAC


def test_a_file_exported_in_ber_is_read(tmp_path: Path, created: CreatedKey) -> None:
    path = tmp_path / "ber.p12"
    path.write_bytes(created.praticien.read_bytes() + b"\x00\x00")
    assert open_pkcs12(path, PASSWORD).certificate == open_pkcs12(created.praticien, PASSWORD).certificate


def test_a_file_without_the_right_key_or_certificate(tmp_path: Path, created: CreatedKey) -> None:
    signer = open_pkcs12(created.praticien, PASSWORD)
    encryption = serialization.BestAvailableEncryption(PASSWORD.encode())
    elliptic = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "x.p12"
    for key, certificate in ((None, signer.certificate), (signer.key, None), (elliptic, None)):
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"n", key, certificate, None, encryption))
        assert refusal(path).code == "cle.illisible"


def test_a_key_that_goes_with_another_certificate(
    tmp_path: Path, created: CreatedKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No tool makes such a file: the library's answer is replaced."""
    signer = open_pkcs12(created.praticien, PASSWORD)
    other = (signer.key, signer.chain[0], [])
    monkeypatch.setattr(pkcs12, "load_key_and_certificates", lambda *_: other)
    error = refusal(created.praticien)
    assert error.code == "cle.illisible"
    assert "ne va pas" in error.message


def test_a_short_key_is_refused_before_it_signs(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    command = ("req", "-x509", "-new", "-subj", "/CN=court", "-key", tmp_path / "k", "-out", tmp_path / "c")
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "k").write_bytes(key.private_bytes(*encoding))
    assert openssl(*command).returncode == 0
    export = ("pkcs12", "-export", "-inkey", tmp_path / "k", "-in", tmp_path / "c", "-out", tmp_path / "p")
    assert openssl(*export, "-passout", "env:P12_PASSWORD", password="secret").returncode == 0
    error = refusal(tmp_path / "p", "secret")
    assert error.code == "cle.illisible"
    assert "1024" in error.message


def test_a_file_made_by_openssl_opens(tmp_path: Path) -> None:
    request = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=autre", "-days", "2")
    assert openssl(*request, "-keyout", tmp_path / "k", "-out", tmp_path / "c").returncode == 0
    for algorithm in ((), ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1")):
        export = ("pkcs12", "-export", "-inkey", tmp_path / "k", "-in", tmp_path / "c", "-out", tmp_path / "p")
        assert openssl(*export, *algorithm, "-passout", "env:P12_PASSWORD", password="secret").returncode == 0
        assert open_pkcs12(tmp_path / "p", "secret").chain == ()
