"""The X12 835 files that the peers read, read back here by hand: envelopes, counts, sums, the mix of claims."""

from __future__ import annotations

from decimal import Decimal

from benchmarks.peers import x12

SETS = 3
CONTENT = x12.interchange(range(SETS)).decode("ascii")
SEGMENTS = [one.strip().split("*") for one in CONTENT.split("~") if one.strip()]
CLAIMS = SETS * 100


def sets() -> list[list[list[str]]]:
    """The segments of each transaction set, ST to SE."""
    starts = [place for place, one in enumerate(SEGMENTS) if one[0] == "ST"]
    ends = [place for place, one in enumerate(SEGMENTS) if one[0] == "SE"]
    return [SEGMENTS[start : end + 1] for start, end in zip(starts, ends, strict=True)]


def test_the_head_has_the_length_that_tells_the_separators() -> None:
    head = CONTENT.split("\n")[0]
    assert len(head) == 106
    assert (head[3], head[104], head[105]) == ("*", ":", "~")


def test_envelopes_count_what_they_hold() -> None:
    assert [one[0] for one in SEGMENTS[:2]] == ["ISA", "GS"]
    assert SEGMENTS[-2:] == [["GE", str(SETS), "1"], ["IEA", "1", "000000001"]]
    assert len(sets()) == SETS
    for ordinal, one in enumerate(sets(), start=1):
        assert one[0] == ["ST", "835", f"{ordinal:04d}"]
        assert one[-1] == ["SE", str(len(one)), f"{ordinal:04d}"]


def test_the_first_claims_are_those_written_here() -> None:
    start = next(place for place, one in enumerate(SEGMENTS) if one[0] == "CLP")
    said = ["*".join(one) for one in SEGMENTS[start : start + 17]]
    assert said == [
        "CLP*000000001*4*25*0**MB*000000000001*11*1",
        "NM1*QC*1*MARTIN*ALEX****MI*W000000001",
        "DTM*232*20261119",
        "SVC*HC:99213*25*0**1",
        "DTM*472*20261119",
        "CAS*CO*45*25",
        "CLP*000000002*1*25.37*17.75*7.62*MB*000000000002*11*1",
        "NM1*QC*1*BERNARD*ALEX****MI*W000000002",
        "DTM*232*20261119",
        "SVC*HC:99213*25.37*17.75**1",
        "DTM*472*20261119",
        "CAS*PR*2*7.62",
        "CLP*000000003*1*25.74*25.74*0*MB*000000000003*11*1",
        "NM1*QC*1*DUBOIS*ALEX****MI*W000000003",
        "DTM*232*20261119",
        "SVC*HC:99213*25.74*25.74**1",
        "DTM*472*20261119",
    ]


def test_money_balances_in_each_claim_and_each_set() -> None:
    claims = denied = 0
    for one in sets():
        paid = Decimal(0)
        heads = [place for place, segment in enumerate(one) if segment[0] == "CLP"]
        for start, end in zip(heads, [*heads[1:], len(one) - 1], strict=True):
            charge, payment = Decimal(one[start][3]), Decimal(one[start][4])
            adjusted = sum((Decimal(segment[3]) for segment in one[start:end] if segment[0] == "CAS"), Decimal(0))
            assert charge - adjusted == payment >= 0
            (service,) = (segment for segment in one[start:end] if segment[0] == "SVC")
            assert (Decimal(service[2]), Decimal(service[3])) == (charge, payment)
            paid += payment
            claims += 1
            denied += one[start][2] == "4"
        assert Decimal(one[1][2]) == paid
    assert (claims, denied) == (CLAIMS, CLAIMS // 5)


def test_amounts_are_written_as_the_guide_wants() -> None:
    assert [x12.money(cents) for cents in (0, 5, 10, 100, 2550, 2557)] == ["0", "0.05", "0.1", "1", "25.5", "25.57"]


def test_the_provider_has_the_check_digit_of_an_npi() -> None:
    digits = [int(one) for one in "80840" + x12.NPI]  # the prefix that the check is computed with
    doubled = [digit if place % 2 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits[::-1], start=1)]
    assert sum(doubled) % 10 == 0


def test_a_file_without_contact_only_lacks_the_contact() -> None:
    bare = x12.interchange(range(1), ()).decode("ascii")
    full = x12.interchange(range(1)).decode("ascii")
    kept = [one for one in full.split("\n") if not one.startswith(("PER*", "SE*"))]
    assert [one for one in bare.split("\n") if not one.startswith("SE*")] == kept
    assert full.count("PER*") == 2
