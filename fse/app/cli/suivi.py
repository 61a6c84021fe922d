"""`fse suivi`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click

from fse.app.cli.banque_output import print_bank, proof_lines
from fse.app.cli.obligations_output import print_obligations
from fse.app.cli.options import cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.cli.suivi_groups import in_order, lot_groups, task_groups, to_do
from fse.app.cli.transmission_output import deadline, print_retours
from fse.app.operations.motifs import NIVEAUX, MotifRejet, RejetInconnu
from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.suivi import Bilan, Suivi, VirementRecu, suivi
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.operations.worklist.anciennete import TRANCHES, Anciennete
from fse.app.operations.worklist.dettes import Dette
from fse.app.operations.worklist.garantie import Garantie
from fse.app.operations.worklist.taches import Tache, line_name
from fse.base.french import counted
from fse.base.money import format_euros

_FEW = 5
"""Transfers that are told one by one; beyond, only those with something to look at."""


@click.command(
    name="suivi",
    help="Ce qui attend, tarde, est rejeté, payé en partie ou non rapproché, et quoi faire. Un praticien déclaré dans "
    "cabinet.toml voit le sien, une secrétaire tout ; c'est une vue et non un verrou : qui a la clé du journal peut "
    "tout y lire.",
)
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@le_option
@format_option
def command(praticien: str | None, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        result = suivi(practice, le=le, praticiens=visible_prestataires(practice.cabinet, current_user(), praticien))
    if output == "json":
        print_json(result)
    else:
        print_suivi(result)
    return 0


def print_suivi(result: Suivi) -> None:
    """The worklist as a secretary reads it: what is to do and the money, then each thing by date, what waits last."""
    whose = f", {counted(len(result.praticiens), 'praticien')}" if result.praticiens else ""
    click.echo(f"Suivi au {result.le:%d/%m/%Y}{whose}")
    asked = to_do(result)
    if asked:
        click.echo(f"  À faire : {asked}")
    if result.transmissions:
        print_retours(result.retours)
    _print_bilan(result.bilan)
    _print_virements(result)
    if result.banque:
        print_bank(result.banque)
    for ecarte in result.ecartes:
        click.echo(
            f"  retour mis de côté, rien n'en est compté : {ecarte.identifiant or 'sans identifiant'}, "
            f"reçu le {ecarte.recu_le:%d/%m/%Y} [{ecarte.motif}]"
        )
        click.echo(f"    → {ecarte.action} Une fois réglé : fse classer {line_name(ecarte.fichier, 0)} --motif …")
    if result.cahier_des_charges:
        cahier = result.cahier_des_charges
        click.echo(f"  SESAM-Vitale {cahier.version} : {deadline(cahier.echeance, result.le)}")
    _print_pieces(result.pieces)
    if not (result.taches or result.ecartes or result.transmissions or result.pieces or result.obligations):
        click.echo("  Rien à faire, rien en attente.")
    several = len({tache.prestataire for tache in result.taches if tache.prestataire}) > 1
    subject = _named if several else _subject

    def show(libelle: str, taches: list[Tache]) -> None:
        _print_group(libelle, taches, subject, result.le)

    for group in in_order([*lot_groups(result), *task_groups(result, show)]):
        group.show()
    print_obligations(result.obligations)
    _print_ageing(result.anciennete)
    _print_debts(result.dettes)
    print_unknown_rejects(result.rejets_inconnus)


def _print_bilan(bilan: Bilan) -> None:
    click.echo(
        f"  {counted(bilan.factures, 'facture envoyée')}, {counted(bilan.soldees, 'soldée')}, "
        f"{bilan.sans_retour_attendu} sans retour attendu (payées par le patient)"
    )
    amounts = [
        f"demandé en tiers payant : {format_euros(bilan.demande)}",
        f"payé : {format_euros(bilan.paye)}",
        f"reste : {format_euros(bilan.reste)}",
    ]
    rest = (
        ("redemandé par une facture corrigée", bilan.corrige),
        ("payé sur la facture corrigée", bilan.couvert),
        ("réglé autrement", bilan.regle_autrement),
        ("abandonné", bilan.abandonne),
        ("payé en trop", bilan.trop_paye),
    )
    amounts += [f"{label} : {format_euros(amount)}" for label, amount in rest if amount]
    click.echo(f"  {' ; '.join(amounts)}")


def _print_virements(result: Suivi) -> None:
    """The transfers of the last month; the others are only counted: what is wrong with one is a task."""
    recent = result.virements_du_mois
    told = [one for one in recent if len(recent) <= _FEW or _asks(one)]
    for virement in told:
        _print_virement(virement)
    quiet = len(recent) - len(told)
    if quiet:
        total = sum(one.montant or 0 for one in recent if one not in told)
        click.echo(f"  {counted(quiet, 'autre')} virements annoncés, tout rapprochés : {format_euros(total)}")
    older = len(result.virements) - len(recent)
    if older:
        click.echo(f"  {counted(older, 'virement plus ancien ou nul')} : voir --format json")


def _print_virement(virement: VirementRecu) -> None:
    labels = " / ".join(label for label in virement.libelles if label) or "aucun virement"
    amount = "montant illisible" if virement.montant is None else format_euros(virement.montant)
    click.echo(f"  virement annoncé le {virement.date_comptable:%d/%m/%Y}, {labels} : {amount} ({_shares(virement)})")
    if len(virement.repartition) > 1:
        shares = (f"{share.prestataire} {format_euros(share.net)}" for share in virement.repartition)
        click.echo(f"    à répartir : {', '.join(shares)}")
    if virement.montant is not None and virement.montant < 0:
        click.echo("    l'organisme reprend plus qu'il ne paie : cette somme est à débiter du compte")
    if virement.preuve:
        for line in proof_lines(virement.nom, virement.preuve):
            click.echo(line)


def _asks(virement: VirementRecu) -> bool:
    """There is something to look at: what it is made of, or that it is not on the account."""
    unproved = virement.preuve is not None and bool(virement.preuve.action or virement.preuve.suggestions)
    return bool(virement.residu or virement.retenues) or virement.montant is None or virement.montant < 0 or unproved


def _shares(virement: VirementRecu) -> str:
    """What makes the amount of a transfer; what most transfers do not have is said only when it is there."""
    shares = [f"rapproché : {format_euros(virement.rapproche)}", f"sans facture : {format_euros(virement.residu)}"]
    if virement.forfaits:
        shares.append(f"forfaits : {format_euros(virement.forfaits)}")
    if virement.retenues:
        shares.append(f"retenu : {format_euros(virement.retenues)}")
    return ", ".join(shares)


def _print_pieces(pieces: Sequence[Piece]) -> None:
    """The supporting documents that are not closed, counted state by state."""
    states: dict[str, int] = {}
    for one in pieces:
        states[one.libelle] = states.get(one.libelle, 0) + 1
    if states:
        told = ", ".join(f"{count} {libelle[0].lower()}{libelle[1:]}" for libelle, count in states.items())
        click.echo(f"  Pièces justificatives : {told} → fse piece suivre")


def _print_group(libelle: str, taches: list[Tache], subject: Callable[[Tache], str], le: date) -> None:
    total = sum(tache.montant for tache in taches)
    click.echo(f"\n{libelle} : {len(taches)}, {taches[0].montant_libelle} {format_euros(total)}")
    click.echo(f"  → {taches[0].action}")
    said: set[str] = set()
    for tache in taches:
        _print_task(tache, subject(tache), le, said)


def _print_task(tache: Tache, subject: str, le: date, said: set[str]) -> None:
    until = f", jusqu'au {tache.forclusion:%d/%m/%Y} au plus tard" if tache.forclusion else ""
    click.echo(
        f"  {subject} : {format_euros(tache.montant)}, "
        f"depuis {counted(tache.age, 'jour')} ({tache.depuis:%d/%m/%Y}){until}"
    )
    if tache.echeance:
        click.echo(f"      {deadline(tache.echeance, le, said)}")
    for motif in tache.motifs:
        print_motif(motif)
    if tache.garantie:
        print_guarantee(tache.garantie)
    for one in tache.suggestions:
        click.echo(f"      peut-être la facture {one.numero:09d} ({one.raison}) :")
        click.echo(
            f"        la vérifier par fse facture {one.numero} ; si c'est elle : fse rattacher {tache.ligne} --facture "
            f"{one.numero} --praticien {one.prestataire} --motif '{one.raison}'"
        )


def _named(tache: Tache) -> str:
    """The subject with its practitioner, where there are several: a number is unique for one only."""
    return f"{_subject(tache)}, praticien {tache.prestataire}" if tache.prestataire else _subject(tache)


def _subject(tache: Tache) -> str:
    """What a task is about: an invoice and its part, else a return line, a transfer, a debt."""
    partie = f" part {tache.partie}" if tache.partie else ""
    if tache.numero and not tache.reference:
        line = f" (retour {tache.ligne})" if tache.ligne else ""
        return f"{tache.objet} {tache.numero:09d}{partie}{line}"
    return f"{tache.objet} {tache.reference or tache.ligne}"


def print_motif(motif: MotifRejet) -> None:
    """One reject: what the payer says, what it means, what to do."""
    line = f" {motif.ligne}" if motif.ligne is not None else ""
    line += f", acte {motif.acte}" if motif.acte else ""
    line += f", rang {motif.rang}" if motif.niveau == "A" and motif.rang else ""
    code = f"{motif.code} {motif.precision}".rstrip()
    follows = ", conséquence d'un autre motif" if motif.consequence else ""
    click.echo(f"      motif {code} ({NIVEAUX.get(motif.niveau, motif.niveau)}{line}{follows}) : {motif.libelle}")
    if motif.consequence:
        return
    if motif.cause:
        click.echo(f"        cause probable : {motif.cause}")
    if motif.action:
        click.echo(f"        à faire : {motif.action}")


def print_guarantee(garantie: Garantie) -> None:
    """Why a reject about rights can be contested."""
    click.echo(
        f"        contestable : {garantie.article} ; carte lue le {garantie.lecture_le:%d/%m/%Y}, pas en opposition"
        f"{f', droits ouverts {garantie.periodes}' if garantie.periodes else ''}"
    )


def _print_ageing(anciennete: Sequence[Anciennete]) -> None:
    if not anciennete:
        return
    click.echo("\nCe que doit chaque organisme, par ancienneté de l'envoi :")
    for one in anciennete:
        ages = (
            f"{label} {format_euros(montant)}" for label, montant in zip(TRANCHES, one.tranches, strict=True) if montant
        )
        click.echo(
            f"  {one.organisme or 'organisme inconnu'} : {format_euros(one.montant)} "
            f"({counted(one.parts, 'part')}) : {', '.join(ages)}"
        )


def _print_debts(dettes: Sequence[Dette]) -> None:
    if not dettes:
        return
    click.echo("\nCréances que les caisses recouvrent :")
    for dette in dettes:
        nature = f", {dette.nature}" if dette.nature else ""
        click.echo(
            f"  {dette.reference}{nature} : retenu {format_euros(dette.retenu)}, reste dû {format_euros(dette.solde)} "
            f"au {dette.derniere_le:%d/%m/%Y}"
        )
        if dette.numero:
            click.echo(f"    rattachée à la facture {dette.numero:09d} (acte n° {dette.acte})")
        if dette.notifiee_le and dette.contestable_jusqu_au:
            click.echo(
                f"    notifiée le {dette.notifiee_le:%d/%m/%Y} : à payer ou à contester jusqu'au "
                f"{dette.contestable_jusqu_au:%d/%m/%Y} (R133-9-1 du code de la sécurité sociale)"
            )
        for mouvement in dette.retenues_prematurees:
            click.echo(
                f"    {format_euros(mouvement.retenu)} retenus dès le {mouvement.jour:%d/%m/%Y}, "
                "avant la fin de ce délai : retenue contestable (L133-4)"
            )
        for mouvement in dette.mouvements:
            if mouvement.ecart:
                click.echo(
                    f"    le {mouvement.jour:%d/%m/%Y}, le solde annoncé diffère de {format_euros(mouvement.ecart)} "
                    "de ce que la retenue explique : demander le détail à la caisse"
                )


def print_unknown_rejects(inconnus: Sequence[RejetInconnu]) -> None:
    """The reject codes that no list holds, as the payers wrote them, and where to explain them."""
    if not inconnus:
        return
    click.echo("\nCodes de rejet absents de nos listes, montrés tels quels :")
    for one in inconnus:
        label = f", « {one.libelle} »" if one.libelle else ", sans libellé"
        click.echo(f"  {f'{one.code} {one.precision}'.rstrip()}{label} : {counted(len(one.factures), 'facture')}")
    click.echo(f"  → {inconnus[0].action}")
