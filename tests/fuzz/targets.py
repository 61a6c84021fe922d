"""What is fuzzed: every reader of bytes that someone else wrote, with inputs to start from and its damage."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from random import Random

from tests.fuzz.bank import BANK
from tests.fuzz.exchanges import EXCHANGES
from tests.fuzz.law import Target
from tests.fuzz.messages import MESSAGES
from tests.fuzz.mutators import Mutator
from tests.fuzz.signatures import SIGNATURES
from tests.fuzz.texts import TEXTS

TARGETS: dict[str, Target] = {one.nom: one for one in (*MESSAGES, *BANK, *SIGNATURES, *TEXTS, *EXCHANGES)}
"""By name."""


@cache
def start(nom: str) -> tuple[list[bytes], Mutator]:
    """The inputs of a target to start from, and its damage."""
    target = TARGETS[nom]
    starts = target.inputs()
    return starts, target.mutator(starts)


def mutations(nom: str, seed: int, count: int) -> Iterable[bytes]:
    """So many inputs, the same for the same seed: what there is to start from, then one to four damages to it."""
    chance = Random(f"{nom}-{seed}")
    starts, mutate = start(nom)
    yield from starts[:count]
    for _ in range(count - len(starts)):
        data = chance.choice(starts)
        for _ in range(chance.choice([1, 1, 2, 4])):
            data = mutate(data, chance)[: TARGETS[nom].longueur]
        yield data
