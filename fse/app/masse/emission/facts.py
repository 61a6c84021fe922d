"""The facts of a sending, as an archive holds them: what its returns will be matched with.

Columns and types are those of `fse.domain.reconciliation.relations` (days and centimes as whole numbers).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.app.masse.emission.constitution import Constitution
from fse.app.masse.emission.envoi import Envoi
from fse.base.dates import to_days
from fse.domain.reconciliation.relations import RELATIONS
from fse.norm.codec.b2.columns import Frozen
from fse.norm.model.tiers_payant import PARTS_REGLEES

_TYPES = {"bigint": pa.int64(), "text": pa.string()}


def facts_of(envoi: Envoi, planned: Constitution, frozen: Frozen) -> dict[str, pa.Table]:
    """Relations by name. `frozen`: the invoices in the order of their lots.

    The file leaves on its date, by someone else's care: no acknowledgement is awaited.
    """
    order = pa.array(planned.order)
    heads, departs = envoi.factures.entetes.take(order), envoi.departs.take(order)
    own = envoi.prestataires.take(pa.array(planned.rows))
    lots = np.repeat(np.arange(len(planned.cuts) - 1), np.diff(planned.cuts))
    day = to_days(envoi.entete.date_creation)
    sent = {
        "cabinet": own["cabinet"],
        "prestataire": heads["prestataire"],
        "numero": heads["numero_facture"],
        "mode": departs["mode"],
        "attend_amo": _awaited(heads, "AMO", frozen.amo),
        "attend_amc": _awaited(heads, "AMC", frozen.amc),
        "demande_amo": frozen.amo,
        "demande_amc": frozen.amc,
        "date_facture": _days(heads["date_facture"]),
        "securisee_le": _days(departs["securisee_le"]),
        "numero_lot": planned.entetes["numero_lot"].to_numpy()[lots],
        "date_lot": day,
        "emise_le": day,
        "annulee": 0,
        "organisme": departs["organisme"],
        "remplacant": departs["remplacant"],
        "remplacee_par": 0,
        "racine": 0,
        "en_route": 1,
        "accuse": "",
    }
    professionals = {name: envoi.prestataires[name] for name in RELATIONS["prestataire"].names}
    return {
        "facture_emise": _relation("facture_emise", sent, len(order)),
        "prestataire": _relation("prestataire", professionals, envoi.prestataires.num_rows),
    }


def _relation(name: str, columns: dict[str, Any], rows: int) -> pa.Table:
    """A table with the columns of a relation, in order; one value stands for all rows."""
    relation = RELATIONS[name]
    if set(columns) != set(relation.names):
        raise ValueError(f"{name}: {sorted(set(columns) ^ set(relation.names))}")
    arrays = []
    for column in relation.columns:
        values, type = columns[column.name], _TYPES[column.type]
        if isinstance(values, int | str):
            values = pa.repeat(pa.scalar(values, type), rows)
        arrays.append(values.cast(type) if isinstance(values, pa.ChunkedArray | pa.Array) else pa.array(values, type))
    return pa.table(arrays, names=list(relation.names))


def _awaited(heads: pa.Table, part: str, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """1 when a payer pays this part to the professional and it is not zero."""
    payees = pa.array([code for code, parts in PARTS_REGLEES.items() if part in parts])
    paid = pc.is_in(heads["destinataire_reglement"], payees).to_numpy()
    found: NDArray[np.int64] = (paid & (amounts != 0)).astype(np.int64)
    return found


def _days(column: Any) -> Any:
    """Days since 1970-01-01 of a column of dates."""
    return column.cast(pa.int32())
