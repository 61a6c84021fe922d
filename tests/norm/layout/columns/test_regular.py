"""Which way a content is read: by columns as long as it is regular, by the record codec from there on."""


import pytest

from fse.norm.layout import frame
from fse.norm.layout.columns import Account
from tests.norm.layout.columns.comparing import by_column, prove_equal
from tests.norm.layout.samples import (
    NOEMIE,
    b2_facture,
    b2_file,
    b2_lot,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
    noemie_rejet,
)


def account_of(data: bytes, window: int = 1 << 16) -> Account:
    account = prove_equal(data, window=window)
    assert account is not None
    return account


def long_b2(lines: int = 40) -> bytes:
    return b2_file(b2_lot(1, [b2_facture(1, lines), b2_facture(2)]))


# --- by columns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b2_file(), noemie_file()], ids=["b2", "noemie"])
def test_a_good_file_is_read_by_columns_alone(data: bytes) -> None:
    account = account_of(data)
    assert (account.relais, account.relues, account.inconnues, account.raison) == (None, 0, 0, "")


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\x1a", b"\x00" * 600 + b"\n"])
def test_files_may_follow_each_other(between: bytes) -> None:
    data = between.join([b"", b2_file(), noemie_file(), b2_file(), b""])
    for window in (600, 1 << 16):
        assert account_of(data, window).relais is None
    assert account_of(data).lignes["b2", "ps-2003", "000"] == 2


def test_a_label_may_hold_terminators_and_accents() -> None:
    labels = ["@", "A@B", "198@", "@@@ 10203@", "é@è", "@294041@"]
    entities = [entity for label in labels for entity in (*noemie_facture(1), noemie_rejet(libelle_rejet=label))]
    data = frame(NOEMIE, noemie_entities(noemie_group(1, entities, somme=0, nombre=6), total=0))
    for window in (600, 1 << 16):
        assert account_of(data, window).relais is None
    rows, _, _ = by_column(data)
    assert [row["libelle_rejet"] for row in rows["noemie", "ps-2007", "294"]] == labels


def test_a_field_that_does_not_read_costs_one_row() -> None:
    data = bytearray(long_b2())
    data[5 * 128 + 60] = ord("X")
    data[9 * 128 + 90] = ord(" ")
    account = account_of(bytes(data))
    assert (account.relais, account.relues) == (None, 2)


# --- handed over -----------------------------------------------------------------------------------------------------


def with_line_ends(data: bytes) -> bytes:
    return b"".join(data[start : start + 128] + b"\r\n" for start in range(0, len(data), 128))


IRREGULAR = {
    "bytes outside files": long_b2() + b"From: a@b" + long_b2(),
    "no edition reads this file": long_b2() + b2_file(version_norme="ZZ"),
    "a line end in the first record": with_line_ends(long_b2()),
    "a record has no known type": long_b2().replace(b2_facture(1)[1][:8], b"8" + b2_facture(1)[1][1:8], 1),
    "no file, or one that does not end": long_b2()[:-128],
    "a record may not stand where it does": long_b2() + b2_file(b2_lot(1, [b2_facture(1)])[:-1]),
    "a file starts inside another": long_b2()[: 30 * 128 + 60] + long_b2(),
    "the header of a lot names another edition": b2_file(
        b2_lot(1, [b2_facture(1, 40)]), [b2_lot(2, [])[0].replace(b"022003", b"072007"), *b2_lot(2, [b2_facture(2)])[1:]]
    ),
    "a flag is missing": noemie_file()[:384] + b"X" + noemie_file()[385:],
    "the last entity is cut": noemie_file().replace(b"@", b" "[:0], 0)[:-256] + b"1" + b"102 " * 31 + b"   " + noemie_file()[-128:],
    "an entity has no known type": noemie_file().replace(b"19904", b"77704", 1),
    "an entity does not end where it should": noemie_file().replace(b"@19804", b"0@19804"[1:][:0] + b"x19804", 1),
}


@pytest.mark.parametrize("reason", IRREGULAR)
def test_what_is_not_regular_is_handed_over(reason: str) -> None:
    accounts = [account_of(IRREGULAR[reason], window) for window in (700, 2000, 1 << 16)]
    assert reason in [account.raison for account in accounts]
    assert all(account.relais is not None for account in accounts)
    assert accounts[-1].relais == 0
    assert accounts[0].relais is not None
