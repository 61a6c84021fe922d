"""`fse relancer`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option
from fse.app.cli.output import print_findings, print_json
from fse.app.cli.session import open_session
from fse.app.cli.transmission_output import deadline, file_told, lot_named, print_retours
from fse.app.operations.relancer import ASigner, Relance, Relances, relancer
from fse.app.operations.transmission.lots import LotTransmis
from fse.base.french import counted

_MOTIFS = {"sans_accuse": "aucun accusé reçu dans le délai", "accuse_negatif": "refusé à la réception"}


@click.command(
    name="relancer",
    help="Prépare le renvoi de ce qui n'a pas été reçu ou a été refusé, remet en attente les factures d'un lot refusé "
    "pour une autre, et liste ce qui attend une carte, un duplicata ou un envoi. Aucune carte n'est demandée.",
)
@click.option(
    "--sortie",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier d'arrivée des fichiers, quand ce n'est pas fse qui les envoie.",
)
@cabinet_option
@le_option
@format_option
def command(sortie: Path | None, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        done = relancer(practice, sortie=sortie, le=le)
    if output == "json":
        print_json(done)
    else:
        print_relances(done)
    return 0


def print_relances(done: Relances) -> None:
    """What was decided, then what is left for somebody."""
    click.echo(f"Relances au {done.le:%d/%m/%Y}")
    print_retours(done.retours)
    if not done.relances:
        click.echo("  Aucun lot à renvoyer.")
    said: set[str] = set()
    for relance in done.relances:
        _print_relance(relance, done.le, said)
    for fichier in done.fichiers:
        again = ", renvoi" if fichier.renvoi else ""
        click.echo(f"  fichier écrit : {fichier.chemin.name} ({counted(len(fichier.lots), 'lot')}{again})")
    if done.a_ecrire:
        click.echo(f"  {counted(done.a_ecrire, 'fichier')} à écrire : fse relancer --sortie DOSSIER")
    print_findings(done.constats)
    if done.a_signer:
        click.echo("\nÀ signer : fse emettre --sortie DOSSIER")
    for one in done.a_signer:
        _print_to_sign(one, done.le)
    _print_lots("Factures en cause à corriger, puis à refaire sous un nouveau numéro", done.a_refaire)
    _print_lots("Duplicatas à éditer sur papier : fse duplicata NUMERO, pour chaque feuille", done.duplicatas)
    if done.en_attente:
        click.echo("\nÀ envoyer : fse envoyer")
    for file in done.en_attente:
        click.echo(f"  {file_told(file)}")


def _print_relance(relance: Relance, le: date, said: set[str]) -> None:
    what = (
        f"à renvoyer tel quel : fichier {relance.fichier} prêt"
        if relance.genre == "renvoi"
        else f"{counted(len(relance.factures), 'facture')} en attente d'un nouveau lot, à signer"
    )
    named = lot_named(relance.prestataire, relance.numero_lot, relance.date_lot)
    click.echo(f"  {named}, {_MOTIFS[relance.motif]} : {what}")
    click.echo(f"    {deadline(relance.echeance, le, said)}, ou au plus tard avec la transmission suivante")
    if relance.en_cause:
        numeros = ", ".join(f"{numero:09d}" for numero in relance.en_cause)
        click.echo(f"    en cause : {numeros}, à corriger avant de la refaire sous un nouveau numéro")


def _print_to_sign(one: ASigner, le: date) -> None:
    who = f"praticien {one.prestataire}" + (f", remplacé par {one.remplacant}" if one.remplacant else "")
    held = [
        *([counted(len(one.factures), "facture") + " sans lot"] if one.factures else []),
        *([counted(len(one.lots), "lot")] if one.lots else []),
    ]
    click.echo(f"  {who} : {', '.join(held)} ; {deadline(one.echeance, le)}")


def _print_lots(title: str, lots: tuple[LotTransmis, ...]) -> None:
    if not lots:
        return
    click.echo(f"\n{title}")
    for one in lots:
        numeros = one.transmission.nommees or one.transmission.a_editer
        listed = ", ".join(f"{numero:09d}" for numero in numeros)
        click.echo(f"  {lot_named(one.prestataire, one.numero_lot, one.date_lot)} : {listed}")
