"""What the funds pay of the social contributions of a doctor: an estimate with the figures of the draft (art. 73-77).

Article 73 sets the share on the fees of the conventional activity without overruns, with the forfaits of the duty
system. Articles 74 and 75 speak of a part "of the contribution"; a rate that changes at the ceiling of social security
only makes sense on what the contribution is set on: it is taken so here, and the other reading of article 74 is told
beside it when the contribution is given. Amounts in centimes, one rounding a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from fse.base.money import amount_of

Statut = Literal["liberal", "remplacant", "adjoint", "assistant", "salarie"]

EXCLUS = {
    "remplacant": "les remplaçants n'en bénéficient pas (article 73)",
    "adjoint": "les adjoints n'en bénéficient pas (article 73)",
    "assistant": "les assistants n'en bénéficient pas (article 73)",
    "salarie": "les salariés n'en bénéficient pas (article 73)",
}
"""Who has no share, by status, and what a reader is told."""

SECTEURS = {
    "1": "honoraires de l'exercice conventionné, sans les dépassements (article 73)",
    "option-coordination": "honoraires de la part de l'activité aux tarifs opposables (article 37)",
    "secteur-optionnel": "honoraires de la part de l'activité aux tarifs opposables (article 46)",
}
"""The sectors that have a share, and which fees it is set on."""

SANS_PART = {
    "2": "l'exercice exclusif en honoraires différents n'en bénéficie pas (article 73)",
    "dp": "le projet ne le dit pas : l'article 73 ne nomme pas le droit permanent à dépassement (article 35.2)",
}
"""The other sectors, and what a reader is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taux:
    """The parts of the draft, as exact fractions."""

    maladie: Fraction
    allocations: Fraction
    allocations_au_dela: Fraction
    asv: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Assiette:
    """What the share is set on. `honoraires`: without overruns, those at opposable tariffs alone in an option.

    `forfaits`: of the duty system, that the returns paid; `forfaits_hors_retours`: paid otherwise. `plafond`: the
    annual ceiling of social security; `asv`: the flat contribution; `cotisation_maladie`: the contribution called,
    `None` when it is not given.
    """

    statut: Statut
    secteur: str
    honoraires: int
    forfaits: int
    plafond: int
    asv: int
    cotisation_maladie: int | None = None
    forfaits_hors_retours: int = 0

    @property
    def base(self) -> int:
        return self.honoraires + self.forfaits + self.forfaits_hors_retours


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The share of one contribution: each `base` at its `taux`, `montant` their sum."""

    nom: Literal["maladie", "allocations", "asv"]
    assises: tuple[tuple[int, Fraction], ...]

    @property
    def montant(self) -> int:
        return amount_of(sum((base * taux for base, taux in self.assises), Fraction(0)), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """The shares. `motif`: why there is none, French, "" when there is.

    `autre_lecture`: what article 74 to the letter gives for sickness, `None` when the contribution is not known.
    """

    assiette: Assiette
    parts: tuple[Part, ...]
    motif: str
    autre_lecture: int | None

    @property
    def total(self) -> int:
        return sum(one.montant for one in self.parts)


def participation(assiette: Assiette, taux: Taux) -> Participation:
    """The share of the funds. Raises `KeyError` on a sector that is neither in `SECTEURS` nor in `SANS_PART`.

    >>> rates = Taux(
    ...     maladie=Fraction(97, 1000),
    ...     allocations=Fraction(50, 1000),
    ...     allocations_au_dela=Fraction(29, 1000),
    ...     asv=Fraction(6666, 10000),
    ... )
    >>> given = Assiette(
    ...     statut="liberal", secteur="1", honoraires=5_000_000, forfaits=0, plafond=3_500_000, asv=400_000
    ... )
    >>> [one.montant for one in participation(given, rates).parts]
    [485000, 218500, 266640]
    """
    motif = EXCLUS.get(assiette.statut, "") or ("" if assiette.secteur in SECTEURS else SANS_PART[assiette.secteur])
    if motif:
        return Participation(assiette=assiette, parts=(), motif=motif, autre_lecture=None)
    below = min(assiette.base, assiette.plafond)
    parts = (
        Part(nom="maladie", assises=((assiette.base, taux.maladie),)),
        Part(
            nom="allocations",
            assises=((below, taux.allocations), (assiette.base - below, taux.allocations_au_dela)),
        ),
        Part(nom="asv", assises=((assiette.asv, taux.asv),)),
    )
    called = assiette.cotisation_maladie
    return Participation(
        assiette=assiette,
        parts=parts,
        motif="",
        autre_lecture=None if called is None else amount_of(called * taux.maladie, 1),
    )
