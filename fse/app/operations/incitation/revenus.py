"""`revenus`: what a year gives besides the payment of care, from a file of indicators and the journal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from fse.app.operations.incitation.contributions import billed, estimate
from fse.app.operations.incitation.declaration import OPTIONS, Declaration, Indicateurs
from fse.app.operations.incitation.position import Position, incitation
from fse.app.operations.incitation.versements import expected, lump_sums
from fse.app.operations.practice import Practice
from fse.app.operations.utilisateurs import require_praticien
from fse.base.errors import UsageError
from fse.domain.incitation.compteurs import ACTIVITES, Teleservice, TrimestreSuivi, follow_quarters
from fse.domain.incitation.contributions import Participation
from fse.domain.incitation.remuneration import Remuneration, evaluate
from fse.domain.incitation.versements import Versements, follow
from fse.norm.referentiels.parametres import PARTOUT, PROJET_2011, Parametre, parametre


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSuivie:
    """The quarters of an option, as the fund counts them; `seuil`: the share that the draft commits to."""

    nom: str
    seuil: Parametre
    trimestres: tuple[TrimestreSuivi, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenus:
    """A year of a professional, on a day. What the file does not speak of is `None`, or empty.

    `versements.autres`: the other lump sums of that year and of the next one. `honoraires_comptes`: the fees that the
    journal holds, in centimes, beside those on which `cotisations` is set; 0 without it.
    """

    prestataire: str
    nom: str
    annee: int
    le: date
    remuneration: Remuneration | None
    teleservices: tuple[Teleservice, ...]
    option: OptionSuivie | None
    versements: Versements
    cotisations: Participation | None
    honoraires_comptes: int


def revenus(
    practice: Practice, declaration: Declaration, *, le: date | None = None, praticiens: Collection[str] | None = None
) -> Revenus:
    """What a file of indicators gives; `praticiens`: the prestataires that the user sees, `None` for all.

    Raises `UsageError`: `praticien.inconnu`, `utilisateur.autre_praticien`, `incitation.bareme` (the table does not
    apply), `incitation.annee`, `parametre.absent`; `StorageError`.
    """
    numero, annee, day = declaration.prestataire, declaration.annee, practice.day(le)
    require_praticien(practice.cabinet, numero)
    if praticiens is not None and numero not in praticiens:
        raise UsageError(
            "utilisateur.autre_praticien",
            f"Le fichier d'indicateurs est celui du praticien {numero}, que cet utilisateur ne voit pas.",
            action="Demander à une personne qui voit tout, ou compléter ses praticiens dans [[utilisateurs]].",
        )
    (position,) = incitation(practice, annee, le=day, praticiens=[numero]).positions
    pay = None if declaration.remuneration is None else _pay(declaration.remuneration, position)
    due = declaration.cotisations
    with practice.journal.reading() as reading:
        received = lump_sums(reading, numero)
        counted = 0 if due is None else billed(reading, numero, due.secteur, annee)
    awaited = expected(declaration, position, pay, practice.cabinet.profil)
    versements = follow(awaited, (one for one in received if one.le.year >= annee), day)
    versements = replace(versements, autres=tuple(one for one in versements.autres if one.le.year <= annee + 1))
    return Revenus(
        prestataire=numero,
        nom=position.nom,
        annee=annee,
        le=day,
        remuneration=pay,
        teleservices=declaration.teleservices,
        option=_option(declaration),
        versements=versements,
        cotisations=None if due is None else estimate(due, counted, versements, annee),
        honoraires_comptes=counted,
    )


def _pay(said: Indicateurs, position: Position) -> Remuneration:
    bareme = said.bareme
    if not bareme.concerns(position.profession, position.annee):
        last = f"à {bareme.fin}" if bareme.fin else "sans fin connue"
        raise UsageError(
            "incitation.bareme",
            f"« {bareme.libelle} » ne s'applique pas à cette profession en {position.annee} (médecins, de "
            f"{bareme.debut} {last}).",
            action="Donner un autre barème, ou l'année du relevé, dans le fichier d'indicateurs.",
        )
    return evaluate(bareme, said.mesures, patients=said.patients, point=said.point, indicateurs=said.indicateurs)


def _option(declaration: Declaration) -> OptionSuivie | None:
    said = declaration.option
    if said is None:
        return None
    seuil = parametre(OPTIONS[said.nom], date(declaration.annee, 12, 31), PARTOUT, regime=PROJET_2011)
    share = Fraction(seuil.valeur, 100)
    quarters = follow_quarters(said.trimestres, share, ACTIVITES[said.nom])
    return OptionSuivie(nom=said.nom, seuil=seuil, trimestres=quarters)
