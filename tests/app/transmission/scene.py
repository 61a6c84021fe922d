"""A practice that sends by itself and fetches its returns, its payer's mailbox or folder, and keys made once a process.

`RETOURS` answers the sheets of `ENTREE` as the simulated caisse does.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography.x509 import load_pem_x509_certificate

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.operations.transmission.envoyer import Envois, envoyer
from fse.app.operations.transmission.relever import Relevage, relever
from fse.domain.signature.envelope import seal_envelope
from fse.infra.engines import of
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12
from fse.infra.keys.trial_pki import create_test_encryption_key
from fse.infra.transport.entity import Attachment, build_entity
from tests.app.cabinet import (
    CABINET,
    JOUR,
    MOT_DE_PASSE,
    document,
    facture,
    key_folder,
    new_practice,
    prestation,
    reopen,
    signer,
)

ENTREE = document(facture("V-1"), facture("V-2", patient=1))
ENVOI, RETOUR = date(2026, 10, 6), date(2026, 10, 8)
PAR_DOSSIER = """
[envoi]
genre = "repertoire"
dossier = "oct"

[releve]
genre = "repertoire"
dossier = "arrivees"
"""
CERTIFIED = 'certificats = ["{0}/caisse.pem"]\nadresse = "{1}"\n'


@cache
def encryption_keys() -> Path:
    """A folder with the keys of the caisse and of the reception of the practice."""
    folder = Path(mkdtemp(prefix="fse-chiffre-"))
    for name in ("caisse", "reception"):
        create_test_encryption_key(folder, MOT_DE_PASSE, name, datetime(2026, 1, 1, tzinfo=UTC))
    return folder


@cache
def opener(name: str) -> OpenedSigner:
    """The key of the caisse or of the reception, opened."""
    return open_pkcs12(encryption_keys() / f"{name}.p12", MOT_DE_PASSE)


def certificate(name: str) -> bytes:
    return (encryption_keys() / f"{name}.pem").read_bytes()


def describe(
    folder: Path,
    *,
    ways: str = PAR_DOSSIER,
    encrypted: bool = True,
    releve: bool = True,
    cle: str = "reception",
    adresse: str = "fse@caisse.example",
) -> None:
    """Write the description of the practice: its payer's certificate named or not, `ways` ending with `[releve]`."""
    certified = CERTIFIED.format(encryption_keys(), adresse) if encrypted else ""
    reception = f'cle = "{encryption_keys()}/{cle}.p12"\n' if releve and cle else ""
    (folder / "cabinet.toml").write_text(CABINET + certified + ways + reception, encoding="utf-8")


def practice_with_outbox(
    folder: Path,
    *,
    ways: str = PAR_DOSSIER,
    encrypted: bool = True,
    releve: bool = True,
    adresse: str = "fse@caisse.example",
) -> Practice:
    """A practice whose sheets are signed and frozen in a file that waits to leave: a copy of one made once."""
    shutil.copytree(_outbox(encrypted), folder)
    describe(folder, ways=ways, encrypted=encrypted, releve=releve, adresse=adresse)
    return reopen(folder)


@cache
def _outbox(encrypted: bool) -> Path:
    folder = Path(mkdtemp(prefix="fse-attente-")) / "cabinet"
    new_practice(folder).close()
    describe(folder, encrypted=encrypted)
    for name in ("oct", "arrivees"):
        (folder / name).mkdir()
    with reopen(folder) as practice:
        securiser(practice, ENTREE, le=JOUR)
        emettre(practice, folder / "envoi", lambda *_: signer(), le=JOUR)
    return folder


def send(practice: Practice, le: date = ENVOI) -> Envois:
    return envoyer(practice, mot_de_passe=lambda: MOT_DE_PASSE, le=le)


def fetch(practice: Practice, le: date = RETOUR, password: str = MOT_DE_PASSE) -> Relevage:
    return relever(practice, mot_de_passe=lambda: MOT_DE_PASSE, mot_de_passe_cle=lambda: password, le=le)


def answers(practice: Practice, scenario: bytes = b"") -> list[bytes]:
    """What the simulated caisse answers to what the practice wrote."""
    (written,) = (practice.cabinet.folder / "envoi").glob("*.b2")
    signatures = {rank: one.read_bytes() for rank, one in enumerate(sorted(written.parent.glob("*.p7s")), start=1)}
    said = repondre(
        written.read_bytes(), signatures, read_scenario(scenario), RETOUR, [(key_folder() / "ancre.pem").read_bytes()]
    )
    return [one.contenu for one in said.fichiers]


def rows(practice: Practice, sql: str) -> list[dict[str, object]]:
    with practice.journal.reading() as reading:
        return of(reading.connection).rows(sql)


def states(practice: Practice) -> list[object]:
    return [row["etat"] for row in rows(practice, "SELECT etat FROM etat_facture ORDER BY numero")]


def digests(contents: Sequence[bytes]) -> list[str]:
    return [hashlib.sha256(one).hexdigest() for one in contents]


def emit_more(practice: Practice, *references: str) -> None:
    """One more file in the outbox."""
    securiser(practice, document(*(facture(one, patient=2) for one in references)), le=JOUR)
    emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)


def correct(practice: Practice, numero: int) -> None:
    """An invoice that corrects another, in a file of its own."""
    entree = document(facture(f"C-{numero}", before=f"<remplace>{numero}</remplace>", lignes=(prestation(2900),)))
    assert securiser(practice, entree, le=JOUR).factures
    emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)


def sealed(*files: tuple[str, bytes] | bytes, name: str = "reception") -> bytes:
    """These files in an entity, or one as it stands, encrypted for the holder of a key."""
    named = [Attachment(*one) for one in files if isinstance(one, tuple)]
    content = build_entity(named) if named else b"".join(one for one in files if isinstance(one, bytes))
    return seal_envelope(content, [load_pem_x509_certificate(certificate(name))])


def arrive(practice: Practice, name: str, content: bytes) -> Path:
    """A file that the OCT leaves for the practice."""
    path = practice.cabinet.folder / "arrivees" / name
    path.write_bytes(content)
    return path


def waiting(practice: Practice) -> list[str]:
    """What is still in the folder where returns come."""
    return sorted(one.name for one in (practice.cabinet.folder / "arrivees").iterdir())


def codes(done: Envois | Relevage) -> list[str]:
    """The findings of a run, those of its files or messages first."""
    items = done.fichiers if isinstance(done, Envois) else done.courriers
    return [one.code for item in items for one in item.constats] + [one.code for one in done.constats]
