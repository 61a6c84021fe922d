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
from fse.app.operations.incitation.declaration import Declaration, read_declaration
from fse.app.operations.incitation.position import incitation
from fse.app.operations.incitation.revenus import revenus
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.reports.incitation import write_file, write_page
from fse.base.errors import UsageError


@click.command(
    name="incitation",
    help="Dit à chaque professionnel où il en est, sur une année, dans chaque dispositif qui récompense la "
    "télétransmission : son taux et comment il est fait, ce qui le ferait changer. Aucun patient n'y est nommé.",
)
@click.option("--annee", type=int, help="L'année civile ; par défaut, celle du jour.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@click.option("--detail", is_flag=True, help="Chaque acte ou feuille, dans sa liste, avec sa raison.")
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Page HTML à écrire, avec les courbes : les "
    "taux, pas ce que dit --indicateurs. Un autre fichier de ce nom n'est pas remplacé.",
)
@click.option(
    "--dossier-cpl",
    type=click.Path(path_type=Path, dir_okay=False),
    help="PDF à écrire pour la commission paritaire locale, quand le taux d'un praticien est entre les deux seuils. Un "
    "autre fichier de ce nom n'est pas remplacé.",
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
    _check_outputs(page, dossier_cpl)
    declaration = None if indicateurs is None else read_declaration(read_input(indicateurs))
    if declaration is not None:
        _check_same(declaration, annee, praticien)
    with open_session(cabinet_path) as practice:
        cabinet = practice.cabinet
        visible = visible_prestataires(cabinet, current_user(), praticien)
        year = _year(annee, declaration, practice.day(le))
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
    if page is not None and pay is not None:
        click.echo("  Elle ne dit que les taux : les revenus hors soins ci-dessus n'y sont pas.")
    return 0


def _year(annee: int | None, declaration: Declaration | None, le: date) -> int:
    if annee is not None:
        return annee
    return le.year if declaration is None else declaration.annee


def _check_same(declaration: Declaration, annee: int | None, praticien: str | None) -> None:
    """A file of indicators is of one professional and one year: what is asked besides may not be of others."""
    if annee not in (None, declaration.annee):
        raise UsageError(
            "incitation.deux_annees",
            f"L'année demandée est {annee}, celle du fichier d'indicateurs {declaration.annee}.",
            action="Enlever --annee, ou donner le fichier de cette année-là.",
        )
    if praticien not in (None, declaration.prestataire):
        raise UsageError(
            "incitation.deux_praticiens",
            f"Le praticien demandé est {praticien}, celui du fichier d'indicateurs {declaration.prestataire}.",
            action="Enlever --praticien, ou donner le fichier de ce praticien.",
        )


def _check_outputs(page: Path | None, dossier: Path | None) -> None:
    if page is not None and dossier is not None and page.resolve() == dossier.resolve():
        raise UsageError(
            "incitation.meme_fichier",
            "--page et --dossier-cpl donnent le même fichier : l'un remplacerait l'autre.",
            action="Donner deux noms différents.",
            lieu=str(page),
        )
