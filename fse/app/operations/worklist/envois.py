"""Until when each sheet is to leave: from its securing or, once a refused lot gave it back, from its failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.calendriers import calendar_for
from fse.app.operations.transmission.lots import failures
from fse.base.dates import from_days
from fse.domain.echeances.delais import Echeance, a_renvoyer, a_transmettre
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.transaction import Reading

_CHUNK = 500
"""Sheets asked in one statement."""


class Sheet(Protocol):
    """What a deadline follows from: `attend_amo` is 1 when the compulsory part is paid to the professional."""

    @property
    def prestataire(self) -> str: ...
    @property
    def numero(self) -> int: ...
    @property
    def securisee_le(self) -> int: ...
    @property
    def attend_amo(self) -> int: ...
    @property
    def organisme(self) -> str: ...
    @property
    def type_destinataire(self) -> str: ...
    @property
    def centre(self) -> str: ...


def sheet_deadlines(
    reading: Reading, cabinet: Cabinet, sheets: Iterable[Sheet], le: date
) -> dict[tuple[str, int], Echeance]:
    """The last day to transmit each of these sheets that have not left, or that a lot gave back, as known on a day."""
    held = list(sheets)
    left = dict(_left(reading, [sheet.numero for sheet in held]))
    failed = failures(reading, cabinet, set(left.values()), le)
    found = {}
    for sheet in held:
        invoice = (sheet.prestataire, sheet.numero)
        calendrier = calendar_for(cabinet, sheet.organisme, sheet.type_destinataire, sheet.centre)
        since = failed.get(left[invoice]) if invoice in left else None
        found[invoice] = (
            a_renvoyer(since, calendrier)
            if since is not None
            else a_transmettre(from_days(sheet.securisee_le), calendrier, tiers_payant=bool(sheet.attend_amo))
        )
    return found


def _left(reading: Reading, numeros: Sequence[int]) -> Iterator[tuple[tuple[str, int], LotKey]]:
    for start in range(0, len(numeros), _CHUNK):
        yield from lots.left_lots(reading, numeros[start : start + _CHUNK]).items()
