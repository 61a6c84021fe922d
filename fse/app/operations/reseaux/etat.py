"""What a network owes for a month, for its payer: line by line, nobody named; a patient is a rank in the statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fse.app.operations.practice import Practice
from fse.base.dates import add_months, from_days, to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts.derogatoires import DerogatoireRow, of_period


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneEtat:
    """A service. `patient` from 1, the same for all of one patient in the statement; `montant` in centimes."""

    reference: str
    jour: date
    code: str
    libelle: str
    critere: str
    professionnel: str
    patient: int
    montant: int
    enregistree_le: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SommeEtat:
    """How many services of a code, or of a professional, and how many centimes."""

    nom: str
    nombre: int
    montant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EtatReseau:
    """The statement of a network and a month, its lines from the oldest. `nom` is "" for one described no more.

    `montant` in centimes is the sum of the lines, of `par_prestation`, and of `par_professionnel`.
    """

    reseau: str
    nom: str
    mois: date
    montant: int
    par_prestation: tuple[SommeEtat, ...]
    par_professionnel: tuple[SommeEtat, ...]
    lignes: tuple[LigneEtat, ...]


def etat_reseau(
    practice: Practice, reseau: str, mois: date, *, praticiens: Collection[str] | None = None
) -> EtatReseau:
    """What was done for a network in the month of a day, less what was cancelled; `praticiens`: by these alone.

    Reads only. Raises `UsageError` (`reseau.etat_inconnu`): neither described here nor in the ledger of that month.
    """
    first = mois.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    described = practice.cabinet.reseau(reseau)
    with practice.journal.reading() as reading:
        rows = of_period(reading, reseau, to_days(first), to_days(last))
    if described is None and not rows:
        known = ", ".join(f"{one.numero} ({one.nom})" for one in practice.cabinet.reseaux_decrits)
        raise UsageError(
            "reseau.etat_inconnu",
            f"Le cabinet ne décrit pas de réseau de santé {reseau}, et rien ne lui est demandé ce mois-là.",
            action=f"Donner l'un de ceux-ci : {known}." if known else "Décrire le réseau (docs/reseaux.md).",
        )
    mine = [one for one in rows if praticiens is None or one.professionnel in praticiens]
    numbers = {patient: rang for rang, patient in enumerate(dict.fromkeys(one.patient for one in mine), start=1)}
    return EtatReseau(
        reseau=reseau,
        nom=described.nom if described is not None else "",
        mois=first,
        montant=sum(one.montant for one in mine),
        par_prestation=_sums((one.code, one.montant) for one in mine),
        par_professionnel=_sums((one.professionnel, one.montant) for one in mine),
        lignes=tuple(_line(one, numbers[one.patient]) for one in mine),
    )


def _sums(named: Iterable[tuple[str, int]]) -> tuple[SommeEtat, ...]:
    found: dict[str, list[int]] = {}
    for nom, montant in named:
        found.setdefault(nom, []).append(montant)
    return tuple(SommeEtat(nom=nom, nombre=len(found[nom]), montant=sum(found[nom])) for nom in sorted(found))


def _line(row: DerogatoireRow, patient: int) -> LigneEtat:
    return LigneEtat(
        reference=row.reference,
        jour=from_days(row.date_soins),
        code=row.code,
        libelle=row.libelle,
        critere=row.critere,
        professionnel=row.professionnel,
        patient=patient,
        montant=row.montant,
        enregistree_le=from_days(row.enregistree_le),
    )
