"""Record 4S of a line done in a health network: where the norm puts it, what it repeats, read back as it was built."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fse.norm.codec.b2.building import freeze_facture
from fse.norm.codec.b2.reading import Run, read_facture
from fse.norm.model import Facture, ModelError, Prestation
from tests.norm.codec.test_b2_laws import FULL, rows
from tests.oracles import b2_oracle

NETWORK = "00000000000997"
PLAIN = FULL.prestations[0]


def invoice(*prestations: Prestation) -> Facture:
    return replace(FULL, prestations=prestations)


def test_it_stands_between_its_line_and_the_ccam_details_where_it_says_something() -> None:
    """A line outside any network has none: b2.md 4 (4S immediately after 4), 3.19 (network in 86-99)."""
    written = b2_oracle.records(freeze_facture(invoice(replace(PLAIN, reseau=NETWORK), PLAIN)))
    kinds = [b2_oracle.record_type(one) for one in written]
    assert kinds == ["2", "2S", "2M", "4", "4S", "4M", "4", "4M", "5"]
    cut = b2_oracle.cut(written[kinds.index("4S")])
    assert cut["reseau"] == NETWORK == written[kinds.index("4S")][85:99].decode()
    assert (cut["sequence"], cut["statut_executant"], cut["lieu_execution"]) == ("01", " ", "0" * 14)
    assert (cut["date_accord"], cut["accord_prealable"]) == ("260901", "4"), "it repeats the agreement of its line"


@pytest.mark.parametrize(
    "said",
    [
        {"reseau": NETWORK},
        {"reseau": "9" * 14, "lieu_execution": "0" * 13 + "1", "statut_executant": "L"},
        {"statut_executant": "S"},
        {"lieu_execution": "9" * 14},
        {},
    ],
    ids=lambda said: ", ".join(said) or "nothing",
)
def test_it_is_read_back(said: dict[str, Any]) -> None:
    facture = invoice(PLAIN, replace(PLAIN, **said))
    assert read_facture(Run(rows(facture))) == facture


@pytest.mark.parametrize("reseau", ["0" * 14, "997", "A" * 14, "1" * 15])
def test_a_number_that_the_record_cannot_hold_is_refused(reseau: str) -> None:
    with pytest.raises(ModelError):
        replace(PLAIN, reseau=reseau)
