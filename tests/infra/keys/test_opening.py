"""What is encrypted for us opens, whoever made it: `openssl cms` makes each kind, and opens what we make."""

import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import SignatureError
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.envelope import seal_envelope
from fse.infra.keys import opening
from fse.infra.keys.opening import MAX_ENVELOPE, open_envelope
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12
from fse.infra.keys.trial_pki import create_test_encryption_key
from tests.domain.signature_pki import openssl

PASSWORD = "secret"
CONTENT = b"Content-Type: text/plain\r\n\r\n" + bytes(range(256)) * 20 + b"\n\r\r\n."
OAEP = ("-keyopt", "rsa_padding_mode:oaep")
KINDS = {
    "default of openssl": ((), ()),
    "AES-256": (("-aes-256-cbc",), ()),
    "AES-128": (("-aes-128-cbc",), ()),
    "BER, streamed": (("-aes-256-cbc", "-stream"), ()),
    "AES-GCM": (("-aes-256-gcm",), ()),
    "AES-GCM, streamed": (("-aes-128-gcm", "-stream"), ()),
    "3DES": (("-des3",), ()),
    "OAEP": (("-aes-256-cbc",), OAEP),
    "OAEP, SHA-256, streamed": (("-aes-256-cbc", "-stream"), (*OAEP, "-keyopt", "rsa_oaep_md:sha256")),
    "key identifier": (("-aes-256-cbc", "-keyid"), ()),
}


@dataclass(frozen=True)
class Keys:
    """The old and the new key of one recipient, and another's."""

    folder: Path
    old: OpenedSigner
    new: OpenedSigner
    other: OpenedSigner


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("cles")
    now = datetime.now(UTC)
    made = [
        create_test_encryption_key(folder, PASSWORD, name, at)
        for name, at in (("old", now - timedelta(days=900)), ("new", now), ("other", now))
    ]
    return Keys(folder, *(open_pkcs12(one.cle, PASSWORD) for one in made))


def encrypted(keys: Keys, kind: str, content: bytes = CONTENT) -> bytes:
    """By openssl, for the old and the new key."""
    options, of_recipient = KINDS[kind]
    (keys.folder / "in").write_bytes(content)
    command = ("cms", "-encrypt", "-binary", "-outform", "DER", "-in", keys.folder / "in", "-out", keys.folder / "out")
    recipients = [("-recip", keys.folder / f"{name}.pem", *of_recipient) for name in ("old", "new")]
    done = openssl(*command, *options, *recipients[0], *recipients[1])
    assert done.returncode == 0, done.stderr
    return (keys.folder / "out").read_bytes()


def code_of(content: bytes, opener: OpenedSigner) -> str:
    with pytest.raises(SignatureError) as caught:
        open_envelope(content, opener)
    assert caught.value.status == 4
    assert caught.value.action
    return caught.value.code


def outcome(content: bytes, opener: OpenedSigner) -> str:
    """Opened into what was not sealed, or the code of the refusal."""
    try:
        return "whole" if open_envelope(content, opener) == CONTENT else "opened"
    except SignatureError as error:
        return error.code


# --- what others make ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_opens_for_each_recipient_and_for_no_other(keys: Keys, kind: str) -> None:
    envelope = encrypted(keys, kind)
    assert open_envelope(envelope, keys.old) == CONTENT
    assert open_envelope(envelope, keys.new) == CONTENT
    assert code_of(envelope, keys.other) == "chiffrement.pas_destinataire"


