"""Cards of SoftHSM2 for the tests, with the labels of a real CPS. No test here.

    reader = soft_reader(tmp_path)                # skips without SoftHSM2 and pkcs11-tool, fails under CI
    card = reader.insert()                        # label, pin, module, titulaire, anchor (PEM), certificate
    with reader.plugged():                        # for this process: SOFTHSM2_CONF, and the library closed at the end
        opened = open_card(card.module, card.label, card.titulaire, lambda: card.pin, now())
    subprocess.run(…, env={**os.environ, **reader.environment, "FSE_PIN": card.pin})    # for another one

SoftHSM2 reads its configuration when a process opens the library: hence `plugged`, never a fixture for the session.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fse.infra.keys.card_objects import CERTIFICATE_LABEL, KEY_LABEL
from fse.infra.keys.trial_certificates import SIGNING, issue, new_key, subject_name, trial_authority

_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
)
PIN = "1234"
SO_PIN = "12345678"
FINAL_TRY, LOCKED = 0x20000, 0x40000  # CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED
_TOKEN_FLAGS = (0x8000534B).to_bytes(8, "big")  # CKA_OS_TOKENFLAGS of SoftHSM2, in its file of a token


@dataclass(frozen=True)
class SoftCard:
    """A token in a reader. `authority_key` may sign revocation lists; `folder` is what lies on the disk."""

    module: str
    label: str
    pin: str
    titulaire: str
    anchor: bytes
    certificate: x509.Certificate
    authority: x509.Certificate
    authority_key: rsa.RSAPrivateKey = field(repr=False)
    folder: Path

    def pull_out(self) -> None:
        """Away from the reader, whoever is using it."""
        self.folder.rename(self._away)

    def put_back(self) -> None:
        self._away.rename(self.folder)

    def set_flags(self, flags: int) -> None:
        """What the card says of its PIN: SoftHSM2 counts no tries, but tells what its file says."""
        path = self.folder / "token.object"
        content = bytearray(path.read_bytes())
        at = content.index(_TOKEN_FLAGS) + 16  # the type of the attribute, that of its value, the value
        value = int.from_bytes(content[at : at + 8], "big")
        content[at : at + 8] = (value | flags).to_bytes(8, "big")
        content[:8] = (int.from_bytes(content[:8], "big") + 1).to_bytes(8, "big")  # its generation: read it again
        path.write_bytes(content)

    @property
    def _away(self) -> Path:
        return self.folder.parent.parent / f"{self.folder.name}.away"


@dataclass(frozen=True)
class SoftReader:
    """Where cards lie, and the library that reads them."""

    folder: Path
    module: str

    @property
    def environment(self) -> dict[str, str]:
        """What another process needs to see these cards."""
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def insert(
        self,
        label: str = "CPS ESSAI",
        *,
        pin: str = PIN,
        nom: str = "DR CAMILLE ESSAI",
        prestataire: str = "001234566",
        made: datetime | None = None,
        key_label: str | None = KEY_LABEL,
        certificate_label: str | None = CERTIFICATE_LABEL,
        other_key: bool = False,
        key_options: Sequence[str] = (),
    ) -> SoftCard:
        """A new card of this holder, its certificate issued by an authority of ESSAI made for it (`made`: when).

        A label `None` leaves the key or the certificate out; `other_key`: a key that is not that of the certificate.
        """
        before = set(self._tokens.iterdir())
        self._run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN)
        (folder,) = set(self._tokens.iterdir()) - before
        authority_key, key = new_key(), new_key()
        authority = trial_authority(authority_key, made or datetime.now(UTC))
        certificate = issue(subject_name(nom, prestataire), key.public_key(), authority, authority_key, SIGNING)
        card = SoftCard(
            module=self.module,
            label=label,
            pin=pin,
            titulaire=prestataire,
            anchor=authority.public_bytes(serialization.Encoding.PEM),
            certificate=certificate,
            authority=authority,
            authority_key=authority_key,
            folder=folder,
        )
        if key_label is not None:
            self.write_key(card, new_key() if other_key else key, key_label, options=key_options)
        if certificate_label is not None:
            self.write_certificate(card, certificate, certificate_label)
        self.write_certificate(card, authority, "Autorité", identifier="ff")
        return card

    def write_key(
        self, card: SoftCard, key: rsa.RSAPrivateKey, label: str, *, identifier: str = "01", options: Sequence[str] = ()
    ) -> None:
        encoding = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        given = ("--usage-sign", "--sensitive", *options)
        self._write(card, "privkey", key.private_bytes(*encoding), label, identifier, given)

    def write_certificate(
        self, card: SoftCard, certificate: x509.Certificate, label: str, *, identifier: str = "01"
    ) -> None:
        self._write(card, "cert", certificate.public_bytes(serialization.Encoding.DER), label, identifier, ())

    @contextmanager
    def plugged(self) -> Iterator[None]:
        """This reader is that of this process."""
        import pkcs11

        saved = os.environ.get("SOFTHSM2_CONF")
        os.environ.update(self.environment)
        try:
            yield
        finally:
            library = pkcs11._loaded.get(self.module)
            if library is not None and library.initialized:
                library.finalize()
            os.environ.pop("SOFTHSM2_CONF")
            if saved is not None:
                os.environ["SOFTHSM2_CONF"] = saved

    @property
    def _tokens(self) -> Path:
        return self.folder / "tokens"

    def _write(
        self, card: SoftCard, kind: str, content: bytes, label: str, identifier: str, options: Sequence[str]
    ) -> None:
        path = self.folder / "object.der"
        path.write_bytes(content)
        command = ["pkcs11-tool", "--module", self.module, "--token-label", card.label, "--login", "--pin", card.pin]
        command += ["--write-object", str(path), "--type", kind, "--id", identifier, *options]
        self._run(*command, *(("--label", label) if label else ()))
        path.unlink()

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, capture_output=True, check=False, text=True, env={**os.environ, **self.environment}
        )
        assert done.returncode == 0, done.stdout + done.stderr


def soft_reader(folder: Path, *, mechanisms: str = "ALL") -> SoftReader:
    """An empty reader in this folder; `mechanisms` as in softhsm2.conf."""
    module = next((path for path in _LIBRARIES if Path(path).exists()), None)
    missing = [tool for tool in ("softhsm2-util", "pkcs11-tool") if shutil.which(tool) is None]
    if module is None or missing:
        reason = "SoftHSM2 and pkcs11-tool are not installed (Debian: softhsm2, opensc)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    (folder / "tokens").mkdir(parents=True)
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
        f"slots.mechanisms = {mechanisms}\n"
    )
    return SoftReader(folder, module)
