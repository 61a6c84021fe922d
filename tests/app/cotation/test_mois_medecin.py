"""The month of the demo's general practitioner: each line and each share is the one computed by hand."""

from __future__ import annotations

import shutil
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.coter import Cotation, coter
from fse.app.operations.practice import open_practice
from fse.app.operations.securiser import securiser
from tests.app.cabinet import CLE
from tests.oracles import mois_medecin as oracle

MONTH = Path(__file__).parents[3] / "fixtures" / "demo" / "medecin"
CARE = MONTH / "soins-2026-10.xml"
LAST_DAY = date(2026, 10, 31)


@pytest.fixture(scope="module")
def cotation() -> Cotation:
    (result,) = coter(load_cabinet(MONTH / "cabinet.toml"), [CARE.read_bytes()])
    return result


def test_nothing_is_said_against_it(cotation: Cotation) -> None:
    assert [one.message for one in cotation.constats] == []


def test_each_line_is_the_one_computed_by_hand(cotation: Cotation) -> None:
    priced: dict[str, list[oracle.Ligne]] = {}
    for facture in cotation.factures:
        (seance,) = facture.seances
        priced[facture.saisie.reference] = [
            (one.code_acte, _written(one.coefficient), one.quantite, one.montant) for one in seance.lignes
        ]
    assert priced == oracle.MOIS


def test_the_totals_are_those_added_by_hand(cotation: Cotation) -> None:
    told = {
        one.saisie.reference: (
            one.saisie.facture.total_honoraires,
            one.saisie.facture.total_amo,
            one.saisie.facture.total_amc,
        )
        for one in cotation.factures
    }
    assert told == oracle.TOTAUX
    assert [sum(column) for column in zip(*told.values(), strict=True)] == [
        oracle.TOTAL,
        oracle.TOTAL_AMO,
        oracle.TOTAL_AMC,
    ]
    by_line = sum(line[3] for lines in oracle.MOIS.values() for line in lines)
    assert by_line + sum(oracle.DEPASSEMENTS.values()) == oracle.TOTAL
    assert tomllib.loads((MONTH / "cas.toml").read_text(encoding="utf-8"))["total"] == oracle.TOTAL


def test_what_the_sheet_says_besides(cotation: Cotation) -> None:
    indicators: dict[str, set[str]] = {}
    qualifiers, above, details = {}, {}, {}
    for facture in cotation.factures:
        reference, (seance,) = facture.saisie.reference, facture.seances
        indicators.setdefault(seance.indicateur, set()).add(reference)
        for one in facture.saisie.facture.prestations:
            if one.qualificatif is not None:
                qualifiers[reference] = one.qualificatif
            if one.honoraires != one.base:
                above[reference] = one.honoraires - one.base
            if one.details_ccam:
                details[reference] = [each.code for each in one.details_ccam]
    assert indicators == oracle.INDICATEURS
    assert qualifiers == oracle.QUALIFICATIFS
    assert above == oracle.DEPASSEMENTS
    assert details == {"M-11": ["DEQP003"], "M-15": ["DEQP003"]}


def test_it_is_secured_without_a_finding(cotation: Cotation, tmp_path: Path) -> None:
    shutil.copy(MONTH / "cabinet.toml", tmp_path)
    with open_practice(load_cabinet(tmp_path / "cabinet.toml"), CLE) as practice:
        result = securiser(practice, cotation.xml(), le=LAST_DAY)
    assert [one.message for one in result.constats] == []
    assert len(result.factures) == 25


def _written(coefficient: Decimal) -> str:
    return f"{coefficient.normalize():f}"
