"""`fse caisse repondre` and `fse caisse mois`: the payer simulator at work on files. The group of its sub-commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from fse.app.caisse.drawing import Taux, draw_scenario, read_taux
from fse.app.caisse.month import Mois, Reponse, factures_jugees, repondre_mois
from fse.app.caisse.scenario import Scenario, read_scenario, unused
from fse.app.cli.caisse_accuser import command as accuser_command
from fse.app.cli.caisse_courrier import command as courrier_command
from fse.app.cli.caisse_options import (
    ZONE,
    ancre_option,
    fichiers_argument,
    scenario_of,
    scenario_option,
    sent,
    signatures_by_lot,
    sortie_option,
)
from fse.app.cli.caisse_output import month_json, print_month, print_reponse, reponse_json
from fse.app.cli.options import INTEGER_MAX, any_cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.operations.clock import today
from fse.app.operations.delivery import deliver
from fse.base.findings import Finding, finding

__all__ = ["command", "print_reponse", "reponse_json", "signatures_by_lot", "write_returns"]


@click.group(name="caisse", help="Caisse simulée : elle répond aux flux de test et de démonstration, à eux seuls.")
def command() -> None:
    """Sub-commands below."""


command.add_command(accuser_command)
command.add_command(courrier_command)


@command.command(
    name="repondre",
    help="Juge des fichiers B2 marqués test ou démonstration, avec les signatures .p7s posées à côté d'eux, et écrit "
    "les retours NOEMIE que le SCÉNARIO demande : une réponse par fichier, ou tout un mois de retours. Ce qu'il ne "
    "nomme pas est payé comme demandé. Un lot dont le sceau ou la signature est faux, ou manque, ou que son accusé "
    "refuse (« fse caisse accuser »), reste sans réponse.",
)
@fichiers_argument
@scenario_option
@sortie_option
@ancre_option
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
    scenario = scenario_of(scenario_path)
    anchors = [read_input(path) for path in ancres]
    mois = repondre_mois(sent(fichiers), scenario, le or today(ZONE), anchors)
    return _write(fichiers, scenario, mois, sortie, output)


@command.command(
    name="mois",
    help="Tire au sort un mois plausible de retours à ces fichiers B2 (rejets, rappels, fichiers perdus, répétés, en "
    "retard…) et les écrit dans SORTIE, au nom de leur jour d'arrivée. Le scénario tiré est écrit à côté du dossier, "
    "SORTIE-GRAINE.toml : « fse caisse repondre --scenario » le rejoue à l'identique, ou modifié.",
)
@fichiers_argument
@click.option("--graine", required=True, type=click.IntRange(0, INTEGER_MAX), help="La même graine donne le même mois.")
@click.option("--taux", "taux_path", type=click.Path(path_type=Path), help="Fréquence de chaque situation (TOML).")
@sortie_option
@ancre_option
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
    envois = sent(fichiers)
    text = draw_scenario(factures_jugees(envois, anchors), graine, taux)
    path = sortie.parent / f"{sortie.name}-{graine}.toml"
    scenario = read_scenario(text, str(path))
    mois = repondre_mois(envois, scenario, le or today(ZONE), anchors)
    deliver(path, text)
    if output == "texte":
        click.echo(f"Scénario tiré au sort : {path}")
    return _write(fichiers, scenario, mois, sortie, output)


def write_returns(reponse: Reponse, sortie: Path) -> None:
    """Put the returns in a folder, each whole or not at all. Raises `StorageError`; nothing is overwritten."""
    for fichier in reponse.fichiers:
        deliver(sortie / fichier.nom, fichier.contenu)


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