@pytest.mark.parametrize("content", [b"\n", b"x", b"\r\n" * 3, bytes(range(256)) * 8000], ids=len)
@pytest.mark.parametrize("kind", ["AES-256", "BER, streamed", "AES-GCM"])
def test_every_byte_comes_back(keys: Keys, kind: str, content: bytes) -> None:
    assert open_envelope(encrypted(keys, kind, content), keys.new) == content


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_envelope_never_opens(keys: Keys, kind: str) -> None:
    envelope = encrypted(keys, kind)
    for length in (0, 1, 20, len(envelope) // 2, len(envelope) - 1):
        assert code_of(envelope[:length], keys.new) in ("chiffrement.illisible", "chiffrement.pas_destinataire")


@pytest.mark.parametrize("kind", ["AES-GCM", "AES-GCM, streamed"])
def test_an_authenticated_envelope_that_was_changed_never_opens(keys: Keys, kind: str) -> None:
    envelope = encrypted(keys, kind)
    for place in (len(envelope) - 3, len(envelope) - 40, len(envelope) // 2):
        changed = envelope[:place] + bytes([envelope[place] ^ 1]) + envelope[place + 1 :]
        assert code_of(changed, keys.new) == "chiffrement.illisible"


def test_a_changed_envelope_opens_into_something_else_or_not_at_all(keys: Keys) -> None:
    """Encryption without authentication: what comes out is never taken for what went in."""
    envelope = seal_envelope(CONTENT, [keys.new.certificate])
    for place in (len(envelope) - 1, len(envelope) - 17, len(envelope) - 100):
        changed = envelope[:place] + bytes([envelope[place] ^ 1]) + envelope[place + 1 :]
        assert outcome(changed, keys.new) in ("opened", "chiffrement.illisible")


def test_every_failure_of_the_key_says_the_same(keys: Keys) -> None:
    """Nothing that an attacker could learn from: a false key and a false content cannot be told apart."""
    envelope = seal_envelope(CONTENT, [keys.new.certificate])
    wrapped = envelope.index(keys.new.certificate.serial_number.to_bytes(20, "big").lstrip(b"\0")) + 100
    said = set()
    for place in (wrapped, wrapped + 50, len(envelope) - 1):
        changed = envelope[:place] + bytes([envelope[place] ^ 0x55]) + envelope[place + 1 :]
        try:
            assert open_envelope(changed, keys.new) != CONTENT
        except SignatureError as error:
            said.add(str(error))
    assert len(said) <= 1


@pytest.mark.parametrize("content", [b"", b"x", b"\x30\x80", b"\x00" * 500, b"\x30" * 500, CONTENT])
def test_what_is_no_envelope(keys: Keys, content: bytes) -> None:
    assert code_of(content, keys.new) == "chiffrement.illisible"


def test_a_signature_is_no_envelope(keys: Keys) -> None:
    assert code_of(sign_lot(CONTENT, keys.new), keys.new) == "chiffrement.illisible"


def test_an_oversized_envelope_is_not_read(keys: Keys) -> None:
    begun = time.perf_counter()
    assert code_of(b"\x30\x80" * (MAX_ENVELOPE // 2 + 1), keys.new) == "chiffrement.illisible"
    assert time.perf_counter() - begun < 1


@given(garbage=st.binary(max_size=400))
def test_garbage_is_a_typed_error(keys: Keys, garbage: bytes) -> None:
    assert code_of(garbage, keys.new) == "chiffrement.illisible"


@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_a_damaged_envelope_is_bytes_or_a_typed_error(keys: Keys, kind: str, data: st.DataObject) -> None:
    damaged = bytearray(encrypted(keys, kind, b"lot" * 30))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    known = ("opened", "chiffrement.illisible", "chiffrement.pas_destinataire")
    assert outcome(bytes(damaged), keys.new) in known


# --- what we make ----------------------------------------------------------------------------------------------------


def decrypted_by_openssl(folder: Path, envelope: bytes, name: str) -> bytes | None:
    (folder / "envelope").write_bytes(envelope)
    bundle = ("pkcs12", "-in", folder / f"{name}.p12", "-passin", f"pass:{PASSWORD}", "-nodes", "-nocerts")
    assert openssl(*bundle, "-out", folder / f"{name}.key").returncode == 0
    decrypt = ("cms", "-decrypt", "-binary", "-inform", "DER", "-in", folder / "envelope", "-out", folder / "clear")
    done = openssl(*decrypt, "-recip", folder / f"{name}.pem", "-inkey", folder / f"{name}.key")
    return (folder / "clear").read_bytes() if done.returncode == 0 else None


def test_openssl_opens_ours_for_the_old_and_the_new_certificate(keys: Keys) -> None:
    envelope = seal_envelope(CONTENT, [keys.old.certificate, keys.new.certificate])
    assert CONTENT[40:80] not in envelope
    for name, opener in (("old", keys.old), ("new", keys.new)):
        assert decrypted_by_openssl(keys.folder, envelope, name) == CONTENT
        assert open_envelope(envelope, opener) == CONTENT
    assert decrypted_by_openssl(keys.folder, envelope, "other") is None
    assert code_of(envelope, keys.other) == "chiffrement.pas_destinataire"


def test_ours_is_encrypted_with_aes_256_as_openssl_reads_it(keys: Keys) -> None:
    (keys.folder / "envelope").write_bytes(seal_envelope(CONTENT, [keys.new.certificate]))
    done = openssl("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", keys.folder / "envelope")
    assert b"pkcs7-envelopedData" in done.stdout
    assert b"aes-256-cbc" in done.stdout
    assert done.stdout.count(b"d.ktri") == 1


def test_two_envelopes_of_one_content_differ(keys: Keys) -> None:
    assert seal_envelope(CONTENT, [keys.new.certificate]) != seal_envelope(CONTENT, [keys.new.certificate])


# --- the command -----------------------------------------------------------------------------------------------------


def test_without_openssl_what_needs_it_says_so(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_it = encrypted(keys, "AES-GCM")
    monkeypatch.setenv("PATH", str(keys.folder))
    assert shutil.which("openssl") is None
    assert code_of(needs_it, keys.new) == "chiffrement.openssl_absent"
    ours = seal_envelope(CONTENT, [keys.new.certificate])
    assert open_envelope(ours, keys.new) == CONTENT
    assert code_of(ours, keys.other) == "chiffrement.pas_destinataire"


class Watched:
    """The real command, looked at while it is about to run."""

    def __init__(self, then: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
        self.then = then
        self.folders: list[Path] = []
        self.seen: dict[str, bytes] = {}
        self.modes: set[int] = set()
        self.environment: dict[str, str] = {}
        self.arguments: list[str] = []

    def __call__(self, arguments, **options):
        folder = Path(options["cwd"])
        self.folders.append(folder)
        self.arguments, self.environment = arguments, options["env"]
        self.seen = {one.name: one.read_bytes() for one in folder.iterdir()}
        self.modes = {stat.S_IMODE(one.stat().st_mode) for one in (folder, folder / "cle.pem")}
        return self.then(arguments, **options)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX modes")
def test_no_clear_key_nor_content_on_the_disk_and_no_secret_of_ours_given(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FSE_CLE_JOURNAL", "la clé du journal")
    watched = Watched(subprocess.run)
    monkeypatch.setattr(opening.subprocess, "run", watched)
    assert open_envelope(encrypted_before(keys), keys.new) == CONTENT
    assert watched.modes == {0o700, 0o600}
    assert set(watched.seen) == {"certificat.pem", "cle.pem"}
    assert b"ENCRYPTED PRIVATE KEY" in watched.seen["cle.pem"]
    with pytest.raises(TypeError):
        serialization.load_pem_private_key(watched.seen["cle.pem"], None)
    (passphrase,) = [value for name, value in watched.environment.items() if name not in opening._KEPT]
    assert serialization.load_pem_private_key(watched.seen["cle.pem"], passphrase.encode())
    assert not any(passphrase in one for one in watched.arguments)
    assert "FSE_CLE_JOURNAL" not in watched.environment
    assert not any(folder.exists() for folder in watched.folders)


def encrypted_before(keys: Keys) -> bytes:
    """A sample made once: the command is watched afterwards."""
    path = keys.folder / "sample.p7m"
    if not path.exists():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(opening.subprocess, "run", _RUN)
            path.write_bytes(encrypted(keys, "AES-GCM"))
    return path.read_bytes()


_RUN = subprocess.run


def too_slow(arguments, **options):
    raise subprocess.TimeoutExpired(arguments, options["timeout"])


def no_memory(arguments, **options):
    raise OSError(12, "Cannot allocate memory")


@pytest.mark.parametrize(("how", "code"), [(too_slow, "chiffrement.illisible"), (no_memory, "chiffrement.impossible")])
def test_whatever_happens_the_key_is_deleted(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, how: Callable[..., subprocess.CompletedProcess[bytes]], code: str
) -> None:
    sample = encrypted_before(keys)
    watched = Watched(how)
    monkeypatch.setattr(opening.subprocess, "run", watched)
    assert code_of(sample, keys.new) == code
    assert watched.folders
    assert not any(folder.exists() for folder in watched.folders)


def test_a_folder_that_cannot_be_made(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = encrypted_before(keys)
    monkeypatch.setattr(tempfile, "tempdir", str(keys.folder / "nowhere"))
    assert code_of(sample, keys.new) == "chiffrement.impossible"


def test_the_certificate_decides_and_not_the_key_alone(keys: Keys) -> None:
    """A key renewed in place, under a certificate that the sender does not know yet, is not a recipient."""
    envelope = seal_envelope(CONTENT, [keys.new.certificate])
    mixed = OpenedSigner(certificate=keys.old.certificate, key=keys.new.key, chain=())
    assert isinstance(mixed.certificate, x509.Certificate)
    assert code_of(envelope, mixed) == "chiffrement.pas_destinataire"
