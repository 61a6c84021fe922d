"""What the payer simulator prints of what it answered, and the same as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from fse.app.caisse.answering.files import FichierRetour
from fse.app.caisse.judgement import LotRefuse
from fse.app.caisse.month import FichierArrive, Reponse
from fse.app.cli.output import print_findings
from fse.base.findings import Finding
from fse.base.french import counted
from fse.base.money import format_euros
from fse.norm.codec.noemie.building import montant
from fse.norm.model import FactureRetour, PartRetour

_ETATS = {"P": "payée", "R": "rejetée", "D": "différée", None: "non traitée"}


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


def print_month(fichiers: Sequence[FichierArrive], sortie: Path) -> None:
    """The files of a scenario, in the order in which they arrive; those that never do."""
    click.echo(f"Fichiers du scénario : {counted(len(fichiers), 'fichier')}")
    for one in sorted(fichiers, key=lambda each: each.arrivee):
        click.echo(f"  {f'perdu, non écrit : {one.nom}' if one.perdu else sortie / one.nom}{_kind(one)}")
        click.echo(f"    {_summary(one.fichier)}")


def _kind(one: FichierArrive) -> str:
    """What is not ordinary about a file."""
    voulu = one.voulu
    if voulu is None:
        return ""
    texts = []
    if voulu.repete:
        texts.append(f"le même que « {voulu.repete} »")
    if voulu.corrige:
        texts.append(f"corrige « {voulu.corrige} »")
    if any(virement.is_false for virement in voulu.virements):
        texts.append("faux, à la demande du scénario")
    return f" ({', '.join(texts)})" if texts else ""


def _summary(fichier: FichierRetour) -> str:
    """`3 factures ; AMO : 2 payées (37,10 €), 1 rejetée ; AMC : … ; 1 virement (53,00 €)`."""
    factures = list(_factures(fichier))
    texts = [counted(len(factures), "facture")]
    for partie in ("AMO", "AMC"):
        parts = [part for facture in factures for part in facture.parts if part.partie == partie]
        if parts:
            texts.append(f"{partie} : {_states(parts)}")
    money = _money(fichier)
    texts += [money] if money else []
    transfers = [amount for groupe in fichier.retour.groupes if (amount := montant(groupe))]
    texts.append(f"{counted(len(transfers), 'virement')} ({format_euros(sum(transfers))})")
    return " ; ".join(texts)


def _money(fichier: FichierRetour) -> str:
    """`1 forfait (50,00 €), 2 mouvements`, when there are any."""
    kinds = [kind for groupe in fichier.retour.groupes for kind in groupe.retours]
    forfaits = [one.montant for kind in kinds for one in kind.forfaits]
    moves = sum(len(kind.mouvements) for kind in kinds)
    texts = [f"{counted(len(forfaits), 'forfait')} ({format_euros(sum(forfaits))})"] if forfaits else []
    return ", ".join(texts + ([counted(moves, "mouvement")] if moves else []))


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


def month_json(fichiers: Sequence[FichierArrive], sortie: Path) -> list[dict[str, Any]]:
    """What `print_month` says, as data, in the order of the scenario."""
    return [
        {
            "nom": one.voulu.nom if one.voulu else None,
            "arrivee": one.arrivee,
            "perdu": one.perdu,
            "remarque": _kind(one).strip(" ()"),
        }
        | _retour(replace(one.fichier, nom=one.nom), sortie)
        for one in fichiers
    ]


def _retour(fichier: FichierRetour, sortie: Path) -> dict[str, Any]:
    """A return without the member numbers that it carries: they are personal."""
    return {
        "fichier": sortie / fichier.nom,
        "identifiant": fichier.retour.identifiant_fichier,
        "virements": [
            {
                "beneficiaire_reglement": groupe.beneficiaire_reglement,
                "libelles": [groupe.libelle_virement_1, groupe.libelle_virement_2],
                "montant": montant(groupe),
                "factures": [_facture(one) for retour in groupe.retours for one in retour.factures],
                "forfaits": [one.montant for retour in groupe.retours for one in retour.forfaits],
                "mouvements": [one for retour in groupe.retours for one in retour.mouvements],
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
