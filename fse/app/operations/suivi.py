"""`suivi`: what is waiting, late, rejected, paid short, withheld or unmatched, and what to do, by amount at stake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fse.app.operations.banque.suivi import Banque, PreuveVirement, ask_bank, bank_tasks, read_bank, read_proofs
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.motifs import (
    DOUBLON,
    MotifRejet,
    RejetInconnu,
    RejetRecu,
    motif_of,
    told_apart,
    unknown_rejects,
)
from fse.app.operations.obligations.suivi import Obligation, obligations_of
from fse.app.operations.pieces.etat import ETATS
from fse.app.operations.pieces.suivi import Piece, pieces_of
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer, ask_all_files, ask_cabinet, ask_invoices, ask_parameters
from fse.app.operations.transmission.lots import LotTransmis, transmissions
from fse.app.operations.worklist.anciennete import Anciennete, ageing
from fse.app.operations.worklist.dettes import Dette, read_debts
from fse.app.operations.worklist.echeances import CahierAttendu, placed, read_deadlines, shown, specification
from fse.app.operations.worklist.garantie import FAMILLES_DROITS, Garantie, guarantee
from fse.app.operations.worklist.retours import Retours, fetched
from fse.app.operations.worklist.taches import (
    Suggestion,
    Tache,
    contestable,
    in_order,
    is_contestable,
    line_name,
    make_task,
    suggestion,
)
from fse.base.dates import from_days, to_days
from fse.base.findings import catalogue
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.actes import files_put_away, places_put_away
from fse.infra.journal.facts.exchanges import feuilles
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow, received_files
from fse.infra.journal.transaction import Reading

MOIS = timedelta(days=31)
"""The transfers of the month are those of this last time: the list of the 1st is not empty."""

_SAME_IDENTITY = "reception.identite_reprise"
"""Why a file is set aside though another of its identity is booked."""

Invoice = tuple[str, int]
"""(prestataire, numero)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilan:
    """Where the money stands, in centimes, over the invoices that left and are not cancelled.

    `demande` and `paye` are of the parts that a payer must answer. What misses and what is too much are summed part by
    part: what is paid twice on one never hides what is due on another. demande - paye = reste + corrige (asked again
    by a correction) + couvert (paid on another invoice of the chain) + regle_autrement and abandonne (settled by hand)
    - trop_paye.
    """

    factures: int
    soldees: int
    sans_retour_attendu: int
    demande: int
    paye: int
    reste: int
    corrige: int
    couvert: int
    regle_autrement: int
    abandonne: int
    trop_paye: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetourEcarte:
    """A return that was set aside: nothing of it is booked. `motif` is the code of the finding, `action` what to do."""

    fichier: str
    identifiant: str
    emetteur: str
    recu_le: date
    motif: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPrestataire:
    """What a transfer pays for one prestataire: invoices, lump sums, less withholdings; centimes."""

    prestataire: str
    lignes: int
    factures: int
    forfaits: int
    retenues: int

    @property
    def net(self) -> int:
        return self.factures + self.forfaits - self.retenues


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementRecu:
    """A transfer announced by a return: `montant` is the sum of the 990 that closes it; centimes.

    `rapproche` is what matched invoices explain of it, `residu` what unmatched lines do, `forfaits` the lump sums,
    `retenues` what was withheld: montant = rapproche + residu + forfaits - retenues. `preuve` says whether the money is
    on the account, `None` when the practice declares none. `beneficiaire` is who is paid, `repartition` whom for:
    several when one is designated for them (article 72).
    """

    fichier: str
    rang: int
    date_comptable: date
    libelles: tuple[str, str]
    payeur: str
    beneficiaire: str
    montant: int | None
    rapproche: int
    residu: int
    forfaits: int
    retenues: int
    repartition: tuple[PartPrestataire, ...]
    preuve: PreuveVirement | None

    @property
    def nom(self) -> str:
        """How a person names it, as `fse rattacher --virement` takes it."""
        return line_name(self.fichier, self.rang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suivi:
    """The worklist of a day: what asks for something before what only waits, the greatest amounts first.

    `praticiens` are those it is about, `None` for all. `rejets_inconnus`: codes of its rejects that no list holds.
    `transmissions`: the lots on their way that ask for something; `cahier_des_charges`: what is still to install;
    `retours`: whether what comes back was fetched; `pieces`: the supporting documents that are not closed;
    `obligations`: what speech therapists have to do besides the care; `banque`: the accounts,
    `None` when the practice declares none or when only some prestataires are asked.
    """

    le: date
    praticiens: tuple[str, ...] | None
    bilan: Bilan
    taches: tuple[Tache, ...]
    transmissions: tuple[LotTransmis, ...]
    cahier_des_charges: CahierAttendu | None
    retours: Retours | None
    pieces: tuple[Piece, ...]
    obligations: tuple[Obligation, ...]
    anciennete: tuple[Anciennete, ...]
    dettes: tuple[Dette, ...]
    virements: tuple[VirementRecu, ...]
    banque: Banque | None
    ecartes: tuple[RetourEcarte, ...]
    rejets_inconnus: tuple[RejetInconnu, ...]

    @property
    def virements_du_mois(self) -> tuple[VirementRecu, ...]:
        """Those announced in the last month, oldest first; not those of zero, where all is rejected."""
        recent = (one for one in self.virements if self.le - one.date_comptable <= MOIS)
        return tuple(one for one in recent if one.montant != 0)


def suivi(practice: Practice, *, le: date | None = None, praticiens: Collection[str] | None = None) -> Suivi:
    """What the practice has to know and do on a day. Reads only.

    `praticiens` narrows it to what is of these prestataires; files set aside and lines that name nobody are then left
    out, for they are of the whole practice.
    """
    today, cabinet = practice.day(le), practice.cabinet

    def kept(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if praticiens is None or row["prestataire"] in praticiens]

    with practice.journal.reading() as reading:
        ask_cabinet(reading)
        ask_parameters(reading, to_days(today), cabinet.delai_sans_retour)
        rows = kept(answer(reading, "suivi"))
        bilans = kept(answer(reading, "bilan"))
        dettes = list(read_debts(kept(answer(reading, "dettes")), answer(reading, "mouvements_dette"), cabinet))
        suggestions = _suggestions(answer(reading, "suggestions"))
        rejets = _rejets(reading, {row["numero"] for row in rows if row["numero"]})
        motifs = {
            invoice: told_apart([motif_of(row, cabinet, today) for row in found]) for invoice, found in rejets.items()
        }
        garanties = dict(_guarantees(reading, motifs))
        lots = [
            one for one in transmissions(reading, cabinet, today) if praticiens is None or one.prestataire in praticiens
        ]
        deadlines = read_deadlines(reading, cabinet, lots, today)
        duplicated, retours = feuilles.duplicated(reading), fetched(reading, cabinet)
        documents = [
            one
            for one in pieces_of(reading, today)
            if not ETATS[one.etat].close and (praticiens is None or one.prestataire in praticiens)
        ]
        obligations = [
            one
            for one in obligations_of(reading, cabinet, today)
            if one.etat == "a_faire" and (praticiens is None or one.prestataire in praticiens)
        ]
        ask_bank(reading, cabinet, today)
        proved = list(_virements(reading, cabinet, praticiens))
        amounts = [(row["montant"], preuve) for row, _, preuve in proved if preuve]
        banque = None if praticiens is not None else read_bank(reading, cabinet, amounts)
        seen = places_put_away(reading)
        away = files_put_away(reading)
        received = (
            [] if praticiens is not None else [one for one in received_files(reading) if one.empreinte not in away]
        )
    asking = shown(lots, cabinet)
    tasks = (
        make_task(
            row,
            cabinet,
            today,
            motifs.get((row["prestataire"], row["numero"]), ()),
            garanties.get((row["prestataire"], row["numero"])),
            suggestions.get((row["fichier"], row["rang"]), ()),
            deadlines.of(row),
        )
        for row in rows
        if not _is_no_news(row, motifs)
    )
    to_dispute = (contestable(dette, today) for dette in dettes if is_contestable(dette, today))
    of_bank = (
        bank_tasks(((row, preuve) for row, _, preuve in proved if preuve), banque, seen, today, cabinet.delai_virement)
        if banque
        else ()
    )
    taches = in_order([*placed(tasks, asking, duplicated), *to_dispute, *of_bank])
    told = [_recu(row, today) for row in _rows_of(rejets, taches)]
    return Suivi(
        le=today,
        praticiens=None if praticiens is None else tuple(sorted(praticiens)),
        bilan=_bilan(bilans),
        taches=tuple(taches),
        transmissions=tuple(asking),
        cahier_des_charges=specification(cabinet),
        retours=retours,
        pieces=tuple(documents),
        obligations=tuple(obligations),
        anciennete=tuple(ageing(taches)),
        dettes=tuple(dettes),
        virements=tuple(sorted((_virement(*one) for one in proved), key=_by_day)),
        banque=banque,
        ecartes=tuple(_set_aside(received)),
        rejets_inconnus=unknown_rejects(cabinet, told),
    )


def _is_no_news(row: dict[str, Any], motifs: dict[Invoice, tuple[MotifRejet, ...]]) -> bool:
    """A paid part rejected because it is paid already: the payer only says that it came twice."""
    given = motifs.get((row["prestataire"], row["numero"]), ())
    said = {motif.famille_code for motif in given}
    return row["nature"] == "rejetee_apres_paiement" and said == {DOUBLON}


def _rows_of(rejets: dict[Invoice, list[dict[str, Any]]], taches: Sequence[Tache]) -> Iterator[dict[str, Any]]:
    """The rejects of the invoices that these tasks are about."""
    for invoice in sorted({(tache.prestataire, tache.numero) for tache in taches}):
        yield from rejets.get(invoice, ())


def _rejets(reading: Reading, numeros: Iterable[int]) -> dict[Invoice, list[dict[str, Any]]]:
    """The rejects of the invoices of these numbers, as rows of `histoire_facture`."""
    ask_invoices(reading, numeros)
    found: dict[Invoice, list[dict[str, Any]]] = {}
    for row in answer(reading, "histoire_facture"):
        if row["evenement"] == "rejet":
            found.setdefault((row["prestataire"], row["numero"]), []).append(row)
    return found


def _guarantees(
    reading: Reading, motifs: dict[Invoice, tuple[MotifRejet, ...]]
) -> Iterator[tuple[Invoice, Garantie | None]]:
    """The evidence of the invoices that are rejected for a reason of rights."""
    for (prestataire, numero), given in motifs.items():
        if any(motif.famille_code in FAMILLES_DROITS for motif in given):
            row = factures.find(reading, prestataire, numero)
            yield (prestataire, numero), guarantee(reading, row) if row is not None else None


def _suggestions(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, int], list[Suggestion]]:
    found: dict[tuple[str, int], list[Suggestion]] = {}
    for row in rows:
        if not (row["meme_assure"] or row["meme_montant"]):
            continue  # a whole lot is no track
        found.setdefault((row["fichier"], row["rang"]), []).append(suggestion(row))
    return found


