"""The chain of events: each event carries an HMAC over the one before it, one chain a cabinet.

The head row says how long the chain is and how it ends; it is locked by the *last* step before commit, so that two
writers can neither fork the chain nor wait on it for long (architecture, decision 10). Whoever cuts the tail without
the key must leave the head behind, or put back an older head: the head printed in each report shows the latter.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Select, insert, select, update

from fse.base.errors import StorageError
from fse.infra.journal.events import PendingEvent, canonical
from fse.infra.journal.schema.tables import cabinet as cabinet_table
from fse.infra.journal.schema.tables import evenement, tete_chaine
from fse.infra.journal.secrets import Coffre

_EVENTS_READ = 1000

BreakKind = Literal["altere", "manquant", "queue_coupee", "tete"]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the rank of its last event (0 when there is none) and its MAC."""

    rang: int
    mac: str


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where a chain breaks.

    altere: the event of this rank is not the one that was written there; manquant: there is no event from this
    rank up to the next one that is there;
    queue_coupee: the events from this rank on are gone; tete: the head row, not the events, was changed.
    """

    rang: int
    nature: BreakKind


def start(connection: Connection, coffre: Coffre, cabinet: str) -> None:
    """Open the chain of a new cabinet; its first MAC covers the cabinet's own row."""
    mac = genesis(connection, coffre, cabinet)
    connection.execute(insert(tete_chaine).values(cabinet=cabinet, rang=0, mac=mac))


def append(connection: Connection, coffre: Coffre, cabinet: str, instant: str, events: Sequence[PendingEvent]) -> None:
    """Append the events of a transaction. Nothing may be written after it: the head stays locked until commit."""
    if not events:
        return
    before = _read_head(connection, _head_of(cabinet).with_for_update())
    rang, mac, rows = before.rang, before.mac, []
    for event in events:
        rang += 1
        mac = coffre.chain_mac(mac, _link(cabinet, rang, event.genre, instant, event.contenu))
        rows.append(
            {
                "cabinet": cabinet,
                "rang": rang,
                "genre": event.genre.value,
                "instant": instant,
                "contenu": event.contenu,
                "mac": mac,
            }
        )
    moved = connection.execute(
        update(tete_chaine)
        .where(tete_chaine.c.cabinet == cabinet, tete_chaine.c.rang == before.rang, tete_chaine.c.mac == before.mac)
        .values(rang=rang, mac=mac)
    )
    if moved.rowcount != 1:
        raise AssertionError("the head of the chain moved under its lock")
    connection.execute(insert(evenement), rows)


def head(connection: Connection, cabinet: str) -> Head:
    """The head row, as reports print it. Raises `StorageError` (`journal.chaine`) when it is gone."""
    return _read_head(connection, _head_of(cabinet))


def verify(connection: Connection, coffre: Coffre, cabinet: str) -> list[ChainBreak]:
    """Every break of the chain, in the order of the events; empty when it is whole.

    After a break the walk goes on from the MAC that is stored, so that each break is located once. The event that
    follows a missing one cannot be checked, for what it was chained to is gone.
    """
    breaks: list[ChainBreak] = []
    last, previous = 0, genesis(connection, coffre, cabinet)
    columns = (evenement.c.rang, evenement.c.genre, evenement.c.instant, evenement.c.contenu, evenement.c.mac)
    for rang, genre, instant, contenu, mac in connection.execute(
        select(*columns).where(evenement.c.cabinet == cabinet).order_by(evenement.c.rang),
        execution_options={"yield_per": _EVENTS_READ},
    ):
        if rang != last + 1:
            breaks.append(ChainBreak(last + 1, "manquant"))
        elif not _same(mac, coffre.chain_mac(previous, _link(cabinet, rang, genre, instant, contenu))):
            breaks.append(ChainBreak(rang, "altere"))
        last, previous = rang, mac
    end = head(connection, cabinet)
    if end.rang > last:
        breaks.append(ChainBreak(last + 1, "queue_coupee"))
    elif end.rang < last or not _same(end.mac, previous):
        breaks.append(ChainBreak(end.rang, "tete"))
    return breaks


def _head_of(cabinet: str) -> Select[tuple[int, str]]:
    return select(tete_chaine.c.rang, tete_chaine.c.mac).where(tete_chaine.c.cabinet == cabinet)


def _read_head(connection: Connection, query: Select[tuple[int, str]]) -> Head:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StorageError(
            "journal.chaine",
            "La tête de la chaîne du journal a disparu.",
            action="Restaurer la dernière sauvegarde du journal.",
        )
    return Head(row.rang, row.mac)


def genesis(connection: Connection, coffre: Coffre, cabinet: str) -> str:
    """What the first event is chained to: the MAC of the cabinet's own row."""
    query = select(cabinet_table.c.marque, cabinet_table.c.cree_le).where(cabinet_table.c.cabinet == cabinet)
    row = connection.execute(query).one()
    return coffre.chain_mac("", canonical([cabinet, row.marque, row.cree_le]).encode())


def _link(cabinet: str, rang: int, genre: str, instant: str, contenu: str) -> bytes:
    return canonical([cabinet, rang, genre, instant, contenu]).encode()


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
