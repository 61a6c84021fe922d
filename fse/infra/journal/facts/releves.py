"""Facts about bank statements: each booked once with its movements, in the event of the file that it is.

A movement belongs to the first statement that gave it: one that overlaps brings only what is new. Judging that is the
caller's (`fse.domain.bank`); the journal keeps what it says, and what the labels cite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import and_, func, insert, or_, select

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow
from fse.infra.journal.schema.bank_tables import (
    citation_bancaire,
    mouvement_bancaire,
    payeur_cite,
    payeur_connu,
    releve_bancaire,
)
from fse.infra.journal.schema.derived import METADATA
from fse.infra.journal.schema.fact_tables import fichier_recu
from fse.infra.journal.transaction import Reading, Transaction

_VIREMENT = METADATA.tables["virement"]
_AFTER_DIGITS = "g"
"""Comes after every hexadecimal digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveRow:
    """A statement: days and centimes. `debut`: the first day of its movements; `mouvements`: how many it holds."""

    fichier: str
    compte: str
    debut: int
    ouverture_le: int
    ouverture: int
    cloture_le: int
    cloture: int
    mouvements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MouvementRow:
    """A movement. `jour_releve`: its day among those of the statement; `jour`: the day that it bears."""

    fichier: str
    rang: int
    compte: str
    jour_releve: int
    jour: int
    montant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRow:
    """A movement (`fichier`, `rang`) whose labels hold those of a transfer. `libelle_1`: 1 when the first is there."""

    fichier: str
    rang: int
    fichier_virement: str
    rang_virement: int
    libelle_1: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementRow:
    """A transfer as the matching keeps it: labels as its return writes them, "" without one."""

    fichier: str
    rang: int
    date_comptable: int
    libelle_1: str
    libelle_2: str


def insert_statement(
    transaction: Transaction, fichier: FichierRecuRow, releve: ReleveRow, nouveaux: Sequence[MouvementRow]
) -> None:
    """Book a statement with its new movements, and its event.

    Raises `StorageError` (`journal.contrainte`) when its digest or its identity is already there.
    """
    rows.write(transaction.connection, fichier_recu, transaction.cabinet, fichier)
    rows.write(transaction.connection, releve_bancaire, transaction.cabinet, releve)
    held = [asdict(one) for one in nouveaux]
    if held:
        owner = {"cabinet": transaction.cabinet}
        transaction.connection.execute(insert(mouvement_bancaire), [owner | one for one in held])
    transaction.event(Genre.FICHIER_RECU, asdict(fichier) | {"releve": asdict(releve), "nouveaux": held})


def statements_of(reading: Reading) -> list[ReleveRow]:
    """The statements of every account, in the order of their days."""
    here = releve_bancaire.c
    query = rows.query(releve_bancaire, ReleveRow, reading.cabinet)
    order = (here.compte, here.cloture_le, here.ouverture_le, here.fichier)
    return rows.read_all(reading.connection, ReleveRow, query.order_by(*order))


def statements_around(reading: Reading, compte: str, debut: int, fin: int) -> list[ReleveRow]:
    """The statements of an account that touch these days, both included, and the last ones that close before them."""
    here = releve_bancaire.c
    mine = (here.cabinet == reading.cabinet, here.compte == compte)
    last = select(func.max(here.cloture_le)).where(*mine, here.cloture_le < debut).scalar_subquery()
    query = rows.query(releve_bancaire, ReleveRow, reading.cabinet).where(
        *mine, or_(here.cloture_le == last, and_(here.cloture_le >= debut, here.ouverture_le <= fin))
    )
    return rows.read_all(reading.connection, ReleveRow, query.order_by(here.cloture_le, here.fichier))


def movements_between(reading: Reading, compte: str, debut: int, fin: int) -> list[MouvementRow]:
    """The movements of an account on these days of its statements, both included."""
    here = mouvement_bancaire.c
    query = rows.query(mouvement_bancaire, MouvementRow, reading.cabinet).where(
        here.compte == compte, here.jour_releve >= debut, here.jour_releve <= fin
    )
    return rows.read_all(reading.connection, MouvementRow, query.order_by(here.fichier, here.rang))


