"""A practice that sends its files itself, and what happens to them on the way: departures, acknowledgements, answers.

What another operation does (to send) is written here straight as the facts that it records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from fse.app.cli.suivi import print_suivi
from fse.app.operations.cabinet.description import Envoi
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.securiser import securiser
from fse.app.operations.states import refresh
from fse.app.operations.suivi import suivi
from fse.app.operations.transmission.lots import LotTransmis, transmissions
from fse.base.dates import from_days, to_days
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.exchanges.envois import Resultat
from fse.infra.journal.facts.exchanges.transmissions import of_lots
from fse.infra.journal.facts.lots import LotKey
from fse.norm.model import AccuseLot
from tests.app.accused import arl
from tests.app.cabinet import JOUR, document, facture, new_practice, reopen, signer

MERCREDI = date(2026, 10, 7)  # two working days after Monday 5 October
JEUDI = date(2026, 10, 8)
VENDREDI = date(2026, 10, 9)
LUNDI = date(2026, 10, 12)
MARDI = date(2026, 10, 13)
NOW = datetime(2026, 10, 5, 10, tzinfo=UTC)

Printed = pytest.CaptureFixture[str]

_ids = count(1)


def sending(practice: Practice, *, envoi: bool = True) -> Practice:
    """The same practice, which sends its files itself into the folder of a concentrator."""
    how = Envoi(genre="repertoire", dossier="oct") if envoi else None
    return replace(practice, cabinet=replace(practice.cabinet, envoi=how))


def practice_at(folder: Path, *, envoi: bool = True) -> Practice:
    """A new practice in this folder."""
    return sending(new_practice(folder), envoi=envoi)


def practice_again(folder: Path, *, envoi: bool = True) -> Practice:
    """The practice of this folder, opened again."""
    return sending(reopen(folder), envoi=envoi)


def emit(practice: Practice, *factures: str, le: date = JOUR) -> list[LotKey]:
    """Secure these invoices and emit what waits; the lots of the files written, in order."""
    if factures:
        securiser(practice, document(*factures), le=le)
    emission = emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=le)
    return [
        LotKey(lot.prestataire, lot.numero_lot, to_days(lot.date_lot))
        for fichier in emission.fichiers
        for lot in fichier.lots
    ]


def emitted(practice: Practice, *factures: str, le: date = JOUR) -> LotKey:
    """The same, when it makes one lot."""
    (key,) = emit(practice, *(factures or (facture("V-1"),)), le=le)
    return key


def numbers(practice: Practice, key: LotKey) -> list[int]:
    """The invoices that a lot was made of."""
    with practice.journal.reading() as reading:
        return [row.numero for row in lots.factures_of(reading, key)]


def send(practice: Practice, le: date, resultat: Resultat = "accepte", *, code: str = "250", detail: str = "") -> None:
    """One attempt for each file of the outbox."""
    with practice.journal.transaction(NOW) as transaction:
        for fichier in envois.outbox(transaction):
            envois.record(
                transaction,
                fichier.emetteur,
                fichier.identifiant,
                jour=to_days(le),
                resultat=resultat,
                code=code,
                detail=detail,
            )
            for key in lots_in(practice, fichier.emetteur, fichier.identifiant):
                refresh(transaction, numbers(practice, key))


def lots_in(practice: Practice, emetteur: str, identifiant: str) -> Sequence[LotKey]:

    with practice.journal.reading() as reading:
        return fichiers_emis.lots_of(reading, emetteur, identifiant)


def acknowledge(practice: Practice, key: LotKey, sens: str, le: date, *, cause: str = "", numero: int = 0) -> None:
    """An ARL of one lot is received; it answers the last file of it that left."""
    with practice.journal.reading() as reading:
        ((one,), known) = of_lots(reading, [key]), lots.find_lot(reading, key)
    left = [file.identifiant for file in one.fichiers if file.parti_le is not None]
    assert known is not None
    accuse = AccuseLot(
        prestataire=key.prestataire,
        numero_lot=key.numero_lot,
        date_lot=from_days(key.date_lot),
        organisme_destinataire=known.organisme,
        fichier_accuse=max(left, default="000001"),
        sens=sens,
        cause=cause or None,
        numero_facture=numero or None,
        date_accuse=le,
    )
    content = arl(accuse, identifiant=f"{next(_ids):06d}", date_creation=le)
    (received,) = recevoir(practice, [content], fichier="accuse.arl", le=le)
    assert received.verdict == "recu", received.constats


def on_the_way(practice: Practice, le: date) -> list[LotTransmis]:
    """The lots on their way, as the operation reads them."""
    with practice.journal.reading() as reading:
        return transmissions(reading, practice.cabinet, le)


def etats(practice: Practice, le: date) -> list[str]:
    """The states of the lots on their way."""
    return [one.transmission.etat for one in on_the_way(practice, le)]


def told(practice: Practice, le: date, capsys: Printed) -> str:
    """The worklist of a day, as it is printed."""
    print_suivi(suivi(practice, le=le))
    return capsys.readouterr().out
