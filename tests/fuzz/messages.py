"""The readers of B2, NOEMIE and ARL: by records (`lire`), and by columns, which must say the same."""

from __future__ import annotations

from zlib import crc32

from fse.app.cli.reading_output import json_lines
from fse.app.cli.reading_ruler import ruled_lines
from fse.app.cli.reading_text import text_lines
from fse.app.operations.lire import lire
from tests.fuzz.law import Target, contents
from tests.fuzz.mutators import Mutator, by_pieces, entities, frame_entities, records
from tests.norm.layout.columns.comparing import prove_equal
from tests.norm.layout.rebuilding import rebuild

NARROW = "\u202f"
"""The space inside amounts, which Python holds to be unprintable."""

_RENDERS = {0: json_lines, 1: text_lines, 2: ruled_lines}
"""One input in four is printed too: it costs more than to read it."""


def _lire(data: bytes) -> None:
    items = list(lire([data]))
    assert rebuild(items) == data
    render = _RENDERS.get(crc32(data) % 12)
    for line in render("x", items) if render else ():
        assert line.replace(NARROW, "").isprintable(), "what a file holds never drives a terminal"


def _columns(data: bytes) -> None:
    prove_equal(data, size=997, window=1024)


def of_records(seeds: list[bytes]) -> Mutator:
    return by_pieces(records, b"".join, seeds)


def _of_entities(seeds: list[bytes]) -> Mutator:
    by_entities, by_records = by_pieces(entities, frame_entities, seeds), of_records(seeds)
    return lambda data, chance: (by_entities if chance.random() < 0.7 else by_records)(data, chance)


def _of_both(seeds: list[bytes]) -> Mutator:
    by_entities, by_records = _of_entities(seeds), of_records(seeds)
    return lambda data, chance: (by_records if b"B2" in data[61:67] or b"ARL" in data[61:67] else by_entities)(
        data, chance
    )


MESSAGES = (
    Target(nom="lire_arl", read=_lire, seeds=lambda: contents("arl/*/*.arl"), mutator=of_records, lane=300),
    Target(nom="lire_b2", read=_lire, seeds=lambda: contents("b2/*/*.b2", "noemie/*/*.b2"), mutator=of_records),
    Target(nom="lire_noemie", read=_lire, seeds=lambda: contents("noemie/*/*.noe"), mutator=_of_entities),
    Target(
        nom="colonnes",
        read=_columns,
        seeds=lambda: contents("*/*/*.b2", "*/*/*.noe", "*/*/*.arl"),
        mutator=_of_both,
        lane=200,
    ),
)
