"""`cloture`: the end of a day: what was secured and how it is paid, what was sent, what to give, post and do next.

What is counted in money is the fees of the invoices, everywhere; only a receipt is of what the patient paid. On a past
day, what waits is what existed on that day and still waits now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select

from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import Suivi, suivi
from fse.app.operations.worklist.delais import Delai, near_deadlines
from fse.app.operations.worklist.taches import TO_SEND
from fse.base.dates import from_days, to_days
from fse.base.french import counted
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.fichiers_emis import name_of
from fse.infra.journal.schema.exchange_tables import duplicata
from fse.infra.journal.schema.fact_tables import (
    MODE_REPRISE,
    annulation,
    facture,
    fichier_lot,
    lot,
    lot_facture,
)
from fse.infra.journal.schema.relations import LEFT
from fse.infra.journal.transaction import Reading
from fse.norm.model.saisie import MODES_SANS_LOT

MODES = {
    "S": "avec la carte Vitale",
    "F": "sans la carte Vitale",
    "D": "en mode dégradé",
    "aucun": "non sécurisées",
    "papier": "sur papier",
    "s3404": "sur bordereau S3404",
}
"""The modes of securing, in the order in which they are told."""

Invoice = tuple[str, int]
"""(prestataire, numero)."""

_LOT = ("prestataire", "numero_lot", "date_lot")
_FILE = ("emetteur", "identifiant")
_DEADLINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeDuJour:
    """The sheets of a day secured in one mode, cancelled ones left out; centimes. The fees are what the payers owe to
    the professional (`amo`, `amc`: third-party payment) and what the patients paid: honoraires = amo + amc + patient.
    """

    mode: str
    libelle: str
    feuilles: int
    honoraires: int
    amo: int
    amc: int
    patient: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEnvoye:
    """A lot that left on this day, in the file of this name; `honoraires` of its invoices, in centimes.
    `renvoi`: it had left before.
    """

    prestataire: str
    numero_lot: int
    date_lot: date
    organisme: str
    factures: int
    honoraires: int
    fichier: str
    renvoi: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recu:
    """What a patient paid for a sheet of the day, in centimes; `reference` is what the practice software calls it.
    `action`: what makes the receipt.
    """

    prestataire: str
    numero: int
    reference: str
    montant: int
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Papier:
    """A paper of the day: what it is, and whether it is to be posted to the caisse or given to the patient."""

    prestataire: str
    numero: int
    quoi: str
    a_poster: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnAttente:
    """What waits that evening: so many of what, their fees in centimes, what to do."""

    libelle: str
    quoi: str
    honoraires: int
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloture:
    """The end of the day `le`. `total` sums `modes`; `annulees` counts the sheets of the day that were cancelled.

    `recus`: the patients to whom a receipt is due; `pieces`: the documents to send on paper; `delais`: the next legal
    deadlines of the practice.
    """

    le: date
    praticiens: tuple[str, ...] | None
    modes: tuple[ModeDuJour, ...]
    total: ModeDuJour
    annulees: int
    lots: tuple[LotEnvoye, ...]
    recus: tuple[Recu, ...]
    papiers: tuple[Papier, ...]
    pieces: tuple[Piece, ...]
    attentes: tuple[EnAttente, ...]
    delais: tuple[Delai, ...]


def cloture(practice: Practice, *, le: date | None = None, praticiens: Collection[str] | None = None) -> Cloture:
    """What a day came to, for these prestataires, `None` for all. Reads only."""
    today = practice.day(le)
    with practice.journal.reading() as reading:
        sheets = [row for row in _sheets(reading, today) if praticiens is None or row["prestataire"] in praticiens]
        sent = [one for one in _sent(reading, today) if praticiens is None or one.prestataire in praticiens]
        papers = [one for one in _papers(reading, today) if praticiens is None or one.prestataire in praticiens]
    kept = [row for row in sheets if not row["annulee"]]
    modes = tuple(_modes(kept))
    followed = suivi(practice, le=today, praticiens=praticiens)
    with practice.journal.reading() as reading:
        fees = _fees(reading, {one.numero for one in followed.taches}, today)
    followed = _of_that_day(followed, fees)
    return Cloture(
        le=today,
        praticiens=None if praticiens is None else tuple(sorted(praticiens)),
        modes=modes,
        total=_mode("", "en tout", kept),
        annulees=len(sheets) - len(kept),
        lots=tuple(sent),
        recus=tuple(_receipts(kept, several=len(practice.cabinet.prestataires) > 1)),
        papiers=(*_on_paper(kept), *papers),
        pieces=tuple(one for one in followed.pieces if one.etat == "sur_papier"),
        attentes=tuple(_waiting(followed, fees)),
        delais=tuple(one for one in near_deadlines(followed) if not one.caisse)[:_DEADLINES],
    )


def _sheets(reading: Reading, le: date) -> list[dict[str, Any]]:
    """The sheets secured on a day, cancelled ones too."""
    here, gone = facture.c, annulation.c
    amo, amc = here.attend_amo * here.demande_amo, here.attend_amc * here.demande_amc
    query = (
        select(
            here.prestataire,
            here.numero,
            here.reference,
            here.mode,
            here.total_honoraires.label("honoraires"),
            amo.label("amo"),
            amc.label("amc"),
            case((gone.numero.is_not(None), 1), else_=0).label("annulee"),
        )
        .select_from(facture)
        .outerjoin(annulation, rows.same(annulation, facture, "prestataire", "numero"))
        .where(here.cabinet == reading.cabinet, here.securisee_le == to_days(le), here.mode != MODE_REPRISE)
        .order_by(here.prestataire, here.numero)
    )
    return [dict(row) for row in reading.connection.execute(query).mappings()]


def _modes(sheets: Sequence[dict[str, Any]]) -> Iterator[ModeDuJour]:
    for mode, libelle in MODES.items():
        found = [row for row in sheets if row["mode"] == mode]
        if found:
            yield _mode(mode, libelle, found)


def _mode(mode: str, libelle: str, sheets: Sequence[dict[str, Any]]) -> ModeDuJour:
    fees, amo, amc = (sum(row[name] for row in sheets) for name in ("honoraires", "amo", "amc"))
    return ModeDuJour(
        mode=mode,
        libelle=libelle,
        feuilles=len(sheets),
        honoraires=fees,
        amo=amo,
        amc=amc,
        patient=fees - amo - amc,
    )


def _receipts(sheets: Iterable[dict[str, Any]], *, several: bool) -> Iterator[Recu]:
    for row in sheets:
        paid = row["honoraires"] - row["amo"] - row["amc"]
        if paid > 0:
            yield Recu(
                prestataire=row["prestataire"],
                numero=row["numero"],
                reference=row["reference"],
                montant=paid,
                action=_receipt(row, several=several),
            )


def _receipt(row: dict[str, Any], *, several: bool) -> str:
    """The copy of an electronic sheet; one on paper has none. A number is unique for one practitioner only."""
    if row["mode"] in MODES_SANS_LOT:
        if _is_to_post(row):
            return "Photocopier la feuille avant de la poster."
        return "La feuille remise au patient en tient lieu."
    who, numero = row["prestataire"], row["numero"]
    if several:
        return f"fse copie {numero} --praticien {who} --sortie recu-{who}-{numero:09d}.pdf"
    return f"fse copie {numero} --sortie recu-{numero:09d}.pdf"


def _is_to_post(row: dict[str, Any]) -> bool:
    """With third-party payment the professional sends the sheet, else the patient does (R161-47 I 2° a)."""
    return bool(row["amo"] or row["amc"])


def _on_paper(sheets: Iterable[dict[str, Any]]) -> Iterator[Papier]:
    for row in sheets:
        if row["mode"] in MODES_SANS_LOT:
            yield Papier(
                prestataire=row["prestataire"],
                numero=row["numero"],
                quoi="feuille sur papier" if row["mode"] == "papier" else "bordereau S3404",
                a_poster=_is_to_post(row),
            )


def _papers(reading: Reading, le: date) -> Iterator[Papier]:
    """The duplicates made on a day."""
    here = duplicata.c
    query = (
        select(here.prestataire, here.numero, here.rang, here.voie)
        .where(here.cabinet == reading.cabinet, here.edite_le == to_days(le))
        .order_by(here.prestataire, here.numero, here.rang)
    )
    for prestataire, numero, rang, voie in reading.connection.execute(query):
        yield Papier(
            prestataire=prestataire,
            numero=numero,
            quoi="duplicata" if rang == 1 else f"duplicata n° {rang}",
            a_poster=voie == "caisse",
        )


def _sent(reading: Reading, le: date) -> Iterator[LotEnvoye]:
    """The lots of the files that left on a day."""
    held, left, here = fichier_lot.c, LEFT.c, lot.c
    again = fichier_lot.alias("avant")
    before = LEFT.alias("parti_avant")
    earlier = (
        select(before.c.identifiant)
        .select_from(again)
        .join(before, rows.same(before, again, *_FILE))
        .where(rows.same(again, fichier_lot, *_LOT), before.c.parti_le < to_days(le))
        .exists()
    )
    invoices = select(func.count()).select_from(lot_facture).where(rows.same(lot_facture, lot, *_LOT)).scalar_subquery()
    fees = (
        select(func.coalesce(func.sum(facture.c.total_honoraires), 0))
        .select_from(lot_facture)
        .join(facture, rows.same(facture, lot_facture, "prestataire", "numero"))
        .where(rows.same(lot_facture, lot, *_LOT))
        .scalar_subquery()
    )
    query = (
        select(
            *(here[name] for name in (*_LOT, "organisme")),
            invoices.label("factures"),
            fees.label("honoraires"),
            *(held[name] for name in _FILE),
            case((earlier, 1), else_=0).label("renvoi"),
        )
        .select_from(LEFT)
        .join(fichier_lot, rows.same(fichier_lot, LEFT, *_FILE))
        .join(lot, rows.same(lot, fichier_lot, *_LOT))
        .where(and_(left.cabinet == reading.cabinet, left.parti_le == to_days(le)))
        .order_by(held.emetteur, held.identifiant, held.ordre)
    )
    for row in reading.connection.execute(query).mappings():
        yield LotEnvoye(
            prestataire=row["prestataire"],
            numero_lot=row["numero_lot"],
            date_lot=from_days(row["date_lot"]),
            organisme=row["organisme"],
            factures=int(row["factures"]),
            honoraires=int(row["honoraires"]),
            fichier=name_of(row["emetteur"], row["identifiant"]),
            renvoi=bool(row["renvoi"]),
        )


def _fees(reading: Reading, numeros: Collection[int], le: date) -> dict[Invoice, int]:
    """The fees of the invoices of these numbers that were secured on that day or before."""
    here = facture.c
    query = select(here.prestataire, here.numero, here.total_honoraires).where(
        here.cabinet == reading.cabinet, here.numero.in_(numeros), here.securisee_le <= to_days(le)
    )
    return {(who, numero): fees for who, numero, fees in reading.connection.execute(query)}


def _of_that_day(followed: Suivi, fees: dict[Invoice, int]) -> Suivi:
    """What of the worklist existed on its day; `fees`: its invoices that did."""
    return replace(
        followed,
        taches=tuple(one for one in followed.taches if (one.prestataire, one.numero) in fees),
        transmissions=tuple(one for one in followed.transmissions if one.date_lot <= followed.le),
        pieces=tuple(one for one in followed.pieces if one.deposee_le <= followed.le),
        dettes=tuple(one for one in followed.dettes if one.premiere_le <= followed.le),
    )


def _waiting(followed: Suivi, fees: dict[Invoice, int]) -> Iterator[EnAttente]:
    """What an evening can still do: the sheets that wait for a lot, the lots that are not gone."""
    sheets = [one for one in followed.taches if one.nature in TO_SEND and not one.lot]
    for libelle in dict.fromkeys(one.libelle for one in sheets):
        found = [one for one in sheets if one.libelle == libelle]
        yield EnAttente(
            libelle=libelle,
            quoi=counted(len(found), "feuille"),
            honoraires=sum(fees[one.prestataire, one.numero] for one in found),
            action=found[0].action,
        )
    for etat in dict.fromkeys(one.transmission.etat for one in followed.transmissions):
        lots = [one for one in followed.transmissions if one.transmission.etat == etat]
        yield EnAttente(
            libelle=lots[0].transmission.libelle,
            quoi=counted(len(lots), "lot"),
            honoraires=sum(one.montant for one in lots),
            action=" ".join(dict.fromkeys(one.transmission.action for one in lots)),
        )
