"""X12 835 remittances (005010X221A1) for the peers: as many claims as a NOEMIE return has invoices, of the same mix.

Everything follows from the rank of a claim; nobody is in it. A claim has one service; half carry a patient share (an
adjustment PR), one in five is denied (status 4, adjustment CO, nothing paid). Each transaction set balances: what
is paid is what is charged less the adjustments, and BPR02 is the sum of its claims. Identifiers carry the check
digits that a validating peer checks. Written here because the peers that write at all write only what they have read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

CLAIMS = 100
"""Claims of a transaction set."""
NPI = "1234567893"
CONTACT = ("PER*CX*ESSAI*TE*5185550100", "PER*BL*ESSAI*TE*5185550100")
"""Whom to call at the payer: the guide wants the second. LinuxForHealth x12 0.57 can read neither: it is given none."""
_DAY, _VISIT = "20261120", "20261119"
_NAMES = ("MARTIN", "BERNARD", "DUBOIS", "THOMAS", "ROBERT")
_DENIED = 5
_SHARED = 2


def interchange(transactions: range, contact: Sequence[str] = CONTACT) -> bytes:
    """One interchange of these transaction sets, a segment a line."""
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'ESSAI998':<15}*ZZ*{'ESSAI0012345':<15}*261120*1200*^*00501*000000001*0*T*:",
        f"GS*HP*ESSAI998*ESSAI0012345*{_DAY}*1200*1*X*005010X221A1",
    ]
    for ordinal in transactions:
        segments += transaction(ordinal, contact)
    segments += [f"GE*{len(transactions)}*1", "IEA*1*000000001"]
    return "".join(f"{one}~\n" for one in segments).encode("ascii")


def transaction(ordinal: int, contact: Sequence[str]) -> list[str]:
    """A transaction set, ST to SE."""
    ranks = range(ordinal * CLAIMS, (ordinal + 1) * CLAIMS)
    control = f"{ordinal + 1:04d}"
    body = [
        f"ST*835*{control}",
        f"BPR*I*{money(sum(map(paid, ranks)))}*C*CHK************{_DAY}",
        f"TRN*1*V{ordinal + 1:09d}*1999999999",
        f"DTM*405*{_DAY}",
        "N1*PR*CAISSE ESSAI",
        "N3*1 RUE DE L ESSAI",
        "N4*ALBANY*NY*12207",
        *contact,
        f"N1*PE*DOCTEUR ESSAI*XX*{NPI}",
        "REF*TJ*999999999",
        "LX*1",
    ]
    for rank in ranks:
        body += claim(rank)
    return [*body, f"SE*{len(body) + 1}*{control}"]


def claim(rank: int) -> Iterator[str]:
    """The segments of a claim."""
    charge, left = charged(rank), charged(rank) - paid(rank)
    denied = rank % _DENIED == 0
    share = "" if denied else money(left)
    yield f"CLP*{rank + 1:09d}*{4 if denied else 1}*{money(charge)}*{money(paid(rank))}*{share}*MB*{rank + 1:012d}*11*1"
    yield f"NM1*QC*1*{_NAMES[rank % len(_NAMES)]}*ALEX****MI*W{rank + 1:09d}"
    yield f"DTM*232*{_VISIT}"
    yield f"SVC*HC:99213*{money(charge)}*{money(paid(rank))}**1"
    yield f"DTM*472*{_VISIT}"
    if left:
        yield f"CAS*{'CO*45' if denied else 'PR*2'}*{money(left)}"


def charged(rank: int) -> int:
    """Cents."""
    return 2500 + rank * 37 % 9000


def paid(rank: int) -> int:
    """Cents."""
    if rank % _DENIED == 0:
        return 0
    return charged(rank) * 7 // 10 if rank % _SHARED else charged(rank)


def money(cents: int) -> str:
    """As X12 writes an amount: no zero at the end of the decimals, no point when there are none."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
