"""Facts about invoices: secured, cancelled, waiting for a lot. Each writing function adds its own event.

Whether an amount or a right is correct is not judged here; what would make the record contradict itself is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from fse.base.errors import UsageError
from fse.base.plages import FACTURES, Plage
from fse.domain.reconciliation.life_cycle import FACTURE
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import compteurs, rows
from fse.infra.journal.facts.exclusions import ExclusionRow, insert_exclusions
from fse.infra.journal.facts.soins import SoinRow, insert_soins
from fse.infra.journal.schema.derived import ETAT_FACTURE
from fse.infra.journal.schema.fact_tables import MODE_REPRISE, signature_lot
from fse.infra.journal.schema.fact_tables import annulation as annulation_table
from fse.infra.journal.schema.fact_tables import facture as facture_table
from fse.infra.journal.schema.relations import LIVE_LOT_INVOICE
from fse.infra.journal.transaction import Reading, Transaction
from fse.norm.model.saisie import MODES_EN_LOT

NOT_ON_ITS_WAY = (FACTURE["a_emettre"].nom, FACTURE["a_reemettre"].nom)
"""The states of an invoice that waits for a lot, or whose lot has not left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureRow:
    """An invoice as it was secured. Amounts in centimes, dates in days, flags 0 or 1.

    `empreinte_saisie` is `Coffre.content_fingerprint` of the input; `contenu_fse`, `contenu_saisie` and `personne`
    are ids given by `Transaction.store` and `Transaction.person`; `contenu_fse` is `None` for a sheet without bytes.
    `remplacant` is `""` when there is none, `remplace` the number of the invoice it corrects; `racine` and
    `rang_chaine` say of which chain of corrections it is (the number of the first invoice) and where it stands in it,
    from 0 (`place_in_chain`). An invoice of the previous software has the mode `reprise`, no bytes, no seal (`""`), and
    its entry as `contenu_saisie`.
    """

    prestataire: str
    numero: int
    reference: str
    empreinte_saisie: str
    sceau: str
    mode: str
    destinataire_reglement: str
    attend_amo: int
    attend_amc: int
    demande_amo: int
    demande_amc: int
    total_honoraires: int
    date_facture: int
    securisee_le: int
    organisme: str
    type_destinataire: str
    centre: str
    remplacant: str
    remplace: int | None
    racine: int
    rang_chaine: int
    contenu_fse: str | None
    contenu_saisie: str
    personne: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulationRow:
    """Why, by whom and on which day (days) an invoice was cancelled."""

    prestataire: str
    numero: int
    motif: str
    auteur: str
    annulee_le: int


def allocate_numero(transaction: Transaction, prestataire: str, plage: Plage = FACTURES) -> int:
    """The next invoice number of a prestataire whose numbers are allocated here, in the range of this workstation.

    Raises `UsageError` (`facture.numeros_epuises`) past the end of the range.
    """
    name = compteurs.of_factures(prestataire)
    compteurs.raise_to(transaction, name, plage.premier - 1)
    numero = transaction.allocate(name)
    if numero > plage.dernier:
        raise UsageError(
            "facture.numeros_epuises",
            f"Ce praticien n'a plus de numéro de facture libre de {plage}.",
            action="Lui donner un autre numéro de facturation, ou faire fournir les numéros par le logiciel."
            if plage == FACTURES
            else "Lui réserver sur ce poste une plage de numéros plus haute, dans cabinet.toml.",
            lieu=f"praticien {prestataire}",
        )
    return numero


