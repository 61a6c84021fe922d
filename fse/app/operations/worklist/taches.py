"""The tasks of the worklist: what waits or is to handle, why, what is at stake, what to do, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.motifs import MotifRejet
from fse.app.operations.worklist.dettes import Dette
from fse.app.operations.worklist.garantie import Garantie
from fse.base.dates import add_months, from_days
from fse.domain.echeances.delais import Echeance
from fse.domain.reconciliation.life_cycle import TASKS, Task
from fse.domain.reconciliation.policies import MOVEMENT_RESIDUES

_PARTS_OF_REJECT = {"O": ("AMO", "AMC"), "C": ("AMC",)}
"""Parts that a reject touches: `O` is the compulsory part or both (noemie.md 1.7)."""

TO_SEND = frozenset({"a_emettre", "a_reemettre"})
"""The natures of task of a sheet that has to leave."""

WAITING = TO_SEND | {"differee", "attendue"}
"""The natures of task where no payer answered anything yet; they come last."""

_OF_THE_BANK = frozenset(residue.nom for residue in MOVEMENT_RESIDUES)
"""The natures of task of a movement of an account."""

_LINE_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An invoice that a line without invoice may answer, and why it is suggested. Nothing is booked on it."""

    prestataire: str
    numero: int
    raison: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tache:
    """One line of the worklist. `montant` in centimes (`montant_libelle` says of what), `age` in days since `depuis`.

    `partie` is AMO, AMC or "" when the whole invoice is meant; `numero` 0 when no invoice is. `organisme`: the fund
    of the invoice, or the payer of the transfer. `age_envoi`: days since the invoice left, `None` when none did.
    `forclusion`: the last day to be paid, by the delays that the practice configured, `None` without one. `echeance`:
    the legal delay that runs, to send the sheet or for the payer to pay it. `ligne` names
    a return line, `reference` a debt, as `fse rattacher` takes them. `motifs` are the rejects that the payer gave,
    `garantie` the evidence that a reject about rights is contestable. `lot`: the lot whose state and action it says, 0
    when it says its own.
    """

    nature: str
    libelle: str
    prestataire: str
    numero: int
    partie: str
    organisme: str
    montant: int
    montant_libelle: str
    depuis: date
    age: int
    age_envoi: int | None
    forclusion: date | None
    echeance: Echeance | None = None
    ligne: str
    reference: str
    action: str
    motifs: tuple[MotifRejet, ...]
    garantie: Garantie | None
    suggestions: tuple[Suggestion, ...]
    lot: int = 0

    @property
    def objet(self) -> str:
        """What it is about, in French: what `reference`, `numero` or `ligne` names."""
        if self.reference:
            return "créance"
        if self.numero:
            return "facture"
        if self.nature.startswith("virement_"):
            return "virement"
        return "ligne de relevé" if self.nature in _OF_THE_BANK else "retour"


def line_name(fichier: str, rang: int) -> str:
    """How a person names a return line: the start of the digest of its file, and its rank in it; rank 0: the file."""
    return f"{fichier[:_LINE_DIGITS]}:{rang}" if rang else fichier[:_LINE_DIGITS]


def make_task(
    row: Mapping[str, Any],
    cabinet: Cabinet,
    today: date,
    motifs: Sequence[MotifRejet],
    garantie: Garantie | None,
    suggestions: Sequence[Suggestion],
    echeance: Echeance | None = None,
) -> Tache:
    """The task of one row of the query `suivi`."""
    task, partie = TASKS[row["nature"]], row["partie"]
    sent = row["envoyee_le"]
    return Tache(
        nature=task.nom,
        libelle=task.libelle,
        prestataire=row["prestataire"],
        numero=row["numero"],
        partie=partie,
        organisme=row["organisme"],
        montant=row["montant"],
        montant_libelle=task.montant,
        depuis=from_days(row["depuis"]),
        age=row["age"],
        age_envoi=(today - from_days(sent)).days if sent else None,
        forclusion=_time_bar(row, cabinet),
        echeance=echeance,
        ligne=line_name(row["fichier"], row["rang"]),
        reference=row["reference"],
        action=_action(task, motifs),
        motifs=tuple(
            motif for motif in motifs if not partie or partie in _PARTS_OF_REJECT.get(motif.partie, ("AMO", "AMC"))
        ),
        garantie=garantie if partie == "AMO" else None,
        suggestions=tuple(suggestions),
    )


def _action(task: Task, motifs: Sequence[MotifRejet]) -> str:
    """A part paid short for no stated reason is claimed, not corrected."""
    if task.nom == "payee_moins" and not motifs:
        return "Aucun motif n'est donné : réclamer le complément à l'organisme, avec la date du virement."
    return task.action


def in_order(taches: Iterable[Tache]) -> list[Tache]:
    """By amount at stake: the natures that ask for something, those that only wait, each with its greatest first.

    Sheets to send are in the order of their deadlines: those that are late come first.
    """
    kept = list(taches)
    stake: dict[str, int] = {}
    for tache in kept:
        stake[tache.nature] = stake.get(tache.nature, 0) + abs(tache.montant)
    order = list(TASKS)

    def place(tache: Tache) -> tuple[bool, int, int, str, date, int, str, int, str, str]:
        nature = tache.nature
        group = (nature in WAITING, -stake[nature], order.index(nature), tache.libelle)
        until = tache.echeance.le if tache.echeance and nature in TO_SEND else date.max
        return (*group, until, -abs(tache.montant), tache.prestataire, tache.numero, tache.partie, tache.ligne)

    return sorted(kept, key=place)


def suggestion(row: Mapping[str, Any]) -> Suggestion:
    """One row of the query `suggestions`."""
    raisons = [
        label
        for name, label in (("meme_assure", "même assuré"), ("meme_lot", "même lot"), ("meme_montant", "même montant"))
        if row[name]
    ]
    return Suggestion(prestataire=row["prestataire"], numero=row["numero"], raison=", ".join(raisons))


def is_contestable(dette: Dette, today: date) -> bool:
    """True while the time to dispute a notified debt runs."""
    return dette.contestable_jusqu_au is not None and today <= dette.contestable_jusqu_au


def contestable(dette: Dette, today: date) -> Tache:
    """The task of a debt that can still be disputed; its `forclusion` is the last day to do it."""
    task, since = TASKS["creance_a_contester"], dette.notifiee_le or dette.premiere_le
    return Tache(
        nature=task.nom,
        libelle=task.libelle,
        prestataire=dette.prestataire,
        numero=dette.numero or 0,
        partie="",
        organisme=dette.emetteur,
        montant=dette.retenu + dette.solde,
        montant_libelle=task.montant,
        depuis=since,
        age=(today - since).days,
        age_envoi=None,
        forclusion=dette.contestable_jusqu_au,
        ligne="",
        reference=dette.reference,
        action=task.action,
        motifs=(),
        garantie=None,
        suggestions=(),
    )


def _time_bar(row: Mapping[str, Any], cabinet: Cabinet) -> date | None:
    """The most precise delay for this fund and part comes first: the one that names the fund, then the one for all."""
    if not row["date_facture"] or not row["partie"]:
        return None
    for organisme in (row["organisme"], "*"):
        for one in cabinet.forclusions:
            if one.organisme == organisme and one.partie == row["partie"]:
                return add_months(from_days(row["date_facture"]), one.mois)
    return None
