"""The readers of bank statements: CFONB 120 by records, camt.053 in XML, and what is printed of both."""

from __future__ import annotations

from zlib import crc32

from fse.app.cli.reading_output import json_lines
from fse.app.cli.reading_text import text_lines
from fse.app.operations.lire import lire
from fse.domain.bank.suite import broken
from fse.norm.codec.releves import ReleveLu, is_statement, read_releves
from tests.fuzz.law import Target, contents
from tests.fuzz.mutators import Mutator, by_pieces, lines, tokens
from tests.fuzz.trees import by_xml_tree
from tests.norm.layout.rebuilding import rebuild

NARROW = "\u202f"
"""The space inside amounts, which Python holds to be unprintable."""


def _statements(data: bytes) -> None:
    items = list(lire([data]))
    if not any(isinstance(item, ReleveLu) for item in items):
        assert rebuild(items) == data
    for line in (json_lines if crc32(data) % 2 else text_lines)("x", items):
        assert line.replace(NARROW, "").isprintable(), "what a file holds never drives a terminal"
    if not is_statement(data):
        return
    read = list(read_releves([data]))
    broken([one.releve for one in read])
    for one in read:
        sound = one.releve is not None and not any(constat.sets_aside for constat in one.constats)
        assert sound or one.constats, "what is not read says why"
        if sound and one.releve is not None:
            assert one.releve.ecart == 0
            [again] = read_releves([one.contenu])
            assert (again.empreinte, again.releve and again.releve.ecart) == (one.empreinte, 0)


def _of_records(seeds: list[bytes]) -> Mutator:
    return by_pieces(_cut, b"".join, seeds)


def _cut(data: bytes) -> list[bytes]:
    """The records of a statement, with or without line ends."""
    return lines(data) if b"\n" in data else [data[start : start + 120] for start in range(0, len(data), 120)]


def _of_xml(seeds: list[bytes]) -> Mutator:
    return by_xml_tree(by_pieces(tokens, b"".join, seeds))


BANK = (
    Target(nom="cfonb", read=_statements, seeds=lambda: contents("cfonb/*/*.cfo"), mutator=_of_records, lane=400),
    Target(
        nom="camt",
        read=_statements,
        seeds=lambda: contents("camt/*/*.xml"),
        mutator=_of_xml,
        longueur=8192,
        lane=300,
    ),
)
