"""`journal verifier`: is the journal what it always was? Every proof is made, every difference named.

The chain is proved by its key; the facts by the chain; the ciphertexts by their tags; the entities of the returns by
the archives; the states by computing them anew, in a transaction that is undone. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from fse.app.operations.clock import now
from fse.app.operations.journal import compteurs
from fse.app.operations.journal.etats import EcartEtat, recompute
from fse.app.operations.journal.figes import check_frozen
from fse.app.operations.journal.retours import EcartRetour, RetoursRelus, reread_all
from fse.app.operations.practice import Practice
from fse.base.errors import StorageError, UsageError
from fse.base.findings import Finding, Place, finding
from fse.infra.journal import Head, Reading, chain
from fse.infra.journal.schema import derived
from fse.infra.journal.schema.tables import evenement
from fse.infra.journal.upkeep.ciphertexts import CipherAudit, audit_ciphertexts
from fse.infra.journal.upkeep.facts import FactAudit, Key, audit_facts

_BREAKS = {
    "altere": "journal.evenement_altere",
    "manquant": "journal.evenement_manquant",
    "queue_coupee": "journal.queue_coupee",
    "tete": "journal.tete_changee",
}
_CIPHERS = {
    "illisible": "journal.contenu_illisible",
    "different": "journal.contenu_different",
    "absent": "journal.contenu_absent",
    "detruit_sans_evenement": "journal.contenu_detruit",
    "encore_la": "journal.contenu_encore_la",
}
_NATURES = {"alteree": "altérée", "ajoutee": "ajoutée", "manquante": "manquante"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Controle:
    """One proof: what it is about, how many things it looked at, what is wrong."""

    nom: str
    nombre: int
    constats: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationJournal:
    """`tete_rang`, `tete_mac`: the end of the chain, to be noted elsewhere; `non_controle`: what no proof covers."""

    tete_rang: int
    tete_mac: str
    controles: tuple[Controle, ...]
    non_controle: tuple[str, ...]

    @property
    def intact(self) -> bool:
        return not any(one.constats for one in self.controles)


class _UndoneError(Exception):
    """Undoes the transaction in which states were computed anew."""


def parse_head(text: str) -> Head:
    """A head as reports print it, RANG:MAC. Raises `UsageError` (`journal.tete_notee`)."""
    rang, _, mac = text.partition(":")
    if not rang.isascii() or not rang.isdigit() or len(mac) != 64:
        raise UsageError(
            "journal.tete_notee",
            "Une tête de journal s'écrit RANG:MAC, un nombre, deux-points et 64 caractères.",
            action="La recopier telle que fse journal verifier l'a montrée.",
        )
    return Head(int(rang), mac.lower())


def verifier_journal(practice: Practice, *, tete: Head | None = None) -> VerificationJournal:
    """Prove the journal; `tete` is a head noted earlier, which must still be in the chain.

    Raises `StorageError` when the journal cannot be read at all.
    """
    with practice.journal.reading() as reading:
        head = chain.head(reading.connection, reading.cabinet)
        facts, ciphers, returns = audit_facts(reading), audit_ciphertexts(reading), reread_all(practice, reading)
        controls = [
            Controle(nom="chaîne des événements", nombre=_events(reading), constats=tuple(_chain(reading, tete))),
            Controle(
                nom="faits",
                nombre=facts.lignes + facts.figes,
                constats=(*_facts(facts), *check_frozen(reading)),
            ),
            Controle(nom="contenus chiffrés", nombre=ciphers.ouverts, constats=tuple(_ciphers(ciphers))),
            Controle(nom="retours relus", nombre=returns.relus + returns.prouves, constats=tuple(_returns(returns))),
            Controle(
                nom="compteurs, suspension, enveloppe",
                nombre=1,
                constats=(
                    *compteurs.check_counters(practice, reading),
                    *compteurs.check_suspension(reading),
                    *compteurs.check_envelope(reading),
                    *compteurs.check_identifiers(reading),
                ),
            ),
        ]
    rows, differences = _states(practice)
    controls.append(Controle(nom="états recalculés", nombre=rows, constats=differences))
    return VerificationJournal(
        tete_rang=head.rang,
        tete_mac=head.mac,
        controles=tuple(controls),
        non_controle=tuple(_not_checked(returns, ciphers)),
    )


def state_findings(gaps: Iterable[EcartEtat]) -> Iterator[Finding]:
    """Derived rows that differ, as findings."""
    for gap in gaps:
        columns = f" ({', '.join(gap.colonnes)})" if gap.colonnes else ""
        yield finding(
            "journal.etat_different",
            table=gap.table,
            cle=_key(gap.cle),
            nature=f"{_NATURES[gap.nature]}{columns}",
        )


def return_findings(gaps: Iterable[EcartRetour]) -> Iterator[Finding]:
    """Rows that are not what the archives say, as findings."""
    for gap in gaps:
        if gap.nature == "illisible":
            yield finding("journal.retour_illisible", fichier=gap.fichier)
        else:
            yield finding(
                "journal.retour_different",
                fichier=gap.fichier,
                table=gap.table or "toutes",
                rang=gap.rang,
                nature=_NATURES[gap.nature],
            )


def _events(reading: Reading) -> int:
    query = select(func.count()).select_from(evenement).where(evenement.c.cabinet == reading.cabinet)
    return int(reading.connection.execute(query).scalar_one())


def _chain(reading: Reading, noted: Head | None) -> Iterator[Finding]:
    for one in chain.verify(reading.connection, reading.coffre, reading.cabinet):
        yield finding(_BREAKS[one.nature], Place(rang=one.rang), rang=one.rang)
    if noted is not None and not _holds(reading, noted):
        yield finding("journal.tete_inconnue", Place(rang=noted.rang), rang=noted.rang)


def _holds(reading: Reading, noted: Head) -> bool:
    """True when the event of this rank has this MAC. The rank 0 is an empty journal's: its MAC is under every event."""
    if noted.rang == 0:
        return noted.mac == chain.genesis(reading.connection, reading.coffre, reading.cabinet)
    query = select(evenement.c.mac).where(evenement.c.cabinet == reading.cabinet, evenement.c.rang == noted.rang)
    return reading.connection.execute(query).scalar_one_or_none() == noted.mac


