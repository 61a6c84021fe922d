"""`fse caisse accuser`: the acknowledgements of the payer simulator, and how they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from fse.app.caisse.accuser import Accusation, LotDecide, accuser, unused_accuses
from fse.app.caisse.scenario import Scenario
from fse.app.cli.caisse_options import (
    ZONE,
    ancre_option,
    fichiers_argument,
    scenario_of,
    scenario_option,
    sent,
    sortie_option,
)
from fse.app.cli.options import any_cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json
from fse.app.operations.clock import today
from fse.app.operations.delivery import deliver
from fse.base.findings import Finding, finding
from fse.base.french import counted

_SENS = {"P": "accusé positif", "N": "accusé négatif"}


@click.command(
    name="accuser",
    help="Juge des fichiers B2 marqués test ou démonstration, avec les signatures .p7s posées à côté d'eux, et écrit "
    "un accusé de réception (ARL, disposition d'essai) par fichier : positif pour un lot intact, négatif avec sa cause "
    "sinon, ou ce que le SCÉNARIO demande ([[accuse]]). Un lot dégradé n'en a pas.",
)
@fichiers_argument
@scenario_option
@sortie_option
@ancre_option
@any_cabinet_option
@le_option
@format_option
def command(
    fichiers: tuple[Path, ...],
    scenario_path: Path | None,
    sortie: Path,
    ancres: tuple[Path, ...],
    le: date | None,
    output: str,
) -> int:
    """All files are judged before the first acknowledgement is written."""
    scenario = scenario_of(scenario_path)
    anchors = [read_input(path) for path in ancres]
    accusations = accuser(sent(fichiers), scenario, le or today(ZONE), anchors)
    for one in accusations:
        if one.fichier is not None:
            deliver(sortie / one.fichier.nom, one.fichier.contenu)
    told = list(zip(fichiers, accusations, strict=True))
    unused = unused_findings(scenario, accusations)
    if output == "json":
        print_json({"fichiers": [accusation_json(str(path), one, sortie) for path, one in told], "scenario": unused})
    else:
        for path, one in told:
            print_accusation(path.name, one, sortie)
        print_findings(unused)
    return accusation_status(accusations)


def accusation_status(accusations: Sequence[Accusation]) -> int:
    """1 when a lot is refused, or cannot even be named."""
    return int(any(lot.sens == "N" or lot.cle is None for one in accusations for lot in one.lots))


def unused_findings(scenario: Scenario, accusations: Sequence[Accusation]) -> list[Finding]:
    """The acknowledgements wanted of lots that are not there."""
    return [
        finding("caisse.accuse_inemploye", numero=wanted.lot, lieu=wanted.lieu)
        for wanted in unused_accuses(scenario, accusations)
    ]


def print_accusation(nom: str, one: Accusation, sortie: Path) -> None:
    """What is acknowledged of one B2 file, called `nom`."""
    click.echo(f"{nom} : {counted(len(one.lots), 'lot')} à la caisse simulée")
    if one.fichier is not None:
        click.echo(f"  {sortie / one.fichier.nom}")
    for lot in one.lots:
        click.echo(f"  {_name(lot)} : {_told(lot)}")
    print_findings(_located(one.constats, nom))


def accusation_json(nom: str, one: Accusation, sortie: Path) -> dict[str, Any]:
    """What `print_accusation` says, as data."""
    return {
        "fichier": nom,
        "accuse": sortie / one.fichier.nom if one.fichier else None,
        "lots": [_lot_json(lot) for lot in one.lots],
        "constats": list(_located(one.constats, nom)),
    }


def _lot_json(lot: LotDecide) -> dict[str, Any]:
    prestataire, numero, jour = lot.cle or (None, None, None)
    return {
        "rang": lot.ordinal,
        "prestataire": prestataire,
        "numero_lot": numero,
        "date_lot": jour,
        "sens": lot.sens,
        "cause": lot.cause,
        "libelle": lot.libelle,
        "numero_facture": lot.numero_facture,
        "sans_accuse": lot.muet,
    }


def _name(lot: LotDecide) -> str:
    if lot.cle is None:
        return f"lot de rang {lot.ordinal}"
    prestataire, numero, jour = lot.cle
    return f"lot {numero:03d} du {jour:%d/%m/%Y}, praticien {prestataire}, {counted(lot.factures, 'facture')}"


def _told(lot: LotDecide) -> str:
    cause = f", cause {lot.cause} {lot.libelle}".rstrip() if lot.cause else ""
    facture = f", facture {lot.numero_facture:09d}" if lot.numero_facture else ""
    said = _SENS.get(lot.sens, "pas d'accusé") + cause + facture
    return f"{said} ({lot.muet})" if lot.muet else said


def _located(findings: Sequence[Finding], nom: str) -> Iterator[Finding]:
    return (replace(one, place=replace(one.place, fichier=nom)) for one in findings)
