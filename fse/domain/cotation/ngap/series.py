"""Series of sessions: what class an act is of, and the sessions that stand since the last assessment of the patient.

Only what fse knows is counted: sessions that another software billed are missing, and the count is then too low.
Source: regles.md F.1. Judged by the classes in force on the day of the session at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.regles import Classe

RENOUVELLEMENT = "bilan-de-renouvellement"
"""The label of the assessments that renew a treatment."""


class Acte(Protocol):
    """An act, asked for or billed."""

    @property
    def etiquettes(self) -> frozenset[str]: ...

    @property
    def code_acte(self) -> str: ...

    @property
    def coefficient(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Serie:
    """What stands since the last assessment: sessions counted together, oldest first. `bilan` `None`: none known."""

    bilan: SoinPasse | None
    seances: tuple[SoinPasse, ...]

    @property
    def renouvellement(self) -> bool:
        """Whether the assessment renews a treatment."""
        return self.bilan is not None and RENOUVELLEMENT in self.bilan.etiquettes

    @property
    def rang(self) -> int:
        """The rank of the session that comes next."""
        return len(self.seances) + 1


class Classes:
    """The classes in force on a day."""

    def __init__(self, classes: Iterable[Classe]) -> None:
        self._classes = sorted(classes, key=lambda one: one.debut or date.min, reverse=True)
        self._known: dict[tuple[frozenset[str], str, Decimal], Classe | None] = {}

    def of(self, acte: Acte) -> Classe | None:
        """The class of an act, `None` when no rule tells it; of several, the latest to start."""
        key = (acte.etiquettes, acte.code_acte, acte.coefficient)
        if key not in self._known:
            self._known[key] = next((one for one in self._classes if one.names(*key)), None)
        return self._known[key]

    def last_assessment(self, past: Iterable[SoinPasse], le: date) -> SoinPasse | None:
        """The last assessment of a patient up to a day."""
        found = [one for one in in_order(past, le) if (classe := self.of(one)) is not None and classe.bilan]
        return found[-1] if found else None

    def serie(self, past: Iterable[SoinPasse], nom: str, le: date) -> Serie:
        """The sessions counted by the parameters `nom` since the last assessment of a patient, up to a day."""
        bilan: SoinPasse | None = None
        seances: list[SoinPasse] = []
        for one in in_order(past, le):
            classe = self.of(one)
            if classe is not None and classe.bilan:
                bilan, seances = one, []
            elif classe is not None and classe.serie == nom:
                seances.append(one)
        return Serie(bilan, tuple(seances))


def in_order(past: Iterable[SoinPasse], le: date) -> Sequence[SoinPasse]:
    """What was done up to a day, oldest first; what has no hour keeps its place before what has one."""
    return sorted((one for one in past if one.date_soins <= le), key=lambda one: (one.date_soins, one.heure))