def movements_around(reading: Reading, debut: int, fin: int) -> list[MouvementRow]:
    """The movements of every account that bear one of these days, both included."""
    here = mouvement_bancaire.c
    query = rows.query(mouvement_bancaire, MouvementRow, reading.cabinet).where(here.jour >= debut, here.jour <= fin)
    return rows.read_all(reading.connection, MouvementRow, query.order_by(here.fichier, here.rang))


def find_movements(reading: Reading, debut: str, rang: int) -> list[MouvementRow]:
    """The movements of this rank in the statements whose digest starts so."""
    here = mouvement_bancaire.c
    query = rows.query(mouvement_bancaire, MouvementRow, reading.cabinet).where(
        here.fichier >= debut, here.fichier < debut + _AFTER_DIGITS, here.rang == rang
    )
    return rows.read_all(reading.connection, MouvementRow, query.order_by(here.fichier))


def archives_of(reading: Reading, fichiers: Iterable[str]) -> dict[str, str]:
    """The archive of each of these statements: digest → id of its content."""
    here = fichier_recu.c
    query = select(here.empreinte, here.contenu_archive).where(
        here.cabinet == reading.cabinet, here.empreinte.in_(sorted(fichiers)), here.contenu_archive.is_not(None)
    )
    return {row.empreinte: row.contenu_archive for row in reading.connection.execute(query)}


def statement_files(reading: Reading) -> list[str]:
    """The digests of all statements that gave movements."""
    query = select(mouvement_bancaire.c.fichier).distinct().where(mouvement_bancaire.c.cabinet == reading.cabinet)
    return list(reading.connection.execute(query.order_by(mouvement_bancaire.c.fichier)).scalars())


def transfers_of(reading: Reading, fichier: str) -> list[VirementRow]:
    """The transfers of one return."""
    return _transfers(reading, _VIREMENT.c.fichier == fichier)


def transfers_between(reading: Reading, debut: int, fin: int) -> list[VirementRow]:
    """The transfers of these accounting days, both included."""
    return _transfers(reading, and_(_VIREMENT.c.date_comptable >= debut, _VIREMENT.c.date_comptable <= fin))


def _transfers(reading: Reading, condition: object) -> list[VirementRow]:
    here = _VIREMENT.c
    query = select(here.fichier, here.rang, here.date_comptable, here.libelle_1, here.libelle_2).where(
        here.cabinet == reading.cabinet,
        or_(here.libelle_1.is_not(None), here.libelle_2.is_not(None)),
        condition,  # type: ignore[arg-type]
    )
    return [
        VirementRow(
            fichier=row.fichier,
            rang=row.rang,
            date_comptable=row.date_comptable,
            libelle_1=row.libelle_1 or "",
            libelle_2=row.libelle_2 or "",
        )
        for row in reading.connection.execute(query.order_by(here.fichier, here.rang))
    ]


def insert_citations(transaction: Transaction, citations: Sequence[CitationRow]) -> None:
    """Say which movements cite which transfers; each pair is told once."""
    if citations:
        owner = {"cabinet": transaction.cabinet}
        transaction.connection.execute(insert(citation_bancaire), [owner | asdict(one) for one in citations])


def known_payers(reading: Reading) -> set[str]:
    """The names of the payers, as they are compared."""
    query = select(payeur_connu.c.libelle).where(payeur_connu.c.cabinet == reading.cabinet)
    return set(reading.connection.execute(query).scalars())


def insert_payers(transaction: Transaction, libelles: Iterable[str]) -> None:
    """Know these payers, which are new."""
    found = [{"cabinet": transaction.cabinet, "libelle": one} for one in sorted(set(libelles))]
    if found:
        transaction.connection.execute(insert(payeur_connu), found)


def insert_named(transaction: Transaction, named: Mapping[tuple[str, int], Iterable[str]]) -> None:
    """Say which payers each movement names."""
    found = [
        {"cabinet": transaction.cabinet, "fichier": fichier, "rang": rang, "libelle": libelle}
        for (fichier, rang), libelles in named.items()
        for libelle in sorted(set(libelles))
    ]
    if found:
        transaction.connection.execute(insert(payeur_cite), found)
