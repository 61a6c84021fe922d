"""`fse annuler-acte ACTE… --motif …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.actes import print_done, signed_options
from fse.app.cli.options import INTEGER_MAX, cabinet_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.actes.annuler_acte import annuler_acte


@click.command(
    name="annuler-acte",
    help="Annule des actes faits à la main, tous ou aucun ; ils restent au journal. Leurs numéros : fse actes.",
)
@click.argument("actes", metavar="ACTE…", nargs=-1, required=True, type=click.IntRange(1, INTEGER_MAX))
@signed_options
@cabinet_option
@le_option
@format_option
def command(actes: tuple[int, ...], motif: str, auteur: str, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        done = annuler_acte(practice, actes, motif=motif, auteur=auteur, le=le)
    if output == "json":
        print_json(done)
    else:
        print_done(done)
    return 0
