"""A practice whose sheets have left and that has a bank account, and the answers that it receives."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, open_existing
from fse.app.operations.recevoir import FichierRecu, recevoir
from tests.app.bank.statements import IBAN, Movement, Statement, cfonb
from tests.app.cabinet import CABINET, CLE, reopen
from tests.app.emitted import RETOUR, emitted_practice

ACCOUNT = f"""
[[comptes]]
nom = "Compte du cabinet"
compte = "{IBAN}"
"""

PAID = 11100
"""What the answer of `tests.app.emitted` transfers: 21 + 9, 21, 28 - 7 + 12, 18 + 9, in euros."""

NEXT = RETOUR + timedelta(1)
LATER = RETOUR + timedelta(12)


@cache
def _template() -> Path:
    """The account is declared once, with the real opening of a journal: every copy has it."""
    folder = Path(mkdtemp(prefix="fse-banque-")) / "cabinet"
    emitted_practice(folder).close()
    (folder / "cabinet.toml").write_text(CABINET + ACCOUNT, encoding="utf-8")
    open_existing(load_cabinet(folder / "cabinet.toml"), CLE).close()
    return folder


def bank_practice(folder: Path) -> Practice:
    """A copy of it, in this folder."""
    shutil.copytree(_template(), folder)
    return reopen(folder)


def credit(montant: int = PAID, jour: date = NEXT, *, labels: tuple[str, ...] = ()) -> Movement:
    """What comes on the account, with the labels of the transfer unless others are given."""
    return Movement(jour, montant, labels or ("VIR SEPA RECU CPAM 998", "VIR OAS3J0-1"))


def statement(*movements: Movement, ouverture: int = 100_000, avant: date = RETOUR, apres: date = NEXT) -> Statement:
    """A statement of the day after the answer, unless said."""
    return Statement(avant, apres, ouverture, movements)


def take(practice: Practice, *contents: bytes, le: date = LATER) -> list[FichierRecu]:
    """Each content received, in order."""
    return [one for content in contents for one in recevoir(practice, [content], fichier="releve", le=le)]


def proving() -> bytes:
    """The statement that proves the transfer of the answer."""
    return cfonb(statement(credit(), Movement(NEXT, 2500, ("REMISE CARTES 123",))))
