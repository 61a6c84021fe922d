"""The readers of text: documents of invoices, scenarios of the payer, description and code lists of a practice."""

from __future__ import annotations

from fse.app.caisse.scenario import read_scenario
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.listes import load_lists
from fse.norm.codec import documents, json, xml
from tests.fuzz.law import FIXTURES, Target, contents, scratch
from tests.fuzz.mutators import Mutator, by_pieces, lines, tokens
from tests.fuzz.trees import by_json_tree, by_xml_tree


def _document(data: bytes) -> None:
    document, found = documents.read(data)
    assert (document is None) == any(one.is_error for one in found)
    if document is not None:
        assert xml.read(xml.build(document)) == (document, [])
        assert json.read(json.build(document)) == (document, [])


def _small_documents() -> list[bytes]:
    """The first invoices of the demo, in XML."""
    found = []
    for path in sorted((FIXTURES / "demo").glob("*.xml")):
        document, _ = documents.read(path.read_bytes())
        assert document is not None
        found += [xml.build(type(document)(cabinet="essai", factures=(one,))) for one in document.factures]
    return found


def _small_json() -> list[bytes]:
    read = [documents.read(data)[0] for data in _small_documents()]
    return [json.build(document) for document in read if document is not None]


def _of_text(seeds: list[bytes]) -> Mutator:
    by_tokens, by_lines = by_pieces(tokens, b"".join, seeds), by_pieces(lines, b"".join, seeds)
    return lambda data, chance: (by_tokens if chance.random() < 0.6 else by_lines)(data, chance)


def _scenario(data: bytes) -> None:
    read_scenario(data)


def _cabinet(data: bytes) -> None:
    cabinet = load_cabinet(scratch("cabinet.toml", data))
    assert cabinet.zone


def _codes(data: bytes) -> None:
    """The list is named by the first line."""
    name, _, text = data.partition(b"\n")
    path = scratch(f"codes/{'rejets' if name == b'rejets' else 'lettre_cle'}.csv", text)
    try:
        load_lists(path.parent)
    finally:
        path.unlink()


def _scenarios() -> list[bytes]:
    return contents("*/*/scenario.toml")


def _cabinets() -> list[bytes]:
    return contents("demo/cabinet.toml")


def _code_lists() -> list[bytes]:
    folder = FIXTURES.parent / "schemas" / "codes"
    names = ("rejets", "lettre_cle")
    return [name.encode() + b"\n" + b"".join(lines((folder / f"{name}.csv").read_bytes())[:5]) for name in names]


def _of_xml(seeds: list[bytes]) -> Mutator:
    return by_xml_tree(_of_text(seeds))


def _of_json(seeds: list[bytes]) -> Mutator:
    return by_json_tree(_of_text(seeds))


TEXTS = (
    Target(nom="xml", read=_document, seeds=_small_documents, mutator=_of_xml, lane=300),
    Target(nom="json", read=_document, seeds=_small_json, mutator=_of_json),
    Target(nom="scenario", read=_scenario, seeds=_scenarios, mutator=_of_text, longueur=8192),
    Target(nom="cabinet", read=_cabinet, seeds=_cabinets, mutator=_of_text, longueur=8192),
    Target(nom="codes", read=_codes, seeds=_code_lists, mutator=_of_text),
)
