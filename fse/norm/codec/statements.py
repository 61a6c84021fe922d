"""What a bank statement of any format must be: euros, dates in order, balances that add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fse.base.errors import UnreadableError
from fse.base.findings import Finding, Place, finding
from fse.base.money import format_euros
from fse.norm.model.releve import ReleveBancaire

EURO = "EUR"

SIZE_MAX = 16 * 2**20
"""Bytes of one content: more than ten thousand movements with all that a bank may say of each."""


def bounded(chunks: Iterable[bytes]) -> bytes:
    """The whole content. Raises `UnreadableError` (`lecture.releve_trop_volumineux`)."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(bytes(chunk))
        size += len(chunk)
        if size > SIZE_MAX:
            raise UnreadableError(
                "lecture.releve_trop_volumineux",
                f"Ce relevé dépasse {SIZE_MAX // 2**20} Mo.",
                action="Le demander à la banque en plusieurs fichiers, un par mois.",
            )
    return b"".join(parts)


def statement_findings(releve: ReleveBancaire, place: Place) -> Iterator[Finding]:
    """The findings on a whole statement."""
    if releve.devise != EURO:
        yield finding("banque.devise", place, devise=releve.devise)
    if releve.ouverture.jour > releve.cloture.jour:
        yield finding("banque.dates", place)
    if releve.ecart:
        moved = sum(one.montant for one in releve.mouvements)
        yield finding(
            "banque.solde",
            place,
            ouverture=format_euros(releve.ouverture.montant),
            mouvements=format_euros(moved),
            cloture=format_euros(releve.cloture.montant),
            ecart=format_euros(releve.ecart),
        )
