"""`fse forcer NUMERO --partie AMO|AMC --etat …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.actes import print_done, signed_options
from fse.app.cli.options import cabinet_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.actes.forcer import forcer
from fse.domain.reconciliation.life_cycle import FORCED


@click.command(
    name="forcer",
    help="Dit à la main ce qu'est devenue une part d'une facture, jusqu'à la prochaine réponse d'un payeur ; aucun "
    "montant n'en naît.",
)
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--partie", type=click.Choice(["AMO", "AMC"]), required=True, help="La part de la facture.")
@click.option("--etat", type=click.Choice(FORCED), required=True, help="Ce qu'elle est devenue.")
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@signed_options
@cabinet_option
@le_option
@format_option
def command(
    numero: int,
    partie: str,
    etat: str,
    praticien: str | None,
    motif: str,
    auteur: str,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    with open_session(cabinet_path) as practice:
        done = forcer(practice, numero, partie, etat, prestataire=praticien, motif=motif, auteur=auteur, le=le)
    if output == "json":
        print_json(done)
    else:
        print_done(done)
    return 0
