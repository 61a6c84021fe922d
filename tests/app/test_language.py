"""What is printed for people is French, usage errors of the command line included."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from fse.app.cli import COMMANDS, run
from fse.app.cli.language import DOMAIN, LOCALE
from fse.base.french import system_reason

CATALOGUE = LOCALE / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
ENGLISH = ("Usage:", "Error", "Missing", "No such", "Invalid", "Show this", "is not", "default:", "Try ")


def said(*arguments: str) -> tuple[int, str]:
    """Exit status, and all that is printed."""
    text = io.StringIO()
    with redirect_stdout(text), redirect_stderr(text):
        status = run(list(arguments))
    return status, text.getvalue()


def texts(catalogue: Catalog) -> dict[str, list[str]]:
    """Messages by their English text, plurals included; the header, which holds dates, is left out."""

    def forms(text: str | Iterable[str]) -> list[str]:
        return [text] if isinstance(text, str) else list(text)

    return {forms(one.id)[0]: forms(one.string) for one in catalogue if one.id}


def test_the_compiled_messages_are_those_of_the_catalogue() -> None:
    with CATALOGUE.open("rb") as source, CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        wanted, found = read_po(source, locale="fr"), read_mo(compiled)
    assert texts(found) == texts(wanted), "run make messages"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["suivi", "--truc"], "L'option '--truc' n'existe pas."),
        (["emettre"], "Il manque l'option '--sortie'."),
        (["facture"], "Il manque l'argument 'NUMERO'."),
        (["annuler", "0", "--motif", "x"], "est hors de l'intervalle"),
        (["inconnue"], "La commande 'inconnue' n'existe pas."),
        (["suivi", "--format", "xml"], "n'est pas l'un de 'texte', 'json'."),
        (["suivi", "--le", "hier"], "hier n'est pas une date AAAA-MM-JJ"),
        (["lire", "rien-de-tel.b2"], "il n'existe pas"),
    ],
)
def test_a_wrong_call_is_explained_in_french(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, text = said(*arguments)
    assert (status, words in text) == (2, True), text
    assert not any(english in text for english in ENGLISH), text


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_french(command: str) -> None:
    status, text = said(*command.split(), "--help")
    assert (status, "Usage :" in text) == (0, True)
    assert not any(english in text for english in ENGLISH), text


def test_what_the_system_refuses_is_said_in_french() -> None:
    assert system_reason(OSError(errno.ENOSPC, "No space left on device")) == "il n'y a plus de place sur le disque"
    assert system_reason(OSError(12345, "something rare")) == "something rare"
