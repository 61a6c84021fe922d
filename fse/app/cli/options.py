"""Options that several commands share, and where their secrets come from: the environment or a prompt, never argv."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from fse.base.errors import UsageError
from fse.base.french import system_reason

_Function = TypeVar("_Function", bound=Callable[..., Any])
_CHUNK = 1 << 20


INTEGER_MAX = 2**63 - 1
"""The largest integer that a journal holds."""

_YEARS = range(2000, 2080)
"""Years of which the two digits of the norm leave no doubt, and in which somebody may be at work."""


class CivilDate(click.ParamType[date]):
    """A date written AAAA-MM-JJ, from 2000 to 2079."""

    name = "AAAA-MM-JJ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} n'est pas une date AAAA-MM-JJ", param, ctx)
        if day.year not in _YEARS:
            self.fail(f"{value} n'est pas une date de {_YEARS[0]} à {_YEARS[-1]}", param, ctx)
        return day


def cabinet_option(function: _Function) -> _Function:
    """`--cabinet`, else FSE_CABINET, else ./cabinet.toml."""
    return click.option(
        "--cabinet",
        "cabinet_path",
        type=click.Path(path_type=Path),
        envvar="FSE_CABINET",
        default=Path("cabinet.toml"),
        show_default=True,
        help="Description du cabinet (variable FSE_CABINET).",
    )(function)


def any_cabinet_option(function: _Function) -> _Function:
    """`--cabinet`, which every command takes, on a command that needs none."""
    return click.option(
        "--cabinet", expose_value=False, type=click.Path(path_type=Path), help="Accepté, sans effet sur cette commande."
    )(function)


def le_option(function: _Function) -> _Function:
    """`--le`: moves today, never a date of care."""
    return click.option("--le", type=CivilDate(), help="Date du jour à considérer, AAAA-MM-JJ.")(function)


def format_option(function: _Function) -> _Function:
    """`--format texte|json`."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["texte", "json"]),
        default="texte",
        show_default=True,
        help="Forme de la sortie.",
    )(function)


def en_clair_option(function: _Function) -> _Function:
    """`--en-clair`: personal data is not masked."""
    return click.option("--en-clair", is_flag=True, help="Ne masque pas les données personnelles.")(function)


def auteur_option(function: _Function) -> _Function:
    """`--auteur`: who acts by hand."""
    return click.option(
        "--auteur", default=current_user, help="Qui le fait ; par défaut, l'utilisateur de la session."
    )(function)


def motif_option(function: _Function) -> _Function:
    """`--motif`: why, for whoever reads it later."""
    return click.option("--motif", required=True, help="Pourquoi, en quelques mots.")(function)


def current_user() -> str:
    """Who is at the keyboard: FSE_UTILISATEUR, else as the session says; a manual act always has an author."""
    named = os.environ.get("FSE_UTILISATEUR")
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "utilisateur non identifié"


def secret(variable: str, prompt: str) -> str:
    """A secret from its environment variable, from the credentials that systemd hands over as files of that name
    (LoadCredential=), or typed on a terminal. Raises `UsageError` when there is none.
    """
    value = _given(variable)
    if value:
        return value
    if not sys.stdin.isatty():
        raise UsageError(
            "secret.absent",
            f"{prompt} : la variable {variable} n'est pas définie et aucun terminal ne permet de la saisir.",
            action=f"Définir la variable d'environnement {variable}.",
        )
    typed: str = click.prompt(prompt, hide_input=True, err=True)
    return typed


def _given(variable: str) -> str:
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", os.devnull)) / variable
    if not os.environ.get(variable) and credential.is_file():
        return credential.read_text(encoding="utf-8").rstrip("\r\n")
    return os.environ.get(variable, "")


def mail_password() -> str:
    """The password of the mail account, that files leave by and returns come to."""
    return secret("FSE_MOT_DE_PASSE_COURRIER", "Mot de passe du compte de messagerie")


def new_secret(variable: str, prompt: str) -> str:
    """A secret to be from now on: from its variable, or typed twice. Raises `UsageError` (`secret.differents`…)."""
    first = secret(variable, prompt)
    if not _given(variable) and secret(variable, f"{prompt}, une seconde fois") != first:
        raise UsageError(
            "secret.differents",
            "Les deux saisies ne sont pas les mêmes.",
            action="Recommencer : rien n'a changé.",
        )
    return first


def read_input(path: Path) -> bytes:
    """All the bytes of a file, or of standard input when the path is `-`. Raises `UsageError` (`entree.absente`)."""
    return b"".join(chunks_of(path))


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file or of standard input (`-`), a megabyte at a time. Raises `UsageError`."""
    try:
        stream: BinaryIO = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    except OSError as error:
        raise UsageError(
            "entree.absente",
            f"Le fichier ne s'ouvre pas : {system_reason(error)}.",
            action="Vérifier le chemin et les droits de lecture.",
            lieu=str(path),
        ) from None
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
