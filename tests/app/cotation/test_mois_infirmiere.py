"""The month of the demo's nurse: each line is the one computed by hand, and the total with it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.coter import Cotation, coter
from tests.oracles.mois_infirmiere import MOIS, TOTAL, TOTAUX, Ligne

MONTH = Path(__file__).parents[3] / "fixtures" / "demo" / "infirmiere"


@pytest.fixture(scope="module")
def cotation() -> Cotation:
    (result,) = coter(load_cabinet(MONTH / "cabinet.toml"), [(MONTH / "soins-2026-10.xml").read_bytes()])
    return result


def test_nothing_is_said_against_it(cotation: Cotation) -> None:
    assert [one.message for one in cotation.constats] == []


def test_each_line_is_the_one_computed_by_hand(cotation: Cotation) -> None:
    priced: dict[str, list[list[Ligne]]] = {}
    for facture in cotation.factures:
        lines = [
            [(one.code_acte, _written(one.coefficient), one.quantite, one.montant) for one in seance.lignes]
            for seance in facture.seances
        ]
        priced[facture.saisie.reference] = lines
    assert priced == MOIS


def test_the_totals_are_those_added_by_hand(cotation: Cotation) -> None:
    told = {one.saisie.reference: one.saisie.facture.total_honoraires for one in cotation.factures}
    assert told == TOTAUX
    assert sum(told.values()) == TOTAL == sum(TOTAUX.values())
    assert sum(line[3] for seances in MOIS.values() for lines in seances for line in lines) == TOTAL
    assert tomllib.loads((MONTH / "cas.toml").read_text(encoding="utf-8"))["total"] == TOTAL


def test_it_is_a_month_of_twenty_five_sessions(cotation: Cotation) -> None:
    assert sum(len(one.seances) for one in cotation.factures) == 25


def _written(coefficient: Decimal) -> str:
    return f"{coefficient.normalize():f}"
