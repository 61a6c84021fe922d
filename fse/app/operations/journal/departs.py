"""The day from which the double of what we sent is kept: that of its departure, or of the paper that replaced it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from fse.infra.journal import Reading
from fse.infra.journal.schema.exchange_tables import duplicata
from fse.infra.journal.schema.fact_tables import fichier_lot
from fse.infra.journal.schema.relations import LEFT


class Departures:
    """Days (since 1970) on which files and lots left; `None` for what did not and may still leave.

    What never left and stands wholly on paper left on the day of its last duplicate. A lot that was sent several times
    left the last time.
    """

    def __init__(self, reading: Reading) -> None:
        left, held, paper = LEFT.c, fichier_lot.c, duplicata.c
        days = select(left.emetteur, left.identifiant, left.parti_le)
        mine = days.where(left.cabinet == reading.cabinet, left.parti_le.is_not(None))
        self._files: dict[tuple[str, str], int] = {
            (emetteur, identifiant): day for emetteur, identifiant, day in reading.connection.execute(mine)
        }
        self._lots: dict[tuple[str, int, int], int] = {}
        for row in reading.connection.execute(select(fichier_lot).where(held.cabinet == reading.cabinet)):
            day = self._files.get((row.emetteur, row.identifiant))
            if day is not None:
                key = (row.prestataire, row.numero_lot, row.date_lot)
                self._lots[key] = max(day, self._lots.get(key, day))
        self._paper: dict[tuple[str, int], int] = {}
        copies = select(paper.prestataire, paper.numero, paper.edite_le).where(paper.cabinet == reading.cabinet)
        for prestataire, numero, day in reading.connection.execute(copies.order_by(paper.edite_le)):
            self._paper[prestataire, numero] = day

    def of_file(self, key: tuple[str, str], factures: Collection[tuple[str, int]]) -> int | None:
        """Of a file (emitter, id) that holds these invoices."""
        return self._files.get(key, self._on_paper(factures))

    def of_lot(self, key: tuple[str, int, int], factures: Collection[tuple[str, int]]) -> int | None:
        """Of a lot (prestataire, number, date) that holds these invoices."""
        return self._lots.get(key, self._on_paper(factures))

    def _on_paper(self, factures: Collection[tuple[str, int]]) -> int | None:
        days = [self._paper.get(one) for one in factures]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None
