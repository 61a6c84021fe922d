"""The three vocabularies of the overruns, retyped: what each says of its codes, and which say the same.

B2 6 and NOEMIE 1.7 print their lists; the convention's mentions and articles are those of the draft of 7 July 2011.
Which codes say the same is deduced from these meanings. The trap: the letter D of B2 is the agreed fee.
"""

from __future__ import annotations

# mention on the care sheet -> articles of the draft convention
CONVENTION: dict[str, tuple[str, ...]] = {
    "DE": ("42.1",),
    "DA": ("42.2",),
    "DM": ("42.3", "42.4"),
    "DP": ("35.2",),
}

# qualifier of record 4 -> meaning, B2 6 ("" where no source gives one)
B2: dict[str, str] = {
    "A": "authorised overrun outside the care path",
    "B": "A and D",
    "C": "",
    "D": "agreed fee",
    "E": "patient's demand",
    "F": "not prescribed",
    "G": "free",
    "I": "information only",
    "M": "",
    "N": "not reimbursable",
}

# qualifier of entity 210 -> meaning, NOEMIE 1.7 ("NJ" is of the lists sent to complementary insurers)
NOEMIE: dict[str, str] = {
    "AT": "work accident, third-party payment",
    "DD": "not prescribed",
    "DE": "patient's demand",
    "DF": "fortune",
    "DP": "permanent overrun",
    "ED": "agreed fee",
    "GR": "free",
    "NJ": "outside the care path and others",
    "NR": "not reimbursable",
    "S": "global fees, continued",
    "TM": "co-payment only",
}

_CONVENTION_MEANINGS = {
    "DE": "patient's demand",
    "DA": "authorised overrun outside the care path",
    "DM": "controlled overrun",
    "DP": "permanent overrun",
}


def _rows() -> list[tuple[str, str, str]]:
    """One row a meaning: (convention, b2, noemie), "" where a vocabulary has no code for it."""
    by_meaning: dict[str, list[str]] = {}
    for column, vocabulary in enumerate((_CONVENTION_MEANINGS, B2, NOEMIE)):
        for code, meaning in vocabulary.items():
            by_meaning.setdefault(meaning or f"unknown {code}", ["", "", ""])[column] = code
    return [(convention, b2, noemie) for convention, b2, noemie in by_meaning.values()]


ROWS = _rows()
