"""What has become of the lots on their way to the caisses: the facts of the journal, told by the life of a lot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.calendriers import calendar_for
from fse.base.dates import from_days, to_days
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
    """A file of the outbox: made on `cree_le`, tried `essais` times; `dernier` is what the last try came to."""

    emetteur: str
    identifiant: str
    canal: str
    cree_le: date
    essais: int
    dernier: str

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
    """A lot and what has become of it. `factures`: those it still carries; `montant`: their fees, in centimes."""

    prestataire: str
    numero_lot: int
    date_lot: date
    organisme: str
    type_destinataire: str
    centre: str
    factures: tuple[int, ...]
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
    return [tell(reading, cabinet, one, le) for one in on_their_way(reading)]


def tell(reading: Reading, cabinet: Cabinet, one: LotOnItsWay, le: date) -> LotTransmis:
    """What has become of one lot."""
    row, live = one.lot, [held for held in one.factures if held.vivante]
    return LotTransmis(
        prestataire=row.prestataire,
        numero_lot=row.numero_lot,
        date_lot=from_days(row.date_lot),
        organisme=row.organisme,
        type_destinataire=row.type_destinataire,
        centre=row.centre,
        factures=tuple(sorted(held.numero for held in live)),
        montant=sum(held.total_honoraires for held in live),
        transmission=transmission(facts_of(cabinet, one), le),
        accuses=tuple(_received(cabinet, accuse) for accuse in one.accuses),
        fichiers=tuple(fichiers_emis.name_of(file.emetteur, file.identifiant) for file in one.fichiers),
        en_attente=tuple(_waiting(reading, file) for file in one.fichiers if file.parti_le is None),
    )


def is_needless(reading: Reading, cabinet: Cabinet, emetteur: str, identifiant: str, le: date) -> bool:
    """True of a file made to send again a lot that a payer turned out to have: it must not leave any more."""
    if not is_resend(reading, emetteur, identifiant):
        return False
    held = of_lots(reading, fichiers_emis.lots_of(reading, emetteur, identifiant))
    return all(tell(reading, cabinet, one, le).transmission.etat == "recu" for one in held)


def facts_of(cabinet: Cabinet, one: LotOnItsWay) -> LotFacts:
    """The facts of a lot as its life reads them."""
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
    )
