"""Smallest failing inputs of the findings on the counts and sums of a return, ours and another program's."""

from collections.abc import Iterable
from functools import partial

from fse.base.findings import Finding
from fse.norm.layout import frame
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import (
    AMC,
    AMO,
    DAY,
    NOEMIE,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
)

OURS, OTHER = noemie_file(), noemie_file(programme_emetteur="AUTRE")
CONTROL = OURS.rindex(b"99099")
"""Offset of the last 990; its number, sum and level lie in one physical record."""
PAID = AMO + AMC


def _at(data: bytes, place: int, text: bytes) -> Iterable[Finding]:
    return findings_of(changed(data, place, text))


def _group_left_open(programme: str) -> Iterable[Finding]:
    group = noemie_group(1, noemie_facture(1), somme=PAID, nombre=1)[:-1]
    return findings_of(frame(NOEMIE, noemie_entities(group, total=0, programme_emetteur=programme)))


def _invoice_lost() -> Iterable[Finding]:
    entities = [*noemie_facture(1, amc=None), noemie_facture(2, amc=None)[1]]
    return findings_of(frame(NOEMIE, noemie_entities(noemie_group(1, entities, 2 * AMO, 1), total=2 * AMO)))


def _two_providers() -> Iterable[Finding]:
    group = noemie_group(1, noemie_facture(1), somme=PAID, nombre=1)
    group[2] = NOEMIE.build("081", {"code_retour": "01", "lieu_execution": "009876546"})
    return findings_of(frame(NOEMIE, noemie_entities(group, total=PAID)))


def _older_after_newer() -> Iterable[Finding]:
    newer = noemie_group(1, noemie_facture(1), somme=PAID, nombre=1)
    older = [
        NOEMIE.build("070", {"date_comptable": DAY}),
        NOEMIE.build("080", {"date_lot": DAY, "numero_lot": 1}),
        NOEMIE.build("261", {"code_paiement": "ROSP1", "montant": 100}),
        NOEMIE.build("990", {"identification_niveau": "07000000000000002", "nombre": 1, "somme": 100}),
    ]
    return findings_of(frame(NOEMIE, noemie_entities(newer, older, total=PAID + 100)))


CAS: dict[str, Case] = {
    "noemie.nombre": partial(_at, OURS, CONTROL + 29, b"7"),
    "noemie.nombre_suppose": partial(_at, OTHER, CONTROL + 29, b"7"),
    "noemie.somme": partial(_at, OURS, CONTROL + 40, b"7"),
    "noemie.somme_suppose": partial(_at, OTHER, CONTROL + 40, b"7"),
    "noemie.niveau": partial(_at, OURS, CONTROL + 21, b"7"),
    "noemie.niveau_suppose": partial(_at, OTHER, CONTROL + 21, b"7"),
    "noemie.cloture_absente": partial(_group_left_open, "FSE"),
    "noemie.cloture_absente_suppose": partial(_group_left_open, "AUTRE"),
    "noemie.enveloppe": partial(_at, OURS, len(OURS) - 128 + 54, b"8"),
    "noemie.enveloppe_suppose": partial(_at, OTHER, len(OURS) - 128 + 54, b"8"),
    "noemie.part_double": _invoice_lost,
    "noemie.prestataires_differents": _two_providers,
    "noemie.generations_melees": _older_after_newer,
    "noemie.non_couvert": partial(findings_of, OURS),
}
