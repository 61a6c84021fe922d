"""`fse cle creer-essai`: a test authority and a test signing key."""

from __future__ import annotations

from pathlib import Path

import click

from fse.app.cli.options import format_option, secret
from fse.app.cli.output import print_json
from fse.app.operations.clock import now


@click.group(name="cle", help="Clés de signature d'essai.")
def command() -> None:
    """Sub-commands below."""


@command.command(
    name="creer-essai",
    help="Crée une autorité et une clé d'ESSAI (PKCS#12), protégée par FSE_MOT_DE_PASSE. Elle n'engage personne : "
    "la clé d'un professionnel reste sur sa carte.",
)
@click.option("--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée.")
@click.option("--nom", required=True, help="Nom du praticien fictif.")
@click.option("--praticien", required=True, help="Numéro du praticien fictif, 9 chiffres, commençant par 00.")
@format_option
def create_test(sortie: Path, nom: str, praticien: str, output: str) -> int:
    from fse.infra.keys.test_pki import create_test_key

    created = create_test_key(sortie, secret("FSE_MOT_DE_PASSE", "Mot de passe de la clé"), nom, praticien, now())
    if output == "json":
        print_json(created)
        return 0
    click.echo(f"Clé d'essai : {created.praticien}")
    click.echo(f"Ancre pour la vérifier : {created.ancre}")
    return 0
