"""Smallest failing inputs of the findings on an ARL."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from fse.base.findings import Finding
from fse.norm.codec.arl.building import build
from tests.findings.registry import Case, changed, findings_of
from tests.norm.codec.test_arl import FICHIER, RECU, REFUSE

ARL = build(FICHIER)
LOT, TRAILER = 128, 3 * 128
"""Offsets of the first LOT and of 999."""


def _at(place: int, text: bytes) -> Iterable[Finding]:
    return findings_of(changed(ARL, place, text))


def _of(*accuses: object) -> Iterable[Finding]:
    return findings_of(build(replace(FICHIER, accuses=accuses)))


CAS: dict[str, Case] = {
    "arl.nombre": partial(_at, TRAILER + 84, b"7"),
    "arl.enveloppe": partial(_at, TRAILER + 54, b"7"),
    "arl.marque_discordante": partial(_at, LOT + 110, b"D"),
    "arl.lot_contredit": partial(_of, RECU, replace(RECU, sens="N", cause="9950")),
    "arl.lot_illisible": partial(_at, LOT + 12, b"?"),
    "arl.sans_cause": partial(_of, replace(REFUSE, cause=None)),
    "arl.facture_en_trop": partial(_of, replace(RECU, numero_facture=3)),
}
