"""A small practice for the tests of floor 5: its description, a warmed journal, invoices in XML, a test key.

What is slow (the key, the first compilation of a statement) is made once a process.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

from fse.app.operations.cabinet import Cabinet, load_cabinet
from fse.app.operations.practice import Practice, open_practice
from fse.infra.journal import Journal, secrets
from fse.infra.journal.secrets import Coffre
from fse.infra.journal.sqlite import open_engine
from fse.infra.keys import trial_pki
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12

CLE = "clé de test du journal"
MOT_DE_PASSE = "mot de passe de test"
PRESTATAIRE = "001234566"
JOUR = date(2026, 10, 5)

CABINET = f"""
cabinet = "essai"
marque = "T"
journal = "journal.sqlite"
taille_lot = 20

[emetteur]
type = "TP"
numero = "{PRESTATAIRE}"

[[prestataires]]
numero = "{PRESTATAIRE}"
nom = "DR CAMILLE ESSAI"
specialite = "01"
cle = "praticien.p12"

[[destinations]]
regime = "01"
caisse = "998"
centre = "0000"
organisme_destinataire = "998"
centre_informatique = "998"
type_destinataire = "CT"
"""

PATIENTS = (
    ("1850975056000", "81", "850912"),
    ("2720375112000", "56", "720304"),
    ("1490675113000", "87", "490621"),
    ("2010892044000", "55", "010817"),
)


def prestation(prix: int = 3000, *, code: str = "G", taux: int = 70, amc: bool = True) -> str:
    """One act line in XML; the complementary part is the rest of the base."""
    amo = prix * taux // 100
    rest = f"<montant_amc>{prix - amo}</montant_amc>" if amc else ""
    return (
        f"<prestation><date_soins>{JOUR}</date_soins><code_acte>{code}</code_acte><prix_unitaire>{prix}</prix_unitaire>"
        f"<base>{prix}</base><taux>{taux}</taux><montant_amo>{amo}</montant_amo>{rest}"
        f"<honoraires>{prix}</honoraires><lieu>0</lieu></prestation>"
    )


def facture(
    reference: str,
    *,
    patient: int = 0,
    mode: str = "S",
    destinataire: str = "15",
    lignes: tuple[str, ...] = (),
    before: str = "",
    nom: str = "Lefèvre",
) -> str:
    """One invoice in XML; `before` stands first (remplace, remplacant), before the prestataire."""
    nir, cle, naissance = PATIENTS[patient]
    amc = "<amc><numero_amc>99800001</numero_amc></amc>" if destinataire in ("15", "25") else ""
    lines = "".join(lignes) or prestation(amc=bool(amc))
    identity = f"<nom>{nom}</nom><prenom>Zoé</prenom>"
    return (
        f'<facture reference="{reference}" mode="{mode}">{before}<prestataire>{PRESTATAIRE}</prestataire>'
        f"<date_facture>{JOUR}</date_facture><assure><nir>{nir}</nir><cle_nir>{cle}</cle_nir><regime>01</regime>"
        f"<caisse>998</caisse><centre>0000</centre></assure><beneficiaire><date_naissance>{naissance}</date_naissance>"
        f"</beneficiaire><nature_assurance>10</nature_assurance><destinataire_reglement>{destinataire}"
        f"</destinataire_reglement>{amc}{lines}<contexte><source>carte</source><date_lecture>{JOUR}</date_lecture>"
        f"<identite_assure>{identity}</identite_assure><identite_beneficiaire>{identity}</identite_beneficiaire>"
        f"</contexte></facture>"
    )


def document(*factures: str, cabinet: str = "essai") -> bytes:
    """An input document of these invoices."""
    return f'<factures cabinet="{cabinet}">{"".join(factures)}</factures>'.encode()


def write_cabinet(folder: Path, text: str = CABINET) -> Cabinet:
    """The description of the practice, written and loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cabinet.toml").write_text(text, encoding="utf-8")
    return load_cabinet(folder / "cabinet.toml")


@contextmanager
def little_stretching() -> Iterator[None]:
    """Passwords of new journals and new test keys are stretched as little as may be: how much is written in them, and
    read there by whoever opens them. That they are stretched as they must be is in tests/infra.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(secrets._SCRYPT, "n", 2)
        patch.setattr(trial_pki, "_KDF_ROUNDS", 1)
        yield


@cache
def _template() -> tuple[Path, Coffre, Dialect]:
    """An empty journal, made once."""
    folder = Path(mkdtemp(prefix="fse-tests-"))
    with little_stretching(), open_practice(write_cabinet(folder), CLE) as practice:
        journal = practice.journal
    return folder / "journal.sqlite", journal.coffre, journal.engine.dialect


def put_journal(folder: Path) -> None:
    """An empty journal in the folder of a practice, where its description says."""
    shutil.copy(_template()[0], folder / "journal.sqlite")


def new_practice(folder: Path) -> Practice:
    """A practice with an empty journal in this folder."""
    write_cabinet(folder)
    put_journal(folder)
    return reopen(folder)


def reopen(folder: Path) -> Practice:
    """The practice of this folder, its journal opened again without stretching the key."""
    cabinet = load_cabinet(folder / "cabinet.toml")
    journal = Journal(_engine(cabinet.journal_path), cabinet.cabinet, cabinet.marque, _template()[1])
    return Practice(cabinet, journal, nouveau=False)


_COMPILED: MutableMapping[Any, Any] = LRUCache(1000)


def _engine(path: Path) -> Engine:
    """An engine on this file, which compiles no statement that another has compiled since the process began."""
    engine = open_engine(path)
    engine.dialect = _template()[2]
    engine.update_execution_options(compiled_cache=_COMPILED)
    return engine


@cache
def key_folder() -> Path:
    """A folder with `praticien.p12` and `ancre.pem`, made once."""
    folder = Path(mkdtemp(prefix="fse-cles-"))
    with little_stretching():
        trial_pki.create_test_key(folder, MOT_DE_PASSE, "DR CAMILLE ESSAI", PRESTATAIRE, datetime.now(UTC))
    return folder


@cache
def signer() -> OpenedSigner:
    """The test signer, opened once."""
    return open_pkcs12(key_folder() / "praticien.p12", MOT_DE_PASSE)
