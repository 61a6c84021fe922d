"""Smallest failing inputs of the findings of framing."""

from collections.abc import Iterable
from functools import partial

from fse.base.findings import Finding
from tests.findings.registry import Case, changed, findings_of
from tests.norm.layout.samples import b2_file, noemie_file

B2, NOEMIE = b2_file(), noemie_file()
LAST_FLAG = len(NOEMIE) - 256


def _of(data: bytes) -> Iterable[Finding]:
    return findings_of(data)


CAS: dict[str, Case] = {
    "cadrage.fins_de_ligne": partial(_of, B2[:128] + b"\n" + B2[128:]),
    "cadrage.fichiers_concatenes": partial(_of, B2 + B2),
    "cadrage.octets_hors_fichier": partial(_of, b"?" + B2),
    "cadrage.enregistrement_court": partial(_of, B2[:200] + B2),
    "cadrage.tronque": partial(_of, B2[:-1]),
    "cadrage.fin_absente": partial(_of, B2[:-128]),
    "cadrage.drapeau": partial(_of, changed(NOEMIE, 128, b"2")),
    "cadrage.dernier_absent": partial(_of, changed(NOEMIE, LAST_FLAG, b"0")),
    "cadrage.apres_dernier": partial(_of, changed(NOEMIE, 128, b"1")),
}
