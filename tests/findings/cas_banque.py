"""Smallest failing inputs of the findings of bank statements."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.base.findings import Finding
from fse.norm.codec.releves import read_releves
from tests.app.bank.practice import NEXT, bank_practice, credit, statement, take
from tests.app.bank.statements import OTHER_ACCOUNT, Movement, camt, cfonb
from tests.app.emitted import noe
from tests.findings.registry import Case

ONE = statement(Movement(NEXT, 2500, ("REMISE CARTES",)))
AFTER = statement(ouverture=ONE.cloture, avant=NEXT, apres=NEXT + timedelta(1))
AMOUNT = b"0000000000250{"


def _read(make: Callable[[], bytes]) -> Iterable[Finding]:
    """What reading a content says."""
    return [constat for one in read_releves([make()]) for constat in one.constats]


def _received(*contents: bytes) -> Iterable[Finding]:
    """What receiving the last of these contents says."""
    with TemporaryDirectory() as folder, bank_practice(Path(folder) / "cabinet") as practice:
        for content in contents:
            received = take(practice, content)
        return [constat for one in received for constat in one.constats]


def _other_account() -> bytes:
    """The movement of another account than its statement."""
    first, movement, last = cfonb(ONE, end="").decode("latin-1")[:120], 120, 240
    text = cfonb(ONE, end="").decode("latin-1")
    return (first + text[movement:last].replace("00000000001", OTHER_ACCOUNT) + text[last:]).encode("latin-1")


CAS: dict[str, Case] = {
    "banque.ligne_etrangere": partial(_read, lambda: cfonb(ONE, banner="RELEVE DE COMPTE")),
    "banque.illisible": partial(_read, lambda: cfonb(ONE).replace(AMOUNT, b"0000000000250X")),
    "banque.soldes_absents": partial(_read, lambda: camt(ONE).replace(b"CLBD", b"XPCD")),
    "banque.solde": partial(_read, lambda: cfonb(ONE).replace(AMOUNT, b"0000000000250A")),
    "banque.compte_discordant": partial(_read, _other_account),
    "banque.devise": partial(_read, lambda: cfonb(ONE).replace(b"EUR", b"USD")),
    "banque.dates": partial(_read, lambda: cfonb(replace(ONE, avant=ONE.apres, apres=ONE.avant))),
    "banque.en_attente": partial(_read, lambda: camt(ONE, extra=_PENDING)),
    "banque.autre_compte": partial(_received, cfonb(replace(ONE, compte=OTHER_ACCOUNT))),
    "banque.solde_suivant": partial(_received, cfonb(ONE, replace(AFTER, ouverture=1))),
    "banque.releve_contredit": partial(
        _received, cfonb(ONE), cfonb(statement(Movement(NEXT, 2600, ("REMISE CARTES",))))
    ),
    "banque.releve_manquant": partial(_received, cfonb(ONE), cfonb(replace(AFTER, ouverture=1))),
    "banque.mouvements_connus": partial(_received, cfonb(ONE), cfonb(replace(ONE, apres=NEXT + timedelta(1)))),
    "banque.preuve_ambigue": partial(_received, noe(), cfonb(statement(credit(), credit()))),
}

_PENDING = (
    '<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-10-09</Dt></BookgDt>'
    "</Ntry>"
)
