"""The NOEMIE oracle: physical layer undone as it was made, controls, transfers, identifiers."""

from __future__ import annotations

import pytest

from tests.oracles import b2_oracle, noemie_oracle, positions_noemie


def part(type_: str, asked: int, paid: int, sign: str = "P") -> bytes:
    amounts = {"montant_demande": f"{asked:08d}", "montant_rembourse": f"{paid:08d}"}
    return noemie_oracle.assemble(type_, amounts | {"niveau": "04", "etat": "P", "signe_rembourse": sign})


def invoice_102(number: int, lot: str) -> bytes:
    texts = {"niveau": "03", "numero_facture": f"{number:09d}", "numero_lot": lot, "date_lot": "250314"}
    return noemie_oracle.assemble("102", texts)


def transfer(label: str) -> bytes:
    texts = {"libelle_virement_1": label.ljust(32), "libelle_virement_2": "VIR 1".ljust(32)}
    return noemie_oracle.assemble("071", texts | {"niveau": "02", "organisme_payeur": "CPAM 999  "})


def control(ordinal: int, count: int, total: int, sign: str = "P") -> bytes:
    texts = {"identification_niveau": f"071{ordinal:014d}", "nombre": f"{count:08d}", "somme": f"{total:011d}"}
    return noemie_oracle.assemble("990", texts | {"niveau": "99", "signe_somme": sign})


def lump_sum(amount: int) -> bytes:
    return noemie_oracle.assemble("261", {"niveau": "03", "code_paiement": "ROSP1", "montant": f"{amount:08d}"})


def movement(operation: str, amount: int, sign: str = "P") -> bytes:
    texts = {"operation": operation, "montant": f"{amount:08d}", "signe_montant": sign, "solde": "0" * 8}
    return noemie_oracle.assemble("250", texts | {"niveau": "03", "reference_creance": "CREANCE001"})


def act(amo: int, local: int = 0, complementary: int = 0, sign: str = "P") -> bytes:
    """A 210 with its three amounts paid: reimbursed, Alsace-Moselle, complementary."""
    amounts = {"montant_rembourse": amo, "montant_alsace_moselle": local, "montant_complementaire": complementary}
    texts = {name: f"{amount:08d}" for name, amount in amounts.items()}
    return noemie_oracle.assemble("210", texts | {"niveau": "04", "signe_rembourse": sign})


def lot(number: str, day: str) -> bytes:
    return noemie_oracle.assemble("080", {"niveau": "02", "date_lot": day, "numero_lot": number})


RETURN = noemie_oracle.assemble("081", {"niveau": "02", "code_retour": "01", "lieu_execution": "001234567     "})
HEADER = noemie_oracle.assemble("000", {"numero_destinataire": "00000001234567"})
ENTITIES = [
    noemie_oracle.assemble("040", {"niveau": "02", "beneficiaire_reglement": "001234567".ljust(15)}),
    transfer("CPAM 999"),
    RETURN,
    invoice_102(1, "001"),
    part("198", 2100, 2100),
    part("199", 900, 900),
    invoice_102(2, "001"),
    part("198", 1750, 250, "N"),
    lump_sum(500),
    movement("RPR", 300),
    movement("PAI", 9999),
    control(1, 5, 2950),
    transfer("CPAM 998"),
    RETURN,
    invoice_102(3, "002"),
    part("198", 100, 0),
    noemie_oracle.assemble("294", {"niveau": "04", "libelle_rejet": "MOTIF @ 102".ljust(86)}),
    control(2, 1, 0),
]


RECORDS = 2 + 7  # 830 bytes of entities make 7 payloads of 127, with 000 and 999


def trailer(count: int, lots: int, total: int) -> bytes:
    texts = {"nombre_enregistrements": f"{count:08d}", "nombre_lots": f"{lots:03d}", "total": f"{total:011d}"}
    return noemie_oracle.assemble("999", texts | {"signe_total": "P"})


def noemie_file() -> bytes:
    return noemie_oracle.wrap(ENTITIES, HEADER, trailer(RECORDS, 2, 2950))


def test_the_physical_layer_is_undone_as_it_was_made() -> None:
    whole = noemie_file()
    rows = b2_oracle.records(whole)
    assert [row[:1] for row in rows] == [b"0"] * (len(rows) - 2) + [b"1", b"9"]
    entities = noemie_oracle.unwrap(whole)
    assert entities[1:-1] == ENTITIES
    assert noemie_oracle.wrap(entities[1:-1], entities[0], entities[-1]) == whole
    assert noemie_oracle.unwrap(b"\r\n".join(rows)) == entities
    assert noemie_oracle.unwrap(whole + whole) == entities * 2


