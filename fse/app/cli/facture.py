"""`fse facture NUMERO`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, current_user, en_clair_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.cli.suivi import print_guarantee, print_motif
from fse.app.cli.transmission_output import deadline
from fse.app.operations.etapes import Etape
from fse.app.operations.facture import EtatPart, HistoireFacture, Reglement, facture
from fse.app.operations.utilisateurs import visible_prestataires
from fse.base.money import format_euros


@click.command(name="facture", help="Toute l'histoire d'une facture, jusqu'au fichier et à l'octet.")
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@cabinet_option
@le_option
@format_option
@en_clair_option
def command(
    numero: int, praticien: str | None, cabinet_path: Path, le: date | None, output: str, en_clair: bool
) -> int:
    user = current_user()
    with open_session(cabinet_path) as practice:
        visibles = visible_prestataires(practice.cabinet, user, praticien)
        result = facture(
            practice, numero, prestataire=praticien, visibles=visibles, le=le, en_clair=en_clair, auteur=user
        )
    if output == "json":
        print_json(result)
    else:
        print_facture(result)
    return 0


def print_facture(result: HistoireFacture) -> None:
    """The history for a reader, oldest step first."""
    click.echo(f"Facture {result.numero:09d} ({result.reference}), praticien {result.prestataire} : {result.libelle}")
    click.echo(f"  {_patient(result)}")
    click.echo(f"  du {result.date_facture:%d/%m/%Y}, {format_euros(result.total_honoraires)}, mode {result.mode}")
    if result.remplace is not None:
        click.echo(f"  remplace la facture {result.remplace:09d}")
    if result.remplacee_par is not None:
        click.echo(f"  remplacée par la facture {result.remplacee_par:09d}")
    for part in result.parts:
        click.echo(f"  {_part(part)}")
    for action in dict.fromkeys(tache.action for tache in result.taches):
        click.echo(f"  → {action}")
    for echeance in dict.fromkeys(tache.echeance for tache in result.taches if tache.echeance):
        click.echo(f"    {deadline(echeance, result.le)}")
    for garantie in {tache.garantie for tache in result.taches if tache.garantie}:
        print_guarantee(garantie)
    for one in result.suggestions:
        click.echo(
            f"  un retour du {one.jour:%d/%m/%Y}, {format_euros(one.montant)}, répond peut-être à cette facture "
            f"({one.raison}) : fse rattacher {one.ligne} --facture {result.numero} --motif …"
        )
    for reglement in result.reglements:
        click.echo(f"  {_reglement(reglement)}")
    for etape in result.etapes:
        _print_step(etape)


def _patient(result: HistoireFacture) -> str:
    if not result.nir:
        return "patient : ce journal n'a pas, ou plus, ses données personnelles"
    named = " ".join(f"patient {result.prenom} {result.nom}".split())
    return f"{named}, NIR {result.nir}"


def _reglement(one: Reglement) -> str:
    """`30,00 € reçus sur le compte le 12/10/2026 (virement du 08/10/2026…)`, or why they are not."""
    labels = " / ".join(label for label in one.libelles if label) or "sans libellé"
    named = f"virement du {one.annonce_le:%d/%m/%Y}, {labels}"
    if one.preuve.prouve_le is not None:
        return f"{format_euros(one.paye)} : reçu sur le compte le {one.preuve.prouve_le:%d/%m/%Y} ({named})"
    return f"{format_euros(one.paye)} : {one.preuve.libelle[0].lower()}{one.preuve.libelle[1:]} ({named})"


def _part(part: EtatPart) -> str:
    forced = f" (état forcé à la main, acte n° {part.acte})" if part.acte is not None else ""
    entered = f" dont {format_euros(part.saisi)} d'après une saisie à la main" if part.saisi else ""
    return (
        f"part {part.partie} : {part.libelle}{forced}, demandé {format_euros(part.demande)}, "
        f"payé {format_euros(part.paye)}{entered}"
    )


def _print_step(etape: Etape) -> None:
    jour = f"{etape.jour:%d/%m/%Y}" if etape.jour else "          "
    amount = f" : {format_euros(etape.montant)}" if etape.montant is not None and etape.evenement != "ligne" else ""
    place = f", rang {etape.rang}, octet {etape.octet}" if etape.rang is not None else ""
    line = f" ; ligne {etape.ligne}" if etape.ligne else ""
    named = f" [{etape.fichier_nom}{place}{line}]" if etape.fichier_nom else ""
    click.echo(f"  {jour}  {etape.libelle}{amount}{named}")
    if etape.motif:
        print_motif(etape.motif)
