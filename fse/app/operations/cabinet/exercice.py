"""How the people of a practice practise: what its description may not say, and what it says for a day."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from fse.app.operations.cabinet.description import Cabinet, Prestataire
from fse.app.operations.cabinet.situations import PeriodeExercice
from fse.base.dates import holds, overlap
from fse.domain.cotation.exercice import DISCIPLINES, NON_DECLARE, SECTEURS, STATUTS, Exercice


def practice_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the disciplines and the periods of practice, in French."""
    for one in cabinet.prestataires:
        problem = _discipline(one)
        if problem:
            return problem
    for rank, period in enumerate(cabinet.exercices, start=1):
        problem = _period(cabinet, period)
        if problem:
            return f"Dans exercices n° {rank} : {problem}"
    for one_period, other in combinations(cabinet.exercices, 2):
        if one_period.prestataire == other.prestataire and overlap(one_period, other):
            return f"Dans exercices, {one_period.prestataire} a deux périodes pour un même jour."
    return None


def practice_at(cabinet: Cabinet, prestataire: Prestataire, le: date) -> Exercice:
    """How a prestataire practises on a day, by themselves: nothing is supposed of a day between their periods."""
    one = period_at(cabinet, prestataire.numero, le)
    if one is None:
        said = declares(cabinet, prestataire.numero)
        return Exercice(discipline=prestataire.discipline, secteur=NON_DECLARE if said else "")
    return Exercice(discipline=prestataire.discipline, secteur=one.secteur, statut=one.statut)


def period_at(cabinet: Cabinet, numero: str, le: date) -> PeriodeExercice | None:
    """What the practice says of how someone practises on a day, `None` when it says nothing."""
    return next((one for one in cabinet.exercices if one.prestataire == numero and holds(one, le)), None)


def declares(cabinet: Cabinet, numero: str) -> bool:
    """Whether the practice says, of some days at least, how someone practises."""
    return any(one.prestataire == numero for one in cabinet.exercices)


def _discipline(one: Prestataire) -> str | None:
    if one.discipline and one.profession != "medecin":
        return f"La discipline de {one.numero} ne se dit que d'un médecin."
    if one.discipline and one.discipline not in DISCIPLINES:
        return f"La discipline de {one.numero} est l'une de : {', '.join(DISCIPLINES)}."
    return None


def _period(cabinet: Cabinet, one: PeriodeExercice) -> str | None:
    replacing = {other.remplacant for other in cabinet.remplacements}
    if cabinet.prestataire(one.prestataire) is None and one.prestataire not in replacing:
        return f"{one.prestataire} n'est ni un des [[prestataires]] ni un des remplaçants ([[remplacements]])."
    if one.secteur and one.secteur not in SECTEURS:
        return f"secteur vaut {', '.join(SECTEURS)}."
    if one.statut not in STATUTS:
        return f"statut vaut {', '.join(STATUTS)}."
    return "fin précède debut." if one.fin is not None and one.fin < one.debut else None
