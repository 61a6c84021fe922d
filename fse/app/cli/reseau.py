"""`fse reseau …`: what health networks pay besides the NGAP. `fse securiser` records it; here it is told, cancelled."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from fse.app.cli.options import (
    auteur_option,
    cabinet_option,
    current_user,
    format_option,
    le_option,
    motif_option,
)
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.delivery import deliver
from fse.app.operations.reseaux.annuler import annuler_derogatoire
from fse.app.operations.reseaux.etat import EtatReseau, SommeEtat, etat_reseau
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.reports.tableaux import Genre, Tableau, csv_bytes
from fse.base.french import counted
from fse.base.money import format_euros

_COLUMNS: tuple[tuple[str, Genre], ...] = (
    ("reference", "texte"),
    ("date", "date"),
    ("code", "texte"),
    ("prestation", "texte"),
    ("critere", "texte"),
    ("professionnel", "texte"),
    ("patient", "nombre"),
    ("montant", "montant"),
    ("enregistree_le", "date"),
)


class Month(click.ParamType[date]):
    """A month written AAAA-MM, as its first day."""

    name = "AAAA-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"{value} n'est pas un mois AAAA-MM", param, ctx)


@click.group(
    name="reseau",
    help="Réseaux de santé : ce qu'ils paient hors NGAP. fse securiser l'enregistre avec le document qui le porte ; "
    "les réseaux se décrivent dans le dossier de [reseaux] (docs/reseaux.md).",
)
def command() -> None:
    """Sub-commands below."""


@command.command(name="etat", help="L'état d'un mois pour qui paie, prestation par prestation, sans nommer de patient.")
@click.option("--reseau", required=True, help="Numéro du réseau, 14 chiffres.")
@click.option("--mois", required=True, type=Month(), help="Mois des prestations, AAAA-MM.")
@click.option(
    "--sortie", type=click.Path(path_type=Path, dir_okay=False), help="Écrit aussi l'état en CSV, pour le réseau."
)
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@format_option
def statement(
    reseau: str, mois: date, sortie: Path | None, praticien: str | None, cabinet_path: Path, output: str
) -> int:
    with open_session(cabinet_path) as practice:
        seen = visible_prestataires(practice.cabinet, current_user(), praticien)
        etat = etat_reseau(practice, reseau, mois, praticiens=seen)
    if output == "json":
        print_json(etat)
    else:
        _print(etat)
    if sortie is not None:
        deliver(sortie, csv_bytes(_table(etat)))
        click.echo(f"État écrit : {sortie}", err=True)
    return 0


@command.command(name="annuler", help="Annule une prestation : elle n'est plus demandée au réseau.")
@click.argument("reference")
@motif_option
@auteur_option
@cabinet_option
@le_option
@format_option
def cancel(reference: str, motif: str, auteur: str, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        done = annuler_derogatoire(practice, reference, motif=motif, auteur=auteur, le=le)
    if output == "json":
        print_json(done)
    else:
        click.echo(
            f"Prestation {done.reference} annulée : {done.jour:%d/%m/%Y}, {format_euros(done.montant)}. L'état du mois "
            f"est à refaire : fse reseau etat --reseau {done.reseau} --mois {done.jour:%Y-%m}"
        )
    return 0


def _print(etat: EtatReseau) -> None:
    number = counted(len(etat.lignes), "prestation")
    click.echo(
        f"Réseau {etat.reseau}{f', {etat.nom}' if etat.nom else ''}, {etat.mois:%m/%Y} : {number}, "
        f"{format_euros(etat.montant)}"
    )
    for one in etat.lignes:
        click.echo(
            f"  {one.jour:%d/%m/%Y}  {one.reference}  {one.code}  {one.libelle}, {one.professionnel}, "
            f"patient {one.patient} : {format_euros(one.montant)}"
        )
    _print_sums("Par prestation", etat.par_prestation)
    _print_sums("Par professionnel", etat.par_professionnel)


def _print_sums(title: str, sums: tuple[SommeEtat, ...]) -> None:
    if len(sums) > 1:
        told = ", ".join(f"{one.nom} {one.nombre} × = {format_euros(one.montant)}" for one in sums)
        click.echo(f"{title} : {told}")


def _table(etat: EtatReseau) -> Tableau:
    return Tableau(
        nom=f"reseau-{etat.reseau}-{etat.mois:%Y-%m}",
        libelle="prestations dérogatoires d'un réseau de santé",
        colonnes=_COLUMNS,
        lignes=[
            (
                one.reference,
                one.jour,
                one.code,
                one.libelle,
                one.critere,
                one.professionnel,
                one.patient,
                one.montant,
                one.enregistree_le,
            )
            for one in etat.lignes
        ],
    )
