"""`fse convertir FICHIER --sortie F.parquet`: the records of a file as tables, for a spreadsheet or a database."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from fse.app.cli.options import any_cabinet_option, chunks_of, en_clair_option, format_option
from fse.app.cli.output import finding_json, print_json, to_json
from fse.app.operations.convertir import ConstatGroupe, Conversion, convertir
from fse.base.errors import FseError
from fse.base.findings import Severity
from fse.base.french import counted

_HELP = """Convertit un fichier B2 ou NOEMIE en tables Parquet, une par type d'enregistrement.

F.parquet est un nouveau dossier : F.parquet/<famille>-<édition>/<type>.parquet, par exemple
noemie-ps-2007/102.parquet. Chaque ligne dit d'abord d'où elle vient : fichier, rang, rang_parent, octet. Les montants
sont des centimes entiers, avec leur signe. Une valeur illisible est vide, et un constat la signale. Les colonnes
personnelles sont laissées de côté, sauf avec --en-clair. « - » est l'entrée standard.

Seul ce que disent les tableaux de la norme est contrôlé. Les listes de codes, les nombres et les totaux ne le sont pas
(« fse lire » le fait), ni les sceaux et les signatures (« fse verifier »).

Demande le complément « masse ». État de sortie : 0 ; 1 si un constat est une erreur ; 2 si la sortie existe déjà, si
le fichier ne s'ouvre pas ou si le complément manque ; 3 si le contenu n'est pas reconnu ; 5 si l'écriture échoue.
"""

_CHUNK = 1 << 20
_UNCHECKED = "Non contrôlé ici : listes de codes, nombres et totaux (fse lire), sceaux et signatures (fse verifier)."


@click.command(name="convertir", help=_HELP, short_help="Convertit un fichier B2 ou NOEMIE en tables Parquet.")
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option(
    "--sortie",
    metavar="F.parquet",
    required=True,
    type=click.Path(path_type=Path),
    help="Dossier à créer ; il ne doit pas exister.",
)
@any_cabinet_option
@format_option
@en_clair_option
def command(fichier: Path, sortie: Path, output: str, en_clair: bool) -> int:
    with _reopenable(fichier) as open_chunks:
        try:
            conversion = convertir(open_chunks, sortie, en_clair=en_clair)
        except FseError as error:
            error.lieu = error.lieu or str(fichier)
            raise
    if output == "json":
        print_json(_json(str(fichier), conversion, en_clair=en_clair))
    else:
        _print(str(fichier), conversion)
    return conversion.status


@contextmanager
def _reopenable(path: Path) -> Iterator[Callable[[], Iterable[bytes]]]:
    """What opens the content, as often as needed; standard input is kept on disk for that time."""
    if str(path) != "-":
        yield lambda: chunks_of(path)
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        yield lambda: _from_start(copy)


def _from_start(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _json(fichier: str, conversion: Conversion, *, en_clair: bool) -> dict[str, Any]:
    groups = [
        {"nombre": group.nombre, "premier": finding_json(group.premier, en_clair=en_clair)}
        for group in conversion.constats
    ]
    return {"fichier": fichier, "etat": conversion.status, **to_json(conversion), "constats": groups}


def _print(fichier: str, conversion: Conversion) -> None:
    if conversion.tables:
        lines = sum(table.lignes for table in conversion.tables)
        click.echo(f"{fichier} : {counted(lines, 'ligne écrite')} dans {conversion.sortie}")
    else:
        click.echo(f"{fichier} : rien n'est écrit, aucune édition connue ne lit ce contenu")
    for table in conversion.tables:
        click.echo(f"  {table.chemin} : {counted(table.lignes, 'ligne')} ({table.libelle})")
    if any(table.laissees for table in conversion.tables):
        click.echo("  Colonnes personnelles laissées de côté : --en-clair les garde.")
    if conversion.inconnues:
        click.echo(f"  {counted(conversion.inconnues, 'enregistrement inconnu')}, dans aucune table")
    if conversion.relais is not None:
        click.echo(f"  Lu enregistrement par enregistrement à partir de l'octet {conversion.relais}.")
    for group in conversion.constats:
        _print_group(group)
    click.echo(f"  {_UNCHECKED}")


def _print_group(group: ConstatGroupe) -> None:
    """A group of findings for a reader; mere information is only counted."""
    first = group.premier
    if first.gravite is Severity.INFORMATION:
        click.echo(f"  {first.gravite.value} [{first.code}] {group.nombre} fois : voir --format json")
        return
    rank = "" if first.place.rang is None else f", d'abord au rang {first.place.rang}"
    click.echo(f"  {first.gravite.value} [{first.code}] {group.nombre} fois{rank} : {first.message}")
    click.echo(f"      → {first.action}")
