"""`fse envoyer`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option, mail_password
from fse.app.cli.output import print_findings, print_json
from fse.app.cli.pieces_output import print_pieces
from fse.app.cli.session import open_session
from fse.app.nightly.outcomes import sending_status
from fse.app.operations.pieces.envoi import envoyer_pieces
from fse.app.operations.transmission.envoyer import Envois, FichierEnvoye, Sort, envoyer
from fse.base.french import counted

_SORTS: dict[Sort, str] = {
    "accepte": "parti",
    "differe": "remis à plus tard",
    "refuse": "refusé",
    "incertain": "peut-être parti",
    "attend": "attend",
}


@click.command(
    name="envoyer",
    help="Envoie les fichiers qui attendent de partir, puis les pièces justificatives des lots reçus par la caisse, "
    "par courriel ou dans un dossier selon [envoi] de cabinet.toml. Ce qui n'est pas parti attend : la prochaine fois, "
    "les mêmes octets repartent. Mot de passe du compte de messagerie : FSE_MOT_DE_PASSE_COURRIER.",
)
@cabinet_option
@le_option
@format_option
def command(cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        password = cache(mail_password)
        envois = envoyer(practice, mot_de_passe=password, le=le)
        pieces = envoyer_pieces(practice, mot_de_passe=password, le=le)
    if output == "json":
        print_json({"fichiers": envois.fichiers, "constats": envois.constats, "pieces": pieces})
    else:
        print_sent(envois)
        if pieces:
            print_pieces(pieces)
    return sending_status(envois, pieces)


def print_sent(envois: Envois) -> None:
    """What became of each file, then what stopped the exchange."""
    if not envois.fichiers:
        click.echo("Aucun fichier n'attend de partir.")
    for one in envois.fichiers:
        click.echo(_line(one))
        print_findings(one.constats)
    left = sum(one.sort != "accepte" for one in envois.fichiers)
    if envois.constats:
        click.echo(f"{counted(left, 'fichier')} en attente :")
        print_findings(envois.constats)


def _line(one: FichierEnvoye) -> str:
    answer = f" (réponse {one.code})" if one.code else ""
    again = f", tentative n° {one.tentative}" if one.tentative > 1 else ""
    return f"{one.fichier}, centre {one.centre} : {_SORTS[one.sort]}{answer}{again}"
