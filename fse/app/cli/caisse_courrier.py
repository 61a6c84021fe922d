"""`fse caisse courrier`: the simulated caisse empties a folder, acknowledges, answers in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from cryptography import x509

from fse.app.caisse.courrier import CourrierRendu, Ecarte, Rendu, repondre_courrier
from fse.app.caisse.lettres import Opener, as_envelope
from fse.app.cli.caisse_accuser import accusation_json, accusation_status, print_accusation, unused_findings
from fse.app.cli.caisse_boite import arrived, before, put_away
from fse.app.cli.caisse_options import ZONE, ancre_option, scenario_of, scenario_option, sortie_option
from fse.app.cli.options import any_cabinet_option, format_option, le_option, read_input, secret
from fse.app.cli.output import print_findings, print_json
from fse.app.operations.clock import today
from fse.app.operations.delivery import deliver
from fse.base.errors import SignatureError
from fse.domain.signature.recipients import read_recipients


@click.command(
    name="courrier",
    help="Vide le dossier BOÎTE (fichiers .b2 avec leurs .p7s, enveloppes .p7m, messages .eml), écrit dans SORTIE les "
    "accusés puis les retours NOEMIE, et range ce qui est lu dans BOÎTE/lus/<jour> : ce qui revient est reconnu. "
    "--cle ouvre ce qui est chiffré (FSE_MOT_DE_PASSE) ; avec --certificat, ce qui part est chiffré pour le cabinet.",
)
@click.option(
    "--boite", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier où arrivent les envois."
)
@sortie_option
@click.option("--cle", type=click.Path(path_type=Path), help="Clé de la caisse simulée (PKCS#12).")
@click.option(
    "--certificat",
    "certificats",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Certificat de chiffrement du cabinet (PEM ou DER).",
)
@scenario_option
@ancre_option
@any_cabinet_option
@le_option
@format_option
def command(
    boite: Path,
    sortie: Path,
    cle: Path | None,
    certificats: tuple[Path, ...],
    scenario_path: Path | None,
    ancres: tuple[Path, ...],
    le: date | None,
    output: str,
) -> int:
    """Everything is answered and written before the first file is put away: a stop leaves it to the next run."""
    day = le or today(ZONE)
    scenario = scenario_of(scenario_path)
    anchors = [read_input(path) for path in ancres]
    recipients = read_recipients({str(path): read_input(path) for path in certificats}, day)
    opener = _opener(cle)
    found, closed = arrived(boite, opener)
    depots = [one for held in found.values() for one in held]
    courrier = repondre_courrier(depots, scenario, day, anchors, list(before(boite, opener)))
    written = [_write(sortie, rendu, recipients) for rendu in courrier.rendus]
    refused = {one.nom for one in courrier.ecartes if not one.deja}
    put_away(boite, [path for path, held in found.items() if refused.isdisjoint(one.nom for one in held)], day)
    left = [*closed, *courrier.ecartes]
    unused = unused_findings(scenario, courrier.accusations)
    if output == "json":
        told = [
            accusation_json(lu.nom, one, sortie) for lu, one in zip(courrier.lus, courrier.accusations, strict=True)
        ]
        print_json({"fichiers": told, "rendus": written, "ecartes": left, "scenario": unused})
    else:
        _print(courrier, written, left, sortie)
        print_findings(unused)
    return max(accusation_status(courrier.accusations), int(bool(closed or refused)))


def _opener(cle: Path | None) -> Opener:
    """Opens envelopes with the key of the caisse."""
    if cle is None:

        def refuse(_: bytes) -> bytes:
            raise SignatureError("caisse.cle", "Il est chiffré, et la clé de la caisse manque.", action="Donner --cle.")

        return refuse
    from fse.infra.keys.opening import open_envelope
    from fse.infra.keys.pkcs12 import open_pkcs12

    key = open_pkcs12(cle, secret("FSE_MOT_DE_PASSE", "Mot de passe de la clé de la caisse"))
    return lambda sealed: open_envelope(sealed, key)


def _write(sortie: Path, rendu: Rendu, recipients: Sequence[x509.Certificate]) -> Path:
    """Put a file in the folder, encrypted when there is for whom; one that is there from a run cut short stays."""
    if not recipients:
        deliver(sortie / rendu.nom, rendu.contenu)
        return sortie / rendu.nom
    path = sortie / f"{rendu.nom}.p7m"
    if not path.exists():
        deliver(path, as_envelope(rendu, recipients).contenu)
    return path


def _print(courrier: CourrierRendu, written: Sequence[Path], left: Sequence[Ecarte], sortie: Path) -> None:
    for lu, accusation in zip(courrier.lus, courrier.accusations, strict=True):
        print_accusation(lu.nom, accusation, sortie)
    for one in left:
        click.echo(f"{one.nom} : sans réponse. {one.raison}")
    for path, rendu in zip(written, courrier.rendus, strict=True):
        click.echo(f"Rendu : {path.name}, pour le {rendu.arrivee:%d/%m/%Y}")
    if not courrier.lus and not left:
        click.echo("Rien n'est arrivé.")
