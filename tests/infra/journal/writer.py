"""What a workstation does all day, in a process that may be killed at any instant: secure, send, receive.

Each invoice is one transaction with its number, its event and its derived state; every fifth also makes a lot of the
invoices that wait, signs it, writes its file, and books the return that pays it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace

from fse.app.operations import states
from fse.app.operations.practice import entity_tables
from fse.infra.journal import Journal, Transaction
from fse.infra.journal.facts import factures, fichiers_emis, fichiers_recus, lots
from fse.infra.journal.facts.lots import LotKey
from fse.norm.layout import EntityRow, Value, load_edition
from tests.infra.journal.facts import (
    EMETTEUR,
    NOW,
    PRESTATAIRE,
    RECU,
    TODAY,
    freeze_file,
    make_lot,
    mark_written,
    secure,
)

EVERY = 5
LOTS_A_ROUND = 900
DEMANDE = 1855


def work_for_ever(journal: Journal, report: int) -> None:
    """Secure one invoice after the other; each number is written to this pipe once its transaction is committed."""
    while True:
        with journal.transaction(NOW) as transaction:
            numero = factures.allocate_numero(transaction, PRESTATAIRE)
            secure(transaction, numero)
            if numero % EVERY == 0:
                send_and_receive(transaction)
            states.refresh(transaction, [numero])
        os.write(report, numero.to_bytes(8, "big"))


def send_and_receive(transaction: Transaction) -> None:
    """What waits leaves in one lot and one file, and is paid. The day moves on before lot numbers come round."""
    numeros = [facture.numero for facture in factures.waiting(transaction)]
    today = TODAY + (max(numeros) // (EVERY * LOTS_A_ROUND)) * (lots.REUSE_DAYS + 1)
    numero_lot = lots.allocate_numero_lot(transaction, PRESTATAIRE, today, lambda _: True)
    lot = make_lot(transaction, numero_lot, numeros, today)
    lots.sign(transaction, lot, b"cms")
    identifiant = fichiers_emis.allocate_identifiant(transaction, EMETTEUR)
    freeze_file(transaction, identifiant, [lot])
    mark_written(transaction, identifiant)
    fichier = hashlib.sha256(f"{transaction.cabinet} {identifiant}".encode()).hexdigest()
    archive = transaction.store("recu", b"000 999")
    received = replace(RECU, empreinte=fichier, identifiant=identifiant, contenu_archive=archive)
    fichiers_recus.insert_received(transaction, received)
    rows = list(answer(PRESTATAIRE.zfill(14), lot, numeros))
    entity_tables().insert(transaction.connection, transaction.cabinet, fichier, rows)
    states.book(transaction, fichier, rows)


def answer(destinataire: str, lot: LotKey, numeros: list[int]) -> Iterator[EntityRow]:
    """A return to this recipient that pays these invoices."""
    yield _row("000", 1, None, numero_destinataire=destinataire, date_creation=None)
    yield _row("040", 2, 1, beneficiaire_reglement=PRESTATAIRE)
    yield _row("071", 3, 2)
    yield _row("081", 4, 3, lieu_execution=None)
    for place, numero in enumerate(numeros):
        line = 5 + 2 * place
        yield _row("102", line, 4, numero_facture=numero, numero_lot=lot.numero_lot)
        yield _row("198", line + 1, line, montant_demande=DEMANDE, etat="P", montant_rembourse=DEMANDE)


def _row(type_: str, rang: int, parent: int | None, **values: Value) -> EntityRow:
    return EntityRow(type_, rang, parent, 128 * rang, b"", values, load_edition("noemie", "ps-2007").layouts[type_])
