"""`fse caisse repondre` and `fse caisse mois`: the payer simulator at work on files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from fse.app.caisse.drawing import Taux, draw_scenario, read_taux
from fse.app.caisse.month import Envoi, Mois, Reponse, factures_jugees, repondre_mois
from fse.app.caisse.scenario import Scenario, read_scenario, unused
from fse.app.cli.caisse_output import month_json, print_month, print_reponse, reponse_json
from fse.app.cli.options import INTEGER_MAX, any_cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.verifier import signatures_beside
from fse.app.operations.clock import today
from fse.app.operations.delivery import deliver
from fse.base.findings import Finding, finding

__all__ = ["command", "print_reponse", "reponse_json", "signatures_by_lot", "write_returns"]

_ZONE = ZoneInfo("Europe/Paris")
"""Where the simulated caisse counts its days."""

_fichiers = click.argument("fichiers", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
_sortie = click.option(
    "--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée."
)
_ancre = click.option(
    "--ancre", "ancres", multiple=True, type=click.Path(path_type=Path), help="Autorité des signataires (PEM ou DER)."
)


@click.group(name="caisse", help="Caisse simulée : elle répond aux flux de test et de démonstration, à eux seuls.")
def command() -> None:
    """Sub-commands below."""


@command.command(
    name="repondre",
    help="Juge des fichiers B2 marqués test ou démonstration, avec les signatures .p7s posées à côté d'eux, et écrit "
    "les retours NOEMIE que le SCÉNARIO demande : une réponse par fichier, ou tout un mois de retours. Ce qu'il ne "
    "nomme pas est payé comme demandé. Un lot dont le sceau ou la signature est faux, ou manque, reste sans réponse.",
)
@_fichiers
@click.option("--scenario", "scenario_path", type=click.Path(path_type=Path), help="Réponses voulues (TOML).")
@_sortie
@_ancre
@any_cabinet_option
@le_option
@format_option
def answer_files(
    fichiers: tuple[Path, ...],
    scenario_path: Path | None,
    sortie: Path,
    ancres: tuple[Path, ...],
    le: date | None,
    output: str,
) -> int:
    """All files are answered before the first return is written: a wrong file or scenario leaves nothing behind."""
    scenario = read_scenario(read_input(scenario_path), str(scenario_path)) if scenario_path else Scenario()
    anchors = [read_input(path) for path in ancres]
    mois = repondre_mois(_sent(fichiers), scenario, le or today(_ZONE), anchors)
    return _write(fichiers, scenario, mois, sortie, output)


@command.command(
    name="mois",
    help="Tire au sort un mois plausible de retours à ces fichiers B2 (rejets, rappels, fichiers perdus, répétés, en "
    "retard…) et les écrit dans SORTIE, au nom de leur jour d'arrivée. Le scénario tiré est écrit à côté du dossier, "
    "SORTIE-GRAINE.toml : « fse caisse repondre --scenario » le rejoue à l'identique, ou modifié.",
)
@_fichiers
@click.option("--graine", required=True, type=click.IntRange(0, INTEGER_MAX), help="La même graine donne le même mois.")
@click.option("--taux", "taux_path", type=click.Path(path_type=Path), help="Fréquence de chaque situation (TOML).")
@_sortie
@_ancre
@any_cabinet_option
@le_option
@format_option
def draw_month(
    fichiers: tuple[Path, ...],
    graine: int,
    taux_path: Path | None,
    sortie: Path,
    ancres: tuple[Path, ...],
    le: date | None,
    output: str,
) -> int:
    """The scenario is drawn, then read and played as any other, and written beside: it can be played again.

    It is written once it has been played, and before the first return: one that another month has stops them all.
    """
    taux = read_taux(read_input(taux_path), str(taux_path)) if taux_path else Taux()
    anchors = [read_input(path) for path in ancres]
    sent = _sent(fichiers)
    text = draw_scenario(factures_jugees(sent, anchors), graine, taux)
    path = sortie.parent / f"{sortie.name}-{graine}.toml"
    scenario = read_scenario(text, str(path))
    mois = repondre_mois(sent, scenario, le or today(_ZONE), anchors)
    deliver(path, text)
    if output == "texte":
        click.echo(f"Scénario tiré au sort : {path}")
    return _write(fichiers, scenario, mois, sortie, output)


def write_returns(reponse: Reponse, sortie: Path) -> None:
    """Put the returns in a folder, each whole or not at all. Raises `StorageError`; nothing is overwritten."""
    for fichier in reponse.fichiers:
        deliver(sortie / fichier.nom, fichier.contenu)


def signatures_by_lot(path: Path) -> dict[int, bytes]:
    """The detached signatures beside a B2 file, by ordinal of their lot in it, from 1."""
    return {rank: cms for rank, cms in enumerate(signatures_beside(path), start=1) if cms is not None}


def _sent(fichiers: Sequence[Path]) -> list[Envoi]:
    return [Envoi(read_input(path), signatures_by_lot(path)) for path in fichiers]


def _write(fichiers: Sequence[Path], scenario: Scenario, mois: Mois, sortie: Path, output: str) -> int:
    """Put the returns of a month on the disk and tell them. Exit status."""
    for one in mois.arrivees():
        deliver(sortie / one.nom, one.contenu)
    inemployes = _unused(scenario, mois)
    answered = list(zip(fichiers, mois.reponses, strict=True))
    if output == "json":
        print_json(
            {
                "fichiers": [reponse_json(str(path), reponse, sortie) for path, reponse in answered],
                "mois": month_json(mois.fichiers, sortie),
                "scenario": inemployes,
            }
        )
    else:
        for path, reponse in answered:
            print_reponse(path.name, reponse, sortie)
        if mois.fichiers:
            print_month(mois.fichiers, sortie)
        print_findings(inemployes)
    return max(_status(reponse) for reponse in mois.reponses)


def _unused(scenario: Scenario, mois: Mois) -> list[Finding]:
    used = [wanted for reponse in mois.reponses for wanted in reponse.employees]
    return [
        finding("caisse.scenario_inemploye", numero=wanted.numero, lieu=wanted.lieu)
        for wanted in unused(scenario, used)
    ]


def _status(reponse: Reponse) -> int:
    return int(bool(reponse.refus)) or status_of(reponse.constats)
