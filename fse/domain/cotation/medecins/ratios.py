"""Which share of the fees of a doctor bears no overrun, and what the draft convention commits them to.

A share is the fees of the acts billed without overrun over all fees, overruns included. Were it the fees less the
overruns, a cap of 17.5 % an act would keep it above 85 % whatever the doctor does, and the 70 % of the draft would
bind nobody: this is our reading. The optional sector measures both at the opposable tariff (article 44).
Source: S4 art. 34.1, 36, 39, 44 (draft of 7 July 2011, not in force); regles.md I.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.medecins.depassements import OPPOSABLE
from fse.norm.referentiels.ngap.activites import Activite

_TENTH = Decimal("0.1")
_GENERALISTE = "generaliste"

CLINIQUE: tuple[Activite, ...] = ("clinique",)
TECHNIQUE: tuple[Activite, ...] = ("technique",)
ENSEMBLE: tuple[Activite, ...] = ("clinique", "technique")


@dataclass(frozen=True, slots=True, kw_only=True)
class Honoraires:
    """What lines of one kind billed, in centimes: `honoraires` with their overruns, `base` at the tariff."""

    activite: Activite
    code_acte: str
    honoraires: int
    base: int

    @property
    def remboursable(self) -> bool:
        """A line without base is not reimbursed: no tariff tells its overrun."""
        return self.base > 0

    @property
    def avec_depassement(self) -> bool:
        return self.honoraires > self.base


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What a doctor is followed on: `seuil` names the parameter of the least share, "" for none; `periode` that of the
    length of a period; `mesures` the activities of each share; `au_tarif`: both terms are taken at the tariff;
    `action`: what to do below the threshold, in French.
    """

    seuil: str
    periode: str
    mesures: tuple[tuple[Activite, ...], ...]
    au_tarif: bool = False
    action: str = ""


SANS_ENGAGEMENT = Engagement(seuil="", periode="pratique_periode", mesures=(CLINIQUE, TECHNIQUE))
_DA = Engagement(
    seuil="ratio_da",
    periode="pratique_periode",
    mesures=(CLINIQUE, TECHNIQUE),
    action="S'en tenir aux tarifs du parcours. Si le parcours n'y suffit pas, l'article 34.1 ne laisse en consultation "
    "que la MPC et un dépassement d'au plus la majoration de coordination ; aucun sur les actes techniques.",
)
_COORDINATION = Engagement(
    seuil="ratio_dm_coordination",
    periode="pratique_periode_coordination",
    mesures=(CLINIQUE, TECHNIQUE),
    action="S'en tenir aux tarifs opposables : l'article 39 avertit après un trimestre sous le seuil.",
)
_OPTIONNEL = Engagement(
    seuil="ratio_dm_optionnel",
    periode="pratique_periode",
    mesures=(ENSEMBLE,),
    au_tarif=True,
    action="Faire davantage d'actes au tarif opposable (article 44).",
)


def engagement_of(exercice: Exercice) -> Engagement:
    """That of how a doctor practises; a general practitioner of sector 1 may not ask for DA: nothing commits them.

    >>> engagement_of(Exercice(discipline="cardiologue", secteur="1")).seuil
    'ratio_da'
    >>> engagement_of(Exercice(discipline="generaliste", secteur="1")).seuil
    ''
    """
    if exercice.statut != "conventionne":
        return SANS_ENGAGEMENT
    if exercice.secteur == "option-coordination":
        return _COORDINATION
    if exercice.secteur == "secteur-optionnel":
        return _OPTIONNEL
    if exercice.secteur in OPPOSABLE and exercice.discipline not in ("", _GENERALISTE):
        return _DA
    return SANS_ENGAGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One share. Amounts in centimes. `taux` in percent, one decimal, rounded down so that 70,0 is reached when it is
    shown; `None` without fees. `seuil` in percent, `None` when nothing commits; `atteint` `None` when it tells nothing;
    `manque`: the fees without overrun that would reach it, other things equal.
    """

    activites: tuple[Activite, ...]
    sans_depassement: int
    total: int
    depassements: int
    taux: Decimal | None
    seuil: int | None
    atteint: bool | None
    manque: int


def ratios_of(lignes: Sequence[Honoraires], engagement: Engagement, seuil: int | None) -> tuple[Ratio, ...]:
    """Every share that a doctor is followed on; `seuil`: the value of the parameter that the engagement names."""
    return tuple(_ratio(lignes, one, engagement, seuil) for one in engagement.mesures)


def _ratio(
    lignes: Iterable[Honoraires], mesure: tuple[Activite, ...], engagement: Engagement, seuil: int | None
) -> Ratio:
    counted = [one for one in lignes if one.activite in mesure and one.remboursable]
    fees = [(one.base if engagement.au_tarif else one.honoraires, one.avec_depassement) for one in counted]
    total = sum(amount for amount, _ in fees)
    without = sum(amount for amount, above in fees if not above)
    measured = seuil is not None and total > 0
    return Ratio(
        activites=mesure,
        sans_depassement=without,
        total=total,
        depassements=sum(one.honoraires - one.base for one in counted if one.avec_depassement),
        taux=(Decimal(100 * without) / total).quantize(_TENTH, ROUND_DOWN) if total else None,
        seuil=seuil,
        atteint=100 * without >= (seuil or 0) * total if measured else None,
        manque=_missing(without, total, seuil) if measured and seuil is not None else 0,
    )


def _missing(without: int, total: int, seuil: int) -> int:
    """Centimes x, the least, with (without + x) / (total + x) at the threshold."""
    short = seuil * total - 100 * without
    return max(0, -(-short // (100 - seuil)))
