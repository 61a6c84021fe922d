"""The PIN of a card: tried once, never the last time without a person, never shown; every error has its situation."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pkcs11
import pytest

from fse.base.errors import SignatureError
from fse.infra.keys.card import open_card
from fse.infra.keys.card_errors import _CODES, _SITUATIONS, card_error, translated
from tests.infra.keys.card_opening import never, now, opened, refusal
from tests.infra.keys.soft_card import FINAL_TRY, LOCKED, SoftReader

# --- PIN -------------------------------------------------------------------------------------------------------------


def test_a_wrong_pin_is_tried_once_and_never_shown(reader: SoftReader) -> None:
    card = reader.insert(key_options=["--always-auth"])
    asked = []
    error = refusal(card, ask_pin=lambda: asked.append(1) or "9999")
    assert error.code == "carte.pin_faux"
    assert "9999" not in str(error)
    assert asked == [1]
    opened(card).close()  # the right one, in the same process


def test_a_wrong_pin_on_a_card_that_then_says_the_last_try_or_locked(reader: SoftReader) -> None:
    card = reader.insert()

    def wrong_then(flags: int) -> Callable[[], str]:
        """What a real card does by itself: its counter goes down when the PIN is refused."""
        return lambda: card.set_flags(flags) or "9999"

    error = refusal(card, ask_pin=wrong_then(FINAL_TRY))
    assert error.code == "carte.pin_faux"
    assert "un essai" in error.message
    error = refusal(card, ask_pin=never, ask_last_pin=wrong_then(LOCKED))
    assert error.code == "carte.pin_bloque"


def test_the_last_try_is_for_somebody_who_types(reader: SoftReader) -> None:
    card = reader.insert()
    card.set_flags(FINAL_TRY)
    assert refusal(card, ask_pin=never).code == "carte.dernier_essai"
    opened(card, ask_pin=never, ask_last_pin=lambda: card.pin).close()


def test_a_locked_pin_is_not_asked(reader: SoftReader) -> None:
    card = reader.insert()
    card.set_flags(LOCKED)
    assert refusal(card, ask_pin=never, ask_last_pin=never).code == "carte.pin_bloque"


@pytest.mark.parametrize("pin", ["", "123", "1" * 65, "12\n34", "1234\0", "été1234"])
def test_what_cannot_be_a_pin_is_not_tried(reader: SoftReader, pin: str) -> None:
    """SoftHSM2 tells by its flag that a try was wrong: it says nothing here."""
    card = reader.insert()
    assert refusal(card, ask_pin=lambda: pin).code == "carte.pin_impropre"
    token = pkcs11.lib(card.module).get_token(token_label=card.label)
    assert not token.flags & pkcs11.TokenFlag.USER_PIN_COUNT_LOW


def test_a_card_without_a_pin(reader: SoftReader) -> None:
    command = ["pkcs11-tool", "--module", reader.module, "--init-token", "--slot-index", "0", "--label", "NEUVE"]
    subprocess.run([*command, "--so-pin", "12345678"], check=True, capture_output=True)
    with pytest.raises(SignatureError) as caught:
        open_card(reader.module, "NEUVE", "x", never, now())
    assert caught.value.code == "carte.pin_absent"


def test_a_card_already_logged_in(reader: SoftReader) -> None:
    card = reader.insert()
    opened(card)
    assert refusal(card).code == "carte.occupee"


# --- errors ----------------------------------------------------------------------------------------------------------


def test_every_exception_of_the_library_has_its_situation() -> None:
    kinds = [one for one in vars(pkcs11.exceptions).values() if isinstance(one, type)]
    assert _CODES.keys() <= {kind.__name__ for kind in kinds}
    for kind in kinds:
        error = translated(kind("secret 1234"), "CPS")
        assert error.code in _SITUATIONS
        assert "1234" not in str(error)
    assert "GeneralError" in translated(pkcs11.GeneralError(), "CPS").message


def test_situations_are_told_apart() -> None:
    errors = [card_error(code, "CPS") for code in _SITUATIONS]
    assert len({error.message for error in errors}) == len(errors)
    assert all(error.action.endswith(".") and error.message.endswith(".") for error in errors)
