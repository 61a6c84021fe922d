"""What is told of each doctor: shares of fees, frequencies, weeks. Nothing of a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fse.domain.cotation.medecins.frequences import Frequence, Semaine
from fse.domain.cotation.medecins.ratios import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Seuil:
    """A least share, in percent, who says so, and what to do below it."""

    valeur: int
    article: str
    regime: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodeSuivie:
    """A civil period under one way to practise. `du` and `au` bound what was counted of it.

    `hors_ratio`: fees, in centimes, that are in no share: travel and other accessory fees, what is not reimbursed,
    letters that our table gives no activity.
    """

    libelle: str
    debut: date
    fin: date
    du: date
    au: date
    discipline: str
    secteur: str
    statut: str
    seuil: Seuil | None
    ratios: tuple[Ratio, ...]
    hors_ratio: int
    lettres_non_classees: tuple[str, ...]
    visites: int
    frequences: tuple[Frequence, ...]

    @property
    def entiere(self) -> bool:
        return (self.du, self.au) == (self.debut, self.fin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medecin:
    """A doctor who treated. `nom` is "" when `cabinet.toml` does not know the number; `pour` names the others who bill.

    `semaines_snp`: the weeks with a SNP, whole even when the period asked for starts or ends within one; at most
    `snp_maximum` each, `None` when there is no SNP.
    """

    numero: str
    nom: str
    pour: tuple[str, ...]
    periodes: tuple[PeriodeSuivie, ...]
    semaines_snp: tuple[Semaine, ...]
    snp_maximum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pratique:
    """The doctors of a practice, by number, from a day to a day, both included."""

    du: date
    au: date
    medecins: tuple[Medecin, ...]
