"""Opens a professional's card (CPS, CPE) into a signer: one login, then as many lots as there are.

What can be judged without the PIN is judged before it is asked: the right token, its holder, dates and revocation of
the certificate, the tries left. A PIN is tried once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from fse.base.errors import SignatureError
from fse.infra.keys.card_errors import card_error
from fse.infra.keys.card_key import CardKey
from fse.infra.keys.card_module import card_call, find_token, tokens_of
from fse.infra.keys.card_objects import attribute, signature_certificate, signature_key

if TYPE_CHECKING:
    from pkcs11 import Session, Token

PIN_LENGTHS = range(4, 65)  # a CPS has 4 digits; what is shorter or longer would cost a try for nothing
_MIN_BITS = 2048  # below, verification refuses the signature as too weak

AskPin = Callable[[], str]
Objection = Callable[[x509.Certificate, tuple[x509.Certificate, ...]], str]
"""Why this certificate (with its issuers found on the card) may not sign, one French sentence; empty when it may."""

_Identity = tuple[x509.Certificate, bytes, tuple[x509.Certificate, ...]]


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card logged in (`fse.domain.signature.signer.Signer`), until it is closed or pulled out."""

    certificate: x509.Certificate
    key: CardKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]
    _session: Session = field(repr=False)

    def close(self) -> None:
        """Log out. A card that is no longer there is closed too."""
        self.key.close()
        _close(self._session)


def is_present(module: str, jeton: str) -> bool:
    """A token of this label is in a reader. Raises as `open_card` when the library cannot be used."""
    return bool(tokens_of(module, jeton))


def open_card(
    module: str,
    jeton: str,
    titulaire: str,
    ask_pin: AskPin,
    moment: datetime,
    *,
    ask_last_pin: AskPin | None = None,
    objection: Objection = lambda certificate, issuers: "",
) -> OpenedCard:
    """The signer of the token labelled `jeton` in the PKCS#11 library `module` (a path or a name the system finds).

    `titulaire` is the common name or the serial number that the subject of its certificate must bear; `moment` the
    real time (with a zone), for a CMS carries it; `objection` may refuse the certificate, revoked for instance.
    `ask_pin` gives the PIN; before the last try only `ask_last_pin` is called, which must ask a person after a warning:
    without it, nothing is tried. Raises `SignatureError` with the codes of `fse.infra.keys.card_errors`, what the
    functions that ask raise, `UsageError` without the extra.
    """
    token = find_token(module, jeton)
    identity = _public_identity(token, jeton)
    if identity:
        _judge(identity, jeton, titulaire, moment, objection)
    pin = _asked_pin(token, jeton, ask_pin, ask_last_pin)
    session = _login(token, jeton, pin)
    try:
        if not identity:
            identity = signature_certificate(session, jeton)
            _judge(identity, jeton, titulaire, moment, objection)
        certificate, identifier, chain = identity
        key = _card_key(token, signature_key(session, jeton, identifier), certificate, jeton, pin)
    except BaseException:
        _close(session)
        raise
    return OpenedCard(certificate, key, chain, session)


def _public_identity(token: Token, jeton: str) -> _Identity | None:
    """The certificate as anybody may read it, `None` on a card that shows it after the login only."""
    with card_call(jeton):
        session = token.open()
    try:
        return signature_certificate(session, jeton)
    except SignatureError as error:
        if error.code != "carte.sans_certificat":
            raise
        return None
    finally:
        _close(session)


def _judge(identity: _Identity, jeton: str, titulaire: str, moment: datetime, objection: Objection) -> None:
    certificate, _, chain = identity
    if _normal(titulaire) not in _names(certificate, jeton):
        raise card_error("carte.autre_titulaire", jeton)
    if moment < certificate.not_valid_before_utc:
        day = f"Il le sera le {certificate.not_valid_before_utc:%d/%m/%Y à %H:%M} UTC."
        raise card_error("carte.certificat_pas_encore_valable", jeton, day)
    if moment > certificate.not_valid_after_utc:
        raise card_error("carte.certificat_expire", jeton, f"(Le {certificate.not_valid_after_utc:%d/%m/%Y}.)")
    reason = objection(certificate, chain)
    if reason:
        raise card_error("carte.certificat_revoque", jeton, reason)


