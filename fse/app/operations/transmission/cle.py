"""The reception key of a practice: what opens the envelopes that its payers encrypt for it."""

from __future__ import annotations

from collections.abc import Callable

from fse.app.operations.cabinet import Cabinet
from fse.base.errors import FseError, SignatureError
from fse.infra.keys.opening import open_envelope
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12


class CleReception:
    """Opened when it is first needed, once; a refusal is told again without asking again."""

    def __init__(self, cabinet: Cabinet, mot_de_passe: Callable[[], str]) -> None:
        self._cabinet = cabinet
        self._mot_de_passe = mot_de_passe
        self._outcome: OpenedSigner | FseError | None = None

    def open(self, enveloppe: bytes) -> bytes:
        """The content of an envelope. Raises `SignatureError`, `UsageError` (the password cannot be asked)."""
        if self._outcome is None:
            try:
                self._outcome = self._opened()
            except FseError as error:
                self._outcome = error
        if isinstance(self._outcome, FseError):
            raise self._outcome
        return open_envelope(enveloppe, self._outcome)

    def _opened(self) -> OpenedSigner:
        releve = self._cabinet.releve
        if releve is None or not releve.cle:
            raise SignatureError(
                "releve.sans_cle",
                "cabinet.toml ne nomme aucune clé de réception.",
                action="La nommer dans [releve] (cle), avec son certificat donné aux organismes.",
            )
        return open_pkcs12(self._cabinet.folder / releve.cle, self._mot_de_passe())
