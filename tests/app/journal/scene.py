"""A practice whose sheets have left and were answered, every table filled that its days fill; times of its life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fse.app.operations import clock
from fse.app.operations.emettre import emettre
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.findings import Finding
from fse.infra.journal.facts.actes import ActeRow, insert_acte, next_acte
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture, signer
from tests.app.emitted import RETOUR, emitted_practice, noe, receive, rows
from tests.app.journal.exchanges import by_folder, exchange
from tests.infra.journal.facts import NOW, TODAY

AFTER = RETOUR + timedelta(days=90)
"""The first day on which nothing that was sent or received need be kept."""


@contextmanager
def years_after() -> Iterator[None]:
    """Today is years after anything that the tests make; the instants of the events stay what they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime(2041, 1, 1, 12, tzinfo=UTC))
        yield


def lived(folder: Path) -> Practice:
    """The practice after its returns, with a cancelled sheet, an act by hand, and one fact of each exchange."""
    practice = emitted_practice(folder)
    receive(practice, noe())
    secured = securiser(practice, document(facture("V-7")), le=JOUR).factures[0].numero
    from fse.app.operations.annuler import annuler

    annuler(practice, secured, motif="essai", auteur="essai", le=JOUR)
    force(practice, 2, "AMC")
    sending = by_folder(practice)
    exchange(sending)
    return sending


def force(practice: Practice, numero: int, partie: str) -> None:
    """Say that this part is abandoned."""
    from fse.app.operations.states import refresh

    [part] = rows(practice, f"SELECT retours FROM etat_part WHERE numero = {numero} AND partie = '{partie}'")
    with practice.journal.transaction(NOW) as transaction:
        insert_acte(
            transaction,
            ActeRow(
                acte=next_acte(transaction),
                genre="etat_force",
                auteur="essai",
                motif="essai",
                pose_le=TODAY,
                prestataire=PRESTATAIRE,
                numero=numero,
                partie=partie,
                etat="abandonnee",
                retours=int(str(part["retours"])),
            ),
        )
        refresh(transaction, [numero])


def settle_all(practice: Practice) -> None:
    """Give up every part that still waits for something, so that nothing keeps an archive but its age."""
    query = "SELECT numero, partie FROM etat_part WHERE etat NOT IN ('payee', 'sans_objet', 'abandonnee')"
    for one in rows(practice, query):
        force(practice, int(str(one["numero"])), str(one["partie"]))


def emit(practice: Practice, *references: str, le: date = JOUR) -> list[int]:
    """Secure and send these sheets; their numbers."""
    folder = practice.cabinet.folder / "envoi"
    entree = document(*(facture(reference, patient=1) for reference in references))
    emission = emettre(practice, folder, lambda *_: signer(), entrees=[entree], le=le)
    return [one.numero for one in emission.securisations[0].factures]


def found(practice: Practice) -> list[Finding]:
    """What the proof of the journal finds."""
    return [finding for one in verifier_journal(practice).controles for finding in one.constats]
