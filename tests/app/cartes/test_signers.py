"""Who signs in a command: real cards of SoftHSM2, opened once, refused when they are not the right ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from fse.app.cli.signers import PracticeSigners
from fse.base.errors import SignatureError, UsageError
from fse.domain.signature.cms import sign_lot
from fse.infra.keys import card as card_module
from tests.app.cabinet import MOT_DE_PASSE, key_folder
from tests.app.cartes.practice import INFIRMIERE, MEDECIN, REMPLACANT, carte, described
from tests.domain.signature_pki import LOT, openssl_accepts
from tests.infra.keys.soft_card import FINAL_TRY, SoftCard, SoftReader, soft_reader


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SoftReader]:
    reader = soft_reader(tmp_path / "reader")
    with reader.plugged():
        yield reader


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens logged in, counted at the real function."""
    done: list[str] = []
    login = card_module._login

    def counted(token, jeton, pin):  # type: ignore[no-untyped-def]
        done.append(jeton)
        return login(token, jeton, pin)

    monkeypatch.setattr(card_module, "_login", counted)
    return done


def test_one_login_for_several_prestataires_and_lots(
    reader: SoftReader, tmp_path: Path, logins: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = reader.insert()
    cabinet = described(
        tmp_path,
        carte(card, MEDECIN, INFIRMIERE, genre="CPE"),
        carte(card, MEDECIN, remplacant=REMPLACANT),
        second=True,
    )
    monkeypatch.setenv("FSE_PIN", card.pin)
    with PracticeSigners(cabinet) as signers:
        keys = [(MEDECIN, ""), (INFIRMIERE, ""), (MEDECIN, REMPLACANT), (MEDECIN, "")]
        for signer in [signers(*key) for key in keys]:
            assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signer), card.anchor)
    assert logins == [card.label]
    with PracticeSigners(cabinet) as signers:  # logged out: it opens again
        signers(MEDECIN, "")


def test_several_cards_each_with_its_pin(reader: SoftReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = reader.insert("CPS 1", pin="1111")
    nurse = reader.insert("CPS 2", pin="2222", prestataire=INFIRMIERE)
    cabinet = described(tmp_path, carte(doctor), carte(nurse, INFIRMIERE), second=True)
    monkeypatch.setenv("FSE_PIN", doctor.pin)
    with PracticeSigners(cabinet) as signers, pytest.raises(UsageError) as caught:
        signers(MEDECIN, "")
    assert (caught.value.code, "FSE_PIN_CPS_1" in caught.value.message) == ("secret.absent", True)
    monkeypatch.setenv("FSE_PIN_CPS_1", doctor.pin)
    monkeypatch.setenv("FSE_PIN_CPS_2", nurse.pin)
    with PracticeSigners(cabinet) as signers:
        assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signers(MEDECIN, "")), doctor.anchor)
        assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signers(INFIRMIERE, "")), nurse.anchor)


