"""How the people of a practice practise, from a day to a day: sections of `cabinet.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodeExercice:
    """How a prestataire practises from a day to a day (`fin` included): sector and status of `cotation.exercice`.

    `prestataire` may be who replaces one: their own status says whether they may (article 90).
    """

    prestataire: str
    debut: date
    fin: date | None = None
    secteur: str = ""
    statut: str = "conventionne"


@dataclass(frozen=True, slots=True, kw_only=True)
class Salarie:
    """Whom a prestataire (`employeur`) employs or is assisted by, from a day to a day (`fin` included).

    `condition`: "salarie" or "adjoint" (an assistant too). `profession` and `discipline` as those of a prestataire;
    `titres`: a salaried doctor who holds the titles of sector 2 himself.
    """

    numero: str
    nom: str
    employeur: str
    specialite: str
    profession: str
    debut: date
    fin: date | None = None
    discipline: str = ""
    condition: str = "salarie"
    titres: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remplacement:
    """Who replaces a prestataire (`remplace`) from a day to a day, both included, and what the caisses must know of
    them: their number at the Order or their licence, their own address and that of the practice. `jours`: on these days
    of the week only ("lundi"…), every day when there is none.
    """

    remplace: str
    remplacant: str
    nom: str
    debut: date
    fin: date
    adresse: str
    cabinet: str
    ordre: str = ""
    licence: str = ""
    jours: tuple[str, ...] = ()
