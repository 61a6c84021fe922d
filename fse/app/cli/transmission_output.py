"""How the commands tell deadlines and lots on their way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import click

from fse.app.operations.transmission.lots import AccuseDuLot, FichierEnAttente, LotTransmis
from fse.app.operations.worklist.retours import Retours
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.echeances.delais import Echeance

STATES = (
    *("duplicata", "a_refaire", "refuse", "sans_accuse"),
    *("renvoi_a_envoyer", "a_envoyer", "a_signer", "accuse_attendu"),
)
"""The states of a lot that asks for something, what somebody has to do first."""

_CAUSE_STATES = frozenset({"refuse", "a_refaire"})
"""Where what the cause of a refusal asks for is still to do."""

_LISTED = 8
"""Invoices of a lot that are named one by one."""


def deadline(echeance: Echeance, le: date, told: set[str] | None = None) -> str:
    """A deadline in one phrase: what, until when, by which article; and whether it is over.

    `told` holds the articles said already above, which are not said again; this one joins them.
    """
    until = (
        f"en retard, dernier jour : {echeance.le:%d/%m/%Y}"
        if echeance.is_over(le)
        else f"jusqu'au {echeance.le:%d/%m/%Y}"
    )
    said = told if told is not None else set()
    mention = "" if echeance.mention in said else f" ({echeance.mention})"
    said.add(echeance.mention)
    return f"{echeance.libelle}, {until}{mention}"


def lot_named(prestataire: str, numero_lot: int, date_lot: date) -> str:
    """How a lot is called."""
    return f"lot {numero_lot:03d} du {date_lot:%d/%m/%Y}, praticien {prestataire}"


def file_told(file: FichierEnAttente) -> str:
    """A file of the outbox: its name, and what its attempts came to."""
    again = " (renvoi)" if file.renvoi else ""
    told = f"fichier {file.nom}{again} du {file.cree_le:%d/%m/%Y}"
    if file.dernier_le is None:
        return f"{told} : prêt, pas encore envoyé"
    when = f"le dernier le {file.dernier_le:%d/%m/%Y}" if file.essais > 1 else f"le {file.dernier_le:%d/%m/%Y}"
    return f"{told} : {counted(file.essais, 'essai')} sans succès, {when} : {file.dernier}"


def invoices_told(numeros: Sequence[int]) -> str:
    """Some invoices, the first of them by their numbers."""
    listed = ", ".join(f"{numero:09d}" for numero in numeros[:_LISTED])
    return f"{counted(len(numeros), 'facture')} ({listed}{', …' if len(numeros) > _LISTED else ''})"


def print_retours(retours: Retours | None) -> None:
    """When something was last fetched: before anything is sent again, an acknowledgement may wait unread."""
    if retours is None:
        return
    last = "aucun" if retours.dernier_le is None else f"{retours.dernier_le:%d/%m/%Y}"
    failed = f" ; relève en échec le {retours.echec_le:%d/%m/%Y} : {retours.echec}" if retours.echec_le else ""
    ask = "\n    → fse relever avant de relancer." if failed or retours.dernier_le is None else ""
    click.echo(f"  Dernier courrier relevé : {last}{failed}{ask}")


def first_deadline(lots: Iterable[LotTransmis]) -> date | None:
    """The first deadline of some lots, `None` when none of them has one."""
    return min((one.le for lot in lots for one in lot.transmission.echeances), default=None)


def print_state(lots: Sequence[LotTransmis], le: date) -> None:
    """The lots of one state, the most urgent first."""
    told = lots[0].transmission
    click.echo(f"\n{told.libelle} : {len(lots)}")
    actions = list(dict.fromkeys(lot.transmission.action for lot in lots))
    for action in actions if len(actions) == 1 else []:
        click.echo(f"  → {action}")
    said: set[str] = set()
    for lot in sorted(lots, key=_urgency):
        _print_lot(lot, le, said)
        if len(actions) > 1:
            click.echo(f"      → {lot.transmission.action}")


def _urgency(lot: LotTransmis) -> tuple[date, str, date, int]:
    first = min((one.le for one in lot.transmission.echeances), default=date.max)
    return first, lot.prestataire, lot.date_lot, lot.numero_lot


def _print_lot(lot: LotTransmis, le: date, said: set[str]) -> None:
    click.echo(
        f"  {lot_named(lot.prestataire, lot.numero_lot, lot.date_lot)}, organisme {lot.organisme} : "
        f"{invoices_told(lot.factures)}, {format_euros(lot.montant)}"
    )
    for echeance in lot.transmission.echeances:
        click.echo(f"      {deadline(echeance, le, said)}")
    refused = [accuse for accuse in sorted(lot.accuses, key=lambda one: one.recu_le) if accuse.sens == "N"]
    for accuse in refused[-1:]:
        click.echo(f"      {refusal(accuse)}")
        if accuse.action and lot.transmission.etat in _CAUSE_STATES:
            click.echo(f"        à faire : {accuse.action}")
    for numero in lot.transmission.nommees:
        click.echo(f"      facture en cause : {numero:09d}")
    for file in lot.en_attente:
        if file.canal:
            click.echo(f"      {file_told(file)}")


def refusal(accuse: AccuseDuLot) -> str:
    """A negative acknowledgement: when, why."""
    return f"refusé le {accuse.recu_le:%d/%m/%Y}, cause {accuse.cause} {accuse.libelle}".rstrip()
