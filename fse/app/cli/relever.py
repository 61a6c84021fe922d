"""`fse relever`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option, mail_password, secret
from fse.app.cli.output import print_findings, print_json
from fse.app.cli.recevoir import print_received
from fse.app.cli.session import open_session
from fse.app.cli.suivi import print_unknown_rejects
from fse.app.nightly.outcomes import fetching_status
from fse.app.operations.motifs import merge
from fse.app.operations.transmission.relever import Relevage, relever
from fse.app.operations.transmission.tournee import CourrierReleve, Sort
from fse.base.french import counted

_SORTS: dict[Sort, str] = {
    "lu": "relevé",
    "avis": "avis du serveur de messagerie",
    "deja_releve": "déjà relevé",
    "sans_retour": "laissé en place, aucun retour dedans",
    "ferme": "laissé en place, ne s'ouvre pas",
    "trop_gros": "laissé en place, trop gros",
    "non_conserve": "laissé en place, ne peut pas être conservé ici",
    "etranger": "laissé en place, rien pour fse",
}

_NAMED = 10
"""How many of the messages with nothing for us are named: a mailbox may hold hundreds."""


@click.command(
    name="relever",
    help="Relève la boîte ou le dossier de [releve] de cabinet.toml, conserve ce qui s'y trouve de retours, puis les "
    "enregistre comme « fse recevoir ». Rien n'est ôté avant d'être conservé ; ce qui n'est pas pour fse reste en "
    "place. Secrets : FSE_MOT_DE_PASSE_COURRIER (compte de messagerie), FSE_MOT_DE_PASSE (clé de réception).",
)
@cabinet_option
@le_option
@format_option
def command(cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        relevage = relever(practice, mot_de_passe=mail_password, mot_de_passe_cle=key_password, le=le)
    if output == "json":
        print_json(relevage)
    else:
        print_fetched(relevage)
    return fetching_status(relevage)


def key_password() -> str:
    """The password of the reception key."""
    return secret("FSE_MOT_DE_PASSE", "Mot de passe de la clé de réception")


def print_fetched(relevage: Relevage) -> None:
    """What became of each message with its returns, then what stopped the exchange."""
    if not relevage.courriers and not relevage.constats:
        click.echo("Rien de nouveau.")
    for one in relevage.courriers:
        _print_message(one)
    foreign = [_name(one) for one in relevage.courriers if one.sort == "etranger"]
    if foreign:
        named = ", ".join(foreign[:_NAMED]) + ("…" if len(foreign) > _NAMED else ".")
        left = "laissé en place" if len(foreign) == 1 else "laissés en place"
        click.echo(f"{counted(len(foreign), 'courrier')} sans rien pour fse, {left} : {named}")
    print_unknown_rejects(
        merge(unknown for one in relevage.courriers for recu in one.retours for unknown in recu.rejets_inconnus)
    )
    print_findings(relevage.constats)


def _print_message(one: CourrierReleve) -> None:
    if one.sort == "etranger":
        return
    click.echo(f"{_name(one)} : {_SORTS[one.sort]}")
    print_findings(one.constats)
    for retour in one.retours:
        print_received(replace(retour, fichier=retour.fichier or _name(one)))


def _name(one: CourrierReleve) -> str:
    return one.nom or f"courrier {one.empreinte[:12]}, gardé d'une relève précédente"
