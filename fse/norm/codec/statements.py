"""What a bank statement of any format must be: euros, dates in order, balances that add up."""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, Place, finding
from fse.base.money import format_euros
from fse.norm.model.releve import ReleveBancaire

EURO = "EUR"


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
