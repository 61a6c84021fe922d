"""What becomes of each invoice of a file, drawn by columns. The same stories as `drawing.stories`, of one day only.

What happens to an invoice happens to its first part, the other is paid as asked. An invoice that cannot be trusted
(given twice, of another prestataire than its lot, with false totals) is never drawn: all of it is rejected.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.app.caisse.facture import PRESTATAIRE, TOTAUX
from fse.app.caisse.judgement import DOUBLE
from fse.app.caisse.masse.chance import draw
from fse.app.caisse.masse.demandes import Demandes
from fse.app.caisse.masse.rates import TauxMasse
from fse.norm.layout.columns.plan import Longs

PAYEE, REJETEE, MOINS, DIFFEREE, MUETTE, ECARTEE, SANS_DEMANDE = range(7)
"""Fates: paid as asked, first part rejected, paid less, put off, no answer, wholly rejected, nothing asked."""

REJETS = {"AMO": ("9930", "9934"), "AMC": ("9921", "9935")}
"""Reject codes (fictive, `rejets.csv`) that may be drawn, by part."""

_FATE, _AMOUNT, _CODE = range(3)
"""The ranks of the draws of one invoice."""


class Decisions(NamedTuple):
    """Of n invoices: the fate, the centimes paid to the first part when it is paid less, the reject code or ""."""

    sorts: NDArray[np.int8]
    moins: Longs
    codes: NDArray[np.str_]


def decide(demandes: Demandes, graine: int, taux: TauxMasse) -> Decisions:
    """The same for the same invoices, wherever and however often they stand."""
    cles, asking = demandes.cles, demandes.asking
    sorts = _drawn(draw(graine, _FATE, cles), taux)
    first = np.where(demandes.centimes["AMO"] > 0, demandes.centimes["AMO"], demandes.centimes["AMC"])
    moins = (draw(graine, _AMOUNT, cles) * first).astype(np.int64)
    codes = np.full(demandes.rows, "", "<U4")
    rejected = np.flatnonzero(sorts == REJETEE)
    if len(rejected):
        codes[rejected] = _drawn_codes(draw(graine, _CODE, cles[rejected]), demandes.centimes["AMO"][rejected] > 0)
    unsound_by = ((TOTAUX, demandes.faux), (PRESTATAIRE, _of_another(demandes)), (DOUBLE, _doubles(cles)))
    for code, unsound in unsound_by:
        sorts[unsound] = ECARTEE
        codes[unsound] = code
    sorts[~asking] = SANS_DEMANDE
    codes[~asking] = ""
    return Decisions(sorts, moins, codes)


def _drawn(draws: NDArray[np.float64], taux: TauxMasse) -> NDArray[np.int8]:
    fates = (MUETTE, REJETEE, MOINS, DIFFEREE, PAYEE)
    bounds = np.cumsum([taux.silence, taux.rejet, taux.paye_moins, taux.differe])
    found: NDArray[np.int8] = np.array(fates, np.int8)[np.searchsorted(bounds, draws, side="right")]
    return found


def _drawn_codes(draws: NDArray[np.float64], of_amo: NDArray[np.bool_]) -> NDArray[np.str_]:
    tables = np.array([REJETS["AMC"], REJETS["AMO"]])
    found: NDArray[np.str_] = tables[of_amo.astype(np.intp), (draws * tables.shape[1]).astype(np.intp)]
    return found


def _of_another(demandes: Demandes) -> NDArray[np.bool_]:
    """The invoices of another prestataire than that of their lot."""
    differ = pc.not_equal(demandes.entetes["prestataire"], demandes.lots["prestataire"])
    found: NDArray[np.bool_] = np.asarray(differ)
    return found


def _doubles(cles: Longs) -> Longs:
    """The rows of the invoices whose number their prestataire gives more than once in the file."""
    order = np.argsort(cles, kind="stable")
    same = cles[order[1:]] == cles[order[:-1]]
    return np.union1d(order[1:][same], order[:-1][same])
