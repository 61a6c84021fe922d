"""The month of the demo's speech therapist: each line is the one computed by hand, and what the month leaves to do."""

from __future__ import annotations

import shutil
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.coter import Cotation, coter
from fse.app.operations.obligations.suivi import suivre_obligations
from fse.app.operations.practice import open_practice
from fse.app.operations.securiser import securiser
from tests.app.cabinet import CLE
from tests.oracles.mois_orthophoniste import MOIS, OBLIGATIONS, TOTAL, TOTAUX, Ligne

MONTH = Path(__file__).parents[3] / "fixtures" / "demo" / "orthophoniste"
CARE = MONTH / "soins-2026-10.xml"
LAST_DAY = date(2026, 10, 31)


@pytest.fixture(scope="module")
def cotation() -> Cotation:
    (result,) = coter(load_cabinet(MONTH / "cabinet.toml"), [CARE.read_bytes()])
    return result


def test_nothing_is_said_against_it(cotation: Cotation) -> None:
    assert [one.message for one in cotation.constats] == []


def test_each_line_is_the_one_computed_by_hand(cotation: Cotation) -> None:
    priced: dict[str, list[list[Ligne]]] = {}
    for facture in cotation.factures:
        priced[facture.saisie.reference] = [
            [(one.code_acte, _written(one.coefficient), one.quantite, one.montant) for one in seance.lignes]
            for seance in facture.seances
        ]
    assert priced == MOIS


def test_the_totals_are_those_added_by_hand(cotation: Cotation) -> None:
    told = {one.saisie.reference: one.saisie.facture.total_honoraires for one in cotation.factures}
    assert told == TOTAUX
    assert sum(told.values()) == TOTAL == sum(TOTAUX.values())
    assert sum(line[3] for seances in MOIS.values() for lines in seances for line in lines) == TOTAL
    assert tomllib.loads((MONTH / "cas.toml").read_text(encoding="utf-8"))["total"] == TOTAL
    assert sum(len(one.seances) for one in cotation.factures) == 25


def test_it_is_secured_and_leaves_what_is_due(cotation: Cotation, tmp_path: Path) -> None:
    shutil.copy(MONTH / "cabinet.toml", tmp_path)
    with open_practice(load_cabinet(tmp_path / "cabinet.toml"), CLE) as practice:
        result = securiser(practice, cotation.xml(), le=LAST_DAY)
        assert [one.message for one in result.constats if one.is_error] == []
        references = {one.numero: one.reference for one in result.factures}
        due = suivre_obligations(practice, le=LAST_DAY)
        assert {(references[one.numero], one.nature) for one in due} == OBLIGATIONS


def _written(coefficient: Decimal) -> str:
    return f"{coefficient.normalize():f}"
