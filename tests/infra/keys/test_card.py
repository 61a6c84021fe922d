"""A card opened through PKCS#11: SoftHSM2 with the labels of a real one, each situation with its own code.

`pkcs11-tool` writes what is on the card, `openssl` judges what it signs.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fse.base.errors import SignatureError
from fse.domain.signature.cms import sign_lot
from fse.infra.keys.card import is_present, open_card
from tests.domain.signature_pki import LOT, openssl_accepts
from tests.infra.keys.card_opening import PKCS1, never, now, opened, refusal
from tests.infra.keys.soft_card import SoftCard, SoftReader, soft_reader


def create_certificate(card: SoftCard, content: bytes, *, private: bool) -> None:
    """What pkcs11-tool does not write: a certificate that does not read, or that is shown after the login only."""
    with pkcs11.lib(card.module).get_token(token_label=card.label).open(rw=True, user_pin=card.pin) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: private,
                pkcs11.Attribute.LABEL: "Certificat de Signature CPS",
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: b"",
                pkcs11.Attribute.VALUE: content,
            }
        )


# --- signs -----------------------------------------------------------------------------------------------------------


def test_openssl_accepts_what_a_card_signs(reader: SoftReader, tmp_path: Path) -> None:
    card = reader.insert()
    signer = opened(card)
    assert signer.certificate == card.certificate
    assert signer.chain == (card.authority,)
    for payload in (LOT, LOT + b"2", LOT * 40):  # one login, many lots
        assert openssl_accepts(tmp_path, payload, sign_lot(payload, signer), card.anchor)
    assert not openssl_accepts(tmp_path, LOT + b"x", sign_lot(LOT, signer), card.anchor)
    signer.close()


def test_a_token_that_does_not_hash_signs_too(tmp_path: Path) -> None:
    reader = soft_reader(tmp_path / "reader", mechanisms="-CKM_SHA256_RSA_PKCS")
    card = reader.insert()
    with reader.plugged():
        signer = opened(card)
        assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signer), card.anchor)


def test_a_key_that_asks_its_pin_each_time(reader: SoftReader, tmp_path: Path) -> None:
    card = reader.insert(key_options=["--always-auth"])
    asked = []
    signer = opened(card, ask_pin=lambda: asked.append(1) or card.pin)
    for _ in range(3):
        assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signer), card.anchor)
    assert asked == [1]
    signer.close()


def test_two_cards_of_one_reader_sign_in_turn(reader: SoftReader, tmp_path: Path) -> None:
    cards = [reader.insert("CPS A"), reader.insert("CPS B", pin="98765", nom="DR DOMINIQUE ESSAI")]
    signers = [opened(card) for card in cards]
    for _ in range(2):
        for card, signer in zip(cards, signers, strict=True):
            assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signer), card.anchor)
    assert not openssl_accepts(tmp_path, LOT, sign_lot(LOT, signers[0]), cards[1].anchor)


def test_eight_threads_share_a_card(reader: SoftReader) -> None:
    signer = opened(reader.insert())
    signatures: list[bytes] = []

    def work() -> None:
        signatures.extend(signer.key.sign(LOT, PKCS1, hashes.SHA256()) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(signatures) == 160
    assert len(set(signatures)) == 1


def test_a_closed_card_opens_again(reader: SoftReader) -> None:
    card = reader.insert()
    for _ in range(3):
        signer = opened(card)
        sign_lot(LOT, signer)
        signer.close()
        signer.close()
        with pytest.raises(SignatureError) as caught:
            sign_lot(LOT, signer)
        assert caught.value.code == "carte.fermee"


@pytest.mark.parametrize(
    ("key_label", "certificate_label"),
    [("autre", "Certificat de Signature CPS"), ("CPS_PRIV_SIG", "autre"), ("autre", "encore autre"), ("", "")],
)
def test_what_bears_other_labels_is_found_by_its_identifier(
    reader: SoftReader, key_label: str, certificate_label: str, tmp_path: Path
) -> None:
    card = reader.insert(key_label=key_label, certificate_label=certificate_label)
    signer = opened(card)
    assert signer.certificate == card.certificate
    assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, signer), card.anchor)


def test_the_authentication_key_beside_is_left_alone(reader: SoftReader) -> None:
    card = reader.insert()
    other = reader.insert("AUTRE")
    reader.write_key(card, rsa.generate_private_key(65537, 2048), "CPS_PRIV_AUT", identifier="02")
    reader.write_certificate(card, other.certificate, "Certificat d'Authentification CPS", identifier="02")
    assert opened(card).certificate == card.certificate


# --- the right card and the right holder -----------------------------------------------------------------------------


@pytest.mark.parametrize("titulaire", ["001234566", "ESSAI DR CAMILLE ÉSSAI", " ESSAI  DR CAMILLE E\u0301SSAI"])
def test_the_holder_is_named_by_serial_number_or_common_name(reader: SoftReader, titulaire: str) -> None:
    card = reader.insert(nom="DR CAMILLE ÉSSAI")
    opened(card, titulaire=titulaire)


@pytest.mark.parametrize("titulaire", ["001234567", "DR CAMILLE ESSAI", "essai dr camille essai", "FR", ""])
def test_another_holder_is_refused_before_the_pin(reader: SoftReader, titulaire: str) -> None:
    assert refusal(reader.insert(), titulaire=titulaire, ask_pin=never).code == "carte.autre_titulaire"


def test_an_absent_card(reader: SoftReader) -> None:
    card = reader.insert()
    assert is_present(card.module, card.label)
    assert not is_present(card.module, "CPS")
    with pytest.raises(SignatureError) as caught:
        open_card(card.module, "CPS", card.titulaire, never, now())
    assert caught.value.code == "carte.absente"


def test_two_cards_of_one_label(reader: SoftReader) -> None:
    card = reader.insert()
    command = ["softhsm2-util", "--init-token", "--free", "--label", card.label, "--pin", "1234", "--so-pin", "1234"]
    subprocess.run(command, check=True, capture_output=True)
    assert refusal(card, ask_pin=never).code == "carte.plusieurs"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("absent.so", "carte.module_absent"),
        ("{folder}/absent.so", "carte.module_absent"),
        ("{folder}/text.so", "carte.module_illisible"),
        ("{folder}", "carte.module_illisible"),
        (sys.executable, "carte.module_illisible"),
        ("libc.so.6", "carte.module_illisible"),
    ],
)
def test_what_is_no_pkcs11_library(tmp_path: Path, module: str, code: str) -> None:
    (tmp_path / "text.so").write_text("not a library")
    with pytest.raises(SignatureError) as caught:
        open_card(module.format(folder=tmp_path), "CPS", "x", never, now())
    assert (caught.value.code, caught.value.status) == (code, 4)
    assert Path(module).name.replace("{folder}", "") in str(caught.value)


def test_a_library_that_does_not_start(tmp_path: Path) -> None:
    """In another process: SoftHSM2 without a configuration that can be read."""
    module = soft_reader(tmp_path / "reader").module
    code = f"""
