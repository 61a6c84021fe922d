"""The tariff that a practice works with: a territory and a profile; every value is asked at a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from fse.base.errors import UsageError
from fse.base.findings import Severity
from fse.norm.referentiels.ngap.actes import Acte, CotationActe, cotation_at
from fse.norm.referentiels.ngap.regles import Controle, Exclusion, Regle, regles
from fse.norm.referentiels.parametres import DROIT, Parametre, Regime, parametre
from fse.norm.referentiels.profils import SANS_PROFIL, Profil


@dataclass(frozen=True, slots=True)
class Bareme:
    """`sans`: names of rules left out, for who wants to see what one changes. `regime` "projet-2011": what the draft
    says besides the law goes before it; every step and finding that rests on it says so.
    """

    territoire: str
    profil: Profil = SANS_PROFIL
    sans: frozenset[str] = frozenset()
    regime: Regime = DROIT
    _regles: dict[tuple[date, str, str], Mapping[str, Regle]] = field(default_factory=dict, compare=False, repr=False)
    _valeurs: dict[tuple[str, date], Parametre] = field(default_factory=dict, compare=False, repr=False)

    def valeur(self, nom: str, le: date) -> Parametre:
        """A parameter on a day. Raises `UsageError` as `parametre`."""
        key = (nom, le)
        if key not in self._valeurs:
            self._valeurs[key] = self._valeur(nom, le)
        return self._valeurs[key]

    def _valeur(self, nom: str, le: date) -> Parametre:
        """That of the regime asked for, else that of the law."""
        if self.regime != DROIT:
            try:
                return parametre(nom, le, self.territoire, regime=self.regime, profil=self.profil)
            except UsageError as error:
                if error.code != "parametre.absent":
                    raise
        return parametre(nom, le, self.territoire, profil=self.profil)

    def acte(self, nom: str, le: date) -> tuple[Acte, CotationActe]:
        """An act and its cotation on a day. Raises `UsageError` as `cotation_at`."""
        return cotation_at(nom, le, self.profil)

    def regles(self, le: date, profession: str, discipline: str = "") -> Mapping[str, Regle]:
        """The rules in force on a day for a profession and a discipline, by name: those that the profile permits and,
        as warnings, the others that refuse: what is not verified enables nothing, and is not hidden either.
        """
        key = (le, profession, discipline)
        if key not in self._regles:
            self._regles[key] = {
                nom: one if self.profil.permits(one) else _to_verify(one)
                for nom, one in regles().items()
                if nom not in self.sans and self._applies(one, le, profession, discipline)
            }
        return self._regles[key]

    def _applies(self, regle: Regle, le: date, profession: str, discipline: str) -> bool:
        told = self.profil.permits(regle) or isinstance(regle, Controle)
        asked = regle.regime in (DROIT, self.regime)
        return asked and regle.holds(le, profession, discipline) and told


def _to_verify(regle: Regle) -> Regle:
    """A rule that refuses, as one that only warns, and that leaves every act on the sheet."""
    if not isinstance(regle, Controle):
        return regle
    warned = replace(
        regle,
        gravite=Severity.AVERTISSEMENT,
        message=f"Règle à vérifier, non activée : {regle.message}",
        action=(
            f"Vérifier la règle ({regle.article}) ; si elle est en vigueur, l'activer : le nom « {regle.nom} » dans le "
            "profil du cabinet ([cotation] profil)."
        ),
    )
    return replace(warned, effet="refus") if isinstance(warned, Exclusion) else warned
