"""`fse coter ENTREE…`."""

from __future__ import annotations

from pathlib import Path

import click

from fse.app.cli.coter_output import cotation_json, print_cotation, print_profile
from fse.app.cli.options import cabinet_option, format_option, read_input
from fse.app.cli.output import print_json, status_of
from fse.app.cli.session import existing_session
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.coter import Cotation, coter
from fse.app.operations.delivery import PRIVATE, deliver
from fse.base.errors import UsageError


@click.command(
    name="coter",
    help="Cote et contrôle les soins de documents XML ou JSON (- : entrée standard), acte par acte, au tarif de leur "
    "date et du territoire ; n'enregistre rien. Ce qui a déjà été facturé (séries, plafonds) est lu dans le journal.",
)
@click.argument("entrees", metavar="ENTREE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--detail", is_flag=True, help="Explique chaque montant : règle, valeur, date, article, source.")
@click.option(
    "--sortie",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Écrit le document coté, à donner à fse securiser ; pour un seul document, sans erreur.",
)
@cabinet_option
@format_option
def command(entrees: tuple[Path, ...], detail: bool, sortie: Path | None, cabinet_path: Path, output: str) -> int:
    if sortie is not None and len(entrees) > 1:
        raise UsageError(
            "coter.sortie",
            "--sortie écrit un seul document.",
            action="Donner un document à la fois.",
        )
    cabinet = load_cabinet(cabinet_path)
    contents = [read_input(path) for path in entrees]
    with existing_session(cabinet) as practice:
        results = coter(cabinet, contents, practice)
    if output == "json":
        print_json([cotation_json(str(path), one, cabinet) for path, one in zip(entrees, results, strict=True)])
    else:
        print_profile(cabinet, counted_past=practice is not None)
        for path, one in zip(entrees, results, strict=True):
            print_cotation(str(path), one, detail=detail)
    if sortie is not None:
        _write(results[0], sortie)
    return max(status_of(one.constats) for one in results)


def _write(result: Cotation, sortie: Path) -> None:
    """The priced document, which holds personal data, for its owner alone; none when something is wrong in it."""
    if status_of(result.constats):
        click.echo(f"{sortie} n'est pas écrit : corriger d'abord les erreurs.", err=True)
        return
    deliver(sortie, result.xml(), PRIVATE)
    click.echo(f"Document coté : {sortie}", err=True)
