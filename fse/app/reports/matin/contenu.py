"""What the morning page says, all of it, in the order of its importance; nothing is printed or written here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from fse.app.operations.comptable import Comptes, comptes
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import Suivi, VirementRecu, suivi
from fse.app.operations.worklist.anciennete import TRANCHES, Anciennete
from fse.app.operations.worklist.delais import Delai, near_deadlines
from fse.app.operations.worklist.dettes import Dette
from fse.app.operations.worklist.taches import TO_SEND, WAITING, Tache
from fse.app.reports.matin.barres import Barre, bars
from fse.app.reports.matin.causes import Cause, reject_causes
from fse.app.reports.matin.choses import Chose, is_to_post, things_to_do
from fse.app.reports.matin.nuit import Nuit, last_night
from fse.base.french import counted

_FUNDS = 12
"""Funds that have a bar of their own; the others are one bar."""

_CAUSES = 8
"""Causes that have a bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attente:
    """What waits without asking for anything: how many of what, and their amount in centimes."""

    libelle: str
    quoi: str
    montant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matin:
    """The page. `tete`: the rank of the last event of the journal and the start of its MAC, which alone show a journal
    put back to an older state. `praticiens`: names by billing number, those of the practice.
    """

    cabinet: str
    marque: str
    le: date
    praticiens: dict[str, str]
    nuit: Nuit
    suivi: Suivi
    comptes: Comptes
    tete: tuple[int, str]

    @property
    def choses(self) -> tuple[Chose, ...]:
        return things_to_do(self.suivi)

    @property
    def en_jeu(self) -> int | None:
        """The amounts of all that is to do, in centimes; `None` when no amount is known."""
        known = [one.montant for one in self.choses if one.montant is not None]
        return sum(known) if known else None

    @property
    def reserve(self) -> str:
        """Why the page may not know all, "" when the night and the fetching did their work."""
        if self.nuit.reserve:
            return self.nuit.reserve
        return "La relève a échoué" if self.suivi.retours and self.suivi.retours.echec_le else ""

    @property
    def delais(self) -> tuple[Delai, ...]:
        return near_deadlines(self.suivi)

    @property
    def prochain(self) -> Delai | None:
        """The first of our own deadlines."""
        return next((one for one in self.delais if not one.caisse), None)

    @property
    def causes(self) -> tuple[Cause, ...]:
        return reject_causes(self.suivi.taches)

    @property
    def barres_causes(self) -> tuple[Barre, ...]:
        return bars([(one.code, (one.montant,)) for one in self.causes[:_CAUSES]])

    @property
    def barres_organismes(self) -> tuple[Barre, ...]:
        """A bar a fund, cut by age."""
        first, others = self.suivi.anciennete[:_FUNDS], self.suivi.anciennete[_FUNDS:]
        rows = [(one.organisme or "inconnu", one.tranches) for one in first]
        if others:
            rows.append((counted(len(others), "autre"), _summed(others)))
        return bars(rows)

    @property
    def virements(self) -> tuple[VirementRecu, ...]:
        """The transfers announced in the last month, the last one first."""
        return tuple(reversed(self.suivi.virements_du_mois))

    @property
    def dettes(self) -> tuple[Dette, ...]:
        """The debts of which something was withheld, or is left to pay."""
        return tuple(one for one in self.suivi.dettes if one.retenu or one.solde)

    @property
    def prouve(self) -> int:
        """What of the transfers of the month is on the account, in centimes."""
        return sum(one.montant or 0 for one in self.virements if one.preuve and not one.preuve.nature)

    @property
    def total_virements(self) -> int | None:
        """The amounts of the transfers of the month, in centimes; `None` when none is known."""
        known = [one.montant for one in self.virements if one.montant is not None]
        return sum(known) if known else None

    @property
    def attentes(self) -> tuple[Attente, ...]:
        """What only waits, by its label; a sheet to post is a thing to do."""
        found: dict[str, list[Tache]] = {}
        for one in self.suivi.taches:
            if one.nature in WAITING - TO_SEND and not one.lot and not is_to_post(one):
                found.setdefault(one.libelle, []).append(one)
        return tuple(
            Attente(libelle=label, quoi=counted(len(group), "part"), montant=sum(one.montant for one in group))
            for label, group in found.items()
        )


def compose(practice: Practice, le: date, praticiens: Collection[str] | None) -> Matin:
    """The page of a morning. Raises `UsageError`, `StorageError` as reading the journal does."""
    cabinet = practice.cabinet
    head = practice.journal.head()
    return Matin(
        cabinet=cabinet.cabinet,
        marque=cabinet.marque,
        le=le,
        praticiens={one.numero: one.nom for one in cabinet.prestataires},
        nuit=last_night(practice, le),
        suivi=suivi(practice, le=le, praticiens=praticiens),
        comptes=comptes(practice, date(le.year - 1, 1, 1), praticiens=praticiens),
        tete=(head.rang, head.mac[:16]),
    )


def _summed(funds: Sequence[Anciennete]) -> tuple[int, ...]:
    return tuple(sum(one.tranches[place] for one in funds) for place in range(len(TRANCHES)))
