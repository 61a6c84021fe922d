"""Counts, sums and keys of a B2 file: each one changed is found, and the oracle finds the same."""

import pytest

from fse.base.findings import Finding
from fse.norm.codec.b2.reading import raw_lots
from fse.norm.codec.reading import read, uncovered_fields
from fse.norm.layout import EntityRow
from tests.norm.layout.rebuilding import in_chunks
from tests.norm.layout.samples import B2, b2_facture, b2_file, b2_lot
from tests.oracles import b2_oracle

DATA = b2_file(b2_lot(7, [b2_facture(1), b2_facture(2, lignes=2)]), b2_lot(8, [b2_facture(3)]))
TOTALS = {
    "5": ("nombre_lignes", "total_honoraires", "total_amo", "part_assure", "total_amc"),
    "6": (
        *("nombre_factures", "nombre_lignes", "nombre_entetes", "nombre_totaux"),
        *("total_honoraires", "total_amo", "total_amc"),
    ),
    "999": ("nombre_enregistrements", "nombre_lots"),
}


def rows_of(data: bytes) -> list[EntityRow]:
    return [item for item in read([data]) if isinstance(item, EntityRow)]


def findings_of(data: bytes) -> list[Finding]:
    found: list[Finding] = []
    for item in read([data]):
        found.extend(item.constats if isinstance(item, EntityRow) else (item,) if isinstance(item, Finding) else ())
    return found


def codes_of(data: bytes) -> list[str]:
    return [finding.code for finding in findings_of(data)]


def test_the_oracle_agrees_that_the_good_file_is_good() -> None:
    assert b2_oracle.wrong_totals(DATA) == []
    assert codes_of(DATA) == []
    assert [row.brut for row in rows_of(DATA)] == in_chunks(DATA, 128)


def changed_totals() -> list[tuple[int, str, str]]:
    return [(row.rang, row.type, name) for row in rows_of(DATA) for name in TOTALS.get(row.type, ())]


@pytest.mark.parametrize(("rang", "kind", "name"), changed_totals())
def test_each_total_changed_is_found_where_it_stands(rang: int, kind: str, name: str) -> None:
    place = 128 * (rang - 1) + B2.layouts[kind].champ(name).fin - 1
    data = DATA[:place] + bytes([DATA[place] ^ 1]) + DATA[place + 1 :]
    assert any(text.startswith(f"{kind}.{name}:") for text in b2_oracle.wrong_totals(data))
    named = [finding for finding in findings_of(data) if finding.place.rang == rang]
    assert named
    assert all(finding.is_error and finding.code.startswith("b2.") for finding in named)
    unreadable = DATA[:place] + b"X" + DATA[place + 1 :]
    messages = [finding.message for finding in findings_of(unreadable) if finding.code.startswith("b2.")]
    assert any("X »" in message for message in messages)
    assert not any("Unparsed" in message for message in messages)


def test_sub_records_count_in_the_lot_and_not_in_the_invoice() -> None:
    header, line, trailer = b2_facture(1)
    detail = line[:35] + b"Z" + b" " * 92
    data = b2_file(b2_lot(1, [[header, header[:35] + b"Z" + b" " * 92, line, detail, trailer]]))
    assert set(codes_of(data)) == {"structure.type_inconnu"}
    assert [row.type for row in rows_of(data) if row.layout is None] == ["2Z", "4Z"]


def test_a_blank_complementary_number_is_nothing_said() -> None:
    """The norm leaves it blank, we fill it with zeros: both are absent, and neither is a finding."""
    for text in (b" " * 10, b"0" * 10):
        facture = b2_facture(1)
        facture[0] = facture[0][:118] + text
        data = b2_file(b2_lot(1, [facture]))
        assert codes_of(data) == []
        value = rows_of(data)[2].valeurs["numero_amc"]
        assert value is None or getattr(value, "is_blank", False)


def test_what_the_envelopes_do_not_cover_is_known() -> None:
    assert uncovered_fields(B2) == {
        "000": ["date_arrivee", "date_creation", "norme", "reserve_sesam", "message"],
        "999": [],
    }


def test_the_content_of_raw_lots_is_every_record_between_the_envelopes() -> None:
    contents = [lot.content for lot in raw_lots(rows_of(DATA))]
    assert b"".join(contents) == DATA[128:-128]
    assert [content[:1] + content[-128:-127] for content in contents] == [b"16", b"16"]
