"""Returns written by columns are, byte for byte, those of the record codec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.base.errors import BuildError
from fse.norm.codec.noemie.building import build
from fse.norm.codec.noemie.columns.building import Retours, build_files
from fse.norm.codec.noemie.columns.models import columns_of
from fse.norm.codec.noemie.columns.placing import place
from fse.norm.model import RetourNoemie
from tests.norm.codec.noemie_samples import DAY, OTHER, facture, forfait, groupe, part, retenue, retour
from tests.norm.codec.test_noemie_building import retours
from tests.oracles import noemie_oracle


def written(files: Sequence[RetourNoemie]) -> list[bytes]:
    return [content.tobytes() for content in build_files(columns_of(files))]


def amo_first(file: RetourNoemie) -> RetourNoemie:
    """With the compulsory part first, which is the order of columns."""
    return replace(
        file,
        groupes=tuple(
            replace(
                one,
                retours=tuple(
                    replace(
                        kind,
                        factures=tuple(
                            replace(each, parts=tuple(sorted(each.parts, key=lambda part: part.partie == "AMC")))
                            for each in kind.factures
                        ),
                    )
                    for kind in one.retours
                ),
            )
            for one in file.groupes
        ),
    )


@given(st.lists(retours(prestataires=3).map(amo_first), min_size=1, max_size=3))
@settings(max_examples=settings().max_examples // 2)
def test_any_returns(files: list[RetourNoemie]) -> None:
    assert written(files) == [build(one) for one in files]


def test_controls_by_hand() -> None:
    """Two transfers: 18,55 + 7,95 - 3,00 withheld + 100,00 of lump sum; then a part taken back, in a second lot."""
    first = groupe(
        facture(1, part(), part("AMC", 795, "P", 795)), mouvements=(retenue(300),), forfaits=(forfait(10_000),)
    )
    second = groupe(facture(2, part(paid=-1855), lot=2), prestataire=OTHER, code="04")
    (data,) = written([retour(first, second)])
    entities = noemie_oracle.unwrap(data)
    closings = [noemie_oracle.cut(one) for one in entities if noemie_oracle.entity_type(one) == "990"]
    assert [(one["identification_niveau"], one["nombre"], one["somme"], one["signe_somme"]) for one in closings] == [
        ("07100000000000001", "00000003", "00000012350", "P"),
        ("07100000000000002", "00000001", "00000001855", "N"),
    ]
    trailer = noemie_oracle.cut(entities[-1])
    assert (trailer["total"], trailer["signe_total"], trailer["nombre_lots"]) == ("00000010495", "P", "002")
    assert int(trailer["nombre_enregistrements"]) * 128 == len(data)
    assert noemie_oracle.wrong_controls(data) == []


def test_a_lot_is_its_prestataire_its_number_and_its_day() -> None:
    """The same place written in two ways is one prestataire; an invoice without lot names none."""
    day = replace(facture(3), date_lot=DAY + timedelta(days=1))
    zeros = replace(groupe(facture(4)).retours[0], lieu_execution=groupe().beneficiaire_reglement.zfill(14))
    alike = groupe(facture(1), facture(2), day, facture(5, lot=None))
    file = retour(replace(alike, retours=(*alike.retours, zeros)))
    (data,) = written([file])
    assert data == build(file)
    assert noemie_oracle.cut(noemie_oracle.unwrap(data)[-1])["nombre_lots"] == "002"


def test_a_thousand_lots_do_not_fit() -> None:
    file = retour(*(groupe(*(facture(rank, lot=rank) for rank in range(1, 1000)), prestataire=one) for one in (OTHER,)))
    assert written([file]) == [build(file)]
    with pytest.raises(BuildError, match="nombre_lots"):
        written([retour(*file.groupes, groupe(facture(1, lot=1)))])


def test_a_file_without_transfer_is_its_envelope() -> None:
    (data,) = [one.tobytes() for one in build_files(Retours(columns_of([retour(groupe(facture()))]).fichiers, {}))]
    trailer = noemie_oracle.cut(noemie_oracle.unwrap(data)[-1])
    assert (trailer["nombre_enregistrements"], trailer["nombre_lots"], trailer["total"]) == (
        "00000003",
        "000",
        "0" * 11,
    )


def test_parents_that_go_back_are_refused() -> None:
    tables = columns_of([retour(groupe(facture(1), facture(2)))])
    names = [name for name in tables.entites["198"].column_names if name != "parent"]
    wrong = tables.entites["198"].select(names).append_column("parent", pa.array([1, 0]))
    with pytest.raises(ValueError, match="in order"):
        list(build_files(Retours(tables.fichiers, {**tables.entites, "198": wrong})))
    with pytest.raises(ValueError, match="not the rows"):
        place(1, {"071": np.array([0, 1])})
