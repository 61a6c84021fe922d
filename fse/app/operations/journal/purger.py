"""`journal purger`: a person leaves the journal, at the end of everything; the chain stays whole.

A person is everybody billed under one NIR: each of their rows holds it, and the insured's name. All their invoices must
be settled and older than their retention, and the archives that hold them destroyed, for those hold others too and go
whole. What stays: numbers, amounts, dates, states, which name nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select

from fse.app.operations.annuler import resolve
from fse.app.operations.clock import now
from fse.app.operations.journal import correspondance
from fse.app.operations.journal.archives import Archive, Invoice, archives, final_invoices
from fse.app.operations.journal.conservation import kept_until, purge_day
from fse.app.operations.practice import Practice
from fse.base.dates import from_days
from fse.base.errors import UsageError
from fse.infra.journal import Genre, Reading, Transaction
from fse.infra.journal.facts import factures
from fse.infra.journal.schema.fact_tables import assure_retour
from fse.infra.journal.schema.fact_tables import facture as facture_table
from fse.infra.journal.schema.tables import personne
from fse.infra.journal.upkeep import destruction
from fse.norm.layout import EntityRow, Unparsed, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What was destroyed: the invoices keep their facts."""

    factures: tuple[Invoice, ...]
    personnes: int
    contenus: int


class _Person(NamedTuple):
    id: str
    nir_empreinte: str | None


def purger_personne(
    practice: Practice,
    numero: int,
    *,
    auteur: str,
    motif: str,
    prestataire: str | None = None,
    le: date | None = None,
) -> Purge:
    """Destroy all that names the person of this invoice.

    Raises `UsageError`: `personne.deja_purgee`, `personne.facture_ouverte`, `personne.conservation` (too early: until
    when), `personne.archive` (an archive that holds her is still there), those of `purge_day` and of `resolve`.
    """
    today = purge_day(practice, le)
    with practice.journal.transaction(now()) as transaction:
        who = resolve(transaction, numero, prestataire)
        row = factures.find(transaction, who, numero)
        assert row is not None
        persons = _persons(transaction, row.personne, numero)
        rows = _invoices(transaction, persons)
        invoices = {(one.prestataire, one.numero) for one in rows}
        held = archives(transaction)
        _refuse_open(transaction, invoices)
        _refuse_early(rows, held, today)
        _refuse_archived(transaction, persons, invoices, held, today)
        contents = [id for one in rows for id in (one.contenu_fse, one.contenu_saisie) if id is not None]
        fingerprints = {one.nir_empreinte for one in persons if one.nir_empreinte is not None}
        transaction.connection.execute(
            delete(assure_retour).where(
                assure_retour.c.cabinet == transaction.cabinet, assure_retour.c.nir_empreinte.in_(fingerprints)
            )
        )
        destruction.destroy_contents(transaction, contents)
        ids = [one.id for one in persons]
        destruction.delete_persons(transaction, ids)
        transaction.event(
            Genre.PERSONNE_PURGEE,
            {
                "auteur": auteur,
                "motif": motif,
                "personnes": ids,
                "contenus": contents,
                "factures": [list(one) for one in sorted(invoices)],
            },
        )
    destruction.empty_log(practice.journal)
    return Purge(factures=tuple(sorted(invoices)), personnes=len(ids), contenus=len(contents))


def _persons(reading: Reading, id: str, numero: int) -> list[_Person]:
    """The rows of the person: all those of the same NIR."""
    here = personne.c
    query = select(here.id, here.nir_empreinte).where(here.cabinet == reading.cabinet)
    known = reading.connection.execute(query.where(here.id == id)).one_or_none()
    if known is None:
        raise UsageError(
            "personne.deja_purgee",
            "La personne de cette facture n'est plus dans le journal.",
            action="Il n'y a rien à faire.",
            lieu=f"facture {numero:09d}",
        )
    if known.nir_empreinte is None:
        return [_Person(*known)]
    same = query.where(here.nir_empreinte == known.nir_empreinte).order_by(here.id)
    return [_Person(*one) for one in reading.connection.execute(same)]


def _invoices(reading: Reading, persons: list[_Person]) -> list[factures.FactureRow]:
    here = facture_table.c
    query = select(here.prestataire, here.numero).where(
        here.cabinet == reading.cabinet, here.personne.in_([one.id for one in persons])
    )
    keys = reading.connection.execute(query.order_by(here.prestataire, here.numero)).all()
    found = [factures.find(reading, prestataire, numero) for prestataire, numero in keys]
    return [one for one in found if one is not None]


def _refuse_open(reading: Reading, invoices: set[Invoice]) -> None:
    for prestataire, numero in sorted(invoices - final_invoices(reading)):
        raise UsageError(
            "personne.facture_ouverte",
            "Une facture de cette personne n'est pas soldée.",
            action=f"Voir fse facture {numero} : tant qu'un paiement est attendu, tout est conservé.",
            lieu=f"praticien {prestataire}, facture {numero:09d}",
        )


def _refuse_early(rows: list[factures.FactureRow], held: list[Archive], today: date) -> None:
    """The retention counts from the sending, else from the securing."""
    for row in rows:
        own = [one for one in held if one.nature != "retour" and (row.prestataire, row.numero) in one.factures]
        sent = [one.echeance for one in own if one.echeance is not None]
        until = max([*sent, kept_until(from_days(row.securisee_le))])
        if until > today:
            raise UsageError(
                "personne.conservation",
                f"Une facture de cette personne doit être conservée jusqu'au {until:%d/%m/%Y}.",
                action="Recommencer à partir de cette date.",
                lieu=f"praticien {row.prestataire}, facture {row.numero:09d}",
            )


def _refuse_archived(
    transaction: Transaction,
    persons: list[_Person],
    invoices: set[Invoice],
    held: list[Archive],
    today: date,
) -> None:
    nirs = {transaction.load_person(one.id).nir.strip() for one in persons} - {""}
    messages = {id for one in held if one.nature == "courrier" for id in one.contenus}
    fingerprints = {one.nir_empreinte for one in persons if one.nir_empreinte is not None}
    hers = correspondance.may_name(transaction, messages, invoices, nirs, fingerprints)
    for one in held:
        if not (
            one.factures & invoices
            or (one.nature == "retour" and _names(transaction, one, nirs))
            or not hers.isdisjoint(one.contenus)
        ):
            continue
        if one.nature == "courrier" and not one.soldee:
            action = "Ce message n'est pas encore lu : lancer fse relever avec la clé que nomme [releve]."
        elif one.is_over(today):
            action = "Lancer d'abord fse archive purger, qui détruit entières les archives arrivées à leur terme."
        elif one.soldee and one.echeance is not None:
            action = f"Elle ne peut être détruite qu'à partir du {one.echeance:%d/%m/%Y}."
        else:
            action = "Elle contient des factures qui ne sont pas soldées : elle est conservée jusque-là."
        raise UsageError(
            "personne.archive",
            "Une archive qui contient cette personne, et d'autres, est encore conservée.",
            action=action,
            lieu=f"{one.nature} {one.designation}",
        )


def _names(reading: Reading, archive: Archive, nirs: set[str]) -> bool:
    """True when the NIR stands in this return: a line may name her without being matched."""
    wanted = [nir.encode("latin-1") for nir in nirs]
    items = read([reading.load(id) for id in archive.contenus])
    rows = (item for item in items if isinstance(item, (EntityRow, Unparsed)))
    return any(nir in row.brut for row in rows for nir in wanted)
