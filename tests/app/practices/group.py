"""A practice of three: a doctor, a nurse, a speech therapist, each with a key, an invoice counter, lots."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.ecriture import FichierEmis
from fse.app.operations.practice import Practice, open_practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from tests.app.cabinet import CABINET, CLE, MOT_DE_PASSE, PRESTATAIRE, facture, new_practice, write_cabinet
from tests.app.emitted import RETOUR

MEDECIN, INFIRMIERE, ORTHOPHONISTE = PRESTATAIRE, "002345676", "003456787"
NOMS = {MEDECIN: "DR CAMILLE ESSAI", INFIRMIERE: "SACHA ESSAI", ORTHOPHONISTE: "LOU ESSAI"}
SPECIALITES = {MEDECIN: "01", INFIRMIERE: "24", ORTHOPHONISTE: "28"}
CLES = {MEDECIN: "praticien.p12", INFIRMIERE: "infirmiere.p12", ORTHOPHONISTE: "orthophoniste.p12"}

OTHERS = "".join(
    f'\n[[prestataires]]\nnumero = "{numero}"\nnom = "{NOMS[numero]}"\n'
    f'specialite = "{SPECIALITES[numero]}"\ncle = "{CLES[numero]}"\n'
    for numero in (INFIRMIERE, ORTHOPHONISTE)
)


def visit(prestataire: str, reference: str, **changes: int) -> str:
    """One invoice of a prestataire in XML."""
    return facture(reference, **changes).replace(PRESTATAIRE, prestataire)


def opened(folder: Path, text: str = CABINET + OTHERS) -> Practice:
    """The practice of this folder as this text describes it; its journal is made the first time."""
    if not (folder / "journal.sqlite").exists():
        new_practice(folder).close()
        for name in CLES.values():
            shutil.copy(key_folder() / name, folder / name)
    return open_practice(write_cabinet(folder, text), CLE)


@cache
def key_folder() -> Path:
    """A folder with the three keys, made once, and their anchors."""
    folder = Path(mkdtemp(prefix="fse-cles-"))
    for numero, name in CLES.items():
        create_test_key(folder, MOT_DE_PASSE, NOMS[numero], numero, datetime.now(UTC), fichier=name)
    return folder


@cache
def card(prestataire: str, remplacant: str = "") -> OpenedSigner:
    """The key of a prestataire, opened once."""
    return open_pkcs12(key_folder() / CLES[prestataire], MOT_DE_PASSE)


def anchors() -> list[bytes]:
    """The certificates that prove the three."""
    return [path.read_bytes() for path in sorted(key_folder().glob("*ancre.pem"))]


def answers(fichier: FichierEmis, scenario: str = "") -> list[bytes]:
    """What the simulated caisse answers to a file; it checks the signature of each lot."""
    signatures = {rank: path.read_bytes() for rank, path in enumerate(fichier.signatures, start=1)}
    answer = repondre(fichier.chemin.read_bytes(), signatures, read_scenario(scenario.encode()), RETOUR, anchors())
    return [one.contenu for one in answer.fichiers]


def receive(practice: Practice, contents: Iterable[bytes]) -> list[FichierRecu]:
    """Each content received, in order."""
    return [one for content in contents for one in recevoir(practice, [content], fichier="retour.noe", le=RETOUR)]
