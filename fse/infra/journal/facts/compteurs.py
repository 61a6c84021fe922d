"""Counters by name, and how one is raised: numbers given elsewhere are passed over, never given a second time.

`Transaction.allocate` moves a counter by one; nothing ever lowers it.
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from fse.infra.journal.schema.tables import compteur
from fse.infra.journal.transaction import Reading, Transaction


def of_factures(prestataire: str) -> str:
    """The counter of the invoice numbers of a prestataire."""
    return f"facture/{prestataire}"


def of_lots(prestataire: str) -> str:
    """The counter of the lots of a prestataire. It goes on past 999: a lot's number is its place in the cycle."""
    return f"lot/{prestataire}"


def of_fichiers(emetteur: str) -> str:
    """The counter of the file ids of a sender (14 digits)."""
    return f"fichier/{emetteur}"


def value(reading: Reading, nom: str) -> int:
    """The last number that this counter gave or passed over, 0 when it is new."""
    query = select(compteur.c.valeur).where(compteur.c.cabinet == reading.cabinet, compteur.c.nom == nom)
    return int(reading.connection.execute(query).scalar_one_or_none() or 0)


def raise_to(transaction: Transaction, nom: str, valeur: int) -> None:
    """Make this counter at least `valeur`."""
    known = value(transaction, nom)
    if valeur <= known:
        return
    mine = (compteur.c.cabinet == transaction.cabinet) & (compteur.c.nom == nom)
    moved = transaction.connection.execute(update(compteur).where(mine).values(valeur=valeur))
    if not moved.rowcount:
        transaction.connection.execute(insert(compteur).values(cabinet=transaction.cabinet, nom=nom, valeur=valeur))
