"""What is fuzzed: every reader of bytes that someone else wrote, with inputs to start from and the damage that suits.

The law: any bytes give findings, or the one typed error of `fse.base.errors`. `prove` fails on anything else, and on an
input that takes more than `SECONDS`. Each reader adds what must hold of what it reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from zlib import crc32

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, serialize_key_and_certificates

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import Scenario, read_scenario
from fse.app.cli.reading_output import json_lines
from fse.app.cli.reading_ruler import ruled_lines
from fse.app.cli.reading_text import text_lines
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.lire import lire
from fse.app.operations.listes import load_lists
from fse.app.operations.verifier import verifier
from fse.base.errors import FseError
from fse.domain.signature.trust import read_anchors
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.norm.codec import documents, json, xml
from tests.app.cabinet import MOT_DE_PASSE, key_folder
from tests.fuzz.mutators import (
    Mutator,
    by_json_tree,
    by_pieces,
    by_xml_tree,
    damage,
    der_items,
    der_sequence,
    entities,
    frame_entities,
    lines,
    overwrite,
    records,
    tokens,
)
from tests.norm.layout.columns.comparing import prove_equal
from tests.norm.layout.rebuilding import rebuild

FIXTURES = Path(__file__).parents[2] / "fixtures"
CORPUS = Path(__file__).parent / "corpus"
SECONDS = 2.0
"""CPU time of one input of a few kilobytes; a hundred times the usual."""

NARROW = "\u202f"
"""The space inside amounts, which Python holds to be unprintable."""

BETWEEN = b"\n=====\n"
"""Between the parts of an input of `verifier`: the content, the anchor, the signature of each lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One reader. `prove` takes any bytes; `longueur` bounds an input (bytes), `lane` is how many CI tries."""

    nom: str
    read: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutator: Callable[[list[bytes]], Mutator]
    longueur: int = 2560
    lane: int = 500

    def inputs(self) -> list[bytes]:
        """What was kept of earlier runs, then the seeds."""
        return [*(path.read_bytes() for path in sorted((CORPUS / self.nom).glob("*"))), *self.seeds()]

    def prove(self, data: bytes) -> None:
        start = time.process_time()
        with suppress(FseError):
            self.read(data)
        spent = time.process_time() - start
        assert spent < SECONDS, f"{spent:.1f} s for {len(data)} bytes"


def contents(*patterns: str) -> list[bytes]:
    """The contents of these fixtures, each once, the smallest first."""
    found = {path.read_bytes() for pattern in patterns for path in FIXTURES.glob(pattern)}
    return sorted(found, key=lambda data: (len(data), data))


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="fse-fuzz-"))


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


# --- B2 and NOEMIE ----------------------------------------------------------------------------------------------------


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


def _of_records(seeds: list[bytes]) -> Mutator:
    return by_pieces(records, b"".join, seeds)


def _of_entities(seeds: list[bytes]) -> Mutator:
    by_entities, by_records = by_pieces(entities, frame_entities, seeds), _of_records(seeds)
    return lambda data, chance: (by_entities if chance.random() < 0.7 else by_records)(data, chance)


def _of_both(seeds: list[bytes]) -> Mutator:
    by_entities, by_records = _of_entities(seeds), _of_records(seeds)
    return lambda data, chance: (by_records if data[65:66] == b"B" else by_entities)(data, chance)


def _verifier(data: bytes) -> None:
    content, ancre, *signatures = [*data.split(BETWEEN), b""][: data.count(BETWEEN) + 2]
    result = verifier(content, [cms or None for cms in signatures], [ancre] if ancre else None)
    assert result.status in (0, 1, 4)


def _repondre(data: bytes) -> None:
    content, ancre, *signatures = [*data.split(BETWEEN), b""][: data.count(BETWEEN) + 2]
    given = {rank: cms for rank, cms in enumerate(signatures, start=1) if cms}
    repondre(content, given, Scenario(), date(2025, 3, 20), [ancre] if ancre else [])


@cache
def _ancre() -> bytes:
    return (key_folder() / "ancre.pem").read_bytes()


def _signed() -> list[bytes]:
    found = []
    for path in sorted(FIXTURES.glob("*/*/*.b2")):
        signatures = [one.read_bytes() for one in sorted(path.parent.glob(f"{path.stem}-*.p7s"))]
        for ancre in (b"", _ancre()) if signatures else (b"",):
            found.append(BETWEEN.join([path.read_bytes(), ancre, *signatures]))
    return found


def _of_signed(seeds: list[bytes]) -> Mutator:
    by_records = _of_records([seed.split(BETWEEN)[0] for seed in seeds])

    def mutate(data: bytes, chance: Random) -> bytes:
        parts = data.split(BETWEEN)
        rank = chance.randrange(len(parts))
        how = by_records if rank == 0 else overwrite if chance.random() < 0.8 else damage
        parts[rank] = how(parts[rank], chance)
        if chance.random() < 0.1:
            parts.append(chance.choice(parts))
        return BETWEEN.join(parts)

    return mutate


def _of_der(seeds: list[bytes]) -> Mutator:
    return lambda data, chance: (overwrite if chance.random() < 0.8 else damage)(data, chance)


def _anchors_to_read() -> list[bytes]:
    """One certificate: PEM, DER, and twice."""
    certificate = x509.load_pem_x509_certificate(_ancre())
    return [_ancre(), certificate.public_bytes(Encoding.DER), _ancre() * 2]


def _anchors(data: bytes) -> None:
    read_anchors([data])


@cache
def _keys() -> list[bytes]:
    """PKCS#12 files that are quick to open: one under a password, one in clear and without the sum that guards it."""
    opened = open_pkcs12(key_folder() / "praticien.p12", MOT_DE_PASSE)
    quick = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).hmac_hash(SHA256())
    protection = quick.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).build(b"x")
    guarded, clear = (
        serialize_key_and_certificates(b"x", opened.key, opened.certificate, [], how)
        for how in (protection, NoEncryption())
    )
    return [guarded, der_sequence(der_items(clear)[:2])]