def test_a_payload_that_fills_its_records_gets_no_padding() -> None:
    entities = [lump_sum(1)] * 127
    whole = noemie_oracle.wrap(entities, HEADER, trailer(21, 0, 0))
    assert len(whole) == 128 * 21
    assert noemie_oracle.unwrap(whole)[1:-1] == entities
    empty = noemie_oracle.wrap([], HEADER, trailer(3, 0, 0))
    assert len(noemie_oracle.unwrap(empty)) == 2


def test_unwrap_refuses_a_damaged_stream() -> None:
    whole = noemie_file()
    rows = b2_oracle.records(whole)
    for damaged, reason in [
        (b"".join(rows[1:]), "starts with 000"),
        (b"".join([*rows[:-2], rows[-1]]), "flag b'9'"),
        (b"".join(rows[:-1]), "999 expected"),
        (b"".join(rows[:-2]), "no record with flag 1"),
        (whole.replace(b"198", b"197", 1), "no known entity"),
        (whole.replace(b"@", b"*", 1), "no known entity"),
    ]:
        with pytest.raises(ValueError, match=reason):
            noemie_oracle.unwrap(damaged)


@pytest.mark.parametrize("type_", positions_noemie.NOEMIE)
def test_an_entity_cuts_into_what_assembled_it(type_: str) -> None:
    texts = {name: name[:1].upper() * (end - start + 1) for name, start, end in positions_noemie.NOEMIE[type_]}
    texts |= {"type": type_} | ({"terminateur": "@"} if "terminateur" in texts else {})
    entity = noemie_oracle.assemble(type_, texts)
    assert noemie_oracle.cut(entity) == texts
    assert "".join(texts.values()).encode() == entity


def test_controls_hold_and_each_change_is_seen() -> None:
    whole = noemie_file()
    assert noemie_oracle.wrong_controls(whole) == []
    one, two = noemie_oracle.groups(ENTITIES)
    assert one.control() == ("07100000000000001", 5, 2100 + 900 - 250 + 500 - 300)
    assert two.control() == ("07100000000000002", 1, 0)
    changed = noemie_oracle.wrap([*ENTITIES[:4], part("198", 2100, 2101), *ENTITIES[5:]], HEADER, whole[-128:])
    assert len(noemie_oracle.wrong_controls(changed)) == 1
    assert len(whole) == 128 * RECORDS
    for bad, name in [
        (trailer(RECORDS + 1, 2, 2950), "nombre_enregistrements"),
        (trailer(RECORDS, 3, 2950), "nombre_lots"),
        (trailer(RECORDS, 2, 2951), "total"),
    ]:
        assert [text.split(":")[0] for text in noemie_oracle.wrong_controls(whole[:-128] + bad)] == [f"999.{name}"]


def test_transfers_carry_labels_payer_and_the_sum_of_their_990() -> None:
    assert noemie_oracle.transfer_amounts(noemie_file()) == [
        ("CPAM 999", "VIR 1", "CPAM 999", 2950),
        ("CPAM 998", "VIR 1", "CPAM 999", 0),
    ]


def test_a_transfer_without_990_and_an_invoice_outside_a_transfer_are_refused() -> None:
    open_ended = noemie_oracle.wrap(ENTITIES[:4], HEADER, trailer(5, 1, 0))
    with pytest.raises(ValueError, match="no 990 closes"):
        noemie_oracle.transfer_amounts(open_ended)
    with pytest.raises(ValueError, match="outside the group"):
        noemie_oracle.groups([ENTITIES[0], ENTITIES[3]])


# --- what withholdings, lump sums and the older style bring, computed by hand ---------------------------------------


@pytest.mark.parametrize(
    ("entity", "centimes"),
    [
        (part("198", 2100, 2100), 2100),
        (part("199", 900, 250, "N"), -250),
        (lump_sum(30000), 30000),
        (movement("RPR", 5000), -5000),
        (movement("RPR", 5000, "N"), 5000),
        (movement("CIN", 5000), 0),
        (movement("PAI", 5000, "N"), 0),
        (act(1610), 1610),
        (act(1610, 460, 230), 2300),
        (act(1610, 460, 230, "N"), -2300),
        (act(0, 0, 690), 690),
        (invoice_102(1, "001"), 0),
        (control(1, 1, 5), 0),
    ],
)
def test_what_an_entity_brings_to_the_transfer(entity: bytes, centimes: int) -> None:
    assert noemie_oracle.paid(entity) == centimes


