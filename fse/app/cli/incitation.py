"""`fse incitation`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.incitation_output import detail_json, incitations_json, print_detail, print_incitations
from fse.app.cli.incitation_pay import pay_json, print_pay
from fse.app.cli.options import cabinet_option, current_user, format_option, le_option, read_input
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.incitation.declaration import read_declaration
from fse.app.operations.incitation.position import incitation
from fse.app.operations.incitation.revenus import revenus
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.reports.incitation import write_file, write_page


@click.command(
    name="incitation",
    help="Dit à chaque professionnel où il en est, sur une année, dans chaque dispositif qui récompense la "
    "télétransmission : son taux et comment il est fait, ce qui le ferait changer. Aucun patient n'y est nommé.",
)
@click.option("--annee", type=int, help="L'année civile ; par défaut, celle du jour.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@click.option("--detail", is_flag=True, help="Chaque acte ou feuille, dans sa liste, avec sa raison.")
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False), help="Page HTML à écrire, avec les courbes.")
@click.option(
    "--dossier-cpl",
    type=click.Path(path_type=Path, dir_okay=False),
    help="PDF à écrire pour la commission paritaire locale, quand le taux d'un praticien est entre les deux seuils.",
)
@click.option(
    "--indicateurs",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fichier TOML d'un praticien (- : entrée standard) : ce que la caisse a mesuré, les versements annoncés. Dit "
    "alors aussi la rémunération sur objectifs, les versements suivis et les cotisations prises en charge.",
)
@cabinet_option
@le_option
@format_option
def command(
    annee: int | None,
    praticien: str | None,
    detail: bool,
    page: Path | None,
    dossier_cpl: Path | None,
    indicateurs: Path | None,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    declaration = None if indicateurs is None else read_declaration(read_input(indicateurs))
    with open_session(cabinet_path) as practice:
        cabinet = practice.cabinet
        visible = visible_prestataires(cabinet, current_user(), praticien)
        year = annee or (declaration.annee if declaration else practice.day(le).year)
        result = incitation(practice, year, le=le, praticiens=visible)
        pay = None if declaration is None else revenus(practice, declaration, le=le, praticiens=visible)
    if dossier_cpl is not None:
        write_file(result, cabinet, dossier_cpl)
    if page is not None:
        write_page(result, cabinet, page)
    if output == "json":
        asked = {"detail": detail_json(result)} if detail else {}
        given = {"revenus": pay_json(pay)} if pay else {}
        print_json(incitations_json(result) | asked | given)
        return 0
    print_incitations(result)
    if detail:
        print_detail(result)
    if pay is not None:
        print_pay(pay)
    for libelle, path in (("Page", page), ("Dossier pour la commission", dossier_cpl)):
        if path is not None:
            click.echo(f"\n{libelle} : {path}")
    return 0
