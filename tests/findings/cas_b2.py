"""Smallest failing inputs of the findings on the counts, sums and keys of a B2 file."""

from collections.abc import Iterable
from functools import partial

from fse.base.findings import Finding
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import b2_facture, b2_file, b2_lot

B2 = b2_file(b2_lot(1, [b2_facture(1)]))
HEADER, LINE, TRAILER, LOT, END = (128 * rank for rank in (2, 3, 4, 5, 6))


def _at(place: int, text: bytes) -> Iterable[Finding]:
    return findings_of(changed(B2, place, text))


CAS: dict[str, Case] = {
    "b2.cle_discordante": partial(_at, LINE + 34, b"2"),
    "b2.nombre_lignes": partial(_at, TRAILER + 40, b"2"),
    "b2.somme_facture": partial(_at, TRAILER + 64, b"1"),
    "b2.lot_discordant": partial(_at, LOT + 53, b"2"),
    "b2.nombre_lot": partial(_at, LOT + 12, b"2"),
    "b2.somme_lot": partial(_at, LOT + 32, b"1"),
    "b2.marque_discordante": partial(_at, HEADER + 36, b"D"),
    "b2.nombre_fichier": partial(_at, END + 62, b"8"),
    "b2.enveloppe": partial(_at, END + 54, b"2"),
}
