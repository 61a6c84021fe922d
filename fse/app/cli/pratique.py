"""`fse pratique`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import CivilDate, cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.pratique_output import print_pratique
from fse.app.cli.session import open_session
from fse.app.operations.pratique import pratique
from fse.app.operations.utilisateurs import visible_prestataires


@click.command(
    name="pratique",
    help="Pour chaque médecin : la part de ses honoraires sans dépassement, actes cliniques et techniques, la "
    "fréquence de ses majorations d'urgence (MN, MM, F, MHP, YYYY010) et ses SNP par semaine. Compté d'après les "
    "factures sécurisées, sans celles annulées ou corrigées ; aucun patient n'est nommé.",
)
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@click.option("--du", type=CivilDate(), help="Premier jour de soins ; par défaut, le 1er janvier de la même année.")
@click.option("--au", type=CivilDate(), help="Dernier jour de soins ; par défaut, aujourd'hui.")
@cabinet_option
@le_option
@format_option
def command(
    praticien: str | None, du: date | None, au: date | None, cabinet_path: Path, le: date | None, output: str
) -> int:
    with open_session(cabinet_path) as practice:
        seen = visible_prestataires(practice.cabinet, current_user(), praticien)
        result = pratique(practice, du=du, au=au, praticiens=seen, le=le)
    if output == "json":
        print_json(result)
    else:
        print_pratique(result)
    return 0
