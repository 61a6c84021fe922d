"""`fse rapport --sortie DIR`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.reports.matin import RapportEcrit, write_report
from fse.base.french import counted
from fse.base.money import format_euros


@click.command(
    name="rapport",
    help="Écrit la page du matin (matin.html, à ouvrir dans un navigateur : elle ne demande ni réseau ni script) : ce "
    "qui est à faire, par montant en jeu, puis les délais, ce que doit chaque organisme, les rejets, les virements. À "
    "côté, pour le comptable, les mêmes chiffres en CSV et, avec le complément « masse », en Parquet. Ce qui y était "
    "est remplacé. Aucun patient n'y est nommé.",
)
@click.option("--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@le_option
@format_option
def command(sortie: Path, praticien: str | None, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        visible = visible_prestataires(practice.cabinet, current_user(), praticien)
        done = write_report(practice, sortie, le, praticiens=visible)
    if output == "json":
        print_json(done)
    else:
        print_report(done)
    return done.statut


def print_report(done: RapportEcrit) -> None:
    """What was written and what was not, and the first line of the page."""
    click.echo(f"Page du matin du {done.le:%d/%m/%Y} : {done.page}")
    if done.reserve:
        click.echo(f"  ! {done.reserve} : voir la page.")
    if done.laisses:
        click.echo(f"  ! {counted(done.laisses, 'fichier laissé')} en place : voir la page.")
    if done.a_faire:
        stake = "" if done.en_jeu is None else f", {format_euros(done.en_jeu)} en jeu"
        click.echo(f"  {counted(done.a_faire, 'chose')} à faire{stake}")
    elif not (done.reserve or done.laisses):
        click.echo("  Rien à faire ce matin.")
    names = ", ".join(path.name for path in done.tables if path.suffix == ".csv")
    click.echo(f"  À côté : {names}{', et les mêmes en Parquet' if done.parquet else ''}")
    for one in done.echecs:
        click.echo(f"  ! {one.chemin.name} n'est pas récrit. {one.raison}\n    → {one.action}")
