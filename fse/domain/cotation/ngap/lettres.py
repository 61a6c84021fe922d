"""Acts asked for by their letter and coefficient: whose letter it is, how it is written, what of it is still billed.

Source: regles.md E.1 (NGAP art. 2) and E.3 (art. 5). The letters are data (`schemas/ngap/lettres.toml`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.norm.referentiels.ngap.actes import CotationActe, actes, period
from fse.norm.referentiels.ngap.lettres import Lettre, lettres
from fse.norm.referentiels.ngap.regles import Controle
from fse.norm.referentiels.profils import A_VERIFIER

_PROFESSIONS = {
    "medecin": "des médecins",
    "chirurgien-dentiste": "des chirurgiens-dentistes",
    "sage-femme": "des sages-femmes",
    "infirmier": "des infirmiers",
    "masseur-kinesitherapeute": "des masseurs-kinésithérapeutes",
    "orthophoniste": "des orthophonistes",
    "orthoptiste": "des orthoptistes",
    "pedicure-podologue": "des pédicures-podologues",
}


def check_letter(dossier: Dossier, regle: Controle) -> None:
    """A letter of another profession."""
    for ligne, lettre in _by_letter(dossier):
        if not lettre.concerns(dossier.situation.profession):
            owners = " et ".join(_PROFESSIONS[one] for one in _PROFESSIONS if one in lettre.professions)
            dossier.find(regle, ligne, code=lettre.code, professions=owners)


def check_coefficient(dossier: Dossier, regle: Controle) -> None:
    """A letter goes with a coefficient, a flat code without one."""
    for ligne, lettre in _by_letter(dossier):
        if lettre.forfaitaire == (ligne.demande.coefficient is not None):
            raison = "est un forfait, sans coefficient" if lettre.forfaitaire else "ne vaut qu'avec son coefficient"
            dossier.find(regle, ligne, code=lettre.code, raison=raison)


def check_named(dossier: Dossier, regle: Controle) -> None:
    """A letter whose acts are told apart by their names alone."""
    for ligne, lettre in _by_letter(dossier):
        if lettre.par_nom:
            noms = ", ".join(_names(dossier, lettre))
            dossier.find(regle, ligne, acte=ligne.libelle, noms=noms)


def check_dates(dossier: Dossier, regle: Controle) -> None:
    """A letter and a coefficient that our tables give to acts of this profession, none of them on this day."""
    le, profession = dossier.seance.date_soins, dossier.situation.profession
    for ligne, lettre in _by_letter(dossier):
        known = [one for one in _cotations(lettre.code, profession) if one.coefficient == ligne.coefficient]
        if known and not any(_may_hold(one, le, profession) for one in known):
            dossier.find(regle, ligne, acte=ligne.libelle, le=f"{le:%d/%m/%Y}", periodes=", ".join(map(period, known)))


def check_ccam(dossier: Dossier, regle: Controle) -> None:
    """An act of our tables goes with its own code of the CCAM, that code with its own act and letter."""
    for ligne in dossier.lignes:
        asked, given = ligne.demande, ligne.demande.ccam
        if ligne.cotation is None or given is None:
            continue
        code, lettre = ligne.cotation.ccam, ligne.cotation.lettre
        other_act = asked.acte is not None and asked.acte != ligne.cotation.nom
        other_letter = asked.code_acte is not None and asked.code_acte != lettre
        if other_act or other_letter or (code and given.code != code):
            dossier.find(regle, ligne, acte=ligne.libelle, attendu=f"{lettre} {code}", donne=given.code)


def _by_letter(dossier: Dossier) -> Iterator[tuple[Ligne, Lettre]]:
    for ligne in dossier.lignes:
        lettre = lettres().get(ligne.code_acte)
        if lettre is not None and ligne.acte is None:
            yield ligne, lettre


def _names(dossier: Dossier, lettre: Lettre) -> Iterator[str]:
    le, profession = dossier.seance.date_soins, dossier.situation.profession
    return (one.nom for one in _cotations(lettre.code, profession) if one.holds(le))


@cache
def _cotations(code: str, profession: str) -> tuple[CotationActe, ...]:
    found = (one for acte in actes().values() if profession in acte.professions for one in acte.cotations)
    return tuple(one for one in found if one.lettre == code)


def _may_hold(one: CotationActe, le: date, profession: str) -> bool:
    """Whether it holds on a day, or nothing that we read says that it does not.

    What a third party alone gives starts and ends with its lists. A start is the first day that a source attests: only
    one that follows the end of another cotation is known to be the start.
    """
    if one.holds(le) or one.confiance in A_VERIFIER:
        return True
    return le < one.debut and one.debut - timedelta(days=1) not in _ends(one.lettre, profession)


@cache
def _ends(code: str, profession: str) -> frozenset[date]:
    return frozenset(one.fin for one in _cotations(code, profession) if one.fin and one.confiance not in A_VERIFIER)


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "lettre-de-la-profession": check_letter,
    "lettre-et-coefficient": check_coefficient,
    "lettre-par-nom": check_named,
    "lettre-hors-dates": check_dates,
    "acte-et-code-ccam": check_ccam,
}
"""By the name of the rule that says it, in this order."""
