"""The oracles are right before they judge: independence, tables without holes, vectors of keys, B2 totals and seals."""

from __future__ import annotations

import ast
import hashlib
import sys
from pathlib import Path

import pytest

from tests.oracles import b2_oracle, keys, positions

HERE = Path(__file__).parent


# --- independence ----------------------------------------------------------------------------------------------------


def test_the_oracles_import_nothing_of_fse() -> None:
    allowed = {"tests", "sqlglot", "pytest"}
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                assert top != "fse", path.name
                assert top in allowed or top in sys.stdlib_module_names, (path.name, name)


# --- positions -------------------------------------------------------------------------------------------------------


def spans(table: list[positions.Position]) -> list[int]:
    return [place for _, start, end in table for place in range(start, end + 1)]


@pytest.mark.parametrize("type_", positions.B2)
def test_a_b2_record_is_covered_from_1_to_128(type_: str) -> None:
    assert spans(positions.B2[type_]) == list(range(1, 129))


@pytest.mark.parametrize("type_", positions.NOEMIE)
def test_a_noemie_entity_is_covered_to_its_length_and_its_terminator(type_: str) -> None:
    table = positions.NOEMIE[type_]
    length = positions.NOEMIE_LENGTHS[type_]
    assert spans(table) == list(range(1, length + 1))
    has_terminator = table[-1] == ("terminateur", length, length)
    assert has_terminator == (type_ not in positions.NOEMIE_WITHOUT_TERMINATOR)


@pytest.mark.parametrize("table", [*positions.B2.values(), *positions.NOEMIE.values()])
def test_names_are_unique_and_fillers_say_where_they_start(table: list[positions.Position]) -> None:
    names = [name for name, _, _ in table]
    assert len(set(names)) == len(names)
    assert all(name == f"blanc_{start}" for name, start, _ in table if name.startswith("blanc_"))


def test_movements_lie_inside_their_entity() -> None:
    for type_, table in positions.NOEMIE_MOVEMENTS.items():
        assert all(5 < start <= end < positions.NOEMIE_LENGTHS[type_] for _, start, end in table)


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("nir", "key"), keys.NIR_VECTORS)
def test_nir_vectors(nir: str, key: str) -> None:
    assert keys.nir_key(nir) == key


@pytest.mark.parametrize("number", keys.NUMBER_VECTORS)
def test_number_vectors(number: str) -> None:
    assert keys.number_with_key(number[:8]) == number


def test_luhn_by_the_textbook_sum() -> None:
    assert keys.luhn_key("00000000") == "0"
    assert keys.luhn_key("00000001") == "8"  # 2 × 1 = 2
    assert keys.luhn_key("00000009") == "1"  # 2 × 9 = 18, 1 + 8 = 9
    assert keys.luhn_key("00000010") == "9"


@pytest.mark.parametrize("nir", ["", "253072C073004", "25307", "2X1099126111a"])
def test_nir_key_refuses_what_is_not_a_nir(nir: str) -> None:
    with pytest.raises(ValueError, match="13 digits"):
        keys.nir_key(nir)


@pytest.mark.parametrize("number", ["", "1234567", "123456789", "1234567x", "²2345678"])
def test_luhn_key_refuses_what_is_not_eight_digits(number: str) -> None:
    with pytest.raises(ValueError, match="8 digits"):
        keys.luhn_key(number)


# --- B2 --------------------------------------------------------------------------------------------------------------

KEY = {"prestataire": "001234567", "nir": "1800175000000", "cle_nir": "00", "numero_facture": "000000001"}


def line(honoraires: int, amo: int, amc: int) -> bytes:
    amounts = {"honoraires": f"{honoraires:07d}", "montant_amo": f"{amo:07d}", "montant_amc": f"{amc:07d}"}
    return b2_oracle.assemble("4", KEY | amounts)


