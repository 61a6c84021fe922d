"""Paper duplicates as the facts that they leave; making one is for tests/app/duplicata. No test here."""

from __future__ import annotations

from datetime import date

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import refresh
from fse.base.dates import to_days
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.exchanges import duplicatas
from fse.infra.journal.facts.exchanges.duplicatas import DuplicataRow
from tests.app.cabinet import PRESTATAIRE


def on_paper(practice: Practice, *numeros: int, le: date) -> None:
    """A paper duplicate, made on this day, replaces each of these sheets of a lot."""
    with practice.journal.transaction(now()) as transaction:
        for numero in numeros:
            lot = lots.lot_of(transaction, PRESTATAIRE, numero)
            assert lot is not None
            row = DuplicataRow(
                prestataire=PRESTATAIRE,
                numero=numero,
                rang=1,
                numero_lot=lot.numero_lot,
                date_lot=lot.date_lot,
                motif="panne",
                voie="caisse",
                patient_signe=1,
                auteur="essai",
                edite_le=to_days(le),
                empreinte="a" * 64,
            )
            duplicatas.record(transaction, row)
        refresh(transaction, numeros)
