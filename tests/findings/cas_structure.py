"""Smallest failing inputs of the findings on how records follow and contain each other."""

from collections.abc import Iterable
from functools import partial

from fse.base.findings import Finding
from fse.norm.layout import frame
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import B2 as EDITION
from tests.norm.layout.samples import (
    DAY,
    NOEMIE,
    b2_facture,
    b2_file,
    b2_key,
    b2_lot,
    noemie_entities,
    noemie_facture,
    noemie_group,
)

B2 = b2_file()


def _of(data: bytes) -> Iterable[Finding]:
    return findings_of(data)


def _invoice_without_lines() -> Iterable[Finding]:
    header, _, trailer = b2_facture(1)
    return findings_of(b2_file(b2_lot(1, [[header, trailer]])))


def _group_without_type_of_return() -> Iterable[Finding]:
    group = noemie_group(1, noemie_facture(1), somme=2650, nombre=1)
    del group[2]
    return findings_of(frame(NOEMIE, noemie_entities(group, total=2650)))


def _details(*details: tuple[int, int]) -> Iterable[Finding]:
    """One line with a CCAM detail for each number and day of the month."""
    header, line, trailer = b2_facture(1)
    act = {"code_ccam": "DEQP003", "activite": "1", "phase": "0"}
    records = [
        EDITION.build("4M", b2_key(1) | act | {"sequence": rank, "date_seance": DAY.replace(day=day)})
        for rank, day in details
    ]
    return findings_of(b2_file(b2_lot(1, [[header, line, *records, trailer]])))


CAS: dict[str, Case] = {
    "structure.type_inconnu": partial(_of, changed(B2, 3 * 128, b"7")),
    "structure.succession": _invoice_without_lines,
    "structure.succession_supposee": _group_without_type_of_return,
    "structure.trop_nombreux": partial(_details, *((rank, 1) for rank in range(1, 28))),
    "structure.numero_de_detail": partial(_details, (2, 1)),
    "structure.date_decroissante": partial(_details, (1, 2), (2, 1)),
    "structure.parent_absent": partial(_of, B2[:128] + B2[256:]),
}
