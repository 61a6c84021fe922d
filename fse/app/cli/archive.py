"""`fse archive …`: the encrypted bytes of lots, files and returns, proved, destroyed at the end of their retention."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.journal import existing_session
from fse.app.cli.options import auteur_option, cabinet_option, format_option, le_option, motif_option
from fse.app.cli.output import print_json
from fse.app.operations.journal.archives import Archive, purger_archives, verifier_archives
from fse.base.errors import StorageError
from fse.base.french import counted

_NATURES = {
    "illisible": "ne s'ouvre pas",
    "different": "n'est pas ce que les faits annoncent",
    "absent": "a disparu",
    "detruit_sans_evenement": "est détruit sans qu'un événement le dise",
    "encore_la": "devait être détruit",
}
_SETTLED = "que tout n'est pas soldé"
_UNTIL = {"courrier": "qu'il n'est pas lu", "piece": "qu'elle n'est pas acceptée et sa facture soldée"}


@click.group(name="archive", help="Les archives chiffrées : les ouvrir toutes, détruire celles arrivées à leur terme.")
def command() -> None:
    """Sub-commands below."""


@command.command(
    name="verifier", help="Ouvre chaque contenu archivé et compare son empreinte. Sortie 5 s'il en manque."
)
@cabinet_option
@format_option
def verify(cabinet_path: Path, output: str) -> int:
    with existing_session(cabinet_path) as practice:
        result = verifier_archives(practice)
    if output == "json":
        print_json(result)
    else:
        click.echo(f"{counted(result.ouvertes, 'contenu ouvert')}, {counted(result.detruites, 'détruit')} à son terme")
        for one in result.ecarts:
            click.echo(f"  {one.table} {one.id} {_NATURES[one.nature]}")
    return StorageError.status if result.ecarts else 0


@command.command(
    name="purger",
    help="Détruit entières les archives gardées 90 jours depuis leur envoi ou leur réception et dont tout est soldé.",
)
@motif_option
@auteur_option
@cabinet_option
@le_option
@format_option
def purge(motif: str, auteur: str, cabinet_path: Path, le: date | None, output: str) -> int:
    with existing_session(cabinet_path) as practice:
        result = purger_archives(practice, auteur=auteur, motif=motif, le=le)
    if output == "json":
        print_json(result)
        return 0
    click.echo(f"{counted(len(result.detruites), 'archive détruite')}, {counted(len(result.gardees), 'gardée')}")
    for one in result.detruites:
        click.echo(f"  détruite : {one.nature} {one.designation}")
    for one in result.gardees:
        click.echo(f"  gardée : {one.nature} {one.designation}, {_why(one)}")
    return 0


def _why(archive: Archive) -> str:
    if archive.echeance is None:
        return "pas encore envoyée"
    until = f" au moins, et tant {_UNTIL.get(archive.nature, _SETTLED)}"
    return f"jusqu'au {archive.echeance:%d/%m/%Y}" + ("" if archive.soldee else until)
