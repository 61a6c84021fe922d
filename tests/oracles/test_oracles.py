"""The oracles are right before they judge: independence, tables without holes, vectors of keys, B2 totals and seals."""

from __future__ import annotations

import ast
import hashlib
import sys
from pathlib import Path

import pytest

from tests.each import each
from tests.oracles import b2_oracle, keys, positions, positions_b2, positions_b2_shared, positions_noemie

HERE = Path(__file__).parent
B2_RECORDS = {
    f"{edition}-{type_}": (edition, type_) for edition, tables in positions_b2.B2_EDITIONS.items() for type_ in tables
}
B2_TABLES = {name: positions_b2.B2_EDITIONS[edition][type_] for name, (edition, type_) in B2_RECORDS.items()}


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


@each("edition, type_", B2_RECORDS)
def test_a_b2_record_is_covered_from_1_to_128(edition: str, type_: str) -> None:
    assert spans(positions_b2.B2_EDITIONS[edition][type_]) == list(range(1, 129))


@each("edition, type_", B2_RECORDS)
def test_a_sub_record_has_its_letter_where_its_key_block_ends(edition: str, type_: str) -> None:
    """At 36 behind the key of the PS layout, at 39 behind that of the norm CP; details keep the former (B2 3.5)."""
    table = positions_b2.B2_EDITIONS[edition][type_]
    letters = [start for name, start, _ in table if name == "sous_type"]
    if ("rang_beneficiaire", 27, 29) in table:
        assert letters == ([39] if len(type_) == 2 else [])
        assert edition in ("cp-2003", "cp-2005-e")
        assert type_ in ("2", "2S", "3", "3S", "3E", "4", "5")
    else:
        assert letters == ([36] if len(type_) == 2 or type_ in ("2", "4") else [])


def test_replacing_fields_keeps_their_bytes() -> None:
    table = [("a", 1, 2), ("b", 3, 4), ("c", 5, 5)]
    assert positions_b2_shared.replaced(table, ["b"], [("x", 3, 3), ("y", 4, 4)]) == [
        *table[:1],
        *[("x", 3, 3), ("y", 4, 4)],
        *table[2:],
    ]
    for names, by in ((["b"], [("x", 3, 3)]), (["z"], [("x", 3, 4)]), (["a"], [("x", 3, 4)])):
        with pytest.raises(ValueError, match="do not cover"):
            positions_b2_shared.replaced(table, names, by)


@each("type_", {type_: type_ for type_ in positions_noemie.NOEMIE})
def test_a_noemie_entity_is_covered_to_its_length_and_its_terminator(type_: str) -> None:
    table = positions_noemie.NOEMIE[type_]
    length = positions_noemie.NOEMIE_LENGTHS[type_]
    assert spans(table) == list(range(1, length + 1))
    has_terminator = table[-1] == ("terminateur", length, length)
    assert has_terminator == (type_ not in positions_noemie.NOEMIE_WITHOUT_TERMINATOR)


@each("table", {**B2_TABLES, **positions_noemie.NOEMIE})
def test_names_are_unique_and_fillers_say_where_they_start(table: list[positions.Position]) -> None:
    names = [name for name, _, _ in table]
    assert len(set(names)) == len(names)
    assert all(name == f"blanc_{start}" for name, start, _ in table if name.startswith("blanc_"))


def test_what_is_personal_stands_in_its_entity() -> None:
    for type_, names in positions_noemie.PERSONAL.items():
        assert names <= {name for name, _, _ in positions_noemie.NOEMIE[type_]}


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


@each("edition, type_", B2_RECORDS)
def test_a_record_cuts_into_what_assembled_it(edition: str, type_: str) -> None:
    """Filled with digits: a letter at 36 or 39 would make another type of it."""
    table = positions_b2.B2_EDITIONS[edition][type_]
    texts = {name: str(rank % 10) * (end - start + 1) for rank, (name, start, end) in enumerate(table)}
    texts |= {"type": type_[0]} if len(type_) == 2 else {"type": type_}
    texts |= {"sous_type": type_[1:] or " "} if "sous_type" in texts else {}
    record = b2_oracle.assemble(type_, texts, edition)
    assert b2_oracle.record_type(record) == type_
    assert b2_oracle.cut(record, edition) == texts
    assert "".join(texts.values()).encode() == record


