"""`relever`: the mailbox or the folder emptied of what is ours, then read and received.

Each message is kept in one transaction, and only then removed from where it was; what is kept is read afterwards, so
that a stop between the two loses nothing. Receiving is idempotent by digest: a stop between receiving the returns of a
message and marking it as read is harmless.

What stays where it is, and is seen again by each run: what holds nothing for us (a mailbox given by mistake is not
emptied), what cannot be opened, and what a journal of tests may not keep, a real flow first: a message is kept whole,
its bytes would hold it. Receiving sets such a return aside without its content, and books the others of the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from fse.app.operations.cabinet.description import Releve
from fse.app.operations.practice import Practice
from fse.app.operations.transmission.envoyer import interruption
from fse.app.operations.transmission.lettres import Ouvreur
from fse.app.operations.transmission.sources import Source, open_source
from fse.app.operations.transmission.tournee import Arrivee, CourrierReleve, Tournee
from fse.base.dates import to_days
from fse.base.errors import StorageError, UsageError
from fse.base.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevage:
    """Every message met, in order; `constats`: what stopped the exchange itself."""

    courriers: tuple[CourrierReleve, ...]
    constats: tuple[Finding, ...]


def relever(
    practice: Practice,
    *,
    mot_de_passe: Callable[[], str],
    mot_de_passe_cle: Callable[[], str],
    le: date | None = None,
) -> Relevage:
    """Fetch, keep, remove, read. `mot_de_passe` is that of the mail account, `mot_de_passe_cle` that of the reception
    key (`[releve] cle`); each is asked when it is needed.

    When the exchange fails (no server, no folder), it is one incident, and what was kept is read all the same. Raises
    `UsageError` (`releve.absent`: `cabinet.toml` does not say where returns come), `StorageError` (the journal).
    """
    releve = practice.cabinet.releve
    if releve is None:
        raise UsageError(
            "releve.absent",
            "cabinet.toml ne dit pas où arrivent les retours.",
            action="Y ajouter la section [releve], ou donner les fichiers à « fse recevoir ».",
        )
    today = to_days(practice.day(le))
    run = Tournee(practice, Ouvreur(practice.cabinet, mot_de_passe_cle), today)
    constats = []
    for one in _arrivals(practice, releve, mot_de_passe):
        if isinstance(one, StorageError):
            constats.append(interruption(practice, "releve", one, today))
        else:
            run.fetch(one)
    run.read_all()
    return Relevage(courriers=tuple(run.courriers), constats=tuple(constats))


def _arrivals(practice: Practice, releve: Releve, mot_de_passe: Callable[[], str]) -> Iterator[Arrivee | StorageError]:
    """Each message at the source, removed from there when the caller says so; last, what ended the exchange."""
    try:
        with open_source(practice.cabinet, releve, mot_de_passe) as source:
            yield from _emptied(source)
    except StorageError as error:
        yield error


def _emptied(source: Source) -> Iterator[Arrivee]:
    for arrive in source.arrivals():
        arrivee = Arrivee(arrive, source.lieu)
        yield arrivee
        if arrivee.a_oter:
            source.remove(arrive)
