"""camt.053: the versions, the balances, the labels; and what is hostile or strange is one typed error."""

from dataclasses import replace
from datetime import date

import pytest

from fse.base.errors import UnreadableError
from fse.norm.codec.releves import read_releves
from fse.norm.codec.statements import SIZE_MAX
from fse.norm.model.releve import Solde
from tests.app.bank.statements import Movement, Statement, camt, cfonb

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
ONE = Statement(
    MONDAY,
    TUESDAY,
    -1050,
    (Movement(TUESDAY, 11100, ("CPAM 998", "VIR 1 & 2"), "R1"), Movement(TUESDAY, -2500, ())),
)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(9)
)


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 14)])
def test_every_version_gives_what_the_other_format_gives(version: str) -> None:
    [read] = read_releves([camt(ONE, version=version)])
    [other] = read_releves([cfonb(ONE)])
    assert read.constats == ()
    assert read.releve is not None
    assert other.releve is not None
    assert (read.releve.ouverture, read.releve.cloture) == (Solde(MONDAY, -1050), Solde(TUESDAY, 7550))
    assert read.releve.compte == other.releve.compte
    assert [(one.date_operation, one.montant) for one in read.releve.mouvements] == [(TUESDAY, 11100), (TUESDAY, -2500)]
    assert read.releve.mouvements[0].libelles == ("CPAM 998", "VIR 1 & 2")
    assert read.releve.mouvements[0].reference == "R1"


def test_the_archive_of_a_statement_reads_as_the_same_statement() -> None:
    """Whatever stands around it in its document."""
    first, second = read_releves([camt(ONE, Statement(TUESDAY, TUESDAY, ONE.cloture))])
    [again] = read_releves([first.contenu])
    assert (again.empreinte, again.releve) == (first.empreinte, first.releve)
    assert second.ordinal == 2
    spaced = camt(ONE).replace(b"<Stmt>", b"<!-- a comment --><Stmt >")
    assert next(read_releves([spaced])).empreinte == first.empreinte


def test_balances_of_other_names() -> None:
    """A previous closing balance opens; interim ones do, on the pages of a long statement; a branch closing is none."""
    data = camt(ONE)
    for opening, closing in (("PRCD", "CLBD"), ("ITBD", "ITBD")):
        [read] = read_releves([data.replace(b"OPBD", opening.encode()).replace(b"CLBD", closing.encode())])
        assert read.releve is not None
        assert (read.releve.ouverture.montant, read.releve.cloture.montant) == (-1050, 7550)


def test_what_is_not_booked_is_left() -> None:
    pending = (
        '<Ntry><Amt Ccy="EUR">99.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>'
        "<BookgDt><Dt>2026-03-03</Dt></BookgDt></Ntry>"
    )
    [read] = read_releves([camt(ONE, extra=pending)])
    assert read.releve is not None
    assert len(read.releve.mouvements) == 2
    assert [constat.code for constat in read.constats] == ["banque.en_attente"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("111.00", "111,00"),
        ("111.00", "111.001"),
        ("111.00", "1e3"),
        ("111.00", "-111.00"),
        ("CRDT", "CREDIT"),
        ("<Dt>2026-03-03</Dt></BookgDt>", "<Dt>2026-02-31</Dt></BookgDt>"),
        ("<Dt>2026-03-03</Dt></BookgDt>", "<Dt>hier</Dt></BookgDt>"),
    ],
)
def test_what_does_not_read_is_set_aside(old: str, new: str) -> None:
    [read] = read_releves([camt(ONE).replace(old.encode(), new.encode())])
    assert read.releve is None
    assert [constat.code for constat in read.constats] == ["banque.illisible"]


def test_decimals_that_say_nothing_are_read() -> None:
    [read] = read_releves([camt(ONE).replace(b"111.00", b"111.00000")])
    assert read.releve is not None
    assert read.releve.ecart == 0