def insert_facture(
    transaction: Transaction, facture: FactureRow, soins: Sequence[SoinRow], exclusions: Sequence[ExclusionRow] = ()
) -> None:
    """Record a secured invoice, its lines, what takes some out of the scope of the incentives, and their event.

    Raises `UsageError`: `facture.numero_pris`, `facture.reference_prise`, `facture.deja_remplacee`.
    """
    here = facture_table.c
    taken = select(here.numero).where(
        here.cabinet == transaction.cabinet,
        here.prestataire == facture.prestataire,
        or_(here.numero == facture.numero, here.reference == facture.reference),
    )
    numeros = transaction.connection.execute(taken).scalars().all()
    if facture.numero in numeros:
        raise _refusal(
            "facture.numero_pris",
            facture.numero,
            "Ce numéro a déjà été donné à une facture de ce praticien.",
            "Donner un numéro qui n'a jamais servi : un numéro ne se réutilise pas.",
        )
    if numeros:
        raise _refusal(
            "facture.reference_prise",
            facture.numero,
            "Cette référence est déjà celle d'une autre facture de ce praticien.",
            "Donner une référence propre à chaque facture.",
        )
    if facture.remplace is not None and find_successor(transaction, facture.prestataire, facture.remplace):
        raise _refusal(
            "facture.deja_remplacee",
            facture.remplace,
            "Cette facture a déjà été remplacée par une autre.",
            "Remplacer la dernière facture de la suite.",
        )
    rows.write(transaction.connection, facture_table, transaction.cabinet, facture)
    insert_soins(transaction, soins)
    insert_exclusions(transaction, exclusions)
    hanging = {"soins": _hanging(soins), "exclusions": _hanging(exclusions)}
    transaction.event(Genre.FACTURE_SECURISEE, {**asdict(facture), **hanging})


def _hanging(lines: Sequence[SoinRow | ExclusionRow]) -> list[dict[str, object]]:
    return [{name: value for name, value in asdict(one).items() if name not in _OF_INVOICE} for one in lines]


_OF_INVOICE = frozenset({"prestataire", "numero", "ordre"})
"""What an event says of a line by saying it of its invoice, or by its place."""


def find(reading: Reading, prestataire: str, numero: int) -> FactureRow | None:
    """The invoice of this prestataire and number."""
    query = rows.query(facture_table, FactureRow, reading.cabinet)
    query = query.where(facture_table.c.prestataire == prestataire, facture_table.c.numero == numero)
    return rows.read_one(reading.connection, FactureRow, query)


def find_all(reading: Reading, numero: int) -> list[FactureRow]:
    """The invoices of this number, one a prestataire at most."""
    query = rows.query(facture_table, FactureRow, reading.cabinet).where(facture_table.c.numero == numero)
    return rows.read_all(reading.connection, FactureRow, query.order_by(facture_table.c.prestataire))


def find_by_reference(reading: Reading, prestataire: str, reference: str) -> FactureRow | None:
    """The invoice that the practice software calls by this reference."""
    query = rows.query(facture_table, FactureRow, reading.cabinet)
    query = query.where(facture_table.c.prestataire == prestataire, facture_table.c.reference == reference)
    return rows.read_one(reading.connection, FactureRow, query)


def find_successor(reading: Reading, prestataire: str, numero: int) -> FactureRow | None:
    """The invoice that replaces this one."""
    query = rows.query(facture_table, FactureRow, reading.cabinet)
    query = query.where(facture_table.c.prestataire == prestataire, facture_table.c.remplace == numero)
    return rows.read_one(reading.connection, FactureRow, query)


def place_in_chain(reading: Reading, prestataire: str, numero: int, remplace: int | None) -> tuple[int, int]:
    """The chain of corrections that a new invoice joins, by its first number, and its place in it, from 0."""
    corrected = find(reading, prestataire, remplace) if remplace is not None else None
    return (numero, 0) if corrected is None else (corrected.racine, corrected.rang_chaine + 1)


def chain_of(reading: Reading, prestataire: str, numero: int) -> list[int]:
    """The numbers of the chain of corrections of an invoice, itself included; empty when it is not known."""
    one = find(reading, prestataire, numero)
    if one is None:
        return []
    here = facture_table.c
    query = select(here.numero).where(
        here.cabinet == reading.cabinet, here.prestataire == prestataire, here.racine == one.racine
    )
    return list(reading.connection.execute(query).scalars())


