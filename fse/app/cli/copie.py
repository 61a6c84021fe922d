"""`fse copie NUMERO --sortie F.pdf`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import auteur_option, cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.copie import copie
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.reports.copie import rendu_copie
from fse.app.reports.pdf import check_extra


@click.command(
    name="copie",
    help="Écrit la copie d'une FSE que le patient demande (R161-47 du code de la sécurité sociale) : elle dit qu'elle "
    "est une copie et ne donne droit à aucun remboursement. Le patient y est nommé en clair : cette lecture est notée "
    "au journal.",
)
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--sortie", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Fichier PDF à écrire.")
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@auteur_option
@cabinet_option
@le_option
@format_option
def command(
    numero: int,
    sortie: Path,
    praticien: str | None,
    auteur: str,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    check_extra()
    with open_session(cabinet_path) as practice:
        done = copie(
            practice,
            numero,
            sortie,
            rendu_copie,
            auteur=auteur,
            prestataire=praticien,
            visibles=visible_prestataires(practice.cabinet, current_user(), praticien),
            le=le,
        )
    if output == "json":
        print_json(done)
    else:
        click.echo(f"Copie de la facture {done.numero:09d} : {done.chemin}")
        click.echo(f"  {done.suite}")
        click.echo("  → La remettre au patient ; elle ne s'envoie pas.")
    return 0
