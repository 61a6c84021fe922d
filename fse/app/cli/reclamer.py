"""`fse reclamer --sortie DIR`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, current_user, en_clair_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.reclamer import Genre, reclamer
from fse.app.operations.utilisateurs import visible_prestataires
from fse.base.french import counted
from fse.base.money import format_euros

_GENRES: Mapping[Genre, str] = {
    "reclamation": "sans réponse",
    "contestation": "à contester (rejet de droits, carte lue et pas en opposition)",
}


@click.command(
    name="reclamer",
    help="Écrit, pour chaque organisme, la liste des factures restées sans aucune réponse (CSV), à joindre à une "
    "réclamation, et celle des rejets de droits contestables, avec ce que la carte disait (opposition, droits). Les "
    "autres factures rejetées n'y sont pas : elles se corrigent. Le patient n'est nommé qu'avec --en-clair, "
    "et cette lecture est notée au journal.",
)
@click.option("--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée.")
@click.option("--organisme", "organismes", multiple=True, help="Seulement cet organisme, à répéter.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@le_option
@en_clair_option
@format_option
def command(
    sortie: Path,
    organismes: tuple[str, ...],
    praticien: str | None,
    cabinet_path: Path,
    le: date | None,
    en_clair: bool,
    output: str,
) -> int:
    user = current_user()
    with open_session(cabinet_path) as practice:
        done = reclamer(
            practice,
            sortie,
            organismes=organismes or None,
            praticiens=visible_prestataires(practice.cabinet, user, praticien),
            le=le,
            en_clair_par=user if en_clair else None,
        )
    if output == "json":
        print_json(done)
        return 0
    if not done:
        click.echo("Ni facture sans réponse au-delà du délai, ni rejet de droits contestable : rien à réclamer.")
    for one in done:
        parts = f"{counted(one.parts, 'part')} {_GENRES[one.genre]}"
        click.echo(f"organisme {one.organisme} : {parts}, {format_euros(one.montant)} → {one.chemin}")
    return 0