def _recu(row: dict[str, Any], today: date) -> RejetRecu:
    jour = from_days(row["jour"]) if row["jour"] else today
    return RejetRecu(jour, row["code"], row["libelle"], row["numero"])


def _bilan(rows: Sequence[dict[str, Any]]) -> Bilan:
    return Bilan(**{name: sum(row[name] for row in rows) for name in Bilan.__slots__})


def _set_aside(received: Sequence[FichierRecuRow]) -> Iterator[RetourEcarte]:
    """The returns set aside, without those that came again and were booked then."""
    booked = {_identity(one) for one in received if one.verdict == "recu"}
    for one in received:
        replaced = _identity(one) in booked and one.motif != _SAME_IDENTITY
        if one.verdict == "ecarte" and one.motif is not None and not replaced:
            yield RetourEcarte(
                fichier=one.empreinte,
                identifiant=one.identifiant,
                emetteur=one.emetteur,
                recu_le=from_days(one.recu_le),
                motif=one.motif,
                action=catalogue()[one.motif].action,
            )


def _identity(one: FichierRecuRow) -> tuple[str, str, str, int]:
    return one.emetteur, one.destinataire, one.identifiant, one.date_creation


Paid = tuple[dict[str, Any], tuple[PartPrestataire, ...], PreuveVirement | None]
"""A row of `controle_virement`, whom it pays, its proof."""


