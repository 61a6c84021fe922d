"""`fse annuler NUMERO --motif …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.annuler import Annulation, annuler


@click.command(name="annuler", help="Annule une FSE qui n'est pas dans un lot signé ; son numéro ne resservira pas.")
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--motif", required=True, help="Pourquoi la facture est annulée.")
@click.option("--auteur", default=current_user, help="Qui l'annule ; par défaut, l'utilisateur de la session.")
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@cabinet_option
@le_option
@format_option
def command(
    numero: int,
    motif: str,
    auteur: str,
    praticien: str | None,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    with open_session(cabinet_path) as practice:
        result = annuler(practice, numero, motif=motif, auteur=auteur, prestataire=praticien, le=le)
    if output == "json":
        print_json(result)
        return 0
    print_annulation(result)
    return 0


def print_annulation(result: Annulation) -> None:
    """What was cancelled, and the lot that it undoes."""
    click.echo(f"Facture {result.numero:09d} annulée : son numéro ne resservira pas.")
    if result.lot_defait is not None:
        click.echo(f"Le lot {result.lot_defait:03d}, non signé, est défait : ses autres factures attendent un lot.")
