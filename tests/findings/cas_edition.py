"""Smallest failing inputs of the findings on the edition of a file."""

from collections.abc import Iterable

from fse.base.findings import Finding
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import b2_file


def _hospital() -> Iterable[Finding]:
    return findings_of(b2_file(norme="CP")[:128])


def _lot_of_another_edition() -> Iterable[Finding]:
    return findings_of(changed(b2_file(), 128 + 81, b"062005"))


CAS: dict[str, Case] = {"edition.inconnue": _hospital, "edition.desaccord": _lot_of_another_edition}
