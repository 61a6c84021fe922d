"""Smallest failing inputs of the findings of a statement entered by hand."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.actes.saisir import saisir
from fse.base.findings import Finding
from tests.app.cabinet import JOUR
from tests.app.emitted import RETOUR, emitted_practice
from tests.findings.registry import Case

HEADER = "numero;partie;etat;montant\n"
PAID = f"{HEADER}1;AMO;payee;21,00\n"


def _last(*statements: str, jour: object = RETOUR, total: int | None = None) -> Iterable[Finding]:
    """What is noticed of the last of these statements, all of one paper."""
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        for text in statements:
            done = saisir(
                practice,
                text.encode(),
                piece="relevé",
                jour=jour,  # type: ignore[arg-type]
                motif="essai",
                auteur="essai",
                total=total,
                le=RETOUR,
            )
        return done.constats


CAS: dict[str, Case] = {
    "releve.valeur": partial(_last, f"{HEADER}1;RO;payee;21,00\n"),
    "releve.facture": partial(_last, f"{HEADER}77;AMO;payee;21,00\n"),
    "releve.date": partial(_last, PAID, jour=JOUR.replace(day=JOUR.day - 1)),
    "releve.ligne_double": partial(_last, f"{PAID}1;AMO;payee;21,00\n"),
    "releve.deja_saisi": partial(_last, PAID, PAID),
    "releve.montant_eleve": partial(_last, f"{HEADER}1;AMO;payee;210,01\n"),
    "releve.total": partial(_last, PAID, total=2000),
}
