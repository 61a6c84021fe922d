"""`fse reprise ENTREE.toml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, current_user, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.session import first_session
from fse.app.operations.reprise import PrestataireRepris, Reprise, reprise
from fse.base.french import counted
from fse.base.money import format_euros

_HELP = """Reprend la suite d'un autre logiciel : ses derniers numéros et ses factures encore ouvertes.

ENTREE est un fichier TOML : par praticien, les derniers numéros de facture et de lot ; les factures ouvertes, dans le
fichier ou dans un CSV qu'il nomme. Les numéros de fse continuent après ceux-là, et les retours qui répondent aux
factures ouvertes sont rapprochés. Le même fichier donné deux fois ne change rien ; un autre peut compléter, jamais
contredire. Toutes les clés sont dans docs/cabinet.md.
"""


@click.command(name="reprise", help=_HELP, short_help="Reprend la suite d'un autre logiciel.")
@click.argument("entree", metavar="ENTREE.toml", type=click.Path(path_type=Path))
@click.option("--auteur", default=current_user, help="Qui fait la reprise ; par défaut, l'utilisateur de la session.")
@cabinet_option
@le_option
@format_option
def command(entree: Path, auteur: str, cabinet_path: Path, le: date | None, output: str) -> int:
    content = read_input(entree)
    with first_session(cabinet_path) as practice:
        result = reprise(practice, content, dossier=entree.parent, auteur=auteur, le=le)
    if output == "json":
        print_json(result)
    else:
        print_reprise(str(entree), result)
    return status_of(result.constats)


def print_reprise(nom: str, result: Reprise) -> None:
    """What was taken over, prestataire by prestataire."""
    if result.constats:
        click.echo(f"{nom} : refusé, rien n'est repris")
        print_findings(result.constats)
        return
    new = [one for one in result.factures if not one.deja_reprise]
    known = len(result.factures) - len(new)
    total = format_euros(sum(one.demande for one in new))
    click.echo(f"{nom} : {counted(len(new), 'facture ouverte reprise')}, demandé {total} ; déjà connues : {known}")
    for one in result.prestataires:
        click.echo(f"  {_line(one)}")


def _line(one: PrestataireRepris) -> str:
    lot = ""
    if one.date_dernier_lot is not None:
        lot = f", dernier lot {one.dernier_lot:03d} du {one.date_dernier_lot:%d/%m/%Y}"
    known = " (déjà repris)" if one.deja_repris else ""
    return f"praticien {one.numero} : dernière facture {one.dernier_numero:09d}{lot}{known}"
