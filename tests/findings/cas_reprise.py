"""Smallest failing inputs of the findings that refuse a description of previous software.

The last description of each case is the refused one; those before it are what the journal must hold first.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.emettre import emettre
from fse.app.operations.reprise import reprise
from fse.app.operations.securiser import securiser
from fse.base.findings import Finding
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture, new_practice, signer
from tests.findings.registry import Case

HEAD = f'cabinet = "essai"\n[[prestataires]]\nnumero = "{PRESTATAIRE}"\ndernier_numero = 6\n'
OPEN = f'[[factures]]\nnumero = 5\ndate_facture = {JOUR}\nenvoyee_le = {JOUR}\ndemande_amo = 2100\norganisme = "998"\n'
OTHER = "002345676"
"""A provider number with a right key, not of this practice."""


def _told(*texts: str, csv: str = "", emitted: bool = False) -> Iterable[Finding]:
    """In a practice that has sent its invoice 1 in its lot 1 when `emitted`."""
    with TemporaryDirectory() as name, new_practice(Path(name)) as practice:
        folder = Path(name)
        (folder / "ouvertes.csv").write_text(csv, encoding="utf-8")
        if emitted:
            securiser(practice, document(facture("V-1")), le=JOUR)
            emettre(practice, folder / "envoi", lambda *_: signer(), le=JOUR)
        *before, refused = texts
        for text in before:
            assert reprise(practice, text.encode(), dossier=folder, auteur="essai", le=JOUR).prestataires
        return reprise(practice, refused.encode(), dossier=folder, auteur="essai", le=JOUR).constats


def _open(old: str = "", new: str = "") -> Case:
    """An open invoice of which something is written otherwise."""
    assert old in OPEN
    return partial(_told, HEAD + OPEN.replace(old, new, 1))


CAS: dict[str, Case] = {
    "reprise.cle_inconnue": _open("organisme", "organisation"),
    "reprise.cle_absente": _open("numero = 5\n"),
    "reprise.valeur": _open("2100", "21.00"),
    "reprise.colonnes": partial(_told, 'factures = "ouvertes.csv"\n' + HEAD, csv="numero;demande_amo\n5\n"),
    "reprise.en_double": partial(_told, HEAD + OPEN + OPEN),
    "reprise.autre_cabinet": partial(_told, HEAD.replace("essai", "autre", 1)),
    "reprise.prestataire_inconnu": partial(_told, HEAD.replace(PRESTATAIRE, OTHER, 1)),
    "reprise.lot_incomplet": partial(_told, HEAD + "dernier_lot = 3\n"),
    "reprise.date_future": _open(f"envoyee_le = {JOUR}", "envoyee_le = 2026-10-06"),
    "reprise.dates": _open(f"envoyee_le = {JOUR}", "envoyee_le = 2026-10-04"),
    "reprise.rien_attendu": _open("2100", "0"),
    "reprise.organisme_inconnu": _open('organisme = "998"', 'regime = "01"\ncaisse = "997"\ncentre = "0000"'),
    "reprise.reference_personnelle": _open("numero = 5", 'numero = 5\nreference = "1850975056000"'),
    "reprise.sans_reprise": partial(_told, 'cabinet = "essai"\n' + OPEN),
    "reprise.numero_posterieur": _open("numero = 5", "numero = 7"),
    "reprise.deja_faite": partial(_told, HEAD, HEAD.replace("6\n", "7\n")),
    "reprise.facture_differente": partial(_told, HEAD + OPEN, HEAD + OPEN.replace("2100", "2101")),
    "reprise.numero_securise": partial(_told, HEAD, emitted=True),
    "reprise.lot_constitue": partial(
        _told,
        HEAD.replace("= 6", "= 0") + f"dernier_lot = 1\ndate_dernier_lot = {JOUR}\n",
        emitted=True,
    ),
    "reprise.reference_prise": partial(
        _told,
        HEAD + OPEN.replace("= 5", '= 5\nreference = "A"'),
        HEAD + OPEN.replace("= 5", '= 6\nreference = "A"'),
    ),
}
