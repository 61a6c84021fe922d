"""Money of a drawn month that answers no invoice: lump sums, and debts withheld until nothing is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fse.app.caisse.drawing.chance import Chance
from fse.app.caisse.drawing.drawn import Drawn
from fse.app.caisse.drawing.rates import Taux

_DETTE_MAX = 6000
_FORFAIT_MAX = 40000
_ENDS = ("NVT", "ANT", "PAI")
_GIVEN_UP = 0.1


def with_debts(files: Sequence[Drawn], taux: Taux, chance: Chance) -> None:
    """Once in a while a caisse records a debt, withholds it from its next files, and may give up what is left."""
    caisses = sorted({one.emetteur["numero"] for one in files if one.emetteur["type"] == "CP"})
    for rank, numero in enumerate(caisses, start=1):
        if chance.happens(taux.creance):
            _debt([one for one in files if one.emetteur["numero"] == numero], f"CR{rank:08d}", chance)


def lump_sum(one: Drawn, chance: Chance) -> dict[str, Any]:
    """A lump sum of a fictive code."""
    return {"code": "ROSPM", "montant": chance.between(1000, _FORFAIT_MAX), "prestataire": one.prestataire}


def _debt(files: Sequence[Drawn], reference: str, chance: Chance) -> None:
    left = chance.between(500, _DETTE_MAX)
    first, *following = files[chance.between(0, len(files) - 1) :]
    first.mouvements.append(_movement(first, reference, "CIN", left, left))
    for one in following:
        if not left:
            return
        if chance.happens(_GIVEN_UP):
            one.mouvements.append(_movement(one, reference, chance.pick(_ENDS), left, 0))
            return
        taken = min(left, chance.between(200, 1500))
        left -= taken
        one.mouvements.append(_movement(one, reference, "RPR", taken, left))


def _movement(one: Drawn, reference: str, operation: str, montant: int, solde: int) -> dict[str, Any]:
    return {
        "reference": reference,
        "nature": "IND",
        "operation": operation,
        "montant": montant,
        "solde": solde,
        "prestataire": one.prestataire,
    }
