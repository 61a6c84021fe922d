"""What a file says wrongly, because the scenario asks for it: a 990 that does not add up, another writer's mark.

Done on the bytes: the writer of returns computes its controls and cannot be told a wrong one. The 999 sums the 990s
as they stand, so that one fault is one fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fse.app.caisse.scenario import VirementVoulu
from fse.norm.codec.checking import amount
from fse.norm.codec.mapping import values_of
from fse.norm.codec.noemie import fields
from fse.norm.codec.noemie.building import EDITION, build
from fse.norm.layout import Value, frame
from fse.norm.model import RetourNoemie

_TETE, _CONTROLE, _PIED = "000", "990", "999"
_SAID = ("identification_niveau", "nombre", "somme")


def write(retour: RetourNoemie, virements: Sequence[VirementVoulu], programme: str | None) -> bytes:
    """The bytes of a file; `virements`: what the scenario says of each of its transfers, in order."""
    data = build(retour)
    if any(one.is_false for one in virements):
        data = _false_controls(data, retour, virements)
    return data if programme is None else _signed_by(data, programme)


def _false_controls(data: bytes, retour: RetourNoemie, virements: Sequence[VirementVoulu]) -> bytes:
    layout = EDITION.layouts[_CONTROLE]
    wanted = iter(virements)
    entities, total = [], 0
    for entity in _entities(data):
        if not entity.startswith(_CONTROLE.encode()):
            entities.append(entity)
            continue
        voulu, said = next(wanted), layout.parse(entity)
        changes: dict[str, Value] = {"nombre": voulu.faux_nombre, "somme": voulu.faux_somme}
        said |= {name: value for name, value in changes.items() if value is not None}
        entities.append(layout.build({name: said[name] for name in _SAID}))
        total += amount(said["somme"])
    size = EDITION.longueur
    counted = EDITION.layouts[_PIED].parse(data[-size:])
    trailer = {name: counted[name] for name in ("marque", "nombre_enregistrements", "nombre_lots")}
    end = EDITION.build(_PIED, values_of(retour, fields.FICHIER) | trailer | {"total": total})
    return frame(EDITION, [data[:size], *entities, end])


def _entities(data: bytes) -> Iterator[bytes]:
    """The entities between 000 and 999, out of the flagged records that hold them."""
    size, stream = EDITION.longueur, EDITION.stream
    assert stream is not None
    records = [data[start : start + size] for start in range(size, len(data) - size, size)]
    content = b"".join(record[1:] for record in records).rstrip(stream.bourrage)
    while content:
        longueur = EDITION.layouts[EDITION.named_type(content)].longueur
        yield content[:longueur]
        content = content[longueur:]


def _signed_by(data: bytes, programme: str) -> bytes:
    """The file with another writer's program in its envelope."""
    size = EDITION.longueur
    head, middle, end = bytearray(data[:size]), data[size:-size], bytearray(data[-size:])
    for record, type_ in ((head, _TETE), (end, _PIED)):
        span = EDITION.layouts[type_].span("programme_emetteur")
        record[span] = programme.encode().ljust(span.stop - span.start)
    return bytes(head) + middle + bytes(end)
