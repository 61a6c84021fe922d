"""What a professional expects besides the payment of care, and the lump sums of the returns that answer it.

Amounts come from what was counted (télétransmission, performance pay) or from the file of indicators; of a lump sum a
patient, from the profile of the practice, else from the draft convention, as an exercise. What the file says that the
fund decided goes before what was counted; it takes no place of a draft, which nobody pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from fse.app.operations.incitation.declaration import COMPTEES, Annonce, Declaration
from fse.app.operations.incitation.position import Position
from fse.app.operations.states import answer, ask_cabinet
from fse.base.dates import from_days
from fse.base.money import format_euros
from fse.domain.incitation.remuneration import Remuneration
from fse.domain.incitation.versements import Attendu, Fondement, Nature, Recu
from fse.infra.journal.transaction import Reading
from fse.norm.referentiels.parametres import DROIT, PARTOUT, PROJET_2011, Parametre, parametre, parametres
from fse.norm.referentiels.profils import A_VERIFIER, Profil

NATURES: dict[Nature, str] = {
    "teletransmission": "Incitation à la télétransmission",
    "performance": "Rémunération à la performance",
    "ald": "Rémunération du médecin traitant, patients en ALD",
    "pdsa-astreinte": "Permanence des soins : forfait d'astreinte",
    "pdsa-regulation": "Permanence des soins : forfait de régulation",
    "pdsa-garde": "Permanence des soins : forfait de garde",
    "sophia": "Sophia : questionnaire médical",
    "autre": "Autre forfait",
}
"""As a reader sees them."""

_ALD = "ald_medecin_traitant"
_TELETRANSMISSION = "teletransmission"


def expected(
    declaration: Declaration, position: Position, pay: Remuneration | None, profil: Profil
) -> Iterator[Attendu]:
    """What the year of a file gives a right to: schemes, performance pay, then what the file announces."""
    counted = [*_schemes(declaration, position, pay)]
    if pay is not None:
        counted.append(_performance(declaration, pay))
    decided = {one.nature for one in declaration.annonces if one.nature in COMPTEES}
    yield from (one for one in counted if one.nature not in decided or one.fondement == "projet")
    for one in declaration.annonces:
        if one.nature in COMPTEES:
            yield replace(_announced(one), calcul=_decided(one.nature, counted))
        else:
            yield _ald(one, profil) if one.nature == "ald" else _announced(one)


def _decided(nature: Nature, counted: Iterable[Attendu]) -> str:
    """Beside what the fund decided, what was counted."""
    known = [one for one in counted if one.nature == nature and one.fondement != "projet"]
    told = "".join(
        f" ; sans elle : {'montant inconnu' if one.montant is None else format_euros(one.montant)}, {one.calcul}"
        for one in known
    )
    return f"décision de la caisse (fichier){told or ' ; fse ne compte aucun montant'}"


def _schemes(declaration: Declaration, position: Position, pay: Remuneration | None) -> Iterator[Attendu]:
    """Those whose rate is reached; one paid in points is left to the table in which the file gives that indicator."""
    in_table = pay is not None and not pay.bareme.en_projet and _gives(pay, _TELETRANSMISSION)
    for one in position.dispositifs:
        decompte = one.decompte
        scheme = decompte.scheme
        if not decompte.montant or (scheme.points and in_table):
            continue
        du, au = scheme.paid_between(decompte.annee)
        debut, fin = scheme.period(decompte.annee)
        conditions = ", si les autres conditions sont remplies" if scheme.conditions else ""
        yield Attendu(
            nature="teletransmission",
            libelle=scheme.libelle,
            montant=decompte.montant,
            debut=debut,
            fin=fin,
            du=du,
            au=au,
            codes=declaration.codes.get("teletransmission", frozenset()),
            calcul=f"compté par fse au {decompte.fin:%d/%m/%Y} ({scheme.article}){conditions}",
            fondement=_basis(scheme.en_projet, scheme.confiance),
        )


def _basis(en_projet: bool, confiance: str) -> Fondement:
    if en_projet:
        return "projet"
    return "a-verifier" if confiance in A_VERIFIER else "en-vigueur"


def _gives(pay: Remuneration, nom: str) -> bool:
    return any(one.indicateur.nom == nom and one.mesure is not None for one in pay.lignes)


def _performance(declaration: Declaration, pay: Remuneration) -> Attendu:
    annee, bareme = declaration.annee, pay.bareme
    made = bareme.article
    if pay.montant is None:
        made = f"la valeur du point est en blanc ({bareme.article})"
    elif pay.sans_resultat:
        made = f"de {format_euros(pay.montant)} à {format_euros(pay.montant_au_plus or 0)} ({bareme.article})"
    elif bareme.a_verifier:
        made = f"barème à vérifier ({bareme.article})"
    return Attendu(
        nature="performance",
        libelle=bareme.libelle,
        montant=None if pay.sans_resultat else pay.montant,
        debut=date(annee, 1, 1),
        fin=date(annee, 12, 31),
        du=date(annee + 1, 1, 1),
        au=date(annee + 1, 12, 31),
        codes=declaration.codes.get("performance", frozenset()),
        calcul=made,
        fondement=_basis(bareme.en_projet, bareme.confiance),
    )


def _ald(one: Annonce, profil: Profil) -> Attendu:
    """Paid "à trimestre à échoir", for the patients whose anniversary falls in the quarter (draft, article 12.4)."""
    quarter = (one.debut.month + 2) // 3
    named = replace(one, libelle=one.libelle or f"{NATURES[one.nature]}, trimestre {quarter} de {one.debut.year}")
    each = _each(one.debut, profil) if one.montant is None else None
    if each is None:
        return _announced(named)
    patients = one.patients or 0
    return replace(
        _announced(named),
        montant=patients * each.valeur,
        calcul=f"{patients} × {format_euros(each.valeur)} ({each.article})",
        fondement=_basis(each.regime == PROJET_2011, each.confiance),
    )


def _each(le: date, profil: Profil) -> Parametre | None:
    """What a patient gives: the value of the profile, which is the law of the practice; else that of the draft, `None`
    before it.
    """
    if profil.own_value(_ALD, le) is not None:
        return parametre(_ALD, le, PARTOUT, regime=DROIT, profil=profil)
    if not any(one.regime == PROJET_2011 and one.holds(le) for one in parametres()[_ALD].valeurs):
        return None
    return parametre(_ALD, le, PARTOUT, regime=PROJET_2011, profil=profil)


def _announced(one: Annonce) -> Attendu:
    return Attendu(
        nature=one.nature,
        libelle=one.libelle or NATURES[one.nature],
        montant=one.montant,
        debut=one.debut,
        fin=one.fin,
        du=one.du,
        au=one.au,
        codes=one.codes,
        calcul="montant du fichier" if one.montant is not None else "aucun montant : ni le fichier ni nos sources",
        fondement="en-vigueur",
    )


def lump_sums(reading: Reading, prestataire: str) -> list[Recu]:
    """Every lump sum that the returns announced to a prestataire (261), in order of time."""
    ask_cabinet(reading)
    return [
        Recu(
            code=row["code"].strip(),
            montant=row["montant"],
            le=from_days(row["date_comptable"]),
            debut=None if row["debut"] is None else from_days(row["debut"]),
            fin=None if row["fin"] is None else from_days(row["fin"]),
            fichier=row["fichier"],
            rang=row["rang"],
        )
        for row in answer(reading, "forfaits")
        if row["prestataire"] == prestataire
    ]
