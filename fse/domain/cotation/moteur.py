"""The order in which a session is priced. Each step works on the `Dossier`; none knows the one before it.

the acts asked for → lines with their value        (`tarification`)
what may not be together, or so often              (`cumuls`)
which are billed in full, at half, not at all      (`article_11b`)
what must be, for those that are on the sheet      (`conditions`, `controles`)
how an amount differs from coefficient × value     (`calculs`)
who pays which part, what is withheld from it      (`parts`, `retenues`)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fse.base.errors import UsageError
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.calculs import CALCULS
from fse.domain.cotation.conditions import check_conditions
from fse.domain.cotation.controles import CONTROLES
from fse.domain.cotation.cumuls import check_caps, check_exclusions
from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.ngap import article_11b
from fse.domain.cotation.payeurs import parts, retenues
from fse.domain.cotation.possibles import possible
from fse.domain.cotation.situation import Historique, Situation
from fse.domain.cotation.tarification import add_lines
from fse.norm.model.soins import Seance
from fse.norm.referentiels.ngap.regles import Calcul, Controle, Regle

_R = TypeVar("_R", bound=Regle)


def price(seance: Seance, situation: Situation, historique: Historique, bareme: Bareme) -> SeanceCotee:
    """Price one session. Never raises on facts: what cannot be priced is a finding, of which every one is collected."""
    dossier = Dossier(seance=seance, situation=situation, historique=historique, bareme=bareme)
    add_lines(dossier)
    check_exclusions(dossier)
    check_caps(dossier)
    article_11b.rank(dossier)
    check_conditions(dossier)
    for nom, check in CONTROLES.items():
        controle = dossier.regle(nom, Controle)
        if controle is not None:
            _carry_out(check, dossier, controle)
    for nom, compute in CALCULS.items():
        calcul = dossier.regle(nom, Calcul)
        if calcul is not None:
            _carry_out(compute, dossier, calcul)
    lignes = tuple(parts.share(dossier))
    retenues.withhold(dossier, lignes)
    return SeanceCotee(lignes, tuple(dossier.constats), possible(dossier), dossier.indicateur, tuple(dossier.retenues))


def _carry_out(work: Callable[[Dossier, _R], None], dossier: Dossier, regle: _R) -> None:
    """Do what a rule says; an error of the session when a value that it needs is not known, or may not be used."""
    try:
        work(dossier, regle)
    except UsageError as error:
        dossier.unpriced(None, error)
