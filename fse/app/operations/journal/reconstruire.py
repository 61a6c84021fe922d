"""`journal reconstruire`: entities read again from the archives, states computed again from the facts.

One transaction. What differed is listed: nothing is expected to.
"""

from __future__ import annotations

from dataclasses import dataclass

from fse.app.operations.clock import now
from fse.app.operations.journal.etats import recompute
from fse.app.operations.journal.retours import restore_rows
from fse.app.operations.journal.verifier import return_findings, state_findings
from fse.app.operations.practice import Practice
from fse.base.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruction:
    """`retours`: files whose rows were read again; `ecarts`: what was stored otherwise, now replaced."""

    retours: int
    ecarts: tuple[Finding, ...]


def reconstruire_journal(practice: Practice) -> Reconstruction:
    """Compute again all that is not a fact. Raises `StorageError` when the journal cannot be written."""
    with practice.journal.transaction(now()) as transaction:
        returns = restore_rows(practice, transaction)
        gaps = recompute(transaction)
    return Reconstruction(retours=returns.relus, ecarts=(*return_findings(returns.ecarts), *state_findings(gaps)))
