"""`fse classer LIGNE… --motif …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.actes import print_done, signed_options
from fse.app.cli.options import cabinet_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.actes.classer import classer


@click.command(
    name="classer",
    help="Classe sans suite des lignes de retour ou des virements (tels que suivi les désigne, par exemple "
    "3f9a1c2e:12), ou des retours mis de côté (3f9a1c2e) : vus, rien à faire. Rien n'en est compté.",
)
@click.argument("lignes", metavar="LIGNE…", nargs=-1, required=True)
@signed_options
@cabinet_option
@le_option
@format_option
def command(lignes: tuple[str, ...], motif: str, auteur: str, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        done = classer(practice, lignes, motif=motif, auteur=auteur, le=le)
    if output == "json":
        print_json(done)
    else:
        print_done(done)
    return 0
