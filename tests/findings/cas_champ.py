"""Smallest failing inputs of the findings of one field."""

from collections.abc import Iterable
from functools import partial

from fse.base.findings import Finding
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import b2_file, noemie_file

B2, NOEMIE = b2_file(), noemie_file()
FIRST_198 = NOEMIE.index(b"19804")
LINE = 3 * 128
"""Offset of the first record 4."""


def _b2(place: int, text: bytes) -> Iterable[Finding]:
    return findings_of(changed(B2, place, text))


def _noemie(place: int, text: bytes) -> Iterable[Finding]:
    return findings_of(changed(NOEMIE, place, text))


CAS: dict[str, Case] = {
    "champ.illisible": partial(_b2, LINE + 78, b"1A"),
    "champ.montant_illisible": partial(_noemie, FIRST_198 + 14, b"0000185O"),
    "champ.signe_sur_zero": partial(_noemie, NOEMIE.rindex(b"19904") + 22, b"N"),
    "champ.date_impossible": partial(_b2, LINE + 67, b"240230"),
    "champ.numerique_blanc": partial(_b2, LINE + 63, b"  "),
    "champ.blanc_occupe": partial(_b2, LINE + 52, b"X"),
    "champ.constante": partial(_b2, 2 * 128 + 35, b"a"),
    "champ.absent": partial(_b2, LINE + 73, b"    "),
    "champ.code_inconnu": partial(_b2, LINE + 120, b"7"),
    "champ.numero_faux": partial(_b2, LINE + 54, b"001234567"),
}
