"""`pratique`: per doctor and period, the share of fees without overrun and the frequency of urgency majorations.

Read from the lines that the journal keeps of each invoice secured, neither cancelled nor corrected since. A doctor is
who treated. Nothing of a patient is told. Thresholds are those of the draft convention of 7 July 2011, told as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.personnes import employed_at, name_of
from fse.app.operations.cotation.circonstances import practice_on
from fse.app.operations.practice import Practice
from fse.app.operations.pratique.fiche import Medecin, PeriodeSuivie, Pratique, Seuil
from fse.app.operations.pratique.periodes import period_name, period_of
from fse.base.dates import from_days, to_days
from fse.base.errors import UsageError
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.medecins.frequences import SNP, Semaine, frequences_of, semaines_of
from fse.domain.cotation.medecins.ratios import Engagement, Honoraires, engagement_of, ratios_of
from fse.infra.journal.facts.soins import HonorairesRow, Visites, fees, visits
from fse.norm.referentiels.ngap.activites import activite_of
from fse.norm.referentiels.parametres import EN_PROJET, PARTOUT, PROJET_2011, Parametre, parametre

MEDECIN = "medecin"
_WEEK = 7


class _Part(NamedTuple):
    """A civil period under one way to practise."""

    debut: date
    fin: date
    discipline: str
    secteur: str
    statut: str


def pratique(
    practice: Practice,
    *,
    du: date | None = None,
    au: date | None = None,
    praticiens: Collection[str] | None = None,
    le: date | None = None,
) -> Pratique:
    """The figures of each doctor of these prestataires (`None`: of all) between two days of care, both included; by
    default from the first day of the year of `au`, which is today. Reads only.

    Raises `UsageError`: `pratique.periode`, `pratique.duree`, those of `parametre`.
    """
    last = au or practice.day(le)
    first = du or date(last.year, 1, 1)
    if first > last:
        raise UsageError(
            "pratique.periode",
            f"La période va du {first:%d/%m/%Y} au {last:%d/%m/%Y} : elle finit avant de commencer.",
            action="Donner --du avant --au.",
        )
    weeks = to_days(first) - _WEEK, to_days(last) + _WEEK
    with practice.journal.reading() as reading:
        billed = fees(reading, *weeks, praticiens)
        seen = visits(reading, *weeks, praticiens)
    doctors: dict[str, _Doctor] = {}
    for row in billed:
        if _is_doctor(practice.cabinet, row):
            doctors.setdefault(row.executant, _Doctor(practice.cabinet, row.executant)).rows.append(row)
    for one in seen:
        if one.executant in doctors:
            doctors[one.executant].visites.append(one)
    told = (doctors[numero].told(first, last) for numero in sorted(doctors))
    return Pratique(du=first, au=last, medecins=tuple(one for one in told if one.periodes or one.semaines_snp))


def _is_doctor(cabinet: Cabinet, row: HonorairesRow) -> bool:
    """Whether who treated is one; who bills, when nothing is said of who treated."""
    employed = employed_at(cabinet, row.executant, from_days(row.date_soins), row.prestataire)
    known = employed or cabinet.prestataire(row.executant) or cabinet.prestataire(row.prestataire)
    return known is not None and known.profession == MEDECIN


class _Doctor:
    """What one doctor did, as the journal has it."""

    def __init__(self, cabinet: Cabinet, numero: str) -> None:
        self._cabinet, self._numero = cabinet, numero
        self.rows: list[HonorairesRow] = []
        self.visites: list[Visites] = []

    def told(self, du: date, au: date) -> Medecin:
        parts: dict[_Part, list[HonorairesRow]] = defaultdict(list)
        visits: dict[_Part, int] = defaultdict(int)
        for row in self.rows:
            if du <= from_days(row.date_soins) <= au:
                parts[self._part(row)].append(row)
        for one in self.visites:
            if du <= from_days(one.date_soins) <= au:
                visits[self._part(one)] += one.nombre
        weeks = self._weeks(du, au)
        billing = {one.prestataire for one in self.rows} - {self._numero}
        return Medecin(
            numero=self._numero,
            nom=name_of(self._cabinet, self._numero)[0],
            pour=tuple(name_of(self._cabinet, one)[0] or one for one in sorted(billing)),
            periodes=tuple(self._period(part, parts[part], visits[part], du, au) for part in sorted(parts)),
            semaines_snp=weeks,
            snp_maximum=self._valeur("snp_semaine_maximum", au).valeur if weeks else None,
        )

    def _part(self, one: HonorairesRow | Visites) -> _Part:
        day = from_days(one.date_soins)
        exercice = practice_on(self._cabinet, one.executant, one.prestataire, day)
        debut, fin = period_of(day, self._valeur(engagement_of(exercice).periode, day))
        return _Part(debut, fin, exercice.discipline, exercice.secteur, exercice.statut)

    def _valeur(self, nom: str, le: date) -> Parametre:
        return parametre(nom, le, PARTOUT, profil=self._cabinet.profil)

    def _period(self, part: _Part, rows: Sequence[HonorairesRow], visites: int, du: date, au: date) -> PeriodeSuivie:
        engagement = engagement_of(Exercice(discipline=part.discipline, secteur=part.secteur, statut=part.statut))
        seuil = self._threshold(engagement, min(part.fin, au))
        lignes = [_fees(row) for row in rows]
        measured = {activite for mesure in engagement.mesures for activite in mesure}
        return PeriodeSuivie(
            libelle=period_name(part.debut, part.fin),
            debut=part.debut,
            fin=part.fin,
            du=max(part.debut, du),
            au=min(part.fin, au),
            discipline=part.discipline,
            secteur=part.secteur,
            statut=part.statut,
            seuil=seuil,
            ratios=ratios_of(lignes, engagement, seuil.valeur if seuil else None),
            hors_ratio=sum(one.honoraires for one in lignes if one.activite not in measured or not one.remboursable),
            lettres_non_classees=tuple(sorted({one.code_acte for one in lignes if one.activite == "non-classee"})),
            visites=visites,
            frequences=frequences_of(_counts(rows), visites),
        )

    def _threshold(self, engagement: Engagement, le: date) -> Seuil | None:
        if not engagement.seuil:
            return None
        found = parametre(engagement.seuil, le, PARTOUT, regime=PROJET_2011, profil=self._cabinet.profil)
        return Seuil(valeur=found.valeur, article=found.article, regime=EN_PROJET, action=engagement.action)

    def _weeks(self, du: date, au: date) -> tuple[Semaine, ...]:
        days: dict[date, int] = defaultdict(int)
        for row in self.rows:
            if row.code_acte == SNP:
                days[from_days(row.date_soins)] += row.quantite
        if not days:
            return ()
        weeks = semaines_of(days, self._valeur("snp_semaine_debut", au).valeur)
        return tuple(one for one in weeks if any(du <= day <= au for day in _days(one) if day in days))


def _days(week: Semaine) -> Iterable[date]:
    return (week.debut + timedelta(days=rank) for rank in range(_WEEK))


def _fees(row: HonorairesRow) -> Honoraires:
    return Honoraires(
        activite=activite_of(row.code_acte, tuple(row.ccam.split())),
        code_acte=row.code_acte,
        honoraires=row.honoraires,
        base=row.base,
    )


def _counts(rows: Iterable[HonorairesRow]) -> Mapping[str, int]:
    """How many of each letter, and of each code of the CCAM."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        for code in (row.code_acte, *row.ccam.split()):
            found[code] += row.quantite
    return found
