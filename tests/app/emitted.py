"""A practice whose sheets have left, and the answers of the simulated caisse: the start of every test of receiving.

Invoices 1 to 6: paid; AMO paid and AMC rejected; a line rejected; rejected; paid short; paid by the patient.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fse.app.caisse.repondre import Reponse, repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.app.operations.securiser import securiser
from fse.domain.reconciliation.relations import STORED
from fse.infra.engines import of
from fse.norm.codec.noemie.building import build
from fse.norm.model import RetourNoemie
from tests.app.cabinet import JOUR, document, facture, key_folder, new_practice, prestation, reopen, signer

RETOUR = date(2026, 10, 8)
SCENARIO = b"""
[[reponse]]
numero = 2
amc = { etat = "R" }
rejets = [{ code = "9921", niveau = "F", partie = "C" }]
[[reponse]]
numero = 3
rejets = [{ code = "9920", niveau = "L", ligne = 2 }]
[[reponse]]
numero = 4
amo = { etat = "R" }
rejets = [{ code = "0250", niveau = "F" }]
[[reponse]]
numero = 5
amo = { montant = 1800 }
"""

STATES = (
    "SELECT prestataire, numero, partie, demande, paye, retours, etat, derniere_le FROM etat_part "
    "ORDER BY prestataire, numero, partie"
)
DERIVED = tuple(f"SELECT * FROM {relation.name} ORDER BY {', '.join(relation.key)}" for relation in STORED)

Rows = list[dict[str, object]]


@cache
def _template() -> tuple[Path, Reponse]:
    folder = Path(mkdtemp(prefix="fse-emis-")) / "cabinet"
    two_lines = (prestation(3000, code="VG"), prestation(1000, code="MD"))
    entree = document(
        facture("V-1"),
        facture("V-2", patient=1),
        facture("V-3", patient=2, lignes=two_lines),
        facture("V-4", patient=3, destinataire="05"),
        facture("V-5", patient=1),
        facture("V-6", destinataire="00"),
    )
    with new_practice(folder) as practice:
        securiser(practice, entree, le=JOUR)
        (fichier,) = emettre(practice, folder / "envoi", lambda *_: signer(), le=JOUR).fichiers
    signatures = {rank: path.read_bytes() for rank, path in enumerate(fichier.signatures, start=1)}
    ancre = (key_folder() / "ancre.pem").read_bytes()
    return folder, repondre(fichier.chemin.read_bytes(), signatures, read_scenario(SCENARIO), RETOUR, [ancre])


def emitted_practice(folder: Path) -> Practice:
    """A copy of the practice whose sheets have left, in this folder."""
    shutil.copytree(_template()[0], folder)
    return reopen(folder)


def retour() -> RetourNoemie:
    """What the caisse answers, as a model."""
    return _template()[1].fichiers[0].retour


def noe() -> bytes:
    """What the caisse answers, as bytes."""
    return _template()[1].fichiers[0].contenu


def reordered() -> bytes:
    """The same answer with its invoices in the reverse order."""
    (groupe,) = retour().groupes
    (kind,) = groupe.retours
    turned = replace(kind, factures=tuple(reversed(kind.factures)))
    return build(replace(retour(), groupes=(replace(groupe, retours=(turned,)),)))


def renamed(identifiant: str) -> bytes:
    """The same answer under another file id: another file, for whoever receives it."""
    return build(replace(retour(), identifiant_fichier=identifiant))


@cache
def _answered_template() -> Path:
    folder = Path(mkdtemp(prefix="fse-repondu-")) / "cabinet"
    with emitted_practice(folder) as practice:
        receive(practice, noe())
    return folder


def answered_practice(folder: Path) -> Practice:
    """A copy of the same practice once it has received what the caisse answers, in this folder."""
    shutil.copytree(_answered_template(), folder)
    return reopen(folder)


def receive(practice: Practice, *contents: bytes) -> list[FichierRecu]:
    """Each content received, in order."""
    return [one for content in contents for one in recevoir(practice, [content], fichier="retour.noe", le=RETOUR)]


def rows(practice: Practice, sql: str) -> Rows:
    """The rows of a query on the journal."""
    with practice.journal.reading() as reading:
        return of(reading.connection).rows(sql)


def derived(practice: Practice) -> list[Rows]:
    """Every row that follows from the facts."""
    return [rows(practice, sql) for sql in DERIVED]


def with_line_ends(content: bytes, end: bytes = b"\r\n") -> bytes:
    """The content with a line end after every 128 bytes."""
    return b"".join(content[start : start + 128] + end for start in range(0, len(content), 128))
