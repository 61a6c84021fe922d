"""`fse lire FICHIER…`: what files hold. It starts fast and prints as it reads: nothing slow is imported here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import click

from fse.app.cli.options import any_cabinet_option, chunks_of, en_clair_option
from fse.app.cli.output import status_of
from fse.app.cli.reading_output import json_lines
from fse.app.cli.reading_ruler import ruled_lines
from fse.app.cli.reading_text import text_lines
from fse.app.operations.lire import lire
from fse.base.errors import FseError
from fse.base.findings import Finding
from fse.norm.codec.releves import ReleveLu
from fse.norm.layout import EntityRow, Item

_HELP = """Montre le contenu de fichiers B2, NOEMIE, ARL ou de relevés de compte, reconnus à ce qu'ils contiennent.

« - » est l'entrée standard. Aucun cabinet n'est nécessaire, rien n'est écrit. Les données personnelles sont masquées,
sauf avec --en-clair et dans les champs de json et jsonl, qui donnent tous les octets du fichier.

--regle montre en plus chaque enregistrement tel qu'il est dans le fichier, sous une règle de ses positions : les bornes
des champs, et des ^ sous ce qui fait l'objet d'un constat.

jsonl : un objet par enregistrement, dans l'ordre du fichier ; « cadrage » porte les octets hors des enregistrements,
« constat » ce qui concerne tout le fichier, « fichier » la fin d'un fichier et son empreinte. json : les mêmes objets,
dans un tableau. Un relevé camt.053 (XML) n'a pas d'enregistrements : il donne un objet « releve ».

État de sortie : 0 ; 1 si un constat est une erreur ; 2 si un fichier ne s'ouvre pas ; 3 si un contenu n'est pas
reconnu. Pour plusieurs fichiers, le plus élevé.
"""


@click.command(name="lire", help=_HELP, short_help="Montre le contenu de fichiers B2, NOEMIE, ARL, bancaires.")
@click.argument("fichiers", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "output",
    type=click.Choice(["texte", "json", "jsonl"]),
    default="texte",
    show_default=True,
    help="Forme de la sortie.",
)
@click.option("--regle", is_flag=True, help="Chaque enregistrement sous une règle de ses positions (format texte).")
@any_cabinet_option
@en_clair_option
def command(fichiers: tuple[Path, ...], output: str, regle: bool, en_clair: bool) -> int:
    if regle and output != "texte":
        raise click.UsageError("--regle ne va qu'avec --format texte.")
    reading = _Reading(fichiers, en_clair)
    if output == "texte":
        lines = reading.lines(ruled_lines if regle else text_lines)
    elif output == "jsonl":
        lines = reading.lines(json_lines)
    else:
        lines = _array(reading.lines(json_lines))
    for line in lines:
        sys.stdout.write(line + "\n")
    return reading.status


class _Render(Protocol):
    def __call__(self, fichier: str, items: Iterable[Item | ReleveLu], *, en_clair: bool) -> Iterator[str]: ...


class _Reading:
    """Files read one after another; `status` is the highest met so far."""

    def __init__(self, fichiers: tuple[Path, ...], en_clair: bool) -> None:
        self._fichiers = fichiers
        self._en_clair = en_clair
        self.status = 0

    def lines(self, render: _Render) -> Iterator[str]:
        """The lines of every file that can be read; an error is printed where it happens."""
        for path in self._fichiers:
            try:
                yield from render(str(path), self._watched(lire(chunks_of(path))), en_clair=self._en_clair)
            except FseError as error:
                self.status = max(self.status, error.status)
                error.lieu = error.lieu or str(path)
                sys.stdout.flush()
                click.echo(f"Erreur : {error}", err=True)

    def _watched(self, items: Iterable[Item | ReleveLu]) -> Iterator[Item | ReleveLu]:
        """The same items; the status rises with an error among their findings."""
        for item in items:
            if isinstance(item, (EntityRow, ReleveLu)):
                if item.constats:
                    self.status = max(self.status, status_of(item.constats))
            elif isinstance(item, Finding):
                self.status = max(self.status, status_of((item,)))
            yield item


def _array(objects: Iterable[str]) -> Iterator[str]:
    """The objects as one JSON array, each on its line."""
    before = "["
    for one in objects:
        yield before + one
        before = ","
    yield "[]" if before == "[" else "]"
