"""Smallest failing inputs of the findings with which a practice or its journal refuses an invoice.

The last document of each case is the refused one; those before it are what the journal must hold first.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.practice import Practice
from fse.app.operations.reprise import reprise
from fse.app.operations.securiser import securiser
from fse.base.findings import Finding
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture, new_practice
from tests.findings.registry import Case

OTHER = "002345676"
"""A provider number with a right key, not of this practice."""

FIRST = facture("V-1")


def _numbered(reference: str) -> str:
    """An invoice to which the practice software gives the number 7."""
    return facture(reference).replace("<date_facture>", "<numero>7</numero><date_facture>", 1)


def _replacing(reference: str) -> str:
    """An invoice that corrects the invoice 1."""
    return facture(reference, before="<remplace>1</remplace>")


def _last(practice: Practice, documents: Iterable[bytes]) -> Iterable[Finding]:
    *before, refused = documents
    for entree in before:
        assert securiser(practice, entree, le=JOUR).factures
    return securiser(practice, refused, le=JOUR).constats


def _allocating(*documents: bytes) -> Iterable[Finding]:
    """In a practice where fse allocates the numbers."""
    with TemporaryDirectory() as folder, new_practice(Path(folder)) as practice:
        return _last(practice, documents)


def _supplying(*documents: bytes) -> Iterable[Finding]:
    """In a practice whose software supplies the numbers."""
    with TemporaryDirectory() as folder, new_practice(Path(folder)) as practice:
        (prestataire,) = practice.cabinet.prestataires
        cabinet = replace(practice.cabinet, prestataires=(replace(prestataire, numeros="fournis"),))
        return _last(replace(practice, cabinet=cabinet), documents)


def _reserved(*documents: bytes) -> Iterable[Finding]:
    """On a workstation to which the numbers 1 to 6 are reserved."""
    with TemporaryDirectory() as folder, new_practice(Path(folder)) as practice:
        (prestataire,) = practice.cabinet.prestataires
        reserved = replace(prestataire, numeros="fournis", premier_numero=1, dernier_numero=6)
        return _last(replace(practice, cabinet=replace(practice.cabinet, prestataires=(reserved,))), documents)


def _taken_over(*documents: bytes) -> Iterable[Finding]:
    """After previous software that gave the numbers up to 7."""
    told = f'cabinet = "essai"\n[[prestataires]]\nnumero = "{PRESTATAIRE}"\ndernier_numero = 7\n'.encode()
    with TemporaryDirectory() as folder, new_practice(Path(folder)) as practice:
        assert reprise(practice, told, dossier=Path(folder), auteur="essai", le=JOUR).prestataires
        (prestataire,) = practice.cabinet.prestataires
        cabinet = replace(practice.cabinet, prestataires=(replace(prestataire, numeros="fournis"),))
        return _last(replace(practice, cabinet=cabinet), documents)


CAS: dict[str, Case] = {
    "securisation.reference_personnelle": partial(_allocating, document(facture("1850975056000"))),
    "securisation.autre_cabinet": partial(_allocating, document(FIRST, cabinet="autre")),
    "securisation.prestataire_inconnu": partial(_allocating, document(FIRST.replace(PRESTATAIRE, OTHER, 1))),
    "securisation.numero_inattendu": partial(_allocating, document(_numbered("V-1"))),
    "securisation.numero_attendu": partial(_supplying, document(FIRST)),
    "securisation.destination_inconnue": partial(_allocating, document(FIRST.replace("<caisse>998", "<caisse>997", 1))),
    "securisation.reference_prise": partial(_allocating, document(FIRST), document(facture("V-1", patient=1))),
    "securisation.numero_pris": partial(_supplying, document(_numbered("V-1")), document(_numbered("V-2"))),
    "securisation.numero_hors_plage": partial(_reserved, document(_numbered("V-1"))),
    "securisation.numero_anterieur": partial(_taken_over, document(_numbered("V-1"))),
    "securisation.remplace_inconnue": partial(_allocating, document(_replacing("V-1"))),
    "securisation.remplace_en_attente": partial(_allocating, document(FIRST), document(_replacing("V-2"))),
    "securisation.deja_remplacee": partial(
        _allocating, document(FIRST), document(_replacing("V-2")), document(_replacing("V-3"))
    ),
}