def _pkcs12(data: bytes) -> None:
    open_pkcs12(_file("cle.p12", data), "x")


# --- text -------------------------------------------------------------------------------------------------------------


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
    cabinet = load_cabinet(_file("cabinet.toml", data))
    assert cabinet.zone


def _codes(data: bytes) -> None:
    """The list is named by the first line."""
    name, _, text = data.partition(b"\n")
    path = _file(f"codes/{'rejets' if name == b'rejets' else 'lettre_cle'}.csv", text)
    try:
        load_lists(path.parent)
    finally:
        path.unlink()


def _code_lists() -> list[bytes]:
    folder = FIXTURES.parent / "schemas" / "codes"
    names = ("rejets", "lettre_cle", "qualificatif")
    return [
        name.encode() + b"\n" + b"".join(lines((folder / f"{name}.csv").read_bytes())[:5])
        for name in names
        if (folder / f"{name}.csv").is_file()
    ]


TARGETS = {
    one.nom: one
    for one in (
        Target(nom="lire_b2", read=_lire, seeds=lambda: contents("b2/*/*.b2", "noemie/*/*.b2"), mutator=_of_records),
        Target(nom="lire_noemie", read=_lire, seeds=lambda: contents("noemie/*/*.noe"), mutator=_of_entities),
        Target(
            nom="colonnes", read=_columns, seeds=lambda: contents("*/*/*.b2", "*/*/*.noe"), mutator=_of_both, lane=200
        ),
        Target(nom="verifier", read=_verifier, seeds=_signed, mutator=_of_signed, longueur=16_384, lane=200),
        Target(nom="repondre", read=_repondre, seeds=_signed, mutator=_of_signed, longueur=16_384, lane=200),
        Target(nom="pkcs12", read=_pkcs12, seeds=_keys, mutator=_of_der, longueur=8192, lane=100),
        Target(nom="ancres", read=_anchors, seeds=_anchors_to_read, mutator=_of_der),
        Target(
            nom="xml",
            read=_document,
            seeds=_small_documents,
            mutator=lambda seeds: by_xml_tree(_of_text(seeds)),
            lane=300,
        ),
        Target(nom="json", read=_document, seeds=_small_json, mutator=lambda seeds: by_json_tree(_of_text(seeds))),
        Target(nom="scenario", read=_scenario, seeds=lambda: contents("*/*/scenario.toml"), mutator=_of_text),
        Target(nom="cabinet", read=_cabinet, seeds=lambda: contents("demo/cabinet.toml"), mutator=_of_text),
        Target(nom="codes", read=_codes, seeds=_code_lists, mutator=_of_text),
    )
}
"""By name."""


@cache
def start(nom: str) -> tuple[list[bytes], Mutator]:
    """The inputs of a target to start from, and its damage."""
    target = TARGETS[nom]
    return target.inputs(), target.mutator(target.seeds())


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
