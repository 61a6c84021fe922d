"""The nights: the lock that one of them holds, what each did, and what became of the last.

A lock expires by itself, so that a night that was killed stops nobody for long; until then its holder renews it. No
event is added: see `schema.night_tables`. Instants are UTC text of fixed width, which compares as time does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from fse.infra.journal.events import canonical, utc_instant
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.night_tables import nuit, nuit_etape, nuit_laisse, verrou
from fse.infra.journal.transaction import Reading, Transaction

VERROU = "nuit"
"""The lock of the nightly job."""

Issue = Literal["faite", "echec", "sans_objet", "non_faite"]
Etat = Literal["faite", "en_cours", "interrompue"]

MANQUE = 2
"""The exit status from which a step asks somebody to look, though it was done: a secret, a key, the outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerrouRow:
    """A lock: `jeton` proves who holds it, `porteur` names them, `pris_le` and `expire_le` are instants (UTC)."""

    nom: str
    jeton: str
    porteur: str
    pris_le: str
    expire_le: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NuitRow:
    """A night of the day `jour` (days). `fin` and `statut` (its exit status) are `None` until its work is done."""

    rang: int
    jeton: str
    jour: int
    debut: str
    fin: str | None
    statut: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Laisse:
    """Files or messages that a step left where they were, `nombre` of them in `lieu` for one reason; `raison` and
    `action` (what to do, "" for nothing) are French sentences. No file is named: nothing here is personal.
    """

    lieu: str
    nombre: int
    raison: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EtapeRow:
    """One step of a night, once it ended. `comptes` counts what it did, by name; `motif` is the French sentence that
    says why it failed, was not done or is `manquee`, "" otherwise. Nothing here is personal.
    """

    etape: str
    ordre: int
    issue: Issue
    statut: int
    motif: str
    comptes: Mapping[str, int]
    fin: str

    @property
    def manquee(self) -> bool:
        """True when a person must look: it failed, was not done, or met what only they can mend."""
        return is_missed(self.issue, self.statut)


@dataclass(frozen=True, slots=True, kw_only=True)
class DerniereNuit:
    """The last night that began. `etat`: its work is done (`faite`, failed steps included: see `statut`), it is at work
    (`en_cours`), or it was stopped before its end (`interrompue`). `laisses`: what it left where it was, in the order
    of its steps.
    """

    nuit: NuitRow
    etat: Etat
    etapes: tuple[EtapeRow, ...]
    laisses: tuple[Laisse, ...]

    @property
    def debut(self) -> datetime:
        """When it began (UTC)."""
        return datetime.fromisoformat(self.nuit.debut)


def is_missed(issue: Issue, statut: int) -> bool:
    """Whether a step of this outcome asks somebody to look."""
    return issue in ("echec", "non_faite") or statut >= MANQUE


def take(
    transaction: Transaction, *, jeton: str, porteur: str, maintenant: datetime, duree: timedelta
) -> VerrouRow | None:
    """Take the lock, or over when it expired; `None` once it is held, else who holds it.

    One that ends later than a holder could have asked comes from a clock that was wrong: it is taken over too.
    """
    held = holder(transaction)
    if held is not None and _is_held(held, maintenant, duree):
        return held
    transaction.connection.execute(delete(verrou).where(_mine(transaction)))
    row = VerrouRow(
        nom=VERROU,
        jeton=jeton,
        porteur=porteur,
        pris_le=utc_instant(maintenant),
        expire_le=utc_instant(maintenant + duree),
    )
    rows.write(transaction.connection, verrou, transaction.cabinet, row)
    return None


def renew(transaction: Transaction, *, jeton: str, maintenant: datetime, duree: timedelta) -> bool:
    """Keep the lock for so long from now on; false when it was lost: another took it over."""
    mine = _mine(transaction) & (verrou.c.jeton == jeton)
    moved = transaction.connection.execute(update(verrou).where(mine).values(expire_le=utc_instant(maintenant + duree)))
    return bool(moved.rowcount)


def release(transaction: Transaction, *, jeton: str) -> None:
    """Let the lock go, if it is still held."""
    transaction.connection.execute(delete(verrou).where(_mine(transaction) & (verrou.c.jeton == jeton)))


def holder(reading: Reading) -> VerrouRow | None:
    """The lock as it stands, expired or not; `None` when nobody has it."""
    query = rows.query(verrou, VerrouRow, reading.cabinet).where(verrou.c.nom == VERROU)
    return rows.read_one(reading.connection, VerrouRow, query)


