"""How the tests open a card of SoftHSM2, and how they see it refused. No test here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import padding

from fse.base.errors import SignatureError
from fse.infra.keys.card import OpenedCard, open_card
from tests.infra.keys.soft_card import SoftCard

PKCS1 = padding.PKCS1v15()


def never() -> str:
    raise AssertionError("a PIN was asked")


def now() -> datetime:
    return datetime.now(UTC)


def opened(card: SoftCard, **changed: object) -> OpenedCard:
    arguments = {"titulaire": card.titulaire, "ask_pin": lambda: card.pin, "moment": now(), **changed}
    return open_card(card.module, card.label, **arguments)


def refusal(card: SoftCard, **changed: object) -> SignatureError:
    with pytest.raises(SignatureError) as caught:
        opened(card, **changed)
    assert caught.value.status == 4
    assert caught.value.message
    assert caught.value.action
    assert card.label in caught.value.lieu
    assert card.pin not in str(caught.value)
    return caught.value
