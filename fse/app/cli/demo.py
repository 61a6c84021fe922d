"""`fse demo`: two days of one practice, from the visits to the worklist, on the shipped fixtures.

It runs the same operations as the other commands, with secrets made for the occasion and thrown away.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from fse.app.cli import NOTICE
from fse.app.cli.emettre import print_emission
from fse.app.cli.recevoir import print_received
from fse.app.cli.securiser import print_securisation
from fse.app.cli.suivi import print_suivi
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, open_practice
from fse.base.errors import UsageError
from fse.base.resources import demo_files

LUNDI, MARDI = date(2026, 10, 5), date(2026, 10, 6)
REPONSES = (date(2026, 10, 8), date(2026, 10, 9))
MATIN = date(2026, 10, 26)


@click.command(name="demo", help="Joue l'histoire entière d'un cabinet sur les exemples livrés, avec un payeur simulé.")
@click.option("--sortie", type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée, absent ou vide.")
def command(sortie: Path | None) -> int:
    folder = _prepare(sortie)
    click.echo(f"fse : démonstration. {NOTICE}")
    click.echo(f"Praticien, patients et caisse sont fictifs. Tout est écrit dans {folder}\n")
    _copy(demo_files(), folder)
    with _practice(folder) as practice:
        Story(practice, folder).play()
    return 0


class Story:
    """The acts of the demo, each one or two calls of the API."""

    def __init__(self, practice: Practice, folder: Path) -> None:
        self._practice = practice
        self._folder = folder
        self._sent = folder / "envoi"
        self._received = folder / "retours"

    def play(self) -> None:
        """The whole story, in order."""
        self._visits("1. Lundi 5 octobre 2026 : les visites", LUNDI)
        self._cancel()
        self._evening("2. Lundi soir : les lots sont signés et écrits", LUNDI)
        self._visits("3. Mardi 6 octobre : les visites", MARDI)
        self._evening("4. Mardi soir : les lots sont signés et écrits", MARDI)
        self._verify()
        self._payer()
        self._return()
        self._morning()

    def _visits(self, title: str, jour: date) -> None:
        from fse.app.operations.securiser import securiser

        _title(title)
        path = self._folder / f"visites-{jour}.xml"
        print_securisation(path.name, securiser(self._practice, path.read_bytes(), le=jour))

    def _cancel(self) -> None:
        from fse.app.operations.annuler import annuler

        result = annuler(self._practice, 6, motif="saisie deux fois", auteur="secrétariat", le=LUNDI)
        click.echo(f"Facture {result.numero:09d} annulée avant signature (saisie deux fois) ; son numéro est perdu.")

    def _evening(self, title: str, jour: date) -> None:
        from fse.app.operations.emettre import emettre
        from fse.infra.keys.pkcs12 import open_pkcs12

        _title(title)
        cabinet = self._practice.cabinet
        signer = open_pkcs12(cabinet.folder / cabinet.prestataires[0].cle, self._password)
        print_emission(emettre(self._practice, self._sent, lambda _: signer, le=jour))
