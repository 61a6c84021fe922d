"""`fse suivi`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.motifs import NIVEAUX, MotifRejet, RejetInconnu
from fse.app.operations.suivi import Suivi, Tache, VirementRecu, suivi
from fse.base.french import counted
from fse.base.money import format_euros


@click.command(name="suivi", help="Ce qui attend, tarde, est rejeté, payé en partie ou non rapproché, et quoi faire.")
@cabinet_option
@le_option
@format_option
def command(cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        result = suivi(practice, le=le)
    if output == "json":
        print_json(result)
    else:
        print_suivi(result)
    return 0


def print_suivi(result: Suivi) -> None:
    """The worklist as a secretary reads it: the money first, then what to do, then what only waits."""
    bilan = result.bilan
    click.echo(f"Suivi au {result.le:%d/%m/%Y}")
    click.echo(
        f"  {counted(bilan.factures, 'facture envoyée')}, {counted(bilan.soldees, 'soldée')}, "
        f"{bilan.sans_retour_attendu} sans retour attendu (payées par le patient)"
    )
    click.echo(
        f"  demandé en tiers payant : {format_euros(bilan.demande)} ; payé : {format_euros(bilan.paye)} ; "
        f"reste : {format_euros(bilan.reste)}"
        + (f" ; payé en trop : {format_euros(bilan.trop_paye)}" if bilan.trop_paye else "")
    )
    for virement in result.virements:
        labels = " / ".join(label for label in virement.libelles if label) or "aucun virement"
        amount = "montant illisible" if virement.montant is None else format_euros(virement.montant)
        day = f"{virement.date_comptable:%d/%m/%Y}"
        click.echo(f"  virement annoncé le {day}, {labels} : {amount} ({_shares(virement)})")
    for ecarte in result.ecartes:
        click.echo(
            f"  retour mis de côté, rien n'en est compté : {ecarte.identifiant or 'sans identifiant'}, "
            f"reçu le {ecarte.recu_le:%d/%m/%Y} [{ecarte.motif}]"
        )
        click.echo(f"    → {ecarte.action}")
    if not result.taches and not result.ecartes:
        click.echo("  Rien à faire, rien en attente.")
    for libelle, taches in groupby(result.taches, key=lambda tache: tache.libelle):
        _print_group(libelle, list(taches))
    print_unknown_rejects(result.rejets_inconnus)


def _shares(virement: VirementRecu) -> str:
    """What makes the amount of a transfer; what most transfers do not have is said only when it is there."""
    shares = [f"rapproché : {format_euros(virement.rapproche)}", f"sans facture : {format_euros(virement.residu)}"]
    if virement.forfaits:
        shares.append(f"forfaits : {format_euros(virement.forfaits)}")
    if virement.retenues:
        shares.append(f"retenu : {format_euros(virement.retenues)}")
    return ", ".join(shares)


def _print_group(libelle: str, taches: list[Tache]) -> None:
    total = sum(tache.montant for tache in taches)
    click.echo(f"\n{libelle} : {len(taches)}, {taches[0].montant_libelle} {format_euros(total)}")
    click.echo(f"  → {taches[0].action}")
    for tache in taches:
        partie = f" part {tache.partie}" if tache.partie else ""
        click.echo(
            f"  facture {tache.numero:09d}{partie} : {format_euros(tache.montant)}, "
            f"depuis {counted(tache.age, 'jour')} ({tache.depuis:%d/%m/%Y})"
        )
        for motif in tache.motifs:
            print_motif(motif)


def print_motif(motif: MotifRejet) -> None:
    """One reject: what the payer says, what it means, what to do."""
    line = f" {motif.ligne}" if motif.ligne is not None else ""
    code = f"{motif.code} {motif.precision}".rstrip()
    click.echo(f"      motif {code} ({NIVEAUX.get(motif.niveau, motif.niveau)}{line}) : {motif.libelle}")
    if motif.cause:
        click.echo(f"        cause probable : {motif.cause}")
    if motif.action:
        click.echo(f"        à faire : {motif.action}")


def print_unknown_rejects(inconnus: Sequence[RejetInconnu]) -> None:
    """The reject codes that no list holds, as the payers wrote them, and where to explain them."""
    if not inconnus:
        return
    click.echo("\nCodes de rejet absents de nos listes, montrés tels quels :")
    for one in inconnus:
        label = f", « {one.libelle} »" if one.libelle else ", sans libellé"
        click.echo(f"  {f'{one.code} {one.precision}'.rstrip()}{label} : {counted(len(one.factures), 'facture')}")
    click.echo(f"  → {inconnus[0].action}")
