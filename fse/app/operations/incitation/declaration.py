"""A file of indicators: what a professional copies from the statements of the fund, for a year.

Nothing in it is supplied by us: an amount, a ceiling or an objective that no source of ours gives is there, or nothing
is computed. It names no patient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import cast, get_args

from fse.app.operations.incitation.lecture import Table, read_document, refusal
from fse.base.dates import add_months
from fse.domain.incitation.compteurs import ACTIVITES, TELESERVICES, Activite, Teleservice, Trimestre
from fse.domain.incitation.contributions import EXCLUS, Statut
from fse.domain.incitation.remuneration import Mesure
from fse.domain.incitation.taux import percent
from fse.domain.incitation.versements import Nature
from fse.norm.referentiels.remuneration import (
    BaremeRemuneration,
    Genre,
    Indicateur,
    UniteMinimum,
    baremes,
    ordered,
)

OPTIONS = {"option-coordination": "ratio_dm_coordination", "secteur-optionnel": "ratio_dm_optionnel"}
"""The options that are followed, and the parameter of the share that each commits to."""

STATUTS: tuple[Statut, ...] = ("liberal", *cast("tuple[Statut, ...]", tuple(EXCLUS)))
SECTEURS = ("1", "2", "dp", "option-coordination", "secteur-optionnel")
COMPTEES: frozenset[Nature] = frozenset({"teletransmission", "performance"})
"""Natures whose payment we count: a file announces one when the fund decided on its amount."""

_ANNEES = range(2000, 2080)
"""Those of the dates of this software."""

_CODE = re.compile(r"[0-9A-Z]{1,5}")
_TRIMESTRES = 4
_ENTIER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicateurs:
    """Of performance pay. `point`: centimes, `None` when the file does not give it; `indicateurs`: of an open table."""

    bareme: BaremeRemuneration
    patients: int
    point: int | None
    mesures: Mapping[str, Mesure]
    indicateurs: Mapping[str, Indicateur] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """`nom`: one of `OPTIONS`; its quarters."""

    nom: str
    trimestres: tuple[Trimestre, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annonce:
    """A payment that the file expects, or the decision of the fund on one that we count. `patients`: of a lump sum a
    patient, whose amount then is not in the file.

    `debut`, `fin`: what it pays for; `du`, `au`: when it is paid. `codes`: of payment, as entity 261 gives them.
    """

    nature: Nature
    libelle: str
    montant: int | None
    patients: int | None
    debut: date
    fin: date
    du: date
    au: date
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cotisations:
    """What the share of social contributions is set on, in centimes (`fse.domain.incitation.contributions`).

    `honoraires`: `None` when those that the journal holds are to be taken; `forfaits_hors_retours`: duty forfaits that
    no return announced.
    """

    statut: Statut
    secteur: str
    honoraires: int | None
    forfaits_hors_retours: int
    plafond: int
    asv: int
    cotisation_maladie: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`annee`: the year of activity. `codes`: the payment codes of each nature, which no source of ours gives."""

    prestataire: str
    annee: int
    remuneration: Indicateurs | None
    teleservices: tuple[Teleservice, ...]
    option: Option | None
    codes: Mapping[Nature, frozenset[str]]
    annonces: tuple[Annonce, ...]
    cotisations: Cotisations | None


def read_declaration(contenu: bytes) -> Declaration:
    """What a file says. Raises `UsageError` (`incitation.indicateurs`), which says where."""
    top = read_document(contenu)
    annee = top.needed(top.entier, "annee")
    if annee not in _ANNEES:
        raise refusal(f"La clé « annee » est une année, de {_ANNEES[0]} à {_ANNEES[-1]}.", top.lieu)
    pay, option, dues, listed = (top.table(key) for key in ("remuneration", "option", "cotisations", "codes"))
    codes = {} if listed is None else _codes_by_nature(listed)
    read = Declaration(
        prestataire=top.needed(top.texte, "prestataire"),
        annee=annee,
        remuneration=None if pay is None else _pay(pay),
        teleservices=tuple(_teleservice(one) for one in top.tables("teleservices")),
        option=None if option is None else _option(option),
        codes=codes,
        annonces=tuple(_announced(one, annee, codes) for one in top.tables("versements")),
        cotisations=None if dues is None else _dues(dues),
    )
    top.close()
    return read


