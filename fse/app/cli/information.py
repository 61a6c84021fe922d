"""`fse information ENTREE --reference R --sortie F.pdf`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.session import existing_session
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.clock import today
from fse.app.operations.information import InformationEcrite, information
from fse.app.reports.information import rendu_information
from fse.base.money import format_euros


@click.command(
    name="information",
    help="Écrit ce qui est remis au patient avant des soins dont le médecin demande un dépassement : le montant, le "
    "motif, et qu'il n'est pas remboursé ; dans le secteur optionnel, l'estimation avant l'intervention. Les soins "
    "sont ceux d'un document XML ou JSON (- : entrée standard), cotés comme par fse coter ; rien n'est enregistré. Le "
    "patient y est nommé en clair.",
)
@click.argument("entree", type=click.Path(path_type=Path))
@click.option("--reference", required=True, help="Référence de la facture, dans ce document.")
@click.option(
    "--sortie",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fichier à écrire : .pdf à imprimer, .html à montrer.",
)
@cabinet_option
@le_option
@format_option
def command(entree: Path, reference: str, sortie: Path, cabinet_path: Path, le: date | None, output: str) -> int:
    rendu = rendu_information(sortie)
    cabinet = load_cabinet(cabinet_path)
    content = read_input(entree)
    with existing_session(cabinet) as practice:
        done = information(cabinet, content, reference, sortie, rendu, practice, le=le or today(cabinet.zone))
    if output == "json":
        print_json(done)
    else:
        _print(done)
    return status_of(done.constats)


def _print(done: InformationEcrite) -> None:
    """What was written, and what is left to do with it."""
    if done.chemin is None:
        click.echo(f"{done.reference} : rien n'est écrit, ces soins ne peuvent pas être facturés ainsi.")
        print_findings(done.constats)
        return
    what, fact = ("Estimation", "devis et information") if done.devis else ("Information du patient", "information")
    click.echo(f"{what} de {done.reference} : {done.chemin}")
    click.echo(
        f"  dépassement {format_euros(done.depassement)}, non remboursé, au-dessus de {format_euros(done.tarif)}"
    )
    click.echo(f"  → La remettre avant les soins, puis le noter dans le logiciel ({fact}) : sans cela il est refusé.")
    print_findings(done.constats)
