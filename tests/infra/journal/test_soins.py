"""What was billed, added up day by day and by what it is, on each database that holds journals."""

from __future__ import annotations

from typing import Any

from fse.infra.journal import Journal
from fse.infra.journal.facts.soins import HonorairesRow, SoinRow, Visites, fees, insert_soins, visits
from tests.infra.journal.facts import NOW, PRESTATAIRE, TODAY, cancel, secure

OTHER = "005678909"


def soin(numero: int, ordre: int, **changes: object) -> SoinRow:
    """A visit of 30 euros at the tariff."""
    values: dict[str, Any] = {
        "prestataire": PRESTATAIRE,
        "numero": numero,
        "ordre": ordre,
        "patient": "p",
        "executant": PRESTATAIRE,
        "date_soins": TODAY,
        "heure": "",
        "acte": "",
        "code_acte": "G",
        "coefficient": 100,
        "coefficient_facture": 100,
        "quantite": 1,
        "trajet": "",
        "foyer": "",
        "bilan": "",
        "remplacant": "",
        "honoraires": 3000,
        "base": 3000,
        "ccam": "",
    }
    return SoinRow(**(values | changes))


def billed(code: str, au_dessus: int, honoraires: int, base: int, quantite: int, **changes: object) -> HonorairesRow:
    who = {"executant": PRESTATAIRE, "remplacant": "", "prestataire": PRESTATAIRE}
    values: dict[str, Any] = {**who, "date_soins": TODAY, "ccam": ""}
    amounts = {"honoraires": honoraires, "base": base, "quantite": quantite}
    return HonorairesRow(code_acte=code, au_dessus=au_dessus, **amounts, **(values | changes))


def test_fees_are_added_up_and_visits_are_counted_once(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        for numero in (1, 2, 3):
            secure(transaction, numero)
        insert_soins(
            transaction,
            [
                *(soin(1, 1), soin(1, 2), soin(1, 3, honoraires=4000), soin(1, 4, code_acte="IK", quantite=12)),
                soin(1, 5, code_acte="ATM", ccam="DEQP003 YYYY010", date_soins=TODAY + 1, heure="09:00"),
                soin(1, 6, code_acte="ATM", date_soins=TODAY + 1, heure="10:00"),
                *(soin(2, 1, executant=OTHER, patient="q"), soin(2, 2, remplacant=OTHER)),
                *(soin(3, 1, honoraires=9000), soin(3, 2, date_soins=TODAY + 2)),
            ],
        )
        cancel(transaction, 3)
    with journal.reading() as reading:
        assert fees(reading, TODAY, TODAY, None) == [
            billed("G", 0, 6000, 6000, 2),
            billed("G", 1, 4000, 3000, 1),
            billed("IK", 0, 3000, 3000, 12),
            billed("G", 0, 3000, 3000, 1, remplacant=OTHER),
            billed("G", 0, 3000, 3000, 1, executant=OTHER),
        ]
        later = fees(reading, TODAY + 1, TODAY + 9, None)
        assert [(one.ccam, one.quantite) for one in later] == [("", 1), ("DEQP003 YYYY010", 1)], "3 is cancelled"
        assert [one.executant for one in fees(reading, TODAY, TODAY, [OTHER])] == [OTHER]
        assert len(fees(reading, TODAY, TODAY, [PRESTATAIRE])) == 5, "done by another, billed by this one"
        assert visits(reading, TODAY, TODAY + 9, None) == [
            Visites(executant=PRESTATAIRE, prestataire=PRESTATAIRE, date_soins=TODAY, nombre=1),
            Visites(executant=PRESTATAIRE, prestataire=PRESTATAIRE, date_soins=TODAY + 1, nombre=2),
            Visites(executant=OTHER, prestataire=PRESTATAIRE, date_soins=TODAY, nombre=1),
        ]