def _pay(table: Table) -> Indicateurs:
    nom = table.needed(lambda key: table.parmi(key, baremes()), "bareme")
    bareme = baremes()[nom]
    point = table.entier("valeur_point")
    if point is not None and bareme.point not in (None, point):
        raise refusal(f"La table « {nom} » donne déjà la valeur du point : {bareme.point} centimes.", table.lieu)
    indicateurs = dict(bareme.indicateurs)
    mesures: dict[str, Mesure] = {}
    for one in table.tables("indicateurs"):
        named = one.needed(one.texte, "nom")
        if named in mesures:
            raise refusal(f"L'indicateur « {named} » figure deux fois.", one.lieu)
        if bareme.ouvert:
            indicateurs[named] = _own(one, named, bareme)
        elif named not in indicateurs:
            known = ", ".join(indicateurs)
            action = f"Donner l'un de : {known}."
            raise refusal(f"La table « {nom} » n'a pas d'indicateur « {named} ».", one.lieu, action=action)
        mesures[named] = _measure(one, indicateurs[named])
        one.close()
    total = sum(one.points for one in indicateurs.values())
    if total > bareme.total:
        raise refusal(f"Les indicateurs font {total} points ; la table « {nom} » en a {bareme.total}.", table.lieu)
    patients = table.needed(table.entier, "patients")
    table.close()
    own = indicateurs if bareme.ouvert else None
    return Indicateurs(bareme=bareme, patients=patients, point=point, mesures=mesures, indicateurs=own)


def _own(one: Table, nom: str, bareme: BaremeRemuneration) -> Indicateur:
    """An indicator of an open table, as the file states it."""
    (volet,) = bareme.volets.values()
    minimum = one.entier("minimum") or 0
    unite = one.needed(lambda key: one.parmi(key, ("patients", "boites")), "unite_minimum") if minimum else ""
    return Indicateur(
        nom=nom,
        volet=volet.nom,
        libelle=one.needed(one.texte, "libelle"),
        points=one.needed(one.entier, "points"),
        genre=cast(Genre, one.needed(lambda key: one.parmi(key, get_args(Genre)), "genre")),
        pondere=volet.pondere,
        minimum=minimum,
        unite_minimum=cast(UniteMinimum, unite),
    )


def _measure(one: Table, indicateur: Indicateur) -> Mesure:
    if indicateur.genre == "oui-non":
        return Mesure(rempli=one.needed(one.oui_non, "rempli"))
    valeur, effectif = _level(one)
    if indicateur.genre == "hausse" and valeur is not None and valeur > _ENTIER:
        raise refusal(f"« {indicateur.nom} » dépasse 100 %.", one.lieu)
    intermediaire = _blank(one, "intermediaire", indicateur.intermediaire)
    cible = _blank(one, "cible", indicateur.cible)
    if not ordered(indicateur.genre, *_objectives(indicateur, intermediaire, cible)):
        raise refusal(f"L'objectif intermédiaire de « {indicateur.nom} » n'est pas avant sa cible.", one.lieu)
    return Mesure(
        valeur=valeur,
        effectif=effectif,
        initial=one.pour_cent("initial"),
        intermediaire=intermediaire,
        cible=cible,
    )


def _blank(one: Table, key: str, printed: Fraction | None) -> Fraction | None:
    """What a file says of an objective that its table may leave blank; it may not say another than the printed one."""
    told = one.pour_cent(key)
    if told is not None and printed not in (None, told):
        raise refusal(f"La table donne déjà « {key} » : {percent(printed / 100)}.", one.lieu)
    return told


def _objectives(
    indicateur: Indicateur, intermediaire: Fraction | None, cible: Fraction | None
) -> tuple[Fraction | None, Fraction | None]:
    """The intermediate objective and the target that serve: the printed ones, else those of the file."""
    return (
        intermediaire if indicateur.intermediaire is None else indicateur.intermediaire,
        cible if indicateur.cible is None else indicateur.cible,
    )


def _level(one: Table) -> tuple[Fraction | None, int]:
    """The level and on how many it is measured: counted (`numerateur` of `denominateur`), or as the fund states it."""
    number = one.entier("numerateur")
    if number is None:
        return one.needed(one.pour_cent, "mesure"), one.needed(one.entier, "effectif")
    among = one.needed(one.entier, "denominateur")
    return (Fraction(100 * number, among) if among else None), among