HOSTILE = {
    "bomb": (camt(ONE, before=f"{BOMB}]>").replace(b"CPAM 998", b"&j;"), "lecture.releve_dtd"),
    "external entity": (
        camt(ONE, before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>').replace(b"CPAM 998", b"&e;"),
        "lecture.releve_dtd",
    ),
    "document type": (camt(ONE, before="<!DOCTYPE Document>"), "lecture.releve_dtd"),
    "no xml": (camt(ONE)[:-20], "lecture.releve_xml"),
    "unknown entity": (camt(ONE).replace(b"CPAM 998", b"&e;"), "lecture.releve_xml"),
    "version to come": (camt(ONE, version="14"), "lecture.releve_version"),
    "another message": (
        camt(ONE).replace(b"camt.053", b"camt.052") + b"<!-- camt.053.001.02 -->",
        "lecture.releve_version",
    ),
    "no statement": (camt(), "lecture.releve_version"),
    "too deep": (camt(ONE).replace(b"<GrpHdr>", b"<a>" * 300 + b"</a>" * 300 + b"<GrpHdr>"), "lecture.releve_xml"),
    "a tag of many attributes": (
        camt(ONE).replace(b"<GrpHdr>", b"<GrpHdr " + b" ".join(b'a%d=""' % number for number in range(40_000)) + b">"),
        "lecture.releve_xml",
    ),
    "no canonical form": (camt(ONE).replace(b"<BookgDt>", b'<BookgDt xmlns:a="b">', 1), "lecture.releve_xml"),
    "too long": (camt(ONE) + b" " * SIZE_MAX, "lecture.releve_trop_volumineux"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_hostile_is_one_typed_error(case: str) -> None:
    data, code = HOSTILE[case]
    with pytest.raises(UnreadableError) as refusal:
        list(read_releves([data]))
    assert refusal.value.code == code
    assert refusal.value.action.endswith(".")


def test_another_currency_is_set_aside() -> None:
    [read] = read_releves([camt(ONE).replace(b"EUR", b"CHF")])
    assert [constat.code for constat in read.constats] == ["banque.devise"]
    assert read.releve == replace(read.releve, devise="CHF")  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<Ntry><Amt Ccy="EUR">', b'<Ntry><Amt Ccy="USD">'),
        (b'<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">', b'<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="USD">'),
        (b"<Ccy>EUR</Ccy>", b"<Ccy>USD</Ccy>"),
    ],
)
def test_one_amount_in_another_currency_sets_the_statement_aside(before: bytes, after: bytes) -> None:
    data = camt(ONE)
    assert before in data
    [read] = read_releves([data.replace(before, after, 1)])
    assert [constat.code for constat in read.constats] == ["banque.devise"]
    assert read.releve is not None
    assert read.releve.devise == "USD"


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("<RltdPties><Dbtr><Nm>CABINET</Nm></Dbtr><Cdtr><Nm>CPAM 997</Nm></Cdtr></RltdPties>", "CPAM 997"),
        ("<RltdPties><UltmtCdtr><Pty><Nm>CPAM 997</Nm></Pty></UltmtCdtr></RltdPties>", "CPAM 997"),
        ("<RmtInf><Strd><AddtlRmtInf>VIR 12</AddtlRmtInf></Strd></RmtInf>", "VIR 12"),
        ("<Refs><InstrId>VIR 12</InstrId></Refs>", "VIR 12"),
        ("<Refs><PmtInfId>VIR 12</PmtInfId></Refs>", "VIR 12"),
    ],
)
def test_who_takes_money_back_and_every_reference_are_labels(written: str, label: str) -> None:
    """In a debit the payer is the creditor."""
    extra = (
        '<Ntry><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-03-03</Dt></BookgDt>"
        f"<NtryDtls><TxDtls>{written}</TxDtls></NtryDtls></Ntry>"
    )
    [read] = read_releves([camt(ONE, extra=extra)])
    assert read.releve is not None
    assert label in read.releve.mouvements[-1].libelles
