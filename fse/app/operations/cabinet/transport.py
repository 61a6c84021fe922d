"""What a practice may not say of how its files leave and its returns come: `[envoi]`, `[releve]`, the mail addresses.

Mail carries health data: every destination then has an address and at least one certificate to encrypt for.
"""

from __future__ import annotations

import re

from fse.app.operations.cabinet.description import Cabinet, Destination, Envoi, Releve

GENRES = ("courriel", "repertoire")

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")
_ACCOUNT = re.compile(r"[!-~]*")
_PORTS = range(1, 65536)


def transport_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the ways that a practice gives, in French."""
    problem = _addresses(cabinet)
    if problem is None and cabinet.envoi is not None:
        problem = _envoi(cabinet.envoi) or (_by_mail(cabinet) if cabinet.envoi.genre == "courriel" else None)
    if problem is None and cabinet.releve is not None:
        problem = _releve(cabinet.releve)
    return problem or _one_folder(cabinet)


def _envoi(envoi: Envoi) -> str | None:
    mail = {"serveur": envoi.serveur, "expediteur": envoi.expediteur}
    problem = _way("envoi", envoi, mail, {**mail, "compte": envoi.compte, "autorites": envoi.autorites})
    if problem or envoi.genre == "repertoire" or _ADDRESS.fullmatch(envoi.expediteur):
        return problem
    return f"Dans [envoi], expediteur n'est pas une adresse de courriel : {envoi.expediteur}."


def _releve(releve: Releve) -> str | None:
    mail = {"serveur": releve.serveur, "compte": releve.compte}
    problem = _way("releve", releve, mail, {**mail, "autorites": releve.autorites})
    if problem is None and "\0" in releve.cle:
        problem = "Dans [releve], cle est un chemin."
    return problem


def _way(name: str, way: Envoi | Releve, wanted: dict[str, str], of_mail: dict[str, str]) -> str | None:
    """`wanted`: what mail cannot do without; `of_mail`: what has a meaning for mail only."""
    if way.genre not in GENRES:
        return f"Dans [{name}], genre vaut {' ou '.join(GENRES)}."
    by_mail = way.genre == "courriel"
    missing = [key for key, value in (wanted if by_mail else {"dossier": way.dossier}).items() if not value.strip()]
    if missing:
        return f"Dans [{name}], {missing[0]} est attendu quand genre vaut {way.genre}."
    strange = [key for key, value in ({"dossier": way.dossier} if by_mail else of_mail).items() if value]
    if strange:
        return f"Dans [{name}], {strange[0]} ne va pas avec le genre {way.genre}."
    if any("\0" in path for path in (way.dossier, way.autorites)):
        return f"Dans [{name}], un chemin ne contient pas de caractère nul."
    if not by_mail:
        return None
    if not _HOST.fullmatch(way.serveur):
        return f"Dans [{name}], serveur est le nom d'un serveur, sans espace : {way.serveur}."
    if not _ACCOUNT.fullmatch(way.compte):
        return f"Dans [{name}], compte n'a ni espace ni accent."
    return None if way.port in _PORTS else f"Dans [{name}], port va de {_PORTS[0]} à {_PORTS[-1]}."


def _addresses(cabinet: Cabinet) -> str | None:
    """A file goes to a computing centre, so that all the lines that lead to it give the same address."""
    for rank, one in enumerate(cabinet.destinations, start=1):
        if one.adresse and not _ADDRESS.fullmatch(one.adresse):
            return f"Dans destinations n° {rank}, adresse n'est pas une adresse de courriel : {one.adresse}."
        if one.adresse != _centre(cabinet, one)[0].adresse:
            return f"Dans destinations n° {rank}, le centre {one.centre_informatique} a déjà une autre adresse."
    return None


def _by_mail(cabinet: Cabinet) -> str | None:
    for rank, one in enumerate(cabinet.destinations, start=1):
        if not one.adresse:
            return f"Dans destinations n° {rank}, adresse est attendue : [envoi] part par courriel."
        if not any(other.certificats for other in _centre(cabinet, one)):
            return (
                f"Dans destinations n° {rank}, certificats est attendu : [envoi] part par courriel, et des données de "
                "santé n'y partent que chiffrées."
            )
    return None


def _centre(cabinet: Cabinet, one: Destination) -> tuple[Destination, ...]:
    return cabinet.centres(one.type_destinataire, one.centre_informatique)


def _one_folder(cabinet: Cabinet) -> str | None:
    envoi, releve = cabinet.envoi, cabinet.releve
    if not (envoi and releve and envoi.dossier and releve.dossier):
        return None
    if (cabinet.folder / envoi.dossier).resolve() != (cabinet.folder / releve.dossier).resolve():
        return None
    return "[envoi] et [releve] ont le même dossier : ce qui part serait pris pour un retour."
