"""In which order the journal learned facts: the rank of the event of each. Facts only keep their day.

Every event of these kinds is read: ask only when days do not tell.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select

from fse.infra.journal.events import Genre
from fse.infra.journal.schema.tables import evenement
from fse.infra.journal.transaction import Reading

Fait = tuple[str | int, ...]
"""A fact by its kind and key: ("lot", prestataire, number, day), ("ecrit", sender, file), ("envoi", sender, file,
attempt), ("recu", digest), ("relance", prestataire, number, day, rank), ("duplicata", prestataire, number, rank),
("piece", number, rank), rank 0 for its deposit.
"""

_READ = 1000
_LOT = ("prestataire", "numero_lot", "date_lot")
_KEYS: dict[Genre, tuple[str, tuple[str, ...]]] = {
    Genre.LOT_CONSTITUE: ("lot", _LOT),
    Genre.FICHIER_ECRIT: ("ecrit", ("emetteur", "identifiant")),
    Genre.ENVOI_TENTE: ("envoi", ("emetteur", "identifiant", "tentative")),
    Genre.FICHIER_RECU: ("recu", ("empreinte",)),
    Genre.RELANCE_DECIDEE: ("relance", (*_LOT, "rang")),
    Genre.DUPLICATA_EDITE: ("duplicata", ("prestataire", "numero", "rang")),
    Genre.PIECE_DEPOSEE: ("piece", ("piece",)),
    Genre.PIECE_SUIVIE: ("piece", ("piece", "rang")),
}


def ranks(reading: Reading, faits: Collection[Fait]) -> dict[Fait, int]:
    """The rank in the chain of the event of each of these facts; those whose event does not read are not there."""
    wanted = set(faits)
    return {fait: rang for fait, rang in _events(reading, {str(fait[0]) for fait in wanted}) if fait in wanted}


def _events(reading: Reading, kinds: set[str]) -> Iterator[tuple[Fait, int]]:
    here = evenement.c
    genres = [genre.value for genre, (kind, _) in _KEYS.items() if kind in kinds]
    query = select(here.rang, here.genre, here.contenu).where(here.cabinet == reading.cabinet, here.genre.in_(genres))
    for rang, genre, contenu in reading.connection.execute(query, execution_options={"yield_per": _READ}):
        fait = _fact(Genre(genre), contenu)
        if fait is not None:
            yield fait, rang


def _fact(genre: Genre, contenu: str) -> Fait | None:
    kind, names = _KEYS[genre]
    try:
        told: dict[str, Any] = json.loads(contenu)
        key = tuple(told[name] for name in names)
    except (ValueError, TypeError, KeyError):  # altered: the chain says so
        return None
    return (kind, *key, 0) if genre is Genre.PIECE_DEPOSEE else (kind, *key)
