"""`fse cle …`: test keys, to sign or to open what is encrypted; another key for the journal."""

from __future__ import annotations

from pathlib import Path

import click

from fse.app.cli.options import auteur_option, cabinet_option, format_option, motif_option, new_secret, secret
from fse.app.cli.output import print_json
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.clock import now
from fse.base.errors import UsageError


@click.group(name="cle", help="Clés d'essai (signature, chiffrement), et changement de la clé du journal.")
def command() -> None:
    """Sub-commands below."""


@command.command(
    name="creer-essai",
    help="Crée une autorité et une clé d'ESSAI (PKCS#12), protégée par FSE_MOT_DE_PASSE. Elle n'engage personne : "
    "la clé d'un professionnel reste sur sa carte. Sans --praticien, une clé pour chaque praticien du cabinet, là où "
    "cabinet.toml la nomme. --usage chiffrement : NOM.pem, le certificat à donner à qui chiffre, et NOM.p12, la clé "
    "qui ouvre, pour une caisse fictive ou pour la réception du cabinet.",
)
@click.option(
    "--usage",
    type=click.Choice(["signature", "chiffrement"]),
    default="signature",
    show_default=True,
    help="Ce que fait la clé.",
)
@click.option("--sortie", type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée.")
@click.option("--nom", help="Nom du praticien fictif, ou des fichiers de la clé de chiffrement.")
@click.option("--praticien", help="Numéro du praticien fictif, 9 chiffres, commençant par 00.")
@cabinet_option
@format_option
def create_test(
    usage: str, sortie: Path | None, nom: str | None, praticien: str | None, cabinet_path: Path, output: str
) -> int:
    if usage == "chiffrement":
        return _create_encryption_key(sortie, nom, praticien, output)
    from fse.infra.keys.trial_pki import create_test_key

    wanted = _wanted(sortie, nom, praticien, cabinet_path)
    password = secret("FSE_MOT_DE_PASSE", "Mot de passe de la clé")
    created = [
        create_test_key(path.parent, password, name, number, now(), fichier=path.name) for path, name, number in wanted
    ]
    if output == "json":
        print_json(created)
        return 0
    for one in created:
        click.echo(f"Clé d'essai : {one.praticien}")
        click.echo(f"Ancre pour la vérifier : {one.ancre}")
    return 0


@command.command(
    name="tourner",
    help="Change la clé du journal : FSE_CLE_JOURNAL ouvre, FSE_NOUVELLE_CLE_JOURNAL la remplace (sinon elles sont "
    "demandées, la nouvelle deux fois). Rien d'autre n'est réécrit ; l'ancienne n'ouvre plus rien, sauf les "
    "sauvegardes faites avant.",
)
@motif_option
@auteur_option
@cabinet_option
@format_option
def rotate(motif: str, auteur: str, cabinet_path: Path, output: str) -> int:
    from fse.app.operations.journal.opening import open_journal
    from fse.app.operations.journal.rotation import tourner_cle

    old = secret("FSE_CLE_JOURNAL", "Clé du journal")
    new = new_secret("FSE_NOUVELLE_CLE_JOURNAL", "Nouvelle clé du journal")
    with open_journal(load_cabinet(cabinet_path), old) as practice:
        tourner_cle(practice, old, new, auteur=auteur, motif=motif)
    if output == "json":
        print_json({"tournee": True})
        return 0
    click.echo("La clé du journal est changée : l'ancienne n'ouvre plus ce journal.")
    click.echo("Les sauvegardes faites avant s'ouvrent encore avec l'ancienne : en faire une nouvelle.")
    return 0


def _create_encryption_key(sortie: Path | None, nom: str | None, praticien: str | None, output: str) -> int:
    from fse.infra.keys.trial_pki import create_test_encryption_key

    if sortie is None or nom is None or praticien is not None:
        raise UsageError(
            "cle.options",
            "Une clé de chiffrement demande --sortie et --nom, sans --praticien.",
            action="Donner le dossier d'arrivée et le nom des deux fichiers, par exemple --nom caisse-2026.",
        )
    password = secret("FSE_MOT_DE_PASSE", "Mot de passe de la clé")
    created = create_test_encryption_key(sortie, password, nom, now())
    if output == "json":
        print_json(created)
        return 0
    click.echo(f"Certificat d'essai à donner à qui chiffre : {created.certificat}")
    click.echo(f"Clé d'essai qui ouvre : {created.cle}")
    return 0


def _wanted(
    sortie: Path | None, nom: str | None, praticien: str | None, cabinet_path: Path
) -> list[tuple[Path, str, str]]:
    """Path of the key, name and number of each professional."""
    if sortie is not None and nom is not None and praticien is not None:
        return [(sortie / "praticien.p12", nom, praticien)]
    if sortie is not None or nom is not None or praticien is not None:
        raise UsageError(
            "cle.options",
            "--sortie, --nom et --praticien vont ensemble.",
            action="Les donner tous les trois, ou aucun pour les clés du cabinet.",
        )
    cabinet = load_cabinet(cabinet_path)
    return [(cabinet.folder / one.cle, one.nom, one.numero) for one in cabinet.prestataires if one.cle]
