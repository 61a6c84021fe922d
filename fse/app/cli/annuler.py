"""`fse annuler NUMERO --motif …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.annuler import annuler


@click.command(name="annuler", help="Annule une FSE qui n'est pas dans un lot signé ; son numéro ne resservira pas.")
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--motif", required=True, help="Pourquoi la facture est annulée.")
@click.option("--auteur", required=True, help="Qui l'annule.")
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
    click.echo(f"Facture {numero:09d} annulée.")
    if result.lot_defait is not None:
        click.echo(f"Le lot {result.lot_defait:03d}, non signé, est défait : ses autres factures attendent un lot.")
    return 0