def test_an_unknown_sub_record_is_known_by_its_key_and_its_letter() -> None:
    record = b2_oracle.assemble("4Z", KEY)
    assert b2_oracle.record_type(record) == "4Z"
    assert b2_oracle.cut(record)["numero_facture"] == "000000001"
    for type_, edition in (("3", "ps-2003"), ("3S", "ps-2003"), ("7", "cp-2003")):
        with pytest.raises(ValueError, match="no table"):
            b2_oracle.positions_of(type_, edition)


@pytest.mark.parametrize(
    ("norme", "code_norme", "numero_version", "edition"),
    [
        ("PS  ", "PS", "022003", "ps-2003"),
        ("PS  ", "PS", "062005", "ps-2005"),
        ("PS  ", "PS", "062007", "ps-2003"),
        ("PS  ", "CP", "062005", "ps-2003"),
        ("FR  ", "PS", "062005", "ps-2005"),
        ("CP  ", "CP", "022003", "cp-2003"),
        ("CP  ", "CP", "062005", "cp-2005-e"),
        ("CP  ", "PS", "062005", "cp-2003"),
    ],
)
def test_an_edition_is_told_by_the_file_then_by_its_first_lot(
    norme: str, code_norme: str, numero_version: str, edition: str
) -> None:
    head = b2_oracle.assemble("000", {"norme": norme})
    lot = b2_oracle.assemble("1", {"code_norme": code_norme, "numero_version": numero_version})
    assert b2_oracle.edition_of([head, lot]) == edition
    assert b2_oracle.edition_of([head, b2_oracle.assemble("999", {})]) == edition[:2] + "-2003"


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


def cp_file() -> bytes:
    """A stay of two lines with their suite, then a fee: totals by kind of line, computed by hand."""
    key = KEY | {"rang_beneficiaire": "001"}

    def put(type_: str, **texts: str) -> bytes:
        own = key if type_ in ("2", "2S", "3", "3S", "4", "5") else KEY if len(type_) == 2 else {}
        return b2_oracle.assemble(type_, own | texts, "cp-2005-e")

    return b"".join(
        [
            put("000", norme="CP  "),
            put("1", code_norme="CP", numero_version="062005"),
            put("2"),
            put("2S"),
            put("3", base="00010000", montant_amo="00008000", montant_facture="00012000", montant_amc="0001500"),
            put("3S"),
            put("3", base="00000500", montant_amo="00000000", montant_facture="00000500", montant_amc="0000000"),
            put("4", honoraires="0003000", montant_amo="0002100", montant_amc="000900"),
            put("4M"),
            put(
                "5",
                nombre_lignes="005",
                total_base_sejour="00010500",
                total_amo_sejour="00008000",
                total_honoraires="00003000",
                total_amo_honoraires="00002100",
                part_assure="99999999",
                total_amc_sejour="00001500",
                total_amc_honoraires="00000900",
                total_facture_sejour="00012500",
            ),
            put(
                "6",
                nombre_factures="001",
                nombre_lignes="0005",
                nombre_entetes="0002",
                nombre_totaux="001",
                total_honoraires="000015500",
                total_amo="000010100",
                total_amc="000002400",
            ),
            put("999", nombre_enregistrements="00000012", nombre_lots="001"),
        ]
    )


def test_right_totals_of_the_norm_cp_hold_and_each_wrong_one_is_named() -> None:
    whole = cp_file()
    assert b2_oracle.wrong_totals(whole) == []
    rows = b2_oracle.records(whole)
    for rank, number in ((9, 8), (10, 7)):
        kind = b2_oracle.record_type(rows[rank])
        totals = (
            b2_oracle.invoice_totals(rows[2:10], "cp-2005-e")
            if number == 8
            else b2_oracle.lot_totals(rows[1:11], "cp-2005-e")
        )
        assert len(totals) == number
        for name in totals:
            last = next(end for field, _, end in b2_oracle.positions_of(kind, "cp-2005-e") if field == name)
            place = rank * 128 + last - 1
            changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
            assert [text.split(":")[0] for text in b2_oracle.wrong_totals(changed)] == [f"{kind}.{name}"]


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
