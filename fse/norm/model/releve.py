"""A bank statement as both formats give it: one account, two balances, the movements between them.

Amounts are signed centimes: what comes in is positive. Nothing is judged here; `ReleveBancaire.ecart` is what its own
sums leave unexplained. Source: noemie.md 3.4 (CFONB 120); ISO 20022 camt.053.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Solde:
    """A balance at the end of a day."""

    jour: date
    montant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MouvementBancaire:
    """One line of a statement. `rang`: its record in the statement, from 1; `octet`: 0-based offset of its first byte.

    `libelles` are as printed, in their order, without the blanks that end them, then what those that fill their zone
    make together; they may name a person.
    `reference` is the bank's, "" when it gives none.
    """

    rang: int
    octet: int
    date_operation: date
    date_valeur: date | None
    montant: int
    libelles: tuple[str, ...]
    reference: str

    def __repr__(self) -> str:
        return f"MouvementBancaire(rang={self.rang}, {self.date_operation}, {self.montant}, ***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveBancaire:
    """A statement. `compte`: as `fse.base.identifiers.compte.reduce` gives it; `devise`: ISO 4217.

    `identifiant` is the number that the bank gives it, "" in CFONB, which has none.
    """

    compte: str
    devise: str
    identifiant: str
    ouverture: Solde
    cloture: Solde
    mouvements: tuple[MouvementBancaire, ...]

    @property
    def ecart(self) -> int:
        """What the movements leave unexplained between the two balances; 0 when the statement adds up."""
        return self.cloture.montant - self.ouverture.montant - sum(one.montant for one in self.mouvements)

    @property
    def premier_jour(self) -> date:
        """The first day that it covers: a bank dates the opening balance of the day before, or of this one."""
        opening = self.ouverture.jour
        if opening >= self.cloture.jour or any(one.date_operation <= opening for one in self.mouvements):
            return opening
        return opening + timedelta(1)
