"""What the sub-commands of `fse caisse` share: their files, their folder, their anchors, the day of the caisse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from fse.app.caisse.month import Envoi
from fse.app.caisse.scenario import Scenario, read_scenario
from fse.app.cli.options import read_input
from fse.app.cli.verifier import signatures_beside

ZONE = ZoneInfo("Europe/Paris")
"""Where the simulated caisse counts its days."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def fichiers_argument(function: _Function) -> _Function:
    """`FICHIER…`: the B2 files."""
    return click.argument("fichiers", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))(
        function
    )


def sortie_option(function: _Function) -> _Function:
    """`--sortie`."""
    return click.option(
        "--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée."
    )(function)


def ancre_option(function: _Function) -> _Function:
    """`--ancre`, as often as there are authorities."""
    return click.option(
        "--ancre",
        "ancres",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Autorité des signataires (PEM ou DER).",
    )(function)


def scenario_option(function: _Function) -> _Function:
    """`--scenario`."""
    return click.option(
        "--scenario", "scenario_path", type=click.Path(path_type=Path), help="Réponses voulues (TOML)."
    )(function)


def scenario_of(path: Path | None) -> Scenario:
    """The scenario of a file, the empty one without. Raises `UsageError`."""
    return read_scenario(read_input(path), str(path)) if path else Scenario()


def sent(fichiers: Sequence[Path]) -> list[Envoi]:
    """The B2 files with the signatures that lie beside them."""
    return [Envoi(read_input(path), signatures_by_lot(path)) for path in fichiers]


def signatures_by_lot(path: Path) -> dict[int, bytes]:
    """The detached signatures beside a B2 file, by ordinal of their lot in it, from 1."""
    return {rank: cms for rank, cms in enumerate(signatures_beside(path), start=1) if cms is not None}