from datetime import UTC, datetime
from fse.base.errors import SignatureError
from fse.infra.keys.card import open_card
try:
    open_card({module!r}, "CPS", "x", lambda: "1234", datetime.now(UTC))
except SignatureError as error:
    print(error.code)
"""
    environment = {"SOFTHSM2_CONF": str(tmp_path / "absent.conf")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "carte.module_en_panne\n", done.stderr


# --- what it holds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "code"), [("key_label", "carte.sans_cle"), ("certificate_label", "carte.sans_certificat")]
)
def test_a_card_without_its_key_or_its_certificate(reader: SoftReader, missing: str, code: str) -> None:
    assert refusal(reader.insert(**{missing: None})).code == code


def test_a_key_that_does_not_go_with_the_certificate(reader: SoftReader) -> None:
    card = reader.insert(other_key=True)
    assert refusal(card).code == "carte.cle_depareillee"
    assert refusal(card).code == "carte.cle_depareillee"  # the first one was logged out


def test_a_certificate_that_does_not_read(reader: SoftReader) -> None:
    card = reader.insert(certificate_label=None)
    content = bytearray(card.certificate.public_bytes(serialization.Encoding.DER))
    content[20:40] = bytes(20)
    create_certificate(card, bytes(content), private=False)
    assert refusal(card, ask_pin=never).code == "carte.certificat_illisible"


@pytest.mark.parametrize(
    ("made", "code"),
    [(timedelta(days=-4 * 365), "carte.certificat_expire"), (timedelta(days=2), "carte.certificat_pas_encore_valable")],
)
@pytest.mark.parametrize("private", [False, True])
def test_dates_are_those_of_the_moment(reader: SoftReader, made: timedelta, code: str, private: bool) -> None:
    card = reader.insert(made=now() + made, certificate_label=None)
    create_certificate(card, card.certificate.public_bytes(serialization.Encoding.DER), private=private)
    asked = []
    assert refusal(card, ask_pin=lambda: asked.append(1) or card.pin).code == code
    assert bool(asked) == private  # a certificate that anybody may read is judged before the PIN
    opened(card, moment=now() + made + timedelta(hours=2)).close()


def test_a_certificate_may_be_objected_to(reader: SoftReader) -> None:
    card = reader.insert()
    given = []
    error = refusal(card, ask_pin=never, objection=lambda *both: given.append(both) or "Révoqué le 02/03/2026.")
    assert error.code == "carte.certificat_revoque"
    assert "02/03/2026" in error.message
    assert given == [(card.certificate, (card.authority,))]
