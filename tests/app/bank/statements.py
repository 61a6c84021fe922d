"""Bank statements written by hand, in both formats, from plain values: nothing here is read by `fse` nor made with it.

Positions of CFONB 120 and element names of camt.053 are retyped from their description (noemie.md 3.4; ISO 20022).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

BANK, BRANCH, ACCOUNT = "99999", "00001", "00000000001"
IBAN = "FR7699999000010000000000115"
OTHER_ACCOUNT, OTHER_IBAN = "00000000099", "FR7699999000010000000009912"


@dataclass(frozen=True)
class Movement:
    """Signed centimes on a day, with its labels."""

    jour: date
    montant: int
    libelles: tuple[str, ...]
    reference: str = ""


@dataclass(frozen=True)
class Statement:
    """From the opening balance of a day to the closing balance of another."""

    avant: date
    apres: date
    ouverture: int
    mouvements: tuple[Movement, ...] = ()
    compte: str = ACCOUNT

    @property
    def cloture(self) -> int:
        return self.ouverture + sum(one.montant for one in self.mouvements)


def overpunch(amount: int) -> str:
    """14 characters; the last one is a digit and the sign."""
    digits = f"{abs(amount):014d}"
    return digits[:13] + ("{ABCDEFGHI" if amount >= 0 else "}JKLMNOPQR")[int(digits[13])]


def cfonb_records(one: Statement, decimales: str = "2") -> list[str]:
    """The records of 120 characters of a statement."""
    account = f"{BANK}    {BRANCH}EUR{decimales} {one.compte}  "

    def balance(kind: str, day: date, amount: int) -> str:
        return f"{kind}{account}{day:%d%m%y}{'':50}{overpunch(amount)}{'':16}"

    records = [balance("01", one.avant, one.ouverture)]
    for movement in one.mouvements:
        first, *others = movement.libelles or ("",)
        records.append(
            f"04{account}{movement.jour:%d%m%y}  {movement.jour:%d%m%y}{first:31.31}  0000000  "
            f"{overpunch(movement.montant)}{movement.reference:16.16}"
        )
        records += [f"05{account}{movement.jour:%d%m%y}     LIB{label:70.70}  " for label in others]
    records.append(balance("07", one.apres, one.cloture))
    assert all(len(record) == 120 for record in records)
    return records


def cfonb(*statements: Statement, end: str = "\r\n", banner: str = "") -> bytes:
    """A file of these statements; `end` may be nothing."""
    records = [record for one in statements for record in cfonb_records(one)]
    return "".join(line + end for line in ([banner] if banner else []) + records).encode("latin-1")


def _amount(amount: int) -> str:
    sign = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{abs(amount) // 100}.{abs(amount) % 100:02d}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _balance(code: str, day: date, amount: int) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _entry(one: Movement, version: str) -> str:
    status = "<Sts>BOOK</Sts>" if version < "08" else "<Sts><Cd>BOOK</Cd></Sts>"
    remittance = "".join(f"<Ustrd>{escape(label)}</Ustrd>" for label in one.libelles)
    reference = f"<AcctSvcrRef>{escape(one.reference)}</AcctSvcrRef>" if one.reference else ""
    return (
        f"<Ntry>{_amount(one.montant)}{status}<BookgDt><Dt>{one.jour}</Dt></BookgDt><ValDt><Dt>{one.jour}</Dt></ValDt>"
        f"{reference}<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"<RmtInf>{remittance}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def camt(*statements: Statement, version: str = "02", iban: str = IBAN, before: str = "", extra: str = "") -> bytes:
    """A camt.053 document of these statements; `before` stands after the XML declaration, `extra` in each statement."""
    bodies = "".join(
        f"<Stmt><Id>{number}-{one.apres}</Id><CreDtTm>{one.apres}T22:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id>"
        f"<Ccy>EUR</Ccy></Acct>{_balance('OPBD', one.avant, one.ouverture)}{_balance('CLBD', one.apres, one.cloture)}"
        f"{''.join(_entry(movement, version) for movement in one.mouvements)}{extra}</Stmt>"
        for number, one in enumerate(statements, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-01-01T00:00:00</CreDtTm></GrpHdr>{bodies}</BkToCstmrStmt></Document>"
    ).encode()


def credits(movements: Iterable[Movement]) -> int:
    """What these movements bring in all."""
    return sum(one.montant for one in movements)


def daily(opening: int, before: date, days: Sequence[tuple[date, Sequence[Movement]]]) -> list[Statement]:
    """One statement a day, each opening where the one before closed."""
    found, amount = [], opening
    for day, movements in days:
        found.append(Statement(before, day, amount, tuple(movements)))
        amount, before = found[-1].cloture, day
    return found