def _names(certificate: x509.Certificate, jeton: str) -> set[str]:
    """What its subject may be called by: common names and serial numbers."""
    try:
        parts = list(certificate.subject)
    except ValueError as error:  # a part of the name that its type cannot hold
        raise card_error("carte.certificat_illisible", jeton) from error
    return {_normal(str(one.value)) for one in parts if one.oid in (NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER)}


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _asked_pin(token: Token, jeton: str, ask_pin: AskPin, ask_last_pin: AskPin | None) -> str | None:
    """The PIN, asked once the card has told the tries left; `None` for a token that wants none."""
    with card_call(jeton) as pkcs11:
        flags, flag = token.flags, pkcs11.TokenFlag
    if not flags & flag.LOGIN_REQUIRED:
        return None
    if flags & flag.USER_PIN_LOCKED:
        raise card_error("carte.pin_bloque", jeton)
    if not flags & flag.USER_PIN_INITIALIZED:
        raise card_error("carte.pin_absent", jeton)
    if flags & flag.USER_PIN_FINAL_TRY:
        if ask_last_pin is None:
            raise card_error("carte.dernier_essai", jeton)
        pin = ask_last_pin()
    else:
        pin = ask_pin()
    if len(pin.encode(errors="replace")) not in PIN_LENGTHS or not pin.isascii() or not pin.isprintable():
        raise card_error("carte.pin_impropre", jeton)
    return pin


def _login(token: Token, jeton: str, pin: str | None) -> Session:
    """The one session of this card, opened with its PIN, tried once."""
    try:
        with card_call(jeton):
            return token.open(user_pin=pin)
    except SignatureError as error:
        if error.code != "carte.pin_faux":
            raise
    raise _wrong_pin(token, jeton)


def _wrong_pin(token: Token, jeton: str) -> SignatureError:
    """A PIN was refused: what the card says of the tries that are left."""
    with card_call(jeton) as pkcs11:
        try:
            flags, flag = token.slot.get_token().flags, pkcs11.TokenFlag
        except pkcs11.PKCS11Error:  # pulled out since
            return card_error("carte.pin_faux", jeton)
    if flags & flag.USER_PIN_LOCKED:
        return card_error("carte.pin_bloque", jeton, "Le dernier code essayé était faux.")
    last = "Il ne reste qu'un essai." if flags & flag.USER_PIN_FINAL_TRY else ""
    return card_error("carte.pin_faux", jeton, last)


def _card_key(token: Token, key: Any, certificate: x509.Certificate, jeton: str, pin: str | None) -> CardKey:
    public_key = certificate.public_key()
    modulus = attribute(key, "MODULUS", jeton)
    if not isinstance(public_key, rsa.RSAPublicKey) or public_key.key_size < _MIN_BITS or not hasattr(key, "sign"):
        raise card_error("carte.sans_cle", jeton)
    if modulus is not None and int.from_bytes(modulus, "big") != public_key.public_numbers().n:
        raise card_error("carte.cle_depareillee", jeton)
    with card_call(jeton) as pkcs11:
        mechanisms = token.slot.get_mechanisms()
        hashes_itself = pkcs11.Mechanism.SHA256_RSA_PKCS in mechanisms
    always = attribute(key, "ALWAYS_AUTHENTICATE", jeton)
    return CardKey(key, public_key, jeton, hashes_itself=hashes_itself, pin=pin if always else None)


def _close(session: Session) -> None:
    try:
        with card_call("") as _:
            session.close()
    except SignatureError:  # no longer there: nothing is left to close
        pass