def _facts(audit: FactAudit) -> Iterator[Finding]:
    for gap in audit.ecarts:
        yield finding(
            f"journal.ligne_{gap.nature}",
            Place(rang=gap.rang or None),
            table=gap.table,
            cle=_key(gap.cle),
            colonnes=", ".join(gap.colonnes),
            rang=gap.rang,
        )


def _ciphers(audit: CipherAudit) -> Iterator[Finding]:
    for gap in audit.ecarts:
        yield finding(_CIPHERS[gap.nature], table=gap.table, id=gap.id)


def _returns(audit: RetoursRelus) -> Iterator[Finding]:
    yield from return_findings(audit.ecarts)


def _states(practice: Practice) -> tuple[int, tuple[Finding, ...]]:
    """Derived rows compared, and where they differ from what the facts give."""
    rows, gaps = 0, []
    try:
        with practice.journal.transaction(now()) as transaction:
            gaps = recompute(transaction)
            for table in derived.METADATA.sorted_tables:
                query = select(func.count()).select_from(table).where(table.c.cabinet == transaction.cabinet)
                rows += int(transaction.connection.execute(query).scalar_one())
            raise _UndoneError
    except _UndoneError:
        return rows, tuple(state_findings(gaps))
    except StorageError as error:
        if error.code != "journal.contrainte":
            raise
        return 0, (finding("journal.etats_incalculables"),)


def _not_checked(returns: RetoursRelus, ciphers: CipherAudit) -> Iterator[str]:
    yield "ce que cabinet.toml déclare (prestataires, mandats, comptes) : aucun événement ne l'enregistre"
    yield "ce que fse a lu dans les libellés des relevés de banque (virements et payeurs cités)"
    yield "la fin du journal, si elle a été coupée avec sa tête : donner par --tete une tête notée ailleurs"
    if returns.prouves:
        yield (
            f"{returns.prouves} retour(s) dont l'archive est détruite : leurs lignes sont contrôlées par leur "
            "empreinte, celles des assurés ne le sont plus"
        )
    if ciphers.detruits:
        yield f"{ciphers.detruits} contenu(s) détruit(s) à la fin de leur conservation"


def _key(cle: Key) -> str:
    return "/".join(str(part) for part in cle)
