"""CFONB 120: framing of every kind, amounts, labels; and any bytes give findings, or the one error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import UnreadableError
from fse.norm.codec.reading import read
from fse.norm.codec.releves import read_releves
from fse.norm.codec.statements import SIZE_MAX
from fse.norm.layout import load_edition
from fse.norm.model.releve import Solde
from tests.app.bank.statements import BANK, BRANCH, Movement, Statement, cfonb, cfonb_records, overpunch
from tests.norm.layout.rebuilding import rebuild

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
CUT = ("VIR SEPA RECU DE CPAM DU RHONE-", "ALPES REFERENCE 123", "TIERS PAYANT")
FIRST = Statement(
    MONDAY,
    TUESDAY,
    -1050,
    (Movement(TUESDAY, 11100, CUT, "REF 1"), Movement(MONDAY, -2500, ("CB PAPETERIE",))),
)
SECOND = Statement(TUESDAY, WEDNESDAY, FIRST.cloture)
OTHER = Statement(MONDAY, TUESDAY, 5, compte="0000000000B")
EDITION = load_edition("cfonb", "cfonb120")


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r", "\r\n\r\n"])
@pytest.mark.parametrize("banner", ["", "RELEVE DU 04/03/2026", "x" * 300])
def test_several_accounts_and_days_whatever_stands_between(end: str, banner: str) -> None:
    data = cfonb(FIRST, SECOND, OTHER, end=end, banner=banner)
    items = list(read([data]))
    assert rebuild(items) == data
    read_ = list(read_releves([data]))
    assert {constat.code for one in read_ for constat in one.constats} <= {"banque.ligne_etrangere"}
    assert [one.releve and one.releve.compte[-3:] for one in read_] == ["001", "001", "00B"]
    assert len({one.empreinte for one in read_}) == 3
    releve = read_[0].releve
    assert releve is not None
    assert (releve.compte, releve.devise, releve.ecart) == (f"{BANK}{BRANCH}00000000001", "EUR", 0)
    assert (releve.ouverture, releve.cloture) == (Solde(MONDAY, -1050), Solde(TUESDAY, 7550))
    assert releve.premier_jour == MONDAY, "a movement bears the day of the opening balance"
    credit, debit = releve.mouvements
    assert (credit.date_operation, credit.date_valeur, credit.montant) == (TUESDAY, TUESDAY, 11100)
    assert (credit.libelles, credit.reference) == ((*CUT, "".join(CUT)), "REF 1"), "the first label fills its zone"
    assert (debit.montant, debit.libelles) == (-2500, ("CB PAPETERIE",))
    assert read_[1].releve is not None
    assert read_[1].releve.premier_jour == WEDNESDAY


def test_the_digest_does_not_see_line_ends() -> None:
    one, other = (list(read_releves([cfonb(FIRST, end=end)])) for end in ("", "\r\n"))
    assert one[0].empreinte == other[0].empreinte
    assert next(iter(read_releves([one[0].contenu]))).empreinte == one[0].empreinte
    assert next(iter(read_releves([other[0].contenu]))).empreinte == one[0].empreinte


@pytest.mark.parametrize("size", [1, 7, 119, 120, 121, 1000])
def test_chunks_of_any_size_read_the_same(size: int) -> None:
    data = cfonb(FIRST, SECOND)
    assert list(read(data[start : start + size] for start in range(0, len(data), size))) == list(read([data]))


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_the_sign_is_in_the_last_digit(amount: int) -> None:
    layout = EDITION.layouts["07"]
    [record] = cfonb_records(Statement(MONDAY, TUESDAY, amount))[1:]
    values = layout.parse(record.encode())
    assert values["solde"] == amount
    assert layout.build(values).decode() == record
    assert overpunch(amount) == record[90:104]


@pytest.mark.parametrize(
    ("decimales", "digits", "centimes"),
    [
        (" ", "0000000000123D", 1234),
        ("0", "0000000000001B", 1200),
        ("3", "0000000001234{", 1234),
        ("1", "000000000001K", None),
    ],
)
def test_decimals_are_those_of_the_record(decimales: str, digits: str, centimes: int | None) -> None:
    layout = EDITION.layouts["07"]
    record = cfonb_records(Statement(MONDAY, TUESDAY, 0), decimales)[1]
    changed = (record[:90] + digits.rjust(14, "0") + record[104:]).encode()
    values = layout.parse(changed)
    assert values["solde"] == (-120 if centimes is None else centimes)
    assert layout.build(values) == changed


def test_less_than_a_centime_is_not_read() -> None:
    record = cfonb_records(Statement(MONDAY, TUESDAY, 1), "3")[1].encode()
    layout = EDITION.layouts["07"]
    assert layout.build(layout.parse(record)) == record
    assert not isinstance(layout.parse(record)["solde"], int)


def test_a_zero_below_nothing_is_a_zero() -> None:
    data = cfonb(Statement(MONDAY, TUESDAY, 0)).replace(b"0000000000000{", b"0000000000000}")
    [one] = read_releves([data])
    assert one.releve is not None
    assert {constat.code for constat in one.constats} == {"champ.signe_sur_zero"}


DAMAGE = {
    "cut at the end": (lambda data: data[:-40], "cadrage.tronque"),
    "a record cut short": (lambda data: data.replace(b"REF 1           \r\n", b"\r\n"), "cadrage.enregistrement_court"),
    "no closing balance": (lambda data: data[: 122 * 4], "cadrage.fin_absente"),
    "no opening balance": (lambda data: data[122:], "structure.parent_absent"),
    "a day that is not": (lambda data: data.replace(b"030326  030326VIR", b"310226  030326VIR"), "banque.illisible"),
    "an unknown record": (lambda data: data.replace(b"\r\n05", b"\r\n06", 1), "banque.illisible"),
    "a movement lost": (lambda data: data[: 122 * 4] + data[122 * 5 :], "banque.solde"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_is_damaged_is_set_aside(case: str) -> None:
    damage, code = DAMAGE[case]
    data = damage(cfonb(FIRST) + (cfonb(SECOND) if case == "no opening balance" else b""))
    [one, *_] = read_releves([data])
    assert code in {constat.code for constat in one.constats}
    assert any(constat.sets_aside for constat in one.constats)
    assert rebuild(list(read([data]))) == data


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"01", b"0" * 240, b"Date;Libelle;Montant\n", cfonb(FIRST)[:60]])
def test_what_is_no_statement_is_one_typed_error(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(read_releves([data]))


@pytest.mark.timeout(20)
def test_a_file_full_of_foreign_lines_is_read_at_once_and_said_once() -> None:
    """A megabyte of lines of one letter: it took a minute, and one finding each."""
    strange = b"X\n" * 500_000
    data = cfonb(FIRST) + strange + cfonb(SECOND)
    first, second = read_releves([data])
    assert [constat.code for constat in first.constats] == []
    assert [constat.code for constat in second.constats] == ["banque.ligne_etrangere"]
    assert rebuild(list(read([data]))) == data


def test_a_line_of_the_length_of_a_record_is_never_foreign() -> None:
    """Among short lines that are, it may be a movement: the statement is set aside."""
    lines = cfonb(FIRST).split(b"\r\n")
    for strange in (b"Z" * 120, b"  " + b"Z" * 120):
        [one] = read_releves([b"\r\n".join([lines[0], b"TITRE", b"PAGE 2", strange, *lines[1:]])])
        assert one.releve is None
        assert any(constat.sets_aside for constat in one.constats)


def test_what_is_too_long_is_one_typed_error() -> None:
    with pytest.raises(UnreadableError, match=r"lecture\.releve_trop_volumineux"):
        list(read_releves([cfonb(FIRST), b" " * SIZE_MAX]))
