"""How the commands tell deadlines and lots on their way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import click

from fse.app.operations.transmission.lots import AccuseDuLot, FichierEnAttente, LotTransmis
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.echeances.delais import Echeance

_ORDER = (
    *("duplicata", "a_refaire", "refuse", "sans_accuse"),
    *("renvoi_a_envoyer", "a_envoyer", "a_signer", "accuse_attendu"),
)
"""The states of a lot that asks for something, what somebody has to do first."""


def deadline(echeance: Echeance, le: date) -> str:
    """A deadline in one phrase: what, until when, by which article; and whether it is over."""
    until = (
        f"en retard depuis le {echeance.le:%d/%m/%Y}" if echeance.is_over(le) else f"jusqu'au {echeance.le:%d/%m/%Y}"
    )
    return f"{echeance.libelle}, {until} ({echeance.mention})"


def lot_named(prestataire: str, numero_lot: int, date_lot: date) -> str:
    """How a lot is called."""
    return f"lot {numero_lot:03d} du {date_lot:%d/%m/%Y}, praticien {prestataire}"


def file_told(file: FichierEnAttente) -> str:
    """A file of the outbox: its name, and what its attempts came to."""
    tried = f"{counted(file.essais, 'essai')}, dernier : {file.dernier}" if file.essais else "pas encore envoyé"
    return f"fichier {file.nom} du {file.cree_le:%d/%m/%Y} : {tried}"


def print_transmissions(lots: Iterable[LotTransmis], le: date) -> None:
    """The lots that ask for something, state by state."""
    by_state: dict[str, list[LotTransmis]] = {}
    for lot in lots:
        by_state.setdefault(lot.transmission.etat, []).append(lot)
    for state in _ORDER:
        if state in by_state:
            _print_state(by_state[state], le)


def _print_state(lots: Sequence[LotTransmis], le: date) -> None:
    told = lots[0].transmission
    click.echo(f"\n{told.libelle} : {len(lots)}")
    for action in dict.fromkeys(lot.transmission.action for lot in lots):
        click.echo(f"  → {action}")
    for lot in sorted(lots, key=_urgency):
        _print_lot(lot, le)


def _urgency(lot: LotTransmis) -> tuple[date, str, date, int]:
    first = min((one.le for one in lot.transmission.echeances), default=date.max)
    return first, lot.prestataire, lot.date_lot, lot.numero_lot


def _print_lot(lot: LotTransmis, le: date) -> None:
    click.echo(
        f"  {lot_named(lot.prestataire, lot.numero_lot, lot.date_lot)}, organisme {lot.organisme} : "
        f"{counted(len(lot.factures), 'facture')}, {format_euros(lot.montant)}"
    )
    for echeance in lot.transmission.echeances:
        click.echo(f"      {deadline(echeance, le)}")
    for accuse in sorted(lot.accuses, key=lambda one: one.recu_le):
        if accuse.sens == "N":
            click.echo(f"      {refusal(accuse)}")
            if accuse.action:
                click.echo(f"        à faire : {accuse.action}")
    for numero in lot.transmission.nommees:
        click.echo(f"      facture en cause : {numero:09d}")
    for file in lot.en_attente:
        if file.canal:
            click.echo(f"      {file_told(file)}")


def refusal(accuse: AccuseDuLot) -> str:
    """A negative acknowledgement: when, why."""
    return f"refusé le {accuse.recu_le:%d/%m/%Y}, cause {accuse.cause} {accuse.libelle}".rstrip()
