"""Why payers reject what is still to handle: cause by cause, with what is at stake and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fse.app.operations.motifs import MotifRejet
from fse.app.operations.worklist.taches import Tache


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A reject code and the parts of invoices that it hit: how many invoices, their amount at stake in centimes.

    An amount counts once, under the first root cause of its part; `action` is "" when no list holds the code.
    """

    code: str
    libelle: str
    famille: str
    cause: str
    action: str
    factures: int
    montant: int


def reject_causes(taches: Iterable[Tache]) -> tuple[Cause, ...]:
    """The causes of the rejects of these tasks, the one with most at stake first."""
    motifs: dict[tuple[str, str], MotifRejet] = {}
    invoices: dict[tuple[str, str], set[tuple[str, int]]] = {}
    amounts: dict[tuple[str, str], int] = {}
    for tache in taches:
        roots = list(dict.fromkeys((one.code, one.precision) for one in tache.motifs if not one.consequence))
        for one in tache.motifs:
            motifs.setdefault((one.code, one.precision), one)
        for key in roots:
            invoices.setdefault(key, set()).add((tache.prestataire, tache.numero))
        if roots:
            amounts[roots[0]] = amounts.get(roots[0], 0) + abs(tache.montant)
    found = [
        Cause(
            code=f"{code} {precision}".rstrip(),
            libelle=motifs[code, precision].libelle,
            famille=motifs[code, precision].famille,
            cause=motifs[code, precision].cause,
            action=motifs[code, precision].action,
            factures=len(hit),
            montant=amounts.get((code, precision), 0),
        )
        for (code, precision), hit in invoices.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.montant, -one.factures, one.code)))
