"""`incitation`: where each professional stands in a year, scheme by scheme, with every act or sheet that counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from fse.app.operations.cabinet import Prestataire
from fse.app.operations.incitation.activite import feuilles_of
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from fse.domain.incitation.projection import Projection, project
from fse.domain.incitation.taux import Decompte, count
from fse.infra.journal import Reading
from fse.norm.referentiels.incitations import Incitation, incitations

PREMIERE_ANNEE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispositif:
    """A scheme that applies, and the count of the year in it. `projection` is `None` once its period is over."""

    decompte: Decompte
    projection: Projection | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A professional in a year. `profession` is "" when the practice does not say it. `dispositifs`: the schemes that
    apply; `hors`: those of the profession that do not apply that year. Both are empty when we know no scheme for it.
    """

    prestataire: str
    nom: str
    profession: str
    annee: int
    dispositifs: tuple[Dispositif, ...]
    hors: tuple[Incitation, ...]


@dataclass(frozen=True, slots=True)
class Incitations:
    """`le`: the day of the count; the care of later days is left out, what is known of a sheet is what is known now."""

    annee: int
    le: date
    positions: tuple[Position, ...]


def incitation(
    practice: Practice, annee: int, *, le: date | None = None, praticiens: Collection[str] | None = None
) -> Incitations:
    """Where the prestataires of a practice, or these only, stand in a year.

    Raises `UsageError` (`incitation.annee`) on a year out of the calendar, and `StorageError`.
    """
    day = practice.day(le)
    if not PREMIERE_ANNEE <= annee <= day.year:
        raise UsageError(
            "incitation.annee",
            f"L'année va de {PREMIERE_ANNEE} à {day.year}.",
            action="Donner une année commencée : --annee AAAA.",
        )
    wanted = [one for one in practice.cabinet.prestataires if praticiens is None or one.numero in praticiens]
    with practice.journal.reading() as reading:
        return Incitations(annee, day, tuple(_position(reading, one, annee, day) for one in wanted))


def _position(reading: Reading, prestataire: Prestataire, annee: int, le: date) -> Position:
    feuilles = feuilles_of(reading, prestataire.numero, annee)
    known = [one for one in incitations().values() if prestataire.profession in one.professions]
    counted = [count(one, annee, feuilles, le) for one in known if one.concerns(prestataire.profession, annee)]
    return Position(
        prestataire=prestataire.numero,
        nom=prestataire.nom,
        profession=prestataire.profession,
        annee=annee,
        dispositifs=tuple(Dispositif(decompte=one, projection=project(one, le)) for one in counted),
        hors=tuple(one for one in known if not one.concerns(prestataire.profession, annee)),
    )