def b2_file() -> bytes:
    """000, one lot of one invoice of two lines and a sub-record, 999, with right totals computed by hand."""
    totals = {"total_honoraires": "00005500", "total_amo": "00003850", "part_assure": "00001650"}
    return b"".join(
        [
            b2_oracle.assemble("000", {"numero_emetteur": "00000001234567"}),
            b2_oracle.assemble("1", {"prestataire": "001234567", "numero_lot": "001"}),
            b2_oracle.assemble("2", KEY),
            line(3000, 2100, 900),
            b2_oracle.assemble("4M", KEY),
            line(2500, 1750, 0),
            b2_oracle.assemble("5", KEY | totals | {"nombre_lignes": "002", "total_amc": "00000900"}),
            b2_oracle.assemble(
                "6",
                {
                    "nombre_factures": "001",
                    "nombre_lignes": "0003",
                    "nombre_entetes": "0001",
                    "nombre_totaux": "001",
                    "total_honoraires": "000005500",
                    "total_amo": "000003850",
                    "total_amc": "000000900",
                },
            ),
            b2_oracle.assemble("999", {"nombre_enregistrements": "00000009", "nombre_lots": "001"}),
        ]
    )


@pytest.mark.parametrize("type_", positions.B2)
def test_a_record_cuts_into_what_assembled_it(type_: str) -> None:
    texts = {name: name[:1].upper() * (end - start + 1) for name, start, end in positions.B2[type_]}
    texts |= {"type": type_} | ({"sous_type": " "} if "sous_type" in texts else {})
    record = b2_oracle.assemble(type_, texts)
    assert b2_oracle.cut(record) == texts
    assert "".join(texts.values()).encode() == record


def test_assemble_pads_nothing() -> None:
    assert b2_oracle.assemble("4", {}) == b"4" + b" " * 127
    with pytest.raises(ValueError, match="takes 2 characters"):
        b2_oracle.assemble("4", {"quantite": "1"})
    with pytest.raises(ValueError, match="no field"):
        b2_oracle.assemble("4", {"quantites": "01"})


def test_records_skip_line_ends_between_records_only() -> None:
    whole = b2_file()
    rows = b2_oracle.records(whole)
    assert b2_oracle.records(b"\r\n".join(rows) + b"\r\n") == rows
    assert b"".join(rows) == whole
    with pytest.raises(ValueError, match="not a record"):
        b2_oracle.records(whole[:-1])


def test_right_totals_hold_and_each_wrong_one_is_named() -> None:
    whole = b2_file()
    assert b2_oracle.wrong_totals(whole) == []
    rows = b2_oracle.records(whole)
    expected = [
        *[(6, name) for name in b2_oracle.invoice_totals(rows[2:7])],
        *[(7, name) for name in b2_oracle.lot_totals(rows[1:8])],
        *[(8, name) for name in b2_oracle.file_totals(rows)],
    ]
    assert len(expected) == 5 + 7 + 2
    for rank, name in expected:
        last = next(end for field, _, end in positions.B2[b2_oracle.record_type(rows[rank])] if field == name)
        place = rank * 128 + last - 1
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert [text.split(":")[0] for text in b2_oracle.wrong_totals(changed)] == [
            f"{b2_oracle.record_type(rows[rank])}.{name}"
        ]


def test_seals_cover_every_byte_but_their_zone() -> None:
    rows = b2_oracle.records(b2_file())
    invoice = rows[2:7]
    seal = b2_oracle.seal_of_invoice(invoice)
    assert len(seal) == 32
    by_hex = int(hashlib.sha256(b"".join(invoice)).hexdigest()[:40], 16)  # the zone is blank in these records
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    assert seal == "".join(alphabet[by_hex >> shift & 31] for shift in range(155, -1, -5))
    sealed = [*invoice[:-1], invoice[-1][:96] + seal.encode()]
    assert b2_oracle.seal_of_invoice(sealed) == seal
    assert b2_oracle.seal_of_invoice([invoice[0][:-1] + b"X", *invoice[1:]]) != seal
    lot = b2_oracle.seal_of_lot(rows[1], [seal], rows[7])
    assert b2_oracle.seal_of_lot(rows[1], [seal], rows[7][:96] + lot.encode()) == lot
    assert b2_oracle.seal_of_lot(rows[1], [seal, seal], rows[7]) != lot
    with pytest.raises(ValueError, match="record 2 to its record 5"):
        b2_oracle.seal_of_invoice(rows[1:7])
    with pytest.raises(ValueError, match="record 1 to its record 6"):
        b2_oracle.seal_of_lot(rows[7], [seal], rows[1])
