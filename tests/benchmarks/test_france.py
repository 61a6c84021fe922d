"""The day of France: everybody in it is fictive, nothing is lost or sent twice, and a small one goes to its end."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from stdnum import luhn

from benchmarks.france import __main__ as france
from benchmarks.france import day

pytestmark = pytest.mark.timeout(60)

COUNTRY = 5_000_000


def test_a_day_of_the_country_is_250_000_lots_of_twenty() -> None:
    found = list(day.sendings(COUNTRY))
    lots = np.concatenate([one.professionals * 2 + one.lots - 1 for one in found])
    assert (sum(one.invoices for one in found), len(lots)) == (COUNTRY, 250_000)
    assert (np.sort(lots) == np.arange(250_000)).all()
    assert max(len(one.lots) for one in found) <= 999
    assert [one.ordinal for one in found] == list(range(len(found)))


def test_a_professional_is_paid_by_two_funds() -> None:
    funds: dict[int, set[int]] = {}
    for one in day.sendings(500_000):
        for professional in one.professionals.tolist():
            funds.setdefault(professional, set()).add(one.fund)
    assert set(Counter(map(len, funds.values()))) == {2}


def test_nobody_of_the_day_exists() -> None:
    sending = next(day.sendings(4_000))
    heads = day.headers(sending).to_pylist()
    for one in heads:
        nir = int(one["nir"])
        assert one["prestataire"].startswith("00")
        assert luhn.is_valid(one["prestataire"])
        assert one["nir"].endswith("000")
        assert int(one["cle_nir"]) == 97 - nir % 97
        assert one["marque"] == "T"
    assert len({(one["prestataire"], one["numero_facture"]) for one in heads}) == len(heads)


def test_a_small_day_goes_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = france.measure(france.Run(tmp_path, 80, 1))
    assert found["taille"] == 80
    assert found["lots"] == 4
    assert found["verification"] == {"factures": 80, "lots": 4, "secondes": found["verification"]["secondes"]}
    assert {one["nom"] for one in found["phases"]} >= {"emission", "answers (simulator)", "reading", "matching"}
    assert "conserved" in capsys.readouterr().out


def test_a_day_too_large_for_the_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not enough room"):
        france.check_space(tmp_path, 10**15)