def begin(transaction: Transaction, *, jeton: str, jour: int) -> int:
    """Say that a night begins, for the day `jour` (days); its rank, from 1 on."""
    last = select(func.max(nuit.c.rang)).where(nuit.c.cabinet == transaction.cabinet)
    rang = (transaction.connection.execute(last).scalar_one() or 0) + 1
    row = NuitRow(rang=rang, jeton=jeton, jour=jour, debut=transaction.instant, fin=None, statut=None)
    rows.write(transaction.connection, nuit, transaction.cabinet, row)
    return rang


def record_step(
    transaction: Transaction,
    rang: int,
    *,
    etape: str,
    ordre: int,
    issue: Issue,
    statut: int,
    motif: str,
    comptes: Mapping[str, int],
    laisses: Iterable[Laisse],
) -> None:
    """Say what came of a step of this night, and what it left."""
    transaction.connection.execute(
        insert(nuit_etape).values(
            cabinet=transaction.cabinet,
            rang=rang,
            etape=etape,
            ordre=ordre,
            issue=issue,
            statut=statut,
            motif=motif,
            comptes=canonical(dict(comptes)),
            fin=transaction.instant,
        )
    )
    for place, one in enumerate(laisses, start=1):
        row = {"cabinet": transaction.cabinet, "rang": rang, "etape": etape, "ordre": place, **asdict(one)}
        transaction.connection.execute(insert(nuit_laisse).values(row))


def end(transaction: Transaction, rang: int, *, statut: int) -> None:
    """Say that the work of this night is done, with this exit status; said again, the last one stands."""
    mine = (nuit.c.cabinet == transaction.cabinet) & (nuit.c.rang == rang)
    transaction.connection.execute(update(nuit).where(mine).values(fin=transaction.instant, statut=statut))


def last(reading: Reading, maintenant: datetime) -> DerniereNuit | None:
    """The last night that began and what became of it, as known at an instant; `None` before the first."""
    query = rows.query(nuit, NuitRow, reading.cabinet).order_by(nuit.c.rang.desc()).limit(1)
    found = rows.read_one(reading.connection, NuitRow, query)
    if found is None:
        return None
    held = holder(reading)
    etat: Etat = "interrompue"
    if found.fin is not None:
        etat = "faite"
    elif held is not None and held.jeton == found.jeton and utc_instant(maintenant) < held.expire_le:
        etat = "en_cours"
    return DerniereNuit(nuit=found, etat=etat, etapes=steps(reading, found.rang), laisses=left(reading, found.rang))


def steps(reading: Reading, rang: int) -> tuple[EtapeRow, ...]:
    """The steps of a night that ended, in their order."""
    here = nuit_etape.c
    columns = (here[name] for name in EtapeRow.__slots__)
    query = select(*columns).where(here.cabinet == reading.cabinet, here.rang == rang).order_by(here.ordre)
    return tuple(
        EtapeRow(**{**row, "comptes": json.loads(row["comptes"])})
        for row in reading.connection.execute(query).mappings()
    )


def left(reading: Reading, rang: int) -> tuple[Laisse, ...]:
    """What a night left where it was, in the order of its steps."""
    here, step = nuit_laisse.c, nuit_etape.c
    query = (
        rows.query(nuit_laisse, Laisse, reading.cabinet)
        .join(nuit_etape, rows.same(nuit_laisse, nuit_etape, "rang", "etape"))
        .where(here.rang == rang)
        .order_by(step.ordre, here.ordre)
    )
    return tuple(rows.read_all(reading.connection, Laisse, query))


def last_done(reading: Reading, etape: str) -> str | None:
    """When this step was last done without anything missing (instant, UTC); `None` when it never was."""
    here = nuit_etape.c
    mine = (here.cabinet == reading.cabinet) & (here.etape == etape) & (here.issue == "faite") & (here.statut < MANQUE)
    found = reading.connection.execute(select(func.max(here.fin)).where(mine)).scalar_one()
    return None if found is None else str(found)


def _is_held(row: VerrouRow, maintenant: datetime, duree: timedelta) -> bool:
    return utc_instant(maintenant) < row.expire_le <= utc_instant(maintenant + 2 * duree)


def _mine(reading: Reading) -> ColumnElement[bool]:
    return (verrou.c.cabinet == reading.cabinet) & (verrou.c.nom == VERROU)
