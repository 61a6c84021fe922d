"""`fse caisse repondre FICHIER… --scenario S.toml --sortie DIR`: the payer simulator at work on files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from fse.app.caisse.judgement import LotRefuse
from fse.app.caisse.repondre import FichierRetour, Reponse, repondre
from fse.app.caisse.scenario import Scenario, read_scenario, unused
from fse.app.cli.options import any_cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.verifier import signatures_beside
from fse.app.operations.clock import today
from fse.app.operations.delivery import deliver
from fse.base.findings import Finding, finding
from fse.base.french import counted
from fse.base.money import format_euros
from fse.norm.codec.noemie.building import montant
from fse.norm.model import FactureRetour, PartRetour

_ZONE = ZoneInfo("Europe/Paris")
"""Where the simulated caisse counts its days."""

_ETATS = {"P": "payée", "R": "rejetée", "D": "différée", None: "non traitée"}


@dataclass(frozen=True, slots=True)
class _Answered:
    """A B2 file that was given, and what the caisse answers."""

    path: Path
    reponse: Reponse


@click.group(name="caisse", help="Caisse simulée : elle répond aux flux de test et de démonstration, à eux seuls.")
def command() -> None:
    """Sub-commands below."""


@command.command(
    name="repondre",
    help="Juge des fichiers B2 marqués test ou démonstration, avec les signatures .p7s posées à côté d'eux, et écrit "
    "les retours NOEMIE que le SCÉNARIO demande ; ce qu'il ne nomme pas est payé comme demandé. Un lot dont le sceau "
    "ou la signature est faux, ou manque, reste sans réponse.",
)
@click.argument("fichiers", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--scenario", "scenario_path", type=click.Path(path_type=Path), help="Réponses voulues (TOML).")
@click.option("--sortie", required=True, type=click.Path(path_type=Path, file_okay=False), help="Dossier d'arrivée.")
@click.option(
    "--ancre", "ancres", multiple=True, type=click.Path(path_type=Path), help="Autorité des signataires (PEM ou DER)."
)
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
    day = le or today(_ZONE)
    answered = [
        _Answered(path, repondre(read_input(path), signatures_by_lot(path), scenario, day, anchors))
        for path in fichiers
    ]
    for one in answered:
        write_returns(one.reponse, sortie)
    inemployes = _unused(scenario, answered)
    if output == "json":
        print_json(
            {"fichiers": [reponse_json(str(one.path), one.reponse, sortie) for one in answered], "scenario": inemployes}
        )
    else:
        for one in answered:
            print_reponse(one.path.name, one.reponse, sortie)
        print_findings(inemployes)
    return max(_status(one.reponse) for one in answered)


def write_returns(reponse: Reponse, sortie: Path) -> None:
    """Put the returns in a folder, each whole or not at all. Raises `StorageError`; nothing is overwritten."""
    for fichier in reponse.fichiers:
        deliver(sortie / fichier.nom, fichier.contenu)


def signatures_by_lot(path: Path) -> dict[int, bytes]:
    """The detached signatures beside a B2 file, by ordinal of their lot in it, from 1."""
    return {rank: cms for rank, cms in enumerate(signatures_beside(path), start=1) if cms is not None}


def _unused(scenario: Scenario, answered: Sequence[_Answered]) -> list[Finding]:
    used = [wanted for one in answered for wanted in one.reponse.employees]
    return [
        finding("caisse.scenario_inemploye", numero=wanted.numero, lieu=wanted.lieu)
        for wanted in unused(scenario, used)
    ]


def _status(reponse: Reponse) -> int:
    return int(bool(reponse.refus)) or status_of(reponse.constats)


# --- what is printed --------------------------------------------------------------------------------------------------


def print_reponse(nom: str, reponse: Reponse, sortie: Path) -> None:
    """What was answered to one B2 file, called `nom`, and what was not."""
    click.echo(f"{nom} : {counted(len(reponse.fichiers), 'retour')} de la caisse simulée")
    for fichier in reponse.fichiers:
        click.echo(f"  {sortie / fichier.nom}")
        click.echo(f"    {_summary(fichier)}")
    for lot in reponse.refus:
        click.echo(f"  Sans réponse : {_lot(lot)}")
        print_findings(_located(lot.motifs, nom))
    for facture in reponse.sans_reponse:
        click.echo(f"  Sans réponse : facture {facture.numero:09d}, praticien {facture.prestataire} : {facture.raison}")
    print_findings(_located(reponse.constats, nom))


def _summary(fichier: FichierRetour) -> str:
    """`3 factures ; AMO : 2 payées (37,10 €), 1 rejetée ; AMC : … ; 1 virement (53,00 €)`."""
    factures = list(_factures(fichier))
    texts = [counted(len(factures), "facture")]
    for partie in ("AMO", "AMC"):
        parts = [part for facture in factures for part in facture.parts if part.partie == partie]
        if parts:
            texts.append(f"{partie} : {_states(parts)}")
    transfers = [amount for groupe in fichier.retour.groupes if (amount := montant(groupe))]
    texts.append(f"{counted(len(transfers), 'virement')} ({format_euros(sum(transfers))})")
    return " ; ".join(texts)


def _states(parts: Sequence[PartRetour]) -> str:
    texts = []
    for etat, name in _ETATS.items():
        found = [part for part in parts if part.etat == etat]
        if found:
            paid = f" ({format_euros(sum(part.montant_rembourse for part in found))})" if etat == "P" else ""
            texts.append(f"{counted(len(found), name)}{paid}")
    return ", ".join(texts)


def _factures(fichier: FichierRetour) -> Iterator[FactureRetour]:
    return (facture for groupe in fichier.retour.groupes for retour in groupe.retours for facture in retour.factures)


def _lot(lot: LotRefuse) -> str:
    number = f"lot {lot.numero_lot:03d}" if lot.numero_lot is not None else "lot sans numéro lisible"
    prestataire = f" du praticien {lot.prestataire}" if lot.prestataire else ""
    return f"{number}{prestataire} (rang {lot.ordinal} du fichier), {counted(lot.factures, 'facture')}"


def _located(findings: Sequence[Finding], nom: str) -> list[Finding]:
    return [replace(one, place=replace(one.place, fichier=nom)) for one in findings]


def reponse_json(nom: str, reponse: Reponse, sortie: Path) -> dict[str, Any]:
    """What `print_reponse` says, as data."""
    return {
        "fichier": nom,
        "retours": [_retour(each, sortie) for each in reponse.fichiers],
        "refus": [replace(lot, motifs=tuple(_located(lot.motifs, nom))) for lot in reponse.refus],
        "sans_reponse": reponse.sans_reponse,
        "constats": _located(reponse.constats, nom),
    }


def _retour(fichier: FichierRetour, sortie: Path) -> dict[str, Any]:
    """A return without the member numbers that it carries: they are personal."""
    return {
        "fichier": sortie / fichier.nom,
        "virements": [
            {
                "beneficiaire_reglement": groupe.beneficiaire_reglement,
                "libelles": [groupe.libelle_virement_1, groupe.libelle_virement_2],
                "montant": montant(groupe),
                "factures": [_facture(one) for retour in groupe.retours for one in retour.factures],
            }
            for groupe in fichier.retour.groupes
        ],
    }


def _facture(facture: FactureRetour) -> dict[str, Any]:
    names = ("partie", "etat", "montant_demande", "montant_rembourse")
    return {
        "numero": facture.numero_facture,
        "parts": [{name: getattr(part, name) for name in names} for part in facture.parts],
        "rejets": facture.rejets,
    }
