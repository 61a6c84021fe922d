"""From the acts asked for to lines: the act of our tables or the code given, its coefficient, its letter's value.

An act with the code of the CCAM of one of ours is that one, whatever it is called: it is the code that the sheet bears.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from fse.base.errors import UsageError
from fse.base.findings import Place, finding
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.lignes import Justification
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.norm.model.soins import ActeRealise
from fse.norm.referentiels.ngap.actes import Acte, CotationActe, actes, labels_of
from fse.norm.referentiels.ngap.lettres import lettres
from fse.norm.referentiels.parametres import Parametre, parametres
from fse.norm.referentiels.profils import A_VERIFIER


def add_lines(dossier: Dossier) -> None:
    """A line for each act that can be priced, a finding for each that cannot. Codes `cotation.*`."""
    for rang, demande in enumerate(dossier.seance.actes, start=1):
        place = Place(type="seance", rang=rang, champ=f"acte[{rang}]")
        if (demande.acte is None) == (demande.code_acte is None):
            dossier.constats.append(finding("cotation.acte_mal_designe", place, rang=rang))
            continue
        if demande.prix is not None and (code := _priced_by_us(dossier, demande)):
            dossier.constats.append(finding("cotation.prix_donne", place, lettre=code))
            continue
        try:
            ligne = _line(dossier, rang, demande)
        except UsageError as error:
            dossier.unpriced(rang, error)
            dossier.sans_prix.append(_labels_asked(dossier, demande))
            continue
        if ligne.acte is not None and dossier.situation.profession not in ligne.acte.professions:
            dossier.constats.append(finding("cotation.autre_profession", place, acte=ligne.libelle))
            continue
        dossier.lignes.append(ligne)


def _line(dossier: Dossier, rang: int, demande: ActeRealise) -> Ligne:
    """Raises `UsageError` when a table holds no value that may be used."""
    acte, cotation = _found(dossier, demande)
    code, coefficient = _code(demande, cotation)
    parametre = None if demande.prix is not None else _value(dossier, cotation.tarif if cotation else code)
    ligne = Ligne(
        rang=rang,
        demande=demande,
        acte=acte,
        cotation=cotation,
        code_acte=code,
        libelle=acte.libelle if acte else " ".join([code, *([f"{coefficient:f}"] if coefficient else [])]),
        coefficient=coefficient or Decimal(1),
        valeur=demande.prix if parametre is None else parametre.valeur,  # type: ignore[arg-type]
        etiquettes=_labels(acte, code, coefficient),
    )
    if cotation is not None:
        ligne.justifications.append(_coded(dossier, cotation))
    if parametre is not None:
        dossier.used(ligne, parametre)
    return ligne


def _name(dossier: Dossier, demande: ActeRealise) -> str | None:
    """The name of the act of our tables that is asked for, by its code of the CCAM that day, else by its name."""
    le, code = dossier.seance.date_soins, demande.ccam.code if demande.ccam is not None else ""
    return next((one.nom for one in _of_the_ccam(code) if one.holds(le)), demande.acte)


@cache
def _of_the_ccam(code: str) -> tuple[CotationActe, ...]:
    return tuple(one for acte in actes().values() for one in acte.cotations if code and one.ccam == code)


def _found(dossier: Dossier, demande: ActeRealise) -> tuple[Acte, CotationActe] | tuple[None, None]:
    """The act of our tables that is asked for, `None` when none is. Raises `UsageError` as `Bareme.acte`."""
    nom = _name(dossier, demande)
    return (None, None) if nom is None else dossier.bareme.acte(nom, dossier.seance.date_soins)


def _code(demande: ActeRealise, cotation: CotationActe | None) -> tuple[str, Decimal | None]:
    if cotation is not None:
        return cotation.lettre, cotation.coefficient
    assert demande.code_acte is not None
    return demande.code_acte, demande.coefficient


def _labels(acte: Acte | None, code: str, coefficient: Decimal | None) -> frozenset[str]:
    lettre = lettres().get(code)
    labels = labels_of(acte, code, coefficient)
    return labels | {SOINS} if lettre is None or lettre.soins else labels


def _labels_asked(dossier: Dossier, demande: ActeRealise) -> frozenset[str]:
    """Those of an act that has no price; none when its cotation that day is not known either."""
    try:
        acte, cotation = _found(dossier, demande)
    except UsageError:
        return frozenset()
    return _labels(acte, *_code(demande, cotation))


def _priced_by_us(dossier: Dossier, demande: ActeRealise) -> str:
    """The letter of an act when our tables say what it is worth, "" when its price has to come with it."""
    try:
        _, cotation = _found(dossier, demande)
    except UsageError:
        return ""  # said when the act is looked for
    code = demande.code_acte if cotation is None else cotation.tarif
    return code if code and _value_name(dossier, code) is not None else ""


def value_name(code: str, profession: str, discipline: str = "") -> str | None:
    """The parameter of what a letter or a flat act is worth: that of the discipline or of the profession when it has
    its own (travel), else that of all; `None` when there is none.
    """
    shared = f"valeur_{code.lower()}"
    owners = [one.replace("-", "_") for one in (discipline, profession) if one]
    return next((one for one in (*(f"{shared}_{owner}" for owner in owners), shared) if one in parametres()), None)


def _value_name(dossier: Dossier, code: str) -> str | None:
    return value_name(code, dossier.situation.profession, dossier.situation.exercice.discipline)


def _value(dossier: Dossier, code: str) -> Parametre:
    """What a letter or a flat act is worth. Raises `UsageError`: no value is known, or none may be used."""
    nom = _value_name(dossier, code)
    if nom is None:
        raise UsageError(
            "acte.sans_prix",
            f"« {code} » n'a pas de valeur dans nos tables.",
            action="Désigner l'acte par son nom (docs/regles.md) s'il en a un, sinon donner son prix (prix).",
        )
    return dossier.valeur(nom)


def _coded(dossier: Dossier, cotation: CotationActe) -> Justification:
    written = cotation.lettre + (f" {cotation.coefficient:f}" if cotation.coefficient is not None else "")
    return Justification(
        regle="",
        parametre=cotation.nom,
        libelle="cotation de l'acte",
        valeur=written,
        depuis=cotation.debut,
        article=cotation.article,
        source=cotation.source,
        confiance=cotation.confiance,
        profil=dossier.bareme.profil.nom if cotation.confiance in A_VERIFIER else "",
    )
