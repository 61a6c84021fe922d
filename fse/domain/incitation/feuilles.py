"""The sheets of a year, and what the schemes look at in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fse.norm.referentiels.incitations import Exclusion, Incitation, Reception

Suite = Literal["attendue", "non-envoyee", "refusee"]
"""What became of an FSE that nothing proves received: sent, and no answer yet; still here; refused by the fund."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acte:
    """An act of a sheet. `rang`: the place of its line, from 1; `quantite`: how many acts the line bills; `nourrisson`:
    the patient was under three months old that day.
    """

    rang: int
    date_soins: date
    code_acte: str
    quantite: int = 1
    nourrisson: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feuille:
    """A sheet that stands: neither cancelled nor corrected by another. `actes`: at least one.

    `mode` is how it was secured (`fse.norm.model.saisie`). `recue`: what proves that the fund received it, `None` while
    nothing does; `suite`: what became of it then; `sur_papier`: a paper duplicate replaced it. `ame`, `hors_presence`:
    as it was recorded.
    """

    prestataire: str
    numero: int
    reference: str
    mode: str
    recue: Reception | None
    sur_papier: bool
    ame: bool
    hors_presence: bool
    actes: tuple[Acte, ...]
    suite: Suite = "attendue"

    @property
    def date(self) -> date:
        """Of its first care: a sheet counts in the year when it begins."""
        return min(one.date_soins for one in self.actes)

    def exclusion(self, scheme: Incitation, acte: Acte) -> Exclusion | None:
        """Why an act is out of the scope of a scheme, the first reason that holds, `None` when it is in it."""
        if "s3404" in scheme.exclusions and self.mode == "s3404":
            return "s3404"
        if "ame" in scheme.exclusions and self.ame:
            return "ame"
        if "hors-presence" in scheme.exclusions and self.hors_presence:
            return "hors-presence"
        return "nourrisson" if "nourrisson" in scheme.exclusions and acte.nourrisson else None

    def counts(self, scheme: Incitation) -> bool:
        """Whether it is an FSE that the fund received, in the sense of a scheme."""
        return self.mode in scheme.modes and self.recue in scheme.reception and not self.sur_papier

    def why_not(self, scheme: Incitation) -> str:
        """Why it is no received FSE: a key of `CAUSES`, "" when it is one."""
        if self.counts(scheme):
            return ""
        if self.sur_papier:
            return "duplicata"
        if self.mode not in scheme.modes:
            return _CAUSE_OF_MODE.get(self.mode, "autre-mode")
        return _CAUSE_OF_SUITE[self.suite] if self.recue is None else NON_RECUE


NON_RECUE, NON_ENVOYEE, REFUSEE = "non-recue", "non-envoyee", "refusee"
PAS_ENCORE = frozenset({NON_RECUE, NON_ENVOYEE, REFUSEE})
"""Causes of FSE that the fund may still receive: answered, sent, or corrected and sent again."""

_CAUSE_OF_SUITE: dict[Suite, str] = {"attendue": NON_RECUE, "non-envoyee": NON_ENVOYEE, "refusee": REFUSEE}
_CAUSE_OF_MODE = {"papier": "papier", "s3404": "s3404", "aucun": "non-securisee", "reprise": "reprise"}

CAUSES = {
    "papier": "feuille de soins sur papier",
    "s3404": "bordereau S3404",
    "non-securisee": "flux non sécurisé",
    "reprise": "facture du logiciel précédent, dont le mode n'est pas connu",
    "autre-mode": "mode qui ne compte pas dans ce dispositif",
    NON_RECUE: "FSE envoyée, dont rien ne prouve la réception",
    NON_ENVOYEE: "FSE pas encore envoyée",
    REFUSEE: "FSE refusée par la caisse",
    "duplicata": "FSE remplacée par un duplicata sur papier",
}
"""Why a sheet of the activity is not counted as an FSE, as a reader sees it."""

EXCLUSIONS: dict[Exclusion, str] = {
    "ame": "aide médicale de l'État",
    "nourrisson": "nourrisson de moins de trois mois",
    "hors-presence": "soins donnés entièrement hors de la présence du patient",
    "s3404": "bordereau S3404",
}
"""Why an act is out of the scope of a scheme, as a reader sees it."""

RECEPTIONS: dict[Reception, str] = {
    "accuse": "accusé de réception positif",
    "retour": "réponse de la caisse",
    "mode-sans-accuse": "mode dégradé, qui n'a pas d'accusé, sans rejet",
}
"""What proves that the fund received a sheet, as a reader sees it."""