def test_the_card_that_is_there_signs(reader: SoftReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor is out: the employee's card, declared too, is in the reader."""
    employee = reader.insert("CPE", prestataire="004567898", nom="SAM ESSAI")
    absent = carte(employee, jeton="CPS DU MEDECIN", titulaire=MEDECIN)
    cabinet = described(tmp_path, absent, carte(employee, genre="CPE"))
    monkeypatch.setenv("FSE_PIN_CPE", employee.pin)
    with PracticeSigners(cabinet) as signers:
        assert signers(MEDECIN, "").certificate == employee.certificate
    employee.pull_out()
    with reader.plugged():
        pass
    with reader.plugged(), PracticeSigners(cabinet) as signers, pytest.raises(SignatureError) as caught:
        signers(MEDECIN, "")
    assert caught.value.code == "carte.absente"
    assert "CPS DU MEDECIN" in caught.value.message


def test_a_card_beside_a_test_key(reader: SoftReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nurse has a card, the doctor a test key; the lots of who replaces the doctor go on with that key."""
    nurse = reader.insert(prestataire=INFIRMIERE)
    cabinet = described(tmp_path, carte(nurse, INFIRMIERE), second=True, key=True)
    (tmp_path / "praticien.p12").write_bytes((key_folder() / "praticien.p12").read_bytes())
    monkeypatch.setenv("FSE_MOT_DE_PASSE", MOT_DE_PASSE)
    monkeypatch.setenv("FSE_PIN", nurse.pin)
    with PracticeSigners(cabinet) as signers:
        assert signers(INFIRMIERE, "").certificate == nurse.certificate
        assert signers(MEDECIN, "") is signers(MEDECIN, REMPLACANT)
        assert signers(MEDECIN, "").certificate != nurse.certificate
        with pytest.raises(UsageError) as caught:
            signers("009876541", "")
    assert caught.value.code == "cabinet.prestataire_absent"


def test_the_last_try_is_not_for_the_environment(
    reader: SoftReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = reader.insert()
    card.set_flags(FINAL_TRY)
    monkeypatch.setenv("FSE_PIN", card.pin)
    with PracticeSigners(described(tmp_path, carte(card))) as signers, pytest.raises(SignatureError) as caught:
        signers(MEDECIN, "")
    assert caught.value.code == "carte.dernier_essai"


# --- revocation ------------------------------------------------------------------------------------------------------


def revocation_list(card: SoftCard, folder: Path, *revoked: x509.Certificate, days: int = 30) -> None:
    made = datetime.now(UTC) - timedelta(minutes=30)
    builder = x509.CertificateRevocationListBuilder(card.authority.subject, made, made + timedelta(days=days))
    for one in revoked:
        entry = x509.RevokedCertificateBuilder(one.serial_number, made - timedelta(minutes=10))
        builder = builder.add_revoked_certificate(entry.build())
    content = builder.sign(card.authority_key, hashes.SHA256())
    (folder / "lcr.pem").write_bytes(content.public_bytes(serialization.Encoding.PEM))
    (folder / "ancre.pem").write_bytes(card.anchor)


LISTS = '\n[confiance]\nancres = ["ancre.pem"]\nlcr = ["lcr.pem"]\n'


def test_a_revoked_certificate_signs_nothing_and_asks_no_pin(reader: SoftReader, tmp_path: Path) -> None:
    card = reader.insert()
    revocation_list(card, tmp_path, card.certificate)
    cabinet = described(tmp_path, carte(card), more=LISTS)
    with PracticeSigners(cabinet) as signers, pytest.raises(SignatureError) as caught:
        signers(MEDECIN, "")
    assert caught.value.code == "carte.certificat_revoque"


@pytest.mark.parametrize("forged", [False, True])
def test_a_list_that_does_not_name_it_and_one_that_cannot_tell(
    reader: SoftReader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    forged: bool,
) -> None:
    """A list that its authority did not sign is not believed, and that is told; the card signs in both cases."""
    card = reader.insert()
    cabinet = described(tmp_path, carte(card), more=LISTS)
    monkeypatch.setenv("FSE_PIN", card.pin)
    revocation_list(card, tmp_path, card.certificate if forged else card.authority)
    if forged:
        listed = x509.load_pem_x509_crl((tmp_path / "lcr.pem").read_bytes())
        content = bytearray(listed.public_bytes(serialization.Encoding.DER))
        content[-1] ^= 1
        (tmp_path / "lcr.pem").write_bytes(bytes(content))
    with PracticeSigners(cabinet) as signers:
        assert signers(MEDECIN, "").certificate == card.certificate
    assert ("révocation" in capsys.readouterr().err) == forged


def test_what_lists_need_is_read_and_refused_by_its_name(reader: SoftReader, tmp_path: Path) -> None:
    card = reader.insert()
    cabinet = described(tmp_path, carte(card), more=LISTS)

    def refused() -> str:
        with PracticeSigners(cabinet) as signers, pytest.raises(SignatureError) as caught:
            signers(MEDECIN, "")
        return caught.value.code

    assert refused() == "confiance.illisible"
    revocation_list(card, tmp_path)
    (tmp_path / "ancre.pem").write_bytes(b"-----BEGIN nothing")
    assert refused() == "signature.ancre_illisible"
    (tmp_path / "ancre.pem").write_bytes(card.anchor)
    (tmp_path / "lcr.pem").write_bytes(b"nothing")
    assert refused() == "signature.lcr_illisible"
