"""The key of a card as `cryptography` sees it, and a card that is pulled out while it signs."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pkcs11
import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from fse.base.errors import SignatureError
from fse.domain.signature.cms import sign_lot
from fse.infra.keys.card_key import CardKey
from fse.infra.keys.card_objects import signature_key
from tests.domain.signature_pki import LOT, openssl_accepts
from tests.infra.keys.card_opening import PKCS1, opened
from tests.infra.keys.soft_card import SoftReader

# --- pulled out ------------------------------------------------------------------------------------------------------


def test_a_card_pulled_out_signs_no_more_until_it_is_opened_again(reader: SoftReader, tmp_path: Path) -> None:
    card = reader.insert()
    signer = opened(card)
    sign_lot(LOT, signer)
    card.pull_out()
    for _ in range(2):
        with pytest.raises(SignatureError) as caught:
            sign_lot(LOT, signer)
        assert caught.value.code == "carte.retiree"
    card.put_back()
    with pytest.raises(SignatureError) as caught:
        sign_lot(LOT, signer)
    assert caught.value.code == "carte.retiree"
    signer.close()
    with reader.plugged():  # the library closed and opened: SoftHSM2 keeps in memory what it had read of a token
        pass
    with reader.plugged():
        assert openssl_accepts(tmp_path, LOT, sign_lot(LOT, opened(card)), card.anchor)


def test_a_library_closed_by_others_is_a_card_gone(reader: SoftReader) -> None:
    signer = opened(reader.insert())
    pkcs11.lib(reader.module).finalize()
    pkcs11.lib(reader.module)
    with pytest.raises(SignatureError) as caught:
        sign_lot(LOT, signer)
    assert caught.value.code == "carte.retiree"
    signer.close()


# --- the key as `cryptography` sees it -------------------------------------------------------------------------------


def test_a_false_signature_is_not_kept(reader: SoftReader) -> None:
    """The key of the token and the certificate differ, and the card does not tell the modulus of its key."""
    cards = reader.insert("A"), reader.insert("B")
    first, second = (opened(card) for card in cards)
    key = signature_key(first._session, "A", b"\x01")
    mixed = CardKey(key, second.key.public_key(), "A", hashes_itself=True, pin=None)
    for _ in range(2):
        with pytest.raises(SignatureError) as caught:
            mixed.sign(LOT, PKCS1, hashes.SHA256())
        assert caught.value.code == "carte.signature_fausse"


def test_the_key_does_nothing_but_sign(reader: SoftReader) -> None:
    key = opened(reader.insert(key_options=["--always-auth"])).key
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for attempt in (
        lambda: key.sign(LOT, pss, hashes.SHA256()),
        lambda: key.sign(LOT, PKCS1, hashes.SHA1()),
        lambda: key.decrypt(bytes(256), PKCS1),
        key.private_numbers,
        lambda: key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    ):
        with pytest.raises(UnsupportedAlgorithm):
            attempt()
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert copy.copy(key) is copy.deepcopy(key) is key
    assert key.key_size == 2048
    assert "1234" not in repr(key)


def test_nothing_shows_the_pin(reader: SoftReader) -> None:
    card = reader.insert(pin="73915", key_options=["--always-auth"])
    signer = opened(card)
    for shown in (repr(signer), str(signer), repr(signer.key), repr(vars(signer.key))):
        assert card.pin not in shown
