"""What the labels of the movements cite, told in the journal each time that one side gains something to compare.

Labels are read again from the encrypted archives: they may name a person, and stand in clear nowhere. What is told in
clear is what a payer calls itself and its transfers in its own returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from fse.base.dates import from_days, to_days
from fse.base.errors import FseError
from fse.domain.bank import libelles
from fse.infra.journal import Transaction
from fse.infra.journal.facts import releves
from fse.infra.journal.facts.releves import CitationRow, MouvementRow, VirementRow
from fse.infra.journal.transaction import Reading
from fse.norm.codec.releves import read_releves

Texts = Mapping[tuple[str, int], str]
"""The labels of movements, by file and rank, in which labels are looked for."""


def cite_movements(transaction: Transaction, rows: Iterable[MouvementRow], texts: Texts) -> None:
    """Tell what movements just booked cite: transfers announced about their day, and payers."""
    moved = list(rows)
    if not moved:
        return
    first, last = libelles.announced(from_days(one.jour) for one in moved)
    transfers = releves.transfers_between(transaction, to_days(first), to_days(last))
    releves.insert_citations(transaction, list(_citations(moved, transfers, texts)))
    payers = releves.known_payers(transaction)
    releves.insert_named(transaction, {key: _named(texts[key], payers) for key in map(_key, moved)})


def cite_transfers(transaction: Transaction, fichier: str) -> None:
    """Tell which movements cite the transfers of a return just booked, and know the payers that it names."""
    transfers = releves.transfers_of(transaction, fichier)
    payers = {libelles.normalise(one.libelle_1) for one in transfers} - {""}
    new = payers - releves.known_payers(transaction)
    releves.insert_payers(transaction, new)
    if transfers:
        first, last = libelles.window(from_days(one.date_comptable) for one in transfers)
        moved = releves.movements_around(transaction, to_days(first), to_days(last))
        texts = labels_of(transaction, {one.fichier for one in moved})
        releves.insert_citations(transaction, list(_citations(moved, transfers, texts)))
    if new:
        texts = labels_of(transaction, releves.statement_files(transaction))
        booked = {_key(one) for one in releves.movements_around(transaction, 0, to_days(date.max))}
        releves.insert_named(transaction, {key: _named(text, new) for key, text in texts.items() if key in booked})


def labels_of(reading: Reading, fichiers: Iterable[str]) -> Texts:
    """The labels of these statements; of those whose archive is destroyed, nothing."""
    found: dict[tuple[str, int], str] = {}
    for fichier, id in releves.archives_of(reading, fichiers).items():
        for rang, printed in printed_labels(reading, id):
            found[fichier, rang] = libelles.text_of(printed)
    return found


def printed_labels(reading: Reading, id: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rank and labels of each movement that an archive holds."""
    try:
        [statement] = read_releves([reading.load(id)])
    except (FseError, ValueError):  # destroyed at the end of its retention, or altered: the audit says so
        return
    if statement.releve is not None:
        yield from ((one.rang, one.libelles) for one in statement.releve.mouvements)


def _citations(moved: Iterable[MouvementRow], transfers: Iterable[VirementRow], texts: Texts) -> Iterator[CitationRow]:
    announced = [(one, libelles.normalise(one.libelle_1), libelles.normalise(one.libelle_2)) for one in transfers]
    for movement in moved:
        text = texts.get(_key(movement), "")
        for transfer, payer, reference in announced:
            days = movement.jour - transfer.date_comptable
            if not -libelles.JOURS_AVANT <= days <= libelles.JOURS_APRES:
                continue
            named, referred = libelles.cites(text, payer), libelles.cites(text, reference)
            if named or referred:
                yield CitationRow(
                    fichier=movement.fichier,
                    rang=movement.rang,
                    fichier_virement=transfer.fichier,
                    rang_virement=transfer.rang,
                    libelle_1=int(named),
                    reference=reference if referred else "",
                )


def _named(text: str, payers: Iterable[str]) -> set[str]:
    return {payer for payer in payers if libelles.cites(text, payer)}


def _key(row: MouvementRow) -> tuple[str, int]:
    return row.fichier, row.rang
