"""Who treats besides those who bill: `[[salaries]]` and `[[remplacements]]`, and who of them is there on a day.

Source: regles.md A.7 (A-60 to A-63).
"""

from __future__ import annotations

from datetime import date
from itertools import combinations

from fse.app.operations.cabinet.description import Cabinet
from fse.app.operations.cabinet.numeros import number_problem
from fse.app.operations.cabinet.situations import Remplacement, Salarie
from fse.base.dates import holds, overlap
from fse.domain.cotation.exercice import DISCIPLINES
from fse.norm.referentiels.ngap.actes import PROFESSIONS

CONDITIONS = ("salarie", "adjoint")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def people_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the staff and the replacements of a practice, in French."""
    for rank, salarie in enumerate(cabinet.salaries, start=1):
        problem = _salarie(cabinet, salarie)
        if problem:
            return f"Dans salaries n° {rank} : {problem}"
    for rank, remplacement in enumerate(cabinet.remplacements, start=1):
        problem = _remplacement(cabinet, remplacement)
        if problem:
            return f"Dans remplacements n° {rank} : {problem}"
    return _employed_twice(cabinet) or _replaced_twice(cabinet)


def employed_at(cabinet: Cabinet, numero: str, le: date, prestataire: str) -> Salarie | None:
    """The employment of someone on a day, that by `prestataire` before any other; `None` when there is none."""
    mine = [one for one in cabinet.salaries if one.numero == numero and holds(one, le)]
    return next((one for one in mine if one.employeur == prestataire), mine[0] if mine else None)


def replacement_at(cabinet: Cabinet, remplace: str, le: date) -> Remplacement | None:
    """The declared replacement of someone on a day."""
    return next((one for one in cabinet.remplacements if one.remplace == remplace and _covers(one, le)), None)


def doctors_at(cabinet: Cabinet, discipline: str, le: date, but: str) -> tuple[str, ...]:
    """The numbers of the doctors of a discipline in the practice on a day, `but` one: who bills and who is employed."""
    billing = [one for one in cabinet.prestataires if one.profession == "medecin" and one.discipline == discipline]
    employed = [
        one
        for one in cabinet.salaries
        if one.profession == "medecin" and one.discipline == discipline and holds(one, le)
    ]
    numbers = [*(one.numero for one in billing), *(one.numero for one in employed)]
    return tuple(dict.fromkeys(one for one in numbers if one != but))


def name_of(cabinet: Cabinet, numero: str) -> tuple[str, str]:
    """The name and the speciality of a number: a prestataire, staff, who replaces, the holder of a card who replaces;
    "" for what the practice does not say.
    """
    known = cabinet.prestataire(numero)
    if known is not None:
        return known.nom, known.specialite
    for employed in cabinet.salaries:
        if employed.numero == numero:
            return employed.nom, employed.specialite
    replacing = (one.nom for one in cabinet.remplacements if one.remplacant == numero)
    holders = (one.titulaire for one in cabinet.cartes if one.remplacant == numero)
    return next(replacing, next(holders, "")), ""


def _covers(one: Remplacement, le: date) -> bool:
    return holds(one, le) and (not one.jours or JOURS[le.weekday()] in one.jours)


def _salarie(cabinet: Cabinet, one: Salarie) -> str | None:
    if cabinet.prestataire(one.employeur) is None:
        return f"employeur : {one.employeur} n'est pas un des [[prestataires]]."
    if one.numero == one.employeur:
        return f"{one.numero} ne s'emploie pas lui-même."
    if not one.nom.strip():
        return "nom n'est pas vide : la feuille nomme l'employeur, puis le salarié."
    if len(one.specialite) != 2 or not one.specialite.isdigit() or one.specialite == "00":
        return "specialite a deux chiffres, pas 00."
    if one.profession not in PROFESSIONS:
        return f"profession vaut {', '.join(PROFESSIONS)}."
    if one.discipline and (one.profession != "medecin" or one.discipline not in DISCIPLINES):
        return f"discipline ne se dit que d'un médecin : {', '.join(DISCIPLINES)}."
    if one.condition not in CONDITIONS:
        return f"condition vaut {' ou '.join(CONDITIONS)}."
    if one.titres and (one.profession != "medecin" or one.condition != "salarie"):
        return "titres ne se dit que d'un médecin salarié."
    if one.fin is not None and one.fin < one.debut:
        return "fin précède debut."
    return _number(one.numero)


def _remplacement(cabinet: Cabinet, one: Remplacement) -> str | None:
    if cabinet.prestataire(one.remplace) is None:
        return f"remplace : {one.remplace} n'est pas un des [[prestataires]]."
    if one.remplacant == one.remplace:
        return f"{one.remplace} ne se remplace pas lui-même."
    if not (one.ordre.strip() or one.licence.strip()):
        return "le numéro d'inscription à l'Ordre (ordre) ou la licence de remplacement (licence) est attendu."
    for key, value in (("nom", one.nom), ("adresse", one.adresse), ("cabinet", one.cabinet)):
        if not value.strip():
            return f"{key} n'est pas vide : le remplaçant le fait connaître aux caisses."
    unknown = [jour for jour in one.jours if jour not in JOURS]
    if unknown:
        return f"jours vaut {', '.join(JOURS)}."
    return "fin précède debut." if one.fin < one.debut else _number(one.remplacant)


def _number(numero: str) -> str | None:
    problem = number_problem(numero)
    return f"le numéro {problem}" if problem else None


def _employed_twice(cabinet: Cabinet) -> str | None:
    """A day has one employment by an employer."""
    for one, other in combinations(cabinet.salaries, 2):
        if (one.numero, one.employeur) == (other.numero, other.employeur) and overlap(one, other):
            return f"Dans salaries, {one.numero} a deux emplois du même employeur pour un même jour."
    return None


def _replaced_twice(cabinet: Cabinet) -> str | None:
    """A day has one replacement, unless each has days of the week of its own."""
    for one, other in combinations(cabinet.remplacements, 2):
        shared = not one.jours or not other.jours or set(one.jours) & set(other.jours)
        if one.remplace == other.remplace and overlap(one, other) and shared:
            return f"Dans remplacements, {one.remplace} est remplacé deux fois pour un même jour."
    return None
