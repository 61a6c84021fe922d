"""`suivi`: what is waiting, late, rejected, paid short or unmatched, and what to do about it, by amount at stake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.motifs import MotifRejet, RejetInconnu, RejetRecu, motif_of, unknown_rejects
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer
from fse.base.dates import from_days, to_days
from fse.base.findings import catalogue
from fse.domain.reconciliation.life_cycle import TASKS
from fse.infra.engines import sqlite
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow, received_files
from fse.infra.journal.transaction import Reading

_SAME_IDENTITY = "reception.identite_reprise"
"""Why a file is set aside though another of its identity is booked."""

_PARTS_OF_REJECT = {"O": ("AMO", "AMC"), "C": ("AMC",)}
"""Parts that a reject touches: `O` is the compulsory part or both (noemie.md 1.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tache:
    """One line of the worklist. `montant` in centimes (`montant_libelle` says of what), `age` in days since `depuis`.

    `partie` is AMO, AMC or "" when the whole invoice is meant; `motifs` are the rejects that the payer gave.
    """

    nature: str
    libelle: str
    prestataire: str
    numero: int
    partie: str
    montant: int
    montant_libelle: str
    depuis: date
    age: int
    action: str
    motifs: tuple[MotifRejet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilan:
    """Where the money stands, in centimes, over the invoices that left and are not cancelled.

    `demande` and `paye` are of the parts that a payer must answer. `reste` and `trop_paye` are summed part by part:
    what is paid twice on one never hides what is due on another.
    """

    factures: int
    soldees: int
    sans_retour_attendu: int
    demande: int
    paye: int
    reste: int
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
class VirementRecu:
    """A transfer announced by a return: `montant` is the sum of the 990 that closes it; centimes.

    `rapproche` is what matched invoices explain of it, `residu` what unmatched lines do, `forfaits` the lump sums,
    `retenues` what was withheld: montant = rapproche + residu + forfaits - retenues. No bank line proves it yet.
    """

    fichier: str
    rang: int
    date_comptable: date
    libelles: tuple[str, str]
    payeur: str
    montant: int | None
    rapproche: int
    residu: int
    forfaits: int
    retenues: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suivi:
    """The worklist of a day, most urgent nature first, then the highest amounts.

    `rejets_inconnus` are the codes of its rejects that no list holds.
    """

    le: date
    bilan: Bilan
    taches: tuple[Tache, ...]
    virements: tuple[VirementRecu, ...]
    ecartes: tuple[RetourEcarte, ...]
    rejets_inconnus: tuple[RejetInconnu, ...]


def suivi(practice: Practice, *, le: date | None = None) -> Suivi:
    """What the practice has to know and do on a day. Reads only."""
    today = practice.day(le)
    with practice.journal.reading() as reading:
        parameters = {"aujourd_hui": to_days(today), "delai_sans_retour": practice.cabinet.delai_sans_retour}
        sqlite.set_parameters(reading.connection, parameters)
        rows = answer(reading, "suivi")
        rejets = _rejets(reading, {(row["prestataire"], row["numero"]) for row in rows})
        bilan = next(iter(answer(reading, "bilan")), None)
        files = [(row["cabinet"], row["fichier"]) for row in answer(reading, "fichiers_tous")]
        sqlite.set_files(reading.connection, files)
        virements = [_virement(row) for row in answer(reading, "controle_virement")]
        received = received_files(reading)
    motifs: dict[tuple[str, int], tuple[MotifRejet, ...]] = {}
    for row in rejets:
        block = (row["prestataire"], row["numero"])
        motifs[block] = (*motifs.get(block, ()), motif_of(row, practice.cabinet, today))
    taches = [_tache(row, motifs.get((row["prestataire"], row["numero"]), ())) for row in rows]
    order = list(TASKS)
    taches.sort(key=lambda one: (order.index(one.nature), -abs(one.montant), one.prestataire, one.numero))
    return Suivi(
        le=today,
        bilan=_bilan(bilan),
        taches=tuple(taches),
        virements=tuple(virements),
        ecartes=tuple(_set_aside(received)),
        rejets_inconnus=unknown_rejects(practice.cabinet, (_recu(row, today) for row in rejets)),
    )


def _rejets(reading: Reading, blocks: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """The rejects of these invoices, as rows of `histoire_facture`."""
    sqlite.set_blocks(reading.connection, ((reading.cabinet, *block) for block in blocks))
    return [row for row in answer(reading, "histoire_facture") if row["evenement"] == "rejet"]


def _recu(row: dict[str, Any], today: date) -> RejetRecu:
    jour = from_days(row["jour"]) if row["jour"] else today
    return RejetRecu(jour, row["code"], row["libelle"], row["numero"])


def _tache(row: dict[str, Any], motifs: tuple[MotifRejet, ...]) -> Tache:
    task = TASKS[row["nature"]]
    partie = row["partie"]
    return Tache(
        nature=task.nom,
        libelle=task.libelle,
        prestataire=row["prestataire"],
        numero=row["numero"],
        partie=partie,
        montant=row["montant"],
        montant_libelle=task.montant,
        depuis=from_days(row["depuis"]),
        age=row["age"],
        action=task.action,
        motifs=tuple(
            motif for motif in motifs if not partie or partie in _PARTS_OF_REJECT.get(motif.partie, ("AMO", "AMC"))
        ),
    )


def _bilan(row: dict[str, Any] | None) -> Bilan:
    names = ("factures", "soldees", "sans_retour_attendu", "demande", "paye", "reste", "trop_paye")
    return Bilan(**{name: row[name] if row else 0 for name in names})


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


def _virement(row: dict[str, Any]) -> VirementRecu:
    return VirementRecu(
        fichier=row["fichier"],
        rang=row["rang"],
        date_comptable=from_days(row["date_comptable"]),
        libelles=(row["libelle_1"] or "", row["libelle_2"] or ""),
        payeur=row["payeur"] or "",
        montant=row["montant"],
        rapproche=row["rapproche"],
        residu=row["residu"],
        forfaits=row["forfaits"],
        retenues=row["retenues"],
    )
