"""A hand reader and a hand writer of the NOEMIE stream, with the control sums redone from the parts.

Sources: NOEMIE 1.2 (physical layer), 1.3 bis ("our conventions" for 990 and 999: ours, the norm's are not public), 1.4
and 1.5 (entities). Amounts are signed integer centimes. Every function raises ValueError on what it cannot read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.oracles.b2_oracle import lay, records
from tests.oracles.positions_noemie import (
    NOEMIE,
    NOEMIE_LENGTHS,
    NOEMIE_PAYLOAD,
    NOEMIE_RECORD,
    NOEMIE_WITHOUT_TERMINATOR,
)

TRANSFERS = ("071", "070")  # what opens the group that a 990 closes, in the newer and in the older style
COUNTED = ("102", "100", "250", "261")  # what the count of a 990 counts, at any depth under its 071 or 070


def entity_type(entity: bytes) -> str:
    """The three digits that an entity starts with."""
    return entity[:3].decode("latin-1")


def unwrap(data: bytes) -> list[bytes]:
    """All entities in order, 000 and 999 included; several logical files may follow one another.

    Payloads (127 bytes after the flag) are joined up to the flag 1, whose trailing blanks are padding; CR and LF
    between physical records are skipped; an entity is as long as its type says, and ends with `@`.
    """
    entities: list[bytes] = []
    rows = iter(records(data))
    for header in rows:
        if header[:3] != b"000":
            raise ValueError(f"a file starts with 000, not {header[:3]!r}")
        entities += [header, *_entities(_payload(rows))]
        trailer = next(rows, b"")
        if trailer[:3] != b"999":
            raise ValueError(f"999 expected after the flag 1, not {trailer[:3]!r}")
        entities.append(trailer)
    return entities


def _payload(rows: Iterable[bytes]) -> bytes:
    stream = b""
    for row in rows:
        if row[:1] not in (b"0", b"1"):
            raise ValueError(f"flag {row[:1]!r}: 0 or 1 expected")
        stream += row[1:]
        if row[:1] == b"1":
            return stream.rstrip(b" ")
    raise ValueError("no record with flag 1")


def _entities(stream: bytes) -> list[bytes]:
    found: list[bytes] = []
    place = 0
    while place < len(stream):
        length = NOEMIE_LENGTHS.get(entity_type(stream[place:]), 0)
        entity = stream[place : place + length]
        if not entity.endswith(b"@") or len(entity) != length:
            raise ValueError(f"no known entity at {place} of the stream: {stream[place : place + 5]!r}")
        found.append(entity)
        place += length
    return found


def wrap(entities: Iterable[bytes], header: bytes, trailer: bytes) -> bytes:
    """A file: 000, the entities in records of one flag byte and 127 bytes (0, and 1 on the last one, padded), 999."""
    if len(header) != NOEMIE_RECORD or len(trailer) != NOEMIE_RECORD:
        raise ValueError("000 and 999 have 128 bytes")
    stream = b"".join(entities)
    blocks = [stream[place : place + NOEMIE_PAYLOAD] for place in range(0, len(stream), NOEMIE_PAYLOAD)] or [b""]
    body = b"".join(b"0" + block for block in blocks[:-1])
    return header + body + b"1" + blocks[-1].ljust(NOEMIE_PAYLOAD) + trailer


def assemble(type_: str, texts: Mapping[str, str]) -> bytes:
    """An entity from texts of exactly the width of their fields, blanks elsewhere; type and `@` are put here."""
    ends = {} if type_ in NOEMIE_WITHOUT_TERMINATOR else {"terminateur": "@"}
    return lay(NOEMIE[type_], NOEMIE_LENGTHS[type_], {"type": type_} | ends | dict(texts))


def cut(entity: bytes) -> dict[str, str]:
    """The fields of an entity as raw texts."""
    type_ = entity_type(entity)
    table = NOEMIE.get(type_)
    if table is None or len(entity) != NOEMIE_LENGTHS[type_]:
        raise ValueError(f"no table for {entity[:5]!r} of {len(entity)} bytes")
    return {name: entity[start - 1 : end].decode("latin-1") for name, start, end in table}


def signed(digits: str, sign: str) -> int:
    """An amount in centimes and its sign byte, P or N."""
    if sign not in ("P", "N"):
        raise ValueError(f"sign {sign!r}: P or N expected")
    return int(digits) if sign == "P" else -int(digits)


def paid(entity: bytes) -> int:
    """What an entity brings to the transfer, in centimes.

    Paid in 198 and 199; lump sum of 261; minus what a 250 withholds (operation RPR). Older style, our choice: the three
    amounts paid of a 210 (reimbursed, Alsace-Moselle, complementary), all with its one sign.
    """
    type_ = entity_type(entity)
    if type_ not in ("198", "199", "210", "250", "261"):
        return 0
    fields = cut(entity)
    if type_ == "261":
        return int(fields["montant"])
    if type_ == "250":
        return -signed(fields["montant"], fields["signe_montant"]) if fields["operation"] == "RPR" else 0
    names = ["montant_rembourse"]
    if type_ == "210":
        names += ["montant_alsace_moselle", "montant_complementaire"]
    return sum(signed(fields[name], fields["signe_rembourse"]) for name in names)


@dataclass(slots=True)
class Group:
    """One 071 or 070 with the entities up to the 990 that closes it (None when nothing does).

    `ordinal` counts the 071 and 070 of the file, from 1.
    """

    ordinal: int
    opening: bytes
    closing: bytes | None = None
    members: list[bytes] = field(default_factory=list)

    def control(self) -> tuple[str, int, int]:
        """What the closing 990 must say: identification (17 characters), count, signed sum (NOEMIE 1.3 bis)."""
        count = sum(entity_type(entity) in COUNTED for entity in self.members)
        return f"{entity_type(self.opening)}{self.ordinal:014d}", count, sum(paid(entity) for entity in self.members)

    def written(self) -> tuple[str, int, int]:
        """What the closing 990 does say."""
        if self.closing is None:
            raise ValueError(f"no 990 closes the {entity_type(self.opening)} number {self.ordinal}")
        fields = cut(self.closing)
        total = signed(fields["somme"], fields["signe_somme"])
        return fields["identification_niveau"], int(fields["nombre"]), total


def logical_files(entities: Iterable[bytes]) -> list[list[bytes]]:
    """The entities of each logical file, 000 to 999."""
    found: list[list[bytes]] = []
    for entity in entities:
        if entity_type(entity) == "000":
            found.append([])
        found[-1].append(entity)
    return found


def groups(entities: Iterable[bytes]) -> list[Group]:
    """The 071 and 070 groups of one logical file, in order; a counted or paid entity outside any group is refused."""
    found: list[Group] = []
    opened = False
    for entity in entities:
        type_ = entity_type(entity)
        if type_ in TRANSFERS:
            found.append(Group(len(found) + 1, entity))
            opened = True
        elif type_ == "990" and opened:
            found[-1].closing, opened = entity, False
        elif opened and type_ not in NOEMIE_WITHOUT_TERMINATOR:
            found[-1].members.append(entity)
        elif type_ == "990" or type_ in COUNTED or paid(entity):
            raise ValueError(f"entity {type_} outside the group of a transfer")
    return found


def reduce_identifier(raw: str) -> str:
    """The 9 characters of a prestataire in a field of 14 or 15, blanks included; '' when it has none (NOEMIE 1.3 bis).

    9 digits: itself. A field full of digits, right-aligned: the last 9, when only zeros stand before. 11 digits: the
    first 9, the rest is a rank.
    """
    text = raw.strip()
    if not (text.isascii() and text.isdigit()):
        return ""
    if len(text) == 9:
        return text
    if len(text) == 11:
        return text[:9]
    full = len(text) == len(raw) > 9
    return text[-9:] if full and not text[:-9].strip("0") else ""


def prestataire_of(place: str, payee: str, recipient: str) -> str:
    """Prestataire of a return line: first non-blank of 081 (8-21), 040 (6-20), 000 (28-41), reduced to 9 characters."""
    return reduce_identifier(next((raw for raw in (place, payee, recipient) if raw.strip()), ""))


def named_lots(entities: Sequence[bytes]) -> set[tuple[str, str, str]]:
    """The distinct (prestataire, lot number, lot date) that the 102 and the 080 of a logical file name; 000 names none.

    An 080 has no place of the act: its prestataire is the payee, else the recipient.
    """
    lots: set[tuple[str, str, str]] = set()
    recipient = cut(entities[0])["numero_destinataire"]
    payee = place = ""
    for entity in entities:
        type_ = entity_type(entity)
        if type_ in ("020", "040"):
            payee, place = cut(entity)["beneficiaire_reglement"] if type_ == "040" else "", ""
        elif type_ in (*TRANSFERS, "080"):
            place = ""
        elif type_ == "081":
            place = cut(entity)["lieu_execution"]
        if type_ in ("102", "080") and cut(entity)["numero_lot"] != "000":
            fields = cut(entity)
            lots.add((prestataire_of(place, payee, recipient), fields["numero_lot"], fields["date_lot"]))
    return lots


def file_control(entities: Sequence[bytes]) -> dict[str, int]:
    """What the 999 must say (NOEMIE 1.3 bis): all 128-byte records, named lots, sum of the 990 as written."""
    size = sum(len(entity) for entity in entities if entity_type(entity) not in NOEMIE_WITHOUT_TERMINATOR)
    return {
        "nombre_enregistrements": 2 + max(1, -(-size // NOEMIE_PAYLOAD)),
        "nombre_lots": len(named_lots(entities)),
        "total": sum(group.written()[2] for group in groups(entities)),
    }


def wrong_controls(data: bytes) -> list[str]:
    """Every 990 and 999 of the files that differs from what its content gives; empty when all hold."""
    wrong: list[str] = []
    for entities in logical_files(unwrap(data)):
        for group in groups(entities):
            if group.written() != group.control():
                wrong.append(f"990 of transfer {group.ordinal}: {group.written()}, recomputed {group.control()}")
        trailer = cut(entities[-1])
        total = signed(trailer["total"], trailer["signe_total"])
        written = {name: int(trailer[name]) for name in ("nombre_enregistrements", "nombre_lots")} | {"total": total}
        expected = file_control(entities)
        wrong += [
            f"999.{name}: {written[name]}, recomputed {expected[name]}"
            for name in expected
            if written[name] != expected[name]
        ]
    return wrong


def transfer_amounts(data: bytes) -> list[tuple[str, str, str, int]]:
    """(label 1, label 2, payer, centimes) of each transfer, in order; the amount is the signed sum of its 990.

    A 070 has neither labels nor payer: blanks.
    """
    names = ("libelle_virement_1", "libelle_virement_2", "organisme_payeur")
    found: list[tuple[str, str, str, int]] = []
    for entities in logical_files(unwrap(data)):
        for group in groups(entities):
            fields = cut(group.opening)
            label_1, label_2, payer = (fields.get(name, "").rstrip() for name in names)
            found.append((label_1, label_2, payer, group.written()[2]))
    return found
