"""What the caps of overruns have in common: which acts have one, how it is computed, told and rounded."""

from __future__ import annotations

from fractions import Fraction

from fse.base.money import format_euros
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.norm.referentiels.ngap.activites import activite_of
from fse.norm.referentiels.ngap.regles import Controle
from fse.norm.referentiels.parametres import Parametre

MILLE = 1000
"""What a cap is a part of."""

_EURO = 100


def rounded(exact: Fraction, seuil: int) -> int:
    """Centimes rounded to the euro: a part of a euro counts as one when it is not nothing and reaches `seuil` centimes.

    >>> [rounded(Fraction(30_00) * 1175 / 1000, seuil) for seuil in (0, 50, 100)]
    [3600, 3500, 3500]
    """
    euros, rest = divmod(exact, _EURO)
    return (int(euros) + (1 if rest and rest >= seuil else 0)) * _EURO


def is_technical(ligne: Ligne) -> bool:
    """Whether it is a technical act."""
    codes = (ligne.ccam.code,) if ligne.ccam is not None else ()
    return activite_of(ligne.code_acte, codes) == "technique"


def has_tariff(ligne: Ligne) -> bool:
    """Whether it is a consultation, a visit or a technical act: not a majoration, nor what goes with an act."""
    clinical = activite_of(ligne.code_acte) == "clinique" and SOINS in ligne.etiquettes
    return clinical or is_technical(ligne)


def value_of(dossier: Dossier, ligne: Ligne, nom: str) -> Parametre:
    """A value, noted on the line. Raises `UsageError`."""
    found = dossier.valeur(nom)
    dossier.used(ligne, found)
    return found


def share_of(montant: int, plafond: Parametre) -> int:
    """So much of an amount, to the centime below."""
    return montant * plafond.valeur // MILLE


def exceeds(dossier: Dossier, regle: Controle, ligne: Ligne, montant: int, plafond: str) -> None:
    """The finding of an overrun above its cap, `plafond` being as it is told."""
    dossier.find(regle, ligne, acte=ligne.libelle, montant=format_euros(montant), plafond=plafond)
