"""`fse demo`: two days of one practice, from the visits to the worklist, on the shipped fixtures.

It runs the same operations as the other commands, with secrets made for the occasion and thrown away.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from fse.app.cli import NOTICE
from fse.app.cli.annuler import print_annulation
from fse.app.cli.caisse import print_reponse, reponse_json, signatures_by_lot, write_returns
from fse.app.cli.emettre import print_emission
from fse.app.cli.facture import print_facture
from fse.app.cli.options import any_cabinet_option, format_option
from fse.app.cli.output import print_json, to_json
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
@any_cabinet_option
@format_option
def command(sortie: Path | None, output: str) -> int:
    folder = _prepare(sortie)
    teller = Teller() if output == "texte" else Recorder()
    teller.say(f"fse : démonstration. {NOTICE}")
    teller.say("Le praticien, les patients et la caisse sont fictifs.")
    with Story(folder, teller) as story:
        story.play()
    teller.say(f"\nTout est dans {folder} ; les secrets de cette démonstration ne sont gardés nulle part.")
    if isinstance(teller, Recorder):
        print_json({"dossier": folder, "avertissement": NOTICE, "etapes": teller.steps})
    return 0


class Teller:
    """Tells the story on the terminal as it happens."""

    def title(self, text: str) -> None:
        click.echo(f"\n{click.style(text, bold=True)}\n")

    def say(self, text: str) -> None:
        click.echo(text)

    def show(self, printer: Callable[..., None], *what: Any, data: Any = None) -> None:
        """A result of the API, as the command that gives it prints it; `data` is what JSON says instead of it."""
        printer(*what)


class Recorder(Teller):
    """Keeps the same story as data, for a program."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []

    def title(self, text: str) -> None:
        self.steps.append({"titre": text, "resultats": []})

    def say(self, text: str) -> None:
        """Words for a reader are left out."""

    def show(self, printer: Callable[..., None], *what: Any, data: Any = None) -> None:
        self.steps[-1]["resultats"].append(to_json(what[-1] if data is None else data))


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

    def __init__(self, folder: Path, teller: Teller) -> None:
        from fse.app.operations.cabinet import load_cabinet
        from fse.app.operations.clock import now
        from fse.app.operations.practice import open_practice
        from fse.infra.keys.trial_pki import create_test_key

        self._folder = folder
        self._teller = teller
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
        self._teller.title("1. Lundi 5 octobre 2026 : les visites, chaque feuille est scellée devant le patient")
        self._visits(LUNDI)
        self._cancel()
        self._teller.title("2. Lundi soir : les feuilles sont groupées en lots, signées, écrites")
        self._emit(LUNDI)
        self._teller.title("3. Mardi 6 octobre 2026 : visites, lots")
        self._visits(MARDI)
        self._emit(MARDI)
        self._teller.title("4. Avant l'envoi : chaque fichier est vérifié")
        self._verify()
        self._teller.title("5. Jeudi 8 octobre 2026 : la caisse simulée répond")
        self._answer()
        self._teller.title("6. Les retours sont reçus, puis la messagerie les livre une seconde fois")
        self._receive()
        self._receive()
        self._teller.title("7. Lundi 26 octobre 2026 : où en est l'argent, et que faire")
        self._follow()
        self._teller.title(f"8. L'histoire d'une facture rejetée : la {REJETEE:09d}")
        self._history()

    def _visits(self, jour: date) -> None:
        from fse.app.operations.securiser import securiser

        path = self._folder / f"visites-{jour}.xml"
        self._teller.show(print_securisation, path.name, securiser(self._practice, path.read_bytes(), le=jour))

    def _cancel(self) -> None:
        from fse.app.operations.annuler import annuler

        done = annuler(self._practice, SAISIE_DEUX_FOIS, motif="saisie deux fois", auteur="secrétariat", le=LUNDI)
        self._teller.show(print_annulation, done)

    def _emit(self, jour: date) -> None:
        from fse.app.operations.emettre import emettre
        from fse.infra.keys.pkcs12 import open_pkcs12

        cabinet = self._practice.cabinet
        signer = open_pkcs12(cabinet.folder / cabinet.prestataires[0].cle, self._password)
        self._teller.show(print_emission, emettre(self._practice, self._folder / "envoi", lambda *_: signer, le=jour))

    def _verify(self) -> None:
        from fse.app.operations.verifier import verifier

        anchor = (self._folder / "cles" / "ancre.pem").read_bytes()
        for path in self._sent():
            result = verifier(path.read_bytes(), signatures_beside(path), [anchor])
            self._teller.show(print_verification, path.name, result)

    def _answer(self) -> None:
        from fse.app.caisse.repondre import repondre
        from fse.app.caisse.scenario import read_scenario

        scenario = read_scenario((self._folder / "scenario.toml").read_bytes(), "scenario.toml")
        anchor = (self._folder / "cles" / "ancre.pem").read_bytes()
        for path in self._sent():
            reponse = repondre(path.read_bytes(), signatures_by_lot(path), scenario, JEUDI, [anchor])
            write_returns(reponse, self._folder / "retours")
            self._teller.show(
                print_reponse,
                path.name,
                reponse,
                Path("retours"),
                data=reponse_json(path.name, reponse, Path("retours")),
            )

    def _receive(self) -> None:
        from fse.app.operations.recevoir import recevoir

        for path in sorted((self._folder / "retours").iterdir()):
            for one in recevoir(self._practice, [path.read_bytes()], fichier=path.name, le=JEUDI):
                self._teller.show(print_received, one)

    def _follow(self) -> None:
        from fse.app.operations.suivi import suivi

        self._teller.show(print_suivi, suivi(self._practice, le=BILAN))

    def _history(self) -> None:
        from fse.app.operations.facture import facture

        self._teller.show(print_facture, facture(self._practice, REJETEE))

    def _sent(self) -> list[Path]:
        return sorted((self._folder / "envoi").glob("*.b2"))
