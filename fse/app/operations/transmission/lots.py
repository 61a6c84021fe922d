"""What has become of the lots on their way to the caisses: the facts of the journal, told by the life of a lot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.calendriers import calendar_for
from fse.base.dates import from_days, to_days
from fse.domain.echeances.departs import failed_on
from fse.domain.echeances.faits import AccuseFacts, FactureFacts, FichierFacts, LotFacts
from fse.domain.echeances.transmission import Transmission, transmission
from fse.infra.journal.facts import fichiers_emis
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.exchanges.transmissions import (
    CarrierRow,
    LotOnItsWay,
    is_resend,
    of_lots,
    on_their_way,
)
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierEnAttente:
    """A file of the outbox: made on `cree_le`, tried `essais` times; `dernier` is what the last try, on `dernier_le`,
    came to ("" and `None` before the first). `renvoi`: it is made to send a lot again.
    """

    emetteur: str
    identifiant: str
    canal: str
    cree_le: date
    essais: int
    dernier: str
    dernier_le: date | None
    renvoi: bool

    @property
    def nom(self) -> str:
        return fichiers_emis.name_of(self.emetteur, self.identifiant)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuseDuLot:
    """An acknowledgement received. `sens` P or N; `numero_facture` 0 when none is named; `action` "" when unknown."""

    sens: str
    recu_le: date
    cause: str
    libelle: str
    action: str
    numero_facture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotTransmis:
    """A lot and what has become of it. `factures`: those it still carries; `montant`: their fees, in centimes;
    `restent`: those of them that are neither on paper nor corrected. `en_attente`: its files that are to leave.
    """

    prestataire: str
    numero_lot: int
    date_lot: date
    organisme: str
    type_destinataire: str
    centre: str
    factures: tuple[int, ...]
    restent: tuple[int, ...]
    montant: int
    transmission: Transmission
    accuses: tuple[AccuseDuLot, ...]
    fichiers: tuple[str, ...]
    en_attente: tuple[FichierEnAttente, ...]

    @property
    def key(self) -> LotKey:
        return LotKey(self.prestataire, self.numero_lot, to_days(self.date_lot))


def transmissions(reading: Reading, cabinet: Cabinet, le: date) -> list[LotTransmis]:
    """The lots on their way on this day, oldest first: what is closed is not read at all."""
    return _told(reading, cabinet, on_their_way(reading), le)


def lots_told(reading: Reading, cabinet: Cabinet, keys: Iterable[LotKey], le: date) -> list[LotTransmis]:
    """What has become of these lots, whether they are on their way or not, oldest first."""
    return _told(reading, cabinet, of_lots(reading, keys), le)


def failures(reading: Reading, cabinet: Cabinet, keys: Iterable[LotKey], le: date) -> dict[LotKey, date]:
    """The day on which each of these lots failed, as known on a day; those that did not are not there."""
    days = {one.lot.key: failed_on(facts_of(cabinet, one), le) for one in of_lots(reading, keys)}
    return {key: day for key, day in days.items() if day is not None}


def _told(reading: Reading, cabinet: Cabinet, found: Iterable[LotOnItsWay], le: date) -> list[LotTransmis]:
    held = list(found)
    known = failures(reading, cabinet, {one.lot.ancien for one in held if one.lot.ancien is not None}, le)
    return [_tell(reading, cabinet, one, known, le) for one in held]


def _tell(reading: Reading, cabinet: Cabinet, one: LotOnItsWay, known: Mapping[LotKey, date], le: date) -> LotTransmis:
    row, live = one.lot, [held for held in one.factures if held.vivante]
    told = transmission(facts_of(cabinet, one, known.get(row.ancien) if row.ancien else None), le)
    waits = told.etat in ("a_envoyer", "renvoi_a_envoyer")
    return LotTransmis(
        prestataire=row.prestataire,
        numero_lot=row.numero_lot,
        date_lot=from_days(row.date_lot),
        organisme=row.organisme,
        type_destinataire=row.type_destinataire,
        centre=row.centre,
        factures=tuple(sorted(held.numero for held in live)),
        restent=tuple(sorted(held.numero for held in live if not held.reglee)),
        montant=sum(held.total_honoraires for held in live),
        transmission=told,
        accuses=tuple(_received(cabinet, accuse) for accuse in one.accuses),
        fichiers=tuple(fichiers_emis.name_of(file.emetteur, file.identifiant) for file in one.fichiers),
        en_attente=tuple(_waiting(reading, file) for file in one.fichiers if waits and file.parti_le is None),
    )


def facts_of(cabinet: Cabinet, one: LotOnItsWay, echec_precedent: date | None = None) -> LotFacts:
    """The facts of a lot as its life reads them; `echec_precedent`: the day on which the lot before it failed."""
    row = one.lot
    return LotFacts(
        certification=row.certification,
        calendrier=calendar_for(cabinet, row.organisme, row.type_destinataire, row.centre),
        signe=bool(row.signe),
        factures=frozenset(
            FactureFacts(
                numero=held.numero,
                tiers_payant=bool(held.attend_amo),
                securisee_le=from_days(held.securisee_le),
                vivante=bool(held.vivante),
                reglee=bool(held.reglee),
                sur_papier=bool(held.sur_papier),
                attendue=bool(held.attendue),
            )
            for held in one.factures
        ),
        fichiers=frozenset(
            FichierFacts(
                identifiant=file.identifiant,
                canal=file.canal,
                parti_le=None if file.parti_le is None else from_days(file.parti_le),
            )
            for file in one.fichiers
        ),
        accuses=frozenset(_accuse(cabinet, accuse) for accuse in one.accuses),
        renvois=one.decisions.count("renvoi"),
        relotte="relot" in one.decisions,
        repondu=bool(row.repondu),
        echec_precedent=echec_precedent,
    )


def _accuse(cabinet: Cabinet, one: AccuseRow) -> AccuseFacts:
    """An unknown cause is sent again: so says the law of what is refused (CSS R161-47)."""
    recu_le = from_days(one.recu_le)
    cause = cabinet.listes.cause_arl(one.cause, recu_le) if one.sens == "N" else None
    return AccuseFacts(
        sens=one.sens,
        suite=cause.suite if cause else "renvoi",
        numero_facture=one.numero_facture,
        identifiant_fichier=one.identifiant_fichier,
        recu_le=recu_le,
    )


def _received(cabinet: Cabinet, one: AccuseRow) -> AccuseDuLot:
    recu_le = from_days(one.recu_le)
    cause = cabinet.listes.cause_arl(one.cause, recu_le) if one.sens == "N" else None
    return AccuseDuLot(
        sens=one.sens,
        recu_le=recu_le,
        cause=one.cause,
        libelle=one.libelle or (cause.libelle if cause else ""),
        action=cause.action if cause else "",
        numero_facture=one.numero_facture,
    )


def _waiting(reading: Reading, file: CarrierRow) -> FichierEnAttente:
    tried = envois.attempts(reading, file.emetteur, file.identifiant)
    last = f"{tried[-1].code} {tried[-1].detail}".strip() if tried else ""
    return FichierEnAttente(
        emetteur=file.emetteur,
        identifiant=file.identifiant,
        canal=file.canal,
        cree_le=from_days(file.date_creation),
        essais=len(tried),
        dernier=last,
        dernier_le=from_days(tried[-1].jour) if tried else None,
        renvoi=is_resend(reading, file.emetteur, file.identifiant),
    )
