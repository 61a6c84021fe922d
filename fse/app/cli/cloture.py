"""`fse cloture`: the end of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.cli.transmission_output import lot_named
from fse.app.operations.cloture import Cloture, ModeDuJour, Papier, cloture
from fse.app.operations.utilisateurs import visible_prestataires
from fse.base.french import counted
from fse.base.money import format_euros


@click.command(
    name="cloture",
    help="La fin de journée : feuilles du jour par mode de sécurisation, au centime, lots partis, reçus à remettre aux "
    "patients qui ont payé, papiers à poster, ce qui attend encore, prochains délais.",
)
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@le_option
@format_option
def command(praticien: str | None, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        visible = visible_prestataires(practice.cabinet, current_user(), praticien)
        result = cloture(practice, le=le, praticiens=visible)
    if output == "json":
        print_json(result)
    else:
        print_closing(result)
    return 0


def print_closing(result: Cloture) -> None:
    """The day as it ends: what was done, then what is to be handed over, posted, done."""
    whose = f", {counted(len(result.praticiens), 'praticien')}" if result.praticiens else ""
    click.echo(f"Fin de journée du {result.le:%d/%m/%Y}{whose}")
    _print_sheets(result)
    _print_lots(result)
    _print_receipts(result)
    _print_papers(result)
    if result.attentes:
        click.echo("\nAttend encore")
    for one in result.attentes:
        click.echo(f"  {one.libelle} : {one.quoi}, {format_euros(one.honoraires)} d'honoraires")
        click.echo(f"    → {one.action}")
    if result.delais:
        click.echo("\nProchains délais")
    for delai in result.delais:
        until = f"en retard, dernier jour : {delai.le:%d/%m/%Y}" if delai.le < result.le else f"{delai.le:%d/%m/%Y}"
        click.echo(f"  {until} : {delai.libelle}, {delai.quoi} ({delai.mention})")


def _print_sheets(result: Cloture) -> None:
    cancelled = f" ({counted(result.annulees, 'annulée')} en plus)" if result.annulees else ""
    if not result.modes:
        click.echo(f"  Aucune feuille sécurisée ce jour{cancelled}.")
        return
    click.echo(f"\nFeuilles du jour{cancelled}")
    for one in result.modes:
        click.echo(f"  {one.libelle} : {_amounts(one)}")
    if len(result.modes) > 1:
        click.echo(f"  {result.total.libelle} : {_amounts(result.total)}")


def _amounts(one: ModeDuJour) -> str:
    return (
        f"{counted(one.feuilles, 'feuille')}, {format_euros(one.honoraires)} "
        f"(AMO {format_euros(one.amo)}, AMC {format_euros(one.amc)}, patients {format_euros(one.patient)})"
    )


def _print_lots(result: Cloture) -> None:
    total = format_euros(sum(one.honoraires for one in result.lots))
    told = f"{len(result.lots)}, {total} d'honoraires" if result.lots else "aucun"
    click.echo(f"\nLots partis : {told}")
    for one in result.lots:
        again = ", renvoi" if one.renvoi else ""
        click.echo(
            f"  {lot_named(one.prestataire, one.numero_lot, one.date_lot)}, organisme {one.organisme} : "
            f"{counted(one.factures, 'facture')}, {format_euros(one.honoraires)} [{one.fichier}{again}]"
        )


def _print_receipts(result: Cloture) -> None:
    if not result.recus:
        return
    total = sum(one.montant for one in result.recus)
    click.echo(f"\nReçus à remettre aux patients : {len(result.recus)}, {format_euros(total)} payés")
    for one in result.recus:
        click.echo(
            f"  facture {one.numero:09d} ({one.reference}), praticien {one.prestataire} : {format_euros(one.montant)}"
        )
        click.echo(f"    → {one.action}")


def _print_papers(result: Cloture) -> None:
    _print_each("\nÀ poster à la caisse", [one for one in result.papiers if one.a_poster])
    _print_each("\nÀ remettre au patient, qui l'envoie", [one for one in result.papiers if not one.a_poster])
    if result.pieces:
        click.echo("\nPièces justificatives à poster")
    for piece in result.pieces:
        click.echo(f"  pièce {piece.piece}, facture {piece.numero:09d} : {piece.action}")


def _print_each(title: str, papers: Sequence[Papier]) -> None:
    if papers:
        click.echo(title)
    for one in papers:
        click.echo(f"  {one.quoi}, facture {one.numero:09d}, praticien {one.prestataire}")
