"""`fse recevoir FICHIER|DIR…`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, chunks_of, format_option, le_option
from fse.app.cli.output import print_findings, print_json
from fse.app.cli.session import open_session
from fse.app.operations.motifs import ETATS
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, PartRecue, recevoir
from fse.base.errors import UnreadableError
from fse.base.money import format_euros

_VERDICTS = {
    "recu": "reçu",
    "deja_recu": "déjà reçu, rien n'est compté deux fois",
    "ecarte": "mis de côté, rien n'en est compté",
    "pas_un_retour": "laissé en place, ce n'est pas un retour",
}


@click.command(name="recevoir", help="Enregistre des retours d'organismes et les rapproche des factures émises.")
@click.argument("chemins", metavar="FICHIER|DIR…", nargs=-1, required=True, type=click.Path(path_type=Path))
@cabinet_option
@le_option
@format_option
def command(chemins: tuple[Path, ...], cabinet_path: Path, le: date | None, output: str) -> int:
    status = 0
    received: list[FichierRecu] = []
    with open_session(cabinet_path) as practice:
        for path in _files(chemins):
            try:
                for one in _receive(practice, path, le):
                    received.append(one)
                    status = max(status, _status(one))
                    if output == "texte":
                        print_received(one)
            except UnreadableError as error:
                status = max(status, error.status)
                click.echo(f"{path} : laissé en place. {error}", err=True)
    if output == "json":
        print_json(received)
    return status


def _files(chemins: tuple[Path, ...]) -> Iterator[Path]:
    """Files given, and those of the folders given, sorted by name; hidden ones are left."""
    for path in chemins:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        else:
            yield path


def _receive(practice: Practice, path: Path, le: date | None) -> Iterator[FichierRecu]:
    for one in recevoir(practice, chunks_of(path), fichier=path.name, le=le):
        located = tuple(replace(constat, place=replace(constat.place, fichier=path.name)) for constat in one.constats)
        yield replace(one, constats=located)


def _status(one: FichierRecu) -> int:
    if one.verdict == "pas_un_retour":
        return UnreadableError.status
    return int(one.verdict == "ecarte" or any(constat.is_error for constat in one.constats))


def print_received(one: FichierRecu) -> None:
    """What became of one logical file: what it says of each invoice, then what is strange in it."""
    rank = f" (fichier n° {one.ordinal})" if one.ordinal > 1 else ""
    click.echo(f"{one.fichier}{rank} : {_VERDICTS[one.verdict]}")
    for numero, parts in groupby(one.parts, key=lambda part: part.numero):
        click.echo(f"  facture {numero:09d} : {', '.join(_part(part) for part in parts)}")
    print_findings(one.constats)


def _part(part: PartRecue) -> str:
    return (
        f"{part.partie} {ETATS.get(part.etat, part.etat)} ({format_euros(part.paye)} sur {format_euros(part.demande)})"
    )
