"""Smallest failing inputs of the findings on the edition of a file."""

from collections.abc import Iterable

from fse.base.findings import Finding
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import b2_file


def _a_version_nobody_knows() -> Iterable[Finding]:
    return findings_of(changed(b2_file(), 65, b"B9"))


def _lot_of_an_unknown_edition() -> Iterable[Finding]:
    return findings_of(changed(b2_file(), 128 + 81, b"062007"))


CAS: dict[str, Case] = {"edition.inconnue": _a_version_nobody_knows, "edition.desaccord": _lot_of_an_unknown_edition}