def _virements(reading: Reading, cabinet: Cabinet, praticiens: Collection[str] | None) -> Iterator[Paid]:
    """Every transfer that pays one of these prestataires something, and what it pays for each."""
    ask_all_files(reading)
    proofs = read_proofs(reading) if cabinet.comptes else {}
    shares: dict[tuple[str, int], list[PartPrestataire]] = {}
    for row in answer(reading, "repartition_virement"):
        share = PartPrestataire(**{name: row[name] for name in PartPrestataire.__slots__})
        shares.setdefault((row["fichier"], row["rang"]), []).append(share)
    for row in answer(reading, "controle_virement"):
        place = (row["fichier"], row["rang"])
        repartition = tuple(shares.get(place, ()))
        if praticiens is None or any(share.prestataire in praticiens for share in repartition):
            yield row, repartition, proofs.get(place)


def _by_day(virement: VirementRecu) -> tuple[date, str, int]:
    return virement.date_comptable, virement.fichier, virement.rang


def _virement(
    row: dict[str, Any], repartition: tuple[PartPrestataire, ...], preuve: PreuveVirement | None
) -> VirementRecu:
    return VirementRecu(
        fichier=row["fichier"],
        rang=row["rang"],
        date_comptable=from_days(row["date_comptable"]),
        libelles=(row["libelle_1"] or "", row["libelle_2"] or ""),
        payeur=row["payeur"] or "",
        beneficiaire=row["beneficiaire"],
        montant=row["montant"],
        rapproche=row["rapproche"],
        residu=row["residu"],
        forfaits=row["forfaits"],
        retenues=row["retenues"],
        repartition=repartition,
        preuve=preuve,
    )
