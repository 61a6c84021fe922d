"""Archives: the encrypted bytes of lots, files, returns, mail and documents. Destroyed whole, and never too early.

An archive is kept 90 days from its sending or its receipt, and until all that it holds is settled, whichever is later
(`conservation`): a file with its envelope, a message until it is read, a document until it is accepted. What is
destroyed leaves its facts, its event and, for a return, the digest of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select

from fse.app.operations.clock import now
from fse.app.operations.journal import correspondance
from fse.app.operations.journal.conservation import kept_until, purge_day
from fse.app.operations.journal.departs import Departures
from fse.app.operations.journal.retours import rows_digest
from fse.app.operations.practice import Practice
from fse.base.dates import from_days, to_days
from fse.domain.reconciliation.life_cycle import FACTURE
from fse.infra.journal import Genre, Reading
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.fichiers_emis import name_of
from fse.infra.journal.schema import derived
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema.relations import LIVE_LOT, PUT_AWAY
from fse.infra.journal.upkeep import destruction
from fse.infra.journal.upkeep.ciphertexts import CipherGap, audit_ciphertexts, destroyed

NatureArchive = Literal["lot", "fichier", "retour", "courrier", "piece"]
Invoice = tuple[str, int]

_SANS_SUITE = frozenset({"autre_prestataire", "autre_poste", "anterieur_a_la_reprise"})
"""Residues on which this journal has nothing more to do: they do not keep an archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One archive still there. `echeance`: the first day on which it may be destroyed, once it is settled.

    `contenus`: the ids of its bytes, which go together. `depuis` is the day of its sending or receipt, `None` when it
    did not leave. `factures`: (prestataire, number). A message is settled when it was read.
    """

    nature: NatureArchive
    designation: str
    contenus: tuple[str, ...]
    depuis: date | None
    echeance: date | None
    soldee: bool
    factures: frozenset[Invoice]

    def is_over(self, le: date) -> bool:
        """True when it may be destroyed on this day."""
        return self.soldee and self.echeance is not None and self.echeance <= le


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationArchives:
    """`ouvertes`: contents that open and have their digest; `detruites`; what is wrong."""

    ouvertes: int
    detruites: int
    ecarts: tuple[CipherGap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeArchives:
    """`detruites`: the archives destroyed; `gardees`: those still there, with the day on which they may go."""

    detruites: tuple[Archive, ...]
    gardees: tuple[Archive, ...]


def verifier_archives(practice: Practice) -> VerificationArchives:
    """Open every encrypted content and compare it with its digest."""
    with practice.journal.reading() as reading:
        audit = audit_ciphertexts(reading)
    return VerificationArchives(ouvertes=audit.ouverts, detruites=audit.detruits, ecarts=audit.ecarts)


def purger_archives(practice: Practice, *, auteur: str, motif: str, le: date | None = None) -> PurgeArchives:
    """Destroy whole the archives whose retention is over on this day, all or none. Raises as `purge_day`."""
    today = purge_day(practice, le)
    with practice.journal.transaction(now()) as transaction:
        there = archives(transaction)
        over = [one for one in there if one.is_over(today)]
        for one in over:
            digest = rows_digest(transaction, one.designation) if one.nature == "retour" else ""
            destruction.destroy_contents(transaction, one.contenus)
            transaction.event(
                Genre.ARCHIVE_DETRUITE,
                {
                    "nature": one.nature,
                    "designation": one.designation,
                    "contenus": list(one.contenus),
                    "le": to_days(today),
                    "auteur": auteur,
                    "motif": motif,
                    "lignes": digest,
                },
            )
    destruction.empty_log(practice.journal)
    return PurgeArchives(detruites=tuple(over), gardees=tuple(one for one in there if one not in over))


def archives(reading: Reading) -> list[Archive]:
    """Every archive still there: lots, then files, returns, messages, documents."""
    gone, _ = destroyed(reading)
    final, departures = final_invoices(reading), Departures(reading)
    found = (
        *_lots(reading, final, departures),
        *_files(reading, final, departures),
        *_returns(reading, final),
        *(_archive("courrier", *one) for one in correspondance.messages(reading)),
        *(_archive("piece", *one) for one in correspondance.documents(reading, final)),
    )
    return [one for one in found if gone.isdisjoint(one.contenus)]


def final_invoices(reading: Reading) -> set[Invoice]:
    """Invoices of which nothing more is awaited."""
    states = derived.METADATA.tables["etat_facture"].c
    query = select(states.prestataire, states.numero, states.etat).where(states.cabinet == reading.cabinet)
    return {(who, numero) for who, numero, etat in reading.connection.execute(query) if FACTURE[etat].final}


def invoices_of_lots(reading: Reading) -> dict[tuple[str, int, int], frozenset[Invoice]]:
    """The invoices of each lot, void ones included: its bytes hold them all."""
    found: dict[tuple[str, int, int], set[Invoice]] = {}
    here = facts.lot_facture.c
    query = select(here.prestataire, here.numero_lot, here.date_lot, here.numero).where(here.cabinet == reading.cabinet)
    for prestataire, numero_lot, date_lot, numero in reading.connection.execute(query):
        found.setdefault((prestataire, numero_lot, date_lot), set()).add((prestataire, numero))
    return {key: frozenset(held) for key, held in found.items()}


def _archive(
    nature: NatureArchive,
    designation: str,
    contenus: tuple[str, ...],
    since: int | None,
    factures: frozenset[Invoice],
    soldee: bool,
) -> Archive:
    return Archive(
        nature=nature,
        designation=designation,
        contenus=contenus,
        depuis=from_days(since) if since is not None else None,
        echeance=kept_until(from_days(since)) if since is not None else None,
        soldee=soldee,
        factures=factures,
    )


def _lots(reading: Reading, final: set[Invoice], departures: Departures) -> Iterator[Archive]:
    live = select(LIVE_LOT.c.prestataire, LIVE_LOT.c.numero_lot, LIVE_LOT.c.date_lot)
    alive = set(map(tuple, reading.connection.execute(live.where(LIVE_LOT.c.cabinet == reading.cabinet))))
    held, here = invoices_of_lots(reading), facts.lot.c
    query = select(here.prestataire, here.numero_lot, here.date_lot, here.contenu_lot)
    for row in reading.connection.execute(query.where(here.cabinet == reading.cabinet)):
        key = (row.prestataire, row.numero_lot, row.date_lot)
        factures = held.get(key, frozenset())
        since = departures.of_lot(key, factures) if key in alive else row.date_lot  # a void lot never leaves
        yield _archive(
            "lot",
            f"{row.prestataire}, lot {row.numero_lot:03d} du {from_days(row.date_lot)}",
            (row.contenu_lot,),
            since,
            factures,
            key not in alive or factures <= final,
        )


def _files(reading: Reading, final: set[Invoice], departures: Departures) -> Iterator[Archive]:
    lots, files, in_files = invoices_of_lots(reading), facts.fichier_emis.c, facts.fichier_lot.c
    held: dict[tuple[str, str], set[Invoice]] = {}
    query = select(facts.fichier_lot).where(in_files.cabinet == reading.cabinet)
    for row in reading.connection.execute(query):
        key = (row.prestataire, row.numero_lot, row.date_lot)
        held.setdefault((row.emetteur, row.identifiant), set()).update(lots.get(key, ()))
    content = select(files.emetteur, files.identifiant, files.contenu_fichier, files.contenu_enveloppe)
    for emetteur, identifiant, *kept in reading.connection.execute(content.where(files.cabinet == reading.cabinet)):
        factures = frozenset(held.get((emetteur, identifiant), ()))
        since = departures.of_file((emetteur, identifiant), factures)
        contenus = tuple(id for id in kept if id is not None)
        yield _archive("fichier", name_of(emetteur, identifiant), contenus, since, factures, factures <= final)


def _returns(reading: Reading, final: set[Invoice]) -> Iterator[Archive]:
    held = _answered(reading)
    waiting = _waiting(reading)
    for one in fichiers_recus.received_files(reading):
        if one.contenu_archive is not None:
            factures = frozenset(held.get(one.empreinte, ()))
            settled = one.empreinte not in waiting and factures <= final
            yield _archive("retour", one.empreinte, (one.contenu_archive,), one.recu_le, factures, settled)


def _answered(reading: Reading) -> dict[str, set[Invoice]]:
    """The invoices that each received file answers: matched with its lines, or in a lot that it acknowledges."""
    matched, acknowledged = derived.METADATA.tables["appariement"].c, facts.accuse.c
    held: dict[str, set[Invoice]] = {}
    query = select(matched.fichier, matched.prestataire, matched.numero).where(matched.cabinet == reading.cabinet)
    for fichier, prestataire, numero in reading.connection.execute(query):
        held.setdefault(fichier, set()).add((prestataire, numero))
    lots = invoices_of_lots(reading)
    lot = select(acknowledged.fichier, acknowledged.prestataire, acknowledged.numero_lot, acknowledged.date_lot)
    for fichier, *key in reading.connection.execute(lot.where(acknowledged.cabinet == reading.cabinet)):
        held.setdefault(fichier, set()).update(lots.get((key[0], key[1], key[2]), ()))
    return held


def _waiting(reading: Reading) -> set[str]:
    """The received files that hold a residue to treat."""
    residues = derived.METADATA.tables["residu"].c
    left = (
        select(residues.fichier, residues.nature)
        .outerjoin(
            PUT_AWAY,
            (PUT_AWAY.c.cabinet == residues.cabinet)
            & (PUT_AWAY.c.fichier == residues.fichier)
            & (PUT_AWAY.c.rang == residues.rang),
        )
        .where(residues.cabinet == reading.cabinet, PUT_AWAY.c.acte.is_(None))
    )
    return {fichier for fichier, nature in reading.connection.execute(left) if nature not in _SANS_SUITE}