def _teleservice(one: Table) -> Teleservice:
    read = Teleservice(
        nom=one.needed(lambda key: one.parmi(key, TELESERVICES), "nom"),
        nombre=one.needed(one.entier, "nombre"),
        total=one.entier("total"),
    )
    if read.total is not None and read.nombre > read.total:
        raise refusal("« nombre » est plus grand que « total ».", one.lieu)
    one.close()
    return read


def _option(table: Table) -> Option:
    nom = table.needed(lambda key: table.parmi(key, OPTIONS), "nom")
    quarters: list[Trimestre] = []
    for one in table.tables("trimestres"):
        quarter = Trimestre(
            trimestre=_quarter(one),
            activite=cast(Activite, one.needed(_of(one, ACTIVITES[nom]), "activite")),
            sans_depassement=one.needed(one.entier, "sans_depassement"),
            total=one.needed(one.entier, "total"),
        )
        if quarter.sans_depassement > quarter.total:
            raise refusal("« sans_depassement » est plus grand que « total ».", one.lieu)
        if any((other.trimestre, other.activite) == (quarter.trimestre, quarter.activite) for other in quarters):
            raise refusal("Ce trimestre est donné deux fois pour cette activité.", one.lieu)
        one.close()
        quarters.append(quarter)
    table.close()
    return Option(nom=nom, trimestres=tuple(quarters))


def _of(table: Table, among: tuple[str, ...]) -> Callable[[str], str | None]:
    """Reads one of these texts."""
    return lambda key: table.parmi(key, among)


def _quarter(one: Table) -> int:
    number = one.needed(one.entier, "trimestre")
    if not 1 <= number <= _TRIMESTRES:
        raise refusal("« trimestre » va de 1 à 4.", one.lieu)
    return number


def _codes_by_nature(table: Table) -> dict[Nature, frozenset[str]]:
    natures = get_args(Nature)
    found = {cast(Nature, key): _codes(table, key) for key in table.cles() if key in natures}
    table.close()
    return found


def _codes(table: Table, key: str) -> frozenset[str]:
    codes = table.textes(key) or ()
    if not all(_CODE.fullmatch(one) for one in codes):
        raise refusal("Un code de paiement a de 1 à 5 capitales ou chiffres.", table.lieu)
    return frozenset(codes)


def _announced(one: Table, annee: int, codes: Mapping[Nature, frozenset[str]]) -> Annonce:
    nature = cast(Nature, one.needed(lambda key: one.parmi(key, get_args(Nature)), "nature"))
    patients = one.needed(one.entier, "patients") if nature == "ald" else None
    if nature == "ald":
        first = date(annee, 3 * _quarter(one) - 2, 1)
        debut, fin = first, add_months(first, 3) - timedelta(days=1)
        du, au = debut, fin
    else:
        debut, fin = _day(one, "debut"), _day(one, "fin")
        du, au = (_day(one, "verse_du") if "verse_du" in one.cles() else debut), _day(one, "verse_au")
    if not (debut <= fin and du <= au):
        raise refusal("Une période finit avant de commencer.", one.lieu)
    read = Annonce(
        nature=nature,
        libelle=one.texte("libelle") or "",
        montant=one.needed(one.entier, "montant") if nature in COMPTEES else one.entier("montant"),
        patients=patients,
        debut=debut,
        fin=fin,
        du=du,
        au=au,
        codes=_codes(one, "codes") or codes.get(nature, frozenset()),
    )
    one.close()
    return read


def _day(one: Table, key: str) -> date:
    found = one.needed(one.jour, key)
    if found.year not in _ANNEES:
        raise refusal(f"« {key} » est une date de {_ANNEES[0]} à {_ANNEES[-1]}.", one.lieu)
    return found


def _dues(table: Table) -> Cotisations:
    read = Cotisations(
        statut=cast(Statut, table.needed(lambda key: table.parmi(key, STATUTS), "statut")),
        secteur=table.needed(lambda key: table.parmi(key, SECTEURS), "secteur"),
        honoraires=table.entier("honoraires"),
        forfaits_hors_retours=table.entier("forfaits_hors_retours") or 0,
        plafond=table.needed(table.entier, "plafond"),
        asv=table.needed(table.entier, "asv"),
        cotisation_maladie=table.entier("cotisation_maladie"),
    )
    table.close()
    return read
