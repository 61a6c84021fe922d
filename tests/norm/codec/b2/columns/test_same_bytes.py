"""What columns write is what records write, for any invoice, any lot, every fixture; they refuse the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.securiser import complete
from fse.base.errors import BuildError
from fse.norm.codec import documents
from fse.norm.codec.b2.building import count_lines, facture_seal_of, freeze_facture
from fse.norm.codec.b2.columns import FactureColumns, build_lots, columns_of, freeze_columns
from fse.norm.model import EnteteFichier, EnteteLot, Facture
from tests.norm.codec.b2.columns.same_bytes import by_columns, by_records, columns_read_in, files_of, table_of
from tests.oracles import b2_oracle
from tests.strategies import coherent_factures, secured_strategy_for, strategy_for

FIXTURES = Path("fixtures")
CONTENTS = sorted([*FIXTURES.glob("b2/*/entree.b2"), *FIXTURES.glob("scenarios/*.b2"), *FIXTURES.glob("demo/**/*.b2")])

DAY = date(2026, 11, 20)
ENTETE = EnteteFichier(
    type_emetteur="PS",
    numero_emetteur="00000001234566",
    type_destinataire="CT",
    numero_destinataire="998",
    identifiant_fichier="000001",
    date_creation=DAY,
)
LOT = EnteteLot(
    prestataire="001234566",
    nom_prestataire="ESSAI",
    organisme_destinataire="998",
    numero_lot=7,
    date_lot=DAY,
    certification="S",
    marque="T",
    type_facture="F",
)

factures = st.lists(coherent_factures(), min_size=1, max_size=3)
lots = st.lists(st.tuples(strategy_for(EnteteLot), factures), min_size=1, max_size=2)


def by_one(held: list[Facture]) -> bytes:
    """The record path."""
    return b"".join(freeze_facture(one) for one in held)


def at_once(held: list[Facture]) -> bytes:
    """The columns."""
    return freeze_columns(columns_of(held)).content.tobytes()


def outcome(write: Callable[[list[Facture]], bytes], held: list[Facture]) -> bytes | str:
    """What is written, or the code of the refusal."""
    try:
        return write(held)
    except BuildError as refusal:
        return refusal.code


@settings(max_examples=settings().max_examples // 2)
@given(factures)
def test_invoices_are_frozen_to_the_same_bytes(held: list[Facture]) -> None:
    frozen = freeze_columns(columns_of(held))
    whole = [freeze_facture(one) for one in held]
    assert frozen.content.tobytes() == b"".join(whole)
    assert frozen.starts.tolist() == np.cumsum([0, *(len(one) // 128 for one in whole)]).tolist()
    assert [bytes(seal).decode() for seal in frozen.seals] == [facture_seal_of(one) for one in whole]
    assert frozen.lignes.tolist() == [count_lines(one) for one in whole]
    assert frozen.honoraires.tolist() == [one.total_honoraires for one in held]
    assert frozen.amo.tolist() == [one.total_amo for one in held]
    assert frozen.amc.tolist() == [one.total_amc for one in held]


@given(st.lists(secured_strategy_for(Facture), min_size=1, max_size=3))
def test_what_records_refuse_columns_refuse_too(held: list[Facture]) -> None:
    """Any instance of the model, coherent or not: the same bytes, or a refusal of the same code."""
    records, columns = (outcome(write, held) for write in (by_one, at_once))
    assert columns == records


@settings(max_examples=settings().max_examples // 3)
@given(strategy_for(EnteteFichier), lots)
def test_files_have_the_same_bytes(entete: EnteteFichier, held: list[tuple[EnteteLot, list[Facture]]]) -> None:
    assert by_columns(entete, held) == by_records(entete, held)


def test_another_order_is_that_of_the_invoices_put_in_it() -> None:
    held = [one for path in CONTENTS for _, lots in files_of(path) for _, found in lots for one in found]
    frozen = freeze_columns(columns_of(held))
    for order in ([*range(len(held))][::-1], sorted(range(len(held)), key=lambda one: one * 31 % 17)):
        moved, other = frozen.take(np.array(order)), freeze_columns(columns_of([held[one] for one in order]))
        assert moved.content.tobytes() == other.content.tobytes()
        assert moved.starts.tolist() == other.starts.tolist()
        assert moved.seals.tobytes() == other.seals.tobytes()
        assert moved.lignes.tolist() == other.lignes.tolist()
        assert moved.honoraires.tolist() == other.honoraires.tolist()


def test_every_fixture_that_the_model_holds() -> None:
    files = [file for path in CONTENTS for file in files_of(path)]
    invoices = sum(len(held) for _, found in files for _, held in found)
    assert len(files) >= 80
    assert invoices >= 90
    kinds = set()
    for entete, found in files:
        written = by_columns(entete, found)
        assert written == by_records(entete, found)
        kinds |= {b2_oracle.record_type(record) for record in b2_oracle.records(written)}
    assert {"000", "1", "2", "2S", "2M", "4", "4S", "4M", "5", "6", "999"} <= kinds


def test_the_invoices_of_the_demonstration() -> None:
    cabinet = load_cabinet(FIXTURES / "demo/cabinet.toml")
    saisies = []
    for path in sorted(FIXTURES.glob("demo/visites-*.xml")):
        document, _ = documents.read(path.read_bytes())
        assert document is not None
        saisies += document.factures
    held = [complete(one, rank, cabinet) for rank, one in enumerate(saisies, start=1)]
    assert len(held) >= 5
    assert freeze_columns(columns_of(held)).content.tobytes() == b"".join(map(freeze_facture, held))


@pytest.fixture(scope="module")
def known() -> list[Facture]:
    """A few invoices of a fixture, marked T."""
    ((_, found),) = files_of(FIXTURES / "b2/un-lot/entree.b2")
    return found[0][1]


def test_every_sub_record_of_the_norm() -> None:
    """The values read in the sound fixtures, put in tables: sub-records that the model leaves aside are there."""
    kinds = set()
    for path in CONTENTS:
        content = path.read_bytes()
        for records, tables in columns_read_in(content):
            assert freeze_columns(tables).content.tobytes() == records, path
            kinds |= set(tables.complements)
    assert kinds == {"2S", "2M", "2P", "2B", "2C", "4S", "4B", "4C", "4D", "4F", "4H", "4M"}


def test_more_lots_than_a_file_counts_are_refused(known: list[Facture]) -> None:
    entete = replace(ENTETE, identifiant_fichier="000002")
    lots = [(replace(LOT, numero_lot=1 + rank % 999), known[:1]) for rank in range(1000)]
    for write in (by_columns, by_records):
        with pytest.raises(BuildError) as raised:
            write(entete, lots)
        assert (raised.value.code, raised.value.lieu) == ("champ.refuse", "enregistrement 999, positions 83-85")


def test_no_invoice_at_all() -> None:
    frozen = freeze_columns(columns_of([]))
    assert frozen.content.shape == (0, 128)
    assert frozen.starts.tolist() == [0]


def test_seals_and_totals_hold_for_the_oracle(known: list[Facture]) -> None:
    written = by_columns(ENTETE, [(LOT, known)])
    rows = b2_oracle.records(written)
    (whole,) = b2_oracle.lots(rows)
    seals = []
    for invoice in b2_oracle.invoices(whole):
        seals.append(b2_oracle.seal_of_invoice(invoice))
        assert invoice[-1][96:128].decode() == seals[-1]
    assert whole[-1][96:128].decode() == b2_oracle.seal_of_lot(whole[0], seals, whole[-1])
    assert b2_oracle.wrong_totals(written) == []


def test_an_invoice_without_a_mark_or_without_a_line_is_refused(known: list[Facture]) -> None:
    for broken, code in (
        (replace(known[0], marque=None), "b2.marque_absente"),
        (replace(known[0], prestations=()), "b2.sans_ligne"),
    ):
        for write in (lambda one: freeze_columns(columns_of([known[0], one])), freeze_facture):
            with pytest.raises(BuildError) as raised:
                write(broken)
            assert raised.value.code == code


def test_a_real_mark_is_refused_where_the_model_is_not_there_to_do_it(known: list[Facture]) -> None:
    columns = columns_of(known)
    rows = columns.entetes.num_rows
    place = columns.entetes.column_names.index("marque")
    for mark, code in ((" ", "b2.marque_reelle"), ("R", "b2.marque_reelle"), (None, "b2.marque_absente")):
        marks = pa.array(["T"] * (rows - 1) + [mark], pa.string())
        with pytest.raises(BuildError) as raised:
            freeze_columns(columns._replace(entetes=columns.entetes.set_column(place, "marque", marks)))
        assert raised.value.code == code
    with pytest.raises(BuildError) as raised:
        freeze_columns(columns._replace(entetes=columns.entetes.drop_columns(["marque"])))
    assert raised.value.code == "b2.marque_absente"
    table = table_of([LOT])
    table = table.set_column(table.column_names.index("marque"), "marque", pa.array(["R"]))
    with pytest.raises(BuildError) as raised:
        build_lots(table, freeze_columns(columns), np.array([0, rows]))
    assert raised.value.code == "b2.marque_reelle"


@pytest.mark.parametrize("type", ["4U", "4", "5", "9Z"])
def test_what_is_no_sub_record_of_an_invoice_or_a_line_is_refused(known: list[Facture], type: str) -> None:
    columns = columns_of(known[:1])
    with pytest.raises(ValueError, match=type):
        freeze_columns(columns._replace(complements={type: pa.table({"facture": pa.array([0])})}))


@pytest.mark.parametrize("owners", [[1, 0], [-1, 0], [0, 2]])
def test_lines_that_do_not_follow_their_invoices_are_refused(known: list[Facture], owners: list[int]) -> None:
    two = columns_of([known[0], known[0]])
    lines = two.lignes.slice(0, 2)
    place = lines.column_names.index("facture")
    broken = FactureColumns(two.entetes, lines.set_column(place, "facture", pa.array(owners)), {})
    with pytest.raises(ValueError, match="facture"):
        freeze_columns(broken)
