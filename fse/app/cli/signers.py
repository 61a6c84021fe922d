"""Who signs in a command: the card of `[[cartes]]`, else the test key of `cle`; where PINs and passwords come from."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fse.app.cli.options import secret
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.cartes import cards_for, pin_variable
from fse.app.operations.clock import now
from fse.base.errors import SignatureError, UsageError
from fse.domain.signature.signer import Signer

if TYPE_CHECKING:
    from fse.app.operations.cabinet.description import Carte
    from fse.infra.keys.card import OpenedCard
    from fse.infra.keys.pkcs12 import OpenedSigner

_LAST_TRY = (
    "ATTENTION : il ne reste qu'un essai pour la carte « {} ». Un code faux la bloque ; Ctrl-C pour ne rien essayer."
)


class PracticeSigners:
    """Opens the signer of the lots of a prestataire (`fse.app.operations.emettre.Signers`); to be closed at the end.

    A card and a key are opened once, their PIN and password asked once, whatever the number of lots and prestataires.
    Among several cards that may sign (the doctor's, that of an employee), the first declared that is in a reader does.
    """

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._opened = ExitStack()
        self._cards: dict[tuple[str, str], OpenedCard] = {}
        self._keys: dict[str, OpenedSigner] = {}
        self._password = ""

    def __enter__(self) -> PracticeSigners:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def __call__(self, prestataire: str, remplacant: str) -> Signer:
        """Raises `SignatureError` (key, card), `UsageError` (unknown prestataire, no secret, extra not installed)."""
        known = self._cabinet.prestataire(prestataire)
        if known is None:
            raise UsageError(
                "cabinet.prestataire_absent",
                f"Des factures attendent pour le praticien {prestataire}, qui n'est plus dans cabinet.toml.",
                action="Le remettre dans cabinet.toml jusqu'à ce que ses lots soient partis.",
            )
        cards = cards_for(self._cabinet, prestataire, remplacant)
        return self._card(cards) if cards else self._key(known.cle)

    def _key(self, cle: str) -> Signer:
        from fse.infra.keys.pkcs12 import open_pkcs12

        if cle not in self._keys:
            self._password = self._password or secret("FSE_MOT_DE_PASSE", "Mot de passe de la clé de signature")
            self._keys[cle] = open_pkcs12(self._cabinet.folder / cle, self._password)
        return self._keys[cle]

    def _card(self, cards: tuple[Carte, ...]) -> Signer:
        from fse.app.operations.cartes import revocation_objection
        from fse.infra.keys.card import open_card

        places = [(self._module(one), one.jeton) for one in cards]
        known = next((place for place in places if place in self._cards), None)
        if known:
            return self._cards[known]
        carte = cards[0] if len(cards) == 1 else self._present(cards)
        module, moment, variable = self._module(carte), now(), pin_variable(self._cabinet, carte)
        with _naming(variable):
            card = open_card(
                module,
                carte.jeton,
                carte.titulaire,
                _asking(carte, variable),
                moment,
                ask_last_pin=_asking_last(carte) if sys.stdin.isatty() else None,
                objection=revocation_objection(self._cabinet, moment, lambda said: click.echo(said, err=True)),
            )
        self._opened.callback(card.close)
        self._cards[module, carte.jeton] = card
        return card

    def _present(self, cards: tuple[Carte, ...]) -> Carte:
        """The first of several cards that is in a reader."""
        from fse.infra.keys.card import is_present

        for carte in cards:
            if is_present(self._module(carte), carte.jeton):
                return carte
        names = ", ".join(f"« {one.jeton} »" for one in cards)
        raise SignatureError(
            "carte.absente",
            f"Aucune des cartes qui peuvent signer n'est dans un lecteur : {names}.",
            action="Mettre l'une d'elles dans le lecteur.",
        )

    def _module(self, carte: Carte) -> str:
        """A path relative to the folder of `cabinet.toml`, or a bare name, which the system finds."""
        is_name = Path(carte.module).name == carte.module
        return carte.module if is_name else str(self._cabinet.folder / carte.module)


@contextmanager
def _naming(variable: str) -> Iterator[None]:
    """A wrong PIN that came from the environment is put right there: say where."""
    try:
        yield
    except SignatureError as error:
        if error.code != "carte.pin_faux" or not os.environ.get(variable):
            raise
        raise SignatureError(
            error.code,
            f"Le code de la carte (variable {variable}) est faux. fse ne l'essaie pas une seconde fois.",
            action=f"Corriger {variable} avant de recommencer : chaque essai faux compte, et la carte se bloque.",
            lieu=error.lieu,
        ) from error


def _asking(carte: Carte, variable: str) -> Callable[[], str]:
    return lambda: secret(variable, f"Code de la carte « {carte.jeton} »")


def _asking_last(carte: Carte) -> Callable[[], str]:
    """Typed after a warning, whatever the environment says."""

    def ask() -> str:
        click.echo(_LAST_TRY.format(carte.jeton), err=True)
        typed: str = click.prompt(f"Code de la carte « {carte.jeton} »", hide_input=True, err=True)
        return typed

    return ask