def test_a_transfer_where_more_is_withheld_than_paid_is_negative() -> None:
    """50,00 withheld, 21,00 paid: -29,00; alone, the withholding makes a transfer of -50,00."""
    entities = [
        ENTITIES[0],
        transfer("CPAM 999"),
        RETURN,
        invoice_102(1, "001"),
        part("198", 2100, 2100),
        movement("RPR", 5000),
        control(1, 2, 2900, "N"),
        transfer("CPAM 999"),
        RETURN,
        movement("RPR", 5000),
        control(2, 1, 5000, "N"),
    ]
    one, two = noemie_oracle.groups(entities)
    assert one.control() == one.written() == ("07100000000000001", 2, -2900)
    assert two.control() == two.written() == ("07100000000000002", 1, -5000)


def test_the_older_style_counts_its_invoices_and_sums_its_acts() -> None:
    """Two invoices in two lots of one day, a third in the first lot again: 3 invoices, 1 withholding, 2 lots.

    16,10 + 4,60 + 2,30 + 9,20 - 5,00 - 3,00 = 24,20.
    """
    invoice = noemie_oracle.assemble("100", {"niveau": "03", "numero_facture": "000000001"})
    reject = noemie_oracle.assemble("290", {"niveau": "04", "numero_ligne": "01", "codification": "0250 050".ljust(10)})
    opening = noemie_oracle.assemble("070", {"niveau": "02", "date_comptable": "250320"})
    closing = noemie_oracle.assemble(
        "990",
        {"niveau": "99", "identification_niveau": "07000000000000001", "nombre": "00000004", "signe_somme": "P"}
        | {"somme": "00000002420"},
    )
    entities = [
        ENTITIES[0],
        opening,
        lot("001", "250314"),
        invoice,
        act(1610, 460, 230),
        lot("002", "250314"),
        invoice,
        act(920),
        reject,
        lot("001", "250314"),
        invoice,
        act(500, sign="N"),
        movement("RPR", 300),
        closing,
    ]
    (group,) = noemie_oracle.groups(entities)
    assert group.control() == group.written() == ("07000000000000001", 4, 2420)
    assert noemie_oracle.named_lots([HEADER, *entities, trailer(1, 0, 0)]) == {
        ("001234567", "001", "250314"),
        ("001234567", "002", "250314"),
    }
    size = sum(map(len, entities))
    records = 2 + -(-size // 127)
    whole = noemie_oracle.wrap(entities, HEADER, trailer(records, 2, 2420))
    assert noemie_oracle.wrong_controls(whole) == []
    assert noemie_oracle.transfer_amounts(whole) == [("", "", "", 2420)]


def test_an_invoice_paid_by_two_transfers_is_counted_in_both_and_names_one_lot() -> None:
    entities = [
        ENTITIES[0],
        *(transfer("CPAM 999"), RETURN, invoice_102(1, "001"), part("198", 2100, 2100), control(1, 1, 2100)),
        *(transfer("MUTUELLE"), RETURN, invoice_102(1, "001"), part("199", 900, 900), control(2, 1, 900)),
    ]
    assert [group.control()[1:] for group in noemie_oracle.groups(entities)] == [(1, 2100), (1, 900)]
    assert len(noemie_oracle.named_lots([HEADER, *entities, trailer(1, 0, 0)])) == 1


# --- identifiers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw_text", "prestataire"),
    [
        ("001234567     ", "001234567"),
        ("     001234567", "001234567"),
        ("00000001234567", "001234567"),
        ("000000001234567", "001234567"),
        ("00123456701   ", "001234567"),
        ("00012345678901", ""),
        ("12345         ", ""),
        ("2A1234567     ", ""),
        ("              ", ""),
    ],
)
def test_identifiers_reduce_to_nine_characters(raw_text: str, prestataire: str) -> None:
    assert noemie_oracle.reduce_identifier(raw_text) == prestataire


def test_the_prestataire_is_the_first_that_is_not_blank() -> None:
    blank = " " * 14
    assert noemie_oracle.prestataire_of(blank, blank, "00000001234567") == "001234567"
    assert noemie_oracle.prestataire_of("007654321     ", "001234567      ", blank) == "007654321"
    assert noemie_oracle.prestataire_of("ILLISIBLE     ", "001234567      ", blank) == ""
