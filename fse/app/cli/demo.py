"""`fse demo`: a few days of one practice, from the visits to the worklist, on the shipped fixtures.

It runs the same operations as the other commands, with secrets made for the occasion and thrown away.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fse.app.cli import NOTICE
from fse.app.cli.annuler import print_annulation
from fse.app.cli.caisse_accuser import accusation_json, print_accusation
from fse.app.cli.demo_soins import PROFESSIONNELS, tell_month
from fse.app.cli.emettre import print_emission
from fse.app.cli.envoyer import print_sent
from fse.app.cli.facture import print_facture
from fse.app.cli.incitation_output import detail_json, incitations_json, print_detail, print_incitations
from fse.app.cli.options import any_cabinet_option, format_option
from fse.app.cli.output import print_json, to_json
from fse.app.cli.relancer import print_relances
from fse.app.cli.relever import print_fetched
from fse.app.cli.securiser import print_securisation
from fse.app.cli.suivi import print_suivi
from fse.app.cli.verifier import print_verification, signatures_beside
from fse.app.operations.delivery import deliver
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError

if TYPE_CHECKING:
    from fse.app.operations.incitation.position import Incitations

LUNDI, MARDI, MERCREDI = date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)
VENDREDI, BILAN = date(2026, 10, 9), date(2026, 10, 26)
SAISIE_DEUX_FOIS, REJETEE = 6, 7
"""Numbers of two invoices of the story."""

DEPART, ARRIVEE = "concentrateur/depart", "concentrateur/arrivee"
"""The folders shared with the concentrator, as the practice calls them."""

PAGE = "incitation.html"


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
    _copy(demo_files(), folder)
    return folder


def _copy(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in source.iterdir():
        if one.is_dir():
            _copy(one, folder / one.name)
        else:
            (folder / one.name).write_bytes(one.read_bytes())


class Story:
    """The acts of the demo, each one or two calls of the API. A context manager: it holds the journal open."""

    def __init__(self, folder: Path, teller: Teller) -> None:
        from fse.app.operations.cabinet import load_cabinet
        from fse.app.operations.clock import now
        from fse.app.operations.practice import open_practice
        from fse.infra.keys.trial_pki import create_test_encryption_key, create_test_key

        self._folder = folder
        self._teller = teller
        self._password = secrets.token_urlsafe()
        self._delivered: dict[str, bytes] = {}
        cabinet = load_cabinet(folder / "cabinet-concentrateur.toml")
        praticien = cabinet.prestataires[0]
        create_test_key(folder / "cles", self._password, praticien.nom, praticien.numero, now())
        for nom in ("caisse", "cabinet"):
            create_test_encryption_key(folder / "cles", self._password, nom, datetime.combine(LUNDI, time.min, UTC))
        for shared in (DEPART, ARRIVEE):
            (folder / shared).mkdir(parents=True)
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
        self._teller.title("2. Lundi soir : des lots, signés, chiffrés pour la caisse, déposés chez le concentrateur")
        self._emit(LUNDI)
        self._send(LUNDI)
        self._teller.title("3. Mardi 6 octobre 2026 : visites, lots, dépôt ; le concentrateur perd ce fichier-là")
        self._visits(MARDI)
        self._emit(MARDI)
        self._send(MARDI)
        self._lose_the_last()
        self._teller.title("4. Chaque fichier écrit se vérifie")
        self._verify()
        self._teller.title("5. Mercredi 7 octobre 2026 : la caisse simulée accuse réception et répond ; on relève")
        self._answer(MERCREDI)
        self._fetch(MERCREDI)
        self._teller.title("6. Vendredi 9 octobre 2026 : deux jours ouvrés sans accusé pour le lot de mardi, il repart")
        self._chase(VENDREDI)
        self._send(VENDREDI)
        self._answer(VENDREDI)
        self._fetch(VENDREDI)
        self._teller.title("7. Le concentrateur livre tout une seconde fois : rien n'est compté deux fois")
        self._deliver_again()
        self._fetch(VENDREDI)
        self._teller.title("8. Lundi 26 octobre 2026 : où en est l'argent, et que faire")
        self._follow()
        self._teller.title(f"9. L'histoire d'une facture rejetée : la {REJETEE:09d}")
        self._history()
        for rang, who in enumerate(PROFESSIONNELS, start=10):
            self._teller.title(f"{rang}. Octobre 2026 : {who.titre}")
            tell_month(self._folder, who, self._password, secrets.token_urlsafe(), self._teller.show)
        rang = 10 + len(PROFESSIONNELS)
        self._teller.title(f"{rang}. Le médecin et la télétransmission : où il en est de l'année, feuille par feuille")
        self._incentives()

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

    def _send(self, jour: date) -> None:
        from fse.app.operations.transmission.envoyer import envoyer

        self._teller.show(print_sent, envoyer(self._practice, mot_de_passe=self._secret, le=jour))

    def _lose_the_last(self) -> None:
        max((self._folder / DEPART).iterdir()).unlink()

    def _answer(self, jour: date) -> None:
        """The simulated caisse empties the folder of the concentrator and puts there what it sends back, encrypted.

        What it sends is kept in clear beside: this is a demo, and the reader may want to look.
        """
        from fse.app.caisse.courrier import repondre_courrier
        from fse.app.caisse.lettres import as_envelope, open_message
        from fse.app.caisse.scenario import read_scenario
        from fse.domain.signature.recipients import read_recipients
        from fse.infra.keys.opening import open_envelope
        from fse.infra.keys.pkcs12 import open_pkcs12

        keys = self._folder / "cles"
        caisse = open_pkcs12(keys / "caisse.p12", self._password)
        cabinet = read_recipients({"cabinet.pem": (keys / "cabinet.pem").read_bytes()}, jour)
        scenario = read_scenario((self._folder / "scenario.toml").read_bytes(), "scenario.toml")
        came = sorted((self._folder / DEPART).iterdir())
        contents = [path.read_bytes() for path in came]
        depots = [one for content in contents for one in open_message(content, lambda cms: open_envelope(cms, caisse))]
        courrier = repondre_courrier(depots, scenario, jour, [(keys / "ancre.pem").read_bytes()])
        for depot, accusation in zip(courrier.lus, courrier.accusations, strict=True):
            told = accusation_json(depot.nom, accusation, Path(ARRIVEE))
            self._teller.show(print_accusation, depot.nom, accusation, Path(ARRIVEE), data=told)
        for rendu in courrier.rendus:
            content = as_envelope(rendu, cabinet).contenu
            self._delivered[rendu.nom] = content
            deliver(self._folder / "caisse" / rendu.nom, rendu.contenu)
            (self._folder / ARRIVEE / f"{rendu.nom}.p7m").write_bytes(content)
        for path in came:
            path.unlink()

    def _fetch(self, jour: date) -> None:
        from fse.app.operations.transmission.relever import relever

        relevage = relever(self._practice, mot_de_passe=self._secret, mot_de_passe_cle=self._secret, le=jour)
        self._teller.show(print_fetched, relevage)

    def _chase(self, jour: date) -> None:
        from fse.app.operations.relancer import relancer

        self._teller.show(print_relances, relancer(self._practice, le=jour))

    def _deliver_again(self) -> None:
        for nom, content in self._delivered.items():
            (self._folder / ARRIVEE / f"{nom}.p7m").write_bytes(content)

    def _secret(self) -> str:
        return self._password

    def _follow(self) -> None:
        from fse.app.operations.suivi import suivi

        self._teller.show(print_suivi, suivi(self._practice, le=BILAN))

    def _history(self) -> None:
        from fse.app.operations.facture import facture

        self._teller.show(print_facture, facture(self._practice, REJETEE))

    def _incentives(self) -> None:
        from fse.app.operations.incitation.position import incitation

        result = incitation(self._practice, BILAN.year, le=BILAN)
        page = self._page(result)

        def tell(*_: Any) -> None:
            print_incitations(result)
            print_detail(result)

        told = incitations_json(result) | {"detail": detail_json(result), "page": page}
        self._teller.show(tell, result, data=told)
        if page is not None:
            self._teller.say(f"\nLa même chose avec la courbe de l'année, à ouvrir dans un navigateur : {page}")

    def _page(self, result: Incitations) -> Path | None:
        """Where the page is, `None` without the extra that writes it."""
        from fse.app.reports.incitation import write_page

        path = self._folder / PAGE
        try:
            write_page(result, self._practice.cabinet, path)
        except UsageError as error:
            self._teller.say(f"\nLa page n'est pas écrite : {error.message} {error.action}")
            return None
        return path

    def _sent(self) -> list[Path]:
        return sorted((self._folder / "envoi").glob("*.b2"))
