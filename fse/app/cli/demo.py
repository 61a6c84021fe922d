"""`fse demo`: two days of one practice, from the visits to the worklist, on the shipped fixtures.

It runs the same operations as the other commands, with secrets made for the occasion and thrown away.
"""

from __future__ import annotations

import secrets
import tempfile
from datetime import date
from pathlib import Path

import click

from fse.app.cli import NOTICE
from fse.app.cli.caisse import print_reponse, signatures_by_lot, write_returns
from fse.app.cli.emettre import print_emission
from fse.app.cli.facture import print_facture
from fse.app.cli.recevoir import print_received
from fse.app.cli.securiser import print_securisation
from fse.app.cli.suivi import print_suivi
from fse.app.cli.verifier import print_verification, signatures_beside
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError

LUNDI, MARDI, JEUDI, BILAN = date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 8), date(2026, 10, 26)
SAISIE_DEUX_FOIS, REJETEE = 6, 7
"""Numbers of two invoices of the story."""


@click.command(name="demo", help="Joue l'histoire entière d'un cabinet sur les exemples livrés, avec un payeur simulé.")
@click.option("--sortie", type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée, absent ou vide.")
def command(sortie: Path | None) -> int:
    folder = _prepare(sortie)
    click.echo(f"fse : démonstration. {NOTICE}")
    click.echo("Le praticien, les patients et la caisse sont fictifs.")
    with Story(folder) as story:
        story.play()
    click.echo(f"\nTout est dans {folder} ; les secrets de cette démonstration ne sont gardés nulle part.")
    return 0


def _prepare(sortie: Path | None) -> Path:
    """An empty folder with a copy of the fixtures."""
    from fse.base.resources import demo_files

    folder = sortie or Path(tempfile.mkdtemp(prefix="fse-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            "demo.dossier_occupe",
            "Le dossier de la démonstration n'est pas vide.",
            action="Donner un dossier absent ou vide.",
            lieu=str(folder),
        )
    folder.mkdir(parents=True, exist_ok=True)
    for one in demo_files().iterdir():
        (folder / one.name).write_bytes(one.read_bytes())
    return folder


class Story:
    """The acts of the demo, each one or two calls of the API. A context manager: it holds the journal open."""

    def __init__(self, folder: Path) -> None:
        from fse.app.operations.cabinet import load_cabinet
        from fse.app.operations.clock import now
        from fse.app.operations.practice import open_practice
        from fse.infra.keys.test_pki import create_test_key

        self._folder = folder
        self._password = secrets.token_urlsafe()
        cabinet = load_cabinet(folder / "cabinet.toml")
        praticien = cabinet.prestataires[0]
        create_test_key(folder / "cles", self._password, praticien.nom, praticien.numero, now())
        self._practice: Practice = open_practice(cabinet, secrets.token_urlsafe())

    def __enter__(self) -> Story:
        return self

    def __exit__(self, *_: object) -> None:
        self._practice.close()

    def play(self) -> None:
        """The whole story, in order."""
        _title("1. Lundi 5 octobre 2026 : les visites, chaque feuille est scellée devant le patient")
        self._visits(LUNDI)
        self._cancel()
        _title("2. Lundi soir : les feuilles sont groupées en lots, signées, écrites")
        self._emit(LUNDI)
        _title("3. Mardi 6 octobre 2026 : visites, lots")
        self._visits(MARDI)
        self._emit(MARDI)
        _title("4. Avant l'envoi : chaque fichier est vérifié")
        self._verify()
        _title("5. Jeudi 8 octobre 2026 : la caisse simulée répond")
        self._answer()
        _title("6. Les retours sont reçus, puis la messagerie les livre une seconde fois")
        self._receive()
        self._receive()
        _title("7. Lundi 26 octobre 2026 : où en est l'argent, et que faire")
        self._follow()
        _title(f"8. L'histoire d'une facture rejetée : la {REJETEE:09d}")
        self._history()

    def _visits(self, jour: date) -> None:
        from fse.app.operations.securiser import securiser

        path = self._folder / f"visites-{jour}.xml"
        print_securisation(path.name, securiser(self._practice, path.read_bytes(), le=jour))

    def _cancel(self) -> None:
        from fse.app.operations.annuler import annuler

        done = annuler(self._practice, SAISIE_DEUX_FOIS, motif="saisie deux fois", auteur="secrétariat", le=LUNDI)
        click.echo(f"Facture {done.numero:09d} annulée (saisie deux fois) : son numéro ne resservira pas.")

    def _emit(self, jour: date) -> None:
        from fse.app.operations.emettre import emettre
        from fse.infra.keys.pkcs12 import open_pkcs12

        cabinet = self._practice.cabinet
        signer = open_pkcs12(cabinet.folder / cabinet.prestataires[0].cle, self._password)
        print_emission(emettre(self._practice, self._folder / "envoi", lambda _: signer, le=jour))

    def _verify(self) -> None:
        from fse.app.operations.verifier import verifier

        anchor = (self._folder / "cles" / "ancre.pem").read_bytes()
        for path in self._sent():
            result = verifier(path.read_bytes(), signatures_beside(path), [anchor])
            print_verification(path.name, result)

    def _answer(self) -> None:
        from fse.app.caisse.repondre import repondre
        from fse.app.caisse.scenario import read_scenario

        scenario = read_scenario((self._folder / "scenario.toml").read_bytes(), "scenario.toml")
        anchor = (self._folder / "cles" / "ancre.pem").read_bytes()
        for path in self._sent():
            reponse = repondre(path.read_bytes(), signatures_by_lot(path), scenario, JEUDI, [anchor])
            write_returns(reponse, self._folder / "retours")
            print_reponse(path.name, reponse, Path("retours"))

    def _receive(self) -> None:
        from fse.app.operations.recevoir import recevoir

        for path in sorted((self._folder / "retours").iterdir()):
            for one in recevoir(self._practice, [path.read_bytes()], fichier=path.name, le=JEUDI):
                print_received(one)

    def _follow(self) -> None:
        from fse.app.operations.suivi import suivi

        print_suivi(suivi(self._practice, le=BILAN))

    def _history(self) -> None:
        from fse.app.operations.facture import facture

        print_facture(facture(self._practice, REJETEE))

    def _sent(self) -> list[Path]:
        return sorted((self._folder / "envoi").glob("*.b2"))


def _title(text: str) -> None:
    click.echo(f"\n{click.style(text, bold=True)}\n")
