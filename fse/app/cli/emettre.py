"""`fse emettre [ENTREE…] --sortie DIR`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fse.app.cli.options import cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.securiser import print_securisation
from fse.app.cli.session import first_session
from fse.app.cli.signers import PracticeSigners
from fse.base.dates import to_days
from fse.base.errors import SignatureError
from fse.base.french import counted
from fse.base.money import format_euros

if TYPE_CHECKING:
    from fse.app.operations.emettre import Emission


@click.command(
    name="emettre",
    help="Sécurise ENTREE (XML ou JSON) s'il y en a, groupe les factures en attente en lots, signe les lots, écrit les "
    "fichiers. Chaque praticien signe les siens : --praticien quand la carte d'un seul est là.",
)
@click.argument("entrees", metavar="[ENTREE]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée.")
@click.option("--praticien", help="Numéro du seul praticien dont les factures partent ; celles des autres attendent.")
@cabinet_option
@le_option
@format_option
def command(
    entrees: tuple[Path, ...], sortie: Path, praticien: str | None, cabinet_path: Path, le: date | None, output: str
) -> int:
    opened = first_session(cabinet_path, "fse.app.operations.emettre", "fse.infra.keys.pkcs12")
    with opened as practice, PracticeSigners(practice.cabinet) as signers:
        from fse.app.operations.emettre import emettre

        contents = [read_input(path) for path in entrees]
        try:
            emission = emettre(practice, sortie, signers, entrees=contents, le=le, prestataire=praticien)
        except SignatureError as error:
            if error.code.startswith("carte."):
                from fse.app.operations.transmission.envoyer import interruption

                interruption(practice, "carte", error, to_days(practice.day(le)))
            raise
    if output == "json":
        print_json(emission)
    else:
        for path, result in zip(entrees, emission.securisations, strict=True):
            print_securisation(str(path), result)
        print_emission(emission)
        print_findings(emission.constats)
    return max((status_of(result.constats) for result in emission.securisations), default=0)


def print_emission(emission: Emission) -> None:
    """The files written, with their lots."""
    if not emission.fichiers:
        click.echo("Aucune facture en attente : aucun fichier à écrire.")
    for fichier in emission.fichiers:
        again = " (renvoi)" if fichier.renvoi else ""
        click.echo(
            f"{fichier.chemin.name}{again} : {counted(len(fichier.lots), 'lot')} pour le centre "
            f"{fichier.centre_informatique}"
        )
        for lot in fichier.lots:
            click.echo(
                f"  lot {lot.numero_lot:03d} du {lot.date_lot:%d/%m/%Y}, praticien {lot.prestataire} : "
                f"{counted(len(lot.factures), 'facture')}, {format_euros(lot.total_honoraires)}, signé"
            )
