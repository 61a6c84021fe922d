"""What a practice may not say of itself: better refused when its description is read than at the visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fse.app.operations.cabinet.calendriers import calendar_problem
from fse.app.operations.cabinet.cartes import card_problem
from fse.app.operations.cabinet.comptes import account_problem
from fse.app.operations.cabinet.confiance import confiance_problem
from fse.app.operations.cabinet.description import DATABASE, Cabinet, Prestataire
from fse.app.operations.cabinet.exercice import practice_problem
from fse.app.operations.cabinet.nuit import night_problem
from fse.app.operations.cabinet.numeros import number_problem
from fse.app.operations.cabinet.personnes import people_problem
from fse.app.operations.cabinet.postes import range_problem
from fse.app.operations.cabinet.transport import transport_problem
from fse.base.errors import UsageError
from fse.base.identifiers import organisme
from fse.base.working_days import TERRITOIRES
from fse.domain.emission.rupture import FACTURES_MAX
from fse.norm.model import EnteteFichier, EnteteLot, ModelError
from fse.norm.referentiels.ngap.actes import PROFESSIONS
from fse.norm.referentiels.parametres import Regime

_ANY_DAY = date(2000, 1, 1)


def check(cabinet: Cabinet, path: Path) -> None:
    """Raises `UsageError` (`cabinet.flux_reel`, `cabinet.valeur`) on the first value that cannot be right."""
    if cabinet.marque not in ("T", "D"):
        raise UsageError(
            "cabinet.flux_reel",
            "Le marquage d'un cabinet est T (test) ou D (démonstration) : fse n'est pas un logiciel agréé "
            "et n'écrit aucun flux réel.",
            action='Écrire marque = "T" ou marque = "D".',
            lieu=str(path),
        )
    problem = (
        _prestataires(cabinet)
        or _destinations(cabinet)
        or _places(cabinet)
        or _settings(cabinet)
        or card_problem(cabinet)
        or range_problem(cabinet)
        or calendar_problem(cabinet)
        or confiance_problem(cabinet)
        or transport_problem(cabinet)
        or night_problem(cabinet)
        or account_problem(cabinet)
        or _mandats(cabinet)
        or _utilisateurs(cabinet)
        or _forclusions(cabinet)
        or practice_problem(cabinet)
        or people_problem(cabinet)
        or _written(cabinet)
    )
    if problem:
        raise refusal("cabinet.valeur", problem, path)


def refusal(code: str, message: str, path: Path) -> UsageError:
    """The error of a description."""
    return UsageError(
        code, message, action="Corriger ce fichier ; un exemple commenté accompagne la démonstration.", lieu=str(path)
    )


def _prestataires(cabinet: Cabinet) -> str | None:
    if not cabinet.prestataires:
        return "Au moins un prestataire est attendu."
    for one in cabinet.prestataires:
        problem = _prestataire(one)
        if problem:
            return problem
    return _twice("Un prestataire", [one.numero for one in cabinet.prestataires])


def _prestataire(one: Prestataire) -> str | None:
    problem = _number(one.numero)
    if problem:
        return problem
    if len(one.specialite) != 2 or not one.specialite.isdigit() or one.specialite == "00":
        return f"La spécialité de {one.numero} a deux chiffres, pas 00."
    if one.profession and one.profession not in PROFESSIONS:
        return f"La profession de {one.numero} est l'une de : {', '.join(PROFESSIONS)}."
    if one.territoire not in TERRITOIRES:
        return f"Le territoire de {one.numero} est l'un de : {', '.join(TERRITOIRES)}."
    return None if one.numeros in ("alloues", "fournis") else 'numeros vaut "alloues" ou "fournis".'


def _number(numero: str) -> str | None:
    problem = number_problem(numero)
    return f"Le numéro de prestataire {problem}" if problem else None


def _destinations(cabinet: Cabinet) -> str | None:
    for rank, one in enumerate(cabinet.destinations, start=1):
        problem = organisme.problem(one.regime, one.caisse, one.centre)
        if problem:
            return f"Dans destinations n° {rank}, {problem}."
    return _twice("Une destination", [(one.regime, one.caisse, one.centre) for one in cabinet.destinations])


def _places(cabinet: Cabinet) -> str | None:
    codes = [one.dossier for one in (cabinet.codes, cabinet.reseaux) if one is not None]
    if any("\0" in one for one in (cabinet.journal, *(one.cle for one in cabinet.prestataires), *codes)):
        return "Un chemin ne contient pas de caractère nul."
    if "://" in cabinet.journal and not cabinet.journal.startswith(DATABASE):
        return f"journal est un chemin, ou une adresse {DATABASE}serveur/base."
    return None


def _settings(cabinet: Cabinet) -> str | None:
    if not 1 <= cabinet.taille_lot <= FACTURES_MAX:
        return f"taille_lot va de 1 à {FACTURES_MAX}."
    if cabinet.delai_sans_retour < 0:
        return "delai_sans_retour est un nombre de jours."
    if cabinet.cotation.regime not in get_args(Regime):
        return f"Dans cotation, regime vaut {' ou '.join(get_args(Regime))}."
    try:
        ZoneInfo(cabinet.fuseau)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name of a folder, one too long for a file
        return f"Le fuseau {cabinet.fuseau} n'est pas connu."
    return None


def _mandats(cabinet: Cabinet) -> str | None:
    for rank, one in enumerate(cabinet.mandats, start=1):
        problem = _number(one.beneficiaire) or _named(cabinet, one.prestataires)
        if problem:
            return f"Dans mandats n° {rank} : {problem}"
        if not one.prestataires:
            return f"Dans mandats n° {rank} : au moins un prestataire est attendu."
        if one.beneficiaire in one.prestataires:
            return f"Dans mandats n° {rank} : {one.beneficiaire} n'a pas besoin d'être payé pour lui-même."
    couples = [(one.beneficiaire, numero) for one in cabinet.mandats for numero in one.prestataires]
    return _twice("Un mandat", couples)


def _utilisateurs(cabinet: Cabinet) -> str | None:
    for rank, one in enumerate(cabinet.utilisateurs, start=1):
        problem = _named(cabinet, one.praticiens) or (None if one.nom.strip() else "le nom est vide.")
        if problem:
            return f"Dans utilisateurs n° {rank} : {problem}"
    return _twice("Un utilisateur", [one.nom.casefold() for one in cabinet.utilisateurs])


def _named(cabinet: Cabinet, numeros: tuple[str, ...]) -> str | None:
    """What is wrong with numbers that name prestataires of the practice."""
    unknown = [numero for numero in numeros if cabinet.prestataire(numero) is None]
    if unknown:
        return f"{unknown[0]} n'est pas un des [[prestataires]]."
    return _twice("Un prestataire", numeros)


def _forclusions(cabinet: Cabinet) -> str | None:
    for rank, one in enumerate(cabinet.forclusions, start=1):
        if one.partie not in ("AMO", "AMC"):
            return f"Dans forclusions n° {rank} : partie vaut AMO ou AMC."
        if one.mois < 1:
            return f"Dans forclusions n° {rank} : mois est un nombre de mois, au moins 1."
        if not one.organisme.strip() or not one.source.strip():
            return f"Dans forclusions n° {rank} : organisme (« * » pour tous) et source ne sont pas vides."
    return _twice("Une forclusion", [(one.organisme, one.partie) for one in cabinet.forclusions])


def _twice(what: str, keys: Sequence[object]) -> str | None:
    return f"{what} figure deux fois." if len(set(keys)) != len(keys) else None


def _written(cabinet: Cabinet) -> str | None:
    """What the headers of lots and files will say must be writable."""
    try:
        for one in cabinet.destinations:
            EnteteFichier(
                type_emetteur=cabinet.emetteur.type,
                numero_emetteur=cabinet.emetteur.numero.zfill(14),
                type_destinataire=one.type_destinataire,
                numero_destinataire=one.centre_informatique,
                identifiant_fichier="000001",
                date_creation=_ANY_DAY,
            )
            for prestataire in cabinet.prestataires:
                EnteteLot(
                    prestataire=prestataire.numero,
                    nom_prestataire=prestataire.nom,
                    organisme_destinataire=one.organisme_destinataire,
                    numero_lot=1,
                    date_lot=_ANY_DAY,
                    certification=None,
                    marque=cabinet.marque,
                    type_facture=None,
                )
    except ModelError as error:
        return f"Une valeur ne pourra pas s'écrire : {error.message}"
    return None
