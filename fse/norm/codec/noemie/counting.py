"""What each entity of a return brings to its counts and sums, in both generations (noemie.md 1.3 and 1.3 bis).

All of it is our reading: the public sources say that 990 and 999 count and sum, not what. What an act line (210) of
the older generation pays is our choice too: its reimbursed, Alsace-Moselle and complementary amounts, with its one
sign. No source says that the details (262) of a lump sum make its amount: nothing is asked of them.
"""

from __future__ import annotations

from fse.norm.codec.checking import amount
from fse.norm.codec.noemie.fields import PARTS
from fse.norm.layout import EntityRow

OLDER = frozenset({"070", "080", "100", "110", "120", "150", "160", "210", "290"})
NEWER = frozenset({"071", "081", "102", "103", "198", "199", "294", "295"})
"""The entities that one generation has and the other has not."""

GENERATION = {type: one for one in (OLDER, NEWER) for type in one}
"""The generation of each of them."""

TRANSFERS = frozenset({"071", "070"})
"""What opens the group that a 990 closes."""

COUNTED = frozenset({"102", "100", "250", "261"})
"""What the count of a 990 counts: invoices and movements, at any depth of its group."""

LOTS = frozenset({"102", "080"})
"""What names a lot."""
LOTS_MAX = 1000
"""One more than three digits can announce: no need to remember more lots than that."""

WITHHELD = "RPR"
"""The one operation of a 250 that takes its amount from the transfer."""

PART_ENTITIES = frozenset(entite for entite, _ in PARTS.values())
PAYING = PART_ENTITIES | {"210", "250", "261"}
"""What may bring money to its transfer, or take some from it."""

_ACT_AMOUNTS = ("montant_alsace_moselle", "montant_complementaire")


def paid(row: EntityRow) -> int:
    """Centimes that an entity read by its layout brings to its transfer; negative when it takes some from it."""
    values = row.valeurs
    if row.type in PART_ENTITIES:
        return amount(values["montant_rembourse"])
    if row.type == "250":
        return -amount(values["montant"]) if is_withholding(row) else 0
    if row.type == "261":
        return amount(values["montant"])
    if row.type == "210":
        sign = -1 if values["signe_rembourse"] == "N" else 1
        return amount(values["montant_rembourse"]) + sign * sum(amount(values[name]) for name in _ACT_AMOUNTS)
    return 0


def is_withholding(row: EntityRow) -> bool:
    """True for a 250 that the transfer is reduced by; the other operations only tell what becomes of a debt."""
    return row.valeurs["operation"] == WITHHELD


def level_identification(opener: str, ordinal: int) -> str:
    """Positions 6-22 of the 990 that closes the 071 or 070 of this ordinal in its file (from 1): our convention."""
    return f"{opener}{ordinal:014d}"
