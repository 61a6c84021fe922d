"""How supporting documents are told, and the exit status of their sending."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fse.app.operations.pieces.depot import NATURES
from fse.app.operations.pieces.suivi import Piece
from fse.base.french import counted


def pieces_status(sent: Sequence[Piece]) -> int:
    """1 when a document that was tried did not leave."""
    return int(any(one.etat != "envoyee" for one in sent))


def print_pieces(found: Sequence[Piece]) -> None:
    """Each document, its state, and what to do."""
    click.echo(counted(len(found), "pièce"))
    for one in found:
        again = f", reprend la pièce {one.reprend}" if one.reprend is not None else ""
        click.echo(
            f"  pièce {one.piece}  facture {one.numero:09d}  {NATURES[one.nature]}{again}, organisme {one.organisme} : "
            f"{one.libelle}" + (f" jusqu'au {one.jusqu_au:%d/%m/%Y}" if one.etat == "a_reessayer" else "")
        )
        if one.detail:
            click.echo(f"      {one.detail}")
        if one.action:
            click.echo(f"      → {one.action}")
