"""`envoyer`: the outbox to the payers, oldest file first, one transaction an attempt.

The outbox is derived from the facts (`facts.exchanges.envois`): a file is in it from the transaction that freezes it
until an attempt was accepted. Its bytes were frozen once for all, so that a run that is killed between the sending and
its transaction is carried on by another, which sends the same bytes under the same identity. A file whose invoices were
all answered meanwhile is sent too, if it never left: what a caisse holds must be what was secured. A file made to send
again what a payer turned out to have does not leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.description import Envoi
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.transmission.avis import refresh_file
from fse.app.operations.transmission.departs import Depart, obstacle, prepare
from fse.app.operations.transmission.interdits import is_needless
from fse.app.operations.transmission.voies import open_way
from fse.base.dates import to_days
from fse.base.errors import FseError, StorageError, UsageError
from fse.base.findings import Finding, finding
from fse.infra.journal.facts.exchanges import envois, incidents
from fse.infra.journal.facts.exchanges.envois import EnvoiRow
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.transaction import Reading
from fse.infra.transport.smtp import Remise

Sort = Literal["accepte", "differe", "refuse", "incertain", "attend"]
"""What became of a file in this run; `attend`: it was not tried."""

_SAID = {
    "differe": "transport.fichier_differe",
    "refuse": "transport.fichier_refuse",
    "incertain": "transport.fichier_incertain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierEnvoye:
    """One file of the outbox, by its name without extension. `tentative` counts its attempts from 1; 0: not tried now.

    `code` is what the other side answered ("250", "451"…), `detail` a French sentence.
    """

    fichier: str
    centre: str
    sort: Sort
    tentative: int = 0
    code: str = ""
    detail: str = ""
    constats: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envois:
    """Every file that was in the outbox, oldest first; `constats`: what stopped the exchange itself."""

    fichiers: tuple[FichierEnvoye, ...] = ()
    constats: tuple[Finding, ...] = ()


def envoyer(practice: Practice, *, mot_de_passe: Callable[[], str], le: date | None = None) -> Envois:
    """Send every file of the outbox. `mot_de_passe` gives the password of the mail account, asked if there is one.

    What becomes of one file does not stop the others. When the exchange itself fails (no server, no folder), it is one
    incident, and a failed attempt of every file that it keeps here. Raises `UsageError` (`envoi.absent`: files wait and
    `cabinet.toml` does not say how they leave), `StorageError` (the journal).
    """
    cabinet, day = practice.cabinet, practice.day(le)
    today = to_days(day)
    with practice.journal.reading() as reading:
        waiting = _outbox(reading, cabinet, day)
        if not waiting:
            return Envois()
        if cabinet.envoi is None:
            raise _no_way(len(waiting))
        stopped = {one.nom: found for one in waiting if (found := obstacle(cabinet, reading, one))}
        departs = [prepare(cabinet, reading, one) for one in waiting if one.nom not in stopped]
    done: dict[str, FichierEnvoye] = {}
    constats: list[Finding] = []
    for tried, outcome in _attempts(cabinet, cabinet.envoi, mot_de_passe, departs):
        if isinstance(outcome, StorageError):
            left = [one.fichier for one in departs if one.fichier.nom not in done]
            done |= {one.fichier: one for one in _put_off(practice, left, outcome, today)}
            constats.append(interrupted(outcome))
        elif tried is not None:
            done[tried.fichier.nom] = _record(practice, tried.fichier, outcome, today)
    return Envois(
        fichiers=tuple(done.get(one.nom) or _waits(one, stopped.get(one.nom)) for one in waiting),
        constats=tuple(constats),
    )


def _outbox(reading: Reading, cabinet: Cabinet, day: date) -> list[FichierEmisRow]:
    """What is to leave, oldest first."""
    found = envois.outbox(reading)
    kept = [one for one in found if not is_needless(reading, cabinet, one.emetteur, one.identifiant, day)]
    return sorted(kept, key=lambda one: (one.date_creation, one.emetteur, one.identifiant))


def _no_way(count: int) -> UsageError:
    return UsageError(
        "envoi.absent",
        f"Des fichiers attendent de partir ({count}), et cabinet.toml ne dit plus comment.",
        action="Remettre la section [envoi] dans cabinet.toml.",
    )


def _attempts(
    cabinet: Cabinet, envoi: Envoi, mot_de_passe: Callable[[], str], departs: Sequence[Depart]
) -> Iterator[tuple[Depart | None, Remise | StorageError]]:
    """Each file with what came of it; last, without a file, what ended the exchange before its end."""
    if not departs:
        return
    try:
        with open_way(cabinet, envoi, mot_de_passe) as way:
            for depart in departs:
                yield depart, way.send(depart.colis)
    except StorageError as error:
        yield None, error


def _record(practice: Practice, fichier: FichierEmisRow, remise: Remise, today: int) -> FichierEnvoye:
    """One transaction: the attempt, and the states of the invoices that it takes away."""
    with practice.journal.transaction(now()) as transaction:
        row = envois.record(
            transaction,
            fichier.emetteur,
            fichier.identifiant,
            jour=today,
            resultat=remise.resultat,
            code=remise.code,
            detail=remise.detail,
        )
        refresh_file(transaction, fichier)
    said = _SAID.get(remise.resultat)
    if said is None:
        return _tried(fichier, row)
    return _tried(fichier, row, finding(said, fichier=fichier.nom, centre=fichier.centre, detail=row.detail))


def _put_off(
    practice: Practice, fichiers: Sequence[FichierEmisRow], error: StorageError, today: int
) -> list[FichierEnvoye]:
    """An outage is one incident, and one attempt of each file that it keeps here: all in one transaction.

    What another run sent meanwhile is not said to be put off: it would leave again.
    """
    with practice.journal.transaction(now()) as transaction:
        incidents.record(transaction, nature="envoi", code=error.code, detail=error.message, jour=today)
        still = {one.nom for one in envois.outbox(transaction)}
        kept = [one for one in fichiers if one.nom in still]
        rows = [
            envois.record(
                transaction, one.emetteur, one.identifiant, jour=today, resultat="differe", detail=error.message
            )
            for one in kept
        ]
    return [_tried(one, row) for one, row in zip(kept, rows, strict=True)]


def _tried(fichier: FichierEmisRow, row: EnvoiRow, *constats: Finding) -> FichierEnvoye:
    assert row.resultat != "non_remis"
    return FichierEnvoye(
        fichier=fichier.nom,
        centre=fichier.centre,
        sort=row.resultat,
        tentative=row.tentative,
        code=row.code,
        detail=row.detail,
        constats=constats,
    )


def interruption(practice: Practice, nature: str, error: FseError, today: int) -> Finding:
    """Record that an exchange failed, "releve" or "carte" (`nature`), on a day; the finding that says so."""
    with practice.journal.transaction(now()) as transaction:
        incidents.record(transaction, nature=nature, code=error.code, detail=error.message, jour=today)
    return interrupted(error)


def interrupted(error: FseError) -> Finding:
    """The finding that says that an exchange failed."""
    return finding("transport.interrompu", detail=located(error), action=error.action)


def located(error: FseError) -> str:
    """What an error says, and where."""
    return f"{error.lieu} : {error.message}" if error.lieu else error.message


def _waits(fichier: FichierEmisRow, obstacle: Finding | None) -> FichierEnvoye:
    return FichierEnvoye(
        fichier=fichier.nom,
        centre=fichier.centre,
        sort="attend",
        constats=(obstacle,) if obstacle else (),
    )