def waiting(reading: Reading) -> list[FactureRow]:
    """Invoices that a lot should take: not cancelled, in no live lot, of a mode that goes into lots; oldest first.

    Looked for among those that have not left yet, which an index knows: the cost does not grow with the journal.
    """
    here = facture_table.c
    query = rows.query(facture_table, FactureRow, reading.cabinet)
    query = query.join(ETAT_FACTURE, rows.same(ETAT_FACTURE, facture_table, "prestataire", "numero"))
    query = query.where(ETAT_FACTURE.c.etat.in_(NOT_ON_ITS_WAY), _waits())
    return rows.read_all(
        reading.connection, FactureRow, query.order_by(here.prestataire, here.securisee_le, here.numero)
    )


def still_waiting(reading: Reading, prestataire: str, numeros: Collection[int]) -> set[int]:
    """Those of these invoices that wait for a lot."""
    here = facture_table.c
    query = select(here.numero).where(
        here.cabinet == reading.cabinet, here.prestataire == prestataire, here.numero.in_(numeros), _waits()
    )
    return set(reading.connection.execute(query).scalars())


def find_cancellation(reading: Reading, prestataire: str, numero: int) -> AnnulationRow | None:
    """The cancellation of this invoice."""
    query = rows.query(annulation_table, AnnulationRow, reading.cabinet)
    query = query.where(annulation_table.c.prestataire == prestataire, annulation_table.c.numero == numero)
    return rows.read_one(reading.connection, AnnulationRow, query)


def cancel(transaction: Transaction, annulation: AnnulationRow) -> None:
    """Record that an invoice is cancelled, and its event; the unsigned lot that held it is void from now on.

    Raises `UsageError`: `facture.inconnue`, `facture.deja_annulee`, `facture.deja_partie`, `facture.lot_signe`.
    """
    prestataire, numero = annulation.prestataire, annulation.numero
    facture = find(transaction, prestataire, numero)
    if facture is None:
        raise _refusal(
            "facture.inconnue",
            numero,
            "Aucune facture de ce praticien ne porte ce numéro.",
            "Vérifier le numéro et le praticien.",
        )
    if find_cancellation(transaction, prestataire, numero) is not None:
        raise _refusal("facture.deja_annulee", numero, "Cette facture est déjà annulée.", "Il n'y a rien à faire.")
    if facture.mode == MODE_REPRISE:
        raise _refusal(
            "facture.deja_partie",
            numero,
            "Cette facture est partie par le logiciel précédent : elle ne s'annule plus.",
            "Attendre la réponse de la caisse, puis la corriger par une facture qui la remplace.",
        )
    if _is_in_signed_lot(transaction, prestataire, numero):
        raise _refusal(
            "facture.lot_signe",
            numero,
            "Cette facture est dans un lot déjà signé : elle ne s'annule plus.",
            "Attendre la réponse de la caisse, puis la corriger par une facture qui la remplace.",
        )
    rows.write(transaction.connection, annulation_table, transaction.cabinet, annulation)
    transaction.event(Genre.FACTURE_ANNULEE, asdict(annulation))


def _waits() -> ColumnElement[bool]:
    cancelled = exists().where(rows.same(annulation_table, facture_table, "prestataire", "numero"))
    in_a_lot = exists().where(rows.same(LIVE_LOT_INVOICE, facture_table, "prestataire", "numero"))
    return and_(facture_table.c.mode.in_(MODES_EN_LOT), ~cancelled, ~in_a_lot)


def _is_in_signed_lot(reading: Reading, prestataire: str, numero: int) -> bool:
    held = LIVE_LOT_INVOICE.c
    signed = select(held.numero).where(
        held.cabinet == reading.cabinet,
        held.prestataire == prestataire,
        held.numero == numero,
        exists().where(rows.same(signature_lot, LIVE_LOT_INVOICE, "prestataire", "numero_lot", "date_lot")),
    )
    return reading.connection.execute(signed).first() is not None


def _refusal(code: str, numero: int, message: str, action: str) -> UsageError:
    return UsageError(code, message, action=action, lieu=f"facture {numero}")
