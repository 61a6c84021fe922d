"""Smallest failing inputs of the findings on seals."""

from collections.abc import Iterable
from functools import partial

from fse.app.operations.verifier import verifier
from fse.base.findings import Finding
from tests.findings.registry import Case, changed
from tests.norm.layout.samples import b2_facture, b2_file, b2_lot

B2 = b2_file(b2_lot(1, [b2_facture(1)]))


def _at(place: int, text: bytes) -> Iterable[Finding]:
    return verifier(changed(B2, place, text)).constats


def _one_signature_too_many() -> Iterable[Finding]:
    return verifier(B2, [None, b"the signature of a lot that is not there"]).constats


CAS: dict[str, Case] = {
    "sceau.facture": partial(_at, 3 * 128 + 79, b"2"),
    "sceau.lot": partial(_at, 128 + 29, b"X"),
    "sceau.signature_sans_lot": _one_signature_too_many,
}
