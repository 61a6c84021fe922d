"""Which parts of an invoice a payer pays to the professional, by the payee code (record 2, 115-116; b2.md 6).

A NOEMIE return answers third-party payment only: a part that is not paid to the professional is never answered.
"""

from __future__ import annotations

from fse.norm.model.facture import Facture

PARTS_REGLEES: dict[str, frozenset[str]] = {
    "00": frozenset(),
    "05": frozenset({"AMO"}),
    "06": frozenset({"AMO", "AMC"}),
    "10": frozenset({"AMO"}),
    "15": frozenset({"AMO", "AMC"}),
    "25": frozenset({"AMC"}),
}
"""Parts paid to the professional, by payee code; `06` (all of it) and `10` (work accident) are our reading."""


def parts_attendues(facture: Facture) -> dict[str, int]:
    """Parts that a return must answer, each with the amount asked in centimes; a part of zero is not awaited."""
    return parts_demandees(facture.destinataire_reglement, facture.total_amo, facture.total_amc)


def parts_demandees(destinataire: str, amo: int, amc: int) -> dict[str, int]:
    """The same from a payee code and the amounts of the two parts. Raises `KeyError` on an unknown code."""
    paid = PARTS_REGLEES[destinataire]
    return {part: amount for part, amount in (("AMO", amo), ("AMC", amc)) if part in paid and amount}
