"""`fse saisir RELEVE.csv --piece … --jour …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from fse.app.cli.actes import print_done, signed_options
from fse.app.cli.options import CivilDate, cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.session import open_session
from fse.app.operations.actes.releve import read_amount
from fse.app.operations.actes.saisir import Saisie, saisir
from fse.base.french import counted
from fse.base.money import format_euros


class Euros(click.ParamType[int]):
    """An amount in euros, as 1 234,50; centimes."""

    name = "EUROS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        amount = value if isinstance(value, int) else read_amount(value)
        if amount is None:
            self.fail(f"{value} n'est pas un montant en euros, comme 16,50", param, ctx)
        return amount


@click.command(
    name="saisir",
    help="Saisit un relevé reçu sur papier, tout ou rien. Le fichier CSV (- : entrée standard) a une ligne par part : "
    "numero;partie;etat;montant, avec partie AMO ou AMC, etat payee, rejetee ou differee, et le montant payé en euros "
    "(négatif pour une reprise).",
)
@click.argument("releve", metavar="RELEVE", type=click.Path(path_type=Path))
@click.option("--piece", required=True, help="Le relevé, comme on le retrouverait : « relevé CPAM du 12/10 ».")
@click.option("--jour", required=True, type=CivilDate(), help="Date du relevé, AAAA-MM-JJ.")
@click.option("--total", type=Euros(), help="Total que le relevé annonce, à comparer avec la somme des lignes.")
@signed_options
@cabinet_option
@le_option
@format_option
def command(
    releve: Path,
    piece: str,
    jour: date,
    total: int | None,
    motif: str,
    auteur: str,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    with open_session(cabinet_path) as practice:
        result = saisir(
            practice, read_input(releve), piece=piece, jour=jour, total=total, motif=motif, auteur=auteur, le=le
        )
    if output == "json":
        print_json(result)
    else:
        print_statement(result)
    return status_of(result.constats)


def print_statement(result: Saisie) -> None:
    """What became of a statement: its lines and their total, or all that is wrong in it."""
    if result.poses is None:
        click.echo(f"« {result.piece} » : refusé, rien n'en est compté")
        print_findings(result.constats)
        return
    click.echo(
        f"« {result.piece} » du {result.jour:%d/%m/%Y} : {counted(result.lignes, 'ligne saisie')}, "
        f"{format_euros(result.total)} en tout"
    )
    print_findings(result.constats)
    print_done(result.poses)
